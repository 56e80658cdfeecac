"""Picture -> SVG that opens anywhere, alone or inside a page. Imports picture, theme, canvas, paint and paper.

Written through ElementTree, so every text and attribute is escaped. There is no style sheet: each shape says itself how
it looks, and so office programs and converters, which read few of the rules, show it as browsers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..picture import Picture
from ..theme import Strand, Theme
from ..typeset import Line
from .canvas import SHIFTED, Canvas, Pen, bend
from .geometry import Point, Rectangle, Route
from .metrics import SUB_SCALE
from .paint import paint
from .paper import Paper, placed


def svg_text(picture: Picture, theme: Theme) -> str:
    """The picture as one SVG element with title and description; the same input gives the same text."""
    return svg_on_paper(picture, theme, "natural")[0]


def svg_on_paper(picture: Picture, theme: Theme, size: str) -> tuple[str, Paper]:
    """The same fitted into one of `paper.SIZES`, and how it was fitted."""
    # The id is the picture's own, so two pictures on one page never share one.
    id = "pg-" + hashlib.sha256(repr((picture, theme, size)).encode()).hexdigest()[:8]
    canvas = SvgCanvas(theme, id, picture.title, picture.description)
    paint(picture, canvas)
    paper = placed(canvas.area, size, canvas.smallest)
    return canvas.text(paper), paper


class SvgCanvas(Canvas):
    """An SVG being drawn."""

    def __init__(self, theme: Theme, id: str, title: str, description: str) -> None:
        super().__init__(theme)
        named = {"aria-labelledby": f"{id}-title {id}-description", "font-family": theme.font, "fill": theme.ink}
        self.svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "id": id, "role": "img", **named})
        self.into = self.svg
        self._add("title", id=f"{id}-title").text = title
        self._add("desc", id=f"{id}-description").text = description
        self.paper = self._add("rect", fill=theme.paper)

    @contextmanager
    def group(self, tip: str) -> Iterator[None]:
        """A group of shapes with a tip that browsers show under the pointer."""
        outer = self.into
        self.into = self._add("g")
        self._add("title").text = tip
        yield
        self.into = outer

    def _box(self, area: Rectangle, fill: str, stroke: str, width: float, corner: float, opacity: float) -> None:
        shape = self._add("rect", x=area.x, y=area.y, width=area.width, height=area.height, fill=fill)
        if corner:
            self._set(shape, rx=corner)
        if stroke != "none":
            self._set(shape, stroke=stroke, stroke_width=width)
        if opacity < 1:
            self._set(shape, fill_opacity=opacity)

    def _line(self, route: Route, strand: Strand, width: float) -> None:
        first, *others = (f"{x:.1f} {y:.1f}" for x, y in route)
        path = f"M {first} {bend(route)} {', '.join(others)}"
        dash = strand.dash or "none"
        self._add("path", d=path, fill="none", stroke=strand.colour, stroke_width=width, stroke_dasharray=dash)

    def _polygon(self, corners: Sequence[Point], fill: str) -> None:
        self._add("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners), fill=fill)

    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None:
        text = self._add("text", x=at[0], y=at[1], font_size=pen.size, text_anchor=anchor)
        text.set("xml:space", "preserve")  # or spaces between two styles would be lost
        if pen.colour:
            self._set(text, fill=pen.colour)
        if pen.bold:
            self._set(text, font_weight="bold")
        lowered = 0.0
        for run in line:
            piece = SubElement(text, "tspan")
            piece.text = run.text
            if run.style == "italic":
                self._set(piece, font_style="italic")
            if colour := self.theme.of_style(run.style):
                self._set(piece, fill=colour)
            drop = SHIFTED.get(run.style, 0.0) * pen.size
            if drop:
                self._set(piece, font_size=pen.size * SUB_SCALE)
            if drop != lowered:
                self._set(piece, dy=drop - lowered)
            lowered = drop

    def text(self, paper: Paper) -> str:
        """The finished SVG on this piece of paper."""
        view = paper.view
        self.svg.set("viewBox", f"{view.x:.1f} {view.y:.1f} {view.width:.1f} {view.height:.1f}")
        self.svg.set("width", paper.width)
        self.svg.set("height", paper.height)
        self._set(self.paper, x=view.x, y=view.y, width=view.width, height=view.height)
        return ElementTree.tostring(self.svg, encoding="unicode") + "\n"

    def _add(self, tag: str, **attributes: str | float) -> Element:
        element = SubElement(self.into, tag)
        self._set(element, **attributes)
        return element

    @staticmethod
    def _set(element: Element, **attributes: str | float) -> None:
        """Attributes: numbers are written short, and `stroke_width` becomes `stroke-width`."""
        for key, value in attributes.items():
            written = value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
            element.set(key.replace("_", "-"), written)

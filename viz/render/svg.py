"""Picture -> SVG that opens anywhere, alone or inside a page. Imports picture, theme, canvas, paint and paper.

Every text and attribute is escaped in `_element` or just before. There is no style sheet: each shape says itself how it
looks, and so office programs and converters, which read few of the rules, show it as browsers do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from ..picture import Picture
from ..theme import Strand, Theme
from ..typeset import Line, Run
from .canvas import Canvas, Pen, bend, drops
from .geometry import Point, Rectangle, Route
from .metrics import SUB_SCALE, are_stacked
from .paint import paint
from .paper import Paper, placed

Look: TypeAlias = dict[str, str | float]
SPECIAL = re.compile(r'[&<>"\x00-\x1f]').search  # what has to be escaped; mostly there is none
DIGIT = 0.556  # ems that a digit is wide in the usual sans-serif fonts


def svg_text(picture: Picture, theme: Theme) -> str:
    """The picture as one SVG element with title and description; the same input gives the same text."""
    return svg_on_paper(picture, theme, "natural")[0]


def svg_on_paper(picture: Picture, theme: Theme, size: str) -> tuple[str, Paper]:
    """The same fitted into one of `paper.SIZES`, and how it was fitted."""
    # The id is the picture's own, so two pictures on one page never share one.
    id = "pg-" + hashlib.sha256(repr((picture, theme, size)).encode()).hexdigest()[:8]
    canvas = SvgCanvas(theme)
    paint(picture, canvas)
    paper = placed(canvas.area, size, canvas.smallest)
    return canvas.text(id, picture, paper), paper


class SvgCanvas(Canvas):
    """An SVG being drawn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.drawn: list[str] = []

    @contextmanager
    def group(self, tip: str) -> Iterator[None]:
        """A group of shapes with a tip that browsers show under the pointer."""
        self.drawn.append(f"<g><title>{escape(tip)}</title>")
        yield
        self.drawn.append("</g>")

    def _box(self, area: Rectangle, fill: str, stroke: str, width: float, corner: float, opacity: float) -> None:
        look: Look = {"x": area.x, "y": area.y, "width": area.width, "height": area.height, "fill": fill}
        if corner:
            look["rx"] = corner
        if stroke != "none":
            look |= {"stroke": stroke, "stroke-width": width}
        if opacity < 1:
            look["fill-opacity"] = opacity
        self.drawn.append(_element("rect", "", look))

    def _line(self, route: Route, strand: Strand, width: float) -> None:
        first, *others = (f"{x:.1f} {y:.1f}" for x, y in route)
        path = f"M {first} {bend(route)} {', '.join(others)}"
        look: Look = {"d": path, "fill": "none", "stroke": strand.colour, "stroke-width": width}
        if strand.dash:
            look["stroke-dasharray"] = strand.dash
        self.drawn.append(_element("path", "", look))

    def _polygon(self, corners: Sequence[Point], fill: str) -> None:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        self.drawn.append(_element("polygon", "", {"points": points, "fill": fill}))

    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None:
        look: Look = {"x": at[0], "y": at[1], "font-size": pen.size, "text-anchor": anchor}
        if pen.colour:
            look["fill"] = pen.colour
        if pen.bold:
            look["font-weight"] = "bold"
        if len(line) > 1:
            look["xml:space"] = "preserve"  # or spaces between two styles would be lost
        lowered, pieces = 0.0, []
        for place, (run, drop) in enumerate(zip(line, drops(line, pen.size), strict=True)):
            back = DIGIT * len(line[place - 1].text) * SUB_SCALE * pen.size if are_stacked(line, place - 1) else 0.0
            pieces.append(self._piece(run, pen.size, drop, (-back, drop - lowered)))
            lowered = drop
        self.drawn.append(_element("text", "".join(pieces), look))

    def _piece(self, run: Run, size: float, drop: float, step: Point) -> str:
        """One run of a text, moved by `step` from where the one before ends."""
        look: Look = {}
        if run.style == "italic":
            look["font-style"] = "italic"
        if colour := self.theme.of_style(run.style):
            look["fill"] = colour
        if drop:
            look["font-size"] = size * SUB_SCALE
        look |= {key: shift for key, shift in zip(("dx", "dy"), step, strict=True) if shift}
        text = escape(run.text) if SPECIAL(run.text) else run.text
        return _element("tspan", text, look) if look else text

    def text(self, id: str, picture: Picture, paper: Paper) -> str:
        """The finished SVG on this piece of paper, described for those who do not see it."""
        view = Rectangle(
            *(round(side, 1) for side in (paper.view.x, paper.view.y, paper.view.width, paper.view.height))
        )
        sheet: Look = {"x": view.x, "y": view.y, "width": view.width, "height": view.height, "fill": self.theme.paper}
        content = (
            _element("title", escape(picture.title), {"id": f"{id}-title"}),
            _element("desc", escape(picture.description), {"id": f"{id}-description"}),
            _element("rect", "", sheet),
            *self.drawn,
        )
        about: Look = {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": id,
            "role": "img",
            "direction": "ltr",  # or, on a page in Hebrew, texts would stand on the other side of where they begin
            "aria-labelledby": f"{id}-title {id}-description",
            "font-family": self.theme.font,
            "fill": self.theme.ink,
            "viewBox": f"{view.x:.1f} {view.y:.1f} {view.width:.1f} {view.height:.1f}",
            "width": paper.width,
            "height": paper.height,
        }
        return _element("svg", "".join(content), about) + "\n"


def _element(tag: str, content: str, look: Look) -> str:
    """An element around escaped content, with these attributes; numbers are written short."""
    written = "".join(
        [f" {key}={_quoted(value) if isinstance(value, str) else _short(value)}" for key, value in look.items()]
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def _quoted(value: str) -> str:
    return quoteattr(value) if SPECIAL(value) else f'"{value}"'


def _short(value: float) -> str:
    return f'"{value:.2f}"'.replace(".00", "")

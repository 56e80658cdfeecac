"""Canvas: an SVG being drawn, shape by shape and text by text. Imports theme, typeset, geometry and metrics.

Written through ElementTree, so every text and attribute is escaped.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..theme import Strand, Theme
from ..typeset import Line
from .geometry import Point, Rectangle, Route, around
from .metrics import SUB_SCALE, line_width

MARGIN = 20


class Canvas:
    """What is drawn later lies above what was drawn before; `extent` is the room that was used so far."""

    def __init__(self, theme: Theme, id: str, title: str, description: str) -> None:
        named = {"aria-labelledby": f"{id}-title {id}-description"}
        self.theme = theme
        self.svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "id": id, "role": "img", **named})
        self.add("title", id=f"{id}-title").text = title
        self.add("desc", id=f"{id}-description").text = description
        self.add("style").text = _style(theme, f"#{id}")
        self.paper = self.add("rect", fill=theme.paper)
        self.used: list[Rectangle] = []

    @property
    def extent(self) -> Rectangle:
        """The smallest rectangle around all that was drawn."""
        return around(self.used) if self.used else Rectangle(0, 0, 0, 0)

    def add(self, tag: str, parent: Element | None = None, **attributes: str | float) -> Element:
        """A new element; numbers are written short, and `stroke_width` becomes `stroke-width`."""
        written = {
            key.rstrip("_").replace("_", "-"): value
            if isinstance(value, str)
            else f"{value:.2f}".rstrip("0").rstrip(".")
            for key, value in attributes.items()
        }
        return SubElement(self.svg if parent is None else parent, tag, written)

    def group(self, tip: str) -> Element:
        """A group of shapes with a tip that browsers show under the pointer."""
        group = self.add("g")
        self.add("title", group).text = tip
        return group

    def box(self, area: Rectangle, parent: Element | None = None, **attributes: str | float) -> None:
        """A rectangle with round corners."""
        self.used.append(area)
        self.add("rect", parent, x=area.x, y=area.y, width=area.width, height=area.height, **attributes)

    def line(self, route: Route, strand: Strand, width: float, parent: Element | None = None) -> None:
        """A route of Bézier pieces, or a straight line from two points, in a strand's colour and dash."""
        xs, ys = zip(*route, strict=True)
        self.used.append(Rectangle(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
        first, *others = (f"{x:.1f} {y:.1f}" for x, y in route)
        path = f"M {first} {'C' if len(others) > 1 else 'L'} {', '.join(others)}"
        dash = strand.dash or "none"
        self.add("path", parent, d=path, fill="none", stroke=strand.colour, stroke_width=width, stroke_dasharray=dash)

    def write(
        self, line: Line, at: Point, size: float, anchor: str = "middle", parent: Element | None = None, **more: str
    ) -> None:
        """A typeset line whose baseline is at `at`; "start" anchors its left end there, "middle" its middle."""
        width = line_width(line, size)
        left = at[0] - (width / 2 if anchor == "middle" else 0)
        self.used.append(Rectangle(left, at[1] - size, width, 1.3 * size))
        text = self.add("text", parent, x=at[0], y=at[1], font_size=size, text_anchor=anchor, **more)
        text.set("xml:space", "preserve")  # or spaces between two styles would be lost
        lowered = 0.0
        for run in line:
            piece = self.add("tspan", text)
            piece.text = run.text
            if run.style in ("italic", "value", "gradient"):
                piece.set("class", run.style)
            drop = {"sub": 0.22, "sup": -0.34}.get(run.style, 0.0) * size
            if drop:
                piece.set("font-size", f"{size * SUB_SCALE:.2f}")
            if drop != lowered:
                piece.set("dy", f"{drop - lowered:.2f}")
            lowered = drop

    def text(self) -> str:
        """The finished SVG, as large as what was drawn and a margin."""
        area = self.extent.grown(MARGIN)
        self.svg.set("viewBox", f"{area.x:.1f} {area.y:.1f} {area.width:.1f} {area.height:.1f}")
        for key, value in (("width", area.width), ("height", area.height)):
            self.svg.set(key, f"{value:.1f}")
            self.paper.set(key, f"{value:.1f}")
        self.paper.set("x", f"{area.x:.1f}")
        self.paper.set("y", f"{area.y:.1f}")
        return ElementTree.tostring(self.svg, encoding="unicode") + "\n"


def _style(theme: Theme, me: str) -> str:
    """Rules that hold only inside this very picture, so that several fit on a page."""
    rules = {
        "text": f"font-family: {theme.font}; fill: {theme.ink}",
        ".italic": "font-style: italic",
        ".bold": "font-weight: bold",
        ".value": f"fill: {theme.value}",
        ".gradient": f"fill: {theme.gradient}",
        ".quiet": f"fill: {theme.quiet}",
        ".halo": f"stroke: {theme.paper}; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke",
    }
    return " ".join(f"{me} {what} {{ {how}; }}" for what, how in rules.items())

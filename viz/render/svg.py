"""Picture + Layout -> SVG that opens anywhere, alone or inside a page. Imports picture, theme, layout, curves, metrics.

Written through ElementTree, so every label is escaped. Each path is a line of its own, in its colour and its
dash; where paths share an arrow they run side by side.
"""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree

from ..picture import Arrow, Box, Frame, Legend, Picture
from ..theme import Theme
from ..typeset import Line, Run
from .curves import Ground, beside, point_at, shortened
from .layout import Layout, Point, Rectangle, layout
from .metrics import SUB_SCALE, line_width, text_width

MARGIN, FRAME_PADDING, STRAND_GAP, HEAD = 20, 14, 4.4, 8  # points

def svg_text(picture: Picture, theme: Theme) -> str:
    """The picture as one SVG element with title and description; the same input gives the same text."""
    return _Canvas(picture, theme, layout(picture, theme)).text()


class _Canvas:
    """One SVG in the making: what is drawn later lies above what was drawn before."""

    def __init__(self, picture: Picture, theme: Theme, placed: Layout) -> None:
        self.picture, self.theme, self.placed = picture, theme, placed
        self.id = "pg-" + hashlib.sha256(repr((picture, theme)).encode()).hexdigest()[:8]
        self.svg = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "id": self.id, "role": "img"})
        self.reach: list[Rectangle] = list(placed.boxes.values())

    def text(self) -> str:
        """Draw everything, then give the canvas the room that was used."""
        self.svg.set("aria-labelledby", f"{self.id}-title {self.id}-description")
        self._add(self.svg, "title", id=f"{self.id}-title").text = self.picture.title
        self._add(self.svg, "desc", id=f"{self.id}-description").text = self.picture.description
        self._add(self.svg, "style").text = self._style()
        paper = self._add(self.svg, "rect", fill=self.theme.paper)
        for frame in self.picture.frames:
            self._frame(frame)
        arrows = sorted(zip(self.picture.arrows, self.placed.routes, strict=True), key=lambda pair: len(pair[0].strands))
        for arrow, route in arrows:
            self._arrow(arrow, route)
        for box in self.picture.boxes:
            self._box(box, self.placed.boxes[box.id])
        self._labels(arrows)
        self._footer()
        self._fit(paper)
        return ElementTree.tostring(self.svg, encoding="unicode") + "\n"

    def _style(self) -> str:
        t, me = self.theme, f"#{self.id}"
        return (
            f"{me} text {{ font-family: {t.font}; fill: {t.ink}; }} "
            f"{me} .italic {{ font-style: italic; }} "
            f"{me} .value {{ fill: {t.value}; }} {me} .gradient {{ fill: {t.gradient}; }} {me} .quiet {{ fill: {t.quiet}; }} "
            f"{me} .halo {{ stroke: {t.paper}; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }}"
        )

    def _add(self, parent: ElementTree.Element, tag: str, **attributes: object) -> ElementTree.Element:
        """A new element; numbers are written short, and `stroke_width` becomes `stroke-width`."""
        written = {
            key.rstrip("_").replace("_", "-"): f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
            for key, value in attributes.items()
        }
        return ElementTree.SubElement(parent, tag, written)

    def _write(
        self, parent: ElementTree.Element, line: Line, at: Point, size: float, anchor: str = "middle", **attributes: object
    ) -> None:
        """Typeset text; its baseline is at `at`."""
        text = self._add(parent, "text", x=at[0], y=at[1], font_size=float(size), text_anchor=anchor, **attributes)
        text.set("xml:space", "preserve")  # or spaces between two styles would be lost
        lowered = 0.0
        for run in line:
            drop = 0.22 * size if run.style == "sub" else 0.0
            piece = self._add(text, "tspan")
            piece.text = run.text
            if run.style in ("italic", "value", "gradient"):
                piece.set("class", run.style)
            if run.style == "sub":
                piece.set("font-size", f"{size * SUB_SCALE:.2f}")
            if drop != lowered:
                piece.set("dy", f"{drop - lowered:.2f}")
            lowered = drop

    def _frame(self, frame: Frame) -> None:
        inside = [self.placed.boxes[box] for box in frame.boxes]
        left, top = min(r.x for r in inside) - FRAME_PADDING, min(r.y for r in inside) - FRAME_PADDING - self.theme.figure_size
        right, bottom = max(r.x + r.width for r in inside) + FRAME_PADDING, max(r.y + r.height for r in inside) + FRAME_PADDING
        area = Rectangle(left, top, right - left, bottom - top)
        self.reach.append(area)
        self._add(
            self.svg, "rect", x=area.x, y=area.y, width=area.width, height=area.height, rx=12,
            fill="none", stroke=self.theme.hairline,
        )  # fmt: skip
        at = (area.x + 9, area.y + self.theme.figure_size + 3)
        self._write(self.svg, (Run(frame.title),), at, self.theme.figure_size, "start", class_="quiet")

    def _arrow(self, arrow: Arrow, route: tuple[Point, ...]) -> None:
        group = self._add(self.svg, "g")
        self._add(group, "title").text = arrow.tip
        strands = [self.theme.strands[strand] for strand in arrow.strands]
        quiet = self.theme.hairline if arrow.ink == "faded" else self.theme.quiet
        line = shortened(route, HEAD - 1)
        for place, strand in enumerate(strands):
            aside = beside(line, (place - (len(strands) - 1) / 2) * STRAND_GAP)
            self._add(group, "path", d=_path(aside), fill="none", stroke=strand.colour, stroke_width=2.6, stroke_dasharray=strand.dash or "none")  # fmt: skip
        if not strands:
            self._add(group, "path", d=_path(line), fill="none", stroke=quiet, stroke_width=1.0)
        colour = strands[0].colour if len(strands) == 1 else self.theme.ink if strands else quiet
        self._add(group, "polygon", points=_head(route, 5.0 + 1.6 * len(strands) if strands else 3.4), fill=colour)

    def _box(self, box: Box, area: Rectangle) -> None:
        t = self.theme
        fill, stroke, width = {
            "plain": (t.paper, t.ink, 1.0),
            "faded": (t.paper, t.hairline, 1.0),
            "strong": (t.box_fill, t.ink, 1.8),
            "target": (t.target_fill, t.gradient, 2.4),
        }[box.ink]
        group = self._add(self.svg, "g")
        self._add(group, "title").text = box.tip
        self._add(
            group, "rect", x=area.x, y=area.y, width=area.width, height=area.height, rx=9,
            fill=fill, stroke=stroke, stroke_width=width,
        )  # fmt: skip
        centre, baseline = area.centre[0], area.y + 4 + t.name_size
        self._write(group, box.title, (centre, baseline), t.name_size)
        for text, kind in ((box.value, "value"), (box.gradient, "gradient")):
            if text:
                baseline += t.figure_size * 1.28
                self._write(group, (Run(text),), (centre, baseline), t.figure_size, class_=kind)

    def _labels(self, arrows: list[tuple[Arrow, tuple[Point, ...]]]) -> None:
        """The local derivatives beside their arrows, where they cover neither a box nor one another."""
        size, ground = self.theme.label_size, Ground()
        for area in self.placed.boxes.values():
            ground.cover(area)
        for _, route in arrows:
            ground.cross(route)
        for arrow, route in reversed(arrows):
            if not arrow.label:
                continue
            colours = {self.theme.strands[strand].colour for strand in arrow.strands}
            gap = 2.5 + STRAND_GAP * len(arrow.strands) / 2
            spot = ground.free_place(route, text_width(arrow.label, size), size, gap)
            ground.cover(spot)
            self.reach.append(spot)
            at = (spot.centre[0], spot.y + 0.84 * size)
            colour = colours.pop() if len(colours) == 1 else self.theme.ink if colours else self.theme.quiet
            self._write(self.svg, (Run(arrow.label),), at, size, class_="halo", style=f"fill: {colour}")

    def _footer(self) -> None:
        """The legend, then the key, below all that was drawn."""
        left = min(area.x for area in self.reach)
        # In a very wide picture the text below grows along, to be read at the same distance.
        scale = max(1.0, (max(area.x + area.width for area in self.reach) - left) / 1500)
        baseline = max(area.y + area.height for area in self.reach) + 34 * scale
        if self.picture.legend:
            baseline = self._legend(self.picture.legend, left, baseline, scale)
        if self.picture.key:
            size = self.theme.label_size * scale
            self._write(self.svg, self.picture.key, (left, baseline), size, "start", class_="quiet")
            self.reach.append(Rectangle(left, baseline - size, line_width(self.picture.key, size), size * 1.3))

    def _legend(self, legend: Legend, left: float, baseline: float, scale: float) -> float:
        size = self.theme.legend_size * scale
        step, swatch, names = size * 1.7, 2.4 * size, left + 3.1 * size
        over = max(line_width(row.over, size) for row in legend.rows)
        factors = names + over + 16
        products = factors + max(text_width(" × ".join(row.factors), size) for row in legend.rows) + 12
        self._write(self.svg, legend.title, (left, baseline), size, "start")
        for row in legend.rows:
            baseline += step
            strand = self.theme.strands[row.strand]
            d = _path([(left, baseline - 0.35 * size), (left + swatch, baseline - 0.35 * size)])
            self._add(self.svg, "path", d=d, stroke=strand.colour, stroke_width=2.6, stroke_dasharray=strand.dash or "none")
            ink = f"fill: {strand.colour}"
            self._write(self.svg, (*row.over, Run(":")), (names, baseline), size, "start", style=ink)
            self._write(self.svg, (Run(" × ".join(row.factors)),), (factors, baseline), size, "start", style=ink)
            self._write(self.svg, (Run(f"= {row.product}"),), (products, baseline), size, "start", style=ink)
        baseline += step
        bold = "font-weight: bold"
        self._write(self.svg, (Run("sum"),), (names, baseline), size, "start", style=bold)
        self._write(self.svg, (Run(f"= {legend.sum}"),), (products, baseline), size, "start", style=bold)
        if legend.rest:
            self._write(self.svg, (Run(legend.rest),), (factors, baseline), size, "start", class_="quiet")
        right = products + text_width(f"= {legend.sum}", size) * 1.1
        self.reach.append(Rectangle(left, baseline - size, right - left, size * 1.4))
        return baseline + step * 1.2

    def _fit(self, paper: ElementTree.Element) -> None:
        left, top = min(a.x for a in self.reach) - MARGIN, min(a.y for a in self.reach) - MARGIN
        width = max(a.x + a.width for a in self.reach) + MARGIN - left
        height = max(a.y + a.height for a in self.reach) + MARGIN - top
        self.svg.set("viewBox", f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}")
        self.svg.set("width", f"{width:.1f}")
        self.svg.set("height", f"{height:.1f}")
        for key, value in (("x", left), ("y", top), ("width", width), ("height", height)):
            paper.set(key, f"{value:.1f}")


def _path(points: list[Point]) -> str:
    """Bézier points, or just two points of a straight line, as SVG path data."""
    first, *others = (f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M {first} {'C' if len(others) > 1 else 'L'} {', '.join(others)}"


def _head(route: tuple[Point, ...], half: float) -> str:
    """The triangle at the end of a route."""
    (x, y), (ux, uy) = point_at(route, 1.0)
    base = (x - HEAD * ux, y - HEAD * uy)
    corners = ((x, y), (base[0] - half * uy, base[1] + half * ux), (base[0] + half * uy, base[1] - half * ux))
    return " ".join(f"{cx:.1f},{cy:.1f}" for cx, cy in corners)

"""Picture -> SVG that opens anywhere, alone or inside a page. Imports picture, canvas, geometry, labels and layout.

Each path is a line of its own, in its colour and its dash; where paths share an arrow they run side by side.
"""

from __future__ import annotations

import hashlib

from ..picture import Arrow, Box, Legend, Picture
from ..theme import Strand, Theme
from ..typeset import Run
from .canvas import Canvas
from .geometry import Rectangle, Route, around, beside, point_at, shortened
from .labels import Ground
from .layout import Layout, layout
from .metrics import line_width, text_width

FRAME_PADDING, STRAND_WIDTH, STRAND_GAP, HEAD, HEAT_ROOM, WIDEST = 14, 2.6, 4.4, 8, 66, 6
CAREFUL = 500  # arrows; of more than these no label could be read without coming near anyway


def svg_text(picture: Picture, theme: Theme) -> str:
    """The picture as one SVG element with title and description; the same input gives the same text."""
    placed = layout(picture, theme)
    # The id is the picture's own, so two pictures on one page never share one.
    id = "pg-" + hashlib.sha256(repr((picture, theme)).encode()).hexdigest()[:8]
    canvas = Canvas(theme, id, picture.title, picture.description)
    for frame in picture.frames:
        _frame(canvas, frame.title, around(placed.boxes[box] for box in frame.boxes))
    for arrow, route in _quiet_first(picture, placed):
        _arrow(canvas, arrow, route)
    for box in picture.boxes:
        _box(canvas, box, placed.boxes[box.id])
    _labels(canvas, picture, placed)
    _footer(canvas, picture)
    return canvas.text()


def _quiet_first(picture: Picture, placed: Layout) -> list[tuple[Arrow, Route]]:
    """The arrows with their routes, those that more paths use later, and so above the others."""
    return sorted(zip(picture.arrows, placed.routes, strict=True), key=lambda pair: len(pair[0].strands))


def _frame(canvas: Canvas, title: str, inside: Rectangle) -> None:
    size = canvas.theme.figure_size
    area = inside.grown(FRAME_PADDING, above=size)
    canvas.box(area, rx=12, fill="none", stroke=canvas.theme.hairline)
    canvas.write((Run(title),), (area.centre[0], area.y + size + 3), size, class_="quiet")


def _arrow(canvas: Canvas, arrow: Arrow, route: Route) -> None:
    theme, group = canvas.theme, canvas.group(arrow.tip)
    quiet = theme.hairline if arrow.ink == "faded" else theme.quiet
    strands = [theme.strands[strand] for strand in arrow.strands]
    line = shortened(route, HEAD - 1)
    for place, strand in enumerate(strands):
        aside = (place - (len(strands) - 1) / 2) * STRAND_GAP
        canvas.line(beside(line, aside), strand, STRAND_WIDTH, group)
    if not strands:
        canvas.line(line, Strand(quiet, "6 3" if arrow.share < 0 else ""), 1 + WIDEST * abs(arrow.share), group)
    colour = strands[0].colour if len(strands) == 1 else theme.ink if strands else quiet
    half = 5 + 1.6 * len(strands) if strands else 3.4 + 0.6 * WIDEST * abs(arrow.share)
    canvas.add(
        "polygon",
        group,
        points=_head(route, half),
        fill=colour,
    )


def _head(route: Route, half: float) -> str:
    """The corners of the triangle at the end of a route."""
    (x, y), (ux, uy) = point_at(route, 1)
    bx, by = x - HEAD * ux, y - HEAD * uy
    corners = ((x, y), (bx - half * uy, by + half * ux), (bx + half * uy, by - half * ux))
    return " ".join(f"{cx:.1f},{cy:.1f}" for cx, cy in corners)


def _box(canvas: Canvas, box: Box, area: Rectangle) -> None:
    theme, group = canvas.theme, canvas.group(box.tip)
    fill, stroke, width = theme.box(box.ink)
    canvas.box(area, group, rx=9, fill=fill, stroke=stroke, stroke_width=width)
    centre, baseline = area.centre[0], area.y + 4 + theme.name_size
    canvas.write(box.title, (centre, baseline), theme.name_size, parent=group)
    for text, kind in ((box.value, "value"), (box.gradient, "gradient")):
        if text:
            baseline += theme.figure_size * 1.28
            canvas.write((Run(text),), (centre, baseline), theme.figure_size, parent=group, class_=kind)


def _labels(canvas: Canvas, picture: Picture, placed: Layout) -> None:
    """The local derivatives beside their arrows, where they cover neither a box nor one another."""
    theme, size, ground = canvas.theme, canvas.theme.label_size, Ground(careful=len(picture.arrows) <= CAREFUL)
    for area in placed.boxes.values():
        ground.cover(area)
    for route in placed.routes:
        ground.cross(route)
    for arrow, route in reversed(_quiet_first(picture, placed)):
        if arrow.heat:
            _heat(canvas, arrow, route, ground)
        if not arrow.label or arrow.heat:
            continue
        # Beside wide lines and dashes, which have to be seen; upon a plain line, so that all see whose it is.
        thick = STRAND_GAP * len(arrow.strands) or WIDEST * abs(arrow.share)
        gap = 2.5 + thick / 2 if thick else None
        spot = ground.free_place(route, text_width(arrow.label, size), size, gap)
        ground.cover(spot)
        shared = theme.ink if arrow.strands else theme.quiet
        colour = theme.strands[arrow.strands[0]].colour if len(arrow.strands) == 1 else shared
        at = (spot.centre[0], spot.y + 0.84 * size)
        canvas.write((Run(arrow.label),), at, size, class_="halo", style=f"fill: {colour}")


def _heat(canvas: Canvas, arrow: Arrow, route: Route, ground: Ground) -> None:
    """The matrix upon the line, its label below."""
    theme, size = canvas.theme, canvas.theme.label_size
    rows, columns = len(arrow.heat), len(arrow.heat[0])
    side = min(11.0, max(2.0, HEAT_ROOM / max(rows, columns)))
    below = 1.3 * size  # and as much above, so that the middle of the matrix is on the line
    width, height = max(side * columns, text_width(arrow.label, size)), side * rows + 2 * below
    spot = ground.free_place(route, width, height, None)
    ground.cover(spot)
    group = canvas.group(arrow.tip)
    area = Rectangle(spot.centre[0] - side * columns / 2, spot.y + below, side * columns, side * rows)
    canvas.box(area, group, fill=theme.paper, stroke=theme.quiet, stroke_width=1.2)
    for i, row in enumerate(arrow.heat):
        for j, shade in enumerate(row):
            if shade:
                cell = Rectangle(area.x + j * side, area.y + i * side, side, side)
                colour = theme.positive if shade > 0 else theme.negative
                canvas.box(cell, group, fill=colour, fill_opacity=abs(shade))
    at = (spot.centre[0], area.bottom + 1.05 * size)
    canvas.write((Run(arrow.label),), at, size, class_="halo", style=f"fill: {theme.quiet}")


def _footer(canvas: Canvas, picture: Picture) -> None:
    """The legend, then the key, below all that was drawn."""
    drawn = canvas.extent
    # In a very wide picture the text below grows along, to be read from the same distance.
    scale = max(1.0, drawn.width / 1500)
    baseline = drawn.bottom + 34 * scale
    if picture.legend:
        baseline = _legend(canvas, picture.legend, drawn.x, baseline, canvas.theme.legend_size * scale)
    if picture.key:
        canvas.write(picture.key, (drawn.x, baseline), canvas.theme.label_size * scale, "start", class_="quiet")


def _legend(canvas: Canvas, legend: Legend, left: float, baseline: float, size: float) -> float:
    """The paths as a table: how each is drawn, what tells it apart, its factors, its product. Returns the next line."""
    products = [" × ".join(row.factors) for row in legend.rows]
    names = left + 3.1 * size
    factors = names + max(line_width(row.over, size) for row in legend.rows) + 1.2 * size
    results = (
        factors + max(*(text_width(product, size) for product in products), line_width(legend.note, size)) + 0.8 * size
    )
    canvas.write(legend.title, (left, baseline), size, "start")
    for row, product in zip(legend.rows, products, strict=True):
        baseline += 1.7 * size
        strand, middle = canvas.theme.strands[row.strand], baseline - 0.35 * size
        canvas.line([(left, middle), (left + 2.4 * size, middle)], strand, STRAND_WIDTH)
        for text, x in (
            ((*row.over, Run(":")), names),
            ((Run(product),), factors),
            ((Run(f"= {row.product}"),), results),
        ):
            canvas.write(text, (x, baseline), size, "start", style=f"fill: {strand.colour}")
    baseline += 1.7 * size
    canvas.write((Run("sum"),), (names, baseline), size, "start", class_="bold")
    canvas.write(legend.note, (factors, baseline), size, "start", class_="quiet")
    canvas.write((Run(f"= {legend.sum}"),), (results, baseline), size, "start", class_="bold")
    return baseline + 2 * size

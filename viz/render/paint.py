"""Picture -> shapes on any Canvas: what is drawn where, and in which ink. Imports canvas, fan, labels and layout.

Each path is a line of its own, in its colour and its dash; where paths share an arrow they run side by side.
"""

from __future__ import annotations

from dataclasses import replace
from math import copysign

from ..picture import Arrow, Box, Direction, Picture
from ..theme import Strand
from ..typeset import Run, formula
from .canvas import Canvas, Pen
from .fan import straight
from .footer import footer, headings
from .geometry import Point, Rectangle, Route, around, beside, point_at, shortened
from .labels import Ground
from .layout import Layout, layout
from .metrics import line_width

FRAME_PADDING, STRAND_WIDTH, STRAND_GAP, HEAD, HEAT_ROOM, WIDEST = 14, 2.6, 4.4, 8, 66, 6
CAREFUL = 500  # arrows; of more than these no label could be read without coming near anyway


def paint(picture: Picture, canvas: Canvas) -> None:
    """The whole picture: frames, arrows, boxes, labels, and below them what there is to say of it."""
    laid_out = _to_circles(picture, layout(picture, canvas.theme))
    for frame in picture.frames:
        _frame(canvas, frame.title, around(laid_out.boxes[box] for box in frame.boxes), picture.direction)
    for arrow, route in _quiet_first(picture, laid_out):
        _arrow(canvas, arrow, route)
    for box in picture.boxes:
        _box(canvas, box, laid_out.boxes[box.id])
    _labels(canvas, picture, laid_out)
    headings(canvas, picture, laid_out)
    footer(canvas, picture, laid_out)


def _to_circles(picture: Picture, laid_out: Layout) -> Layout:
    """The same with arrows to the next column that end at circles, not at the squares around them."""
    circles = {box.id for box in picture.boxes if box.shape == "round"}
    column = {box.id: box.column for box in picture.boxes}

    def end(box: str, point: Point) -> Point:
        if box not in circles:
            return point
        area = laid_out.boxes[box]
        (cx, cy), radius = area.centre, area.width / 2
        dx, dy = point[0] - cx, point[1] - cy
        if abs(dx) < abs(dy):  # from above or below
            return point[0], cy + copysign(max(0.0, radius**2 - dx**2) ** 0.5, dy)
        return cx + copysign(max(0.0, radius**2 - dy**2) ** 0.5, dx), point[1]

    def moved(arrow: Arrow, route: Route) -> Route:
        tail, head = column[arrow.tail], column[arrow.head]
        if tail is None or head != tail + 1 or not {arrow.tail, arrow.head} & circles:
            return route
        return straight(end(arrow.tail, route[0]), end(arrow.head, route[-1]))

    routes = tuple(moved(*pair) for pair in zip(picture.arrows, laid_out.routes, strict=True))
    return replace(laid_out, routes=routes)


def _quiet_first(picture: Picture, laid_out: Layout) -> list[tuple[Arrow, Route]]:
    """The arrows with their routes, those that more paths use later, and so above the others."""
    return sorted(zip(picture.arrows, laid_out.routes, strict=True), key=lambda pair: len(pair[0].strands))


def _frame(canvas: Canvas, title: str, inside: Rectangle, direction: Direction) -> None:
    """A line around some boxes; its title stands where no arrow enters."""
    pen = Pen(canvas.theme.figure_size, canvas.theme.quiet)
    down = direction == "down"
    area = inside.grown(FRAME_PADDING, above=0 if down else pen.size)
    canvas.box(area, corner=12, stroke=canvas.theme.hairline)
    if down:
        canvas.write((Run(title),), (area.right + 8, area.centre[1] + 0.35 * pen.size), pen, "start")
    else:
        canvas.write((Run(title),), (area.centre[0], area.y + pen.size + 3), pen)


def _arrow(canvas: Canvas, arrow: Arrow, route: Route) -> None:
    theme = canvas.theme
    quiet = theme.hairline if arrow.ink == "faded" else theme.quiet
    strands = [theme.strands[strand] for strand in arrow.strands]
    line = shortened(route, HEAD - 1)
    with canvas.group(arrow.tip):
        for place, strand in enumerate(strands):
            aside = (place - (len(strands) - 1) / 2) * STRAND_GAP
            canvas.line(beside(line, aside), strand, STRAND_WIDTH)
        if not strands:
            canvas.line(line, Strand(quiet, "6 3" if arrow.share < 0 else ""), 1 + WIDEST * abs(arrow.share))
        colour = strands[0].colour if len(strands) == 1 else theme.ink if strands else quiet
        half = 5 + 1.6 * len(strands) if strands else 3.4 + 0.6 * WIDEST * abs(arrow.share)
        canvas.polygon(_head(route, half), colour)


def _head(route: Route, half: float) -> list[Point]:
    """The corners of the triangle at the end of a route."""
    (x, y), (ux, uy) = point_at(route, 1)
    bx, by = x - HEAD * ux, y - HEAD * uy
    return [(x, y), (bx - half * uy, by + half * ux), (bx + half * uy, by - half * ux)]


def _box(canvas: Canvas, box: Box, area: Rectangle) -> None:
    theme = canvas.theme
    fill, stroke, width = theme.box(box.ink)
    lines = [(box.title, Pen(theme.name_size))]
    for text, colour in ((box.value, theme.value), (box.gradient, theme.gradient)):
        if text:
            lines.append(((Run(text),), Pen(theme.figure_size, colour)))
    lines += ((line, Pen(theme.figure_size)) for line in box.lines)
    with canvas.group(box.tip):
        if box.shape != "bare":
            corner = area.width / 2 if box.shape == "round" else 9
            canvas.box(area, fill=fill, stroke=stroke, width=width, corner=corner)
            if box.ink == "alarm":  # a second line, which needs no colour to be seen
                canvas.box(area.grown(3.5), stroke=stroke, width=1.2, corner=corner + 3)
        heights = [theme.name_size * 1.3, *(theme.figure_size * 1.28 for _ in lines[1:])]
        baseline = area.centre[1] - sum(heights) / 2 - theme.figure_size * 0.28
        for (line, pen), height in zip(lines, heights, strict=True):
            baseline += height
            canvas.write(line, (area.centre[0], baseline), pen)


def _labels(canvas: Canvas, picture: Picture, laid_out: Layout) -> None:
    """The local derivatives beside their arrows, where they cover neither a box nor one another."""
    theme, size, ground = canvas.theme, canvas.theme.label_size, Ground(careful=len(picture.arrows) <= CAREFUL)
    for area in laid_out.boxes.values():
        ground.cover(area)
    for route in laid_out.routes:
        ground.cross(route)
    for arrow, route in reversed(_quiet_first(picture, laid_out)):
        if arrow.heat:
            _heat(canvas, arrow, route, ground)
        if not arrow.label or arrow.heat:
            continue
        # Beside wide lines and dashes, which have to be seen; upon a plain line, so that all see whose it is.
        thick = STRAND_GAP * len(arrow.strands) or WIDEST * abs(arrow.share)
        gap = 2.5 + thick / 2 if thick else None
        spot = ground.free_place(route, line_width(formula(arrow.label), size), size, gap)
        ground.cover(spot)
        shared = theme.ink if arrow.strands else theme.quiet
        colour = theme.strands[arrow.strands[0]].colour if len(arrow.strands) == 1 else shared
        _label(canvas, arrow.label, spot.centre[0], spot.y + 0.84 * size, colour)


def _heat(canvas: Canvas, arrow: Arrow, route: Route, ground: Ground) -> None:
    """The matrix upon the line, its label below."""
    theme, size = canvas.theme, canvas.theme.label_size
    rows, columns = len(arrow.heat), len(arrow.heat[0])
    side = min(11.0, max(2.0, HEAT_ROOM / max(rows, columns)))
    below = 1.3 * size  # and as much above, so that the middle of the matrix is on the line
    width, height = max(side * columns, line_width(formula(arrow.label), size)), side * rows + 2 * below
    spot = ground.free_place(route, width, height, None)
    ground.cover(spot)
    area = Rectangle(spot.centre[0] - side * columns / 2, spot.y + below, side * columns, side * rows)
    with canvas.group(arrow.tip):
        canvas.box(area, fill=theme.paper, stroke=theme.quiet, width=1.2)
        for i, row in enumerate(arrow.heat):
            for j, shade in enumerate(row):
                if shade:
                    cell = Rectangle(area.x + j * side, area.y + i * side, side, side)
                    canvas.box(cell, fill=theme.positive if shade > 0 else theme.negative, opacity=abs(shade))
    _label(canvas, arrow.label, spot.centre[0], area.bottom + 1.05 * size, theme.quiet)


def _label(canvas: Canvas, text: str, x: float, baseline: float, colour: str) -> None:
    """A text on a piece of paper, through which the lines below it just show."""
    size, line = canvas.theme.label_size, formula(text)
    width = line_width(line, size)
    canvas.box(
        Rectangle(x - width / 2, baseline - 0.86 * size, width, 1.1 * size), fill=canvas.theme.paper, opacity=0.85
    )
    canvas.write(line, (x, baseline), Pen(size, colour))

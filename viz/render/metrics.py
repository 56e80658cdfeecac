"""How much room text takes and where columns stand, alike on every machine. Imports picture, theme and typeset."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..picture import Arrow, Box, Picture
from ..theme import Theme
from ..typeset import Line, formula

# Widths in ems of the wider of the usual sans-serif fonts, so that text fits whichever the reader has.
NARROW, WIDE = "iljtf.,:;|!'()[]{} ", "mwMWΣ∂×→−=+<>%@—"
SUB_SCALE, SCRIPTS = 0.8, {"sub", "sup"}
COLUMN_GAP, ROW_GAP, LABEL_GAP = 120, 22, 44  # points
CROWDED = 7  # labels in one gap that need more of it


@lru_cache(maxsize=10_000)
def text_width(text: str, size: float) -> float:
    """The room that `text` needs at this size, in the unit of `size`."""
    return size * sum(0.36 if c in NARROW else 0.86 if c in WIDE else 0.6 for c in text)


def line_width(line: Line, size: float) -> float:
    """The room that a typeset line needs; of a name with scripts above and below, one stands over the other."""
    widths = [text_width(run.text, size * (SUB_SCALE if run.style in SCRIPTS else 1)) for run in line]
    saved = (min(widths[place : place + 2]) for place in range(len(line) - 1) if are_stacked(line, place))
    return sum(widths) - sum(saved)


def are_stacked(line: Line, place: int) -> bool:
    """Whether this run and the next are what stands above a letter and what stands below it."""
    return 0 <= place < len(line) - 1 and {line[place].style, line[place + 1].style} == SCRIPTS


def sizes(picture: Picture, theme: Theme) -> dict[str, tuple[float, float]]:
    """Width and height of every box, by its id: what its lines need.

    Boxes of one column are equally wide; where columns lie across, from top to bottom, equally high.
    """
    down = picture.direction == "down"
    room = {box.id: _size(box, theme) for box in picture.boxes}
    most: dict[int | None, float] = {}
    for box in picture.boxes:
        most[box.column] = max(most.get(box.column, 0), room[box.id][down])
    for box in picture.boxes:
        if box.column is not None:
            (width, height), side = room[box.id], most[box.column]
            room[box.id] = (side, side) if box.shape == "round" else (width, side) if down else (side, height)
    return room


def grid(picture: Picture, theme: Theme) -> dict[str, tuple[float, float]]:
    """Centres, y upward, of boxes that stand in columns: columns and rows evenly apart. Empty without columns.

    Downward a column lies across, and its boxes are as far apart as the widest of them needs.
    """
    columns = {box.id: box.column for box in picture.boxes if box.column is not None}
    if len(columns) < len(picture.boxes):
        return {}
    room, down = sizes(picture, theme), picture.direction == "down"
    row_height = max((height for _, height in room.values()), default=0) + ROW_GAP
    depths = {column: room[id][down] for id, column in columns.items()}
    gaps = _gaps(picture, theme, columns)
    start, centre = 0.0, {}
    for column in sorted(depths):
        centre[column] = start + depths[column] / 2
        start += depths[column] + gaps.get(column, COLUMN_GAP)
    if not down:
        return {box.id: (centre[columns[box.id]], -box.row * row_height) for box in picture.boxes}
    widest: dict[int, float] = {}
    for id, column in columns.items():
        widest[column] = max(widest.get(column, 0), room[id][0] + ROW_GAP)
    return {box.id: (box.row * widest[columns[box.id]], -centre[columns[box.id]]) for box in picture.boxes}


def label_room(picture: Picture, theme: Theme, arrow: Arrow) -> float:
    """How far apart the boxes at the ends of an arrow must be for its label, in the direction of the picture."""
    if picture.direction == "down":
        return 0
    return line_width(formula(arrow.label), theme.label_size) + LABEL_GAP if arrow.label else 0


def _gaps(picture: Picture, theme: Theme, columns: Mapping[str, int]) -> dict[int, float]:
    """The room after each column, for the labels and the heat maps that stand there."""
    needed: dict[int, list[float]] = {}
    for arrow in picture.arrows:
        left, right = sorted((columns[arrow.tail], columns[arrow.head]))
        if right == left + 1:
            needed.setdefault(left, []).append(label_room(picture, theme, arrow))
    return {
        left: max(COLUMN_GAP * (1.4 if sum(map(bool, rooms)) > CROWDED else 1), *rooms)
        for left, rooms in needed.items()
    }


def _size(box: Box, theme: Theme) -> tuple[float, float]:
    widths = [line_width(box.title, theme.name_size)]
    widths += [text_width(text, theme.figure_size) for text in (box.value, box.gradient) if text]
    widths += [line_width(line, theme.figure_size) for line in box.lines]
    width, height = max(widths) + 16, theme.name_size * 1.3 + (len(widths) - 1) * theme.figure_size * 1.28 + 10
    return (max(width, height),) * 2 if box.shape == "round" else (width, height)

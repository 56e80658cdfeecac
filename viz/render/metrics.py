"""How much room text takes and where columns stand, alike on every machine. Imports picture, theme and typeset."""

from __future__ import annotations

from ..picture import Box, Picture
from ..theme import Theme
from ..typeset import Line

# Widths in ems of the wider of the usual sans-serif fonts, so that text fits whichever the reader has.
NARROW, WIDE = "iljtf.,:;|!'()[]{} ", "mwMWΣ∂×→−=+<>%@—"
SUB_SCALE = 0.72
COLUMN_GAP, ROW_GAP = 120, 22  # points


def text_width(text: str, size: float) -> float:
    """The room that `text` needs at this size, in the unit of `size`."""
    return size * sum(0.36 if c in NARROW else 0.86 if c in WIDE else 0.6 for c in text)


def line_width(line: Line, size: float) -> float:
    """The room that a typeset line needs."""
    return sum(text_width(run.text, size * (SUB_SCALE if run.style in ("sub", "sup") else 1)) for run in line)


def sizes(picture: Picture, theme: Theme) -> dict[str, tuple[float, float]]:
    """Width and height of every box, by its id: what its lines need; boxes of one column are equally wide."""
    needed = {box.id: _size(box, theme) for box in picture.boxes}
    widest: dict[int | None, float] = {}
    for box in picture.boxes:
        widest[box.column] = max(widest.get(box.column, 0), needed[box.id][0])
    return {
        box.id: (needed[box.id][0] if box.column is None else widest[box.column], needed[box.id][1])
        for box in picture.boxes
    }


def grid(picture: Picture, theme: Theme) -> dict[str, tuple[float, float]]:
    """Centres, y upward, of boxes that stand in columns: columns and rows evenly apart. Empty without columns."""
    columns = {box.id: box.column for box in picture.boxes if box.column is not None}
    if len(columns) < len(picture.boxes):
        return {}
    room = sizes(picture, theme)
    row_height = max((height for _, height in room.values()), default=0) + ROW_GAP
    widths = {column: room[id][0] for id, column in columns.items()}
    gap = COLUMN_GAP * (1.5 if any(arrow.heat for arrow in picture.arrows) else 1)
    left, centre = 0.0, {}
    for column in sorted(widths):
        centre[column] = left + widths[column] / 2
        left += widths[column] + gap
    return {box.id: (centre[columns[box.id]], -box.row * row_height) for box in picture.boxes}


def _size(box: Box, theme: Theme) -> tuple[float, float]:
    widths = [line_width(box.title, theme.name_size)]
    widths += [text_width(text, theme.figure_size) for text in (box.value, box.gradient) if text]
    height = theme.name_size * 1.3 + (len(widths) - 1) * theme.figure_size * 1.28
    return max(widths) + 16, height + 10

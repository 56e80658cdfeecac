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
    return size * sum(0.36 if c in NARROW else 0.86 if c in WIDE else 0.64 for c in text)


def line_width(line: Line, size: float) -> float:
    """The room that a typeset line needs."""
    return sum(text_width(run.text, size * (SUB_SCALE if run.style == "sub" else 1)) for run in line)


def box_size(box: Box, theme: Theme) -> tuple[float, float]:
    """Width and height of a box in points: as wide as its longest line, as high as its lines."""
    widths = [line_width(box.title, theme.name_size)]
    widths += [text_width(text, theme.figure_size) for text in (box.value, box.gradient) if text]
    height = theme.name_size * 1.3 + (len(widths) - 1) * theme.figure_size * 1.28
    return max(widths) + 16, height + 10


def grid(picture: Picture, theme: Theme) -> dict[str, tuple[float, float]]:
    """Centres, y upward, of boxes that stand in columns: columns and rows evenly apart. Empty without columns."""
    if not picture.boxes or any(box.column is None for box in picture.boxes):
        return {}
    sizes = {box.id: box_size(box, theme) for box in picture.boxes}
    row_height = max(height for _, height in sizes.values()) + ROW_GAP
    widths: dict[int, float] = {}
    for box in picture.boxes:
        widths[box.column or 0] = max(widths.get(box.column or 0, 0), sizes[box.id][0])
    left, centre = 0.0, {}
    for column in sorted(widths):
        centre[column] = left + widths[column] / 2
        left += widths[column] + COLUMN_GAP
    return {box.id: (centre[box.column or 0], -box.row * row_height) for box in picture.boxes}

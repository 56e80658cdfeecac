"""What is written around a drawing: headings above; panels, legend, key below. Imports canvas, layout and metrics."""

from __future__ import annotations

from ..picture import Legend, Panel, Picture
from ..theme import Strand
from ..typeset import SEPARATOR, Line, Run
from .canvas import Canvas, Pen
from .geometry import Point, Rectangle
from .layout import Layout
from .metrics import line_width, text_width

GAP, BETWEEN = 26, 0.9  # points between panels, ems between columns of one
NARROWEST = 560  # points, of a line of the key in a narrow picture
SWATCH = 2.6  # the width of a path in the legend


def headings(canvas: Canvas, picture: Picture, laid_out: Layout) -> None:
    """A line above each column that has one, or above the gap between two."""
    top, size = canvas.extent.y - 10, canvas.theme.figure_size
    for heading in picture.headings:
        at = (middle_of(heading.column, picture, laid_out), top)
        canvas.write(heading.text, at, Pen(size, canvas.theme.quiet))


def middle_of(column: float, picture: Picture, laid_out: Layout) -> float:
    """Where a column has its middle; 1.5 is between the columns 1 and 2."""
    centres = {box.column: laid_out.boxes[box.id].centre[0] for box in picture.boxes if box.column is not None}
    left, right = int(column), int(column) + 1
    if column == left or right not in centres:
        return centres[left]
    return centres[left] + (column - left) * (centres[right] - centres[left])


def footer(canvas: Canvas, picture: Picture, laid_out: Layout) -> None:
    """Panels, legend and key, below all that was drawn."""
    if picture.panels:
        _panels(canvas, picture, laid_out)
    drawn = canvas.extent
    # In a very wide picture the text below grows along, to be read from the same distance.
    scale = max(1.0, drawn.width / 1500)
    baseline = drawn.bottom + 34 * scale
    if picture.legend:
        baseline = _legend(canvas, picture.legend, drawn.x, baseline, canvas.theme.legend_size * scale)
    small = canvas.theme.label_size * scale
    note = [(Run(laid_out.note),)] if laid_out.note else []
    for line in [*_wrapped(picture.key, small, max(drawn.width, NARROWEST)), *note]:
        canvas.write(line, (drawn.x, baseline), Pen(small, canvas.theme.quiet), "start")
        baseline += 1.6 * small


def _wrapped(key: Line, size: float, width: float) -> list[Line]:
    """A key in lines of at most this width, as far as its parts allow."""
    lines: list[Line] = []
    start = 0
    for end in [*(place for place, run in enumerate(key) if run == SEPARATOR), len(key)]:
        part = key[start:end]
        start = end + 1
        if lines and line_width((*lines[-1], SEPARATOR, *part), size) <= width:
            lines[-1] = (*lines[-1], SEPARATOR, *part)
        elif part:
            lines.append(part)
    return lines


def _panels(canvas: Canvas, picture: Picture, laid_out: Layout) -> None:
    """The panels in a row, each below its column as far as those before it leave room."""
    size, drawn = canvas.theme.legend_size, canvas.extent
    left, top = drawn.x, drawn.bottom + 22
    for panel in picture.panels:
        widths = [max(line_width(row[j], size) for row in panel.rows) for j in range(len(panel.rows[0]))]
        inner = _across(widths, size)
        width = max(inner + (12 if panel.bracketed else 0), line_width(panel.title, size))
        if panel.column is not None:
            left = max(left, middle_of(panel.column, picture, laid_out) - width / 2)
        _panel(canvas, panel, Rectangle(left, top, width, 0), widths)
        left += width + GAP


def _panel(canvas: Canvas, panel: Panel, area: Rectangle, widths: list[float]) -> None:
    """One panel: its title, and its cells in columns as wide as the widest cell."""
    size, theme = canvas.theme.legend_size, canvas.theme
    canvas.write(panel.title, (area.centre[0], area.y + size), Pen(size))
    top, height = area.y + (1.75 * size if panel.title else 0), 1.6 * size
    left = area.centre[0] - _across(widths, size) / 2
    for i, row in enumerate(panel.rows):
        x = left
        for cell, width in zip(row, widths, strict=True):
            at, anchor = (x + width / 2, "middle") if panel.bracketed else (x, "start")
            canvas.write(cell, (at, top + (i + 0.78) * height), Pen(size), anchor)
            x += width + BETWEEN * size
    if panel.bracketed:
        bottom = top + height * len(panel.rows)
        for side, way in ((left - 6, 1), (left + _across(widths, size) + 6, -1)):
            for line in _bracket(side, top, bottom, 4 * way):
                canvas.line(line, Strand(theme.ink, ""), 1.2)


def _across(widths: list[float], size: float) -> float:
    """How wide columns of cells are together."""
    return sum(widths) + BETWEEN * size * (len(widths) - 1)


def _bracket(x: float, top: float, bottom: float, arm: float) -> list[list[Point]]:
    """The three strokes of a square bracket."""
    corners = [(x + arm, top), (x, top), (x, bottom), (x + arm, bottom)]
    return [[corners[k], corners[k + 1]] for k in range(3)]


def _legend(canvas: Canvas, legend: Legend, left: float, baseline: float, size: float) -> float:
    """The paths as a table: how each is drawn, what tells it apart, its factors, its product. Returns the next line."""
    products = [" × ".join(row.factors) for row in legend.rows]
    names = left + 3.1 * size
    factors = names + max(line_width(row.over, size) for row in legend.rows) + 1.2 * size
    results = (
        factors + max(*(text_width(product, size) for product in products), line_width(legend.note, size)) + 0.8 * size
    )

    def write(line: Line, x: float, colour: str = "", bold: bool = False) -> None:
        canvas.write(line, (x, baseline), Pen(size, colour, bold), "start")

    write(legend.title, left)
    for row, product in zip(legend.rows, products, strict=True):
        baseline += 1.7 * size
        strand, middle = canvas.theme.strands[row.strand], baseline - 0.35 * size
        canvas.line([(left, middle), (left + 2.4 * size, middle)], strand, SWATCH)
        write((*row.over, Run(":")), names, strand.colour)
        write((Run(product),), factors, strand.colour)
        write((Run(f"= {row.product}"),), results, strand.colour)
    baseline += 1.7 * size
    write((Run("sum"),), names, bold=True)
    write(legend.note, factors, canvas.theme.quiet)
    write((Run(f"= {legend.sum}"),), results, bold=True)
    return baseline + 2 * size

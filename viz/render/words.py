"""What is written around a picture, line by line, where a format has one place for it. Imports picture and typeset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..picture import Picture
from ..typeset import SEPARATOR, Line, Run


def words_around(picture: Picture) -> Iterator[tuple[Line, int | None]]:
    """Headings, panels, legend and key; with a line of the legend comes the number of the path that it speaks of."""
    if picture.headings:
        yield _joined((heading.text for heading in picture.headings), SEPARATOR), None
    for panel in picture.panels:
        for row in (panel.title, *(_joined(cells, Run("  ")) for cells in panel.rows)):
            yield row, None
    if picture.legend:
        yield picture.legend.title, None
        for path in picture.legend.rows:
            yield (*path.over, Run(f": {' × '.join(path.factors)} = {path.product}")), path.strand
        note = (Run("  "), *picture.legend.note) if picture.legend.note else ()
        yield (Run(f"sum = {picture.legend.sum}"), *note), None
    yield picture.key, None


def _joined(lines: Iterable[Line], between: Run) -> Line:
    return tuple(run for line in lines for run in (between, *line))[1:]

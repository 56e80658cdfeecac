"""One entry of a formula on arrays, written out in the entries that it comes of, in numbers too.

Imports formula, plain, readings.equations, readings.infix, readings.numpy and readings.text; NumPy.

A product of matrices is a sum here, term by term, as the scalar graph has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..formula import Formula, read
from ..plain import brief
from .equations import rows_named
from .infix import ATOM, SUM, Text, call, wrap
from .numpy import ARRAYS, result
from .text import TEXT

MOST = 8  # terms of a sum, beyond which its middle is left out


class Entry(NamedTuple):
    """What stands in one place: as entries of arrays, as scalars of the graph, in numbers, and its value."""

    arrays: Text
    scalars: Text
    numbers: Text
    value: float


class Grid(NamedTuple):
    """What a formula gives: how many rows and columns, and what stands in each place.

    `turned` says that it is another one transposed, `places` are the rows that the last argument of `into` says,
    none of them standing for all.
    """

    rows: int
    columns: int
    at: Callable[[int, int], Entry]
    turned: bool = False
    places: tuple[int, ...] = ()


def entry(formula: Formula, names: Mapping[str, Grid], row: int, column: int) -> Entry:
    """The entry in this row and column, rows and columns counted from 0; `names` has what the symbols are."""
    with np.errstate(all="ignore"):
        return _broadcast(read(formula, GRIDS, names), row, column)


def number(value: float) -> Entry:
    """A plain number in its place."""
    text = TEXT["number"](value)
    return Entry(text, text, text, value)


def written(value: float) -> Text:
    """A number of the run in a few digits; a negative one has parentheses among factors."""
    return Text(brief(value).replace("-", "−"), SUM if value < 0 else ATOM)


def _broadcast(grid: Grid, row: int, column: int) -> Entry:
    """What stands there, where a single row or column stands for all."""
    return grid.at(min(row, grid.rows - 1), min(column, grid.columns - 1))


def _same(value: Entry) -> Grid:
    return Grid(1, 1, lambda row, column: value)


NOTHING = number(0)  # where `into` puts nothing


def _joined(word: str, entries: Sequence[Entry]) -> Entry:
    """A word of numbers applied to entries."""
    if word == "+" and NOTHING in entries:
        return entries[entries.index(NOTHING) - 1]
    arrays, scalars, numbers = (TEXT[word](*(each[k] for each in entries)) for k in range(3))
    return Entry(arrays, scalars, _signed(numbers), float(ARRAYS[word](*(each.value for each in entries))))


def _signed(text: Text) -> Text:
    return Text(text.replace(" + −", " − "), text.strength)


def _sum(entries: Sequence[Entry]) -> Entry:
    """All of them added up; of many only the first and the last are written."""
    entries = [each for each in entries if each is not NOTHING]
    if len(entries) < 2:
        return entries[0] if entries else NOTHING
    cut = len(entries) > MOST
    shown = [*entries[: MOST // 2], *entries[-1:]] if cut else entries

    def text(k: int) -> Text:
        terms = [wrap(each[k], SUM) for each in shown]  # type: ignore[arg-type]  # the first three are texts
        if cut:
            terms.insert(-1, "…")
        return _signed(Text(" + ".join(terms), SUM))

    return Entry(text(0), text(1), text(2), float(np.sum([each.value for each in entries])))


def _elementwise(word: str) -> Callable[..., Grid]:
    def apply(*grids: Grid) -> Grid:
        rows, columns = max(grid.rows for grid in grids), max(grid.columns for grid in grids)
        return Grid(rows, columns, lambda r, c: _joined(word, [_broadcast(grid, r, c) for grid in grids]))

    return apply


def _product(left: Grid, right: Grid) -> Grid:
    """A product of matrices; behind a transposed one stands what arrived, which comes first in the sweep."""

    def at(row: int, column: int) -> Entry:
        pairs = [(left.at(row, k), right.at(k, column)) for k in range(left.columns)]
        return _sum([_joined("*", pair[::-1] if left.turned else pair) for pair in pairs])

    return Grid(left.rows, right.columns, at)


def _turned(grid: Grid) -> Grid:
    return Grid(grid.columns, grid.rows, lambda row, column: grid.at(column, row), turned=True)


def _over_rows(grid: Grid) -> Grid:
    return Grid(1, grid.columns, lambda row, column: _sum([grid.at(r, column) for r in range(grid.rows)]))


def _over_examples(grid: Grid) -> Grid:
    return Grid(grid.rows, 1, lambda row, column: _sum([grid.at(row, c) for c in range(grid.columns)]))


def _of_list(name: str) -> Callable[[Grid], Grid]:
    """A primitive of a list, which runs over the rows."""

    def at(grid: Grid, column: int) -> Entry:
        entries = [grid.at(row, column) for row in range(grid.rows)]
        arrays, scalars, numbers = (call(name)(*(each[k] for each in entries)) for k in range(3))
        return Entry(arrays, scalars, numbers, float(result(name, np.array([each.value for each in entries]))))

    return lambda grid: Grid(1, grid.columns, lambda row, column: at(grid, column))


def _stacked(*grids: Grid) -> Grid:
    owners = [(grid, row) for grid in grids for row in range(grid.rows)]
    columns = max(grid.columns for grid in grids)
    return Grid(len(owners), columns, lambda r, c: _broadcast(owners[r][0], owners[r][1], c))


def _into(grid: Grid, like: Grid, rows: Grid) -> Grid:
    """What is put into some rows; elsewhere there is nothing."""

    def at(row: int, column: int) -> Entry:
        places = rows.places or range(like.rows)
        return _sum([_broadcast(grid, k, column) for k, place in enumerate(places) if place == row])

    return Grid(like.rows, like.columns, at)


def _into_entries(grid: Grid, like: Grid, rows: Grid) -> Grid:
    """The same for entries of a matrix, counted row by row."""

    def at(row: int, column: int) -> Entry:
        places = rows.places or range(like.rows * like.columns)
        there = [k for k, place in enumerate(places) if place == row * like.columns + column]
        return _sum([_broadcast(grid, k // grid.columns, k % grid.columns) for k in there])

    return Grid(like.rows, like.columns, at)


def places(text: str) -> Grid:
    """The last argument of `into`."""
    return Grid(0, 0, lambda row, column: NOTHING, places=rows_named(text))


GRIDS: Mapping[str, Callable[..., Grid]] = {
    **{word: _elementwise(word) for word in {*TEXT} & {*ARRAYS}},
    "number": lambda value: _same(number(value)),
    "@": _product,
    "T": _turned,
    "total": _over_rows,
    "over rows": _over_rows,
    "over examples": _over_examples,
    "over entries": lambda grid: _over_examples(_over_rows(grid)),
    **{word: _of_list(name) for word, name in {"largest": "max", "smallest": "min"}.items()},
    **{name: _of_list(name) for name in ("max", "min", "logsumexp")},
    "stack": _stacked,
    "spread": lambda grid, like: Grid(like.rows, like.columns, lambda r, c: _broadcast(grid, r, c)),
    "into": _into,
    "into entries": _into_entries,
}

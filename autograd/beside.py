"""The scalar graph beside the arrays: which node stands in which entry, and one entry as the sweep has it.

Imports adjoints, arrays, extents, formula, graph, members, readings.entries, readings.program and scalars; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .adjoints import EXAMPLES, Sweep
from .arrays import Array, Plan
from .errors import NotInGraph, WrongShape, is_node, shorten
from .extents import is_elementwise, symbols_in
from .formula import Formula
from .graph import describe
from .members import Members
from .readings.entries import Entry, Grid, entry, written
from .readings.program import source
from .scalars import Scalar

LONGEST = 24  # rows of the table that are printed


class Place(NamedTuple):
    """One entry of an array, "W1[0, 1]", the scalar that stands there, "w₁₁₂", and its value."""

    entry: str
    scalar: str
    value: float


class Written(NamedTuple):
    """One entry of what a statement gives: the statement, and the entry in arrays, in scalars and in numbers.

    `says` are sentences on what the sums in it run over, `reads` the entries that it is made of, each once, in order.
    """

    statement: str
    place: Place
    arrays: str
    scalars: str
    numbers: str
    says: tuple[str, ...]
    reads: tuple[Place, ...]

    def __str__(self) -> str:
        wide = max(len(self.place.entry), len(self.place.scalar))
        lines = [(self.place.entry, self.arrays), (self.place.scalar, self.scalars), ("", self.numbers)]
        lines += [("", f"{written(self.place.value)}")] if self.numbers != written(self.place.value) else []
        equations = [f"    {left:<{wide}} = {right}" for left, right in lines]
        return "\n".join([self.statement, *equations, *(f"    {sentence}" for sentence in self.says)])


class Beside:
    """What `Program.beside` gives: an array's entries beside the scalars, and one entry written out.

    Of what varies `places` has one column, that of the entry. `str()` is a text for a terminal.
    """

    def __init__(self, sweep: Sweep, scalars: Members, which: Any, at: tuple[int, int] | None) -> None:
        self._sweep, self._scalars = sweep, scalars
        self._array, place = _found(sweep.plan, scalars, which)
        self._grid = scalars[self._array.name]
        self.array, self.shape = self._array.name, (self._grid.rows, self._grid.columns)
        rows, columns = self.shape
        row, column = self._at = at or ((place, 0) if self._array.varies else divmod(place, columns))
        if not (0 <= row < rows and 0 <= column < columns):
            raise WrongShape(
                f"beside: {self.array} has no entry [{row}, {column}]; it is {rows} × {columns}, counted from 0"
            )

    def also(self, which: Any, at: tuple[int, int] | None = None) -> Beside:
        """Another entry, or another array, in the numbers of the same run. Raises what `Program.beside` does."""
        return Beside(self._sweep, self._scalars, which, at)

    @property
    def place(self) -> Place:
        """The entry that is written out."""
        return _place(self._grid.at(*self._at))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The entries with their scalars, row by row."""
        rows, columns = self.shape
        shown = [self._at[1]] if self._array.varies else range(columns)
        return tuple(_place(self._grid.at(row, column)) for row in range(rows) for column in shown)

    @cached_property
    def forward(self) -> Written | None:
        """How the entry is computed; None for what is given."""
        return _written(self._scalars, self.array, self._array.formula, *self._at)

    @cached_property
    def backward(self) -> Written | None:
        """What arrives there; None for what no parameter leads to."""
        arrived = self._sweep.arrived.get(self.array)
        return _written(self._scalars, _called(self._sweep, self._array, arrived), arrived, *self._at)

    def __str__(self) -> str:
        wide = [max(map(len, texts)) for texts in zip(*(place[:2] for place in self.places), strict=True)]
        lines = [
            f"    {place.entry:<{wide[0]}}   {place.scalar:<{wide[1]}}   {written(place.value)}"
            for place in self.places[:LONGEST]
        ]
        if more := len(self.places) - len(lines):
            lines.append(f"    … and {more} more")
        head = f"{self.array}, {self.shape[0]} × {self.shape[1]}{'' if self.forward else ', given'}"
        return "\n".join([head, *lines, *(str(part) for part in (self.forward, self.backward) if part)])

    def __repr__(self) -> str:
        return str(self)


def beside(
    plan: Plan, sweep: Sweep, arrays: Mapping[str, NDArray[np.float64]], which: Any, at: tuple[int, int] | None
) -> Beside:
    """An array by its name or by one of its nodes, with these numbers in all arrays, and the entry `at` written out.

    Raises NotInGraph for what no array has, WrongShape for an entry that is not there.
    """
    return Beside(sweep, Members(plan, sweep, arrays), which, at)


def _found(plan: Plan, scalars: Members, which: Any) -> tuple[Array, int]:
    """The array that is asked for, or that a node stands in, and where."""
    by_name = {array.name: array for array in plan.arrays}
    if isinstance(which, str) and (found := by_name.get(which) or by_name.get(which.removeprefix("d"))):
        return found, 0
    for array in plan.arrays:
        for place, member in enumerate(array.members):
            if isinstance(which, str) and scalars.called(member, array, place) == which:
                return array, place
            if isinstance(member, Scalar) and member.node is which:
                return array, place
    said = which if isinstance(which, str) else describe(which) if is_node(which) else shorten(which)
    raise NotInGraph(f"beside: {said} stands in no array of this program; it has {', '.join(by_name)}")


def _called(sweep: Sweep, array: Array, arrived: Formula | None) -> str:
    """The statement that has what arrived, dA1_1 where dA1 has a part of it; dA1 also where none has it."""
    stated = (each.name for each in sweep.statements if each.members is array.members and each.formula == arrived)
    return next(stated, f"d{array.name}")


def _place(found: Entry) -> Place:
    return Place(found.arrays, found.scalars, found.value)


def _written(scalars: Members, name: str, formula: Formula | None, row: int, column: int) -> Written | None:
    """An entry of what a formula gives."""
    if formula is None:
        return None
    reads: dict[str, Place] = {}

    def noted(grid: Grid) -> Grid:
        def at(row: int, column: int) -> Entry:
            found = grid.at(row, column)
            reads.setdefault(found.arrays, _place(found))
            return found

        return grid._replace(at=at)

    grids = {symbol: scalars[symbol] for symbol in symbols_in(formula)}
    grids = {symbol: grid if symbol == EXAMPLES.word else noted(grid) for symbol, grid in grids.items()}
    left, right = scalars[name].at(row, column), entry(formula, grids, row, column)
    place = Place(left.arrays, left.scalars, right.value)
    statement, says = f"{name} = {source(formula)}", tuple(_said(formula, grids, row, column))
    return Written(statement, place, right.arrays, right.scalars, right.numbers, says, tuple(reads.values()))


def _said(formula: Formula, grids: Mapping[str, Grid], row: int, column: int) -> Iterator[str]:
    """What the sums in an entry run over, and why a matrix is transposed there."""
    if formula.word == "@":
        left, right = formula.args
        if left.word == "T":
            W, runs = source(left.args[0]), _runs(left.args[0], grids, down=True)
            yield f"{runs} down {W}[:, {row}], a column of {W}, so a row of {W}.T: hence the transpose."
        elif right.word == "T":
            A, runs = source(right.args[0]), _runs(right.args[0], grids)
            yield f"{runs} over the examples, along {source(left)}[{row}] and {A}[{column}]."
            yield f"{A}[{column}] is a row of {A}, so a column of {A}.T: hence the transpose."
        else:
            yield f"{_runs(left, grids)} along {source(left)}[{row}] and down {source(right)}[:, {column}]."
    elif formula.word == "over examples":
        yield f"{_runs(formula.args[0], grids)} over the examples, which all read the same number."
    elif formula.args and not is_elementwise(formula):
        for argument in formula.args:
            yield from _said(argument, grids, row, column)
    if formula.word == "/" and formula.args[1] == EXAMPLES:
        yield "The cost is the mean over the m examples: hence the division."


def _runs(over: Formula, grids: Mapping[str, Grid], down: bool = False) -> str:
    """How a sentence on a sum along the rows of a formula begins, or down its columns."""
    found = [grids[symbol] for symbol in symbols_in(over)]
    terms = max(grid.rows if down else grid.columns for grid in found)
    return "The sum, here of one term, runs" if terms == 1 else "The sum runs"

"""The scalar graph beside the arrays: which node stands in which entry, and one entry as the sweep has it.

Imports adjoints, arrays, extents, formula, graph, members, readings.entries, readings.program and scalars; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .adjoints import EXAMPLES, Sweep
from .arrays import Array, Plan
from .errors import NotInGraph, WrongShape, is_node, shorten
from .extents import is_elementwise
from .formula import Formula
from .graph import describe
from .members import Members
from .readings.entries import entry, written
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

    `says` are sentences on what the sums in it run over.
    """

    statement: str
    place: Place
    arrays: str
    scalars: str
    numbers: str
    says: tuple[str, ...]

    def __str__(self) -> str:
        wide = max(len(self.place.entry), len(self.place.scalar))
        lines = [(self.place.entry, self.arrays), (self.place.scalar, self.scalars), ("", self.numbers)]
        lines += [("", f"{written(self.place.value)}")] if self.numbers != written(self.place.value) else []
        equations = [f"    {left:<{wide}} = {right}" for left, right in lines]
        return "\n".join([self.statement, *equations, *(f"    {sentence}" for sentence in self.says)])


class Beside(NamedTuple):
    """What `Program.beside` gives: an array's entries beside the scalars, and one entry written out.

    `forward` is how the entry is computed, `backward` what arrives there; None for what is given, or what no
    parameter leads to. `str()` is a text for a terminal.
    """

    array: str
    shape: tuple[int, int]
    places: tuple[Place, ...]
    forward: Written | None
    backward: Written | None

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
    scalars = Members(plan, sweep, arrays)
    array, place = _found(plan, scalars, which)
    rows, columns = array.shape[0], scalars.examples(array) if array.varies else array.shape[1]
    row, column = at or ((place, 0) if array.varies else divmod(place, columns))
    if not (0 <= row < rows and 0 <= column < columns):
        raise WrongShape(
            f"beside: {array.name} has no entry [{row}, {column}]; it is {rows} × {columns}, counted from 0"
        )
    grid = scalars[array.name]
    here = [(r, column) for r in range(rows)] if array.varies else [(r, c) for r in range(rows) for c in range(columns)]
    listed = tuple(Place(e.arrays, e.scalars, e.value) for e in (grid.at(*each) for each in here))
    return Beside(
        array.name,
        (rows, columns),
        listed,
        _written(scalars, array.name, array.formula, row, column),
        _written(scalars, f"d{array.name}", sweep.arrived.get(array.name), row, column),
    )


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


def _written(scalars: Members, name: str, formula: Formula | None, row: int, column: int) -> Written | None:
    """An entry of what a formula gives."""
    if formula is None:
        return None
    left, right = scalars[name].at(row, column), entry(formula, scalars, row, column)
    place = Place(left.arrays, left.scalars, right.value)
    statement = f"{name} = {source(formula)}"
    return Written(statement, place, right.arrays, right.scalars, right.numbers, tuple(_said(formula, row, column)))


def _said(formula: Formula, row: int, column: int) -> Iterator[str]:
    """What the sums in an entry run over, and why a matrix is transposed there."""
    if formula.word == "@":
        left, right = formula.args
        if left.word == "T":
            W = source(left.args[0])
            yield f"The sum runs down {W}[:, {row}], a column of {W}, so a row of {W}.T: hence the transpose."
        elif right.word == "T":
            A = source(right.args[0])
            yield f"The sum runs over the examples, along {source(left)}[{row}] and {A}[{column}]."
            yield f"{A}[{column}] is a row of {A}, so a column of {A}.T: hence the transpose."
        else:
            yield f"The sum runs along {source(left)}[{row}] and down {source(right)}[:, {column}]."
    elif formula.word == "over examples":
        yield "The sum runs over the examples, which all read the same number."
    elif formula.args and not is_elementwise(formula):
        for argument in formula.args:
            yield from _said(argument, row, column)
    if formula.word == "/" and formula.args[1] == EXAMPLES:
        yield "The cost is the mean over the m examples: hence the division."

"""Which scalar stands in which entry of a program's arrays, under which name, and its number in a run.

Imports adjoints, arrays, graph, nicknames, readings.entries, readings.infix and scalars; NumPy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .adjoints import EXAMPLES, Sweep
from .arrays import Array, Part, Plan
from .graph import Graph, derivative_name
from .nicknames import nicknames
from .readings.entries import Entry, Grid, number, places, written
from .readings.infix import ATOM, POWER, Text
from .scalars import ACROSS, WEIGHTED, Scalar

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Members(dict[str, Grid]):
    """What symbols are, in entries: arrays, their parts, what statements give, and how many examples there are."""

    def __init__(self, plan: Plan, sweep: Sweep, arrays: Mapping[str, NDArray[np.float64]]) -> None:
        self.plan, self.arrays = plan, arrays
        inside = _all_scalars(plan)
        self.weighted = {scalar.node for scalar in inside if scalar.op is WEIGHTED}
        loss = plan.loss.members[0]
        self.names: dict[Any, str] = {**nicknames(Graph(loss.node), "v")} if isinstance(loss, Scalar) else {}
        self.terms: dict[int, list[str]] = {}  # what each example of a batch adds to the loss
        for term in (scalar.operands[0] for scalar in inside if scalar.op is ACROSS):
            self.terms.setdefault(term.varies, []).append(self.names[term.node])
        for array in plan.arrays:
            self[array.name] = self._grid(array)
        for statement in sweep.statements:
            self[statement.name] = self._grid(statement)
        for array in plan.arrays:
            self.setdefault(f"d{array.name}", self._grid(array._replace(name=f"d{array.name}")))
        for text, part in plan.parts.items():
            self[text] = self._part(part)

    def __missing__(self, symbol: str) -> Grid:
        if symbol == EXAMPLES.word:
            m = max([1, *(self.examples(array) for array in self.plan.given if array.varies)])
            return Grid(1, 1, lambda row, column: number(m)._replace(arrays=Text("m"), scalars=Text("m")))
        if rows := re.fullmatch(r"(.*)\[(\d+):(\d+)\]", symbol):
            whole, start = self[rows[1]], int(rows[2])
            return Grid(int(rows[3]) - start, whole.columns, lambda row, column: whole.at(start + row, column))
        return places(symbol)

    def examples(self, array: Array) -> int:
        """How many columns what varies as this array does has."""
        like = next(each for each in self.plan.given if each.varies == array.varies)
        return int(self.arrays[like.name].shape[1])

    def called(self, member: Any, array: Array, place: int) -> str:
        """The scalar's name; what a chain of additions adds up beside its products has none but its place."""
        if not isinstance(member, Scalar):
            return str(number(member).scalars)
        name = self.names.get(member.node, "")
        if member.op is ACROSS:
            return f"Σ {name}"
        if not name or (member.node in self.weighted and member.op is not WEIGHTED):
            return f"{array.name}[{place}]"
        return name

    def _grid(self, array: Array) -> Grid:
        columns = self.examples(array) if array.varies else array.shape[1]
        return Grid(array.shape[0], columns, lambda row, column: self._entry(array, row, column, columns))

    def _entry(self, array: Array, row: int, column: int, columns: int) -> Entry:
        place = row if array.varies else row * columns + column
        own = array.name.removeprefix("d")
        name = self.called(array.members[place], array, place)
        if array.name != own:
            name = derivative_name(self._differentiated(array), name)
        if array.varies and columns > 1:
            name += f"⁽{str(column + 1).translate(RAISED)}⁾"
        value = float("nan")
        if array.name in self.arrays:
            numbers = self.arrays[array.name]
            value = float(numbers[min(row, numbers.shape[0] - 1), min(column, numbers.shape[1] - 1)])
        scalar = Text(name, ATOM if name.isalnum() else POWER)
        return Entry(Text(f"{array.name}[{row}, {column}]"), scalar, written(value), value)

    def _differentiated(self, array: Array) -> str:
        """What derivatives by this array are derivatives of: one example's loss, or the mean J of all."""
        loss = self.plan.loss
        if loss.varies and not array.varies:
            return "J"
        terms = sorted(self.terms.get(array.varies, [self.called(loss.members[0], loss, 0)]))
        return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"

    def _part(self, part: Part) -> Grid:
        """Some scalars of an array, as rows or in another shape."""
        array, (rows, columns) = part.array, part.shape
        whole = self[array.name]
        if part.rows is None and part.shape == array.shape:
            return whole
        taken = range(len(array.members))[part.rows] if isinstance(part.rows, slice) else part.rows

        def at(row: int, column: int) -> Entry:
            if array.varies:
                return whole.at(taken[row] if taken else row, column)
            place = row * columns + column
            return whole.at(*divmod(taken[place] if taken else place, array.shape[1]))

        return Grid(rows, whole.columns if array.varies else columns, at)


def _all_scalars(plan: Plan) -> set[Scalar]:
    """All that the loss is made of, also what has no array."""
    found, stack = set[Scalar](), [member for array in plan.arrays for member in array.members]
    while stack:
        scalar = stack.pop()
        if isinstance(scalar, Scalar) and scalar not in found:
            found.add(scalar)
            stack += scalar.operands
    return found

"""Arrays: scalars put together under one name, and parts of them that formulas read. Imports formula and scalars.

An array's rows are scalars, and its columns the examples. What is the same for all examples has one column, or is a
matrix of weights, whose entries are its scalars row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .formula import Formula
from .scalars import Operand, Scalar


class Array(NamedTuple):
    """Scalars under one name; `shape` is rows and columns, and of what `varies` the columns are the examples.

    What varies has the number of its batch, all else 0. `formula` says how it is computed from others; what has none
    is given.
    """

    name: str
    members: tuple[Operand, ...]
    shape: tuple[int, int]
    varies: int
    formula: Formula | None = None

    @property
    def is_matrix(self) -> bool:
        """Whether its scalars stand in more than one column."""
        return self.shape[1] > 1

    @property
    def is_learnt(self) -> bool:
        """Whether it is a parameter: given, the same for all examples, and not of plain numbers alone."""
        return self.formula is None and not self.varies and any(isinstance(each, Scalar) for each in self.members)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return self is other


class Part(NamedTuple):
    """Some scalars of an array, in any order, as rows or in a `shape`; `text` says it as Python does."""

    array: Array
    rows: slice | tuple[int, ...] | None
    shape: tuple[int, int]

    @property
    def is_whole(self) -> bool:
        """Whether it is the array as it is."""
        return self.rows is None and self.shape == self.array.shape

    @property
    def text(self) -> str:
        """How it is written."""
        text = self.array.name
        if self.rows is not None and self.array.is_matrix:
            text += ".reshape(-1, 1)"
        if isinstance(self.rows, slice):
            text += f"[{self.rows.start}:{self.rows.stop}]"
        elif self.rows is not None:
            text += f"[{list(self.rows)}]"
        count = self.shape[0] * self.shape[1]
        lines_up = self.shape == ((count, 1) if self.rows is not None else self.array.shape)
        return text if lines_up else f"{text}.reshape{self.shape}"


class Plan(NamedTuple):
    """Arrays in the order in which they are computed, those that are given where they are first read.

    `parts` has what the symbols stand for, and `counts` how many examples each batch has, where that was found.
    """

    arrays: tuple[Array, ...]
    parts: Mapping[str, Part]
    loss: Array
    counts: tuple[int, ...] = ()

    @property
    def given(self) -> list[Array]:
        """What nothing computes: parameters, the batch, plain numbers."""
        return [array for array in self.arrays if array.formula is None]

    @property
    def computed(self) -> list[tuple[Array, Formula]]:
        """The others, each with its formula."""
        return [(array, array.formula) for array in self.arrays if array.formula is not None]


def rows_of(places: Sequence[int], of: int) -> slice | tuple[int, ...] | None:
    """Places in an array of so many scalars: None for all of them in order, a slice for neighbours, else a list."""
    first, count = places[0], len(places)
    if list(places) == list(range(first, first + count)):
        return None if count == of else slice(first, first + count)
    return tuple(places)

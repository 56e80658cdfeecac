"""A batch as it is given, copied to where a program reads it. Imports arrays, graph and numeric; NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from numpy.typing import NDArray

from .arrays import Array
from .errors import WrongShape, shorten
from .graph import describe
from .numeric import numbers

Numbers = NDArray[Any]


class Copy(NamedTuple):
    """Some rows of an array that is read, out of one of the arrays that are given."""

    to: Numbers
    which: int
    rows: slice


class Loader:
    """Copies the rows of a batch, which is one array or several below each other, to the `arrays` that read them.

    The rows are the `leaves`, of one batch after the other, in their order; `counts` says how many examples each has.
    """

    def __init__(
        self, leaves: Sequence[Sequence[Any]], counts: Sequence[int], arrays: Sequence[tuple[Array, Numbers]]
    ) -> None:
        self.leaves = [leaf for some in leaves for leaf in some]
        self.counts = [count for some, count in zip(leaves, counts, strict=True) for _ in some]
        self.arrays = arrays
        self.known: dict[Any, list[Copy]] = {}  # by the shapes and types of what was given

    def __call__(self, batch: Sequence[Any]) -> None:
        """Copy them. Raises WrongShape for other shapes, NotAScalar for what holds no numbers."""
        try:
            copies = self.known[tuple([(array.shape, array.dtype) for array in batch])]
        except (AttributeError, KeyError):
            batch = [numbers(given, "batch", "an array") for given in batch]
            copies = self.known[tuple([(array.shape, array.dtype) for array in batch])] = self._copies(batch)
        for to, which, rows in copies:
            to[...] = batch[which][rows]

    def _copies(self, batch: Sequence[Numbers]) -> list[Copy]:
        """What is to be copied, neighbouring rows at once."""
        self._expect_fit(batch)
        places = [(which, row) for which, array in enumerate(batch) for row in range(len(array))]
        of = dict(zip(self.leaves, places, strict=True))
        copies: list[Copy] = []
        for array, to in self.arrays:
            begun = 0
            rows = [of[member.node] for member in array.members]
            for row, (which, place) in enumerate(rows, 1):
                if row == len(rows) or rows[row] != (which, place + 1):
                    first = place - (row - 1 - begun)
                    copies.append(Copy(to[begun:row], which, slice(first, place + 1)))
                    begun = row
        return copies

    def _expect_fit(self, batch: Sequence[Numbers]) -> None:
        """Raise WrongShape unless these have a row for each leaf, and a column for each example."""
        shapes = [array.shape for array in batch]
        flat = [count for shape in shapes if len(shape) == 2 for count in [shape[1]] * shape[0]]
        if flat != self.counts or any(len(shape) != 2 for shape in shapes):
            sizes = ", ".join(dict.fromkeys(map(str, self.counts)))
            order = shorten([describe(leaf) for leaf in self.leaves])
            raise WrongShape(
                f"batch: given {', '.join(map(str, shapes)) or 'nothing'}, expected ({len(self.leaves)}, {sizes}), an "
                f"example per column, whose rows are {order}"
            )

"""Arrays by leaf: the gradient of each leaf, and a batch in which each has its row.

Imports arrays, graph and numeric; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Array
from .errors import NotInGraph, WrongShape, shorten
from .graph import describe
from .numeric import numbers

Numbers = NDArray[np.float64]


class Gradients(Mapping[Any, Any]):
    """Gradients of arrays by name, `g["W1"]`, and of single leaves, `g[w]`, which stand in the arrays `given`."""

    def __init__(self, given: Iterable[Array], arrays: Mapping[str, Numbers]) -> None:
        self.given, self.arrays = given, dict(arrays)

    @cached_property
    def _places(self) -> dict[Any, tuple[str, int]]:
        learnt = (array for array in self.given if array.name in self.arrays)
        return {leaf.node: (array.name, row) for array in learnt for row, leaf in enumerate(array.members)}

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self.arrays:
                raise NotInGraph(f"there is no parameter {key!r} in this program; it has {', '.join(self.arrays)}")
            return self.arrays[key]
        if key not in self._places:
            raise NotInGraph(
                f"{describe(key)} is no parameter of this program; give one, or a name: {shorten(list(self.arrays))}"
            )
        name, row = self._places[key]
        return self.arrays[name].reshape(-1)[row]

    def __contains__(self, key: object) -> bool:
        return key in self.arrays or key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)

    def __repr__(self) -> str:
        return f"<Gradients: {', '.join(f'{name} {array.shape}' for name, array in self.arrays.items())}>"


def columns(batch: Any, leaves: Sequence[Any], what: str) -> Numbers:
    """The batch with an example per column, and a row for each of these leaves."""
    rows = len(leaves)
    given = numbers([] if batch is None else batch, what, f"({rows}, m)")
    if given.shape == (rows,):
        given = given.reshape(rows, 1)
    if given.ndim != 2 or given.shape[0] != rows or not given.shape[1]:
        order = shorten([describe(leaf) for leaf in leaves])
        fix = f"an example per column, whose rows are {order}" if rows else "nothing varies; leave it out"
        said = "nothing" if batch is None else f"shape {given.shape}"
        raise WrongShape(f"{what}: given {said}, expected ({rows}, m); {fix}")
    return given.astype(float, copy=False)

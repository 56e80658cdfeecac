"""Parameters as one vector: where each of them stands. Imports arrays, formula and numeric; NumPy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, Plan
from .errors import WrongShape
from .formula import Formula
from .numeric import numbers


class Block(NamedTuple):
    """Arrays beside each other in one matrix, weights and their biases; it begins at some place of the vector."""

    start: int
    arrays: tuple[Array, ...]

    @property
    def name(self) -> str:
        """The names of its arrays."""
        return " ".join(array.name for array in self.arrays)

    @property
    def shape(self) -> tuple[int, int]:
        """That of the matrix."""
        return self.arrays[0].shape[0], sum(array.shape[1] for array in self.arrays)

    @property
    def stop(self) -> int:
        """The place behind its last number."""
        return self.start + self.shape[0] * self.shape[1]

    @property
    def columns(self) -> dict[str, range]:
        """Which columns each of its arrays has."""
        ends = accumulate(array.shape[1] for array in self.arrays)
        return {array.name: range(end - array.shape[1], end) for array, end in zip(self.arrays, ends, strict=True)}

    def of(self, vector: NDArray[Any]) -> NDArray[Any]:
        """The matrix in a vector of all parameters, as a view."""
        return vector[self.start : self.stop].reshape(self.shape)


class Layout:
    """The order of all parameters among the arrays that are given, in one vector.

    `beside` has for weights the biases that stand beside them: neuron by neuron, the weights before the bias. Then
    Z = W @ A + b is one product, [W b] @ [A; 1], and the gradients of W and b are one product too.
    """

    def __init__(self, given: Sequence[Array], beside: Mapping[str, str] = MappingProxyType({})) -> None:
        by_name = {array.name: array for array in given}
        self.blocks: list[Block] = []
        for array in given:
            if array.is_learnt and array.name not in beside.values():
                arrays = (array, by_name[beside[array.name]]) if array.name in beside else (array,)
                self.blocks.append(Block(self.size, arrays))

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return self.blocks[-1].stop if self.blocks else 0

    def views(self, vector: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Each array in a vector of all parameters."""
        return {
            name: block.of(vector)[:, columns.start : columns.stop]
            for block in self.blocks
            for name, columns in block.columns.items()
        }

    def start(self) -> NDArray[np.float64]:
        """The numbers that the leaves hold."""
        vector = np.empty(self.size)
        views = self.views(vector)
        for array in self.arrays:
            views[array.name][...] = np.reshape([member.node.data for member in array.members], array.shape)
        return vector

    @property
    def arrays(self) -> Iterator[Array]:
        """All parameters, block by block."""
        return (array for block in self.blocks for array in block.arrays)

    @cached_property
    def leaves(self) -> tuple[Any, ...]:
        """The leaf at each place."""
        places = self.views(np.arange(self.size))
        leaves = {
            place: member.node
            for array in self.arrays
            for place, member in zip(places[array.name].ravel().tolist(), array.members, strict=True)
        }
        return tuple(leaves[place] for place in range(self.size))


def put(given: Any, into: NDArray[Any], what: str) -> None:
    """Copy numbers into a vector. Raises WrongShape for another length, NotAScalar for what holds no numbers."""
    if given is into:
        return  # changed in place, as by -=
    array = numbers(given, what, str(into.shape))
    if array.shape != into.shape:
        raise WrongShape(f"{what}: given shape {array.shape}, expected {into.shape}, a number for each parameter")
    into[...] = array


def biases(plan: Plan) -> dict[str, str]:
    """The weights that are read in W @ A + b alone, both as a whole and with biases of their own: of each W the b."""
    given = {array.name: array for array in plan.given if array.is_learnt}
    in_parts = {part.array.name for part in plan.parts.values() if not part.is_whole}
    pairs = [pair for _, formula in plan.computed for pair in _affine(formula)]
    often = Counter(name for pair in set(pairs) for name in pair)
    return {
        W: b
        for W, b in pairs
        if {W, b} <= given.keys() - in_parts and given[b].shape == (given[W].shape[0], 1) and often[W] == often[b] == 1
    }


def _affine(formula: Formula) -> Iterator[tuple[str, str]]:
    """W and b of each W @ A + b in a formula."""
    for argument in formula.args:
        yield from _affine(argument)
    if formula.word == "+":
        for product, b in (formula.args, formula.args[::-1]):
            if product.word == "@" and not product.args[0].args and not b.args:
                yield str(product.args[0].word), str(b.word)

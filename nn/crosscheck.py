"""The gradients of the scalar graph against the vectorised equations', entry by entry. Imports losses, vectorized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value, gradients

from .layers import MLP
from .losses import total_loss
from .shapes import Array, columns
from .vectorized import VectorizedMLP


@dataclass(frozen=True)
class Row:
    """One array compared: the largest differences, and the entry (row, column, from 0) of the absolute one.

    The relative one is the absolute one over the array's largest entry: where terms cancel, an entry near 0
    carries the rounding of its neighbours and says nothing by itself.
    """

    array: str
    scalar: Array
    vectorized: Array

    @property
    def differences(self) -> Array:
        """|scalar - vectorised|, entry by entry."""
        return np.abs(self.scalar - self.vectorized)

    @property
    def absolute(self) -> float:
        """The largest absolute difference."""
        return float(self.differences.max())

    @property
    def relative(self) -> float:
        """The largest difference, over the array's largest entry; 0 where all entries are 0."""
        size = max(float(np.abs(self.scalar).max()), float(np.abs(self.vectorized).max()))
        return self.absolute / size if size or self.absolute else 0.0

    @property
    def index(self) -> tuple[int, ...]:
        """Where the largest absolute difference stands."""
        return tuple(map(int, np.unravel_index(np.argmax(self.differences), self.differences.shape)))


@dataclass(frozen=True)
class Report:
    """What `crosscheck` found: one row per array, the costs of both engines; `str()` prints it as a table."""

    rows: tuple[Row, ...]
    scalar_cost: float
    vectorized_cost: float

    @property
    def largest(self) -> Row:
        """The array with the largest relative difference."""
        return max(self.rows, key=lambda row: (row.relative != row.relative, row.relative))  # nan is the worst

    def agrees(self, tolerance: float = 1e-12) -> bool:
        """Whether every array agrees to this share of its largest entry; nan never does."""
        return all(row.relative <= tolerance for row in self.rows)

    def __bool__(self) -> bool:
        return self.agrees()

    def __str__(self) -> str:
        lines = [f"{'array':<6}{'shape':<9}{'largest |scalar - vectorised|':<31}{'relative':<10}at"]
        for row in self.rows:
            shape = "×".join(map(str, row.scalar.shape))
            lines.append(f"{row.array:<6}{shape:<9}{row.absolute:<31.1e}{row.relative:<10.1e}{row.index}")
        return "\n".join(lines)


def crosscheck(net: MLP, X: Any, Y: Any, loss: str = "squared_error") -> Report:
    """Compare the scalar graph's gradients with the vectorised engine's for the mean loss over examples.

    X is (n₀, m) and Y (n_L, m), one example per column; a flat list is one example. No `.grad` is touched.
    Raises WrongShape for other shapes and UnknownChoice for a loss that does not exist.
    """
    X = columns(X, net.sizes[0], f"X for {net}")
    Y = columns(Y, net.sizes[-1], f"Y for {net}", examples=X.shape[1])
    engine = VectorizedMLP.of(net)
    cache = engine.forward(X)
    vectorized = engine.backward(cache, Y, loss)
    cost = _mean_loss(net, X, Y, loss)
    found = dict(zip(net.parameters(), gradients(cost, net.parameters()), strict=True))
    rows = []
    for l, (matrix, offsets) in enumerate(zip(net.weights, net.biases, strict=True), 1):
        rows.append(Row(f"W{l}", np.array([[found[w] for w in row] for row in matrix]), vectorized[f"W{l}"]))
        if offsets:
            rows.append(_biases(f"b{l}", offsets, found, vectorized[f"b{l}"]))
    return Report(tuple(rows), cost.data, engine.cost(cache, Y, loss))


def _biases(name: str, offsets: list[Value], found: dict[Value, float], vectorized: Array) -> Row:
    """A layer's biases; of one that all its neurons share, the derivative is the sum over them."""
    own = list(dict.fromkeys(offsets))
    summed = vectorized if len(own) == len(offsets) else vectorized.sum(axis=0, keepdims=True)
    return Row(name, np.array([[found[b]] for b in own]), summed)


def _mean_loss(net: MLP, X: Array, Y: Array, loss: str) -> Value:
    """J as one scalar graph of all examples."""
    losses = [total_loss(loss, net.outputs(x), list(y)) for x, y in zip(X.T.tolist(), Y.T.tolist(), strict=True)]
    return sum(losses[1:], losses[0]) * (1 / len(losses))

"""The notes' vectorised engine, as one would write it on the board. Imports layers, losses, shapes, NumPy.

Columns are examples: X is (n₀, m), W[l] is (n_l, n_l-1), b[l] is (n_l, 1), and the cost J is the mean over the
columns. dZ and dA belong to one example's loss; only dW and db carry the 1/m.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autograd import UnknownChoice
from autograd.readings.numpy import evaluate, partial, result

from .layers import ACTIVATIONS, MLP
from .losses import formula_of
from .shapes import Array, columns


class Cache(NamedTuple):
    """What the forward pass keeps for the backward pass: A[0] = X to A[L], and Z[0] to Z[L-1], one per layer."""

    A: list[Array]
    Z: list[Array]


class VectorizedMLP:
    """The network of an MLP as matrices W and b, with the forward and backward equations of the notes.

    Source: the notes, lines 1157-1170 and 1320-1331, read as `Z[l] = W[l] @ A[l-1] + b[l]` and
    `dW[l] = dZ[l] @ A[l-1].T / m`.
    """

    def __init__(self, W: Sequence[Array], b: Sequence[Array], activations: Sequence[str]) -> None:
        for g in activations:
            if g not in ACTIVATIONS:
                raise UnknownChoice("activation", g, ACTIVATIONS)
        self.W, self.b, self.activations = list(W), list(b), list(activations)

    @classmethod
    def of(cls, net: MLP) -> VectorizedMLP:
        """The same network with the same numbers; where it has no biases this one has zeros."""
        W = [np.array([[w.data for w in row] for row in layer]) for layer in net.weights]
        b = [
            np.array([[v.data] for v in layer]) if layer else np.zeros((len(w), 1))
            for layer, w in zip(net.biases, W, strict=True)
        ]
        return cls(W, b, [net.activation] * (len(W) - 1) + [net.output])

    def forward(self, X: Array) -> Cache:
        """The activations A and pre-activations Z of every layer for X (n₀, m), or one example as a flat list."""
        A, Z = [columns(X, self.W[0].shape[1], "X")], []
        for W, b, g in zip(self.W, self.b, self.activations, strict=True):
            Z.append(W @ A[-1] + b)
            A.append(activate(g, Z[-1]))
        return Cache(A, Z)

    def cost(self, cache: Cache, Y: Array, loss: str = "squared_error") -> float:
        """J, the mean over the examples of the loss summed over the outputs; Y is (n_L, m)."""
        A, Y = cache.A[-1], self._targets(cache, Y)
        return float(np.sum(evaluate(formula_of(loss), p=A, y=Y)) / Y.shape[1])

    def backward(self, cache: Cache, Y: Array, loss: str = "squared_error") -> dict[str, Array]:
        """dJ/dW and dJ/db of every layer, as "W1", "b1", "W2", …, each of its parameter's shape."""
        A, Z = cache
        m = A[0].shape[1]
        dZ = self._output_error(cache, self._targets(cache, Y), loss)
        gradients: dict[str, Array] = {}
        for l in reversed(range(len(self.W))):
            gradients[f"W{l + 1}"] = dZ @ A[l].T / m
            gradients[f"b{l + 1}"] = dZ.sum(axis=1, keepdims=True) / m
            if l:
                dA = self.W[l].T @ dZ
                dZ = dA * slope(self.activations[l - 1], Z[l - 1])
        return gradients

    def _targets(self, cache: Cache, Y: Array) -> Array:
        return columns(Y, len(self.W[-1]), "Y", examples=cache.A[0].shape[1])

    def _output_error(self, cache: Cache, Y: Array, loss: str) -> Array:
        """The last layer's dZ = dA * g'(Z), which for a sigmoid under cross entropy is A - Y."""
        A, Z, g = cache.A[-1], cache.Z[-1], self.activations[-1]
        if loss == "squared_error":
            return partial("pow", 0, A - Y, 2.0) * slope(g, Z)
        if loss == "binary_cross_entropy" and g == "sigmoid":
            return A - Y
        formula_of(loss)  # says so if there is no such loss at all
        raise UnknownChoice(f"output for {loss}", g, ("sigmoid",))


def activate(g: str, Z: Array) -> Array:
    """g(Z), entry by entry; "linear" is Z itself."""
    return Z if g == "linear" else result(g, Z)


def slope(g: str, Z: Array) -> Array:
    """g'(Z), entry by entry, from the table."""
    return np.ones_like(Z) if g == "linear" else partial(g, 0, Z)

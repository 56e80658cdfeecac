"""The notes' vectorised engine, as one would write it on the board. Imports layers, losses, shapes, NumPy.

Columns are examples: X is (n₀, m), W[l] is (n_l, n_l-1), b[l] is (n_l, 1), and the cost J is the mean over the
columns. dZ and dA belong to one example's loss; only dW and db carry the 1/m.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from autograd.readings.numpy import evaluate, partial, result, slope_of

from .activations import SLOPE, Activation, require_activations
from .layers import MLP
from .losses import Loss, loss_of, require_output
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

    def __init__(self, W: Sequence[Array], b: Sequence[Array], activations: Sequence[Activation]) -> None:
        require_activations(activations)
        self.W, self.b, self.activations = list(W), list(b), list(activations)

    @classmethod
    def of(cls, net: MLP) -> VectorizedMLP:
        """The same network with the same numbers; where it has no biases this one has zeros."""
        W = [np.array([[w.data for w in row] for row in layer]) for layer in net.weights]
        b = [
            np.array([[v.data] for v in layer]) if layer else np.zeros((len(w), 1))
            for layer, w in zip(net.biases, W, strict=True)
        ]
        return cls(W, b, net.activations)

    def forward(self, X: Array) -> Cache:
        """The activations A and pre-activations Z of every layer for X (n₀, m), or one example as a flat list."""
        A, Z = [columns(X, self.W[0].shape[1], "X")], []
        for W, b, g in zip(self.W, self.b, self.activations, strict=True):
            Z.append(W @ A[-1] + b)
            A.append(activate(g, Z[-1]))
        return Cache(A, Z)

    def cost(self, cache: Cache, Y: Array, loss: str = "squared_error") -> float:
        """J, the mean over the examples of the loss summed over the outputs; Y is (n_L, m).

        Cross entropy of the activation that goes with it is computed from Z, and so overflows nowhere.
        """
        known, Y = self._known(loss), self._targets(cache, Y)
        if self._is_from_logits(known):
            assert known.from_logits is not None
            Z = cache.Z[-1]
            losses = evaluate(known.from_logits, z=Z, y=Y, s=result("logsumexp", Z))
        else:
            losses = evaluate(known.formula, p=cache.A[-1], y=Y)
        return float(np.sum(losses) / Y.shape[1])

    def backward(self, cache: Cache, Y: Array, loss: str = "squared_error") -> dict[str, Array]:
        """dJ/dW and dJ/db of every layer, as "W1", "b1", "W2", …, each of its parameter's shape."""
        A, Z = cache
        m = A[0].shape[1]
        dZ = self._output_error(cache, self._targets(cache, Y), self._known(loss))
        gradients: dict[str, Array] = {}
        for l in reversed(range(len(self.W))):
            gradients[f"W{l + 1}"] = dZ @ A[l].T / m
            gradients[f"b{l + 1}"] = dZ.sum(axis=1, keepdims=True) / m
            if l:
                dA = self.W[l].T @ dZ
                dZ = passed_back(self.activations[l - 1], Z[l - 1], dA)
        return gradients

    def _known(self, loss: str) -> Loss:
        require_output(loss, self.activations[-1])
        return loss_of(loss)

    def _targets(self, cache: Cache, Y: Array) -> Array:
        return columns(Y, len(self.W[-1]), "Y", examples=cache.A[0].shape[1])

    def _is_from_logits(self, loss: Loss) -> bool:
        return loss.from_logits is not None and loss.activation == self.activations[-1]

    def _output_error(self, cache: Cache, Y: Array, loss: Loss) -> Array:
        """The last layer's dZ: from Z where the loss has a formula of it, which comes to A - Y, else dA passed back."""
        A, Z, g = cache.A[-1], cache.Z[-1], self.activations[-1]
        if not self._is_from_logits(loss):
            return passed_back(g, Z, slope_of(loss.formula, "p", p=A, y=Y))
        assert loss.from_logits is not None
        S = result("logsumexp", Z)
        direct, by_sum = (slope_of(loss.from_logits, by, z=Z, y=Y, s=S) for by in "zs")
        error: Array = direct + by_sum.sum(axis=0) * partial("logsumexp", 0, Z)
        return error


def activate(g: Activation, Z: Array) -> Array:
    """g(Z), entry by entry; "linear" is Z itself, "softmax" the probabilities of each column."""
    if isinstance(g, tuple):
        return np.vstack([activate(name, row) for name, row in zip(g, Z, strict=True)])
    if g == "softmax":
        return result("exp", Z - result("logsumexp", Z))
    return Z if g == "linear" else result(g, Z, *settings(g))


def passed_back(g: Activation, Z: Array, dA: Array) -> Array:
    """DZ from dA: dA ∗ g'(Z), the slope read from the table; through softmax every output reaches every logit."""
    if isinstance(g, tuple):
        return np.vstack([passed_back(name, row, d) for name, row, d in zip(g, Z, dA, strict=True)])
    if g == "softmax":
        through = dA * partial("exp", 0, Z - result("logsumexp", Z))
        dZ: Array = through - partial("logsumexp", 0, Z) * through.sum(axis=0)
        return dZ
    return dA if g == "linear" else dA * partial(g, 0, Z, *settings(g))


def settings(g: str) -> tuple[float, ...]:
    """The plain numbers that an activation's row takes beside Z."""
    return (SLOPE,) if g == "leaky_relu" else ()

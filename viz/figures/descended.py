"""Batch, stochastic and mini-batch gradient descent of one logistic neuron, for the figures. Imports nn; NumPy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import VectorizedMLP

Array = NDArray[np.float64]
LOSS = "binary_cross_entropy"
BATCHES = {"batch": 100, "stochastic": 1, "mini-batch": 20}  # examples for one update


class Descent(NamedTuple):
    """Where a descent went: the first point and the first cost are those before training."""

    points: Array  # (w, b) after every update, a row each
    costs: list[float]  # over the whole set, after every epoch
    losses: list[float]  # over its own examples, at every update


def descents(epochs: int) -> dict[str, Descent]:
    """The three kinds of descent over the same hundred examples, from the same start and at the same rate."""
    x, y = hundred()
    return {name: descend(neuron_of(-3, 2.5), x, y, size, epochs, rate=0.5) for name, size in BATCHES.items()}


def hundred() -> tuple[Array, Array]:
    """A hundred examples of one number, from a seed, of two classes that overlap: x and y, each (1, 100)."""
    y = (np.arange(100) % 2).astype(float)
    return np.random.default_rng(89).normal(1.5 * y - 0.5)[None], y[None]


def neuron_of(w: float, b: float) -> VectorizedMLP:
    """One logistic neuron that reads one number."""
    return VectorizedMLP([np.array([[w]], float)], [np.array([[b]], float)], ["sigmoid"])


def cost_of(net: VectorizedMLP, x: Array, y: Array) -> float:
    """The mean cross entropy over the examples."""
    return net.cost(net.forward(x), y, LOSS)


def descend(net: VectorizedMLP, x: Array, y: Array, size: int, epochs: int, rate: float) -> Descent:
    """Train one neuron in place; for each epoch the examples are shuffled, from a seed, and taken `size` at a time."""
    generator = np.random.default_rng(0)
    points, costs, losses = [(net.W[0][0, 0], net.b[0][0, 0])], [cost_of(net, x, y)], []
    for _ in range(epochs):
        order = generator.permutation(y.shape[1])
        for chosen in np.split(order, range(size, len(order), size)):
            cache = net.forward(x[:, chosen])
            losses.append(net.cost(cache, y[:, chosen], LOSS))
            gradients = net.backward(cache, y[:, chosen], LOSS)
            net.W[0] = net.W[0] - rate * gradients["W1"]
            net.b[0] = net.b[0] - rate * gradients["b1"]
            points.append((net.W[0][0, 0], net.b[0][0, 0]))
        costs.append(cost_of(net, x, y))
    return Descent(np.array(points), costs, losses)

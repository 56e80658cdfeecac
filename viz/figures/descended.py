"""Batch, stochastic and mini-batch gradient descent of one logistic neuron, for the figures. Imports nn; NumPy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import MLP, VectorizedMLP, train

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
    return {name: _descent(size, epochs) for name, size in BATCHES.items()}


def _descent(size: int, epochs: int) -> Descent:
    """One neuron trained on so many examples at a time; each epoch takes them in another order, from a seed."""
    start = (-3.0, 2.5)
    net, points = MLP(1, [1], weights=[[[start[0]]]], biases=[[start[1]]]), [start]
    history = train(
        net,
        *hundred(),
        loss=LOSS,
        batch=size,
        epochs=epochs,
        rate=0.5,
        stepped=lambda at: points.append((at[0], at[1])),
    )
    return Descent(np.array(points), history.costs, history.losses)


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

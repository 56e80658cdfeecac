"""Item V: item A on arrays, the step of moons.py for the whole batch at once, as each engine would write it.

Imports autograd, moons and nn.

Every contestant makes its gradient and its update; the value of the loss is computed where an engine cannot do without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import moons
import numpy as np
from numpy.typing import NDArray

from autograd import Value, total, vectorize
from nn import MLP

Array = NDArray[np.float64]
RATE, DECAY, SIZES = moons.RATE, moons.DECAY, moons.SIZES
POINTS: Array = np.array(moons.POINTS).T  # an example per column
LABELS: Array = np.array([moons.LABELS])


def start() -> list[Array]:
    """[W b] of each layer."""
    return [np.array(layer) for layer in moons.start()]


def flat(layers: Sequence[Any]) -> list[float]:
    """Gradients of each layer's [W b] as one list, neuron by neuron."""
    return [float(number) for layer in layers for number in np.asarray(layer).ravel()]


class Program:
    """The readable program of one point's graph; an update for each array."""

    def __init__(self) -> None:
        weights = [layer[:, :-1].tolist() for layer in start()]
        biases = [layer[:, -1].tolist() for layer in start()]
        net = MLP(SIZES[0], SIZES[1:], activation="relu", output="linear", weights=weights, biases=biases)
        x, label = [Value(0.5, "x"), Value(-0.5, "y")], Value(1.0, "label")
        loss = (1 - label * net(x)).relu() + total(w * w for w in net.parameters()) * DECAY
        self.program = vectorize(loss, [*x, label])
        self.batch = np.vstack([POINTS, LABELS])

    def __call__(self) -> None:
        """One step."""
        self.found = self.program.gradients(self.batch)
        for name, array in self.program.parameters.items():
            array -= RATE * self.found[name]

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        arrays = self.found.arrays
        return flat([np.hstack([arrays[f"W{l}"], arrays[f"b{l}"]]) for l in range(1, len(SIZES))])


class Bound(Program):
    """The same program bound to a hundred points."""

    def __init__(self) -> None:
        super().__init__()
        self.bound = self.program.bound(POINTS.shape[1])
        self.bound.load(self.batch)
        self.change, self.rate = np.empty_like(self.bound.parameters), np.array(RATE)

    def __call__(self) -> None:
        """One step."""
        np.multiply(self.bound.gradients(), self.rate, self.change)
        np.subtract(self.bound.parameters, self.change, self.bound.parameters)

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return flat([self.bound.gradient])


class Found(Bound):
    """The hundred points unrolled in one scalar graph of + and ×, in which the batch is found."""

    def __init__(self) -> None:
        unrolled = moons.Pathgrad(fused=False)
        loss = unrolled.loss([unrolled.net(point) for point in moons.POINTS], unrolled.net.parameters())
        self.program = vectorize(loss)
        self.bound = self.program.bound()
        self.change, self.rate = np.empty_like(self.bound.parameters), np.array(RATE)


class BoundWithLoss(Bound):
    """And the loss is asked for as well."""

    def __call__(self) -> None:
        """One step."""
        _, gradient = self.bound.loss_and_gradients()
        np.multiply(gradient, self.rate, self.change)
        np.subtract(self.bound.parameters, self.change, self.bound.parameters)


class Plain:
    """NumPy as one writes it on the board."""

    def __init__(self) -> None:
        self.layers = start()

    def __call__(self) -> None:
        """One step."""
        (W1, b1), (W2, b2), (W3, b3) = ((layer[:, :-1], layer[:, -1:]) for layer in self.layers)
        X, Y, m = POINTS, LABELS, POINTS.shape[1]
        A1 = np.maximum(0, W1 @ X + b1)
        A2 = np.maximum(0, W2 @ A1 + b2)
        d3 = -Y * (1 - Y * (W3 @ A2 + b3) > 0) / m
        d2 = W3.T @ d3 * (A2 > 0)
        d1 = W2.T @ d2 * (A1 > 0)
        self.found = [
            np.hstack([d @ A.T + 2 * DECAY * W, d.sum(axis=1, keepdims=True) + 2 * DECAY * b])
            for d, A, W, b in ((d1, X, W1, b1), (d2, A1, W2, b2), (d3, A2, W3, b3))
        ]
        for layer, gradient in zip(self.layers, self.found, strict=True):
            layer -= RATE * gradient

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return flat(self.found)


class Best:
    """NumPy by hand for speed: arrays made once, everything in place, biases in the products, one vector to update."""

    def __init__(self) -> None:
        shapes, m = [layer.shape for layer in start()], POINTS.shape[1]
        self.theta = np.concatenate([layer.ravel() for layer in start()])
        self.g, self.t = np.empty_like(self.theta), np.empty_like(self.theta)
        ends = np.cumsum([0, *(rows * columns for rows, columns in shapes)])
        (self.T1, self.T2, self.T3), (self.G1, self.G2, self.G3) = (
            [vector[a:b].reshape(shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)]
            for vector in (self.theta, self.g)
        )
        self.A0, self.A1, self.A2 = np.ones((3, m)), np.ones((17, m)), np.ones((17, m))
        self.A0[:-1] = POINTS
        self.Z1, self.M1, self.M2 = (np.empty((16, m)) for _ in range(3))
        self.z, self.minus = np.empty((1, m)), -LABELS / m
        self.W2T, self.W3T = self.T2[:, :-1].T, self.T3[:, :-1].T
        self.zero, self.one, self.decay, self.rate = map(np.array, (0.0, 1.0, 2 * DECAY, RATE))

    def __call__(self) -> None:
        """One step."""
        Z, z, M1, M2, zero = self.Z1, self.z, self.M1, self.M2, self.zero
        self.T1.dot(self.A0, Z)
        np.greater(Z, zero, M1)
        np.multiply(Z, M1, self.A1[:-1])
        self.T2.dot(self.A1, Z)
        np.greater(Z, zero, M2)
        np.multiply(Z, M2, self.A2[:-1])
        self.T3.dot(self.A2, z)
        np.multiply(z, LABELS, z)
        np.less(z, self.one, z)
        np.multiply(z, self.minus, z)
        z.dot(self.A2.T, self.G3)
        self.W3T.dot(z, Z)
        np.multiply(Z, M2, Z)
        Z.dot(self.A1.T, self.G2)
        self.W2T.dot(Z, M2)
        np.multiply(M2, M1, M2)
        M2.dot(self.A0.T, self.G1)
        np.multiply(self.theta, self.decay, self.t)
        np.add(self.g, self.t, self.g)
        np.multiply(self.g, self.rate, self.t)
        np.subtract(self.theta, self.t, self.theta)

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return flat([self.g])

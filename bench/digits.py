"""Item D: an epoch of digits on arrays, 64-32-10 in batches of 32, as each engine would write it.

Imports autograd and nn.

An epoch is 1,500 examples in 47 batches, the last of 28: forward, backward and update for each. How the examples are
stored is everybody's own choice, made before the clock starts. They are drawn at random, for time does not read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, vectorize
from nn import MLP, losses

Array = NDArray[np.float64]
SIZES, COUNT, BATCH, RATE = (64, 32, 10), 1500, 32, 0.1
CUTS = list(pairwise([*range(0, COUNT, BATCH), COUNT]))
generator = np.random.default_rng(0)
X: Array = generator.uniform(size=(SIZES[0], COUNT))  # an example per column
CLASSES = generator.integers(SIZES[-1], size=COUNT)
Y: Array = np.eye(SIZES[-1])[:, CLASSES]
START: list[Array] = [generator.uniform(-0.2, 0.2, (m, n + 1)) for n, m in pairwise(SIZES)]  # [W b] of each layer


def network() -> MLP:
    """The project's own network, with the same start."""
    weights, biases = [layer[:, :-1].tolist() for layer in START], [layer[:, -1].tolist() for layer in START]
    return MLP(SIZES[0], SIZES[1:], output="softmax", weights=weights, biases=biases)


def recorded() -> Any:
    """The program of one example: recorded and compiled."""
    x, y = ([Value(0.5, f"{letter}{i}") for i in range(n)] for letter, n in (("x", SIZES[0]), ("y", SIZES[-1])))
    return vectorize(losses.cross_entropy(network().logits(x), y, from_logits=True), [*x, *y])


def flat(layers: Any) -> list[float]:
    """Each layer's [W b] as one list, neuron by neuron."""
    return [float(number) for layer in layers for number in np.asarray(layer).ravel()]


class Program:
    """The readable program."""

    def __init__(self) -> None:
        self.program = recorded()
        self.batches = [np.vstack([X[:, a:b], Y[:, a:b]]) for a, b in CUTS]

    def __call__(self) -> None:
        """One epoch."""
        for batch in self.batches:
            found = self.program.gradients(batch)
            for name, array in self.program.parameters.items():
                array -= RATE * found[name]

    def numbers(self) -> list[float]:
        """All parameters."""
        return flat([self.program.vector])


class Bound(Program):
    """The same program bound to both sizes of batches."""

    def __init__(self) -> None:
        super().__init__()
        self.theta, self.rate = self.program.vector, np.array(RATE)
        self.change = np.empty_like(self.theta)
        self.steps: list[tuple[Callable[..., Array], Array]] = [
            (self.program.bound(batch.shape[1]).gradients, batch) for batch in self.batches
        ]

    def __call__(self) -> None:
        """One epoch."""
        theta, change, rate = self.theta, self.change, self.rate
        for gradients, batch in self.steps:
            np.multiply(gradients(batch), rate, change)
            np.subtract(theta, change, theta)


class Engine:
    """A training of nn by its engine "program", which wants the loss of each batch too."""

    def __init__(self) -> None:
        from nn.engines import ENGINES

        self.engine: Any = ENGINES["program"](network(), "cross_entropy")
        self.theta: Array = np.concatenate([layer.ravel() for layer in START])

    def __call__(self) -> None:
        """One epoch."""
        for a, b in CUTS:
            self.theta = self.theta - RATE * self.engine.found(X[:, a:b], Y[:, a:b]).gradient
            self.engine.load(self.theta)

    def numbers(self) -> list[float]:
        """All parameters."""
        return flat([self.theta])


class Plain:
    """NumPy as one writes it on the board."""

    def __init__(self) -> None:
        self.layers = [layer.copy() for layer in START]

    def __call__(self) -> None:
        """One epoch."""
        (W1, b1), (W2, b2) = ((layer[:, :-1], layer[:, -1:]) for layer in self.layers)
        for a, b in CUTS:
            x, m = X[:, a:b], b - a
            A1 = 1 / (1 + np.exp(-(W1 @ x + b1)))
            Z2 = W2 @ A1 + b2
            E = np.exp(Z2 - Z2.max(axis=0))
            d2 = (E / E.sum(axis=0) - Y[:, a:b]) / m
            d1 = W2.T @ d2 * A1 * (1 - A1)
            W2 -= RATE * (d2 @ A1.T)
            b2 -= RATE * d2.sum(axis=1, keepdims=True)
            W1 -= RATE * (d1 @ x.T)
            b1 -= RATE * d1.sum(axis=1, keepdims=True)

    def numbers(self) -> list[float]:
        """All parameters."""
        return flat(self.layers)


class Best:
    """NumPy by hand for speed: batches laid out with their ones, everything in place, one vector to update."""

    def __init__(self) -> None:
        self.theta = np.concatenate([layer.ravel() for layer in START])
        self.g, self.t = np.empty_like(self.theta), np.empty_like(self.theta)
        at, (first, second) = START[0].size, (layer.shape for layer in START)
        self.T1, self.T2 = self.theta[:at].reshape(first), self.theta[at:].reshape(second)
        self.G1, self.G2 = self.g[:at].reshape(first), self.g[at:].reshape(second)
        self.batches = [(np.vstack([X[:, a:b], np.ones(b - a)]), Y[:, a:b] / (b - a)) for a, b in CUTS]
        self.arrays = {m: list(self._arrays(m)) for m in {b - a for a, b in CUTS}}
        self.one, self.rate = np.array(1.0), np.array(RATE)
        self.largest: Any = np.maximum.reduce  # by position, which is quicker

    def _arrays(self, m: int) -> Iterator[Array]:
        A1 = np.ones((SIZES[1] + 1, m))
        yield from (A1, A1[:-1], A1.T, *(np.empty((SIZES[1], m)) for _ in range(2)))
        yield from (np.empty((SIZES[-1], m)), np.empty((1, m)), np.full((1, SIZES[-1]), float(m)))

    def __call__(self) -> None:
        """One epoch."""
        T1, T2, G1, G2, one = self.T1, self.T2, self.G1, self.G2, self.one
        theta, g, t, rate, W2T = self.theta, self.g, self.t, self.rate, self.T2[:, :-1].T
        for A0, share in self.batches:
            A1, H, A1T, D, B, P, s, ones = self.arrays[A0.shape[1]]
            T1.dot(A0, D)
            np.negative(D, D)
            np.exp(D, D)
            np.add(D, one, D)
            np.divide(one, D, H)
            T2.dot(A1, P)
            self.largest(P, 0, None, s, True)
            np.subtract(P, s, P)
            np.exp(P, P)
            ones.dot(P, s)  # m times the sum
            np.divide(P, s, P)
            np.subtract(P, share, P)
            P.dot(A1T, G2)
            W2T.dot(P, D)
            np.subtract(one, H, B)
            np.multiply(D, H, D)
            np.multiply(D, B, D)
            D.dot(A0.T, G1)
            np.multiply(g, rate, t)
            np.subtract(theta, t, theta)

    def numbers(self) -> list[float]:
        """All parameters."""
        return flat([self.theta])

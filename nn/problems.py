"""Problems: a network, examples and a loss, of which all derivatives are asked for, in arrays W1, b1, W2, b2, ….

Imports autograd, layers, losses, shapes and NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log10
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd import Value, require_choice
from autograd.readings.numpy import evaluate, slope_of

from .activations import activations_of
from .layers import MLP
from .losses import PENALTIES, loss_of, penalty, require_output, total_loss
from .settings import NotNegative, checked
from .shapes import Array, columns
from .vectorized import activate

ALL_DIGITS = 16  # that a float has
FURTHEST = 2.5  # from 0 that a pre-activation is

Gradients: TypeAlias = dict[str, Array]


class Answer(NamedTuple):
    """The cost of a problem, and its derivative by every parameter, as arrays of the parameters' names and shapes."""

    loss: float
    grads: Gradients


@dataclass(frozen=True)
class Problem:
    """J, the mean loss over the columns of X (n₀, m) and Y (n_L, m), and what the weights cost beside it."""

    net: MLP
    X: Array
    Y: Array
    loss: str = "squared_error"
    penalty: str = "l2"
    strength: float = 0.0

    @classmethod
    def of(cls, net: MLP, X: Any, Y: Any, loss: str, penalty: str = "l2", strength: float = 0.0) -> Problem:
        """The problem; raises WrongShape for other shapes, UnknownChoice for a loss or a penalty that there is not."""
        X = columns(X, net.sizes[0], f"X for {net}")
        Y = columns(Y, net.sizes[-1], f"Y for {net}", examples=X.shape[1])
        require_output(loss, net.activations[-1])
        require_choice("penalty", penalty, PENALTIES)
        return cls(net, X, Y, loss, penalty, checked("strength", strength, NotNegative))

    @property
    def m(self) -> int:
        """How many examples there are."""
        return int(self.X.shape[1])

    @property
    def depth(self) -> int:
        """How many layers of weights there are: L."""
        return len(self.net.weights)

    @property
    def is_from_logits(self) -> bool:
        """Whether the loss goes with the last activation, so that it is computed from Z and overflows nowhere."""
        return loss_of(self.loss).activation == self.net.activations[-1]

    @cached_property
    def params(self) -> Gradients:
        """W1 is (n₁, n₀), b1 is (n₁, 1), or (1, 1) if the layer shares it; a bias that is not there is left out."""
        return gathered(self.net, {value: value.data for value in self.net.parameters()})

    @cached_property
    def cost(self) -> Value:
        """J as one scalar graph of all examples."""
        run = self.net.logits if self.is_from_logits else self.net.outputs
        pairs = zip(self.X.T.tolist(), self.Y.T.tolist(), strict=True)
        losses = [total_loss(self.loss, run(x), y, from_logits=self.is_from_logits) for x, y in pairs]
        mean: Value = sum(losses[1:], losses[0]) / len(losses)
        if not self.strength:
            return mean
        return mean + penalty(
            self.penalty, [w for layer in self.net.weights for row in layer for w in row], self.strength
        )

    def decay(self, W: Array) -> Array:
        """What the penalty adds to the derivative by these weights."""
        if not self.strength:
            return np.zeros_like(W)
        return slope_of(PENALTIES[self.penalty], "w", w=W, k=self.strength)

    @property
    def penalised(self) -> float:
        """What the weights cost beside the examples."""
        weights = (W for name, W in self.params.items() if name.startswith("W"))
        return sum(float(np.sum(evaluate(PENALTIES[self.penalty], w=W, k=self.strength))) for W in weights)


def gathered(net: MLP, by: Mapping[Value, float]) -> Gradients:
    """A number for each parameter of the network, as arrays W1, b1, W2, ….

    >>> net = MLP(2, [1], weights=[[[3.0, 4.0]]])
    >>> gathered(net, {value: value.data for value in net.parameters()})
    {'W1': array([[3., 4.]]), 'b1': array([[0.]])}
    """
    arrays: Gradients = {}
    for l, (matrix, offsets) in enumerate(zip(net.weights, net.biases, strict=True), 1):
        arrays[f"W{l}"] = np.array([[by[w] for w in row] for row in matrix])
        if offsets:
            arrays[f"b{l}"] = np.array([[by[b]] for b in dict.fromkeys(offsets)])
    return arrays


def random_problem(
    sizes: Sequence[int],
    examples: int,
    generator: np.random.Generator,
    *,
    activation: str | Sequence[str | Sequence[str]] = "sigmoid",
    output: str | Sequence[str] = "sigmoid",
    bias: bool | str = True,
    loss: str = "binary_cross_entropy",
    penalty: str = "l2",
    strength: float = 0.0,
) -> Problem:
    """A problem whose numbers are drawn at random, the biases too, so that no mistake hides behind a 0.

    Weights are scaled down until no pre-activation is so far from 0 that single precision would lose a tanh's slope.
    Raises what MLP and `Problem.of` raise.
    """
    widths = list(sizes[1:])
    weights = [generator.normal(0, 1.5 * n**-0.5, (m, n)) for n, m in zip(sizes, widths, strict=False)]
    biases = [generator.uniform(-0.8, 0.8, (m, 1)) for m in widths]
    X, Y = generator.normal(size=(sizes[0], examples)), _targets(loss, widths[-1], examples, generator)
    A = X
    for W, b, g in zip(weights, biases, activations_of(activation, output, widths), strict=True):
        reach = max(1.0, float(np.abs(W @ A + b).max()) / FURTHEST)
        W /= reach
        b /= reach
        A = activate(g, W @ A + b)
    offsets: Any = [b[0, 0] for b in biases] if bias == "shared" else [b.ravel() for b in biases] if bias else None
    matrices: Any = weights
    net = MLP(sizes[0], widths, activation=activation, output=output, bias=bias, weights=matrices, biases=offsets)
    return Problem.of(net, X, Y, loss, penalty, strength)


def other_problem(of: Problem, sizes: Sequence[int], examples: int, generator: np.random.Generator) -> Problem:
    """A problem of the same kind of network and the same loss, with other sizes and numbers."""
    return random_problem(
        sizes,
        examples,
        generator,
        activation=of.net.activation,
        output=of.net.output,
        bias=of.net.bias,
        loss=of.loss,
        penalty=of.penalty,
        strength=of.strength,
    )


def _targets(loss: str, outputs: int, examples: int, generator: np.random.Generator) -> Array:
    """Targets as that loss has them: numbers, 0 or 1, one 1 in each column, −1 or 1."""
    if loss == "squared_error":
        return generator.normal(size=(outputs, examples))
    if loss == "cross_entropy":
        return np.eye(outputs)[:, generator.integers(outputs, size=examples)]
    ones = generator.integers(2, size=(outputs, examples)).astype(float)
    return 2 * ones - 1 if loss == "hinge" else ones


def agreeing_digits(relative: float) -> int:
    """In how many decimal digits two numbers agree whose relative difference is this; nan is none."""
    if not relative < 1:
        return 0
    return min(ALL_DIGITS, int(-log10(relative))) if relative else ALL_DIGITS

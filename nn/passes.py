"""The notes' forward and backward pass with a place for every mistake. Imports losses, problems, vectorized, NumPy.

A Pass is the equations, each a step of its own. `spoilt` replaces some of them, and so the right pass and all wrong
ones are the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.readings.numpy import evaluate, slope_of

from .activations import Activation
from .losses import loss_of
from .problems import Answer, Gradients, Problem
from .shapes import Array
from .vectorized import activate, passed_back

NOTHING: Array = np.empty(0)  # at the place of layer 0, which has no weights


class Equation(NamedTuple):
    """A line of the notes as it must be read, and the numbers of the lines where it is printed."""

    text: str
    lines: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.text}   (notes, line{'s' * (len(self.lines) > 1)} {', '.join(map(str, self.lines))})"


EQUATIONS: dict[str, Equation] = {
    "sums": Equation("Z[l] = W[l] @ A[l-1] + b[l]", (1264, 1266, 1311)),
    "error": Equation("dZ[L] = dA[L] * g'[L](Z[L]); for cross-entropy, A[L] - Y", (1275, 1321, 1331)),
    "weights": Equation("dW[l] = dZ[l] @ A[l-1].T / m", (1276, 1279, 1322)),
    "biases": Equation("db[l] = dZ[l].sum(axis=1, keepdims=True) / m", (1277, 1280, 1323)),
    "back": Equation("dA[l-1] = W[l].T @ dZ[l]", (1278, 1324)),
    "through": Equation("dZ[l] = dA[l] * g'[l](Z[l])", (1278, 1321)),
    "decay": Equation("the regulariser is a sum over the weights, and its derivative is added to dW[l]", (697, 701)),
    "decay_of_biases": Equation(
        "the regulariser is a sum over the weights alone, and adds nothing to db[l]", (697, 701)
    ),
    "handed_in": Equation("dW1, db1, dW2, db2, …: each the derivative by its own array", (1252, 1325)),
    "update": Equation("W[l] = W[l] - rate * dW[l], after all derivatives", (672, 1252, 1253)),
    "cost": Equation("J = (1/m) * the sum of the losses of all examples", (1243,)),
}


class Sheet(NamedTuple):
    """What a forward pass has worked out. Lists are counted as in the notes: W[1] is the first, A[0] is X.

    A backward pass goes on from there: `grads` are what it has so far, and `rate` is the one at which weights are
    updated, where that is done too early.
    """

    problem: Problem
    W: list[Array]
    b: list[Array]
    Z: list[Array]
    A: list[Array]
    grads: Gradients
    J: float = 0.0
    above: Array = NOTHING  # dA[L], with which the way back begins
    rate: float = 0.0

    @classmethod
    def of(cls, problem: Problem) -> Sheet:
        """Before anything is worked out."""
        params, sizes = problem.params, problem.net.sizes
        W = [params[f"W{l}"] for l in range(1, len(sizes))]
        b = [np.zeros((width, 1)) + params.get(f"b{l}", 0.0) for l, width in enumerate(sizes[1:], 1)]
        return cls(problem, [NOTHING, *W], [NOTHING, *b], [problem.X], [problem.X], {})

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.problem.m

    def g(self, l: int) -> Activation:
        """The activation of layer l."""
        return self.problem.net.activations[l - 1]


Step: TypeAlias = Callable[[Sheet, int, Array], Array]  # of the layer l, from what arrives there
Wrong: TypeAlias = Callable[[Step, Sheet, int, Array], Array]  # the same, beside the step that it stands for
Parts: TypeAlias = dict[str, Wrong]


@dataclass(frozen=True)
class Pass:
    """Forward and backward, step by step, each as in `EQUATIONS`."""

    sums: Step = lambda s, l, A: s.W[l] @ A + s.b[l]
    error: Step = lambda s, l, dA: passed_back(s.g(l), s.Z[l], dA)
    weights: Step = lambda s, l, dZ: dZ @ s.A[l - 1].T / s.m
    biases: Step = lambda s, l, dZ: dZ.sum(axis=1, keepdims=True) / s.m
    back: Step = lambda s, l, dZ: s.W[l].T @ dZ
    through: Step = lambda s, l, dA: passed_back(s.g(l), s.Z[l], dA)
    decay: Step = lambda s, l, W: s.problem.decay(W)
    decay_of_biases: Step = lambda s, l, b: np.zeros_like(b)
    handed_in: Callable[[Sheet, int, Gradients], Gradients] = lambda s, l, grads: grads

    def forward(self, problem: Problem) -> Sheet:
        """The way up; raises ValueError where shapes do not fit, as NumPy does."""
        s, formula = Sheet.of(problem), loss_of(problem.loss).formula
        for l in range(1, problem.depth + 1):
            s.Z.append(self.sums(s, l, s.A[-1]))
            s.A.append(activate(s.g(l), s.Z[l]))
        given = {"p": s.A[-1], "y": problem.Y}
        J = float(np.sum(evaluate(formula, **given))) / s.m + problem.penalised
        return s._replace(J=J, above=slope_of(formula, "p", **given))

    def backward(self, sheet: Sheet, rate: float = 0.0) -> Gradients:
        """The way back; raises ValueError as the way up does."""
        s = sheet._replace(W=[*sheet.W], grads={}, rate=rate)
        dZ = self.error(s, s.problem.depth, s.above)
        for l in range(s.problem.depth, 0, -1):
            s.grads[f"W{l}"] = _plus(self.weights(s, l, dZ), self.decay(s, l, s.W[l]))
            s.grads[f"b{l}"] = _plus(self.biases(s, l, dZ), self.decay_of_biases(s, l, s.b[l]))
            if l > 1:
                dZ = self.through(s, l - 1, self.back(s, l, dZ))
        return self.handed_in(s, 0, _kept(s.problem, s.grads))

    def run(self, problem: Problem, rate: float = 0.0) -> Answer:
        """Both ways."""
        sheet = self.forward(problem)
        return Answer(sheet.J, self.backward(sheet, rate))


def _plus(a: Array, b: Array) -> Array:
    """The sum, b left out where it is nothing, so that a keeps whatever shape it has."""
    return a + b if np.any(b) else a


def _kept(problem: Problem, grads: Gradients) -> Gradients:
    """Those by parameters that there are; by a bias that a layer shares it is the sum over its neurons."""
    kept = {name: grads[name] for name in problem.params}
    if problem.net.bias == "shared":
        kept |= {name: db.sum(axis=0, keepdims=True) for name, db in kept.items() if name.startswith("b")}
    return kept


RIGHT = Pass()


def spoilt(parts: Parts, layer: int | None = None, of: Pass = RIGHT) -> Pass:
    """A pass with some of its steps gone wrong, in all layers or in this one alone."""

    def wrong(was: Step, part: Wrong) -> Step:
        return lambda s, l, x: part(was, s, l, x) if layer in (None, l) else was(s, l, x)

    steps: dict[str, Any] = {name: wrong(getattr(of, name), part) for name, part in parts.items()}
    return replace(of, **steps)


_SIZES = spoilt(
    {
        "error": lambda was, s, l, dA: np.abs(was(s, l, dA)),
        "weights": lambda was, s, l, dZ: dZ @ np.abs(s.A[l - 1]).T / s.m,
        "back": lambda was, s, l, dZ: np.abs(s.W[l]).T @ dZ,
        "through": lambda was, s, l, dA: np.abs(was(s, l, dA)),
        "decay": lambda was, s, l, W: np.abs(was(s, l, W)),
    }
)


def sizes(sheet: Sheet, right: Gradients) -> dict[str, float]:
    """How large the terms are that the entries of each array are sums of: the scale on which rounding is to be seen."""
    terms = _SIZES.backward(sheet)
    return {name: max(largest(right[name]), largest(terms[name])) for name in right}


def largest(array: Array) -> float:
    """The largest entry without its sign, of those that are finite; 0 if there is none."""
    finite = array[np.isfinite(array)]
    return float(np.abs(finite).max()) if finite.size else 0.0

"""Optimisers: how a gradient becomes a step. Imports clipping, schedules, settings, shapes; NumPy.

All parameters together are one vector θ, and g is the gradient of the loss there: first all of g, then θ ← θ + step.
A rule sees g, the rate η and what it remembers, never θ. What it remembers is a dictionary of arrays, given to each
step and returned by it anew, so that a descent can be put aside and taken up again without a bit of difference.

>>> rule = Momentum(beta=0.5)
>>> step, state = rule.step([8.0, -4.0], rule.start(2), rate=0.25)
>>> rule.step([0.0, 4.0], state, rate=0.25)
(array([-1. , -0.5]), {'v': array([4., 2.])})
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np

from autograd import WrongShape, require_choice, shorten

from .clipping import finite_vector
from .schedules import Schedule, schedule_of
from .settings import Flag, NotNegative, Positive, Settings, Share, Whole, checked
from .shapes import Array, require_finite, shape_of

State: TypeAlias = dict[str, Array]


class Rule(Settings, ABC):
    """A rule with its settings; `memory` names the vectors that it remembers, all of them 0 at the start."""

    memory: ClassVar[tuple[str, ...]] = ()

    def start(self, n: int) -> State:
        """What is remembered before the first of the updates of n parameters."""
        n = checked("n", n, Whole)
        return {name: np.zeros(n) for name in self.memory}

    def step(self, gradient: Any, state: State, rate: float) -> tuple[Array, State]:
        """What to add to the parameters, and what to remember; nothing that is given is changed.

        Raises WrongShape for a gradient that is no vector, or of another length than what is remembered, BadSetting for
        a rate below 0, and, while the parameters are still good, NonFinite for a gradient, a step or a memory with inf
        or nan.
        """
        g = finite_vector(gradient)
        self._expect_state(state, len(g))
        rate = checked("rate", rate, NotNegative)
        with np.errstate(over="ignore", invalid="ignore"):  # the next lines say it better than NumPy's warning
            step, state = self._update(g, state, rate)
        for name, array in {"step": step, **state}.items():
            require_finite(array, f"{name} of {self}", "clip the gradient, or lower the rate")
        return step, state

    @abstractmethod
    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        """The equations."""

    def restore(self, arrays: Mapping[str, Any], n: int) -> State:
        """What was remembered of n parameters, as `start` and `step` return it, from arrays or lists that were saved.

        Raises WrongShape for other arrays than this rule remembers, NonFinite and NotAScalar for what is in them.
        """
        self._expect_state(arrays, n)
        fix = "go back to what was saved before"
        return {name: finite_vector(arrays[name], name, fix).copy() for name in self.start(n)}

    def _expect_state(self, arrays: Mapping[str, Any], n: int) -> None:
        expected = {name: array.shape for name, array in self.start(n).items()}
        found = {name: shape_of(array) for name, array in arrays.items()}
        if found != expected:
            raise WrongShape(
                f"the memory of {self} for {n} parameters: given {_shapes(found)}, expected {_shapes(expected)}; "
                f"begin with start({n}), or give what was saved for the same network and the same optimiser"
            )


@dataclass(frozen=True)
class SGD(Rule):
    """step = −η·g.

    Whether it is batch, mini-batch or stochastic descent depends on the examples that g is the mean of. Source: the
    notes, lines 753, 958 and 1088; Robbins and Monro 1951.
    """

    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        return -rate * g, state


@dataclass(frozen=True)
class Momentum(Rule):
    """v ← β·v + g, step = −η·v.

    The rate stands outside the velocity, as in PyTorch: a new rate holds for the whole step. Source: Polyak 1964, Some
    methods of speeding up the convergence of iteration methods, the heavy ball.
    """

    beta: Share = 0.9
    memory = ("v",)

    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        v = self.beta * state["v"] + g
        return -rate * v, {"v": v}


@dataclass(frozen=True)
class Nesterov(Rule):
    """v ← β·v + g, step = −η·(g + β·v).

    The form of PyTorch, for which the gradient at the current parameters is enough: they are the ones that Sutskever's
    form looks ahead to. With u for −η·v, that form is u ← β·u − η·∇L(φ + β·u), φ ← φ + u, and at a constant rate
    θ = φ + β·u throughout. Source: Nesterov 1983; Sutskever, Martens, Dahl and Hinton 2013, On the importance of
    initialization and momentum in deep learning, equations 3 and 4; rewritten as in Bengio and others 2013,
    Advances in optimizing recurrent networks.
    """

    beta: Share = 0.9
    memory = ("v",)

    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        v = self.beta * state["v"] + g
        return -rate * (g + self.beta * v), {"v": v}


@dataclass(frozen=True)
class RMSProp(Rule):
    """s ← β·s + (1 − β)·g², step = −η·g / (√s + ε), entry by entry.

    Source: Tieleman and Hinton 2012, Neural networks for machine learning, lecture 6.5; ε outside the root, as in
    PyTorch.
    """

    beta: Share = 0.9
    epsilon: Positive = 1e-8
    memory = ("s",)

    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        s = self.beta * state["s"] + (1 - self.beta) * g**2
        return -rate * g / (np.sqrt(s) + self.epsilon), {"s": s}


@dataclass(frozen=True)
class Adam(Rule):
    """t ← t + 1, m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², step = −η·m̂ / (√v̂ + ε), entry by entry.

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) are means of all g and g² so far, whose weights add up to 1; without
    the bias correction, m̂ = m and v̂ = v, which start too close to 0. Source: Kingma and Ba 2015, Adam: a method for
    stochastic optimization, algorithm 1.
    """

    beta1: Share = 0.9
    beta2: Share = 0.999
    epsilon: Positive = 1e-8
    bias_correction: Flag = True
    memory = ("m", "v")

    def start(self, n: int) -> State:
        """What is remembered before the first of the updates of n parameters; t, their number, is an array too."""
        return super().start(n) | {"t": np.zeros(1)}

    def _update(self, g: Array, state: State, rate: float) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        v = self.beta2 * state["v"] + (1 - self.beta2) * g**2
        mean, square = (m / (1 - self.beta1**t), v / (1 - self.beta2**t)) if self.bias_correction else (m, v)
        return -rate * mean / (np.sqrt(square) + self.epsilon), {"m": m, "v": v, "t": t}


RULES: dict[str, type[Rule]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
}


class Optimiser(NamedTuple):
    """A rule, and the rate of each update."""

    rule: Rule
    schedule: Schedule


def optimiser(rule: str | Rule, *, rate: Schedule | float, **settings: Any) -> Optimiser:
    """A rule by its name and settings, or one that is made already, with a rate or a schedule of rates.

    >>> optimiser("adam", rate=0.01, beta1=0.8).rule
    Adam(beta1=0.8, beta2=0.999, epsilon=1e-08, bias_correction=True)

    Raises UnknownChoice for a rule or a setting that does not exist, BadSetting for numbers that cannot work.
    """
    schedule = schedule_of(rate)
    if isinstance(rule, Rule):
        valid: list[str] = []
    else:
        require_choice("optimiser", rule, RULES)
        valid = [field.name for field in fields(RULES[rule])]
    for name in settings:
        require_choice(f"setting of {shorten(rule)}", name, ["rate", *valid])
    return Optimiser(rule if isinstance(rule, Rule) else RULES[rule](**settings), schedule)


def _shapes(shapes: Mapping[str, tuple[int, ...] | None]) -> str:
    return ", ".join(f"{name} {shape or 'of no one shape'}" for name, shape in shapes.items()) or "nothing"

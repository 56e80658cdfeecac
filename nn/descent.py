"""Descent: the parameters of a network on their way down, one update after another. Imports what it is made of.

What an update needs is the vector of all parameters, what the optimiser remembers, and how many updates there were:
all of it plain arrays, so that a descent can be put aside and taken up again without a bit of difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TypeAlias

import numpy as np

from autograd import NonFinite
from autograd.readings.numpy import evaluate, slope_of

from .clipping import clip_by_norm
from .engines import Engine
from .history import Epoch
from .layers import MLP
from .losses import PENALTIES
from .optimisers import Rule
from .schedules import Schedule
from .settings import NotNegative, checked
from .shapes import Array

Examples: TypeAlias = tuple[Array, Array]
Measure: TypeAlias = Callable[[Array, Array], float | None]


class Decay:
    """What weights cost beside the loss, on the vector of all parameters; biases cost nothing."""

    def __init__(self, net: MLP, kind: str, strength: float) -> None:
        self.formula, self.strength = PENALTIES[kind], checked("strength", strength, NotNegative)
        weights = {w for layer in net.weights for row in layer for w in row}
        self.counts = np.array([float(value in weights) for value in net.parameters()])

    def cost(self, parameters: Array) -> float:
        """What all weights cost together."""
        return float(self.counts @ evaluate(self.formula, w=parameters, k=self.strength)) if self.strength else 0.0

    def slope(self, parameters: Array) -> Array:
        """Its derivative by each parameter."""
        if not self.strength:
            return np.zeros_like(parameters)
        slopes: Array = self.counts * slope_of(self.formula, "w", w=parameters, k=self.strength)
        return slopes


class Descent:
    """A network on its way down, whose Values hold the numbers it began with until `keep` is called."""

    def __init__(
        self, net: MLP, engine: Engine, rule: Rule, schedule: Schedule, decay: Decay, clip: float | None
    ) -> None:
        self.engine, self.rule, self.schedule, self.decay, self.clip = engine, rule, schedule, decay, clip
        self.values = net.parameters()
        self.parameters: Array = np.array([value.data for value in self.values])
        self.memory, self.updates, self.since = rule.start(len(self.values)), 0, perf_counter()

    @property
    def rate(self) -> float | None:
        """The learning rate of the last update."""
        return self.schedule(self.updates - 1) if self.updates else None

    def update(self, X: Array, Y: Array) -> float:
        """One update by these examples, and the loss before it; raises NonFinite, and makes none, where it explodes."""
        cost, gradient = self.engine.found(X, Y)
        cost += self.decay.cost(self.parameters)
        gradient = gradient + self.decay.slope(self.parameters)
        if not np.isfinite(cost):
            raise NonFinite(f"the loss is {cost}")
        if self.clip is not None:
            gradient = clip_by_norm(gradient, self.clip).gradient
        step, self.memory = self.rule.step(gradient, self.memory, self.schedule(self.updates))
        self.updates += 1
        self.parameters = self.parameters + step
        self.engine.load(self.parameters)
        return cost

    def epoch(
        self, learnt: Examples, held: Examples | None, measures: Mapping[str, Measure], losses: tuple[float, ...] = ()
    ) -> Epoch:
        """What there is to say after an epoch. Raises NonFinite where the cost is not finite."""
        cost = self.engine.cost(*learnt) + self.decay.cost(self.parameters)
        if not np.isfinite(cost):
            raise NonFinite(f"the cost is {cost}")
        X, Y = held or learnt
        outputs = self.engine.outputs(X) if measures else X
        found = {name: measure(outputs, Y) for name, measure in measures.items()}
        seconds, self.since = perf_counter() - self.since, perf_counter()
        return Epoch(
            cost,
            None if held is None else self.engine.cost(*held),
            losses,
            seconds,
            rate=self.rate,
            measures={name: float(number) for name, number in found.items() if number is not None},
        )

    def take_up(self, parameters: Array, memory: Mapping[str, Array], updates: int) -> None:
        """Go on from where another descent was. Raises WrongShape for arrays of another network or rule."""
        self.memory = self.rule.restore(memory, len(self.values))
        self.parameters, self.updates = parameters, updates
        self.engine.load(parameters)

    def keep(self, parameters: Array) -> None:
        """Put these numbers into the network's Values."""
        for value, number in zip(self.values, parameters.tolist(), strict=True):
            value.data = number

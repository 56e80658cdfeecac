"""Schedules: the learning rate η as a function of how many updates have been made. Imports settings.

The first update has number 0. A schedule is data, so that it can be compared, printed and sent to another process;
any other function of that number will do as well.

>>> slowly = WarmUp(2, Cosine(0.1, updates=4))
>>> [round(slowly(update), 4) for update in range(7)]
[0.05, 0.1, 0.1, 0.0854, 0.05, 0.0146, 0.0]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi
from typing import TypeAlias

from .settings import BadSetting, Factor, NotNegative, Positive, Settings, Whole

Schedule: TypeAlias = Callable[[int], float]


@dataclass(frozen=True)
class Constant(Settings):
    """η = rate, for every update; the notes have no other (lines 753, 960, 1088)."""

    rate: Positive

    def __call__(self, update: int) -> float:
        """The rate of the update of that number."""
        return self.rate


@dataclass(frozen=True)
class StepDecay(Settings):
    """η = rate · factorᵏ, where k = ⌊update / every⌋: the rate falls at once, after every so many updates."""

    rate: Positive
    every: Whole
    factor: Factor = 0.1

    def __call__(self, update: int) -> float:
        """The rate of the update of that number."""
        return float(self.rate * self.factor ** (update // self.every))


@dataclass(frozen=True)
class Exponential(Settings):
    """η = rate · factorᵘ after u updates: each rate is the same share of the one before."""

    rate: Positive
    factor: Factor

    def __call__(self, update: int) -> float:
        """The rate of the update of that number."""
        return float(self.rate * self.factor**update)


@dataclass(frozen=True)
class Cosine(Settings):
    """η = c·rate + (1 − c)·floor, where c = ½(1 + cos(π·u / updates)) after u updates: half a wave down to the floor.

    It stays at the floor afterwards. Raises BadSetting for a floor above the rate. Source: Loshchilov and Hutter 2017,
    SGDR, equation 5, without restarts.
    """

    rate: Positive
    updates: Whole
    floor: NotNegative = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.floor > self.rate:
            raise BadSetting(f"floor: given {self.floor}, expected at most the rate, {self.rate}; write floor=0.0")

    def __call__(self, update: int) -> float:
        """The rate of the update of that number."""
        c = (1 + cos(pi * min(update / self.updates, 1))) / 2
        return c * self.rate + (1 - c) * self.floor


@dataclass(frozen=True)
class WarmUp(Settings):
    """η rises in equal steps to the first rate of the schedule `then`, reached by the last of `updates`; then as that.

    The first update has a rate above 0, so that none is made for nothing. A number for `then` stays.
    Source: Goyal and others 2017, Accurate, Large Minibatch SGD, section 2.2, gradual warm-up.
    """

    updates: Whole
    then: Schedule

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "then", schedule_of(self.then))

    def __call__(self, update: int) -> float:
        """The rate of the update of that number."""
        if update < self.updates:
            return self.then(0) * ((update + 1) / self.updates)
        return self.then(update - self.updates)


def schedule_of(rate: Schedule | float) -> Schedule:
    """A schedule as it is, a number as the rate of every update.

    Raises BadSetting for what is neither a function nor a number above 0.
    """
    return rate if callable(rate) else Constant(rate)

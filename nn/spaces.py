"""Spaces: what a search may try for each setting, listed or drawn. Imports seeds, settings, autograd's errors; NumPy.

>>> axes = axes_of({"rate": logarithmic(0.001, 1.0), "neurons": [4, 8, 16]})
>>> planned(axes, tries=2, seed=1)
[{'rate': 0.0343135, 'neurons': 16}, {'rate': 0.00270694, 'neurons': 16}]
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sized
from collections.abc import Set as AnySet
from dataclasses import dataclass
from math import exp, floor, inf, isfinite, log, log10, prod
from numbers import Integral, Real
from typing import Annotated, Any, TypeAlias

import numpy as np

from autograd import TooMany, shorten

from .seeds import generator_of
from .settings import LARGEST, BadSetting, Bound, Positive, Settings, Whole, checked

Setting: TypeAlias = dict[str, Any]
Finite: TypeAlias = Annotated[float, Bound("a finite number", 0.0, lambda x: abs(x) <= LARGEST)]
Counted: TypeAlias = Annotated[int, Bound("a whole number below 10¹⁵", 1, lambda n: abs(n) < 10**15)]
Fixed: TypeAlias = Annotated[int, Bound("a whole number from 0", 0, lambda n: n >= 0)]
MOST = 1_000_000  # trials that a search may plan
DIGITS = 6  # of a drawn number, so that the one in a table is the one that was tried


class Axis(Settings, ABC):
    """What one setting may be; `size` says how many values that are, perhaps inf."""

    @property
    def size(self) -> float:
        """How many values there are."""
        return inf

    @abstractmethod
    def draw(self, generator: np.random.Generator) -> Any:
        """One of the values, at random."""


class Listed(Axis):
    """An axis whose values can be counted, from 0."""

    @abstractmethod
    def at(self, place: int) -> Any:
        """The value of that number."""

    def draw(self, generator: np.random.Generator) -> Any:
        """One of the values, each as likely as the others."""
        return self.at(int(generator.integers(int(self.size))))


@dataclass(frozen=True)
class Choices(Listed):
    """These values, in this order."""

    values: tuple[Any, ...]

    @property
    def size(self) -> float:
        """How many there are."""
        return len(self.values)

    def at(self, place: int) -> Any:
        """The value of that number."""
        return self.values[place]


@dataclass(frozen=True)
class whole(Listed):
    """A whole number from low to high, both included, each as likely as the others."""

    low: Counted
    high: Counted

    def __post_init__(self) -> None:
        super().__post_init__()
        _expect_rising(self.low, self.high)

    @property
    def size(self) -> float:
        """How many there are."""
        return self.high - self.low + 1

    def at(self, place: int) -> int:
        """The number of that place."""
        return self.low + place


@dataclass(frozen=True)
class between(Axis):
    """A number from low to high, every part of the way as likely as the others; drawn to about six digits."""

    low: Finite
    high: Finite

    def __post_init__(self) -> None:
        super().__post_init__()
        _expect_rising(self.low, self.high)

    def draw(self, generator: np.random.Generator) -> float:
        """A number, uniform."""
        share = generator.random()
        return _rounded(self.low * (1 - share) + self.high * share, min(self.high - self.low, LARGEST), self)


@dataclass(frozen=True)
class logarithmic(Axis):
    """A number from low to high, every factor as likely as the others, as suits a rate; drawn to about six digits.

    Of logarithmic(0.001, 0.1) one half lies below 0.01.
    """

    low: Positive
    high: Positive

    def __post_init__(self) -> None:
        super().__post_init__()
        _expect_rising(self.low, self.high)

    def draw(self, generator: np.random.Generator) -> float:
        """A number whose logarithm is uniform."""
        share = generator.random()
        drawn = exp(log(self.low) * (1 - share) + log(self.high) * share)
        return _rounded(drawn, min(drawn, self.high - self.low), self)


def _expect_rising(low: float, high: float) -> None:
    if not low < high:
        raise BadSetting(f"high: given {high}, expected a number above low, {low}; write the smaller one first")


def _rounded(drawn: float, scale: float, axis: between | logarithmic) -> float:
    """The number to so many digits of the scale, and within the axis."""
    return min(max(round(drawn, DIGITS - 1 - floor(log10(scale))), axis.low), axis.high)


def axes_of(space: Mapping[str, Any]) -> dict[str, Axis]:
    """For each setting what it may be: a list of choices, of which repeated ones count once, or an Axis as it is.

    Choices are what JSON can hold: numbers, texts, True, False, None, and lists of these, which become tuples.
    Raises BadSetting for anything else.
    """
    if not isinstance(space, Mapping) or not space:
        raise BadSetting(f"space: given {shorten(space)}, expected what to try; write {{'rate': [0.03, 0.1, 0.3]}}")
    for name in space:
        if not isinstance(name, str):
            raise BadSetting(f"space: given the name {shorten(name)}, expected the name of a setting, such as 'rate'")
    return {name: given if isinstance(given, Axis) else _choices(name, given) for name, given in space.items()}


def _choices(name: str, given: Any) -> Choices:
    listed = isinstance(given, Iterable) and isinstance(given, Sized)
    if not listed or isinstance(given, (str, bytes, Mapping, AnySet)):
        example = f"[{shorten(given)}]" if isinstance(given, (str, Real)) else "a list, in the order to try"
        raise BadSetting(f"{name}: given {shorten(given)}, expected a list of choices; write {example}")
    if not len(given):
        raise BadSetting(f"{name}: given no choices, expected one or more; leave it out, or list what to try")
    if len(given) > MOST:
        raise TooMany(f"{name}: given {len(given):,} choices, at most {MOST:,}; write whole(low, high), or fewer")
    plain = [_plain(name, choice) for choice in given]
    return Choices(tuple({json.dumps(choice): choice for choice in plain}.values()))


def _plain(name: str, choice: Any) -> Any:
    """The choice without NumPy's types, its lists as tuples, which nobody can change."""
    if isinstance(choice, (list, tuple)):
        return tuple(_plain(name, entry) for entry in choice)
    if choice is None or isinstance(choice, (bool, str)):
        return choice
    if isinstance(choice, np.bool_):
        return bool(choice)
    if isinstance(choice, Integral):
        return int(choice)
    if isinstance(choice, Real) and isfinite(float(choice)):
        return float(choice)
    raise BadSetting(
        f"{name}: given the choice {shorten(choice)}, expected finite numbers, texts, True, False, None, or lists of "
        "these; give what it is made of, and make it in the trial"
    )


def planned(axes: Mapping[str, Axis], tries: int | None = None, seed: int = 0) -> list[Setting]:
    """The settings to try, in order: every combination, the last setting changing first, or `tries` random ones.

    Random ones are different where the combinations can be counted, and all of them where there are no more. More
    tries of the same seed begin with the same settings.

    Raises BadSetting for every combination of what cannot be listed, TooMany for more than a million.
    """
    sizes = [axis.size for axis in axes.values()]
    size = inf if inf in sizes else prod(sizes)
    if tries is None:
        for name, axis in axes.items():
            if axis.size == inf:
                raise BadSetting(
                    f"{name}: {axis} has no end of values for a grid; write tries=20 for so many random ones, or a list"
                )
        if size > MOST:
            raise TooMany(f"space: {size:,} combinations, at most {MOST:,}; write tries=100 for so many random ones")
        return [_combination(axes, place) for place in range(int(size))]
    count, generator = checked("tries", tries, Whole, 20), generator_of(checked("seed", seed, Fixed))
    if size <= MOST:
        return [_combination(axes, place) for place in generator.permutation(int(size))[:count].tolist()]
    if count > MOST:
        raise TooMany(f"tries: given {count:,}, at most {MOST:,}")
    drawn: dict[Any, Setting] = {}
    while len(drawn) < count:
        settings = {name: axis.draw(generator) for name, axis in axes.items()}
        drawn.setdefault(len(drawn) if size == inf else json.dumps(settings), settings)
    return list(drawn.values())


def _combination(axes: Mapping[str, Axis], place: int) -> Setting:
    """The combination of that number, in the order of nested loops; every axis is Listed."""
    settings = {}
    for name, axis in reversed(list(axes.items())):
        assert isinstance(axis, Listed)
        place, digit = divmod(place, int(axis.size))
        settings[name] = axis.at(digit)
    return {name: settings[name] for name in axes}

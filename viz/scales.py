"""Scales: how far up an axis values stand, be they numbers, powers of ten or names. Imports shades and typeset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from numbers import Real
from typing import TypeAlias, TypeGuard

from .shades import label_of
from .typeset import number

Tick: TypeAlias = tuple[float, str]  # how far up it stands, and what is written there
FEW = 6  # different numbers that have a tick each
APART = 0.07  # between two ticks that both can be read


def spans_decades(numbers: Iterable[float]) -> bool:
    """Whether all are positive and the largest is a hundred times the smallest or more, inf and nan aside."""
    finite = [some for some in numbers if isfinite(some)]
    return bool(finite and 0 < min(finite) <= max(finite) / 100)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it stands on a scale of numbers; True and False do not, nor do inf and nan."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def key_of(value: object) -> str:
    """What equal choices share, 1 and 1.0 or two lists of the same."""
    return repr(float(value)) if is_number(value) else repr(value)


def choices_of(values: Iterable[object]) -> list[object]:
    """Each of the values once: numbers in order, then whatever else there is as it comes."""
    found = list({key_of(value): value for value in values}.values())
    return [*sorted(filter(is_number, found)), *(value for value in found if not is_number(value))]


def said(value: object) -> str:
    """A choice in a word or two."""
    return number(float(value)) if is_number(value) else label_of(str(getattr(value, "__name__", value)))


@dataclass(frozen=True)
class Scale:
    """How far up the values of an axis stand, from 0 to 1, and its ticks, no two of them too close to be read."""

    places: Mapping[str, float]
    ticks: tuple[Tick, ...]

    def at(self, value: object) -> float:
        """How far up this value stands, which is one of those that the scale was made for."""
        return self.places[key_of(value)]


def scale_of(values: Iterable[object]) -> Scale:
    """The scale of these values: of numbers, logarithmic if they span two decades, or of names, evenly spaced.

    As soon as one is no number all of them are names.
    """
    choices = choices_of(values)
    numbers = [float(choice) for choice in choices if is_number(choice)]
    if numbers and len(numbers) == len(choices):
        return _of_numbers(numbers)
    steps = [step / (len(choices) - 1) if len(choices) > 1 else 0.5 for step in range(len(choices))]
    places = dict(zip(map(key_of, choices), steps, strict=True))
    return Scale(places, _apart(zip(steps, map(said, choices), strict=True)))


def _of_numbers(numbers: Sequence[float]) -> Scale:
    """The scale of different numbers, in order."""
    logarithmic = spans_decades(numbers)
    measure = log10 if logarithmic else float
    low, high = measure(numbers[0]), measure(numbers[-1])

    def up(some: float) -> float:
        return (measure(some) - low) / (high - low) if low < high else 0.5

    whole = all(some.is_integer() for some in numbers)
    marks = numbers if len(numbers) <= FEW else _powers(low, high) if logarithmic else _round_numbers(low, high, whole)
    return Scale({key_of(some): up(some) for some in numbers}, _apart((up(mark), number(mark)) for mark in marks))


def _powers(low: float, high: float) -> list[float]:
    """The powers of ten from 10^low to 10^high."""
    return [10.0**power for power in range(ceil(low), floor(high) + 1)]


def _round_numbers(low: float, high: float, whole: bool) -> list[float]:
    """A handful of short numbers from low to high."""
    from matplotlib.ticker import MaxNLocator

    return [float(tick) for tick in MaxNLocator(6, integer=whole).tick_values(low, high) if low <= tick <= high]


def _apart(ticks: Iterable[Tick]) -> tuple[Tick, ...]:
    """Of ticks in order the first, and each that is far enough from the one before."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick[0] - kept[-1][0] >= APART:
            kept.append(tick)
    return tuple(kept)

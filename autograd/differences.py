"""Derivatives from values alone: central differences that choose their own step. Imports nothing."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, nan, ulp
from typing import NamedTuple

SHRINK = 1.6  # each step is so many times smaller than the one before
TRIES = 12
STARTS = (1e-1, 1e-3, 1e-5, 1e-7, 1e-9)  # of the size of x; a kink, a pole or a wave near x asks for the small ones


class Difference(NamedTuple):
    """A derivative found from values, how far it may be off, how much of that is their rounding, and the step."""

    derivative: float
    error: float = 0.0
    rounding: float = 0.0
    step: float = 0.0


def central_difference(f: Callable[[float], float], x: float) -> Difference:
    """f'(x) by central differences extrapolated to a step of 0.

    Steps shrink until the extrapolation stops getting better, which is where rounding takes over; so each coordinate
    finds its own. The derivative is nan where f has no finite values around x. Source: Ridders, "Accurate
    computation of F'(x) and F'(x)F''(x)", 1982.
    """
    if not isfinite(x):
        return Difference(nan, inf)
    sizes = {max(abs(x), 0.1), max(abs(x), 1e-290) if x else 0.1}
    found = [_extrapolated(f, x, start * size) for size in sorted(sizes, reverse=True) for start in STARTS]
    return min(found, key=lambda d: d.error / abs(d.derivative) if d.derivative else inf)


def _extrapolated(f: Callable[[float], float], x: float, step: float) -> Difference:
    """The same from one first step."""
    while not (isfinite(f(x + step)) and isfinite(f(x - step))):
        step /= 10
        if x + step == x:
            return Difference(nan, inf)
    best = Difference(nan, inf)
    before: list[float] = []
    for _ in range(TRIES):
        width = (x + step) - (x - step)  # as floats have it
        if not width:
            break
        ahead, behind = f(x + step), f(x - step)
        row = [(ahead - behind) / width]
        rounding = (ulp(ahead) + ulp(behind)) / step
        for power, coarser in enumerate(before, 1):
            factor = SHRINK ** (2 * power)
            row.append((factor * row[-1] - coarser) / (factor - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - coarser)) + rounding
            if error < best.error:
                best = Difference(row[-1], error, rounding, step)
        if before and abs(row[-1] - before[-1]) >= 2 * best.error:
            break
        before = row
        step /= SHRINK
    return best

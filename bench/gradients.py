"""Whether the contestants compute the same before anything is timed. Imports report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isnan

from report import Report

ENOUGH = 1e-9


def alike(report: Report, name: str, grads: Callable[[], Sequence[float]], expected: Sequence[float]) -> bool:
    """Say how far a contestant's gradients are from what is expected; one whose differ, or that fails, is left out."""
    try:
        difference = disagreement(expected, grads())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a compiled engine that panics raises no Exception
        report.note(f"left out: {name} fails, {type(error).__name__}: {error}"[:100])
        return False
    agrees = difference <= ENOUGH
    if not agrees:
        report.note(f"left out: the gradients of {name} are off by {difference:.0e} relative")
    return agrees


def disagreement(expected: Sequence[float], given: Sequence[float]) -> float:
    """The largest relative difference between two lists of numbers, inf if one of them is no number."""
    pairs = zip(expected, given, strict=True)
    return max((inf if isnan(a - b) else abs(a - b) / max(abs(a), abs(b)) for a, b in pairs if a != b), default=0.0)


def agreement(report: Report, names: Sequence[str]) -> None:
    """Say who agrees."""
    report.note(f"Checked before timing: all gradients agree to {ENOUGH:g} relative, for\n{', '.join(names)}.\n")

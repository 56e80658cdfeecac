"""What may explain somebody's gradients: each mistake, in each layer or in all, and two at once, with what it gives.

Imports mistakes, passes, problems, shapes, slips and witnesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import inf
from typing import NamedTuple, TypeAlias

import numpy as np

from .mistakes import MISTAKES
from .passes import RIGHT, Parts, Pass, Sheet, largest, sizes, spoilt
from .problems import Gradients, Problem
from .shapes import Array
from .slips import Mistake
from .witnesses import by_equations

ENOUGH = 1e-4  # of the size of an array's terms: single precision keeps far within it, and no mistake does
ROUNDING = 1e-9  # of the size of an array's terms: more than two ways of computing it differ by
USUAL = 2  # forms of a mistake that are tried together with another
LARGE = 20_000  # multiplications of one problem, beyond which two mistakes at once are not tried


class Evidence(NamedTuple):
    """What somebody got for a problem, None if nothing, beside what is right and how large the terms of it are."""

    sheet: Sheet
    J: float
    right: Gradients
    sizes: dict[str, float]
    given: Gradients | None

    @classmethod
    def of(cls, problem: Problem, given: Gradients | None) -> Evidence:
        """The evidence of one call."""
        J, right = by_equations(problem)
        with np.errstate(all="ignore"):
            sheet = RIGHT.forward(problem)
            return cls(sheet, J, right, sizes(sheet, right), given)

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.sheet.problem

    def off(self, name: str, expected: Array) -> float:
        """How far what was given is from what is expected, as a share of its terms; inf for another shape, or nan."""
        assert self.given is not None
        found = self.given[name]
        if found.shape != expected.shape:
            return inf
        with np.errstate(all="ignore"):
            off = float(np.abs(found - expected).max())
        size = max(self.sizes[name], largest(expected))
        share = off / size if size else off and inf
        return share if share == share else inf


Predicted: TypeAlias = Iterator[Gradients | None]  # for each problem in turn; None where NumPy raises


class Suspect(NamedTuple):
    """A way to explain: these mistakes, made in these forms, in one layer or in all."""

    mistakes: tuple[Mistake, ...]
    forms: tuple[Parts, ...]
    layer: int | None
    predicted: Callable[[Sequence[Evidence]], Predicted]


def singles(evidence: Sequence[Evidence]) -> Iterator[Suspect]:
    """Each mistake alone: in all layers, then in one."""
    depth, alike = evidence[0].problem.depth, len({tuple(each.problem.net.sizes) for each in evidence}) == 1
    for mistake in MISTAKES.values():
        if mistake.over is not None and alike:
            yield Suspect((mistake,), (), None, _over(mistake))
        for form, layer in product(mistake.forms, [None, *range(1, depth + 1)]):
            yield Suspect((mistake,), (form,), layer, _by(spoilt(form, layer), mistake.fitted))


def pairs(evidence: Sequence[Evidence]) -> Iterator[Suspect]:
    """Two mistakes, the second made on top of the first."""
    problem = evidence[0].problem
    if len(problem.net.parameters()) * problem.m > LARGE:
        return
    made = [(each, form) for each in MISTAKES.values() if not each.fitted for form in each.forms[:USUAL]]
    for (first, one), (second, other) in product(made, made):
        if first is not second:
            yield Suspect((first, second), (one, other), None, _by(spoilt(other, of=spoilt(one)), False))


def _by(wrong: Pass, fitted: bool) -> Callable[[Sequence[Evidence]], Predicted]:
    def predicted(evidence: Sequence[Evidence]) -> Predicted:
        rate = _rate(wrong, evidence) if fitted else 0.0
        return (_run(wrong, each, rate) for each in evidence)

    return predicted


def _over(mistake: Mistake) -> Callable[[Sequence[Evidence]], Predicted]:
    def predicted(evidence: Sequence[Evidence]) -> Predicted:
        assert mistake.over is not None
        return iter(mistake.over([each.right for each in evidence]))

    return predicted


def _run(wrong: Pass, each: Evidence, rate: float = 0.0) -> Gradients | None:
    try:
        with np.errstate(all="ignore"):
            sheet = each.sheet if wrong.sums is RIGHT.sums else wrong.forward(each.problem)
            return wrong.backward(sheet, rate)
    except ValueError:  # shapes that do not fit, as NumPy says it
        return None


def _rate(wrong: Pass, evidence: Sequence[Evidence]) -> float:
    """The rate that explains best the first array which is made wrong, for there the error is proportional to it."""
    for each in evidence:
        moved = _run(wrong, each, 1.0)
        if each.given is None or moved is None:
            continue
        for name in reversed(each.right):
            step = moved[name] - each.right[name]
            known = name in each.given and each.given[name].shape == step.shape
            if known and largest(step) > ROUNDING * each.sizes[name]:
                return float(np.sum((each.given[name] - each.right[name]) * step) / np.sum(step * step))
    return 0.0

"""The usual mistakes about the cost itself, as a table. Imports losses, problems and vectorized."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isclose, log
from typing import NamedTuple

import numpy as np

from autograd.readings.numpy import evaluate

from .losses import LOSSES
from .problems import Problem
from .suspects import ENOUGH, Evidence
from .vectorized import VectorizedMLP


class CostMistake(NamedTuple):
    """One way to get the cost wrong: what it `says`, and what it makes of the mean loss and of the penalty."""

    says: str
    cost: Callable[[Problem, float, float], float]


def _of_loss(name: str) -> Callable[[Problem, float, float], float]:
    """The cost that another loss gives."""

    def cost(problem: Problem, mean: float, penalty: float) -> float:
        A = VectorizedMLP.of(problem.net).forward(problem.X).A[-1]
        return float(np.sum(evaluate(LOSSES[name].formula, p=A, y=problem.Y))) / problem.m + penalty

    return cost


COST_MISTAKES: tuple[CostMistake, ...] = (
    CostMistake("it is the sum over the examples; divide by m", lambda p, mean, penalty: mean * p.m + penalty),
    CostMistake("it is divided by m twice", lambda p, mean, penalty: mean / p.m + penalty),
    CostMistake("its sign is turned", lambda p, mean, penalty: -mean + penalty),
    CostMistake("the regulariser is not added", lambda p, mean, penalty: mean),
    CostMistake("the regulariser has a factor ½", lambda p, mean, penalty: mean + penalty / 2),
    CostMistake("the regulariser is divided by m", lambda p, mean, penalty: mean + penalty / p.m),
    CostMistake("the regulariser is divided by 2m", lambda p, mean, penalty: mean + penalty / p.m / 2),
    CostMistake("it has a factor ½; the loss has none", lambda p, mean, penalty: mean / 2 + penalty),
    CostMistake("it is twice what it should be", lambda p, mean, penalty: mean * 2 + penalty),
    CostMistake(
        "it is the mean over the outputs as well; add those up",
        lambda p, mean, penalty: mean / p.net.sizes[-1] + penalty,
    ),
    CostMistake(
        "the logarithm is to the base 2; take the natural one", lambda p, mean, penalty: mean / log(2) + penalty
    ),
    CostMistake(
        "the logarithm is to the base 10; take the natural one", lambda p, mean, penalty: mean / log(10) + penalty
    ),
    *(CostMistake(f"it is the {name.replace('_', ' ')}", _of_loss(name)) for name in LOSSES),
)


def about_cost(evidence: Sequence[Evidence], given: Sequence[float | None]) -> str:
    """What the mistake about the cost says that gives these in all calls; nothing if there is none."""
    pairs = [(each, loss) for each, loss in zip(evidence, given, strict=False) if loss is not None]
    for mistake in COST_MISTAKES:
        if all(isclose(loss, _mistaken(mistake, each), rel_tol=ENOUGH) for each, loss in pairs):
            return mistake.says
    return ""


def _mistaken(mistake: CostMistake, each: Evidence) -> float:
    penalty = each.problem.penalised
    return mistake.cost(each.problem, each.J - penalty, penalty)

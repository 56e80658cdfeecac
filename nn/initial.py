"""Initial weights: by name, or by any function of sizes and a generator. Imports autograd's errors, shapes, NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from numpy.random import Generator

from autograd import UnknownChoice

from .settings import Positive, checked
from .shapes import Matrix

Initial: TypeAlias = Callable[[Sequence[int], Generator], Sequence[Matrix]]  # a matrix (targets, sources) per layer


def zeros(sizes: Sequence[int], generator: Generator) -> list[Matrix]:
    """Weights of 0: neurons of one layer then stay alike for ever, which is worth seeing once."""
    return [[[0.0] * n for _ in range(m)] for n, m in pairwise(sizes)]


def uniform(reach: float) -> Initial:
    """Weights drawn evenly from −reach to reach: `MLP(4, [3, 1], init=uniform(0.1))`; "uniform" is uniform(1).

    Raises BadSetting for a reach that is not above 0.
    """
    r = checked("reach", reach, Positive)
    return lambda sizes, generator: [generator.uniform(-r, r, (m, n)).tolist() for n, m in pairwise(sizes)]


def xavier(sizes: Sequence[int], generator: Generator) -> list[Matrix]:
    """Weights drawn evenly from ±√(6 / (sources + targets)), for sigmoid and tanh (Glorot and Bengio 2010)."""
    drawn: list[Matrix] = []
    for n, m in pairwise(sizes):
        reach = (6 / (n + m)) ** 0.5
        drawn.append(generator.uniform(-reach, reach, (m, n)).tolist())
    return drawn


def he(sizes: Sequence[int], generator: Generator) -> list[Matrix]:
    """Weights from a normal distribution of deviation √(2 / sources), for relu (He and others 2015)."""
    return [generator.normal(0.0, (2 / n) ** 0.5, (m, n)).tolist() for n, m in pairwise(sizes)]


INITIAL: dict[str, Initial] = {"zeros": zeros, "uniform": uniform(1.0), "xavier": xavier, "he": he}


def initial_of(init: Any) -> Initial:
    """The function of that name, or the function itself; raises UnknownChoice for anything else."""
    if isinstance(init, str) and init in INITIAL:
        return INITIAL[init]
    if not callable(init):
        raise UnknownChoice("init", init, [*INITIAL, "or a function of sizes and a generator"])
    found: Initial = init
    return found

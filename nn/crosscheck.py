"""The gradients of one problem by every witness, entry by entry. Imports layers, marking, passes, witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np

from autograd import NotAScalar, require_choice, shorten

from .layers import MLP
from .marking import compared, examined, series, square
from .marks import Marks
from .passes import RIGHT, sizes
from .problems import Answer, Problem, agreeing_digits
from .shapes import Array
from .witnesses import WITNESSES

SWEEP = "scalar sweep"  # which the others are held against
EXACT = 1e-12  # the share of an array's terms that the rounding of a good method may cost


@dataclass(frozen=True)
class Row:
    """One array compared: what the scalar sweep found, and what each of the others did.

    It speaks of the one that departs most, for what it can do: `by` is its name, `index` the entry (row, column, from
    0) of the largest difference. The relative one is a share of the array's `size`, that of the terms which its entries
    are sums of: where these cancel, an entry near 0 carries their rounding and says nothing by itself.
    """

    array: str
    scalar: Array
    others: Mapping[str, Array]
    size: float

    def differences_of(self, witness: str) -> Array:
        """|scalar - that witness|, entry by entry."""
        return np.abs(self.scalar - self.others[witness])

    def relative_of(self, witness: str) -> float:
        """That witness's largest difference, as a share of the array's terms; 0 where there is none."""
        absolute = float(self.differences_of(witness).max())
        return absolute / self.size if self.size else inf if absolute > 0 else absolute

    def agrees(self, tolerance: float) -> bool:
        """Whether each agrees to this share of the terms, or to what it can do; nan never does."""
        return all(self.relative_of(name) <= max(tolerance, WITNESSES[name].precision) for name in self.others)

    @property
    def by(self) -> str:
        """The witness that departs most; none if there is no other."""
        return max(self.others, key=lambda name: _worst(self._excess(name)), default="")

    def _excess(self, name: str) -> float:
        return self.relative_of(name) / max(EXACT, WITNESSES[name].precision)

    @property
    def differences(self) -> Array:
        """Its differences, entry by entry."""
        return self.differences_of(self.by) if self.by else np.zeros_like(self.scalar)

    @property
    def absolute(self) -> float:
        """The largest of them."""
        return float(self.differences.max())

    @property
    def relative(self) -> float:
        """The same as a share of the terms."""
        return self.relative_of(self.by) if self.by else 0.0

    @property
    def index(self) -> tuple[int, ...]:
        """Where it stands."""
        return tuple(map(int, np.unravel_index(np.argmax(self.differences), self.differences.shape)))


@dataclass(frozen=True)
class Report:
    """What `crosscheck` found: a row per array, each witness's cost, and who was `left_out` and why.

    Where somebody's own gradients were given, `marks` is what there is to say about them. True where all agree; `str()`
    prints it as tables.
    """

    rows: tuple[Row, ...]
    costs: Mapping[str, float]
    left_out: Mapping[str, str]
    marks: Marks | None = None

    @property
    def largest(self) -> Row:
        """The array with the largest difference, for what its witness can do."""
        return max(self.rows, key=lambda row: _worst(row._excess(row.by) if row.by else 0.0))

    @property
    def digits(self) -> Mapping[str, int]:
        """In how many digits each witness agrees with the scalar sweep, in every array and in the cost."""
        names = [name for name in self.costs if name != SWEEP]
        return {name: min(map(agreeing_digits, (self._cost_off(name), *self._off(name)))) for name in names}

    def _off(self, name: str) -> list[float]:
        return [row.relative_of(name) for row in self.rows]

    def _cost_off(self, name: str) -> float:
        cost, other = self.costs[SWEEP], self.costs[name]
        return abs(cost - other) / max(abs(cost), abs(other)) if cost != other else 0.0

    def agrees(self, tolerance: float = EXACT) -> bool:
        """Whether all agree in every array, to this share of its terms, and in the cost; nan never does.

        Of differences no more is asked than they can do. Somebody's own gradients are right if their marks say so.
        """
        costs = (self._cost_off(name) <= max(tolerance, WITNESSES[name].precision) for name in self.digits)
        marked = self.marks is None or self.marks.is_right
        return marked and all(row.agrees(tolerance) for row in self.rows) and all(costs)

    def __bool__(self) -> bool:
        return self.agrees()

    def __str__(self) -> str:
        lines = [f"{'array':<6}{'shape':<9}{'largest difference':<20}{'relative':<10}{'at':<10}by"]
        for row in self.rows:
            shape, at = "×".join(map(str, row.scalar.shape)), str(row.index)
            lines.append(f"{row.array:<6}{shape:<9}{row.absolute:<20.1e}{row.relative:<10.1e}{at:<10}{row.by}")
        wide = max(map(len, (*self.costs, *self.left_out)))
        lines += [f"\n{SWEEP:<{wide}}  J = {self.costs[SWEEP]:.10g}, with which agree"]
        lines += [f"{name:<{wide}}  in {count} digits" for name, count in self.digits.items()]
        lines += [f"{name:<{wide}}  left out: {why}" for name, why in self.left_out.items()]
        agree = replace(self, marks=None).agrees()
        lines.append("all agree" if agree else f"{self.largest.by} DISAGREES, most in {self.largest.array}")
        return "\n".join([*lines, *([] if self.marks is None else [f"\nyours: {self.marks}"])])


def crosscheck(
    given: MLP | Callable[..., Any] | Mapping[str, Any],
    X: Any,
    Y: Any,
    loss: str = "squared_error",
    *,
    net: MLP | None = None,
    penalty: str = "l2",
    strength: float = 0.0,
    by: Iterable[str] | None = None,
) -> Report:
    """Compare the scalar graph's gradients with those of every other witness, for the mean loss over examples.

    X is (n₀, m) and Y (n_L, m), one example per column; a flat list is one example. The witnesses are all of
    `WITNESSES`, or those named in `by`; one that would take too long, or is not installed, is left out and says why.

    What is given is a network; or gradients of the network `net`, by default the notes' with 4 hidden sigmoids, which
    are marked as well: arrays by the names W1, b1, …, or a function of params, X and Y that returns the loss and
    these. A function is also called for other numbers, and a mistake that gives just its gradients is named.

    No `.grad` is touched. Raises WrongShape for other shapes, UnknownChoice for a loss, a penalty or a witness that
    does not exist, NotAScalar for gradients that are neither.
    """
    if not isinstance(given, (MLP, Mapping)) and not callable(given):
        raise NotAScalar(f"crosscheck: given {shorten(given)}, expected a network, a function, or gradients by name")
    if isinstance(given, MLP):
        net = given
    elif net is None:
        inputs, outputs = (len(each) if hasattr(each, "__len__") else 1 for each in (X, Y))
        net = MLP(inputs, [4, outputs])
    problem = Problem.of(net, X, Y, loss, penalty, strength)
    names = list(WITNESSES) if by is None else list(by)
    for name in names:
        require_choice("witness", name, WITNESSES)
    excuses = {name: WITNESSES[name].excuse(problem) for name in names}
    heard = dict.fromkeys([SWEEP, *(name for name in names if not excuses[name])])
    found = {name: WITNESSES[name].find(problem) for name in heard}
    costs = {name: answer.loss for name, answer in found.items()}
    left_out = {name: why for name, why in excuses.items() if why}
    return Report(_rows(problem, found), costs, left_out, _marks(given, problem))


def _rows(problem: Problem, found: Mapping[str, Answer]) -> tuple[Row, ...]:
    right = found[SWEEP].grads
    with np.errstate(all="ignore"):
        size = sizes(RIGHT.forward(problem), right)
    others = {name: answer.grads for name, answer in found.items() if name != SWEEP}
    return tuple(Row(array, right[array], {name: grads[array] for name, grads in others.items()}, size[array])
                 for array in right)  # fmt: skip


def _marks(given: Any, problem: Problem) -> Marks | None:
    if isinstance(given, MLP):
        return None
    return compared(given, problem) if isinstance(given, Mapping) else examined(given, series(problem), square(problem))


def _worst(size: float) -> tuple[bool, float]:
    """To rank by: nan is worse than any number."""
    return size != size, size

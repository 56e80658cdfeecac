"""Four ways to a derivative that do not use the sweep, for `check`.

Imports algebras, differences, graph, hazards, ops, plain, readings.complexes, readings.precise, sweep and value.

Forward mode walks the same edges the other way. A complex step, differences and mpmath know nothing of the table's
partials: they evaluate results only, on the graph replayed with other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from typing import Any, NamedTuple

from .algebras import DERIVATIVES
from .differences import Difference, central_difference
from .errors import NonFinite
from .graph import Graph
from .hazards import is_finite
from .ops import Op
from .plain import as_float
from .readings.complexes import complex_rule
from .readings.precise import precise_rule
from .sweep import pushed
from .value import Value

TINY = 1e-20  # the complex step, of the size of x: its square vanishes beside 1


class Subject(NamedTuple):
    """What is checked: y as it was made from its leaves, and a way to make it again from other numbers."""

    y: Value
    leaves: Sequence[Value]
    rebuilt: Callable[..., Value]

    def at(self, slot: int, number: float) -> Value:
        """The graph again with another number in one of its leaves."""
        numbers = [float(leaf) for leaf in self.leaves]
        numbers[slot] = number
        return self.rebuilt(*numbers)


def replay(y: Value, leaves: Sequence[Value], numbers: Sequence[Any], rule_of: Callable[[Op], Any]) -> Any:
    """What y's graph gives for other numbers in its leaves, each primitive computed by the rule that is asked for."""
    held: dict[Value, Any] = dict(zip(leaves, numbers, strict=True))
    for node in Graph(y):
        if node.op is None or not node.operands:
            held.setdefault(node, node.data)
        else:
            operands = [held[o] if isinstance(o, Value) else o for o in node.operands]
            held[node] = rule_of(node.op)(*node.op.by_symbol(operands).values())
    return held[y]


def forward_mode(subject: Subject, slot: int) -> Difference:
    """The derivative carried upward along the edges."""
    seed: dict[Value, float] = {subject.leaves[slot]: 1}
    return Difference(as_float(pushed(Graph(subject.y), DERIVATIVES, seed).get(subject.y, 0)))


def complex_step(subject: Subject, slot: int) -> Difference | None:
    """The imaginary part of the result, where the leaf has a tiny one; None where complex functions give up."""
    numbers = [complex(float(leaf)) for leaf in subject.leaves]
    step = TINY * (abs(numbers[slot]) or 1.0)
    numbers[slot] += 1j * step
    try:
        return Difference(complex(replay(subject.y, subject.leaves, numbers, complex_rule)).imag / step)
    except (ArithmeticError, ValueError):
        return None


def differences(subject: Subject, slot: int) -> Difference:
    """Central differences of the function itself."""

    def value(x: float) -> float:
        try:
            return float(subject.at(slot, x))
        except NonFinite:  # strict, and x has left the domain
            return nan

    return central_difference(value, float(subject.leaves[slot]))


def by_mpmath(subject: Subject, slot: int) -> Difference | None:
    """A central difference to 50 digits; None where mpmath is not installed, or the graph leaves the real numbers."""
    try:
        import mpmath
    except ImportError:
        return None
    if not all(is_finite(node.data) for node in Graph(subject.y)):
        return None  # numbers of any size would be computed for ever
    numbers: list[Any] = [mpmath.mpf(float(leaf)) for leaf in subject.leaves]

    def value(x: Any) -> Any:
        return replay(subject.y, subject.leaves, [*numbers[:slot], x, *numbers[slot + 1 :]], precise_rule)

    try:
        with mpmath.workdps(50):
            x = numbers[slot]
            step = (abs(x) or 1) * mpmath.mpf(10) ** -20
            ahead, behind = value(x + step), value(x - step)
            rounding = float((abs(ahead) + abs(behind)) * mpmath.eps / step)
            return Difference(float((ahead - behind) / (2 * step)), rounding, rounding, float(step))
    except (ArithmeticError, ValueError, TypeError):
        return None


METHODS: dict[str, Callable[[Subject, int], Difference | None]] = {
    "forward mode": forward_mode,
    "complex step": complex_step,
    "differences": differences,
    "mpmath": by_mpmath,
}

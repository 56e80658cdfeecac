"""Are these derivatives right? The sweep against four other ways of finding them.

Imports algebras, derivatives, differences, evidence, functions, graph, hazards, plain, sweep and value.

Forward mode walks the same edges the other way. A complex step, differences and mpmath know nothing of the table's
partials: they evaluate results only.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import log10
from typing import NamedTuple

from .algebras import SIZES
from .derivatives import gradients
from .differences import Difference
from .errors import NotAScalar, WrongShape, shorten
from .evidence import METHODS, Subject, replay
from .functions import record
from .graph import Graph, describe, label
from .hazards import STEP, first_nonfinite, is_finite, kinks
from .plain import as_float, as_number
from .sweep import on_locals, totals
from .value import Value

EPSILON = sys.float_info.epsilon
ENOUGH = 6  # digits; differences of doubles give about 10, and a wrong derivative hardly ever more than 1
ALL = 16  # digits that a float has


class Row(NamedTuple):
    """One derivative found another way: in how many digits it agrees with the sweep, and what keeps it from more."""

    of: str
    method: str
    derivative: float
    swept: float
    digits: int
    why: str

    @property
    def agrees(self) -> bool:
        """Whether it confirms the sweep, or there is a reason why it cannot."""
        return self.digits >= ENOUGH or bool(self.why)


class Check(NamedTuple):
    """What `check` found: the function's value, a row per coordinate and method, and remarks on the whole."""

    value: float
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether no method contradicts the sweep."""
        return all(row.agrees for row in self.rows)

    @property
    def digits(self) -> int:
        """The digits in which all methods agree with the sweep."""
        return min((row.digits for row in self.rows), default=ALL)

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        wide = max([len(row.of) for row in self.rows] + [1])
        lines, of = [f"{'':<{wide}}  {'method':<13}{'derivative':>23}  digits"], ""
        for row in self.rows:
            if row.of != of:
                lines.append(f"{row.of:<{wide}}  {'sweep':<13}{row.swept!r:>23}")
            of = row.of
            mark = "" if row.agrees else "  disagrees"
            lines.append(f"{'':<{wide}}  {row.method:<13}{row.derivative!r:>23}  {row.digits:>6}{mark}")
            lines += [f"{'':<{wide}}    {row.why}"] if row.why else []
        explained = any(row.digits < ENOUGH for row in self.rows)
        verdict = "no method contradicts the sweep" if explained else f"all agree in {self.digits} digits or more"
        lines += [*self.remarks, f"value {self.value!r}: {verdict if self.agrees else 'the derivatives DISAGREE'}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)


def check(f: Callable[..., Value] | Value, *points: float) -> Check:
    """Compare ∂f/∂x, for each x of f(x₁, x₂, …) at these points, with what other methods find.

    f takes as many Values as there are points and returns one; or it is a Value, and its leaves are the x. The
    sweep is compared with forward mode, a complex step, central differences with a step of their own for each
    coordinate and, where mpmath is installed, with differences to 50 digits. Each row says in how many digits it
    agrees and what keeps it from more: a kink, cancellation, overflow.

    Raises NotAScalar for an f that gives no Value, WrongShape for another number of points than f takes.
    """
    if isinstance(f, Value) and points:
        raise WrongShape("check: a Value is checked at its own leaves; give a function to check it at other points")
    subject = _graph(f) if isinstance(f, Value) else _call(f, points)
    if not subject.leaves:
        raise WrongShape("check: there is nothing to differentiate by; give a point for each parameter of a function")
    graph = Graph(subject.y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the remarks say it
        swept = [as_float(slope) for slope in gradients(subject.y, subject.leaves)]
    rows: list[Row] = []
    for slot, (leaf, derivative) in enumerate(zip(subject.leaves, swept, strict=True)):
        for method, find in METHODS.items():
            if (found := find(subject, slot)) is not None:
                digits = _digits(found.derivative, derivative)
                why = _why(subject, slot, found, derivative) if digits < ENOUGH else ""
                rows.append(Row(label(leaf), method, found.derivative, derivative, digits, why))
    return Check(float(subject.y), tuple(rows), tuple(_remarks(graph)))


def _graph(y: Value) -> Subject:
    """A graph that is there already, made again by replaying it."""
    leaves = [leaf for leaf in Graph(y).leaves if leaf.op is None]
    return Subject(y, leaves, lambda *at: replay(y, leaves, [Value(x) for x in at], lambda op: partial(record, op)))


def _call(f: Callable[..., Value], points: Sequence[float]) -> Subject:
    """The function at the points, its leaves called as its parameters are."""
    from inspect import signature

    if not callable(f):
        raise NotAScalar(f"check: given {shorten(f)}, expected a function of Values and the points, check(f, 1.0, 2.0)")
    try:
        bound = signature(f).bind(*points)
        names = [name for name, given in bound.arguments.items() if not isinstance(given, tuple)]
    except TypeError as error:
        raise WrongShape(f"check: {len(points)} points, but {error}; give one point for each parameter") from None
    except ValueError:  # a function of Python's own, which does not tell
        names = []
    names += [f"x{place}" for place in range(len(names) + 1, len(points) + 1)]
    leaves = [Value(as_number(x, "check"), name) for x, name in zip(points, names, strict=True)]
    y = f(*leaves)
    if not isinstance(y, Value):
        raise NotAScalar(f"check: the function gave {shorten(y)}, expected one Value; check one output at a time")
    return Subject(y, leaves, lambda *at: f(*map(Value, at)))


# The same with each local derivative off by a rounding error of 1.
ROUNDED = SIZES._replace(weigh=on_locals(lambda local: abs(local) + 2 * EPSILON))


def _digits(a: float, b: float) -> int:
    """In how many leading digits two numbers agree, 16 at most."""
    if a == b or (a != a and b != b):
        return ALL
    if not (is_finite(a) and is_finite(b)):
        return 0
    relative = abs(a - b) / max(abs(a), abs(b))
    return max(0, min(ALL, int(-log10(relative)))) if is_finite(relative) else 0


def _why(subject: Subject, slot: int, found: Difference, swept: float) -> str:
    """What keeps a method from more digits than it has; nothing if nothing excuses it."""
    graph, leaf = Graph(subject.y), subject.leaves[slot]
    below = graph.above([leaf])
    if not (is_finite(found.derivative) and is_finite(swept)):
        return "not every number on the way is finite"
    if rough := [node for node in kinks(graph) if node in below]:
        return f"kink: {describe(rough[0])} is not smooth right here, so each side has a derivative of its own"
    sizes = float(totals(graph, SIZES).get(leaf, 0))
    if abs(found.derivative - swept) <= 1e-14 * sizes:
        return f"cancellation: paths that add up to {sizes:.3g} in size leave {swept:.3g}, and rounding does the rest"
    if abs(found.derivative - swept) <= float(totals(graph, ROUNDED).get(leaf, 0)) - sizes:
        return "cancellation: a local derivative such as 1 − z² of a z near 1 keeps no digits this far out"
    if found.step and _bent(subject, slot, found.step):
        return f"kink: one lies within the step {found.step:.1g} of the differences, so they see both of its sides"
    if abs(found.derivative - swept) <= 4 * found.error:
        if found.error <= 100 * found.rounding:
            return f"cancellation: the values differ in their last digits only; off by {found.error:.1g} at most"
        return f"the differences do not settle, as beside a pole; off by {found.error:.1g} at most"
    return ""


def _bent(subject: Subject, slot: int, step: float) -> bool:
    """Whether some node with a kink stands on another side of it at the two ends of the step."""
    x = float(subject.leaves[slot])
    ahead, behind = (
        [node.partials for node in Graph(subject.at(slot, end)) if node.op is not None and node.op.has_kink]
        for end in (x + step, x - step)
    )
    return ahead != behind


def _remarks(graph: Graph[Value]) -> Iterator[str]:
    broken = first_nonfinite(graph)
    if broken is not None:
        yield broken.lesson
    for node in graph:
        if node.op is STEP:
            yield f"{describe(node)} passes no gradient: 0 is its derivative on both sides, and nothing learns from it"

"""Where derivatives break: numbers that are not finite, kinks, and steps.

Imports caller, graph, ops, plain, readings.values, scope and value.

Arithmetic goes on where it breaks, as IEEE's does; here the first node that broke is found and called by its name.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple

from .caller import calling
from .errors import NoGradientWarning, NonFinite, NonFiniteWarning, is_node
from .graph import Edge, Graph, as_graph, describe, label, where_made
from .ops import TABLE
from .plain import brief
from .readings.values import is_smooth
from .scope import watched
from .value import Value


class Breakdown(NamedTuple):
    """The first place where a graph holds something that is no finite number: a node, or an edge out of it."""

    node: Any
    edge: Edge[Any] | None
    lesson: str


def is_finite(number: float) -> bool:
    """Whether it is neither inf nor nan; fractions of any size are finite."""
    return number - number == 0


def first_nonfinite(graph: Graph[Any] | Value) -> Breakdown | None:
    """The first node whose value is inf or nan though its operands are finite; else the first such derivative.

    None where every value and every local derivative is finite.
    """
    graph = as_graph(graph, "first_nonfinite")
    for node in graph:
        if not is_finite(node.data):
            return Breakdown(node, None, f"{_computed(node)}, the first number that is not finite. {_fix(node)}")
    for edge in graph.edges():
        if not is_finite(edge.local):
            where = f"{_computed(edge.node)}, but its derivative by {label(edge.parent)} is {brief(edge.local)}"
            return Breakdown(edge.node, edge, f"{where}, the first that is not finite. {_fix(edge.node)}")
    return None


def _computed(node: Any) -> str:
    """A node with its operands, as in `y: log of x = 0 is -inf (made at lesson.py:12)`."""
    if node.op is None:
        return f"{describe(node)} is {brief(node.data)}"
    operands = [f"{label(o)} = {brief(o.data, 6)}" if is_node(o) else brief(o, 6) for o in node.operands]
    shown = ", ".join(operands[:4]) + (", …" if len(operands) > 4 else "")
    name, line = f"{node.name}: " if node.name else "", where_made(node)
    shown = f" of {shown}" if shown else ""  # nothing stands there if nothing is recorded
    return f"{name}{node.op}{shown} is {brief(node.data)}" + (f" (made at {line})" if line else "")


FIXES = {
    "div": "Keep the divisor away from 0, for instance with / (x + 1e-12).",
    "log": "Keep what goes into log above 0, for instance with log(x + 1e-12).",
    "log1p": "Keep what goes into log1p above -1.",
    "exp": "Above 709 exp overflows: scale its argument down, or use softmax, logsumexp, sigmoid or softplus.",
    "expm1": "Above 709 expm1 overflows: scale its argument down.",
    "sqrt": "Keep what goes into sqrt above 0, for instance with sqrt(x + 1e-12).",
    "pow": "A base below 0 has whole powers only, a base of 0 none below 1, and large ones overflow: scale it down.",
}


def _fix(node: Any) -> str:
    return FIXES.get(node.op.name, "Scale the numbers down.") if node.op else "Give it a finite number."


def kinks(graph: Graph[Any] | Value) -> list[Any]:
    """The nodes that stand exactly where their row of the table is not smooth, in topological order."""
    return [node for node in as_graph(graph, "kinks") if node.op is not None and not is_smooth(node)]


def warn_of_hazards(y: Value, order: Sequence[Value], asked: Iterable[Value]) -> None:
    """After a sweep, say what went wrong in it: numbers that are not finite, steps that pass nothing on.

    `order` are the inner nodes in topological order, `asked` those whose derivative somebody wants; their `.grad`s
    stand. Warns with NonFiniteWarning and NoGradientWarning; when strict, raises NonFinite instead of the first.
    """
    if not (is_finite(y.data) and all(is_finite(x.grad or 0.0) for x in asked)):
        found = first_nonfinite(Graph(y))
        lesson = found.lesson if found else _overflow(y, order)
        if strict.on():
            raise NonFinite(lesson)
        warnings.warn(lesson, NonFiniteWarning, stacklevel=calling()[1])
    steps = [node for node in order if node.op is STEP]
    if steps:
        more = f" and {len(steps) - 1} more like it" if len(steps) > 1 else ""
        warnings.warn(
            f"no gradient passes {describe(steps[0])}{more}: a step is flat on both sides, so what stands before it "
            "never learns; use sigmoid, its smooth relative",
            NoGradientWarning,
            stacklevel=calling()[1],
        )


def _overflow(y: Value, order: Sequence[Value]) -> str:
    """The lesson of a sweep that overflows though all values and local derivatives are finite."""
    last = next((node for node in reversed(order) if not is_finite(node.grad or 0.0)), None)
    where = f"∂/∂{label(last)} of {describe(y)}" if last else f"a derivative of {describe(y)}"
    return f"{where} overflows: each local derivative is finite, their product is not. Scale the numbers down."


STEP = TABLE["step"]


class strict:
    """From here on a number that is not finite is an error, raised as NonFinite by the very line that makes it.

    `strict()` holds for all that this thread or task does from now on, `with strict():` for the block only. A
    derivative that is not finite is an error of `backward` and `gradients` then, which change nothing.
    """

    __slots__ = ("before", "watch")
    _switch: ContextVar[bool] = ContextVar("strict", default=False)

    def __init__(self) -> None:
        self.before = self.on()
        self._switch.set(True)
        self.watch = watched(_refuse_nonfinite)
        self.watch.__enter__()

    @classmethod
    def on(cls) -> bool:
        """Whether it is an error right here."""
        return cls._switch.get()

    def __enter__(self) -> None:
        pass  # it holds since it was made

    def __exit__(self, *error: object) -> None:
        self.watch.__exit__()
        self._switch.set(self.before)


def _refuse_nonfinite(node: Value) -> None:
    if not is_finite(node.data):
        raise NonFinite(f"{_computed(node)}. {_fix(node)}")

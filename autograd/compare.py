"""Two graphs side by side: whether they are the same, and what differs by name.

Imports graph, plain and readings.text.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from .errors import is_node
from .graph import Graph, Node, as_graph, describe
from .plain import as_float
from .readings.text import expression


def same_graph(a: Graph[Any] | Node, b: Graph[Any] | Node) -> bool:
    """Whether both compute the same from the same: equal numbers, primitives and operands in the same places.

    Names, scopes and gradients do not count, nor does it matter which nodes are which objects. nan equals nan.
    """
    a, b = as_graph(a, "same_graph"), as_graph(b, "same_graph")
    if len(a) != len(b) or _places(a, a.outputs) != _places(b, b.outputs):
        return False
    return all(
        one.op is other.op and _same(one.data, other.data) and _operands(a, one) == _operands(b, other)
        for one, other in zip(a, b, strict=True)
    )


def _places(graph: Graph[Any], nodes: Any) -> list[int]:
    return [graph.index[node] for node in nodes]


def _operands(graph: Graph[Any], node: Any) -> list[str]:
    """Each operand as the place of a node or as a number."""
    return [f"node {graph.index[o]}" if is_node(o) else repr(as_float(o)) for o in node.operands]


def _same(a: Any, b: Any) -> bool:
    return bool(a == b or (a != a and b != b))


class Change(NamedTuple):
    """One thing about one name that differs: its `what` (value, gradient or formula) in either graph."""

    name: str
    what: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.name}: {self.what} {self.before} → {self.after}"


class Differences(NamedTuple):
    """What `diff` found: names that only one graph has, and what changed about those that both have."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changes)

    def __str__(self) -> str:
        lines = [*(f"- {name}" for name in self.removed), *(f"+ {name}" for name in self.added), *self.changes]
        return "\n".join(map(str, lines)) or "no difference"


def diff(before: Graph[Any] | Node, after: Graph[Any] | Node) -> Differences:
    """What differs between two graphs, name by name: value, gradient, and how it is computed from other names.

    A name that several nodes share counts them: h, h (2), …. Nodes without a name show in the formulas of those that
    have one.
    """
    old, new = _named(as_graph(before, "diff")), _named(as_graph(after, "diff"))
    changes: list[Change] = []
    for name, other in new.items():
        if (one := old.get(name)) is None:
            continue
        facts = {
            "value": (one.data, other.data),
            "gradient": (one.grad, other.grad),
            "formula": (_formula(one), _formula(other)),
        }
        changes += (Change(name, what, a, b) for what, (a, b) in facts.items() if not _same(a, b))
    return Differences(
        tuple(name for name in old if name not in new), tuple(name for name in new if name not in old), tuple(changes)
    )


def _named(graph: Graph[Any]) -> dict[str, Node]:
    """The named nodes and the outputs in topological order, each under a name of its own."""
    found: dict[str, Node] = {}
    times: Counter[str] = Counter()
    for node in graph:
        if called := node.name or ("output" if node in graph.outputs else ""):
            times[called] += 1
            found[called if times[called] == 1 else f"{called} ({times[called]})"] = node
    return found


def _formula(node: Node) -> str:
    """How it is computed, in names where that is short, else in the names of what it is made of."""
    if node.op is None:
        return "a leaf" if not node.operands else "a folded node"
    parents = ", ".join(describe(o) if is_node(o) else f"{o}" for o in node.operands)
    return expression(node) or f"{node.op.glyph}({parents})"

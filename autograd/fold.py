"""A scope, such as a neuron, folded into the nodes that leave it. Imports graph and scope.

Folding is the chain rule in the small: an inner node is taken out, and each way over it becomes part of
one edge, so every derivative and every gradient stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .errors import UnknownChoice
from .graph import Graph, Node, as_graph, edges_of
from .scope import Scope


class Folded:
    """A node of a folded graph: it stands for `of` and all of its scope that only it depends on.

    Its edges lead to other folded nodes and to leaves; each carries the sum over the inner paths.
    """

    __slots__ = ("of", "operands", "partials", "scope")
    op = None

    def __init__(self, of: Node, scope: Scope | None, edges: dict[Any, float]) -> None:
        self.of, self.scope = of, scope
        self.operands: tuple[Any, ...] = tuple(edges)
        self.partials: tuple[float, ...] = tuple(edges.values())

    @property
    def parents(self) -> tuple[Any, ...]:
        """All of its operands; what is folded has no plain numbers."""
        return self.operands

    @property
    def data(self) -> float:
        """The value of the node it stands for."""
        return self.of.data

    @property
    def grad(self) -> float | None:
        """The gradient of the node it stands for."""
        return self.of.grad

    @property
    def name(self) -> str:
        """The name of the node it stands for; outside of every scope that was folded, its glyph will do."""
        return self.of.name or (self.of.op.glyph if self.of.op and not self.scope else "")

    def __repr__(self) -> str:
        return f"Folded({self.of!r})"


def fold(graph: Graph[Any], kind: str, also: Collection[str] = ("loss",)) -> Graph[Any]:
    """The coarser graph in which each scope of this kind keeps only its leaves and the nodes used outside of it.

    A loss is one function at every level but the scalar one, so scopes of that kind fold along. Leaves are kept
    as they are, so `paths(folded.outputs[0], w)` takes the very w of the fine graph.

    Raises UnknownChoice if the graph has scopes, but none of this kind, and NotAScalar for what is no Graph.
    """
    graph = as_graph(graph, "fold")
    kinds = {scope.kind for node in graph if node.scope for scope in node.scope.outward()}
    if kinds - set(also) and kind not in kinds:
        raise UnknownChoice("scope of kind", kind, sorted(kinds))
    home = {node: node.scope.enclosing({kind, *also}) if node.scope else None for node in graph}
    crossing = {edge.parent for edge in graph.edges() if home[edge.node] is not home[edge.parent]}
    leaving = crossing | set(graph.outputs)
    members: dict[Scope | None, list[Any]] = {}
    kept: dict[Any, Any] = {}
    for node in graph:
        scope = home[node]
        if not node.operands:
            kept[node] = node
        elif scope is None or node in leaving:
            inner = [] if scope is None else members.get(scope, [])
            reached = _derivatives(node, inner, kept)
            order = sorted(reached, key=graph.index.__getitem__)
            kept[node] = Folded(node, scope, {kept[parent]: reached[parent] for parent in order})
        members.setdefault(scope, []).append(node)
    return Graph(*(kept[output] for output in graph.outputs))


def _derivatives(node: Any, inner: list[Any], kept: Collection[Any]) -> dict[Any, float]:
    """The node's derivatives by the kept nodes below it: a reverse sweep over the inner nodes only."""
    held: dict[Any, float] = {node: 1}
    for at in (node, *reversed(inner)):
        if at in held and at not in kept:
            upstream = held.pop(at)
            for edge in edges_of(at):
                held[edge.parent] = held.get(edge.parent, 0) + upstream * edge.local
    return held

"""A scope, such as a neuron, folded into the nodes that leave it. Imports algebras, graph, scope and sweep.

Folding is the chain rule in the small: an inner node is taken out, and each way over it becomes part of
one edge, so every derivative and every gradient stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any

from .algebras import DERIVATIVES
from .errors import UnknownChoice
from .graph import Graph, Node, as_graph
from .scope import Scope
from .sweep import totals


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


def fold(
    graph: Graph[Any],
    *what: str | Scope,
    opened: Collection[str | Scope] = (),
    also: Collection[str] = ("loss",),
) -> Graph[Any]:
    """The coarser graph in which each of these scopes keeps only its leaves and the nodes used outside of it.

    A scope is named by its kind, its own name, or itself: `fold(graph, "neuron")`, `fold(graph, "h₁₁")`; those `opened`
    stay as they are, so `fold(graph, "neuron", opened=["h₁₁"])` shows the inside of one. Of scopes in one another
    the outermost is folded. A loss is one function at every level but the scalar one, so scopes of that kind fold
    along. Leaves are kept as they are, so `paths(folded.outputs[0], w)` takes the very w of the fine graph.

    Raises UnknownChoice if the graph has scopes, but none that is meant, and NotAScalar for what is no Graph.
    """
    graph = as_graph(graph, "fold")
    scopes = dict.fromkeys(scope for node in graph if node.scope for scope in node.scope.outward())
    _require_known([*what, *opened], scopes, also)
    folded = {scope for scope in scopes if _is_among(scope, (*what, *also)) and not _is_among(scope, opened)}
    homes = {scope: next((out for out in reversed([*scope.outward()]) if out in folded), None) for scope in scopes}
    return regrouped(graph, {node: homes[node.scope] if node.scope else None for node in graph})


def regrouped(graph: Graph[Any], home: Mapping[Any, Any]) -> Graph[Any]:
    """The coarser graph in which of each group only the nodes used outside of it are left, whatever the groups are.

    `home` has the group of each node, None for one that stays as it is.
    """
    leaving = {edge.parent for edge in graph.edges() if home[edge.node] is not home[edge.parent]} | set(graph.outputs)
    kept: dict[Any, Any] = {}
    for node in graph:
        if not node.operands:
            kept[node] = node
        elif home[node] is None or node in leaving:
            # The sweep from this node ends at the nodes that are kept, and what arrives there are the new edges.
            held = totals(Graph(node, ends=kept), DERIVATIVES)
            reached = sorted((parent for parent in held if parent in kept), key=graph.index.__getitem__)
            scope = home[node] if isinstance(home[node], Scope) else node.scope if isinstance(node, Folded) else None
            kept[node] = Folded(node, scope, {kept[parent]: held[parent] for parent in reached})
    return Graph(*(kept[output] for output in graph.outputs))


def origin(node: Any) -> Any:
    """The node of the scalar graph that a node of a folded one stands for; any other is its own."""
    while isinstance(node, Folded):
        node = node.of
    return node


def _is_among(scope: Scope, named: Collection[str | Scope]) -> bool:
    return scope in named or scope.kind in named or scope.name in named


def _require_known(named: Collection[str | Scope], scopes: Collection[Scope], also: Collection[str]) -> None:
    """Raise UnknownChoice for a name that means no scope, unless there are none but losses to be meant."""
    if all(scope.kind in also for scope in scopes):
        return
    for name in named:
        if not any(_is_among(scope, (name,)) for scope in scopes):
            kinds = sorted({scope.kind for scope in scopes})
            names = dict.fromkeys(scope.name for scope in scopes if scope.name not in kinds)
            raise UnknownChoice("scope", name, [*kinds, *islice(names, 12)])

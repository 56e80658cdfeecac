"""A scope, such as a neuron, folded into the nodes that leave it. Imports graph and scope.

Folding is the chain rule in the small: an inner node is taken out, and each way over it becomes part of
one edge, so every derivative and every gradient stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .graph import Graph, Node, edges_of
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
    def data(self) -> float:
        """The value of the node it stands for."""
        return self.of.data

    @property
    def grad(self) -> float | None:
        """The gradient of the node it stands for."""
        return self.of.grad

    @property
    def name(self) -> str:
        """The name of the node it stands for."""
        return self.of.name

    def __repr__(self) -> str:
        return f"Folded({self.of!r})"


def fold(graph: Graph[Any], kind: str, also: Collection[str] = ("loss",)) -> Graph[Any]:
    """The coarser graph in which each scope of this kind keeps only its leaves and the nodes used outside of it.

    A loss is one function at every level but the scalar one, so scopes of that kind fold along.

    Leaves are kept as they are, so `paths(folded.outputs[0], w)` takes the very w of the fine graph.
    """
    home = {node: node.scope.enclosing({kind, *also}) if node.scope else None for node in graph}
    seen_outside = set(graph.outputs) | {
        edge.parent for edge in graph.edges() if home[edge.node] is not home[edge.parent]
    }
    # ways[node]: what the edges out of node become when the inner nodes below it are gone.
    ways: dict[Any, dict[Any, float]] = {}
    kept: dict[Any, Any] = {}
    for node in graph:
        if not node.operands:
            kept[node] = node
            continue
        edges: dict[Any, float] = {}
        for edge in edges_of(node):
            beyond = {kept[edge.parent]: 1.0} if edge.parent in kept else ways[edge.parent]
            for target, local in beyond.items():
                edges[target] = edges.get(target, 0.0) + edge.local * local
        ways[node] = edges
        if home[node] is None or node in seen_outside:
            kept[node] = Folded(node, home[node], edges)
    return Graph(*(kept[output] for output in graph.outputs))

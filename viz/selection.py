"""Part of a graph for a picture: paths to speak of, what is near a node or between two. Imports autograd, levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Graph, NotInGraph, Paths, TooMany, WrongShape, describe, paths, require_choice, shorten

from .levels import counterpart

MOST = 10_000  # boxes in a picture


@dataclass(frozen=True)
class Part:
    """What of a graph is drawn, and which of its paths are spoken of; without any choice all of it, and none.

    Raises UnknownChoice, NotInGraph and WrongShape for what `draw` says.
    """

    highlight: Paths[Any] | None = None
    around: Any = None
    radius: int = 2
    between: tuple[Any, Any] | None = None
    only: str = "all"
    also: Sequence[Any] = ()

    def __post_init__(self) -> None:
        require_choice("choice of only", self.only, ("all", "paths", "gradient"))
        if self.highlight is not None and not isinstance(self.highlight, Paths):
            raise NotInGraph(f"highlight: given {shorten(self.highlight)}, expected paths; write highlight=paths(y, w)")
        if self.only == "paths" and self.highlight is None:
            raise NotInGraph("only='paths': none are highlighted; write highlight=paths(y, w) as well")
        if not isinstance(self.also, (list, tuple)):
            raise NotInGraph(f"also: given {shorten(self.also)}, expected a list of nodes; write also=[w]")
        if self.between is not None and not (isinstance(self.between, tuple) and len(self.between) == 2):
            raise WrongShape(f"between: given {shorten(self.between)}, expected two nodes; write between=(y, x)")

    @property
    def is_whole(self) -> bool:
        """Whether all is drawn and nothing spoken of."""
        return (
            self.highlight is None
            and self.around is None
            and self.between is None
            and self.only == "all"
            and not self.also
        )

    def ways(self, graph: Graph[Any], level: str) -> Paths[Any] | None:
        """The highlighted paths as this level of the graph has them."""
        if self.highlight is None:
            return None
        start, end = (counterpart(graph, node, level, "highlight") for node in (self.highlight.y, self.highlight.x))
        ways = paths(start, end)
        for word, given in self.highlight.conditions:
            there = given if word == "where" else [counterpart(graph, node, level, "highlight") for node in given]
            ways = getattr(ways, word)(*there)
        if not ways.count:
            raise NotInGraph(f"highlight: there is {repr(ways)[1:-1]}; choose paths that there are")
        return ways

    def asked_for(self, graph: Graph[Any], level: str) -> set[Any]:
        """The leaves that are to be drawn although only a neuron reads them."""
        return {counterpart(graph, node, level, "also") for node in self.also}

    def nodes(self, graph: Graph[Any], level: str) -> set[Any]:
        """The nodes around one and between two, as far as these were chosen."""
        found = set(graph)
        if self.around is not None:
            found &= around(graph, counterpart(graph, self.around, level, "around"), self.radius)
        if self.between is not None:
            found &= between(graph, *(counterpart(graph, node, level, "between") for node in self.between))
        return found


def around(graph: Graph[Any], node: Any, radius: int) -> set[Any]:
    """The nodes that so many edges or fewer lead to from this one, up or down.

    Raises WrongShape for a radius that is no whole number from 0.
    """
    if not isinstance(radius, int) or isinstance(radius, bool) or radius < 0:
        raise WrongShape(f"radius: given {shorten(radius)}, expected a whole number from 0; write radius=2")
    near: dict[Any, set[Any]] = {other: set() for other in graph}
    for edge in graph.edges():
        near[edge.node].add(edge.parent)
        near[edge.parent].add(edge.node)
    found = ring = {node}
    for _ in range(radius):
        ring = set().union(*(near[other] for other in ring)) - found
        found = found | ring
    return found


def between(graph: Graph[Any], top: Any, bottom: Any) -> set[Any]:
    """The nodes on any way from the one down to the other, both included.

    Raises WrongShape if no way leads there.
    """
    found = graph.above([bottom]) & set(Graph(top))
    if top not in found:
        raise WrongShape(
            f"between: {describe(top)} was not made from {describe(bottom)}; give the later one first, between=(y, x)"
        )
    return found


def read_inside(graph: Graph[Any]) -> set[Any]:
    """The leaves that only nodes of their own scope read: a neuron's weights, a loss's target."""
    inside = {node for node in graph if not node.operands and node.scope is not None}
    for node in graph:
        inside -= {leaf for leaf in node.parents if leaf in inside and node.scope not in leaf.scope.outward()}
    return inside


def require_drawable(count: int, level: str) -> None:
    """Raise TooMany, with the ways out, for more boxes than a picture holds."""
    if count > MOST:
        coarser = "" if level == "neuron" else "level='neuron' or level='layer' for a network, "
        raise TooMany(
            f"draw: there are {count:,} nodes, and a picture holds {MOST:,}; take {coarser}around=node with a radius, "
            "between=(y, x), or only='paths' with highlight=paths(y, x).where(…)"
        )

"""Part of a graph for a picture: what is near a node, what lies between two, what paths lead over. Imports autograd."""

from __future__ import annotations

from typing import Any

from autograd import Graph, TooMany, WrongShape, describe, shorten

MOST = 10_000  # boxes in a picture


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


def require_drawable(count: int, level: str) -> None:
    """Raise TooMany, with the ways out, for more boxes than a picture holds."""
    if count > MOST:
        coarser = "" if level == "neuron" else "level='neuron' or level='layer' for a network, "
        raise TooMany(
            f"draw: there are {count:,} nodes, and a picture holds {MOST:,}; take {coarser}around=node with a radius, "
            "between=(y, x), or only='paths' with highlight=paths(y, x).where(…)"
        )

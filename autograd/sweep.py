"""The chain rule over any algebra, one multiplication at a time, down the graph and up. Imports graph.

`sweep` tells each step from an output down to the leaves, `pushed` carries numbers from the leaves up. What they
compute with is an `Algebra`; derivatives, path counts and costs are instances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from operator import add, attrgetter, mul
from typing import Any, Generic, NamedTuple, TypeVar

from .graph import Edge, Graph, N, edges_of, require_recorded

T = TypeVar("T")


class Step(NamedTuple, Generic[N, T]):
    """One multiplication of the sweep, and the addition that follows it.

    `upstream` had arrived at `node`; times `local`, the weight of the edge to operand number `slot`, it is
    the `contribution` to `parent`, which then holds `total`. If `final`, nothing more will arrive there.
    """

    node: N
    parent: N
    slot: int
    upstream: T
    local: T
    contribution: T
    total: T
    final: bool


class Algebra(NamedTuple, Generic[N, T]):
    """What the sweep computes with: a `one` to begin with, what follows one another multiplied, what meets added up.

    `weigh` gives an edge its weight in this algebra.
    """

    one: T
    times: Callable[[T, T], T]
    plus: Callable[[T, T], T]
    weigh: Callable[[Edge[N]], T]


# Each begins with a whole number, so that fractions stay exact.
DERIVATIVES: Algebra[Any, float] = Algebra(1, mul, add, attrgetter("local"))
PATH_COUNTS: Algebra[Any, int] = Algebra(1, mul, add, lambda edge: 1)
SIZES: Algebra[Any, float] = Algebra(1, mul, add, lambda edge: abs(edge.local))  # Σ |product| over the paths


def sweep(graph: Graph[N], algebra: Algebra[N, T]) -> Iterator[Step[N, T]]:
    """The reverse sweep over any algebra, one edge at a time, starting with its one at the graph's outputs.

    A node's turn comes after all of its children's, so what it holds by then is the sum over every path that
    leads to it, and each edge is multiplied once, however many paths use it: that is the memo at work.
    """
    one, times, plus, weigh = algebra
    held = dict.fromkeys(graph.outputs, one)
    awaited = Counter(edge.parent for edge in graph.edges())
    for node in reversed(graph.nodes):
        upstream = held[node]
        for edge in edges_of(node):
            parent, local = edge.parent, weigh(edge)
            contribution = times(upstream, local)
            total = plus(held[parent], contribution) if parent in held else contribution
            held[parent] = total
            awaited[parent] -= 1
            yield Step(node, parent, edge.slot, upstream, local, contribution, total, not awaited[parent])


def totals(graph: Graph[N], algebra: Algebra[N, T]) -> dict[N, T]:
    """What every node holds when the sweep over this algebra is done."""
    found = dict.fromkeys(graph.outputs, algebra.one)
    for step in sweep(graph, algebra):
        found[step.parent] = step.total
    return found


def steps(y: N) -> Iterator[Step[N, float]]:
    """Every multiplication that gives ∂y/∂(each node below y), in the order of the reverse sweep."""
    require_recorded(y, "steps")
    return sweep(Graph(y), DERIVATIVES)


def pushed(graph: Graph[N], algebra: Algebra[N, T], along: Mapping[N, T]) -> dict[N, T]:
    """The chain rule the other way round: what every node holds when `along` is put in below and carried upward.

    Nodes that depend on none of the nodes of `along` are left out.
    """
    held = {node: seed for node, seed in along.items() if node in graph}
    for node in graph:
        for edge in edges_of(node) if node not in along else ():
            if edge.parent in held:
                contribution = algebra.times(held[edge.parent], algebra.weigh(edge))
                held[node] = algebra.plus(held[node], contribution) if node in held else contribution
    return held

"""The chain rule over any algebra, down the graph and up. Imports graph.

What is computed with is an `Algebra`; derivatives, path counts, the largest path and the price of it all are
instances, in `algebras`. `totals` carries numbers from an output down, `pushed` from below up, and `sweep` tells
each multiplication on the way down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from .graph import Edge, Graph, N, edges_of

T = TypeVar("T")


class Algebra(NamedTuple, Generic[N, T]):
    """What the sweep computes with: what follows one another is multiplied, what meets is added up.

    `one` is what the sweep begins with at the output. `weigh` gives a node's operands their weights in this algebra,
    in order, and None where there is no edge to go along. Where `times` distributes over `plus`, as in a semiring,
    what a node ends with is the sum over all paths of the product along each.
    """

    one: T
    times: Callable[[T, T], T]
    plus: Callable[[T, T], T]
    weigh: Callable[[N], Sequence[T | None]]


def on_locals(weight: Callable[[float], T]) -> Callable[[Any], list[T | None]]:
    """Weighing for an algebra in which an edge weighs what `weight` makes of its local derivative."""
    return lambda node: [None if local is None else weight(local) for local in node.partials]


def by_edge(weight: Callable[[Edge[N]], T]) -> Callable[[N], list[T | None]]:
    """The same for an algebra in which the edge itself matters."""

    def weigh(node: N) -> list[T | None]:
        found: list[T | None] = [None] * len(node.operands)
        for edge in edges_of(node):
            found[edge.slot] = weight(edge)
        return found

    return weigh


def totals(
    graph: Graph[N], algebra: Algebra[N, T], start: Mapping[N, T] | None = None, until: N | None = None
) -> dict[N, T]:
    """What every node holds when the sweep is done, begun with the algebra's one at each output, or with `start`.

    A node's turn comes after all of its children's, so what it holds by then is the sum over every path that
    leads to it, and each edge is multiplied once, however many paths use it: that is the memo at work. A sweep
    `until` some node ends there, and has let go of all that it passed, which takes less time and memory.
    """
    one, times, plus, weigh = algebra
    held = dict.fromkeys(graph.outputs, one) if start is None else dict(start)
    get = held.get
    take = get if until is None else held.pop
    for node in reversed(graph.nodes):
        if node is until:
            break
        if (upstream := take(node, None)) is not None:
            for parent, weight in zip(node.operands, weigh(node)):  # noqa: B905  # strict costs a sixth of the sweep
                if weight is not None:
                    before, contribution = get(parent), times(upstream, weight)
                    held[parent] = contribution if before is None else plus(before, contribution)
    return held


def pushed(graph: Graph[N], algebra: Algebra[N, T], along: Mapping[N, T]) -> dict[N, T]:
    """The chain rule the other way round: what every node holds when `along` is put in below and carried upward.

    Nodes that depend on none of the nodes of `along` are left out.
    """
    _, times, plus, weigh = algebra
    held = {node: seed for node, seed in along.items() if node in graph}
    for node in graph.nodes:
        for parent, weight in zip(node.operands, weigh(node), strict=True) if node not in along else ():
            if weight is not None and parent in held:
                contribution = times(weight, held[parent])
                held[node] = plus(held[node], contribution) if node in held else contribution
    return held


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


def sweep(graph: Graph[N], algebra: Algebra[N, T]) -> Iterator[Step[N, T]]:
    """The sweep of `totals`, told one multiplication at a time."""
    one, times, plus, weigh = algebra
    edges: list[tuple[N, N, int, T]] = []
    held, awaited = dict.fromkeys(graph.outputs, one), Counter(graph.outputs)
    for node in reversed(graph.nodes):
        for slot, (parent, weight) in enumerate(zip(node.operands, weigh(node), strict=True)):
            if weight is not None and node in awaited:
                edges.append((node, parent, slot, weight))
                awaited[parent] += 1
    for node, parent, slot, weight in edges:
        upstream = held[node]
        contribution = times(upstream, weight)
        held[parent] = plus(held[parent], contribution) if parent in held else contribution
        awaited[parent] -= 1
        yield Step(node, parent, slot, upstream, weight, contribution, held[parent], awaited[parent] == 0)

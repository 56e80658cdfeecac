"""The chain rule, from an output down to its leaves. Imports graph and value.

It stands here twice: `sweep` tells it one multiplication at a time, over any algebra, and `adjoints` does the
same with floats and without a word, for speed. Whatever else needs the chain rule asks one of the two; only
`fold` sweeps the inside of a scope by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from operator import add, attrgetter, mul
from typing import Any, Generic, NamedTuple, TypeVar

from .errors import NotAScalar, shorten
from .graph import Edge, Graph, N, each, edges_of, topological
from .value import Value

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


DERIVATIVES: Algebra[Any, float] = Algebra(1.0, mul, add, attrgetter("local"))
PATH_COUNTS: Algebra[Any, int] = Algebra(1, mul, add, lambda edge: 1)


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
    return sweep(Graph(y), DERIVATIVES)


def adjoints(y: Value) -> dict[Value, float]:
    """∂y/∂node for every node below y, by the plain and fast loop; touches no `.grad`."""
    if not isinstance(y, Value):
        raise NotAScalar(f"derivatives are taken of a Value, and this is {shorten(y)}")
    order = topological((y,))
    found = dict.fromkeys(order, 0.0)
    found[y] = 1.0
    for node in reversed(order):
        upstream = found[node]
        for parent, local in zip(node.operands, node.partials, strict=True):
            if local is not None:
                found[parent] += upstream * local  # type: ignore[index]  # a plain number's local is None
    return found


def backward(y: Value) -> None:
    """Leave ∂y/∂node in `.grad` of every node below y.

    Leaves accumulate, as in PyTorch, and inner nodes are set afresh: a second call adds the derivatives
    to the leaves once more and corrupts nothing. To start anew, set the leaves' `.grad` to None.
    """
    for node, adjoint in adjoints(y).items():
        node.grad = adjoint if node.operands or node.grad is None else node.grad + adjoint


def gradients(y: Value, xs: Iterable[Value]) -> list[float]:
    """∂y/∂x for each x, touching no `.grad`; 0.0 for an x that y was not made from.

    Raises NotAScalar for a y or an x that is no Value.
    """
    wanted = list(each(xs, "gradients"))
    for given in (y, *wanted):
        if not isinstance(given, Value):
            raise NotAScalar(f"gradients: {shorten(given)} is no Value; write gradients(y, [x1, x2]) with Values")
    found = adjoints(y)
    return [found.get(x, 0.0) for x in wanted]

"""The chain rule as the elimination of nodes, in any order: forward and reverse are two of many. Imports graph.

A node is taken out by multiplying each edge that arrives with each edge that leaves; the product goes on an edge
past the node, and is added to what is there already. When all inner nodes are out, what is left are the derivatives.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Any, Generic, NamedTuple

from .errors import NotExact, WrongShape, is_node, require_choice, shorten
from .graph import Graph, N, each, require_recorded


class Cost(NamedTuple):
    """What one way of taking derivatives needs.

    `stored` is the most numbers that it holds at once, beyond the graph and its local derivatives and beyond the
    derivatives that were asked for.
    """

    multiplications: int
    additions: int
    stored: int


class Elimination(NamedTuple, Generic[N]):
    """What the elimination found: a row of derivatives for each y, the order in which nodes went, and the cost."""

    jacobian: list[list[float]]
    order: tuple[N, ...]
    cost: Cost

    def __repr__(self) -> str:
        multiplications, additions, _ = self.cost
        return f"<{len(self.order)} nodes eliminated: {multiplications:,} multiplications, {additions:,} additions>"


ORDERS = ("forward", "reverse", "mixed")


def eliminate(
    ys: N | Iterable[N], xs: Iterable[N], order: str | Iterable[N] = "mixed", *, free_signs: bool = False
) -> Elimination[N]:
    """All ∂y/∂x, for one y or several, by taking out the nodes between them one after another.

    Taking out a node costs as many multiplications as it has edges above, times edges below (its Markowitz degree).
    "mixed" takes out a cheapest node each time, of several the last in topological order; "forward" goes up in
    topological order, "reverse" down; any other order is a list of all the nodes in between. For one y, "reverse" and
    "forward" cost what the ledger counts as memoised and as forward. Two edges between the same nodes, as in w * w,
    are added up first, which saves a multiplication that the ledger counts. With `free_signs` products with an edge
    that is 1 or -1 by the table cost nothing, also where it is the sign that arrives. As `stored` count the products
    on edges that will be taken out in their turn.

    A y may be made from another, and an x be above another or be a y. Raises NotInGraph for an x that no y was made
    from, UnknownChoice for the name of no order, WrongShape for a list that has not each node in between once,
    NotRecorded for a y whose graph was not kept.
    Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 9.
    """
    given: Any = [ys] if is_node(ys) else ys
    rows: list[N] = list(each(given, "eliminate"))
    for y in rows:
        require_recorded(y, "eliminate")
    graph = Graph(*rows)
    columns = graph.chosen(xs, "eliminate")
    between = _Between(graph, columns, free_signs)
    try:
        if order == "mixed":
            done = _cheapest_first(graph, between)
        else:
            for node in (done := _ordered(order, between.inner)):
                between.take_out(node)
    except OverflowError:
        raise NotExact("eliminate: a fraction is too large for the floats beside it; use floats throughout") from None
    jacobian = [[between.derivative(y, x) for x in columns] for y in rows]
    return Elimination(jacobian, tuple(done), Cost(between.multiplications, between.additions, between.stored))


class _Between:
    """The edges that lead to the xs, while nodes are taken out: `below[c][p]` is the number on that from c to p.

    An output that is an inner node as well gets an edge of 1 from above, an x that is one gets an edge of 1 to below,
    so that these ends stay when the node goes. Products with those are free.
    """

    def __init__(self, graph: Graph[Any], xs: Iterable[Any], free_signs: bool) -> None:
        self.multiplications = self.additions = self.stored = 0
        needed = graph.above(xs)
        self.above: dict[Any, dict[Any, None]] = {node: {} for node in needed}
        self.below: dict[Any, dict[Any, float]] = {node: {} for node in needed}
        self.free: set[tuple[Any, Any]] = set()
        self.passing: set[tuple[Any, Any]] = set()  # edges past a node that will themselves be taken out
        for edge in graph.edges():
            if edge.parent in needed:
                self._add(edge.node, edge.parent, edge.local, free_signs and edge.is_sign)
        self.inner = [node for node in graph if node in needed and self.above[node] and self.below[node]]
        self.left = set(self.inner)
        for node in self.left.intersection(graph.outputs):
            self._add(("from", node), node, 1, True)
        for node in self.left.intersection(xs):
            self._add(node, ("to", node), 1, True)

    def _add(self, child: Any, parent: Any, number: float, free: bool) -> None:
        """Put a number on the edge between the two, beside what is there."""
        numbers = self.below.setdefault(child, {})
        if parent in numbers:
            numbers[parent] += number
            self.additions += 1
            self.free.discard((child, parent))
        else:
            numbers[parent] = number
            self.above.setdefault(parent, {})[child] = None
            if free:
                self.free.add((child, parent))

    def degree(self, node: Any) -> int:
        """How many products it takes to take the node out, free ones included."""
        return len(self.above[node]) * len(self.below[node])

    def take_out(self, node: Any) -> None:
        """Multiply each edge from above with each edge to below, and let go of them."""
        self.left.remove(node)
        children, operands = self.above.pop(node), self.below.pop(node)
        for child in children:
            upstream, arrives_free = self.below[child].pop(node), (child, node) in self.free
            for parent, local in operands.items():
                leaves_free = (node, parent) in self.free
                self.multiplications += not (arrives_free or leaves_free)
                self._add(child, parent, upstream * local, arrives_free and leaves_free)
                if child in self.left or parent in self.left:
                    self.passing.add((child, parent))
        self.stored = max(self.stored, len(self.passing))
        for parent in operands:
            del self.above[parent][node]
        self.passing.difference_update(((child, node) for child in children), ((node, parent) for parent in operands))

    def derivative(self, y: Any, x: Any) -> float:
        """∂y/∂x, when all inner nodes are out."""
        if y is x:
            return 1.0
        numbers = self.below.get(("from", y)) or self.below.get(y) or {}
        return numbers.get(("to", x), numbers.get(x, 0.0))


def _cheapest_first(graph: Graph[Any], between: _Between) -> list[Any]:
    """Take out all inner nodes, each time one of lowest degree."""
    # A degree that has fallen is pushed at once, one that has risen when its turn comes; `known` is what counts.
    known = {node: between.degree(node) for node in between.inner}
    heap = [(degree, -graph.index[node]) for node, degree in known.items()]
    heapify(heap)
    done = []
    while heap:
        degree, place = heappop(heap)
        node = graph.nodes[-place]
        if known.get(node) != degree:
            continue
        if (now := between.degree(node)) > degree:
            known[node] = now
            heappush(heap, (now, place))
            continue
        near = (*between.above[node], *between.below[node])
        between.take_out(node)
        done.append(node)
        del known[node]
        for other in near:
            if other in known and (now := between.degree(other)) < known[other]:
                known[other] = now
                heappush(heap, (now, -graph.index[other]))
    return done


def _ordered(order: Any, inner: list[Any]) -> list[Any]:
    """The inner nodes in an order that was asked for by name or as a list."""
    if isinstance(order, str) or not isinstance(order, Iterable):
        require_choice("order of elimination", order, ORDERS)
        return inner if order == "forward" else inner[::-1]
    given = list(order)
    if len(given) != len(inner) or {id(node) for node in given} != {id(node) for node in inner}:
        raise WrongShape(
            f"eliminate: the order {shorten(given)} has not each of the {len(inner)} nodes between the ys and the xs "
            'once; rearrange eliminate(ys, xs, "forward").order'
        )
    return given

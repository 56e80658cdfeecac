"""What the chain rule costs, in six ways of taking the same derivatives.

Imports algebras, elimination, graph, plain and sweep.

One multiplication per edge walked, and none where one factor is the 1 that a walk begins with: at the output on the
way down, at the x on the way up. One addition wherever something arrives that is not the first: without memory that
is once for each further path to an x, in a sweep once for each further edge to a node. Counts are exact integers by a
sweep or two each; no path is ever walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from operator import add, attrgetter
from typing import Generic, TypeAlias

from .algebras import LENGTHS
from .elimination import Cost, eliminate
from .graph import Edge, Graph, N, describe, require_recorded
from .plain import aligned, counted
from .sweep import Algebra, by_edge, totals

WAYS = {
    "by_paths": "every path on its own",
    "by_weights": "every derivative on its own",
    "recursive": "one walk down, without memory",
    "memoised": "one reverse sweep, memoised",
    "forward": "a forward sweep per derivative",
    "mixed": "node by node, cheapest first",
}
Below: TypeAlias = tuple[int, int]  # a set of targets: so many zeros, and the bits above them
NOTHING: Below = (0, 0)


class Ledger(Generic[N]):
    """Multiplications, additions and numbers stored, for each way of taking the same derivatives; `print` shows all.

    by_paths: every path to every weight multiplied out on its own. It stores a product and a sum.
    by_weights: the chain rule per weight with factored sums, remembering nothing, not even within one weight. It
    stores a sum for each edge of the longest path, one for each level that is open.
    recursive: one walk from the output without a memo, the beginnings of paths shared between weights. It stores a
    product for each edge of the longest path.
    memoised: the reverse sweep, each edge once. It stores what has arrived at nodes whose turn is not over.
    forward: a sweep upward for each weight. It stores the derivative of each node that a node still to come is made
    from; counted as if one sweep went up from all weights, which no single one exceeds.
    mixed: the nodes in between eliminated, the cheapest first, as `eliminate` has it.

    Each is counted when it is first asked for. `targets` is the number of derivatives, `paths` that of all paths.
    """

    def __init__(self, graph: Graph[N], targets: Iterable[N], free_signs: bool) -> None:
        self.graph, self.free_signs, self._targets = graph, free_signs, dict.fromkeys(targets)
        self.y = graph.outputs[0]
        self.targets = len(self._targets)

    def _unless_sign(self, edge: Edge[N]) -> int:
        return 0 if self.free_signs and edge.is_sign else 1

    def _downward(self, edge: Edge[N]) -> int:
        """Multiplications to walk this edge down from the output."""
        return 0 if edge.node is self.y else self._unless_sign(edge)

    @cached_property
    def _edges(self) -> list[Edge[N]]:
        """Those that lead to a target."""
        needed = self.graph.above(self._targets)
        return [edge for edge in self.graph.edges() if edge.parent in needed]

    def _repeated(self, edge: Edge[N]) -> tuple[int, int]:
        return 1, self._downward(edge)

    @cached_property
    def _walked(self) -> dict[N, tuple[int, int]]:
        """For each node the paths to it, and the products it takes to walk each of them."""
        # Walking on along an edge repeats every product so far: (paths, products) · (1, c) = (…, products + c · paths).
        return totals(self.graph, Algebra((1, 0), _walk_on, _add_pairs, by_edge(self._repeated)))

    @cached_property
    def paths(self) -> int:
        """The number of paths to all targets."""
        return sum(self._walked[x][0] for x in self._targets)

    @cached_property
    def _longest(self) -> int:
        lengths = totals(self.graph, LENGTHS)
        return max((lengths[x].longest for x in self._targets), default=0)

    @cached_property
    def by_paths(self) -> Cost:
        """Every path on its own."""
        return Cost(sum(self._walked[x][1] for x in self._targets), self.paths - self.targets, 2)

    @cached_property
    def by_weights(self) -> Cost:
        """The chain rule per weight, without memory."""
        # Asking a node for its derivative asks all its children first: each costs its own plus one product.
        asked = totals(self.graph, Algebra(0, add, add, by_edge(self._downward)))
        return Cost(sum(asked[x] for x in self._targets), self.paths - self.targets, self._longest)

    @cached_property
    def recursive(self) -> Cost:
        """One walk from the output, without memory."""
        products = sum(self._walked[edge.node][0] * self._downward(edge) for edge in self._edges)
        return Cost(products, self.paths - self.targets, self._longest)

    @cached_property
    def memoised(self) -> Cost:
        """The reverse sweep."""
        held: set[N] = set()
        arrived: set[N] = set()
        stored, turn = 0, self.y
        for edge in reversed(self._edges):
            if edge.node is not turn:
                held.discard(turn)
                turn = edge.node
            arrived.add(edge.parent)
            if edge.parent not in self._targets:
                held.add(edge.parent)
                stored = max(stored, len(held))
        return Cost(sum(map(self._downward, self._edges)), len(self._edges) - len(arrived), stored)

    @cached_property
    def forward(self) -> Cost:
        """A forward sweep for each target."""
        seeds = {x: (place, 1) for place, x in enumerate(x for x in self.graph if x in self._targets)}
        last = {edge.parent: edge.node for edge in self._edges}
        below: dict[N, Below] = {}  # the targets that a node depends on, while nodes still to come are made from it
        products = sums = stored = 0
        for node, edges in groupby(self._edges, attrgetter("node")):
            reached = NOTHING
            walked = list(edges)
            for edge in walked:
                arriving = below.get(edge.parent, NOTHING)
                number = arriving[1].bit_count()
                products += number * self._unless_sign(edge)
                sums += number + (edge.parent in seeds)
                reached = _union(_union(reached, arriving), seeds.get(edge.parent, NOTHING))
            sums -= reached[1].bit_count()
            if node is not self.y:
                below[node] = reached
                stored = max(stored, len(below))
            for edge in walked:
                if last[edge.parent] is node:
                    below.pop(edge.parent, None)
        return Cost(products, sums, stored)

    @cached_property
    def mixed(self) -> Cost:
        """Elimination, the cheapest node first."""
        return eliminate(self.y, self._targets, free_signs=self.free_signs).cost

    def __repr__(self) -> str:
        return f"<ledger of {_many(self.targets, 'derivative')} of {describe(self.y)}>"

    def __str__(self) -> str:
        sweep = self.memoised.multiplications
        rows = [["", "multiplications", "additions", "stored", "against the sweep"]]
        for way, said in WAYS.items():
            cost: Cost = getattr(self, way)
            rows.append([said, *map(counted, cost), _ratio(cost.multiplications, sweep)])
        title = f"{_many(self.targets, 'derivative')} of {describe(self.y)} over {_many(self.paths, 'path')}"
        return "\n".join([title, *aligned(rows, "lr")])


def ledger(y: N, wrt: Iterable[N] | None = None, *, free_signs: bool = False) -> Ledger[N]:
    """What ∂y/∂x costs for every x in `wrt`, by default all leaves.

    With `free_signs` an edge that is 1 or -1 by the table, as those of + and −, costs nothing.
    Raises NotInGraph for an x that y was not made from. Source: the notes on memoization, lines 857-891.
    """
    require_recorded(y, "ledger")
    graph = Graph(y)
    return Ledger(graph, graph.leaves if wrt is None else graph.chosen(wrt, "ledger"), free_signs)


def _walk_on(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1]


def _add_pairs(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return a[0] + b[0], a[1] + b[1]


def _union(a: Below, b: Below) -> Below:
    if not (a[1] and b[1]):
        return a if a[1] else b
    if a[0] > b[0]:
        a, b = b, a
    return a[0], a[1] | b[1] << (b[0] - a[0])


def _ratio(one: int, other: int) -> str:
    """How many times as much, with a digit behind the point where that says something."""
    if not other:
        return "–"
    return f"{one / other:.1f} ×" if one < 1000 * other else f"{counted(one // other)} ×"


def _many(number: int, noun: str) -> str:
    return f"{counted(number)} {noun}{'' if number == 1 else 's'}"

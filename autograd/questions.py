"""Which questions a graph is good for: drafts of five kinds, those that teach most first.

Imports graph, mistakes, paths, plain and ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from math import isfinite
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple, TypeVar

from .graph import Edge, edges_of
from .mistakes import (
    Material,
    Mistake,
    Sentence,
    wrong_counts,
    wrong_gradients,
    wrong_locals,
    wrong_products,
    wrong_values,
)
from .paths import Paths
from .plain import as_float
from .ranking import Path

T = TypeVar("T")
GOOD, FAIR, TRIVIAL = range(3)  # how well a question teaches
MOST = 100  # candidates of a kind
DEEP, LONG, MANY, COUNTABLE = 4, 16, 60, 1000  # what can be done by hand: operations below, edges in a row, paths
WAYS = 6  # paths to one node that are asked about, the largest


class Draft(NamedTuple):
    """A question that could be asked. Its mistakes are worked out when it is; two of one `key` come to the same."""

    key: object
    kind: str
    words: Sentence
    answer: float
    mistakes: Callable[[], Iterable[Mistake]]
    is_trivial: bool


class Supply:
    """Drafts about a graph, kind by kind.

    Those about paths, gradients and counts end at the nodes of `wrt`, those about values and local derivatives stand
    on the way there.
    """

    def __init__(self, material: Material, wrt: Iterable[Any] | None, random: Random) -> None:
        self.material, self.random = material, random
        of, chosen = material, material.graph.nodes if wrt is None else dict.fromkeys(wrt)
        self.ends = [x for x in chosen if x in of.counts and x is not of.y]
        above = of.graph.above(self.ends)
        self.met = [node for node in of.graph if node in above]

    def _best(self, pool: Iterable[T], rank: Callable[[T], int | None]) -> list[tuple[bool, T]]:
        """The best of the pool, equals as chance has it, each with whether it is trivial; not those of no rank."""
        ranked = [(place, item) for item in pool if (place := rank(item)) is not None]
        self.random.shuffle(ranked)
        return [(place == TRIVIAL, item) for place, item in sorted(ranked, key=itemgetter(0))[:MOST]]

    def _is_gradient(self, of: Any, by: Any) -> bool:
        """Whether one way leads from y to the node, and this is it."""
        return of is self.material.y and self.material.counts[by] == 1

    def values(self) -> Iterator[Draft]:
        """What a node holds."""
        depth: dict[Any, int] = {}
        for node in self.material.graph:
            depth[node] = 1 + max((depth[parent] for parent in node.parents), default=-1)

        def rank(node: Any) -> int | None:
            if not node.operands or not isfinite(as_float(node.data)):
                return None
            return GOOD if depth[node] <= DEEP else FAIR

        of = self.material
        for is_trivial, node in self._best(self.met, rank):
            words = ("What is the value of ", of.name(node), "?")
            yield Draft(
                ("value", node), "value", words, as_float(node.data), partial(wrong_values, of, node), is_trivial
            )

    def locals(self) -> Iterator[Draft]:
        """What an edge weighs."""

        def rank(edge: Edge[Any]) -> int | None:
            if not isfinite(as_float(edge.local)):
                return None
            return TRIVIAL if abs(edge.local) == 1 else GOOD

        of, met = self.material, set(self.met)
        edges = (edge for node in self.met for edge in edges_of(node) if edge.parent in met)
        for is_trivial, edge in self._best(edges, rank):
            ends = (" on the edge from ", of.name(edge.node), " to ", of.name(edge.parent))
            which = f", number {mark} of those between the two?" if (mark := of.local(edge).mark) else "?"
            words = ("What is the local derivative ", of.local(edge), *ends, which)
            key = edge.parent if self._is_gradient(edge.node, edge.parent) else edge[:3]
            yield Draft(key, "local", words, as_float(edge.local), partial(wrong_locals, of, edge), is_trivial)

    def paths(self) -> Iterator[Draft]:
        """What one path comes to."""
        of = self.material

        def rank(x: Any) -> int | None:
            if of.lengths[x].longest > LONG:
                return None
            return GOOD if 2 <= of.counts[x] <= MANY else FAIR

        ends = [x for _, x in self._best(self.ends, rank)]
        walked: dict[Any, list[Path[Any]]] = {}
        for turn in range(WAYS):  # one path to each node first
            for x in ends:
                if x not in walked:
                    walked[x] = Paths(of.graph, x).top(WAYS)
                    self.random.shuffle(walked[x])
                for path in walked[x][turn : turn + 1]:
                    yield from self._product(path, walked[x])

    def _product(self, path: Path[Any], ways: list[Path[Any]]) -> Iterator[Draft]:
        """The question for one path, unless its nodes do not tell it from another one or its product is not finite."""
        of, others, product = self.material, [other for other in ways if other is not path], as_float(path.product)
        twins = (t.local == e.local for e in path.edges for t in edges_of(e.node) if t.parent is e.parent)
        if isfinite(product) and all(twins):
            words = ("What is the product of the local derivatives along the path ", *of.way(path), "?")
            is_trivial = sum(abs(local) != 1 for local in path.locals) < 2
            key = path.nodes[-1] if self._is_gradient(path.nodes[0], path.nodes[-1]) else path.nodes
            yield Draft(key, "path", words, product, partial(wrong_products, of, path, others), is_trivial)

    def gradients(self) -> Iterator[Draft]:
        """What all paths come to."""
        of = self.material

        def rank(x: Any) -> int | None:
            if not isfinite(of.gradient(x)):
                return None
            if of.counts[x] == 1:
                return TRIVIAL if of.lengths[x].longest == 1 or abs(of.gradient(x)) == 1 else FAIR
            return GOOD if of.counts[x] <= MANY and of.lengths[x].longest <= LONG else FAIR

        for is_trivial, x in self._best(self.ends, rank):
            ends = (of.name(of.y), " to ", of.name(x), "?")
            words = ("What is the gradient ", of.slope(of.y, x), ", by all paths from ", *ends)
            yield Draft(x, "gradient", words, of.gradient(x), partial(wrong_gradients, of, x), is_trivial)

    def counts(self) -> Iterator[Draft]:
        """How many paths there are."""
        of = self.material

        def rank(x: Any) -> int | None:
            if of.counts[x] > COUNTABLE:
                return None
            return TRIVIAL if of.counts[x] == 1 else GOOD if of.counts[x] <= MANY else FAIR

        for is_trivial, x in self._best(self.ends, rank):
            words = ("How many paths lead from ", of.name(of.y), " to ", of.name(x), "?")
            yield Draft(("count", x), "count", words, of.counts[x], partial(wrong_counts, of, x), is_trivial)


KINDS: dict[str, Callable[[Supply], Iterator[Draft]]] = {
    "value": Supply.values,
    "local": Supply.locals,
    "path": Supply.paths,
    "gradient": Supply.gradients,
    "count": Supply.counts,
}


def in_turn(supplies: Iterable[Iterator[Draft]]) -> Iterator[Draft]:
    """One of each supply after the other, as long as there are any; what is trivial comes last, and nothing twice."""
    put_aside: list[list[Draft]] = []
    met = set[object]()
    yield from _dealt([_new(_teaching(supply, put_aside), met) for supply in supplies])
    yield from _dealt([_new(drafts, met) for drafts in put_aside])


def _teaching(supply: Iterable[Draft], put_aside: list[list[Draft]]) -> Iterator[Draft]:
    """The drafts that are not trivial; those that are go into a list of their own."""
    put_aside.append(trivial := list[Draft]())
    for draft in supply:
        if draft.is_trivial:
            trivial.append(draft)
        else:
            yield draft


def _new(supply: Iterable[Draft], met: set[object]) -> Iterator[Draft]:
    """The drafts whose keys have not been met."""
    for draft in supply:
        if draft.key not in met:
            met.add(draft.key)
            yield draft


def _dealt(supplies: list[Iterator[Draft]]) -> Iterator[Draft]:
    while supplies:
        for supply in list(supplies):
            drawn = list(islice(supply, 1))
            yield from drawn
            if not drawn:
                supplies.remove(supply)

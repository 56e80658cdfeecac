"""A derivative as a sum over paths: counted without walking them, narrowed, and walked largest first.

Imports algebras, display, fold, graph, plain, ranking, sweep and zeros.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from numbers import Integral
from typing import Any, Generic, TypeAlias, TypeVar

from .algebras import DERIVATIVES, LARGEST, LENGTHS, PATH_COUNTS, SIGNS, SPREAD, Lengths, Signed
from .display import IN_NOTEBOOKS
from .errors import NotAScalar, NotInGraph, TooMany, WrongShape, is_node, shorten
from .fold import origin
from .graph import Edge, Graph, N, describe, edges_of, require_recorded
from .plain import brief, counted
from .ranking import Path, Ranked, best_first, ranked, table
from .sweep import Algebra, pushed, totals
from .zeros import Zero, why_zero

T = TypeVar("T")
Test: TypeAlias = Callable[[Edge[Any]], object]
Condition: TypeAlias = tuple[str, tuple[Any, ...]]  # through or avoiding these nodes, or where these tests hold
# The number of paths and the sum over them at once: to walk the graph costs more than to calculate. The edges weigh
# their local derivatives only, so this one does for the way down.
COUNTED: Algebra[Any, Any] = Algebra(
    (1, 1),
    lambda upstream, local: (upstream[0], upstream[1] * local),
    lambda a, b: (a[0] + b[0], a[1] + b[1]),
    DERIVATIVES.weigh,
)
MANY = 100_000  # more paths than this are not made into a list


class Paths(Generic[N]):
    """All paths from y down to x. Iterating walks them lazily, the largest |product| first.

    Two paths differ where an edge differs, so in w * w there are two from the product to w. What is said of all of
    them, `count`, `total`, `signs`, `lengths` and `effective`, takes one sweep each, whatever their number.
    `through`, `avoiding` and `where` narrow them down, again and again if need be. `print` shows the largest.

    Turning them into a list raises TooMany where there are more than a hundred thousand.
    """

    def __init__(self, graph: Graph[N], x: N, conditions: tuple[Condition, ...] = ()) -> None:
        self.graph, self.y, self.x, self.conditions = graph, graph.outputs[0], x, conditions
        self._tests = [test for word, given in conditions for test in self._tests_of(word, given)]

    def through(self, *nodes: N) -> Paths[N]:
        """Those that lead over every one of these nodes. Raises NotInGraph for one that y was not made from."""
        return self._narrowed("through", nodes)

    def avoiding(self, *nodes: N) -> Paths[N]:
        """Those that lead over none of these nodes. Raises NotInGraph for one that y was not made from."""
        return self._narrowed("avoiding", nodes)

    def where(self, test: Test) -> Paths[N]:
        """Those of whose edges every one passes the test: `where(lambda edge: edge.local != 0)`."""
        return self._narrowed("where", (test,))

    def _narrowed(self, word: str, given: tuple[Any, ...]) -> Paths[N]:
        for one in given:
            if word != "where":
                self.graph.require(one, f"paths {word}")
            elif not callable(one):
                raise WrongShape(f"where: given {shorten(one)}, expected a test; write where(lambda edge: edge.local)")
        return Paths(self.graph, self.x, (*self.conditions, (word, given))) if given else self

    def _tests_of(self, word: str, given: tuple[Any, ...]) -> tuple[Test, ...]:
        """How a condition is asked of an edge."""
        index = self.graph.index
        if word == "avoiding":
            avoided = frozenset(given)
            return (lambda edge: edge.node not in avoided and edge.parent not in avoided,)
        if word == "through":  # in topological order, no edge of such a path leaps over the place of a node
            places = sorted(index[node] for node in given)
            possible = index.get(self.x, 0) <= places[0]
            return (
                lambda edge: possible and bisect(places, index[edge.parent]) == bisect_left(places, index[edge.node]),
            )
        return given

    def _open(self, node: N) -> list[Edge[N]]:
        """The edges below a node that may be taken."""
        return [edge for edge in edges_of(node) if all(test(edge) for test in self._tests)]

    def _over(self, algebra: Algebra[N, T]) -> Algebra[N, T]:
        """The algebra on the edges that may be taken."""
        if not self._tests:
            return algebra

        def weigh(node: N) -> list[T | None]:
            taken = {edge.slot for edge in self._open(node)}
            return [weight if slot in taken else None for slot, weight in enumerate(algebra.weigh(node))]

        return algebra._replace(weigh=weigh)

    @cached_property
    def _beginning(self) -> tuple[N, ...]:
        """Y, unless x is y and a condition rules out the path without edges, which no edge can be asked about."""
        nodes = [(word, node) for word, given in self.conditions if word != "where" for node in given]
        ruled_out = any((node is self.y) != (word == "through") for word, node in nodes)
        return () if self.x is self.y and ruled_out else (self.y,)

    def _totals(self, algebra: Algebra[N, T], until: N | None = None) -> dict[N, T]:
        return totals(self.graph, self._over(algebra), dict.fromkeys(self._beginning, algebra.one), until)

    def _held(self, algebra: Algebra[N, T]) -> T | None:
        """What x holds when the sweep is done, None if no path leads there."""
        return self._totals(algebra, until=self.x).get(self.x)

    @property
    def narrowed(self) -> str:
        """The conditions in words, such as " through h₂₁"; nothing if there are none."""
        return "".join(map(_said, self.conditions))

    @cached_property
    def _counted(self) -> tuple[int, float]:
        return self._held(COUNTED) or (0, 0.0)

    @property
    def count(self) -> int:
        """How many paths there are, exactly: one sweep counts them all."""
        return self._counted[0]

    @property
    def total(self) -> float:
        """The sum over all paths by one sweep, which is ∂y/∂x unless they have been narrowed down; 0.0 if none."""
        return self._counted[1]

    @cached_property
    def signs(self) -> Signed:
        """The sum of all positive products, and the sum of all negative ones."""
        return self._held(SIGNS) or Signed(0, 0)

    @property
    def size(self) -> float:
        """The sum of |product| over all paths."""
        return self.signs.positive - self.signs.negative

    @property
    def cancellation(self) -> float:
        """The share of `size` that positive and negative paths take from one another: 0 none of it, 1 all of it."""
        return 1 - abs(self.signs.positive + self.signs.negative) / self.size if self.size else 0.0

    @cached_property
    def lengths(self) -> Lengths | None:
        """How many edges the shortest and the longest path have; None if there is no path."""
        return self._held(LENGTHS)

    @cached_property
    def effective(self) -> float:
        """So many equally large paths would be spread as widely as these: e to the entropy of their shares."""
        spread = self._held(SPREAD)
        return spread.effective if spread else 0.0

    def zeros(self) -> list[Zero]:
        """The edges of derivative 0 on these paths, each with the reason and the number of paths it silences.

        A dead relu is told apart from a weight that is 0. Those that silence most come first; a path over two of
        them counts at both.
        """
        above = self._totals(PATH_COUNTS)
        below = pushed(self.graph, self._over(PATH_COUNTS), {self.x: 1})
        found = [
            Zero(edge, above[node] * below[edge.parent], why_zero(edge))
            for node in self.graph
            for edge in (self._open(node) if node in above else ())
            if edge.local == 0 and edge.parent in below
        ]
        return sorted(found, key=lambda zero: -zero.paths)

    def __iter__(self) -> Iterator[Path[N]]:
        largest = pushed(self.graph, self._over(LARGEST), dict.fromkeys((self.x,) if self._beginning else (), 0.0))
        return best_first(self.y, self.x, largest, self._open)

    def __length_hint__(self) -> int:
        return self._few(self.count, "a list of them")  # what list() and sorted() ask first

    def _few(self, number: int, asked: str) -> int:
        if number > MANY:
            raise TooMany(
                f"{asked}: there are {counted(self.count)} paths from {describe(self.y)} to {describe(self.x)}, "
                f"too many for a list; take the largest, top(10), or walk them one by one with for"
            )
        return number

    def top(self, k: int) -> list[Path[N]]:
        """The k paths of largest |product|, or all of them where there are fewer.

        Takes one sweep, and for each path about as many steps as it has edges and they have neighbours. Raises
        WrongShape unless k is a whole number from 1, TooMany beyond a hundred thousand.
        """
        if not isinstance(k, Integral) or isinstance(k, bool) or k < 1:
            raise WrongShape(f"top({k!r}): expected a whole number from 1; there are {counted(self.count)} paths")
        self._few(min(int(k), self.count) if k > MANY else int(k), f"top({k})")
        return list(islice(self, int(k)))

    def ranked(self) -> Iterator[Ranked[N]]:
        """The paths as they come, the largest first, each with what has been added up and covered so far."""
        return ranked(self, self.size)

    _repr_mimebundle_, _mime_ = IN_NOTEBOOKS

    def __reduce__(self) -> tuple[Any, ...]:
        return Paths, (self.graph, self.x, self.conditions)

    def __repr__(self) -> str:
        of = f"from {describe(self.y)} to {describe(self.x)}{self.narrowed}"
        if not self.count:
            why = f": {describe(self.y)} was not made from it" if self.x not in self.graph else ""
            return f"<no path {of}, sum 0{why}>"
        noun = "path" if self.count == 1 else "paths"
        return f"<{counted(self.count)} {noun} {of}, sum {brief(self.total, 6)}>"

    def __str__(self) -> str:
        return table(self, repr(self)[1:-1])


def _said(condition: Condition) -> str:
    word, given = condition
    return " where a test holds" if word == "where" else f" {word} {', '.join(map(describe, given))}"


def paths(y: N, x: N) -> Paths[N]:
    """The derivative ∂y/∂x as a sum over paths: `.count`, `.total`, `.top(k)`, and iteration, largest first.

    y and x are Values, or nodes of a folded graph. If y was not made from x there are 0 paths, and the sum is 0.
    Raises NotAScalar for what is no node, NotRecorded if y's graph was not kept, and NotInGraph if one of the two
    is of a graph as it was before folding. Source: the notes' "Path 1" and "Path 2" for ∂L/∂w¹₁₁, lines 759-848.
    """
    require_recorded(y, "paths")
    if not is_node(x):
        raise NotAScalar(f"paths: they lead down to a Value, and this is {shorten(x)}; write paths(y, x)")
    graph = Graph(y)
    if x not in graph:
        fine = [origin(y), origin(x)]
        if fine != [y, x] and fine[1] in Graph(fine[0]):
            raise NotInGraph(
                f"paths to {describe(x)}: {describe(y)} was made from it, but one of the two is of the graph as it was "
                "before folding; take both from one graph, such as paths(folded.outputs[0], folded['h'])"
            )
    return Paths(graph, x)

"""A derivative as a sum over paths: counted without walking them, walked largest first.

Imports graph, plain and sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import heappop, heappush
from itertools import count, islice
from math import inf, log, prod
from typing import Any, Generic, NamedTuple

from .errors import WrongShape
from .graph import Edge, Graph, N, describe, edges_of, label, require_recorded
from .plain import as_float, brief
from .sweep import DERIVATIVES, PATH_COUNTS, Algebra, pushed, totals


class Path(NamedTuple, Generic[N]):
    """One way from y down to x: the nodes from y to x, and the edges between them."""

    edges: tuple[Edge[N], ...]
    nodes: tuple[N, ...]

    @property
    def locals(self) -> tuple[float, ...]:
        """The local derivatives along the way, starting at y."""
        return tuple(edge.local for edge in self.edges)

    @property
    def product(self) -> float:
        """The local derivatives multiplied: this path's share of ∂y/∂x. The empty path from y to y gives 1."""
        return prod(self.locals)

    def __str__(self) -> str:
        way = " → ".join(map(label, self.nodes))
        return f"{way}: {' × '.join(brief(local) for local in self.locals) or '1'} = {brief(self.product)}"


class _Trail(NamedTuple):
    """The way down so far, newest edge first: a linked list, so that paths share their beginnings."""

    before: _Trail | None
    edge: Edge[Any]


class Paths(Generic[N]):
    """All paths from y down to x. Iterating walks them lazily, the largest |product| first.

    Two paths differ where an edge differs, so in w * w there are two from the product to w.

    Raises NotInGraph if y was not made from x.
    """

    def __init__(self, y: N, x: N) -> None:
        require_recorded(y, "paths")
        self.graph = Graph(y)
        self.graph.require(x, f"paths to {describe(x)}")
        self.y, self.x = y, x

    @cached_property
    def count(self) -> int:
        """How many paths there are, exactly: one sweep in which every edge weighs 1 counts them all."""
        return totals(self.graph, PATH_COUNTS)[self.x]

    @cached_property
    def total(self) -> float:
        """The sum over all paths, which is ∂y/∂x, by one sweep."""
        return totals(self.graph, DERIVATIVES)[self.x]

    @cached_property
    def _largest_below(self) -> dict[N, float]:
        """For each node above x, the logarithm of the largest |product| of any path from it down to x."""
        return pushed(self.graph, LARGEST, {self.x: 0.0})

    def __iter__(self) -> Iterator[Path[N]]:
        # Best first: of all ways begun, go on with the one whose best possible end lags least behind the best of
        # all. Along a best edge the lag stays exactly the same; of equal ways the newest goes on, so that a graph
        # of many equal paths is walked in depth and not all at once.
        largest = self._largest_below
        newest = count(0, -1)
        begun: list[tuple[float, int, N, _Trail | None]] = [(0.0, 0, self.y, None)]
        while begun:
            lag, _, node, trail = heappop(begun)
            if node is self.x:
                yield self._path(trail)
                continue
            for edge in reversed(list(edges_of(node))):
                if edge.parent in largest:
                    below = _longer(largest[edge.parent], _size(edge))
                    behind = 0.0 if below == largest[node] else largest[node] - below
                    heappush(begun, (lag + behind, next(newest), edge.parent, _Trail(trail, edge)))

    def _path(self, trail: _Trail | None) -> Path[N]:
        edges: list[Edge[N]] = []
        while trail:
            edges.append(trail.edge)
            trail = trail.before
        edges.reverse()
        return Path(tuple(edges), (self.y, *(edge.parent for edge in edges)))

    def top(self, k: int) -> list[Path[N]]:
        """The k paths of largest |product|, or all of them where there are fewer.

        Raises WrongShape unless k is a whole number from 1.
        """
        if not isinstance(k, int) or k < 1:
            raise WrongShape(f"top({k!r}): expected a whole number from 1; there are {self.count} paths")
        return list(islice(self, k))

    def __repr__(self) -> str:
        noun = "path" if self.count == 1 else "paths"
        return f"<{self.count} {noun} from {describe(self.y)} to {describe(self.x)}, sum {brief(self.total, 6)}>"


def _size(edge: Edge[Any]) -> float:
    """The logarithm of |local|; nan counts as infinitely large."""
    size = abs(as_float(edge.local))
    return -inf if size == 0 else log(size) if size < inf else inf


def _longer(way: float, step: float) -> float:
    """The logarithm of a product; a zero stays a zero, also beside inf."""
    return -inf if -inf in (way, step) else way + step


LARGEST: Algebra[Any, float] = Algebra(0.0, _longer, max, _size)  # the logarithm of the largest |product| of any path


def paths(y: N, x: N) -> Paths[N]:
    """The derivative ∂y/∂x as a sum over paths: `.count`, `.total`, `.top(k)`, and iteration, largest first.

    y and x are Values, or nodes of a folded graph. Raises NotInGraph if y was not made from x.
    Source: the notes' "Path 1" and "Path 2" for ∂L/∂w¹₁₁, lines 759-848.
    """
    return Paths(y, x)

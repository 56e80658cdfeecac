"""Paths one by one, the largest |product| first, and the table that shows them.

Imports algebras, graph, nicknames, plain and zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count, islice
from math import inf, nan, prod
from typing import Any, Generic, NamedTuple, Protocol

from .algebras import Trail, magnitude, product
from .graph import Edge, Graph, N, label
from .nicknames import nicknames
from .plain import as_float, brief, counted
from .zeros import Zero

SHOWN, SILENCED = 10, 3  # paths in a table, and edges that silence some


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


class Ranked(NamedTuple, Generic[N]):
    """A path in its turn: its rank from 1, the sum of all products so far, and the share of Σ |product| in it.

    The share is nan where Σ |product| is no number to compare with, 0 or infinite.
    """

    rank: int
    path: Path[N]
    sum: float
    covered: float


def best_first(y: N, x: N, largest: Mapping[N, float], below: Callable[[N], list[Edge[N]]]) -> Iterator[Path[N]]:
    """The paths from y to x over the edges `below` each node; `largest` has the magnitude of the best way on to x.

    Of all ways begun, it goes on with the one whose best possible end lags least behind the best of all. Along a
    best edge the lag stays exactly the same; of equal ways the newest goes on, so that a graph of many equal paths
    is walked in depth and not all at once. Source: Eppstein's k shortest paths (1998), by A* with an exact bound.
    """
    newest = count(0, -1)
    begun: list[tuple[float, int, N, Trail | None]] = [(0.0, 0, y, None)] if y in largest else []
    while begun:
        lag, _, node, trail = heappop(begun)
        if node is x:
            yield _path(y, trail)
            continue
        for edge in reversed(below(node)):
            if edge.parent in largest:
                possible = product(largest[edge.parent], magnitude(edge.local))
                behind = 0.0 if possible == largest[node] else largest[node] - possible
                heappush(begun, (lag + behind, next(newest), edge.parent, Trail(trail, edge)))


def _path(y: N, trail: Trail | None) -> Path[N]:
    edges: list[Edge[N]] = []
    while trail:
        edges.append(trail.edge)
        trail = trail.before
    edges.reverse()
    return Path(tuple(edges), (y, *(edge.parent for edge in edges)))


def ranked(paths: Iterable[Path[N]], size: float) -> Iterator[Ranked[N]]:
    """Each path with the sum of the products so far, and the share of `size` that they cover."""
    reached = covered = 0.0
    for rank, path in enumerate(paths, 1):
        share = path.product
        reached, covered = (reached + share, covered + abs(share)) if rank > 1 else (share, abs(share))
        yield Ranked(rank, path, reached, as_float(covered / size) if 0 < size < inf else nan)


class Told(Protocol):
    """What a table says of all paths, those that it does not show included."""

    graph: Graph[Any]

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def cancellation(self) -> float:
        """The share that positive and negative ones take from one another."""

    @property
    def effective(self) -> float:
        """So many equal ones would be spread as widely."""

    def zeros(self) -> list[Zero]:
        """The edges that silence some."""

    def ranked(self) -> Iterator[Ranked[Any]]:
        """The paths in their turn."""


def table(paths: Told, heading: str) -> str:
    """The largest paths multiplied out, the 1s of sums left out, with what they cover, and a word about the rest."""
    names, lines = nicknames(paths.graph), [heading]
    for turn in islice(paths.ranked(), SHOWN):
        factors = [brief(edge.local) for edge in turn.path.edges if edge.local != 1 or not edge.is_sign]
        lines += [
            f"{turn.rank:>3}  {' → '.join(names[node] for node in turn.path.nodes)}",
            f"     {' × '.join(factors) or '1'} = {brief(turn.path.product)}",
        ]
        if paths.count > 1 and turn.covered == turn.covered:
            lines[-1] += f"   so far {brief(turn.sum)}, {turn.covered:.1%} of all |products|"
    if paths.count > SHOWN:
        lines.append(f"  …  and {counted(paths.count - SHOWN)} more, none of them larger; top(k) gives the k largest")
    lines += [f"     {zero}" for zero in paths.zeros()[:SILENCED]]
    if paths.cancellation > 0:
        lines.append(f"     positive and negative paths cancel {paths.cancellation:.1%} of their size")
    if paths.count > 1 and 0 < paths.effective < inf:
        lines.append(f"     spread as widely as {brief(paths.effective, 3)} equal paths would be")
    return "\n".join(lines)

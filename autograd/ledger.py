"""What the chain rule costs: path by path, weight by weight, memoised. Imports graph and sweep.

One multiplication per edge walked, and none for an edge out of the output, where what arrives is 1.
Counts are exact integers by one sweep each; no path is ever walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import add
from typing import NamedTuple

from .graph import Edge, Graph, N, each, require_recorded
from .sweep import Algebra, by_edge, totals


class Ledger(NamedTuple):
    """How many multiplications and additions each way of taking the same derivatives needs.

    by_paths: every path to every weight multiplied out on its own.
    by_weights: the chain rule per weight with factored sums, remembering nothing, not even within one weight.
    recursive: one walk from the output without a memo, the beginnings of paths shared between weights.
    memoised: the reverse sweep, each edge once.
    """

    targets: int
    paths: int
    by_paths: int
    by_weights: int
    recursive: int
    memoised: int
    additions_by_paths: int
    additions_memoised: int


def ledger(y: N, wrt: Iterable[N] | None = None, *, free_signs: bool = False) -> Ledger:
    """Count what ∂y/∂x costs for every x in `wrt`, by default all leaves.

    With `free_signs` an edge that is 1 or -1 by the table, as those of + and −, costs nothing.
    Raises NotInGraph for an x that y was not made from. Source: the notes on memoization, lines 857-891.
    """
    require_recorded(y, "ledger")
    graph = Graph(y)
    targets = list(dict.fromkeys(graph.leaves if wrt is None else each(wrt, "ledger")))
    for x in targets:
        graph.require(x, "ledger")
    needed = graph.above(targets)
    edges = [edge for edge in graph.edges() if edge.parent in needed]

    def cost(edge: Edge[N]) -> int:
        return 0 if edge.node is y or (free_signs and edge.is_sign) else 1

    # Walking on along an edge repeats every product so far: (paths, products) · (1, c) = (paths, products + c · paths).
    by_paths = totals(graph, Algebra((1, 0), _walk_on, _add_pairs, by_edge(lambda edge: (1, cost(edge)))))
    # Asking a node for its derivative asks all its children first: each costs its own plus one product.
    by_weights = totals(graph, Algebra(0, add, add, by_edge(cost)))
    paths = sum(by_paths[x][0] for x in targets)
    arriving = {edge.parent for edge in edges}
    return Ledger(
        targets=len(targets),
        paths=paths,
        by_paths=sum(by_paths[x][1] for x in targets),
        by_weights=sum(by_weights[x] for x in targets),
        recursive=sum(by_paths[edge.node][0] * cost(edge) for edge in edges),
        memoised=sum(map(cost, edges)),
        additions_by_paths=paths - len(targets),
        additions_memoised=len(edges) - len(arriving),
    )


def _walk_on(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1]


def _add_pairs(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return a[0] + b[0], a[1] + b[1]

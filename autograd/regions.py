"""Regions: what is reached from a loss through one node alone, for every node of its graph. Imports graph.

A node dominates its region: every way from the loss into it leads through this node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic

from .graph import N, topological

MANY = 8  # operands, from which on it pays to look at all of them at once


class Regions(Generic[N]):
    """The nodes below a loss, `laid` in a topological order in which each region is in one piece, its node last.

    `order` has each node's place in the graph's own order, `often` the nodes that are read more than once.
    """

    def __init__(self, loss: N) -> None:
        nodes = topological([loss])
        self.order = {node: place for place, node in enumerate(nodes)}
        above, self.often = _dominators(nodes)
        last = len(nodes) - 1
        self._sizes = sizes = [1] * len(nodes)
        for place in range(last):
            sizes[above[place]] += sizes[place]
        self._ends = ends = [last] * len(nodes)
        self.laid = nodes[:]
        free = [last - 1] * len(nodes)  # in the piece of each node, where the next region is to end
        for place in range(last - 1, -1, -1):
            up = above[place]
            end = ends[place] = free[up]
            free[up], free[place] = end - sizes[place], end - 1
            self.laid[end] = nodes[place]

    def region(self, node: N) -> list[N]:
        """The region of a node, in topological order; for regions alike this is one order."""
        place = self.order[node]
        end = self._ends[place] + 1
        return self.laid[end - self._sizes[place] : end]

    def size(self, node: N) -> int:
        """How many nodes are in the region of a node."""
        return self._sizes[self.order[node]]

    def own(self, operand: Any) -> int:
        """How many nodes are in the region of an operand; 0 for a plain number and for what is read more than once."""
        return self.size(operand) if operand in self.order and operand not in self.often else 0

    def neighbours(self, top: N, terms: Sequence[Any]) -> list[tuple[list[N], list[N]]]:
        """Terms of a sum that follow one another and share what no other term is made from, with all that is theirs.

        Of the ways to divide the sum into groups of one length, it is that which reaches most terms, with most in each.
        """
        region = self.region(top)
        first, last = self._readers(region, terms)
        rows: dict[int, list[tuple[int, int]]] = {}
        for a, b in sorted({(first[node], last[node]) for node in region if node in first}):
            row = rows.setdefault(b - a, [])
            if 0 <= a < b and (not row or row[-1][1] < a):
                row.append((a, b))
        several = [row for row in rows.values() if len(row) > 1]
        best = max(several, key=lambda row: (sum(1 + b - a for a, b in row), -len(row)), default=[])
        home = {place: span for span in best for place in range(span[0], span[1] + 1)}
        nodes: dict[tuple[int, int], list[N]] = {span: [] for span in best}
        for node in region:
            span = home.get(first.get(node, -1))
            if span and last[node] <= span[1]:
                nodes[span].append(node)
        ordered = {span: sorted(made, key=self.order.__getitem__) for span, made in nodes.items()}
        return [([*filter(self.own, terms[a : b + 1])], made) for (a, b), made in ordered.items()]

    def _readers(self, region: Sequence[N], terms: Sequence[Any]) -> tuple[dict[Any, int], dict[Any, int]]:
        """The first and the last of the terms that each node of their sum's region is reached from.

        What a term that is read more than once is made from lies between no two terms, so that it is in no group.
        """
        first, last = dict[Any, int](), dict[Any, int]()
        for place, term in enumerate(terms):
            first[term], last[term] = (place, place) if self.own(term) else (-1, len(terms))
        for node in reversed(region):
            if node in first:
                a, b = first[node], last[node]
                for operand in node.operands:
                    if first.setdefault(operand, a) > a:
                        first[operand] = a
                    if last.setdefault(operand, b) < b:
                        last[operand] = b
        return first, last


def _dominators(nodes: Sequence[N]) -> tuple[list[int], set[N]]:
    """For each place that of the first node above through which all ways to it lead; and the nodes read more than once.

    It is where the ways up from all that read a node meet. They go in jumps, so that no graph takes more than n log n
    steps. Sources: Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm (2001), and Myers, An Applicative
    Random-Access Stack (1983).
    """
    last = len(nodes) - 1
    above, jumps, depths = [last] * len(nodes), [last] * len(nodes), [0] * len(nodes)

    def meet(a: int, b: int) -> int:
        while a != b:
            if a > b:
                a, b = b, a
            a = jumps[a] if jumps[a] <= b else above[a]
        return a

    met, often = dict.fromkeys(nodes, -1), set[N]()
    met[nodes[last]] = gate = last
    known, waiting = met.get, 1
    for place in range(last, -1, -1):
        operands, up = nodes[place].operands, met[nodes[place]]
        above[place] = up
        waiting -= 1
        if not operands:
            continue
        if not waiting:
            gate = place  # the only way to all that is still to come
        depths[place], jump = depths[up] + 1, jumps[up]
        jumps[place] = jumps[jump] if depths[up] - depths[jump] == depths[jump] - depths[jumps[jump]] else up
        if len(operands) >= MANY:
            befores = set(map(known, operands))
            if -1 not in befores and all(at is None or at == gate or meet(at, place) == at for at in befores):
                often.update(operands)
                continue
        for operand in operands:
            before = known(operand)
            if before == -1:
                met[operand] = place
                waiting += 1
            elif before is not None:
                often.add(operand)
                if before != gate:
                    met[operand] = meet(before, place)
    return above, often

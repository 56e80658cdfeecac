"""Columns and rows of a layered picture: inputs on the left, layer after layer, then the output. Imports autograd."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, TypeVar

GAP = 0.45  # rows between weights, neurons and what belongs to neither, for neurons may have a frame with a title

T = TypeVar("T")


def columns(nodes: Sequence[Any]) -> dict[Any, tuple[int, float]]:
    """Column and row of each of these nodes, which come in topological order; rows are centred around 0.

    Within a column the graph's own order holds, except that weights stand above all else, and what belongs to no scope,
    such as a target, below.
    """
    here = set(nodes)
    parents = {node: [parent for parent in node.parents if parent in here] for node in nodes}
    stacks: dict[int, list[Any]] = {}
    for node, at in ranks(parents, {node for node in nodes if not node.operands}).items():
        stacks.setdefault(at, []).append(node)
    places: dict[Any, tuple[int, float]] = {}
    for at, stack in stacks.items():
        stack.sort(key=_kind)  # sorting is stable
        gaps = list(accumulate((GAP * (_kind(a) != _kind(b)) for a, b in pairwise(stack)), initial=0.0))
        height = len(stack) - 1 + gaps[-1]
        places |= {node: (at, row + gap - height / 2) for row, (node, gap) in enumerate(zip(stack, gaps, strict=True))}
    return places


def ranks(parents: Mapping[T, Sequence[T]], leaves: Collection[T]) -> dict[T, int]:
    """How far from the inputs each stands, given its parents, which come before it.

    It stands right of its parents, and a leaf just left of the first that reads it.
    """
    rank: dict[T, int] = {}
    for node, below in parents.items():
        rank[node] = 1 + max((rank[parent] for parent in below), default=-1)
    first_reader: dict[T, int] = {}
    for node, below in parents.items():
        for parent in below:
            first_reader[parent] = min(rank[node], first_reader.get(parent, rank[node]))
    return {node: first_reader.get(node, 1) - 1 if node in leaves else at for node, at in rank.items()}


def _kind(node: Any) -> int:
    """0 for a weight, 1 for what a scope computes, 2 for what is in no scope."""
    return 2 if node.scope is None else int(bool(node.operands))

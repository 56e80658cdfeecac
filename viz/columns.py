"""Columns and rows of a layered picture: inputs on the left, layer after layer, then the output. Imports autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import edges_of

GAP = 0.45  # rows between the weights and what stands below them, which may have a frame with a title


def columns(nodes: Sequence[Any]) -> dict[Any, tuple[int, float]]:
    """Column and row of each of these nodes, which come in topological order; rows are centred around 0.

    A node stands right of its parents, and a leaf just left of the first node that reads it. Within a column
    the graph's own order holds, except that a neuron's weights stand above the inputs.
    """
    here = set(nodes)
    column: dict[Any, int] = {}
    for node in nodes:
        column[node] = 1 + max((column[edge.parent] for edge in edges_of(node) if edge.parent in here), default=-1)
    leftmost_reader: dict[Any, int] = {}
    for node in nodes:
        for edge in edges_of(node):
            leftmost_reader[edge.parent] = min(column[node], leftmost_reader.get(edge.parent, column[node]))
    stacks: dict[int, list[Any]] = {}
    for node in nodes:
        at = column[node] if node.operands else leftmost_reader.get(node, 1) - 1
        stacks.setdefault(at, []).append(node)
    places: dict[Any, tuple[int, float]] = {}
    for at, stack in stacks.items():
        stack.sort(key=_is_weight, reverse=True)  # sorting is stable
        weights = sum(map(_is_weight, stack))
        gap = GAP if 0 < weights < len(stack) else 0
        height = len(stack) - 1 + gap
        places |= {node: (at, row + gap * (row >= weights) - height / 2) for row, node in enumerate(stack)}
    return places


def _is_weight(node: Any) -> bool:
    return not node.operands and node.scope is not None

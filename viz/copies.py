"""The picture of what a graph does again and again, drawn once with a count. Imports autograd, columns and picture."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from autograd import Graph, Matrix, Stacked, collapse, label

from .columns import columns
from .picture import ENDS, Arrow, Box, Direction, Picture
from .selection import read_inside, require_drawable
from .show import Show
from .typeset import SEPARATOR, Line, Run, clean


def copies_picture(graph: Graph[Any], level: str, show: Show, direction: Direction = "right") -> Picture:
    """The graph with all nodes that are alike as one box: of a batch one example, "× 100", and how far numbers reach.

    Raises TooMany for more boxes than a picture holds.
    """
    stacks = collapse(graph)
    hidden = set[Any]() if level == "scalar" else read_inside(stacks)
    nodes = [node for node in stacks if node not in hidden]
    require_drawable(len(nodes), level)
    places = {} if level == "scalar" else columns(nodes)
    ids = {node: f"n{stacks.index[node]}" for node in nodes}
    arrows = [
        _arrow(ids[parent], ids[node], jacobian, show)
        for node in nodes
        for parent, jacobian in zip(node.operands, node.partials, strict=True)
        if parent in ids
    ]
    output, (start, end) = clean(label(stacks.outputs[0].nodes[0])), ENDS[direction]
    return Picture(
        title=f"The {level} graph of {output}, what is alike drawn once",
        description=f"{len(nodes)} boxes for {len(graph):,} nodes, and {len(arrows)} arrows, "
        f"from the inputs {start} to {output} {end}.",
        boxes=tuple(_box(node, ids[node], show, *places.get(node, (None, 0))) for node in nodes),
        arrows=tuple(arrows),
        key=(
            Run("× n: so many of them alike"),
            SEPARATOR,
            Run("value", "value"),
            SEPARATOR,
            Run("grad", "gradient"),
            SEPARATOR,
            Run("on an arrow: local derivatives; each from the smallest to the largest"),
        ),
        direction=direction,
    )


def _box(node: Stacked, id: str, show: Show, column: int | None, row: float) -> Box:
    grads = [grad for grad in node.grad if grad is not None]
    gradient = _reach(grads, show) if len(grads) == len(node.nodes) else "–"
    return Box(
        id=id,
        title=_title(node, show),
        value=_reach(node.data, show) if show.values else "",
        gradient=f"grad {gradient}" if show.gradients else "",
        tip=clean(f"{label(node.nodes[0])}, {len(node.nodes)} of them"),
        ink="plain" if all(map(isfinite, (*node.data, *grads))) else "alarm",
        column=column,
        row=row,
    )


def _title(node: Stacked, show: Show) -> Line:
    count = (Run(f"  × {len(node.nodes)}", "quiet"),) if len(node.nodes) > 1 else ()
    return (*show.name(label(node.nodes[0])), *count)


def _arrow(tail: str, head: str, jacobian: Matrix, show: Show) -> Arrow:
    """One arrow for all edges between two kinds of nodes; where there is no edge the Jacobian has a 0."""
    locals_ = [entry for row in jacobian for entry in row if entry != 0] or [0.0]
    text = "" if show.edges == "none" else _reach(locals_, show)
    return Arrow(tail, head, text, tip=f"{len(jacobian)} × {len(jacobian[0])}: {_reach(locals_, show)}")


def _reach(numbers: Iterable[float], show: Show) -> str:
    """From the smallest to the largest, or the one number that all of them are."""
    ends = [show.number(end) for end in (min(numbers), max(numbers))]
    return " … ".join(dict.fromkeys(ends))

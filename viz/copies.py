"""The picture of what a graph does again and again, drawn once with a count. Imports autograd, columns and picture."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from autograd import Graph, Stacked, collapse, edges_of, label, require_choice

from .columns import columns
from .picture import ENDS, Arrow, Box, Direction, Picture
from .selection import read_inside, require_drawable
from .show import Show
from .typeset import SEPARATOR, Line, Run, clean


def copies_picture(graph: Graph[Any], level: str, show: Show, direction: Direction = "right") -> Picture:
    """The graph with all nodes that are alike as one box: of a batch one example, "× 100", and how far numbers reach.

    Raises TooMany for more boxes than a picture holds, UnknownChoice for what is not written on such arrows.
    """
    require_choice("figure on edges with collapse=True,", show.edges, ("local", "none"))
    stacks = collapse(graph)
    hidden = set[Any]() if level == "scalar" else read_inside(stacks)
    nodes = [node for node in stacks if node not in hidden]
    require_drawable(len(nodes), level)
    places = {} if level == "scalar" else columns(nodes)
    ids = {node: f"n{stacks.index[node]}" for node in nodes}
    arrows = [_arrow(parent, node, ids, show) for node in nodes for parent in node.operands if parent in ids]
    output, (start, end) = clean(label(stacks.outputs[0].nodes[0])), ENDS[direction]
    return Picture(
        title=f"The {level} graph of {output}, what is alike drawn once",
        description=f"{len(nodes)} boxes for {len(graph):,} nodes, and {len(arrows)} arrows, "
        f"from the inputs {start} to {output} {end}.",
        boxes=tuple(_box(node, ids[node], show, *places.get(node, (None, 0))) for node in nodes),
        arrows=tuple(arrows),
        key=_key(show, nodes),
        direction=direction,
    )


def _key(show: Show, nodes: Sequence[Stacked]) -> Line:
    """How the figures are to be read, those that there are."""
    parts = [Run("× n: so many of them alike")]
    if show.values:
        parts.append(Run("value", "value"))
    if show.gradients:
        parts.append(Run("grad", "gradient"))
    if show.edges != "none":
        parts.append(Run("on an arrow: local derivatives, ∂head/∂tail"))
    if len(parts) > 1:
        parts.append(Run("a … b: from the smallest to the largest"))
    if any(map(_is_alarming, nodes)):
        parts.append(Run("double line: not finite"))
    return tuple(run for part in parts for run in (SEPARATOR, part))[1:]


def _box(node: Stacked, id: str, show: Show, column: int | None, row: float) -> Box:
    grads = [grad for grad in node.grad if grad is not None]
    gradient = _reach(grads, show) if len(grads) == len(node.nodes) else "–"
    return Box(
        id=id,
        title=_title(node, show),
        value=_reach(node.data, show) if show.values else "",
        gradient=f"grad {gradient}" if show.gradients else "",
        tip=clean(f"{label(node.nodes[0])}, {len(node.nodes)} of them"),
        ink="alarm" if _is_alarming(node) else "plain",
        column=column,
        row=row,
    )


def _title(node: Stacked, show: Show) -> Line:
    count = (Run(f"  × {len(node.nodes):,}", "quiet"),) if len(node.nodes) > 1 else ()
    return (*show.name(label(node.nodes[0])), *count)


def _arrow(parent: Stacked, node: Stacked, ids: dict[Any, str], show: Show) -> Arrow:
    """One arrow for all edges between two kinds of nodes; those between the same two nodes are added up."""
    here, locals_ = set(parent.nodes), dict[Any, float]()
    for edge in (edge for inner in node.nodes for edge in edges_of(inner) if edge.parent in here):
        ends = edge.node, edge.parent
        locals_[ends] = locals_.get(ends, 0) + edge.local
    reach = _reach([*locals_.values()], show)
    tip = f"{len(node.nodes)} × {len(parent.nodes)}: {reach}"
    return Arrow(ids[parent], ids[node], "" if show.edges == "none" else reach, tip=tip)


def _is_alarming(node: Stacked) -> bool:
    return not all(map(isfinite, (*node.data, *(grad for grad in node.grad if grad is not None))))


def _reach(numbers: Sequence[float], show: Show) -> str:
    """From the smallest to the largest, or the one number that all of them are; and whether some are none at all."""
    known = [number for number in numbers if number == number]
    ends = [show.number(end) for end in (min(known), max(known))] if known else []
    reach = " … ".join(dict.fromkeys(ends))
    return ", ".join(filter(None, (reach, "nan" if len(known) < len(numbers) else "")))

"""The picture of layers: vectors and matrices in boxes, Jacobians as small heat maps. Imports autograd and layers."""

from __future__ import annotations

from math import hypot, inf
from typing import Any

from autograd import Matrix, Row, Stacked, derivative_name

from .columns import columns
from .layers import layers, shape, title
from .picture import ENDS, Arrow, Box, Direction, Picture
from .typeset import SEPARATOR, Run, clean, number

LARGEST = 40  # rows or columns of a heat map


def stacks_picture(y: Any, signs: tuple[str, str], direction: Direction = "right", collapse: bool = False) -> Picture:
    """The graph of y with each layer, each matrix of weights and the inputs as one box.

    `signs` are the words for the colours of positive and of negative entries. With `collapse` a row of layers that are
    alike is one box, with their number.

    Raises UnknownChoice for a graph that has scopes but no neurons.
    """
    start, end = ENDS[direction]
    graph = layers(y, collapse)
    places = columns(graph.nodes)
    ids = {node: f"n{graph.index[node]}" for node in graph}
    arrows = [
        _arrow(node, parent, jacobian, ids)
        for node in graph
        for parent, jacobian in zip(node.operands, node.partials, strict=True)
    ]
    output = clean(graph.outputs[0].name) or "output"
    return Picture(
        title=f"The layer graph of {output}",
        description=f"{len(graph)} vectors and matrices and {len(arrows)} Jacobians, from the inputs {start} to "
        f"{output} {end}.",
        boxes=tuple(_box(node, ids[node], *places[node]) for node in graph),
        arrows=tuple(arrows),
        on_arrows="Jacobian",
        key=(
            Run("shape", "value"),
            SEPARATOR,
            Run("|grad|", "gradient"),
            Run(" the length of the gradient"),
            SEPARATOR,
            Run("on an arrow: the Jacobian, ∂head/∂tail, a row for each entry of the head, "),
            Run(f"{signs[0]} above 0 and {signs[1]} below; its largest entry is the strongest"),
        ),
        direction=direction,
    )


def _box(node: Stacked, id: str, column: int, row: float) -> Box:
    grads = [grad for grad in node.grad if grad is not None]
    length = number(hypot(*grads)) if len(grads) == len(node.nodes) else "–"
    return Box(
        id=id,
        title=title(node),
        value=(f"{len(node.layers)} layers, each " if isinstance(node, Row) else "")
        + " × ".join(map(str, shape(node))),
        gradient=f"|grad| {length}",
        tip=clean(f"{node.name} = {', '.join(map(number, node.data[:LARGEST]))}{' …' * (len(node.data) > LARGEST)}"),
        column=column,
        row=row,
    )


def _arrow(node: Stacked, parent: Stacked, matrix: Matrix, ids: dict[Any, str]) -> Arrow:
    """A Jacobian: its size, its largest entry, and its shades if it is small enough for them to be seen."""
    rows, columns_ = len(matrix), len(matrix[0])
    largest = max(abs(entry) for row in matrix for entry in row)
    length = hypot(*(entry for row in matrix for entry in row))
    seen = max(rows, columns_) <= LARGEST and 0 < length < inf
    return Arrow(
        tail=ids[parent],
        head=ids[node],
        label=f"{rows} × {columns_}, to {number(largest, 2)}",
        tip=clean(f"{derivative_name(node.name, parent.name)}: {rows} × {columns_}, length {number(length)}"),
        heat=tuple(tuple(entry / largest for entry in row) for row in matrix) if seen else (),
    )

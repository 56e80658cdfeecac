"""The picture of layers: vectors and matrices in boxes, Jacobians as small heat maps. Imports autograd and nn."""

from __future__ import annotations

from math import hypot, inf
from typing import Any

from autograd import (
    Folded,
    Graph,
    Matrix,
    Row,
    Stacked,
    derivative_name,
    fold,
    nicknames,
    shorten_rows,
    stack,
    subscript,
)
from autograd.readings.text import expression
from nn import indexed, indices_of

from .columns import columns
from .picture import ENDS, Arrow, Box, Direction, Picture
from .typeset import SEPARATOR, Line, Run, clean, formula, name, number

LARGEST = 40  # rows or columns of a heat map
WRITTEN = {"sigmoid": "σ", "weighted_sum": "", "add": ""}  # activations, where they are not called by their names


def stacks_picture(y: Any, signs: tuple[str, str], direction: Direction = "right", collapse: bool = False) -> Picture:
    """The graph of y with each layer, each matrix of weights and the inputs as one box.

    `signs` are the words for the colours of positive and of negative entries. With `collapse` a row of layers that are
    alike is drawn as its first, its last, and one box with the number of those between.

    Raises UnknownChoice for a graph that has scopes but no neurons.
    """
    start, end = ENDS[direction]
    neurons = fold(Graph(y), "neuron")
    graph = stack(neurons, _keys(neurons).__getitem__)
    if collapse:
        graph = shorten_rows(graph)
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
            Run("‖grad‖", "gradient"),
            Run(" the length of the gradient"),
            SEPARATOR,
            Run("on an arrow: the Jacobian, ∂head/∂tail, a row for each entry of the head, "),
            Run(f"{signs[0]} above 0 and {signs[1]} below; its largest entry is the strongest"),
        ),
        direction=direction,
    )


def _keys(graph: Graph[Any]) -> dict[Any, str]:
    """Which stack each node belongs to: leaves go by their letter and layer, computed nodes by their layer."""
    called, vectors = nicknames(graph), _vectors(graph)
    return {node: _key(node) or vectors.get(node) or called[node] for node in graph}


def _vectors(graph: Graph[Any]) -> dict[Any, str]:
    """The letter of each of x₁, x₂, …, where there are all of them from 1 on, in any number of examples."""
    letters: dict[str, dict[Any, str]] = {}
    for node in graph:
        if not node.operands and not _in_layer(node):
            letters.setdefault(indices_of(node.name)[0], {})[node] = node.name
    found: dict[Any, str] = {}
    for letter, members in letters.items():
        names = set(members.values())
        if names == {indexed(letter, place) for place in range(1, len(names) + 1)}:
            found |= dict.fromkeys(members, letter)
    return found


def _in_layer(node: Any) -> bool:
    return bool(node.scope and node.scope.enclosing({"layer"}))


def _key(node: Any) -> str:
    """W₁ for w₁₂₃ and h₂ for h₂₁; nothing for what is in no layer."""
    letter, indices = indices_of(node.name)
    if _in_layer(node) and len(indices) > 1:
        return (letter.upper() if letter == "w" else letter) + subscript(indices[0])
    return ""


def _box(node: Stacked, id: str, column: int, row: float) -> Box:
    grads = [grad for grad in node.grad if grad is not None]
    length = number(hypot(*grads)) if len(grads) == len(node.nodes) else "–"
    return Box(
        id=id,
        title=_title(node),
        value=(f"{len(node.layers)} layers, each " if isinstance(node, Row) else "")
        + " × ".join(map(str, _shape(node))),
        gradient=f"‖grad‖ {length}",
        tip=clean(f"{node.name} = {', '.join(map(number, node.data[:LARGEST]))}{' …' * (len(node.data) > LARGEST)}"),
        column=column,
        row=row,
    )


def _shape(node: Stacked) -> tuple[int, int]:
    """Rows and columns: of a matrix of weights, targets and sources; of anything else, a column."""
    places = [indices_of(inner.name)[1] for inner in node.nodes]
    if all(len(indices) == 3 for indices in places):
        rows, columns_ = len({j for _, j, _ in places}), len({i for *_, i in places})
        if rows * columns_ == len(places):
            return rows, columns_
    return len(node.nodes), 1


def _title(node: Stacked) -> Line:
    """The stack's name, and for a layer its equation: h₁ = σ(W₁ x + b₁)."""
    own, first = name(node.name), node.nodes[0]
    if not isinstance(first, Folded):
        return own
    if first.scope is not None and first.scope.kind == "loss":
        made = expression(first.of, longest=24)
        return (*own, Run(" = "), *formula(made)) if made else own
    weights = [other for other in node.operands if other.name.startswith("W")]
    inputs = [other for other in node.operands if other.name[0] not in "Wb"]
    if len(weights) != 1 or len(inputs) != 1 or first.of.op is None:
        return own
    bias = [run for other in node.operands if other.name.startswith("b") for run in (Run(" + "), *name(other.name))]
    source = inputs[0].layers[-1] if isinstance(inputs[0], Row) else inputs[0]
    inside = (*name(weights[0].name), Run(" "), *name(source.name), *bias)
    function = WRITTEN.get(first.of.op.name, first.of.op.name)
    return (*own, Run(f" = {function}("), *inside, Run(")")) if function else (*own, Run(" = "), *inside)


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

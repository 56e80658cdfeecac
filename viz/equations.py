"""The picture of a network's equations: forward in blocks, backward in blocks, and what is kept in between.

Read off the graph of layers. Imports autograd, layers, picture and typeset. Source: the notes' backward equations and
their summary, lines 1220-1366.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd import Row, Stacked, edges_of, local_formula

from .layers import Layer, called, layer_of, layers, shape, title
from .picture import ENDS, Arrow, Box, Direction, Picture
from .typeset import SEPARATOR, Line, Run, clean, formula, name

FORWARD, BACKWARD = -0.8, 0.8  # the rows of the picture


def equations_picture(y: Any, direction: Direction = "right", collapse: bool = False) -> Picture:
    """The forward equation of each layer, below it its backward equations, and between the two what has to be kept.

    Where the activation works entry by entry these are δ = ∂L/∂h ∗ g′(a), ∂L/∂W = δ xᵀ and so on; for anything else
    the general equation ∂L/∂x = (∂y/∂x)ᵀ ∂L/∂y stands there. Raises UnknownChoice for a graph that has scopes but no
    neurons.
    """
    graph = layers(y, collapse)
    computed = [node for node in graph if node.operands]
    inputs = [node for node in graph if any(node is layer.source for layer in map(_plain, computed) if layer)]
    inputs = [node for node in inputs if not node.operands]
    columns = {node: column for column, node in enumerate(computed, 1)} | dict.fromkeys(inputs, 0)
    output = computed[-1] if computed else graph.outputs[0]
    boxes = [Box(f"f{0}.{k}", name(node.name), _size(node), column=0, row=FORWARD + k) for k, node in enumerate(inputs)]
    for node in computed:
        first, *others = _backward(node, output)
        boxes.append(Box(f"f{columns[node]}", title(node), _shapes(node), column=columns[node], row=FORWARD))
        boxes.append(Box(f"b{columns[node]}", first, lines=tuple(others), column=columns[node], row=BACKWARD))
    return Picture(
        title=f"The equations of {clean(called(output))}",
        description=f"{len(computed)} blocks forward from the inputs {ENDS[direction][0]}, beside them as many back.",
        boxes=tuple(boxes),
        arrows=tuple(_arrows(inputs, computed, columns, called(output))),
        on_arrows="",
        key=(
            Run("shape", "value"),
            SEPARATOR,
            Run("forward from x, backward from the loss, and in between what is kept"),
            SEPARATOR,
            Run("∗ entry by entry, ᵀ transposed"),
        ),
        direction=direction,
    )


def _plain(node: Stacked) -> Layer | None:
    """The parts of a layer whose activation, if it has one, works entry by entry."""
    layer = None if isinstance(node, Row) else layer_of(node)
    return layer if layer and (not layer.function or len(layer.op.operands) == 1) else None


def _arrows(
    inputs: list[Stacked], computed: list[Stacked], columns: dict[Stacked, int], output: str
) -> Iterator[Arrow]:
    """Forward what is passed on, downward what is kept, backward the derivatives."""
    for k, node in enumerate(inputs):
        for reader in (reader for reader in computed if node in reader.operands):
            yield Arrow(f"f0.{k}", f"f{columns[reader]}")
    for node in computed:
        for parent in (parent for parent in node.operands if parent.operands):
            yield Arrow(f"f{columns[parent]}", f"f{columns[node]}", called(parent))
            yield Arrow(f"b{columns[node]}", f"b{columns[parent]}", f"∂{output}/∂{called(parent)}")
        yield Arrow(f"f{columns[node]}", f"b{columns[node]}", _kept(node), ink="faded")


def _kept(node: Stacked) -> str:
    """What the backward pass of a layer needs of its forward pass."""
    layer = _plain(node)
    if layer is None:
        return ", ".join(called(parent) for parent in node.operands if parent.operands)
    return ", ".join([called(layer.source), layer.weights.name, *([_beside(node, "a")] if layer.function else [])])


def _backward(node: Stacked, output: Stacked) -> list[Line]:
    """The derivatives by a stack's parts, from the derivative by itself."""
    layer = _plain(node)
    if layer is None:
        computed = [parent for parent in node.operands if parent.operands]
        return [_general(node, parent, output) for parent in computed or node.operands]
    delta, arrived = name(_beside(node, "δ")), _by(node, output)
    slope = formula(f" ∗ {layer.function}′({_beside(node, 'a')})") if layer.function else ()
    lines = [
        (*delta, Run(" = "), *arrived, *slope),
        (*_by(layer.weights, output), Run(" = "), *delta, Run(" "), *name(called(layer.source)), Run("ᵀ")),
    ]
    if layer.bias:
        every = (Run("Σ "),) if shape(node)[1] > 1 else ()  # over the examples
        lines.append((*_by(layer.bias, output), Run(" = "), *every, *delta))
    return [*lines, (*_by(layer.source, output), Run(" = "), *name(layer.weights.name), Run("ᵀ "), *delta)]


def _general(node: Stacked, parent: Stacked, output: Stacked) -> Line:
    """A derivative by its formula, where it is one number right below the output; otherwise by the Jacobian."""
    left = (*_by(parent, output), Run(" = "))
    if node is output and len(node.nodes) == len(parent.nodes) == 1:
        edge = next(edge for edge in edges_of(node.nodes[0]) if edge.parent is parent.nodes[0])
        if written := local_formula(edge):
            return (*left, *formula(written))
    jacobian = (Run("(∂"), *name(called(node)), Run("/∂"), *name(called(parent)), Run(")ᵀ"))
    return (*left, *jacobian, *(() if node is output else (Run(" "), *_by(node, output))))


def _by(node: Stacked, output: Stacked) -> Line:
    """The symbol ∂L/∂node."""
    return (Run("∂"), *name(called(output)), Run("/∂"), *name(called(node)))


def _beside(node: Stacked, letter: str) -> str:
    """Another quantity of the same layer: a₁ for h₁."""
    return letter + called(node)[1:]


def _shapes(node: Stacked) -> str:
    layer = _plain(node)
    if layer is None:
        return _size(node)
    bias = f" + {_size(layer.bias)}" if layer.bias else ""
    return f"({_size(layer.weights)}) ({_size(layer.source)}){bias}"


def _size(node: Stacked) -> str:
    return " × ".join(map(str, shape(node)))

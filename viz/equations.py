"""The picture of a network's equations: forward in blocks, backward in blocks, and what is kept in between.

Read off the graph of layers. Imports autograd, layers, picture and typeset. Source: the notes' backward equations and
their summary, lines 1220-1366.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from autograd import Graph, Row, Stacked, edges_of, local_formula, origin
from autograd.readings.text import expression

from .layers import Layer, called, layer_of, layers, shape, title
from .picture import ENDS, Arrow, Box, Direction, Picture
from .typeset import SEPARATOR, Line, Run, clean, formula, name, plain

FORWARD, BACKWARD = -0.8, 0.8  # the rows of the picture
LONGEST = 48  # characters of a formula in a block
FEW = 4  # entries of a vector of which each has its own equation


def equations_picture(y: Any, direction: Direction = "right", collapse: bool = False) -> Picture:
    """The forward equation of each layer, below it its backward equations, and between the two what has to be kept.

    Where the activation works entry by entry these are δ = ∂L/∂h ∗ g′(a), ∂L/∂W = δ xᵀ and so on; for anything else
    the general equation ∂L/∂x = (∂y/∂x)ᵀ ∂L/∂y stands there, and for the last block its formula. Where several blocks
    read the same, each adds its part with +=. Raises UnknownChoice for a graph that has scopes but no neurons.
    """
    return _Equations(layers(y, collapse)).picture(direction)


class _Equations:
    """What the blocks of one graph say; all derivatives are those of its output."""

    def __init__(self, graph: Graph[Any]) -> None:
        self.output: Stacked = graph.outputs[0]
        self.computed: list[Stacked] = [node for node in graph if node.operands]
        self.readers = Counter(parent for node in self.computed for parent in node.operands)
        passed = (parent for node in self.computed for parent in _passed_on(node) if not parent.operands)
        self.inputs = list(dict.fromkeys(passed)) if self.computed else [self.output]

    def picture(self, direction: Direction) -> Picture:
        """The whole picture: a column for each block, those forward above those backward."""
        at = {node: column for column, node in enumerate(self.computed, 1)}
        boxes = [
            Box(f"f0.{k}", name(node.name), _size(node), column=0, row=FORWARD + k)
            for k, node in enumerate(self.inputs)
        ]
        for node, column in at.items():
            first, *others = self.backward(node)
            boxes.append(Box(f"f{column}", _forward(node), _shapes(node), column=column, row=FORWARD))
            boxes.append(Box(f"b{column}", first, lines=tuple(others), column=column, row=BACKWARD))
        written = "".join(plain(line) for box in boxes for line in (box.title, *box.lines))
        signs = {"∗": "∗ entry by entry", "ᵀ": "ᵀ transposed", "+=": "+= of several parts that add up this one"}
        parts = ["forward from the inputs, backward from the output, and in between what is kept"]
        parts += [said for sign, said in signs.items() if sign in written]
        return Picture(
            title=f"The equations of {clean(called(self.output))}",
            description=f"{len(at)} blocks forward from the inputs {ENDS[direction][0]}, beside them as many back.",
            boxes=tuple(boxes),
            arrows=tuple(self.arrows(at)),
            on_arrows="",
            key=(Run("shape", "value"), *(run for part in parts for run in (SEPARATOR, Run(part)))),
            direction=direction,
        )

    def arrows(self, at: dict[Stacked, int]) -> Iterator[Arrow]:
        """Forward what is passed on, from there to the backward block what is kept, backward the derivatives."""
        for k, node in enumerate(self.inputs):
            for reader in (reader for reader in self.computed if node in reader.operands):
                yield Arrow(f"f0.{k}", f"f{at[reader]}")
        for node in self.computed:
            for parent in (parent for parent in node.operands if parent.operands):
                yield Arrow(f"f{at[parent]}", f"f{at[node]}", called(parent))
                yield Arrow(f"b{at[node]}", f"b{at[parent]}", f"∂{called(self.output)}/∂{called(parent)}")
            if (kept := _kept(node)) or node is self.output:
                yield Arrow(f"f{at[node]}", f"b{at[node]}", kept, ink="faded")

    def backward(self, node: Stacked) -> list[Line]:
        """The derivatives by a stack's parts, from the derivative by itself."""
        layer = _plain(node)
        if layer is None:
            return [line for parent in _passed_on(node) for line in self.general(node, parent)]
        delta = name(_beside(node, "δ"))
        arrived = () if node is self.output else self.by(node)
        slope = formula(f"{layer.function}′({_beside(node, 'a')})") if layer.function else ()
        between = (Run(" ∗ "),) if arrived and slope else ()
        lines = [
            (*delta, Run(" = "), *((*arrived, *between, *slope) or (Run("1"),))),
            (*self.part(layer.weights), *delta, Run(" "), *name(called(layer.source)), Run("ᵀ")),
        ]
        if layer.bias:
            several = shape(node)[1] > 1 or len(layer.bias.nodes) < shape(node)[0]
            every = (Run("Σ "),) if several else ()  # over the examples, and over the neurons that share it
            lines.append((*self.part(layer.bias), *every, *delta))
        return [*lines, (*self.part(layer.source), *name(layer.weights.name), Run("ᵀ "), *delta)]

    def general(self, node: Stacked, parent: Stacked) -> list[Line]:
        """By formulas right below the output, as far as there are some; otherwise by the Jacobian."""
        if node is self.output and (found := _formulas(node, parent)):
            if len(found) == 1:
                (written,) = found.values()
                return [(*self.part(parent), *formula(written))]
            lines = [(*self.by(entry), *self.sign(parent), *formula(written)) for entry, written in found.items()]
            return lines if len(lines) <= FEW else [lines[0], lines[1], (Run("⋮"),), lines[-1]]
        jacobian = (Run("(∂"), *name(called(node)), Run("/∂"), *name(called(parent)), Run(")ᵀ"))
        return [(*self.part(parent), *jacobian, *(() if node is self.output else (Run(" "), *self.by(node))))]

    def part(self, node: Stacked) -> Line:
        """The left side of an equation: ∂L/∂W₁ = ."""
        return (*self.by(node), *self.sign(node))

    def sign(self, node: Stacked) -> Line:
        """An equals sign, or += where other blocks add their parts."""
        return (Run(" += " if self.readers[node] > 1 else " = "),)

    def by(self, node: Any) -> Line:
        """The symbol ∂L/∂node, of a stack or of an entry."""
        below = called(node) if isinstance(node, Stacked) else node.name
        return (Run("∂"), *name(called(self.output)), Run("/∂"), *name(below))


def _plain(node: Stacked) -> Layer | None:
    """The parts of a layer whose activation, if it has one, works entry by entry."""
    layer = None if isinstance(node, Row) else layer_of(node)
    return layer if layer and (not layer.function or len(layer.op.operands) == 1) else None


def _passed_on(node: Stacked) -> list[Stacked]:
    """Of what a stack reads that whose derivative is asked for: what was computed, or the inputs."""
    if layer := _plain(node):
        return [layer.source]
    return [parent for parent in node.operands if parent.operands] or list(node.operands)


def _forward(node: Stacked) -> Line:
    """The block's equation: h₁ = σ(W₁ x + b₁), and of what is no layer how it was computed."""
    first = node.nodes[0]
    made = "" if isinstance(node, Row) or _plain(node) or len(node.nodes) > 1 else expression(origin(first), LONGEST)
    return (*name(node.name), Run(" = "), *formula(made)) if made else title(node)


def _formulas(node: Stacked, parent: Stacked) -> dict[Any, str]:
    """The derivative of a stack of one by each entry of another; none at all unless all can be told and written.

    Where it is the same number for all of them, one stands for all.
    """
    terms: dict[Any, list[str]] = {entry: [] for entry in parent.nodes}
    for edge in edges_of(node.nodes[0]) if len(node.nodes) == 1 else ():
        if edge.parent in terms:
            terms[edge.parent].append(local_formula(edge, LONGEST))
    if not all(some and all(some) for some in terms.values()):
        return {}
    found = {entry: " + ".join(some).replace("+ −", "− ") for entry, some in terms.items()}
    if len({*found.values()}) == 1 and _is_constant(next(iter(found.values()))):
        return dict([next(iter(found.items()))])
    return found if len({entry.name for entry in found}) == len(found) else {}


def _is_constant(written: str) -> bool:
    return not any(map(str.isalpha, written))


def _kept(node: Stacked) -> str:
    """What the backward pass of a block needs of its forward pass."""
    rows = node.layers if isinstance(node, Row) else (node,)
    if all(map(_plain, rows)):
        ends = zip(_held(rows[0]), _held(rows[-1]), strict=True)
        return ", ".join(" … ".join(dict.fromkeys(pair)) for pair in ends)
    written = [local_formula(edge) for edge in edges_of(node.nodes[0])]
    if all(written) and _is_constant("".join(written)):
        return ""  # a derivative that is the same wherever the nodes are
    return ", ".join(map(called, sorted(node.operands, key=lambda parent: not parent.operands)))


def _held(node: Stacked) -> list[str]:
    """What a layer keeps: what it read, its weights, and what its activation was applied to."""
    layer = _plain(node)
    if layer is None:
        return []
    return [called(layer.source), layer.weights.name, *([_beside(node, "a")] if layer.function else [])]


def _beside(node: Stacked, letter: str) -> str:
    """Another quantity of the same layer: a₁ for h₁."""
    return letter + called(node)[1:]


def _shapes(node: Stacked) -> str:
    if isinstance(node, Row):
        return f"{len(node.layers)} layers, each {_size(node)}"
    layer = _plain(node)
    if layer is None:
        return _size(node)
    bias = f" + {_size(layer.bias)}" if layer.bias else ""
    return f"({_size(layer.weights)}) ({_size(layer.source)}){bias}"


def _size(node: Stacked) -> str:
    return " × ".join(map(str, shape(node)))

"""The layers of a graph, as stacks of its nodes, and how each is computed. Imports autograd, nn and typeset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd import Folded, Graph, Op, Row, Stacked, fold, origin, shorten_rows, subscript
from autograd import collapse as collapse_alike
from autograd.readings.text import expression
from nn import indexed, indices_of

from .typeset import Line, Run, formula, name

WRITTEN = {
    "sigmoid": "σ",
    "weighted_sum": "",
    "add": "",
    "mul": "",
}  # activations, where they are not called by their names


def layers(y: Any, collapse: bool = False) -> Graph[Any]:
    """The graph of y with each layer, each matrix of weights and the inputs as one stack.

    What is in no layer, such as the losses of a batch, is stacked with what is alike. With `collapse` a row of layers
    that are alike is one Row. Raises UnknownChoice for a graph that has scopes but no neurons.
    """
    neurons = fold(Graph(y), "neuron")
    vectors = _vectors(neurons)
    graph = collapse_alike(neurons, lambda node: _key(node) or vectors.get(node, ""))
    return shorten_rows(graph) if collapse else graph


@dataclass(frozen=True)
class Layer:
    """A layer's parts: h = σ(W x + b), where the function may be missing and b as well."""

    weights: Stacked
    source: Stacked
    bias: Stacked | None
    op: Op

    @property
    def function(self) -> str:
        """The activation as it is written; nothing where there is none."""
        return WRITTEN.get(self.op.name, self.op.name)

    @property
    def equation(self) -> Line:
        """The right side: σ(W₁ x + b₁)."""
        bias = (Run(" + "), *name(self.bias.name)) if self.bias else ()
        inside = (*name(self.weights.name), Run(" "), *name(called(self.source)), *bias)
        return (Run(f"{self.function}("), *inside, Run(")")) if self.function else inside


def layer_of(node: Stacked) -> Layer | None:
    """The parts of a stack, if it is a layer with one matrix and one source."""
    first = node.nodes[0]
    weights = [other for other in node.operands if other.name.startswith("W")]
    biases = [other for other in node.operands if other.name.startswith("b")]
    sources = [other for other in node.operands if other.name[0] not in "Wb"]
    if len(weights) != 1 or len(sources) != 1 or len(biases) > 1 or not isinstance(first, Folded):
        return None
    ops = {origin(inner).op for inner in node.nodes}  # of a layer whose neurons differ no one equation can be written
    return Layer(weights[0], sources[0], biases[0] if biases else None, ops.pop()) if len(ops) == 1 else None


def called(node: Stacked) -> str:
    """The name of a stack; of a row, whose nodes are those of its last layer, the name of that."""
    return node.layers[-1].name if isinstance(node, Row) else node.name


def title(node: Stacked) -> Line:
    """The stack's name, and for a layer its equation: h₁ = σ(W₁ x + b₁)."""
    own, first = name(node.name), node.nodes[0]
    if isinstance(first, Folded) and first.scope is not None and first.scope.kind == "loss":
        made = expression(origin(first), longest=24)
        return (*own, Run(" = "), *formula(made)) if made else own
    layer = None if isinstance(node, Row) else layer_of(node)
    return (*own, Run(" = "), *layer.equation) if layer else own


def shape(node: Stacked) -> tuple[int, int]:
    """Rows and columns: of a matrix of weights targets and sources, of anything else entries and examples."""
    names = {inner.name for inner in node.nodes}
    places = [indices_of(inner.name)[1] for inner in node.nodes]
    if all(len(indices) == 3 for indices in places):
        rows, columns = len({j for _, j, _ in places}), len({i for *_, i in places})
        if rows * columns == len(places):
            return rows, columns
    alike = len(node.nodes) % len(names) == 0
    return (len(names), len(node.nodes) // len(names)) if alike else (len(node.nodes), 1)


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

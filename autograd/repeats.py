"""What a graph does again and again, such as the examples of a batch, as one. Imports fold, graph, nicknames, stacked.

Two nodes are alike if they are computed in the same way from leaves of the same names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from functools import reduce
from typing import Any

from .fold import origin, regrouped
from .graph import Graph, as_graph
from .nicknames import nicknames
from .stacked import MATRICES, Matrix, Stacked, stack

FEW = 3  # layers alike in a row, which are all shown


class Row(Stacked):
    """Several `layers` in a row as one stack: the nodes of the last of them, and the product of their Jacobians."""

    __slots__ = ("layers",)

    def __init__(self, layers: Sequence[Stacked], before: Stacked) -> None:
        product = reduce(MATRICES.times, (_along(layer, _before(layer)) for layer in reversed(layers)))
        super().__init__(f"{layers[0].name} … {layers[-1].name}", layers[-1].nodes, {before: product})
        self.layers = tuple(layers)


def collapse(graph: Graph[Any]) -> Graph[Any]:
    """The graph in which all nodes that are alike are one stack: of a batch, one example, and how many there are.

    A chain of additions without names is one sum, so it does not matter how the examples were added up. A leaf without
    a name is like no other. Derivatives stay what they were, as matrices: `stacked_gradients` is the sweep over them.

    Raises NotAScalar for what is no graph, WrongShape for outputs that are not alike.

    >>> from autograd import Graph, Value
    >>> w = Value(2.0, "w")
    >>> loss = sum((w * Value(x, "x")).tanh() for x in (0.5, -1.0, 0.25))
    >>> [(len(node.nodes), node.name) for node in collapse(Graph(loss))]
    [(1, 'w'), (3, 'x'), (3, '×'), (3, 'tanh'), (1, '+')]
    """
    graph = as_graph(graph, "collapse")
    fine = Graph(*map(origin, graph.outputs))
    tops = _sums(fine)
    whole = regrouped(graph, {node: tops.get(origin(node)) for node in graph})
    kinds, first, called = _kinds(fine, tops), dict[Hashable, Any](), nicknames(whole)
    for node in whole:
        first.setdefault(kinds[origin(node)], node)
    return stack(whole, lambda node: called[first[kinds[origin(node)]]])


def _kinds(graph: Graph[Any], tops: dict[Any, Any]) -> dict[Any, int]:
    """A number for each node of a scalar graph, the same for all that are alike; running sums have none."""
    numbers: dict[Hashable, int] = {}
    kinds: dict[Any, int] = {}
    for node in graph:
        if tops.get(node, node) is node:
            kinds[node] = numbers.setdefault(_described(node, kinds, tops), len(numbers))
    return kinds


def _described(node: Any, kinds: dict[Any, int], tops: dict[Any, Any]) -> Hashable:
    """What is the same for all that are alike: leaves go by their names, others by how they were made of what."""
    if not node.operands:
        return ("leaf", node.name) if node.name else ("itself", node)
    place = (node.name, node.scope and node.scope.name)
    if node in tops:
        return ("sum", *place, *sorted(_terms(node, kinds, tops)))
    return (node.op, *place, *(_term(operand, kinds) for operand in node.operands))


def _term(operand: Any, kinds: dict[Any, int]) -> tuple[bool, float]:
    """A node by its kind, a plain number as it is, and which of the two it is."""
    return (True, kinds[operand]) if operand in kinds else (False, operand)


def _terms(top: Any, kinds: dict[Any, int], tops: dict[Any, Any]) -> Iterator[tuple[bool, float]]:
    """What a whole sum adds up, however it was added."""
    stack = [top]
    while stack:
        for operand in stack.pop().operands:
            if operand in tops and operand not in kinds:
                stack.append(operand)
            else:
                yield _term(operand, kinds)


def _sums(graph: Graph[Any]) -> dict[Any, Any]:
    """For each addition the last one of its chain: of those without a name whose sums only the next one reads."""
    readers = Counter(edge.parent for edge in graph.edges())
    tops: dict[Any, Any] = {}
    for node in reversed(graph.nodes):
        if _is_sum(node):
            top = tops.setdefault(node, node)
            for parent in node.parents:
                if _is_sum(parent) and readers[parent] == 1 and not parent.name and parent.scope is node.scope:
                    tops[parent] = top
    return tops


def _is_sum(node: Any) -> bool:
    return node.op is not None and node.op.name in ("add", "sum")


def shorten_rows(graph: Graph[Any]) -> Graph[Any]:
    """The graph of layers in which a row of layers alike is the first, the last, and one Row for those between.

    Every derivative stays what it was. Layers are alike if they are of one size and computed in one way, each from the
    one before.
    """
    between = _rows(graph)
    inside = {node for row in between.values() for node in row}
    inside |= {leaf for node in inside for leaf in node.operands if not leaf.operands}
    made: dict[Stacked, Stacked] = {}
    for node in graph:
        if node in inside:
            continue
        edges = zip(node.operands, node.partials, strict=True)
        jacobians = {made[parent]: matrix for parent, matrix in edges if parent not in inside}
        if row := between.get(node):
            jacobians[Row(row, made[_before(row[0])])] = _along(node, row[-1])
        made[node] = Stacked(node.name, node.nodes, jacobians)
    outputs: list[Any] = [made[output] for output in graph.outputs]
    return Graph(*outputs)


def _rows(graph: Graph[Any]) -> dict[Stacked, list[Stacked]]:
    """For the last layer of each row of four and more that are alike: those between the first and it."""
    readers = Counter(parent for node in graph for parent in node.operands)
    rows: dict[Stacked, list[Stacked]] = {}
    for node in graph:
        before = _before(node)
        if before in rows and readers[before] == 1 and _alike(node, before):
            rows[node] = [*rows.pop(before), node]
        elif node.operands:
            rows[node] = [node]
    return {last: row[1:-1] for last, row in rows.items() if len(row) > FEW}


def _before(layer: Stacked) -> Any:
    """The one computed stack that a layer reads; None if there is none, or more than one."""
    computed = [operand for operand in layer.operands if operand.operands]
    return computed[0] if len(computed) == 1 else None


def _alike(layer: Stacked, other: Stacked) -> bool:
    def kind(stack: Stacked) -> Hashable:
        leaves = sorted(len(operand.nodes) for operand in stack.operands if not operand.operands)
        return (len(stack.nodes), origin(stack.nodes[0]).op, *leaves)

    return kind(layer) == kind(other)


def _along(layer: Stacked, parent: Stacked) -> Matrix:
    return layer.partials[layer.operands.index(parent)]

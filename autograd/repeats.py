"""What a graph does again and again, such as the examples of a batch, as one. Imports fold, graph, nicknames, stacked.

Two nodes are alike if they are computed in the same way, in scopes of the same names, from leaves of the same names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property, reduce
from typing import Any

from .errors import WrongShape, is_node
from .fold import origin, regrouped
from .graph import Graph, as_graph
from .nicknames import nicknames
from .stacked import MATRICES, Matrix, Stacked, stack

FEW = 3  # layers alike in a row, which are all shown


class Row(Stacked):
    """Several `layers` in a row as one stack: the nodes of the last of them, and the product of their Jacobians."""

    def __init__(self, layers: Sequence[Stacked], before: Stacked) -> None:
        super().__init__(f"{layers[0].name} … {layers[-1].name}", layers[-1].nodes, [before])
        self.layers = tuple(layers)

    @cached_property
    def partials(self) -> tuple[Matrix, ...]:
        """The product of the layers' Jacobians."""
        return (reduce(MATRICES.times, (_along(layer, _before(layer)) for layer in reversed(self.layers))),)


def collapse(graph: Graph[Any], key: Callable[[Any], str] = lambda node: "") -> Graph[Any]:
    """The graph in which all nodes that are alike are one stack: of a batch, one example, and how many there are.

    A chain of additions without names is one sum, so it does not matter how the examples were added up. A leaf without
    a name is like no other. Derivatives stay what they were, as matrices: `stacked_gradients` is the sweep over them.

    Nodes to which `key` gives a name are stacked by it instead, such as the neurons of a layer.

    Raises NotAScalar for what is no graph, WrongShape for outputs that are not alike, and for keys as `stack` does.

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
    return stack(whole, lambda node: key(node) or called[first[kinds[origin(node)]]])


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
    scopes = tuple((scope.kind, scope.name) for scope in (node.scope.outward() if node.scope else ()))
    place = (node.name, tuple(scope for scope in scopes if scope[0] != "line"))
    if not node.operands:
        return ("leaf", *place) if node.name else ("itself", node)
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
    readers = _readers(graph)
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


def _readers(graph: Graph[Any]) -> Counter[Any]:
    """How many edges lead to each node; who asks for an output reads it as well."""
    return Counter([*(edge.parent for edge in graph.edges()), *graph.outputs])


def shorten_rows(graph: Graph[Any]) -> Graph[Any]:
    """The graph of layers in which four and more layers in a row that are alike are one Row.

    Every derivative stays what it was. Layers are alike if they are of one size and computed in one way, each from the
    one before and from leaves, such as weights, that nothing else reads.

    Raises NotAScalar for what is no graph, WrongShape for one that is not of stacks.
    """
    graph = as_graph(graph, "shorten_rows")
    if not all(isinstance(node, Stacked) for node in graph):
        raise WrongShape("shorten_rows: these nodes are no layers; stack them first, shorten_rows(stack(graph, key))")
    rows = _rows(graph)
    if not rows:
        return graph
    inside = {node for row in rows.values() for node in row[:-1]}
    inside |= {leaf for row in rows.values() for node in row for leaf in node.operands if not leaf.operands}
    made: dict[Stacked, Stacked] = {}
    for node in graph:
        if node in inside:
            continue
        row = rows.get(node)
        made[node] = (
            Row(row, made[_before(row[0])])
            if row
            else Stacked(node.name, node.nodes, [made[parent] for parent in node.operands])
        )
    outputs: list[Any] = [made[output] for output in graph.outputs]
    return Graph(*outputs)


def _rows(graph: Graph[Any]) -> dict[Stacked, list[Stacked]]:
    """For the last layer of each row of four and more that are alike: the row."""
    readers = _readers(graph)
    rows: dict[Stacked, list[Stacked]] = {}
    for node in graph:
        before = _before(node)
        if before in rows and all(readers[read] == 1 for read in node.operands) and _alike(node, before):
            rows[node] = [*rows.pop(before), node]
        elif node.operands:
            rows[node] = [node]
    return {last: row for last, row in rows.items() if len(row) > FEW and _before(row[0]) is not None}


def _before(layer: Stacked) -> Any:
    """The one computed stack that a layer reads; None if there is none, or more than one."""
    computed = [operand for operand in layer.operands if operand.operands]
    return computed[0] if len(computed) == 1 else None


def _alike(layer: Stacked, other: Stacked) -> bool:
    def kind(stack: Stacked) -> Hashable:
        leaves = sorted(len(operand.nodes) for operand in stack.operands if not operand.operands)
        return (*leaves, *map(_recipe, stack.nodes))

    return kind(layer) == kind(other)


def _recipe(node: Any) -> Hashable:
    """The primitives that a node is made with, in order, and their plain numbers."""
    inside = Graph(origin(node), ends={*map(origin, node.operands)})
    return tuple((inner.op, *(number for number in inner.operands if not is_node(number))) for inner in inside)


def _along(layer: Stacked, parent: Stacked) -> Matrix:
    return layer.partials[layer.operands.index(parent)]

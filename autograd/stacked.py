"""Nodes in stacks, such as the activations of a layer, with whole Jacobians on the edges. Imports graph and sweep.

The chain rule does not change: what is multiplied and added up are matrices, and the sweep runs over them as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from operator import attrgetter
from typing import Any, TypeAlias

from .errors import WrongShape
from .graph import Graph, as_graph, edges_of
from .sweep import Algebra, totals

Matrix: TypeAlias = tuple[tuple[float, ...], ...]


class Stacked:
    """Some nodes as one, a column of numbers.

    Its edges lead to other stacks, and their partials are Jacobians: a row for each of these nodes, a column for each
    of those. Edges between the same two nodes are added up in one entry. They are made when they are first asked for:
    between n examples and n examples a Jacobian has n² entries, most of them 0.
    """

    op = None

    def __init__(self, name: str, nodes: tuple[Any, ...], operands: Iterable[Stacked]) -> None:
        self.name, self.nodes, self.operands = name, nodes, tuple(operands)

    @cached_property
    def partials(self) -> tuple[Matrix, ...]:
        """The Jacobian by each of its operands."""
        return tuple(_jacobian(self.nodes, operand.nodes) for operand in self.operands)

    @property
    def parents(self) -> tuple[Stacked, ...]:
        """All of its operands."""
        return self.operands

    @property
    def scope(self) -> Any:
        """Where the first of its nodes was made."""
        return self.nodes[0].scope

    @property
    def data(self) -> tuple[float, ...]:
        """The numbers in it."""
        return tuple(node.data for node in self.nodes)

    @property
    def grad(self) -> tuple[float | None, ...]:
        """The gradients in it, as `backward` left them."""
        return tuple(node.grad for node in self.nodes)

    def __repr__(self) -> str:
        return f"Stacked({self.name!r}, {len(self.nodes)})"


def stack(graph: Graph[Any], key: Callable[[Any], Hashable]) -> Graph[Any]:
    """The graph in which all nodes of one key are one, in topological order; the key's text is its name.

    Raises WrongShape if a node would be stacked with another that it depends on, if stacks would depend on each other
    in a circle, or if the outputs are not a stack of their own; NotAScalar for what is no graph.
    """
    graph = as_graph(graph, "stack")
    members: dict[Hashable, list[Any]] = {}
    for node in graph:
        members.setdefault(key(node), []).append(node)
    home = {node: name for name, nodes in members.items() for node in nodes}
    below = {name: dict.fromkeys(home[e.parent] for n in nodes for e in edges_of(n)) for name, nodes in members.items()}
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError as error:
        circle = " → ".join(map(str, error.args[1]))
        raise WrongShape(f"stack: a stack would depend on itself, {circle}; give some of them other keys") from None
    top = home[graph.outputs[0]]
    if set(members[top]) != set(graph.outputs):
        raise WrongShape(f"stack: {top} must hold the outputs and nothing else; give the outputs a key of their own")
    made: dict[Hashable, Stacked] = {}
    for name in order:
        made[name] = Stacked(str(name), tuple(members[name]), [made[other] for other in below[name]])
    return Graph(made[top])


def _jacobian(rows: Sequence[Any], columns: Sequence[Any]) -> Matrix:
    place = {node: at for at, node in enumerate(columns)}
    matrix = [[0.0] * len(columns) for _ in rows]
    for numbers, node in zip(matrix, rows, strict=True):
        for edge in edges_of(node):
            if edge.parent in place:
                numbers[place[edge.parent]] += edge.local
    return tuple(map(tuple, matrix))


def stacked_gradients(graph: Graph[Any]) -> dict[Any, Matrix]:
    """∂(the output stack)/∂(each stack) by the sweep on matrices: a row for each output, a column for each node."""
    (output,) = graph.outputs
    one = tuple(tuple(float(row == column) for column in output.nodes) for row in output.nodes)
    return totals(graph, MATRICES, {output: one})


def _times(upstream: Matrix, jacobian: Matrix) -> Matrix:
    columns = list(zip(*jacobian, strict=True))
    return tuple(tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in upstream)


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return tuple(tuple(x + y for x, y in zip(left, right, strict=True)) for left, right in zip(a, b, strict=True))


# The one to begin with is the identity, whose size the output has.
MATRICES: Algebra[Any, Matrix] = Algebra(((1.0,),), _times, _plus, attrgetter("partials"))

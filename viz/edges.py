"""What is written on an arrow, and how wide it is. Imports autograd, show and typeset; computes no derivative."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import copysign, isfinite
from typing import Any

from autograd import DERIVATIVES, Edge, Graph, derivative_name, local_formula, totals, weight_on

from .show import Show
from .typeset import formula, plain

READABLE = 26  # characters of a formula on an arrow


class Edges:
    """The figures of one graph's edges, as `show` wants them; `called` says what a node is called in words."""

    def __init__(self, graph: Graph[Any], show: Show, called: Callable[[Any], str]) -> None:
        self.graph, self.show, self.called = graph, show, called

    def label(self, edge: Edge[Any]) -> str:
        """What is written on the arrow."""
        return getattr(self, f"_{self.show.edges}")(edge)  # type: ignore[no-any-return]  # one of the methods below

    def share(self, edge: Edge[Any]) -> float:
        """The edge's contribution beside the largest one; square roots, so that small ones are still seen.

        What is infinite is as wide as the largest; what is no number has no width.
        """
        if not self.show.budget or (part := self.contribution(edge)) != part:
            return 0.0
        return copysign(min(1.0, abs(part) / (self.largest or 1.0)) ** 0.5, part)

    def contribution(self, edge: Edge[Any]) -> float:
        """What has arrived at the head of the edge, times its local derivative."""
        return self.contributions[edge.node, edge.slot]

    @cached_property
    def gradients(self) -> dict[Any, float]:
        """The derivative of the output by each node, whatever backward() left."""
        return totals(self.graph, DERIVATIVES)

    @cached_property
    def contributions(self) -> dict[tuple[Any, int], float]:
        """Every edge's contribution."""
        held = self.gradients
        return {(edge.node, edge.slot): held[edge.node] * edge.local for edge in self.graph.edges()}

    @cached_property
    def largest(self) -> float:
        """The largest contribution that is finite."""
        return max((abs(part) for part in self.contributions.values() if isfinite(part)), default=0.0)

    def _local(self, edge: Edge[Any]) -> str:
        return self.show.number(edge.local)

    def _contribution(self, edge: Edge[Any]) -> str:
        return self.show.number(self.contribution(edge))

    def _symbol(self, edge: Edge[Any]) -> str:
        return derivative_name(*(plain(self.show.name(self.called(node))) for node in (edge.node, edge.parent)))

    def _formula(self, edge: Edge[Any]) -> str:
        """The formula, or the number where it would be too long to read on an arrow."""
        written = local_formula(edge, READABLE)
        return plain(formula(written, self.show.name)) if written else self._local(edge)

    def _weight(self, edge: Edge[Any]) -> str:
        """The weight's name and number; nothing on an arrow that has none, such as a weight's own."""
        weight = weight_on(edge)
        if weight is None or (not _is_neurons(weight) and (weight.scope or _is_neurons(edge.parent))):
            return ""
        named = f"{plain(self.show.name(weight.name))} = " if weight.name else ""
        return f"{named}{self.show.number(weight.data)}"

    def _none(self, edge: Edge[Any]) -> str:
        return ""


def _is_neurons(node: Any) -> bool:
    return bool(node.scope and node.scope.enclosing({"neuron"}))

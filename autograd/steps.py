"""The reverse sweep told one multiplication at a time, to be walked back and forth.

Imports algebras, graph, nicknames, plain and sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from numbers import Integral
from typing import Any, Generic, overload

from .algebras import DERIVATIVES
from .errors import WrongShape, shorten
from .graph import Graph, N, derivative_name, require_recorded
from .nicknames import nicknames
from .plain import brief
from .sweep import Step, sweep


class Steps(Sequence[Step[N, float]], Generic[N]):
    """Every multiplication of a reverse sweep, in order: a list that can also say each one in words.

    `sentence(n)` is step number n in plain words and `memo(n)` the memo table once n steps are done, n counted
    from 0, where only the output holds its 1. `print` tells them all.
    """

    def __init__(self, graph: Graph[N], needed: set[N] | None = None) -> None:
        self.graph, self.y, self._needed = graph, graph.outputs[0], needed

    @cached_property
    def _told(self) -> list[Step[N, float]]:
        told = sweep(self.graph, DERIVATIVES)
        return [step for step in told if self.needs(step.parent)]

    @cached_property
    def names(self) -> dict[N, str]:
        """What each node is called in the sentences; no two alike."""
        return nicknames(self.graph)

    def __len__(self) -> int:
        return len(self._told)

    @overload
    def __getitem__(self, place: int) -> Step[N, float]: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step[N, float]]: ...
    def __getitem__(self, place: int | slice) -> Step[N, float] | list[Step[N, float]]:
        return self._told[place]

    def needs(self, node: N) -> bool:
        """Whether the sweep visits the node."""
        return self._needed is None or node in self._needed

    def sentence(self, n: int) -> str:
        """Step number n, from 1, in words; number 0 is how the sweep begins.

        Raises WrongShape for a number that there is no step of.
        """
        self._require(n)
        if n == 0:
            y = self.names[self.y]
            return f"{derivative_name(y, y)} = 1, and {y} holds it"
        step = self._told[n - 1]
        node, parent = self.names[step.node], self.names[step.parent]
        done = f" = {derivative_name(self.names[self.y], parent)}" if step.final else " so far"
        return (
            f"{node} passes {brief(step.upstream)} × {brief(step.local)} = {brief(step.contribution)} "
            f"to {parent}, which now holds {brief(step.total)}{done}"
        )

    def memo(self, n: int) -> dict[N, float]:
        """What each node holds once n steps are done, the output first and then as the sweep met them."""
        self._require(n)
        held: dict[N, float] = {self.y: DERIVATIVES.one}
        for step in self._told[:n]:
            held[step.parent] = step.total
        return held

    def _require(self, n: Any) -> None:
        if not isinstance(n, Integral) or not 0 <= int(n) <= len(self):
            raise WrongShape(f"steps: there is no step number {shorten(n)}; give a whole number from 0 to {len(self)}")

    def __repr__(self) -> str:
        return f"<{len(self)} steps of the sweep from {self.names[self.y]}>"

    def __str__(self) -> str:
        width = len(str(len(self)))
        return "\n".join(f"{n:>{width}}  {self.sentence(n)}" for n in range(len(self) + 1))


def steps(y: N, wrt: Iterable[N] | None = None) -> Steps[N]:
    """Every multiplication that gives ∂y/∂(each node below y), in the order of the reverse sweep.

    With `wrt` only those that the derivatives of these nodes need. Raises NotAScalar for a y that is no node,
    NotRecorded if its graph was not kept, NotInGraph for a node of `wrt` that y was not made from. Source: the notes
    on memoization, lines 857-891.
    """
    require_recorded(y, "steps")
    graph = Graph(y)
    return Steps(graph, None if wrt is None else graph.above(graph.chosen(wrt, "steps")))

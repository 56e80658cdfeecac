"""Why a local derivative is 0: a function that is flat there, or a factor that is 0. Imports graph and plain."""

from __future__ import annotations

from typing import Any, NamedTuple

from .graph import Edge, label
from .plain import brief, counted


class Zero(NamedTuple):
    """An edge whose local derivative is 0, how many paths it silences, and why."""

    edge: Edge[Any]
    paths: int
    why: str

    def __str__(self) -> str:
        noun = "path" if self.paths == 1 else "paths"
        return (
            f"{counted(self.paths)} {noun} silenced at {label(self.edge.node)} → {label(self.edge.parent)}: {self.why}"
        )


def why_zero(edge: Edge[Any]) -> str:
    """The reason in words, read from the row of the table: where the partial is another operand, that one is 0.

    >>> from autograd import Value, edges_of
    >>> x, w = Value(-3.0, "x"), Value(0.0, "w")
    >>> [why_zero(edge) for edge in (*edges_of(x * w), *edges_of(x.relu())) if edge.local == 0]
    ['w is 0', 'relu is flat at x = -3']
    """
    op, operands, slot = edge.node.op, edge.node.operands, edge.slot
    if op is None:
        return "all that leads from one to the other inside is 0, or cancels"
    places = op.by_symbol(range(len(operands)))
    for symbol, partial in zip(op.symbols, op.partials, strict=True):
        place = places[symbol]
        if slot in (place if isinstance(place, list) else [place]) and partial.word in places:
            factor = places[str(partial.word)]
            other = operands[factor[place.index(slot)] if isinstance(place, list) else factor]
            return f"{other.name} is 0" if getattr(other, "name", "") else "its factor is 0"
    if len(operands) > 1:
        return f"{op.name} does not change with {label(edge.parent)} at these numbers"
    name = f"{edge.parent.name} = " if edge.parent.name else ""
    return f"{op.name} is flat at {name}{brief(edge.parent.data)}"

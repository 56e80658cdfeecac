"""Terms of a sum that are one computation: which parts of a graph are alike. Imports graph and regions.

They are if all that only they are made from is computed in the same way, step by step, from leaves of their own and
from the very same nodes outside. What anything is called, and where it was made, does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from .graph import N
from .regions import Regions

T = TypeVar("T")


class Part(NamedTuple, Generic[N]):
    """Some terms of a sum and all that only they are made from, in an order that is the same for all that are alike."""

    roots: tuple[N, ...]
    nodes: list[N]


def alone(regions: Regions[N], terms: Iterable[Any]) -> list[list[Part[N]]]:
    """The terms that are alike, each as a part of its own; only what is computed, and of one size, is compared."""
    sizes = grouped((term for term in terms if regions.own(term) and term.operands), regions.own)
    return [copies for some in sizes for copies in alike(regions, [Part((t,), regions.region(t)) for t in some])]


def alike(regions: Regions[N], parts: Iterable[Part[N]]) -> list[list[Part[N]]]:
    """The parts that are computed in the same way."""
    return grouped(parts, lambda part: _form(regions, part))


def _form(regions: Regions[N], part: Part[N]) -> Hashable:
    """How a part is computed, the same for all that are alike.

    An operand goes by its place in the part or, outside of it, by itself; plain numbers and leaves may be any.
    """
    inside, outside = dict(zip(part.nodes, range(-len(part.nodes), 0), strict=True)).get, regions.order.get
    said = list[Any]()
    note = said.append
    for node in part.nodes:
        operands, op = node.operands, node.op
        note(op.name if op is not None and operands else "")
        for operand in operands:
            place = inside(operand)
            note(outside(operand) if place is None else place)
    return tuple(said)


def grouped(given: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """The lists of two and more that have one key."""
    groups: dict[Hashable, list[T]] = {}
    for each in given:
        groups.setdefault(key(each), []).append(each)
    return [group for group in groups.values() if len(group) > 1]

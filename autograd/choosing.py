"""How a graph is best computed: as arrays, level by level, or line by line. Imports levels and scalars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .levels import kinds_of
from .scalars import Scalar

KINDS = ("arrays", "levels", "lines")
FEW = 200  # statements that are read and compiled in no time, whatever they hold
MOST = 1000  # statements whose derivatives are still worth writing down
STRUCTURED = 4  # scalars that stand in an array on average where there is structure
FLOATS_PER_GROUP, ROWS_PER_GROUP = 50, 4  # lines that take as long as a group on one level, as measured


class Kind(NamedTuple):
    """One of KINDS, and the figures that decided."""

    name: str
    why: str


def chosen(scalars: Sequence[Scalar], statements: int, has_batch: bool, asked: str | None = None) -> Kind:
    """How to compute these scalars, for which so many statements on arrays are needed.

    Arrays are chosen where there are few, or each has many entries. Elsewhere a group, what one primitive computes on
    one level, shares the cost of a call, while lines have no cost but their own: they are best where groups are small.
    """
    computed, groups = sum(scalar.op is not None for scalar in scalars), len(kinds_of(scalars))
    numbers, arrays = _counted(computed, "scalar"), _counted(statements, "array")
    by_level = f"{_counted(groups, 'group')} of one primitive on one level"
    if asked is not None and computed:
        return Kind(asked, f"asked for; {numbers}, {arrays}, {by_level}")
    if statements <= MOST and (computed >= STRUCTURED * statements or (has_batch and statements <= FEW)):
        return Kind("arrays", f"{numbers} stand in {arrays}")
    if computed <= groups * (ROWS_PER_GROUP if has_batch else FLOATS_PER_GROUP):
        return Kind("lines", f"{numbers} would need {arrays}, or {by_level}")
    return Kind("levels", f"{numbers} would need {arrays}, but are {by_level}")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"

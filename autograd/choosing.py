"""How a graph is best computed: as arrays, level by level, or line by line. Imports levels, listing and scalars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .levels import kinds_of
from .listing import counted
from .scalars import Scalar

KINDS = ("arrays", "levels", "lines")
FEW = 200  # arrays whose statements are read and compiled in no time, whatever they hold
MOST = 1000  # arrays whose derivatives are still worth writing down
STRUCTURED = 4  # scalars that stand in an array on average where there is structure
FLOATS_PER_GROUP, ROWS_PER_GROUP = 50, 4  # lines that take as long as a group on one level, as measured


class Kind(NamedTuple):
    """One of KINDS, and the figures that decided."""

    name: str
    why: str


def chosen(scalars: Sequence[Scalar], arrays: int | None, has_batch: bool) -> Kind:
    """How to compute these scalars, which stand in so many arrays, None for more than MOST.

    Arrays are chosen where there are few, or each has many entries. Elsewhere a group, what one primitive computes on
    one level, shares the cost of a call, while lines have no cost but their own: they are best where groups are small.
    """
    computed, groups = sum(scalar.op is not None for scalar in scalars), len(kinds_of(scalars))
    numbers = counted(computed, "scalar") + " of an example" * has_batch
    needed = counted(arrays, "array") if arrays is not None else f"more than {MOST:,} arrays"
    by_level = f"{counted(groups, 'group')} of one primitive on one level"
    if arrays is not None and (computed >= STRUCTURED * arrays or (has_batch and arrays <= FEW)):
        return Kind("arrays", f"{numbers} in {needed}")
    if computed <= groups * (ROWS_PER_GROUP if has_batch else FLOATS_PER_GROUP):
        return Kind("lines", f"{numbers}; {needed}, or {by_level}, would not be faster")
    return Kind("levels", f"{numbers} in {by_level}; {needed} would be needed")

"""Picture: a frozen drawing with every decision made, in no format's words. Imports typeset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .typeset import Line

# "plain" where nothing is highlighted; otherwise what is spoken of is "strong", the rest "faded".
Ink = Literal["plain", "faded", "strong", "target"]


@dataclass(frozen=True)
class Box:
    """A node: its title, then its value and its gradient where it shows them.

    `column` and `row` fix its place in a layered picture; without them the layout chooses one.
    """

    id: str
    title: Line
    value: str = ""
    gradient: str = ""
    ink: Ink = "plain"
    tip: str = ""
    column: int | None = None
    row: float = 0


@dataclass(frozen=True)
class Arrow:
    """From an operand to the node made of it; `strands` are the numbers, from 0, of the paths that use it.

    `share` is what it carries of the largest that any carries, from -1 to 1, to be seen by its width; `heat` is a
    matrix of shades from -1 to 1, to be drawn upon it.
    """

    tail: str
    head: str
    label: str = ""
    ink: Ink = "plain"
    strands: tuple[int, ...] = ()
    tip: str = ""
    share: float = 0
    heat: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Frame:
    """A scope drawn around its boxes."""

    title: str
    boxes: tuple[str, ...]


@dataclass(frozen=True)
class PathRow:
    """One path in the legend: which strand, how it differs from the others, its factors, its product."""

    strand: int
    over: Line
    factors: tuple[str, ...]
    product: str


@dataclass(frozen=True)
class Legend:
    """The paths multiplied out and added up; the note, beside the sum, speaks of what is not shown."""

    title: Line
    rows: tuple[PathRow, ...]
    sum: str
    note: Line = ()


@dataclass(frozen=True)
class Picture:
    """A drawing, ready for any renderer: what it shows, from left to right, and how to read it."""

    title: str
    description: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[Frame, ...] = ()
    legend: Legend | None = None
    key: Line = ()

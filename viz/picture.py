"""Picture: a frozen drawing with every decision made, in no format's words. Imports typeset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .typeset import Line

# "plain" where nothing is highlighted; otherwise what is spoken of is "strong", the rest "faded". What went wrong, such
# as a value that is not finite, is an "alarm" in any case.
Ink = Literal["plain", "faded", "strong", "target", "alarm"]
Shape = Literal["box", "round", "bare"]  # a circle is as wide as high; bare is text alone
Direction = Literal["right", "down"]

# Where a picture begins and where it ends, in words.
ENDS: dict[Direction, tuple[str, str]] = {
    "right": ("on the left", "on the right"),
    "down": ("at the top", "at the bottom"),
}


@dataclass(frozen=True)
class Box:
    """A node: its title, then its value, its gradient and other lines where it has them.

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
    lines: tuple[Line, ...] = ()
    shape: Shape = "box"


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
class Heading:
    """A line above a column, or above the gap between two: 1.5 is between the columns 1 and 2."""

    text: Line
    column: float


@dataclass(frozen=True)
class Panel:
    """A matrix in brackets, or lines of text, with its title; below its column, or where there is room."""

    title: Line
    rows: tuple[tuple[Line, ...], ...]
    column: float | None = None
    bracketed: bool = True


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
    """A drawing, ready for any renderer: what it shows, in which direction, and how to read it.

    `on_arrows` says in a word or two what their labels are.
    """

    title: str
    description: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[Frame, ...] = ()
    legend: Legend | None = None
    key: Line = ()
    on_arrows: str = "local derivative"
    headings: tuple[Heading, ...] = ()
    panels: tuple[Panel, ...] = ()
    direction: Direction = "right"

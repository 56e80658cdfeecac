"""What a page says of a program beside its scalar graph, as plain data: statements, arrays and their entries.

Imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

MOST = 6  # rows or columns of an array; of more the first four and the last are shown


@dataclass(frozen=True)
class Entry:
    """One entry, "W1[0, 1]", the scalar that stands there, "w₁₁₂", and its value.

    How a statement makes it is written in arrays, in scalars and in numbers, all empty for what is given. `says` are
    sentences on that, and `reads` the entries that it is made of.
    """

    name: str
    scalar: str
    value: float
    arrays: str = ""
    scalars: str = ""
    numbers: str = ""
    says: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def array(self) -> str:
        """The name of its array."""
        return self.name.partition("[")[0]


@dataclass(frozen=True)
class Grid:
    """An array, how large it is, what its rows and columns are called, and its entries by their names.

    Turned it is the transpose, whose entries keep their names.
    """

    name: str
    shape: tuple[int, int]
    words: tuple[str, str]
    entries: Mapping[str, Entry]
    turned: bool = False

    @property
    def title(self) -> str:
        """Its name, W2.T if it is turned."""
        return f"{self.name}.T" if self.turned else self.name

    @property
    def size(self) -> str:
        """How large it is in words, 3 neurons × 4 inputs."""
        sides = list(map(counted, self.shape, self.words))
        return " × ".join(reversed(sides) if self.turned else sides)

    @property
    def shown(self) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """The rows and the columns that are shown, None for those between."""
        rows, columns = map(ends, self.shape)
        return (columns, rows) if self.turned else (rows, columns)

    def at(self, row: int, column: int) -> Entry | None:
        """What stands there, if that is known."""
        return self.entries.get(f"{self.name}[{column}, {row}]" if self.turned else f"{self.name}[{row}, {column}]")

    @property
    def listed(self) -> list[Entry]:
        """The entries that are shown."""
        names = (f"{self.name}[{row}, {column}]" for row, column in places(self.shape))
        return [self.entries[name] for name in names if name in self.entries]


@dataclass(frozen=True)
class Way:
    """How an array comes about: the grid that a statement gives, and the grids that it reads; `given` if none does."""

    statement: str
    gives: Grid
    reads: tuple[Grid, ...]
    is_back: bool = False
    given: str = ""


@dataclass(frozen=True)
class Row:
    """A statement in LaTeX and in Python, and the array that it gives, if that is shown."""

    latex: str
    statement: str = ""
    gives: str = ""


@dataclass(frozen=True)
class Board:
    """The statements of each way, None for those left out, and of each array how it comes about and what arrives there.

    `turn` is what is said where the way turns, phrase by phrase, and `signs` what signs mean, both in LaTeX.
    """

    forward: tuple[Row | None, ...]
    turn: tuple[str, ...]
    backward: tuple[Row | None, ...]
    signs: str
    arrays: tuple[tuple[Way, ...], ...]
    sizes: tuple[str, ...]

    @property
    def first(self) -> str:
        """The entry to begin with, of the last statement that has a transpose before a product, if there is one."""
        rows = [row for row in (*self.forward, *self.backward) if row and row.gives]
        turned = [row for row in rows if ".T @" in row.statement]
        array = (*rows[:1], *turned)[-1].gives if rows else self.arrays[0][0].gives.name
        return f"{array}[0, 0]"

    @property
    def is_cut(self) -> bool:
        """Whether something is left out."""
        grids = [grid for ways in self.arrays for way in ways for grid in (way.gives, *way.reads)]
        return None in (*self.forward, *self.backward) or any(None in side for grid in grids for side in grid.shown)


def ends(count: int, most: int = MOST) -> tuple[int | None, ...]:
    """Which of so many are shown: all, or the first and the last, with None for those between.

    >>> ends(3), ends(32)
    ((0, 1, 2), (0, 1, 2, 3, None, 31))
    """
    return tuple(range(count)) if count <= most else (*range(most - 2), None, count - 1)


def places(shape: tuple[int, int]) -> list[tuple[int, int]]:
    """Those that are shown of an array, row by row."""
    rows, columns = ([place for place in ends(count) if place is not None] for count in shape)
    return list(product(rows, columns))


def counted(count: int, word: str) -> str:
    """So many of them, in words: 1 neuron, 2,410 parameters."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"

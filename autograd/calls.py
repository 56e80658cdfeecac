"""Calls of NumPy as a graph, in which what is computed twice in the same way is one call. Imports nothing; NumPy.

Words are the names of NumPy's functions of numbers, and these:

    given, number                an array by its name, a plain number
    T, rows, columns, reshape    another array, looked at differently, which costs nothing
    dot, take, stack, filled     the product of matrices, some rows, arrays below each other, one repeated over a shape
    augmented                    an array with a row of ones below it
    largest, smallest            of each column
    scatter                      zeros with arrays added to some of their rows
    where, mask                  a choice, and 1 where a number is above 0, else 0
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, TypeAlias

import numpy as np

Shape: TypeAlias = tuple[int, int]
Rows: TypeAlias = range | tuple[int, ...]
VIEWS = ("T", "rows", "columns", "reshape")
AT_HAND = (*VIEWS, "given", "number", "ones")


class Call:
    """A function by its word, and what it is applied to; `shape` is that of its result.

    `detail` is what a word needs beside its operands. What is `fixed` has no parameter in it. What is `kept` is an
    array of the program: it stays as it is when it becomes a part of something longer.
    """

    __slots__ = ("args", "detail", "fixed", "kept", "shape", "word")

    def __init__(self, word: str, args: tuple[Call, ...], detail: Any, shape: Shape, fixed: bool) -> None:
        self.word, self.args, self.detail, self.shape, self.fixed, self.kept = word, args, detail, shape, fixed, False

    def __repr__(self) -> str:
        return f"{self.word}({', '.join(map(repr, self.args))})" if self.args else f"{self.detail}"

    @property
    def is_each(self) -> bool:
        """Whether it is a function of entries in the same place."""
        return isinstance(getattr(np, self.word, None), np.ufunc)

    @property
    def is_test(self) -> bool:
        """Whether it says yes or no."""
        return self.word in ("greater", "less_equal", "equal")

    @property
    def is_at_hand(self) -> bool:
        """Whether nothing has to be computed for it: it is given, or another array looked at differently."""
        return self.word in AT_HAND

    @property
    def is_part_of_its_operands(self) -> bool:
        """Whether it stands where its operands do, or they stand in it."""
        return self.word in (*VIEWS, "stack", "augmented")

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number."""
        return self.word == "number"

    def is_open(self, *words: str) -> bool:
        """Whether it is one of these words, and may be taken apart."""
        return self.word in words and not self.kept

    def equals(self, number: float) -> bool:
        """Whether it is this plain number."""
        return self.word == "number" and self.detail == number


class Calls:
    """Makes calls, each once; `made` has them in an order in which they can be computed."""

    def __init__(self) -> None:
        self.made: dict[Hashable, Call] = {}

    def make(self, word: str, *args: Call, shape: Shape, detail: Any = None, fixed: bool | None = None) -> Call:
        """The call of this word; it is fixed if its operands are, unless that is said."""
        key = (word, args, repr(detail), shape)
        if key not in self.made:
            fixed = all(arg.fixed for arg in args) if fixed is None else fixed
            self.made[key] = Call(word, args, detail, shape, fixed)
        return self.made[key]

    def number(self, number: float) -> Call:
        """A plain number."""
        return self.make("number", shape=(1, 1), detail=float(number))

    def each(self, word: str, *args: Call) -> Call:
        """A function of entries in the same place; one row or column is repeated, and what is known is worked out."""
        if all(arg.is_number for arg in args):
            with np.errstate(all="ignore"):
                return self.number(getattr(np, word)(*(np.float64(arg.detail) for arg in args)))
        return self.make(word, *args, shape=common(args))

    def ones(self, shape: Shape) -> Call:
        """Ones, so that sums are products of matrices, which NumPy is quickest at."""
        return self.make("ones", shape=shape)

    def filled(self, x: Call, shape: Shape) -> Call:
        """One row, column or number, repeated over a shape."""
        return x if x.shape == shape else self.make("filled", x, shape=shape)

    def reshaped(self, x: Call, shape: Shape) -> Call:
        """The same entries, row by row, in another shape."""
        return x if x.shape == shape else self.make("reshape", x, shape=shape)

    def turned(self, x: Call) -> Call:
        """The transpose."""
        return x.args[0] if x.word == "T" else self.make("T", x, shape=x.shape[::-1])

    def rows(self, x: Call, rows: Rows) -> Call:
        """Some of its rows."""
        word = "rows" if isinstance(rows, range) else "take"
        return x if rows == range(x.shape[0]) else self.make(word, x, detail=rows, shape=(len(rows), x.shape[1]))

    def columns(self, x: Call, columns: range) -> Call:
        """Neighbouring columns."""
        return self.make("columns", x, detail=columns, shape=(x.shape[0], len(columns)))

    def stack(self, *pieces: Call) -> Call:
        """The pieces below each other."""
        shape = (sum(piece.shape[0] for piece in pieces), max(piece.shape[1] for piece in pieces))
        return self.make("stack", *pieces, shape=shape)

    def augmented(self, x: Call) -> Call:
        """With a row of ones below."""
        return self.make("augmented", x, shape=(x.shape[0] + 1, x.shape[1]))

    def scatter(self, places: Sequence[Rows], pieces: Sequence[Call], shape: Shape) -> Call:
        """Zeros, with each piece added to its rows: a stack if they are all rows once."""
        pairs = sorted(zip(places, pieces, strict=True), key=lambda pair: pair[0][0])
        if [row for rows, _ in pairs for row in rows] == list(range(shape[0])):
            return self.stack(*(self.filled(piece, (len(rows), shape[1])) for rows, piece in pairs))
        return self.make("scatter", *pieces, detail=tuple(places), shape=shape)

    def of_columns(self, word: str, x: Call) -> Call:
        """The largest or the smallest of each column."""
        return x if x.shape[0] == 1 else self.make(word, x, shape=(1, x.shape[1]))


def common(calls: Iterable[Call]) -> Shape:
    """The shape of what is made of their entries."""
    shapes = [call.shape for call in calls]
    return max(rows for rows, _ in shapes), max(columns for _, columns in shapes)


def pieces(whole: Call) -> Iterator[tuple[Call, Rows]]:
    """What something is put together from, no two pieces in the same row, and where each stands."""
    if whole.word == "augmented":
        yield whole.args[0], range(whole.args[0].shape[0])
    elif whole.word == "stack":
        ends = accumulate(piece.shape[0] for piece in whole.args)
        yield from ((piece, range(end - piece.shape[0], end)) for piece, end in zip(whole.args, ends, strict=True))
    elif whole.word == "scatter" and len(set(chain(*whole.detail))) == sum(map(len, whole.detail)):
        yield from zip(whole.args, whole.detail, strict=True)

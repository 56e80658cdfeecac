"""What `program.beside` says of every entry that is shown, put together as a Board. Imports autograd and board."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograd import Program

from .board import Board, Entry, Grid, Row, Way, counted, ends, places

STATEMENTS = 60  # of one way; of more the first and the last are shown
SYMBOL = re.compile(r"(\w+)(\.T\b)?")


def board_of(program: Program, batch: Any = None) -> Board:
    """The statements of a program, and its arrays in the numbers of this batch. Raises what `Program.beside` does."""
    return _Reader(program, batch).board()


class _Reader:
    """A program read entry by entry, in one run."""

    def __init__(self, program: Program, batch: Any) -> None:
        self.program, self.plan, self.statements = program, program.plan, program.sweep.statements
        self.first = program.beside(self.plan.arrays[0].name, None, batch)
        self.shapes = {array.name: self.first.also(array.name).shape for array in self.plan.arrays}
        self.entries: dict[str, Entry] = {}  # what is shown or read, by name
        self.stated: dict[str, str] = {}  # the statement that gives an array, which has entries to show
        self.arrives: dict[str, str] = {}  # what arrives at an array, by name
        by_members = {id(array.members): array for array in self.plan.arrays}
        self.owners = {each.name: by_members[id(each.members)] for each in (*self.plan.arrays, *self.statements)}
        for array in self.plan.arrays:
            self.read(array)
        forward = "\n".join(self.stated[array.name] for array, _ in self.plan.computed)
        self.left, self.right = (set(re.findall(side, forward)) for side in (r"(\w+) @", r"@ (\w+)"))

    def read(self, array: Any) -> None:
        """All entries of an array that are shown, and of what arrives there."""
        for at in places(self.shapes[array.name]):
            beside = self.first.also(array.name, at)
            self.note(beside.place, beside.forward)
            if beside.backward:
                name = self.note(beside.backward.place, beside.backward)
                self.arrives[array.name], self.owners[name] = name, array

    def note(self, place: Any, written: Any) -> str:
        """An entry, and, where a statement gives it, how; the name of its array."""
        entry = Entry(*place)
        if written:
            for read in written.reads:
                self.entries.setdefault(read.entry, Entry(*read))
            lines = {word: getattr(written, word) for word in ("arrays", "scalars", "numbers", "says")}
            entry = replace(entry, **lines, reads=tuple(read.entry for read in written.reads))
            self.stated[entry.array] = written.statement
        self.entries[entry.name] = entry
        return entry.array

    def board(self) -> Board:
        """All of it."""
        equations = self.program.equations.splitlines()[1:-1]
        lines = iter([line.partition(r" \\[")[0].replace("&", "", 1) for line in equations])
        forward = _cut([self.row(next(lines), array.name) for array, _ in self.plan.computed])
        mean = (Row(next(lines)),) if self.plan.loss.varies else ()  # which is no array
        turn = _phrases(next(lines)) if self.statements else ()
        backward = _cut([self.row(next(lines), each.name) for each in self.statements])
        shown = {self.owners[row.gives].name for row in (*forward, *backward) if row and row.gives}
        arrays = [self.ways(array) for array in self.plan.arrays if array.formula is None or array.name in shown]
        return Board((*forward, *mean), turn, backward, next(lines), tuple(arrays), tuple(self.sizes()))

    def row(self, latex: str, name: str) -> Row:
        """A statement; one that gives only a part of what arrives at an array has no entries to show."""
        return Row(latex, self.stated[name], name) if name in self.stated else Row(latex)

    def ways(self, array: Any) -> tuple[Way, ...]:
        """How an array comes about, and what arrives there."""
        given = "of the batch" if array.varies else "learnt" if array.is_learnt else "plain numbers"
        forward = self.way(array.name, given="" if array.formula else given)
        back = self.arrives.get(array.name)
        return (forward, self.way(back, is_back=True)) if back else (forward,)

    def way(self, name: str, **said: Any) -> Way:
        """The statement that gives an array, and what it reads, in the order in which that stands there."""
        statement, gives = self.stated.get(name, ""), self.grid(name)
        read = {self.entries[each].array for entry in gives.listed for each in entry.reads}
        found = [each for each in SYMBOL.findall(statement.partition(" = ")[2]) if each[0] in read]
        found += [(symbol, "") for symbol, turned in found if turned]  # what is turned there, as it is
        return Way(statement, gives, tuple(self.grid(*each) for each in dict.fromkeys(found)), **said)

    def grid(self, name: str, turned: str = "") -> Grid:
        """An array, or what arrives at one, which has the same rows and columns."""
        array = self.owners[name]
        return Grid(name, self.shapes[array.name], self.words(array), self.entries, bool(turned))

    def words(self, array: Any) -> tuple[str, str]:
        """What the rows and the columns of an array are."""
        scopes = [getattr(getattr(member, "node", None), "scope", None) for member in array.members]
        row = "input" if array.formula is None and array.name in self.right else "row"
        if all(scope and scope.enclosing({"neuron"}) for scope in scopes):
            row = "neuron"
        column = "input" if array.is_matrix and array.name in self.left else "column"
        return row, "example" if array.varies else column

    def sizes(self) -> Iterator[str]:
        """How large all of it is."""
        yield f"{counted(len(self.plan.computed), 'statement')} forward and {len(self.statements)} back"
        yield counted(sum(array.size for array in self.program.parameters.values()), "parameter")
        for array in {array.varies: array for array in self.plan.given if array.varies}.values():
            yield f"m = {counted(self.shapes[array.name][1], 'example')}"


def _phrases(latex: str) -> tuple[str, ...]:
    """What is said at the turn, phrase by phrase, but for the first, "and back"."""
    return tuple(piece + "}" * (piece.count("{") - piece.count("}")) for piece in latex.split(", }")[1:])


def _cut(rows: Sequence[Row]) -> tuple[Row | None, ...]:
    return tuple(None if place is None else rows[place] for place in ends(len(rows), STATEMENTS))

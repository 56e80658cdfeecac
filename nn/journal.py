"""Journal: the trials of a search in a file, line by line as they come, to go on from after a crash.

Imports files, outcomes and autograd's errors. The first line says what is searched, each other one is a trial. A line
is on the disk before the next trial is taken in; a last line that was cut off is taken away when the file is opened.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import FileIO
from math import isfinite
from pathlib import Path
from typing import Any

from autograd import PathgradError, shorten

from .files import Unwritable, at_home
from .outcomes import Row

FORMAT, VERSION = "pathgrad search journal", 1
KEPT = ("number", "settings", "scores", "error", "seconds")  # of a row; one that was lost is not written
BUSY = "another search is writing it; wait for that, or choose another place"
OPEN: set[Path] = set()  # the files that searches of this process are writing


class BadJournal(PathgradError, ValueError):
    """A file that is no journal, that of another search or a damaged one; the message says where it departs."""


class Unkept(RuntimeWarning):
    """A journal can no longer be written; the search goes on."""


@contextmanager
def journal_at(path: str | Path, head: Mapping[str, Any], plan: Sequence[Mapping[str, Any]]) -> Iterator[Journal]:
    """The journal of a search, begun, or taken up where it has the same head and settings as planned; for this block.

    Raises Unwritable if it cannot be written or another search is writing it, BadJournal for any other file.
    """
    place = at_home(path)
    head = json.loads(_line({"format": FORMAT, "version": VERSION, **head}))
    try:
        home = place.resolve()
        if home in OPEN:
            raise BlockingIOError
        if place.exists() and not place.is_file():
            raise IsADirectoryError(0, "it is no file; choose another place")
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("a+b", buffering=0)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL in a name
        raise _unwritable(place, error) from None
    OPEN.add(home)
    try:
        with file:
            try:
                _lock(file)
                file.seek(0)
                journal = Journal(place, file, file.read(), head, plan)
                journal.write()
            except OSError as error:
                raise _unwritable(place, error) from None
            try:
                yield journal
            finally:
                journal.finish()
    finally:
        OPEN.discard(home)


class Journal:
    """An open journal. `rows` are the trials that it had, `length` the bytes that are safe, `owed` those to come."""

    def __init__(
        self, place: Path, file: FileIO, content: bytes, head: Mapping[str, Any], plan: Sequence[Mapping[str, Any]]
    ) -> None:
        self.place, self.file, self.rows, self.warned = place, file, dict[int, Row](), False
        begin, (*whole, torn) = _line(head), content.split(b"\n")
        self.length = len(content) - len(torn)
        self.owed = b"" if whole else begin
        if not whole and not begin.startswith(torn):
            raise BadJournal(f"{place} is no journal of a search; choose another place")
        if whole and (problem := _departure(whole[0], head)):
            raise BadJournal(f"{place} {problem}")
        for number, line in enumerate(whole[1:], 2):
            try:
                row = _row(line, plan)
            except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
                why = f": {error}" if isinstance(error, BadJournal) else ""
                raise BadJournal(
                    f"line {number} of {place} is no trial of this search{why}; take that line out to try it again"
                ) from None
            if row.number < len(plan):  # there may have been more tries
                self.rows.setdefault(row.number, row)

    def add(self, row: Row) -> None:
        """One more line. Warns of Unkept, once, if it cannot be written, and tries again with the next."""
        self.owed += _line({name: getattr(row, name) for name in KEPT})
        try:
            self.write()
        except OSError as error:
            self._warn(f"{_why(error)}; the search goes on, and tries to write again with each trial")

    def write(self) -> None:
        """Bring what is owed to the disk, in the place of what an earlier try may have left half-written."""
        self.file.truncate(self.length)
        rest = memoryview(self.owed)
        while rest:
            rest = rest[self.file.write(rest) :]
        os.fsync(self.file.fileno())
        self.length, self.owed = self.length + len(self.owed), b""

    def finish(self) -> None:
        """Try once more to write what is owed, and warn of Unkept if that fails."""
        if self.owed:
            try:
                self.write()
            except OSError as error:
                count, self.warned = self.owed.count(b"\n"), False
                self._warn(f"{_why(error)}; the last {count} trials are not in it, save .json of the results")

    def _warn(self, what: str) -> None:
        if not self.warned:
            self.warned = True
            warnings.warn(f"cannot write {self.place}: {what}", Unkept, stacklevel=4)


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, allow_nan=False).encode() + b"\n"


def _departure(line: bytes, head: Mapping[str, Any]) -> str:
    """Where the first line of a journal departs from that of this search; nothing if it is the same."""
    try:
        found = json.loads(line)
    except (RecursionError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return "is no journal of a search; choose another place"
    if _line(found) == _line(head):
        return ""
    differing = [name for name in head if _line({"": found.get(name)}) != _line({"": head[name]})]
    there, here = found, head
    if differing == ["space"] and isinstance(found["space"], dict) and found["space"].keys() == head["space"].keys():
        there, here = found["space"], head["space"]
        differing = [name for name in here if _line({"": there[name]}) != _line({"": here[name]})]
    if not differing:
        return "is the journal of another search: its settings come in another order; choose another place"
    name = differing[0]
    return (
        f"is the journal of another search: {name} is {shorten(there.get(name))} there and {shorten(here[name])} here; "
        "choose another place"
    )


def _row(line: bytes, plan: Sequence[Mapping[str, Any]]) -> Row:
    """The trial of that line; raises BadJournal, or whatever comes of the wrong types, for any other line."""
    row = Row(**json.loads(line))
    numbers = [row.seconds, *row.scores.values()]
    if type(row.number) is not int or row.number < 0 or not all(map(isfinite, numbers)) or row.lost:
        raise BadJournal("a number is wrong")
    if row.number >= len(plan):
        return row
    planned = plan[row.number]
    if json.dumps(row.settings) != json.dumps(planned):
        raise BadJournal(f"trial {row.number} has {shorten(row.settings)}, expected {shorten(planned)}")
    scores = {name: float(number) for name, number in row.scores.items()}
    return Row(row.number, planned, scores, str(row.error), row.seconds)


def _lock(file: FileIO) -> None:
    """Keep other processes away; a process that ends, however it ends, gives the file free."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise BlockingIOError from None
        except OSError:
            pass  # a file system without locks


def _why(error: Exception) -> str:
    if isinstance(error, BlockingIOError):
        return BUSY
    return getattr(error, "strerror", None) or str(error)


def _unwritable(place: Path, error: Exception) -> Unwritable:
    return Unwritable(f"cannot write {place}: {_why(error)}")

"""The cells of a CSV file, each one that cannot be used named by line and column. Imports shapes and NumPy."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from itertools import compress
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograd import PathgradError, require_choice, shorten

from .shapes import Array

WAYS = ("refuse", "drop", "mean")  # what to do about missing cells
MISSING = {"", "?", "na", "n/a", "nan", "null", "none"}
SHOWN = 5  # cells named in one message


class BadTable(PathgradError, ValueError):
    """A CSV file that cannot be used as it is; the message names the file, and where it can the line and the column."""


class Table(NamedTuple):
    """The cells of a file, without blanks around them, and the line on which each row ends."""

    file: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """The cells below that name; raises BadTable, listing the names, if there is none."""
        if name not in self.header:
            raise BadTable(f"{self.file} has no column {shorten(name)}; its columns are {', '.join(self.header)}")
        place = self.header.index(name)
        return [row[place] for row in self.rows]

    def where(self, row: int, column: str) -> str:
        """A cell, as messages name it."""
        return f"line {self.lines[row]}, column {column!r}"

    def numbers(self, name: str, codes: Mapping[str, float]) -> Array:
        """The column in numbers, nan where a cell is missing; words become numbers by their code, in any case.

        Raises BadTable for other text, and for what is not finite.
        """
        coded = {word.lower(): number for word, number in codes.items()}
        found: list[float] = []
        for row, cell in enumerate(self.column(name)):
            number = coded.get(cell.lower(), number_in(cell))
            if number is None or not (isfinite(number) or cell.lower() in MISSING):
                known = ", ".join(f"{word} for {code:g}" for word, code in codes.items())
                words = f"or {known}" if codes else f"or say what words stand for, codes={{{name!r}: {{{cell!r}: 0}}}}"
                at = f"{self.file}, {self.where(row, name)}"
                raise BadTable(f"{at}: {shorten(cell)} is no finite number; write one, such as 3.2, {words}")
            found.append(number)
        return np.array(found)

    def settled(self, features: Sequence[str], target: str, missing: str) -> Table:
        """The table once the missing cells are dropped with their rows, or refused; "mean" leaves those of features.

        Raises BadTable, naming them, for those that are refused; UnknownChoice for another way.
        """
        require_choice("way with missing cells", missing, WAYS)
        asked = [target] if missing == "mean" else [*features, target]
        columns = [(name, self.column(name)) for name in asked]
        gaps = [(row, name) for name, column in columns for row, cell in enumerate(column) if cell.lower() in MISSING]
        if gaps and missing != "drop":
            raise BadTable(self._lesson_on(sorted(gaps), missing))
        dropped = {row for row, _ in gaps}
        kept = [row not in dropped for row in range(len(self.rows))]
        if not any(kept):
            raise BadTable(
                f"{self.file}: every row lacks a cell, and drop leaves none; leave out a column by features="
            )
        return self._replace(rows=[*compress(self.rows, kept)], lines=[*compress(self.lines, kept)])

    def _lesson_on(self, gaps: Sequence[tuple[int, str]], missing: str) -> str:
        shown = "; ".join(self.where(row, name) for row, name in gaps[:SHOWN])
        more = f"; and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
        ways = "missing='drop' leaves those rows out"
        ways += (
            ", an answer is not made up" if missing == "mean" else ", missing='mean' puts the mean of the column there"
        )
        return f"{self.file}: {len(gaps)} missing cell{'s' * (len(gaps) > 1)}: {shown}{more}; {ways}"


def number_in(cell: str) -> float | None:
    """The number in a cell, nan where it is missing, None for text."""
    try:
        return nan if cell.lower() in MISSING else float(cell)
    except ValueError:
        return None


def read_table(path: str | Path, header: Sequence[str] | None = None) -> Table:
    """The table in a CSV file, its cells parted by commas, semicolons or tabs; blank lines are passed over.

    Without a header the first line names the columns. Raises BadTable for a file that cannot be read, has no rows, has
    a column twice, or rows of unequal length.
    """
    file = Path(str(path)).name
    try:
        text = Path(str(path)).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable(f"{file} is no text in UTF-8; save it again as 'CSV UTF-8'") from None
    except (OSError, ValueError) as error:  # a ValueError is a NUL in the name
        why = getattr(error, "strerror", None) or error
        raise BadTable(f"cannot read {path}: {why}; give the place of a CSV file") from None
    found = _rows(file, text)
    names = tuple(header) if header is not None else tuple(found.pop(0)[1] if found else ())
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadTable(f"{file}: two columns are called {twice[0]!r}; rename one of them")
    for line, row in found:
        if len(row) != len(names):
            said = f"{len(row)} cell{'s' * (len(row) > 1)} for {len(names)} columns"
            raise BadTable(f"{file}, line {line}: {said}; give each line a cell for every column")
    if not found:
        raise BadTable(f"{file} has no rows below its header; write a line for each example")
    return Table(file, names, [row for _, row in found], [line for line, _ in found])


def _rows(file: str, text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line it ends on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadTable(f"{file}, line {reader.line_num}: {error}; correct the quotation marks there") from None

"""Outcomes: what a search found, a row for each trial, as a table, CSV and JSON. Imports autograd's errors."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from io import StringIO
from math import isfinite
from typing import Any, SupportsFloat

from autograd import PathgradError, aligned, require_choice, shorten

LONGEST = 300  # characters of an error that are kept
MOST_SHOWN, FAILED_SHOWN = 20, 5  # lines of a table, and those for failures where there is much to show
WIDEST_CELL, WIDEST_ERROR = 24, 60  # characters in it


class NothingFound(PathgradError, LookupError):
    """The best was asked for where no trial has a score; the message says what they have instead."""


@dataclass(frozen=True)
class Row:
    """One trial: its number, counted from 0, its settings, the finite numbers that it scored, by their names.

    `error` says what went wrong in it, nothing if nothing did; `lost` that it was not the trial that failed but what
    ran it, so that it may be tried again. `seconds` are what it took, and do not count when rows are compared.
    """

    number: int
    settings: Mapping[str, Any]
    scores: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    seconds: float = field(default=0.0, compare=False)
    lost: bool = False


def scores_of(given: Any, by: str) -> tuple[dict[str, float], str]:
    """What a trial returned, one number being the score `by`, as finite floats; and what is wrong with the others."""
    scores, wrong = {}, []
    for name, number in (given if isinstance(given, Mapping) else {by: given}).items():
        with suppress(TypeError, ValueError, OverflowError):
            if isinstance(number, SupportsFloat) and isfinite(found := float(number)):
                scores[str(name)] = found
                continue
        wrong.append(f"{name}: given {shorten(number)}, expected a finite number")
    return scores, "; ".join(wrong)[:LONGEST]


def said(error: BaseException) -> str:
    """What an error says, on one line."""
    message = ""
    with suppress(Exception):  # whatever a stranger's __str__ does
        message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}"[:LONGEST].removesuffix(": ")


@dataclass(frozen=True, repr=False)
class Results:
    """What a search found: `rows` in the order of their numbers, of as many trials as were `planned`.

    `names` are those of the settings, `by` that of the score which is judged; the most of it is best, or with `least`
    the least. `stopped` says why there are no more rows, `resumed` how many come from the journal. `print` shows a
    table.
    """

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    by: str = "score"
    least: bool = False
    planned: int = 0
    stopped: str = "all trials done"
    resumed: int = field(default=0, compare=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of all scores, the one that is judged first."""
        found = dict.fromkeys(name for row in self.rows for name in row.scores)
        return tuple(sorted(found, key=lambda name: name != self.by))

    @property
    def ranked(self) -> tuple[Row, ...]:
        """The rows that can be judged, best first; of equally good ones the lowest number comes first."""
        sign = 1 if self.least else -1
        judged = (row for row in self.rows if self.by in row.scores)
        return tuple(sorted(judged, key=lambda row: sign * row.scores[self.by]))

    @property
    def failed(self) -> tuple[Row, ...]:
        """The rows that cannot be judged."""
        return tuple(row for row in self.rows if self.by not in row.scores)

    @property
    def best(self) -> Row:
        """The best row; raises NothingFound if none can be judged."""
        if ranked := self.ranked:
            return ranked[0]
        if self.measures:
            raise NothingFound(
                f"no trial scored {self.by!r}: they have {', '.join(self.measures)}; write judged({self.measures[0]!r})"
            )
        first = f", the first by {self.rows[0].error}" if self.rows else ""
        raise NothingFound(
            f"no trial has a score: {len(self.rows)} of {self.planned} came to an end, and failed{first}"
        )

    def judged(self, by: str, least: bool = False) -> Results:
        """The same rows judged by another score; raises UnknownChoice if no trial has it."""
        require_choice("score", by, self.measures)
        return replace(self, by=by, least=least)

    @property
    def json(self) -> str:
        """All of it as JSON."""
        return json.dumps({"format": "pathgrad search", "version": 1, **asdict(self)}, indent=1) + "\n"

    @property
    def csv(self) -> str:
        """A line for each trial: its number, settings, scores, seconds and error."""
        text, measures = StringIO(), self.measures
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("trial", *self.names, *measures, "seconds", "error"))
        for row in self.rows:
            scores = ("" if (score := row.scores.get(name)) is None else repr(score) for name in measures)
            settings = (value if isinstance(value, str) else repr(value) for value in row.settings.values())
            writer.writerow((row.number, *settings, *scores, f"{row.seconds:.6f}", row.error))
        return text.getvalue()

    def __repr__(self) -> str:
        parts = [f"{len(self.rows)} of {self.planned} trials"]
        if ranked := self.ranked:
            parts.append(f"best {self.by} {ranked[0].scores[self.by]:.6g} in trial {ranked[0].number}")
        if failed := self.failed:
            parts.append(f"{len(failed)} failed")
        if self.resumed:
            parts.append(f"{self.resumed} from the journal")
        return f"<search: {', '.join(parts)}; {self.stopped}>"

    def __str__(self) -> str:
        ranked, failed, measures = self.ranked, self.failed, self.measures
        room = min(len(failed), max(FAILED_SHOWN, MOST_SHOWN - len(ranked)))
        lines = [("trial", *self.names, *measures, "seconds")]
        for row in (*ranked[: MOST_SHOWN - room], *failed[:room]):
            settings = (shorten(value, WIDEST_CELL).strip("'") for value in row.settings.values())
            scores = (f"{row.scores[name]:.6g}" if name in row.scores else "–" for name in measures)
            lines.append((str(row.number), *settings, *scores, f"{row.seconds:.2f}"))
        errors = ["", *[""] * len(ranked[: MOST_SHOWN - room]), *(self._why(row) for row in failed[:room])]
        table = [f"{line}  {error}".rstrip() for line, error in zip(aligned(lines, "r"), errors, strict=True)]
        if more := len(self.rows) - len(lines) + 1:
            table.append(f"and {more:,} more; .rows, .csv and .json have them all")
        return "\n".join([repr(self)[1:-1], "", *table] if self.rows else [repr(self)[1:-1]])

    def _why(self, row: Row) -> str:
        """Why the row is not judged."""
        why = row.error or f"scored no {self.by}"
        return why if len(why) <= WIDEST_ERROR else f"{why[: WIDEST_ERROR - 1]}…"

"""Trials: what the plots of a search need to know of it. Imports autograd's errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, nan
from typing import Any, Protocol

from autograd import WrongShape, shorten


class Trial(Protocol):
    """One trial of a search."""

    @property
    def number(self) -> int:
        """Which one it is."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What was tried, by the names of the settings."""

    @property
    def scores(self) -> Mapping[str, float]:
        """What came of it, by name; nothing if it failed."""


class Results(Protocol):
    """What a search found."""

    @property
    def rows(self) -> Sequence[Trial]:
        """The trials."""

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the settings."""

    @property
    def by(self) -> str:
        """The score that is judged; the most of it is best."""

    @property
    def least(self) -> bool:
        """Or the least."""


def expect_trials(results: Any) -> None:
    """Raise WrongShape unless these are results of a search, with a trial or more."""
    if not all(hasattr(results, name) for name in ("rows", "names", "by", "least")):
        raise WrongShape(f"results: given {shorten(results)}, expected what a search gives")
    if not results.rows:
        raise WrongShape("results: the search has no trials yet; let one come to its end")


def judged(results: Results) -> list[Trial]:
    """The trials with a score that can be judged, from the worst to the best; of equals the first is the better."""
    sign = -1 if results.least else 1
    scored = [row for row in results.rows if _has_score(row, results.by)]
    return sorted(scored, key=lambda row: (sign * row.scores[results.by], -row.number))


def failed(results: Results) -> list[Trial]:
    """The other trials."""
    return [row for row in results.rows if not _has_score(row, results.by)]


def _has_score(row: Trial, by: str) -> bool:
    return isfinite(row.scores.get(by, nan))

"""A lesson as plain data: sections of words, tables and pictures, for a terminal and for a page. Imports picture."""

from __future__ import annotations

from dataclasses import dataclass

from .picture import Picture


@dataclass(frozen=True)
class Table:
    """A header and rows of text; `align` holds a letter per column, l or r."""

    align: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Rule:
    """A primitive's equations in LaTeX under its name: the result, then each partial derivative."""

    name: str
    equations: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """A plot as SVG, and what it shows in words, for those who do not see it."""

    shows: str
    svg: str


@dataclass(frozen=True)
class Section:
    """One step of a lesson: what it says, the table that shows it, what follows, perhaps a picture, plots or rules.

    A page typesets the rules, below a line that says what they are; a terminal leaves them and what is drawn out.
    """

    title: str
    intro: str = ""
    table: Table | None = None
    closing: str = ""
    picture: Picture | None = None
    rules: tuple[Rule, ...] = ()
    rules_said: str = "Where the local derivatives come from:"
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True)
class Story:
    """A whole lesson; its picture, if it has one, says the whole of it at a glance."""

    title: str
    intro: str
    picture: Picture | None
    sections: tuple[Section, ...]

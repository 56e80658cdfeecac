"""What was found: plain tables as it comes in; all of it as Markdown and JSON. Imports nothing of the project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

ON_OFF = {True: "on", False: "off"}  # the collector


@dataclass(frozen=True)
class Target:
    """Something that was aimed for; `met` is None where a missing peer leaves it open."""

    target: str
    reached: str
    met: bool | None


@dataclass(frozen=True)
class Panel:
    """What a picture shows of an item: the seconds of each contestant, or in words why it has none."""

    letter: str
    title: str
    found: Mapping[str, float | str]
    reference: str  # the contestant that the others are compared with


@dataclass
class Report:
    """What the items found: printed as it comes in, and kept for the files that are written at the end."""

    figures: dict[str, Any] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)  # of Markdown, in the order in which they were printed

    def item(self, letter: str, title: str) -> None:
        """Begin the item of this letter."""
        print(f"\n{letter}  {title}\n", flush=True)
        self.blocks.append(f"## {letter}. {literal(title)}")

    def note(self, text: str) -> None:
        """A paragraph of its own; it may be broken into lines."""
        print(text, flush=True)
        self.blocks.append(literal(text.strip()))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows below a head: the first column to the left, all others to the right."""
        print(ruled([head, *rows]), end="\n\n", flush=True)
        self.blocks.append(piped([head, *rows]))

    def bars(self, letter: str, title: str, found: Mapping[str, float | str], reference: str) -> None:
        """An item's panel in the picture: the seconds of each contestant, or in words why it has none.

        Names that begin with "pathgrad" are this project's. There is no panel without the reference, nor of it alone.
        """
        if reference in found and len(found) > 1:
            self.panels.append(Panel(letter, title, found, reference))

    def at_least(self, target: str, bound: float, reached: float | None, unit: str) -> None:
        """A target that the figure must reach."""
        self.judge(target, written(reached, unit), None if reached is None else reached >= bound)

    def at_most(self, target: str, bound: float, reached: float | None, unit: str) -> None:
        """A target that the figure must not pass."""
        self.judge(target, written(reached, unit), None if reached is None else reached <= bound)

    def judge(self, target: str, reached: str, met: bool | None) -> None:
        """A target, what was reached, and whether that is enough."""
        self.targets.append(Target(target, reached, met))

    def verdict(self) -> None:
        """The table of all targets."""
        words = {True: "yes", False: "no", None: "open"}
        rows = [["target", "reached", "met"], *([t.target, t.reached, words[t.met]] for t in self.targets)]
        print("\nTargets\n\n" + ruled(rows))
        self.blocks += ["## Targets", piped(rows)]

    def markdown(self, picture: str = "") -> str:
        """Everything that was printed, below the picture of this name."""
        shown = [f"![Times beside pathgrad’s, a panel for each item]({picture})"] if picture else []
        return "\n\n".join(["# The speed of pathgrad, beside others", *shown, *self.blocks]) + "\n"

    def json(self) -> str:
        """All figures and the targets."""
        content = {**self.figures, "targets": [asdict(target) for target in self.targets]}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def ruled(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, column below column, with a rule below the head."""
    lines = ["  ".join(cells) for cells in padded(rows)]
    lines.insert(1, "─" * len(lines[0]))
    return "\n".join(line.rstrip() for line in lines)


def piped(rows: Sequence[Sequence[str]]) -> str:
    """The rows as a table in Markdown."""
    head, *others = padded([[literal(cell) for cell in row] for row in rows])
    rule = ["-" * len(head[0]), *("-" * (len(cell) - 1) + ":" for cell in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *others))


def padded(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cells as wide as their column: the first to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in rows
    ]


def literal(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_<|])", r"\\\1", text)


def variant(name: str, collects: bool) -> str:
    """A contestant with the collector on, which is the usual thing, or off."""
    return name if collects else f"{name}, collector off"


def written(figure: float | None, unit: str) -> str:
    """A figure that a target speaks of."""
    return "not measured" if figure is None else f"{figure:.4g} {unit}"


def millis(seconds: float) -> str:
    """A time in milliseconds, three digits of it."""
    value = seconds * 1e3
    return f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def times(ratio: float | None) -> str:
    """How many times as fast, or a dash."""
    if ratio is None:
        return "–"
    return f"{ratio:.0f} ×" if ratio >= 100 else f"{ratio:.1f} ×" if ratio >= 10 else f"{ratio:.2f} ×"

"""Plain tables, the targets beside what was reached, and the figures as JSON. Imports nothing of the project."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ON_OFF = {True: "on", False: "off"}  # the collector


@dataclass(frozen=True)
class Target:
    """Something that was aimed for; `met` is None where a missing peer leaves it open."""

    target: str
    reached: str
    met: bool | None


@dataclass
class Report:
    """What the items found: printed as it comes in, summed up and written to a file at the end."""

    figures: dict[str, Any] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)

    def item(self, letter: str, title: str) -> None:
        """Begin the item of this letter."""
        print(f"\n{letter}  {title}\n", flush=True)

    def note(self, text: str) -> None:
        """A line of its own."""
        print(text, flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows below a head: the first column to the left, all others to the right."""
        print(aligned([head, *rows], ruled=True), end="\n\n", flush=True)

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
        print("\nTargets\n\n" + aligned(rows, ruled=True))

    def write(self, path: Path) -> None:
        """All figures as JSON; the file is there whole or not at all."""
        draft = path.with_name(path.name + ".part")
        content = {**self.figures, "targets": [asdict(target) for target in self.targets]}
        draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(draft, path)


def aligned(rows: Sequence[Sequence[str]], ruled: bool = False) -> str:
    """The rows as lines, column below column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    if ruled:
        lines.insert(1, "─" * len(lines[0]))
    return "\n".join(line.rstrip() for line in lines)


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

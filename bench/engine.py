"""What the engine costs beside its peers, measured in one run: `make bench`. Imports the items, measure and report.

Only the ratios travel from one machine to another. Options go through make: `make bench BENCH_OPTIONS="--items A"`.
"""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

import deep
import drawing
import starting
import training
import vectorised
import ways
import wide
from measure import clock, pin, progress, wall
from report import Report

ITEMS = {
    "A": (training.run, 7),
    "B": (wide.run, 7),
    "C": (deep.run, 3),
    "D": (vectorised.run_epoch, 30),
    "E": (drawing.run, 3),
    "F": (starting.run, 21),
    "G": (ways.run, 5),
    "V": (vectorised.run_step, 50),
}  # and their rounds


def main() -> None:
    """Measure the items that were asked for, print their tables, then the targets."""
    parser = argparse.ArgumentParser(description="Speed beside other engines, as ratios within one run.")
    parser.add_argument("--items", nargs="+", choices=[*ITEMS], default=[*ITEMS], help="what to measure")
    parser.add_argument("--rounds", type=int, help="rounds of each item, instead of its own number")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure here")
    asked = parser.parse_args()
    if asked.rounds is not None and asked.rounds < 1:
        parser.error(f"--rounds {asked.rounds}: at least one round is needed")
    report, start = Report(), wall()
    report.note(f"Python {platform.python_version()}, {pin()}, contestants in turn, medians.")
    kind = "the processor’s" if clock is not wall else "on the wall"
    report.note(f"Times are {kind}; those of items E and F are on the wall.")
    try:
        for letter, (run, rounds) in ITEMS.items():
            if letter in asked.items:
                run(report, asked.rounds or rounds)
    finally:
        progress("")
    report.verdict()
    report.note(f"\n{wall() - start:.0f} seconds in all.")
    if asked.json is not None:
        report.write(asked.json)


if __name__ == "__main__":
    main()

"""What the engine costs beside its peers, measured in one run: `make bench`.

Imports the items, measure, peers, picture and report; nn to write files.

Only the ratios travel from one machine to another. Options go through make: `make bench BENCH_OPTIONS="--items A"`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile

import deep
import drawing
import irregular
import starting
import training
import vectorised
import ways
import wide
from measure import clock, pin, progress, wall
from peers import optional
from report import Report

from nn.files import Unwritable, write_all

RESULTS = Path(__file__).parent / "results"
ITEMS = {
    "A": (training.run, 7),
    "B": (wide.run, 7),
    "C": (deep.run, 3),
    "D": (vectorised.run_epoch, 30),
    "E": (drawing.run, 3),
    "F": (starting.run, 21),
    "G": (ways.run, 5),
    "R": (irregular.run, 15),
    "V": (vectorised.run_step, 50),
}  # and their rounds


def main() -> None:
    """Measure the items that were asked for, print their tables, then the targets."""
    parser = argparse.ArgumentParser(description="Speed beside other engines, as ratios within one run.")
    parser.add_argument("--items", nargs="+", choices=[*ITEMS], default=[*ITEMS], help="what to measure")
    parser.add_argument("--rounds", type=int, help="rounds of each item, instead of its own number")
    where = "where speed.md, speed.json, speed.svg and speed.png are written, if not to bench/results"
    parser.add_argument("--out", type=folder, metavar="FOLDER", default=str(RESULTS), help=where)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure here")
    asked = parser.parse_args()
    if asked.rounds is not None and asked.rounds < 1:
        parser.error(f"--rounds {asked.rounds}: at least one round is needed")
    report, start = Report(), wall()
    rounds = {letter: asked.rounds or usual for letter, (_, usual) in ITEMS.items() if letter in asked.items}
    about = told(rounds, pin())
    report.note("\n".join(about))
    report.figures["run"] = {"about": about, "rounds": rounds}
    try:
        for letter, count in rounds.items():
            ITEMS[letter][0](report, count)
    finally:
        progress("")
    report.verdict()
    report.note(f"\n{wall() - start:.0f} seconds in all.")
    try:
        save(report, about, asked.out)
        if asked.json is not None:
            write_all({asked.json: report.json()})
    except Unwritable as error:
        sys.exit(str(error))


def folder(path: str) -> Path:
    """A folder to write to, made and tried now rather than when all is measured."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=path).close()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot write to the folder {path}: {error.strerror}") from None
    return Path(path)


def told(rounds: Mapping[str, int], pinned: str) -> list[str]:
    """When and how a run measures, and what."""
    kind = "the processor’s" if clock is not wall else "on the wall"
    measured = ", ".join(f"{letter} {count}" for letter, count in rounds.items())
    others = ", ".join(letter for letter in ITEMS if letter not in rounds)
    return [
        f"{datetime.now():%Y-%m-%d %H:%M}, Python {platform.python_version()}, {pinned}, contestants in turn, medians.",
        f"Times are {kind}; those of items E and F are on the wall.",
        f"Items and their rounds: {measured}." + (f" Not measured in this run: {others}." if others else ""),
    ]


def save(report: Report, about: Sequence[str], out: Path) -> None:
    """The tables, the figures and the picture, in this folder; matplotlib is loaded only now, when nothing is timed."""
    drawn: dict[str, str | bytes] = {}
    if optional("matplotlib") is None:
        report.note("No picture: matplotlib is not installed; pip install matplotlib.")
    elif report.panels:
        import picture

        drawn |= picture.pictures(report.panels, about)
    contents = {"md": report.markdown("speed.svg" if drawn else ""), "json": report.json(), **drawn}
    write_all({out / f"speed.{ending}": content for ending, content in contents.items()})
    print(f"Written: {', '.join(f'speed.{ending}' for ending in contents)} in {out}.")


if __name__ == "__main__":
    main()

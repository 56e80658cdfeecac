"""How everything here is measured: one core, processor time, in turn, medians. Imports nothing of the project."""

from __future__ import annotations

import gc
import json
import os
import signal
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Contestant = TypeVar("Contestant")
Phases = tuple[float, ...]  # the seconds of each phase of one run
wall = time.perf_counter
# The processor's time, where it is known finely: what else the machine does meanwhile is nobody's cost.
clock = time.process_time if time.get_clock_info("process_time").resolution <= 1e-6 else wall
ALONE = Path(__file__).with_name("alone.py")


@dataclass(frozen=True)
class Times:
    """What one contestant took, round by round, phase by phase."""

    rounds: Sequence[Phases]

    def median(self, *phases: int) -> float:
        """The median of the sum of these phases, of all if none is named."""
        return statistics.median(self.sums(phases))

    def least(self, *phases: int) -> float:
        """The minimum of the sum of these phases, of all if none is named."""
        return min(self.sums(phases))

    def sums(self, phases: Sequence[int] = ()) -> list[float]:
        """For each round the sum of these phases, of all if none is named."""
        return [sum(run[phase] for phase in phases) if phases else sum(run) for run in self.rounds]


def pin() -> str:
    """Keep this process and its children on one core, where the system can; say what came of it."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned to a core: this system cannot"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return "pinned to one core"


def settle() -> None:
    """Hide all objects made so far from the collector: large libraries would make every collection slower."""
    gc.collect()
    gc.freeze()


@contextmanager
def collector(on: bool) -> Iterator[None]:
    """The cyclic collector on or off, starting from a clean heap and leaving one behind."""
    gc.collect()
    (gc.enable if on else gc.disable)()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def alternate(
    title: str, rounds: int, runs: Mapping[Contestant, Callable[[], Phases]], collects: Callable[[Contestant], bool]
) -> dict[Contestant, Times]:
    """Every contestant once in each round, so that a slow minute of the machine hits them all alike."""
    measured: dict[Contestant, list[Phases]] = {contestant: [] for contestant in runs}
    for turn in range(1, rounds + 1):
        progress(f"{title}: round {turn} of {rounds} …")
        for contestant, run in runs.items():
            with collector(collects(contestant)):
                measured[contestant].append(run())
    progress("")
    return {contestant: Times(times) for contestant, times in measured.items()}


def bytes_held(make: Callable[[], Any]) -> int:
    """The bytes that Python has allocated and not freed when `make` has returned, its result still held."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        made = make()
        after, _ = tracemalloc.get_traced_memory()
        del made
    finally:
        tracemalloc.stop()
    return after - before


def progress(text: str) -> None:
    """One line that overwrites itself, for whoever watches; nothing where nobody does."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


class DiedError(Exception):
    """A fresh process ended without a result; the message says how."""


def alone(*arguments: object) -> Any:
    """What `alone.py` measured in a fresh process of its own; raises DiedError if that process did not survive."""
    command = [sys.executable, str(ALONE), *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode < 0:
        raise DiedError(signal.strsignal(-ended.returncode) or f"signal {-ended.returncode}")
    if ended.returncode:
        raise DiedError((ended.stderr.strip() or "no message").splitlines()[-1])
    return json.loads(ended.stdout)

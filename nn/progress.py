"""Progress: a bar for those who wait at a terminal or in a notebook, and nothing for others. Imports history; rich."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import current_thread, main_thread
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

from .history import History

if TYPE_CHECKING:
    from rich.progress import Progress

UNASKED = 0.4  # seconds without a bar: who has to wait no longer needs none
PAUSE = 0.05  # seconds between two looks at it

Step: TypeAlias = Callable[[float | None], None]


@contextmanager
def progress(history: History, epochs: int, quiet: bool) -> Iterator[Step]:
    """A function to call with the learning rate after each update; the bar leaves the terminal as it was."""
    bar = Bar(history, epochs)
    try:
        yield _nothing if quiet or not _somebody_waits() else bar.step
    finally:
        bar.close()


class Bar:
    """How far a training is: an epoch of many, its cost and the best one, the learning rate and the time left."""

    def __init__(self, history: History, epochs: int) -> None:
        self.history, self.epochs = history, epochs
        self.updates, self.next_look = history.last.number * history.updates_per_epoch, perf_counter() + UNASKED
        self.shown: Progress | None = None
        self.task: Any = None

    def step(self, rate: float | None) -> None:
        """One more update is done."""
        self.updates += 1
        if perf_counter() < self.next_look:
            return
        if self.shown is None:
            self.shown = _bar()
            self.task = self.shown.add_task(total=self.epochs * self.history.updates_per_epoch, **self._state(rate))
            self.shown.start()
        else:
            self.shown.update(self.task, **self._state(rate))
        self.next_look = perf_counter() + PAUSE

    def _state(self, rate: float | None) -> dict[str, Any]:
        last, best = self.history.last, self.history.best
        said = f"cost {last.cost:.4g}" + ("" if last.validation is None else f", validation {last.validation:.4g}")
        said += "" if best is last else f" (best {best.judged:.4g})"
        return {
            "completed": self.updates,
            "description": f"epoch {min(last.number + 1, self.epochs)} of {self.epochs}",
            "said": said if rate is None else f"{said}, rate {rate:.3g}",
        }

    def close(self) -> None:
        """Stop moving, with the last state to be read."""
        if self.shown is not None:
            self.shown.update(self.task, **self._state(self.history.last.rate))
            self.shown.stop()


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _somebody_waits() -> bool:
    """Whether there is a terminal, or a notebook that can show a bar, and no other thread that may draw one."""
    if current_thread() is not main_thread():
        return False
    in_notebook = "ipykernel" in sys.modules and find_spec("ipywidgets") is not None
    return in_notebook or (sys.stderr is not None and sys.stderr.isatty())


def _nothing(rate: float | None) -> None:
    """What is called where nobody waits."""

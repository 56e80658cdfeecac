"""Run: a descent with its examples, what is measured of them, its history and its best numbers, on a shelf if asked.

Imports checkpoints, descent, files, history and shapes.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from .checkpoints import Checkpoint, Shelf, Unsaved
from .descent import Descent, Examples, Measure
from .files import Unwritable
from .history import History
from .shapes import Array


class Run:
    """One training, from epoch to epoch."""

    def __init__(
        self,
        work: Descent,
        learnt: Examples,
        held: Examples | None,
        measures: Mapping[str, Measure],
        history: History,
        shelf: Shelf | None = None,
    ) -> None:
        self.work, self.learnt, self.held, self.measures, self.history = work, learnt, held, measures, history
        self.best: Array = work.parameters
        self.shelf = shelf
        if shelf is None or (kept := shelf.get()) is None:
            self._add(())
            if shelf is not None:
                self._put(shelf)
        else:
            work.take_up(kept.parameters, kept.memory, kept.updates)
            self.best, self.history = kept.best, kept.history

    def end_epoch(self, losses: tuple[float, ...]) -> None:
        """Look at the network, and put it on the shelf; raises NonFinite where the cost is not finite."""
        self._add(losses)
        if self.shelf is not None:
            try:
                self._put(self.shelf)
            except Unwritable as error:
                warnings.warn(f"train: {error}; the training goes on without a checkpoint", Unsaved, stacklevel=3)
                self.shelf = None

    def _add(self, losses: tuple[float, ...]) -> None:
        self.history.add(self.work.epoch(self.learnt, self.held, self.measures, losses))
        if self.history.best is self.history.last:
            self.best = self.work.parameters

    def _put(self, shelf: Shelf) -> None:
        work = self.work
        shelf.put(Checkpoint(work.parameters, self.best, work.memory, work.updates, self.history))

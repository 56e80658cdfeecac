"""A program bound to a batch size: its parameters and its gradient are vectors that are made once.

Imports loading and vectors; NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from .errors import WrongShape
from .loading import Loader, Numbers
from .vectors import Layout, put


class Run:
    """What is called each time; `first` also does what depends on the batch alone. `lines` are those of `again`."""

    def __init__(self, first: Callable[[], Any], again: Callable[[], Any], lines: Sequence[str]) -> None:
        self.first, self.again, self.lines, self.is_stale = first, again, lines, True


class Bound:
    """The loss and the gradient of batches of so many examples.

    `parameters` is the vector of all parameters; `gradient` is that of their derivatives, which each call fills anew.
    Both are in the order of `leaves`, and `views(vector)` has its arrays by name.
    """

    def __init__(
        self, layout: Layout, vectors: tuple[Numbers, Numbers], load: Loader, run: Callable[[bool, bool], Run]
    ) -> None:
        self.layout, self._load, self._run = layout, load, run
        self._parameters, self.gradient = vectors
        self._runs: list[Run] = []
        self._is_loaded = not load.arrays

    @property
    def parameters(self) -> Numbers:
        """All parameters in one vector; what is put in its place is copied there."""
        return self._parameters

    @parameters.setter
    def parameters(self, given: Any) -> None:
        put(given, self._parameters, "parameters")

    @property
    def leaves(self) -> tuple[Any, ...]:
        """The leaf of each parameter."""
        return self.layout.leaves

    def views(self, vector: Numbers) -> dict[str, Numbers]:
        """The arrays in a vector of all parameters, or of their derivatives."""
        return self.layout.views(vector)

    def loss(self, *batch: Any) -> float:
        """The mean loss of a batch, or of the one that was loaded last; see `load`."""
        found: float = self._called(self._loss, batch)
        return found

    def gradients(self, *batch: Any) -> Numbers:
        """The gradient of that, as `gradient`; the loss itself is not computed."""
        self._called(self._gradients, batch)
        return self.gradient

    def loss_and_gradients(self, *batch: Any) -> tuple[float, Numbers]:
        """Both."""
        return self._called(self._both, batch), self.gradient

    @property
    def lines(self) -> Sequence[str]:
        """The lines that `gradients` runs each time; what depends on the batch alone is computed when it is loaded."""
        return self._gradients.lines

    def load(self, *batch: Any) -> None:
        """Take these examples, an array (rows, m) or several, whose rows are the leaves that vary, in their order.

        Raises WrongShape for other shapes, NotAScalar for what holds no numbers.
        """
        self._load(batch)
        for run in self._runs:
            run.is_stale = True
        self._is_loaded = True

    def _called(self, run: Run, batch: tuple[Any, ...]) -> Any:
        if batch:
            self.load(*batch)
        if not run.is_stale:
            return run.again()
        if not self._is_loaded:
            raise WrongShape("bound: there is no batch yet; give one, or load it")
        run.is_stale = False
        return run.first()

    @cached_property
    def _loss(self) -> Run:
        return self._kept(loss=True, gradient=False)

    @cached_property
    def _gradients(self) -> Run:
        return self._kept(loss=False, gradient=True)

    @cached_property
    def _both(self) -> Run:
        return self._kept(loss=True, gradient=True)

    def _kept(self, loss: bool, gradient: bool) -> Run:
        self._runs.append(run := self._run(loss, gradient))
        return run

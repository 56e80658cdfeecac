"""A program bound to a batch size: arrays that are made once, and functions that do nothing but call NumPy on them.

Imports adjoints, arrays, calls, code, loading, lowering, memory, outputs and vectors; NumPy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .adjoints import Sweep
from .arrays import Plan
from .calls import Call
from .code import Code
from .errors import WrongShape
from .loading import Loader
from .lowering import Lowering
from .memory import AND_ONES, Memory, Numbers
from .outputs import GRADIENT, PARAMETERS, outputs
from .vectors import Layout


class Run:
    """The calls that are made each time, and the function of them; `first` does what depends on the batch alone too."""

    def __init__(self, code: Code, once: Sequence[str], lines: Sequence[str], result: str) -> None:
        self.lines, self.is_stale = lines, True
        self.first, self.again = code.function([*once, *lines], result), code.function(lines, result)


class Bound:
    """The loss and the gradient of batches of so many examples.

    `parameters` is the vector of all parameters, to be changed in place; `gradient` is that of their derivatives, which
    each call fills anew. Both are in the order of `leaves`, and `views(vector)` has its arrays by name.
    """

    def __init__(
        self,
        plan: Plan,
        sweep: Sweep,
        leaves: Sequence[Sequence[Any]],
        layout: Layout,
        parameters: Numbers,
        counts: Sequence[int],
    ) -> None:
        self.plan, self.layout, self.parameters = plan, layout, parameters
        self.gradient = np.zeros_like(parameters)
        self.lowering = Lowering(plan, sweep, counts, layout)
        self.given = self._given()
        varying = [(array, self.given[array.name]) for array in plan.given if array.varies]
        self._load = Loader(leaves, counts, varying)
        self._runs: list[Run] = []
        self._is_loaded = not varying

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
        """The calls that `gradients` makes each time; what depends on the batch alone is computed when it is loaded."""
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
        return self._run({}, [self.lowering.loss])

    @cached_property
    def _gradients(self) -> Run:
        return self._run(self._written, [])

    @cached_property
    def _both(self) -> Run:
        return self._run(self._written, [self.lowering.loss])

    @cached_property
    def _written(self) -> dict[Call, Numbers]:
        """Where in the gradient what is to be written."""
        written: dict[Call, Numbers] = {}
        for call, block, columns in outputs(self.lowering, self.layout):
            array = block.of(self.gradient) if block else self.gradient.reshape(1, -1)
            written[call] = array[:, columns.start : columns.stop] if columns else array
        return written

    def _run(self, written: Mapping[Call, Numbers], results: Sequence[Call]) -> Run:
        """The functions that compute the loss, if that is a result, and write the rest."""
        order = self._below([*written, *results])
        code = Code(memory := Memory(order, results, self.given, written, self.parameters.dtype))
        result = "None"
        if results:
            L = memory.arrays[results[0]][0]
            share = np.full(L.shape, 1 / L.size, L.dtype)
            result = f"float({code.name(L.dot)}({code.name(share)}))"
        computed = [call for call in order if not call.is_at_hand]
        once, lines = (
            [line for call in computed if call.fixed == fixed for line in code.lines(call)] for fixed in (True, False)
        )
        self._runs.append(run := Run(code, once, lines, result))
        return run

    def _below(self, calls: Collection[Call]) -> list[Call]:
        """What these are made of, and themselves, in the order of computation."""
        found, stack = set[Call](), list(calls)
        while stack:
            call = stack.pop()
            if call not in found:
                found.add(call)
                stack += call.args
        return [call for call in self.lowering.calls.made.values() if call in found]

    def _given(self) -> dict[str, Numbers]:
        """The arrays that nothing computes, each row of the batch with a row of ones below the array that it is in."""
        kind = self.parameters.dtype
        given = {PARAMETERS: self.parameters.reshape(1, -1), GRADIENT: self.gradient.reshape(1, -1)}
        given |= {block.name: block.of(self.parameters) for block in self.layout.blocks}
        for array in self.plan.given:
            if array.varies:
                count = self.lowering.counts[array.varies - 1]
                given[array.name + AND_ONES] = np.ones((array.shape[0] + 1, count), kind)
                given[array.name] = given[array.name + AND_ONES][:-1]
            elif not array.is_learnt:
                given[array.name] = np.array(array.members, kind).reshape(array.shape)
        return given

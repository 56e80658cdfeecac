"""A program of arrays on arrays that are made once, for batches of one size: functions that only call NumPy on them.

Imports adjoints, arrays, bound, calls, code, lowering, memory, outputs and vectors; NumPy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np

from .adjoints import Sweep
from .arrays import Plan
from .bound import Run
from .calls import Call
from .code import Code
from .lowering import Lowering
from .memory import AND_ONES, Memory, Numbers
from .outputs import GRADIENT, PARAMETERS, outputs
from .vectors import Layout


class Compiler:
    """The calls of a program whose parameters and gradient are these vectors; `given` are the arrays of its batch."""

    def __init__(
        self, plan: Plan, sweep: Sweep, layout: Layout, vectors: tuple[Numbers, Numbers], counts: Sequence[int]
    ) -> None:
        self.plan, self.layout = plan, layout
        self.parameters, self.gradient = vectors
        self.lowering = Lowering(plan, sweep, counts, layout)
        self.given = self._given()

    def run(self, loss: bool, gradient: bool) -> Run:
        """The function that computes the loss, if it is asked for, and fills the gradient, if that is."""
        written, results = self._written if gradient else {}, [self.lowering.loss] if loss else []
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
        return Run(code.function([*once, *lines], result), code.function(lines, result), lines)

    @cached_property
    def _written(self) -> Mapping[Call, Numbers]:
        """Where in the gradient what is to be written."""
        written: dict[Call, Numbers] = {}
        for call, block, columns in outputs(self.lowering, self.layout):
            array = block.of(self.gradient) if block else self.gradient.reshape(1, -1)
            written[call] = array[:, columns.start : columns.stop] if columns else array
        return written

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

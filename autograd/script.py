"""A program as a file that runs alone, whose parameters are one array P and whose batch is one array X.

Imports arrays, bound, extents, formula, listing, loading, ops, scalars, simplify and vectors; NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import Array
from .bound import Bound, Run
from .extents import replaced
from .formula import Formula
from .listing import nested
from .loading import Loader
from .ops import Op
from .scalars import Operand, Scalar
from .simplify import simplified
from .vectors import Layout

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
BATCH, PARAMETERS = "X", "P"
UPSTREAM = Formula("d")  # the derivative by a result, in what is passed on to its operands


class Script:
    """The text of a program of these scalars, `forward(parameters, batch)` and `backward(cache)`.

    `leaves` are those that vary, of the one batch that there is. The `data` are arrays that the text would be long
    with: it has them where it stands alone, and is given them where it is run here. No more than `largest` numbers are
    held at once, as long as one example has fewer.
    """

    head: Sequence[str]
    body: Sequence[str]
    data: Mapping[str, NDArray[Any]]
    largest: int

    def __init__(self, scalars: Sequence[Scalar], leaves: Sequence[Any]) -> None:
        self.scalars, self.leaves = scalars, leaves
        by_leaf = {scalar.node: scalar for scalar in scalars if scalar.op is None}
        self.varying = [by_leaf[leaf] for leaf in leaves]
        self.learnt = [scalar for scalar in scalars if scalar.op is None and not scalar.varies]
        self.given = [
            Array(name, tuple(members), (len(members), 1), varies)
            for name, members, varies in ((BATCH, self.varying, 1), (PARAMETERS, self.learnt, 0))
            if members
        ]
        self.layout = Layout(self.given)

    def that_lead_to_parameters(self) -> set[Operand]:
        """The parameters, and every scalar that is made of one."""
        found: set[Operand] = {*self.learnt}
        for scalar in self.scalars:
            if not found.isdisjoint(scalar.operands):
                found.add(scalar)
        return found

    @cached_property
    def source(self) -> str:
        """The file."""
        data = [f"{name} = np.array({nested(array)})" for name, array in self.data.items()]
        return "\n".join([*self.head, *data, *self.body]) + "\n"

    @cached_property
    def _functions(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        namespace: dict[str, Any] = dict(self.data)
        exec(compile("\n".join([*self.head, *self.body]), "<a program of pathgrad>", "exec"), namespace)
        return namespace["forward"], namespace["backward"]

    def loss(self, parameters: Arrays, batch: NDArray[Any]) -> float:
        """The cost."""
        return self.run(parameters, batch, False)[0]

    def gradients(self, parameters: Arrays, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The gradient by each parameter."""
        return self.run(parameters, batch, True)[1]

    def run(self, parameters: Arrays, batch: NDArray[Any], back: bool) -> tuple[float, dict[str, NDArray[Any]]]:
        """Forward and, if it is asked for, back; of many examples some at a time, for every number is held."""
        forward, backward = self._functions
        count, at_once = batch.shape[1], max(1, self.largest // len(self.scalars))
        cost, gradients = 0.0, dict[str, NDArray[Any]]()
        for start in range(0, count, at_once):
            piece = batch[:, start : start + at_once]
            found, cache = forward(parameters, piece)
            share = piece.shape[1] / count
            cost += share * float(found)
            for name, array in backward(cache).items() if back else ():
                gradients[name] = gradients[name] + share * array if name in gradients else share * array
        return cost, gradients

    def bound(self, parameters: NDArray[Any], counts: Sequence[int]) -> Bound:
        """The program on vectors that are made once."""
        batch, gradient = np.zeros((len(self.leaves), *counts), parameters.dtype), np.zeros_like(parameters)
        held, views = self.layout.views(parameters), self.layout.views(gradient)

        def run(_: bool, back: bool) -> Run:  # forward has the loss in any case
            def called() -> float:
                cost, found = self.run(held, batch, back)
                for name, array in found.items():
                    views[name][...] = array
                return cost

            return Run(called, called, self.body)

        arrays = [(array, batch) for array in self.given if array.varies]
        return Bound(self.layout, (parameters, gradient), Loader([self.leaves], counts, arrays), run)


@cache
def passed_on(op: Op, *numbers: tuple[str, float]) -> tuple[Formula, ...]:
    """What each operand of a row is passed of what arrived, d: its partial times that; some operands may be numbers."""
    known = {symbol: Formula(number) for symbol, number in numbers}
    return tuple(simplified(replaced(UPSTREAM * partial, known)) for partial in op.partials)

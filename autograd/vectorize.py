"""One example's scalar graph as the NumPy program for a batch.

Imports adjoints, arrays, beside, bound, copies, graph, inlining, leafwise, listing, readings.equations, scalars,
tabulate, traced and vectors.

>>> from autograd import Value
>>> w, x, y = Value(0.5, "w"), Value(1.0, "x"), Value(0.0, "y")
>>> program = vectorize(((w * x).tanh() - y) ** 2, batch=[x, y])
>>> round(program.loss([[1.0, 2.0], [0.0, 0.0]]), 4)
0.3968
>>> program.gradients([[1.0, 2.0], [0.0, 0.0]])[w].round(4)
np.float64(1.0031)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .adjoints import Sweep
from .arrays import Plan
from .beside import Beside, beside
from .bound import Bound
from .copies import Batches, batches_in
from .errors import WrongShape, require_choice, shorten
from .graph import Graph, describe, each, require_recorded
from .inlining import tidied
from .leafwise import Gradients, columns
from .listing import listing
from .readings.equations import equations
from .scalars import scalars_of, scalars_of_batches
from .tabulate import Tables
from .traced import traced
from .vectors import Layout

if TYPE_CHECKING:
    from .handover import Jax, Onnx, Torch

Numbers = NDArray[np.float64]
KEPT = 4  # bound programs, for a training has batches of one size, a smaller last one, and examples set apart


def vectorize(loss: Any, batch: Sequence[Any] | None = None) -> Program:
    """The program for the mean of this loss over a batch, of which `loss` is the scalar graph of one example.

    `batch` are the leaves that are other numbers in each example, a row of the batch each, in this order; all other
    leaves are parameters. Whatever else the graph was made with, plain numbers and the branches that were taken, is the
    same for every example.

    Without a batch the examples are looked for: where the loss adds up terms that are one computation, with other
    leaves or plain numbers in each, these are the columns of a batch, and `program.batch` has them as they were.

    Raises NotAScalar for a loss that is no node, NotRecorded if its graph was not kept, NotInGraph for a leaf that the
    loss was not made from, WrongShape for one given twice or for a node that is no leaf.
    """
    require_recorded(loss, "vectorize")
    if batch is None and (found := batches_in(loss)) is not None and _is_batch(found):
        return _of_batches(loss, found)
    graph = Graph(loss)
    leaves = graph.chosen(each(batch or (), "vectorize"), "vectorize")
    for place, leaf in enumerate(leaves):
        if leaf.operands or leaf in leaves[:place]:
            problem = "is computed" if leaf.operands else "is given twice"
            raise WrongShape(f"vectorize: {describe(leaf)} {problem}; batch= lists each leaf that varies once")
    return Program(tidied(Tables(scalars_of(graph, set(leaves))).plan), (tuple(leaves),))


def _is_batch(found: Batches[Any]) -> bool:
    """Whether copies are examples, which differ, and not neurons, which have more to themselves than they share."""
    classes = [copies for each in found.sums for copies in each.classes]
    return all(0 < len(copies.leaves) + len(copies.numbers) <= len(copies.shared) for copies in classes)


def _of_batches(loss: Any, found: Batches[Any]) -> Program:
    """The program of a loss that has its examples in it."""
    classes = [copies for each in found.sums for copies in each.classes]
    leaves = tuple((*(row[0] for row in copies.leaves), *copies.numbers) for copies in classes)
    batch = [
        np.array([*([leaf.data for leaf in row] for row in copies.leaves), *(n.values for n in copies.numbers)], float)
        for copies in classes
    ]
    plan = Tables(scalars_of_batches(loss, found)).plan._replace(counts=tuple(len(c.roots) for c in classes))
    return Program(tidied(plan), leaves, batch)


class Program:
    """The cost of a batch and its gradient as NumPy; `source` is the file, which runs alone.

    `parameters` are arrays by their names, with the numbers that the graph's leaves had, each a view of one `vector`
    whose order is `layout.leaves`; `leaves` are those that vary, of each batch. Where the examples were found in the
    graph `batch` has them, an array for each class of them.
    """

    def __init__(self, plan: Plan, leaves: tuple[tuple[Any, ...], ...], batch: Sequence[Numbers] = ()) -> None:
        self.plan, self.leaves, self.sweep, self.batch = plan, leaves, Sweep(plan), tuple(batch)
        self.layout = Layout(plan)
        self.vector = self.layout.start()
        self.parameters: Mapping[str, Numbers] = MappingProxyType(self.layout.views(self.vector))
        self._vectors = {np.dtype(float): self.vector}
        self._bounds: dict[tuple[tuple[int, ...], np.dtype[Any]], Bound] = {}
        namespace: dict[str, Any] = {}
        exec(compile(self.source, "<a program of pathgrad>", "exec"), namespace)
        self._forward, self._backward = namespace["forward"], namespace["backward"]

    @cached_property
    def source(self) -> str:
        """A file with `forward(parameters, batch)`, which gives the cost and a cache, and `backward(cache)`."""
        return listing(self.plan, self.sweep, self.leaves)

    def loss(self, batch: Any = None) -> float:
        """The mean loss over a batch, (leaves, m), an example per column; a flat list is one example.

        Of a program that found its examples in the graph it is the loss as that adds it up, without a batch that of its
        own examples; of several batches a list of them is asked for.

        Raises WrongShape for another shape and an empty batch, NotAScalar for what holds no numbers.
        """
        cost, _ = self._forward(self.parameters, self.given(batch))
        return float(cost)

    def gradients(self, batch: Any = None) -> Gradients:
        """The gradient of that, as arrays and by leaf. Raises what `loss` does."""
        _, cache = self._forward(self.parameters, self.given(batch))
        return Gradients(self.plan, self._backward(cache))

    def bound(self, *counts: int, dtype: DTypeLike = np.float64) -> Bound:
        """The program on arrays that are made once, for batches of so many examples: a few NumPy calls, and no more.

        Of several batches the count of each is given; without any it is bound to the examples that it found itself. Its
        parameters are those of the program, changed here if they are changed there, and of all others that are bound;
        with dtype=np.float32 they are a copy, which others of that type share. The last few of them are kept.

        Raises WrongShape for what cannot be a number of examples, UnknownChoice for another type.
        """
        key = counts or self.plan.counts or (1,) * (not any(self.leaves)), np.dtype(dtype)
        found = self._bounds[key] = self._bounds.pop(key) if key in self._bounds else self._bind(*key)
        if len(self._bounds) > KEPT:
            del self._bounds[next(iter(self._bounds))]
        if not counts:
            found.load(*(batch for batch in self.batch if len(batch)))
        return found

    def _bind(self, counts: tuple[int, ...], kind: np.dtype[Any]) -> Bound:
        require_choice("dtype", kind.name, ("float64", "float32"))
        if len(counts) != len(self.leaves) or not all(isinstance(m, int) and m > 0 for m in counts):
            raise WrongShape(f"bound: given {counts or 'nothing'}, expected how many examples a batch has, such as 32")
        if kind not in self._vectors:
            self._vectors[kind] = self.vector.astype(kind)
        return Bound(self.plan, self.sweep, self.leaves, self.layout, self._vectors[kind], counts)

    def given(self, batch: Any) -> Any:
        """The batch as an array of floats, (leaves, m); of several batches a list of them. Raises what `loss` does."""
        if len(self.leaves) == 1:
            given = self.batch[0] if batch is None and self.batch else batch
            return columns(given, self.leaves[0], "batch")
        given = self.batch if batch is None else batch
        if not isinstance(given, (list, tuple)) or len(given) != len(self.leaves):
            raise WrongShape(
                f"batch: given {shorten(batch)}, expected a list of {len(self.leaves)} arrays, one per batch"
            )
        return [
            columns(one, leaves, f"batch[{k}]") for k, (one, leaves) in enumerate(zip(given, self.leaves, strict=True))
        ]

    def arrays(self, batch: Any = None) -> dict[str, Numbers]:
        """Every array by name, A1 as well as dA1; without a batch for the examples that the graph was made with."""
        recorded = None if self.batch else [leaf.data for leaf in self.leaves[0]]
        given = self.given(recorded if batch is None else batch)
        return traced(self.plan, self.sweep, self.leaves, self.parameters, given)

    def beside(self, which: Any, at: tuple[int, int] | None = None, batch: Any = None) -> Beside:
        """An array's entries beside the scalars of the graph, and the entry `at` written out as the sweep has it.

        `which` is an array's name, a node or its name; numbers are those of `arrays(batch)`. Raises NotInGraph for what
        stands in no array, WrongShape for an entry that is not there.
        """
        return beside(self.plan, self.sweep, self.arrays(batch), which, at)

    @cached_property
    def equations(self) -> str:
        """The statements as a block of LaTeX in the notes' letters, forward and back."""
        return equations(self.plan, self.sweep.statements)

    def to_jax(self) -> Jax:
        """The program in JAX, whose own gradients of it can be compiled, mapped and spread over devices."""
        from .handover import Jax  # it stands above; this method is only its short name

        return Jax(self)

    def to_torch(self) -> Torch:
        """The program in PyTorch: a file with a module."""
        from .handover import Torch

        return Torch(self)

    def to_onnx(self, outputs: str | Sequence[str] = (), dtype: str = "float64") -> Onnx:
        """The way forward as an ONNX graph of "float64" or "float32", whose inputs are the arrays of the batch.

        `outputs` are arrays of the plan or "cost"; by default what the network says, and the cost. What they do not
        need, such as the targets of a prediction, is left out. Raises UnknownChoice, naming it, for an array that is
        not there and for what ONNX has no operator for.
        """
        from .handover import Onnx

        return Onnx(self, outputs, dtype)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in self.parameters.items())
        return (
            f"<Program: {len(self.plan.computed)} statements forward, {len(self.sweep.statements)} backward; {shapes}>"
        )

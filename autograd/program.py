"""A program for the cost of a batch and its gradient, which may be computed in several ways.

Imports adjoints, arrays, beside, bound, choosing, leafwise, readings.equations, script, statements,
traced and vectors; NumPy.
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
from .choosing import Kind
from .errors import NotVectorized, WrongShape, require_choice, shorten
from .leafwise import Gradients, columns
from .readings.equations import equations
from .script import Script
from .statements import Statements
from .traced import traced
from .vectors import put

if TYPE_CHECKING:
    from .handover import Jax, Onnx, Torch

Numbers = NDArray[np.float64]
SHOWN = 8  # arrays of parameters
KEPT = 4  # bound programs, for a training has batches of one size, a smaller last one, and examples set apart


class Program:
    """The cost of a batch and its gradient as NumPy; `source` is the file, which runs alone.

    `parameters` are arrays by their names, with the numbers that the graph's leaves had, each a view of one `vector`
    whose order is `layout.leaves`; `leaves` are those that vary, of each batch. Where the examples were found in the
    graph `batch` has them, an array for each class of them. `kind` says how it is computed, as "arrays", by "levels" or
    in "lines", and `why`.
    """

    def __init__(
        self,
        way: Statements | Script,
        kind: Kind,
        leaves: tuple[tuple[Any, ...], ...],
        batch: Sequence[Numbers] = (),
    ) -> None:
        self._way, self.leaves, self.batch = way, leaves, tuple(batch)
        self.kind, self.why = kind
        self.layout = way.layout
        vector = self.layout.start()
        self.parameters: Mapping[str, Numbers] = MappingProxyType(self.layout.views(vector))
        self._vectors = {np.dtype(float): vector}
        self._bounds: dict[tuple[tuple[int, ...], np.dtype[Any]], Bound] = {}

    @property
    def vector(self) -> Numbers:
        """All parameters in one vector; what is put in its place is copied there. Raises WrongShape, NotAScalar."""
        return self._vectors[np.dtype(float)]

    @vector.setter
    def vector(self, given: Any) -> None:
        put(given, self.vector, "vector")

    @property
    def source(self) -> str:
        """A file with `forward(parameters, batch)`, which gives the cost and a cache, and `backward(cache)`."""
        return self._way.source

    @property
    def plan(self) -> Plan:
        """The arrays, and how each is computed. Raises NotVectorized where the program has none."""
        return self._statements.plan

    @property
    def sweep(self) -> Sweep:
        """The statements of the way back. Raises what `plan` does."""
        return self._statements.sweep

    @property
    def _statements(self) -> Statements:
        if isinstance(self._way, Statements):
            return self._way
        fix = 'ask for vectorize(..., kind="arrays")'
        if not any(self.leaves):
            fix = f"say which leaves are other numbers in each example, vectorize(loss, batch=[x, y]), or {fix}"
        raise NotVectorized(f"this program is computed in {self.kind} and has no arrays; {fix} ({self.why})")

    def loss(self, batch: Any = None) -> float:
        """The mean loss over a batch, (leaves, m), an example per column; a flat list is one example.

        Of a program that found its examples in the graph it is the loss as that adds it up, without a batch that of its
        own examples; of several batches a list of them is asked for.

        Raises WrongShape for another shape and an empty batch, NotAScalar for what holds no numbers.
        """
        return self._way.loss(self.parameters, self.given(batch))

    def gradients(self, batch: Any = None) -> Gradients:
        """The gradient of that, as arrays and by leaf. Raises what `loss` does."""
        return Gradients(self._way.given, self._way.gradients(self.parameters, self.given(batch)))

    def bound(self, *counts: int, dtype: DTypeLike = np.float64) -> Bound:
        """The program on arrays that are made once, for batches of so many examples: a few NumPy calls, and no more.

        Of several batches the count of each is given; without any it is bound to the examples that it found itself. Its
        parameters are those of the program, changed here if they are changed there, and of all others that are bound;
        with dtype=np.float32 they are a copy, which others of that type share. The last few of them are kept.

        Raises WrongShape for what cannot be a number of examples, UnknownChoice for another type.
        """
        found_there = tuple(batch.shape[1] for batch in self.batch)
        sizes = counts or found_there or (1,) * (not any(self.leaves))
        if len(sizes) != len(self.leaves) or not all(type(m) is int and m > 0 for m in sizes):
            raise WrongShape(f"bound: given {counts or 'nothing'}, expected how many examples a batch has, such as 32")
        key = sizes, _dtype(dtype)
        found = self._bounds[key] = self._bounds.pop(key) if key in self._bounds else self._bind(*key)
        if len(self._bounds) > KEPT:
            del self._bounds[next(iter(self._bounds))]
        if not counts:
            found.load(*(batch for batch in self.batch if len(batch)))
        return found

    def _bind(self, counts: tuple[int, ...], kind: np.dtype[Any]) -> Bound:
        if kind not in self._vectors:
            self._vectors[kind] = self.vector.astype(kind)
        return self._way.bound(self._vectors[kind], counts)

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
        shapes = [f"{name} {array.shape}" for name, array in self.parameters.items()]
        more = [f"and {len(shapes) - SHOWN} more"] if len(shapes) > SHOWN else []
        return f"<Program in {self.kind}: {self.why}; {', '.join(shapes[:SHOWN] + more) or 'nothing to learn'}>"


def _dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """The type of that name. Raises UnknownChoice for one that programs do not compute in."""
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    require_choice("dtype", kind.name if kind else dtype, ("float64", "float32"))
    return np.dtype(dtype)

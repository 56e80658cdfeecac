"""A program as statements on arrays, with the equations of its gradient.

Imports adjoints, arrays, bound, compiling, listing, loading and vectors; NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .adjoints import Sweep
from .arrays import Array, Plan
from .bound import Bound
from .compiling import Compiler
from .listing import halfway, listing
from .loading import Loader
from .vectors import Layout, biases


class Statements:
    """The statements of a plan; `leaves` are those that vary, of each batch."""

    def __init__(self, plan: Plan, leaves: Sequence[Sequence[Any]]) -> None:
        self.plan, self.leaves, self.layout = plan, leaves, Layout(plan.given, biases(plan))

    @property
    def given(self) -> Sequence[Array]:
        """What nothing computes."""
        return self.plan.given

    @cached_property
    def sweep(self) -> Sweep:
        """The way back."""
        return Sweep(self.plan)

    @cached_property
    def source(self) -> str:
        """The file."""
        return listing(self.plan, self.sweep, self.leaves)

    @cached_property
    def _functions(self) -> tuple[Callable[..., Any], ...]:
        namespace: dict[str, Any] = {}
        text = f"{self.source}\n\n{halfway(self.plan, self.sweep, self.leaves)}"
        exec(compile(text, "<a program of pathgrad>", "exec"), namespace)
        return namespace["forward"], namespace["halfway"], namespace["backward"]

    def loss(self, parameters: Mapping[str, NDArray[Any]], batch: Any) -> float:
        """The cost."""
        forward, _, _ = self._functions
        return float(forward(parameters, batch)[0])

    def gradients(self, parameters: Mapping[str, NDArray[Any]], batch: Any) -> dict[str, NDArray[Any]]:
        """The gradient by each parameter; the cost itself is not computed."""
        _, halfway, backward = self._functions
        found: dict[str, NDArray[Any]] = backward(halfway(parameters, batch))
        return found

    def bound(self, parameters: NDArray[Any], counts: Sequence[int]) -> Bound:
        """The statements on arrays that are made once."""
        vectors = parameters, np.zeros_like(parameters)
        compiler = Compiler(self.plan, self.sweep, self.layout, vectors, counts)
        varying = [(array, compiler.given[array.name]) for array in self.given if array.varies]
        return Bound(self.layout, vectors, Loader(self.leaves, counts, varying), compiler.run)

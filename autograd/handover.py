"""A program handed over to JAX, PyTorch or ONNX, when one machine is outgrown, and how equal it is there.

Imports arrays, extents, readings.onnx, program, scripts; NumPy, and the frameworks when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from math import inf, log10
from typing import Any, NamedTuple

import numpy as np

from .arrays import Plan
from .errors import NotInstalled, WrongShape, require_choice
from .extents import symbols_in
from .program import Program
from .scripts import jax_script, torch_script

ALL = 16  # digits that a float has
ENOUGH = {"float64": 10, "float32": 4}  # digits, the last few being rounded in another order
COST = "cost"


class Row(NamedTuple):
    """One array compared: the largest difference of an entry, and the digits of the largest entry that it leaves."""

    array: str
    shape: tuple[int, ...]
    difference: float
    digits: int


class Equality(NamedTuple):
    """Numbers found elsewhere beside a program's own, array by array; `str()` is a table."""

    framework: str
    precision: str
    rows: tuple[Row, ...]

    def __bool__(self) -> bool:
        """Whether all agree, to rounding."""
        return all(row.digits >= ENOUGH[self.precision] for row in self.rows)

    def __str__(self) -> str:
        lines = [f"{'array':<7}{'shape':<10}{'largest difference':<20}digits"]
        for row in self.rows:
            shape = " × ".join(map(str, row.shape)) or "1"
            lines.append(f"{row.array:<7}{shape:<10}{row.difference:<20.1e}{row.digits:>6}")
        said = "equal to rounding" if self else "NOT equal"
        return "\n".join([*lines, f"{self.framework} in {self.precision}: {said}"])

    def __repr__(self) -> str:
        return str(self)


class Jax:
    """What `Program.to_jax` gives: `loss`, `gradients` and, of a mean over examples, `example_gradients` of JAX's own.

    All take `parameters`, a dict of arrays, and a batch; `source` is the file that defines them.
    """

    def __init__(self, program: Program) -> None:
        with needed("jax"):
            import jax
        self._jax: Any = jax
        self._program, self.parameters = program, dict(program.parameters)
        self.source = jax_script(program.plan, program.leaves)
        namespace: dict[str, Any] = {}
        exec(compile(self.source, "<a program of pathgrad in JAX>", "exec"), namespace)
        self.loss: Any = namespace["loss"]
        self.gradients: Any = namespace["gradients"]
        self.example_gradients: Any = namespace.get("example_gradients")

    def shard(self, batch: Any, devices: Sequence[Any] | None = None) -> Any:
        """The batch with an equal share of its examples on each of these devices, by default on all there are.

        `gradients` of it work on all devices at once, each on its own examples, and add up what they find.
        Raises WrongShape if the examples cannot be shared out equally.
        """
        sharding, places = self._jax.sharding, list(devices or self._jax.devices())
        mesh = sharding.Mesh(np.array(places), ("examples",))
        place = sharding.NamedSharding(mesh, sharding.PartitionSpec(None, "examples"))
        given = self._program.given(batch)
        for m in (one.shape[1] for one in (given if isinstance(given, (list, tuple)) else [given])):
            if m % len(places):
                raise WrongShape(
                    f"shard: {m} examples on {len(places)} devices; give a multiple of {len(places)} examples"
                )
        return self._jax.device_put(given, place)

    def equality(self, batch: Any = None) -> Equality:
        """The cost and JAX's gradients in float64 beside the program's."""
        given = self._program.given(batch)
        with self._jax.enable_x64(True):
            found = {COST: self.loss(self.parameters, given), **self.gradients(self.parameters, given)}
            return _equality("JAX", "float64", _expected(self._program, batch), found)


class Torch:
    """What `Program.to_torch` gives: `source`, a file of PyTorch with a module and its gradients."""

    def __init__(self, program: Program) -> None:
        self._program, self.source = program, torch_script(program.plan, program.leaves)

    def module(self) -> Any:
        """The module of that file, with the program's parameters; called with a batch it gives the cost."""
        return self._namespace["Program"](self._program.parameters)

    @cached_property
    def _namespace(self) -> dict[str, Any]:
        with needed("torch"):
            import torch  # noqa: F401  # for the message if it is not there
        namespace: dict[str, Any] = {"__name__": "program"}
        exec(compile(self.source, "<a program of pathgrad in PyTorch>", "exec"), namespace)
        return namespace

    def equality(self, batch: Any = None) -> Equality:
        """The cost and PyTorch's gradients in float64 beside the program's."""
        module, given = self.module(), self._program.given(batch)
        torch = self._namespace["torch"]
        tensors = [*map(torch.as_tensor, given)] if isinstance(given, (list, tuple)) else torch.as_tensor(given)
        found = {COST: module(tensors).detach(), **self._namespace["gradients"](module, tensors)}
        return _equality("PyTorch", "float64", _expected(self._program, batch), found)


class Onnx:
    """What `Program.to_onnx` gives: `model`, an onnx.ModelProto of the way forward, for onnx.save."""

    def __init__(self, program: Program, outputs: str | Sequence[str], dtype: str) -> None:
        require_choice("type of numbers", dtype, ENOUGH)
        outputs = [outputs] if isinstance(outputs, str) else outputs
        known = [COST, *(array.name for array in program.plan.arrays if array.formula is not None)]
        for name in outputs:
            require_choice("array that is computed", name, known)
        with needed("onnx"):
            from .readings.onnx import model
        self._program, self.dtype = program, dtype
        self.outputs = tuple(dict.fromkeys(outputs or (*_answer(program.plan), COST)))
        self.model: Any = model(program.plan, program.parameters, self.outputs, dtype)

    def run(self, batch: Any = None) -> dict[str, Any]:
        """What onnxruntime computes of a batch: the outputs by name."""
        with needed("onnxruntime"):
            import onnxruntime
        session = onnxruntime.InferenceSession(self.model.SerializeToString(), providers=["CPUExecutionProvider"])
        arrays = self._program.arrays(self._program.given(batch))
        given = {each.name: arrays[each.name].astype(self.dtype) for each in session.get_inputs()}
        return dict(zip(self.outputs, session.run(None, given), strict=True))

    def equality(self, batch: Any = None) -> Equality:
        """The outputs by onnxruntime beside the program's."""
        expected = {COST: self._program.loss(batch), **self._program.arrays(self._program.given(batch))}
        return _equality("ONNX", self.dtype, {name: expected[name] for name in self.outputs}, self.run(batch))


def _expected(program: Program, batch: Any) -> dict[str, Any]:
    """The cost and all gradients by the program itself."""
    return {COST: program.loss(batch), **program.gradients(batch).arrays}


def _equality(framework: str, precision: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Equality:
    rows = []
    sizes = {name: float(np.max(np.abs(ours))) for name, ours in expected.items()}
    least = max(sizes.values()) / 1000  # what is smaller may be what rounding leaves of terms that cancel
    for name, ours in expected.items():
        theirs = np.asarray(found[name], float)
        same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
        with np.errstate(invalid="ignore"):
            difference = float(np.max(np.where(same, 0.0, np.abs(theirs - ours))))
        rows.append(Row(name, np.shape(ours), difference, _digits(difference, max(sizes[name], least))))
    return Equality(framework, precision, tuple(rows))


def _digits(difference: float, size: float) -> int:
    """The digits of a number of this size that such a difference leaves, 16 at most."""
    if difference == 0:
        return ALL
    return max(0, min(ALL, int(log10(size / difference)))) if 0 < difference < size < inf else 0


def _answer(plan: Plan) -> tuple[str, ...]:
    """What the network says: the last activations A, or the sums Z below if the loss reads those as well."""
    last = max((int(array.name[1:]) for array, _ in plan.computed if re.fullmatch(r"Z\d+", array.name)), default=0)
    tainted = {f"Z{last}"}  # what is computed from Z by other ways than through A
    for array, formula in plan.computed:
        reads = {plan.parts[symbol].array.name for symbol in symbols_in(formula)}
        if array.name != f"A{last}" and reads & tainted:
            tainted.add(array.name)
    return () if not last else (f"Z{last}",) if plan.loss.name in tainted else (f"A{last}",)


@contextmanager
def needed(library: str) -> Iterator[None]:
    """Where this library is imported: raises NotInstalled, with the line for pip, if it cannot be."""
    try:
        yield
    except ImportError:
        named = library if library == "torch" else "'pathgrad[export]'"
        raise NotInstalled(
            f"this hands a program over to {library}, which cannot be imported; pip install {named}"
        ) from None

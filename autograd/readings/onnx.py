"""A program's way forward as an ONNX graph, its words as nodes. Imports arrays, extents, formula and ops; NumPy, onnx.

Arrays keep their names: what is given of the batch are inputs of any number of columns, parameters are initialisers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from ..arrays import Array, Plan
from ..errors import UnknownChoice
from ..extents import symbols_in
from ..formula import Formula, read
from ..ops import TABLE, Op

OPSET = 18  # from which on all reductions take their axes as an input
COST = "cost"  # the mean of the loss, which is no array of the plan
TYPES = {"float64": TensorProto.DOUBLE, "float32": TensorProto.FLOAT}

# The words that are one operator; what else the table has is read as its row.
OPERATORS = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "neg": "Neg", "**": "Pow", "abs": "Abs", ">": "Greater",
             "<=": "LessOrEqual", "==": "Equal", "where": "Where", "exp": "Exp", "log": "Log", "sqrt": "Sqrt",
             "sin": "Sin", "cos": "Cos", "tanh": "Tanh", "sigmoid": "Sigmoid", "relu": "Relu",
             "@": "MatMul"}  # fmt: skip
OVER_ROWS = {"total": "ReduceSum", "over rows": "ReduceSum", "largest": "ReduceMax", "max": "ReduceMax",
             "smallest": "ReduceMin", "min": "ReduceMin", "logsumexp": "ReduceLogSumExp"}  # fmt: skip


def model(plan: Plan, parameters: Mapping[str, NDArray[Any]], outputs: Sequence[str], dtype: str) -> Any:
    """The graph that computes these arrays, "cost" among them or not, as an onnx.ModelProto that the checker passes.

    Raises UnknownChoice, naming it, for a word that ONNX has no operator for.
    """
    graph = _Graph(plan, dtype)
    needed = _needed(plan, outputs)
    for array in (array for array in plan.arrays if array.name in needed):
        if array.formula is not None:
            graph.compute(array.name, array.formula)
        elif array.varies:
            graph.inputs.append(graph.described(array.name, array))
        else:
            numbers = parameters[array.name] if array.is_learnt else np.reshape(array.members, array.shape)
            graph.initialisers.append(numpy_helper.from_array(np.asarray(numbers, dtype), array.name))
    if COST in outputs:
        graph.node("ReduceMean", plan.loss.name, out=COST, keepdims=0)
    by_name = {array.name: array for array in plan.arrays}
    made = helper.make_graph(
        graph.nodes,
        "pathgrad",
        graph.inputs,
        [graph.described(name, by_name.get(name)) for name in outputs],
        graph.initialisers,
    )
    opset = helper.make_opsetid("", OPSET)
    found = helper.make_model(
        made, opset_imports=[opset], ir_version=helper.find_min_ir_version_for([opset]), producer_name="pathgrad"
    )
    checker.check_model(found, full_check=True)
    return found


def _needed(plan: Plan, outputs: Sequence[str]) -> set[str]:
    """The arrays that these are computed from, and they themselves."""
    needed = {plan.loss.name if name == COST else name for name in outputs}
    for array, formula in reversed(plan.computed):
        if array.name in needed:
            needed |= {plan.parts[symbol].array.name for symbol in symbols_in(formula)}
    return needed


class _Graph:
    """Nodes, one after another; what they give is called as the array is that they compute, or that and a number."""

    def __init__(self, plan: Plan, dtype: str) -> None:
        self.plan, self.dtype = plan, dtype
        self.nodes: list[Any] = []
        self.inputs: list[Any] = []
        self.initialisers: list[Any] = []
        self.known: dict[Hashable, str] = {}
        self.array = ""
        words: dict[str, Callable[..., str]] = {
            "number": lambda value: self.fixed("number", np.array(value, dtype)),
            **{word: partial(self.node, name) for word, name in OPERATORS.items()},
            **{word: self._reduction(name, 0) for word, name in OVER_ROWS.items()},
            "over entries": self._reduction("ReduceSum", 0, 1),
            "over examples": self._reduction("ReduceSum", 1),
            "tan": lambda x: self.node("Div", self.node("Sin", x), self.node("Cos", x)),  # few runtimes have Tan
            "softplus": self._softplus,
            "stack": self._stack,
        }
        rows = {name: self._by_row(op) for name, op in TABLE.items() if op.result.words <= {*words}}
        self.words = {**rows, **words}

    def compute(self, name: str, formula: Formula) -> None:
        """The nodes of a formula, the last of which gives the array of this name."""
        self.array = name
        for word in sorted(formula.words - {*self.words}):
            raise UnknownChoice("ONNX operator for", word, self.words)
        found = read(formula, self.words, {symbol: self._part(symbol) for symbol in symbols_in(formula)})
        if found.startswith(f"{name}_"):
            self.nodes[-1].output[0] = self.nodes[-1].name = name
        else:
            self.node("Identity", found, out=name)

    def node(self, operator: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        """One node more; the name of what it gives."""
        out = out or f"{self.array}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [out], out, **attributes))
        return out

    def fixed(self, kind: str, numbers: NDArray[Any]) -> str:
        """Numbers that are part of the graph, once."""
        key = (kind, numbers.tobytes(), numbers.shape)
        if key not in self.known:
            self.known[key] = f"{kind}_{len(self.known)}"
            self.initialisers.append(numpy_helper.from_array(numbers, self.known[key]))
        return self.known[key]

    def described(self, name: str, array: Array | None) -> Any:
        """An input or an output: its type and its shape, the examples being any number; the cost is one number."""
        examples = array and array.varies and (f"m{array.varies}" if array.varies > 1 else "m")
        shape = [array.shape[0], examples or array.shape[1]] if array else []
        return helper.make_tensor_value_info(name, TYPES[self.dtype], shape)

    def _reduction(self, name: str, *axes: int) -> Callable[[str], str]:
        return lambda x: self.node(name, x, self.fixed("axes", np.array(axes, np.int64)), keepdims=1)

    def _by_row(self, op: Op) -> Callable[..., str]:
        return lambda *operands: read(op.result, self.words, dict(zip(op.symbols, operands, strict=True)))

    def _softplus(self, x: str) -> str:
        """max(x, 0) + ln(1 + e^-|x|); runtimes without an operator in float64 compute ln(1 + eˣ), which overflows."""
        small = self.node("Exp", self.node("Neg", self.node("Abs", x)))
        one = self.words["number"](1)
        return self.node("Add", self.node("Relu", x), self.node("Log", self.node("Add", one, small)))

    def _part(self, symbol: str) -> str:
        """An array, or some of its rows or entries in their shape."""
        part = self.plan.parts[symbol]
        array, found = part.array, part.array.name
        if part.is_whole:
            return found
        if part.rows is not None:
            rows = range(part.rows.start, part.rows.stop) if isinstance(part.rows, slice) else part.rows
            flat = self._shaped(found, (len(array.members), 1)) if array.is_matrix else found
            found = self.node("Gather", flat, self.fixed("rows", np.array(rows, np.int64)), axis=0)
        return found if array.varies else self._shaped(found, part.shape)

    def _shaped(self, x: str, shape: tuple[int, int]) -> str:
        return self.node("Reshape", x, self.fixed("shape", np.array(shape, np.int64)))

    def _stack(self, *parts: str) -> str:
        """The parts below each other, those that are the same for all examples repeated for each."""
        columns = self.node("Max", *(self.node("Shape", part, start=1, end=2) for part in parts))
        shape = self.node("Concat", self.fixed("shape", np.array([1], np.int64)), columns, axis=0)
        return self.node("Concat", *(self.node("Expand", part, shape) for part in parts), axis=0)

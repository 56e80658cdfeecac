"""A plan and its sweep as calls of NumPy, for batches of so many examples.

Imports adjoints, arithmetic, arrays, calls, formula, ops, shares and vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from .adjoints import EXAMPLES, Sweep
from .arithmetic import Arithmetic
from .arrays import Array, Part, Plan
from .calls import Call, Rows, Shape
from .formula import read
from .ops import ELEMENTARY, TABLE, Op
from .shares import shared_from_the_start
from .vectors import Block, Layout

COMPARISONS = {">": "greater", "<=": "less_equal", "==": "equal"}


class Lowering:
    """The calls of a program: its `loss`, a number for each example, and the `gradients` of the mean by parameter."""

    def __init__(self, plan: Plan, sweep: Sweep, counts: Sequence[int], layout: Layout) -> None:
        self.plan, self.counts, self.layout, self.calls = plan, counts, layout, Arithmetic()
        self.arrays: dict[str, Call] = {}
        self.matrices: dict[str, Call] = {}  # the parameters, block by block
        self.inputs: dict[Call, Call] = {}  # what a block of weights and biases is multiplied with
        self.parameter: Call | None = None  # whose gradient is being read
        parts = [part.rows for part in plan.parts.values()]
        self.rows = {repr(list(rows) if isinstance(rows, tuple) else rows): as_rows(rows) for rows in parts}
        self.words, self.names = self._vocabulary(), _Names(self._symbol)
        for block in layout.blocks:
            self._place(block)
        for array in plan.arrays:
            if array.formula is not None:
                self._state(array, read(array.formula, self.words, self.names))
            elif not array.is_learnt:
                self._state(array, self.calls.make("given", shape=self._shape(array), detail=array.name, fixed=True))
        self.loss = self.arrays[plan.loss.name]
        parameters = {statement: parameter for parameter, statement in sweep.gradients.items()}
        for array, formula in shared_from_the_start(sweep):
            self.parameter = self.arrays.get(parameters.get(array.name, ""))
            self._state(array, read(formula, self.words, self.names))
        self.gradients = {parameter: self.arrays[statement] for parameter, statement in sweep.gradients.items()}

    def _place(self, block: Block) -> None:
        """The parameters of a block."""
        matrix = self.matrices[block.name] = self.calls.make("given", shape=block.shape, detail=block.name, fixed=False)
        for array in block.arrays:
            alone = len(block.arrays) == 1
            self._state(array, matrix if alone else self.calls.columns(matrix, block.columns[array.name]))

    def _state(self, array: Array, call: Call) -> None:
        """What an array is, from here on."""
        call = self.arrays[array.name] = self.calls.filled(call, self._shape(array))
        call.kept = True

    def _shape(self, array: Array) -> Shape:
        return (array.shape[0], self.counts[array.varies - 1]) if array.varies else array.shape

    def _symbol(self, symbol: str) -> Any:
        """What a symbol of a formula stands for: an array or a part of one, how many examples there are, or rows."""
        if symbol in self.plan.parts:
            return self._part(self.plan.parts[symbol])
        if symbol == EXAMPLES.word:
            return self.calls.number(self.counts[0])
        name, _, rows = symbol.partition("[")
        if name in self.arrays:
            start, _, stop = rows.rstrip("]").partition(":")
            return self.calls.rows(self.arrays[name], range(int(start), int(stop))) if rows else self.arrays[name]
        return self.rows[symbol]

    def _part(self, part: Part) -> Call:
        """Some rows of an array, or it in another shape."""
        array = self.arrays[part.array.name]
        if part.array.varies:
            return array if part.rows is None else self.calls.rows(array, as_rows(part.rows))
        if part.rows is not None:
            flat = self.calls.reshaped(array, (array.shape[0] * array.shape[1], 1))
            array = self.calls.rows(flat, as_rows(part.rows))
        return self.calls.reshaped(array, part.shape)

    def _vocabulary(self) -> dict[str, Callable[..., Any]]:
        """What words are as calls; a row of the table that NumPy has no function for is what its formula says."""
        calls = self.calls
        return {
            **{name: self._by_row(op) for name, op in TABLE.items()},
            **{name: partial(calls.each, name) for name in ELEMENTARY},
            **{word: partial(calls.each, name) for word, name in COMPARISONS.items()},
            "number": calls.number,
            "+": self._added,
            "-": calls.difference,
            "*": calls.product,
            "/": calls.quotient,
            "neg": partial(calls.product, calls.number(-1)),
            "**": calls.power,
            "abs": partial(calls.each, "absolute"),
            "exp": calls.exp,
            "where": calls.where,
            "total": calls.over_rows,
            "largest": partial(calls.of_columns, "largest"),
            "smallest": partial(calls.of_columns, "smallest"),
            "@": self._multiplied,
            "T": calls.turned,
            "over rows": calls.over_rows,
            "over entries": lambda x: calls.over_columns(calls.over_rows(x)),
            "over examples": self._over_examples,
            "spread": lambda x, like: calls.filled(x, like.shape),
            "stack": calls.stack,
            "into": lambda x, like, rows: calls.scatter([rows], [x], like.shape),
            "into entries": self._into_entries,
        }

    def _by_row(self, op: Op) -> Callable[..., Call]:
        return lambda *operands: read(op.result, self.words, dict(zip(op.symbols, operands, strict=True)))

    def _added(self, x: Call, y: Call) -> Call:
        """The sum; of W @ A and the bias beside W it is one product, [W b] @ [A; 1]."""
        for product, b in ((x, y), (y, x)):
            if product.word == "dot" and product.args[0].word == b.word == "columns":
                (W, A), (block,) = product.args, b.args
                if W.args[0] is block:
                    self.inputs[block] = A
                    return self.calls.dot(block, self.calls.augmented(A))
        return self.calls.sum(x, y)

    def _multiplied(self, x: Call, y: Call) -> Call:
        """The product of matrices."""
        return self._of_block(x, y) or self.calls.dot(x, y)

    def _over_examples(self, x: Call) -> Call:
        """The sum over the examples."""
        return self._of_block(x) or self.calls.over_columns(x)

    def _of_block(self, errors: Call, turned: Call | None = None) -> Call | None:
        """The gradient dZ @ A.T of weights, or the sum of dZ of biases, out of dZ @ [A; 1].T, which is both of them."""
        parameter = self.parameter
        A = self.inputs.get(parameter.args[0]) if parameter and parameter.word == "columns" else None
        if parameter is None or A is None or errors.shape != (parameter.shape[0], A.shape[1]):
            return None
        is_weight = parameter.detail.start == 0
        if turned is not (self.calls.turned(A) if is_weight else None):
            return None
        return self.calls.columns(self.calls.dot(errors, self.calls.turned(self.calls.augmented(A))), parameter.detail)

    def _into_entries(self, x: Call, like: Call, rows: Rows) -> Call:
        """Zeros in the shape of a matrix, with x added to these of its entries, or to all."""
        count = like.shape[0] * like.shape[1]
        flat = self.calls.reshaped(x, (x.shape[0] * x.shape[1], 1))
        return self.calls.reshaped(self.calls.scatter([rows or range(count)], [flat], (count, 1)), like.shape)


class _Names(dict[str, Any]):
    """What symbols stand for, looked up as they are met."""

    def __init__(self, meaning: Callable[[str], Any]) -> None:
        self.meaning = meaning

    def __missing__(self, symbol: str) -> Any:
        return self.meaning(symbol)


def as_rows(rows: slice | tuple[int, ...] | None) -> Rows:
    """Rows as calls know them."""
    return range(rows.start, rows.stop) if isinstance(rows, slice) else tuple(rows or ())

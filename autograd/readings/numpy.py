"""Formulas as NumPy: a whole array is one symbol. Imports formula and ops; NumPy.

Lists run along the first axis of their array: `total`, `largest` and `smallest` reduce it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..formula import Formula, read
from ..ops import ELEMENTARY, PRIMITIVES, TABLE, Op

Array: TypeAlias = NDArray[Any]


def _by_row(op: Op) -> Callable[..., Any]:
    """A word that NumPy has no function for, read as its row."""
    return lambda *operands: read(op.result, ARRAYS, dict(zip(op.symbols, operands, strict=True)))


ARRAYS: Mapping[str, Callable[..., Any]] = {
    **{word: _by_row(TABLE[name]) for word, name in PRIMITIVES.items()},
    "number": float,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "neg": np.negative,
    "**": np.power,
    "abs": np.abs,
    ">": np.greater,
    "<=": np.less_equal,
    "==": np.equal,
    "where": np.where,
    **{name: getattr(np, name) for name in ELEMENTARY},
    "total": lambda x: np.sum(x, axis=0),
    "largest": lambda x: np.max(x, axis=0),
    "smallest": lambda x: np.min(x, axis=0),
}


def evaluate(formula: Formula, **arrays: Array | float) -> Array:
    """The formula's value where each symbol is an array; overflow gives inf, quietly.

    >>> evaluate(TABLE["mul"].result, x=np.array([1.0, 2.0]), y=3.0)
    array([3., 6.])
    """
    with np.errstate(all="ignore"):
        return np.asarray(read(formula, ARRAYS, arrays))


class Carried(NamedTuple):
    """A part of a formula on arrays, and its derivative by the symbol that is asked about."""

    value: Any
    slope: Any = 0


def slope_of(formula: Formula, by: str, **arrays: Array | float) -> Array:
    """The formula's derivative by one of its symbols, entry by entry: the table's rules, carried forward word by word.

    >>> x = Formula("x")
    >>> slope_of(3 * x**2, "x", x=np.array([1.0, 2.0]))
    array([ 6., 12.])
    """
    names = {symbol: Carried(array, float(symbol == by)) for symbol, array in arrays.items()}
    with np.errstate(all="ignore"):
        carried = read(formula, CARRIED, names)
        return np.asarray(carried.slope + np.zeros_like(carried.value, dtype=float))


def _carrying(word: str) -> Callable[..., Carried]:
    """The word's row on arrays and their derivatives: the chain rule; what does not change adds no term, nor 0 · ∞."""
    op = TABLE[PRIMITIVES[word]]

    def apply(*operands: Carried) -> Carried:
        known = dict(zip(op.symbols, (operand.value for operand in operands), strict=True))
        known["z"] = read(op.result, ARRAYS, known)
        moving = [(p, o.slope) for p, o in zip(op.partials, operands, strict=True) if np.any(o.slope)]
        return Carried(known["z"], sum(read(partial, ARRAYS, known) * slope for partial, slope in moving))

    return apply


CARRIED: Mapping[str, Callable[..., Carried]] = {
    "number": lambda number: Carried(float(number)),
    **{word: _carrying(word) for word in PRIMITIVES},
    **{word: lambda x, y, test=ARRAYS[word]: Carried(test(x.value, y.value)) for word in (">", "<=", "==")},
    "where": lambda test, yes, no: Carried(
        np.where(test.value, yes.value, no.value), np.where(test.value, yes.slope, no.slope)
    ),
}


def result(name: str, *operands: Array | float) -> Array:
    """What the primitive `name` gives on arrays, such as `result("tanh", Z)`."""
    op = TABLE[name]
    return evaluate(op.result, **dict(zip(op.symbols, operands, strict=True)))


def partial(name: str, slot: int, *operands: Array | float) -> Array:
    """The primitive's derivative in operand `slot`, entry by entry, such as `partial("tanh", 0, Z)`."""
    op = TABLE[name]
    z = result(name, *operands)
    return evaluate(op.partials[slot], z=z, **dict(zip(op.symbols, operands, strict=True)))

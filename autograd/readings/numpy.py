"""Formulas as NumPy: a whole array is one symbol. Imports formula and ops; NumPy.

Lists run along the first axis of their array: `total`, `largest` and `smallest` reduce it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..formula import Formula, read
from ..ops import ELEMENTARY, LOGISTIC, TABLE

Array: TypeAlias = NDArray[Any]

ARRAYS: Mapping[str, Callable[..., Any]] = {
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
    "sigmoid": lambda x: read(LOGISTIC, ARRAYS, {"x": x}),
}


def evaluate(formula: Formula, **arrays: Array | float) -> Array:
    """The formula's value where each symbol is an array; overflow gives inf, quietly.

    >>> evaluate(TABLE["mul"].result, x=np.array([1.0, 2.0]), y=3.0)
    array([3., 6.])
    """
    with np.errstate(all="ignore"):
        return np.asarray(read(formula, ARRAYS, arrays))


def result(name: str, *operands: Array | float) -> Array:
    """What the primitive `name` gives on arrays, such as `result("tanh", Z)`."""
    op = TABLE[name]
    return evaluate(op.result, **dict(zip(op.symbols, operands, strict=True)))


def partial(name: str, slot: int, *operands: Array | float) -> Array:
    """The primitive's derivative in operand `slot`, entry by entry, such as `partial("tanh", 0, Z)`."""
    op = TABLE[name]
    z = result(name, *operands)
    return evaluate(op.partials[slot], z=z, **dict(zip(op.symbols, operands, strict=True)))

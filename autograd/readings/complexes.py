"""Formulas on complex numbers, for derivatives by a complex step. Imports ops, readings.infix and readings.python.

A number x + ih with a tiny h carries its derivative in its imaginary part; choices go by the real part.
Source: Squire and Trapp, "Using complex variables to estimate derivatives of real functions", 1998.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from functools import cache
from typing import Any

from ..ops import Op
from .infix import TEST, Text, call, infix
from .python import Vocabulary, result_by


def _by_real_part(symbol: str) -> Callable[[Text, Text], Text]:
    return lambda x, y: infix(symbol, TEST)(Text(f"real({x})"), Text(f"real({y})"))


VOCABULARY: Vocabulary = {
    "<=": _by_real_part(" <= "),
    ">": _by_real_part(" > "),
    "==": _by_real_part(" == "),
    "abs": call("without_sign"),
}


def real(x: complex) -> float:
    """The real part of any number."""
    return x.real


def power(base: complex, exponent: complex) -> complex:
    """The power, also for a whole power of a number near 0 or below."""
    if exponent.imag == 0 and exponent.real == int(exponent.real):
        return base ** int(exponent.real)
    if base.real < 0:
        raise ValueError("a negative base under a fractional exponent")
    return complex(base) ** exponent


def log1p(x: complex) -> complex:
    """ln(1 + x), precise also for tiny x."""
    return complex(math.log1p(x.real), cmath.phase(1 + x))


def expm1(x: complex) -> complex:
    """The exponential minus 1, precise also for tiny x."""
    return complex(math.expm1(x.real), cmath.exp(x).imag)


FUNCTIONS: dict[str, Any] = {
    "inf": math.inf, "real": real, "power": power, "log1p": log1p, "expm1": expm1,
    "without_sign": lambda x: -x if x.real < 0 else x,
    "largest": lambda xs: max(xs, key=real), "smallest": lambda xs: min(xs, key=real),
    "exp": cmath.exp, "log": cmath.log, "sqrt": cmath.sqrt,
    "sin": cmath.sin, "cos": cmath.cos, "tan": cmath.tan, "tanh": cmath.tanh,
}  # fmt: skip


@cache
def complex_rule(op: Op) -> Callable[..., Any]:
    """The row's result on complex numbers; raises ValueError or ArithmeticError where there is none."""
    return result_by(op, VOCABULARY, FUNCTIONS)

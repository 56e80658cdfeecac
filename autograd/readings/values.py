"""Formulas on Values themselves, so that what they say becomes part of a graph. Imports formula and value."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ..formula import Formula, read
from ..value import Value

VALUES: dict[str, Callable[..., Any]] = {
    "number": lambda number: number,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "**": operator.pow,
    ">": operator.gt,
    "<=": operator.le,
    "==": lambda x, y: float(x) == float(y),  # by value, where Values themselves compare by identity
    "where": lambda test, yes, no: yes if test else no,
    "exp": Value.exp,
    "log": Value.log,
    "tanh": Value.tanh,
}


def express(formula: Formula, **values: Value) -> Value:
    """The formula as a graph on these Values.

    >>> x = Formula("x")
    >>> express(x**2 - 3 * x, x=Value(2.0))
    Value(-2.0)
    """
    made: Value = read(formula, VALUES, values)
    return made

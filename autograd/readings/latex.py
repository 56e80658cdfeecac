"""Formulas as LaTeX, the page of calculus as one would write it on the board.

Imports formula, ops and readings.infix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from ..formula import Formula, read
from ..ops import PRIMITIVES, Op
from .infix import ATOM, POWER, PRODUCT, SIGN, SUM, TEST, Text, call, infix, plain, times, wrap

LATEX: Mapping[str, Callable[..., Text]] = {
    **{word: call(rf"\mathrm{{{word}}}".replace("_", r"\_")) for word in PRIMITIVES},
    "number": lambda value: Text(r"\infty") if value == inf else plain(value),
    "+": infix(" + ", SUM, SUM),
    "-": infix(" - ", SUM),
    "*": times(r" \cdot "),
    "/": lambda x, y: Text(rf"\frac{{{x}}}{{{y}}}", PRODUCT),
    "neg": lambda x: Text(f"-{wrap(x, SIGN)}", SIGN),
    "**": lambda x, y: Text(f"{wrap(x, ATOM)}^{{{y}}}", POWER),
    "abs": lambda x: Text(rf"\lvert {x} \rvert"),
    ">": infix(" > ", TEST),
    "<=": infix(r" \le ", TEST),
    "==": infix(" = ", TEST),
    "where": lambda test, yes, no: Text(
        rf"\begin{{cases}} {yes} & \text{{if }} {test} \\ {no} & \text{{otherwise}} \end{{cases}}"
    ),
    "exp": lambda x: Text(f"e^{{{x}}}", POWER),
    "log": call(r"\ln"),
    "log1p": lambda x: Text(rf"\ln(1 + {wrap(x, SUM)})"),
    "expm1": lambda x: Text(f"e^{{{x}}} - 1", SUM),
    "sqrt": lambda x: Text(rf"\sqrt{{{x}}}"),
    "sigmoid": call(r"\sigma"),
    "sin": call(r"\sin"),
    "cos": call(r"\cos"),
    "tan": call(r"\tan"),
    "tanh": call(r"\tanh"),
    "total": lambda x: Text(rf"\sum_i {wrap(x, PRODUCT)}", SUM),
    "largest": lambda x: Text(rf"\max_i {wrap(x, PRODUCT)}", SUM),
    "smallest": lambda x: Text(rf"\min_i {wrap(x, PRODUCT)}", SUM),
}


def latex(formula: Formula, names: Mapping[str, str]) -> str:
    """The formula in LaTeX, each symbol written as `names` says."""
    return str(read(formula, LATEX, {symbol: Text(name) for symbol, name in names.items()}))


def rules(op: Op) -> list[str]:
    """The row as LaTeX equations: its result, then one partial derivative per operand."""
    names = _symbols(op)
    partials = [
        rf"\frac{{\partial z}}{{\partial {names[symbol]}}} = {latex(partial, names)}"
        for symbol, partial in zip(op.symbols, op.partials, strict=True)
    ]
    return [f"z = {latex(op.result, names)}", *partials]


def smooth_where(op: Op) -> str:
    """Where the row is smooth, in words and LaTeX."""
    return "everywhere" if op.smooth is None else f"where ${latex(op.smooth, _symbols(op))}$"


def _symbols(op: Op) -> dict[str, str]:
    """The row's symbols; of a list, its i-th entry."""
    return {s: f"{s}_i" if many else s for s, many in zip(op.symbols, op.is_list, strict=True)} | {"z": "z"}

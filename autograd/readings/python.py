"""Formulas as Python source on plain numbers, compiled once per rule. Imports formula, ops and infix.

`rule` gives the function that a new node calls: numbers go in, the result and the wanted partials come out.
Arithmetic follows IEEE 754, as NumPy's does: where Python would raise, the same formulas are computed
once more, slowly, with functions that answer inf or nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from ..formula import Formula, read
from ..ops import Op
from .infix import PRODUCT, SIGN, SUM, TEST, Text, call, infix, number, wrap

Rule: TypeAlias = Callable[..., tuple[float, tuple[Any, ...]]]
Vocabulary: TypeAlias = dict[str, Callable[..., Text]]

SOURCE: Vocabulary = {
    "number": number,
    "+": infix(" + ", SUM, SUM),
    "-": infix(" - ", SUM),
    "*": infix(" * ", PRODUCT, PRODUCT),
    "/": infix(" / ", PRODUCT),
    "neg": lambda x: Text(f"-{wrap(x, SIGN)}", SIGN),
    "**": call("power"),
    ">": infix(" > ", TEST),
    "<=": infix(" <= ", TEST),
    "==": infix(" == ", TEST),
    "where": lambda test, yes, no: Text(f"({yes} if {test} else {no})"),
    "abs": call("abs"),
    "exp": call("exp"),
    "log": call("log"),
    "tanh": call("tanh"),
}


def power(base: float, exponent: float) -> float:
    """`base ** exponent`, refusing the complex numbers that Python returns for a negative base."""
    z: float | complex = base**exponent
    if isinstance(z, complex):
        raise ValueError("a negative base under a broken exponent")
    return z


def ieee_divide(x: float, y: float) -> float:
    """X / y where y may be 0."""
    if y:
        return x / y
    return math.copysign(math.inf, x) * math.copysign(1.0, y) if x and x == x else math.nan


def ieee_exp(x: float) -> float:
    """exp(x), inf where it overflows."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def ieee_log(x: float) -> float:
    """log(x), -inf at 0 and nan below."""
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def ieee_power(base: float, exponent: float) -> float:
    """Base ** exponent, inf where it overflows or divides by 0, nan where no real power exists."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        if base:
            return math.nan
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf


FAST: dict[str, Callable[..., Any]] = {"exp": math.exp, "log": math.log, "tanh": math.tanh, "power": power}
CAREFUL: dict[str, Callable[..., Any]] = {
    "exp": ieee_exp,
    "log": ieee_log,
    "tanh": math.tanh,
    "power": ieee_power,
    "divide": ieee_divide,
}


@cache
def rule(op: Op, wanted: tuple[bool, ...]) -> Rule:
    """The compiled rule of `op`: numbers in, `(result, partials)` out; a partial that is not wanted is None.

    A list operand goes in as a sequence; its partials come out flattened, in the operands' order.
    """
    careful = _compile(op, wanted, SOURCE | {"/": call("divide")}, CAREFUL)
    return _compile(op, wanted, SOURCE, FAST | {"careful": careful}, on_error="return careful({})")


def _compile(
    op: Op,
    wanted: tuple[bool, ...],
    vocabulary: Vocabulary,
    functions: dict[str, Callable[..., Any]],
    on_error: str = "raise",
) -> Rule:
    """One function from one row: its result as `z`, then a partial for every number that went in."""
    lists = [operand[:-1] for operand in op.operands if operand.endswith("*")]
    parameters = ", ".join(f"{name}s" if name in lists else name for name in op.symbols)

    def each(body: Text) -> Text:
        """The list of what `body` is for each entry of the list operands."""
        entries, columns = ", ".join(lists), ", ".join(f"{name}s" for name in lists)
        return Text(f"{body}s" if body in lists else f"[{body} for {entries} in zip({columns})]")

    def text(formula: Formula) -> Text:
        symbols = {name: Text(name) for name in (*op.symbols, "z")}
        return read(formula, {**vocabulary, "total": lambda x: Text(f"sum({each(x)})")}, symbols)

    partials = [
        "None" if not asked else f"*{each(text(partial))}" if name in lists else text(partial)
        for name, partial, asked in zip(op.symbols, op.partials, wanted, strict=True)
    ]
    code = (
        f"def rule({parameters}):\n"
        f"    try:\n"
        f"        z = {text(op.result)}\n"
        f"        return z, ({', '.join(partials)},)\n"
        f"    except (ArithmeticError, ValueError):\n"
        f"        {on_error.format(parameters)}\n"
    )
    namespace: dict[str, Any] = dict(functions)
    exec(compile(code, f"<the rule of {op.name}>", "exec"), namespace)
    compiled: Rule = namespace["rule"]
    return compiled

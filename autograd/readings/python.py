"""Formulas as Python source on plain numbers, compiled once per rule.

Imports formula, ops, plain and readings.infix.

`rule` gives the function that a new node calls: numbers go in, the result and the wanted partials come out.
Arithmetic follows IEEE 754, as NumPy's does: where Python would raise, the same formulas are computed
once more, slowly, with functions that answer inf or nan. Fractions stay exact where the formulas are rational.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from math import inf, nan
from operator import mul
from types import FunctionType
from typing import Any, TypeAlias

from ..errors import NotExact
from ..formula import Formula, read
from ..ops import ELEMENTARY, LOGISTIC, Op
from ..plain import as_float
from .infix import PRODUCT, SIGN, SUM, TEST, Text, call, infix, number, wrap

Rule: TypeAlias = Callable[..., tuple[Any, ...]]
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
    **{name: call(name) for name in ELEMENTARY},
}
SOURCE["sigmoid"] = lambda x: read(LOGISTIC, SOURCE, {"x": x})
AGGREGATES = {"total": "sum", "largest": "largest", "smallest": "smallest"}  # words over all entries of a list
MOST_DIGITS = 4_000  # of an exact power, beyond which it would rather be asked for as a float


def power(base: float, exponent: float) -> float:
    """`base ** exponent`, refusing what is no real number and exact powers too long to write down."""
    if type(base) is not float and type(exponent) is not float:
        _require_exact_power(base, exponent)
    z: float | complex = base**exponent
    if isinstance(z, complex):
        raise ValueError("a negative base under a fractional exponent")
    return z


def _require_exact_power(base: Any, exponent: Any) -> None:
    """Raise NotExact where the power of two exact numbers is none, or one too long to write down."""
    if exponent.denominator != 1:
        raise NotExact(f"({base})^({exponent}) is no fraction; write float({base}) to go on with floats")
    if _digits(base) * abs(exponent) > MOST_DIGITS:
        raise NotExact(f"({base})^({exponent}) has more than {MOST_DIGITS} digits; write float({base}) for it")


def _digits(exact: Any) -> float:
    """About how many digits a whole number or a fraction has; 0 for 0 and ±1, whose powers never grow."""
    return math.log10(max(abs(exact.numerator), exact.denominator))


def largest(numbers: list[float]) -> float:
    """The largest number, nan if there is a nan among them."""
    return nan if any(number != number for number in numbers) else max(numbers)


def smallest(numbers: list[float]) -> float:
    """The smallest number, nan if there is a nan among them."""
    return nan if any(number != number for number in numbers) else min(numbers)


def ieee(function: Callable[[float], float], pole: float | None = None) -> Callable[[float], float]:
    """The function of the math module, but inf where it overflows, -inf at its pole, nan where it is not defined."""

    def careful(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return inf
        except ValueError:
            return -inf if x == pole else nan

    return careful


def ieee_divide(x: float, y: float) -> float:
    """The quotient x / y, also where y is 0."""
    if y:
        return x / y
    return math.copysign(inf, x) * math.copysign(1.0, y) if x and x == x else nan


def ieee_power(base: float, exponent: float) -> float:
    """The power, inf where it overflows or divides by 0, nan where no real power exists."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -inf if base < 0 and exponent % 2 == 1 else inf
    except ValueError:
        if base:
            return nan
        return math.copysign(inf, base) if exponent % 2 == 1 else inf


FAST: dict[str, Any] = {
    **{name: getattr(math, name) for name in ELEMENTARY},
    "power": power,
    "largest": largest,
    "smallest": smallest,
    "inf": inf,
}
POLES = {"log": 0.0, "log1p": -1.0}
CAREFUL: dict[str, Any] = {
    **FAST,
    **{name: ieee(FAST[name], POLES.get(name)) for name in ELEMENTARY},
    "power": ieee_power,
    "divide": ieee_divide,
}


@cache
def rule(op: Op, wanted: tuple[bool, ...]) -> Rule:
    """The compiled rule of `op`: numbers in, the result and all partials out; a partial that is not wanted is None.

    A list operand goes in as a sequence; its partials come out flattened, in the operands' order.
    """
    careful = _compiled(lambda: _source(op, wanted, SOURCE | {"/": call("divide")}, guarded=False), CAREFUL)

    def carefully(*operands: Any) -> tuple[Any, ...]:
        return careful(*([*map(as_float, o)] if isinstance(o, (list, tuple)) else as_float(o) for o in operands))

    return _compiled(lambda: _source(op, wanted, SOURCE, guarded=True), FAST | {"carefully": carefully})


def result_by(op: Op, vocabulary: Vocabulary, functions: dict[str, Any]) -> Callable[..., Any]:
    """The row's result alone, computed with other functions, so with other kinds of numbers."""
    unwanted = (False,) * len(op.operands)
    compiled = _compiled(lambda: _source(op, unwanted, SOURCE | vocabulary, guarded=False), functions)
    return lambda *operands: compiled(*operands)[0]


def _source(op: Op, wanted: tuple[bool, ...], vocabulary: Vocabulary, guarded: bool) -> str:
    """One function from one row: its result as `z`, then a partial for every number that went in."""
    lists = [operand[:-1] for operand in op.operands if operand.endswith("*")]
    columns = f"zip({', '.join(f'{name}s' for name in lists)})" if len(lists) > 1 else f"{''.join(lists)}s"
    parameters = [f"{name}s" if name in lists else name for name in op.symbols]
    # The two commonest of all, a list as it is and a product of two, need no loop of Python's.
    entries = {name: f"{name}s" for name in lists} | {
        f"{a} * {b}": f"map(mul, {a}s, {b}s)" for a in lists for b in lists
    }
    lines: dict[str, str] = {}  # what is computed once, before it is used: source -> name, in order

    def each(body: Text) -> str:
        """The list of what `body` is for each entry of the list operands."""
        return entries.get(body) or f"[{body} for {', '.join(lists)} in {columns}]"

    def once(function: str) -> Callable[[Text], Text]:
        """A word over all entries, computed once however many entries go on to use it."""
        return lambda body: Text(lines.setdefault(f"{function}({each(body)})", f"t{len(lines) + 1}"))

    words = {**vocabulary, **{name: once(function) for name, function in AGGREGATES.items()}}

    def text(formula: Formula) -> Text:
        return read(formula, words, {name: Text(name) for name in (*op.symbols, "z")})

    lines[text(op.result)] = "z"
    partials = [
        "None" if not asked else f"*{each(text(partial))}" if name in lists else text(partial)
        for name, partial, asked in zip(op.symbols, op.partials, wanted, strict=True)
    ]
    body = [f"{name} = {source}" for source, name in lines.items()] + [f"return z, {', '.join(partials)}"]
    head = f"def rule({', '.join(parameters)}):"
    if not guarded:
        return "\n    ".join([head, *body])
    guard = ["except (ArithmeticError, ValueError):", f"    return carefully({', '.join(parameters)})"]
    return "\n    ".join([head, "try:", *(f"    {line}" for line in body), *guard])


def _compiled(source: Callable[[], str], functions: dict[str, Any]) -> Rule:
    """The function that the source defines, compiled when it is first called: most programs use few of the rules."""

    def first(*operands: Any) -> tuple[Any, ...]:
        exec(compile(source(), "<a rule of the table>", "exec"), namespace)
        function.__code__ = namespace["rule"].__code__
        return tuple(function(*operands))

    namespace = {**functions, "first": first, "mul": mul}
    function = FunctionType(_TEMPLATE, namespace)
    return function


def _template(*operands: Any) -> Any:
    return first(*operands)  # type: ignore[name-defined]  # noqa: F821  # it stands in the namespace of each rule


_TEMPLATE = _template.__code__

"""Formulas on Python's floats as source that runs alone, what is not finite a result like others.

The functions that it calls are the project's own, with their text. Imports ops, readings.infix, readings.program and
readings.python.
"""

from __future__ import annotations

from collections.abc import Collection
from inspect import getsource

from ..ops import ELEMENTARY
from .infix import PRODUCT, Text, infix
from .program import Vocabulary
from .python import POLES, SOURCE, ieee, ieee_divide, ieee_power, largest, smallest


def _power(x: Text, y: Text) -> Text:
    """A square is a product, which is quicker; x may be a name, or a place for one."""
    if y in ("2", "2.0") and x.strip("{}").isidentifier():
        return Text(f"{x} * {x}", PRODUCT)
    return Text(f"{ieee_power.__name__}({x}, {y})")


def _quotient(x: Text, y: Text) -> Text:
    """By a number that is not 0 whatever is given can be divided."""
    is_safe = y.replace(".", "").isdigit() and float(y) != 0
    return infix(" / ", PRODUCT)(x, y) if is_safe else Text(f"{ieee_divide.__name__}({x}, {y})")


CALLED = (ieee, ieee_divide, ieee_power, largest, smallest)
FLOATS: Vocabulary = {
    **{word: say for word, say in SOURCE.items() if word != "sigmoid"},  # a function there, as other rows are
    "/": _quotient,
    "**": _power,
}


def definitions(words: Collection[str]) -> list[str]:
    """The definitions of what a text of these words calls."""
    elementary = [f"{name} = ieee(math.{name}, {POLES.get(name)})" for name in ELEMENTARY if name in words]
    wanted = {*words, ieee.__name__} if elementary else words
    functions = [getsource(function).rstrip() for function in CALLED if function.__name__ in wanted]
    return [*functions, "\n".join(elementary)] if elementary else functions

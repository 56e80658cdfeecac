"""Plain numbers, as they may stand beside Values in an expression. Imports errors only."""

from __future__ import annotations

from math import inf
from numbers import Integral, Rational, Real
from typing import Any

from .errors import NotAScalar, not_a_scalar, shorten

LARGEST = 2**1023  # whole numbers and fractions below it fit into a float


def as_number(given: Any, where: str) -> float:
    """`given` as a plain Python number: a float, an int, or a Fraction, which arithmetic keeps exact.

    Raises NotAScalar, its message beginning with `where`, for anything else.
    """
    if type(given) is float:
        return given
    if isinstance(given, Integral) or _is_numpy_bool(given):
        if abs(whole := int(given)) < LARGEST:
            return whole
        raise NotAScalar(f"{where}: the whole number {shorten(whole)} is too large for a float")
    if isinstance(given, Rational):
        if abs(int(given.numerator)) < LARGEST * int(given.denominator):
            return given  # type: ignore[return-value]  # a Fraction: to the type checker only ints are floats
        raise NotAScalar(f"{where}: the fraction is too large for a float")
    if isinstance(given, Real):
        return float(given)
    raise not_a_scalar(given, where)


def as_exponent(given: Any, where: str) -> float:
    """The same for an exponent, which nan cannot be: it would make nan of every base but 1.

    Raises NotAScalar for nan as well.
    """
    number = as_number(given, where)
    if number != number:
        raise NotAScalar(f"{where}: nan is no exponent; a number is missing where it was computed")
    return number


def as_float(exact: float) -> float:
    """A number as a float, inf where it is too large for one."""
    try:
        return float(exact)
    except OverflowError:
        return inf if exact > 0 else -inf


def brief(number: float, digits: int = 4) -> str:
    """A number as messages write it, to so many digits; fractions too."""
    return f"{as_float(number):.{digits}g}"


def _is_numpy_bool(given: Any) -> bool:
    return type(given).__name__ in ("bool", "bool_") and getattr(given, "shape", None) == ()

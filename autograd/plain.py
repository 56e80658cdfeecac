"""Plain numbers, as they may stand beside Values in an expression. Imports ops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log10
from numbers import Integral, Rational, Real
from typing import Any, TypeAlias

from .errors import NotAScalar, NotExact, not_a_scalar, shorten
from .ops import Op

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LARGEST = 2**1023  # whole numbers and fractions below it fit into a float
Where: TypeAlias = str | Callable[[], str]  # how a message begins, or a way to say it if it comes to that


def as_number(given: Any, where: Where) -> float:
    """`given` as a plain Python number: a float, an int, or a Fraction, which arithmetic keeps exact.

    Raises NotAScalar, its message beginning with `where`, for anything else.
    """
    if type(given) is float:
        return given
    if isinstance(given, Integral) or _is_numpy_bool(given):
        if abs(whole := int(given)) < LARGEST:
            return whole
        raise NotAScalar(f"{_said(where)}: the whole number {shorten(whole)} is too large for a float")
    if isinstance(given, Rational):
        if abs(int(given.numerator)) < LARGEST * int(given.denominator):
            from fractions import Fraction

            return Fraction(int(given.numerator), int(given.denominator))  # type: ignore[return-value]
        raise NotAScalar(f"{_said(where)}: the fraction is too large for a float")
    if isinstance(given, Real):
        return float(given)
    raise not_a_scalar(given, _said(where))


def as_exponent(given: Any, where: Where) -> float:
    """The same for an exponent, which nan cannot be: it would make nan of every base but 1.

    Raises NotAScalar for nan as well.
    """
    number = as_number(given, where)
    if number != number:
        raise NotAScalar(f"{_said(where)}: nan is no exponent; a number is missing where it was computed")
    return number


def alike(number: float, data: float) -> float:
    """A whole number beside a fraction as a fraction, so that 1 / 3 in a partial is one as well."""
    return number if isinstance(data, float) or not isinstance(number, int) else type(data)(number)


def require_float(op: Op, *numbers: float) -> None:
    """Raise NotExact if one is a fraction and `op` does not make fractions of fractions."""
    for number in numbers if not op.is_rational else ():
        if isinstance(number, Rational) and not isinstance(number, int):
            raise NotExact(
                f"{op.name} of the fraction {number} is no fraction; write float({number}) for it, "
                f"or x * 1.0 in place of x to go on with floats"
            )


def as_float(exact: float) -> float:
    """A number as a float, inf where it is too large for one."""
    try:
        return float(exact)
    except OverflowError:
        return inf if exact > 0 else -inf


def brief(number: float, digits: int = 4) -> str:
    """A number as messages write it, to so many digits; fractions too."""
    return f"{as_float(number):.{digits}g}"


def subscript(number: int) -> str:
    """The number in subscript digits."""
    return str(number).translate(SUBSCRIPTS)


def counted(number: int) -> str:
    """A count in full, 1,234; one beyond thirty digits by its size.

    >>> counted(10**6), counted(2**200)
    ('1,000,000', 'about 1.6 × 10^60')
    """
    if abs(number) < 10**30:
        return f"{number:,}"
    places = int(log10(abs(number)))
    mantissa = f"{10 ** (log10(abs(number)) - places):.1f}"
    if mantissa == "10.0":
        mantissa, places = "1.0", places + 1
    return f"about {'-' if number < 0 else ''}{mantissa} × 10^{places}"


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Each row as a line, column below column; `sides` has l or r for each, the last one also for those behind it.

    >>> aligned([("node", "value"), ("x", "12")], "lr")
    ['node  value', 'x        12']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    columns = list(zip(widths, sides.ljust(len(widths), sides[-1]), strict=bool(rows)))
    lines = (
        "  ".join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, (width, side) in zip(row, columns, strict=True)
        )
        for row in rows
    )
    return [line.rstrip() for line in lines]


def shown(number: float) -> str:
    """repr(number), or a few digits of a fraction that is too long to write down."""
    try:
        return repr(number)
    except ValueError:
        return f"≈{brief(number)}"


def _said(where: Where) -> str:
    return where if isinstance(where, str) else where()


def _is_numpy_bool(given: Any) -> bool:
    return type(given).__name__ in ("bool", "bool_") and getattr(given, "shape", None) == ()

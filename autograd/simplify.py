"""Formulas made shorter: cancelled, collected and, where that is shorter, multiplied out.

Imports formula, ops, polynomials, readings.python and shortest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from math import inf, isfinite
from operator import eq, gt, le
from typing import Any

from .errors import NotExact
from .formula import Formula
from .ops import PRIMITIVES, TABLE
from .polynomials import Atoms
from .readings.python import rule
from .shortest import WHOLE, Writer, length

SUMS, PRODUCTS = ("+", "-", "neg"), ("*", "/")
COMPARISONS = {"<=": le, ">": gt, "==": eq}


def simplified(formula: Formula) -> Formula:
    """An equal formula of no more words, as a person would write it: 2 * (p - y), A - Y, z * (1 - z).

    It is equal wherever every part of the formula is finite; where one is not, as x / x at 0, it may be the limit.
    Simplifying once more changes nothing.

    >>> p, y = Formula("p"), Formula("y")
    >>> simplified((-(y / p) + (1 - y) / (1 - p)) * (p * (1 - p)))
    -(p, y)
    """
    known: dict[Formula, Formula] = {}
    while (shorter := _shorter(formula, known)) != formula:
        formula = shorter
    return formula


def _shorter(formula: Formula, known: dict[Formula, Formula]) -> Formula:
    """The shortest of the formula, made of parts that are short, and what it comes to; the formula itself at a tie."""
    if formula.args and formula not in known:
        parts = _parts(formula, known)
        known[formula] = min([parts, *_alternatives(parts, known)], key=length)
    return known.get(formula, formula)


def _parts(formula: Formula, known: dict[Formula, Formula]) -> Formula:
    """The formula with its parts made shorter; those of a long sum or product are its terms or factors."""
    chain = next((words for words in (SUMS, PRODUCTS) if formula.word in words), ())
    parts = (_parts(arg, known) if arg.args and arg.word in chain else _shorter(arg, known) for arg in formula.args)
    return Formula(formula.word, *parts)


def _alternatives(formula: Formula, known: dict[Formula, Formula]) -> list[Formula]:
    """What else a formula with short parts comes to; nothing where it divides by 0 or a number is too large."""
    with suppress(ArithmeticError):
        match formula.word, formula.args:
            case "where", (test, yes, no):
                taken = True if yes == no else _verdict(test, known)
                return [] if taken is None else [yes if taken else no]
            case "+" | "-" | "*" | "/" | "neg" | "**", _:
                return [*_collected(formula), *_worked_out(formula)]
        return _worked_out(formula)
    return []


def _collected(formula: Formula) -> Iterator[Formula]:
    """Arithmetic as a polynomial, and as one without sums as factors, each in the shortest form that is found."""
    atoms = Atoms()
    polynomial, writer = atoms.polynomial(formula), Writer(atoms)
    yield writer.shortest(polynomial)
    with suppress(OverflowError):
        if (made := atoms.multiplied_out(polynomial)) is not polynomial:
            yield writer.shortest(made)


def _worked_out(formula: Formula) -> list[Formula]:
    """A row's word of numbers, where it comes to a number exactly: abs(-2), exp(0), but not log(2)."""
    numbers = [arg.word for arg in formula.args if not isinstance(arg.word, str) and isfinite(arg.word)]
    if formula.word not in PRIMITIVES or len(numbers) < len(formula.args):
        return []
    op = TABLE[PRIMITIVES[str(formula.word)]]
    try:
        (value, *_) = rule(op, (False,) * len(numbers))(*map(Fraction, numbers))
    except NotExact:
        return []
    whole = float(value).is_integer() and abs(value) < WHOLE
    exact = isinstance(value, Fraction) and float(value) == value
    return [Formula(int(value) if whole else float(value))] if whole or exact else []


def _verdict(test: Formula, known: dict[Formula, Formula]) -> bool | None:
    """What a comparison comes to whatever its symbols are; None if that depends on them."""
    left, right = test.args
    gap = _shorter(left - right, known).word
    if not isinstance(gap, str):
        return bool(COMPARISONS[str(test.word)](gap, 0))
    if not isinstance(right.word, str) and _least(left) > right.word:
        return test.word == ">"
    return None


def _least(formula: Formula) -> Any:
    """A number that the formula is never below."""
    if formula.word == "+":
        return sum(map(_least, formula.args))
    return formula.word if formula.is_number else 0 if formula.word == "abs" else -inf

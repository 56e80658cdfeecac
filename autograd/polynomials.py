"""Formulas as sums of products of powers, to multiply out, cancel and collect. Imports formula.

The atoms of such a polynomial are symbols, words that are no arithmetic, and sums that stand as factors, so that
(1 - p) / (1 - p) cancels before anything is multiplied out. Exponents may be negative; coefficients are exact.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from .formula import Formula

Number: TypeAlias = int | Fraction
Powers: TypeAlias = tuple[tuple[int, int], ...]  # a product: the places of atoms, in order, with their exponents
Polynomial: TypeAlias = dict[Powers, Number]  # products with their coefficients, none of them 0

MOST = 24  # terms that are multiplied out, and the largest power of a sum or a number that is


def size(number: Number) -> Number:
    """The number without its sign."""
    return -number if number < 0 else number


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    """The sum, without what cancels."""
    total = dict(a)
    for powers, coefficient in b.items():
        total[powers] = total.get(powers, 0) + coefficient
        if not total[powers]:
            del total[powers]
    return total


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product, multiplied out."""
    rows = ({_joined(p, q): c * d for q, d in b.items()} for p, c in a.items())
    return reduce(plus, rows, next(rows, {}))


def negative(polynomial: Polynomial) -> Polynomial:
    """The polynomial with its signs turned."""
    return {powers: -coefficient for powers, coefficient in polynomial.items()}


def raised(term: Polynomial, exponent: int) -> Polynomial:
    """A power of at most one term; raises ArithmeticError where it divides by 0 or the number becomes too large."""
    if not term and exponent > 0:
        return {}
    ((powers, coefficient),) = (term or {(): 0}).items()
    if abs(exponent) > MOST and size(coefficient) != 1:
        raise OverflowError
    number = Fraction(coefficient) ** exponent
    return {tuple((place, e * exponent) for place, e in powers if exponent): _exact(number)}


def _exact(number: float | Fraction) -> Number:
    return int(number) if number == number // 1 else Fraction(number)


def _joined(p: Powers, q: Powers) -> Powers:
    if not p or not q:
        return p or q
    exponents = dict(p)
    for place, e in q:
        exponents[place] = exponents.get(place, 0) + e
    return tuple(sorted((place, e) for place, e in exponents.items() if e))


def _content(polynomial: Polynomial) -> Polynomial:
    """What divides every term: the powers that all have, and the smallest coefficient if the others are multiples."""
    first, *others = map(dict, polynomial)
    shared: dict[int, int] = {}
    for place, e in first.items():
        exponents = [e, *(other.get(place, 0) for other in others)]
        if min(exponents) > 0 or max(exponents) < 0:
            shared[place] = min(exponents, key=abs)
    smallest = min(map(size, polynomial.values()))
    divides = all(coefficient % smallest == 0 for coefficient in polynomial.values())
    return {tuple(shared.items()): smallest if divides else 1}


class Atoms:
    """The atoms of one formula by their places, in the order in which they are met: what a sum is made of before it."""

    def __init__(self) -> None:
        self.formulas: dict[int, Formula] = {}
        self.sums: dict[int, Polynomial] = {}
        self.places: dict[Hashable, int] = {}
        self.decimal = False  # whether the formula has numbers such as 0.5, rather than 1 / 2

    def polynomial(self, formula: Formula) -> Polynomial:
        """The formula as a polynomial; raises ArithmeticError where it divides by 0 or a number becomes too large."""
        word, args = formula.word, formula.args
        if not isinstance(word, str) and abs(word) < float("inf"):
            self.decimal |= isinstance(word, float) and not word.is_integer()
            return {(): _exact(word)} if word else {}
        match word, args:
            case "+", (a, b):
                return plus(self.polynomial(a), self.polynomial(b))
            case "-", (a, b):
                return plus(self.polynomial(a), negative(self.polynomial(b)))
            case "neg", (a,):
                return negative(self.polynomial(a))
            case "*", (a, b):
                return times(self._factor(a), self._factor(b))
            case "/", (a, b):
                return times(self._factor(a), raised(self._factor(b), -1))
            case "**", (a, Formula(word=int() | float() as exponent)) if exponent == exponent // 1:
                return raised(self._factor(a), int(exponent))
        place = self.places.setdefault(formula, len(self.places))
        self.formulas[place] = formula
        return {((place, 1),): 1}

    def _factor(self, formula: Formula) -> Polynomial:
        return self.factored(self.polynomial(formula))

    def factored(self, polynomial: Polynomial) -> Polynomial:
        """One term for a sum: what its terms have in common, times an atom for what is left."""
        polynomial = self._flat(polynomial)
        if len(polynomial) < 2:
            return polynomial
        content = _content(polynomial)
        if next(iter(polynomial.values())) < 0:
            content = negative(content)
        rest = times(polynomial, raised(content, -1))
        if frozenset(negative(rest).items()) in self.places:
            content, rest = negative(content), negative(rest)
        place = self.places.setdefault(frozenset(rest.items()), len(self.places))
        self.sums.setdefault(place, rest)
        return times(content, {((place, 1),): 1})

    def _flat(self, polynomial: Polynomial) -> Polynomial:
        """Without sums that are themselves terms, a + (b - c)."""
        for powers, coefficient in list(polynomial.items()):
            (place, exponent), *others = powers or ((-1, 0),)
            if exponent == size(coefficient) == 1 and place in self.sums and not others:
                terms = times(self.sums[place], {(): coefficient})
                polynomial = plus(plus(polynomial, {powers: -coefficient}), terms)
        return polynomial

    def multiplied_out(self, polynomial: Polynomial) -> Polynomial:
        """Without sums as factors, outer ones first, so that what they are divided by still cancels.

        Raises OverflowError if that is too long.
        """
        while sums := self._sums_in(polynomial):
            polynomial = self._without(polynomial, max(sums))
        return polynomial

    def forms(self, polynomial: Polynomial) -> Iterator[Polynomial]:
        """The same with a sum multiplied out, all over one denominator, or a common factor drawn out of some terms."""
        for place in dict.fromkeys(self._sums_in(polynomial)):
            with suppress(OverflowError):
                yield self._without(polynomial, place)
        with suppress(OverflowError):
            yield self._over_one_denominator(polynomial)
        sharing: dict[Hashable, Polynomial] = {}
        for powers, coefficient in polynomial.items() if len(polynomial) <= MOST else ():
            for shared in (size(coefficient), *((place, e > 0) for place, e in powers)):
                sharing.setdefault(shared, {})[powers] = coefficient
        for key, terms in sharing.items():
            if len(terms) > 1 and key != 1:
                yield self._drawn_out(polynomial, terms)

    def _sums_in(self, polynomial: Polynomial) -> list[int]:
        """The places of sums that are factors."""
        return [place for powers in polynomial for place, e in powers if e > 0 and place in self.sums]

    def _without(self, polynomial: Polynomial, place: int) -> Polynomial:
        """The sum at this place multiplied out wherever it is a factor; raises OverflowError if that is too long."""
        made: Polynomial = {}
        for powers, coefficient in polynomial.items():
            exponent = max(0, dict(powers).get(place, 0))
            terms = {_joined(powers, ((place, -exponent),)): coefficient}
            if exponent > MOST:
                raise OverflowError
            for _ in range(exponent):
                terms = times(terms, self.sums[place])
                if len(terms) > MOST:
                    raise OverflowError
            made = plus(made, terms)
        if len(made) > MOST:
            raise OverflowError
        return made

    def _over_one_denominator(self, polynomial: Polynomial) -> Polynomial:
        lowest: dict[int, int] = {}
        for place, exponent in (power for powers in polynomial for power in powers):
            lowest[place] = min(exponent, lowest.get(place, 0))
        below: Polynomial = {tuple(sorted((place, e) for place, e in lowest.items() if e)): 1}
        above = self.multiplied_out(times(polynomial, raised(below, -1)))
        return times(self.factored(above), below)

    def _drawn_out(self, polynomial: Polynomial, terms: Polynomial) -> Polynomial:
        """What these terms of it have in common drawn out of them."""
        made, drawn = Polynomial(), self.factored(terms)
        for powers, coefficient in polynomial.items():
            if powers not in terms:
                made = plus(made, {powers: coefficient})
            else:
                made, drawn = plus(made, drawn), {}
        return made

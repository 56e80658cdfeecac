"""The shortest way to write a polynomial: how long each form is, and the formula of the best.

Imports formula and polynomials.
"""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import NamedTuple

from .formula import Formula, as_formula
from .polynomials import Atoms, Number, Polynomial, Powers, negative, size

WHOLE = 2**53  # every whole number below it is a float
ONE: Polynomial = {(): 1}


class Length(NamedTuple):
    """How long a formula is: its words, then its symbols and numbers, then what a person would rather not write."""

    words: int
    leaves: int
    minus: int
    powers: int


def length(formula: Formula) -> Length:
    """That of a formula: of two the one with fewer words is shorter, whatever else they have."""
    words = leaves = minus = powers = 0
    stack = [formula]
    while stack:
        at = stack.pop()
        stack += at.args
        words += bool(at.args)
        leaves += not at.args
        minus += not isinstance(at.word, str) and at.word < 0
        powers += at.word == "**"
    return Length(words, leaves, minus, powers)


class Writer:
    """Writes polynomials in these atoms."""

    def __init__(self, atoms: Atoms) -> None:
        self.atoms = atoms
        self.terms: dict[tuple[Powers, Number], tuple[Formula, Length]] = {}

    def shortest(self, polynomial: Polynomial) -> Formula:
        """The polynomial in the shortest form that is found step by step."""
        own = self.length(polynomial)
        while True:
            forms = [(self.length(form), form) for form in self.atoms.forms(polynomial)]
            least, form = min(forms, key=lambda pair: pair[0], default=(own, polynomial))
            if least >= own:
                return self.written(polynomial)
            own, polynomial = least, form

    def length(self, polynomial: Polynomial) -> Length:
        """How long the polynomial would be as a formula."""
        first, *others = _in_order(polynomial)
        lengths = [self._term(*first)[1], *(self._term(powers, size(number))[1] for powers, number in others)]
        return Length(*map(sum, zip(*lengths, (len(others), 0, 0, 0), strict=True)))

    def written(self, polynomial: Polynomial) -> Formula:
        """The polynomial as a formula, positive terms first; raises OverflowError for a number that is no float."""
        first, *others = _in_order(polynomial)
        whole, _ = self._term(*first)
        for powers, number in others:
            term, _ = self._term(powers, size(number))
            whole = whole + term if number > 0 else whole - term
        return whole

    def _term(self, powers: Powers, number: Number) -> tuple[Formula, Length]:
        """A product, and how long it is; a form has most of its terms in common with others."""
        if (powers, number) not in self.terms:
            formula = self._product(powers, number)
            self.terms[powers, number] = formula, length(formula)
        return self.terms[powers, number]

    def _product(self, powers: Powers, number: Number) -> Formula:
        """A product over a product; a minus turns a difference or a number, or stands before the first factor."""
        above, below = ([] if n == 1 else [as_formula(n)] for n in self._literals(size(number)))
        turned = next((p for p, e in powers if e % 2 and min(self.atoms.sums.get(p, ONE).values()) < 0), None)
        for place, exponent in powers:
            atom = self._atom(place, number < 0 and place == turned)
            (above if exponent > 0 else below).append(atom if abs(exponent) == 1 else atom ** abs(exponent))
        first, *others = above or [Formula(1)]
        if number < 0 and turned is None:
            first = Formula(-first.word) if not isinstance(first.word, str) else -first
        top = reduce(mul, others, first)
        return top / reduce(mul, below) if below else top

    def _atom(self, place: int, turned: bool) -> Formula:
        if place in self.atoms.formulas:
            return self.atoms.formulas[place]
        terms = self.atoms.sums[place]
        return self.written(negative(terms) if turned else terms)

    def _literals(self, number: Number) -> tuple[float, float]:
        """A number that is not negative, as one over another; raises OverflowError if it is no float."""
        near = float(number)
        if number and not near:
            raise OverflowError
        if max(number.numerator, number.denominator) >= WHOLE or (self.atoms.decimal and near == number):
            return (int(near) if near.is_integer() and near < WHOLE else near), 1
        return number.numerator, number.denominator


def _in_order(polynomial: Polynomial) -> list[tuple[Powers, Number]]:
    """The terms, the positive ones first."""
    return sorted(polynomial.items(), key=lambda term: term[1] < 0) or [((), 0)]

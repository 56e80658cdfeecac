"""The derivative of a formula as a formula: the rows of the table, applied word by word. Imports formula and ops."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .errors import NotAName, UnknownChoice, WrongShape, shorten
from .formula import Formula, as_formula, read
from .ops import PRIMITIVES, TABLE

ZERO, ONE = Formula(0), Formula(1)
COMPARISONS = ("<=", ">", "==")


class _Formulas(dict[str, Callable[..., Formula]]):
    """A vocabulary in which every word means itself, so that what is read stays a formula."""

    def __missing__(self, word: str) -> Callable[..., Formula]:
        return partial(Formula, word)


FORMULAS = _Formulas(number=as_formula)


def slope(formula: Formula, by: str) -> Formula:
    """The formula's derivative by the symbol of that name, which may stand in it several times or not at all.

    It is the chain rule as it stands, for `simplified` to shorten. Of a choice it has the slope of each branch; a
    comparison has none. A row's result within its own partial is the word itself. Lists are left out by design: raises
    UnknownChoice where the symbol stands in a word that is no row about one or two numbers.

    >>> slope(Formula("sigmoid", Formula("x")), "x")
    *(sigmoid(x), -(1, sigmoid(x)))
    """
    if not isinstance(by, str):
        raise NotAName(f"slope: by {shorten(by)}, expected the name of a symbol; write {str(by)!r}")
    word, args = formula.word, formula.args
    if not args:
        return ONE if word == by else ZERO
    if word in COMPARISONS:
        return ZERO
    if word == "where":
        test, *branches = args
        slopes = [slope(branch, by) for branch in branches]
        return ZERO if slopes == [ZERO, ZERO] else Formula("where", test, *slopes)
    slopes = [slope(arg, by) for arg in args]
    return ZERO if slopes.count(ZERO) == len(slopes) else _by_chain_rule(formula, slopes)


def _by_chain_rule(formula: Formula, slopes: list[Formula]) -> Formula:
    """The word's partials, each times the slope of its operand; what does not change adds no term, nor 0 · ∞."""
    if formula.word not in PRIMITIVES:
        raise UnknownChoice("slope of the word", formula.word, PRIMITIVES)
    op = TABLE[PRIMITIVES[str(formula.word)]]
    if not op.takes(len(slopes)):
        raise WrongShape(f"slope: {formula.word} of {len(slopes)} formulas; it takes {' '.join(op.operands)}")
    known = op.by_symbol(formula.args) | {"z": formula}
    terms = [
        _times(read(local, FORMULAS, known), inner)
        for local, inner in zip(op.partials, slopes, strict=True)
        if ZERO not in (local, inner)
    ]
    return sum(terms[1:], terms[0]) if terms else ZERO


def _times(local: Formula, inner: Formula) -> Formula:
    if ONE in (local, inner):
        return inner if local == ONE else local
    return local * inner

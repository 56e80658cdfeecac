"""Formulas as data: small frozen trees that any vocabulary can read. Imports nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class Formula:
    """A word applied to formulas; a symbol or a number is a word applied to nothing.

    Formulas are written with Python's own operators, `1 - z**2`, and mean nothing until `read` folds
    them with a vocabulary. They are frozen and compare by structure.
    """

    __slots__ = ("args", "word")
    word: str | float
    args: tuple[Formula, ...]

    def __init__(self, word: str | float, *args: Formula | float) -> None:
        object.__setattr__(self, "word", word)
        object.__setattr__(self, "args", tuple(map(as_formula, args)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Formula is frozen: {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and (self.word, self.args) == (other.word, other.args)

    def __hash__(self) -> int:
        return hash((self.word, self.args))

    def __repr__(self) -> str:
        return f"{self.word}({', '.join(map(repr, self.args))})" if self.args else f"{self.word}"

    @property
    def is_number(self) -> bool:
        """Whether this is a plain number, such as the partials 1 and -1 of a difference."""
        return not isinstance(self.word, str)

    def __reduce__(self) -> tuple[object, ...]:
        return Formula, (self.word, *self.args)

    @property
    def words(self) -> frozenset[str]:
        """The words that are applied to something in here; symbols and numbers are applied to nothing."""
        own = {str(self.word)} if self.args else set()
        return frozenset(own.union(*(arg.words for arg in self.args)))

    def __add__(self, other: Formula | float) -> Formula:
        return Formula("+", self, other)

    def __radd__(self, other: float) -> Formula:
        return Formula("+", other, self)

    def __sub__(self, other: Formula | float) -> Formula:
        return Formula("-", self, other)

    def __rsub__(self, other: float) -> Formula:
        return Formula("-", other, self)

    def __mul__(self, other: Formula | float) -> Formula:
        return Formula("*", self, other)

    def __rmul__(self, other: float) -> Formula:
        return Formula("*", other, self)

    def __truediv__(self, other: Formula | float) -> Formula:
        return Formula("/", self, other)

    def __rtruediv__(self, other: float) -> Formula:
        return Formula("/", other, self)

    def __pow__(self, other: Formula | float) -> Formula:
        return Formula("**", self, other)

    def __neg__(self) -> Formula:
        return Formula("neg", self)

    def __abs__(self) -> Formula:
        return Formula("abs", self)

    def __gt__(self, other: Formula | float) -> Formula:
        return Formula(">", self, other)

    def __le__(self, other: Formula | float) -> Formula:
        return Formula("<=", self, other)


def as_formula(given: Formula | float) -> Formula:
    """A number as the formula that says it; a formula as it is."""
    return given if isinstance(given, Formula) else Formula(given)


def word(name: str) -> Callable[..., Formula]:
    """A function that builds formulas: `exp = word("exp")`, then `exp(-x)`."""
    return lambda *args: Formula(name, *args)


def read(formula: Formula, vocabulary: Mapping[str, Callable[..., T]], names: Mapping[str, T]) -> T:
    """Fold a formula: `names` gives the symbols a meaning, `vocabulary` the words, and `number` the numbers.

    Raises KeyError, naming it, for a word or a symbol that has no meaning there.
    """
    if formula.args:
        meaning = vocabulary[str(formula.word)]
        return meaning(*(read(arg, vocabulary, names) for arg in formula.args))
    if isinstance(formula.word, str):
        return names[formula.word]
    return vocabulary["number"](formula.word)

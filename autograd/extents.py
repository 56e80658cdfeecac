"""How far the result of a formula on arrays goes. Imports formula and ops.

Beside the table's words, formulas on arrays have those that put rows together or apart:

    @  T             the product of matrices, and a matrix turned
    over rows        the sum over the rows of what varies, one row
    over entries     the sum over all entries of what does not vary, one number
    over examples    the sum over the examples
    stack            arrays below each other
    spread(f, A)     f, as far as A goes
    into(f, A, i)    zeros, as far as A goes, with f added to its rows i; `into entries` of what does not vary
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .formula import Formula
from .ops import TABLE

SUMS = ("over rows", "over entries")
ARITHMETIC = frozenset({"+", "-", "*", "/", "neg", "**"})


class Extent(NamedTuple):
    """How many rows and columns there are, and in the examples of which batch there are other numbers; 0 for none."""

    rows: int
    columns: int
    varies: int


ONE = Extent(1, 1, 0)


def extent(formula: Formula, symbols: Mapping[str, Extent]) -> Extent:
    """That of a formula, if its symbols go as far as these; a symbol that is not among them is one number."""
    if not formula.args:
        return symbols.get(str(formula.word), ONE)
    if formula.word in ("spread", "into", "into entries"):
        return extent(formula.args[1], symbols)
    first, *others = (extent(argument, symbols) for argument in formula.args)
    match formula.word:
        case "T":
            return Extent(first.columns, first.rows, first.varies)
        case "@":
            (right,) = others
            turned = formula.args[1].word == "T"  # the product over the examples
            return Extent(first.rows, right.columns, 0 if turned else max(first.varies, right.varies))
        case "over rows" | "total" | "largest" | "smallest":
            return Extent(1, 1, first.varies)
        case "over entries":
            return ONE
        case "over examples":
            return Extent(first.rows, 1, 0)
        case "stack":
            return Extent(first.rows + sum(o.rows for o in others), 1, max(e.varies for e in (first, *others)))
    if formula.word in TABLE and TABLE[str(formula.word)].takes_lists:
        return Extent(1, 1, first.varies)
    every = (first, *others)
    return Extent(max(e.rows for e in every), max(e.columns for e in every), max(e.varies for e in every))


def symbols_in(formula: Formula) -> Iterator[str]:
    """Its symbols from left to right, as often as they stand there."""
    if formula.args:
        for argument in formula.args:
            yield from symbols_in(argument)
    elif isinstance(formula.word, str):
        yield formula.word


def replaced(formula: Formula, by: Mapping[str, Formula]) -> Formula:
    """The formula with others in place of some symbols."""
    if formula.args:
        return Formula(formula.word, *(replaced(argument, by) for argument in formula.args))
    return by.get(str(formula.word), formula) if isinstance(formula.word, str) else formula


def recognised(formula: Formula, known: Mapping[Formula, Formula]) -> Formula:
    """The formula in which what has a name already is that name."""
    if formula in known:
        return known[formula]
    return (
        Formula(formula.word, *(recognised(argument, known) for argument in formula.args)) if formula.args else formula
    )


def is_elementwise(formula: Formula) -> bool:
    """Whether each entry of its result comes of the entries in the same place."""
    words = formula.words
    return words.isdisjoint({"@", "stack", "over examples", *SUMS}) and not any(
        word in TABLE and TABLE[word].takes_lists for word in words
    )


def is_list(formula: Formula) -> bool:
    """Whether it is a primitive of a list."""
    return formula.word in TABLE and TABLE[str(formula.word)].takes_lists


def size(formula: Formula) -> int:
    """How many words, symbols and numbers it has."""
    return 1 + sum(map(size, formula.args))


def product(left: Formula, right: Formula) -> Formula:
    """The product of matrices."""
    return Formula("@", left, right)


def transposed(matrix: Formula) -> Formula:
    """A matrix turned."""
    return Formula("T", matrix)


def over_rows(what: Formula) -> Formula:
    """The sum over the rows of what varies."""
    return Formula("over rows", what)


def over_entries(what: Formula) -> Formula:
    """The sum over all entries of what does not vary."""
    return Formula("over entries", what)


def over_examples(what: Formula) -> Formula:
    """The sum over the examples."""
    return Formula("over examples", what)

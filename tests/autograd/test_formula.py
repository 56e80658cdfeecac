"""Formulas are frozen data, and a vocabulary is all that a new reading needs."""

from __future__ import annotations

import pytest

from autograd.formula import Formula, read, word

x, y = Formula("x"), Formula("y")


def test_formulas_compare_by_structure_and_do_not_change() -> None:
    assert 1 - x**2 == Formula("-", 1, Formula("**", x, 2))
    assert len({x + y, x + y, y + x}) == 2
    with pytest.raises(AttributeError, match="frozen"):
        x.word = "w"


def test_a_vocabulary_gives_the_words_a_meaning() -> None:
    depth = {word: lambda *below: 1 + max(below) for word in ("+", "*", "exp")} | {"number": lambda _: 0}
    assert read(2 * x + word("exp")(x * y), depth, {"x": 0, "y": 0}) == 3


@pytest.mark.parametrize("formula", [x - y, word("sin")(x), x + Formula("q")])
def test_a_word_without_meaning_is_named(formula: Formula) -> None:
    with pytest.raises(KeyError, match=r"-|sin|q"):
        read(formula, {"+": lambda a, b: a + b}, {"x": 1, "y": 2})

"""What a worksheet says, in any notation: lines, sentences, letters. Imports autograd, nn, notation and typeset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd import Choice, Question, Quiz
from autograd.readings.infix import Text
from nn import in_graph, indices_of

from .notation import Notation
from .typeset import clean

DIGITS = 4
LETTERS = "abcd"
NAME, DATE, GIVEN, QUESTIONS = "Name", "Date", "Given", "Questions"
WRITING = {"value": 2, "local": 2, "path": 3, "gradient": 4, "count": 1}  # lines to write on


def key_title(quiz: Quiz) -> str:
    """The heading of the key, with the seed that makes the quiz again."""
    return f"Answer key, seed {quiz.seed}"


def reading(quiz: Quiz) -> str:
    """How the lines that are given are to be read as a graph, and numbers as answers."""
    said = ["Each line is a node."]
    if any(not given.is_node for given in quiz.givens):
        said = ["Each line is a node, save those that begin with where: they only shorten the others."]
    if quiz.is_folded:
        said.append("One edge leads from it to each name on its right; its local derivative is that of the whole line.")
    else:
        said.append("An edge leads from it to each name on its right, two edges to a name that stands there twice.")
    return " ".join([*said, "Numbers are rounded to four digits: choose the nearest.", quiz.short]).rstrip()


def leaves(quiz: Quiz, notation: Notation) -> list[str]:
    """The leaves as x = 0.5, in the order of their names."""
    values = [(given.name, given.value) for given in quiz.givens if given.value is not None]
    values.sort(key=lambda pair: indices_of(pair[0]))
    return [f"{called(name, notation)} = {notation.number(value, DIGITS)}" for name, value in values]


def nodes(quiz: Quiz, notation: Notation) -> Iterator[tuple[str, str]]:
    """How each other line is made, with the word that goes before it, if any."""

    def function(word: str) -> Callable[..., Text]:
        return lambda *operands: Text(f"{notation.name((word, '', ''))}({', '.join(operands)})")

    words = {**notation.formulas, "number": lambda value: notation.factor(value, DIGITS)}
    for given in quiz.givens:
        if given.made is not None:
            made = given.spelled(words, function, lambda name: called(name, notation))
            yield "" if given.is_node else "where ", f"{called(given.name, notation)} = {made}"


def called(name: str, notation: Notation) -> str:
    """A node's name, on one line; characters that cannot be printed are question marks."""
    return notation.name(in_graph(clean(name).replace("\ufffd", "?")))


def sentence(words: Any, notation: Notation, plain: Callable[[str], str], formula: Callable[[str], str]) -> str:
    """The words, what is `plain` and what is a `formula` each written in its own way."""
    return "".join(plain(word) if isinstance(word, str) else formula(_term(word, notation)) for word in words)


def _term(term: Any, notation: Notation) -> str:
    of = called(term.of, notation)
    return notation.slope(of, called(term.by, notation), term.mark) if term.by else of


def lettered(question: Question) -> Iterator[tuple[str, Choice]]:
    """The choices with their letters, (a) to (d)."""
    return ((f"({letter})", choice) for letter, choice in zip(LETTERS, question.choices, strict=True))

"""Quizzes on a graph as data: questions with four choices each, the wrong ones being what usual mistakes give.

Imports fold, givens, graph, mistakes, plain and questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from math import isfinite
from random import Random
from typing import Any, NamedTuple

from .errors import NotInGraph, UnknownChoice, WrongShape, shorten
from .fold import origin
from .givens import Given, givens
from .graph import Graph, describe, require_recorded
from .mistakes import Material, Sentence, slips
from .plain import brief
from .questions import KINDS, Draft, Supply, in_turn

CHOICES = 4  # to a question
APART = 0.01  # of the larger one: what choices differ by at least, so that no rounding by hand makes them one


class Choice(NamedTuple):
    """One answer to choose. `why` says what is wrong about it, and `exhibit` names the museum's piece that gives it."""

    value: float
    is_right: bool = False
    words: Sentence = ()
    exhibit: str = ""

    @property
    def why(self) -> str:
        """The words as plain text; nothing for the right one."""
        return "".join(map(str, self.words))


class Question(NamedTuple):
    """A question of one kind, "value", "local", "path", "gradient" or "count", and what to choose from."""

    kind: str
    words: Sentence
    choices: tuple[Choice, ...]

    @property
    def text(self) -> str:
        """The words as plain text."""
        return "".join(map(str, self.words))

    @property
    def right(self) -> int:
        """Which choice is right, counted from 0."""
        return next(place for place, choice in enumerate(self.choices) if choice.is_right)

    @property
    def answer(self) -> float:
        """The right answer; an int where something is counted."""
        return self.choices[self.right].value


class Score(NamedTuple):
    """How many answers are right, of how many, and for each other one its number from 1 and what to say of it."""

    right: int
    of: int
    mistakes: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.right} of {self.of} right", *(f"{place:>3}. {why}" for place, why in self.mistakes)])


class Quiz(NamedTuple):
    """What is given of the graph, line by line, and the questions about it; `asked` is how many were asked for.

    Where `is_folded`, an edge stands for all ways between two nodes, and its local derivative for their sum.
    """

    title: str
    givens: tuple[Given, ...]
    questions: tuple[Question, ...]
    asked: int
    seed: int
    is_folded: bool = False

    @property
    def short(self) -> str:
        """A sentence where there are fewer questions than asked for, else nothing."""
        found = len(self.questions)
        return "" if found == self.asked else f"{found} of {self.asked} questions: there is no more to ask here."

    def grade(self, answers: Sequence[int | None]) -> Score:
        """The score of these answers: for each question the place of a choice, counted from 0, or None.

        Raises WrongShape unless there is an answer for each question, and a choice at each place.
        """
        if len(answers) != len(self.questions):
            raise WrongShape(
                f"grade: {len(answers)} answers to {len(self.questions)} questions; give None for no answer"
            )
        mistakes = []
        for place, (answer, question) in enumerate(zip(answers, self.questions, strict=True), 1):
            if answer is not None and answer not in range(len(question.choices)):
                raise WrongShape(
                    f"grade: answer {place} is {shorten(answer)}, expected 0 to {len(question.choices) - 1}"
                )
            if answer != question.right:
                chosen = None if answer is None else question.choices[answer]
                given = f"{brief(chosen.value)} is wrong. {chosen.why}" if chosen else "There is no answer."
                mistakes.append((place, f"{given} Right is {brief(question.answer)}."))
        return Score(len(answers) - len(mistakes), len(answers), tuple(mistakes))

    def to_json(self, indent: int | None = None) -> str:
        """The quiz as JSON text, for other programs.

        An object with "format" "pathgrad quiz", "version" 1, "title", "seed", "asked", "folded", and two lists.
        "givens" has objects with a "name" and a "value", or with a "name", the formula it is "made" by, and whether it
        is a "node". "questions" has objects with a "kind", a "text", and "choices": objects with a "value", whether
        it is "right", "why" it is not, and the "exhibit" of the museum or "". Values that JSON does not have are
        "inf", "-inf" and "nan".
        """
        document = {
            "format": "pathgrad quiz",
            "version": 1,
            "title": self.title,
            "seed": self.seed,
            "asked": self.asked,
            "folded": self.is_folded,
            "givens": [_given_data(given) for given in self.givens],
            "questions": [{"kind": q.kind, "text": q.text, "choices": _choices_data(q)} for q in self.questions],
        }
        return json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)


def _given_data(given: Given) -> dict[str, Any]:
    if given.value is None:
        return {"name": given.name, "made": given.spelled(), "node": given.is_node}
    return {"name": given.name, "value": given.value if isfinite(given.value) else str(given.value)}


def _choices_data(question: Question) -> list[dict[str, Any]]:
    return [{"value": c.value, "right": c.is_right, "why": c.why, "exhibit": c.exhibit} for c in question.choices]


def quiz(
    y: Any, *, count: int = 10, seed: int = 0, kinds: Iterable[str] | None = None, wrt: Iterable[Any] | None = None
) -> Quiz:
    """So many questions about the graph of y, a Value or a folded node, the same ones for the same seed.

    The kinds take turns, and each question is one that there is something to learn from, as long as there are such.
    With `wrt` paths, gradients and counts are asked of these nodes only, values and local derivatives on the way to
    them. Wrong gradients are those of `museum`.

    Raises NotAScalar for a y that is no node, NotRecorded if its graph was not kept, NotInGraph for a leaf and for a
    node of `wrt` that y was not made from, WrongShape for a count or a seed that is no whole number, the count from
    1, UnknownChoice for a kind that does not exist.
    """
    require_recorded(y, "quiz")
    for what, number, least in (("count", count, 1), ("seed", seed, None)):
        if not isinstance(number, int) or isinstance(number, bool) or (least is not None and number < least):
            expected = "a whole number" + (f" from {least}" if least else "")
            raise WrongShape(f"quiz: {what} is {shorten(number)}, expected {expected}")
    wanted = dict.fromkeys(KINDS if kinds is None else [kinds] if isinstance(kinds, str) else kinds)
    for kind in wanted:
        if kind not in KINDS:
            raise UnknownChoice("kind of question", kind, KINDS)
    if not y.operands:
        raise NotInGraph(
            f"quiz: {describe(y)} is a leaf, with nothing below it to ask about; give what is made from it"
        )
    graph = Graph(y)
    return _quiz(Material(graph), count, seed, wanted, None if wrt is None else graph.chosen(wrt, "quiz"))


def _quiz(of: Material, count: int, seed: int, kinds: Iterable[str], wrt: list[Any] | None) -> Quiz:
    random = Random(seed)
    supply = Supply(of, wrt, random)
    drafts = islice(in_turn([KINDS[kind](supply) for kind in kinds]), count)
    questions = tuple(Question(draft.kind, draft.words, _choices(draft, random)) for draft in drafts)
    title = f"Back-propagation from {of.name(of.y)}"
    return Quiz(title, givens(of.graph, of.names), questions, count, seed, origin(of.y) is not of.y)


def _choices(draft: Draft, random: Random) -> tuple[Choice, ...]:
    """The right answer among the first wrong ones, as chance has it, that nobody could take for one another."""
    mistakes, fallbacks = list(draft.mistakes()), slips(draft.answer)
    random.shuffle(mistakes)
    random.shuffle(fallbacks)
    chosen = [Choice(draft.answer, True)]
    for value, words, exhibit in chain(mistakes, fallbacks):
        if len(chosen) < CHOICES and isfinite(value) and all(_are_apart(value, other.value) for other in chosen):
            chosen.append(Choice(value, False, words, exhibit))
    random.shuffle(chosen)
    return tuple(chosen)


def _are_apart(a: float, b: float) -> bool:
    """Whether they are surely two; counts are exact."""
    return abs(a - b) > (0 if isinstance(a, int) and isinstance(b, int) else APART * max(abs(a), abs(b)))

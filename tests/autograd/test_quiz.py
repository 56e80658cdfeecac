"""Quizzes: the right answers by other means, wrong ones that nobody takes for them, and the same quiz everywhere."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    TABLE,
    Graph,
    NotAScalar,
    NotInGraph,
    NotRecorded,
    Scope,
    UnknownChoice,
    Value,
    WrongShape,
    edges_of,
    exhibit,
    fold,
    gradients,
    logsumexp,
    maximum,
    nicknames,
    paths,
    total,
    unrecorded,
    weighted_sum,
    within,
)
from autograd.mistakes import MISTAKEN, Term
from autograd.quiz import Question, Quiz, quiz
from nn import MLP, losses

from ..oracles import Program, close, fewer, points, programs, run

KINDS = ("value", "local", "path", "gradient", "count")


def notes_loss(fused: bool = True) -> Value:
    """The notes' network."""
    return losses.squared_error(MLP(4, [3, 2, 1], bias=False, seed=0, fused=fused)([0.3, -0.6, 0.9, 0.5]), 1.0)


def by_hand(question: Question, y: Any, node: dict[str, Any]) -> float:
    """The answer, found without the quiz; `node` has the nodes by name."""
    first, *others = terms = [word for word in question.words if isinstance(word, Term)]
    if question.kind == "value":
        return float(node[first.of].data)
    if question.kind == "local":
        locals_ = [edge.local for edge in edges_of(node[first.of]) if edge.parent is node[first.by]]
        assert len(locals_) == 1 or first.mark
        return locals_[max(0, first.mark - 1)]
    if question.kind == "path":
        way = tuple(node[term.of] for term in terms)
        products = {path.product for path in paths(y, way[-1]) if path.nodes == way}
        (product,) = products
        return product
    if question.kind == "gradient":
        fine = getattr(y, "of", y)
        return float(gradients(fine, [getattr(node[first.by], "of", node[first.by])])[0])
    return paths(y, node[others[0].of]).count


def expect_sound(made: Quiz, y: Any) -> None:
    """Whatever a quiz promises of each of its questions."""
    fine = getattr(y, "of", y)
    names = nicknames(Graph(fine), "v")
    node = {names[getattr(x, "of", x)]: x for x in Graph(y)}
    assert len({question.text for question in made.questions}) == len(made.questions)
    for question in made.questions:
        assert close(question.answer, by_hand(question, y, node), 1e-9, 1e-300), question.text
        assert [choice.is_right for choice in question.choices].count(True) == 1
        assert len({f"{choice.value:.4g}" for choice in question.choices}) == 4
        for place, choice in enumerate(question.choices):
            assert math.isfinite(choice.value)
            assert bool(choice.why) is (place != question.right)
            assert choice.why.endswith(".") or not choice.why
            if choice.exhibit:
                (term,) = (word for word in question.words if isinstance(word, Term) and word.by)
                x = node[term.by]
                assert choice.value == float(exhibit(choice.exhibit, fine).gradients[getattr(x, "of", x)])


@given(programs(), points, st.integers(0, 99))
@fewer(3)
def test_every_right_answer_is_right_and_the_others_are_not(program: Program, at: list[float], seed: int) -> None:
    y = run(program, [Value(data, name) for data, name in zip(at, "abc", strict=True)])
    if y.operands:
        made = quiz(y, count=15, seed=seed)
        assert len(made.questions) == 15 or made.short
        expect_sound(made, y)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("level", ["scalar", "neuron", "layer"])
def test_the_notes_network_at_every_level(level: str, fused: bool) -> None:
    L = notes_loss(fused)
    y = L if level == "scalar" else fold(Graph(L), level).outputs[0]
    made = quiz(y, count=25)
    assert [question.kind for question in made.questions] == [*KINDS] * 5
    assert made.is_folded is (level != "scalar")
    expect_sound(made, y)


def test_what_a_question_and_its_choices_say() -> None:
    x = Value(0.5, "x")
    f = (2 * x).named("f")
    k = (f * x.tanh().named("g")).exp().named("k")
    made = quiz(k, count=20)
    assert made.title == "Back-propagation from k"
    assert [line.text for line in made.givens] == [
        "x = 0.5", "f = 2 · x", "g = tanh(x)", "v₁ = f · g", "k = exp(v₁)",
    ]  # fmt: skip
    said = {question.text: {choice.why for choice in question.choices} for question in made.questions}
    assert "That is the product along another path, k → v₁ → g → x." in {why for whys in said.values() for why in whys}
    assert {"What is the value of g?", "How many paths lead from k to x?"} <= set(said)
    assert any(text.startswith("What is the local derivative ∂f/∂x on the edge from f to x?") for text in said)
    gradient = next(question for question in made.questions if question.kind == "gradient")
    assert gradient.text == "What is the gradient ∂k/∂x, by all paths from k to x?"
    assert sum(bool(choice.exhibit) for choice in gradient.choices) == 3


def test_folded_nodes_are_written_out_down_to_what_they_depend_on() -> None:
    lines = [line.text for line in quiz(fold(Graph(notes_loss()), "neuron").outputs[0]).givens]
    assert "h₂₁ = σ(w₂₁₁ · h₁₁ + w₂₁₂ · h₁₂ + w₂₁₃ · h₁₃)" in lines
    assert lines[-1] == "L = (h₃₁ − y)²"
    x = Value(0.5, "x")
    with within(Scope("neuron", "n")):
        s = x.sin()
        n = (s * s + s).named("n")
    made = quiz(fold(Graph((3 * n).named("y")), "neuron").outputs[0])
    assert [(line.text, line.is_node) for line in made.givens[1:]] == [
        ("v₁ = sin(x)", False), ("n = v₁ · v₁ + v₁", True), ("y = 3 · n", True),
    ]  # fmt: skip
    wide = MLP(300, [2, 1], seed=0)
    assert len(quiz(fold(Graph(wide([0.1] * 300)), "neuron").outputs[0]).givens) == 300 + 602 + 3 + 5


@pytest.mark.filterwarnings("ignore::autograd.NoGradientWarning")
def test_each_primitive_can_be_given_and_asked_for() -> None:
    x, w = Value(0.7, "x"), Value(-1.2, "w")
    of_lists = [maximum(x, w), total([x, w, x]), weighted_sum([w, x], [x, 2.0], w), logsumexp([x, w])]
    of_two = [x + w, x - w, x * w, x / w, x**w, x.leaky_relu(w)]
    of_one = [getattr(x, op.name)() for op in TABLE.values() if hasattr(x, op.name) and op.operands == ("x",)]
    for node in (*of_lists, *of_two, *of_one, -x, abs(w)):
        made = quiz((node * w + x).tanh(), count=30)
        assert {"value", "local"} <= {question.kind for question in made.questions}
        expect_sound(made, (node * w + x).tanh())
    assert {name for pair in MISTAKEN.items() for name in (pair[0], pair[1][0])} <= set(TABLE)


def test_parallel_edges_are_told_apart() -> None:
    x = Value(3.0, "x")
    y = (x / (x * x)).named("y")
    made = quiz(y, count=50)
    locals_ = [question.text for question in made.questions if question.kind == "local"]
    assert (
        "What is the local derivative (∂v₁/∂x)₂ on the edge from v₁ to x, number 2 of those between the two?" in locals_
    )
    expect_sound(made, y)
    z = (x / x).named("z")  # two paths of one name each, and of two products
    assert not [question for question in quiz(z, count=50).questions if question.kind == "path"]


def test_trivial_questions_come_last_and_what_comes_to_the_same_once() -> None:
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(4.0, "c")
    y = ((a + b) * c).named("y")
    made = quiz(y, count=30)
    assert len(made.questions) < 30
    assert made.short == f"{len(made.questions)} of 30 questions: there is no more to ask here."
    first = [question.text for question in quiz(y, count=4, kinds=["local"]).questions[:2]]
    assert sorted(first) == [
        "What is the local derivative ∂y/∂c on the edge from y to c?",
        "What is the local derivative ∂y/∂v₁ on the edge from y to v₁?",
    ]
    both = [question for question in made.questions if question.kind in ("path", "gradient")]
    ends = [[word for word in question.words if isinstance(word, Term)][-1] for question in both]
    assert len(set(ends)) == len(ends)
    expect_sound(made, y)


def test_kinds_and_targets_can_be_chosen() -> None:
    L = notes_loss()
    graph = Graph(L)
    w = graph["w₁₁₁"]
    made = quiz(L, count=40, kinds=["gradient", "count"], wrt=[w])
    assert [question.text for question in made.questions] == [
        "What is the gradient ∂L/∂w₁₁₁, by all paths from L to w₁₁₁?",
        "How many paths lead from L to w₁₁₁?",
    ]
    assert made.short == "2 of 40 questions: there is no more to ask here."
    on_the_way = {node.name for node in graph.above([w])}
    values = quiz(L, count=40, kinds="value", wrt=[w]).questions
    assert {question.words[1].of for question in values if isinstance(question.words[1], Term)} - {"v₁"} <= on_the_way
    assert quiz(L, wrt=[]).questions == ()


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning", "ignore::autograd.NoGradientWarning")
def test_numbers_that_are_not_finite_and_zeros_are_asked_about_with_care() -> None:
    x, z = Value(0.0, "x"), Value(1e300, "z")
    for y in ((x * x).named("y"), x.log() + x, z * z * x, (z * 1e8) * 1e-8, z * -1e-300 * 1e-300 * 1e-8, x.step()):
        expect_sound(quiz(y, count=40), y)


def test_fractions() -> None:
    x = Value(Fraction(1, 3), "x")  # type: ignore[arg-type]
    y = (x * x + 3 * x).named("y")
    made = quiz(y)
    expect_sound(made, y)
    json.loads(made.to_json())


def test_the_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    L = notes_loss()
    assert quiz(L, seed=3) == quiz(notes_loss(), seed=3)
    assert quiz(L, seed=3).questions != quiz(L, seed=4).questions
    program = (
        "from autograd.quiz import quiz; from nn import MLP, losses\n"
        "L = losses.squared_error(MLP(4, [3, 2, 1], bias=False, seed=0)([0.3, -0.6, 0.9, 0.5]), 1.0)\n"
        "print(ascii(quiz(L, count=30, seed=3).to_json()))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hashing in ("1", "2", "3")
    }
    assert printed == {ascii(quiz(L, count=30, seed=3).to_json()) + "\n"}


def test_as_json() -> None:
    x = Value(0.5, "x")
    made = quiz((2 * x).tanh().named("y") + math.inf * Value(math.inf, "q"), count=1)
    document = json.loads(made.to_json(indent=1))
    assert {key: document[key] for key in ("format", "version", "seed", "asked", "folded")} == {
        "format": "pathgrad quiz", "version": 1, "seed": 0, "asked": 1, "folded": False,
    }  # fmt: skip
    assert {"name": "q", "value": "inf"} in document["givens"]
    assert {"name": "y", "made": "tanh(v₁)", "node": True} in document["givens"]
    (question,) = document["questions"]
    assert question["text"] == made.questions[0].text
    assert [choice["right"] for choice in question["choices"]].count(True) == 1
    assert set(question["choices"][0]) == {"value", "right", "why", "exhibit"}


def test_answers_are_graded_with_the_reason_for_each_mistake() -> None:
    made = quiz(notes_loss(), count=5)
    right: list[int | None] = [question.right for question in made.questions]
    assert made.grade(right) == (5, 5, ())
    wrong = (made.questions[3].right + 1) % 4
    score = made.grade([*right[:3], wrong, None])
    assert (score.right, score.of, [place for place, _ in score.mistakes]) == (3, 5, [4, 5])
    assert made.questions[3].choices[wrong].why in str(score)
    assert str(score).splitlines()[0] == "3 of 5 right"
    assert str(score).splitlines()[2].startswith("  5. There is no answer. Right is ")
    with pytest.raises(WrongShape, match="grade: 2 answers to 5 questions; give None for no answer"):
        made.grade([0, 1])
    with pytest.raises(WrongShape, match="grade: answer 1 is 4, expected 0 to 3"):
        made.grade([4, *right[1:]])


def test_large_and_deep_graphs() -> None:
    y = x = Value(0.5, "x")
    for _ in range(5000):
        y = (y * 0.9999).sin()
    assert len(quiz(y).questions) == 10
    doubled = x
    for _ in range(5000):
        doubled = doubled + doubled
    assert {question.kind for question in quiz(doubled, count=10).questions} >= {"value", "count"}


def test_what_cannot_be_asked_is_said() -> None:
    x = Value(2.0, "x")
    y = (x * x).named("y")
    with unrecorded():
        lost = x * x
    with pytest.raises(NotAScalar, match=r"quiz: derivatives are taken of a Value, and this is 2\.0"):
        quiz(2.0)
    with pytest.raises(NotRecorded, match=r"quiz: .* was computed while nothing was recorded"):
        quiz(lost)
    with pytest.raises(NotInGraph, match="quiz: x is a leaf, with nothing below it to ask about"):
        quiz(x)
    with pytest.raises(NotInGraph, match="quiz: q is not among the 2 nodes"):
        quiz(y, wrt=[Value(1.0, "q")])
    with pytest.raises(NotAScalar, match=r"quiz: x is one node where a list is expected; write \[x\]"):
        quiz(y, wrt=x)  # type: ignore[arg-type]
    for count in (0, -1, 2.5, True, "3"):
        with pytest.raises(WrongShape, match=r"quiz: count is .*, expected a whole number from 1"):
            quiz(y, count=count)  # type: ignore[arg-type]
    with pytest.raises(WrongShape, match="quiz: seed is None, expected a whole number"):
        quiz(y, seed=None)  # type: ignore[arg-type]
    with pytest.raises(UnknownChoice, match="no kind of question 'essay'; choose one of: value, local, path, gradient"):
        quiz(y, kinds=["value", "essay"])

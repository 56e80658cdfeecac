"""Mistakes: each is recognised where it is made, by its own name, and nobody who is right is accused."""

from __future__ import annotations

from collections import Counter
from itertools import count, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, VectorizedMLP
from nn.activations import ACTIVATIONS
from nn.explaining import explanations
from nn.homework import Exercise
from nn.mistakes import MISTAKES
from nn.passes import EQUATIONS, RIGHT, Parts, spoilt
from nn.problems import Problem, random_problem
from nn.slips import Mistake
from nn.suspects import ENOUGH, Evidence
from nn.witnesses import by_equations

from . import homeworks
from .homeworks import ASKED, MISCONCEPTIONS, exercises, marks_of, source, spoilt_homeworks

NOTES = Exercise((3, 4, 1))
SMOOTH = sorted({*ACTIVATIONS} - {"step"})  # through which a gradient passes


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    activation=st.sampled_from(SMOOTH),
    loss=st.sampled_from(["squared_error", "binary_cross_entropy", "cross_entropy"]),
    examples=st.integers(1, 5),
    strength=st.sampled_from([0.0, 0.1]),
    bias=st.sampled_from([True, False, "shared"]),
    seed=st.integers(0, 100),
)
def test_the_pass_without_a_mistake_is_right(
    sizes: list[int], activation: str, loss: str, examples: int, strength: float, bias: bool | str, seed: int
) -> None:
    output = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}.get(loss, activation)
    if output == "softmax":
        sizes[-1] += 1
    problem = random_problem(
        sizes,
        examples,
        np.random.default_rng(seed),
        activation=activation,
        output=output,
        bias=bias,
        loss=loss,
        strength=strength,
    )
    found, right = RIGHT.run(problem), by_equations(problem)
    assert found.loss == pytest.approx(right.loss, rel=1e-9)
    assert found.grads.keys() == right.grads.keys()
    for name, array in right.grads.items():
        assert found.grads[name] == pytest.approx(array, rel=1e-9, abs=1e-12)


def test_every_mistake_says_what_to_do_and_concerns_an_equation_of_the_notes() -> None:
    for mistake in MISTAKES.values():
        steps = [*mistake.also, *(step for form in mistake.forms for step in form)]
        assert steps, mistake.name
        assert set(steps) <= set(EQUATIONS)
        assert mistake.says.endswith(".")
        assert mistake.fix.endswith(".")


@pytest.mark.parametrize("mistake", [m for m in MISTAKES.values() if m.over is None], ids=lambda m: m.name)
def test_each_form_of_each_mistake_is_found_by_its_name(mistake: Mistake) -> None:
    found = [evidence for form in mistake.forms if (evidence := shown(form))]
    assert found
    assert all((mistake.name,) in [each.names for each in explanations(evidence)] for evidence in found)


def shown(form: Parts) -> list[Evidence]:
    """What somebody gets who makes this mistake, on networks where it makes a difference; nothing if there are none."""
    for loss, output in [("squared_error", "sigmoid"), ("cross_entropy", "softmax")]:
        generator = np.random.default_rng(3)
        evidence = []
        for m in (3, 5):
            problem = random_problem((3, 3, 3), m, generator, activation="tanh", output=output, loss=loss, strength=0.1)
            try:
                evidence.append(Evidence.of(problem, spoilt(form).run(problem, rate=0.3).grads))
            except ValueError:
                evidence.append(Evidence.of(problem, None))
        if any(each.off(name, each.right[name]) > ENOUGH for each in evidence for name in each.given or ()):
            return evidence
    return []


@pytest.fixture(scope="module")
def matrix() -> Counter[tuple[str, bool]]:
    """Of each misconception how often it is named in two random networks where it is one, and how often not."""
    named: Counter[tuple[str, bool]] = Counter()
    for name in MISCONCEPTIONS:
        for _, marks in islice(spoilt_homeworks(name), 2):
            named[name, (name,) in [each.names for each in marks.explanations]] += 1
    return named


def test_at_least_95_percent_of_the_misconceptions_are_named(matrix: Counter[tuple[str, bool]]) -> None:
    wrong = {name for name, is_named in matrix if not is_named}
    assert sum(n for (_, is_named), n in matrix.items() if is_named) >= 0.95 * sum(matrix.values()), wrong
    assert all(matrix[name, True] for name in ASKED), wrong


@pytest.mark.parametrize("way", range(len(homeworks.RIGHT) + 1))
def test_nobody_who_is_right_is_accused(way: int) -> None:
    given = ((exercise, homeworks.right(exercise, way)) for exercise in map(exercises, count()))
    for exercise, text in islice(((exercise, text) for exercise, text in given if text is not None), 3):
        marks = marks_of(exercise, text)
        assert marks, f"{exercise}\n{text}\n{marks}"
        assert marks.digits >= 5


def test_two_mistakes_at_once_are_both_named() -> None:
    exercise = Exercise((3, 4, 2), examples=6)
    marks = marks_of(exercise, source(exercise, error="Y - A[L]", through="dA"))
    assert [set(each.names) for each in marks.explanations] == [{"sign", "g' missing"}]
    assert {"sign", "and g' missing"} <= set(str(marks).splitlines())


def test_mistakes_in_different_arrays_are_told_with_their_arrays() -> None:
    exercise = Exercise((3, 4, 2), examples=6)
    lines = {"dW": "(dZ @ A[l - 1].T / m) if l == 1 else dZ[:, -1:] @ A[l - 1][:, -1:].T / m", "through": "dA"}
    (both,) = marks_of(exercise, source(exercise, **lines)).explanations
    assert dict(zip(both.names, both.places, strict=True)) == {
        "g' missing": " in W1 and b1",
        "only the last example": " in W2",
    }
    assert both.arrays == ("W1", "b1", "W2")


def test_what_cannot_be_told_apart_is_told_together() -> None:
    exercise = Exercise((3, 4, 2), output="linear", loss="squared_error")
    marks = marks_of(exercise, source(exercise, error="A[L] - Y"))
    assert {each.names for each in marks.explanations} == {("A − Y with another loss",), ("factor ½",)}
    assert "One of these, which give the same here:" in str(marks)


def test_a_mistake_in_one_array_or_one_layer_says_which() -> None:
    exercise = Exercise((3, 4, 2, 2))
    (alone,) = marks_of(exercise, source(exercise, db="dZ.sum(axis=1, keepdims=True)")).explanations
    assert (alone.names, alone.arrays) == (("1/m forgotten",), ("b1", "b2", "b3"))
    assert alone.places == (" in b1 and b2 and b3 alone",)
    assert [equation.lines for equation in alone.equations] == [(1277, 1280, 1323)]
    one = "dA * slope(Z[l - 1], A[l - 1]) if l == 2 else dA"
    (layer,) = marks_of(exercise, source(exercise, through=one)).explanations
    assert (layer.names, layer.places, layer.arrays) == (("g' missing",), (" in layer 2",), ("W1", "b1", "W2", "b2"))


def test_a_small_mistake_is_found_though_the_gradients_are_nearly_right() -> None:
    exercise = Exercise((3, 4, 1), strength=2e-6)
    marks = marks_of(exercise, source(exercise, decay="0"))
    assert all(mark.is_right for mark in marks.arrays)
    assert [each.names for each in marks.explanations] == [("regulariser missing",)]
    assert not marks


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        ({"dW": "dZ @ (A[l - 1] ** 2).T / m"}, "b2 is right, so dZ2 is too: look at dW[l] = dZ[l] @ A[l-1].T / m"),
        ({"db": "(dZ**2).sum(axis=1, keepdims=True)"}, "W2 is right, so dZ2 is too: look at db[l]"),
        ({"back": "W[l].T @ dZ**2"}, "all is right down to dZ2, and dZ1 is not: look at dA[l-1] = W[l].T @ dZ[l]"),
        ({"error": "(A[L] - Y) ** 3"}, "the loss is right, so A2 is too, and dZ2 is not: look at dZ[L]"),
        ({"sums": "W[l] @ A[l - 1] + b[l] ** 2"}, "the loss is wrong too: begin with the way up"),
        ({"dW": "3.5 * dZ @ A[l - 1].T / m"}, "every entry of W2 is 3.5 times what is right"),
        ({"dW": "dZ @ A[l - 1].T / 5", "db": "dZ.sum(axis=1, keepdims=True) / 5"}, "is m written as a number?"),
        ({"before": "n = [0]", "after": "n[0] += 1; found['W1'] *= n[0]"}, "does something outlive a call?"),
    ],
    ids=lambda x: "" if isinstance(x, str) else ", ".join(x),
)  # fmt: skip
def test_what_no_mistake_explains_still_gets_a_hint(lines: dict[str, str], hint: str) -> None:
    exercise = NOTES
    marks = marks_of(exercise, source(exercise, **lines))
    assert not marks.explanations
    assert hint in str(marks)


@pytest.mark.parametrize(
    ("loss", "why"),
    [
        ("-(Y * np.log(A[L]) + (1 - Y) * np.log(1 - A[L])).sum()", "it is the sum over the examples; divide by m"),
        ("(Y * np.log(A[L]) + (1 - Y) * np.log(1 - A[L])).sum() / m", "its sign is turned"),
        ("-(Y * np.log10(A[L]) + (1 - Y) * np.log10(1 - A[L])).sum() / m", "the logarithm is to the base 10"),
        ("-(Y * np.log(A[L])).sum() / m", "it is the cross entropy"),
        ("((A[L] - Y) ** 2).sum() / m", "it is the squared error"),
    ],
)
def test_a_wrong_loss_beside_right_gradients_is_said_by_itself(loss: str, why: str) -> None:
    exercise = NOTES
    marks = marks_of(exercise, source(exercise, loss=loss))
    assert marks.verdict == "NOT RIGHT: loss"
    assert why in str(marks)
    assert all(mark.is_right for mark in marks.arrays)


def test_gradients_that_are_wrong_say_by_how_much_and_where() -> None:
    exercise = NOTES
    marks = marks_of(
        exercise, source(exercise, after="found['W1'] = found['W1'] + 0.5 * (np.arange(12) == 7).reshape(4, 3)")
    )
    wrong = {mark.array: mark for mark in marks.arrays}["W1"]
    assert (wrong.is_right, wrong.place) == (False, (2, 1))
    assert wrong.absolute == pytest.approx(0.5)
    assert wrong.given is not None
    assert wrong.given - (wrong.right or 0) == pytest.approx(0.5)
    assert marks.verdict == "NOT RIGHT: W1"


def test_the_right_gradients_are_those_of_the_vectorised_engine() -> None:
    net = MLP(2, [3, 1], seed=1)
    X, Y = np.array([[0.1, 0.2], [0.3, -0.4]]), np.array([[0.0, 1.0]])
    engine = VectorizedMLP.of(net)
    problem = Problem.of(net, X, Y, "binary_cross_entropy")
    expected = engine.backward(engine.forward(X), Y, "binary_cross_entropy")
    assert all(np.array_equal(by_equations(problem).grads[name], array) for name, array in expected.items())

"""How good a network is: the notes' tables, scikit-learn's numbers, and what is undefined said so."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as peer

from autograd import NonFinite, NotAScalar, TooMany, WrongShape
from nn import (
    MLP,
    NotAClass,
    VectorizedMLP,
    accuracy,
    evaluate,
    mean_squared_error,
    predicted,
    probabilities,
    r_squared,
)

TABLE = evaluate([0, 7, 8, 5, 1], [0, 1, 3, 5, 1], names=list("0123456789"))  # the notes' ten digits

labels = st.integers(1, 6).flatmap(
    lambda k: st.lists(st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)), min_size=1, max_size=30)
)
counts = st.integers(2, 5)


def outputs(k: int, m: int, seed: int) -> np.ndarray:
    """Outputs in steps of a tenth, so that ties come up."""
    return np.random.default_rng(seed).integers(0, 11, (k, m)) / 10


def test_the_liver_table_of_the_notes_is_half_right() -> None:
    assert accuracy([0, 1, 1, 0], [0, 0, 1, 1]) == 0.5
    assert accuracy([[0.2, 0.9, 0.8, 0.1]], [[0, 0, 1, 1]]) == 0.5


def test_the_distribution_of_the_notes_is_class_1() -> None:
    assert predicted([0.45, 0.55]).tolist() == [1]


def test_the_table_of_digits_in_the_notes() -> None:
    assert TABLE.accuracy == 0.6
    assert TABLE.per_class == (1.0, 0.5, None, 0.0, None, 1.0, None, None, None, None)
    assert TABLE.precision == (1.0, 1.0, None, None, None, 1.0, None, 0.0, 0.0, None)
    assert TABLE.weak() == [
        "Class 3: 0 of 1 right (0.0 %), mistaken for 8 (1×).",
        "Class 1: 1 of 2 right (50.0 %), mistaken for 7 (1×).",
    ]


@given(labels)
def test_the_counts_and_shares_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truths, guesses = (list(side) for side in zip(*pairs, strict=True))
    found = evaluate(guesses, truths)
    classes = range(len(found.names))
    assert np.array_equal(found.confusion, peer.confusion_matrix(truths, guesses, labels=list(classes)))
    assert found.accuracy == accuracy(guesses, truths) == pytest.approx(peer.accuracy_score(truths, guesses))
    for ours, theirs, seen in (
        (found.recall, peer.recall_score, set(truths)),
        (found.precision, peer.precision_score, set(guesses)),
    ):
        shares = theirs(truths, guesses, labels=list(classes), average=None, zero_division=0)
        assert [share is not None for share in ours] == [i in seen for i in classes]
        assert [share or 0.0 for share in ours] == pytest.approx(shares.tolist())


@given(k=counts, m=st.integers(1, 8), seed=st.integers(0, 1000))
def test_outputs_classes_names_and_one_hot_targets_say_the_same(k: int, m: int, seed: int) -> None:
    A, truths = outputs(k, m, seed), np.random.default_rng(seed).integers(0, k, m)
    names = [f"class {i}" for i in range(k)]
    words = [names[i] for i in truths]
    expected = evaluate(A, truths).confusion
    for guesses in (A, A.tolist(), predicted(A), predicted(A).tolist(), [names[i] for i in predicted(A)]):
        for targets in (np.eye(k)[:, truths], [truths.tolist()], truths.astype(float), words, np.array(words)):
            assert np.array_equal(evaluate(guesses, targets, names).confusion, expected)
            assert accuracy(guesses, targets, names) == np.trace(expected) / m


@given(k=counts, m=st.integers(1, 8), seed=st.integers(0, 1000))
def test_of_equal_outputs_the_first_counts(k: int, m: int, seed: int) -> None:
    A = outputs(k, m, seed)
    assert predicted(A).tolist() == [column.index(max(column)) for column in A.T.tolist()]
    assert np.array_equal(probabilities(A), A)


@given(st.floats(0, 1) | st.sampled_from([0.5, np.nextafter(0.5, 0), np.nextafter(0.5, 1)]))
def test_one_output_is_class_1_above_a_half(p: float) -> None:
    assert predicted([p]).tolist() == [int(p > 0.5)]
    assert probabilities([[p]]).tolist() == [[1 - p], [p]]
    assert predicted(probabilities([[p]])).tolist() == [int(p > 0.5)]


def test_the_weakest_class_comes_first_and_what_is_rare_is_summed_up() -> None:
    truths = [0] * 20 + [1] * 4 + [2] * 2 + [3] * 5
    guesses = [0] * 10 + [1] * 4 + [2] * 3 + [3, 4, 5] + [1, 1, 0, 0] + [1, 1] + [3] * 5
    found = evaluate(guesses, truths)
    assert found.weak() == [
        "Class 2: 0 of 2 right (0.0 %), mistaken for 1 (2×).",
        "Class 0: 10 of 20 right (50.0 %), mistaken for 1 (4×), 2 (3×), 3 (1×), others (2×).",
        "Class 1: 2 of 4 right (50.0 %), mistaken for 0 (2×).",
    ]
    assert found.weak(1) == found.weak()[:1]
    assert evaluate([0, 1], [0, 1]).weak() == []
    assert "Class 1: 2 of 4" in evaluate([0, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1]).weak(1)[0], "more examples weigh more"


def test_the_table_for_a_terminal() -> None:
    found = evaluate([[0.1, 0.9, 0.8, 0.1]], [0, 0, 1, 0], ["well", "ill"])
    assert repr(found) == "<evaluation of 4 examples in 2 classes, accuracy 75.0 %>"
    assert str(found).splitlines() == [
        "accuracy 75.0 %, 3 of 4 right",
        "",
        "class  examples   recall  precision",
        "well          3   66.7 %    100.0 %",
        "ill           1  100.0 %     50.0 %",
        "",
        "confusion: each row a true class, each column what it is taken for",
        "      well  ill",
        "well     2    1",
        "ill      ·    1",
        "",
        "Class well: 2 of 3 right (66.7 %), mistaken for ill (1×).",
    ]
    assert "–" in str(TABLE).splitlines()[5], "a class without examples has no recall"
    wide = str(evaluate(range_of(60), range_of(60)))
    assert "The confusion of 60 classes is too wide for here" in wide
    assert max(map(len, wide.splitlines())) <= 100


def range_of(k: int) -> list[int]:
    """Each class once."""
    return list(range(k))


def test_it_goes_to_json_and_csv_with_what_is_undefined_left_empty() -> None:
    back = json.loads(json.dumps(TABLE.to_dict(), allow_nan=False))
    assert back == TABLE.to_dict()
    assert back["recall"][1:4] == [0.5, None, 0.0]
    assert back["confusion"][1][7] == 1
    names = ["a, b", 'say "c"']
    head, *rows = csv.reader(io.StringIO(evaluate([0, 0, 0], [0, 0, 0], names).to_csv()))
    assert head == ["class", "recall", "precision", "taken for a, b", 'taken for say "c"']
    assert rows == [["a, b", "1.0", "1.0", "3", "0"], ['say "c"', "", "", "0", "0"]]


def test_what_was_counted_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        TABLE.confusion[0, 0] = 5


@given(n=st.integers(1, 3), m=st.integers(2, 6), seed=st.integers(0, 1000))
def test_the_squared_error_is_the_cost_and_r_squared_that_of_scikit_learn(n: int, m: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    X, Y = generator.normal(size=(2, m)), generator.normal(size=(n, m))
    engine = VectorizedMLP.of(MLP(2, [n], seed=seed))
    cache = engine.forward(X)
    A = cache.A[-1]
    assert mean_squared_error(A, Y) == pytest.approx(engine.cost(cache, Y), rel=1e-12)
    assert r_squared(A[0], Y[0].tolist()) == pytest.approx(peer.r2_score(Y[0], A[0]), rel=1e-9, abs=1e-9)
    assert r_squared(Y, Y) == 1
    assert r_squared(np.repeat(Y.mean(axis=1, keepdims=True), m, axis=1), Y) == pytest.approx(0, abs=1e-12)


@given(y=st.floats(-1e6, 1e6), m=st.integers(1, 7))
def test_without_spread_r_squared_is_undefined(y: float, m: int) -> None:
    assert r_squared([0.0] * m, [y] * m) is None


def test_what_has_the_look_of_a_label_is_one() -> None:
    assert accuracy(np.array([0.3, -0.2]) > 0, [True, False]) == 1
    assert accuracy(list(np.array([0.3, -0.2]) > 0), np.array([1.0, 0.0])) == 1
    assert accuracy([np.int8(1), np.float32(0)], [[1, 0]]) == 1
    assert evaluate([0, 0], [0, 0]).names == ("0", "1"), "there are two classes at least"


@pytest.mark.parametrize(
    ("A", "Y", "names", "error", "said"),
    [
        (
            [0, 1],
            [0, 5],
            ["no", "yes"],
            NotAClass,
            r"Y: example 2 has the label 5, expected .* 0 to 1 or one of \['no'",
        ),
        ([[0.3, 0.5]], [0, 2], None, NotAClass, "Y: example 2 has the label 2, expected a whole number from 0 to 1"),
        ([[0.3, 0.5]], [1, -1], None, NotAClass, "Y: example 2 has the label -1"),
        ([0, 1], [0, "yes"], None, NotAClass, "Y: example 2 has the label 'yes', .*for words say names"),
        (["no", "Yes"], [0, 1], ["no", "yes"], NotAClass, "A: example 2 has the label 'Yes'"),
        ([0, 1], [0, None], None, NotAClass, "Y: example 2 has the label None"),
        ([0, 1], [0, float("nan")], None, NotAClass, "Y: example 2 has the label nan"),
        ([0, 1], [0, float("inf")], None, NotAClass, "Y: example 2 has the label inf"),
        ([0, 1], [0, 10**400], None, NotAClass, "Y: example 2 has the label 1000"),
        ([0.2, 0.7], [0, 1], None, NotAClass, r"A: example 1 has the label 0.2, .*outputs come as \(n_L, m\)"),
        ([[0.2, 1.7]], [0, 1], None, NotAClass, "A: the one output of example 2 is 1.7, .*take the sigmoid"),
        (
            np.eye(3),
            [[1, 0, 1], [0, 1, 1], [0, 0, 0]],
            None,
            NotAClass,
            r"Y\[:, 2\] is \[1.0, 1.0, 0.0\], .*one-hot",
        ),
        (np.eye(2), [[0.5, 1], [0.5, 0]], None, NotAClass, r"Y\[:, 0\] is \[0.5, 0.5\], .*one-hot"),
        ([0, 1, 1], [0, 1], None, WrongShape, "Y: given 2 examples, expected 3; give one for each"),
        (np.eye(3), [0, 1], None, WrongShape, "Y: given 2 examples, expected 3"),
        (np.ones((3, 4)), np.ones((4, 3)), None, WrongShape, "classes: A 3, Y 4; give .* a column per example"),
        (np.eye(3), [0, 1, 2], ["no", "yes"], WrongShape, "classes: names 2, A 3"),
        ([], [], None, WrongShape, r"A: given \[\], .*at least one example"),
        (np.ones((3, 0)), [0], None, WrongShape, r"A: given array\(\[\], shape=\(3, 0\).*at least one example"),
        ([[1, 2], [3]], [0, 1], None, WrongShape, r"A: given \[\[1, 2\], \[3\]\], expected \(n_L, m\)"),
        (np.ones((2, 2, 2)), [0, 1], None, WrongShape, r"A: given array.*, expected \(n_L, m\)"),
        (0.7, [1], None, WrongShape, "A: given 0.7, expected"),
        ([0], [0], ["a", "a"], WrongShape, "names: given .*, expected a list of different names"),
        ([0], [0], "ab", WrongShape, "names: given 'ab'"),
        ([0], [0], [], WrongShape, r"names: given \[\]"),
        ([[0.1, 0.2], [0.3, np.nan]], [0, 1], None, NonFinite, r"A\[1, 1\] is nan, .*smaller learning rate"),
        ([["a", "b"]], [0, 1], None, NotAScalar, "A: given entries of type <U1, expected real numbers"),
        (MLP(2, [1]).outputs([1, 2]), [1], None, NotAClass, r"A: example 1 has the label Value\("),
    ],
)
def test_bad_input(A: Any, Y: Any, names: Any, error: type[Exception], said: str) -> None:
    for ask in (evaluate, accuracy):
        with pytest.raises(error, match=said):
            ask(A, Y, names)


def test_more_bad_input() -> None:
    with pytest.raises(TooMany, match="the labels make 1,000,000,001 classes, at most 1,000"):
        evaluate([0, 10**9], [0, 1])
    for n in (0, -1, 1.5, True, None):
        with pytest.raises(WrongShape, match=r"weak: given .*, a whole number from 1"):
            TABLE.weak(n)  # type: ignore[arg-type]  # what is refused
    for judge in (mean_squared_error, r_squared):
        with pytest.raises(WrongShape, match=r"Y: given shape \(1, 2\), expected shape \(1, 3\); give a target"):
            judge([1, 2, 3], [1, 2])
        with pytest.raises(NonFinite, match=r"Y\[0, 1\] is nan"):
            judge([1, 2], [1, float("nan")])
        with pytest.raises(NotAScalar, match="Y: given entries of type <U1"):
            judge([1, 2], ["1", "2"])

"""Data: sets that are what they say, splits and batches that lose nothing, files whose faults are named."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import NonFinite, NotAScalar, NotInstalled, PathgradError, UnknownChoice, WrongShape
from nn import BadSetting, Data, NotAClass, data

MADE = {maker.__name__: maker for maker in (data.moons, data.circles, data.spirals, data.xor, data.phones)}
SHIPPED: dict[str, Callable[[], Data]] = {
    maker.__name__: maker for maker in (data.digits, data.mnist, data.breast_cancer, data.housing, data.diabetes)
}
made: Any = Data  # of lists and whole numbers, and of what is refused
NUMBERS = st.floats(-1e6, 1e6)


def numbered(m: int, task: str = "binary", k: int = 3) -> Data:
    """Data whose only feature is the number of the example, so that one sees where each went."""
    labels = np.arange(m) % (2 if task == "binary" else k)
    some: Data = made([range(m)], labels, task, classes=tuple("abc"[:k]) if task == "classes" else ())
    return some


# -- the notes' pixels and labels ----------------------------------------------------------------------------------


def test_the_notes_pixels_are_scaled_as_printed_but_for_two_that_were_cut_off() -> None:
    """Lines 19-35 of the notes; 37 / 255 is 0.15 and 178 / 255 is 0.70, where they print 0.14 and 0.69 (errata N1)."""
    printed = (
        (1, 0.72, 0.37, 0.03, 0.36, 0.77, 0.99),
        (1, 0.60, 0.14, 0.11, 0.67, 1),
        (0.99, 0.87),
        (0.78, 0.99),
        (0.99, 0.98, 0.73, 0.69, 0.76, 0.99, 0.99),
    )
    differing = [
        (pixel, found, said)
        for pixels, row in zip(data.PIXELS, printed, strict=True)
        for pixel, found, said in zip(pixels, data.scaled(pixels).round(2), row, strict=True)
        if found != said
    ]
    assert differing == [(37, 0.15, 0.14), (178, 0.70, 0.69)]
    assert data.scaled([37, 178]) == pytest.approx([0.145098039216, 0.698039215686], abs=1e-12)


def test_an_image_becomes_a_vector_of_784_row_by_row_and_back() -> None:
    image = np.arange(784).reshape(28, 28)
    vector = data.flattened(image)
    assert vector.shape == (784,)
    assert (vector[:2].tolist(), vector[28]) == ([0, 1], image[1, 0])
    assert (data.images_of(vector) == image).all()
    many = np.stack([image, -image, 2 * image])
    assert data.flattened(many).shape == (784, 3)
    assert (data.flattened(many)[:, 1] == -vector).all()
    assert (data.images_of(data.flattened(many)) == many).all()


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_images_of_any_shape_come_back(m: int, height: int, width: int) -> None:
    images = np.arange(m * height * width).reshape(m, height, width)
    assert (data.images_of(data.flattened(images), height) == images).all()


@given(st.lists(st.integers(0, 9), min_size=1))
def test_labels_come_back_from_their_codes(labels: list[int]) -> None:
    codes = data.one_hot(labels, 10)
    assert codes.shape == (10, len(labels))
    assert (codes.sum(axis=0) == 1).all()
    assert data.labels_of(codes).tolist() == labels
    assert data.one_hot(labels).shape[0] == max(labels) + 1


def test_ten_digits_need_ten_places() -> None:
    """Lines 44-53 of the notes print nine, and 8 and 9 alike (errata N2)."""
    assert (data.one_hot(range(10)) == np.eye(10)).all()
    with pytest.raises(NotAClass, match=r"labels\[9\] is 9, which is none of the 9 classes 0 to 8"):
        data.one_hot(range(10), 9)


# -- what a set is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_up_is_the_same_for_the_same_seed_only(name: str) -> None:
    make: Any = MADE[name]
    noise = {"noise": 0.1} if name == "xor" else {}
    one, same, other = (make(m=40, seed=seed, **noise) for seed in (1, 1, 2))
    assert one.X.shape == (2, 40)
    assert one.Y.shape == (1, 40)
    assert (one.X == same.X).all()
    assert (one.Y == same.Y).all()
    assert not (one.X == other.X).all()
    assert 10 <= one.labels.sum() <= 30
    going_on = np.random.default_rng(1)
    assert (make(m=40, seed=going_on, **noise).X == one.X).all()
    assert not (make(m=40, seed=going_on, **noise).X == one.X).all()


def test_points_lie_on_their_curves() -> None:
    moons, circles = data.moons(noise=0), data.circles(noise=0)
    upper, lower = (moons.X[:, moons.labels == label] for label in (0, 1))
    assert np.hypot(*upper) == pytest.approx(1)
    assert np.hypot(lower[0] - 1, lower[1] - 0.5) == pytest.approx(1)
    assert np.hypot(*circles.X) == pytest.approx(np.where(circles.labels, 0.5, 1))
    three = data.spirals(m=60, noise=0, arms=3)
    assert three.Y.shape == (3, 60)
    turns = np.arctan2(three.X[1], three.X[0]) / (2 * np.pi) - np.hypot(*three.X) - three.labels / 3
    assert np.abs(turns - turns.round()) == pytest.approx(0, abs=1e-12)


def test_noise_has_the_deviation_it_says() -> None:
    clean, noisy = (data.moons(m=20_000, noise=noise, seed=3).X for noise in (0, 0.1))
    assert (noisy - clean).std() == pytest.approx(0.1, rel=0.02)


def test_no_line_tells_xor_apart() -> None:
    xor = data.xor()
    assert xor.X.T.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert xor.labels.tolist() == [0, 1, 1, 0]
    # If w·x + b were above 0 for the one class and not for the other, so would be the sums over each; they are equal.
    assert (xor.X[:, xor.labels == 0].sum(axis=1) == xor.X[:, xor.labels == 1].sum(axis=1)).all()


def test_no_line_tells_the_phones_apart_but_their_makers_rule_does() -> None:
    phones = data.phones()
    assert ((data.liking(*phones.X) > 0.5) == phones.labels).all()
    liked, disliked = (phones.X[:, phones.labels == label].T[:30] for label in (1, 0))
    # Where a segment between liked phones crosses one between disliked ones, no line has both on sides of their own.
    assert any(
        _turn(a, b, c) != _turn(a, b, d) and _turn(c, d, a) != _turn(c, d, b)
        for (a, b), (c, d) in product(pairwise(liked), pairwise(disliked))
    )


def _turn(a: Any, b: Any, c: Any) -> bool:
    """Whether the way from a over b to c turns left."""
    return bool((b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0]))


@pytest.mark.parametrize(
    ("name", "n", "m", "outputs", "task"),
    [
        ("digits", 64, 1797, 10, "classes"),
        ("mnist", 784, 5000, 10, "classes"),
        ("breast_cancer", 30, 569, 1, "binary"),
        ("housing", 12, 506, 1, "regression"),
        ("diabetes", 10, 442, 1, "regression"),
    ],
)
def test_what_packages_ship(name: str, n: int, m: int, outputs: int, task: str) -> None:
    found = SHIPPED[name]()
    assert (found.X.shape, found.Y.shape, found.task, len(found)) == ((n, m), (outputs, m), task, m)
    assert len(found.features) == n
    assert found.source
    assert found.licence
    if task == "classes":
        assert (found.X.min(), found.X.max()) == (0, 1)


def test_what_the_sets_say_of_their_examples() -> None:
    assert repr(data.breast_cancer()) == "<breast cancer: 569 examples, 30 features, 357 benign, 212 malignant>"
    assert repr(data.housing()) == "<housing: 506 examples, 12 features, price in $1000 from 5 to 50>"
    assert repr(data.digits()) == "<digits: 1,797 examples, 64 features, 10 classes>"
    assert "B" not in data.housing().features
    with_b = data.housing(disputed=True)
    assert with_b.features.index("B") == 11
    assert with_b.X[:, 0].tolist()[-3:] == [15.3, 396.9, 4.98]


def test_mnist_is_500_of_each_digit_shuffled() -> None:
    mnist = data.mnist()
    assert np.bincount(mnist.labels).tolist() == [500] * 10
    assert set(mnist.take(100).labels.tolist()) == set(range(10))
    assert not (data.mnist(seed=1).X == mnist.X).all()
    ones = data.images_of(mnist.X[:, mnist.labels == 1]).mean(axis=0)
    assert ones[:, 10:18].mean() > 10 * ones[:, :8].mean()  # a one stands in the middle


@pytest.mark.parametrize("package", ["sklearn", "mlxtend"])
def test_a_package_that_is_missing_is_named_with_the_way_to_get_it(package: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    make, name = (data.digits, "scikit-learn") if package == "sklearn" else (data.housing, "mlxtend")
    with pytest.raises(NotInstalled, match=rf"pip install {name}, or pip install 'pathgrad\[course\]'"):
        make()


def test_packages_are_loaded_only_when_their_sets_are_asked_for() -> None:
    program = "import sys, nn; nn.data.moons(); assert not {'sklearn', 'mlxtend'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


# -- splits, batches, standardising --------------------------------------------------------------------------------


@given(
    st.integers(2, 80), st.floats(0.05, 0.95), st.integers(0, 5), st.sampled_from(["binary", "classes", "regression"])
)
def test_a_split_is_a_partition_and_cuts_each_class_alike(m: int, test: float, seed: int, task: str) -> None:
    whole = numbered(m, task)
    count = int(np.floor(m * test + 0.5))
    if count in (0, m):
        with pytest.raises(BadSetting, match="leaves none to"):
            whole.split(test, seed)
        return
    learnt, tested = whole.split(test, seed)
    assert len(tested) == count
    assert sorted([*learnt.X[0], *tested.X[0]]) == list(range(m))
    assert (np.diff(learnt.X[0]) > 0).all()  # in the order they had
    assert (np.diff(tested.X[0]) > 0).all()
    for part in (learnt, tested):
        assert (whole.Y[:, part.X[0].astype(int)] == part.Y).all()
    if task != "regression":
        for label in np.unique(whole.labels):
            assert abs((tested.labels == label).sum() - test * (whole.labels == label).sum()) < 1


def test_another_seed_splits_otherwise_and_every_example_is_tested_by_some() -> None:
    whole = numbered(20, "classes")
    tested = [tuple(whole.split(seed=seed)[1].X[0]) for seed in range(60)]
    assert tested[0] == tuple(whole.split(seed=0)[1].X[0])
    assert {example for some in tested for example in some} == set(range(20))


@given(st.integers(1, 50), st.integers(1, 60), st.none() | st.integers(0, 3))
def test_batches_are_every_example_once(m: int, size: int, seed: int | None) -> None:
    whole = numbered(m)
    batches = list(whole.batches(size, seed))
    assert [X.shape[1] for X, _ in batches] == [size] * (m // size) + [m % size] * (m % size > 0)
    order = np.concatenate([X[0] for X, _ in batches]).astype(int)
    assert sorted(order) == list(range(m))
    assert (np.concatenate([Y[0] for _, Y in batches]) == whole.labels[order]).all()
    if seed is None:
        assert (order == np.arange(m)).all()


def test_a_generator_shuffles_each_epoch_anew_and_a_seed_always_alike() -> None:
    whole, generator = numbered(30), np.random.default_rng(4)

    def epoch(seed: Any) -> list[float]:
        return [float(x) for X, _ in whole.batches(7, seed) for x in X[0]]

    first, second = epoch(generator), epoch(generator)
    assert first != second
    assert first == epoch(4) == whole.shuffled(4).X[0].tolist()


@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=2, max_size=12))
def test_standardised_features_have_mean_0_and_deviation_1(columns: list[list[float]]) -> None:
    X = np.array(columns).T
    found = Data(X, np.zeros(len(columns)), "regression").standardised().X
    for given_row, row in zip(X, found, strict=True):
        if np.ptp(given_row) == 0:
            assert (row == 0).all()
        elif np.ptp(given_row) > max(1e-100, 1e-6 * np.abs(given_row).max()):  # not all digits cancel, nor the squares
            assert row.mean() == pytest.approx(0, abs=1e-8)
            assert row.std() == pytest.approx(1)


def test_the_test_set_is_standardised_by_the_numbers_of_the_training_set_before_or_after() -> None:
    learnt, tested = data.breast_cancer().split()
    settled = learnt.standardised()
    one, other = tested.standardised(like=learnt), tested.standardised(like=settled)
    assert (one.X == other.X).all()
    mean, deviation = learnt.X.mean(axis=1, keepdims=True), learnt.X.std(axis=1, keepdims=True)
    np.testing.assert_allclose(one.X * deviation + mean, tested.X, rtol=1e-9, atol=1e-12)
    assert one.X.mean() != pytest.approx(0, abs=1e-6)
    assert one.scale is not None
    assert (one.scale[0] == mean).all()
    with pytest.raises(BadSetting, match="is standardised already; begin with the data as they were"):
        settled.standardised()


def test_a_feature_that_never_changes_becomes_0_though_its_mean_is_rounded() -> None:
    learnt = made([[0.1] * 7, range(7)], [0] * 7, "regression")
    assert np.mean([0.1] * 7) != 0.1
    assert (learnt.standardised().X[0] == 0).all()
    tested = made([[0.1, 0.6], [3, 3]], [0, 0], "regression").standardised(like=learnt)
    assert tested.X.tolist() == [[0, 0.5], [0, 0]]


def test_data_stay_as_they_are() -> None:
    given_X = np.ones((1, 3))
    some = Data(given_X, np.array([0, 1, 1]), "binary")
    given_X[0, 0] = 5
    assert some.X.tolist() == [[1, 1, 1]]
    with pytest.raises(ValueError, match="read-only"):
        some.X[0, 0] = 2
    with pytest.raises(FrozenInstanceError):
        some.task = "classes"  # type: ignore[misc]  # that is what is refused


def test_names_are_made_up_where_there_are_none_and_flat_labels_become_one_hot() -> None:
    some = Data(np.eye(2), np.array([2, 0]), "classes", classes=("a", "b", "c"))
    assert some.Y.tolist() == [[0, 1], [0, 0], [1, 0]]
    assert some.labels.tolist() == [2, 0]
    assert some.features == ("x₁", "x₂")
    assert repr(some) == "<data: 2 examples, 2 features, 1 a, 0 b, 1 c>"
    assert some.take(1).classes == ("a", "b", "c")


X3, NAN = np.ones((2, 3)), float("nan")


@pytest.mark.parametrize(
    ("make", "error", "lesson"),
    [
        (lambda: made(X3, np.ones(3), "labels"), UnknownChoice, "there is no task 'labels'; choose one of: binary, "),
        (lambda: made(np.ones(3), np.ones(3), "binary"), WrongShape, r"X: given shape \(3,\), expected \(n, m\)"),
        (lambda: made(np.ones((2, 0)), np.ones(0), "binary"), WrongShape, r"X: given shape \(2, 0\)"),
        (lambda: made([[1, 2], [3]], [0, 1], "binary"), WrongShape, "X: given lists of different lengths"),
        (lambda: made(X3.T, np.ones(3), "binary"), WrongShape, "turn X, whose rows are examples, with np.transpose"),
        (lambda: made(X3, np.ones(4), "binary"), WrongShape, r"given shape \(1, 4\), expected a column for each"),
        (lambda: made(X3, ["a", "b", "c"], "binary"), NotAScalar, "Y: given entries of type <U1, expected"),
        (lambda: made([[1, NAN, 2]], np.ones(3), "binary"), NonFinite, r"X\[0, 1\] is nan, expected a finite"),
        (lambda: made(X3, [0, 1, 2], "binary"), NotAClass, r"Y\[0, 2\] is 2, expected 0 or 1"),
        (lambda: made(X3, np.ones((2, 3)), "binary"), WrongShape, "given 2 rows, expected one of 0 and 1; for one-hot"),
        (lambda: made(X3, [0, 1, 5], "classes", classes=("a", "b")), NotAClass, r"labels\[2\] is 5, which is"),
        (lambda: made(X3, [0, 0.5, 1], "classes"), NotAClass, r"labels\[1\] is 0.5, which is none"),
        (lambda: made(X3, np.ones((2, 3)), "classes"), NotAClass, r"Y\[:, 0\] is \[1.0, 1.0\], which is no one-hot"),
        (lambda: made(X3, np.ones(3), "binary", features=("a",)), WrongShape, "features: given 1 names, expected 2"),
        (lambda: made(X3, np.ones(3), "regression", classes=("a",)), WrongShape, "classes: given 1 names, expected 0"),
        (lambda: made(X3, np.ones(3), "regression").labels, NotAClass, "asks for a number, y, and has no classes"),
        (lambda: numbered(5).take(6), BadSetting, "n: given 6, expected at most the 5 examples of data"),
        (lambda: numbered(5).batches(0), BadSetting, "size: given 0, expected a whole number from 1"),
        (lambda: numbered(5).split(1.5), BadSetting, "test: given 1.5, expected a share above 0 and below 1"),
        (lambda: numbered(2).split(0.2), BadSetting, "test: 0.2 of 2 examples leaves none to test"),
        (lambda: numbered(5).shuffled(-1), BadSetting, "seed: given -1, expected a whole number from 0, or a NumPy"),
        (lambda: numbered(5).standardised(like=data.xor()), WrongShape, r"like has the features \('x₁', 'x₂'\)"),
        (lambda: data.moons(0), BadSetting, "m: given 0, expected a whole number from 1"),
        (lambda: data.moons(noise=-1), BadSetting, "noise: given -1, expected a number from 0"),
        (lambda: data.spirals(arms=1), BadSetting, "arms: given 1, expected a whole number from 2"),
        (lambda: data.scaled([256]), BadSetting, "most: given 255, and there is a pixel 256"),
        (lambda: data.scaled([0], 0), BadSetting, "most: given 0, expected a number above 0; write most=255"),
        (lambda: data.images_of(np.ones(10)), WrongShape, "X: 10 pixels do not make a square; give height="),
        (lambda: data.images_of(np.ones(10), 3), WrongShape, "do not make rows of one length below each other, 3"),
        (lambda: data.flattened([1, 2]), WrongShape, r"images: given shape \(2,\), expected \(height, width\)"),
        (lambda: data.one_hot([]), WrongShape, r"labels: given shape \(0,\), expected a flat list"),
        (lambda: data.one_hot([-1]), NotAClass, r"labels\[0\] is -1, which is none of the 1 classes"),
        (lambda: data.labels_of([0, 1]), WrongShape, r"Y: given shape \(2,\), expected \(k, m\)"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_used_are_a_small_lesson(make: Any, error: type[PathgradError], lesson: str) -> None:
    with pytest.raises(error, match=lesson):
        make()


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a CSV file."""

    def write(text: str) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


CELLS = st.lists(NUMBERS, min_size=3, max_size=3)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=8)


@settings(max_examples=100)
@given(
    st.lists(CELLS, min_size=1, max_size=9),
    st.lists(WORDS, min_size=4, max_size=4, unique=True),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_numbers_come_back_from_a_file(
    tmp_path_factory: Any, rows: list[list[float]], names: list[str], comma: str, encoding: str
) -> None:
    names = [name.replace(",", "").replace(";", "") + str(place) for place, name in enumerate(names)]
    path = tmp_path_factory.mktemp("round") / "trip.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=comma)
        writer.writerows([names, *([*row, place] for place, row in enumerate(rows))])
    found = data.from_csv(path, names[3], task="regression")
    assert found.X.T.tolist() == rows
    assert found.Y[0].tolist() == list(range(len(rows)))
    assert (found.features, found.target, found.name) == (tuple(names[:3]), names[3], "trip")


@pytest.mark.parametrize(
    ("answers", "task", "classes"),
    [
        (["1", "0", "1.0"], "binary", ("0", "1")),
        (["10", "9", "2", "9"], "classes", ("2", "9", "10")),
        (["yes", "no", "yes"], "binary", ("no", "yes")),
        (["0.5", "1", "2"], "regression", ()),
        ([str(n) for n in range(11)], "regression", ()),
    ],
)
def test_the_task_is_what_the_answers_speak_of(
    file: Any, answers: list[str], task: str, classes: Sequence[str]
) -> None:
    found = data.from_csv(file("x,y\n" + "".join(f"{n},{answer}\n" for n, answer in enumerate(answers))), "y")
    assert (found.task, found.classes) == (task, classes)
    if task != "regression":
        assert [found.classes[label] for label in found.labels] == [answer.removesuffix(".0") for answer in answers]


def test_words_features_classes_and_headers_are_as_they_are_said(file: Any) -> None:
    path = file('7;"Male";b\n\n8; female ;a\n')
    asked: dict[str, Any] = {"header": ["age", "sex", "kind"], "codes": {"sex": {"Female": 0, "Male": 1}}}
    found = data.from_csv(path, "kind", classes=["b", "a", "c"], **asked)
    assert (found.X.tolist(), found.Y.tolist()) == ([[7, 8], [1, 0]], [[1, 0], [0, 1], [0, 0]])
    assert found.classes == ("b", "a", "c")
    assert data.from_csv(path, "kind", features=["age"], **asked).features == ("age",)


GAPS = "x,z,y\n1,5,0\n,6,1\n3,NA,0\n5,7,\n"


def test_missing_cells_are_named_dropped_or_given_the_mean(file: Any) -> None:
    lesson = (
        "table.csv: 3 missing cells: line 3, column 'x'; line 4, column 'z'; line 5, column 'y'; missing='drop' leaves "
        "those rows out, missing='mean' puts the mean of the column there"
    )
    with pytest.raises(data.BadTable) as caught:
        data.from_csv(file(GAPS), "y")
    assert str(caught.value) == lesson
    with pytest.raises(data.BadTable, match=r"1 missing cell: line 5, column 'y'; .* an answer is not made up"):
        data.from_csv(file(GAPS), "y", missing="mean")
    with pytest.raises(data.BadTable, match="1 class, 0, expected two or more"):
        data.from_csv(file(GAPS), "y", missing="drop")
    answered = GAPS.replace("5,7,", "5,7,1")
    assert data.from_csv(file(answered), "y", missing="mean").X.tolist() == [[1, 3, 3, 5], [5, 6, 6, 7]]
    assert data.from_csv(file(answered), "y", missing="drop").X.tolist() == [[1, 5], [5, 7]]
    assert data.from_csv(file(answered), "y", features=["x"], missing="drop").X.tolist() == [[1, 3, 5]]


@pytest.mark.parametrize(
    ("text", "asked", "lesson"),
    [
        ("x,y\n1,0\n2\n", {}, "table.csv, line 3: 1 cell for 2 columns"),
        ("x,y\n1,0\n\n2,1,5\n", {}, "table.csv, line 4: 3 cells for 2 columns"),
        ("x,y\n1,0\n2a,1\n", {}, "table.csv, line 3, column 'x': '2a' is no finite number; write one, .* codes={'x'"),
        ("x,y\nm,0\nf,1\n", {"codes": {"x": {"M": 1}}}, "line 3, column 'x': 'f' is no finite number; .* or M for 1"),
        ("x,y\n1,0\ninf,1\n", {}, "line 3, column 'x': 'inf' is no finite number"),
        ("x,y\n1,0\n-nan,1\n", {}, "line 3, column 'x': '-nan' is no finite number"),
        ("x,y\n1,0.5\n2,inf\n", {}, "line 3, column 'y': 'inf' is no finite number"),
        ("x,y\n1,0\nnan,1\n", {}, "1 missing cell: line 3, column 'x'"),
        ("x,y\n1,0\n2,two\n", {}, "line 3, column 'y': 'two' among numbers; correct it, or say task='classes'"),
        ("x,y\n1,0\n2,3\n", {"classes": (0, 1)}, "line 3, column 'y': '3' is none of the classes 0, 1; correct it"),
        ("x,y\n1,0\n2,3\n1,2\n", {"task": "binary"}, "column 'y': 3 classes, 0, 2, 3, expected two for a binary task"),
        ("x,y\n1,0\n2,3\n1,2\n", {"task": "pictures"}, "there is no task 'pictures'"),
        ("x,y\n1,0\n", {"missing": "guess"}, "there is no way with missing cells 'guess'; choose one of: refuse, drop"),
        ("x,z\n1,0\n", {}, "table.csv has no column 'y'; its columns are x, z"),
        ("x,y\n1,0\n2,1\n", {"features": ["age"]}, "table.csv has no column 'age'"),
        ("x,y\n1,0\n2,1\n", {"features": ["y"]}, "give columns beside the target 'y'"),
        ("y\n1\n", {}, "give columns beside the target 'y'"),
        ("x,x,y\n1,1,0\n", {}, "two columns are called 'x'"),
        ("x,y\n", {}, "table.csv has no rows below its header"),
        ("", {}, "table.csv has no rows below its header"),
        ("x,y\n,0\n,1\n", {"missing": "mean"}, "column 'x' is empty and has no mean"),
        ("x,y\n,0\n,1\n", {"missing": "drop"}, "every row lacks a cell"),
        ('x,y\n"1,0\n2,1\n', {}, "table.csv, line 3: .*; correct the quotation marks"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_a_small_lesson(file: Any, text: str, asked: Any, lesson: str) -> None:
    with pytest.raises(PathgradError, match=lesson):
        data.from_csv(file(text), "y", **asked)


def test_a_file_that_cannot_be_read_is_a_small_lesson(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes("größe,y\n1,0\n".encode("latin-1"))
    for path, lesson in (
        (tmp_path / "none.csv", "cannot read .*none.csv: No such file or directory"),
        (tmp_path, "cannot read"),
        ("a\0b", "cannot read .*null"),
        (latin, "latin.csv is no text in UTF-8; save it again as 'CSV UTF-8'"),
    ):
        with pytest.raises(data.BadTable, match=lesson):
            data.from_csv(path, "y")


@settings(max_examples=200)
@given(st.text(st.sampled_from('01.,;\t\n"xyнaNinf-') | st.characters(), max_size=60))
def test_any_text_is_data_or_a_small_lesson(tmp_path_factory: Any, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(("x,y\n" + text).encode("utf-8", "replace"))
    try:
        found = data.from_csv(path, "y", missing="drop")
    except PathgradError:
        return
    assert np.isfinite(found.X).all()
    assert found.X.shape[1] == found.Y.shape[1] <= 60


# The notes' four patients, lines 548-556, within rows like those of the original file; the second lacks its ratio.
PATIENTS = """65,Female,0.7,0.1,187,16,18,6.8,3.3,0.9,2
62,Male,10.9,5.5,699,64,100,7.5,3.2,,2
20,male,1.1,0.5,128,20,30,3.9,4,0.95,1
84,Female,0.7,0.2,188,13,21,6,3.2,1.1,1
"""
HEADERS = (
    "",
    "Age,Gender,Total_Bilirubin,Direct_Bilirubin,Alkaline_Phosphotase,Alamine_Aminotransferase,"
    "Aspartate_Aminotransferase,Total_Protiens,Albumin,Albumin_and_Globulin_Ratio,Dataset\n",
    "age,sex,tb,db,aap,sgpaa,sgoaa,tp,alb,ag,label\n",
    "Age,Gender,TB,DB,Alkphos,Sgpt,Sgot,TP,ALB,A/G Ratio,Selector\n",
)


@pytest.mark.parametrize("header", HEADERS)
def test_the_liver_patients_come_from_any_header_and_from_none(file: Any, header: str) -> None:
    path = file(header + PATIENTS)
    line = 3 if header else 2
    with pytest.raises(data.BadTable, match=f"1 missing cell: line {line}, column 'AG_Ratio'; missing='drop'"):
        data.liver(path)
    found = data.liver(path, missing="mean")
    chosen = [found.features.index(name) for name in ("Age", "Albumin", "T_Bilirubin")]
    assert found.X[chosen].T.tolist() == [[65, 3.3, 0.7], [62, 3.2, 10.9], [20, 4, 1.1], [84, 3.2, 0.7]]
    assert found.X[1].tolist() == [0, 1, 1, 0]
    assert found.X[-1, 1] == pytest.approx((0.9 + 0.95 + 1.1) / 3)
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert repr(data.liver(path, missing="drop")) == "<liver: 3 examples, 10 features, 1 no patient, 2 patient>"


def test_the_notes_columns_alone_are_liver_patients_too(file: Any) -> None:
    found = data.liver(file("Age,Albumin,T_Bilirubin,class\n65,3.3,0.7,0\n20,4,1.1,1\n"))
    assert (found.features, found.labels.tolist()) == (("Age", "Albumin", "T_Bilirubin"), [0, 1])
    with pytest.raises(data.BadTable, match=r"'Weight' is no column of this table; they are Age, Gender, .*from_csv"):
        data.liver(file("Age,Weight,Dataset\n65,80,1\n"))
    with pytest.raises(data.BadTable, match="two columns are Albumin, one of them 'ALB'"):
        data.liver(file("ALB,Albumin,Dataset\n3,3,1\n"))
    with pytest.raises(NotAClass, match="line 3, column 'Dataset': '3' is none of the classes 2, 1"):
        data.liver(file("Age,Dataset\n65,1\n66,3\n"))

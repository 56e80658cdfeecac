"""Plots of trainings and searches: what is drawn is what was found, and all of it can be read."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from autograd import PathgradError, TooMany, UnknownChoice, WrongShape
from nn import MLP, Epoch, Exploded, History, NotAClass, data, evaluate, mean_squared_error, r_squared, train
from viz import plots
from viz.scales import scale_of
from viz.shades import graded, ink_on
from viz.theme import THEMES

from .test_plots import legend_of, line
from .test_theme import contrast, luminance


@dataclass(frozen=True)
class Row:
    """A trial."""

    number: int
    settings: Mapping[str, Any]
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a search found."""

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    by: str = "accuracy"
    least: bool = False


def grid() -> Found:
    """A search of 24 trials, in which the highest rate fails with relu."""
    space = itertools.product([0.001, 0.01, 0.1, 1.0], [4, 8, 16], ["tanh", "relu"])
    rows = [
        Row(
            number,
            {"rate": rate, "neurons": neurons, "activation": activation},
            {} if (rate, activation) == (1.0, "relu") else {"accuracy": 0.9 + neurons / 500 - abs(rate - 0.1) / 9},
        )
        for number, (rate, neurons, activation) in enumerate(space)
    ]
    return Found(tuple(rows), ("rate", "neurons", "activation"))


def history(costs: Any, validation: Any = None, batch: int = 2, stopped: str = "all epochs done") -> History:
    """A training on ten examples with these costs, and losses around them at each update."""
    told = History(10, batch)
    for number, cost in enumerate(costs):
        losses = tuple(cost * (1 + 0.1 * np.sin(np.arange(told.updates_per_epoch)))) if number else ()
        measures = {"accuracy": 1 - 0.5 / (number + 1), "error": 0.5 / (number + 1)}
        told.add(Epoch(cost, None if validation is None else validation[number], losses, measures=measures))
    told.stopped = stopped
    return told


def confused(k: int, names: Any = None) -> Any:
    """Some examples of k classes, most of them right."""
    truths = [place % k for place in range(30 * k)]
    draw = random.Random(5)
    return evaluate([draw.choice([truth] * 5 + [(truth + 1) % k]) for truth in truths], truths, names)


WORDS = [f"a longer name {n}" for n in range(8)]
WIDE = Found(tuple(Row(n, dict.fromkeys(WORDS, "ab"[n % 2] * 9), {"accuracy": n}) for n in range(9)), tuple(WORDS))
IMAGES = np.arange(6 * 12).reshape(12, 6)[:9]
LONG = ["a very long name indeed", "malignant", "$x$ and $y$"]
EMPTY = ("·", "failed")  # what stands in cells of no colour
NUMBERS = np.arange(30).reshape(3, 10)
FALLING = [2.0, 1.0, 0.6, 0.4, 0.3, 0.25]
RISING = [2.1, 1.1, 0.8, 0.7, 0.75, 0.8]
SOME: dict[str, Any] = {
    "confusion of 10": lambda **how: plots.confusion(confused(10), **how),
    "confusion of 20": lambda **how: plots.confusion(confused(20, [f"{LONG[0]} {n}" for n in range(20)]), **how),
    "confusion of 60": lambda **how: plots.confusion(confused(60), **how),
    "confusion of words": lambda **how: plots.confusion(confused(3, LONG), **how),
    "predictions": lambda **how: plots.predictions([1.0, 2, 4], [1.5, 2, 3], names=["price in $1000"], **how),
    "predictions of three": lambda **how: plots.predictions(np.sin(NUMBERS), np.sin(NUMBERS + 0.3), **how),
    "mistakes": lambda **how: plots.mistakes(IMAGES, [0] * 6, [0, 1, 2, 0, 1, 1], LONG, **how),
    "no mistakes": lambda **how: plots.mistakes(IMAGES, [0] * 6, [0] * 6, **how),
    "parallel": lambda **how: plots.parallel(grid(), **how),
    "parallel of many": lambda **how: plots.parallel(WIDE, **how),
    "heatmap": lambda **how: plots.heatmap(grid(), "rate", "activation", **how),
    "heatmap with holes": lambda **how: plots.heatmap(Found(grid().rows[::3], grid().names), "neurons", "rate", **how),
}
CURVES: dict[str, Any] = {
    "costs": lambda **how: plots.curves(history(FALLING), **how),
    "one measure": lambda **how: plots.curves(history(FALLING, RISING), measure="error", **how),
    "logarithmic": lambda **how: plots.curves(history([3.0, 0.3, 0.03], [3.0, 0.4, 0.5]), **how),
    "exploded": lambda **how: plots.curves(history([1.0, 1e9, 1e18], stopped="exploded in epoch 3"), **how),
    "before training": lambda **how: plots.curves(history([0.7]), **how),
}


def drawn(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Every piece of text that is really drawn."""
    found: list[Text] = []
    draw = Text.draw

    def noted(self: Text, *some: Any, **how: Any) -> None:
        found.append(self)
        draw(self, *some, **how)

    monkeypatch.setattr(Text, "draw", noted)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return [text for text in found if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [*SOME, *CURVES])
def test_all_text_is_legible_and_whole_and_covers_no_other(name: str, theme: str, monkeypatch: Any) -> None:
    figure = (SOME | CURVES)[name](title="how it went", theme=theme)
    texts = drawn(figure, monkeypatch)
    assert "how it went" in "".join(text.get_text() for text in texts)
    assert min(float(text.get_fontsize()) for text in texts) >= THEMES[theme].figure_size
    in_cells = {text for axes in figure.axes if axes.images for text in axes.texts if text.get_text() not in EMPTY}
    colours = {to_hex(text.get_color()) for text in texts if text not in in_cells}
    assert min(contrast(colour, THEMES[theme].paper) for colour in colours) >= 4.5
    left, low, right, high = np.array([text.get_window_extent().padded(-1).extents for text in texts]).T
    assert min(left.min(), low.min()) >= 0
    assert right.max() <= figure.bbox.width
    assert high.max() <= figure.bbox.height
    covered = (left[:, None] < right) & (left < right[:, None]) & (low[:, None] < high) & (low < high[:, None])
    assert not [(texts[one], texts[other]) for one, other in np.argwhere(covered) if one < other]


@pytest.mark.parametrize("name", SOME)
def test_a_plot_goes_onto_the_axes_given(name: str) -> None:
    figure = Figure(figsize=(16, 8))
    ax, other = figure.subplots(1, 2)
    assert SOME[name](ax=ax) is figure
    assert ax.texts or ax.lines or ax.images
    assert not other.has_data()


def test_costs_are_drawn_as_they_are_and_the_best_epoch_is_marked() -> None:
    figure = plots.curves(history(FALLING, RISING))
    assert line(figure, "training, whole set").tolist() == [[number, cost] for number, cost in enumerate(FALLING)]
    assert line(figure, "validation, whole set").tolist() == [[number, cost] for number, cost in enumerate(RISING)]
    assert line(figure, "best: validation cost 0.7 after epoch 3").tolist() == [[3, 0.7]]
    assert line(plots.curves(history(FALLING)), "best: training cost 0.25 after epoch 5").tolist() == [[5, 0.25]]


def test_measures_stand_below_with_what_they_were_at_the_best_epoch() -> None:
    axes: Any = plots.curves(history(FALLING, RISING)).axes
    upper, lower = axes
    assert [text.get_text() for text in lower.get_legend().get_texts()] == [
        "accuracy: 0.875 after epoch 3",
        "error: 0.125 after epoch 3",
    ]
    shown = {str(line.get_label()).split(":")[0]: np.asarray(line.get_ydata()) for line in lower.lines}
    np.testing.assert_allclose(shown["accuracy"], 1 - 0.5 / np.arange(1, 7))
    assert (lower.get_ylabel(), lower.get_xlabel(), upper.get_xlabel()) == ("measures, validation", "epoch", "")
    alone: Any = plots.curves(history(FALLING), measure="error").axes[1]
    assert (alone.get_ylabel(), len(alone.get_legend().get_texts())) == ("error, training", 1)
    one, other = (some for some in lower.lines if ":" in str(some.get_label()))
    assert one._dash_pattern != other._dash_pattern


def test_a_measure_that_was_not_taken_in_every_epoch_has_gaps() -> None:
    told = History(4, 4)
    told.add(Epoch(1.0))
    told.add(Epoch(0.5, measures={"R²": 0.5}))
    assert np.isnan(plots.curves(told).axes[1].lines[0].get_ydata()).tolist() == [True, False]


@pytest.mark.parametrize(
    ("costs", "scale"),
    [
        ([1.0, 0.1, 0.01], "log"),
        ([1.0, 0.1, 0.011], "linear"),
        ([1.0, 0.1, 0.0], "linear"),
        ([-1.0, -500.0], "linear"),
        ([0.7, 0.7, 0.7], "linear"),
        ([1.0, 1e200], "log"),
    ],
)
def test_the_scale_is_logarithmic_where_positive_costs_span_two_decades(costs: list[float], scale: str) -> None:
    axes = plots.curves(history(costs)).axes[0]
    assert axes.get_yscale() == scale
    assert axes.get_ylabel() == {"log": "cost J, logarithmic", "linear": "cost J"}[scale]
    low, high = axes.get_ylim()
    assert low < min(costs) <= max(costs) < high


def test_losses_of_nothing_have_no_place_on_a_logarithmic_scale() -> None:
    told = History(10, 5)
    for cost in (1.0, 0.1, 0.001):
        told.add(Epoch(cost, losses=(0.0,) * 5))
    low, high = plots.curves(told).axes[0].get_ylim()
    assert 0 < low < 0.001 < 1 < high


@given(st.integers(1, 40), st.integers(1, 60))
@example(37, 60)  # 2,257 losses, of which the last mean has fewer
@settings(max_examples=15, deadline=None)
def test_the_thin_line_is_the_losses_or_means_of_as_many_as_it_says(epochs: int, updates: int) -> None:
    told, draw = History(updates + 1, 1), random.Random(epochs)
    told.add(Epoch(1.0))
    for _ in range(epochs):
        told.add(Epoch(1.0, losses=tuple(draw.random() for _ in range(updates + 1))))
    (thin,) = (some for some in plots.curves(told).axes[0].lines if "update" in str(some.get_label()))
    words, losses = str(thin.get_label()).split(), np.array(told.losses)
    each = 1 if words[1:] == ["each", "update"] else int(words[4])
    means = [losses[start : start + each].mean() for start in range(0, len(losses), each)]
    when, heights = np.asarray(thin.get_xydata()).T
    np.testing.assert_allclose(heights, means)
    assert len(when) <= 500
    assert 0 <= when[0] <= when[-1] < epochs
    assert (np.diff(when) > 0).all()


def test_a_million_updates_are_few_points_and_one_update_an_epoch_is_no_line_of_its_own() -> None:
    told = History(10_000, 1)
    for _ in range(100):
        told.add(Epoch(1.0, losses=(0.5,) * 10_000))
    assert len(line(plots.curves(told), "training, mean of each 2,000 updates")) == 500
    assert legend_of(plots.curves(history(FALLING, batch=10))) == [
        "training, whole set",
        "best: training cost 0.25 after epoch 5",
    ]


@pytest.mark.parametrize("stopped", ["exploded in epoch 7", "interrupted in epoch 3", "no better cost for 5 epochs"])
def test_why_it_stopped_is_said(stopped: str) -> None:
    axes = plots.curves(history(FALLING, stopped=stopped)).axes[0]
    assert axes.get_title() == f"5 epochs of 5 updates; {stopped}"
    assert axes.title.get_color() == (THEMES["light"].alarm if "exploded" in stopped else THEMES["light"].quiet)


def test_a_training_that_explodes_at_once_is_a_point_and_words() -> None:
    moons, net = data.moons(20), MLP(2, [3, 1], activation="relu", output="linear", seed=0)
    with pytest.warns(Exploded):
        told = train(net, moons.X, moons.Y, rate=1e12, epochs=3, batch=2)
    figure = plots.curves(told)
    assert "exploded in epoch 1" in figure.axes[0].get_title()
    assert line(figure, "best").tolist() == [[0, told.costs[0]]]
    assert figure.axes[0].get_xticks().tolist() == [0]


@pytest.mark.parametrize("theme", THEMES)
def test_the_confusion_is_in_the_cells_in_ink_that_is_read_on_each(theme: str) -> None:
    found = confused(5)
    axes = plots.confusion(found, theme=theme).axes[0]
    words = {text.get_position(): text for text in axes.texts}
    image: Any = axes.images[0]
    for (row, column), count in np.ndenumerate(found.confusion):
        text, cell = words[column, row], to_hex(image.to_rgba(image.get_array())[row, column])
        assert text.get_text() == str(count or "·")
        assert contrast(to_hex(text.get_color()), cell) >= 4.5
    np.testing.assert_allclose(image.get_array(), found.confusion / found.confusion.sum(axis=1, keepdims=True))
    assert [label.get_text() for label in axes.get_yticklabels()] == list(found.names)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("← true class", "taken for →")


def test_recall_and_precision_stand_at_the_margins() -> None:
    found = evaluate([0, 0, 1, 1], [0, 1, 1, 1], ["no", "yes", "never"])
    recall, precision = plots.confusion(found).axes[0].child_axes
    assert [label.get_text() for label in recall.get_yticklabels()] == ["100", "67", "–"]
    assert [label.get_text() for label in precision.get_xticklabels()] == ["50", "100", "–"]


def test_names_are_no_formulas_and_long_ones_are_cut() -> None:
    names = [label.get_text() for label in plots.confusion(confused(3, LONG)).axes[0].get_yticklabels()]
    assert names == ["a very long name …", "malignant", r"\$x\$ and \$y\$"]


def test_many_classes_are_shades_and_some_names() -> None:
    axes = plots.confusion(confused(60)).axes[0]
    assert (len(axes.texts), len(axes.child_axes)) == (0, 0)
    assert [label.get_text() for label in axes.get_xticklabels()][:3] == ["0", "3", "6"]


def test_guesses_stand_over_truths_and_the_legend_says_how_good_they_are() -> None:
    truths, guesses = np.array([[1.0, 2, 4, 8], [3, 3, 3, 3]]), np.array([[1.5, 2, 3, 9], [3, 2, 3, 3]])
    figure = plots.predictions(guesses, truths, names=["price", "rooms"])
    axes = figure.axes[0]
    assert line(figure, "price").tolist() == list(map(list, zip(truths[0], guesses[0], strict=True)))
    square, share = mean_squared_error(guesses[0], truths[0]), r_squared(guesses[0], truths[0])
    assert (square, f"{share:.3f}") == (0.5625, "0.922")
    assert legend_of(figure) == [
        "predicted = true",
        "price\nR² = 0.922\nmean squared error 0.563 = 0.75²",
        "rooms\nR² undefined: all are equal\nmean squared error 0.25 = 0.5²",
    ]
    assert axes.get_xlim() == axes.get_ylim()
    assert axes.get_aspect() == 1
    assert (line(figure, "predicted")[:, 0] == line(figure, "predicted")[:, 1]).all()


def test_mistakes_are_shown_with_what_they_are_taken_for_and_counted() -> None:
    figure = plots.mistakes(IMAGES, ["no", "no", 0, 0, "yes", 0], [0, 1, 1, 0, 1, "yes"], ["no", "yes"], n=2)
    axes: Any = figure.axes[0]
    assert axes.get_title() == "3 of 6 mistaken, the first 2"
    assert [text.get_text() for text in axes.texts] == ["yes taken for no"] * 2
    assert [image.get_array().ravel().tolist() for image in axes.images] == IMAGES.T[1:3].tolist()
    flat = plots.mistakes(IMAGES[:8], [1] * 6, [0] * 6, height=2, title="flat").axes[0]
    assert flat.get_title() == "flat\n6 of 6 mistaken"
    assert {image.get_array().shape for image in flat.images} == {(2, 4)}  # type: ignore[union-attr]
    (said,) = plots.mistakes(IMAGES, [1] * 6, [1] * 6).axes[0].texts
    assert said.get_text() == "no mistakes: all 6 right"


def tracks(axes: Any, dashed: bool) -> list[list[float]]:
    """The lines of trials, or the parts of those that failed."""
    wanted = (some for some in axes.collections if (some.get_linestyles()[0][1] is not None) == dashed)
    return [part[:, 1].tolist() for some in wanted for part in some.get_segments() if np.ptp(part[:, 0])]


def test_each_trial_is_a_line_from_its_settings_to_its_score() -> None:
    found = grid()
    axes: Any = plots.parallel(found).axes[0]
    scores = {row.number: row.scores["accuracy"] for row in found.rows if row.scores}
    low, high = min(scores.values()), max(scores.values())
    expected = [
        [
            (np.log10(row.settings["rate"]) + 3) / 3,
            (row.settings["neurons"] - 4) / 12,
            ["tanh", "relu"].index(row.settings["activation"]),
            (scores[row.number] - low) / (high - low),
        ]
        for row in sorted(found.rows, key=lambda row: (scores.get(row.number, 0), -row.number))
        if row.scores
    ]
    np.testing.assert_allclose(tracks(axes, dashed=False), expected, atol=1e-12)
    np.testing.assert_allclose(line(axes.figure, "best: trial 16, accuracy 0.932")[:, 1], expected[-1])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["rate", "neurons", "activation", "accuracy"]
    assert {"0.001", "0.01", "0.1", "1", "4", "8", "16", "tanh", "relu", "failed"} <= {t.get_text() for t in axes.texts}


def test_failures_are_dashed_and_end_in_a_cross_at_the_foot() -> None:
    figure = plots.parallel(grid())
    parts = tracks(figure.axes[0], dashed=True)
    assert min(parts, key=min)[1] == line(figure, "3 failed")[0, 1] < 0
    assert "3 failed" in legend_of(figure)
    nothing = Found((Row(0, {"a": 1, "b": None}), Row(1, {"a": 1, "b": [2]})), ("a", "b"))
    assert legend_of(plots.parallel(nothing)) == ["2 failed"]
    assert {text.get_text() for text in plots.heatmap(nothing, "a", "b").axes[0].texts} == {"failed"}


def test_the_least_is_the_best_of_a_cost_and_settings_can_be_chosen() -> None:
    rows = tuple(Row(n, {"a": n, "b": n % 2 == 0}, {"cost": 10.0**-n}) for n in range(4))
    found = Found(rows, ("a", "b"), "cost", least=True)
    figure = plots.parallel(found, ["b"])
    assert "best: trial 3, cost 0.001" in legend_of(figure)
    np.testing.assert_allclose(sorted(part[-1] for part in tracks(figure.axes[0], False)), [0, 1 / 3, 2 / 3, 1])
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["b", "cost"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("least", [False, True])
def test_the_better_the_further_from_the_paper_for_eyes_that_see_no_colour_too(theme: str, least: bool) -> None:
    shades = [contrast(to_hex(graded(THEMES[theme], least)(up)), THEMES[theme].paper) for up in np.linspace(0, 1, 20)]
    steps = np.diff(shades[::-1] if least else shades)
    assert (steps > 0).all()
    assert min(shades) > 1.3


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_ink_is_read_on_every_colour(colour: tuple[float, float, float]) -> None:
    ink = {"black": "#000000", "white": "#ffffff"}[ink_on(colour)]
    assert contrast(ink, to_hex(colour)) >= 4.5
    assert (luminance(ink) == 0) == (luminance(to_hex(colour)) > 0.179) or 0.17 < luminance(to_hex(colour)) < 0.19


@pytest.mark.parametrize("least", [False, True])
def test_a_cell_has_the_best_score_of_its_two_choices(least: bool) -> None:
    found = Found(grid().rows, grid().names, least=least)
    axes: Any = plots.heatmap(found, "neurons", "rate").axes[0]
    said = {text.get_position(): text.get_text() for text in axes.texts}
    for (down, rate), (across, neurons) in itertools.product(enumerate([0.001, 0.01, 0.1, 1.0]), enumerate([4, 8, 16])):
        scores = [
            row.scores["accuracy"]
            for row in found.rows
            if (row.settings["rate"], row.settings["neurons"]) == (rate, neurons) and row.scores
        ]
        best = min(scores) if least else max(scores)
        assert float(said[across, down]) == pytest.approx(best, abs=1e-4)
        assert axes.images[0].get_array()[down, across] == best
    corners = line(axes.figure, "best: trial 18, accuracy 0.808" if least else "best: trial 16, accuracy 0.932")
    assert corners.mean(axis=0).round().tolist() in ([[0, 3]] if least else [[2, 2]])


def test_choices_that_were_not_tried_together_are_dots() -> None:
    rows = Row(0, {"a": 1, "b": 1}, {"accuracy": 0.5}), Row(1, {"a": 2, "b": 2}, {"accuracy": 0.5})
    figure = plots.heatmap(Found(rows, ("a", "b")), "a", "b")
    assert sorted(text.get_text() for text in figure.axes[0].texts) == ["0.5", "0.5", "·", "·"]
    assert legend_of(figure) == ["best: trial 0, accuracy 0.5", "not tried"]


SETTING = st.one_of(st.floats(-1e6, 1e6), st.integers(1, 9), st.text(max_size=30), st.booleans(), st.none())


@given(st.lists(st.one_of(SETTING, st.lists(st.integers(), max_size=2)), min_size=1, max_size=40))
def test_a_scale_keeps_values_apart_and_in_order_and_its_ticks_can_be_read(values: list[Any]) -> None:
    scale = scale_of(values)
    places = [scale.at(value) for value in values]
    assert all(0 <= place <= 1 for place in places)
    ups = [up for up, _ in scale.ticks]
    assert all(after - before >= 0.07 for before, after in itertools.pairwise(ups))
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        assert [place for _, place in sorted(zip(values, places, strict=True))] == sorted(places)


def test_whole_numbers_have_whole_ticks_and_decades_their_powers() -> None:
    assert [word for _, word in scale_of(range(2, 17)).ticks] == ["3", "6", "9", "12", "15"]
    assert [word for _, word in scale_of([0.3**n for n in range(9)]).ticks] == ["0.0001", "0.001", "0.01", "0.1", "1"]
    assert scale_of(["relu", "tanh", "relu", None]).ticks == ((0, "relu"), (0.5, "tanh"), (1, "None"))


MANY = Found((Row(0, {f"s{n}": n for n in range(13)}, {"accuracy": 1.0}),), tuple(f"s{n}" for n in range(13)))
RANDOM = Found(tuple(Row(n, {"a": n, "b": 0}, {"accuracy": 1.0}) for n in range(21)), ("a", "b"))


@pytest.mark.parametrize(
    ("plot", "error", "lesson"),
    [
        (lambda: plots.curves([1, 2]), WrongShape, r"given \[1, 2\], expected the History"),  # type: ignore[arg-type]
        (lambda: plots.curves(History(1, 1)), WrongShape, "it has no epochs yet"),
        (lambda: plots.curves(history(FALLING), measure="R²"), UnknownChoice, "no measure 'R²'; .*accuracy, error"),
        (lambda: plots.curves(history(FALLING), theme="neon"), UnknownChoice, "no theme 'neon'"),
        (lambda: plots.confusion([[1]]), WrongShape, "expected what nn.evaluate gives"),  # type: ignore[arg-type]
        (lambda: plots.confusion(evaluate([200], [0])), TooMany, r"201 classes .*read evaluation.weak\(10\)"),
        (lambda: plots.predictions([1, 2], [1]), WrongShape, "give a target for each output"),
        (lambda: plots.predictions([1], [1], names=["a", "b"]), WrongShape, "names: given 2, expected 1"),
        (lambda: plots.predictions(np.eye(7), np.eye(7)), TooMany, "7 outputs, at most 6"),
        (lambda: plots.mistakes(IMAGES, [0] * 5, [0] * 5), WrongShape, r"expected \(pixels, 5\)"),
        (lambda: plots.mistakes(IMAGES, np.eye(6), [0] * 6), WrongShape, "guesses: .*such as nn.predicted"),
        (lambda: plots.mistakes(IMAGES, ["x"] * 6, [0] * 6), NotAClass, "has the label 'x'"),
        (lambda: plots.mistakes(IMAGES, [0] * 6, [1] * 6, n=21), WrongShape, "a whole number from 1 to 20"),
        (lambda: plots.mistakes(IMAGES, [0] * 6, [1] * 6, ax=3), WrongShape, "ax: given 3"),  # type: ignore[arg-type]
        (lambda: plots.mistakes(IMAGES[:5], [0] * 6, [1] * 6), PathgradError, "5 pixels do not make a square"),
        (lambda: plots.parallel([1]), WrongShape, "expected what a search gives"),  # type: ignore[arg-type]
        (lambda: plots.parallel(Found((), ("a",))), WrongShape, "no trials yet"),
        (lambda: plots.parallel(grid(), ["rates"]), UnknownChoice, "no setting 'rates'"),
        (lambda: plots.parallel(MANY), TooMany, r"13 settings, expected 1 to 12; write settings=\('s0', 's1'\)"),
        (lambda: plots.heatmap(grid(), "rate", "rate"), WrongShape, "'rate' twice, expected two settings"),
        (lambda: plots.heatmap(grid(), "rate", "size"), UnknownChoice, "no setting 'size'"),
        (lambda: plots.heatmap(RANDOM, "a", "b"), TooMany, r"a has 21 choices, at most 20; draw parallel\(results\)"),
    ],
)
def test_what_cannot_be_plotted_is_a_small_lesson(plot: Any, error: type[PathgradError], lesson: str) -> None:
    with pytest.raises(error, match=lesson):
        plot()

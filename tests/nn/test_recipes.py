"""Recipes: from data to a network that takes them as they are, whatever they were scaled by on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import UnknownChoice, WrongShape
from nn import MLP, BadSetting, Data, Recipe, Trial, VectorizedMLP, data, search
from nn.recipes import TASKS
from nn.scales import Scale

LINE = np.linspace(-3, 5, 40)


def line(noise: float = 0.0) -> Data:
    """Answers far from 0 that a straight line explains."""
    off = noise * np.random.default_rng(2).standard_normal(LINE.shape)
    return Data(np.array([1e4 + 10 * LINE, np.full(LINE.shape, 7.0)]), np.array([2e5 + 300 * LINE + off]), "regression")


@given(
    sizes=st.lists(st.integers(1, 3), min_size=0, max_size=2),
    means=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=2),
    powers=st.lists(st.floats(-3, 3), min_size=2, max_size=2),
    seed=st.integers(0, 99),
)
def test_a_scale_in_the_weights_is_a_scale_of_the_data(
    sizes: list[int], means: list[float], powers: list[float], seed: int
) -> None:
    generator = np.random.default_rng(seed)
    deviations = 10.0 ** np.array(powers)
    X = np.array(means)[:, None] + deviations[:, None] * generator.normal(size=(2, 9))
    told = Data(X, 1e3 * generator.normal(size=(2, 9)) - 50, "regression")
    net, scale = MLP(2, [*sizes, 2], activation="tanh", output="linear", seed=seed), Scale.of(told)
    small = VectorizedMLP.of(net).forward(scale.applied(told).X).A[-1]
    assert scale.answers is not None
    expected = scale.answers[0] + scale.answers[1] * small
    assert VectorizedMLP.of(scale.undone_in(net)).forward(X).A[-1] == pytest.approx(expected, rel=1e-8, abs=1e-6)


def test_a_recipe_gives_a_network_for_the_numbers_as_they_were(tmp_path: Path) -> None:
    learn, test = line().split(0.2)
    fitted = Recipe(widths=(), epochs=300, rate=0.1, batch=None).fit(learn)
    assert fitted.score(test) == pytest.approx(1, abs=1e-6)
    assert fitted.error(test) < 1
    fitted.net.save(tmp_path / "line.json")
    assert MLP.load(tmp_path / "line.json")([1e4, 7.0]).data == pytest.approx(2e5, abs=1)


def test_without_hidden_layers_a_regression_is_the_line_of_least_squares() -> None:
    learn, test = data.housing().split(0.2)
    design = [np.vstack([each.X, np.ones(len(each))]) for each in (learn, test)]
    solved, *_ = np.linalg.lstsq(design[0].T, learn.Y[0], rcond=None)
    error = np.sqrt(np.mean((solved @ design[1] - test.Y[0]) ** 2))
    assert Recipe(widths=(), epochs=300).fit(learn).error(test) == pytest.approx(error, rel=0.01)


@pytest.mark.parametrize("make", [data.moons, data.spirals, lambda: data.spirals(150, arms=3), line])
def test_a_task_is_known_by_its_answers(make: object) -> None:
    given = make()  # type: ignore[operator]  # each makes Data
    fitted = Recipe(epochs=3).fit(given)
    task = TASKS[given.task]
    assert fitted.net.activations[-1] == task.output
    assert fitted.history.last.measures.keys() == {task.measure}
    assert fitted.score(given) == pytest.approx(fitted.history.best.measures[task.measure], abs=1e-6)
    assert fitted.net.sizes[-1] == len(given.Y)


def test_the_best_epoch_is_chosen_by_what_was_kept_back() -> None:
    learn, _ = line(noise=300).split(0.2)
    fitted = Recipe(widths=(30,), kept_back=0.25, patience=5, rate=0.05).fit(learn)
    assert fitted.history.examples == 24
    assert fitted.history.stopped == "no better cost for 5 epochs"
    judged = [epoch.judged for epoch in fitted.history.epochs]
    assert fitted.history.best.number == judged.index(min(judged))


def test_layers_and_neurons_are_widths() -> None:
    recipe = Recipe(widths=(8, 4))
    assert recipe.but(layers=3).widths == (8, 8, 8)
    assert recipe.but(neurons=5).widths == (5, 5)
    assert recipe.but(layers=1, neurons=5, rate=0.5) == Recipe(widths=(5,), rate=0.5)
    assert recipe.but(layers=0).widths == ()
    with pytest.raises(BadSetting, match="rate: given 0, expected a number above 0"):
        recipe.but(rate=0)
    with pytest.raises(UnknownChoice, match="no setting 'lr'; choose one of"):
        recipe.but(lr=1)
    with pytest.raises(WrongShape):
        recipe.but(neurons=-1).fit(line())


def test_a_search_tries_recipes_on_what_was_kept_back() -> None:
    trial = Trial(moons, Recipe(epochs=3, kept_back=0.3))
    found = search(trial, {"rate": [0.001, 0.05], "neurons": [2, 8]}, by="accuracy")
    assert [row.settings for row in found.rows][:2] == [{"rate": 0.001, "neurons": 2}, {"rate": 0.001, "neurons": 8}]
    assert found.best.settings["rate"] == 0.05
    again = Recipe(epochs=3, kept_back=0.3).but(**found.best.settings).fit(moons())
    assert found.best.scores == {**again.history.best.measures, "validation": again.history.best.judged}
    found = search(trial, {"rate": [0.05], "lr": [0.1]}, by="accuracy")
    assert "no setting 'lr'" in found.failed[0].error


def moons() -> Data:
    """A hundred points."""
    return data.moons(100)

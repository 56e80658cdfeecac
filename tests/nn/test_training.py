"""Networks that learn: one loop for all descents, engines with the same numbers, and what stops it."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import NonFinite, UnknownChoice, WrongShape, gradients
from nn import MLP, BadSetting, Exploded, History, train
from nn.engines import ENGINES
from nn.losses import LOSSES, total_loss

XOR = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
ODD = np.array([[0.0, 1.0, 1.0, 0.0]])
OUTPUTS = {
    "squared_error": "linear",
    "binary_cross_entropy": "sigmoid",
    "cross_entropy": "softmax",
    "hinge": "linear",
}


def examples(sizes: list[int], count: int, loss: str, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs, and targets of the kind that the loss expects."""
    generator = np.random.default_rng(seed)
    X, k = generator.normal(size=(sizes[0], count)), sizes[-1]
    if loss == "cross_entropy":
        return X, np.eye(k)[:, generator.integers(k, size=count)]
    if loss == "hinge":
        return X, generator.choice([-1.0, 1.0], size=(k, count))
    return X, generator.uniform(size=(k, count))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_learns_what_no_single_neuron_can(engine: str) -> None:
    net = MLP(2, [4, 1], activation="tanh", seed=1)
    history = train(net, XOR, ODD, loss="binary_cross_entropy", engine=engine, epochs=150, rate=0.1, optimiser="adam")
    assert history.last.cost < 0.05 < history.costs[0]
    assert [round(net(x).data) for x in XOR.T.tolist()] == [0, 1, 1, 0]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_all_engines_have_the_same_losses_for_the_same_seed(loss: str, optimiser: str) -> None:
    X, Y = examples([3, 4, 3], 10, loss)
    costs = []
    for engine in ENGINES:
        net = MLP(3, [4, 3], activation="tanh", output=OUTPUTS[loss], seed=2)
        history = train(
            net,
            X,
            Y,
            loss=loss,
            engine=engine,
            epochs=13,
            batch=3,
            rate=0.05,
            optimiser=optimiser,
            strength=0.01,
            seed=5,
        )
        costs.append([*history.costs, *history.losses, *(p.data for p in net.parameters())])
    assert len(history.losses) == 13 * 4
    for other in costs[1:]:
        assert costs[0] == pytest.approx(other, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("bias", [True, False, "shared"])
@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy", "cross_entropy"])
def test_all_engines_agree_about_mixed_layers_and_probabilities(loss: str, bias: Any) -> None:
    X, Y = examples([3, 4, 2], 7, "cross_entropy")  # whose targets are 0 and 1
    found = []
    for engine in ENGINES:
        mixed = [["tanh", "relu", "leaky_relu", "sigmoid"], "softplus"]
        net = MLP(3, [4, 3, 2], activation=mixed, output="sigmoid", bias=bias, seed=4)
        history = train(net, X, Y, loss=loss, engine=engine, epochs=25, batch=4, rate=0.05, seed=5)
        found.append([*history.costs, *history.losses, *(p.data for p in net.parameters())])
    assert len(history.losses) == 50
    for other in found[1:]:
        assert found[0] == pytest.approx(other, rel=1e-9, abs=1e-12)


def test_a_class_that_is_not_asked_for_costs_nothing_at_probability_0() -> None:
    net = MLP(1, [2], output="sigmoid", weights=[[[1.0], [-1e3]]], biases=[[0.0, 0.0]])
    for engine in ENGINES.values():
        cost, gradient = engine(net, "cross_entropy").found(np.array([[1.0]]), np.array([[1.0], [0.0]]))
        assert cost == pytest.approx(np.log1p(np.exp(-1)))
        assert gradient == pytest.approx([-1 / (1 + np.e), -1 / (1 + np.e), 0, 0])


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    activation=st.sampled_from(["sigmoid", "tanh", "softplus"]),
    loss=st.sampled_from(sorted(LOSSES)),
    count=st.integers(1, 4),
    bias=st.sampled_from([True, False, "shared"]),
    seed=st.integers(0, 99),
)
def test_the_gradient_of_a_batch_is_the_mean_of_its_examples(
    sizes: list[int], activation: str, loss: str, count: int, bias: Any, seed: int
) -> None:
    sizes = [2, *sizes, 2]  # softmax of one output is no question
    net = MLP(2, sizes[1:], activation=activation, output=OUTPUTS[loss], bias=bias, seed=seed)
    X, Y = examples(sizes, count, loss, seed)
    each = [
        gradients(total_loss(loss, net.outputs(x), y), net.parameters())
        for x, y in zip(X.T.tolist(), Y.T.tolist(), strict=True)
    ]
    for engine in ENGINES.values():
        found = engine(net, loss).found(X, Y).gradient
        assert found == pytest.approx(np.mean(each, axis=0), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("batch", "updates"), [(None, 1), (100, 1), (1, 100), (20, 5), (30, 4), (1000, 1)])
def test_updates_per_epoch_are_audited(batch: int | None, updates: int) -> None:
    X, Y = examples([2, 1], 100, "squared_error")
    history = train(MLP(2, [1]), X, Y, batch=batch, epochs=3, rate=0.01)
    assert history.updates_per_epoch == updates
    assert [len(epoch.losses) for epoch in history.epochs] == [0, updates, updates, updates]


def test_the_last_short_batch_is_averaged_by_its_own_size() -> None:
    X, Y = examples([2, 1], 5, "squared_error")
    net, other = MLP(2, [1], output="linear"), MLP(2, [1], output="linear")
    train(net, X, Y, batch=4, epochs=1, rate=0.1, shuffle=False)
    for part in (slice(0, 4), slice(4, 5)):
        train(other, X[:, part], Y[:, part], epochs=1, rate=0.1)
    assert [p.data for p in net.parameters()] == [p.data for p in other.parameters()]


def test_all_gradients_come_before_the_update() -> None:
    X, Y = examples([2, 2, 1], 4, "squared_error")
    net = MLP(2, [2, 1], seed=3)
    before = np.array([p.data for p in net.parameters()])
    expected = before - 0.5 * ENGINES["scalar"](net, "squared_error").found(X, Y).gradient
    train(net, X, Y, epochs=1, rate=0.5)
    assert [p.data for p in net.parameters()] == pytest.approx(expected, rel=1e-14)


def test_weights_are_kept_small_and_biases_are_not() -> None:
    X, Y = np.zeros((2, 3)), np.zeros((1, 3))
    net = MLP(2, [1], output="linear", weights=[[[1.0, -2.0]]], biases=[[0.0]])
    history = train(net, X, Y, epochs=1, rate=0.1, strength=0.5, penalty="l2")
    assert history.costs[0] == 0.5 * (1 + 4)
    assert [p.data for p in net.parameters()] == pytest.approx([0.9, -1.8, 0.0])
    net = MLP(2, [1], output="linear", weights=[[[1.0, -2.0]]], biases=[[0.0]])
    train(net, X, Y, epochs=1, rate=0.1, strength=0.5, penalty="l1")
    assert [p.data for p in net.parameters()] == pytest.approx([0.95, -1.95, 0.0])


def test_it_stops_when_asked_to() -> None:
    def run(**options: Any) -> History:
        return train(MLP(2, [4, 1], activation="tanh", seed=1), XOR, ODD, optimiser="adam", rate=0.05, **options)

    assert run(epochs=500, below=0.1).stopped == "the cost is below 0.1"
    away = (np.array([[0.5], [0.5]]), np.array([[5.0]]))  # a validation example that nobody can come near to
    history = run(epochs=500, patience=3, validation=away)
    assert history.stopped == "no better cost for 3 epochs"
    assert history.last.number == history.best.number + 3


def test_ctrl_c_keeps_the_best_weights_and_the_history() -> None:
    def impatient(history: History) -> None:
        if history.last.number == 5:
            raise KeyboardInterrupt

    net = MLP(2, [4, 1], activation="tanh", seed=1)
    history = train(net, XOR, ODD, epochs=50, rate=0.1, told=impatient)
    assert history.stopped == "interrupted in epoch 6"
    assert ENGINES["scalar"](net, "squared_error").cost(XOR, ODD) == pytest.approx(history.best.cost, rel=1e-12)


def test_a_rate_that_explodes_is_told_and_the_best_weights_kept() -> None:
    X, Y = examples([2, 1], 10, "squared_error")
    net = MLP(2, [1], output="linear", seed=1)
    with pytest.warns(Exploded, match=r"in epoch \d+ .*; the network has its parameters of epoch 0 again; try a tenth"):
        history = train(net, X, Y, epochs=2000, rate=1e3)
    assert history.stopped.startswith("exploded in epoch")
    assert ENGINES["vectorised"](net, "squared_error").cost(X, Y) == history.best.cost == history.costs[0]


def test_a_history_is_exported() -> None:
    history = train(MLP(2, [1]), XOR, ODD, epochs=2, batch=2, validation=(XOR, ODD))
    rows = list(csv.DictReader(StringIO(history.csv)))
    assert [float(row["cost"]) for row in rows] == history.costs
    saved = json.loads(history.json)
    assert [epoch["losses"] for epoch in saved["epochs"]] == [list(epoch.losses) for epoch in history.epochs]
    assert repr(history).startswith("<History: 2 epochs of 2 updates, cost ")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"loss": "cost"}, UnknownChoice, "no loss 'cost'; choose one of: squared_error"),
        ({"engine": "torch"}, UnknownChoice, "no engine 'torch'; choose one of: scalar, vectorised, program"),
        ({"optimiser": "sdg"}, UnknownChoice, "no optimiser 'sdg'; choose one of: sgd"),
        ({"penalty": "l3"}, UnknownChoice, "no penalty 'l3'; choose one of: l1, l2"),
        ({"rate": 0}, BadSetting, "rate: given 0, expected a number above 0"),
        ({"batch": 0}, BadSetting, "batch: given 0, expected a whole number from 1"),
        ({"epochs": 0}, BadSetting, "epochs: given 0, expected a whole number from 1"),
        ({"Y": [[0.0, 1.0]]}, WrongShape, r"Y for MLP\(2, \[1\]\): given 2 examples, expected 4"),
        (
            {"X": [[0.0, 1.0], [float("nan"), 1.0]], "Y": [[0.0, 1.0]]},
            NonFinite,
            r"X\[1, 0\] is nan, expected a finite number",
        ),
        ({"X": np.zeros((2, 0)), "Y": np.zeros((1, 0))}, WrongShape, r"expected \(2, m\)"),
    ],
)
def test_what_cannot_work_is_said(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        train(MLP(2, [1]), **({"X": XOR, "Y": ODD} | options))

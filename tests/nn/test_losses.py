"""Losses: one formula each, on Values and on arrays, from probabilities and from logits."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, UnknownChoice, Value, WrongShape, gradients
from autograd.readings.numpy import slope_of
from nn import MLP, losses
from nn.engines import ENGINES
from nn.losses import LOSSES, PENALTIES, total_loss

from ..oracles import central_difference
from .test_training import OUTPUTS, examples

needs_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")


@needs_jax
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "silu", "linear"])
@pytest.mark.parametrize("loss", LOSSES)
def test_jax_finds_the_same_gradients(loss: str, activation: str) -> None:
    jax: Any = importlib.import_module("jax")
    jnp = jax.numpy
    net = MLP(3, [4, 3], activation=activation, output=OUTPUTS[loss], seed=4)
    X, Y = examples([3, 4, 3], 5, loss, seed=1)
    with jax.enable_x64(True):
        bend: Any = {
            "sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu, "linear": lambda a: a,
            "leaky_relu": lambda a: jax.nn.leaky_relu(a, 0.01), "softplus": jax.nn.softplus, "silu": jax.nn.silu,
        }[activation]  # fmt: skip
        each: Any = {
            "squared_error": lambda z, y: ((z - y) ** 2).sum(),
            "binary_cross_entropy": lambda z, y: (jax.nn.softplus(z) - y * z).sum(),
            "cross_entropy": lambda z, y: -(y * jax.nn.log_softmax(z)).sum(),
            "hinge": lambda z, y: jnp.maximum(0, 1 - y * z).sum(),
        }[loss]

        def cost(parameters: Any) -> Any:
            rows = iter(parameters)
            first = [[next(rows) for _ in range(4)] for _ in range(4)]
            last = [[next(rows) for _ in range(5)] for _ in range(3)]
            a, b = jnp.array([jnp.array(row) for row in first]), jnp.array([jnp.array(row) for row in last])
            hidden = bend(a[:, :3] @ X + a[:, 3:])
            z = b[:, :4] @ hidden + b[:, 4:]
            return sum(each(z[:, k], Y[:, k]) for k in range(5)) / 5

        expected = jax.grad(cost)(jnp.array([p.data for p in net.parameters()]))
    for engine in ENGINES.values():
        assert engine(net, loss).found(X, Y).gradient == pytest.approx(np.asarray(expected), rel=1e-10, abs=1e-14)


@given(st.floats(-700, 700), st.floats(0, 1))
def test_from_logits_nothing_overflows(z: float, y: float) -> None:
    logit = Value(z)
    loss = losses.binary_cross_entropy(logit, y, from_logits=True)
    (slope,) = gradients(loss, [logit])
    probability = Value(z).sigmoid().data
    assert loss.data >= 0
    assert slope == pytest.approx(probability - y, abs=1e-12)
    if abs(z) < 15:
        assert loss.data == pytest.approx(losses.binary_cross_entropy(Value(probability), y).data, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("loss", "from_logits"), [("binary_cross_entropy", True), ("hinge", False)])
def test_one_recorded_graph_holds_on_either_side_of_a_kink(loss: str, from_logits: bool) -> None:
    graphs = [Graph(total_loss(loss, Value(at), 1.0, from_logits=from_logits)) for at in (-3.0, 3.0)]
    left, right = ([node.op for node in graph] for graph in graphs)
    assert left == right


def test_one_sigmoid_is_a_softmax_of_two() -> None:
    a = Value(0.9489186)
    of_one = losses.binary_cross_entropy(a, 1.0, from_logits=True)
    of_two = losses.cross_entropy([Value(0.0), a], [0.0, 1.0], from_logits=True)
    assert of_one.data == pytest.approx(of_two.data, rel=1e-15)


def test_only_the_true_class_contributes() -> None:
    p = [Value(0.25, "p₁"), Value(0.75, "p₂")]
    loss = losses.cross_entropy(p, [0.0, 1.0])
    assert p[0] not in Graph(loss)
    assert loss.data == losses.cross_entropy(p, 1).data == -np.log(0.75)
    assert losses.cross_entropy([Value(0.0), Value(1.0)], 1).data == 0  # 0 · ln 0 is no term


def test_a_mean_is_the_sum_over_the_outputs_and_their_number() -> None:
    p = [Value(0.5), Value(1.0)]
    assert losses.squared_error(p, [0.0, 0.0], reduction="mean").data == 0.625
    assert losses.squared_error(p, [0.0, 0.0]).data == 1.25


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_penalty_on_values_and_on_arrays_is_the_same(kind: str) -> None:
    at = [0.5, -2.0, 0.0]
    weights = [Value(w) for w in at]
    total = losses.penalty(kind, weights, 0.1)
    slopes = slope_of(PENALTIES[kind], "w", w=np.array(at), k=0.1)
    assert gradients(total, weights) == pytest.approx(slopes.tolist())
    assert slopes[2] == 0  # the kink of |w| is no reason to move


@given(st.sampled_from(sorted(LOSSES)), st.floats(0.05, 0.95), st.sampled_from([0.0, 1.0]))
def test_the_slope_on_arrays_is_the_table_carried_forward(loss: str, p: float, y: float) -> None:
    formula = LOSSES[loss].formula
    prediction = Value(p)
    value = total_loss(loss, prediction, y)
    found = slope_of(formula, "p", p=np.array([p]), y=np.array([y]))[0]
    assert found == pytest.approx(gradients(value, [prediction])[0] if prediction in Graph(value) else 0.0, rel=1e-14)
    difference = central_difference(lambda at: total_loss(loss, Value(at[0]), y).data, [p], 0)
    assert found == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_bad_requests_are_lessons() -> None:
    with pytest.raises(UnknownChoice, match="no loss from logits 'hinge'; choose one of: binary_cross_entropy, cross"):
        total_loss("hinge", Value(0.5), 1.0, from_logits=True)
    with pytest.raises(WrongShape, match="cross_entropy: class 3 of 2; classes are counted from 0"):
        losses.cross_entropy([Value(0.5), Value(0.5)], 3)
    with pytest.raises(UnknownChoice, match="no reduction 'max'; choose one of: sum, mean"):
        losses.squared_error(Value(0.5), 1.0, reduction="max")
    with pytest.raises(WrongShape, match="l2: there are no weights"):
        losses.penalty("l2", [], 0.1)

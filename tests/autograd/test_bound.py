"""Programs bound to a batch size: the numbers of the program, out of arrays that are made once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Graph, NotAScalar, UnknownChoice, Value, WrongShape, gradients, total
from autograd.bound import Bound
from autograd.program import Program
from autograd.vectorize import vectorize
from nn import MLP

from ..expressions import by_values, random_expression
from ..oracles import programs, run
from .test_vectorize import LOSSES, network_loss, program_of

ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "silu", "linear", "step"]
SIZES = (3, 1, 4, 3, 3)  # of batches in turn on one program


def expect_the_program(program: Program, bound: Bound, *batch: Any, digits: float = 1e-12) -> None:
    """Loss and gradient are those of the program, each asked for alone and both together, however often."""
    rows = np.vstack(batch) if batch else None
    cost, expected = program.loss(rows), program.gradients(rows)
    bound.load(*batch)
    for both in (False, True, False):
        bound.gradient[:] = np.nan  # what is in it from before does not matter
        found = bound.loss_and_gradients()[1] if both else bound.gradients()
        for name, array in bound.views(found).items():
            assert array == pytest.approx(expected[name], rel=digits, abs=digits)
    assert bound.loss() == bound.loss_and_gradients()[0] == pytest.approx(cost, rel=digits, abs=digits)


def expect_all_sizes(y: Value, leaves: Sequence[Value], seed: int) -> None:
    """One program bound to several sizes in turn, with other parameters each time."""
    graph, generator = Graph(y), np.random.default_rng(seed)
    program = vectorize(y, varying := [leaf for leaf in leaves if leaf in graph])
    for m in SIZES if varying else ():
        program.vector += generator.uniform(-0.1, 0.1, program.vector.shape)
        expect_the_program(program, program.bound(m), generator.uniform(-2, 2, (len(varying), m)), digits=1e-11)


@settings(max_examples=100)
@given(program=programs(leaves=5), seed=st.integers(0, 10**6))
def test_irregular_graphs(program: Any, seed: int) -> None:
    leaves = [Value(number, f"x{i}") for i, number in enumerate(np.random.default_rng(seed).normal(size=5))]
    expect_all_sizes(run(program, leaves), leaves[:2], seed)


@pytest.mark.parametrize("seed", range(100))
def test_irregular_graphs_of_every_primitive(seed: int) -> None:
    steps, point = random_expression(seed, leaves=4)
    leaves = [Value(number, f"x{i}") for i, number in enumerate(point)]
    expect_all_sizes(by_values(steps, leaves), leaves[:2], seed)


@settings(max_examples=60)
@given(
    data=st.data(),
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    loss=st.sampled_from(LOSSES),
    bias=st.sampled_from([True, False, "shared"]),
    fused=st.booleans(),
    strength=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 99),
)
def test_networks(
    data: st.DataObject,
    sizes: list[int],
    loss: tuple[str, str, bool],
    bias: Any,
    fused: bool,
    strength: float,
    seed: int,
) -> None:
    name, output, from_logits = loss
    sizes = [*sizes[:-1], max(2, sizes[-1])] if output == "softmax" else sizes
    g = [data.draw(st.lists(st.sampled_from(ACTIVATIONS), min_size=n, max_size=n)) for n in sizes[1:-1]]
    net = MLP(sizes[0], sizes[1:], activation=g, output=output, bias=bias, fused=fused, seed=seed)
    values = [Value(0.3, f"x{i}") for i in range(sizes[0] + sizes[-1])]
    program = vectorize(network_loss(net, name, from_logits, strength, values), values)
    generator = np.random.default_rng(seed)
    for m in SIZES:
        X, Y = generator.normal(size=(sizes[0], m)), generator.uniform(0.1, 0.9, (sizes[-1], m))
        expect_the_program(program, program.bound(m), X, Y)


def digits(seed: int = 0) -> tuple[Program, np.ndarray, np.ndarray]:
    """A classifier as a program, and a batch of 32 for it."""
    generator = np.random.default_rng(seed)
    program = program_of(MLP(64, [32, 10], output="softmax", seed=seed), "cross_entropy", from_logits=True)
    return program, generator.uniform(size=(64, 32)), np.eye(10)[:, generator.integers(10, size=32)]


def test_the_order_of_the_leaves_is_that_of_a_network() -> None:
    net = MLP(2, [3, 1])
    program = program_of(net, "squared_error")
    bound = program.bound(1)
    assert list(bound.leaves) == net.parameters()
    bound.load([[0.5], [-1.0], [1.0]])
    x = [Value(0.5), Value(-1.0)]
    assert bound.gradients() == pytest.approx(gradients((net.outputs(x)[0] - 1) ** 2, net.parameters()), rel=1e-12)


def test_parameters_changed_in_place_are_seen_wherever_they_are_bound() -> None:
    program, X, Y = digits()
    one, other = program.bound(32), program.bound(8)
    one.parameters *= 0.5
    program.parameters["b2"][...] = 1.0
    expect_the_program(program, one, X, Y)
    expect_the_program(program, other, X[:, :8], Y[:, :8])
    assert one.parameters is other.parameters is program.vector


def test_parameters_put_in_place_of_the_vector_are_copied_into_it() -> None:
    program = program_of(MLP(3, [4, 2]), "squared_error")
    bound = program.bound(2)
    program.vector = numbers = np.arange(26.0)
    assert program.parameters["W1"][0].tolist() == bound.views(bound.parameters)["W1"][0].tolist() == [0, 1, 2]
    bound.parameters = (numbers + 1).tolist()
    bound.parameters -= 0.5
    assert program.vector.tolist() == (numbers + 0.5).tolist()
    assert numbers[0] == 0
    with pytest.raises(WrongShape, match=r"vector: given shape \(2,\), expected \(26,\), a number for each parameter"):
        program.vector = [1.0, 2.0]
    with pytest.raises(WrongShape, match="vector: given lists of different lengths"):
        program.vector = [[1.0], [2.0, 3.0]]
    with pytest.raises(NotAScalar, match="parameters: given entries of type <U1"):
        bound.parameters = ["a"] * 26


def test_a_bound_program_is_kept_and_the_oldest_is_let_go() -> None:
    program, *_ = digits()
    first = program.bound(1)
    assert program.bound(1) is first
    assert len({id(program.bound(m)) for m in (2, 3, 4)}) == 3
    assert program.bound(1) is first
    program.bound(5)
    program.bound(6)
    assert program.bound(1) is first
    for m in (7, 8, 9, 10):
        program.bound(m)
    assert program.bound(1) is not first


def test_float32_to_its_precision() -> None:
    program, X, Y = digits()
    bound = program.bound(32, dtype=np.float32)
    expect_the_program(program, bound, X, Y, digits=1e-5)
    assert bound.gradient.dtype == bound.parameters.dtype == np.float32
    assert program.bound(4, dtype="float32").parameters is bound.parameters


def test_an_update_is_fewer_than_twenty_calls() -> None:
    program, *_ = digits()
    calls = program.bound(32).lines
    assert len(calls) < 20
    assert len([call for call in calls if call.startswith("exp(")]) == 2  # one for each layer


def test_biases_cost_no_call_of_their_own() -> None:
    with_biases, without = (
        program_of(MLP(3, [4, 2], activation="relu", bias=bias), "squared_error").bound(5).lines
        for bias in (True, False)
    )
    assert len(with_biases) == len(without)


@pytest.mark.parametrize("bias", [True, False])
def test_a_penalty_of_all_parameters_costs_two_calls(bias: bool) -> None:
    net = MLP(3, [4, 4, 2], activation="tanh", bias=bias)
    values = [Value(0.3, f"x{i}") for i in range(5)]
    loss = network_loss(net, "squared_error", False, 0.0, values)
    alone = vectorize(loss, values).bound(5).lines
    penalised = vectorize(loss + 0.1 * total(w**2 for w in net.parameters()), values).bound(5).lines
    assert len(penalised) == len(alone) + 2


def test_nothing_is_allocated_step_by_step() -> None:
    program, X, Y = digits()
    bound = program.bound(32)
    bound.loss_and_gradients(X, Y)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in range(50):
            bound.loss_and_gradients(X, Y)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1000
    assert peak - before < 10_000  # an array of the hidden layer alone has 8,192 bytes


def test_examples_that_are_in_the_graph_are_its_batch() -> None:
    generator = np.random.default_rng(0)
    net = MLP(2, [3, 1], activation="tanh", output="linear")
    points = generator.normal(size=(20, 3)).tolist()
    losses = [(net([x, y]) - label) ** 2 for x, y, label in points]
    y = total(losses) * (1 / 20) + 0.01 * total(w * w for w in net.parameters())
    bound = vectorize(y).bound()
    assert bound.loss() == pytest.approx(y.data, rel=1e-12)
    assert bound.gradients() == pytest.approx(gradients(y, bound.leaves), rel=1e-10)


def test_a_chain_of_thousands() -> None:
    x, w = Value(0.5, "x"), Value(0.9, "w")
    y = x
    for _ in range(2000):
        y = (y * w).tanh()
    for kind in ("arrays", "lines", "levels"):
        assert vectorize(y, [x], kind).bound(1).gradients([[0.5]]) == pytest.approx(gradients(y, [w]), rel=1e-9)


def test_what_cannot_be_is_said() -> None:
    x, w = Value(1.0, "x"), Value(3.0, "w")
    program = vectorize((w * x).tanh(), [x])
    impossible: list[Any] = [(), (0,), (2.5,), (2, 3), (True,), ([2],)]
    for counts in impossible:
        with pytest.raises(WrongShape, match="expected how many examples a batch has, such as 32"):
            program.bound(*counts)
    with pytest.raises(UnknownChoice, match="no dtype 'int64'; choose one of: float64, float32"):
        program.bound(2, dtype=int)
    with pytest.raises(UnknownChoice, match="no dtype 'halves'"):
        program.bound(2, dtype="halves")
    bound = program.bound(2)
    with pytest.raises(WrongShape, match="there is no batch yet"):
        bound.gradients()
    for batch, said in (
        ([[1.0]], r"given \(1, 1\), expected \(1, 2\), an example per column, whose rows are \['x'\]"),
        ([1.0, 2.0], r"given \(2,\)"),
        (np.zeros((2, 2)), r"given \(2, 2\)"),
        ([[1.0, 2.0], [1.0]], "lists of different lengths"),
    ):
        with pytest.raises(WrongShape, match=said):
            bound.load(batch)
    with pytest.raises(NotAScalar, match="expected real numbers"):
        bound.loss([["a", "b"]])
    assert bound.loss([[0, 0]]) == 0
    alone = vectorize(w * w).bound()
    assert (alone.loss(), alone.gradients().tolist()) == (9, [6])

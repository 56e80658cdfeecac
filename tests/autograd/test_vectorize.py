"""One example's graph as the program for a batch: cost and gradients are those of the scalar sweep."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    Graph,
    NotAScalar,
    NotInGraph,
    NotRecorded,
    Value,
    WrongShape,
    gradients,
    maximum,
    total,
    unrecorded,
    weighted_sum,
)
from autograd.program import Program
from autograd.vectorize import vectorize
from nn import MLP, losses

from ..expressions import by_values, random_expression
from ..oracles import programs, run

Graphed = Callable[[Sequence[Value]], Value]


def expect_the_sweep(
    f: Graphed, batch: Any, parameters: Sequence[float], digits: float = 1e-10, kind: str | None = None
) -> Program | None:
    """The program of f(leaves that vary, then parameters) gives the mean over the columns of what the sweep gives."""
    rows, m = batch.shape
    first = [Value(number, f"x{i}") for i, number in enumerate([*batch[:, 0], *parameters])]
    y = f(first)
    there = [leaf in Graph(y) for leaf in first]
    varying = [i for i in range(rows) if there[i]]
    learnt = [i for i in range(rows, len(first)) if there[i]]
    if not varying:
        return None
    program = vectorize(y, [first[i] for i in varying], kind)
    cost, slopes = 0.0, np.zeros(len(learnt))
    for column in batch.T:
        leaves = [Value(number) for number in (*column, *parameters)]
        example = f(leaves)
        cost += example.data / m
        slopes += np.array(gradients(example, [leaves[i] for i in learnt])) / m
    found = program.gradients(batch[varying])
    assert program.loss(batch[varying]) == pytest.approx(cost, rel=digits, abs=digits)
    assert [found[first[i]] for i in learnt] == pytest.approx(slopes.tolist(), rel=digits, abs=digits)
    return program


@settings(max_examples=200)
@given(program=programs(leaves=5), seed=st.integers(0, 10**6), m=st.integers(1, 4))
def test_irregular_graphs(program: Any, seed: int, m: int) -> None:
    generator = np.random.default_rng(seed)
    expect_the_sweep(lambda at: run(program, at), generator.normal(size=(2, m)), generator.normal(size=3).tolist())


@pytest.mark.parametrize("seed", range(150))
def test_irregular_graphs_of_every_primitive(seed: int) -> None:
    steps, point = random_expression(seed, leaves=4)
    generator = np.random.default_rng(seed)
    expect_the_sweep(lambda at: by_values(steps, at), generator.uniform(-2, 2, (2, 3)), point[2:], 1e-9)


def network_loss(net: MLP, loss: str, from_logits: bool, strength: float, at: Sequence[Value]) -> Value:
    """The loss of one example, whose inputs and targets come first; the network has the parameters that follow."""
    inputs, k = net.sizes[0], net.sizes[-1]
    out = (net.logits if from_logits else net.outputs)(at[:inputs])
    cost = losses.total_loss(loss, out, at[inputs : inputs + k], from_logits=from_logits)
    weights = [w for layer in net.weights for row in layer for w in row]
    return cost + losses.penalty("l2", weights, strength) if strength else cost


LOSSES = [("squared_error", "linear", False), ("squared_error", "sigmoid", False), ("squared_error", "softmax", False),
          ("binary_cross_entropy", "sigmoid", False), ("binary_cross_entropy", "sigmoid", True),
          ("cross_entropy", "softmax", True), ("hinge", "linear", False)]  # fmt: skip


@settings(max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    activation=st.sampled_from(["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "silu"]),
    loss=st.sampled_from(LOSSES),
    bias=st.sampled_from([True, False, "shared"]),
    fused=st.booleans(),
    strength=st.sampled_from([0.0, 0.1]),
    m=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_networks(
    sizes: list[int],
    activation: str,
    loss: tuple[str, str, bool],
    bias: Any,
    fused: bool,
    strength: float,
    m: int,
    seed: int,
) -> None:
    name, output, from_logits = loss
    sizes = [*sizes[:-1], max(2, sizes[-1])] if output == "softmax" else sizes
    net = MLP(sizes[0], sizes[1:], activation=activation, output=output, bias=bias, fused=fused, seed=seed)
    generator = np.random.default_rng(seed)
    batch = np.vstack([generator.normal(size=(sizes[0], m)), generator.uniform(0.1, 0.9, (sizes[-1], m))])
    values = [Value(number, f"x{i}") for i, number in enumerate(batch[:, 0])]
    y = network_loss(net, name, from_logits, strength, values)
    program = vectorize(y, values)
    parameters, expected = net.parameters(), np.zeros(len(net.parameters()))
    cost = 0.0
    for column in batch.T:
        example = network_loss(net, name, from_logits, strength, [Value(number) for number in column])
        cost += example.data / m
        expected += np.array(gradients(example, parameters)) / m
    found = program.gradients(batch)
    assert program.loss(batch) == pytest.approx(cost, rel=1e-10)
    assert [found[w] for w in parameters] == pytest.approx(expected.tolist(), rel=1e-10, abs=1e-12)


def program_of(net: MLP, loss: str, from_logits: bool = False) -> Program:
    values = [Value(0.1 * i, f"{'x' if i < net.sizes[0] else 'y'}{i}") for i in range(net.sizes[0] + net.sizes[-1])]
    return vectorize(network_loss(net, loss, from_logits, 0.0, values), values)


def statements(source: str, function: str) -> list[str]:
    """The assignments in a function, without the shapes behind them."""
    lines = source.partition(f"def {function}")[2].partition("return")[0].splitlines()[1:]
    return [code for line in lines if (code := line.partition("#")[0].strip())]


def test_a_logistic_network_is_written_as_on_the_board() -> None:
    source = program_of(MLP(2, [2, 1]), "binary_cross_entropy").source
    assert statements(source, "forward")[3:7] == [
        "Z1 = W1 @ A0 + b1",
        "A1 = sigmoid(Z1)",
        "Z2 = W2 @ A1 + b2",
        "A2 = sigmoid(Z2)",
    ]
    assert statements(source, "backward")[1:] == [
        "m = A0.shape[1]",
        "dZ2 = A2 - Y",
        "dW2 = dZ2 @ A1.T / m",
        "db2 = dZ2.sum(axis=1, keepdims=True) / m",
        "dZ1 = W2.T @ dZ2 * A1 * (1 - A1)",
        "dW1 = dZ1 @ A0.T / m",
        "db1 = dZ1.sum(axis=1, keepdims=True) / m",
    ]


@pytest.mark.parametrize("start", [0, 1.5, Value(2.0), Value(0.0)], ids=["0", "1.5", "a node", "a node of 0"])
def test_a_loss_that_is_taken_away_step_by_step_is_a_batch_too(start: Any) -> None:
    net, generator = MLP(2, [3, 2], output="softmax", seed=0), np.random.default_rng(0)
    loss = start
    for x, y in zip(generator.random((6, 2)).tolist(), generator.random((6, 2)).tolist(), strict=True):
        for p, t in zip(net(x), y, strict=True):
            loss -= t * p.log()
    loss = loss / 6
    program = vectorize(loss)
    assert [batch.shape for batch in program.batch] == [(4, 6)]
    found, learnt = program.gradients(), [*net.parameters(), *([start] if isinstance(start, Value) else [])]
    assert program.loss() == pytest.approx(loss.data, rel=1e-12)
    assert [found[w] for w in learnt] == pytest.approx(gradients(loss, learnt), rel=1e-10)


@pytest.mark.parametrize("added", [lambda terms: sum(terms), lambda terms: sum(terms, 0.0)], ids=["sum", "from 0.0"])
def test_the_0_that_a_sum_begins_with_leaves_no_trace(added: Callable[[Any], Value]) -> None:
    net = MLP(2, [2, 1], seed=0)
    data = [([0.1, 0.9], 1.0), ([0.4, -0.3], 0.0), ([0.7, 0.2], 1.0)]
    program = vectorize(added(losses.squared_error(net(x), t) for x, t in data) / 3)
    assert "C1" not in program.source
    assert statements(program.source, "forward")[-1] == "L = E2 / 3"
    assert program.batch[0].tolist() == [[0.1, 0.4, 0.7], [0.9, -0.3, 0.2], [1.0, 0.0, 1.0]]  # X above Y


def test_a_straight_line_through_plain_numbers_is_a_batch_though_little_is_shared() -> None:
    w, data = Value(0.5, "w"), [(0.1, 0.3), (0.4, 0.9), (0.7, 1.2), (1.0, 2.2)]
    loss = total((w * x - y) ** 2 for x, y in data) / 4
    program = vectorize(loss)
    assert program.batch[0].T.tolist() == [[x, y] for x, y in data]
    assert program.gradients()[w] == pytest.approx(gradients(loss, [w])[0], rel=1e-12)
    assert program.loss([[1.0, 2.0], [0.0, 0.0]]) == pytest.approx((0.25 + 1) / 4)  # L says how many it is divided by
    with pytest.raises(WrongShape, match=r"whose rows are \['<0.1, 0.4, …>', '<0.3, 0.9, …>'\]"):
        program.loss([[1.0, 2.0]])


# What may be done with a node and anything else, plain numbers on both sides.
WITH_NUMBERS: list[Callable[[Value, Any], Value]] = [
    lambda a, b: a + b,
    lambda a, b: b + a,
    lambda a, b: a - b,
    lambda a, b: b - a,
    lambda a, b: a * b,
    lambda a, b: b * a,
    lambda a, b: a / (b * b + 1),
    lambda a, b: b / (a * a + 1),
    lambda a, b: a.sigmoid() ** b,
    lambda a, b: total([a, b, 0.5, a]),
    lambda a, b: weighted_sum([a, b], [b, a], b),
    lambda a, b: maximum([a, b, 0.1]),
    lambda a, b: a.tanh() + 0.5 + b,
    lambda a, b: a.sin() * 0.25 - b,
]


@settings(max_examples=300)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, len(WITH_NUMBERS) - 1), st.integers(0, 20), st.integers(0, 20)), min_size=2
    ),
    columns=st.lists(
        st.lists(st.sampled_from([-1.5, 0.25, 0.75, 2.0]), min_size=2, max_size=2), min_size=2, max_size=5
    ),
    start=st.sampled_from([None, 0, 0.0, 2.5, Value(0.5)]),
    away=st.booleans(),
)
def test_examples_of_plain_numbers_are_what_the_graph_says(
    steps: list[tuple[int, ...]], columns: list[tuple[float, ...]], start: Any, away: bool
) -> None:
    parameters = [Value(0.3, "w"), Value(-0.7, "v")]

    def example(numbers: Sequence[float]) -> Value:
        nodes, anything = [*parameters], [*parameters, *numbers]
        for move, a, b in steps:
            nodes.append(WITH_NUMBERS[move](nodes[-1 - a % len(nodes)], anything[-1 - b % len(anything)]))
            anything.append(nodes[-1])
        return nodes[-1].tanh()

    first, *rest = (example(column) for column in columns)
    loss = first if start is None else start - first if away else start + first
    for term in rest:
        loss = loss - term if away else loss + term
    leaves = [node for node in Graph(loss).nodes if node.op is None]
    program = vectorize(loss)
    found = program.gradients()
    assert program.loss() == pytest.approx(loss.data, rel=1e-10, abs=1e-12)
    learnt = [leaf for leaf in leaves if leaf in found]
    assert len(learnt) == len(leaves)
    assert [found[leaf] for leaf in learnt] == pytest.approx(gradients(loss, learnt), rel=1e-9, abs=1e-11)


def test_relu_is_a_test_in_products_as_one_writes_it_by_hand() -> None:
    source = program_of(MLP(2, [3, 3, 1], activation="relu", output="linear"), "hinge").source
    assert "    return np.maximum(x, 0)\n" in source
    found = [line for line in statements(source, "backward") if line.startswith(("dZ1", "dZ2"))]
    assert found == ["dZ2 = W3.T @ dZ3 * (Z2 > 0)", "dZ1 = W2.T @ dZ2 * (Z1 > 0)"]
    x, w = Value(-1.0, "x"), Value(1.0, "w")
    assert vectorize(-(x * w).relu(), [x]).gradients([[-1.0, 0.0, 3.0]])[w] == -1.0  # alone it is a number
    twice = vectorize((x * w).relu() * (w + x).relu(), [x], kind="arrays")
    assert twice.gradients([[-1.0, 0.5, 3.0]])[w] == pytest.approx((0.5 * 1.5 + 0.5 + 3 * 4 + 3) / 3)


@pytest.mark.parametrize("fused", [True, False])
def test_the_notes_network_of_three_layers(fused: bool) -> None:
    source = program_of(MLP(4, [3, 2, 1], bias=False, fused=fused), "squared_error").source
    assert statements(source, "backward")[2:] == [
        "dZ3 = 2 * (A3 - Y) * A3 * (1 - A3)",
        "dW3 = dZ3 @ A2.T / m",
        "dZ2 = W3.T @ dZ3 * A2 * (1 - A2)",
        "dW2 = dZ2 @ A1.T / m",
        "dZ1 = W2.T @ dZ2 * A1 * (1 - A1)",
        "dW1 = dZ1 @ A0.T / m",
    ]


@pytest.mark.parametrize(
    "net", [MLP(2, [3, 1], activation="softplus"), MLP(3, [4, 3], activation="relu", output="softmax")], ids=repr
)
def test_the_source_runs_alone(net: MLP, tmp_path: Path) -> None:
    loss = "cross_entropy" if net.sizes[-1] > 1 else "binary_cross_entropy"
    program = program_of(net, loss, from_logits=True)
    batch = np.random.default_rng(3).uniform(0, 1, (net.sizes[0] + net.sizes[-1], 4))
    (tmp_path / "program.py").write_text(program.source, encoding="utf-8")
    np.savez(tmp_path / "given.npz", batch=batch, **program.parameters)  # type: ignore[arg-type]  # no array is named allow_pickle
    code = (
        "import numpy as np, program, sys\n"
        "given = dict(np.load('given.npz'))\n"
        "cost, cache = program.forward(given, given.pop('batch'))\n"
        "np.savez('found.npz', cost=cost, **program.backward(cache))\n"
        "assert not {'autograd', 'nn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    found = np.load(tmp_path / "found.npz")
    assert found["cost"] == program.loss(batch)
    for name, array in program.gradients(batch).items():
        assert np.array_equal(found[name], array)


def test_one_example_is_a_flat_list_and_nothing_that_varies_no_batch() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = vectorize(w * x * x, [x])
    assert (program.loss([2.0]), program.gradients([2.0])[w], program.gradients([2.0])["W"].tolist()) == (12, 4, [[4]])
    alone = vectorize(w * w * x)
    assert (alone.loss(), alone.gradients()[w], alone.gradients()[x]) == (18, 12, 9)


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=3),
    activation=st.sampled_from(["tanh", "relu", "softplus"]),
    loss=st.sampled_from(LOSSES[:2] + LOSSES[3:]),
    fused=st.booleans(),
    strength=st.sampled_from([0.0, 0.1]),
    m=st.integers(2, 6),
    as_values=st.booleans(),
    seed=st.integers(0, 99),
)
def test_the_examples_in_a_graph_are_found(
    sizes: list[int],
    activation: str,
    loss: tuple[str, str, bool],
    fused: bool,
    strength: float,
    m: int,
    as_values: bool,
    seed: int,
) -> None:
    name, output, from_logits = loss
    sizes = [*sizes[:-1], max(2, sizes[-1])] if output == "softmax" else sizes
    net = MLP(sizes[0], sizes[1:], activation=activation, output=output, fused=fused, seed=seed)
    generator = np.random.default_rng(seed)
    batch = np.vstack([generator.normal(size=(sizes[0], m)), generator.uniform(0.1, 0.9, (sizes[-1], m))])
    made = [[Value(x) if as_values else x for x in column] for column in batch.T.tolist()]
    mean = sum((network_loss(net, name, from_logits, 0.0, example) for example in made), Value(0.0)) / m
    if strength:
        mean += losses.penalty("l2", [w for layer in net.weights for row in layer for w in row], strength)
    program, parameters = vectorize(mean), net.parameters()
    assert program.loss() == pytest.approx(mean.data, rel=1e-10)
    found, expected = program.gradients(), gradients(mean, parameters)
    assert [found[w] for w in parameters] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_hundred_examples_are_one_matrix() -> None:
    net = MLP(3, [4, 2], activation="tanh", output="linear", fused=False)
    X, Y = np.random.default_rng(1).normal(size=(3, 100)), np.zeros((2, 100))
    each = [losses.squared_error(net.outputs(x), y) for x, y in zip(X.T.tolist(), Y.T.tolist(), strict=True)]
    program = vectorize(sum(each[1:], each[0]) / 100)
    (batch,) = program.batch
    assert batch.shape[1] == 100
    assert statements(program.source, "backward")[1:3] == ["dZ2 = 2 * (Z2 - Y)", "dW2 = dZ2 @ A1.T / 100"]
    other = np.vstack([2 * batch[:3], batch[3:]])
    assert program.loss(other) != program.loss()


def test_terms_that_are_the_same_are_no_examples() -> None:
    w = Value(0.3, "w")
    y = sum(((w * 2.0).tanh() * w for _ in range(5)), Value(0.0))
    program = vectorize(y)
    assert program.loss() == pytest.approx(y.data, rel=1e-12)
    assert program.gradients()[w] == pytest.approx(gradients(y, [w])[0], rel=1e-12)


def test_a_long_chain_is_no_deeper_than_any() -> None:
    x, w = Value(0.5, "x"), Value(0.9, "w")
    y = x
    for _ in range(3000):
        y = (y * w).tanh()
    program = vectorize(y, [x])
    assert program.gradients([0.5])[w] == pytest.approx(gradients(y, [w])[0], rel=1e-9)


def test_what_cannot_be_is_said() -> None:
    x, y, w = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "w")
    loss = ((w * x).tanh() - 1) ** 2
    with pytest.raises(NotInGraph, match="vectorize: y is not among the"):
        vectorize(loss, [x, y])
    with pytest.raises(WrongShape, match="x is given twice"):
        vectorize(loss, [x, x])
    with pytest.raises(WrongShape, match="is computed; batch= lists"):
        vectorize(loss, [loss.parents[0]])
    with pytest.raises(NotAScalar):
        vectorize(3.0, [x])
    with unrecorded():
        gone = w * x
    with pytest.raises(NotRecorded):
        vectorize(gone, [x])
    program = vectorize(loss, [x])
    for batch, said in (
        ([[1.0], [2.0]], r"given shape \(2, 1\), expected \(1, m\)"),
        (np.zeros((1, 0)), r"given shape \(1, 0\), expected \(1, m\)"),
        (None, r"given nothing, expected \(1, m\)"),
        ([[1.0], [2.0, 3.0]], "lists of different lengths"),
    ):
        with pytest.raises(WrongShape, match=said):
            program.loss(batch)
    with pytest.raises(NotAScalar, match="expected real numbers"):
        program.gradients([["a"]])
    with pytest.raises(NotInGraph, match="no parameter 'W7' in this program; it has W"):
        program.gradients([1.0])["W7"]
    with pytest.raises(NotInGraph, match="x is no parameter of this program"):
        program.gradients([1.0])[x]
    assert total([x]) not in program.gradients([1.0])

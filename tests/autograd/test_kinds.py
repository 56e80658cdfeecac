"""How a graph is computed: in arrays, by levels, line by line; the numbers are the same, and the plan says why."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    Graph,
    NotVectorized,
    Program,
    TooMany,
    UnknownChoice,
    Value,
    WrongShape,
    fold,
    gradients,
    lines,
    logsumexp,
    maximum,
    minimum,
    total,
    vectorize,
    weighted_sum,
)
from autograd.formula import Formula
from autograd.functions import record
from autograd.levels import Levels
from autograd.lines import Lines
from autograd.ops import row
from nn import MLP, losses

from ..expressions import by_values, random_expression
from ..oracles import programs, run
from .test_vectorize import expect_the_sweep

KINDS = ("arrays", "levels", "lines")
IRREGULAR = pytest.mark.parametrize("kind", ["levels", "lines"])


def expect_the_gradients(y: Value, kind: str | None, digits: float = 1e-10) -> Program:
    """The program of this graph, without a batch, gives its number and what the sweep gives."""
    leaves = [node for node in Graph(y).nodes if node.op is None]
    program = vectorize(y, [], kind)
    found = program.gradients()
    assert program.loss() == pytest.approx(y.data, rel=digits, abs=digits, nan_ok=True)
    with warnings.catch_warnings(action="ignore"):
        expected = gradients(y, leaves)
    assert [found[leaf] for leaf in leaves] == pytest.approx(expected, rel=digits, abs=digits, nan_ok=True)
    return program


@settings(max_examples=100)
@given(program=programs(leaves=5), kind=st.sampled_from(KINDS), seed=st.integers(0, 10**6), m=st.integers(1, 4))
def test_random_graphs(program: Any, kind: str, seed: int, m: int) -> None:
    generator = np.random.default_rng(seed)
    point = generator.normal(size=(2, m)), generator.normal(size=3).tolist()
    expect_the_sweep(lambda at: run(program, at), *point, kind=kind)
    expect_the_gradients(run(program, [Value(number) for number in (*point[0][:, 0], *point[1])]), kind)


@IRREGULAR
@pytest.mark.parametrize("seed", range(100))
def test_every_primitive(seed: int, kind: str) -> None:
    steps, point = random_expression(seed, leaves=4)
    batch = np.random.default_rng(seed).uniform(-2, 2, (2, 3))
    expect_the_sweep(lambda at: by_values(steps, at), batch, point[2:], 1e-9, kind)
    expect_the_gradients(by_values(steps, [Value(number) for number in point]), kind, 1e-9)


def many(count: int, generator: random.Random) -> list[Value]:
    return [Value(generator.uniform(-1, 1), f"x{i}") for i in range(count)]


def irregular(width: int, depth: int, seed: int = 0) -> Value:
    """Level upon level, each node made of any two of the level below."""
    generator = random.Random(seed)
    level = many(width, generator)
    for _ in range(depth):
        pairs = [(generator.choice(level), generator.choice(level), generator.random()) for _ in level]
        level = [a * b if chance < 0.4 else a - b if chance < 0.8 else a.tanh() for a, b, chance in pairs]
    return total(level)


def chain(links: int) -> Value:
    """As deep as it is long."""
    x, w = Value(0.5, "x"), Value(1.1, "w")
    for link in range(links):
        x = (x * w).sin() if link % 2 else x - 0.1
    return x


@pytest.mark.parametrize(
    ("y", "kind"),
    [
        (Value(2.0) * Value(3.0) + 1, "lines"),
        (chain(2000), "lines"),
        (irregular(400, 8), "levels"),
        (total(x**2 for x in many(50, random.Random(0))), "arrays"),
        (Value(1.0), "arrays"),
    ],
)
def test_the_kind_that_is_chosen(y: Value, kind: str) -> None:
    program = expect_the_gradients(y, None)
    assert program.kind == kind
    assert program.kind in repr(program)
    assert re.match(r"[\d,]+ scalars?( in [\d,]+ (array|group)|; ([\d,]+|more than 1,000) array)", program.why)


def test_with_a_batch_few_statements_stay_readable_and_deep_graphs_are_lines() -> None:
    y = chain(100)
    x = next(node for node in Graph(y).nodes if node.name == "x")
    assert vectorize(y, [x]).kind == "arrays"
    y = chain(2000)
    x, w = (next(node for node in Graph(y).nodes if node.name == name) for name in "xw")
    program = vectorize(y, [x])
    assert program.kind == "lines"
    assert program.gradients([[0.5, 0.5]])[w] == pytest.approx(gradients(y, [w])[0], rel=1e-10)


def test_networks_are_arrays_by_any_other_kind_too() -> None:
    """With a batch, and with the examples in the graph."""
    net = MLP(3, [4, 2], output="softmax", seed=0)
    x, y = [Value(0.3, f"x{i}") for i in range(3)], [Value(float(i), f"y{i}") for i in range(2)]
    loss = losses.cross_entropy(net.logits(x), y, from_logits=True)
    batch = np.random.default_rng(0).uniform(0.1, 1, (5, 4))
    expected = vectorize(loss, [*x, *y])
    assert expected.kind == "arrays"
    for kind in ("levels", "lines"):
        found = vectorize(loss, [*x, *y], kind)
        assert found.loss(batch) == pytest.approx(expected.loss(batch), rel=1e-12)
        ours, theirs = found.gradients(batch), expected.gradients(batch)
        assert [ours[w] for w in net.parameters()] == pytest.approx([theirs[w] for w in net.parameters()], rel=1e-10)
    examples = batch.T.tolist()
    unrolled = total(losses.squared_error(net(example[:3]), example[3:]) for example in examples)
    assert vectorize(unrolled).batch[0].shape == (5, 4)
    for kind in ("levels", "lines"):
        assert not vectorize(unrolled, kind=kind).batch
        expect_the_gradients(unrolled, kind)


ALONE = """
import sys
import numpy as np
for number in range(int(sys.argv[1])):
    program, given = __import__(f"program{number}"), dict(np.load(f"given{number}.npz"))
    cost, cache = program.forward(given, given.pop("batch"))
    np.savez(f"found{number}.npz", cost=cost, **program.backward(cache))
assert not {"autograd", "nn"} & set(sys.modules)
"""


def random_programs() -> Iterator[tuple[Program, Any]]:
    """Networks and expressions of every primitive, with a batch and without, as they come and in every kind."""
    for seed in range(40):
        generator = random.Random(seed)
        leaves = many(4, generator)
        y = by_values(random_expression(seed, leaves=4)[0], leaves)
        varying = [leaf for leaf in leaves[:2] if leaf in Graph(y)]
        for kind in (None, *KINDS):
            yield (
                vectorize(y, varying, kind),
                np.random.default_rng(seed).normal(size=(len(varying), 3 if varying else 1)),
            )
            yield vectorize(y, [], kind), np.zeros((0, 1))
        activation = generator.choice(["sigmoid", "tanh", "relu", "softplus", "silu", "leaky_relu"])
        net = MLP(
            2, [generator.randint(1, 3), 2], activation=activation, output="softmax", fused=seed % 2 > 0, seed=seed
        )
        x, t = many(2, generator), many(2, generator)
        cost = losses.cross_entropy(net.logits(x), t, from_logits=True)
        penalty = losses.penalty(generator.choice(["l1", "l2"]), net.parameters(), 0.1)
        yield vectorize(cost + penalty, [*x, *t]), np.random.default_rng(seed).uniform(0.1, 0.9, (4, 3))


def test_the_files_run_alone(tmp_path: Path) -> None:
    """In a fresh interpreter, to the bit."""
    given = [*random_programs()]
    for number, (program, batch) in enumerate(given):
        (tmp_path / f"program{number}.py").write_text(program.source, encoding="utf-8")
        np.savez(tmp_path / f"given{number}.npz", batch=batch, **program.parameters)  # type: ignore[arg-type]  # no array is named allow_pickle
    subprocess.run([sys.executable, "-c", ALONE, str(len(given))], cwd=tmp_path, check=True)
    for number, (program, batch) in enumerate(given):
        found = np.load(tmp_path / f"found{number}.npz")
        expected: dict[str, Any] = {"cost": program.loss(batch), **program.gradients(batch).arrays}
        assert set(found) == set(expected)
        for name, array in expected.items():
            assert np.array_equal(found[name], array, equal_nan=True), (number, name)


def test_a_file_of_lines_is_one_to_read() -> None:
    w, x, y = Value(0.5, "w"), Value(1.0, "x"), Value(0.3, "y")
    source = vectorize(((w * x).tanh() - y) ** 2, []).source
    assert (
        source[source.index("def forward") :]
        == """def forward(parameters, batch):
    w, x, y = parameters["P"].ravel().tolist()
    v1 = w * x
    v2 = tanh(v1)
    v3 = v2 - y
    v4 = v3 * v3
    return v4, (w, x, v2, v3)


def backward(cache):
    w, x, v2, v3 = cache
    dv4 = 1.0
    dv3 = dv4 * 2 * v3
    dv2 = dv3
    dy = -dv3
    dv1 = dv2 * (1 - v2 * v2)
    dw = dv1 * x
    dx = dv1 * w
    return {"P": np.array([dw, dx, dy]).reshape(-1, 1)}
"""
    )


@IRREGULAR
@pytest.mark.parametrize("has_batch", [True, False])
def test_bound(kind: str, has_batch: bool) -> None:
    leaves = many(6, random.Random(1))
    y = weighted_sum(leaves[:2], leaves[2:4], leaves[4]).tanh() * leaves[5] - leaves[0] / 7
    program = vectorize(y, leaves[:2] if has_batch else [], kind)
    bound = program.bound(*[3] * has_batch)
    assert list(bound.leaves) == (leaves[2:] if has_batch else leaves)
    batch = [np.random.default_rng(0).normal(size=(2, 3))] if has_batch else []
    expected = program.gradients(*batch)["P"][:, 0]
    assert bound.loss(*batch) == program.loss(*batch)
    assert bound.gradients() == pytest.approx(expected, rel=1e-14)
    cost, gradient = bound.loss_and_gradients(*batch)
    assert (cost, gradient.tolist()) == (bound.loss(), expected.tolist())
    bound.parameters[...] += 0.5
    assert bound.loss() == program.loss(*batch) != cost
    small = program.bound(*[3] * has_batch, dtype="float32")
    assert small.loss(*batch) == pytest.approx(bound.loss(), rel=1e-5)
    assert small.gradients() == pytest.approx(bound.gradients(), rel=1e-4)
    assert small.gradients().dtype == np.float32


@IRREGULAR
def test_what_is_not_finite_is_a_number_like_others(kind: str) -> None:
    for number in (0.0, -1.0, 800.0, -0.0, inf, nan):
        x, one = Value(number, "x"), Value(1.0, "one")
        for y in (one / x, x.log() + one, x.exp() * one, (x * x) ** 200 - one, x**0.5 + one, one * inf + x, x - nan):
            expect_the_gradients(y, kind)


@IRREGULAR
def test_long_sums_many_readers_and_what_no_gradient_passes(kind: str) -> None:
    leaves = many(60, random.Random(2))
    shared = leaves[0]
    y = total(leaves) * shared
    for leaf in leaves:
        y = y + shared * leaf
    expect_the_gradients(y * maximum(leaves) + logsumexp(leaves), kind)
    program = expect_the_gradients(leaves[1].step() + 0 * leaves[2], kind)
    assert program.gradients()["P"].tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("name", ["lambda", "x y", "d", "np", "sum", "v1", "t1", "log", "", "ω", "x₁", "batch", "P"])
def test_odd_names(name: str) -> None:
    leaves: Sequence[Value] = [Value(0.5, name), Value(0.25, "dx"), Value(2.0, "x"), Value(-1.0, name)]
    expect_the_gradients(logsumexp(leaves) * leaves[0] + leaves[1].tanh() / leaves[2] - leaves[3], "lines")


def test_what_has_no_arrays_says_how_to_get_them() -> None:
    program = vectorize(chain(10), [])
    for ask in (lambda: program.plan, lambda: program.equations, lambda: program.beside("A1"), program.arrays,
                program.to_jax, program.to_torch, program.to_onnx):  # fmt: skip
        with pytest.raises(NotVectorized, match=r"in lines and has no arrays; say which leaves are other numbers"):
            ask()
    x = Value(0.5, "x")
    with pytest.raises(NotVectorized, match=r'in levels and has no arrays; ask for vectorize\(\.\.\., kind="arrays"'):
        _ = vectorize((x * Value(2.0)).tanh(), [x], "levels").plan
    with pytest.raises(UnknownChoice, match="there is no kind 'matrices'; choose one of: arrays, levels, lines"):
        vectorize(chain(10), kind="matrices")
    with pytest.raises(
        WrongShape, match=r"batch: given shape \(2, 3\), expected \(0, m\); nothing varies; leave it out"
    ):
        program.loss(np.ones((2, 3)))


def test_a_loss_that_nothing_is_computed_for_is_an_array_whatever_is_asked() -> None:
    w = Value(2.0, "w")
    for kind, loss in product((None, *KINDS), (w, 0 + w)):
        program = vectorize(loss, kind=kind)
        assert (program.kind, program.loss(), program.gradients()[w]) == ("arrays", 2.0, 1.0)


def test_what_no_row_of_the_table_computes_is_refused_by_name() -> None:
    x = Value(2.0, "x")
    cube = row("cube", "³", "x", Formula("x") ** 3, (3 * Formula("x") ** 2,), "The cube.")
    with pytest.raises(NotVectorized, match="is computed by cube, which is no row of the table"):
        vectorize(record(cube, x) + 1)
    (folded,) = fold(Graph(MLP(2, [2, 1], seed=0)([0.1, 0.2])), "neuron").outputs
    with pytest.raises(NotVectorized, match="is computed by a folded scope, which has no formula"):
        vectorize(folded)


def test_more_lines_than_python_can_compile_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 1000)
    assert vectorize(chain(400)).kind == "lines"
    with pytest.raises(TooMany, match=r"more than 1,000; gradients\(loss\) sweeps the graph as it is"):
        vectorize(chain(2000))


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_floats_that_may_be_changed(kind: str) -> None:
    x, y = Value(0.5, "x"), Value(2.0, "y")
    for loss in (x * 1.0 + 3 * y, x * y, (x + y).tanh()):
        for array in vectorize(loss, [y], kind).gradients([[1.0, 2.0, 3.0]]).values():
            assert array.dtype == float
            array *= 0.5
    program = vectorize((x * y).tanh(), [x, y], kind)
    assert dict(program.gradients([[1.0, 2.0], [3.0, 4.0]])) == {}
    assert program.bound(2).loss([[1.0, 2.0], [3.0, 4.0]]) == program.loss([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_share_no_memory_so_that_parameters_can_be_updated_one_by_one(kind: str) -> None:
    """The gradient of w · x by w is x itself, which an update of x would change."""
    w, x, y = (many(4, random.Random(seed)) for seed in range(3))
    pairs = list(zip(w, x, strict=True))
    for loss in (
        total(a * b for a, b in pairs),
        total(a + b for a, b in pairs),
        total((a + b).tanh() for a, b in pairs),
        total(a * b + a * y[0] for a, b in pairs),
        total(weighted_sum(w[:2], [b, c], a) for a, b, c in zip(w[2:], x, x[2:], strict=False)),
    ):
        for batch in ([], [y[0]] if y[0] in Graph(loss) else []):
            program = vectorize(loss, batch, kind)
            given = np.ones((len(batch), 1)) if batch else None
            arrays = [*program.gradients(given).values(), *program.parameters.values(), *([given] if batch else [])]
            assert not any(np.shares_memory(one, other) for one, other in combinations(arrays, 2))
            traced = program.arrays(given) if kind == "arrays" else {}
            assert not any(np.shares_memory(array, program.vector) for array in traced.values())


@pytest.mark.parametrize("kind", KINDS)
def test_lists_of_one_and_of_the_same(kind: str) -> None:
    x, w = Value(0.7, "x"), Value(-0.3, "w")
    for some in (total, maximum, minimum, logsumexp):
        for entries in ([x], [x, x], [x, x, x], [some([x, w])]):
            expect_the_gradients(some(entries) * w + some([w]), kind)
    expect_the_gradients(weighted_sum([w], [x]) * w + weighted_sum([w, w], [x, x], x), kind)


@pytest.mark.parametrize("kind", ["levels", "lines"])
@pytest.mark.parametrize("at_once", [1, 3, 4])
def test_of_many_examples_some_are_computed_at_a_time(kind: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = many(5, random.Random(3))
    loss = (leaves[0] * leaves[1]).tanh() * leaves[2] + (leaves[3] - leaves[1]) ** 2 * leaves[4]
    program, batch = vectorize(loss, leaves[:2], kind), np.random.default_rng(0).normal(size=(2, 10))
    cost, gradient = program.loss(batch), program.gradients(batch)["P"]
    monkeypatch.setattr({"levels": Levels, "lines": Lines}[kind], "largest", at_once * (len(Graph(loss).nodes) + 2))
    assert program.loss(batch) == pytest.approx(cost, rel=1e-14)
    assert program.gradients(batch)["P"] == pytest.approx(gradient, rel=1e-13)
    bound_cost, bound_gradient = program.bound(10).loss_and_gradients(batch)
    assert bound_cost == pytest.approx(cost, rel=1e-14)
    assert bound_gradient == pytest.approx(gradient[:, 0], rel=1e-13)

"""Every witness, the same gradients; and where one differs, or somebody's own do, the place is named."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFiniteWarning, NotAScalar, UnknownChoice, Value, WrongShape
from nn import MLP, VectorizedMLP, crosscheck
from nn.activations import ACTIVATIONS
from nn.problems import Answer, Problem
from nn.settings import BadSetting
from nn.witnesses import WITNESSES, by_equations

from ..oracles import central_difference

LIGHT = ["forward mode", "complex step", "VectorizedMLP"]  # witnesses that take no time


def examples(sizes: list[int], count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs, and targets between 0 and 1."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=(sizes[0], count)), generator.uniform(size=(sizes[-1], count))


@pytest.mark.parametrize("sizes", [[4, 3, 2, 1], [4, 4, 1], [2, 2, 1]], ids=str)
@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_notes_networks_agree(sizes: list[int], loss: str, bias: bool) -> None:
    report = crosscheck(MLP(sizes[0], sizes[1:], bias=bias, seed=3), *examples(sizes, 5), loss=loss, by=LIGHT)
    assert report.agrees(1e-12), f"\n{report}"
    assert report.costs["scalar sweep"] == pytest.approx(report.costs["VectorizedMLP"], rel=1e-13)
    assert [row.array for row in report.rows][:2] == (["W1", "b1"] if bias else ["W1", "W2"])


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    hidden=st.sampled_from(sorted({*ACTIVATIONS} - {"step"})),  # through which no gradient passes
    output=st.sampled_from(sorted({*ACTIVATIONS} - {"step"})),
    count=st.integers(1, 3),
    strength=st.sampled_from([0.0, 0.1]),
    penalty=st.sampled_from(["l1", "l2"]),
    bias=st.sampled_from([True, False, "shared"]),
    seed=st.integers(0, 100),
)
def test_any_network_agrees(
    sizes: list[int],
    hidden: str,
    output: str,
    count: int,
    strength: float,
    penalty: str,
    bias: bool | str,
    seed: int,
) -> None:
    net = MLP(sizes[0], sizes[1:], activation=hidden, output=output, bias=bias, seed=seed)
    report = crosscheck(net, *examples(sizes, count, seed), penalty=penalty, strength=strength, by=LIGHT)
    assert report.agrees(1e-11), f"\n{report}"


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_the_vectorised_gradients_are_those_of_its_own_cost(loss: str) -> None:
    X, Y = examples([3, 2, 2], 4)
    engine = VectorizedMLP.of(MLP(3, [2, 2], seed=1))
    gradients = engine.backward(engine.forward(X), Y, loss)

    def cost(weights: list[float]) -> float:
        changed = VectorizedMLP([np.reshape(weights, (2, 3)), engine.W[1]], engine.b, engine.activations)
        return changed.cost(changed.forward(X), Y, loss)

    at = engine.W[0].ravel().tolist()
    differences = [central_difference(lambda w: cost(list(w)), at, slot) for slot in range(6)]
    assert gradients["W1"].ravel() == pytest.approx(differences, rel=1e-7)
    assert {name: array.shape for name, array in gradients.items()} == {
        "W1": (2, 3), "b1": (2, 1), "W2": (2, 2), "b2": (2, 1),
    }  # fmt: skip


def test_the_forward_pass_keeps_what_the_backward_pass_needs() -> None:
    X, _ = examples([3, 4, 1], 5)
    cache = VectorizedMLP.of(MLP(3, [4, 1])).forward(X)
    assert [a.shape for a in cache.A] == [(3, 5), (4, 5), (1, 5)]
    assert [z.shape for z in cache.Z] == [(4, 5), (1, 5)]
    assert cache.A[0] is not None
    assert np.array_equal(cache.A[0], X)


KINDS = [
    ([3, 4, 1], "sigmoid", "sigmoid", "binary_cross_entropy", "l2"),
    ([2, 3, 3], "tanh", "softmax", "cross_entropy", "l1"),
    ([2, 3, 2, 2], ["relu", ["silu", "leaky_relu"]], "linear", "squared_error", "l2"),
    ([2, 2, 2], "softplus", "softmax", "squared_error", "l2"),
    ([2, 2, 1], "relu", "tanh", "hinge", "l1"),
]


@pytest.mark.parametrize(("sizes", "activation", "output", "loss", "penalty"), KINDS, ids=[kind[3] for kind in KINDS])
def test_all_witnesses_agree(sizes: list[int], activation: Any, output: str, loss: str, penalty: str) -> None:
    net = MLP(sizes[0], sizes[1:], activation=activation, output=output, seed=5)
    X, Y = examples(sizes, 3, seed=2)
    report = crosscheck(net, X, Y / Y.sum(axis=0), loss, penalty=penalty, strength=0.1)
    assert report, f"\n{report}"
    assert {*report.costs, *report.left_out} == {*WITNESSES}
    assert min(report.digits.values()) >= 6
    assert all(count >= 12 for name, count in report.digits.items() if name != "differences")
    assert all("not installed" in why for why in report.left_out.values())
    assert str(report).splitlines()[-1] == "all agree"
    assert {value.grad for value in net.parameters()} == {None}


def test_what_would_take_too_long_is_left_out_and_says_why() -> None:
    light = ["sum over paths", "forward mode", "complex step", "differences"]
    report = crosscheck(MLP(4, [32, 32, 1]), *examples([4, 1], 5), by=light)
    assert {*report.left_out} == {*light}
    assert re.fullmatch(r"there are [\d,]+ paths, and each is walked on its own", report.left_out["sum over paths"])
    assert "of 1,249 parameters" in report.left_out["differences"]
    assert "differences     left out: " in str(report)
    assert report.agrees()  # of nobody
    assert report.largest.by == ""


@pytest.mark.parametrize("name", ["forward mode", "differences"])
def test_a_witness_that_differs_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = WITNESSES[name]

    def wrong(problem: Problem) -> Answer:
        loss, grads = right.find(problem)
        grads["b1"][2, 0] += 1e-3
        return Answer(loss, grads)

    monkeypatch.setitem(WITNESSES, name, right._replace(find=wrong))
    report = crosscheck(MLP(2, [3, 1]), *examples([2, 3, 1], 2), by=[*LIGHT, "differences"])
    assert not report
    assert (report.largest.array, report.largest.index, report.largest.by) == ("b1", (2, 0), name)
    assert str(report).splitlines()[-1] == f"{name} DISAGREES, most in b1"


def test_a_cost_that_differs_is_a_disagreement_too(monkeypatch: pytest.MonkeyPatch) -> None:
    right = WITNESSES["VectorizedMLP"]
    monkeypatch.setitem(
        WITNESSES,
        "VectorizedMLP",
        right._replace(find=lambda problem: right.find(problem)._replace(loss=1.0)),
    )
    report = crosscheck(MLP(2, [1]), [1.0, 2.0], [1.0], by=["VectorizedMLP"])
    assert report.digits == {"VectorizedMLP": 0}
    assert not report


@pytest.mark.parametrize("bias", [True, False, "shared"])
def test_a_function_of_ones_own_is_marked(bias: bool | str) -> None:
    net = MLP(3, [4, 2], activation="tanh", output="linear", bias=bias, seed=3)
    X, Y = examples([3, 2], 6)

    def grads(params: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray) -> tuple[float, dict[str, np.ndarray]]:
        W = [params["W1"], params["W2"]]
        b = [params.get("b1", 0.0), params.get("b2", 0.0)]
        A = np.tanh(W[0] @ X + b[0])
        D = W[1] @ A + b[1] - Y
        below = W[1].T @ D * (slope := 1 - A**2)
        found = {"W1": 2 * below @ X.T, "b1": 2 * below, "W2": 2 * D @ A.T, "b2": 2 * D}
        assert slope.shape == A.shape
        own = {
            n: f if n[0] == "W" else f.sum(axis=(0, 1) if bias == "shared" else 1, keepdims=True)
            for n, f in found.items()
        }
        return float((D**2).sum() / X.shape[1]), {name: own[name] / X.shape[1] for name in params}

    report = crosscheck(grads, X, Y, net=net, by=LIGHT)
    assert report, f"\n{report}"
    assert report.marks is not None
    assert report.marks.digits >= 13

    def forgetful(*given: Any) -> Any:
        loss, found = grads(*given)
        return loss, {name: array * given[1].shape[1] for name, array in found.items()}

    report = crosscheck(forgetful, X, Y, net=net, by=LIGHT)
    assert not report
    assert report.marks is not None
    assert ("1/m forgotten",) in [each.names for each in report.marks.explanations]
    assert "\nyours: 3-4-2 network, tanh, output linear, squared error; 6, 6, 8, 2, 4 examples" in str(report)
    assert "all agree" in str(report)


def test_gradients_that_are_computed_already_are_marked() -> None:
    X, Y = examples([2, 1], 5)
    net = MLP(2, [4, 1])
    right = by_equations(Problem.of(net, X, Y, "squared_error")).grads
    assert crosscheck(right, X, Y, by=LIGHT)  # by default of the notes' network
    wrong = crosscheck({**right, "W2": -right["W2"]}, X, Y, net=net, by=LIGHT)
    assert wrong.marks is not None
    assert wrong.marks.loss is None
    assert [(each.names, each.arrays) for each in wrong.marks.explanations] == [(("sign",), ("W2",))]
    with pytest.raises(NotAScalar, match="crosscheck: given 3, expected a network, a function, or gradients by name"):
        crosscheck(3, X, Y)  # type: ignore[arg-type]


def test_a_function_that_raises_says_in_which_line() -> None:
    def grads(params: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray) -> tuple[float, dict[str, np.ndarray]]:
        return params["W3"].sum(), params

    report = crosscheck(grads, *examples([3, 1], 4), by=LIGHT)
    assert report.marks is not None
    (fault,) = report.marks.faults
    assert fault.says.endswith("raises KeyError: 'W3'\n      return params[\"W3\"].sum(), params")
    assert fault.fix == "params has W1, b1, W2, b2"


def test_nan_never_agrees() -> None:
    with pytest.warns(NonFiniteWarning, match="x₁ is nan"):
        report = crosscheck(MLP(1, [1], output="linear"), [float("nan")], [0.0], by=LIGHT)
    assert not report.agrees()
    assert np.isnan(report.largest.relative)


def test_one_example_may_be_a_flat_list_and_grads_stay_untouched() -> None:
    net = MLP(2, [1])
    assert crosscheck(net, [0.1, 0.2], [1], by=LIGHT).agrees()
    assert {value.grad for value in net.parameters()} == {None}


def test_bad_input() -> None:
    net = MLP(2, [1])
    with pytest.raises(WrongShape, match=r"X for MLP\(2, \[1\]\): given shape \(3,\), expected \(2, m\)"):
        crosscheck(net, [1, 2, 3], [1])
    with pytest.raises(WrongShape, match=r"turn rows of examples into columns with np.transpose"):
        crosscheck(net, np.zeros((5, 2)), np.zeros((1, 5)))
    with pytest.raises(WrongShape, match=r"lists of different lengths"):
        crosscheck(net, [[1, 2], [3]], [[1, 2]])
    with pytest.raises(
        WrongShape, match=r"Y for MLP\(2, \[1\]\): given 3 examples, expected 2; give one column for each"
    ):
        crosscheck(net, np.zeros((2, 2)), np.zeros((1, 3)))
    with pytest.raises(WrongShape, match=r"Y for .*: given 1.0, expected \(1, m\)"):
        crosscheck(net, [1, 2], 1.0)
    with pytest.raises(NotAScalar, match=r"X for .*: given entries of type <U1, expected real numbers"):
        crosscheck(net, ["1", "2"], [1])
    engine = VectorizedMLP.of(net)
    with pytest.raises(WrongShape, match="Y: given 1 examples, expected 2"):
        engine.backward(engine.forward(np.ones((2, 2))), np.ones((1, 1)))
    with pytest.raises(UnknownChoice, match="no loss 'mse'; choose one of: squared_error, binary_cross_entropy"):
        crosscheck(net, [1, 2], [1], loss="mse")
    with pytest.raises(UnknownChoice, match="output for binary_cross_entropy 'linear'"):
        crosscheck(MLP(2, [1], output="linear", seed=4), [1.0, 1.0], [1], loss="binary_cross_entropy")
    with pytest.raises(UnknownChoice, match="no penalty 'l3'"):
        crosscheck(net, [1, 2], [1], penalty="l3")
    with pytest.raises(BadSetting, match="strength: given -1"):
        crosscheck(net, [1, 2], [1], strength=-1)
    with pytest.raises(UnknownChoice, match="no witness 'torch'; choose one of: scalar sweep, sum over paths"):
        crosscheck(net, [1, 2], [1], by=["torch"])
    assert isinstance(net([1, 2]), Value)

"""Two engines, the same gradients; and where they differ, the place is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFiniteWarning, NotAScalar, UnknownChoice, Value, WrongShape
from nn import MLP, VectorizedMLP, crosscheck
from nn.activations import ACTIVATIONS

from ..oracles import central_difference


def examples(sizes: list[int], count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs, and targets between 0 and 1."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=(sizes[0], count)), generator.uniform(size=(sizes[-1], count))


@pytest.mark.parametrize("sizes", [[4, 3, 2, 1], [4, 4, 1], [2, 2, 1]], ids=str)
@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_notes_networks_agree(sizes: list[int], loss: str, bias: bool) -> None:
    report = crosscheck(MLP(sizes[0], sizes[1:], bias=bias, seed=3), *examples(sizes, 5), loss=loss)
    assert report.agrees(1e-12), f"\n{report}"
    assert report.scalar_cost == pytest.approx(report.vectorized_cost, rel=1e-13)
    assert [row.array for row in report.rows][:2] == (["W1", "b1"] if bias else ["W1", "W2"])


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    hidden=st.sampled_from(sorted({*ACTIVATIONS} - {"step"})),  # through which no gradient passes
    output=st.sampled_from(sorted({*ACTIVATIONS} - {"step"})),
    count=st.integers(1, 3),
    seed=st.integers(0, 100),
)
def test_any_network_agrees(sizes: list[int], hidden: str, output: str, count: int, seed: int) -> None:
    net = MLP(sizes[0], sizes[1:], activation=hidden, output=output, seed=seed)
    report = crosscheck(net, *examples(sizes, count, seed))
    # Where terms cancel, a difference in the last place of each is a larger share of what is left.
    assert all(row.absolute <= 1e-12 * max(1.0, float(np.abs(row.scalar).max())) for row in report.rows), f"\n{report}"


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


def test_a_wrong_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    right = VectorizedMLP.backward

    def wrong(self: VectorizedMLP, *args: object) -> dict[str, np.ndarray]:
        gradients = right(self, *args)  # type: ignore[arg-type]
        gradients["W2"][0, 1] += 0.5
        return gradients

    monkeypatch.setattr(VectorizedMLP, "backward", wrong)
    report = crosscheck(MLP(2, [3, 1]), *examples([2, 3, 1], 2))
    assert not report.agrees()
    assert (report.largest.array, report.largest.index) == ("W2", (0, 1))
    assert report.largest.absolute == pytest.approx(0.5)
    assert "W2" in str(report)


def test_nan_never_agrees() -> None:
    with pytest.warns(NonFiniteWarning, match="x₁ is nan"):
        report = crosscheck(MLP(1, [1], output="linear"), [float("nan")], [0.0])
    assert not report.agrees()
    assert np.isnan(report.largest.relative)


def test_one_example_may_be_a_flat_list_and_grads_stay_untouched() -> None:
    net = MLP(2, [1])
    assert crosscheck(net, [0.1, 0.2], [1]).agrees()
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
    assert isinstance(net([1, 2]), Value)

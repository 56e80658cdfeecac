"""Networks of Values: the notes' names and numbers, and shapes that do not fit."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Graph, NotAScalar, PathgradError, UnknownChoice, Value, WrongShape, fold
from nn import MLP, BadSetting, indexed, losses
from nn.initial import INITIAL, uniform

# The notes' worked example of a 4-4-1 network, lines 377-416; its figures computed anew to full precision.
W1 = [[0.9, 0.2, 0.4, 0.3], [-0.5, 0.4, 0.3, 0.3], [0.1, 0.1, -0.1, 0.2], [-0.2, 0.5, 0.5, 0.7]]
W2 = [[0.5, 0.8, -0.6, 0.3]]


@pytest.mark.parametrize("fused", [True, False])
def test_the_binary_worked_example(fused: bool) -> None:
    net = MLP(4, [4, 1], weights=[W1, W2], biases=[[0.5] * 4, [0.3]], fused=fused)
    y = net([0.3, 0.5, -0.4, 0.3])
    graph = Graph(y)
    assert [graph[f"a₁{j}"].data for j in "₁₂₃₄"] == pytest.approx([0.80, 0.52, 0.68, 0.70])
    assert [graph[f"h₁{j}"].data for j in "₁₂₃₄"] == pytest.approx(
        [0.6899745, 0.6271478, 0.6637387, 0.6681878], abs=5e-8
    )
    assert graph["a₂₁"].data == pytest.approx(0.9489186, abs=5e-8)
    assert y.data == pytest.approx(0.7208976, abs=5e-8)
    loss = losses.binary_cross_entropy(y, 1)
    assert loss.data == pytest.approx(0.3272581, abs=5e-8)
    loss.backward()
    assert graph["a₂₁"].grad == pytest.approx(-0.2791024, abs=5e-8)  # dz₂ = ŷ - y
    assert [w.grad for w in net.weights[1][0]] == pytest.approx(
        [-0.1925735, -0.1750384, -0.1852510, -0.1864928], abs=5e-8
    )
    assert sum(b.grad or 0 for b in net.biases[0]) == pytest.approx(-0.0632506, abs=5e-8)  # b₁, were it shared


def test_a_bias_that_a_layer_shares_is_one_parameter() -> None:
    net = MLP(4, [4, 1], weights=[W1, W2], biases=[0.5, 0.3], bias="shared")
    y = net([0.3, 0.5, -0.4, 0.3])
    losses.binary_cross_entropy(y, 1).backward()
    b1, b2 = net.biases[0][0], net.biases[1][0]
    assert net.biases == [[b1] * 4, [b2]]
    assert (b1.name, b2.name) == ("b₁", "b₂")
    assert b1.grad == pytest.approx(-0.0632506, abs=5e-8)
    assert b2.grad == pytest.approx(-0.2791024, abs=5e-8)
    assert len(net.parameters()) == 16 + 4 + 2
    assert [value for value in net.parameters() if value is b1] == [b1]
    fold(Graph(y), "neuron")  # the bias stands in no neuron
    assert [b.data for b in MLP(3, [2, 2], bias="shared").parameters() if b.name in ("b₁", "b₂")] == [0, 0]


# By the number of sources n and of targets m: the deviation of a weight, and how many deviations away the farthest is.
INIT: dict[str, Callable[[int, int], tuple[float, float, float]]] = {
    "zeros": lambda n, m: (0, 0, 0),
    "uniform": lambda n, m: (3**-0.5, 1.6, 3**0.5),
    "xavier": lambda n, m: ((2 / (n + m)) ** 0.5, 1.6, 3**0.5),
    "he": lambda n, m: ((2 / n) ** 0.5, 2.5, 6),
}


@pytest.mark.parametrize("init", INIT)
def test_initial_weights_have_the_spread_of_their_rule(init: str) -> None:
    sizes = [40, 60, 20]
    assert set(INIT) == set(INITIAL)
    net = MLP(sizes[0], sizes[1:], init=init, seed=np.random.default_rng(3), activation="relu")
    for matrix, n, m in zip(net.weights, sizes, sizes[1:], strict=False):
        weights = np.array([[w.data for w in row] for row in matrix])
        assert weights.shape == (m, n)
        deviation, nearest, farthest = INIT[init](n, m)
        assert weights.std() == pytest.approx(deviation, rel=0.05)
        assert nearest * deviation <= np.abs(weights).max() <= farthest * deviation


def test_weights_of_a_rule_of_ones_own_and_a_generator_that_goes_on() -> None:
    net = MLP(2, [3], init=lambda sizes, generator: [np.full((3, 2), generator.integers(7, 8)).tolist()])
    assert {w.data for w in net.parameters()[:2]} == {7.0}
    generator = np.random.default_rng(0)
    first, second, third = ([w.data for w in MLP(2, [2], seed=seed).parameters()] for seed in (generator, generator, 0))
    assert first == third != second
    assert max(abs(w.data) for w in MLP(5, [5], init=uniform(0.01)).parameters()) <= 0.01
    with pytest.raises(WrongShape, match=r"weights\[0\] of MLP\(2, \[3\]\): given shape \(2, 3\)"):
        MLP(2, [3], init=lambda sizes, generator: [np.zeros((2, 3)).tolist()])
    with pytest.raises(UnknownChoice, match="no init 'xaver'; choose one of: zeros, uniform, xavier, he"):
        MLP(2, [3], init="xaver")
    with pytest.raises(BadSetting, match="reach: given -1"):
        uniform(-1)


def test_the_default_weights_are_those_they_always_were() -> None:
    """So that the numbers of the documentation stay."""
    drawn = [w.data for w in MLP(4, [3, 2, 1], bias=False, seed=0).parameters()]
    generator = np.random.default_rng(0)
    reach = {(4, 3): (6 / 7) ** 0.5, (3, 2): (6 / 5) ** 0.5, (2, 1): (6 / 3) ** 0.5}
    expected = [generator.uniform(-r, r, (m, n)) for (n, m), r in reach.items()]
    assert drawn == [number for matrix in expected for number in matrix.ravel()]


def test_the_summary_counts() -> None:
    assert MLP(2, [2, 1]).summary().parameters == 9
    assert MLP(2, [1]).summary().parameters == 3
    assert MLP(4, [3, 2, 1], bias=False).summary().parameters == 20
    assert MLP(4, [4, 1], bias="shared").summary().parameters == 22
    assert str(MLP(784, [16, 2], activation="relu", output=["linear", "step"]).summary()).splitlines() == [
        "layer  W         b   activation    parameters",
        "1      16 × 784  16  relu              12,560",
        "2      2 × 16    2   linear, step          34",
        "total                                  12,594",
    ]


@given(st.lists(st.integers(1, 6), min_size=2, max_size=4), st.sampled_from([True, False, "shared"]))
@settings(max_examples=50)
def test_the_summary_counts_what_is_learnt(sizes: list[int], bias: bool | str) -> None:
    net = MLP(sizes[0], sizes[1:], bias=bias)
    assert net.summary().parameters == len(net.parameters()) == len(set(net.parameters()))


def test_a_network_travels_to_another_process() -> None:
    net = pickle.loads(pickle.dumps(MLP(2, [3, 2], activation=["leaky_relu"], output="linear", bias="shared")))
    assert [y.data for y in net([1, 2])] == [
        y.data for y in MLP(2, [3, 2], activation="leaky_relu", output="linear")([1, 2])
    ]
    assert len(net.parameters()) == 6 + 6 + 2


def test_names_say_layer_target_source_from_one() -> None:
    net = MLP(2, [11, 1])
    assert net.weights[0][1][0].name == "w₁₂₁"
    assert net.weights[0][10][1].name == "w₁,₁₁,₂"
    assert net.biases[1][0].name == "b₂₁"
    assert indexed("h", 2, 1) == "h₂₁"
    names = [value.name for value in net.parameters()]
    assert len(names) == len(set(names)) == 2 * 11 + 11 + 11 + 1


def test_every_node_knows_its_neuron_and_its_layer() -> None:
    net = MLP(2, [2, 1])
    h = Graph(net([1.0, 2.0]))["h₁₂"]
    assert h.scope is not None
    assert (h.scope.kind, h.scope.name) == ("neuron", "h₁₂")
    layer = h.scope.enclosing({"layer"})
    assert layer is not None
    assert layer.name == "layer 1"
    assert net.weights[0][1][0].scope is h.scope


def test_fused_and_spelled_out_networks_are_the_same_function() -> None:
    x = [0.3, -0.6, 0.9]
    fused, spelled = MLP(3, [4, 2], seed=5), MLP(3, [4, 2], seed=5, fused=False)
    assert [y.data for y in fused(x)] == pytest.approx([y.data for y in spelled(x)], rel=1e-15)
    assert len(Graph(*spelled(x))) > len(Graph(*fused(x)))


def test_the_same_seed_draws_the_same_weights_and_another_does_not() -> None:
    drawn = [[w.data for w in MLP(3, [4, 2], seed=seed).parameters()] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert max(map(abs, drawn[0][:12])) <= (6 / 7) ** 0.5


def test_one_output_is_a_value_and_several_are_a_list() -> None:
    assert isinstance(MLP(2, [1])([1, 2]), Value)
    assert len(MLP(2, [3])(np.array([1.0, 2.0]))) == 3  # type: ignore[arg-type]


def test_inputs_may_be_values_with_names_of_their_own() -> None:
    x = [Value(1.0, "price"), Value(2.0, "size")]
    y = MLP(2, [1])(x)
    assert Graph(y)["price"] is x[0]


WRONG: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: MLP(4, [3, 2, 1], weights=[[[1]]]),
        r"weights of MLP\(4, \[3, 2, 1\]\): given 1 entries, expected a list of 3",
    ),
    (
        lambda: MLP(2, [2, 1], weights=[[[1, 2], [3, 4]], [[5, 6, 7]]]),
        r"weights\[1\] of MLP\(2, \[2, 1\]\): given shape \(1, 3\), expected shape \(1, 2\); layer 2 has 1 neurons",
    ),
    (
        lambda: MLP(2, [2], weights=[[[1, 2], [3]]]),
        r"weights\[0\].*given lists of different lengths, expected shape \(2, 2\)",
    ),
    (lambda: MLP(2, [2], biases=[[1.0]]), r"biases\[0\].*given shape \(1,\), expected shape \(2,\)"),
    (lambda: MLP(2, [2], biases=[1.0]), r"biases\[0\].*expected shape \(2,\).*bias='shared' is for one number"),
    (lambda: MLP(2, [2], bias="shared", biases=[[1.0, 2.0]]), r"biases\[0\].*given shape \(2,\), expected shape \(\)"),
    (lambda: MLP(2, [2], bias=False, biases=[[1.0, 2.0]]), r"given biases as well as bias=False; leave out one"),
    (lambda: MLP(2, [2], weights=3), r"weights of MLP\(2, \[2\]\): given 3, expected a list of 1"),  # type: ignore[arg-type]
    (lambda: MLP(0, [1]), r"MLP\(0, \[1\]\): expected the number of inputs and a list of widths"),
    (lambda: MLP(4, 3), r"MLP\(4, 3\): expected .* for example MLP\(4, \[3, 2, 1\]\)"),  # type: ignore[arg-type]
    (lambda: MLP(4, [])([1, 2, 3, 4]), r"MLP\(4, \[\]\)"),
    (
        lambda: MLP(4, [3])([1, 2]),
        r"inputs of MLP\(4, \[3\]\): given shape \(2,\), expected shape \(4,\); give 4 numbers",
    ),
    (lambda: MLP(4, [3])(np.array(3.0)), r"inputs of MLP\(4, \[3\]\): given array\(3.\), expected shape \(4,\)"),  # type: ignore[arg-type]
    (lambda: MLP(4, [3])(3), r"inputs of MLP\(4, \[3\]\): given 3"),  # type: ignore[arg-type]
    (
        lambda: losses.squared_error(Value(1.0), [1.0, 2.0]),
        "2 targets for 1 predictions; give one target for each output",
    ),
]


@pytest.mark.parametrize(("make", "lesson"), WRONG, ids=range(len(WRONG)))
def test_a_shape_that_does_not_fit_is_named_with_its_place(make: Callable[[], Any], lesson: str) -> None:
    with pytest.raises(WrongShape, match=lesson) as refused:
        make()
    assert isinstance(refused.value, ValueError)
    assert "\n" not in str(refused.value)


def test_arrays_are_as_good_as_lists() -> None:
    net = MLP(np.int64(2), np.array([2, 1]), weights=[np.ones((2, 2)), np.ones((1, 2))], biases=[np.zeros(2), [5.0]])  # type: ignore[arg-type, list-item]
    assert [b.data for layer in net.biases for b in layer] == [0, 0, 5]
    assert losses.squared_error(net.outputs([1.0, 1.0]), np.array([5.0])).data > 0  # type: ignore[arg-type]


def test_other_bad_input() -> None:
    with pytest.raises(BadSetting, match=r"seed: given 'a', expected a whole number from 0, or a .* Generator"):
        MLP(2, [1], seed="a")  # type: ignore[arg-type]
    with pytest.raises(NotAScalar, match=r"squared_error: the prediction is 3.0; give a Value"):
        losses.squared_error(3.0, 1.0)  # type: ignore[arg-type]
    with pytest.raises(UnknownChoice, match="no activation 'sigmod'; choose one of: sigmoid, tanh, relu, leaky_relu"):
        MLP(2, [1], activation="sigmod")
    with pytest.raises(UnknownChoice, match="no bias 'yes'; choose one of: True, False, 'shared'"):
        MLP(2, [1], bias="yes")
    with pytest.raises(NotAScalar, match="Value\\('a'\\)"):
        MLP(2, [1])([1, "a"])  # type: ignore[list-item]
    with pytest.raises(PathgradError):
        MLP(2, [1], weights=[[["0.5", 1.0]]])  # type: ignore[list-item]

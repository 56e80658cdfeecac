"""Activations for the network, a layer or a neuron; softmax over a whole layer; what cannot be is a lesson."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Graph, NoGradientWarning, PathgradError, UnknownChoice, Value, WrongShape, fold, gradients
from nn import MLP, BadSetting
from nn.activations import ACTIVATIONS, SLOPE, require_activations

from ..oracles import central_difference

# By hand, so that a wrong row would be seen.
BY_HAND: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda a: 1 / (1 + exp(-a)),
    "tanh": lambda a: (exp(2 * a) - 1) / (exp(2 * a) + 1),
    "relu": lambda a: max(a, 0),
    "leaky_relu": lambda a: a if a > 0 else SLOPE * a,
    "softplus": lambda a: log(1 + exp(a)),
    "silu": lambda a: a / (1 + exp(-a)),
    "step": lambda a: float(a > 0),
    "linear": lambda a: a,
}


@pytest.mark.filterwarnings("ignore::autograd.NoGradientWarning")  # of the step
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("a", [-1.5, -0.2, 0.7, 2.0])
def test_an_activation_is_what_its_name_says(name: str, a: float) -> None:
    net = MLP(1, [1], output=name, weights=[[[1.0]]], biases=[[0.0]])
    assert net([a]).data == pytest.approx(BY_HAND[name](a), rel=1e-12)
    assert gradients(net([x := Value(a)]), [x]) == pytest.approx(
        [central_difference(lambda at: BY_HAND[name](at[0]), [a], 0)], abs=1e-7
    )


def test_a_step_passes_nothing_on_and_says_so() -> None:
    net = MLP(2, [1], output="step", weights=[[[1.0, 1.0]]])
    with pytest.warns(NoGradientWarning):
        net([1.0, 1.0]).backward()
    assert net.weights[0][0][0].grad == 0


def test_a_name_is_for_all_hidden_layers_a_list_for_each_a_list_in_it_for_each_neuron() -> None:
    assert MLP(4, [3, 2, 1], activation="tanh").activations == ("tanh", "tanh", "sigmoid")
    assert MLP(4, [3, 2, 1], activation=["relu", "tanh"]).activations == ("relu", "tanh", "sigmoid")
    net = MLP(4, [3, 2, 2], activation=[["relu", "tanh", "tanh"], ("tanh", "tanh")], output=["linear", "step"])
    assert net.activations == (("relu", "tanh", "tanh"), "tanh", ("linear", "step"))
    graph = Graph(*net([0.3, -0.6, 0.9, 0.5]))
    assert [str(graph[f"h₁{j}"].op) for j in "₁₂₃"] == ["relu", "tanh", "tanh"]
    assert graph["h₂₁"].op is graph["h₂₂"].op is autograd.TABLE["tanh"]
    assert MLP(2, [1], activation=[]).activations == ("sigmoid",)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6), st.booleans())
def test_softmax_is_one_of_the_whole_layer(logits: list[float], fused: bool) -> None:
    net = MLP(1, [len(logits)], output="softmax", weights=[[[z] for z in logits]], fused=fused)
    outputs = net([1.0])
    powers = [exp(z - max(logits)) for z in logits]
    assert [h.data for h in outputs] == pytest.approx([power / sum(powers) for power in powers], rel=1e-12)
    graph = Graph(*outputs)
    assert [h.name for h in outputs] == [f"h₁{autograd.subscript(j)}" for j in range(1, len(logits) + 1)]
    sums = [graph[f"a₁{autograd.subscript(j)}"] for j in range(1, len(logits) + 1)]
    assert [a.data for a in sums] == logits
    for j, (h, p) in enumerate(zip(outputs, (h.data for h in outputs), strict=True)):
        expected = [p * ((i == j) - other.data) for i, other in enumerate(outputs)]
        assert gradients(h, sums) == pytest.approx(expected, abs=1e-12)


def test_a_softmax_folds_as_a_neuron_and_its_arrows_are_its_jacobian() -> None:
    outputs = MLP(2, [2, 3], output="softmax", seed=1)([0.5, -1.0])
    folded = fold(Graph(*outputs), "neuron")
    top = folded.outputs[0]
    assert [parent.name for parent in top.parents] == ["a₂₁", "a₂₂", "a₂₃"]
    p = [h.data for h in outputs]
    assert top.partials == pytest.approx([p[0] * (1 - p[0]), -p[0] * p[1], -p[0] * p[2]])
    assert len(fold(Graph(*outputs), "layer").outputs) == 3


WRONG: list[tuple[type[PathgradError], str, dict[str, Any]]] = [
    (UnknownChoice, "there is no activation 'rlu'; choose one of: sigmoid, tanh", {"activation": ["relu", "rlu"]}),
    (UnknownChoice, "there is no activation 3", {"activation": 3}),
    (UnknownChoice, "there is no activation None", {"activation": [None, "relu"]}),
    (UnknownChoice, "there is no output 'x'; choose one of: .*, softmax", {"output": "x"}),
    (WrongShape, "activation: given 3 entries, expected 2, one for each hidden layer", {"activation": ["relu"] * 3}),
    (WrongShape, r"activation\[0\]: given 2 names, expected 3", {"activation": [["relu", "tanh"], "tanh"]}),
    (WrongShape, "output: given 1 names, expected 2", {"output": ["relu"]}),
    (
        BadSetting,
        "activation: given 'softmax' for hidden layer 1, .* write output='softmax'",
        {"activation": "softmax"},
    ),
    (BadSetting, "for hidden layer 2", {"activation": ["relu", ["softmax", "relu"]]}),
    (BadSetting, "output: given 'softmax' for one neuron", {"output": ["softmax", "linear"]}),
]


@pytest.mark.parametrize(("error", "lesson", "options"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_is_a_lesson(error: type[PathgradError], lesson: str, options: dict[str, Any]) -> None:
    with pytest.raises(error, match=lesson) as refused:
        MLP(4, [3, 2, 2], **options)
    assert "\n" not in str(refused.value)


def test_a_softmax_of_one_output_learns_nothing() -> None:
    with pytest.raises(BadSetting, match="softmax of a single output is always 1; write output='sigmoid'"):
        MLP(4, [1], output="softmax")


def test_lists_of_activations_are_checked_for_whoever_has_no_widths() -> None:
    require_activations(["relu", ("tanh", "step"), "softmax"])
    with pytest.raises(BadSetting, match="hidden layer 1"):
        require_activations(["softmax", "relu"])

"""Stacked nodes: the same sweep on matrices gives the same gradients."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Value, WrongShape, fold, gradients, stack, stacked_gradients
from nn import MLP, losses

from ..oracles import Program, close, points, programs, run


def by_layer(node: Any) -> str:
    """A key: the layer of what is computed, the letter of a leaf."""
    layer = node.scope.enclosing({"layer", "loss"}) if node.scope else None
    return f"{layer.name if layer else ''} {node.name[:1] if not node.operands else ''}".strip()


def test_the_jacobians_of_a_network_are_diag_of_slopes_times_weights() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    loss = losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)
    layers = stack(fold(Graph(loss), "neuron"), by_layer)
    assert [node.name for node in layers if node.operands] == ["layer 1", "layer 2", "layer 3", "squared error"]
    second = layers["layer 2"]
    jacobian = second.partials[second.operands.index(layers["layer 1"])]
    for row, h, weights in zip(jacobian, second.data, net.weights[1], strict=True):
        assert row == pytest.approx([h * (1 - h) * w.data for w in weights], rel=1e-12)
    held = stacked_gradients(layers)
    for name in ("layer 1", "layer 2 w", "x"):
        node = layers[name]
        fine = [getattr(inner, "of", inner) for inner in node.nodes]
        assert held[node][0] == pytest.approx(gradients(loss, fine), rel=1e-12)


@given(program=programs(longest=12), at=points, keys=st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_stacked_gradients_equal_the_scalar_ones(program: Program, at: list[float], keys: list[int]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    below = [leaf for leaf in leaves if leaf in Graph(y)]
    group = dict(zip(below, keys, strict=False))  # leaves may be stacked in any way
    layers = stack(Graph(y), lambda node: group.get(node, node))
    held = stacked_gradients(layers)
    for node in layers:
        for fine, derivative in zip(node.nodes, held[node][0], strict=True):
            assert close(derivative, gradients(y, [fine])[0], 1e-9, 1e-12)


def test_stacks_that_depend_on_themselves_are_refused() -> None:
    x = Value(0.5, "x")
    a, b = x.exp(), x.sin()
    y = (a * b).named("y")
    with pytest.raises(WrongShape, match="a stack would depend on itself, all → all; give some of them other keys"):
        stack(Graph(y), lambda node: "all")
    with pytest.raises(WrongShape, match="y must hold the outputs and nothing else"):
        stack(Graph(y, a), lambda node: node.name or "rest")

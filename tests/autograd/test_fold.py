"""Folding changes the picture and never a derivative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import DERIVATIVES, Graph, NotAScalar, Scope, UnknownChoice, Value, fold, gradients, totals, within
from nn import MLP, losses

from ..oracles import MOVES, Program, close, points, programs


@given(program=programs(longest=15), at=points, homes=st.lists(st.integers(0, 3), min_size=15, max_size=15))
def test_folded_gradients_equal_the_scalar_ones(program: Program, at: list[float], homes: list[int]) -> None:
    scopes = [Scope("block", f"block {number}") for number in range(3)]
    leaves = [Value(x) for x in at]
    nodes = list(leaves)
    for (move, a, b), home in zip(program, homes, strict=False):
        if home < 3:
            with within(scopes[home]):
                nodes.append(MOVES[move](nodes[a], nodes[b]))
        else:
            nodes.append(MOVES[move](nodes[a], nodes[b]))
    y = nodes[-1]
    coarse = fold(Graph(y), "block")
    assert len(coarse) <= len(Graph(y))
    held = totals(coarse, DERIVATIVES)
    for leaf, derivative in zip(leaves, gradients(y, leaves), strict=True):
        assert close(held.get(leaf, 0.0), derivative, 1e-9, 1e-12)


def test_the_neuron_graph_is_that_of_the_notes() -> None:
    net = MLP(4, [3, 2, 1], bias=False, fused=False)
    loss = losses.squared_error(net([0.1, 0.2, 0.3, 0.4]), 1.0)
    coarse = fold(Graph(loss), "neuron")
    assert [node.name for node in coarse if node.operands] == ["h₁₁", "h₁₂", "h₁₃", "h₂₁", "h₂₂", "h₃₁", "L"]
    h31 = coarse["h₃₁"]
    slope = h31.data * (1 - h31.data)
    for w, h2 in zip(net.weights[2][0], ("h₂₁", "h₂₂"), strict=True):
        slot = h31.operands.index(coarse[h2])
        assert h31.partials[slot] == pytest.approx(slope * w.data, rel=1e-14)  # do31/do2k = s'31 w³k1
    assert coarse["L"].partials[0] == pytest.approx(2 * (h31.data - 1), rel=1e-14)


def test_a_kind_that_no_scope_has_is_named() -> None:
    loss = losses.squared_error(MLP(2, [1])([1, 2]), 1.0)
    with pytest.raises(UnknownChoice, match="no scope of kind 'neurons'; choose one of: layer, loss, neuron"):
        fold(Graph(loss), "neurons")
    with pytest.raises(NotAScalar, match=r"fold: given 3, expected a Graph; write fold\(Graph\(y\)\)"):
        fold(3, "neuron")  # type: ignore[arg-type]
    a = Value(1.0)
    assert len(fold(Graph(a * a), "neuron")) == 2  # a graph without scopes has nothing to fold


def test_a_layer_folds_into_its_outputs() -> None:
    net = MLP(2, [3, 2])
    a, b = net([0.3, -0.2])
    coarse = fold(Graph(a, b), "layer")
    assert [node.name for node in coarse if node.operands] == ["h₁₁", "h₁₂", "h₁₃", "h₂₁", "h₂₂"]

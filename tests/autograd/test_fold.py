"""Folding changes the picture and never a derivative."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import DERIVATIVES, Graph, NotAScalar, Scope, UnknownChoice, Value, fold, gradients, paths, totals, within
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
    with pytest.raises(UnknownChoice, match="no scope 'neurons'; choose one of: layer, loss, neuron, h₁₁, layer 1"):
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


def test_one_scope_is_folded_or_opened_by_itself() -> None:
    net = MLP(2, [2, 1], bias=False)
    loss = losses.squared_error(net([0.3, -0.2]), 1.0)
    graph = Graph(loss)

    def inner(**options: Any) -> list[str]:
        return [node.name for node in fold(graph, *options.pop("what"), **options) if node.operands]

    assert inner(what=["neuron"], opened=["h₁₂"]) == ["h₁₁", "a₁₂", "h₁₂", "h₂₁", "L"]
    assert inner(what=["h₁₂"]) == ["a₁₁", "h₁₁", "h₁₂", "a₂₁", "h₂₁", "L"]
    assert inner(what=[graph["h₁₂"].scope]) == inner(what=["h₁₂"])
    assert inner(what=["neuron"], opened=["loss"]) == ["h₁₁", "h₁₂", "h₂₁", "−", "L"]
    assert inner(what=["layer", "neuron"], opened=["layer 2"]) == ["h₁₁", "h₁₂", "h₂₁", "L"]
    with pytest.raises(UnknownChoice, match="no scope 'h₉₉'"):
        fold(graph, "neuron", opened=["h₉₉"])


def test_of_scopes_in_one_another_the_outermost_is_folded() -> None:
    x = Value(0.5, "x")
    with within(Scope("block", "outer")):
        a = (x * 2).named("a")
        with within(Scope("block", "inner")):
            b = (a * a).named("b")
        c = (b + a).named("c")
    assert [node.name for node in fold(Graph(c.exp()), "block") if node.operands] == ["c", "exp"]
    assert [node.name for node in fold(Graph(c.exp()), "inner") if node.operands] == ["a", "b", "c", "exp"]


@given(program=programs(longest=12), at=points, homes=st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_a_folded_edge_is_the_sum_over_the_inner_paths(program: Program, at: list[float], homes: list[int]) -> None:
    scopes = [Scope("block", f"block {number}") for number in range(2)]
    nodes = [Value(x) for x in at]
    for (move, a, b), home in zip(program, homes, strict=False):
        with within(scopes[home]) if home < 2 else nullcontext():
            nodes.append(MOVES[move](nodes[a], nodes[b]))
    graph = Graph(nodes[-1])
    coarse = fold(graph, "block")
    kept = {getattr(node, "of", node) for node in coarse}
    for edge in coarse.edges():
        child, parent = (getattr(node, "of", node) for node in (edge.node, edge.parent))
        inner = paths(child, parent)
        for other in kept - {child, parent} & set(inner.graph):
            inner = inner.avoiding(other)
        assert close(edge.local, inner.total, 1e-9, 1e-12 * inner.size + 1e-300)

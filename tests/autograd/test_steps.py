"""The sweep told step by step: each sentence true, the memo as it stood, for whichever step is asked for."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given

from autograd import DERIVATIVES, Graph, NotAScalar, NotInGraph, Value, WrongShape, fold, gradients, steps, totals
from nn import MLP, losses

from ..oracles import Program, points, programs, run


def toy() -> tuple[Value, Value]:
    """Two ways from x to k, with a node that has no name between."""
    x = Value(0.5, "x")
    f, g = (x * 2).named("f"), x.tanh().named("g")
    return (f * g).exp().named("k"), x


def test_every_step_is_a_sentence() -> None:
    k, _ = toy()
    assert str(steps(k)).splitlines() == [
        "0  ∂k/∂k = 1, and k holds it",
        "1  k passes 1 × 1.587 = 1.587 to ×, which now holds 1.587 = ∂k/∂×",
        "2  × passes 1.587 × 0.4621 = 0.7336 to f, which now holds 0.7336 = ∂k/∂f",
        "3  × passes 1.587 × 1 = 1.587 to g, which now holds 1.587 = ∂k/∂g",
        "4  g passes 1.587 × 0.7864 = 1.248 to x, which now holds 1.248 so far",
        "5  f passes 0.7336 × 2 = 1.467 to x, which now holds 2.716 = ∂k/∂x",
    ]
    assert repr(steps(k)) == "<5 steps of the sweep from k>"


def test_nodes_of_one_name_or_none_are_told_apart() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "a")
    told = str(steps(a * b + a * 4))
    assert "×₁ passes 1 × 2 = 2 to a(2), which now holds 2 = ∂+/∂a(2)" in told
    assert "×₂ passes 1 × 4 = 4 to a, which now holds 4 so far" in told


@given(program=programs(longest=10), at=points)
def test_the_memo_can_be_read_at_any_step_in_any_order(program: Program, at: list[float]) -> None:
    graph = Graph(run(program, [Value(x) for x in at]))
    told = steps(graph.outputs[0])
    assert told.memo(len(told)) == totals(graph, DERIVATIVES)
    assert told.memo(0) == {graph.outputs[0]: 1}
    for n in (len(told) // 2, len(told), 1):
        before, after, step = told.memo(n - 1), told.memo(n), told[n - 1]
        assert after == before | {step.parent: before.get(step.parent, 0) + step.contribution}
        assert step.contribution == step.upstream * step.local
        assert before[step.node] == step.upstream


def test_only_what_is_needed_for_some_derivatives() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    L = fold(Graph(losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)), "neuron").outputs[0]
    told = steps(L, net.parameters())
    assert len(told) == 29  # the 28 multiplications of the memoised sweep, and the first, by 1
    assert {step.parent.name for step in steps(L, [net.weights[2][0][0]])} == {"h₃₁", "w₃₁₁"}
    assert told[0] == next(iter(told)) == told[:1][0]
    assert told.needs(net.weights[0][0][0])
    assert not told.needs(next(node for node in told.graph if node.name == "x₁"))


def test_fractions_and_the_trivial_sweep() -> None:
    q = Value(Fraction(1, 3), "q")  # type: ignore[arg-type]
    told = steps((q * q).named("y"))
    assert told.memo(2)[q] == gradients((q * q).named("y"), [q])[0]
    assert (len(steps(q)), str(steps(q))) == (0, "0  ∂q/∂q = 1, and q holds it")


def test_a_step_that_there_is_not_and_a_stranger_are_refused() -> None:
    k, _ = toy()
    for n in (-1, 6, "2", 1.0):
        with pytest.raises(WrongShape, match=re.escape(f"no step number {n!r}; give a whole number from 0 to 5")):
            steps(k).sentence(n)  # type: ignore[arg-type]
    with pytest.raises(NotInGraph, match="steps: q is not among"):
        steps(k, [Value(1.0, "q")])
    with pytest.raises(NotAScalar, match="steps: k is one node where a list is expected"):
        steps(k, k)  # type: ignore[arg-type]

"""Derivatives written out: the notes' forms, worth what the sweep says, at the price that the ledger counts."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given

from autograd import (
    DERIVATIVES,
    SIZES,
    Graph,
    NotInGraph,
    TooMany,
    Value,
    expanded,
    factored,
    fold,
    gradients,
    paths,
    remembered,
    total,
    totals,
)
from nn import MLP, losses

from ..oracles import Program, close, points, programs, run


def toy() -> tuple[Value, Value]:
    """The notes' k(h(f(x), g(x)))."""
    x = Value(0.5, "x")
    f, g = (x * 2).named("f"), x.tanh().named("g")
    return (f * g).named("h").exp().named("k"), x


def test_the_notes_nested_form_and_the_sum_of_its_paths() -> None:
    k, x = toy()
    assert str(factored(k, x)) == "∂k/∂x = ∂k/∂h · {∂h/∂f · ∂f/∂x + ∂h/∂g · ∂g/∂x}"
    assert str(expanded(k, x)) == "∂k/∂x = ∂k/∂h · ∂h/∂f · ∂f/∂x + ∂k/∂h · ∂h/∂g · ∂g/∂x"
    assert str(remembered(k, [x])).splitlines()[1:] == [
        "∂k/∂g = [∂k/∂h] · ∂h/∂g",
        "∂k/∂f = [∂k/∂h] · ∂h/∂f",
        "∂k/∂x = [∂k/∂g] · ∂g/∂x + [∂k/∂f] · ∂f/∂x",
    ]


def test_the_notes_derivation_of_the_first_weight_with_its_reused_factor_boxed() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    L = fold(Graph(losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)), "neuron").outputs[0]
    written = factored(L, net.weights[0][0][0])
    assert str(written) == (
        "∂L/∂w₁₁₁ = ∂L/∂h₃₁ · {∂h₃₁/∂h₂₁ · ∂h₂₁/∂h₁₁ · [∂h₁₁/∂w₁₁₁] + ∂h₃₁/∂h₂₂ · ∂h₂₂/∂h₁₁ · [∂h₁₁/∂w₁₁₁]}"
    )
    assert [(slope.of.name, slope.by.name, times) for slope, times in written.reused] == [("h₁₁", "w₁₁₁", 2)]
    both = remembered(L, net.weights[2][0])  # the notes' boxes around ∂L/∂o₃₁, lines 867-891
    assert str(both).splitlines()[1:] == ["∂L/∂w₃₁₂ = [∂L/∂h₃₁] · ∂h₃₁/∂w₃₁₂", "∂L/∂w₃₁₁ = [∂L/∂h₃₁] · ∂h₃₁/∂w₃₁₁"]
    assert [(slope.by.name, times) for slope, times in both.reused] == [("h₃₁", 2)]


def test_written_out_for_all_20_weights_they_cost_86_74_and_28() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    L = fold(Graph(losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)), "neuron").outputs[0]
    weights = net.parameters()
    assert sum(expanded(L, w).multiplications for w in weights) == 86
    assert sum(factored(L, w).multiplications for w in weights) == 74
    assert remembered(L, weights).multiplications == 28


@given(program=programs(longest=8), at=points)
def test_every_form_is_worth_the_gradient(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    below = [leaf for leaf in leaves if leaf in Graph(y)]
    assume(all(paths(y, leaf).count <= 40 for leaf in below))
    for leaf in below:
        ways = paths(y, leaf)
        for form in (expanded(y, leaf), factored(y, leaf)):
            (equation,) = form.equations
            assert equation.slope.value == ways.total
            assert close(math.fsum(map(form.value, equation.terms)), ways.total, 0, 1e-12 * ways.size + 1e-300)
        assert len(expanded(y, leaf).equations[0].terms) == ways.count
    told = remembered(y, below)
    held, sizes = totals(Graph(y), DERIVATIVES), totals(Graph(y), SIZES)
    for equation in told.equations:
        assert equation.slope.value == held[equation.slope.by]
        tiny = 1e-12 * sizes[equation.slope.by] + 1e-300
        assert close(math.fsum(map(told.value, equation.terms)), held[equation.slope.by], 0, tiny)
    assert {equation.slope.by for equation in told.equations} >= set(below)


def test_parallel_edges_are_told_apart_and_fractions_stay_exact() -> None:
    a = Value(Fraction(1, 3), "a")  # type: ignore[arg-type]
    y = (a * a * a).named("y")
    assert str(factored(y, a)) == "∂y/∂a = ∂y/∂v₁ · {(∂v₁/∂a)₁ + (∂v₁/∂a)₂} + ∂⁺y/∂a"
    written = factored(y, a)
    assert written.value(written.equations[0].terms[0]) == gradients(y, [a])[0] == Fraction(1, 3)


def test_the_trivial_derivatives() -> None:
    a, q = Value(2.0, "a"), Value(1.0, "q")
    y = a.exp().named("y")
    assert [str(form(a, a)) for form in (expanded, factored)] == ["∂a/∂a = 1"] * 2
    assert [str(form(y, q)) for form in (expanded, factored)] == ["∂y/∂q = 0"] * 2
    assert (str(remembered(a, [a])), str(remembered(y, [a]))) == ("∂a/∂a = 1", "∂y/∂a = ∂y/∂a")
    with pytest.raises(NotInGraph, match="remembered: q is not among"):
        remembered(y, [q])


def test_what_nobody_could_read_is_refused_with_its_size() -> None:
    net = MLP(10, [10] * 10, bias=False)
    loss = losses.squared_error(net([0.1] * 10), [0.0] * 10).named("L")
    for form in (expanded, factored):
        with pytest.raises(TooMany, match="derivative of L by w₁₁₁ would be a sum of 1,000,000,000 products"):
            form(loss, net.weights[0][0][0])
    x = y = Value(1.0, "x")
    for _ in range(300):
        y = y.tanh()
    with pytest.raises(TooMany, match="a sum of 1 products of up to 300 factors"):
        factored(y, x)
    with pytest.raises(TooMany, match="remembered: it would have 4,"):
        remembered(loss, net.parameters())


def test_a_local_derivative_beside_other_ways_has_a_symbol_of_its_own() -> None:
    x = Value(0.5, "x")
    y = (x.sin() * 2 + x).named("y")
    assert str(factored(y, x)) == "∂y/∂x = ∂y/∂v₂ · ∂v₂/∂v₁ · ∂v₁/∂x + ∂⁺y/∂x"
    assert str(remembered(y, [x])).splitlines()[-1] == "∂y/∂x = ∂⁺y/∂x + [∂y/∂v₁] · ∂v₁/∂x"


def test_only_what_leads_to_x_is_spoken_of_however_wide_the_graph() -> None:
    x, others = Value(0.5, "x"), [Value(1.0) for _ in range(20_000)]
    y = total([x, *others, x.tanh()]).named("y")
    assert len(factored(y, x).symbols) == 3
    assert str(expanded(y, others[7])) == "∂y/∂v₈ = ∂y/∂v₈"


def test_long_sums_and_long_products_are_written_up_to_the_limits() -> None:
    x = y = Value(1.0, "x")
    assert factored(total([x] * 400), x).value(factored(total([x] * 400), x).equations[0].terms[0]) == 400
    for _ in range(200):
        y = y.tanh()
    assert factored(y, x).multiplications == 199

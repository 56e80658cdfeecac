"""Derivatives of every order and in both directions, on random graphs, against one another and against JAX."""

from __future__ import annotations

import math
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    SIZES,
    Graph,
    NonFiniteWarning,
    NotAScalar,
    NotInGraph,
    NotRecorded,
    UnknownChoice,
    Value,
    WrongShape,
    gradients,
    hessian,
    hessian_vector,
    jacobian,
    paths,
    steps,
    tangents,
    totals,
    weighted_sum,
)

from ..expressions import by_jax, by_values, random_expression
from ..oracles import Program, central_difference, close, fewer, points, programs, run

TINY = 1e-300  # below it floats have fewer digits than the tolerances ask for


@given(program=programs(longest=60), at=points)
def test_sweep_equals_steps_forward_mode_paths_and_differences(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    graph, swept = Graph(y), gradients(y, leaves)
    assert len(graph) <= 300
    sizes = totals(graph, SIZES)
    told = {step.parent: step.total for step in steps(y)}
    for slot, (leaf, derivative) in enumerate(zip(leaves, swept, strict=True)):
        difference = central_difference(lambda p: run(program, [Value(x) for x in p]).data, at, slot)
        assert close(derivative, difference, 1e-6, 1e-8)
        if leaf in graph and leaf is not y:
            assert told[leaf] == derivative  # the same sums in the same order
            rounding = TINY + 1e-13 * sizes[leaf]  # of what is added up, however much of it cancels
            assert close(tangents([y], {leaf: 1.0})[0], derivative, 1e-11, rounding)
            assert close(paths(y, leaf).total, derivative, 1e-12, rounding)


@fewer(3)
@given(program=programs(longest=10), at=points)
def test_a_gradients_graph_gives_the_same_gradient_and_a_symmetric_hessian(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    slopes = gradients(y, leaves, create_graph=True)
    assert [slope.data for slope in slopes] == pytest.approx(gradients(y, leaves), rel=1e-10, abs=1e-12)
    second = hessian(y, leaves)
    for i, row in enumerate(second):
        for j, entry in enumerate(row):
            assert close(entry, second[j][i], 1e-8, 1e-10)
    direction = [1.0, -2.0, 0.5]
    products = [sum(entry * v for entry, v in zip(row, direction, strict=True)) for row in second]
    assert hessian_vector(y, leaves, direction) == pytest.approx(products, rel=1e-8, abs=1e-9)


@fewer(3)
@given(program=programs(longest=6), at=points, slot=st.integers(0, 2))
def test_second_derivatives_are_differences_of_first_ones(program: Program, at: list[float], slot: int) -> None:
    def slope(p: Any) -> float:
        leaves = [Value(x) for x in p]
        return gradients(run(program, leaves), leaves)[slot]

    leaves = [Value(x) for x in at]
    row = hessian(run(program, leaves), leaves)[slot]
    for other in range(3):
        assert close(row[other], central_difference(slope, at, other), 1e-5, 1e-6)


def test_jacobians_by_rows_and_by_columns_are_the_same_matrix() -> None:
    x, y, z = (Value(v, n) for v, n in ((0.5, "x"), (-1.5, "y"), (2.0, "z")))
    outputs = [x * y + z.sin(), (x - z).tanh()]
    expected = [[-1.5, 0.5, math.cos(2.0)], [1 - math.tanh(-1.5) ** 2, 0.0, math.tanh(-1.5) ** 2 - 1]]
    for mode in ("reverse", "forward", None):
        found = jacobian(outputs, [x, y, z], mode)
        assert [entry for row in found for entry in row] == pytest.approx([e for row in expected for e in row])
    assert jacobian([x], [x, y]) == [[1.0, 0.0]]


def test_a_gradient_is_a_graph_to_be_drawn_and_derived_again() -> None:
    x, w = Value(0.5, "x"), Value(3.0, "w")
    y = (w * x**3).named("y")
    (slope,) = gradients(y, [x], create_graph=True)
    assert slope.name == "∂y/∂x"
    assert slope.data == pytest.approx(3 * 3 * 0.25)
    assert w in Graph(slope)
    assert slope.grad is None
    slope.backward()
    assert x.grad == pytest.approx(6 * 3 * 0.5)
    (third,) = gradients(gradients(slope, [x], create_graph=True)[0], [x])
    assert third == pytest.approx(18)
    (of_product,) = gradients((w * x).named("p"), [x], create_graph=True)
    assert of_product is w  # no copy, and nobody's name is changed
    assert w.name == "w"
    (of_many,) = gradients(weighted_sum([w, 2.0], [x, w]), [w], create_graph=True)
    assert of_many.data == 2.5


def test_a_changed_leaf_is_noticed_where_formulas_are_read_again() -> None:
    x = Value(2.0, "x")
    y = (x * x).named("y")
    x.data = 3.0
    with pytest.raises(NotRecorded, match=r"x has been changed since y was computed from it.*compute it again"):
        gradients(y, [x], create_graph=True)
    assert gradients(y, [x]) == [4.0]


def test_what_does_not_depend_has_derivative_0() -> None:
    x, stranger = Value(1.0, "x"), Value(1.0, "s")
    y = x * 2
    assert gradients(y, [stranger], create_graph=True)[0].data == 0
    assert tangents([y, x], {x: 2.0}) == [4.0, 2.0]
    with pytest.raises(NotInGraph, match="tangents: s is not among"):
        tangents([y], {stranger: 1.0})


def test_bad_input() -> None:
    x = Value(1.0, "x")
    with pytest.raises(WrongShape, match="hessian_vector: given 2 numbers for 1 xs"):
        hessian_vector(x * x, [x], [1.0, 2.0])
    with pytest.raises(UnknownChoice, match="no mode 'both'; choose one of: reverse, forward"):
        jacobian([x], [x], "both")  # type: ignore[arg-type]
    with pytest.raises(NotAScalar, match=r"jacobian: x is one node where a list is expected; write \[x\]"):
        jacobian(x, [x])  # type: ignore[arg-type]
    with pytest.raises(NotAScalar, match="tangents along x"):
        tangents([x], {x: "fast"})  # type: ignore[dict-item]
    with pytest.raises(NotAScalar, match="gradients: derivatives are taken of a Value, and this is 3"):
        gradients(3, [x])  # type: ignore[call-overload]


def test_random_expressions_have_the_values_and_gradients_of_jax() -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed: pip install 'pathgrad[oracles]'")
    jax.config.update("jax_enable_x64", True)
    for seed in range(1000):
        program, at = random_expression(seed)
        leaves = [Value(x) for x in at]
        y = by_values(program, leaves)
        value, slopes = by_jax(program, at)
        assert close(y.data, value, 1e-11, 1e-12), f"value of expression {seed}"
        for mine, other in zip(gradients(y, leaves), slopes, strict=True):
            assert close(mine, other, 1e-9, 1e-11), f"gradient of expression {seed}"


def test_a_hessian_times_a_vector_is_just_that() -> None:
    x, w = Value(2.0, "x"), Value(0.5, "w")
    y = x**3 * w
    assert hessian_vector(x**3, [x, x], [1.0, 2.0]) == [36.0, 36.0]
    rows = hessian(y, [x, w])
    assert hessian_vector(y, [x, w], [1.0, -1.0]) == pytest.approx([row[0] - row[1] for row in rows])


@pytest.mark.parametrize("name", ["softplus", "silu", "sigmoid", "tanh"])
@pytest.mark.parametrize("x", [-800.0, 800.0])
def test_second_derivatives_are_flat_far_out(name: str, x: float) -> None:
    leaf = Value(x)
    assert hessian(getattr(leaf, name)(), [leaf]) == [[0.0]]


def test_a_gradient_graph_is_as_undefined_as_the_gradient() -> None:
    x = Value(-1.0, "x")
    y = x.relu().log()
    with pytest.warns(NonFiniteWarning):
        assert math.isnan(gradients(y, [x])[0])
    assert math.isnan(gradients(y, [x], create_graph=True)[0].data)


def test_one_node_that_serves_two_derivatives_bears_neither_name() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    one, other = gradients((a + b).sin().named("y"), [a, b], create_graph=True)
    assert one is other
    assert one.name == ""


@pytest.mark.parametrize("function", [gradients, hessian])
@pytest.mark.parametrize("given", [None, 5, "x", {"x": 1}])
def test_what_is_no_list_of_values_is_refused(function: Any, given: Any) -> None:
    with pytest.raises(NotAScalar, match=r"a list of Values"):
        function(Value(1.0) * 2, given)


def test_threads_take_turns_on_one_graph() -> None:
    x = h = Value(0.5, "x")
    for _ in range(100):
        h = (h * 1.01).tanh() + h * 0.1
    expected = gradients(h, [x])
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda _: gradients(h, [x]), range(40))) == [expected] * 40
    finally:
        sys.setswitchinterval(interval)
    assert {node.grad for node in Graph(h)} == {None}

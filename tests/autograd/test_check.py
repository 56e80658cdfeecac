"""check: it confirms what is right, contradicts what is wrong, and says why digits are missing."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from autograd import TABLE, NotAScalar, Value, WrongShape, check, maximum, softmax, strict
from autograd.differences import central_difference
from autograd.value import recorded


def test_five_methods_agree_on_a_smooth_function() -> None:
    found = check(lambda x, w: (x * w).sin() + w.sigmoid() / x + x**w, 1.2, 0.7)
    assert found
    assert found.digits >= 11
    assert {row.method for row in found.rows} == {"forward mode", "complex step", "differences", "mpmath"}
    assert [row.of for row in found.rows[::4]] == ["x", "w"]
    assert not found.remarks


@pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.takes_lists], ids=str)
def test_every_row_is_confirmed(op: Any) -> None:
    method = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "div": "__truediv__", "pow": "__pow__"}
    method |= {"neg": "__neg__", "abs": "__abs__"}
    found = check(getattr(Value, method.get(op.name, op.name)), *(0.7, 1.3)[: len(op.operands)])
    assert found
    assert found.digits >= 9


def test_any_number_of_points_and_a_graph_that_is_there() -> None:
    assert check(lambda *xs: softmax(xs)[0].log() + maximum(xs), 1.0, 2.0, 3.0).digits >= 9
    a = Value(2.0, "a")
    found = check(a**3 + a.tanh() * maximum(a, 1.0) + Value(1.0, "b"))
    assert found.digits >= 9
    assert {row.of for row in found.rows} == {"a", "b"}


def test_a_wrong_derivative_is_contradicted() -> None:
    def wrong(x: Value) -> Value:
        return recorded(math.sin(x.data), TABLE["sin"], x, -math.cos(x.data))

    found = check(lambda x: wrong(x) * 2, 0.5)
    assert not found
    assert [row.method for row in found.rows if not row.agrees] == ["complex step", "differences", "mpmath"]
    assert "DISAGREE" in str(found)


@pytest.mark.parametrize(
    "beside",
    [
        lambda x: x * 0,
        lambda x: Value(0.0).relu(),  # another leaf's kink is no excuse
        lambda x: 100 * x - 99.5 * x,  # nor is a little cancellation
        lambda x: (x * 1e3).sin() * 1e-3,
    ],
)
def test_a_slightly_wrong_derivative_is_contradicted_whatever_stands_beside(beside: Any) -> None:
    def wrong(x: Value) -> Value:
        return recorded(math.sin(x.data), TABLE["sin"], x, math.cos(x.data) * (1 + 1e-4))

    found = check(lambda x: wrong(x) * 2 + beside(x), 0.5)
    assert [row.method for row in found.rows if not row.agrees] == ["complex step", "differences", "mpmath"]


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda x: (x * 1e-200).exp(), 1.0),
        (lambda x: x.log(), 1e-200),
        (lambda x: x * x, 1e120),
        (lambda x: x.relu(), 1e-300),
    ],
)
def test_every_size_of_number_is_served(f: Any, at: float) -> None:
    assert check(f, at).agrees
    assert [row.digits >= 12 for row in check(f, at).rows if row.method == "complex step"] == [True]


@pytest.mark.parametrize("f", [lambda x: x * x, lambda x: x.sin(), lambda x: x / x])
@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf, 0.0, 1e8, 1e-10])
def test_it_ends_everywhere(f: Any, at: float) -> None:
    assert check(f, at).agrees


@pytest.mark.parametrize(
    ("f", "at", "why"),
    [
        (lambda x: x.relu(), 0.0, "kink: the unnamed relu of value 0 is not smooth right here"),
        (lambda x: (x - 1e-9).relu(), 0.0, "kink: one lies within the step"),
        (lambda x: (x * 1e8 + 1e15) - 1e8 * x * (1 - 1e-12), 1.0, "cancellation: paths that add up to 2e+08"),
        (lambda x: (x * 1e-9).cos(), 1.0, "cancellation: the values differ in their last digits only"),
        (lambda x: x.tanh(), 20.0, "cancellation: a local derivative such as 1 − z²"),
        (lambda x: x.sigmoid(), 40.0, "cancellation: a local derivative such as 1 − z²"),
        (lambda x: x.exp(), 800.0, "not every number on the way is finite"),
        (lambda x: x.sqrt(), 0.0, "not every number on the way is finite"),
    ],
)
def test_missing_digits_are_explained(f: Any, at: float, why: str) -> None:
    found = check(f, at)
    assert found.agrees
    assert found.digits < 6
    assert any(row.why.startswith(why) for row in found.rows)
    assert "no method contradicts the sweep" in str(found)


def test_what_breaks_or_stops_a_gradient_is_remarked() -> None:
    assert "log of x = -1 is nan" in check(lambda x: x.log(), -1.0).remarks[0]
    assert "passes no gradient" in check(lambda x: x.step() * x, 1.0).remarks[0]


@pytest.mark.parametrize(
    ("f", "x", "derivative"),
    [
        (math.sin, 1e-12, 1.0),
        (lambda x: math.sqrt(x) if x >= 0 else math.nan, 1e-9, 0.5 / math.sqrt(1e-9)),
        (lambda x: 1 / x if x else math.nan, 1e-10, -1e20),
        (math.sin, 1e8, math.cos(1e8)),
        (lambda x: 1 / (x - 1e-5), 0.0, -1e10),
        (lambda x: x**3, 1e6, 3e12),
        (lambda x: 7.0, 1.0, 0.0),
    ],
)
def test_differences_find_a_step_of_their_own(f: Any, x: float, derivative: float) -> None:
    assert central_difference(f, x).derivative == pytest.approx(derivative, rel=1e-8, abs=1e-12)


def test_fractions_denormals_towers_and_builtins_are_checked_too() -> None:
    assert check(lambda x: x**3 / 7, Fraction(1, 3)).digits >= 9  # type: ignore[arg-type]
    assert check(lambda x: x * x * x, Fraction(10**200)).agrees  # type: ignore[arg-type]
    assert check(lambda x: x * 2, 1e-320).agrees
    assert check(lambda x: x.exp().exp().sin(), 20.0).remarks
    assert check(lambda x: x.log(), 1.0).digits >= 8
    assert check(max, 1.0, 2.0).agrees
    with strict():
        assert check(lambda x: x.log(), 0.01).agrees


def test_bad_input() -> None:
    with pytest.raises(WrongShape, match="check: 1 points, but missing a required argument: 'y'"):
        check(lambda x, y: x * y, 1.0)
    with pytest.raises(WrongShape, match="checked at its own leaves; give a function"):
        check(Value(1.0) * 2, 3.0)
    with pytest.raises(WrongShape, match="nothing to differentiate by"):
        check(lambda: Value(1.0))
    with pytest.raises(NotAScalar, match=r"the function gave 3\.0, expected one Value"):
        check(lambda x: 3.0, 1.0)  # type: ignore[arg-type, return-value]
    with pytest.raises(NotAScalar, match="check: given 3, expected a function of Values"):
        check(3, 1.0)  # type: ignore[arg-type]
    with pytest.raises(NotAScalar, match="check: a Value holds one real number"):
        check(lambda x: x, "1")  # type: ignore[arg-type]

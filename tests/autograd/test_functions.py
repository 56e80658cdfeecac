"""Functions of many Values, Values as numbers, and fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    NotAScalar,
    NotExact,
    NotRecorded,
    Value,
    WrongShape,
    describe,
    gradients,
    log_softmax,
    logsumexp,
    maximum,
    minimum,
    softmax,
    spelled_out,
    to_json,
    total,
    weighted_sum,
)

logits = st.lists(st.floats(-30, 30), min_size=1, max_size=6)


@given(logits)
def test_stable_and_primitive_forms_agree_where_both_can_be_computed(xs: list[float]) -> None:
    for function in (softmax, log_softmax, lambda given, **form: [logsumexp(given, **form)]):
        leaves = [Value(x) for x in xs]
        stable, primitive = function(leaves), function(leaves, stable=False)
        for a, b in zip(stable, primitive, strict=True):
            assert a.data == pytest.approx(b.data, rel=1e-9, abs=1e-9)
            assert gradients(a, leaves) == pytest.approx(gradients(b, leaves), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "silu"])
@given(x=st.floats(-700, 700))
def test_a_row_and_its_composition_agree(name: str, x: float) -> None:
    leaf = Value(x)
    row, composed = getattr(leaf, name)(), spelled_out(name, leaf)
    assert row.data == composed.data
    assert gradients(row, [leaf]) == pytest.approx(gradients(composed, [leaf]), rel=1e-6, abs=1e-15)


def test_the_softmax_of_the_notes() -> None:
    z = [Value(v) for v in (3.0, 4.0, 10.0, 3.0)]
    assert [f"{p:.6f}" for p in softmax(z)] == ["0.000908", "0.002468", "0.995716", "0.000908"]
    assert sum(float(p) for p in softmax(z)) == pytest.approx(1, rel=1e-15)


def test_the_stable_forms_go_where_the_quotient_overflows() -> None:
    z = [Value(1000.0), Value(0.0)]
    assert [p.data for p in softmax(z)] == [1.0, 0.0]
    assert math.isnan(softmax(z, stable=False)[0].data)
    assert log_softmax(z)[1].data == -1000
    assert logsumexp([Value(-math.inf), Value(-math.inf)]).data == -math.inf
    assert logsumexp([Value(math.inf), Value(0.0)]).data == math.inf
    assert gradients(logsumexp([z[0], z[0], z[1]]), z) == pytest.approx([1.0, 0.0], rel=1e-12)


def test_cross_entropy_through_softmax_is_prediction_minus_truth() -> None:
    z = [Value(v) for v in (0.1324522, 0.3290642, 0.8859146)]
    probabilities = [p.data for p in softmax(z)]
    loss = -log_softmax(z)[1]
    assert loss.data == pytest.approx(1.2716342, abs=1e-7)
    expected = [p - (place == 1) for place, p in enumerate(probabilities)]
    assert gradients(loss, z) == pytest.approx(expected, rel=1e-14)


def test_extremes_take_lists_or_several_and_share_where_equal() -> None:
    a, b, c = Value(1.0), Value(3.0), Value(3.0)
    assert maximum(a, b, c).data == maximum([a, b, c]).data == 3
    assert gradients(maximum(a, b, c), [a, b, c]) == [0.0, 0.5, 0.5]
    assert gradients(minimum(a, b, 1.0), [a, b]) == [0.5, 0.0]
    assert math.isnan(maximum(a, math.nan).data)
    assert max([a, b]) is b  # Python's own, by comparison


def test_sums_have_one_node() -> None:
    terms = [Value(float(v)) for v in range(5)]
    assert total(terms).data == 10
    assert total(terms).parents == tuple(terms)
    assert weighted_sum([1.0, 2.0], [Value(3.0), 4.0], 5).partials == (None, None, 1.0, None, None)


@pytest.mark.parametrize("function", [total, maximum, minimum, softmax, log_softmax, logsumexp])
def test_lists_are_needed_and_not_empty(function: Any) -> None:
    with pytest.raises(WrongShape, match=f"{function.__name__}: given an empty list"):
        function([])
    with pytest.raises(WrongShape, match="expected a list of Values"):
        function(Value(1.0))
    with pytest.raises(NotAScalar):
        function([Value(1.0), "2"])


def test_leaky_relu_takes_a_slope_that_may_learn() -> None:
    x, slope = Value(-2.0), Value(0.1)
    assert gradients(x.leaky_relu(slope), [x, slope]) == [0.1, -2.0]
    assert x.leaky_relu().data == -0.02


def test_a_value_behaves_as_its_number() -> None:
    x = Value(0.0, "x")
    assert not x
    assert +x is x
    assert abs(Value(-2.0)).data == 2
    assert f"{Value(2 / 3):.3f}|{x}" == "0.667|Value(0.0, 'x')"
    assert (Value(2.0) * np.bool_(True)).data == 2  # type: ignore[arg-type]
    assert (2 ** Value(3.0)).data == (Value(2.0) ** Value(3.0)).data == 8


def test_fractions_are_exact_forward_and_backward() -> None:
    a, b = Value(Fraction(1, 3), "a"), Value(Fraction(2, 7), "b")  # type: ignore[arg-type]
    y = (a**3 - 2 * b) / (a + b) + abs(-a)
    assert y.data == (Fraction(1, 27) - Fraction(4, 7)) / Fraction(13, 21) + Fraction(1, 3)
    y.backward()
    assert isinstance(a.grad, Fraction)
    p, q = Fraction(1, 3), Fraction(2, 7)
    assert a.grad == (3 * p**2 * (p + q) - (p**3 - 2 * q)) / (p + q) ** 2 + 1
    assert y.grad == 1


def test_a_whole_number_among_operands_is_a_float_in_the_result() -> None:
    x = Value(1.0)
    y = maximum(3, x) + x
    x.grad = 0  # a number that somebody else wrote there is no mark of ours
    y.backward()
    assert isinstance(maximum(3, x).data, float)
    assert x.grad == 1


def test_fractions_are_written_in_messages() -> None:
    x = Value(Fraction(2, 3))  # type: ignore[arg-type]
    assert describe(x * 1) == "the unnamed mul of value 0.6667"
    assert f"{x:.2f}" == "0.67"
    assert float(Value(Fraction(10)) ** 400) == math.inf  # type: ignore[arg-type]


def test_a_fraction_where_none_comes_out_is_refused() -> None:
    x = Value(Fraction(1, 2), "x")  # type: ignore[arg-type]
    with pytest.raises(
        NotExact, match=r"exp of the fraction 1/2 is no fraction; write float\(1/2\).*x \* 1.0 in place"
    ):
        x.exp()
    assert (x * 1.0).exp().data == math.exp(0.5)
    with pytest.raises(NotExact, match="more than 4000 digits"):
        x**1_000_000_000
    huge = Value(Fraction(10) ** 300) ** 4  # type: ignore[arg-type]
    assert (-huge * 1.0).data == -math.inf
    assert (-huge * 1.0).exp().data == 0


def test_long_fractions_are_shown_in_short() -> None:
    x = Value(Fraction(2), "x")  # type: ignore[arg-type]
    for _ in range(14):
        x = x - (x * x - 2) / (2 * x)  # Newton's method doubles the digits each time
    assert repr(x) == "Value(≈1.414)"
    with pytest.raises(NotExact, match="too long to write"):
        to_json(x)
    y = Value(Fraction(1, 2), "y")  # type: ignore[arg-type]
    square = y * y
    y.data = Fraction(1, 3)  # type: ignore[assignment]
    with pytest.raises(NotRecorded, match=r"was 0\.5 and would be 0\.333333 now"):
        gradients(square, [y], create_graph=True)


@pytest.mark.parametrize("exponent", [math.nan, np.float64("nan")])
def test_nan_is_no_exponent(exponent: float) -> None:
    with pytest.raises(NotAScalar, match=r"Value\(2.0, 'x'\) \^ .*nan is no exponent"):
        Value(2.0, "x") ** exponent


def test_values_are_not_subclassed() -> None:
    with pytest.raises(TypeError, match="keep a Value in an attribute"):
        type("Mine", (Value,), {})

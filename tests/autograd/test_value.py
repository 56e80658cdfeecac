"""Values: arithmetic with numbers and with one another, IEEE's limits, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import NotAName, NotAScalar, PathgradError, Value, WrongShape, weighted_sum


def test_arithmetic_is_that_of_the_numbers() -> None:
    a, b = Value(3.0), Value(-2.0)
    results = [a + b, a - b, a * b, a / b, a**2, -a, 1 + a, 1 - a, 2 * a, 6 / a, 2**a, a.exp(), a.log(), a.tanh()]
    expected = [1, 5, -6, -1.5, 9, -3, 4, -2, 6, 2, 8, math.exp(3), math.log(3), math.tanh(3)]
    assert [v.data for v in results] == pytest.approx(expected, rel=1e-15)
    assert [Value(z).relu().data for z in (-1.0, 0.0, 2.0)] == [0, 0, 2]
    assert Value(0.0).sigmoid().data == 0.5
    assert sum([a, b]).data == 1  # type: ignore[union-attr]  # sum begins with the number 0


def test_operands_stay_in_order_and_with_multiplicity() -> None:
    w = Value(2.0, "w")
    assert (w * w).parents == (w, w)
    assert (w * w).local_grads == (2.0, 2.0)
    assert (1 - w).operands == (1, w)
    assert (1 - w).parents == (w,)
    assert (1 - w).local_grads == (-1,)


def test_numbers_of_every_kind_are_operands() -> None:
    a = Value(np.float32(1.5))  # type: ignore[arg-type]
    numbers: list[Any] = [2, True, np.float64(2.0), np.int64(2), Fraction(1, 2)]
    for number in numbers:
        assert (a * number).data == 1.5 * float(number)
        assert (number - a).data == float(number) - 1.5


def test_fractions_stay_exact() -> None:
    third = Value(Fraction(1, 3))  # type: ignore[arg-type]
    assert (third + third + third).data == 1
    assert isinstance((third * 3 - 1).data, Fraction)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: Value(1000.0).exp(), math.inf),
        (lambda: Value(0.0).log(), -math.inf),
        (lambda: Value(-1.0).log(), math.nan),
        (lambda: Value(1.0) / 0, math.inf),
        (lambda: Value(-1.0) / Value(0.0), -math.inf),
        (lambda: Value(0.0) / 0, math.nan),
        (lambda: Value(-8.0) ** (1 / 3), math.nan),
        (lambda: Value(0.0) ** -1, math.inf),
        (lambda: Value(-10.0) ** 999, -math.inf),
        (lambda: Value(1e200) * 1e200, math.inf),
        (lambda: Value(1.0) / -0.0, -math.inf),
        (lambda: Value(-0.0) ** -1, -math.inf),
        (lambda: 1 / Value(-0.0), -math.inf),
        (lambda: Value(math.inf).sin(), math.nan),
        (lambda: Value(-1.0).log1p(), -math.inf),
        (lambda: Value(-4.0).sqrt(), math.nan),
        (lambda: Value(-1000.0).sigmoid(), 0.0),
        (lambda: Value(math.nan).relu(), math.nan),
    ],
)
def test_floats_behave_like_numpys(made: Any, expected: float) -> None:
    assert made().data == pytest.approx(expected, nan_ok=True)


def test_a_value_equals_only_itself_and_orders_by_data() -> None:
    a, b = Value(1.0), Value(1.0)
    assert a != b
    assert len({a, b, a}) == 2
    assert a < Value(2.0)
    assert a <= 1
    assert a > 0
    assert a >= b
    assert not a > 1
    assert not a < 1


@pytest.mark.parametrize(
    ("given", "lesson"),
    [
        ("3", r"Value\('3'\).*a str; write the number itself, 3.0"),
        ("w", r"a name goes second"),
        ([1, 2], r"Value\(\[1, 2\]\).*a list of 2; make one Value each"),
        (None, r"Value\(None\).*a NoneType; write a number"),
        (1j, r"a complex; take its .real"),
        (np.ones(3), r"a ndarray of 3"),
        (np.array(3.0), r"take its .item\(\)"),
        (Fraction(10**400), r"the fraction is too large for a float"),
        (10**400, r"too large for a float"),
    ],
)
def test_what_is_not_one_number_is_refused_with_a_lesson(given: Any, lesson: str) -> None:
    a = Value(2.0, "a")
    with pytest.raises(NotAScalar, match=lesson) as refused:
        Value(given)
    assert isinstance(refused.value, TypeError)
    assert "\n" not in str(refused.value)
    operations: list[Callable[[], Value]] = [
        lambda: a * given,
        lambda: given * a,
        lambda: a - given,
        lambda: given / a,
        lambda: a**given,
    ]
    for operation in operations:
        with pytest.raises(NotAScalar, match=r"Value\(2\.0, 'a'\)|a Value holds one real number"):
            operation()


def test_a_weighted_sum_needs_a_weight_for_each_input() -> None:
    w = [Value(2.0), Value(3.0)]
    assert weighted_sum(w, [10.0, 100.0], 1).data == 321
    assert weighted_sum(w, [10.0, 100.0]).local_grads == (10.0, 100.0)
    with pytest.raises(WrongShape, match="2 weights for 3 inputs; give one weight for each input"):
        weighted_sum(w, [1.0, 2.0, 3.0])
    with pytest.raises(WrongShape, match=r"the weights are Value\(2.0\); give a list"):
        weighted_sum(w[0], w)  # type: ignore[arg-type]
    with pytest.raises(PathgradError):
        weighted_sum([], [])


def test_names_are_strings_and_a_value_is_no_number() -> None:
    with pytest.raises(NotAName, match="a Value's name is a string, not 5; write '5'"):
        Value(1.0, 5)  # type: ignore[arg-type]
    with pytest.raises(NotAScalar, match=r"this is a Value already; use it as it is, or its .data"):
        Value(Value(1.0))  # type: ignore[arg-type]

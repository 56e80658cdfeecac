"""Numbers and names as people read them."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.typeset import LONGEST, Run, clean, name, number, plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.28035, "0.2804"),
        (0.00012345, "0.0001235"),
        (-1.0, "−1"),
        (999950.4, "999950"),
        (12345.678, "12346"),
        (1234567.0, "1234567"),
        (12345678.0, "1.235×10⁷"),
        (1e-12, "1×10⁻¹²"),
        (9.9999e-6, "1×10⁻⁵"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
        (2.5, "2.5"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_within_half_a_unit_of_its_fourth_digit(value: float) -> None:
    mantissa, _, exponent = number(value).replace("−", "-").partition("×10")
    power = int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or "0")
    shown, exact = Decimal(mantissa).scaleb(power), Decimal(repr(value))
    assert abs(shown - exact) <= abs(exact) * Decimal("0.00050001")


def test_names_have_true_subscripts() -> None:
    assert name("w₁₂₃") == (Run("w", "italic"), Run("123", "sub"))
    assert name("b₁,₁₀") == (Run("b", "italic"), Run("1,10", "sub"))
    assert name("L") == (Run("L", "italic"),)
    assert name("price of ₂ things") == (Run("price of ₂ things", "plain"),)


@given(st.text(max_size=LONGEST))
def test_typesetting_loses_no_character_that_a_picture_can_carry(text: str) -> None:
    assert plain(name(text)) == clean(text)
    assert clean("a\x01b\x00\ud800 é🙂") == "a\ufffdb\ufffd\ufffd é🙂"

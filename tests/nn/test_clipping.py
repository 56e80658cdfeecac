"""Clipped gradients are no longer than allowed, and point where they did."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFinite, PathgradError, WrongShape
from nn import BadSetting, clip_by_norm, clip_by_value

vectors = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


@given(gradient=vectors, limit=st.floats(1e-6, 1e6))
def test_clipping_by_norm_shortens_and_keeps_the_direction(gradient: list[float], limit: float) -> None:
    clipped, shortened = clip_by_norm(gradient, limit)
    before, after = np.linalg.norm(gradient), np.linalg.norm(clipped)
    assert after <= limit * (1 + 1e-14)
    assert after <= before * (1 + 1e-14)
    if shortened:
        assert after == pytest.approx(limit, rel=1e-14)
        assert clipped / after == pytest.approx(np.array(gradient) / before, rel=1e-13, abs=1e-300)
    else:
        assert clipped.tolist() == gradient


@given(gradient=vectors, limit=st.floats(1e-6, 1e6))
def test_clipping_by_value_touches_only_what_is_too_large(gradient: list[float], limit: float) -> None:
    clipped, changed = clip_by_value(gradient, limit)
    assert clipped.tolist() == [max(-limit, min(limit, x)) for x in gradient]
    assert changed == (clipped.tolist() != gradient)


def test_clipping_far_out() -> None:
    assert clip_by_norm([3e300, -4e300], 5e-300).gradient == pytest.approx(np.array([3e-300, -4e-300]), rel=1e-14)
    assert clip_by_norm([5e-324, 0], 1).gradient.tolist() == [5e-324, 0]
    assert not clip_by_norm([3, 4], 5).clipped
    assert clip_by_norm([0, 0], 5).gradient.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: clip_by_norm([1, 2], 0), BadSetting, "limit: given 0, expected a number above 0"),
        (lambda: clip_by_value([1, float("inf")], 1), NonFinite, r"gradient\[1\] is inf, .*; lower the rate"),
        (lambda: clip_by_norm([[1, 2]], 1), WrongShape, "expected one flat list of numbers, one per parameter"),
    ],
)
def test_bad_input_is_a_lesson(make: Callable[[], object], kind: type[PathgradError], said: str) -> None:
    with pytest.raises(kind, match=said):
        make()

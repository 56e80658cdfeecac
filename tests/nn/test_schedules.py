"""Where every schedule begins and ends, and that it only falls once it is warm."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import BadSetting
from nn.schedules import Constant, Cosine, Exponential, Schedule, StepDecay, WarmUp


def test_the_ends_of_every_schedule() -> None:
    rates: dict[Schedule, dict[int, float]] = {
        Constant(0.3): {0: 0.3, 10**9: 0.3},
        StepDecay(0.8, 10, 0.5): {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 20: 0.2, 10**6: 0},
        Exponential(0.8, 0.5): {0: 0.8, 1: 0.4, 3: 0.1, 10**6: 0},
        Cosine(0.3, 100, 0.1): {0: 0.3, 50: 0.2, 100: 0.1, 101: 0.1, 10**9: 0.1},
        Cosine(0.3, 1): {0: 0.3, 1: 0},
        WarmUp(4, Constant(0.8)): {0: 0.2, 1: 0.4, 2: 0.6, 3: 0.8, 4: 0.8, 5: 0.8},
        WarmUp(2, Exponential(0.8, 0.5)): {0: 0.4, 1: 0.8, 2: 0.8, 3: 0.4},
        WarmUp(1, Cosine(0.3, 10)): {0: 0.3, 1: 0.3, 6: 0.15, 11: 0},
    }
    for schedule, expected in rates.items():
        assert {update: schedule(update) for update in expected} == pytest.approx(expected, rel=1e-15), schedule
        assert pickle.loads(pickle.dumps(schedule)) == schedule  # a search sends it to other processes
    assert (Cosine(0.3, 7, 0.1)(0), Cosine(0.3, 7, 0.1)(7)) == (0.3, 0.1)  # exactly


@given(rate=st.floats(1e-6, 10), updates=st.integers(1, 50), factor=st.floats(0.01, 1), share=st.floats(0, 1))
def test_schedules_rise_only_while_they_warm_up(rate: float, updates: int, factor: float, share: float) -> None:
    schedules: list[Schedule] = [
        Constant(rate),
        StepDecay(rate, updates, factor),
        Exponential(rate, factor),
        Cosine(rate, updates, share * rate),
    ]
    for then in schedules:
        rates = [WarmUp(updates, then)(update) for update in range(3 * updates + 1)]
        rise, fall = rates[:updates], rates[updates:]
        assert rise == sorted(rise)
        assert rise[0] > 0
        assert rise[-1] == fall[0] == rate
        assert all(later <= before * (1 + 1e-15) for before, later in pairwise(fall))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Exponential(0.1, 1.5), "factor: given 1.5, expected a number above 0 and at most 1"),
        (lambda: StepDecay(0.1, every=0), "every: given 0, expected a whole number from 1"),
        (lambda: Cosine(0.1, True), "updates: given True, expected a whole number from 1"),
        (lambda: Cosine(0.1, 9, floor=0.2), "floor: given 0.2, expected at most the rate, 0.1"),
    ],
)
def test_bad_input_is_a_lesson(make: Callable[[], object], said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        make()

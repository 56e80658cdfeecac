"""Numbers that are not finite, kinks and steps: found, named, and refused when strict."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from autograd import (
    Graph,
    NoGradientWarning,
    NonFinite,
    NonFiniteWarning,
    Scope,
    Value,
    first_nonfinite,
    gradients,
    kinks,
    located,
    maximum,
    strict,
    unrecorded,
    where_made,
    within,
)


def test_the_first_node_that_broke_is_named_with_its_operands() -> None:
    x = Value(0.0, "x")
    y = (x.log() * 2 + 1).exp()
    with pytest.warns(NonFiniteWarning, match=r"^log of x = 0 is -inf, the first number that is not finite\. Keep"):
        y.backward()
    assert len(list(Graph(y))) == 5
    assert first_nonfinite(Graph(Value(2.0).log())) is None


def test_a_derivative_that_broke_is_named_though_all_values_are_finite() -> None:
    x = Value(0.0, "x")
    with pytest.warns(NonFiniteWarning, match="y: sqrt of x = 0 is 0, but its derivative by x is inf"):
        assert gradients(x.sqrt().named("y"), [x]) == [math.inf]


def test_an_input_that_is_nan_is_named_and_so_is_the_line_that_made_a_node() -> None:
    with pytest.warns(NonFiniteWarning, match="x is nan.*Give it a finite number"):
        (Value(math.nan, "x") + 1).backward()
    with located():
        y = Value(1000.0, "x").exp()
    with pytest.warns(NonFiniteWarning, match=r"exp of x = 1000 is inf \(made at test_hazards.py:\d+\).*softmax"):
        y.backward()


def test_the_warning_points_at_the_line_that_asked() -> None:
    with pytest.warns(NonFiniteWarning) as caught:
        Value(-1.0).log().backward()
    assert caught[0].filename == __file__


def test_inf_on_a_way_that_carries_no_weight_is_no_alarm() -> None:
    x = Value(-1000.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x.sigmoid().backward()
    assert x.grad == 0


def test_strict_refuses_where_the_number_is_made() -> None:
    x = Value(-1.0, "x")
    with strict(), pytest.raises(NonFinite, match=r"log of x = -1 is nan\. Keep what goes into log above 0"):
        x.log()
    assert math.isnan(x.log().data)  # outside of the block as before
    with strict(), pytest.raises(NonFinite, match="is inf"):
        Value(math.inf)


def test_strict_backward_changes_nothing_when_it_fails() -> None:
    x = Value(0.0, "x")
    y = x.sqrt() + x
    x.grad = 5.0
    with strict(), pytest.raises(NonFinite, match="derivative by x is inf"):
        y.backward()
    assert (x.grad, y.grad) == (5.0, None)


def test_a_warning_made_an_error_changes_nothing_either() -> None:
    x = Value(1.0, "x")
    y = x.step()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NoGradientWarning):
            y.backward()
    assert x.grad is None


def test_a_step_says_that_nothing_passes() -> None:
    x = Value(0.5, "x")
    y = (x.step().named("s") + x.step()).named("y")
    with pytest.warns(NoGradientWarning, match="no gradient passes s and 1 more like it: a step is flat.*use sigmoid"):
        y.backward()
    assert x.grad == 0
    assert [Value(v).step().data for v in (-1.0, 0.0, 2.0)] == [0, 0, 1]
    assert math.isnan(Value(math.nan).step().data)


def test_kinks_are_where_the_table_says() -> None:
    x, y = Value(0.0, "x"), Value(1.0, "y")
    bent = [x.relu(), abs(x), maximum(y, 1.0), x.leaky_relu()]
    smooth = [y.relu(), abs(y), maximum(y, x), x.sigmoid()]
    graph = Graph(sum(bent + smooth))  # type: ignore[type-var]
    assert kinks(graph) == bent


def test_a_product_of_finite_derivatives_that_overflows_is_named_too() -> None:
    x = Value(1e-300, "x")
    y = ((x * 1e200) * 1e200).named("y")
    with pytest.warns(NonFiniteWarning, match="of y overflows: each local derivative is finite, their product is not"):
        y.backward()
    with strict(), pytest.raises(NonFinite, match="overflows"):
        gradients(y, [x])


def test_strict_judges_only_what_is_asked_for() -> None:
    base, exponent = Value(-2.0, "b"), Value(2.0, "n")
    with strict():
        assert gradients(base**exponent, [base]) == [-4.0]


def test_strict_outlasts_the_block_that_it_is_said_in() -> None:
    def lesson() -> None:
        with within(Scope("neuron", "h")):
            strict()
        with pytest.raises(NonFinite, match="log of x = -1 is nan"):
            Value(-1.0, "x").log()

    copy_context().run(lesson)  # so that it does not outlast this test
    assert math.isnan(Value(-1.0).log().data)


def test_strict_sees_what_is_not_recorded() -> None:
    with unrecorded(), strict(), pytest.raises(NonFinite, match=r"^log is nan"):
        Value(-1.0).log()


def test_watches_end_by_themselves_in_whatever_order() -> None:
    def lesson() -> None:
        with located():
            strict()
        with pytest.raises(NonFinite):
            Value(0.0).log()

    copy_context().run(lesson)

    def forgetful() -> Iterator[None]:
        with unrecorded():
            yield

    generator = forgetful()
    next(generator)
    with located():
        next(generator, None)
    assert (Value(2.0) * 3).operands != ()
    again = strict()
    with again:
        pass
    assert math.isnan(Value(-1.0).log().data)


def test_two_watches_see_the_same_node() -> None:
    with located(), strict(), pytest.raises(NonFinite, match=r"made at test_hazards.py"):
        Value(-1.0, "x").log()
    with located(), located():
        assert where_made(Value(1.0)) != ""

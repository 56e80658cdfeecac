"""What is kept of a computation: nothing, the ends of its stages, the lines that made it, and names."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import (
    Graph,
    NotAName,
    NotAScalar,
    NotRecorded,
    Scope,
    Value,
    WrongShape,
    backward_in_stages,
    describe,
    fold,
    gradients,
    located,
    names,
    unrecorded,
    where_made,
    within,
)
from nn import MLP


def test_nothing_is_recorded_when_asked_so() -> None:
    x = Value(2.0, "x")
    with unrecorded():
        y = (x * 3).named("y")
        assert MLP(1, [2, 1])([x]).operands == ()
    assert (y.data, y.operands) == (6.0, ())
    with pytest.raises(NotRecorded, match=r"backward: y was computed while nothing was recorded.*compute it again"):
        y.backward()
    with pytest.raises(NotRecorded, match="gradients: y was computed"):
        gradients(y, [x])
    z = y * x
    assert gradients(z, [x]) == [6.0]  # in a later graph it is a constant


def test_nothing_is_recorded_until_the_outermost_block_ends() -> None:
    x = Value(2.0)
    with unrecorded():
        with unrecorded():
            pass
        assert len((x * 3).operands) == 0
    assert len((x * 3).operands) == 2


def test_a_detached_value_sends_nothing_back() -> None:
    x = Value(2.0, "x")
    y = x * x.detach()
    assert gradients(y, [x]) == [2.0]
    assert x.detach().name == "x"


def test_nodes_know_the_line_that_made_them_when_asked() -> None:
    with located():
        x = Value(2.0)
        y = x * x
        scope = Scope("neuron", "h")
        with within(scope):
            z = y.tanh()
    after = z + 1
    assert where_made(x).startswith("test_recording.py:")
    assert where_made(x) != where_made(y) != where_made(z) != ""
    assert where_made(after) == ""
    assert f"made at {where_made(y)}" in describe(y)
    assert z.scope is not None
    assert z.scope.enclosing({"neuron"}) is scope
    assert len(fold(Graph(z), "line")) == 3


def test_a_namespace_names_its_values() -> None:
    weights = [[Value(1.0), Value(2.0)], [Value(3.0)]]
    x, taken, _hidden = Value(4.0), Value(5.0, "mine"), Value(6.0)
    again = x
    found = names(locals())
    assert (x.name, taken.name, _hidden.name, weights[0][1].name) == ("x", "mine", "", "weights[0][1]")
    assert again.name == "x"
    assert set(found) == {"x", "weights[0][0]", "weights[0][1]", "weights[1][0]"}
    endless: list[Any] = [Value(7.0)]
    endless.append(endless)
    assert set(names({"l": endless})) == {"l[0]"}
    with pytest.raises(NotAName, match=r"names: given \[1\], expected a namespace; write names\(locals\(\)\)"):
        names([1])  # type: ignore[arg-type]


def chain(w: Value) -> list[Any]:
    """A hundred stages, with a second thing carried along."""
    return [lambda h, s: [(h * w).tanh(), s + h]] * 99 + [lambda h, s: h + s * w]


@pytest.mark.parametrize("every", [1, 2, 7, 10, 99, 100, 1000, None])
def test_stages_give_the_derivatives_of_the_whole(every: int | None) -> None:
    w, h, s = Value(0.9, "w"), Value(0.5, "h"), Value(0.1, "s")
    state: Any = [h, s]
    for stage in chain(w):
        state = stage(*state)
    expected = gradients(state, [w, h, s])
    w.grad = 1000.0
    told = backward_in_stages(chain(w), h, s, every=every)
    assert told.result == state.data
    assert [w.grad - 1000, h.grad, s.grad] == pytest.approx(expected, rel=1e-10)


def test_a_stage_may_pass_a_value_through_and_leave_one_unused() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    stages: list[Any] = [
        lambda a: [a * w, w, a.exp()],
        lambda b, v, unused: [b, v * b, unused],
        lambda b, c, unused: b * c,
    ]
    backward_in_stages(stages, x, every=1)
    found = [x.grad, w.grad]
    assert found == gradients((x * w) * (w * (x * w)), [x, w])


def test_memory_is_traded_for_computation() -> None:
    w = Value(0.9, "w")
    stages = [lambda h: (h * w).tanh()] * 100
    by_every = {every: backward_in_stages(stages, Value(0.5), every=every) for every in (1, 10, 100)}
    whole, some = by_every[100], by_every[10]
    assert whole.computed == 200  # every node once
    assert whole.kept >= 200
    assert some.computed < 2 * whole.computed
    assert some.kept < whole.kept / 5
    assert backward_in_stages(stages, Value(0.5)).every == math.isqrt(100)


def test_stages_that_are_none() -> None:
    with pytest.raises(WrongShape, match="backward_in_stages: given"):
        backward_in_stages([])
    with pytest.raises(WrongShape, match="every is 0, expected a whole number from 1"):
        backward_in_stages([lambda x: x], Value(1.0), every=0)
    with pytest.raises(NotAScalar, match="a stage gave 5; return a Value or a list"):
        backward_in_stages([lambda x: 5], Value(1.0))  # type: ignore[list-item, return-value]
    with pytest.raises(WrongShape, match="the last stage gave 2 Values"):
        backward_in_stages([lambda x: [x, x]], Value(1.0))

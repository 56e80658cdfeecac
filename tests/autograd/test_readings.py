"""Readings of what was computed, in words that people read."""

from __future__ import annotations

from autograd import Graph, Value
from autograd.readings.text import expression
from nn import MLP, losses


def test_expressions_read_as_written() -> None:
    a, y = Value(2.0, "a"), Value(1.0, "y")
    assert expression((a - y) ** 2) == "(a − y)²"
    assert expression(-(a.exp() * 3 - 1 / a) / (a + 1) ** y) == "−(exp(a) · 3 − 1 / a) / (a + 1)^y"
    assert expression(a**-2 + a.log() * (a * y).tanh()) == "a⁻² + ln(a) · tanh(a · y)"
    assert expression(a - (y - a)) == "a − (y − a)"
    assert expression(a * Value(0.5)) == "a · 0.5"
    assert expression((1 - y * a).relu() + a.sigmoid()) == "relu(1 − y · a) + σ(a)"


def test_expressions_stop_at_names_and_give_up_politely() -> None:
    net = MLP(2, [2, 1])
    loss = losses.squared_error(net([1.0, 2.0]), 1.0)
    assert expression(loss) == "(h₂₁ − y)²"
    assert expression(Graph(loss)["a₂₁"]) == ""  # a sum of many terms
    assert expression(Value(1.0, "a")) == ""  # a leaf was not computed
    x = Value(1.0, "x")
    for _ in range(100_000):
        x = x * 1.5
    assert expression(x) == ""  # too long for a picture, and too deep for a recursion


def test_a_node_is_spelled_once_however_often_it_is_used() -> None:
    v = x = Value(1.0, "x")
    for _ in range(60):
        v = v * v
    assert expression(v) == ""  # written out it would have 2⁶⁰ factors
    once = x + 1
    assert expression(once * once) == "(x + 1) · (x + 1)"
    assert expression(x.sqrt() ** 2) == "(√x)²"

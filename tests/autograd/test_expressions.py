"""Typed expressions become graphs; nothing in them is executed."""

from __future__ import annotations

import math

import pytest

from autograd import BadExpression, Value, expression_of, gradients, names_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*y + sin(x)", 1.2 * 0.7 + math.sin(1.2)),
        ("-x**2 / (1 - y)", -(1.2**2) / 0.3),
        ("x**-y", 1.2**-0.7),
        ("max(x, y, 1) - min(x, 2) + sum(x, y, x)", 1.2 - 1.2 + 3.1),
        ("logsumexp(x, y)", math.log(math.exp(1.2) + math.exp(0.7))),
        ("leaky_relu(-x) + leaky_relu(-x, y) + relu(y)", -0.012 - 0.84 + 0.7),
        ("+x * pi + e**0 + abs(-y)", 1.2 * math.pi + 1 + 0.7),
        ("sigmoid(0) + x - x", 0.5),
        ("  x ", 1.2),
        ("+".join(["x"] * 500), 600.0),
    ],
)
def test_an_expression_is_the_graph_that_it_says(text: str, expected: float) -> None:
    assert expression_of(text, {"x": Value(1.2, "x"), "y": Value(0.7, "y")}).data == pytest.approx(expected)


def test_its_names_are_leaves_to_differentiate_by() -> None:
    x = Value(3.0, "x")
    assert gradients(expression_of("x*x*x", {"x": x}), [x]) == [27.0]
    assert names_in("b + a*b - pi") == ["b", "a"]
    e = Value(2.0, "e")
    assert expression_of("e", {"e": e}) is e  # what is given goes before the constant
    assert expression_of("9" * 400, {}).data == math.inf
    assert expression_of("1/0 - 2**10000", {}).data != 0  # IEEE here too, no traceback


@pytest.mark.parametrize(
    ("text", "lesson"),
    [
        ("x +", "is no expression"),
        ("x^2", r"'x\^2' is not part of an expression here: write \*\* for powers"),
        ("x = 3", "is no expression"),
        ("__import__('os').system('true')", "is not part of an expression"),
        ("x.data", "is not part of an expression"),
        ("[x][0]", "is not part of an expression"),
        ("(lambda: 1)()", "is not part of an expression"),
        ("x if x else y", "is not part of an expression"),
        ("True", "is not part of an expression"),
        ("x + False", "is not part of an expression"),
        ("'a'*9", "is not part of an expression"),
        ("frob(x)", "no function frob; there are abs, cos, exp"),
        ("sin(x, y)", "sin cannot take 2 operands; it takes x"),
        ("max()", "max cannot take 0 operands"),
        ("sin + x", r"sin is a function; write sin\(…\)"),
        ("q", "q has no value; give it one, as in q=0.5"),
        ("-" * 5000 + "x", "nested too deeply"),
        ("(" * 300 + "x", "is no expression|nested too deeply"),
        ("x" * 20_000, "at most 10,000 characters"),
        ("", "is no expression"),
        ("x\0", "is no expression"),
    ],
)
def test_anything_else_is_refused_with_the_place(text: str, lesson: str) -> None:
    with pytest.raises(BadExpression, match=lesson) as refused:
        expression_of(text, {"x": Value(1.0), "y": Value(2.0)})
    assert "\n" not in str(refused.value)

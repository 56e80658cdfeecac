"""Every row of the table, against oracles: differences, sympy, and one reading against another."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from autograd import TABLE, Op, Value, gradients
from autograd.formula import Formula, read
from autograd.readings.latex import rules
from autograd.readings.numpy import evaluate
from autograd.readings.python import rule
from autograd.readings.values import express

from ..oracles import central_difference, close

every_row = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
ENTRIES = 3  # how long a list operand is here


def shape(op: Op) -> list[int]:
    """How many numbers each operand takes here."""
    return [ENTRIES if operand.endswith("*") else 1 for operand in op.operands]


def pack(op: Op, numbers: list[float]) -> list[Any]:
    """The numbers as the row's operands: lists for those with a star."""
    rest, packed = list(numbers), []
    for operand, size in zip(op.operands, shape(op), strict=True):
        taken, rest = rest[:size], rest[size:]
        packed.append(taken if operand.endswith("*") else taken[0])
    return packed


def arrays(op: Op, numbers: list[float]) -> dict[str, Any]:
    """The same for NumPy, by name."""
    return {s: np.array(v) for s, v in zip(op.symbols, pack(op, numbers), strict=True)}


def result(op: Op, numbers: list[float]) -> tuple[float, tuple[float, ...]]:
    """The row's result and all partials at a point, by the compiled rule."""
    return rule(op, (True,) * len(op.operands))(*pack(op, numbers))


@every_row
@given(data=st.data())
def test_partials_agree_with_central_differences_where_the_row_is_smooth(op: Op, data: st.DataObject) -> None:
    # Stay clear of the edge of what is smooth by more than the step of the differences.
    clear = st.integers(60, 3000).map(lambda n: n / 1000)
    drawn = st.floats(-3, 3) if op.smooth is None else clear | clear.map(lambda n: -n)
    numbers = [data.draw(drawn, label=f"operand {i}") for i in range(sum(shape(op)))]
    assume(op.smooth is None or evaluate(op.smooth, **arrays(op, numbers)).all())
    z, partials = result(op, numbers)
    for slot, partial in enumerate(partials):
        difference = central_difference(lambda at: result(op, list(at))[0], numbers, slot)
        assert close(partial, difference, 1e-6, 1e-8 * max(1, abs(z))), f"∂{op}/∂operand {slot} at {numbers}"


SYMPY: dict[str, Any] = {
    "number": sympy.Integer,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "**": lambda a, b: a**b,
    "exp": sympy.exp,
    "log": sympy.log,
    "tanh": sympy.tanh,
    "<=": lambda a, b: a <= b,
    "==": sympy.Eq,
    "where": lambda test, yes, no: sympy.Piecewise((yes, test), (no, True)),
    "total": lambda entries: sum(entries),
}


@every_row
def test_sympy_proves_every_partial(op: Op) -> None:
    names: dict[str, Any] = {
        symbol: np.array(sympy.symbols(f"{symbol}:{ENTRIES}", real=True))
        if operand.endswith("*")
        else sympy.Symbol(symbol, positive=(symbol == "x" and op.smooth == (Formula("x") > 0)) or None, real=True)
        for symbol, operand in zip(op.symbols, op.operands, strict=True)
    }
    z = read(op.result, SYMPY, names)
    for symbol, formula in zip(op.symbols, op.partials, strict=True):
        stated = np.broadcast_to(read(formula, SYMPY, {**names, "z": z}), np.shape(names[symbol]))
        for variable, partial in zip(np.ravel(names[symbol]), np.ravel(stated), strict=True):
            assert sympy.simplify(sympy.diff(z, variable) - partial) == 0, f"∂{op}/∂{variable} is not {partial}"


@every_row
@given(data=st.data())
def test_numpy_reads_what_python_reads(op: Op, data: st.DataObject) -> None:
    numbers = [data.draw(st.floats(-5, 5)) for _ in range(sum(shape(op)))]
    z, partials = result(op, numbers)
    named = arrays(op, numbers)
    # nan_ok: both follow IEEE 754, so both say nan for the log of a negative number.
    assert evaluate(op.result, **named) == pytest.approx(z, rel=1e-13, nan_ok=True)
    read_again = [
        np.ravel(np.broadcast_to(evaluate(p, z=z, **named), np.shape(named[s])))
        for s, p in zip(op.symbols, op.partials, strict=True)
    ]
    assert np.concatenate(read_again).tolist() == pytest.approx(partials, rel=1e-13, nan_ok=True)


@every_row
def test_values_read_what_python_reads(op: Op) -> None:
    if op.takes_lists:
        return  # on Values a list is many nodes, not one symbol
    for numbers in ([0.7, 1.3], [2.0, -0.5], [0.1, 3.0]):
        z, partials = result(op, numbers[: len(op.operands)])
        leaves = {symbol: Value(number) for symbol, number in zip(op.symbols, numbers, strict=False)}
        y = express(op.result, **leaves)
        assert float(y) == pytest.approx(z, rel=1e-13)
        assert gradients(y, list(leaves.values())) == pytest.approx(partials, rel=1e-12)


@every_row
def test_latex_is_well_formed(op: Op) -> None:
    equations = rules(op)
    assert len(equations) == 1 + len(op.operands)
    for equation in equations:
        assert convert(equation).startswith("<math")


@every_row
def test_an_unwanted_partial_is_not_computed(op: Op) -> None:
    operands = pack(op, [0.5] * sum(shape(op)))
    for slot in range(len(op.operands)):
        wanted = tuple(place == slot for place in range(len(op.operands)))
        _, partials = rule(op, wanted)(*operands)
        assert sum(partial is not None for partial in partials) == shape(op)[slot]


def test_the_page_of_calculus_reads_as_on_the_board() -> None:
    assert rules(TABLE["tanh"]) == [r"z = \tanh(x)", r"\frac{\partial z}{\partial x} = 1 - z^{2}"]
    assert rules(TABLE["div"])[2] == r"\frac{\partial z}{\partial y} = \frac{-z}{y}"
    assert rules(TABLE["weighted_sum"])[:2] == [
        r"z = \sum_i w_i \cdot x_i + b",
        r"\frac{\partial z}{\partial w_i} = x_i",
    ]
    assert math.isclose(result(TABLE["sigmoid"], [0.0])[1][0], 0.25)

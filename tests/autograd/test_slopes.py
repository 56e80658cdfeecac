"""Derivatives as formulas, against the table read on arrays, mpmath and sympy; and a word for every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from latex2mathml.converter import convert

from autograd import TABLE, NotAName, Op, UnknownChoice, Value, WrongShape, slope
from autograd.formula import Formula, read, word
from autograd.ops import PRIMITIVES
from autograd.readings.latex import latex
from autograd.readings.numpy import evaluate, partial, result, slope_of
from autograd.readings.text import TEXT
from autograd.readings.values import express

from ..oracles import close, fewer
from .test_table import MPMATH, SYMPY

x, y, p = map(Formula, "xyp")
exp, log, sigmoid, tanh, relu, where = map(word, ("exp", "log", "sigmoid", "tanh", "relu", "where"))
every_word = pytest.mark.parametrize("said", PRIMITIVES)
SMOOTH = {said for said, name in PRIMITIVES.items() if TABLE[name].smooth is None} | {"log", "log1p", "sqrt", "/"}
LARGEST = 1e9  # parts beyond it leave floats too few digits to compare

# Every word on mpmath's numbers; one that mpmath does not have is what its row says.
EXACT: dict[str, Callable[..., Any]] = MPMATH | {
    said: lambda *at, op=TABLE[name]: read(op.result, MPMATH, dict(zip(op.symbols, at, strict=True)))
    for said, name in PRIMITIVES.items()
    if said not in MPMATH
}


def formulas(words: set[str], leaves: int = 8) -> st.SearchStrategy[Formula]:
    """Random formulas of x, y, p and small numbers in these words; powers are whole."""

    def larger(part: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        plain = sorted(words & PRIMITIVES.keys() - {"**"})
        made = [st.builds(word(said), *[part] * len(row_of(said).operands)) for said in plain]
        if "**" in words:
            made.append(st.builds(word("**"), part, st.sampled_from([2, 3, 0, -1, -2])))
        if "where" in words:
            tests = st.builds(Formula, st.sampled_from(["<=", ">", "=="]), part, part)
            made.append(st.builds(where, tests, part, part))
        return st.one_of(made)

    return st.recursive(st.sampled_from([x, y, p, *map(Formula, (0, 1, 2, 3, -1, -2, 0.5))]), larger, max_leaves=leaves)


points = st.fixed_dictionaries({name: st.integers(-300, 300).map(lambda n: n / 100) for name in "xyp"})


def row_of(said: str) -> Op:
    return TABLE[PRIMITIVES[said]]


def applied(said: str) -> Formula:
    """The word, applied to the symbols of its row."""
    return word(said)(*map(Formula, row_of(said).symbols))


def exactly(formula: Formula, at: dict[str, Any]) -> tuple[Any, float]:
    """The formula by mpmath, and the size of its largest part; raises ArithmeticError if one is no moderate number."""
    sizes = [1.0]

    def watched(meaning: Callable[..., Any]) -> Callable[..., Any]:
        def apply(*args: Any) -> Any:
            made = meaning(*args)
            if isinstance(made, mpmath.mpc) or not abs(made) < LARGEST:
                raise ArithmeticError
            sizes.append(float(abs(made)))
            return made

        return apply

    return read(formula, {said: watched(meaning) for said, meaning in EXACT.items()}, at), max(sizes)


@every_word
def test_every_row_is_a_word_in_every_reading(said: str) -> None:
    op, formula, at = row_of(said), applied(said), [0.7, -1.3][: len(row_of(said).operands)]
    names = dict(zip(op.symbols, at, strict=True))
    assert evaluate(formula, **names) == pytest.approx(result(op.name, *at), rel=1e-15)
    for slot, symbol in enumerate(op.symbols):
        assert slope_of(formula, symbol, **names) == pytest.approx(partial(op.name, slot, *at), rel=1e-15, nan_ok=True)
    node = express(formula, **{symbol: Value(number) for symbol, number in names.items()})
    assert node.op is op
    assert convert(latex(formula, {symbol: symbol for symbol in op.symbols})).startswith("<math")
    assert read(formula, TEXT, {symbol: TEXT["number"](2) for symbol in op.symbols})


@every_word
def test_the_slope_of_a_word_is_the_partial_of_its_row(said: str) -> None:
    op = row_of(said)
    at = [np.array([0.7, -1.3, 0.0, 2.0]), np.array([2.0, 3.0, 0.0, -0.5])][: len(op.operands)]
    for slot, symbol in enumerate(op.symbols):
        found = evaluate(slope(applied(said), symbol), **dict(zip(op.symbols, at, strict=True)))
        wanted = np.broadcast_to(partial(op.name, slot, *at), at[0].shape)
        np.testing.assert_allclose(np.broadcast_to(found, at[0].shape), wanted, rtol=1e-15)


def test_it_reads_as_the_chain_rule() -> None:
    assert slope(sigmoid(x), "x") == sigmoid(x) * (1 - sigmoid(x))
    assert slope(tanh(3 * x), "x") == (1 - tanh(3 * x) ** 2) * 3
    assert slope(x * y, "y") == x
    assert slope(relu(x), "x") == where(x <= 0, 0, 1)
    assert slope(where(x <= p, x * y, log(x)), "x") == where(x <= p, y, 1 / x)
    assert slope(word("softplus")(y), "y") == sigmoid(y)


def test_what_does_not_change_adds_no_term() -> None:
    assert slope(exp(y), "x") == Formula(0)
    assert slope(where(x <= 0, y, 1), "x") == slope(x <= y, "x") == slope(word("step")(2 * x), "x") == Formula(0)
    assert "log" not in slope(x**2, "x").words  # which would be nan below 0
    assert slope(word("total")(y) * x, "x") == word("total")(y)


@given(formulas({*PRIMITIVES, "where"}), points)
def test_on_arrays_it_is_the_table_carried_forward(formula: Formula, at: dict[str, float]) -> None:
    wanted = slope_of(formula, "x", **at)
    found = evaluate(slope(formula, "x"), **at)
    assume(np.isfinite(wanted) and np.isfinite(found))
    assert close(float(found), float(wanted), 1e-9, 1e-12)


@fewer(3)
@given(formulas({*SMOOTH, "**"}), points)
def test_mpmath_finds_the_same_derivative(formula: Formula, at: dict[str, float]) -> None:
    with mpmath.workdps(60):
        try:
            exact = {name: mpmath.mpf(number) for name, number in at.items()}
            found, size = exactly(slope(formula, "x"), exact)
            wanted = mpmath.diff(lambda number: exactly(formula, {**exact, "x": number})[0], exact["x"])
        except ArithmeticError:
            reject()
        assert abs(found - wanted) <= 1e-20 * size


@pytest.mark.parametrize(
    "formula",
    [
        -(y * log(x) + (1 - y) * log(1 - x)),
        sigmoid(x * y) ** 3 / (1 + exp(-x)),
        tanh(x) * word("silu")(x - y),
        word("sqrt")(1 + x**2) - word("sin")(x) / word("cos")(x),
        word("expm1")(x) * word("log1p")(x**2) + word("tan")(y - x) ** -2,
    ],
)
def test_sympy_proves_it(formula: Formula) -> None:
    words = SYMPY | {"silu": lambda a: a / (1 + sympy.exp(-a))}
    names = {name: sympy.Symbol(name, positive=True) for name in "xy"}
    difference = sympy.diff(read(formula, words, names), names["x"]) - read(slope(formula, "x"), words, names)
    assert sympy.simplify(difference) == 0


def test_what_has_no_slope_is_a_lesson() -> None:
    with pytest.raises(UnknownChoice, match=r"no slope of the word 'total'; choose one of: \+, -"):
        slope(word("total")(x * y), "x")
    with pytest.raises(UnknownChoice, match="no slope of the word 'logsumexp'"):
        slope(word("logsumexp")(x), "x")
    with pytest.raises(WrongShape, match=r"slope: \+ of 3 formulas; it takes x y"):
        slope(Formula("+", x, y, p), "x")
    with pytest.raises(NotAName, match="slope: by x, expected the name of a symbol; write 'x'"):
        slope(x * y, x)  # type: ignore[arg-type]  # the symbol itself where its name is asked for

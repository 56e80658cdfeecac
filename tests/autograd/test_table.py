"""Every row of the table in every reading, against oracles: mpmath to three orders, and sympy for the proof."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from autograd import TABLE, Op, Value, gradients, spelled_out
from autograd.formula import Formula, read
from autograd.functions import record
from autograd.readings.latex import rules
from autograd.readings.numpy import evaluate
from autograd.readings.python import rule
from autograd.readings.values import local_derivatives

from ..oracles import close, fewer

every_row = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
ENTRIES = 3  # how long a list operand is here
Answer = tuple[float, list[float]]  # a result and all its partials


def shape(op: Op) -> list[int]:
    """How many numbers each operand takes here."""
    return [ENTRIES if listed else 1 for listed in op.is_list]


def pack(op: Op, numbers: Sequence[Any]) -> list[Any]:
    """The numbers as the row's operands: lists for those with a star."""
    rest, packed = list(numbers), []
    for listed, size in zip(op.is_list, shape(op), strict=True):
        taken, rest = rest[:size], rest[size:]
        packed.append(taken if listed else taken[0])
    return packed


def arrays(op: Op, numbers: Sequence[float]) -> dict[str, Any]:
    """The same for NumPy, by name."""
    return {s: np.array(v) for s, v in zip(op.symbols, pack(op, numbers), strict=True)}


def is_smooth(op: Op, at: Sequence[float]) -> bool:
    """Whether the row says that it is smooth there."""
    named = arrays(op, at)
    return op.smooth is None or bool(evaluate(op.smooth, z=evaluate(op.result, **named), **named).all())


def points(op: Op) -> st.SearchStrategy[list[float]]:
    """Points of the row's smooth domain, not too near to its edge."""
    clear = st.integers(60, 3000).map(lambda n: n / 1000)
    drawn = st.floats(-3, 3) if op.smooth is None else clear | clear.map(lambda n: -n)
    lists = st.lists(drawn, min_size=sum(shape(op)), max_size=sum(shape(op)))
    return lists.filter(lambda at: is_smooth(op, at))


def by_python(op: Op, numbers: Sequence[float]) -> Answer:
    z, *partials = rule(op, (True,) * len(op.operands))(*pack(op, numbers))
    return z, partials


def by_numpy(op: Op, numbers: Sequence[float]) -> Answer:
    named = arrays(op, numbers)
    z = evaluate(op.result, **named)
    partials = [
        np.ravel(np.broadcast_to(evaluate(p, z=z, **named), np.shape(named[s])))
        for s, p in zip(op.symbols, op.partials, strict=True)
    ]
    return float(z), np.concatenate(partials).tolist()


def by_values(op: Op, numbers: Sequence[float]) -> Answer:
    """The partials written out as graphs."""
    node = record(op, *pack(op, [Value(number) for number in numbers]))
    return node.data, [float(local) for local in local_derivatives(node) if local is not None]


def by_composition(op: Op, numbers: Sequence[float]) -> Answer:
    """The result written out as a graph of simpler primitives, and swept: their partials against the row's own."""
    leaves = [Value(number) for number in numbers]
    y = spelled_out(op.name, *pack(op, leaves))
    return y.data, gradients(y, leaves)


READINGS: dict[str, Callable[[Op, Sequence[float]], Answer]] = {
    "python": by_python,
    "numpy": by_numpy,
    "values": by_values,
    "composition": by_composition,
}

MPMATH: dict[str, Any] = {
    "number": mpmath.mpf,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "**": lambda a, b: a**b,
    "abs": abs,
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "where": lambda test, yes, no: yes if test else no,
    "total": lambda entries: sum(entries[1:], entries[0]),
    "largest": max,
    "smallest": min,
} | {name: getattr(mpmath, name) for name in ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh")}


class Entries(list[Any]):
    """A list operand for mpmath: arithmetic goes entry by entry."""


def lifted(meaning: Callable[..., Any]) -> Callable[..., Any]:
    def word(*args: Any) -> Any:
        if not any(isinstance(arg, Entries) for arg in args):
            return meaning(*args)
        columns = [arg if isinstance(arg, Entries) else [arg] * ENTRIES for arg in args]
        return Entries(map(meaning, *columns))

    return word


WORDS = {
    name: meaning if name in ("number", "total", "largest", "smallest") else lifted(meaning)
    for name, meaning in MPMATH.items()
}


def exact(op: Op, numbers: Sequence[float], orders: tuple[int, ...]) -> float:
    """That derivative of the row's result at the point, by mpmath's numerical differentiation to 50 digits."""

    def f(*at: Any) -> Any:
        packed = [Entries(p) if isinstance(p, list) else p for p in pack(op, at)]
        return read(op.result, WORDS, dict(zip(op.symbols, packed, strict=True)))

    with mpmath.workdps(50):
        return float(mpmath.diff(f, tuple(map(mpmath.mpf, numbers)), orders))


@every_row
@fewer(3)
@given(data=st.data())
def test_every_reading_gives_the_derivatives_that_mpmath_finds(op: Op, data: st.DataObject) -> None:
    numbers = data.draw(points(op))
    size = len(numbers)
    result = exact(op, numbers, (0,) * size)
    partials = [exact(op, numbers, tuple(int(place == slot) for place in range(size))) for slot in range(size)]
    # Near the largest results, such as tan beside its pole, floats have fewer digits to give.
    loss = 1e-13 * max(1.0, abs(result)) ** 2
    for reading, answer in READINGS.items():
        z, found = answer(op, numbers)
        assert close(z, result, 1e-12, loss), f"{op} by {reading} at {numbers}"
        for slot, (partial, wanted) in enumerate(zip(found, partials, strict=True)):
            assert close(partial, wanted, 1e-12, loss), f"∂{op}/∂operand {slot} by {reading} at {numbers}"


@every_row
@fewer(15)
@given(data=st.data())
def test_second_and_third_derivatives(op: Op, data: st.DataObject) -> None:
    numbers = data.draw(points(op))
    leaves = [Value(number) for number in numbers]
    y = record(op, *pack(op, leaves))
    assume(abs(y.data) < 50)
    slots = range(len(leaves)) if not op.takes_lists else [0, 1, len(leaves) - 1]
    for ways in itertools.combinations_with_replacement(slots, 3):
        derivative = y
        for order, slot in enumerate(ways, 1):
            (derivative,) = gradients(derivative, [leaves[slot]], create_graph=True)
            orders = tuple(ways[:order].count(place) for place in range(len(leaves)))
            wanted = exact(op, numbers, orders)
            assert close(derivative.data, wanted, 1e-9, 1e-9 * max(1, abs(y.data))), f"∂{orders} of {op} at {numbers}"


SYMPY: dict[str, Any] = (
    MPMATH
    | {
        "number": lambda n: sympy.oo if n == math.inf else sympy.Integer(int(n)),
        "<=": lambda a, b: a <= b,
        "where": lambda test, yes, no: sympy.Piecewise((yes, test), (no, True)),
        "==": sympy.Eq,
        "abs": sympy.Abs,
        "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
        "log1p": lambda a: sympy.log(1 + a),
        "expm1": lambda a: sympy.exp(a) - 1,
    }
    | {name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh")}
)
# sympy proves a row of max, min or logsumexp where the first entry is the largest, the last the smallest and no two
# are equal. That is enough: these rows treat their entries alike, and where two are equal the row is not smooth.
IN_ORDER: dict[str, Any] = {
    "largest": lambda entries: entries[0],
    "smallest": lambda entries: entries[-1],
    "==": lambda a, b: np.vectorize(lambda p, q: sympy.true if sympy.simplify(p - q) == 0 else sympy.false)(a, b)[()],
    "where": lambda test, yes, no: np.vectorize(lambda t, y, n: y if t == sympy.true else n)(test, yes, no)[()],
    "exp": np.vectorize(sympy.exp, otypes=[object]),
    "total": lambda entries: np.sum(entries),
}


@every_row
def test_sympy_proves_every_partial(op: Op) -> None:
    words = SYMPY | IN_ORDER if op.takes_lists else SYMPY
    smooth_above_0 = op.smooth == (Formula("x") > 0)
    names: dict[str, Any] = {
        symbol: np.array(sympy.symbols(f"{symbol}:{ENTRIES}", real=True))
        if listed
        else sympy.Symbol(symbol, positive=(symbol == "x" and smooth_above_0) or None, real=True)
        for symbol, listed in zip(op.symbols, op.is_list, strict=True)
    }
    z = read(op.result, words, names)
    z = z.item() if isinstance(z, np.ndarray) else z
    for symbol, formula in zip(op.symbols, op.partials, strict=True):
        stated = np.broadcast_to(read(formula, words, {**names, "z": z}), np.shape(names[symbol]))
        for variable, partial in zip(np.ravel(names[symbol]), np.ravel(stated), strict=True):
            for sign in ({"positive": True}, {"negative": True}) if op.smooth is not None else ({"real": True},):
                side = sympy.Symbol("side", **sign)  # each side of a kink by itself
                difference = (sympy.diff(z, variable) - partial).subs(variable, side)
                if smooth_above_0 and "negative" in sign and symbol == "x":
                    continue
                assert sympy.simplify(difference) == 0, f"∂{op}/∂{variable} is not {partial}"


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
        _, *partials = rule(op, wanted)(*operands)
        assert sum(partial is not None for partial in partials) == shape(op)[slot]


def test_the_page_of_calculus_reads_as_on_the_board() -> None:
    assert rules(TABLE["tanh"]) == [r"z = \tanh(x)", r"\frac{\partial z}{\partial x} = 1 - z^{2}"]
    assert rules(TABLE["div"])[2] == r"\frac{\partial z}{\partial y} = \frac{-z}{y}"
    assert rules(TABLE["weighted_sum"])[:2] == [
        r"z = \sum_i w_i \cdot x_i + b",
        r"\frac{\partial z}{\partial w_i} = x_i",
    ]
    assert rules(TABLE["expm1"])[0] == "z = e^{x} - 1"

"""TABLE: every primitive and its local derivatives, each stated once. Imports formula.

A row is a page of calculus. Its symbols are its operands and `z`, the row's own result. An operand written
with a star is a list of numbers: in a formula its plain name means the i-th entry, and the words `total`,
`largest` and `smallest` run over all entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

from .formula import Formula, as_formula, word


class Op(NamedTuple):
    """One primitive: its result, one partial derivative per operand, and where it is smooth (None: everywhere).

    Where it is not smooth, at a kink or a pole, the partials say which derivative is taken there. `says` is the
    sentence that goes with the formulas wherever people read about the primitive.
    """

    name: str
    glyph: str
    operands: tuple[str, ...]
    result: Formula
    partials: tuple[Formula, ...]
    smooth: Formula | None
    says: str

    def __repr__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return primitive, (self.name,)  # pickles and copies are the row itself

    @property
    def symbols(self) -> tuple[str, ...]:
        """The operands' names without their stars."""
        return tuple(operand.rstrip("*") for operand in self.operands)

    @property
    def is_list(self) -> tuple[bool, ...]:
        """For each operand, whether it is a list."""
        return tuple(operand.endswith("*") for operand in self.operands)

    def by_symbol(self, operands: Sequence[Any]) -> dict[str, Any]:
        """A node's operands under the names that they have in this row: a list where the row takes a list."""
        length = (len(operands) - self.is_list.count(False)) // max(1, self.is_list.count(True))
        rest, names = list(operands), {}
        for symbol, listed in zip(self.symbols, self.is_list, strict=True):
            names[symbol], rest = (rest[:length], rest[length:]) if listed else (rest[0], rest[1:])
        return names

    @property
    def takes_lists(self) -> bool:
        """Whether some operand is a list, so that one node may have any number of parents."""
        return any(self.is_list)

    def takes(self, count: int) -> bool:
        """Whether so many numbers can be its operands; lists are of one length."""
        lists = self.is_list.count(True)
        entries = count - self.is_list.count(False)
        return entries == 0 if not lists else entries > 0 and entries % lists == 0

    @property
    def is_rational(self) -> bool:
        """Whether the result is made of + − × ÷, powers and choices alone, so that fractions can stay exact."""
        return self.result.words <= RATIONAL

    @property
    def has_kink(self) -> bool:
        """Whether the result has pieces that meet without being smooth, as in relu."""
        return self.smooth is not None and bool(self.result.words & {"where", "abs", "largest", "smallest"})


RATIONAL = {"+", "-", "*", "/", "neg", "**", "abs", "<=", ">", "==", "where", "total", "largest", "smallest"}


def row(
    name: str,
    glyph: str,
    operands: str,
    result: Formula,
    partials: tuple[Formula | float, ...],
    says: str,
    smooth: Formula | None = None,
) -> Op:
    """One row of the table, written the way the page of calculus reads: of one or two operands, or of lists."""
    symbols = operands.split()
    assert "*" in operands or len(symbols) <= 2, f"{name}: a node has room for two operands; take a list of more"
    assert len(symbols) == len(partials), f"{name}: state one partial for each operand"
    return Op(name, glyph, tuple(symbols), result, tuple(map(as_formula, partials)), smooth, says)


def primitive(name: str) -> Op:
    """The row of that name; raises KeyError if there is none."""
    return TABLE[name]


x, y, z, w, b, a = map(Formula, "xyzwba")
# Words that the math modules of Python, NumPy and mpmath have under the same name.
ELEMENTARY = ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh")
exp, log, log1p, expm1, sqrt, sin, cos, tan, tanh = map(word, ELEMENTARY)
sigmoid = word("sigmoid")
where, equal, total, largest, smallest = map(word, ("where", "==", "total", "largest", "smallest"))

LOGISTIC = 1 / (1 + exp(-x))  # what the word sigmoid says, where a vocabulary has no better one
shared = where(equal(x, z), 1 / total(where(equal(x, z), 1, 0)), 0)
alone = total(where(equal(x, z), 1, 0)) <= 1
peak = largest(x)


def unless(test: Formula, general: Formula) -> Formula:
    """The general formula, and 0 at the points of the test."""
    return where(test, 0, general)


TABLE: dict[str, Op] = {
    op.name: op
    for op in (
        row("add", "+", "x y", x + y, (1, 1), "The sum: what arrives goes on to both operands."),
        row("sub", "−", "x y", x - y, (1, -1), "The difference."),
        row("mul", "×", "x y", x * y, (y, x), "The product: each operand's derivative is the other operand."),
        row("div", "÷", "x y", x / y, (1 / y, -z / y), "The quotient.", smooth=abs(y) > 0),
        row("neg", "neg", "x", -x, (-1,), "The number with its sign turned."),
        row(
            "pow",
            "^",
            "x y",
            x**y,
            (unless(equal(abs(x) + abs(y), 0), y * x ** (y - 1)), unless(equal(x, 0), z * log(x))),
            "x to the power of y; flat at 0⁰ and at 0ʸ, where the general formulas come to 0 · ∞.",
            smooth=x > 0,
        ),
        row("exp", "exp", "x", exp(x), (z,), "e to the power of x, its own derivative."),
        row("log", "log", "x", log(x), (1 / x,), "The natural logarithm: −∞ at 0, nan below.", smooth=x > 0),
        row("log1p", "log1p", "x", log1p(x), (1 / (1 + x),), "ln(1 + x), precise also for tiny x.", smooth=x > -1),
        row("expm1", "expm1", "x", expm1(x), (exp(x),), "eˣ − 1, precise also for tiny x."),
        row("sqrt", "√", "x", sqrt(x), (1 / (2 * z),), "The square root: steep without end at 0.", smooth=x > 0),
        row("sin", "sin", "x", sin(x), (cos(x),), "The sine of x radians."),
        row("cos", "cos", "x", cos(x), (-sin(x),), "The cosine of x radians."),
        row("tan", "tan", "x", tan(x), (1 + z**2,), "The tangent of x radians.", smooth=abs(cos(x)) > 0),
        row("tanh", "tanh", "x", tanh(x), (1 - z**2,), "The hyperbolic tangent, between −1 and 1."),
        row("sigmoid", "σ", "x", LOGISTIC, (z * (1 - z),), "The logistic function, between 0 and 1, as one node."),
        row(
            "softplus",
            "softplus",
            "x",
            where(x <= 0, log1p(exp(x)), x + log1p(exp(-x))),
            (sigmoid(x),),
            "ln(1 + eˣ), the smooth relative of relu, without overflow.",
        ),
        row("silu", "silu", "x", x / (1 + exp(-x)), (z + sigmoid(x) * (1 - z),), "x · σ(x), also called swish."),
        row(
            "relu",
            "relu",
            "x",
            where(x <= 0, 0.0, x),
            (where(x <= 0, 0.0, 1.0),),
            "The positive part of x; at the kink 0 the derivative is taken as 0.",
            smooth=abs(x) > 0,
        ),
        row(
            "leaky_relu",
            "lrelu",
            "x a",
            where(x <= 0, a * x, x),
            (where(x <= 0, a, 1.0), where(x <= 0, x, 0.0)),
            "x above 0 and a · x below; at the kink 0 the derivative is taken from below.",
            smooth=abs(x) > 0,
        ),
        row(
            "abs",
            "abs",
            "x",
            abs(x),
            (where(equal(x, 0), 0, where(x <= 0, -1, 1)),),
            "x without its sign; at the kink 0 the derivative is taken as 0.",
            smooth=abs(x) > 0,
        ),
        row(
            "step",
            "step",
            "x",
            where(x <= 0, 0.0, where(x > 0, 1.0, x)),
            (0,),
            "1 above 0, else 0: flat on both sides, so no gradient ever passes.",
            smooth=abs(x) > 0,
        ),
        row("max", "max", "x*", largest(x), (shared,), "The largest; equal ones share the derivative.", smooth=alone),
        row("min", "min", "x*", smallest(x), (shared,), "The smallest; equal ones share the derivative.", smooth=alone),
        row("sum", "Σ", "x*", total(x), (1,), "The sum of any number of terms as one node."),
        row(
            "weighted_sum",
            "Σ",
            "w* x* b",
            total(w * x) + b,
            (x, w, 1),
            "Σ w·x + b, a neuron's pre-activation, as one node of many parents.",
        ),
        row(
            "logsumexp",
            "lse",
            "x*",
            where(equal(abs(peak), inf), peak, peak + log(total(exp(x - peak)))),
            (exp(x - z),),
            "ln Σ eˣ without overflow; its derivatives are the softmax.",
        ),
    )
}

OPERATORS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
# The row that each word of a formula is, where it is one: an operator's, or the one of that name; lists have none.
PRIMITIVES = OPERATORS | {
    op.name: op.name for op in TABLE.values() if not op.takes_lists and op.name not in OPERATORS.values()
}

"""TABLE: every primitive and its local derivatives, each stated once. Imports formula only.

A row is a page of calculus. Its symbols are its operands and `z`, the row's own result. An operand written
with a star is a list of numbers: in a formula its plain name means the i-th entry, and `total` sums over i.
"""

from __future__ import annotations

from typing import NamedTuple

from .formula import Formula, as_formula, word


class Op(NamedTuple):
    """One primitive: its result, one partial derivative per operand, and where it is smooth (None: everywhere).

    Where it is not smooth, at a kink or a pole, the partials say which derivative is taken there.
    """

    name: str
    glyph: str
    operands: tuple[str, ...]
    result: Formula
    partials: tuple[Formula, ...]
    smooth: Formula | None

    def __repr__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The operands' names without their stars."""
        return tuple(operand.rstrip("*") for operand in self.operands)

    @property
    def takes_lists(self) -> bool:
        """Whether some operand is a list, so that one node may have any number of parents."""
        return any(operand.endswith("*") for operand in self.operands)


def row(
    name: str,
    glyph: str,
    operands: str,
    result: Formula,
    partials: tuple[Formula | float, ...],
    smooth: Formula | None = None,
) -> Op:
    """One row of the table, written the way the page of calculus reads."""
    return Op(name, glyph, tuple(operands.split()), result, tuple(map(as_formula, partials)), smooth)


x, y, z, w, b = map(Formula, "xyzwb")
exp, log, tanh, where, total, equal = map(word, ("exp", "log", "tanh", "where", "total", "=="))


def unless(test: Formula, general: Formula) -> Formula:
    """The general formula, and 0 at the points of the test."""
    return where(test, 0, general)


TABLE: dict[str, Op] = {
    op.name: op
    for op in (
        row("add", "+", "x y", x + y, (1, 1)),
        row("sub", "−", "x y", x - y, (1, -1)),
        row("mul", "×", "x y", x * y, (y, x)),
        row("div", "÷", "x y", x / y, (1 / y, -z / y), smooth=abs(y) > 0),
        row("neg", "neg", "x", -x, (-1,)),
        # x⁰ is flat, and so is 0ʸ, also where the general formulas come to 0 · ∞.
        row("pow", "^", "x y", x**y, (unless(equal(y, 0), y * x ** (y - 1)), unless(equal(x, 0), z * log(x))), x > 0),
        row("exp", "exp", "x", exp(x), (z,)),
        row("log", "log", "x", log(x), (1 / x,), smooth=x > 0),
        row("tanh", "tanh", "x", tanh(x), (1 - z**2,)),
        row("sigmoid", "σ", "x", 1 / (1 + exp(-x)), (z * (1 - z),)),
        row("relu", "relu", "x", where(x <= 0, 0, x), (where(x <= 0, 0, 1),), smooth=abs(x) > 0),
        row("weighted_sum", "Σ", "w* x* b", total(w * x) + b, (x, w, 1)),
    )
}

"""Formulas as plain text with Unicode signs, (h₃₁ − y)². Imports formula, graph, ops, plain and readings.infix."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from ..errors import is_node
from ..formula import read
from ..graph import edges_of, topological
from ..ops import PRIMITIVES, Op
from ..plain import brief
from .infix import ATOM, CHOICE, POWER, PRODUCT, SIGN, SUM, TEST, Text, braced, call, infix, number, plain, times, wrap

RAISED = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _typeset(number: Text) -> Text:
    return Text(number.replace("-", "−"), number.strength)


def _power(base: Text, exponent: Text) -> Text:
    raised = exponent.translate(RAISED) if exponent.lstrip("−").isdigit() else f"^{wrap(exponent, ATOM)}"
    return Text(wrap(base, ATOM) + raised, POWER)


TEXT: dict[str, Callable[..., Text]] = {
    **{word: call(word) for word in PRIMITIVES},
    "number": lambda value: Text("∞") if value == inf else _typeset(plain(value)),
    "+": infix(" + ", SUM, SUM),
    "-": infix(" − ", SUM),
    "*": times(" · "),
    "/": infix(" / ", PRODUCT),
    "neg": lambda x: Text(f"−{wrap(x, SIGN)}", SIGN),
    "**": _power,
    "abs": lambda x: Text(f"|{x}|"),
    ">": infix(" > ", TEST),
    "<=": infix(" ≤ ", TEST),
    "==": infix(" = ", TEST),
    "where": lambda test, yes, no: Text(f"{wrap(yes, TEST)} if {test}, else {wrap(no, TEST)}", CHOICE),
    "log": call("ln"),
    "log1p": lambda x: Text(f"ln(1 + {wrap(x, SUM)})"),
    "expm1": lambda x: Text(f"exp({x}) − 1", SUM),
    "sigmoid": call("σ"),
    "sqrt": lambda x: Text(f"√{wrap(x, ATOM)}", POWER),
    "total": lambda x: Text(f"Σᵢ {wrap(x, PRODUCT)}", SUM),
    "largest": lambda x: Text(f"maxᵢ {wrap(x, PRODUCT)}", SUM),
    "smallest": lambda x: Text(f"minᵢ {wrap(x, PRODUCT)}", SUM),
}


# For formulas about derivatives, as the notes write them.
SLOPES = TEXT | {
    "+": lambda *terms: Text(" + ".join(terms), SUM),
    "*": braced(" · ", "{", "}"),
    "boxed": lambda x: Text(f"[{x}]"),
}


def rules(op: Op) -> list[str]:
    """The row as plain equations: its result, then one partial derivative per operand; the i-th entry of a list is xᵢ.

    >>> from autograd import TABLE
    >>> rules(TABLE["tanh"])
    ['z = tanh(x)', '∂z/∂x = 1 − z²']
    """
    names = _symbols(op)
    partials = zip(op.symbols, op.partials, strict=True)
    return [
        f"z = {read(op.result, TEXT, names)}",
        *(f"∂z/∂{names[symbol]} = {read(partial, TEXT, names)}" for symbol, partial in partials),
    ]


def smooth_where(op: Op) -> str:
    """Where the row is smooth, in words."""
    return "everywhere" if op.smooth is None else f"where {read(op.smooth, TEXT, _symbols(op))}"


def _symbols(op: Op) -> dict[str, Text]:
    """The row's symbols; of a list, its i-th entry."""
    names = {s: Text(f"{s}ᵢ" if many else s) for s, many in zip(op.symbols, op.is_list, strict=True)}
    return names | {"z": Text("z")}


def expression(node: Any, longest: int = 40) -> str:
    """How the node was computed from named nodes and leaves, nothing if that is longer than `longest` characters.

    >>> from autograd import Value
    >>> y = (Value(0.5, "p") - Value(1.0, "y")) ** 2
    >>> expression(y)
    '(p − y)²'
    """
    inner, stack = set[Any](), [node]
    while stack:
        at = stack.pop()
        if at not in inner and (at is node or not at.name):
            inner.add(at)
            stack += (edge.parent for edge in edges_of(at))
        if len(inner) > longest or (at in inner and at.op is not None and at.op.takes_lists):
            return ""
    named = {edge.parent for at in inner for edge in edges_of(at)} - inner
    spelled: dict[Any, Text] = {}
    for at in topological([node], named) if node.operands else ():
        spelled[at] = _spelled(at, spelled)  # each once, however often it is used
        if len(spelled[at]) > longest:
            return ""
    return str(spelled.get(node, ""))


def _spelled(at: Any, spelled: dict[Any, Text]) -> Text:
    """A node in words, from its operands, which are spelled already or have names."""
    if at.op is None:
        return Text(brief(at.data))
    operands = [
        spelled[operand]
        if operand in spelled
        else Text(operand.name)
        if is_node(operand)
        else _typeset(number(operand))
        for operand in at.operands
    ]
    if at.op.name in PRIMITIVES:
        return TEXT[at.op.name](*operands)
    return read(at.op.result, TEXT, dict(zip(at.op.symbols, operands, strict=True)))

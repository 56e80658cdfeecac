"""Formulas on Values themselves, so that what they say becomes part of a graph.

Imports formula, functions, graph, ops, plain, readings.python and value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from math import isclose
from typing import Any

from ..errors import NotRecorded, UnknownChoice, WrongShape
from ..formula import Formula, read
from ..functions import record
from ..graph import describe, label
from ..ops import PRIMITIVES, TABLE, primitive
from ..plain import brief
from ..value import Operand, Value, data_of
from .python import rule


def applied(name: str) -> Callable[..., Any]:
    """The primitive `name` as a function: a node where there is a Value among its operands, else a plain number."""
    op = primitive(name)
    plain = rule(op, (False,) * len(op.operands))

    def apply(*operands: Any) -> Any:
        flat = chain.from_iterable(o if isinstance(o, list) else (o,) for o in operands)
        return record(op, *operands) if any(isinstance(o, Value) for o in flat) else plain(*operands)[0]

    return apply


def _each(meaning: Callable[..., Any]) -> Callable[..., Any]:
    """The same word for lists: entry by entry, what is no list being the same for all."""

    def word(*args: Any) -> Any:
        lengths = [len(arg) for arg in args if isinstance(arg, list)]
        if not lengths:
            return meaning(*args)
        return [meaning(*(arg[i] if isinstance(arg, list) else arg for arg in args)) for i in range(lengths[0])]

    return word


VALUES: dict[str, Callable[..., Any]] = {
    **{word: _each(applied(name)) for word, name in PRIMITIVES.items()},
    "number": lambda number: number,
    ">": _each(lambda x, y: data_of(x) > data_of(y)),
    "<=": _each(lambda x, y: data_of(x) <= data_of(y)),
    "==": _each(lambda x, y: data_of(x) == data_of(y)),  # by value, where Values themselves compare by identity
    "where": _each(lambda test, yes, no: yes if test else no),
    "total": applied("sum"),
    "largest": applied("max"),
    "smallest": applied("min"),
}


def express(formula: Formula, **operands: Any) -> Any:
    """The formula as a graph on these Values; a list operand stands for its entries, one result each.

    >>> x = Formula("x")
    >>> express(x**2 - 3 * x, x=Value(2.0))
    Value(-2.0)
    """
    return read(formula, VALUES, operands)


def spelled_out(name: str, *operands: Value | float | Sequence[Value | float]) -> Value:
    """What the primitive `name` computes, as a graph of the simpler primitives that its row is written in.

    >>> spelled_out("sigmoid", Value(0.0)).parents  # 1 / (1 + exp(-x))
    (Value(2.0),)
    """
    op = TABLE.get(name)
    if op is None:
        raise UnknownChoice("primitive", name, TABLE)
    given = [[*operand] if isinstance(operand, (list, tuple)) else operand for operand in operands]
    if [isinstance(operand, list) for operand in given] != [*op.is_list] or [] in given:
        raise WrongShape(f"spelled_out: {name} takes {' '.join(op.operands)}, with a list where a star stands")
    for operand in chain.from_iterable(o if isinstance(o, list) else [o] for o in given):
        data_of(operand)
    made = express(op.result, **dict(zip(op.symbols, given, strict=True)))
    return made if isinstance(made, Value) else Value(made)


def local_derivatives(node: Value) -> list[Operand | None]:
    """∂node/∂operand for each operand as a graph on the operands and the node; None where a plain number stands.

    Raises NotRecorded if an operand's number has been changed since the node was computed from it.
    """
    op = node.op
    if op is None:
        return []
    names = op.by_symbol(node.operands) | {"z": node}
    found: list[Operand | None] = []
    for symbol, listed, partial in zip(op.symbols, op.is_list, op.partials, strict=True):
        group = names[symbol] if listed else [names[symbol]]
        asked = any(isinstance(operand, Value) for operand in group)
        made = express(partial, **names) if asked else None
        found += made if isinstance(made, list) else [made] * len(group)
    for operand, local, written in zip(node.operands, node.partials, found, strict=True):
        if local is not None and written is not None and not _same(data_of(written), local):
            raise NotRecorded(
                f"{describe(operand)} has been changed since {describe(node)} was computed from it: "
                f"∂/∂{label(operand)} was {brief(local, 6)} and would be {brief(data_of(written), 6)} now; "
                "compute it again"
            )
    return [w if local is not None else None for w, local in zip(found, node.partials, strict=True)]


def is_smooth(node: Value) -> bool:
    """Whether the node's row of the table is smooth at these operands: not on a kink, nor on a pole."""
    if node.op is None or node.op.smooth is None:
        return True
    numbers = [operand.data if isinstance(operand, Value) else operand for operand in node.operands]
    return bool(express(node.op.smooth, z=node.data, **node.op.by_symbol(numbers)))


def _same(now: float, then: float) -> bool:
    return now == then or now != now or then != then or isclose(now, then, rel_tol=1e-9)

"""The local derivative of an edge as a formula, w₂₁₁ · h₂₁ · (1 − h₂₁), read from the table.

Of a choice, such as that of a relu, it has the branch that is taken. Imports fold, formula, graph, ops, readings.infix,
readings.text, readings.values and sweep.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from .errors import is_node
from .fold import Folded
from .formula import Formula, read
from .graph import Edge, Graph
from .ops import LOGISTIC
from .readings.infix import ATOM, CHOICE, POWER, PRODUCT, SUM, Text, wrap
from .readings.text import TEXT
from .readings.values import VALUES
from .sweep import Algebra, by_edge, totals

LONGEST = 40  # characters that people read on an edge, and unnamed nodes that are spelled out for it
MOST = 4 * LONGEST  # characters that are ever written, on the way to a shorter formula or not
SHORT = 6  # and in a number that is worked out
OPERATORS, RAISED = set(" +−-·*/×÷^=<>≤≥|"), set("⁰¹²³⁴⁵⁶⁷⁸⁹")
TOO_LONG = Text("")


class _Known(NamedTuple):
    """A part of a formula, and what it comes to if that is a plain number, which can be worked out."""

    text: Text
    number: Any = None


def local_formula(edge: Edge[Any], longest: int = LONGEST) -> str:
    """∂node/∂parent along this edge as a formula of named nodes and numbers; nothing if it would be too long.

    Of a folded node it is the sum over the inner paths. No formula has more than 160 characters, and none is of a node
    that has neither a name nor a short formula of its own.

    >>> from autograd import Graph, Value
    >>> y = Value(0.5, "x").tanh().named("y")
    >>> [local_formula(edge) for edge in Graph(y).edges()]
    ['1 − y²']
    """
    text = _local(edge).text
    return str(text) if len(text) <= longest else ""


def weight_on(edge: Edge[Any]) -> Any:
    """The leaf, such as a neuron's weight, that the parent is multiplied by within the node; None if there is none.

    It is the other factor of a product, or the w of Σ w·x + b: what the table says is the local derivative. Within a
    folded node it is the same on every edge to the parent, or there is none.
    """
    if isinstance(edge.node, Folded):
        inside, end = _inside(edge)
        found = {weight_on(inner) for inner in inside.edges() if inner.parent is end}
        return found.pop() if len(found) == 1 else None
    if edge.node.op is None:
        return None
    formula, operands = _row(edge)
    factor: Any = None if formula.args else operands.get(str(formula.word))
    return factor if is_node(factor) and not factor.operands else None


def _inside(edge: Edge[Any]) -> tuple[Graph[Any], Any]:
    """What a folded node stands for, down to its operands, and which of those the edge leads to."""
    inner = {operand: operand.of if isinstance(operand, Folded) else operand for operand in edge.node.operands}
    return Graph(edge.node.of, ends={*inner.values()}), inner[edge.parent]


def _row(edge: Edge[Any]) -> tuple[Formula, dict[str, Any]]:
    """The formula of the edge's partial, and what the symbols in there are: of lists the entries of its own place."""
    op, names = edge.node.op, edge.node.op.by_symbol(edge.node.operands)
    rows = [
        (formula, place)
        for symbol, many, formula in zip(op.symbols, op.is_list, op.partials, strict=True)
        for place in range(len(names[symbol]) if many else 1)
    ]
    formula, place = rows[edge.slot]
    return formula, {symbol: v[place] if isinstance(v, list) else v for symbol, v in names.items()}


def _local(edge: Edge[Any]) -> _Known:
    if isinstance(edge.node, Folded):
        return _over_inner_paths(edge)
    if edge.node.op is None:
        return _Known(TOO_LONG)
    formula, operands = _row(edge)
    if "total" in formula.words:  # the share of a largest or smallest entry, a number
        return _number(edge.local)
    return _spelled(formula, operands | {"z": edge.node}, {})


def _over_inner_paths(edge: Edge[Any]) -> _Known:
    """The sum over the inner paths of a folded node; where it has become too long, no further edge is read."""
    inside, end = _inside(edge)
    above = inside.above([end])

    def along(upstream: _Known, inner: Edge[Any]) -> _Known:
        goes_on = upstream.text and inner.parent in above
        return _applied("*", upstream, _local(inner)) if goes_on else _Known(TOO_LONG)

    algebra = Algebra[Any, Any](_number(1), along, partial(_applied, "+"), by_edge(lambda inner: inner))
    held: dict[Any, _Known] = totals(inside, algebra)
    return held.get(end, _Known(TOO_LONG))


def _spelled(formula: Formula, operands: dict[str, Any], made: dict[Any, _Known]) -> _Known:
    """The formula in words; of a choice, the branch that is taken."""
    if formula.word == "where":
        test, yes, no = formula.args
        numbers = {symbol: operand.data if is_node(operand) else operand for symbol, operand in operands.items()}
        return _spelled(yes if read(test, VALUES, numbers) else no, operands, made)
    if formula.args:
        return _applied(str(formula.word), *(_spelled(arg, operands, made) for arg in formula.args))
    return _number(formula.word) if formula.is_number else _written(operands[str(formula.word)], made)


def _written(operand: Any, made: dict[Any, _Known]) -> _Known:
    """A node by its name, one without a name by how it was made, and a plain number as it is.

    `made` has those without a name that were met: each is spelled once, and few of them, however deep the graph.
    """
    if not is_node(operand):
        return _number(operand)
    if name := operand.name:  # one symbol only if it looks like one
        return _Known(Text(name, CHOICE if OPERATORS & set(name) else POWER if name[-1] in RAISED else ATOM))
    if operand not in made:
        number = TOO_LONG if operand.operands else _number(operand.data).text
        made[operand] = _Known(number if len(number) <= SHORT else TOO_LONG)
        if operand.operands and len(made) <= LONGEST and not operand.op.takes_lists:
            result = SIGMOID if operand.op.result == LOGISTIC else operand.op.result
            made[operand] = _spelled(result, operand.op.by_symbol(operand.operands), made)
    return made[operand]


def _number(value: Any) -> _Known:
    try:
        text = TEXT["number"](value)
    except ValueError:  # a fraction of more digits than Python writes
        text = TOO_LONG
    return _Known(Text(text, PRODUCT) if "/" in text else text, value)


def _applied(word: str, *args: _Known) -> _Known:
    """The word applied to texts; plain numbers are worked out."""
    if not all(arg.text for arg in args):
        return _Known(TOO_LONG)
    if all(arg.number is not None for arg in args):
        worked_out = _number(VALUES[word](*(arg.number for arg in args)))
        if 0 < len(worked_out.text) <= SHORT:
            return worked_out
    text = _shorter(word, args[0], args[-1]) or TEXT[word](*(arg.text for arg in args))
    return _Known(text if len(text) <= MOST else TOO_LONG)


def _shorter(word: str, x: _Known, y: _Known) -> Text | None:
    """What people write for 1 · x, −1 · x, x · 1 / y, x¹, −(−x) and x + (−y); None for anything else."""
    for one, other in ((x, y), (y, x)) if word == "*" else ():
        if one.number in (1, -1):
            return other.text if one.number == 1 else _negative(other.text)
    if word == "*" and y.text.startswith("1 / ") and y.text.strength == PRODUCT:
        return Text(f"{wrap(x.text, PRODUCT)}{y.text[1:]}", PRODUCT)
    if word == "**" and y.number == 1:
        return x.text
    if word == "+" and y.text.startswith("−") and SUM <= y.text.strength < ATOM:
        return Text(f"{wrap(x.text, SUM)} − {y.text[1:]}", SUM)
    return _negative(x.text) if word == "neg" else None


def _negative(text: Text) -> Text:
    doubled = text.startswith("−") and PRODUCT <= text.strength < ATOM
    return Text(text[1:] if doubled else f"−{wrap(text, PRODUCT)}", PRODUCT)


SIGMOID = Formula("sigmoid", Formula("x"))

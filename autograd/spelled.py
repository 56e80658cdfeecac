"""The local derivative of an edge as a formula, w₂₁₁ · h₂₁ · (1 − h₂₁), read from the table.

Of a choice, such as that of a relu, it has the branch that is taken. Imports fold, formula, graph, ops, readings.infix,
readings.text, readings.values and sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .errors import is_node
from .fold import Folded
from .formula import Formula, read
from .graph import Edge, Graph, edges_of
from .ops import Op
from .readings.infix import PRODUCT, SIGN, SUM, Text
from .readings.text import TEXT, expression
from .readings.values import VALUES
from .sweep import Algebra, totals

LONGEST = 40  # characters that people read on an edge
SHORT = 6  # and in a number that is worked out
ONE, MINUS_ONE, TOO_LONG = Text("1"), Text("−1", SIGN), Text("")


def local_formula(edge: Edge[Any], longest: int = LONGEST) -> str:
    """∂node/∂parent along this edge as a formula of named nodes and numbers; nothing if it would be too long.

    Of a folded node it is the sum over the inner paths.

    >>> from autograd import Graph, Value
    >>> y = Value(0.5, "x").tanh().named("y")
    >>> [local_formula(edge) for edge in Graph(y).edges()]
    ['1 − y²']
    """
    written = _weights(edge.node)[edge.slot] or TOO_LONG
    return str(written) if len(written) <= longest else ""


def weight_on(edge: Edge[Any]) -> Any:
    """The leaf, such as a neuron's weight, that the parent is multiplied by within the node; None if there is none.

    It is the other factor of a product, or the w of Σ w·x + b: what the table says is the local derivative.
    """
    inner = [edge]
    if isinstance(edge.node, Folded):
        end = _inner(edge.parent)
        graph = Graph(edge.node.of, ends={*map(_inner, edge.node.operands)} - {*_leaves(edge.node)})
        inner = [other for other in graph.edges() if other.parent is end]
    found = {factor for other in inner for factor in _factors(other)}
    return found.pop() if len(found) == 1 else None


def _factors(edge: Edge[Any]) -> Iterator[Any]:
    """The leaf that is the local derivative of this very edge, as in w · x, where there is one."""
    if edge.node.op is not None:
        partial, operands = _row(edge.node.op, edge.node.operands)[edge.slot]
        factor: Any = None if partial.args or partial.is_number else operands.get(str(partial.word))
        if is_node(factor) and not factor.operands:
            yield factor


def _leaves(node: Folded) -> Iterator[Any]:
    return (operand for operand in node.operands if not operand.operands)


def _inner(operand: Any) -> Any:
    """The node inside that an operand of a folded node stands for."""
    return operand.of if isinstance(operand, Folded) else operand


def _row(op: Op, operands: tuple[Any, ...]) -> list[tuple[Formula, dict[str, Any]]]:
    """For each operand the formula of its partial, and what the symbols in there are: of lists its own entry."""
    names, found = op.by_symbol(operands), list[tuple[Formula, dict[str, Any]]]()
    for symbol, listed, partial in zip(op.symbols, op.is_list, op.partials, strict=True):
        for entry in range(len(names[symbol]) if listed else 1):
            own = {s: v[entry % len(v)] if isinstance(v, list) else v for s, v in names.items()}
            found.append((partial, own))
    return found


def _weights(node: Any) -> list[Text | None]:
    """For each operand its local derivative in words; None where there is no edge."""
    if isinstance(node, Folded):
        held = totals(Graph(node.of, ends={*map(_inner, node.operands)}), WRITTEN)
        return [held[_inner(operand)] for operand in node.operands]
    if node.op is None:
        return []
    found: list[Text | None] = [None] * len(node.operands)
    rows = _row(node.op, node.operands)
    for edge in edges_of(node):
        partial, operands = rows[edge.slot]
        used = {symbol: _written(operand) for symbol, operand in (operands | {"z": node}).items()}
        over_all = "total" in partial.words  # of all entries of a list, each with its own share
        found[edge.slot] = TOO_LONG if over_all else read(partial, WORDS, used).text
    return found


class _Known(NamedTuple):
    """A part of a formula and what it comes to here; `literal` if that is a plain number wherever the nodes are."""

    text: Text
    value: Any
    literal: bool = False


def _written(operand: Any) -> _Known:
    """A node by its name, one without a name by how it was made, and a plain number as it is."""
    if not is_node(operand):
        return _number(operand)
    named = Text(operand.name) if operand.name else Text(expression(operand) or "", SUM)
    return _Known(named, operand.data)


def _number(value: Any) -> _Known:
    return _Known(TEXT["number"](value), value, literal=True)


def _word(name: str) -> Callable[..., _Known]:
    """The word for texts and for numbers at once; plain numbers are worked out."""

    def apply(*args: _Known) -> _Known:
        value = VALUES[name](*(arg.value for arg in args))
        if any(not arg.text for arg in args):
            return _Known(TOO_LONG, value)
        if all(arg.literal for arg in args) and len(TEXT["number"](value)) <= SHORT:
            return _number(value)
        if name == "**" and args[1].literal and args[1].value == 1:
            return args[0]
        if name == "*" and any(arg.literal and arg.value == 1 for arg in args):
            return args[1] if args[0].literal else args[0]
        return _Known(TEXT[name](*(arg.text for arg in args)), value)

    return apply


WORDS: dict[str, Callable[..., _Known]] = {
    **{name: _word(name) for name in VALUES},
    "number": _number,
    "where": lambda test, yes, no: yes if test.value else no,
}


def _times(upstream: Text, local: Text) -> Text:
    if ONE in (upstream, local):
        return local if upstream == ONE else upstream
    if local == MINUS_ONE and upstream.strength >= PRODUCT:
        return Text(f"−{upstream}", PRODUCT)
    return _short(TEXT["*"](upstream, local)) if upstream and local else TOO_LONG


def _plus(a: Text, b: Text) -> Text:
    return _short(TEXT["+"](a, b)) if a and b else TOO_LONG


def _short(text: Text) -> Text:
    """The text, or none at all where it has grown beyond what anybody would read."""
    return text if len(text) <= 4 * LONGEST else TOO_LONG


WRITTEN: Algebra[Any, Text] = Algebra(ONE, _times, _plus, _weights)

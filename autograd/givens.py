"""A graph as a reader is given it: the leaves with their values, and how all else is made of them, without values.

Imports fold, formula, graph, nicknames, ops, plain, readings.infix and readings.text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import reduce
from operator import mul
from typing import Any, NamedTuple, TypeAlias

from .errors import is_node
from .fold import origin
from .formula import Formula, read
from .graph import Graph
from .nicknames import nicknames
from .ops import TABLE, Op
from .plain import as_float
from .readings.infix import Text, call
from .readings.text import TEXT

LONGEST = 40  # words and names in a formula that may stand inside another one
Words: TypeAlias = Mapping[str, Callable[..., Text]]


class Given(NamedTuple):
    """One line: a leaf with its value, or a name and the formula that makes it of the names of other lines.

    Where `is_node` is False, it is no node of the graph but abbreviates what is folded into one.
    """

    name: str
    value: float | None = None
    made: Formula | None = None
    is_node: bool = True

    def spelled(
        self, words: Words = TEXT, function: Callable[[str], Callable[..., Text]] = call, name: Any = Text
    ) -> Text:
        """The formula in a vocabulary, in which `function` says primitives that it has no word for."""
        if self.made is None:
            return Text("")
        meanings = {word: function(word) for word in TABLE} | {**words, "sum": lambda *terms: reduce(words["+"], terms)}
        return read(self.made, meanings, {symbol: Text(name(symbol)) for symbol in _symbols(self.made)})

    @property
    def text(self) -> str:
        """It in plain text, such as h = f · g; a leaf with all digits of its value."""
        return f"{self.name} = {self.value!r}" if self.made is None else f"{self.name} = {self.spelled()}"


def names_below(y: Any) -> dict[Any, str]:
    """What each node of the scalar graph below y is called; no two alike."""
    return nicknames(Graph(origin(y)), "v")


def givens(graph: Graph[Any], names: Mapping[Any, str]) -> tuple[Given, ...]:
    """The graph line by line, parents before children.

    A folded node is written out down to the nodes that it depends on. What it needs more than once, or what is too
    long to stand inside a formula, gets a line of its own that is no node.
    """
    fine, nodes = Graph(*map(origin, graph.outputs)), set(map(origin, graph))
    uses = Counter(parent for node in fine for parent in node.parents)
    lines: list[Given] = []
    inside: dict[Any, Formula] = {}  # how a node is written inside the formulas of others
    sizes: dict[Any, int] = {}
    for node in fine:
        inside[node], sizes[node] = Formula(names[node]), 1
        if not node.operands:
            lines.append(Given(names[node], as_float(node.data)))
            continue
        made = _made(node.op, [inside[o] if is_node(o) else Formula(o) for o in node.operands])
        size = 1 + sum(sizes.get(operand, 1) for operand in node.operands)
        if node in nodes or uses[node] > 1 or size > LONGEST:
            lines.append(Given(names[node], None, made, node in nodes))
        else:
            inside[node], sizes[node] = made, size
    return tuple(lines)


def _made(op: Op, operands: list[Formula]) -> Formula:
    """What the primitive makes: an operator where its row is one, a sum term by term, or a function by its name."""
    if op.name == "weighted_sum":
        w, x, b = op.by_symbol(operands).values()
        terms = [*map(mul, w, x), *([] if b == Formula(0) else [b])]
        return Formula("sum", *terms)
    if not op.takes_lists and all(isinstance(arg.word, str) and not arg.args for arg in op.result.args):
        return Formula(op.result.word, *operands)
    return Formula(op.name, *operands)


def _symbols(formula: Formula) -> set[str]:
    """The names in a formula."""
    found, stack = set[str](), [formula]
    while stack:
        at = stack.pop()
        stack += at.args
        if not at.args and isinstance(at.word, str):
            found.add(at.word)
    return found

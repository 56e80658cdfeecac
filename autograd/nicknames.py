"""What to call each node of a graph when every one needs a name of its own. Imports graph and plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

from .graph import Graph, N, label
from .plain import subscript


def nicknames(graph: Graph[N], letter: str = "") -> dict[N, str]:
    """Each node's name, or else its glyph, numbered in topological order where several share one.

    With a `letter`, for formulas, those without a name are called by it and their number: v₁, v₂, ….

    >>> from autograd import Value
    >>> a, b = Value(2.0, "a"), Value(3.0, "a")
    >>> y = a * b + a * 2
    >>> list(nicknames(Graph(y)).values()), list(nicknames(Graph(y), "v").values())
    (['a', 'a(2)', '×₁', '×₂', '+'], ['a', 'a(2)', 'v₁', 'v₂', 'v₃'])
    """
    own = {node: _printable(node.name) for node in graph}
    wanted = {node: (own[node] or letter or label(node), bool(own[node])) for node in graph}
    times, taken = Counter(wanted.values()), set(own.values())
    alone = {key for key, often in times.items() if often == 1 and (key[1] or not (letter or key[0] in taken))}
    numbered = {key: _numbered(*key, taken) for key in times}
    return {node: key[0] if key in alone else next(numbered[key]) for node, key in wanted.items()}


def _printable(name: str) -> str:
    """The name with a mark for each character, such as a new line, that would break the text around it."""
    return name if name.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in name)


def _numbered(base: str, is_name: bool, taken: set[str]) -> Iterator[str]:
    """The names a, a(2), a(3), …, or, for what has no name, ×₁, ×₂, …, without those that are taken."""
    for number in count(1):
        plain = base if number == 1 else f"{base}({number})"
        called = plain if is_name else base + subscript(number)
        if called not in taken or called == base:
            yield called

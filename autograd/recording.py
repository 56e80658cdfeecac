"""What is kept of a computation: nothing of it, or also the line that made each node.

Imports caller, scope and value.

Both look at nodes as they are made, so that they cost nothing where they are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from os.path import basename
from typing import Any

from .caller import calling
from .errors import NotAName, shorten
from .scope import Scope, watched
from .value import Value


@contextmanager
def unrecorded() -> Iterator[None]:
    """`with unrecorded():` nodes made in this block hold their number only, as for a prediction without training.

    A derivative of such a node is refused with NotRecorded; in a later graph it is a constant.
    """
    with watched(_forget):
        yield


def _forget(node: Value) -> None:
    node.left = node.by_left = node.right = node.by_right = None


@contextmanager
def located() -> Iterator[None]:
    """`with located():` nodes made in this block remember the line of code that made them, for `where_made`.

    The line is a scope of kind "line" of its own, so `fold(graph, "line")` gives one node per line of a program.
    """
    lines: dict[tuple[Scope | None, str, int], Scope] = {}
    with watched(lambda node: _locate(node, lines)):
        yield


def _locate(node: Value, lines: MutableMapping[tuple[Scope | None, str, int], Scope]) -> None:
    frame, _ = calling()
    file, line = basename(frame.f_code.co_filename), frame.f_lineno
    place = (node.scope, file, line)
    if place not in lines:
        lines[place] = Scope("line", f"{file}:{line}", outer=node.scope)
    node.scope = lines[place]


def names(namespace: Mapping[str, Any]) -> dict[str, Value]:
    """Name every Value of a namespace that has no name yet by the variable that holds it: `names(locals())`.

    Entries of lists are called as in Python, w[0], w[0][1]. Variables that begin with an underscore are passed over,
    and of several variables for one Value the first counts. Returns the Values that were named, by their new names.
    Raises NotAName for what is no namespace.
    """
    if not isinstance(namespace, Mapping):
        raise NotAName(f"names: given {shorten(namespace)}, expected a namespace; write names(locals())")
    found: dict[str, Value] = {}
    waiting: list[tuple[Any, Any]] = [(key, held) for key, held in namespace.items() if not str(key).startswith("_")]
    waiting.reverse()
    seen: set[int] = set()  # lists, one of which may contain itself
    while waiting:
        name, held = waiting.pop()
        if isinstance(held, Value) and not held.name:
            found[name] = held.named(name)
        elif isinstance(held, (list, tuple)) and id(held) not in seen:
            seen.add(id(held))
            waiting += [(f"{name}[{place}]", entry) for place, entry in reversed(list(enumerate(held)))]
    return found

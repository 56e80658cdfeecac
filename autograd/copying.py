"""Pickles and deep copies of graphs of any depth. Imports graph, ops, scope and value.

Left to themselves pickle and copy.deepcopy follow a graph node by node, as deep as it is. Here a Value hands over all
nodes below it in topological order, each in a shell that refers to shells handed over before it; so nothing recurses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from .graph import topological
from .ops import Op
from .scope import Scope
from .value import Value


class Shell:
    """A node that stands in a pickle for itself; what comes out of the pickle is the node."""

    __slots__ = ("__weakref__", "node")

    def __init__(self, node: Value) -> None:
        self.node = node

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, _parts(self.node, tuple(map(_shelled, self.node.operands)))


# One shell for each node at a time, so that pickle knows a node again that it has met under another one.
_shells: WeakValueDictionary[int, Shell] = WeakValueDictionary()


def _shelled(entry: Any) -> Any:
    """The shell of an inner node; leaves and numbers as they are."""
    if not isinstance(entry, Value) or entry.left is None:
        return entry
    shell = _shells.get(id(entry))
    if shell is None:
        shell = _shells[id(entry)] = Shell(entry)
    return shell


def reduced(node: Value) -> tuple[Any, ...]:
    """What `Value.__reduce__` answers."""
    if node.left is None:
        return rebuilt, _parts(node, ())
    return _last, tuple(_shelled(below) for below in topological([node]) if below.left is not None)


def _parts(node: Value, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    return node.data, node.grad, node.name, node.op, node.scope, operands, node.partials


def rebuilt(
    data: float,
    grad: float | None,
    name: str,
    op: Op | None,
    scope: Scope | None,
    operands: Sequence[Any],
    partials: Sequence[float | None],
) -> Value:
    """A node with these parts, as they were."""
    made = object.__new__(Value)
    made.data, made.grad, made.name, made.op, made.scope = data, grad, name, op, scope
    made.left = made.by_left = made.right = made.by_right = None
    if operands and op is not None:
        if op.takes_lists:
            made.left, made.by_left = tuple(operands), tuple(partials)
        else:
            made.left, made.by_left = operands[0], partials[0]
            made.right, made.by_right = (operands[1], partials[1]) if len(operands) == 2 else (None, None)
    return made


def _last(*nodes: Value) -> Value:
    return nodes[-1]


def copied(node: Value) -> Value:
    """What `copy.copy` gives: another node on the same parents."""
    return rebuilt(*_parts(node, node.operands))

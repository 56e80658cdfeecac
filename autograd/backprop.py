"""The reverse sweep as fast as Python goes, its memo being the `.grad`s themselves. Imports value.

It is `sweep` over derivatives without a word; the tests hold the two together. Two threads must not run it at once
over graphs that share nodes.
"""

from __future__ import annotations

from typing import Any

from .errors import NotAScalar, NotRecorded, shorten
from .graph import describe
from .value import Value


def propagate(y: Value) -> tuple[list[Value], list[float | None]]:
    """Leave ∂y/∂node in `.grad` of every node below y; returns these nodes and what their `.grad` was before.

    The same chain rule as `sweep`, as fast as Python goes: the `.grad`s themselves are the memo. A node that the
    walk has met carries this sweep's own zero, told from any other by its identity, so no set of nodes is kept.
    """
    zero: float = type(y.data)(0)
    met: list[Value] = []
    before: list[float | None] = []
    order: list[Value] = []
    stack: list[Any] = [y]
    try:
        while stack:
            node = stack.pop()
            if node is None:  # all that is below the next one has been dealt with
                order.append(stack.pop())
            elif node.grad is not zero:
                met.append(node)
                before.append(node.grad)
                node.grad = zero
                if node.links:
                    stack += (node, None)
                    links = reversed(node.links)
                    for local, parent in zip(links, links):  # noqa: B905  # strict costs a tenth of the sweep
                        if local is not None and parent.grad is not zero:
                            stack.append(parent)
        y.grad = zero + 1
        for node in reversed(order):
            upstream = node.grad
            links = iter(node.links)
            for parent, local in zip(links, links):  # noqa: B905
                if local is not None:
                    parent.grad += upstream * local
    except BaseException:
        put(met, before)
        raise
    return met, before


def put(nodes: list[Value], grads: list[float | None]) -> None:
    """Give each node the `.grad` that it had before."""
    for node, grad in zip(nodes, grads):  # noqa: B905  # as fast as propagate
        node.grad = grad


def backward(y: Value) -> None:
    """Leave ∂y/∂node in `.grad` of every node below y.

    Leaves accumulate, as in PyTorch, and inner nodes are set afresh: a second call adds the derivatives
    to the leaves once more and corrupts nothing. To start anew, set the leaves' `.grad` to None.

    Raises NotAScalar for a y that is no Value, NotRecorded if its graph was not kept.
    """
    require_recorded(y, "backward")
    for node, grad in zip(*propagate(y)):  # noqa: B905  # as fast as propagate
        if grad is not None and not node.links:
            node.grad = grad + node.grad  # type: ignore[operator]  # propagate left a number


def require_recorded(y: Any, asked: str) -> None:
    """Raise NotAScalar unless y is a Value, NotRecorded if it was computed and its graph was not kept."""
    if not isinstance(y, Value):
        raise NotAScalar(f"{asked}: derivatives are taken of a Value, and this is {shorten(y)}")
    if y.op is not None and not y.links:
        raise NotRecorded(
            f"{asked}: {describe(y)} was computed while nothing was recorded, so what it was made from is gone; "
            "compute it again outside of `with unrecorded():`"
        )

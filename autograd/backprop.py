"""The reverse sweep as fast as Python goes, its memo being the `.grad`s themselves. Imports value.

It is `sweep` over derivatives without a word; the tests hold the two together. Two threads must not run it at once
over graphs that share nodes.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, TypeAlias

from .errors import NotAScalar, NotRecorded, shorten
from .graph import describe
from .hazards import warn_of_hazards
from .value import Value

Grads: TypeAlias = list[tuple[Value, float | None]]


def propagate(y: Value) -> tuple[list[Value], Grads, Grads]:
    """Leave ∂y/∂node in `.grad` of every node below y.

    Returns the inner nodes in topological order; then what was overwritten in the inner nodes, and in all leaves.
    A node that the walk has met carries this sweep's own zero, told from any other by its identity, so that no set of
    nodes is kept. Whatever interrupts the sweep, every `.grad` is what it was before.
    """
    zero: float = float(0) if isinstance(y.data, (int, float)) else type(y.data)(0)
    order: list[Value] = []
    inner: Grads = []
    leaves: Grads = []
    stack: list[Any] = [y]
    pop, push = stack.pop, stack.append
    try:
        while stack:
            node = pop()
            if node is None:  # all that is below the next one has been dealt with
                order.append(pop())
            elif (grad := node.grad) is not zero:
                node.grad = zero
                left, right = node.left, node.right
                if left is None:
                    leaves.append((node, grad))
                    continue
                if grad is not None:
                    inner.append((node, grad))
                push(node)
                push(None)
                if left.__class__ is tuple:
                    for parent in reversed(left):
                        if parent.__class__ is Value and parent.grad is not zero:
                            push(parent)
                    continue
                if right.__class__ is Value and right.grad is not zero:
                    push(right)
                if left.__class__ is Value and left.grad is not zero:
                    push(left)
        y.grad = zero + 1
        for node in reversed(order):
            upstream, left, local = node.grad, node.left, node.by_left
            if left.__class__ is tuple:
                for parent, partial in zip(left, local):  # noqa: B905  # strict costs a tenth of the sweep
                    if partial is not None:
                        parent.grad += upstream * partial
                continue
            if local is not None:
                left.grad += upstream * local
            if (local := node.by_right) is not None:
                node.right.grad += upstream * local
    except BaseException:
        withdraw(order + [node for node in stack if node is not None and node.grad is zero], inner, leaves)
        raise
    return order, inner, leaves


def withdraw(order: list[Value], inner: Grads, leaves: Grads) -> None:
    """Give each node the `.grad` that it had before `propagate`."""
    for node in order:
        node.grad = None
    for node, grad in chain(inner, leaves):
        node.grad = grad


def sweep_safely(y: Value) -> tuple[list[Value], Grads, Grads]:
    """`propagate`, with a word about what broke on the way; where that word is an error, nothing has changed."""
    overwritten = propagate(y)
    try:
        warn_of_hazards(y, overwritten[0], overwritten[2])
    except BaseException:
        withdraw(*overwritten)
        raise
    return overwritten


def backward(y: Value) -> None:
    """Leave ∂y/∂node in `.grad` of every node below y.

    Leaves accumulate, as in PyTorch, and inner nodes are set afresh: a second call adds the derivatives
    to the leaves once more and corrupts nothing. To start anew, set the leaves' `.grad` to None.

    Raises NotAScalar for a y that is no Value, NotRecorded if its graph was not kept.
    """
    require_recorded(y, "backward")
    for leaf, before in sweep_safely(y)[2]:
        if before is not None:
            leaf.grad = before + leaf.grad  # type: ignore[operator]  # propagate left a number


def require_recorded(y: Any, asked: str) -> None:
    """Raise NotAScalar unless y is a Value, NotRecorded if it was computed and its graph was not kept."""
    if not isinstance(y, Value):
        raise NotAScalar(f"{asked}: derivatives are taken of a Value, and this is {shorten(y)}")
    if y.op is not None and y.left is None:
        raise NotRecorded(
            f"{asked}: {describe(y)} was computed while nothing was recorded, so what it was made from is gone; "
            "compute it again outside of `with unrecorded():`"
        )

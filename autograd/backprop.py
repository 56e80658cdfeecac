"""The reverse sweep as fast as Python goes, its memo being the `.grad`s themselves.

Imports graph, hazards and value.

It is `sweep` over derivatives without a word; the tests hold the two together. Whoever calls it holds `IN_TURN`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from threading import RLock
from typing import Any, NamedTuple, TypeAlias

from .errors import NotExact
from .graph import describe, require_recorded
from .hazards import warn_of_hazards
from .value import Value

IN_TURN = RLock()  # the `.grad`s are the memo, so threads sweep one after another
Grads: TypeAlias = list[tuple[Value, float | None]]


class Swept(NamedTuple):
    """The inner nodes of a sweep in topological order, and the `.grad`s that it overwrote in them and in all leaves."""

    order: list[Value]
    inner: Grads
    leaves: Grads

    def undo(self) -> None:
        """Give each node the `.grad` that it had before."""
        for node in self.order:
            node.grad = None
        for node, grad in chain(self.inner, self.leaves):
            node.grad = grad


def propagate(y: Value) -> Swept:
    """Leave ∂y/∂node in `.grad` of every node below y.

    A node that the walk has met carries this sweep's own zero, told from any other by its identity (each float(0) is
    an object of its own in CPython), so that no set of nodes is kept. When an error ends the sweep, every `.grad` is
    what it was before.
    """
    zero: float = float(0) if isinstance(y.data, (int, float)) else type(y.data)(0)
    swept = Swept([], [], [])
    stack: list[Any] = [y]
    try:
        _meet(stack, zero, swept)
        y.grad = zero + 1
        _pass_on(swept.order)
    except BaseException:
        swept.order.extend(node for node in stack if node is not None and node.grad is zero)
        swept.undo()
        raise
    return swept


def _meet(stack: list[Any], zero: float, swept: Swept) -> None:
    """Walk all that is below the stack's nodes: put the zero in every `.grad`, and the nodes in topological order."""
    order, inner, leaves = swept
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        if node is None:  # all that is below the next one has been dealt with
            order.append(stack[-1])
            pop()
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


def _pass_on(order: list[Any]) -> None:
    """The chain rule: what has arrived at a node, times its partials, goes on to its operands."""
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


def sweep_safely(y: Value, asked: Iterable[Value] | None = None) -> Swept:
    """`propagate`, with a word about what broke on the way; where that word is an error, nothing has changed."""
    try:
        swept = propagate(y)
    except OverflowError:
        raise NotExact(
            f"the derivatives of {describe(y)} mix floats with fractions too large for one; use floats throughout"
        ) from None
    try:
        warn_of_hazards(y, swept.order, [leaf for leaf, _ in swept.leaves] if asked is None else asked)
    except BaseException:
        swept.undo()
        raise
    return swept


def backward(y: Value) -> None:
    """Leave ∂y/∂node in `.grad` of every node below y.

    Leaves accumulate, as in PyTorch, and inner nodes are set afresh: a second call adds the derivatives
    to the leaves once more and corrupts nothing. To start anew, set the leaves' `.grad` to None.

    Raises NotAScalar for a y that is no Value, NotRecorded if its graph was not kept.
    """
    require_recorded(y, "backward")
    with IN_TURN:
        swept = sweep_safely(y)
        try:
            for leaf, before in swept.leaves:
                if before is not None:
                    leaf.grad = before + leaf.grad  # type: ignore[operator]  # propagate left a number
        except BaseException:  # a .grad that is no number, say
            swept.undo()
            raise

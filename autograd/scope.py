"""Places where nodes are made: scopes, so that a neuron can be folded and framed; watches, which see each node.

Imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from typing import Any, TypeAlias

from .errors import WrongShape, shorten

HERE: Any = object()  # the scope that a new one is made in, whichever that is


class Scope:
    """A named place inside another: `kind` is what `fold` asks for, "neuron"; `name` what people read, "h₁₁".

    Its outer scope, unless given, is the one it is made in. Nodes made `within(scope)` remember it; it may be entered
    again and again, so a neuron called twice makes nodes of one scope.
    """

    __slots__ = ("kind", "name", "outer")

    def __init__(self, kind: str, name: str = "", outer: Scope | None = HERE) -> None:
        self.kind, self.name = kind, name or kind
        self.outer = current_place()[0] if outer is HERE else outer

    def __reduce__(self) -> tuple[Any, ...]:
        return Scope, (self.kind, self.name, self.outer)

    def __repr__(self) -> str:
        return f"Scope({self.kind!r}, {self.name!r})"

    def enclosing(self, kinds: Collection[str]) -> Scope | None:
        """The innermost scope of one of these kinds around, this one included; None if there is none."""
        return next((scope for scope in self.outward() if scope.kind in kinds), None)

    def outward(self) -> Iterator[Scope]:
        """This scope, the one around it, and so on."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


Watch: TypeAlias = Callable[[Any], object]
Place: TypeAlias = tuple[Scope | None, tuple[Watch, ...]]  # where nodes are made, and who looks at them


class within:
    """`with within(scope):` nodes made in this block, by this thread or task, belong to the scope."""

    __slots__ = ("before", "scope")

    def __init__(self, scope: Scope) -> None:
        if scope.__class__ is not Scope:
            raise WrongShape(f"within: given {shorten(scope)}, expected a Scope; write within(Scope('neuron', 'h'))")
        self.scope = scope

    def __enter__(self) -> Scope:
        self.before, watches = current_place()
        _current.set((self.scope, watches))
        return self.scope

    def __exit__(self, *error: object) -> None:
        _current.set((self.before, current_place()[1]))  # what watches by now goes on watching


class watched:
    """`with watched(watch):` every node made in this block, by this thread or task, is shown to `watch`."""

    __slots__ = ("watch",)

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __enter__(self) -> None:
        scope, watches = current_place()
        _current.set((scope, (*watches, self.watch)))

    def __exit__(self, *error: object) -> None:
        scope, watches = current_place()
        left = list(watches)
        del left[len(left) - 1 - left[::-1].index(self.watch)]  # this one; the same may watch further out as well
        _current.set((scope, tuple(left)))


def show(node: Any, watches: tuple[Watch, ...]) -> None:
    """Show a node that was just made to each watch, the outermost first."""
    for watch in watches:
        watch(node)


_current: ContextVar[Place] = ContextVar("place", default=(None, ()))
current_place = _current.get

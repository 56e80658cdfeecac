"""Scopes: which layer, neuron or loss a node was made in, so that it can be folded and framed. Imports nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextvars import ContextVar, Token


class Scope:
    """A named place inside another: `kind` is what `fold` asks for, "neuron"; `name` what people read, "h₁₁".

    Its outer scope is the one it is made in. Nodes made `within(scope)` remember it; it may be entered
    again and again, so a neuron called twice makes nodes of one scope.
    """

    __slots__ = ("kind", "name", "outer")

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind, self.name, self.outer = kind, name or kind, current_scope()

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


class within:
    """`with within(scope):` nodes made in this block, by this thread or task, belong to the scope."""

    __slots__ = ("scope", "token")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __enter__(self) -> Scope:
        self.token: Token[Scope | None] = _current.set(self.scope)
        return self.scope

    def __exit__(self, *error: object) -> None:
        _current.reset(self.token)


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)
current_scope = _current.get

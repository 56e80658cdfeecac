"""Text that remembers how tightly it binds, so that formulas get the parentheses they need. Imports nothing."""

from __future__ import annotations

from collections.abc import Callable

# How tightly the outermost operator of a text binds, tightest first.
ATOM, POWER, SIGN, PRODUCT, SUM, TEST, CHOICE = range(6, -1, -1)


class Text(str):
    """A piece of source or of LaTeX with the strength of its outermost operator."""

    strength: int

    def __new__(cls, text: str, strength: int = ATOM) -> Text:
        """Like `str`, with a strength: an atom unless told otherwise."""
        self = super().__new__(cls, text)
        self.strength = strength
        return self


def wrap(text: Text, strength: int) -> str:
    """`text`, in parentheses if it binds more loosely than `strength`."""
    return str(text) if text.strength >= strength else f"({text})"


def infix(symbol: str, strength: int, right: int | None = None) -> Callable[[Text, Text], Text]:
    """Write a binary operator; `right` is the strength its right side needs, by default one more than its own."""
    needed = strength + 1 if right is None else right
    return lambda x, y: Text(f"{wrap(x, strength)}{symbol}{wrap(y, needed)}", strength)


def times(symbol: str) -> Callable[[Text, Text], Text]:
    """Write a product for people, who put brackets around a second factor with a sign."""

    def write(x: Text, y: Text) -> Text:
        second = f"({y})" if y.startswith(("-", "−")) else wrap(y, PRODUCT)
        return Text(f"{wrap(x, PRODUCT)}{symbol}{second}", PRODUCT)

    return write


def braced(symbol: str, opening: str, closing: str) -> Callable[[Text, Text], Text]:
    """Write a product as the notes do, sums among its factors in braces."""

    def factor(text: Text) -> str:
        return f"{opening}{text}{closing}" if text.strength < PRODUCT else str(text)

    return lambda x, y: Text(f"{factor(x)}{symbol}{factor(y)}", PRODUCT)


def call(name: str) -> Callable[..., Text]:
    """Write a function call."""
    return lambda *args: Text(f"{name}({', '.join(args)})")


def number(value: float) -> Text:
    """Write a literal; a negative one binds like a minus sign."""
    return Text(f"{value}", ATOM if value >= 0 else SIGN)


def plain(value: float) -> Text:
    """Write a number for people: 0 also where a rule needs the float 0.0."""
    return number(int(value) if value == value // 1 else value)

"""Named exceptions; each message is a small lesson: what was given, what is expected, the fix. Imports nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sized


class PathgradError(Exception):
    """Whatever pathgrad refuses; catch this one to catch them all."""


class NotAScalar(PathgradError, TypeError):
    """Something that is not one real number was given where a Value holds exactly one."""


class NotAName(PathgradError, TypeError):
    """A name that is not a string, or something else than a namespace where names are looked up."""


class NotRecorded(PathgradError, RuntimeError):
    """A derivative was asked of a Value whose graph was not kept."""


class NotVectorized(PathgradError, RuntimeError):
    """A program was asked of what no formula computes, or arrays of a program that has none."""


class NotExact(PathgradError, TypeError):
    """A fraction where no fraction comes out; fractions stay exact through + − × ÷ and whole powers."""


class WrongShape(PathgradError, ValueError):
    """A list or an array of another length or shape than asked for, or a count that is no whole number from 1."""


class NotInGraph(PathgradError, LookupError):
    """A node was asked for that the graph does not contain."""


class TooMany(PathgradError, ValueError):
    """More than anybody could wait for or read; the message says how many there are, and what to ask for instead."""


class NonFinite(PathgradError, ArithmeticError):
    """When `strict`: a number that is inf or nan."""


class NonFiniteWarning(RuntimeWarning):
    """A sweep met inf or nan; the message names the first node that made one."""


class NoGradientWarning(UserWarning):
    """A sweep met a step function, which passes no gradient on."""


class BadExpression(PathgradError, ValueError):
    """Text that is no expression."""


class BadGraphFile(PathgradError, ValueError):
    """Text that is no graph, or no whole one; the message says where it departs from the schema."""


class NotInstalled(PathgradError, ImportError):
    """A library that only some of pathgrad needs is not there; the message says how to install it."""


class UnknownChoice(PathgradError, ValueError):
    """A choice, such as an activation or a level, that does not exist; the message lists those that do."""

    def __init__(self, kind: str, given: object, valid: Iterable[str]) -> None:
        self.choice = (kind, given, tuple(valid))
        super().__init__(f"there is no {kind} {shorten(given)}; choose one of: {', '.join(self.choice[2])}")

    def __reduce__(self) -> tuple[object, ...]:
        return UnknownChoice, self.choice  # so that it can come back from another process


def require_choice(kind: str, given: object, valid: Iterable[str]) -> None:
    """Raise UnknownChoice unless what is given is one of the valid names."""
    if not isinstance(given, str) or given not in valid:
        raise UnknownChoice(kind, given, valid)


def is_node(given: object) -> bool:
    """Whether it is a node of a graph: a Value, or what a scope was folded into."""
    return isinstance(getattr(given, "operands", None), tuple)


def shorten(given: object, width: int = 40) -> str:
    """`repr(given)` on one line, cut to `width` characters, for use inside a message."""
    text = " ".join(repr(given).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def not_a_scalar(given: object, where: str) -> NotAScalar:
    """The lesson for an operand or a Value that is no number: `where` says what was being made of it."""
    kind = type(given).__name__
    expected = f"{where}: a Value holds one real number, and this is a {kind}"
    if isinstance(given, str):
        try:
            return NotAScalar(f"{expected}; write the number itself, {float(given)!r}")
        except ValueError:
            return NotAScalar(f"{expected}; a name goes second, as in Value(0.0, {shorten(given)})")
    if isinstance(given, complex):
        return NotAScalar(f"{expected}; take its .real or its .imag")
    if hasattr(given, "item") and getattr(given, "shape", None) == ():
        return NotAScalar(f"{expected} without dimensions; take its .item()")
    if is_node(given):
        return NotAScalar(f"{expected} already; use it as it is, or its .data")
    if isinstance(given, Sized):
        return NotAScalar(f"{expected} of {len(given)}; make one Value each, [Value(v) for v in …]")
    return NotAScalar(f"{expected}; write a number such as 0.0")

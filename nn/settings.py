"""Settings whose types say what they may be, checked when they are made. Imports autograd's errors.

A field annotated `beta: Share = 0.9` is refused, with a line on what is expected, unless it is a share.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

from autograd import PathgradError, shorten

LARGEST = sys.float_info.max
KINDS: dict[type, type] = {float: Real, int: Integral, bool: bool}  # what may be given for a float, an int, a bool


class BadSetting(PathgradError, ValueError):
    """A setting that cannot work, such as a learning rate of 0; the message says which can."""


class Bound(NamedTuple):
    """What a setting may be: in words, by an example, and as a test."""

    expected: str
    example: object
    allows: Callable[[Any], bool]


# A test written as a comparison is False for nan.
Positive: TypeAlias = Annotated[float, Bound("a number above 0", 0.1, lambda x: 0 < x <= LARGEST)]
NotNegative: TypeAlias = Annotated[float, Bound("a number from 0", 0.0, lambda x: 0 <= x <= LARGEST)]
Share: TypeAlias = Annotated[float, Bound("a number from 0 to less than 1", 0.9, lambda x: 0 <= x < 1)]
Factor: TypeAlias = Annotated[float, Bound("a number above 0 and at most 1", 0.5, lambda x: 0 < x <= 1)]
Whole: TypeAlias = Annotated[int, Bound("a whole number from 1", 100, lambda n: n >= 1)]
Flag: TypeAlias = Annotated[bool, Bound("True or False", True, lambda flag: True)]


def checked(name: str, given: Any, hint: Any, example: object = None) -> Any:
    """What is given for the setting of that name, as a plain float, int or bool.

    Raises BadSetting unless `hint`, such as Positive, allows it.
    """
    kind, bound = get_args(hint)
    if isinstance(given, KINDS[kind]) and isinstance(given, bool) == (kind is bool) and bound.allows(given):
        return kind(given)
    fix = bound.example if example is None else example
    raise BadSetting(f"{name}: given {shorten(given)}, expected {bound.expected}; write {name}={fix}")


@dataclass(frozen=True)
class Settings:
    """The base of frozen dataclasses whose fields with a bound are checked, and are plain numbers from then on."""

    def __post_init__(self) -> None:
        for name, hint in get_type_hints(type(self), include_extras=True).items():
            if get_origin(hint) is Annotated:
                given, example = getattr(self, name), getattr(type(self), name, None)  # the example is its default
                object.__setattr__(self, name, checked(name, given, hint, example))

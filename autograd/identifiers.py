"""Names for scalars in a file of Python, in which dx is the derivative by x. Imports ops and readings.floats."""

from __future__ import annotations

import builtins
from collections import Counter
from keyword import iskeyword
from typing import Any

from .ops import ELEMENTARY, TABLE
from .readings.floats import CALLED

# What a file has other names for.
RESERVED = {*dir(builtins), *TABLE, *ELEMENTARY, *(function.__name__ for function in CALLED), "np", "math",
            "inf", "nan", "Callable", "forward", "backward", "parameters", "batch", "cache"}  # fmt: skip
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Identifiers:
    """Names, each of them given once; `taken` are these, those of their derivatives, and those of everything else."""

    def __init__(self) -> None:
        self.taken, self.numbers = set(RESERVED), Counter[str]()

    def of(self, node: Any) -> str:
        """The node's own name, where that is a good one, subscripts as digits; else v and a number."""
        own = str(getattr(node, "name", "")).translate(DIGITS)
        is_good = own.isascii() and own.isidentifier() and not iskeyword(own)
        return own if is_good and self._is_free(own) else self.unused("v")

    def unused(self, letter: str) -> str:
        """The letter with the next number that makes a name of nobody's."""
        while True:
            self.numbers[letter] += 1
            if self._is_free(name := f"{letter}{self.numbers[letter]}"):
                return name

    def _is_free(self, name: str) -> bool:
        """Whether neither it nor its derivative's name was taken; now both are."""
        if not self.taken.isdisjoint(both := {name, f"d{name}"}):
            return False
        self.taken |= both
        return True

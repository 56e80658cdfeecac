"""The notes' names: w₁₂₃ is layer 1, target 2, source 3, all counted from 1. Imports nothing."""

from __future__ import annotations

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def indexed(letter: str, *indices: int) -> str:
    """The letter with its indices below it; commas part them as soon as one is above 9.

    >>> indexed("w", 1, 2, 3), indexed("w", 1, 10, 1)
    ('w₁₂₃', 'w₁,₁₀,₁')
    """
    separator = "," if any(index > 9 for index in indices) else ""
    return letter + separator.join(str(index).translate(SUBSCRIPTS) for index in indices)

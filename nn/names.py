"""The notes' names: w₁₂₃ is layer 1, target 2, source 3, all counted from 1. Imports autograd."""

from __future__ import annotations

from autograd import subscript

DIGITS = {subscript(digit): str(digit) for digit in range(10)}


def indexed(letter: str, *indices: int) -> str:
    """The letter with its indices below it; commas part them as soon as one is above 9.

    >>> indexed("w", 1, 2, 3), indexed("w", 1, 10, 1)
    ('w₁₂₃', 'w₁,₁₀,₁')
    """
    return letter + _separator(indices).join(map(subscript, indices))


def indices_of(name: str) -> tuple[str, tuple[int, ...]]:
    """A name taken apart again; without indices below it, all of it is letter.

    >>> indices_of("w₁₂₃"), indices_of("w₁,₁₀,₁"), indices_of("loss")
    (('w', (1, 2, 3)), ('w', (1, 10, 1)), ('loss', ()))
    """
    letter = name.rstrip("".join(DIGITS) + ",")
    below = "".join(DIGITS.get(character, character) for character in name[len(letter) :])
    parts = below.split(",") if "," in below else list(below)
    return (letter, tuple(map(int, parts))) if all(parts) else (name, ())


def in_notes(name: str) -> tuple[str, str, str]:
    """A name in the scheme of the notes' chain rule: the letter, what stands above it, what stands below.

    w₁₂₃, target 2 and source 3 in layer 1, is w¹₃₂ there, and the activation h₁₂ is o₁₂. Source: conventions of the
    notes' lines 637-645 and 761-800.

    >>> in_notes("w₁₂₃"), in_notes("h₁₂"), in_notes("x₁")
    (('w', '1', '32'), ('o', '', '12'), ('x', '', '1'))
    """
    letter, indices = indices_of(name)
    if letter == "w" and len(indices) == 3:
        layer, target, source = indices
        return letter, str(layer), _separator((source, target)).join((str(source), str(target)))
    renamed = "o" if letter == "h" and len(indices) == 2 else letter
    return renamed, "", _separator(indices).join(map(str, indices))


def in_graph(name: str) -> tuple[str, str, str]:
    """A name as it is, taken apart in the same way."""
    letter, indices = indices_of(name)
    return letter, "", _separator(indices).join(map(str, indices))


def _separator(indices: tuple[int, ...]) -> str:
    return "," if any(index > 9 for index in indices) else ""

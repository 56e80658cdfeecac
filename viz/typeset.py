"""Names and numbers as people read them, the same in every picture, page and terminal. Imports nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import inf
from typing import Literal, TypeAlias

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
LOWERED = str.maketrans("0123456789", SUBSCRIPTS)
RAISED = str.maketrans("-0123456789T", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ")
LEVEL = {raised: level for level, raised in RAISED.items()}
RAISED_DIGITS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ"
LONGEST = 48  # characters of a name in a picture
# After words that run from right to left a mark, which is not seen, says that what follows does not: without it
# the sides of an equation that begins with such a word would be exchanged.
RIGHTWARD = "\u200e"
LEFTWARD = "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
LEFTWARDS = re.compile(f"({LEFTWARD}(?: +{LEFTWARD})*){RIGHTWARD}?")
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
Style: TypeAlias = Literal["plain", "italic", "sub", "sup", "value", "gradient", "quiet"]


@dataclass(frozen=True)
class Run:
    """A piece of text in one style: "sub" is small and low, "sup" small and high, the last three coloured."""

    text: str
    style: Style = "plain"


Line: TypeAlias = tuple[Run, ...]
SEPARATOR = Run("  ·  ")  # between the parts of a key


def number(value: float, digits: int = 4) -> str:
    """`value` to so many significant digits, rounded half up, whole numbers in full, with a true minus sign.

    >>> number(-0.00599), number(0.5), number(1.0), number(123456.0), number(-1.5e-9)
    ('−0.00599', '0.5', '1', '123456', '−1.5×10⁻⁹')
    """
    if abs(value) > sys.float_info.max:  # also a fraction too large for a float
        value = inf if value > 0 else -inf
    if value != value:
        return "nan"
    sign = "−" if value < 0 else ""
    if value in (inf, -inf):
        return f"{sign}∞"
    if value == 0:
        return "0"
    exact = abs(Decimal(repr(float(value))))
    exponent = exact.adjusted()
    if -5 <= exponent < 7:
        # Digits left of the point are never rounded away: 12345.6 is 12346, not 12350.
        rounded = exact.quantize(Decimal(1).scaleb(min(0, exponent - digits + 1)), ROUND_HALF_UP)
        return f"{sign}{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{sign}{rounded:f}"
    rounded = exact.quantize(Decimal(1).scaleb(exponent - digits + 1), ROUND_HALF_UP).normalize()
    mantissa = rounded.scaleb(-rounded.adjusted())
    return f"{sign}{mantissa:f}×10{str(rounded.adjusted()).translate(RAISED)}"


def power(base: str, exponent: str) -> str:
    """A power in plain text: digits go up, anything else stands behind a caret.

    >>> power("·", "2"), power("2", "·")
    ('·²', '2^·')
    """
    raised = exponent.translate(RAISED)
    return base + raised if exponent.isdigit() else f"{base}^{exponent}"


def clean(text: str) -> str:
    """The text on one line that no text beside it is turned around by.

    Characters that XML and DOT cannot carry, that mean something to terminals, or that turn what follows, become a
    replacement mark. Words that run from right to left are followed by a mark that ends their direction.
    """
    if not text.isprintable():
        text = "".join(" " if c in "\t\n\r\u2028\u2029" else "\ufffd" if FORBIDDEN.match(c) else c for c in text)
    return text if text.isascii() else LEFTWARDS.sub(rf"\1{RIGHTWARD}", text)


def shortened(text: str) -> str:
    """The text clean, and without its middle if it is longer than a name in a picture may be."""
    return clean(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[1 - LONGEST // 2 :]}")


def name(text: str) -> Line:
    """A name typeset: letters italic, subscript digits and the commas between them as a true subscript.

    >>> [(run.text, run.style) for run in name("w₁,₁₀,₁")]
    [('w', 'italic'), ('1,10,1', 'sub')]
    """
    text = shortened(text)
    start = next((i for i, character in enumerate(text) if character in SUBSCRIPTS), len(text))
    tail = text[start:]
    if start == len(text) or any(character not in SUBSCRIPTS + "," for character in tail):
        return (Run(text, "italic" if text.isalpha() and len(text) == 1 else "plain"),)
    digits = "".join(str(SUBSCRIPTS.index(c)) if c in SUBSCRIPTS else c for c in tail)
    return (Run(text[:start], "italic"), Run(digits, "sub"))


def raised_and_lowered(letter: str, above: str, below: str) -> Line:
    """A name whose letter has something above it and something below, as w¹₁₁ in the notes."""
    italic = letter.isalpha() and len(letter) == 1
    runs = (Run(shortened(letter), "italic" if italic else "plain"), Run(clean(above), "sup"), Run(clean(below), "sub"))
    return tuple(run for run in runs if run.text)


def formula(text: str, name: Callable[[str], Line] = name) -> Line:
    """A formula typeset name by name, each as `name` says: (h₃₁ − y)² has h with a true subscript.

    >>> [run.text for run in formula("(h₃₁ − y)²")]
    ['(', 'h', '31', ' − ', 'y', ')', '²']
    """
    pieces = re.split(rf"\b([^\W\d_](?:[{SUBSCRIPTS}]|,(?=[{SUBSCRIPTS}]))*)\b", clean(text))
    lines = [name(piece) if place % 2 else (Run(piece),) for place, piece in enumerate(pieces) if piece]
    return tuple(run for line in lines for run in line)


@lru_cache(maxsize=10_000)
def scripted(text: str) -> Line:
    """Text whose raised and lowered digits are true scripts; a letter that has some is italic.

    >>> [(run.text, run.style) for run in scripted("w²₃₁ = 0.5")]
    [('w', 'italic'), ('2', 'sup'), ('31', 'sub'), (' = 0.5', 'plain')]
    """
    sub, sup = f"[{SUBSCRIPTS}](?:,?[{SUBSCRIPTS}])*", f"[{RAISED_DIGITS}]+"
    letter = rf"[^\W\d_{SUBSCRIPTS}{RAISED_DIGITS}](?=[{RAISED_DIGITS}]*[{SUBSCRIPTS}])"
    pieces = re.split(f"({letter}|{sup}|{sub})", clean(text))
    return tuple(Run(*_levelled(piece)) for piece in pieces if piece)


def _levelled(piece: str) -> tuple[str, Style]:
    """A piece of text with its scripts as plain digits, and its style."""
    if piece[0] in SUBSCRIPTS:
        return "".join(str(SUBSCRIPTS.index(c)) if c in SUBSCRIPTS else c for c in piece), "sub"
    if piece[0] in RAISED_DIGITS:
        return piece.translate(LEVEL), "sup"
    return piece, "italic" if len(piece) == 1 and piece.isalpha() else "plain"


def plain(line: Line) -> str:
    """A line as plain text, subscripts as Unicode has them."""
    digits = {"sub": LOWERED, "sup": RAISED}
    return "".join(run.text.translate(digits.get(run.style, {})) for run in line)

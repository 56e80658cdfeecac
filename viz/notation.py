"""How derivations are written, in plain text and in LaTeX: names, numbers, derivatives, sums. Imports typeset."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TypeAlias

from autograd import derivative_name
from autograd.readings import latex, text
from autograd.readings.infix import ATOM, PRODUCT, SUM, Text

from .typeset import LOWERED, RAISED, RIGHTWARD, number

Name: TypeAlias = tuple[str, str, str]  # a letter or a word, what stands above it, what stands below it
Stage: TypeAlias = tuple[str, Sequence[str]]  # a relation, and the terms of a sum
CROWDED = 8  # derivatives in braces; beyond, the terms there stand one below the other

# Names and sentences are written in Unicode; this is for LaTeX of any age, in formulas and in text.
SYMBOLS = {"−": "-", "→": r"\to", "·": r"\cdot", "∞": r"\infty", "∂": r"\partial", "ˣ": "^x", "ʸ": "^y", "ᵢ": "_i"}
SYMBOLS |= {"×": r"\times", "‖": r"\|", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "≥": r"\geq", "≤": r"\leq"}
SYMBOLS |= {chr(raised): f"^{chr(level)}" for level, raised in RAISED.items()}
SYMBOLS |= {chr(lowered): f"_{chr(level)}" for level, lowered in LOWERED.items()}
for _letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ":
    _spelled = unicodedata.name(_letter).split()[-1].replace("LAMDA", "LAMBDA")
    SYMBOLS[_letter] = "\\" + (_spelled.lower() if _letter.islower() else _spelled.title())
ESCAPED = {character: f"\\{character}" for character in "_{}$&#%"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "–": r"\textendash{}",
    "…": r"\dots{}",
    RIGHTWARD: "",
}
# Two characters that fonts of LaTeX would join into another one, as -- into a dash.
JOINED = re.compile(r"([-`'<>,])(?=\1)|[!?](?=`)")


def tex(sentence: str) -> str:
    """A sentence as LaTeX."""
    written = "".join(f"${SYMBOLS[c]}$" if c in SYMBOLS else ESCAPED.get(c, c) for c in sentence)
    return JOINED.sub(r"\g<0>{}", written)


@dataclass(frozen=True)
class Notation:
    """One way to write a derivation: `words` for formulas about derivatives, `formulas` for others, and the rest."""

    words: Mapping[str, Callable[..., Text]]
    formulas: Mapping[str, Callable[..., Text]]
    about: str
    dots: str
    name: Callable[[Name], str]
    slope: Callable[..., Text]
    number: Callable[[float, int], str]
    path: Callable[[str, int], str]
    equation: Callable[[str, Sequence[Stage]], str]

    def factor(self, value: float, digits: int) -> Text:
        """A number among others, in parentheses if it is negative; one with a power of ten binds like a product."""
        written = self.number(value, digits)
        if value < 0:
            return Text(f"({written})")
        return Text(written, PRODUCT if "10^" in written or "×10" in written else ATOM)

    def sum(self, values: Sequence[float], digits: int) -> str:
        """Numbers added up: 2 − 0.5 + 1."""
        first, *rest = (self.number(value, digits) for value in values)
        return "".join([first, *(f" {n[0]} {n[1:]}" if n[0] in "-−" else f" + {n}" for n in rest)])


def _text_name(name: Name) -> str:
    letter, above, below = name
    return letter + above.translate(RAISED) + below.translate(LOWERED)


def _text_slope(of: str, by: str, mark: int, is_direct: bool = False) -> Text:
    name = derivative_name(of, by, "⁺" if is_direct else "")
    return Text(f"({name}){str(mark).translate(LOWERED)}" if mark else name)


def _text_equation(left: str, stages: Sequence[Stage]) -> str:
    """Left = …, each further stage below, and the terms of a sum below one another."""
    signs = [sign for relation, terms in stages for sign in (relation, *"+" * (len(terms) - 1))]
    written = zip(signs, chain.from_iterable(terms for _, terms in stages), strict=True)
    return "\n".join(
        f"{left if place == 0 else ' ' * len(left)} {sign} {term}" for place, (sign, term) in enumerate(written)
    )


def _latex_name(name: Name) -> str:
    letter, above, below = name
    return _latex_letter(letter) + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _latex_letter(letter: str) -> str:
    r"""A letter as it is, \theta for a Greek one, a word upright, and anything else as text.

    >>> [_latex_letter(letter) for letter in ("w", "θ", "Λ", "loss", "50 %", "σ²")]
    ['w', '\\theta', '\\Lambda', '\\mathrm{loss}', '\\text{50 \\%}', '\\sigma{}^2']
    """
    if letter.isascii() and letter.isalpha():
        return letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    pieces: list[str] = []
    for known, run in groupby(letter, SYMBOLS.__contains__):
        word = "".join(run)
        pieces += (SYMBOLS[character] for character in word) if known else [rf"\text{{{tex(word)}}}"]
    return "{}".join(pieces)


def _latex_slope(of: str, by: str, mark: int, is_direct: bool = False) -> Text:
    written = rf"\frac{{\partial{'^{+}' if is_direct else ''} {of}}}{{\partial {by}}}"
    return Text(rf"\left({written}\right)_{{{mark}}}" if mark else written)


def _latex_number(value: float, digits: int) -> str:
    written = number(value, digits).replace("−", "-").replace("∞", r"\infty")
    mantissa, _, exponent = written.partition("×10")
    if exponent:
        written = rf"{mantissa} \times 10^{{{exponent.translate(LEVELLED)}}}"
    return written


LEVELLED = {raised: level for level, raised in RAISED.items()}


def _latex_path(term: str, place: int) -> str:
    return rf"\underbrace{{{term}}}_{{\text{{path {place}}}}}"


def _latex_equation(left: str, stages: Sequence[Stage]) -> str:
    lines = [
        f"{left if place == 0 else ''} &{relation} {term}" if first == 0 else f"&\\quad {{}}+ {term}"
        for place, (relation, terms) in enumerate(stages)
        for first, term in enumerate(terms)
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


class _Sum(Text):
    """A sum that still knows its terms."""

    terms: tuple[str, ...] = ()


def _latex_plus(*terms: Text) -> Text:
    made = _Sum(" + ".join(terms), SUM)
    made.terms = terms
    return made


def _latex_braces(content: Text) -> str:
    terms = getattr(content, "terms", ())
    if content.count(r"\partial") <= 2 * CROWDED or not terms:
        return rf"\left\{{ {content} \right\}}"
    stacked = r" \\ &+ ".join(terms)
    return rf"\left\{{ \begin{{aligned}} & {stacked} \end{{aligned}} \right\}}"


def _latex_times(a: Text, b: Text) -> Text:
    written = (_latex_braces(factor) if factor.strength == SUM else factor for factor in (a, b))
    return Text(r" \cdot ".join(written), PRODUCT)


TEXT = Notation(
    text.SLOPES,
    text.TEXT,
    "≈",
    "…",
    _text_name,
    _text_slope,
    number,
    lambda term, place: f"{term}   (path {place})",
    _text_equation,
)
LATEX = Notation(
    {**latex.LATEX, "+": _latex_plus, "*": _latex_times, "boxed": lambda x: Text(rf"\boxed{{{x}}}")},
    latex.LATEX,
    r"\approx",
    r"\dots",
    _latex_name,
    _latex_slope,
    _latex_number,
    _latex_path,
    _latex_equation,
)

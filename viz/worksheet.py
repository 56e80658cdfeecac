"""A quiz to print, with lines to write on and the key on a page of its own.

Imports derivation, notation, typeset and wording; the page is made by render.sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent, wrap

from autograd import Choice, Question, Quiz, UnknownChoice, require_choice

from .derivation import DOCUMENT
from .notation import LATEX, TEXT, tex
from .render.sheet import sheet
from .typeset import clean, number
from .wording import (
    DATE,
    DIGITS,
    GIVEN,
    NAME,
    QUESTIONS,
    WRITING,
    key_title,
    leaves,
    lettered,
    nodes,
    reading,
    sentence,
)

WIDE = 88  # characters on a line, as fit on A4
SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_[]<>|$&~#"})
NO_BREAK = "\N{NO-BREAK SPACE}"
PAGE_BREAK = '<div style="break-before: page"></div>'  # Markdown has none of its own


def worksheet(quiz: Quiz, form: str = "markdown", key: bool = True) -> str:
    """The quiz as "text", "markdown", "latex" (a whole document) or "html" (one page that needs no network).

    Without `key`, what is right and why the rest is wrong is left out. Raises UnknownChoice for another form.
    """
    require_choice("form of a worksheet", form, FORMS)
    return FORMS[form](quiz, key)


def form_of(path: Path) -> str:
    """The form that a file's ending asks for; raises UnknownChoice for an ending that none has."""
    if path.suffix.lower() not in ENDINGS:
        raise UnknownChoice("form of a worksheet with the ending", path.suffix, ENDINGS)
    return ENDINGS[path.suffix.lower()]


def as_text(quiz: Quiz, key: bool) -> str:
    """For a printer of plain text: the key begins on a new page."""
    lines = [clean(quiz.title), "", f"{NAME} {'_' * 46}  {DATE} {'_' * 20}", "", GIVEN]
    lines += [indent(_given(quiz), "  ")]
    lines += ["", *_wrapped("", reading(quiz))]
    for place, question in enumerate(quiz.questions, 1):
        lines += ["", *_wrapped(f"{place}. ", sentence(question.words, TEXT, clean, str)), ""]
        lines += ["    " + "".join(f"{letter} {_value(choice):<16}" for letter, choice in lettered(question)).rstrip()]
        lines += ["", "    " + "_" * (WIDE - 4)] * WRITING[question.kind]
    if key:
        lines += ["\f" + key_title(quiz)]
        for place, question in enumerate(quiz.questions, 1):
            right, *wrong = _right_first(question)
            lines += ["", f"{place}. {right[0]} {_value(right[1])}"]
            for letter, choice in wrong:
                why = sentence(choice.words, TEXT, clean, str)
                lines += _wrapped(f"    {letter} {_value(choice):<14} ", why)
    return "\n".join(lines) + "\n"


def _given(quiz: Quiz) -> str:
    """The leaves in rows, then the other lines."""
    rows = wrap(",  ".join(leaf.replace(" ", NO_BREAK) for leaf in leaves(quiz, TEXT)), WIDE - 4)
    return "\n".join([*rows, "", *map("".join, nodes(quiz, TEXT))]).replace(NO_BREAK, " ")


def as_markdown(quiz: Quiz, key: bool) -> str:
    """Also to be read as it is: formulas are plain text, and rules are the lines to write on."""

    def said(words: object) -> str:
        return sentence(words, TEXT, _escaped, _escaped)

    pieces = [f"# {_escaped(quiz.title)}", f"{NAME}: ______________________________ {DATE}: ______________"]
    pieces += [f"## {GIVEN}", indent(_given(quiz), " " * 4), reading(quiz), f"## {QUESTIONS}"]
    for place, question in enumerate(quiz.questions, 1):
        choices = (f"- {letter} {_value(choice)}" for letter, choice in lettered(question))
        pieces += [f"**{place}.** {said(question.words)}", "\n".join(choices)]
        pieces += ["_" * 20] * WRITING[question.kind]
    if key:
        pieces += [PAGE_BREAK, f"## {key_title(quiz)}"]
        for place, question in enumerate(quiz.questions, 1):
            right, *wrong = _right_first(question)
            reasons = (f"- {letter} {_value(choice)}: {said(choice.words)}" for letter, choice in wrong)
            pieces += [f"**{place}. {right[0]} {_value(right[1])}**", "\n".join(reasons)]
    return "\n\n".join(pieces) + "\n"


def as_latex(quiz: Quiz, key: bool) -> str:
    """A document for any LaTeX with amsmath; no question is torn in two."""
    blocks = [rf"\section*{{{_plain(quiz.title)}}}", rf"\noindent {NAME} \hrulefill\quad {DATE} \hrulefill"]
    blocks += [
        rf"\subsection*{{{GIVEN}}}",
        r"\noindent " + ",\\quad\n".join(f"${leaf}$" for leaf in leaves(quiz, LATEX)),
    ]
    blocks += [rf"\noindent {before}${made}$" for before, made in nodes(quiz, LATEX)]
    blocks += [r"\medskip\noindent " + tex(reading(quiz))]
    blocks += [rf"\subsection*{{{QUESTIONS}}}", *_latex_questions(quiz)]
    if key:
        blocks += [r"\newpage", rf"\section*{{{key_title(quiz)}}}", *_latex_key(quiz)]
    return DOCUMENT % "\n\n".join(blocks)


def _latex_questions(quiz: Quiz) -> Iterator[str]:
    for place, question in enumerate(quiz.questions, 1):
        boxes = (rf"\makebox[.24\linewidth][l]{{{letter} {_latex_value(c)}}}%" for letter, c in lettered(question))
        lines = [r"\noindent\begin{minipage}{\linewidth}", rf"\textbf{{{place}.}} {_latex_said(question.words)}"]
        lines += [r"\par\smallskip\noindent", *boxes, r"\par\vspace{8mm}\hrule" * WRITING[question.kind]]
        yield "\n".join([*lines, r"\end{minipage}\par\bigskip"])


def _latex_key(quiz: Quiz) -> Iterator[str]:
    for place, question in enumerate(quiz.questions, 1):
        right, *wrong = _right_first(question)
        lines = [rf"\noindent\textbf{{{place}. {right[0]}}} {_latex_value(right[1])}"]
        for letter, choice in wrong:
            lines.append(rf"{letter} {_latex_value(choice)}: {_latex_said(choice.words)}")
        yield "\\par\n".join(lines) + r"\par\medskip"


def _right_first(question: Question) -> list[tuple[str, Choice]]:
    """The lettered choices, the right one first."""
    return sorted(lettered(question), key=lambda pair: not pair[1].is_right)


def _value(choice: Choice) -> str:
    return number(choice.value, DIGITS)


def _latex_value(choice: Choice) -> str:
    return _inline(LATEX.number(choice.value, DIGITS))


def _wrapped(before: str, text: str) -> list[str]:
    return wrap(text, WIDE, initial_indent=before, subsequent_indent=" " * len(before))


def _escaped(text: str) -> str:
    return clean(text).translate(SPECIAL)


def _latex_said(words: object) -> str:
    return sentence(words, LATEX, _plain, _inline)


def _plain(text: str) -> str:
    return tex(clean(text))


def _inline(formula: str) -> str:
    return f"${formula}$"


FORMS: dict[str, Callable[[Quiz, bool], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "latex": as_latex,
    "html": sheet,
}
ENDINGS = {".txt": "text", ".md": "markdown", ".tex": "latex", ".html": "html"}

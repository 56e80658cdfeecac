"""Quiz -> one HTML page to print, without network or script. Imports notation, theme, typeset and wording."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograd import Choice, Question, Quiz

from ..notation import TEXT
from ..theme import LIGHT
from ..typeset import Run, clean, formula, number
from ..wording import (
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

STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0 auto; padding: 2rem 1.5rem; max-width: 46rem; color: {LIGHT.ink}; background: {LIGHT.paper};
       font: 16px/1.5 {LIGHT.font}; }}
h1 {{ font-size: 1.5rem; margin: 0 0 1.2rem; }}
h2 {{ font-size: 1.1rem; margin: 1.6rem 0 .5rem; }}
.blank {{ display: flex; gap: 1.5rem; }}
.blank span {{ flex: 1; border-bottom: 1px solid {LIGHT.ink}; }}
.blank span:first-child {{ flex: 2; }}
.given {{ background: {LIGHT.box_fill}; padding: .6rem 1rem; overflow-wrap: anywhere; }}
.given ul {{ display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; list-style: none; margin: 0; padding: 0; }}
.given ul + ul {{ display: block; margin-top: .6rem; border-top: 1px solid {LIGHT.hairline}; padding-top: .6rem; }}
.reading {{ color: {LIGHT.quiet}; font-size: .9em; }}
article {{ break-inside: avoid; margin: 0 0 1.6rem; overflow-wrap: anywhere; }}
article p {{ margin: 0 0 .5rem; }}
ol.choices {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); list-style: none;
             margin: 0; padding: 0 0 0 1.6rem; font-variant-numeric: tabular-nums; }}
.line {{ height: 2rem; margin-left: 1.6rem; border-bottom: 1px solid {LIGHT.hairline}; }}
.key {{ break-before: page; }}
.key article {{ margin-bottom: .8rem; }}
.key ul {{ list-style: none; margin: 0; padding: 0 0 0 3.2rem; font-size: .9em; }}
.key li {{ text-indent: -1.6rem; }}
.value {{ color: {LIGHT.value}; font-weight: 600; }}
sub {{ line-height: 0; font-size: .75em; }}
@page {{ size: A4; margin: 16mm 18mm; }}
@media print {{
  :root {{ font-size: 14px; }}
  body {{ padding: 0; max-width: none; font-size: 10.5pt; print-color-adjust: exact; }}
  .key article {{ margin-bottom: .55rem; font-size: 10pt; line-height: 1.4; }}
}}
"""


def sheet(quiz: Quiz, key: bool = True) -> str:
    """The worksheet, and the key on a page of its own."""
    title = escape(clean(quiz.title))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_typeset(quiz.title)}</h1>\n"
        f'<div class="blank"><span>{NAME}</span><span>{DATE}</span></div>\n'
        f"{_given(quiz)}\n<h2>{QUESTIONS}</h2>\n{''.join(_questions(quiz))}"
        f"{_key(quiz) if key else ''}</body>\n</html>\n"
    )


def _given(quiz: Quiz) -> str:
    """The leaves in rows, the other lines below one another, and how to read them."""
    values = "".join(f"<li>{_typeset(leaf)}</li>" for leaf in leaves(quiz, TEXT))
    made = "".join(f"<li>{before}{_typeset(line)}</li>" for before, line in nodes(quiz, TEXT))
    return (
        f'<h2>{GIVEN}</h2>\n<div class="given"><ul>{values}</ul><ul>{made}</ul></div>\n'
        f'<p class="reading">{escape(reading(quiz))}</p>'
    )


def _questions(quiz: Quiz) -> Iterator[str]:
    for place, question in enumerate(quiz.questions, 1):
        choices = "".join(f"<li>{letter} {_value(choice)}</li>" for letter, choice in lettered(question))
        lines = '<div class="line"></div>' * WRITING[question.kind]
        said = _said(question.words)
        yield f'<article><p><b>{place}.</b> {said}</p><ol class="choices">{choices}</ol>{lines}</article>\n'


def _key(quiz: Quiz) -> str:
    answers = "".join(
        f"<article>{_answer(place, question)}</article>\n" for place, question in enumerate(quiz.questions, 1)
    )
    return f'<section class="key">\n<h1>{key_title(quiz)}</h1>\n{answers}</section>\n'


def _answer(place: int, question: Question) -> str:
    """What is right, and below it what is wrong with the others."""
    pairs = list(lettered(question))
    letter, right = pairs[question.right]
    wrong = (f"<li>{letter} {_value(c)}: {_said(c.words)}</li>" for letter, c in pairs if not c.is_right)
    return f'<b>{place}.</b> <span class="value">{letter} {_value(right)}</span><ul>{"".join(wrong)}</ul>'


def _value(choice: Choice) -> str:
    return number(choice.value, DIGITS)


def _said(words: object) -> str:
    return sentence(words, TEXT, lambda plain: escape(clean(plain)), _typeset)


def _typeset(text: str) -> str:
    """A formula, escaped: letters italic, their indices below."""
    return "".join(map(_run, formula(text)))


def _run(run: Run) -> str:
    tag = {"italic": "i", "sub": "sub", "sup": "sup"}.get(run.style)
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)

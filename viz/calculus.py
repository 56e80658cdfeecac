"""The table of primitives as a page of calculus: plain text, Markdown or LaTeX. Imports autograd and notation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from autograd import TABLE, Op, UnknownChoice
from autograd.readings import latex, text

from .notation import tex

TITLE = "The primitives and their derivatives"
INTRODUCTION = (
    "z is the primitive's own result; a list has entries xᵢ, and Σᵢ, maxᵢ and minᵢ run over all of them.",
    "Each derivative is stated here once, and everything else reads it.",
)


def page(names: Sequence[str] = (), form: str = "text") -> str:
    """The rows of these names, or all, as "text", "markdown" or "latex" (a whole document).

    Raises UnknownChoice for a form or a primitive that does not exist.
    """
    if form not in FORMS:
        raise UnknownChoice("form", form, FORMS)
    for name in names:
        if name not in TABLE:
            raise UnknownChoice("primitive", name, TABLE)
    return FORMS[form]([TABLE[name] for name in names or TABLE])


def as_text(ops: Iterable[Op]) -> str:
    """For a terminal of 100 columns."""
    lines = [TITLE, "", *INTRODUCTION]
    for op in ops:
        lines += ["", f"{op.name:<14}{op.says}"]
        lines += [f"    {rule}" for rule in text.rules(op)]
        lines += [f"    smooth {text.smooth_where(op)}"]
    return "\n".join(lines)


def as_markdown(ops: Iterable[Op]) -> str:
    """With formulas between dollar signs, which GitHub and notebooks typeset."""
    lines = [f"# {TITLE}", "", *INTRODUCTION]
    for op in ops:
        lines += ["", f"## {op.name}", "", op.says, "", *(f"$${rule}$$" for rule in latex.rules(op))]
        lines += ["", f"Smooth {text.smooth_where(op)}."]
    return "\n".join(lines)


def as_latex(ops: Iterable[Op]) -> str:
    """A document for any LaTeX."""
    lines = [r"\documentclass{article}", r"\usepackage[utf8]{inputenc}", r"\usepackage{amsmath}", r"\begin{document}"]
    lines += [rf"\section*{{{TITLE}}}", *map(tex, INTRODUCTION)]
    for op in ops:
        lines += [rf"\subsection*{{{tex(op.name)}}}", tex(op.says), r"\begin{gather*}"]
        lines += [" \\\\\n".join(latex.rules(op)), r"\end{gather*}", f"Smooth {latex.smooth_where(op)}."]
    return "\n".join([*lines, r"\end{document}"])


FORMS: dict[str, Callable[[Iterable[Op]], str]] = {"text": as_text, "markdown": as_markdown, "latex": as_latex}

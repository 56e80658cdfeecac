"""A vectorised program beside its scalar graph, as a page. Imports autograd, entries, files and render.beside."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from autograd import IN_NOTEBOOKS, Program, WrongShape, require_choice, shorten

from .entries import board_of
from .files import at_home, write_all
from .render.beside import page_of

TALL = 800  # pixels of a notebook
BYTES = 1_000_000  # a notebook keeps every page in its file


class Page:
    """What `beside` returns: `.html` is a file that needs no network, and `.save(path)` writes it.

    In a notebook it shows itself, in a frame of its own.
    """

    def __init__(self, html: str, said: str) -> None:
        self.html, self._said = html, said

    def save(self, path: str | Path) -> Path:
        """Write the file, whole or not at all.

        Raises UnknownChoice for an ending that is not .html, Unwritable where the file cannot be written.
        """
        target = at_home(path)
        require_choice("format of a page", target.suffix.lower(), (".html",))
        write_all({target: self.html})
        return target

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        if len(self.html) > BYTES:
            return {"text/plain": f"{self!r}\ntoo large for a notebook's file; .save('beside.html') writes it"}
        frame = f'<iframe srcdoc="{escape(self.html)}" style="width: 100%; height: {TALL}px; border: 0"></iframe>'
        return {"text/html": frame, "text/plain": repr(self)}

    _mime_ = IN_NOTEBOOKS[1]

    def __repr__(self) -> str:
        return f"<Page: {self._said}>"


def beside(program: Program, batch: Any = None) -> Page:
    """The statements of `vectorize(loss)` on a page, and each array as a matrix of the graph's scalars.

    Of a chosen entry it shows how it comes about forward, and what arrives there on the way back, in arrays, in
    scalars and in numbers, and marks the entries that are read: where a row meets a column, and why a matrix is
    transposed. Numbers are those of `program.arrays(batch)`; of large arrays the corners are shown.

    Raises WrongShape for what is no program, and for a batch of another shape.
    """
    if not isinstance(program, Program):
        raise WrongShape(
            f"beside: given {shorten(program)}, expected a program; write viz.beside(vectorize(loss, batch=[x, y]))"
        )
    board = board_of(program, batch)
    return Page(page_of(board), "; ".join(board.sizes))

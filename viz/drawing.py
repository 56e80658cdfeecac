"""Drawing: a Picture in every format that it is asked for. Imports picture, theme and render."""

from __future__ import annotations

import json
import warnings
import webbrowser
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

from autograd import IN_NOTEBOOKS, require_choice
from autograd.caller import calling

from .files import at_home, write_all
from .picture import Picture
from .render.dot import dot_source
from .render.images import pdf_of, png_of
from .render.mermaid import mermaid_source
from .render.paper import Paper, TinyText, require_size
from .render.svg import svg_on_paper
from .render.text import text_of
from .render.tikz import tikz_document, tikz_on_paper
from .theme import Theme

FORMATS = {
    ".svg": "svg",
    ".png": "png",
    ".pdf": "pdf",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".tikz": "tikz",
    ".tex": "tex",
    ".json": "json",
    ".txt": "text",
}


class Drawing:
    """What `draw` returns: each format is an attribute, and `.save(path)` writes the one that the ending names.

    `.svg`, `.dot`, `.mermaid`, `.tikz`, `.tex`, `.json` and `.text` are strings, `.png` and `.pdf` are bytes. In a
    notebook it shows itself. The SVG carries a title and a description, and ids that are unique on a page.
    """

    def __init__(self, picture: Picture, theme: Theme, size: str = "natural") -> None:
        require_size(size)
        self.picture, self.theme, self.size = picture, theme, size

    @property
    def svg(self) -> str:
        """The picture as SVG, laid out in-process. Warns of TinyText where its text gets too small for its size."""
        return self._warned(*self._on_paper)

    @property
    def smallest_text(self) -> float:
        """How many points high the smallest text of the SVG is at its size, where 9 can be read in print."""
        return self._on_paper[1].text

    @cached_property
    def _on_paper(self) -> tuple[str, Paper]:
        return svg_on_paper(self.picture, self.theme, self.size)

    @cached_property
    def _in_tex(self) -> tuple[str, Paper]:
        return tikz_on_paper(self.picture, self.theme, self.size)

    def _warned(self, text: str, paper: Paper) -> str:
        """The text, after a warning to the line that asked for it if it cannot be read on this paper."""
        if tiny := paper.why_tiny(self.size):
            warnings.warn(tiny, TinyText, stacklevel=calling()[1])
        return text

    @property
    def png(self) -> bytes:
        """The picture in pixels, two for each of the SVG's own. Raises NotInstalled without `pathgrad[images]`."""
        return png_of(self.svg)

    @property
    def pdf(self) -> bytes:
        """The picture as a page of its size, with text to select. Raises NotInstalled without `pathgrad[images]`."""
        return pdf_of(self.svg)

    @cached_property
    def dot(self) -> str:
        """The picture as DOT source, for any Graphviz."""
        return dot_source(self.picture, self.theme)

    @cached_property
    def mermaid(self) -> str:
        """The picture as Mermaid source, which GitHub draws in a code block of that name."""
        return mermaid_source(self.picture, self.theme)

    @property
    def tikz(self) -> str:
        r"""The picture as a tikzpicture, for \input in a LaTeX document. Warns of TinyText as `svg` does."""
        return self._warned(*self._in_tex)

    @property
    def tex(self) -> str:
        """The same as a LaTeX document of its own, of one page as large as the picture."""
        return tikz_document(self.tikz, self._in_tex[1])

    @cached_property
    def json(self) -> str:
        """All decisions of the picture as JSON, for other renderers: boxes, arrows, frames, legend, key."""
        document = {"format": "pathgrad picture", "version": 1, **asdict(self.picture)}
        return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    @cached_property
    def text(self) -> str:
        """The picture in words and figures, for a terminal or a screen reader."""
        return text_of(self.picture)

    def save(self, path: str | Path) -> Path:
        """Write the file, in the format that its ending names, one of FORMATS; whole or not at all.

        Raises UnknownChoice for another ending, Unwritable where the file cannot be written, and NotInstalled for .png
        and .pdf without `pathgrad[images]`.
        """
        target = at_home(path)
        require_choice("picture format", ending := target.suffix.lower(), FORMATS)
        write_all({target: getattr(self, FORMATS[ending])})
        return target

    def show(self) -> None:
        """Open the picture in the browser, for scripts and terminals; a file of it is left for the browser to read."""
        with NamedTemporaryFile("w", encoding="utf-8", prefix="pathgrad-", suffix=".svg", delete=False) as file:
            file.write(self.svg)
        webbrowser.open(Path(file.name).as_uri())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.text}

    _mime_ = IN_NOTEBOOKS[1]

    def __repr__(self) -> str:
        return f"<Drawing: {self.picture.title}>"

"""Drawing: a Picture in every format that it is asked for. Imports picture, theme and render."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from autograd import UnknownChoice

from .files import write_all
from .picture import Picture
from .render.dot import dot_source
from .render.mermaid import mermaid_source
from .render.svg import svg_text
from .render.text import text_of
from .theme import Theme


class Drawing:
    """What `draw` returns: `.svg`, `.dot`, `.mermaid`, `.json` and `.text` are strings, `.save(path)` writes one.

    In a notebook it shows itself. The SVG carries a title and a description, and ids that are unique on a page.
    """

    def __init__(self, picture: Picture, theme: Theme) -> None:
        self.picture, self.theme = picture, theme

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, laid out in-process."""
        return svg_text(self.picture, self.theme)

    @cached_property
    def dot(self) -> str:
        """The picture as DOT source, for any Graphviz."""
        return dot_source(self.picture, self.theme)

    @cached_property
    def mermaid(self) -> str:
        """The picture as Mermaid source, which GitHub draws in a code block of that name."""
        return mermaid_source(self.picture, self.theme)

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
        """Write the file, in the format that its ending names: .svg, .dot, .mmd, .json or .txt; whole or not at all.

        Raises UnknownChoice for another ending, Unwritable where the file cannot be written.
        """
        formats = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".json": "json", ".txt": "text"}
        target = Path(path).expanduser()
        ending = target.suffix.lower()
        if ending not in formats:
            raise UnknownChoice("picture format", target.suffix, formats)
        write_all({target: getattr(self, formats[ending])})
        return target

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.text}

    def __repr__(self) -> str:
        return f"<Drawing: {self.picture.title}>"

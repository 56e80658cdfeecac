"""Picture -> Mermaid, which GitHub, GitLab and many editors draw. Imports picture, theme and typeset."""

from __future__ import annotations

import json
from string import ascii_letters, digits

from ..picture import Arrow, Box, Picture
from ..theme import Theme
from ..typeset import plain

WAYS = {"right": "LR", "down": "TB"}
WIDTH = 3  # pixels of a line that a path uses


def mermaid_source(picture: Picture, theme: Theme) -> str:
    """The picture as a flowchart in its direction: boxes, arrows with their labels, frames, each path's colour.

    The legend stands below as a comment, since Mermaid has no text outside of boxes.
    """
    lines = [
        "---",
        f"title: {json.dumps(picture.title, ensure_ascii=False)}",
        "---",
        f"flowchart {WAYS[picture.direction]}",
    ]
    lines += [f"    {box.id}[{_quoted(_said(box))}]" for box in picture.boxes]
    for place, frame in enumerate(picture.frames):
        lines += [f"    subgraph s{place}[{_quoted(frame.title)}]", *(f"        {id}" for id in frame.boxes), "    end"]
        lines.append(f"    style s{place} fill:{theme.paper},stroke:{theme.hairline},color:{theme.quiet}")
    for arrow in picture.arrows:
        label = f"|{_quoted(arrow.label)}|" if arrow.label else ""
        lines.append(f"    {arrow.tail} -->{label} {arrow.head}")
    for box in picture.boxes:
        fill, line, width = theme.box(box.ink)
        lines.append(f"    style {box.id} fill:{fill},stroke:{line},stroke-width:{width:g}px,color:{theme.ink}")
    lines += [f"    linkStyle {place} {_line(arrow, theme)}" for place, arrow in enumerate(picture.arrows)]
    if picture.legend:
        rows = [f"{plain(row.over)}: {' × '.join(row.factors)} = {row.product}" for row in picture.legend.rows]
        lines += [f"    %% {text}" for text in (plain(picture.legend.title), *rows, f"sum = {picture.legend.sum}")]
    return "\n".join(lines) + "\n"


def _said(box: Box) -> str:
    return "\n".join(filter(None, (plain(box.title), box.value, box.gradient)))


def _quoted(text: str) -> str:
    """The text in quotes, what means something to Mermaid or HTML as its number."""
    return '"' + "".join("<br/>" if c == "\n" else c if c in PLAIN or c > "\x7f" else f"#{ord(c)};" for c in text) + '"'


PLAIN = frozenset(ascii_letters + digits + " .,()+-=/")


def _line(arrow: Arrow, theme: Theme) -> str:
    strands = [theme.strands[strand] for strand in arrow.strands]
    if not strands:
        return f"stroke:{theme.hairline if arrow.ink == 'faded' else theme.quiet},stroke-width:1px"
    colour, dash = (strands[0].colour, strands[0].dash) if len(strands) == 1 else (theme.ink, "")
    return f"stroke:{colour},stroke-width:{WIDTH}px" + (f",stroke-dasharray:{dash}" if dash else "")

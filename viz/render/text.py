"""Picture or Story -> plain text that reads well in a terminal and aloud. Imports autograd, picture, story, typeset."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from autograd import aligned

from ..picture import Legend, Picture
from ..story import Section, Story
from ..typeset import plain


def text_of(picture: Picture) -> str:
    """The picture in words and figures: its nodes, its arrows with their derivatives, its paths."""
    titles = {box.id: plain(box.title) for box in picture.boxes}
    lines = [picture.title, "", "nodes"]
    lines += columns(
        [(titles[box.id], box.value, box.gradient, ", ".join(map(plain, box.lines))) for box in picture.boxes]
    )
    lines += ["", f"arrows, each with its {picture.on_arrows}" if picture.on_arrows else "arrows"]
    lines += columns(
        [
            (f"{titles[arrow.tail]} → {titles[arrow.head]}", arrow.label, _strands(arrow.strands))
            for arrow in picture.arrows
            if arrow.label
        ]
    )
    if faded := sum(not arrow.label for arrow in picture.arrows):
        lines.append(f"  and {faded} {'that no path uses' if picture.legend else 'without one'}")
    for panel in picture.panels:
        title = [plain(panel.title)] if panel.title else []
        lines += ["", *title, *columns([tuple(map(plain, row)) for row in panel.rows])]
    if picture.legend:
        lines += ["", *legend_lines(picture.legend)]
    return "\n".join(lines) + "\n"


def legend_lines(legend: Legend) -> list[str]:
    """The paths multiplied out, one a line, and their sum under the products."""
    rows = [(f"{plain(row.over)}:", " × ".join(row.factors), f"= {row.product}") for row in legend.rows]
    lines = [plain(legend.title), *columns([*rows, ("sum", "", f"= {legend.sum}")])]
    return [*lines, f"  ({plain(legend.note)})"] if legend.note else lines


def story_text(story: Story, width: int = 100) -> str:
    """The lesson for a terminal of this width: its words and tables, without its pictures."""
    parts = [story.title, "", fill(story.intro, width)]
    for place, section in enumerate(story.sections, 1):
        parts += ["", f"{place}  {section.title}", *_section(section, width)]
    return "\n".join(parts) + "\n"


def _section(section: Section, width: int) -> list[str]:
    lines = []
    if section.intro:
        lines.append(fill(section.intro, width, initial_indent="   ", subsequent_indent="   "))
    if section.table:
        lines += ["", *columns([section.table.header, *section.table.rows], section.table.align)]
    if section.closing:
        lines += ["", fill(section.closing, width, initial_indent="   ", subsequent_indent="   ")]
    return lines


def _strands(strands: tuple[int, ...]) -> str:
    noun = "path" if len(strands) == 1 else "paths"
    return f"{noun} {', '.join(str(strand + 1) for strand in strands)}" if strands else ""


def columns(rows: Sequence[tuple[str, ...]], align: str = "") -> list[str]:
    """Rows of cells, each column as wide as its widest cell, indented by two; `align` has l or r for each.

    Columns in which no row has anything are left out.
    """
    kept = [place for place, column in enumerate(zip(*rows, strict=True)) if any(column)]
    rows, align = (
        [tuple(row[place] for place in kept) for row in rows],
        "".join(align[place : place + 1] for place in kept),
    )
    return [f"  {line}" for line in aligned(rows, align or "l")]

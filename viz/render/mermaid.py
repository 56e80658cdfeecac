"""Picture -> Mermaid, which GitHub, GitLab and many editors draw. Imports picture, theme, typeset and words."""

from __future__ import annotations

import json
from string import ascii_letters, digits

from ..picture import Arrow, Box, Picture
from ..theme import Theme
from ..typeset import plain
from .words import words_around

WAYS = {"right": "LR", "down": "TB"}
WIDTH = 3  # pixels of a line that a path uses
WIDEST = 5  # pixels that the widest of other lines is wider than most
SHAPES = {"box": "[{}]", "round": "(({}))", "bare": "[{}]"}
ALARMS = SHAPES | {"box": "[[{}]]", "round": "((({})))"}  # with a second line, which needs no colour to be seen
TALL = SHAPES | {"round": "({})"}  # in a circle, which is as wide as its text, there is room for one line


def mermaid_source(picture: Picture, theme: Theme) -> str:
    """The picture as a flowchart in its direction: boxes, arrows with their labels, frames, each path's colour.

    What is written around it stands below as comments, since Mermaid has no text outside of boxes. Heat maps are left
    out; the labels of their arrows stay.
    """
    lines = [
        "---",
        f"title: {json.dumps(picture.title, ensure_ascii=False)}",
        "---",
        f"flowchart {WAYS[picture.direction]}",
    ]
    lines += [f"    {box.id}{_shaped(box)}" for box in picture.boxes]
    for place, frame in enumerate(picture.frames):
        lines += [f"    subgraph s{place}[{_quoted(frame.title)}]", *(f"        {id}" for id in frame.boxes), "    end"]
        lines.append(f"    style s{place} fill:{theme.paper},stroke:{theme.hairline},color:{theme.quiet}")
    for arrow in picture.arrows:
        label = f"|{_quoted(arrow.label)}|" if arrow.label else ""
        lines.append(f"    {arrow.tail} -->{label} {arrow.head}")
    lines += [f"    style {box.id} {_look(box, theme)},color:{theme.ink}" for box in picture.boxes]
    lines += [f"    linkStyle {place} {_line(arrow, theme)}" for place, arrow in enumerate(picture.arrows)]
    # Also within a comment %%{ would be read as an instruction.
    lines += [f"    %% {plain(line).replace('%%', '% %')}" for line, _ in words_around(picture) if line]
    return "\n".join(lines) + "\n"


def _shaped(box: Box) -> str:
    said = [line for line in (plain(box.title), box.value, box.gradient, *map(plain, box.lines)) if line]
    shapes = ALARMS if box.ink == "alarm" else TALL if len(said) > 1 else SHAPES
    return shapes[box.shape].format(_quoted("\n".join(said)))


def _look(box: Box, theme: Theme) -> str:
    if box.shape == "bare":
        return "fill:none,stroke:none"
    fill, line, width = theme.box(box.ink)
    return f"fill:{fill},stroke:{line},stroke-width:{width:g}px"


def _quoted(text: str) -> str:
    """The text in quotes, what means something to Mermaid or HTML as its number."""
    said = "".join("<br/>" if c == "\n" else c if c in PLAIN or c > "\x7f" else f"#{ord(c)};" for c in text)
    return f'"{said or " "}"'


PLAIN = frozenset(ascii_letters + digits + " .,()+-=/")


def _line(arrow: Arrow, theme: Theme) -> str:
    strands = [theme.strands[strand] for strand in arrow.strands]
    if not strands:
        dashed = ",stroke-dasharray:6 3" if arrow.share < 0 else ""
        colour = theme.hairline if arrow.ink == "faded" else theme.quiet
        return f"stroke:{colour},stroke-width:{1 + WIDEST * abs(arrow.share):.3g}px{dashed}"
    colour, dash = (strands[0].colour, strands[0].dash) if len(strands) == 1 else (theme.ink, "")
    return f"stroke:{colour},stroke-width:{WIDTH}px" + (f",stroke-dasharray:{dash}" if dash else "")

"""Picture -> DOT, written with the graphviz package. Imports picture, theme, typeset, metrics and words.

`dot_source` is for people and any Graphviz; `skeleton` is the same graph without text, for `layout` to place.
"""

from __future__ import annotations

from html import escape

import graphviz

from ..picture import Arrow, Box, Picture
from ..theme import Theme
from ..typeset import Line, Run
from .metrics import grid, label_room, sizes
from .words import words_around

RANKDIR = {"right": "LR", "down": "TB"}
POINTS = 72  # to the inch
RANK_GAP = 52  # points
WIDTH = 5  # points that the widest arrow is wider than others
CURVED_BOXES, CURVED_ARROWS = 150, 400  # beyond, curves that avoid boxes take many times as long as straight lines


def dot_source(picture: Picture, theme: Theme) -> str:
    """The picture as DOT that any Graphviz can draw; fixed columns stay where they are, by neato.

    What is written around it is the graph's label. Heat maps are left out; the labels of their arrows stay.
    """
    graph = graphviz.Digraph()
    graph.attr(
        rankdir=RANKDIR[picture.direction],
        fontname="Helvetica",
        labelloc="b",
        labeljust="l",
        forcelabels="true",
        splines="true",
    )
    graph.attr(bgcolor=theme.paper, fontcolor=theme.ink)
    graph.attr(label=_html(_rows_around(picture, theme)))
    graph.attr("node", shape="box", style="rounded,filled", fontname="Helvetica", fillcolor=theme.paper)
    graph.attr("edge", fontname="Helvetica", fontcolor=theme.quiet, fontsize=f"{theme.label_size:g}", arrowsize="0.6")
    places = grid(picture, theme)
    if places:
        graph.attr(layout="neato")
    for box in picture.boxes:
        pinned = {"pos": "{:.3f},{:.3f}!".format(*(at / POINTS for at in places[box.id]))} if places else {}
        graph.node(box.id, _html(_box_rows(box, theme)), tooltip=_plain(box.tip), **_box_style(box, theme), **pinned)
    for place, frame in enumerate(() if places else picture.frames):  # neato draws no clusters
        with graph.subgraph(name=f"cluster_{place}") as cluster:
            cluster.attr(label=_plain(frame.title), color=theme.hairline, style="rounded")
            for member in frame.boxes:
                cluster.node(member)
    for arrow in picture.arrows:
        text, tip = _plain(arrow.label), _plain(arrow.tip)
        graph.edge(arrow.tail, arrow.head, xlabel=text, tooltip=tip, **_arrow_style(arrow, theme))
    return str(graph.source)


def skeleton(picture: Picture, theme: Theme) -> str:
    """The boxes by their places, at their sizes, pinned where the picture pins them, and the arrows; no text."""
    graph = graphviz.Digraph()
    few, down = _are_few(picture), picture.direction == "down"
    graph.attr(
        rankdir=RANKDIR[picture.direction],
        nodesep="0.2",
        ranksep="1" if down else f"{rank_gap(picture, theme) / POINTS:.2f}",  # between wide boxes arrows lie flatter
        splines="true" if few else "line",
        **({} if down and few else {"nslimit": "0.1", "mclimit": "0.01"}),  # or wide boxes would all stand aside
    )
    graph.attr("node", shape="box", label="", fixedsize="true")
    graph.attr("edge", arrowhead="none")
    places = grid(picture, theme)
    room = sizes(picture, theme)
    at = {box.id: place for place, box in enumerate(picture.boxes)}
    for box in picture.boxes:
        width, height = (side / POINTS for side in room[box.id])
        pinned = ' pos="{:.2f},{:.2f}"'.format(*places[box.id]) if places else ""
        graph.body.append(f"\t{at[box.id]} [width={width:.4f} height={height:.4f}{pinned}]\n")
    for place, arrow in enumerate(picture.arrows):
        graph.body.append(f"\t{at[arrow.tail]} -> {at[arrow.head]} [id={place}]\n")
    return str(graph.source)


def _are_few(picture: Picture) -> bool:
    return len(picture.boxes) <= CURVED_BOXES and len(picture.arrows) <= CURVED_ARROWS


def rank_gap(picture: Picture, theme: Theme) -> float:
    """Points between the ranks of a picture to the right: enough for its labels, where they can be read at all."""
    if not _are_few(picture):
        return RANK_GAP
    return max([RANK_GAP, *(label_room(picture, theme, arrow) for arrow in picture.arrows)])


def _html(rows: str) -> str:
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>>'


def _plain(text: str) -> str:
    r"""Text for a label or a tip, where Graphviz would replace \N by a node's name, and &lt; by what it stands for."""
    escaped: str = graphviz.escape(text.replace("&", "&amp;"))
    return escaped


def _text(text: str) -> str:
    """The same within a label like HTML."""
    return escape(text).replace("\\", r"\\")


def _line(line: Line, theme: Theme) -> str:
    tags = {"italic": "<i>{}</i>", "sub": "<sub>{}</sub>", "sup": "<sup>{}</sup>"}
    tags |= {style: f'<font color="{theme.of_style(style)}">{{}}</font>' for style in ("value", "gradient", "quiet")}
    return "".join(tags.get(run.style, "{}").format(_text(run.text)) for run in line if run.text) or " "


def _cell(text: str, colour: str, size: float, align: str = "center") -> str:
    return f'<td align="{align}"><font color="{colour}" point-size="{size:g}">{text}</font></td>'


def _box_rows(box: Box, theme: Theme) -> str:
    cells = [_cell(_line(box.title, theme), theme.ink, theme.name_size)]
    for text, colour in ((box.value, theme.value), (box.gradient, theme.gradient)):
        if text:
            cells.append(_cell(_text(text), colour, theme.figure_size))
    cells += (_cell(_line(line, theme), theme.quiet, theme.figure_size) for line in box.lines)
    return "".join(f"<tr>{cell}</tr>" for cell in cells)


def _rows_around(picture: Picture, theme: Theme) -> str:
    rows = "" if picture.legend else _row((Run(picture.title),), theme.ink, theme)
    for line, strand in words_around(picture):
        if line:
            rows += _row(line, theme.ink if strand is None else theme.strands[strand].colour, theme)
    return rows


def _row(line: Line, colour: str, theme: Theme) -> str:
    return f"<tr>{_cell(_line(line, theme), colour, theme.legend_size, 'left')}</tr>"


def _box_style(box: Box, theme: Theme) -> dict[str, str]:
    if box.shape == "bare":
        return {"shape": "plaintext", "style": ""}
    fill, line, width = theme.box(box.ink)
    more = {"shape": "circle", "style": "filled", "margin": "0"} if box.shape == "round" else {}
    if box.ink == "alarm":
        more["peripheries"] = "2"  # a second line, which needs no colour to be seen
    return {"color": line, "fillcolor": fill, "penwidth": f"{width:g}", **more}


def _arrow_style(arrow: Arrow, theme: Theme) -> dict[str, str]:
    """Shared arrows carry every path's colour side by side; DOT knows one dash for all of them."""
    strands = [theme.strands[strand] for strand in arrow.strands]
    if not strands:
        more = {"penwidth": f"{1 + WIDTH * abs(arrow.share):.2f}"} if arrow.share else {}
        if arrow.share < 0:
            more["style"] = "dashed"
        return {"color": theme.hairline if arrow.ink == "faded" else theme.quiet, **more}
    dash = "dashed" if len(strands) == 1 and strands[0].dash else "solid"
    return {"color": ":".join(strand.colour for strand in strands), "penwidth": "2.2", "style": dash}

"""The picture of a run: a panel for each item, in it a bar for each contestant. Imports report; matplotlib.

Everything is placed in inches from the upper left corner, and texts are measured first, so that none meets another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil, floor, log10
from textwrap import shorten, wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from matplotlib.ticker import EngFormatter
from report import Panel

WIDTH, EDGE, GAP, PAD = 12.0, 0.3, 0.33, 0.08
ROW, BAR, LINE = 0.25, 0.18, 0.22  # from one bar to the next, a bar, from one line of text to the next
HEADLINE, TITLE, TEXT, SMALL = 17, 13, 11, 10  # points
INK, GRID, MINE, THEIRS = "#1a1a1a", "#dfe3e8", "#0a5a94", "#b4bbc5"
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # below a text that a line may cross
DOTS = 150  # of the PNG, to the inch
HOW_TO_READ = "Each scale is logarithmic: the longer a bar, the slower. pathgrad’s bars are dark and its names bold."


def pictures(panels: Sequence[Panel], about: Sequence[str]) -> dict[str, bytes]:
    """The same picture as SVG and as PNG, by their endings."""
    figure, made = draw(panels, about), {}
    for ending in ("svg", "png"):
        file = BytesIO()
        figure.savefig(file, format=ending, dpi=DOTS)
        made[ending] = file.getvalue()
    return made


def draw(panels: Sequence[Panel], about: Sequence[str]) -> Figure:
    """A headline, lines about the run, and the panels: in two columns, as even as their order allows."""
    room = WIDTH / min(2, len(panels)) - 2 * EDGE
    heights = [height(panel, room) for panel in panels]
    tallest, cut = min((max(sum(heights[:cut]), sum(heights[cut:])), cut) for cut in range(1, len(panels) + 1))
    top = 2 * EDGE + LINE * (2 + len(about)) + GAP
    figure = Figure((WIDTH, top + tallest))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(top + tallest, 0))
    ax.axis("off")
    write(ax, EDGE, 2 * EDGE, "The time others take, as a multiple of pathgrad’s", HEADLINE, bold=True)
    for number, line in enumerate([HOW_TO_READ, *about], 1):
        write(ax, EDGE, 2 * EDGE + PAD + LINE * number, line, SMALL)
    draw_column(ax, panels[:cut], EDGE, room, top)
    draw_column(ax, panels[cut:], WIDTH / 2 + EDGE, room, top)
    return figure


def draw_column(ax: Axes, panels: Sequence[Panel], left: float, room: float, y: float) -> None:
    """Panels one below the other, with their bars in line."""
    names = max((breadth(name, TEXT, own(name)) for panel in panels for name in panel.found), default=0.0)
    for panel in panels:
        draw_panel(ax, panel, left, left + names + PAD, left + room, y)
        y += height(panel, room)


def height(panel: Panel, room: float) -> float:
    """Of a panel: its title, what 1 stands for, the numbers of the scale, the bars, and the gap below."""
    return LINE * (len(titled(panel, room)) + 2) + ROW * len(panel.found) + GAP


def titled(panel: Panel, room: float) -> list[str]:
    """The title in lines that fit."""
    title = f"{panel.letter}  {panel.title}"
    return wrap(title, int(len(title) * room / breadth(title, TITLE, bold=True)))


def draw_panel(ax: Axes, panel: Panel, left: float, start: float, end: float, y: float) -> None:
    """A panel whose texts begin at `left` and whose bars at `start`: the quickest first, those without a time last."""
    base = float(panel.found[panel.reference])
    for line in titled(panel, end - left):
        write(ax, left, y, line, TITLE, bold=True)
        y += LINE
    write(ax, left, y, f"1 × is {EngFormatter('s', places=1)(base)}: {panel.reference}", SMALL)
    ratios = {name: took / base for name, took in panel.found.items() if not isinstance(took, str)}
    scale = scale_of([*ratios.values()], start, end)
    y += LINE
    draw_scale(ax, scale, y, y + ROW * (len(ratios) + 0.5))
    for name in sorted(ratios, key=lambda name: ratios[name]):
        y += ROW
        x = scale.place(ratios[name])
        write(ax, start - PAD, y, name, TEXT, own(name), ha="right", va="center")
        ax.barh(y, x - start, BAR, start, color=MINE if own(name) else THEIRS)
        write(ax, x + PAD, y, times(ratios[name]), TEXT, own(name), va="center", bbox=PAPER)
    for name, why in panel.found.items():
        if isinstance(why, str):
            y += ROW
            write(ax, start - PAD, y, name, TEXT, own(name), ha="right", va="center")
            fits = int(len(why) * (end - start) / breadth(why, SMALL))
            write(ax, start, y, shorten(why, fits, placeholder=" …"), SMALL, va="center", style="italic")


@dataclass(frozen=True)
class Scale:
    """Where a ratio stands, with as much room for each power of ten; the powers that it shows."""

    start: float
    decade: float
    powers: range

    def place(self, ratio: float) -> float:
        """How far to the right."""
        return self.start + (log10(ratio) - self.powers[0]) * self.decade


def scale_of(ratios: Sequence[float], start: float, end: float) -> Scale:
    """A scale on which the shortest bar can be seen, and the longest has its number beside it."""
    low, high = floor(log10(min(ratios) / 1.5)), log10(max(ratios))
    numbers = max(breadth(times(ratio), TEXT, bold=True) for ratio in ratios) + 2 * PAD
    return Scale(start, (end - numbers - start) / (high - low), range(low, floor(high) + 1))


def draw_scale(ax: Axes, scale: Scale, top: float, bottom: float) -> None:
    """A line for each power of ten, the one at 1 dark, and above them as many numbers as there is room for."""
    labels = {power: f"{10.0**power:,g} ×" for power in scale.powers}
    every = ceil((max(breadth(label, SMALL) for label in labels.values()) + 2 * PAD) / scale.decade)
    for power, label in labels.items():
        x, one = scale.place(10.0**power), power == 0
        ax.plot([x, x], [top + PAD, bottom], color=INK if one else GRID, linewidth=1, zorder=2 if one else 0)
        if power % every == 0:
            write(ax, x, top, label, SMALL, ha="center")


def write(ax: Axes, x: float, y: float, text: str, size: float, bold: bool = False, **more: Any) -> None:
    """A text at this place, in the one ink."""
    ax.text(x, y, text, size=size, weight="bold" if bold else "normal", color=INK, **more)


def breadth(text: str, size: float, bold: bool = False) -> float:
    """The inches that a text takes."""
    face = FontProperties(weight="bold" if bold else "normal")
    return float(TextPath((0, 0), text, size=size, prop=face).get_extents().width) / 72


def own(name: str) -> bool:
    """Whether this contestant is this project's."""
    return name.startswith("pathgrad")


def times(ratio: float) -> str:
    """How many times as long, in two digits or more."""
    return f"{ratio:,.0f} ×" if ratio >= 9.95 else f"{ratio:#.2g} ×"

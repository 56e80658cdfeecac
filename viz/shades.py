"""Shades: tables of coloured cells with words in them, and colours that grade numbers.

Imports axes, sampled, theme and typeset; NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from .axes import COLOURS, figure_of, new_figure
from .sampled import Array
from .theme import Theme
from .typeset import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

LONGEST = 18  # characters of a name beside cells
EM = 0.6 / 72  # inches that a character takes for each point of its size, on average
ROOM = 0.12  # inches around a word
NAMED = 20  # rows and columns that can have a name each
HALFWAY = 0.179  # the relative luminance on which black and white are read equally well, at 4.58:1
PALEST = 0.15  # of a grade of colours, what is left out because it is too close to the paper


def shares(theme: Theme) -> dict[str, Any]:
    """How `cells` shades 0 to 1, from the paper to the theme's blue: a hundredth is seen, and nothing looks like it."""
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm

    colours = LinearSegmentedColormap.from_list("shares", [theme.paper, theme.value])
    return {"cmap": colours, "norm": PowerNorm(0.5, 0, 1)}


def graded(theme: Theme, least: bool) -> Colormap:
    """From the lowest to the highest number; the best, which may be the `least`, stands out most from the paper."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, to_rgb

    goodness = np.linspace(PALEST, 1, 256)[:: -1 if least else 1]
    on_white = ink_on(to_rgb(theme.paper)) == "black"
    return ListedColormap(colormaps[COLOURS](1 - goodness if on_white else goodness))


def ink_on(colour: Sequence[float]) -> str:
    """Black or white, whichever is read better on red, green and blue from 0 to 1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return "black" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > HALFWAY else "white"


def room_for(words: Sequence[Sequence[str]], across: Sequence[str], down: Sequence[str], theme: Theme) -> Axes:
    """Axes of a figure large enough for these words in cells, and for the names of columns and rows."""
    widths = [inches(some, theme.label_size) + ROOM for some in (chain(*words), across, down)]
    word, name, left = widths
    if words:
        width = len(across) * max(word, name if len(across) * name < 10 else 0)
        return new_figure(theme, max(6, width + left + 2.6), max(2.5, 0.4 * len(down)) + 2).add_subplot()
    return new_figure(theme, 8 + left, 7.5).add_subplot()


def name_cells(axes: Axes, across: Sequence[str], down: Sequence[str], theme: Theme) -> None:
    """Names on top and on the left, of many those of some; upright where they are wider than their columns."""
    for axis, names in ((axes.xaxis, across), (axes.yaxis, down)):
        shown = range(0, len(names), -(-len(names) // NAMED))
        axis.set_ticks(shown, [names[place] for place in shown])
    columns = axes.get_window_extent().width / figure_of(axes).dpi / len(axes.get_xticks())
    rotation = 90 if inches(across, theme.label_size) > columns else 0
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    axes.tick_params(axis="x", labelrotation=rotation)


def cells(axes: Axes, theme: Theme, heights: Array, words: Sequence[Sequence[str]], **how: Any) -> Any:
    """The heights as coloured cells, nan as paper, with words in black or white, a · in grey; gives the image.

    `how` goes to imshow: cmap, norm.
    """
    image = axes.imshow(heights, aspect="auto", interpolation="nearest", **how)
    colours = image.to_rgba(np.ma.masked_invalid(heights))
    for row, line in enumerate(words):
        for column, word in enumerate(line):
            empty = word == "·" or np.isnan(heights[row, column])
            ink = theme.quiet if empty else ink_on(colours[row, column])
            axes.text(column, row, word, ha="center", va="center", size=theme.label_size, color=ink)
    return image


def bar(axes: Axes, theme: Theme, image: Any, title: str, **how: Any) -> None:
    """The bar that says what the shades of an image mean; `how` goes to colorbar: ticks, format."""
    drawn = figure_of(axes).colorbar(image, ax=axes, **how)
    drawn.ax.set_title(title, size=theme.figure_size, color=theme.ink, pad=12)
    drawn.ax.tick_params(which="both", labelsize=theme.label_size, colors=theme.ink)
    drawn.outline.set_edgecolor(theme.quiet)


def legend_below(axes: Axes, theme: Theme) -> None:
    """The legend below the axes, where it hides nothing, as many entries side by side as there is room for."""
    _, said = axes.get_legend_handles_labels()
    if said:
        room = axes.get_window_extent().width / figure_of(axes).dpi
        beside = int(room / (inches(said, theme.label_size) + 0.04 * theme.label_size))  # a line is two letters wide
        how: dict[str, Any] = {"labelcolor": theme.ink, "facecolor": theme.paper, "edgecolor": theme.hairline}
        how |= {"fontsize": theme.label_size, "ncols": max(1, min(3, beside))}
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), **how)


def label_of(name: str, longest: int = LONGEST) -> str:
    """A name short enough to stand beside a cell, with nothing in it that matplotlib would take for a formula."""
    return clean(name if len(name) <= longest else f"{name[: longest - 1]}…").replace("$", r"\$")


def inches(words: Any, size: float) -> float:
    """About how wide the widest of these words is, in letters of that size."""
    return EM * size * max(map(len, words), default=0)

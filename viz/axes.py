"""Axes to draw on, in a theme's colours and sizes; matplotlib is loaded when they are asked for. Imports plate, theme.

All text is at least as large as the theme's labels, 13 points, to be read from the last row.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any, TypeAlias

from autograd import NotInstalled, WrongShape, shorten

from .theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Dash: TypeAlias = tuple[float, tuple[float, ...]] | str
COLOURS = "cividis"  # from dark to bright evenly, and the same to eyes that see no red or green
GREY = "#c4c4c4"
MARKERS = "os^DvP"  # a shape for each strand of a theme


def new_figure(theme: Theme, width: float = 6.4, height: float = 4.8) -> Figure:
    """An empty figure of that many inches.

    Raises NotInstalled without matplotlib.
    """
    try:
        from .plate import Plate
    except ImportError as error:
        raise NotInstalled("plots need matplotlib, which cannot be imported; pip install 'pathgrad[plots]'") from error
    return Plate(figsize=(width, height), layout="constrained", facecolor=theme.paper)


def axes_of(ax: Axes | None, theme: Theme, solid: bool = False) -> Any:
    """The Axes given, or those of a new figure; `solid` ones have three dimensions.

    Raises WrongShape for something else, such as an array of Axes or flat ones for a surface; NotInstalled.
    """
    if ax is None:
        return new_figure(theme).add_subplot(projection="3d" if solid else None)
    if not hasattr(ax, "set_xlabel") or solid != hasattr(ax, "plot_surface"):
        wanted = "made with projection='3d'" if solid else "of two dimensions"
        raise WrongShape(f"ax: given {shorten(ax)}, expected one Axes {wanted}; leave it out for a new figure")
    return ax


def figure_of(ax: Any) -> Figure:
    """The figure that the Axes stand in, also if it is part of another."""
    figure: Figure = ax.get_figure(root=True)
    return figure


def svg_of(figure: Figure) -> str:
    """A figure as SVG text, the same for the same plot."""
    from matplotlib import rc_context

    text = StringIO()
    with rc_context({"svg.hashsalt": "pathgrad"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def dress(ax: Any, theme: Theme, title: str, *labels: str) -> None:
    """Title and labels of the axes, x, y and where there is one z, and everything in the theme's colours."""
    ax.set_facecolor(theme.paper)
    ax.set_title(title, size=theme.legend_size, color=theme.ink)
    for name, label in zip("xyz", labels, strict=False):
        getattr(ax, f"set_{name}label")(label, size=theme.figure_size, color=theme.ink)
        ax.tick_params(axis=name, labelsize=theme.label_size, colors=theme.ink)
    for spine in ax.spines.values():
        spine.set_color(theme.quiet)


def legend(ax: Any, theme: Theme) -> None:
    """The legend of what is drawn, where it hides least."""
    colours = {"labelcolor": theme.ink, "facecolor": theme.paper, "edgecolor": theme.hairline}
    ax.legend(fontsize=theme.label_size, framealpha=0.9, **colours)


def legend_of_shades(ax: Any, theme: Theme) -> None:
    """The legend of what is black or white upon shades: below the axes, on a grey where both are seen."""
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.13), "ncols": 3}
    ax.legend(fontsize=theme.label_size, labelcolor="black", facecolor=GREY, framealpha=1, **below)


def colour_of(theme: Theme, strand: int) -> str:
    """The colour of a strand; after the last comes the first again."""
    return theme.strands[strand % len(theme.strands)].colour


def dashes(theme: Theme, strand: int) -> Dash:
    """How matplotlib is told the dash of a strand; it counts in widths of the line, the theme in points."""
    lengths = tuple(float(length) / 2 for length in theme.strands[strand % len(theme.strands)].dash.split())
    return (0, lengths) if lengths else "-"


def line_of(theme: Theme, strand: int) -> dict[str, Any]:
    """Colour and dash of a strand, as matplotlib's words for them."""
    return {"color": colour_of(theme, strand), "linestyle": dashes(theme, strand), "linewidth": 2}


def marker_of(strand: int) -> str:
    """The shape of a strand's points."""
    return MARKERS[strand % len(MARKERS)]

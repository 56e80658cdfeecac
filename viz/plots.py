"""Plots by matplotlib: surfaces, boundaries, curves, digits, descents, trainings, searches. Imports what draws them.

Each gives the figure it drew on. Without `ax` that is a new one, which a notebook shows and `.savefig("plot.png")`
writes; pyplot is not touched. For a window, give the Axes of a figure of pyplot's and call its show().
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import NotInstalled, WrongShape, shorten
from nn import MLP, VectorizedMLP

from .axes import COLOURS, axes_of, dress, figure_of, legend_of_shades, line_of, marker_of
from .descents import contour_paths, cost_curves, descent, tangent
from .images import digits, mistakes
from .outcomes import confusion, curves, predictions
from .sampled import Array, Curve, Plane, Span, along, numbers, over_plane, range_of
from .searched import heatmap, parallel
from .theme import Theme, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "NotInstalled",
    "boundary",
    "confusion",
    "contour_paths",
    "cost_curves",
    "curve",
    "curves",
    "descent",
    "digits",
    "heatmap",
    "mistakes",
    "parallel",
    "predictions",
    "surface",
    "tangent",
]


def surface(
    f: MLP | VectorizedMLP | Plane,
    x: Span = (-4, 4),
    y: Span = (-4, 4),
    *,
    heights: Span | None = None,
    title: str = "",
    labels: tuple[str, str, str] = ("x₁", "x₂", "ŷ"),
    points: int = 61,
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """The output over the plane as a surface; `heights` is the range of its colours and upright axis, often (0, 1).

    f is a network of two inputs and one output, or a function of two arrays. Raises WrongShape for another network
    or window and for Axes without a third dimension, UnknownChoice for a theme that there is not.
    """
    theme = theme_of(theme)
    X, Y, Z = over_plane(f, x, y, points)
    axes = axes_of(ax, theme, solid=True)
    low, high = range_of(Z, heights)
    axes.plot_surface(X, Y, Z, cmap=COLOURS, vmin=low, vmax=high, rcount=points, ccount=points, linewidth=0)
    axes.set(xlim=x, ylim=y, zlim=(low, high))
    axes.view_init(elev=24, azim=-58)
    axes.set_box_aspect(None, zoom=0.86)  # or its labels are cut off
    axes.locator_params(nbins=5)
    dress(axes, theme, title, *labels)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color(theme.box_fill)
        axis.labelpad = 8
    return figure_of(axes)


def boundary(
    f: MLP | VectorizedMLP | Plane,
    points: Sequence[Sequence[float]] | NDArray[Any] | None = None,
    classes: Sequence[int] | NDArray[Any] | None = None,
    x: Span = (-4, 4),
    y: Span = (-4, 4),
    *,
    heights: Span | None = None,
    title: str = "",
    labels: tuple[str, str, str] = ("x₁", "x₂", "ŷ"),
    names: tuple[str, str] = ("class 0", "class 1"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """The output over the plane as shades, and the line where it is ½, at which the decision changes.

    `points` are examples (x₁, x₂), one to a row, and `classes` is 0 or 1 for each, drawn in two shapes.
    Raises WrongShape for another network or window, and unless there is one class for each point.
    """
    theme = theme_of(theme)
    X, Y, Z = over_plane(f, x, y, 161)
    examples, kinds = _examples(points, classes)
    axes = axes_of(ax, theme)
    levels = np.linspace(*range_of(Z, heights), 13)
    beyond = "neither" if levels[0] <= Z.min() and Z.max() <= levels[-1] else "both"
    shades = axes.contourf(X, Y, Z, levels=levels, cmap=COLOURS, extend=beyond)
    bar = figure_of(axes).colorbar(shades, ax=axes, ticks=levels[::3], format="%.2f")
    bar.ax.set_title(labels[2], size=theme.figure_size, color=theme.ink)
    bar.ax.tick_params(labelsize=theme.label_size, colors=theme.ink)
    if Z.min() < 0.5 < Z.max():
        for colour, width in (("white", 5.0), ("black", 2.2)):  # a line with a rim is seen on every shade
            axes.contour(X, Y, Z, levels=[0.5], colors=colour, linewidths=width)
        axes.plot([], [], color="black", linewidth=2.2, label=f"{labels[2]} = ½")
    for kind, colour in ((0, "black"), (1, "white")):
        chosen = examples[kinds == kind]
        if len(chosen):
            rim: dict[str, Any] = {"markeredgecolor": "white" if colour == "black" else "black", "markeredgewidth": 1.2}
            axes.plot(*chosen.T, marker_of(kind), color=colour, markersize=8, label=names[kind], **rim)
    axes.set(xlim=x, ylim=y)
    dress(axes, theme, title, *labels[:2])
    if axes.get_legend_handles_labels()[0]:
        legend_of_shades(axes, theme)
    return figure_of(axes)


def _examples(points: Any, classes: Any) -> tuple[Array, Array]:
    """Points as rows of two, and their classes."""
    expected = "(m, 2), an example to a row, and m classes, each 0 or 1"
    examples = np.zeros((0, 2)) if points is None else numbers(points, "points", expected)
    kinds = np.zeros(0) if classes is None else np.ravel(numbers(classes, "classes", expected))
    if examples.shape != (len(kinds), 2) or not np.isin(kinds, (0, 1)).all():
        raise WrongShape(
            f"points: given shape {examples.shape} and classes {shorten(kinds.tolist())}, expected {expected}"
        )
    return examples, kinds


def curve(
    f: Curve,
    x: Span = (-4, 4),
    *,
    title: str = "",
    labels: tuple[str, str] = ("x", "y"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """A function of one Value over a window, such as `curve(Value.exp)`, with the lines x = 0 and y = 0.

    Raises WrongShape for no window, NotAScalar where f gives no Value.
    """
    theme = theme_of(theme)
    places, heights = along(f, x)
    axes = axes_of(ax, theme)
    axes.axhline(0, color=theme.hairline, linewidth=1)
    axes.axvline(0, color=theme.hairline, linewidth=1)
    axes.plot(places, heights, **line_of(theme, 0), label=title or labels[1])
    axes.set_xlim(x)
    dress(axes, theme, title, *labels)
    return figure_of(axes)

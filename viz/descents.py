"""Plots of descents: on a curve, over contour lines, and what they cost. Imports axes, sampled, theme and typeset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import NonFinite, Value, WrongShape, shorten

from .axes import axes_of, colour_of, dress, figure_of, legend, line_of, marker_of
from .sampled import Array, Curve, Plane, Span, along, height_and_slope, numbers, over_plane, window_around
from .theme import Theme, theme_of
from .typeset import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def tangent(
    f: Curve,
    at: float,
    nudges: float | Sequence[float] = (1.5, 0.75, 0.25),
    x: Span | None = None,
    *,
    title: str = "",
    labels: tuple[str, str] = ("w", "L"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """The curve, its tangent at one place, and a line through the curve there and a nudge further on, for each nudge.

    The smaller the nudge, the closer its slope, ΔL/Δw, comes to the tangent's, which is what one sweep says.
    Raises WrongShape for a nudge of 0, NotAScalar where f gives no Value.
    """
    theme = theme_of(theme)
    steps = np.atleast_1d(numbers(nudges, "nudges", "one number, or a list of them")).tolist()
    if not all(steps):
        raise WrongShape(f"nudges: given {shorten(nudges)}, expected steps that go somewhere; write nudges=(1, 0.1)")
    height, slope = height_and_slope(f, at)
    x = x or window_around([at - step for step in steps], [at + step for step in steps])
    places, heights = along(f, x)
    axes = axes_of(ax, theme)
    across, up = labels
    axes.plot(places, heights, color=theme.ink, linewidth=2.5, label=f"{up}({across})")
    for strand, nudge in enumerate(steps, 1):
        further, _ = height_and_slope(f, at + nudge)
        secant = (further - height) / nudge
        said = f"nudge {number(nudge)}: Δ{up}/Δ{across} = {number(secant)}"
        axes.plot(places, height + secant * (places - at), **line_of(theme, strand), label=said)
        axes.plot([at + nudge], [further], marker_of(strand), color=colour_of(theme, strand), markersize=9)
    said = f"tangent: ∂{up}/∂{across} = {number(slope)}"
    axes.plot(places, height + slope * (places - at), **{**line_of(theme, 0), "linewidth": 3}, label=said)
    axes.plot([at], [height], "o", color=theme.ink, markersize=9, zorder=5)
    axes.set(xlim=x, ylim=window_around(heights))
    dress(axes, theme, title, *labels)
    legend(axes, theme)
    return figure_of(axes)


def descent(
    f: Curve,
    start: float,
    rate: float,
    steps: int,
    x: Span | None = None,
    *,
    title: str = "",
    labels: tuple[str, str] = ("w", "L"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """Gradient descent on a curve: at each place the slope's sign, and an arrow to the next, the opposite way.

    A step is -rate × slope. Raises NonFinite where the descent leaves all bounds, WrongShape for a number of steps
    that is no whole number from 1.
    """
    theme = theme_of(theme)
    across, up = labels
    track, slopes = _walked(f, start, rate, steps)
    x = x or window_around(track[:, 0])
    axes = axes_of(ax, theme)
    axes.plot(*along(f, x), color=theme.ink, linewidth=2.5, label=f"{up}({across})")
    first, said = np.array(x), f"tangent at the start: slope {number(slopes[0])}"
    axes.plot(first, track[0, 1] + slopes[0] * (first - track[0, 0]), **line_of(theme, 1), label=said)
    arrow = {"arrowstyle": "-|>", "color": theme.gradient, "linewidth": 2.2, "mutation_scale": 16}
    for here, there in pairwise(track):
        axes.annotate("", xy=there, xytext=here, arrowprops={**arrow, "shrinkA": 9, "shrinkB": 9}, zorder=4)
    dot: dict[str, Any] = {
        "color": theme.paper,
        "markersize": 15,
        "markeredgecolor": theme.gradient,
        "markeredgewidth": 1.8,
    }
    for place, (here, slope) in enumerate(zip(track, slopes, strict=True)):
        axes.plot(*here, "o", **dot, zorder=5, label=None if place else "sign of the slope")
        sign = "+" if slope > 0 else "−" if slope < 0 else "0"
        axes.text(*here, sign, ha="center", va="center_baseline", size=theme.figure_size, color=theme.ink, zorder=6)
    axes.plot([], [], color=theme.gradient, linewidth=2.2, label=f"step −{number(rate)} × slope")
    axes.set(xlim=x, ylim=window_around(along(f, x)[1]))
    dress(axes, theme, title, *labels)
    legend(axes, theme)
    return figure_of(axes)


def _walked(f: Curve, start: float, rate: float, steps: int) -> tuple[Array, list[float]]:
    """Where the descent stands, as rows (w, f(w)), from the start on, and the slope at each place."""
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
        raise WrongShape(f"steps: given {shorten(steps)}, expected a whole number from 1; write steps=5")
    track, slopes, place, rate = [], [], Value(start, "start").data, Value(rate, "rate").data
    for step in range(steps + 1):
        try:
            height, slope = height_and_slope(f, place)
        except NonFinite as error:
            raise NonFinite(
                f"descent: after {step} steps of rate {number(rate)}: {error} Try a smaller rate."
            ) from None
        track.append((place, height))
        slopes.append(slope)
        place -= rate * slope
    return np.array(track), slopes


def contour_paths(
    cost: Plane,
    paths: Mapping[str, Sequence[Sequence[float]] | NDArray[Any]],
    x: Span | None = None,
    y: Span | None = None,
    *,
    title: str = "",
    labels: tuple[str, str] = ("w", "b"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """Contour lines of an error surface, and on them the paths of descents by their names, each point a row (w, b).

    `cost` is a function of two arrays. Raises WrongShape for paths that are no rows of two numbers.
    """
    theme = theme_of(theme)
    tracks = {name: _rows_of_two(name, points) for name, points in paths.items()}
    together = np.concatenate([np.zeros((0, 2)), *tracks.values()])
    x, y = x or window_around(together[:, 0]), y or window_around(together[:, 1])
    X, Y, Z = over_plane(cost, x, y, 61)
    axes = axes_of(ax, theme)
    if Z.max() > Z.min():
        # Lines stand closer where the valley is flat, so that there is something to see at its bottom.
        heights = Z.min() + (Z.max() - Z.min()) * np.linspace(0.03, 1, 14) ** 2
        lines = axes.contour(X, Y, Z, levels=heights, colors=theme.hairline, linewidths=1)
        axes.clabel(lines, heights[1::3], fontsize=theme.label_size, colors=theme.quiet, fmt=lambda h: number(h, 2))
    for strand, (name, track) in enumerate(tracks.items()):
        colour = colour_of(theme, strand)
        axes.plot(*track.T, **line_of(theme, strand), marker=marker_of(strand), markersize=3, label=name)
        axes.plot(*track[-1], marker_of(strand), color=colour, markersize=12, markeredgecolor=theme.paper, zorder=5)
    starts = np.array([track[0] for track in tracks.values()])
    rim: dict[str, Any] = {"markerfacecolor": theme.paper, "markeredgecolor": theme.ink, "markeredgewidth": 2}
    axes.plot(*starts.T, "o", **rim, markersize=11, zorder=6, label="start")
    axes.set(xlim=x, ylim=y)
    dress(axes, theme, title, *labels)
    legend(axes, theme)
    return figure_of(axes)


def _rows_of_two(name: str, points: Any) -> Array:
    expected = "(steps, 2), a point to a row"
    track = numbers(points, f"paths[{name!r}]", expected)
    if track.ndim != 2 or track.shape[1] != 2 or not len(track):
        raise WrongShape(f"paths[{name!r}]: given shape {track.shape}, expected {expected}")
    return track


def cost_curves(
    costs: Mapping[str, Sequence[float]],
    updates: Mapping[str, Sequence[float]] | None = None,
    *,
    strand: int = 0,
    title: str = "",
    labels: tuple[str, str] = ("epoch", "cost J"),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """The cost over the whole set against the epoch, for each descent by its name, the first entry before any update.

    `updates` are the losses of every update of that name, drawn as a thin line behind. The first descent has the
    colour and dash of this `strand`. Raises WrongShape for fewer than two costs, and for updates of a name without.
    """
    theme = theme_of(theme)
    updates = updates or {}
    if not costs or set(updates) - set(costs) or any(len(some) < 2 for some in costs.values()):
        raise WrongShape(
            f"cost_curves: given costs of {', '.join(costs)} and updates of {', '.join(updates)}; "
            "expected two or more costs, the first before training, for every name"
        )
    axes = axes_of(ax, theme)
    for place, (name, some) in enumerate(costs.items(), strand):
        style, epochs = line_of(theme, place), len(some) - 1
        if name in updates:
            losses = updates[name]
            when = np.linspace(0, epochs, len(losses), endpoint=False)
            axes.plot(
                when, losses, color=style["color"], linewidth=0.6, alpha=0.4, zorder=1, label=f"{name}, each update"
            )
        axes.plot(range(epochs + 1), some, **{**style, "linewidth": 2.8}, zorder=3, label=f"{name}, whole set")
    axes.set_xlim(0, max(len(some) for some in costs.values()) - 1)
    axes.xaxis.get_major_locator().set_params(integer=True)
    dress(axes, theme, title, *labels)
    legend(axes, theme)
    return figure_of(axes)

"""Plots of a search through settings: every trial across all of them, and the best for each pair of choices.

Imports axes, scales, shades, theme, trials and typeset; NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import TooMany, WrongShape, require_choice

from .axes import axes_of, dress, figure_of, new_figure
from .sampled import Array, window_around
from .scales import Scale, choices_of, key_of, said, scale_of, spans_decades
from .shades import bar, cells, graded, inches, label_of, legend_below, name_cells, room_for
from .theme import Theme, theme_of
from .trials import Results, Trial, expect_trials, failed, judged
from .typeset import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

MOST_SETTINGS = 12  # axes beside each other
MOST_CHOICES = 20  # of a setting in a table
FAILED = -0.1  # how far up failures end


def parallel(
    results: Results,
    settings: Sequence[str] | None = None,
    *,
    title: str = "",
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """Every trial of a search as a line across its settings, an upright axis each, to its score on the last.

    The better the score, the stronger the line; the best has a rim. `settings` chooses some, in that order. Numbers
    that span two decades stand on a logarithmic scale; anything but numbers on evenly spaced names. Failures are dashed
    and end in a cross. Raises WrongShape for a search without trials, UnknownChoice for a setting that was not
    searched, TooMany for over 12 settings.
    """
    theme = theme_of(theme)
    expect_trials(results)
    names = list(dict.fromkeys(results.names if settings is None else settings))
    for name in names:
        require_choice("setting", name, results.names)
    if not 1 <= len(names) <= MOST_SETTINGS:
        raise TooMany(
            f"parallel: {len(names)} settings, expected 1 to {MOST_SETTINGS}; write settings={results.names[:2]}"
        )
    rows, lost = judged(results), failed(results)
    scales = {name: scale_of(row.settings.get(name) for row in results.rows) for name in names}
    score = scale_of(row.scores[results.by] for row in rows)
    if lost:
        score = replace(score, ticks=((FAILED, "failed"), *score.ticks))

    def across(row: Trial) -> list[float]:
        return [scale.at(row.settings.get(name)) for name, scale in scales.items()]

    axes = _uprights(ax, theme, [label_of(name) for name in (*names, results.by)], [*scales.values(), score])
    colours = graded(theme, results.least)
    _draw_strip(axes, len(names), colours)
    if lost:
        _draw_failed(axes, theme, [[*across(row), FAILED] for row in lost])
    if rows:
        tracks = [[*across(row), score.at(row.scores[results.by])] for row in rows]
        _draw_judged(axes, tracks, colours, results.least)
        _draw_best(axes, theme, tracks[-1], colours, _best(results, rows[-1]))
    dress(axes, theme, title)
    on_top: dict[str, Any] = {"top": False, "bottom": False, "labeltop": True, "labelbottom": False}
    axes.tick_params(length=0, labelsize=theme.name_size, labelcolor=theme.ink, **on_top)
    for spine in axes.spines.values():
        spine.set_visible(False)
    legend_below(axes, theme)
    return figure_of(axes)


def _uprights(ax: Axes | None, theme: Theme, labels: list[str], scales: list[Scale]) -> Axes:
    """An upright axis for each label, its ticks written on its left; those of the last are on its right."""
    last, widths = len(labels) - 1, [inches([word for _, word in scale.ticks], theme.label_size) for scale in scales]
    left, right = widths[0] + 0.2, widths[-1] + 0.3
    if ax is None:
        pitch = max(1.5, inches(labels, theme.name_size) + 0.1, max(widths) + 0.6)
        ax = new_figure(theme, max(6, pitch * last + left + right + 0.3), 5.6).add_subplot()
    axes: Axes = axes_of(ax, theme)
    inch = last / max(1.0, axes.get_window_extent().width / figure_of(axes).dpi - left - right)
    how: dict[str, Any] = {"va": "center", "size": theme.label_size, "color": theme.ink, "zorder": 7}
    how["bbox"] = {"facecolor": theme.paper, "edgecolor": "none", "alpha": 0.8, "pad": 1}
    for place, scale in enumerate(scales):
        aside, ha = (0.15, "left") if place == last else (-0.08, "right")
        for up, word in scale.ticks:
            axes.text(place + aside * inch, up, word, ha=ha, **how)
        axes.plot([place] * len(scale.ticks), [up for up, _ in scale.ticks], "_", color=theme.quiet, zorder=3)
    axes.vlines(range(last), 0, 1, color=theme.quiet, linewidth=1.2, zorder=3)
    axes.set(xlim=(-left * inch, last + right * inch), ylim=(FAILED - 0.06, 1.06), yticks=())
    axes.set_xticks(range(last + 1), labels)
    return axes


def _draw_strip(axes: Axes, place: int, colours: Colormap) -> None:
    """The axis of the score, which says what the colours mean."""
    wide = 0.008 * float(np.ptp(axes.get_xlim()))
    how: dict[str, Any] = {"aspect": "auto", "origin": "lower", "zorder": 2.5}
    axes.imshow(np.arange(256)[:, None], cmap=colours, extent=(place - wide, place + wide, 0, 1), **how)


def _draw_failed(axes: Axes, theme: Theme, tracks: list[list[float]]) -> None:
    """Dashed lines that end in a cross."""
    from matplotlib.collections import LineCollection

    # Each part of the way once, for dashes upon dashes would fill each other's gaps.
    parts = {((place, low), (place + 1, high)) for track in tracks for place, (low, high) in enumerate(pairwise(track))}
    axes.add_collection(LineCollection(sorted(parts), colors=theme.quiet, linestyles=[(0, (5, 4))], linewidths=1.2))
    said = f"{len(tracks)} failed"
    axes.plot(len(tracks[0]) - 1, FAILED, "X", color=theme.quiet, markersize=11, zorder=6, label=said)


def _draw_judged(axes: Axes, tracks: list[list[float]], colours: Colormap, least: bool) -> None:
    """A line for each trial from the worst to the best, one stronger than the other."""
    from matplotlib.collections import LineCollection

    heights = np.array(tracks)
    good = 1 - heights[:, -1] if least else heights[:, -1]
    shades = colours(heights[:, -1], alpha=0.4 + 0.5 * good)
    places = np.broadcast_to(np.arange(heights.shape[1]), heights.shape)
    axes.add_collection(LineCollection(list(np.dstack([places, heights])), colors=shades, linewidths=1 + 1.2 * good))
    if len(tracks) > 1:
        axes.plot([], color=colours(0.25 if least else 0.75), linewidth=1.9, label="the better, the stronger")


def _draw_best(axes: Axes, theme: Theme, track: list[float], colours: Colormap, said: str) -> None:
    """A bold line with a rim, which is seen on every other line."""
    for colour, width in ((theme.ink, 9.0), (theme.paper, 6.5)):
        axes.plot(track, color=colour, linewidth=width, zorder=4)
    axes.plot(track, color=colours(track[-1]), linewidth=4.5, zorder=5, label=said)


def _best(results: Results, row: Trial) -> str:
    return f"best: trial {row.number}, {label_of(results.by)} {number(row.scores[results.by])}"


def heatmap(
    results: Results, x: str, y: str, *, title: str = "", ax: Axes | None = None, theme: Theme | str = "light"
) -> Figure:
    """The best score for each choice of two settings, whatever the others were; the best of all has a rim.

    Raises WrongShape for a search without trials and for one setting twice, UnknownChoice for one that was not
    searched, TooMany for over 20 choices.
    """
    theme = theme_of(theme)
    expect_trials(results)
    for name in (x, y):
        require_choice("setting", name, results.names)
    if x == y:
        raise WrongShape(f"heatmap: given {x!r} twice, expected two settings; there are {', '.join(results.names)}")
    across, down = (choices_of(row.settings.get(name) for row in results.rows) for name in (x, y))
    for name, choices in ((x, across), (y, down)):
        if len(choices) > MOST_CHOICES:
            raise TooMany(f"heatmap: {name} has {len(choices)} choices, at most {MOST_CHOICES}; draw parallel(results)")
    columns, lines = ([key_of(choice) for choice in some] for some in (across, down))

    def cell(row: Trial) -> tuple[int, int]:
        return lines.index(key_of(row.settings.get(y))), columns.index(key_of(row.settings.get(x)))

    rows, lost = judged(results), failed(results)
    scores, words = np.full((len(down), len(across)), np.nan), np.full((len(down), len(across)), "·", dtype=object)
    for row in lost:
        words[cell(row)] = "failed"
    for row in rows:  # the best come last
        scores[cell(row)], words[cell(row)] = row.scores[results.by], number(row.scores[results.by])
    names = [said(choice) for choice in across], [said(choice) for choice in down]
    if ax is None:
        ax = room_for(words.tolist(), *names, theme)
    axes = axes_of(ax, theme)
    _draw_scores(axes, theme, scores, words, results)
    if rows:
        _rim(axes, theme, cell(rows[-1]), _best(results, rows[-1]))
    if "·" in words:
        axes.plot([], [], ".", color=theme.quiet, label="not tried")
    dress(axes, theme, title, label_of(x), label_of(y))
    name_cells(axes, *names, theme)
    legend_below(axes, theme)
    return figure_of(axes)


def _draw_scores(axes: Axes, theme: Theme, scores: Array, words: NDArray[np.object_], results: Results) -> None:
    """The table of scores, and the bar that says what its shades mean."""
    from matplotlib.colors import LogNorm, Normalize

    found = scores[np.isfinite(scores)]
    low, high = (found.min(), found.max()) if len(set(found)) > 1 else window_around([*found] or [0.0])
    norm = LogNorm(low, high) if spans_decades(found) else Normalize(low, high)
    image = cells(axes, theme, scores, words.tolist(), cmap=graded(theme, results.least), norm=norm)
    if len(found):
        bar(axes, theme, image, label_of(results.by), format=lambda score, _: number(score))


def _rim(axes: Axes, theme: Theme, cell: tuple[int, int], said: str) -> None:
    """Two lines around a cell, one of which is seen on every shade."""
    line, column = cell
    x, y = column + np.array([-0.5, 0.5, 0.5, -0.5, -0.5]), line + np.array([-0.5, -0.5, 0.5, 0.5, -0.5])
    for colour, width, label in ((theme.ink, 7.0, said), (theme.paper, 3.0, "")):
        axes.plot(x, y, color=colour, linewidth=width, solid_joinstyle="miter", clip_on=False, label=label)

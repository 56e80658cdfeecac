"""Plots of what a training came to: its costs, what is mistaken for what, guesses against truths.

Imports axes, descents, sampled, scales, shades, theme and typeset, and nn; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import TooMany, WrongShape, require_choice, shorten
from nn import Evaluation, History, indexed, mean_squared_error, r_squared

from .axes import MARKERS, axes_of, colour_of, dress, figure_of, legend, line_of, marker_of, new_figure
from .descents import cost_curves
from .sampled import Array, Span, numbers, window_around
from .scales import spans_decades
from .shades import bar, cells, inches, label_of, name_cells, room_for, shares
from .theme import Theme, theme_of
from .typeset import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 500  # of the thin line of losses: more cannot be told apart
COUNTED = 20  # classes whose counts can still be read in their cells
MOST_CLASSES = 200


def curves(history: History, *, title: str = "", theme: Theme | str = "light", measure: str | None = None) -> Figure:
    """How a training went: the costs over the epochs, the best epoch, and below what else was measured, if anything.

    Thin behind the costs are the losses of the updates; of more than 500 each point is the mean of as many that follow
    each other as the legend says. With one update per epoch they are the costs, and left out. The costs stand on a
    logarithmic scale if all are positive and span two decades. `measure` chooses one of the measures.

    Raises WrongShape for what is no history of an epoch or more, UnknownChoice for a measure that was not taken.
    """
    theme = theme_of(theme)
    if not isinstance(history, History):
        raise WrongShape(f"history: given {shorten(history)}, expected the History that nn.train gives")
    if not history.epochs:
        raise WrongShape("history: it has no epochs yet, expected one or more; train first")
    measures = list(dict.fromkeys(name for epoch in history.epochs for name in epoch.measures))
    if measure is not None:
        require_choice("measure", measure, measures)
        measures = [measure]
    figure = new_figure(theme, 8, 7.6 if measures else 5)
    figure.suptitle(title, size=theme.legend_size, color=theme.ink)
    heights = (3, 2)[: 1 + bool(measures)]
    upper, *lower = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    _draw_costs(upper, theme, history)
    for axes in lower:
        _draw_measures(axes, theme, history, measures)
    (lower or [upper])[-1].set_xlabel("epoch", size=theme.figure_size, color=theme.ink)
    figure.align_ylabels()
    if len(history.epochs) == 1:
        upper.set(xlim=(-0.5, 0.5), xticks=[0])
    return figure


def _draw_costs(axes: Axes, theme: Theme, history: History) -> None:
    costs = {"training": history.costs}
    if any(epoch.validation is not None for epoch in history.epochs):
        costs["validation"] = [nan if epoch.validation is None else epoch.validation for epoch in history.epochs]
    together = np.concatenate([*costs.values()])
    logarithmic = spans_decades(together)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda cost, _: number(cost))
    if len(history.epochs) > 1:
        cost_curves(costs, ax=axes, theme=theme)
    if history.updates_per_epoch > 1 and history.losses:
        means = _draw_updates(axes, theme, history)
        axes.set_ylim(_window(np.concatenate([together, np.percentile(means, (5, 95))]), logarithmic))
    best, judged = history.best, [*costs][-1]
    rim: dict[str, Any] = {"markeredgecolor": theme.paper, "markeredgewidth": 1.5, "clip_on": False, "zorder": 5}
    said = f"best: {judged} cost {number(best.judged)} after epoch {best.number}"
    axes.axvline(best.number, color=theme.quiet, linewidth=1, zorder=0)
    axes.plot([best.number], [best.judged], "D", color=theme.ink, markersize=11, label=said, **rim)
    updates = history.updates_per_epoch
    said = f"{history.last.number:,} epochs of {updates:,} update{'s' * (updates > 1)}; {history.stopped}"
    dress(axes, theme, said, "", f"cost J{', logarithmic' if logarithmic else ''}")
    axes.title.set_color(theme.alarm if history.stopped.startswith("exploded") else theme.quiet)
    legend(axes, theme)


def _draw_updates(axes: Axes, theme: Theme, history: History) -> Array:
    """The losses of the updates as a thin line behind; if there are many, the means of some at a time."""
    losses, epochs = np.array(history.losses), history.last.number
    each = -(-len(losses) // POINTS)
    starts = np.arange(0, len(losses), each)
    sizes = np.diff(starts, append=len(losses))
    means: Array = np.add.reduceat(losses, starts) / sizes
    when = (starts + (sizes - 1) / 2) * epochs / len(losses)
    said = "training, each update" if each == 1 else f"training, mean of each {each:,} updates"
    axes.plot(when, means, color=colour_of(theme, 0), linewidth=0.8, alpha=0.5, zorder=1, label=said)
    return means


def _window(costs: Array, logarithmic: bool) -> Span:
    """What of the upright axis is shown: all of the costs, with room at both ends."""
    if not logarithmic:
        return window_around(costs)
    low, high = window_around(np.log10(costs[costs > 0]))
    return 10**low, 10**high


def _draw_measures(axes: Axes, theme: Theme, history: History, measures: list[str]) -> None:
    """A line for each measure, with what it was at the best epoch."""
    best = history.best
    for strand, name in enumerate(measures, 2):
        line = np.array([epoch.measures.get(name) for epoch in history.epochs], dtype=float)
        found = line[best.number]
        said = f": {number(found)} after epoch {best.number}" if np.isfinite(found) else ""
        style, mark = line_of(theme, strand), marker_of(strand)
        axes.plot(line, **style, label=f"{label_of(name)}{said}")
        axes.plot([best.number], [found], mark, color=style["color"], markersize=9, clip_on=False)
    axes.axvline(best.number, color=theme.quiet, linewidth=1, zorder=0)
    of = "training" if best.validation is None else "validation"
    dress(axes, theme, "", "", f"{label_of(measures[0]) if len(measures) == 1 else 'measures'}, {of}")
    axes.yaxis.get_offset_text().set(size=theme.label_size, color=theme.ink)
    legend(axes, theme)


def confusion(
    evaluation: Evaluation, *, title: str = "", ax: Axes | None = None, theme: Theme | str = "light"
) -> Figure:
    """What is taken for what: the more of a true class, a row, is taken for another, a column, the darker their cell.

    Up to 20 classes have their counts in the cells, recall on the right and precision below; more have the shades.
    Raises WrongShape for what is no Evaluation, TooMany for over 200 classes.
    """
    theme = theme_of(theme)
    if not isinstance(evaluation, Evaluation):
        raise WrongShape(f"evaluation: given {shorten(evaluation)}, expected what nn.evaluate gives")
    counts, names = evaluation.confusion, [*map(label_of, evaluation.names)]
    if len(names) > MOST_CLASSES:
        raise TooMany(
            f"confusion: {len(names)} classes make cells too small to be seen, at most {MOST_CLASSES}; "
            "read evaluation.weak(10), or write evaluation.to_csv()"
        )
    counted = len(names) <= COUNTED
    words = [[str(count or "·") for count in row] for row in counts.tolist()] if counted else []
    if ax is None:
        ax = room_for([*words, ["100"]] if counted else [], names, names, theme)
    axes = axes_of(ax, theme)
    of_row = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    image = cells(axes, theme, of_row, words, **shares(theme))
    shown: dict[str, Any] = {"ticks": (0, 0.01, 0.1, 0.25, 0.5, 1), "format": lambda share, _: f"{100 * share:.0f} %"}
    bar(axes, theme, image, "of its row", **shown)
    dress(axes, theme, title, "taken for →", "← true class")
    name_cells(axes, names, names, theme)
    if counted:
        _add_margins(axes, evaluation, theme)
    return figure_of(axes)


def _add_margins(axes: Axes, evaluation: Evaluation, theme: Theme) -> None:
    """Recall at the end of each row, precision below each column."""
    right, below = axes.secondary_yaxis("right").yaxis, axes.secondary_xaxis("bottom").xaxis
    for axis, said, found in ((right, "recall, %", evaluation.recall), (below, "precision, %", evaluation.precision)):
        axis.set_ticks(range(len(found)), ["–" if share is None else f"{100 * share:.0f}" for share in found])
        axis.set_label_text(said, size=theme.figure_size, color=theme.ink)
        axis.set_tick_params(length=0, labelsize=theme.label_size, colors=theme.ink)


def predictions(
    A: Any,
    Y: Any,
    *,
    title: str = "",
    labels: tuple[str, str] = ("true value", "predicted value"),
    names: Sequence[str] = (),
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """What a regression says against what is true, in equal scales; on the diagonal it is right.

    A and Y are (n_L, m), one example per column, or flat lists of one output; each output is drawn in a colour and
    shape of its own, its R² and mean squared error, also as a square, in the legend. `names` are those of the outputs.
    Raises WrongShape, NotAScalar and NonFinite as `nn.mean_squared_error` does, TooMany for over 6 outputs.
    """
    theme = theme_of(theme)
    mean_squared_error(A, Y)
    guesses, truths = (np.atleast_2d(numbers(side, "A and Y", "numbers")) for side in (A, Y))
    if len(truths) > len(MARKERS):
        raise TooMany(
            f"predictions: {len(truths)} outputs, at most {len(MARKERS)}; give some of the rows, A[:3], Y[:3]"
        )
    if names and len(names) != len(truths):
        raise WrongShape(f"names: given {len(names)}, expected {len(truths)}, one for each output")
    rows = range(len(truths))
    called = [label_of(name, 36) for name in names] or [indexed("y", row + 1) for row in rows if len(rows) > 1]
    said = ["\n".join([*called[row : row + 1], *_said(guesses[row], truths[row])]) for row in rows]
    if ax is None:
        beside = inches("\n".join(said).split("\n"), theme.label_size) + 0.5 if len(rows) > 1 else 0
        ax = new_figure(theme, 6.8 + beside, 6.4).add_subplot()
    axes = axes_of(ax, theme)
    window = window_around(guesses, truths)
    axes.plot(window, window, color=theme.ink, linewidth=1.5, zorder=1, label="predicted = true")
    dot: dict[str, Any] = {"markersize": 7 if truths.shape[1] < 1000 else 4, "alpha": 0.75}
    rim: dict[str, Any] = {"markeredgecolor": theme.paper, "markeredgewidth": 0.6}
    for row in rows:
        colour = colour_of(theme, row)
        axes.plot(truths[row], guesses[row], marker_of(row), color=colour, label=said[row], **dot, **rim)
    axes.set(xlim=window, ylim=window, aspect="equal", anchor="W")
    dress(axes, theme, title, *labels)
    legend(axes, theme)
    if len(rows) > 1:
        axes.legend_.set_loc("upper left")
        axes.legend_.set_bbox_to_anchor((1.02, 1), axes.transAxes)
    return figure_of(axes)


def _said(guess: Array, truth: Array) -> Iterator[str]:
    """How good the guesses of one output are."""
    share, error = r_squared(guess, truth), mean_squared_error(guess, truth)
    yield "R² undefined: all are equal" if share is None else f"R² = {number(share, 3)}"
    yield f"mean squared error {number(error, 3)} = {number(error**0.5, 3)}²"

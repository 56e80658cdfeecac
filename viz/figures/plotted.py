"""Figures of the notes that are plots, in order: `PLOTTED`. Imports axes, descended, plots, theme and typeset.

Each takes a theme and gives a matplotlib figure; matplotlib, and scikit-learn for the digits, are loaded when drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value
from nn import MLP, VectorizedMLP, data

from .. import plots
from ..axes import new_figure
from ..theme import Theme, theme_of
from ..typeset import number
from .descended import BATCHES, cost_of, descents, hundred, neuron_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
OUTPUTS_OF_TWO = (0.26, 0.74)  # σ(-1) to σ(1): what the 2-2-1 networks can say with w₂₁ = 1, w₂₂ = -1
UPDATES = 60  # shown on the error surface


def digits(theme: Theme | str = "light") -> Figure:
    """An image is a matrix: a handwritten digit with its pixels, and ten digits with their labels.

    Source: lines 11-55 of the notes; 8 × 8 pixels from 0 to 16, of scikit-learn's digits.
    """
    shipped = data.digits().take(10)
    images, labels = data.images_of(16 * shipped.X), shipped.labels
    figure = new_figure(theme_of(theme), 12.5, 5.2)
    left, right = figure.subplots(1, 2)
    plots.digits(images[3:4], labels[3:4], values=True, title="pixels, from 0 to 16", ax=left, theme=theme)
    plots.digits(images, labels, title="images and their labels", ax=right, theme=theme)
    return figure


def phones_boundary(theme: Theme | str = "light") -> Figure:
    """Phones liked and not liked over screen size and cost: a boundary that one neuron cannot draw.

    Source: lines 67-71 of the notes; the 160 phones are made up, from a seed.
    """
    phones = data.phones()
    neuron, right, tried = _best_neuron(phones.X, phones.labels == 1)
    figure = new_figure(theme_of(theme), 13, 5.2)
    truth, guess = figure.subplots(1, 2)
    style: dict[str, Any] = {"x": (-1, 1), "y": (-1, 1), "names": phones.classes, "theme": theme}
    said = f"the best of {tried:,} neurons: {100 * right:.0f} % right"
    style["labels"] = ("screen size (scaled)", "cost (scaled)", "ŷ")
    plots.boundary(data.liking, phones.X.T, phones.labels, title="what people like", ax=truth, **style)
    plots.boundary(neuron, phones.X.T, phones.labels, title=said, ax=guess, **style)
    return figure


def _best_neuron(points: Array, classes: NDArray[np.bool_]) -> tuple[VectorizedMLP, float, int]:
    """Of the lines through a point in one of 360 directions that with most points right; their share; how many lines.

    A neuron says ½ on a straight line, so this is a search through all neurons but for the angles in between.
    """
    turns = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    normals = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    along = normals @ points  # how far each point is in each direction
    rights = np.mean((along[:, None, :] > along[:, :, None]) == classes, axis=2)
    turn, point = np.unravel_index(np.argmax(rights), rights.shape)
    steep = 6.0
    neuron = VectorizedMLP([steep * normals[[turn]]], [-steep * along[[turn], [point]][:, None]], ["sigmoid"])
    return neuron, float(rights.max()), rights.size


def two_two_one_first(theme: Theme | str = "light") -> Figure:
    """The output of the 2-2-1 network for the notes' first weights; it is ½ on a straight line, x₁ + x₂ = 0.

    Source: line 121 of the notes; all biases 0.
    """
    return _two_two_one([[-2, 1], [-1.5, 1.5]], theme)


def two_two_one_second(theme: Theme | str = "light") -> Figure:
    """The output of the 2-2-1 network for the notes' second weights; it is ½ on a straight line, x₂ = 0.

    Source: line 126 of the notes; all biases 0.
    """
    return _two_two_one([[2, -1], [2, -2]], theme)


def _two_two_one(hidden: list[list[float]], theme: Theme | str) -> Figure:
    net = MLP(2, [2, 1], weights=[hidden, [[1, -1]]])
    theme = theme_of(theme)
    figure = new_figure(theme, 14, 6)
    weights = zip(("w₁₁", "w₁₂", "w₁₃", "w₁₄", "w₂₁", "w₂₂"), (*hidden[0], *hidden[1], 1, -1), strict=True)
    said = ", ".join(f"{name} = {number(weight)}" for name, weight in weights)
    figure.suptitle(said, size=theme.legend_size, color=theme.ink)
    solid, flat = figure.add_subplot(1, 2, 1, projection="3d"), figure.add_subplot(1, 2, 2)
    plots.surface(net, heights=OUTPUTS_OF_TWO, ax=solid, theme=theme)
    plots.boundary(net, heights=OUTPUTS_OF_TWO, ax=flat, theme=theme)
    return figure


def one_neuron_surfaces(theme: Theme | str = "light") -> Figure:
    """One sigmoid neuron is an S with a straight edge; the bias moves the edge, here out of the window.

    Source: lines 133-139 of the notes.
    """
    figure = new_figure(theme_of(theme), 15, 5)
    for place, (bias, top) in enumerate([(0, 4), (12, 4), (12, 10)], 1):
        neuron = MLP(2, [1], weights=[[[0, -2]]], biases=[[bias]])
        title = f"w₁ = 0, w₂ = −2, b = {bias}" + (", x₂ up to 10" if top > 4 else "")
        solid = figure.add_subplot(1, 3, place, projection="3d")
        plots.surface(neuron, y=(-4, top), title=title, ax=solid, theme=theme)
    return figure


def exponential(theme: Theme | str = "light") -> Figure:
    """The curve y = eˣ is positive, whatever x is.

    Source: lines 324-326 of the notes.
    """
    return plots.curve(Value.exp, (-4, 3), title="y = eˣ", theme=theme)


def descent_on_a_curve(theme: Theme | str = "light") -> Figure:
    """Gradient descent: take the slope, step the opposite way, again and again.

    Source: lines 940-943 of the notes.
    """
    figure = new_figure(theme_of(theme), 12.5, 5.2)
    left, right = figure.subplots(1, 2, sharey=True)
    for ax, start, said in ((left, -2.6, "negative: w grows"), (right, 4.6, "positive: w shrinks")):
        title = f"the slope is {said}"
        plots.descent(_bowl, start, 0.3, 4, (-3.4, 5.4), title=title, ax=ax, theme=theme)
    return figure


def tangent_against_nudge(theme: Theme | str = "light") -> Figure:
    """The derivative is what ΔL/Δw comes to as the nudge Δw shrinks; one sweep gives it without any nudge.

    Source: line 942 of the notes.
    """
    return plots.tangent(_bowl, 2.0, (2, 1, 0.25), (-1, 5), title="L(w) = (w − 1)² / 2 + 1", theme=theme)


def _bowl(w: Value) -> Value:
    return (w - 1) ** 2 / 2 + 1


def cost_curves_of_descents(theme: Theme | str = "light") -> Figure:
    """Cost against epoch: smooth for batch, noisy for stochastic, in between for mini-batch gradient descent.

    Source: lines 966, 998 and 1037 of the notes.
    """
    figure = new_figure(theme_of(theme), 15, 5)
    epochs = 20
    for strand, (ax, (name, told)) in enumerate(
        zip(figure.subplots(1, 3, sharey=True), descents(UPDATES).items(), strict=True)
    ):
        updates = 100 // BATCHES[name]
        title = f"{name}: {updates} update{'s' * (updates > 1)} per epoch"
        costs, losses = told.costs[: epochs + 1], told.losses[: epochs * updates]
        plots.cost_curves({name: costs}, {name: losses}, strand=strand, title=title, ax=ax, theme=theme)
    return figure


def contour_paths_of_descents(theme: Theme | str = "light") -> Figure:
    """The ways of batch, stochastic and mini-batch gradient descent over the error surface of one logistic neuron.

    Source: lines 962, 998 and 1037 of the notes.
    """
    x, y = hundred()
    cost = np.vectorize(lambda w, b: cost_of(neuron_of(w, b), x, y))
    paths = {
        f"{name}, {BATCHES[name]} at a time": told.points[: UPDATES + 1] for name, told in descents(UPDATES).items()
    }
    figure = new_figure(theme_of(theme), 8.5, 6)
    title = f"J(w, b), and {UPDATES} updates of each kind at the same rate"
    return plots.contour_paths(cost, paths, title=title, ax=figure.add_subplot(), theme=theme)


PLOTTED: tuple[Callable[..., Figure], ...] = (
    digits,
    phones_boundary,
    two_two_one_first,
    two_two_one_second,
    one_neuron_surfaces,
    exponential,
    descent_on_a_curve,
    tangent_against_nudge,
    cost_curves_of_descents,
    contour_paths_of_descents,
)

"""Plots of images: a grid of them with their labels, and those that a network mistakes.

Imports axes, sampled, shades and theme, and nn; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import WrongShape, shorten
from nn import data, evaluate

from .axes import axes_of, dress, figure_of, new_figure
from .sampled import Array, numbers
from .shades import inches, label_of
from .theme import Theme, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 20  # mistakes in one picture
WIDEST = 12  # inches of it


def digits(
    images: Sequence[Any] | NDArray[Any],
    labels: Sequence[object] | NDArray[Any],
    *,
    title: str = "",
    across: int = 5,
    values: bool = False,
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """Images in a grid, `across` to a row, each with its label above; with `values` also the number of every pixel.

    `images` has shape (m, height, width). Raises WrongShape for another one, and unless there are m labels.
    """
    theme = theme_of(theme)
    pixels, names = numbers(images, "images", "(m, height, width)"), np.atleast_1d(np.asarray(labels, dtype=object))
    if pixels.ndim != 3 or not pixels.size or len(names) != len(pixels):
        raise WrongShape(
            f"images: given shape {pixels.shape} and {len(names)} labels, expected (m, height, width) and m labels"
        )
    columns = min(len(pixels), max(1, across))
    axes = axes_of(ax, theme)
    _, height, width = pixels.shape
    room = height * (0.06 + 0.06 * columns)  # for a label, which is the larger in pixels the smaller the images
    for place, (image, label) in enumerate(zip(pixels, names, strict=True)):
        down, left = place // columns * (height + room), place % columns * 1.12 * width
        edges = (left, left + width, down + height, down)
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=pixels.max() or 1, extent=edges)
        axes.text(left + width / 2, down - room / 5, str(label), ha="center", size=theme.name_size, color=theme.ink)
        if values:
            _write_values(axes, image, left, down, theme.label_size)
    rows = -(-len(pixels) // columns)
    axes.set(
        xlim=(0, (1.12 * columns - 0.12) * width), ylim=(rows * (height + room) - room, -room), xticks=(), yticks=()
    )
    dress(axes, theme, title)
    axes.set_axis_off()
    return figure_of(axes)


def _write_values(axes: Axes, image: Array, left: float, down: float, size: float) -> None:
    """Every pixel's number in its middle, white upon dark pixels."""
    for (row, column), pixel in np.ndenumerate(image):
        ink = "white" if pixel > image.max() / 2 else "black"
        place = (left + column + 0.5, down + row + 0.5)
        axes.text(*place, f"{pixel:g}", ha="center", va="center", size=size, color=ink)


def mistakes(
    X: Sequence[Any] | NDArray[Any],
    guesses: Sequence[object] | NDArray[Any],
    truths: Sequence[object] | NDArray[Any],
    names: Sequence[str] | None = None,
    *,
    n: int = 10,
    height: int | None = None,
    title: str = "",
    ax: Axes | None = None,
    theme: Theme | str = "light",
) -> Figure:
    """The first n images, up to 20, that are taken for what they are not, each as "4 taken for 9"; all are counted.

    X is (pixels, m), an image per column, `height` rows of pixels each, without it square. Guesses and truths are flat
    lists of m classes from 0, or of their names, such as `nn.predicted(A)` and `data.labels`. Where all are right the
    picture says so. Raises WrongShape for other shapes and counts, NotAClass for what is no class.
    """
    theme = theme_of(theme)
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MOST:
        raise WrongShape(f"n: given {shorten(n)}, expected a whole number from 1 to {MOST}; write n=10")
    images, (taken, true) = data.images_of(X, height), _named(guesses, truths, names)
    if images.ndim != 3 or len(images) != len(true):
        raise WrongShape(f"X: given shape {np.shape(X)}, expected (pixels, {len(true)}), an image for each class given")
    wrong = [place for place, name in enumerate(true) if taken[place] != name]
    if not wrong:
        return _faultless(len(true), title, ax, theme)
    said = f"{len(wrong):,} of {len(true):,} mistaken" + f", the first {n}" * (n < len(wrong))
    shown = wrong[:n]
    labels = [f"{label_of(true[place])} taken for {label_of(taken[place])}" for place in shown]
    pitch = max(1.5, inches(labels, theme.name_size) + 0.15)
    room = WIDEST if ax is None else axes_of(ax, theme).get_window_extent().width / figure_of(ax).dpi
    across = max(1, min(5, len(shown), int(room / pitch)))
    if ax is None:
        tall = pitch * images.shape[1] / images.shape[2] + 0.4  # an image with its label
        ax = new_figure(theme, across * pitch + 0.4, -(-len(shown) // across) * tall + 0.8).add_subplot()
    return digits(images[shown], labels, title=f"{title}\n{said}".strip(), across=across, ax=ax, theme=theme)


def _named(guesses: Any, truths: Any, names: Sequence[str] | None) -> Iterator[list[str]]:
    """Both flat lists of classes by their names."""
    for what, given in (("guesses", guesses), ("truths", truths)):
        if np.ndim(np.asarray(given, dtype=object)) != 1:
            raise WrongShape(
                f"{what}: given {shorten(given)}, expected a flat list of classes, such as nn.predicted(A)"
            )
    known = evaluate(guesses, truths, names).names
    for given in (guesses, truths):
        yield [label if isinstance(label, str) else known[int(label)] for label in given]


def _faultless(count: int, title: str, ax: Axes | None, theme: Theme) -> Figure:
    """What there is to see where nothing is wrong."""
    axes = axes_of(new_figure(theme, 6.4, 2.4).add_subplot() if ax is None else ax, theme)
    dress(axes, theme, title)
    said = f"no mistakes: all {count:,} right"
    axes.text(0.5, 0.5, said, ha="center", va="center", size=theme.name_size, color=theme.ink)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=(), yticks=())
    return figure_of(axes)

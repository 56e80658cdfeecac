"""A training and what there is to judge it by, with the plots that show it. Imports autograd, nn, plots and typeset."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nn import Data, Fitted, predicted

from . import plots
from .axes import svg_of
from .sampled import window_around
from .story import Plot
from .theme import Theme
from .typeset import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIRST_PIXEL = "pixel 1,1"  # what nn.data calls it
MISTAKES = 10  # that are shown as images


class Trained(NamedTuple):
    """What a recipe made of some data, the data held out, and what it makes of them without hidden layers."""

    fitted: Fitted
    held_out: Data
    linear: Fitted

    @property
    def verdict(self) -> str:
        """How good it is, in a line."""
        return f"held-out {self.score(self.fitted)}"

    def score(self, fitted: Fitted) -> str:
        """The measure of the task on the data held out, with its name."""
        found = fitted.score(self.held_out)
        if self.held_out.task != "regression":
            return f"accuracy {100 * found:.1f} %"
        return f"R² {found:.3f}, off by {number(fitted.error(self.held_out), 3)} (root mean square)"


def pictures(trained: Trained, theme: Theme | str = "light") -> dict[str, Plot]:
    """Each plot that these data ask for, under its name. Raises NotInstalled without matplotlib."""
    fitted, data = trained.fitted, trained.held_out
    outputs = fitted.outputs(data)
    found = {"curves": ("The cost over the epochs", plots.curves(fitted.history, theme=theme))}
    if data.task == "regression":
        shown = plots.predictions(outputs, data.Y, names=[data.target], theme=theme)
        found["predictions"] = (f"Predicted against true {data.target}", shown)
    else:
        shown = plots.confusion(fitted.evaluation(data), theme=theme)
        found["confusion"] = ("What is taken for what", shown)
    if data.task == "binary" and len(data.X) == 2:
        found["boundary"] = ("The output over both features, with the examples held out", _boundary(trained, theme))
    if data.task == "classes" and data.features[0] == FIRST_PIXEL:
        shown = plots.mistakes(data.X, predicted(outputs), data.labels, data.classes, n=MISTAKES, theme=theme)
        found["mistakes"] = ("Images that are taken for what they are not", shown)
    return {name: Plot(said, svg_of(figure)) for name, (said, figure) in found.items()}


def _boundary(trained: Trained, theme: Theme | str) -> Figure:
    data = trained.held_out
    horizontal, vertical = (window_around(row, old) for row, old in zip(data.X, trained.fitted.data.X, strict=True))
    return plots.boundary(
        trained.fitted.net,
        data.X.T,
        data.labels,
        x=horizontal,
        y=vertical,
        heights=(0, 1),
        labels=(data.features[0], data.features[1], data.classes[1]),
        names=(data.classes[0], data.classes[1]),
        theme=theme,
    )

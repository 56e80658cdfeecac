"""Recipes: how a network for some data is made and trained. Imports what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import require_choice

from .descent import Measure
from .examples import Data
from .history import History
from .layers import MLP
from .metrics import Evaluation, accuracy, evaluate, mean_squared_error, r_squared
from .scales import Scale
from .schedules import Cosine
from .settings import NotNegative, Positive, Settings, Whole
from .shapes import Array
from .training import train
from .vectorized import VectorizedMLP


class Task(NamedTuple):
    """What answers of one kind ask of a network: its last activation, its loss, and the measure it is judged by."""

    output: str
    loss: str
    measure: str
    measured: Measure


TASKS: Mapping[str, Task] = {
    "binary": Task("sigmoid", "binary_cross_entropy", "accuracy", accuracy),
    "classes": Task("softmax", "cross_entropy", "accuracy", accuracy),
    "regression": Task("linear", "squared_error", "R²", r_squared),
}


@dataclass(frozen=True)
class Recipe(Settings):
    """All that can be chosen: the `widths` of the hidden layers, how they begin, and how they are trained.

    If `standardised`, features and the answers of a regression are standardised for the training; the network that
    comes of it takes and gives the numbers as they were. A `falling` rate goes down to 0 by the last update, in half a
    wave. A share of the examples that is `kept_back` judges the epochs,
    of which the best is kept, and ends the training after `patience` epochs without a better one.
    """

    widths: tuple[int, ...] = (16, 16)
    activation: str = "tanh"
    init: str = "xavier"
    optimiser: str = "adam"
    rate: Positive = 0.01
    falling: bool = False
    epochs: Whole = 200
    batch: int | None = 32
    strength: NotNegative = 0.0
    clip: float | None = None
    kept_back: NotNegative = 0.0
    patience: int | None = None
    standardised: bool = True
    seed: int = 0

    def but(self, **settings: Any) -> Recipe:
        """The same with other settings; `layers`, and so many `neurons` in each, are widths as well.

        Raises BadSetting for a setting that cannot work, UnknownChoice for one that there is not.
        """
        for name in settings:
            require_choice("setting", name, ("layers", "neurons", *(field.name for field in fields(self))))
        layers, neurons = settings.pop("layers", None), settings.pop("neurons", None)
        if layers is not None or neurons is not None:
            first = neurons or next(iter(self.widths), 16)
            settings["widths"] = (first,) * (len(self.widths) if layers is None else layers)
        return replace(self, **settings)

    def network(self, data: Data) -> MLP:
        """The network before any training."""
        widths, output = [*self.widths, len(data.Y)], TASKS[data.task].output
        return MLP(len(data.X), widths, activation=self.activation, output=output, init=self.init, seed=self.seed)

    def fit(
        self,
        data: Data,
        *,
        engine: str = "program",
        checkpoint: str | Path | None = None,
        told: Callable[[History], object] | None = None,
        quiet: bool = False,
    ) -> Fitted:
        """Train a network on these data; what else there is to say is as for `train`, whose errors are raised.

        Raises BadSetting where the share kept back leaves nothing.
        """
        learnt, held = data.split(self.kept_back, self.seed) if self.kept_back else (data, None)
        scale, net, task = Scale.of(learnt) if self.standardised else None, self.network(data), TASKS[data.task]
        if scale is not None:
            learnt, held = scale.applied(learnt), held and scale.applied(held)
        updates = self.epochs * -(-len(learnt) // min(self.batch or len(learnt), len(learnt)))
        history = train(
            net,
            learnt,
            loss=task.loss,
            engine=engine,
            epochs=self.epochs,
            batch=self.batch,
            rate=Cosine(self.rate, updates) if self.falling else self.rate,
            optimiser=self.optimiser,
            strength=self.strength,
            clip=self.clip,
            seed=self.seed,
            patience=self.patience,
            validation=held,
            measures={task.measure: task.measured},
            checkpoint=checkpoint,
            told=told,
            quiet=quiet,
        )
        return Fitted(self, data, scale.undone_in(net) if scale else net, history)


class Fitted(NamedTuple):
    """A network trained by a recipe on some data, and how that went."""

    recipe: Recipe
    data: Data
    net: MLP
    history: History

    def outputs(self, data: Data) -> Array:
        """What the network says of examples, (n_L, m)."""
        return VectorizedMLP.of(self.net).forward(data.X).A[-1]

    def evaluation(self, data: Data) -> Evaluation:
        """How good it is on examples that have classes. Raises NotAClass for a regression."""
        return evaluate(self.outputs(data), data.labels, data.classes)

    def score(self, data: Data) -> float:
        """The measure of the task: accuracy, or for a regression R², which is nan where all answers are equal."""
        found = TASKS[data.task].measured(self.outputs(data), data.Y)
        return float("nan") if found is None else found

    def error(self, data: Data) -> float:
        """The root of the mean squared error, in the unit of the answers."""
        return float(np.sqrt(mean_squared_error(self.outputs(data), data.Y)))


@dataclass(frozen=True)
class Trial:
    """A recipe on some data as a trial for `search`: from settings to what the examples kept back say of them.

    The data may be a function that makes them, such as `nn.data.digits`: then every process makes its own, once. The
    scores are the measure of the task and the validation cost, both of the best epoch.
    """

    data: Data | Callable[[], Data]
    recipe: Recipe = Recipe(kept_back=0.25)

    def __call__(self, **settings: Any) -> dict[str, float]:
        """Train with these settings of the recipe, or `layers` and `neurons`; raises what `Recipe.fit` does."""
        data = self.data if isinstance(self.data, Data) else _made(self.data)
        best = self.recipe.but(**settings).fit(data, quiet=True).history.best
        return {**best.measures, "validation": best.judged}


@cache
def _made(data: Callable[[], Data]) -> Data:
    return data()

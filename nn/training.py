"""Training: batch, stochastic and mini-batch descent as one loop with a batch size. Imports what it is made of.

Gradients first, then the update of all parameters at once. Source: lines 560-600 and 930-1060 of the notes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import NonFinite, WrongShape, require_choice, shorten

from .checkpoints import Shelf, digest
from .descent import Decay, Descent, Examples, Measure
from .engines import ENGINES
from .examples import Data, batches
from .history import History
from .layers import MLP
from .losses import PENALTIES
from .optimisers import Rule
from .optimisers import optimiser as optimiser_of
from .progress import progress
from .run import Run
from .schedules import Schedule
from .seeds import Start
from .settings import BadSetting, Settings, Whole, checked
from .shapes import Array, columns, require_finite


class Exploded(RuntimeWarning):
    """The loss or its gradient ceased to be finite, so the training was stopped."""


@dataclass(frozen=True)
class Stop:
    """When to stop before the last epoch: a cost `below` this, or none better than the best for `patience` epochs."""

    below: float | None = None
    patience: int | None = None

    def reason(self, history: History) -> str:
        """Why it is time to stop; nothing if it is not."""
        if self.below is not None and history.last.cost < self.below:
            return f"the cost is below {self.below:g}"
        if self.patience is not None and history.last.number - history.best.number >= self.patience:
            return f"no better cost for {self.patience} epochs"
        return ""


def train(
    net: MLP,
    X: Data | Any,
    Y: Any = None,
    *,
    loss: str = "squared_error",
    engine: str = "vectorised",
    epochs: int = 100,
    batch: int | None = None,
    rate: float | Schedule = 0.1,
    optimiser: str | Rule = "sgd",
    penalty: str = "l2",
    strength: float = 0.0,
    clip: float | None = None,
    shuffle: bool = True,
    seed: int = 0,
    below: float | None = None,
    patience: int | None = None,
    validation: Data | tuple[Any, Any] | None = None,
    measures: Mapping[str, Measure] | None = None,
    checkpoint: str | Path | None = None,
    told: Callable[[History], object] | None = None,
    stepped: Callable[[Array], object] | None = None,
    quiet: bool = False,
) -> History:
    """Train the network on X (n₀, m) and Y (n_L, m), one example per column, or on a Data, and say how it went.

    Without `batch` all examples make one update, with 1 each makes its own, and otherwise so many; the last batch may
    be smaller, and is averaged by its own size. With `shuffle` each epoch takes the examples in another order, drawn
    from `seed` and its number. The same seed gives the same numbers on each `engine`: "vectorised" are the notes'
    equations, "program" is what the graph of one example is compiled to, "scalar" the graph of all of them.

    It ends after so many `epochs`, with a cost `below` some number, after `patience` epochs without a better one, or by
    Ctrl-C; the network then has the best parameters that it had after any epoch, judged by the `validation` examples
    if there are some. Where the loss explodes it warns of Exploded and keeps the best as well. `clip` bounds the length
    of each gradient; `penalty` and `strength` keep weights small.

    After each epoch the `measures`, functions of outputs A and targets Y such as {"accuracy": nn.accuracy}, are taken
    of the validation examples, or of X and Y if there are none, and `told` is called with the history; `stepped` with
    all parameters, in the order of `net.parameters()`, after each update. Terminals and notebooks show a bar unless
    `quiet`.

    A `checkpoint` is a file .npz that is written after each epoch. If it is there already, the training goes on from it
    and, to the last bit, as if it had never been interrupted; more epochs may be asked for, all else has to be as it
    was. A disk that is full gives a warning, Unsaved, once, and the training goes on.

    Raises UnknownChoice for a loss, engine, optimiser or penalty that does not exist, WrongShape for other shapes,
    NonFinite for examples with inf or nan, BadSetting for settings that cannot work, such as a rate of 0, and for a
    checkpoint BadCheckpoint if it is damaged or of another training, Unwritable if it cannot be written at the start.
    """
    require_choice("engine", engine, ENGINES)
    require_choice("penalty", penalty, PENALTIES)
    learnt = _examples(net, X, Y)
    held = None if validation is None else _examples(net, *_pair(validation, "validation"), "validation ")
    count, epochs = learnt[0].shape[1], checked("epochs", epochs, Whole)
    size = count if batch is None else min(checked("batch", batch, Whole), count)
    if patience is not None:
        checked("patience", patience, Whole)
    seed = checked("seed", seed, Start)
    rule, schedule = optimiser_of(optimiser, rate=rate)
    work = Descent(net, ENGINES[engine](net, loss), rule, schedule, Decay(net, penalty, strength), clip)
    shelf = None
    if checkpoint is not None:
        settings = {"network": net, "activations": net.activations, "bias": net.bias, "loss": loss, "engine": engine,
                    "batch": size, "rate": _said(schedule), "optimiser": rule, "penalty": penalty, "strength": strength,
                    "clip": clip, "shuffle": shuffle, "seed": seed, "data": _digest(learnt, held)}  # fmt: skip
        shelf = Shelf(checkpoint, {name: str(part) for name, part in settings.items()})
    run = Run(work, learnt, held, measures or {}, History(count, size), shelf)
    stop, history = Stop(below, patience), run.history
    try:
        with progress(history, epochs, quiet) as step:
            while not (why := stop.reason(history)) and history.last.number < epochs:
                losses = []
                order = np.random.default_rng((seed, history.last.number)) if shuffle else None
                for part in batches(count, size, order):
                    losses.append(work.update(learnt[0][:, part], learnt[1][:, part]))
                    step(work.rate)
                    if stepped is not None:
                        stepped(work.parameters)
                run.end_epoch(tuple(losses))
                if told is not None:
                    told(history)
        history.stopped = why or "all epochs done"
    except NonFinite as error:
        history.stopped = f"exploded in epoch {history.last.number + 1}"
        warnings.warn(
            f"train: in epoch {history.last.number + 1} {error}; the network has its parameters of epoch "
            f"{history.best.number} again; try a tenth of the rate, or clip=1.0",
            Exploded,
            stacklevel=2,
        )
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {history.last.number + 1}"
    finally:
        work.keep(run.best)
    return history


def _pair(given: Any, which: str) -> tuple[Any, Any]:
    """The X and Y of a Data, or of a pair."""
    if isinstance(given, Data):
        return given.X, given.Y
    if isinstance(given, (tuple, list)) and len(given) == 2:
        return given[0], given[1]
    raise WrongShape(f"{which}: given {shorten(given)}, expected a Data, or X and Y")


def _examples(net: MLP, X: Any, Y: Any, which: str = "") -> Examples:
    if isinstance(X, Data) and Y is not None:
        raise BadSetting("train: given a Data and Y, which has its own; write train(net, data) or train(net, X, Y)")
    if Y is None:
        X, Y = _pair(X, "train")
    X = columns(X, net.sizes[0], f"{which}X for {net}")
    Y = columns(Y, net.sizes[-1], f"{which}Y for {net}", examples=X.shape[1])
    require_finite(X, f"{which}X")
    require_finite(Y, f"{which}Y")
    return X, Y


def _said(schedule: Schedule) -> str:
    """A schedule in words that are the same in another process; a function of the user's by its name alone."""
    name = getattr(schedule, "__qualname__", type(schedule).__name__)
    return str(schedule) if isinstance(schedule, Settings) else name


def _digest(learnt: Examples, held: Examples | None) -> str:
    names = ("X", "Y", "validation X", "validation Y")
    return digest(**dict(zip(names, (*learnt, *(held or ())), strict=False)))

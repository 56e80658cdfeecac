"""Training: batch, stochastic and mini-batch descent as one loop with a batch size. Imports what it is made of.

Gradients first, then the update of all parameters at once. Source: lines 560-600 and 930-1060 of the notes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from autograd import NonFinite, require_choice
from autograd.readings.numpy import evaluate, slope_of

from .clipping import clip_by_norm
from .engines import ENGINES, Engine
from .history import Epoch, History
from .layers import MLP
from .losses import PENALTIES
from .optimisers import Rule
from .optimisers import optimiser as optimiser_of
from .schedules import Schedule
from .settings import NotNegative, Whole, checked
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
    X: Any,
    Y: Any,
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
    validation: tuple[Any, Any] | None = None,
    told: Callable[[History], object] | None = None,
    stepped: Callable[[Array], object] | None = None,
) -> History:
    """Train the network on X (n₀, m) and Y (n_L, m), one example per column, and say how it went.

    Without `batch` all examples make one update, with 1 each makes its own, and otherwise so many; the last batch may
    be smaller, and is averaged by its own size. With `shuffle` each epoch takes the examples in another order, drawn
    from `seed`. The same seed gives the same numbers on the "vectorised" and the "scalar" `engine`.

    It ends after so many `epochs`, with a cost `below` some number, after `patience` epochs without a better one, or by
    Ctrl-C; the network then has the best parameters that it had after any epoch, judged by the `validation` examples
    if there are some. `told` is called with the history after each epoch, `stepped` with all parameters, in the order
    of `net.parameters()`, after each update. Where the loss explodes it warns of Exploded and keeps the best as well.
    `clip` bounds the length of each gradient; `penalty` and `strength` keep weights small.

    Raises UnknownChoice for a loss, engine, optimiser or penalty that does not exist, WrongShape for other shapes,
    NonFinite for examples with inf or nan, and BadSetting for settings that cannot work, such as a rate of 0.
    """
    require_choice("engine", engine, ENGINES)
    require_choice("penalty", penalty, PENALTIES)
    X, Y = _examples(net, X, Y, "")
    held = _examples(net, *validation, "validation ") if validation is not None else None
    count = X.shape[1]
    size = count if batch is None else min(checked("batch", batch, Whole), count)
    rule, schedule = optimiser_of(optimiser, rate=rate)
    work = Descent(net, ENGINES[engine](net, loss), rule, schedule, Decay(net, penalty, strength), clip)
    generator, stop = np.random.default_rng(seed), Stop(below, patience)
    history = History(count, size)
    history.add(work.epoch(X, Y, held))
    best = work.parameters
    try:
        for _ in range(checked("epochs", epochs, Whole)):
            order = generator.permutation(count) if shuffle else np.arange(count)
            losses = []
            for part in _parts(order, size):
                losses.append(work.update(X[:, part], Y[:, part]))
                if stepped is not None:
                    stepped(work.parameters)
            history.add(work.epoch(X, Y, held, losses))
            if history.best is history.last:
                best = work.parameters
            if told is not None:
                told(history)
            if why := stop.reason(history):
                history.stopped = why
                break
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
        work.keep(best)
    return history


def _parts(order: Array, size: int) -> Iterator[Array]:
    """The examples of each batch."""
    return (order[start : start + size] for start in range(0, len(order), size))


def _examples(net: MLP, X: Any, Y: Any, which: str) -> tuple[Array, Array]:
    X = columns(X, net.sizes[0], f"{which}X for {net}")
    Y = columns(Y, net.sizes[-1], f"{which}Y for {net}", examples=X.shape[1])
    require_finite(X, f"{which}X")
    require_finite(Y, f"{which}Y")
    return X, Y


class Decay:
    """What weights cost beside the loss, on the vector of all parameters; biases cost nothing."""

    def __init__(self, net: MLP, kind: str, strength: float) -> None:
        self.formula, self.strength = PENALTIES[kind], checked("strength", strength, NotNegative)
        weights = {w for layer in net.weights for row in layer for w in row}
        self.counts = np.array([float(value in weights) for value in net.parameters()])

    def cost(self, parameters: Array) -> float:
        """What all weights cost together."""
        return float(self.counts @ evaluate(self.formula, w=parameters, k=self.strength)) if self.strength else 0.0

    def slope(self, parameters: Array) -> Array:
        """Its derivative by each parameter."""
        if not self.strength:
            return np.zeros_like(parameters)
        slopes: Array = self.counts * slope_of(self.formula, "w", w=parameters, k=self.strength)
        return slopes


class Descent:
    """A network on its way down: one update after another."""

    def __init__(
        self, net: MLP, engine: Engine, rule: Rule, schedule: Schedule, decay: Decay, clip: float | None
    ) -> None:
        self.net, self.engine, self.rule, self.schedule, self.decay, self.clip = (
            net,
            engine,
            rule,
            schedule,
            decay,
            clip,
        )
        self.values = net.parameters()
        self.parameters: Array = np.array([value.data for value in self.values])
        self.state, self.updates, self.since = rule.start(len(self.values)), 0, perf_counter()

    def update(self, X: Array, Y: Array) -> float:
        """One update by these examples, and the loss before it; raises NonFinite, and makes none, where it explodes."""
        cost, gradient = self.engine.found(X, Y)
        cost += self.decay.cost(self.parameters)
        gradient = gradient + self.decay.slope(self.parameters)
        if not np.isfinite(cost):
            raise NonFinite(f"the loss is {cost}")
        if self.clip is not None:
            gradient = clip_by_norm(gradient, self.clip).gradient
        step, self.state = self.rule.step(gradient, self.state, self.schedule(self.updates))
        self.updates += 1
        self.parameters = self.parameters + step
        self.engine.load(self.parameters)
        return cost

    def epoch(self, X: Array, Y: Array, held: tuple[Array, Array] | None, losses: list[float] | None = None) -> Epoch:
        """What there is to say after an epoch. Raises NonFinite where the cost is not finite."""
        cost = self.engine.cost(X, Y) + self.decay.cost(self.parameters)
        if not np.isfinite(cost):
            raise NonFinite(f"the cost is {cost}")
        seconds, self.since = perf_counter() - self.since, perf_counter()
        return Epoch(cost, None if held is None else self.engine.cost(*held), tuple(losses or ()), seconds)

    def keep(self, parameters: Array) -> None:
        """Put these numbers into the network's Values."""
        for value, number in zip(self.values, parameters.tolist(), strict=True):
            value.data = number

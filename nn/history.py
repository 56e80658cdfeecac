"""History: how a training went, epoch by epoch. Imports nothing of the project."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from io import StringIO
from typing import Any


@dataclass(frozen=True)
class Epoch:
    """After an epoch: the cost over all examples, that of the validation examples, and the loss at each update.

    `losses` has the mean loss of each batch just before its update, `rate` the learning rate of the last update.
    `measures` are what else was asked for, such as an accuracy, of the validation examples if there are some. Number 0
    is the network before any update.
    """

    cost: float
    validation: float | None = None
    losses: tuple[float, ...] = ()
    seconds: float = 0.0
    number: int = 0
    rate: float | None = None
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def judged(self) -> float:
        """By what an epoch is better than another: its validation cost, if it has one."""
        return self.cost if self.validation is None else self.validation


@dataclass
class History:
    """All epochs of one training on so many `examples`, `batch` of them at a time, and why it stopped."""

    examples: int
    batch: int
    epochs: list[Epoch] = field(default_factory=list)
    stopped: str = "not finished"
    best_number: int = 0

    def add(self, epoch: Epoch) -> None:
        """One more epoch; of equally good ones the first is the best."""
        self.epochs.append(replace(epoch, number=len(self.epochs)))
        if epoch.judged < self.best.judged:
            self.best_number = self.last.number

    @property
    def last(self) -> Epoch:
        """The last epoch."""
        return self.epochs[-1]

    @property
    def best(self) -> Epoch:
        """The best epoch."""
        return self.epochs[self.best_number]

    @property
    def costs(self) -> list[float]:
        """The cost over all examples, before the first update and after each epoch."""
        return [epoch.cost for epoch in self.epochs]

    @property
    def losses(self) -> list[float]:
        """The loss at every update, in order."""
        return [loss for epoch in self.epochs for loss in epoch.losses]

    @property
    def updates_per_epoch(self) -> int:
        """How many batches the examples make, the last of which may be smaller: 1, 100 and 5 for 100 examples."""
        return -(-self.examples // self.batch)

    @property
    def json(self) -> str:
        """All of it as JSON, which has no inf or nan: there it says null."""
        said = json.dumps({"format": "pathgrad history", "version": 1, **asdict(self)})
        return json.dumps(json.loads(said, parse_constant=lambda _: None), indent=1) + "\n"

    @classmethod
    def from_dict(cls, parts: Mapping[str, Any]) -> History:
        """The history whose `asdict` this is, perhaps by way of JSON."""
        epochs = [Epoch(**{**epoch, "losses": tuple(epoch["losses"])}) for epoch in parts["epochs"]]
        return cls(**{**parts, "epochs": epochs})

    @property
    def csv(self) -> str:
        """A line for each epoch: its number, cost, validation cost, measures, last rate and seconds."""
        text = StringIO()
        measures = tuple(dict.fromkeys(name for epoch in self.epochs for name in epoch.measures))
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("epoch", "cost", "validation", *measures, "rate", "seconds"))
        for epoch in self.epochs:
            found = (epoch.cost, epoch.validation, *(epoch.measures.get(name) for name in measures), epoch.rate)
            said = ("" if number is None else repr(number) for number in found)
            writer.writerow((epoch.number, *said, f"{epoch.seconds:.6f}"))
        return text.getvalue()

    def __repr__(self) -> str:
        if not self.epochs:
            return f"<History of {self.examples} examples, not begun>"
        return (
            f"<History: {self.last.number} epochs of {self.updates_per_epoch} updates, cost {self.costs[0]:.4g} → "
            f"{self.last.cost:.4g}, best {self.best.judged:.4g} after epoch {self.best.number}; {self.stopped}>"
        )

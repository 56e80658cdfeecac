"""How good a network is, on examples it is shown: in all, class by class, and where it is weak.

Imports classes, encoding, shapes, autograd's errors and NumPy; classes says what predictions A and targets Y may be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from autograd import TooMany, WrongShape, aligned, shorten

from .classes import Classes, finite, labels_from, listed, predicted, shape_from
from .encoding import labels_of
from .shapes import Array, expect_shape

MOST_CLASSES = 1000  # to a confusion matrix, which has as many rows as columns
WIDEST = 100  # characters of a confusion matrix on a terminal


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What `evaluate` found. `confusion[i, j]` counts the examples of class i taken for class j; all else follows.

    `print` shows it as a table. A share without anything to take it of is undefined: None, and not 0.
    """

    confusion: Classes
    names: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """The share of examples that are right."""
        return int(self._right.sum()) / int(self.confusion.sum())

    @property
    def recall(self) -> tuple[float | None, ...]:
        """Of the examples of each class, the share that is right; None for a class without examples."""
        return _shares(self._right, self.confusion.sum(axis=1))

    per_class = recall  # the notes call it the accuracy of a class

    @property
    def precision(self) -> tuple[float | None, ...]:
        """Of the examples taken for each class, the share that is right; None for a class nothing is taken for."""
        return _shares(self._right, self.confusion.sum(axis=0))

    @property
    def _right(self) -> Classes:
        return np.diagonal(self.confusion)

    def weak(self, n: int = 3) -> list[str]:
        """A sentence on each of the n classes of lowest recall, on what they are taken for; none on faultless ones.

        Raises WrongShape for an n that is no whole number from 1.
        """
        if not isinstance(n, Integral) or isinstance(n, bool) or n < 1:
            raise WrongShape(f"weak: given {shorten(n)}, expected how many classes, a whole number from 1")
        examples = self.confusion.sum(axis=1)
        faulty = [(share, -examples[i], i) for i, share in enumerate(self.recall) if share is not None and share < 1]
        return [self._sentence(i) for *_, i in sorted(faulty)[:n]]

    def _sentence(self, i: int) -> str:
        row = self.confusion[i]
        mistakes = [j for j in np.argsort(-row, kind="stable") if j != i and row[j]]
        taken = [f"{self.names[j]} ({row[j]}×)" for j in mistakes[:3]]
        if mistakes[3:]:
            taken.append(f"others ({row[mistakes[3:]].sum()}×)")
        share = _percent(self.recall[i])
        return f"Class {self.names[i]}: {row[i]} of {row.sum()} right ({share}), mistaken for {', '.join(taken)}."

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain lists, numbers and texts, as JSON takes them."""
        return {
            "accuracy": self.accuracy,
            "names": list(self.names),
            "recall": list(self.recall),
            "precision": list(self.precision),
            "confusion": self.confusion.tolist(),
        }

    def to_csv(self) -> str:
        """A line per true class: its recall and precision, empty where undefined, then its row of `confusion`."""
        text = io.StringIO()
        rows = zip(self.names, self.recall, self.precision, self.confusion.tolist(), strict=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["class", "recall", "precision", *(f"taken for {name}" for name in self.names)])
        writer.writerows([name, recall, precision, *counts] for name, recall, precision, counts in rows)
        return text.getvalue()

    def __repr__(self) -> str:
        examples = self.confusion.sum()
        return f"<evaluation of {examples} examples in {len(self.names)} classes, accuracy {_percent(self.accuracy)}>"

    def __str__(self) -> str:
        examples = self.confusion.sum(axis=1)
        lines = [f"accuracy {_percent(self.accuracy)}, {self._right.sum()} of {examples.sum()} right", ""]
        shares = zip(map(_percent, self.recall), map(_percent, self.precision), strict=True)
        classes = [[name, str(of), *both] for name, of, both in zip(self.names, examples, shares, strict=True)]
        lines += [*aligned([["class", "examples", "recall", "precision"], *classes], "lr"), ""]
        counts = [[str(count or "·") for count in row] for row in self.confusion.tolist()]
        rows = [["", *self.names], *([name, *row] for name, row in zip(self.names, counts, strict=True))]
        matrix = aligned(rows, "lr")
        if len(matrix[0]) <= WIDEST:
            lines += ["confusion: each row a true class, each column what it is taken for", *matrix]
        else:
            lines.append(f"The confusion of {len(examples)} classes is too wide for here; see .confusion or .to_csv().")
        weak = self.weak()
        return "\n".join([*lines, "", *weak] if weak else lines)


def evaluate(A: Any, Y: Any, names: Sequence[str] | None = None) -> Evaluation:
    """Compare what was predicted, A, with the truth, Y; predictions come first, as in the losses.

    There are as many classes as names, outputs or one-hot rows; with flat lists alone, up to the highest label.
    Raises WrongShape for shapes or lengths that do not go together, NotAClass for a label outside the classes
    and a target that is not one-hot, NonFinite for outputs that are nan or inf, TooMany for over 1000 classes.
    """
    named = None if names is None else listed(names)
    guesses, truths, k = _compared(A, Y, named)
    if k > MOST_CLASSES:
        raise TooMany(f"evaluate: the labels make {k:,} classes, at most {MOST_CLASSES:,}; number the classes from 0")
    confusion = np.bincount(k * truths + guesses, minlength=k * k).reshape(k, k)
    confusion.flags.writeable = False
    return Evaluation(confusion, tuple(named or map(str, range(k))))


def accuracy(A: Any, Y: Any, names: Sequence[str] | None = None) -> float:
    """The share of examples whose predicted class is the true one; input and errors as in `evaluate`."""
    guesses, truths, _ = _compared(A, Y, None if names is None else listed(names))
    return float(np.mean(guesses == truths))


def mean_squared_error(A: Any, Y: Any) -> float:
    """The mean over the examples of Σ (a - y)² over the outputs; in a flat list each number is an example.

    Raises WrongShape, NotAScalar and NonFinite for what are no two equal arrays (n_L, m) of numbers.
    """
    A, Y = _paired(A, Y)
    return float(np.sum((A - Y) ** 2) / A.shape[1])


def r_squared(A: Any, Y: Any) -> float | None:
    """1 - Σ (a - y)² / Σ (y - ȳ)², ȳ the mean of each output: 1 is faultless, 0 no better than always saying ȳ.

    None where every target is ȳ. Input and errors as in `mean_squared_error`.
    """
    A, Y = _paired(A, Y)
    if (Y[:, :1] == Y).all():
        return None
    return float(1 - np.sum((A - Y) ** 2) / np.sum((Y - Y.mean(axis=1, keepdims=True)) ** 2))


def _compared(A: Any, Y: Any, names: Sequence[str] | None) -> tuple[Classes, Classes, int]:
    """The predicted and the true class of each example, and how many classes there are."""
    outputs, targets = shape_from(A, "A"), shape_from(Y, "Y")
    labelled = len(targets) == 1 or targets[0] == 1  # one row can only be labels
    said: dict[str, int] = {}
    if names is not None:
        said["names"] = len(names)
    if len(outputs) == 2:
        said["A"] = max(2, outputs[0])
    if not labelled:
        said["Y"] = targets[0]
    if len(set(said.values())) > 1:
        counts = ", ".join(f"{what} {count}" for what, count in said.items())
        raise WrongShape(f"classes: {counts}; give one name, output and row of Y per class, and a column per example")
    k = next(iter(said.values()), None)
    guesses = predicted(A) if len(outputs) == 2 else labels_from(A, "A", k, names)
    truths = labels_from(Y, "Y", k, names) if labelled else labels_of(Y)
    if len(guesses) != len(truths):
        raise WrongShape(f"Y: given {len(truths)} examples, expected {len(guesses)}; give one for each")
    return guesses, truths, k or max(2, int(guesses.max()) + 1, int(truths.max()) + 1)


def _paired(A: Any, Y: Any) -> tuple[Array, Array]:
    """Two equal arrays (n, m) of numbers, flat lists as one row."""
    A, Y = (finite([side] if len(shape_from(side, what)) == 1 else side, what) for side, what in ((A, "A"), (Y, "Y")))
    expect_shape(Y, A.shape, "Y", "give a target for each output of each example")
    return A, Y


def _shares(right: Classes, of: Classes) -> tuple[float | None, ...]:
    return tuple(part / whole if whole else None for part, whole in zip(right.tolist(), of.tolist(), strict=True))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"

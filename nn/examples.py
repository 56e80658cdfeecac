"""Data: examples with their answers, to split, standardise and take in batches. Imports encoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, replace
from typing import Annotated, TypeAlias

import numpy as np

from autograd import WrongShape, counted, require_choice, shorten

from .classes import Classes, NotAClass
from .encoding import finite_array, labels_of, one_hot
from .names import indexed
from .seeds import Seed, generator_of
from .settings import BadSetting, Bound, Whole, checked
from .shapes import Array

Part: TypeAlias = Annotated[float, Bound("a share above 0 and below 1", 0.2, lambda x: 0 < x < 1)]

TASKS = ("binary", "classes", "regression")
FEW = 4  # classes whose examples are counted one by one where data show themselves


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """Examples X (n, m) and their answers Y, one column for each of the m examples; neither can be written to.

    By its task Y is one row of 0 and 1, "binary"; one-hot columns with a row for each class, "classes"; or a row for
    each number asked for, "regression". A flat Y of labels or numbers becomes that. `features` names the rows of X,
    `classes` what 0 and 1, or the rows of Y, stand for, and `target` what is asked for; `scale` is the mean and the
    deviation of each feature, each (n, 1), once X is standardised by them.

    Raises WrongShape where the counts of examples or names do not match, NotAScalar for entries that are no numbers,
    NonFinite for inf and nan, NotAClass for labels that are no class, and UnknownChoice for another task.
    """

    X: Array
    Y: Array
    task: str
    _: KW_ONLY
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    target: str = "y"
    name: str = "data"
    source: str = ""
    licence: str = ""
    scale: tuple[Array, Array] | None = None

    def __post_init__(self) -> None:
        require_choice("task", self.task, TASKS)
        X, Y = finite_array(self.X, "X"), finite_array(self.Y, "Y")
        if X.ndim != 2 or not X.size:
            raise WrongShape(f"X: given shape {X.shape}, expected (n, m), n features of m examples in columns")
        if Y.ndim == 1 and Y.size:
            Y = one_hot(Y, len(self.classes) or None) if self.task == "classes" else Y[np.newaxis]
        if Y.ndim != 2 or not Y.size or Y.shape[1] != X.shape[1]:
            turned = "; turn X, whose rows are examples, with np.transpose" if Y.shape[1:] == X.shape[:1] else ""
            raise WrongShape(
                f"Y: given shape {Y.shape}, expected a column for each of the {X.shape[1]} examples in X{turned}"
            )
        self._expect_answers(Y)
        k = {"binary": 2, "classes": len(Y), "regression": 0}[self.task]
        names = {
            "features": tuple(self.features) or tuple(indexed("x", i) for i in range(1, len(X) + 1)),
            "classes": tuple(self.classes) or tuple(map(str, range(k))),
        }
        for (what, given), count in zip(names.items(), (len(X), k), strict=True):
            if len(given) != count:
                raise WrongShape(f"{what}: given {len(given)} names, expected {count}; or leave the names out")
        for array in (X, Y):
            array.setflags(write=False)
        for field, settled in {"X": X, "Y": Y, **names}.items():
            object.__setattr__(self, field, settled)

    def _expect_answers(self, Y: Array) -> None:
        if self.task == "classes":
            labels_of(Y)
        elif self.task == "binary":
            if len(Y) != 1:
                raise WrongShape(f"Y: given {len(Y)} rows, expected one of 0 and 1; for one-hot columns say 'classes'")
            wrong = np.flatnonzero((Y[0] != 0) & (Y[0] != 1))
            if wrong.size:
                raise NotAClass(f"Y[0, {wrong[0]}] is {Y[0, wrong[0]]:g}, expected 0 or 1; number the two classes so")

    def __len__(self) -> int:
        return int(self.X.shape[1])

    def __repr__(self) -> str:
        size = f"{self.name}: {counted(len(self))} examples, {counted(len(self.X))} features"
        if self.task == "regression":
            low, high = self.Y.min(), self.Y.max()
            return f"<{size}, {self.target} from {low:g} to {high:g}>"
        if len(self.classes) > FEW:
            return f"<{size}, {len(self.classes)} classes>"
        counts = np.bincount(self.labels, minlength=len(self.classes))
        return f"<{size}, {', '.join(f'{n} {name}' for n, name in zip(counts, self.classes, strict=True))}>"

    @property
    def labels(self) -> Classes:
        """The class of each example, counted from 0, in order. Raises NotAClass for a regression, which has none."""
        if self.task == "regression":
            raise NotAClass(f"labels: {self.name} asks for a number, {self.target}, and has no classes; take its Y")
        return self.Y[0].astype(np.int64) if self.task == "binary" else labels_of(self.Y)

    def take(self, n: int) -> Data:
        """The first n examples. Raises BadSetting if there are fewer."""
        if checked("n", n, Whole) > len(self):
            raise BadSetting(f"n: given {n}, expected at most the {len(self)} examples of {self.name}")
        return self._picked(np.arange(n))

    def shuffled(self, seed: Seed) -> Data:
        """The examples in another order, the same for the same seed."""
        return self._picked(generator_of(seed).permutation(len(self)))

    def split(self, test: float = 0.2, seed: Seed = 0) -> tuple[Data, Data]:
        """The examples to learn from, and the share `test` of them to be tested on, both in the order they had.

        Each class is cut by the same share, up to one example. Raises BadSetting if one of the two would be empty.
        """
        test = checked("test", test, Part)
        order = generator_of(seed).permutation(len(self))
        if self.task != "regression":
            order = order[np.argsort(self.labels[order], kind="stable")]
        # Of examples ordered by class every 1/test-th: that many of all, and that share of each class.
        tested = np.diff(np.floor(np.arange(len(self) + 1) * test + 0.5)) > 0
        if tested.all() or not tested.any():
            left = "learn from" if tested.all() else "test"
            raise BadSetting(f"test: {test:g} of {len(self)} examples leaves none to {left}; take another share")
        return self._picked(np.sort(order[~tested])), self._picked(np.sort(order[tested]))

    def batches(self, size: int, seed: Seed | None = None) -> Iterator[tuple[Array, Array]]:
        """X and Y in batches of that many columns, the last as short as it comes; shuffled first if there is a seed.

        One pass is an epoch. A Generator as the seed shuffles each pass anew.
        """
        parts = batches(len(self), checked("size", size, Whole), seed)
        return ((self.X[:, part], self.Y[:, part]) for part in parts)

    def standardised(self, like: Data | None = None) -> Data:
        """Each feature minus its mean, over its standard deviation; a feature that never changes becomes 0.

        The numbers are those of `like`, the training data, standardised or not yet: `test.standardised(like=train)`.
        Raises BadSetting if this was done already, WrongShape for `like` with other features.
        """
        if self.scale is not None:
            raise BadSetting(f"standardised: {self.name} is standardised already; begin with the data as they were")
        base = self if like is None else like
        if base.features != self.features:
            raise WrongShape(
                f"standardised: like has the features {shorten(base.features)}, expected {shorten(self.features)}"
            )
        mean, deviation = base.scale or mean_and_deviation(base.X)
        return replace(self, X=(self.X - mean) / deviation, scale=(mean, deviation))

    def _picked(self, which: Classes) -> Data:
        return replace(self, X=self.X[:, which], Y=self.Y[:, which])


def batches(count: int, size: int, seed: Seed | None = None) -> Iterator[Classes]:
    """Which of so many examples each batch has, the last as short as it comes; shuffled first if there is a seed."""
    order = np.arange(count) if seed is None else generator_of(seed).permutation(count)
    return (order[start : start + size] for start in range(0, count, size))


def mean_and_deviation(X: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each row, both (n, 1); 1 stands for the deviation of a row that never changes."""
    mean, deviation = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    # The mean of equal numbers may be rounded, and what is left over would be taken for a deviation.
    constant = (np.ptp(X, axis=1, keepdims=True) == 0) | (deviation == 0)
    return np.where(constant, X[:, :1], mean), np.where(constant, 1.0, deviation)

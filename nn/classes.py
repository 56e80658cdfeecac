"""Outputs, targets and labels as classes. Imports shapes, autograd's errors and NumPy.

Outputs A are (n_L, m) and targets Y one-hot (n_L, m), or (1, m) for one sigmoid output, one example per column.
Either may also be a flat list of the m classes, counted from 0 or said by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import PathgradError, WrongShape, shorten

from .shapes import Array, columns, require_finite, shape_of

Classes: TypeAlias = NDArray[np.int64]

LARGEST = 2**53  # where the floats no longer hold every whole number


class NotAClass(PathgradError, ValueError):
    """A label, a target or an output that stands for none of the classes."""


def predicted(A: Any) -> Classes:
    """The class of highest probability for each example, the lowest of equals: for one output, 1 if p > ½.

    A is (n_L, m), or a flat list for one example. Errors are those of `probabilities`.
    """
    classes: Classes = np.argmax(probabilities(A), axis=0)
    return classes


def probabilities(A: Any) -> Array:
    """The outputs as (k, m), a row per class: [1 - p, p] for one sigmoid output p, otherwise A as it is.

    Raises WrongShape and NotAScalar for what is no (n_L, m), NonFinite for nan or inf, and NotAClass for a single
    output that is no probability.
    """
    p = finite(A, "A")
    if len(p) > 1:
        return p
    wrong = (p < 0) | (p > 1)
    if wrong.any():
        j = int(np.argmax(wrong))
        raise NotAClass(
            f"A: the one output of example {j + 1} is {p[0, j]:g}, expected the probability of class 1, from 0 to 1; "
            "take the sigmoid of it, or give classes as a flat list"
        )
    return np.vstack([1 - p, p])


def listed(names: Any) -> list[str]:
    """The names of classes as texts; raises WrongShape unless they are a list of one or more, each once."""
    found = [str(name) for name in names] if isinstance(names, (list, tuple, np.ndarray)) else []
    if not found or len(set(found)) < len(found):
        raise WrongShape(f"names: given {shorten(names)}, expected a list of different names, one for each class")
    return found


def shape_from(given: Any, what: str) -> tuple[int, ...]:
    """(m,) or (n, m), neither of them 0."""
    found = shape_of(given)
    if not found or len(found) > 2 or 0 in found:
        raise WrongShape(
            f"{what}: given {shorten(given)}, expected (n_L, m) with one example per column, or a flat list; "
            "at least one example"
        )
    return found


def labels_from(given: Any, what: str, k: int | None, names: Sequence[str] | None) -> Classes:
    """Labels as classes from 0 to k - 1: whole numbers, or names, which are looked up."""
    array = np.ravel(np.asarray(given, dtype=None if isinstance(given, np.ndarray) else object))
    labels = array.tolist()
    places = {name: place for place, name in enumerate(names or ())}
    found = [_class_of(label, k or LARGEST, places) for label in labels]
    if None in found:
        j = found.index(None)
        expected = "a whole number from 0" + (f" to {k - 1}" if k else "")
        expected += f" or one of {shorten(names)}" if names else "; for words say names=[…]"
        expected += "; outputs come as (n_L, m), one column per example" if what == "A" else ""
        raise NotAClass(f"{what}: example {j + 1} has the label {shorten(labels[j])}, expected {expected}")
    return np.array(found, dtype=np.int64)


def _class_of(label: Any, k: int, places: Mapping[str, int]) -> int | None:
    if isinstance(label, str):
        return places.get(label)
    label = label.item() if isinstance(label, np.generic) else label  # NumPy's True is no number
    return int(label) if isinstance(label, (int, float)) and 0 <= label < k and label == int(label) else None


def finite(given: Any, what: str) -> Array:
    """(n, m), every number finite."""
    found = columns(given, shape_from(given, what)[0], what)
    require_finite(found, what, "look for missing data, or train with a smaller learning rate")
    return found

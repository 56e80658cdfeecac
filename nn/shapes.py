"""Shapes: what was given against what is expected, said by name. Imports autograd's errors and NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import NonFinite, NotAScalar, WrongShape

Matrix: TypeAlias = Sequence[Sequence[float]]
Array: TypeAlias = NDArray[np.float64]


def shape_of(given: Any) -> tuple[int, ...] | None:
    """The shape of nested lists or of an array, () for one number; None where the lists are ragged."""
    if isinstance(given, np.ndarray):
        return tuple(given.shape)
    if not isinstance(given, (list, tuple)):
        return ()
    inner = {shape_of(entry) for entry in given}
    if len(inner) > 1 or None in inner:
        return None
    (rest,) = inner or {()}
    assert rest is not None
    return (len(given), *rest)


def expect_shape(given: Any, shape: tuple[int, ...], what: str, fix: str) -> None:
    """Raise WrongShape, saying `what` it is and the `fix`, unless the nested lists have this shape."""
    found = shape_of(given)
    if found != shape:
        said = "lists of different lengths" if found is None else f"shape {found}" if found else repr(given)
        raise WrongShape(f"{what}: given {said}, expected shape {shape}; {fix}")


def columns(given: Any, rows: int, what: str, examples: int | None = None) -> Array:
    """One example per column: a flat list of `rows` numbers becomes one column, an array (rows, m) stays.

    Raises WrongShape for anything else, ragged lists, empty batches and, where `examples` says how many
    columns there must be, another number of them included; NotAScalar for entries that are no real numbers.
    """
    found = shape_of(given)
    if found is None or found not in ((rows,), (rows, *found[1:2])) or 0 in found:
        said = "lists of different lengths" if found is None else f"shape {found}" if found else repr(given)
        turned = "; turn rows of examples into columns with np.transpose" if found and found[1:] == (rows,) else ""
        raise WrongShape(
            f"{what}: given {said}, expected ({rows}, m) with one example per column, or a list of {rows}{turned}"
        )
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise NotAScalar(f"{what}: given entries of type {array.dtype}, expected real numbers")
    if examples is not None and array.size != rows * examples:
        raise WrongShape(f"{what}: given {array.size // rows} examples, expected {examples}; give one column for each")
    return array.astype(float).reshape(rows, -1)


def require_finite(array: Array, what: str, fix: str = "correct it or leave that example out") -> None:
    """Raise NonFinite, naming the first entry that is inf or nan by its place, and the `fix`, if there is one."""
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        at = f"[{', '.join(map(str, place))}]" if place else ""
        raise NonFinite(f"{what}{at} is {array[place]}, expected a finite number; {fix}")

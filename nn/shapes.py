"""Shapes: what was given against what is expected, said by name. Imports autograd's errors and NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import WrongShape

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


def columns(given: Any, rows: int, what: str) -> Array:
    """One example per column: a flat list of `rows` numbers becomes one column, an array (rows, m) stays.

    Raises WrongShape for anything else, ragged lists and empty batches included.
    """
    found = shape_of(given)
    if found == (rows,):
        return np.asarray(given, dtype=float).reshape(rows, 1)
    if found is None or len(found) != 2 or found[0] != rows or not found[1]:
        said = "lists of different lengths" if found is None else f"shape {found}"
        raise WrongShape(
            f"{what}: given {said}, expected ({rows}, m) with one example per column, or a flat list of {rows}; "
            f"rows of examples become columns with np.transpose"
        )
    return np.asarray(given, dtype=float)

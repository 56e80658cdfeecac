"""What is given as an array of real numbers. Imports nothing; NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import NotAScalar, WrongShape


def numbers(given: Any, what: str, expected: str) -> NDArray[Any]:
    """It as an array, of any shape and real type.

    Raises WrongShape for lists of different lengths, saying what is `expected`, NotAScalar for anything but numbers.
    """
    try:
        array = np.asarray(given)
    except ValueError:
        raise WrongShape(f"{what}: given lists of different lengths, expected {expected}") from None
    if array.dtype.kind not in "fiub":
        raise NotAScalar(f"{what}: given entries of type {array.dtype}, expected real numbers")
    return array

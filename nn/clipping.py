"""Gradients as vectors of finite numbers, made shorter where they are too long. Imports settings, shapes; NumPy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd import NotAScalar, WrongShape, shorten

from .settings import Positive, checked
from .shapes import Array, require_finite, shape_of


class Clipped(NamedTuple):
    """A gradient, and whether it had to be changed."""

    gradient: Array
    clipped: bool


def clip_by_norm(gradient: Any, limit: float) -> Clipped:
    """The gradient g, or where ‖g‖ = √Σg² is above the limit, g · limit / ‖g‖: shorter, in the same direction.

    Raises NonFinite for a gradient that is not finite, BadSetting for a limit that is not above 0. Source: Pascanu,
    Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks, algorithm 1.
    """
    g, limit = finite_vector(gradient), checked("limit", limit, Positive)
    largest = float(np.abs(g).max(initial=0))
    if largest == 0:
        return Clipped(g, False)
    scaled = g / largest  # so that no square overflows or vanishes
    norm = float(np.linalg.norm(scaled))
    return Clipped(scaled * (limit / norm), True) if norm > limit / largest else Clipped(g, False)


def clip_by_value(gradient: Any, limit: float) -> Clipped:
    """The gradient with every entry between −limit and limit, which may turn its direction.

    Raises NonFinite for a gradient that is not finite, BadSetting for a limit that is not above 0.
    """
    g, limit = finite_vector(gradient), checked("limit", limit, Positive)
    return Clipped(np.clip(g, -limit, limit), bool((np.abs(g) > limit).any()))


def finite_vector(given: Any, what: str = "gradient", fix: str = "lower the rate") -> Array:
    """A flat list or array as an array of floats.

    Raises WrongShape for another shape, NotAScalar for entries that are no real numbers, NonFinite for inf and nan.
    """
    found = shape_of(given)
    if found is None or len(found) != 1:
        raise WrongShape(f"{what}: given {shorten(given)}, expected one flat list of numbers, one per parameter")
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise NotAScalar(f"{what}: given {shorten(given)}, expected real numbers; of a Value take its .grad or .data")
    require_finite(array, what, fix)
    return array.astype(float, copy=False)

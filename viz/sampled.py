"""Functions at the points where a plot needs them. Imports autograd and nn; NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import NonFinite, NotAScalar, Value, WrongShape, gradients, shorten, strict, unrecorded
from nn import MLP, VectorizedMLP

Array: TypeAlias = NDArray[np.float64]
Curve: TypeAlias = Callable[[Value], Value]
Plane: TypeAlias = Callable[[Array, Array], Any]
Span: TypeAlias = tuple[float, float]


def over_plane(f: MLP | VectorizedMLP | Plane, x: Span, y: Span, points: int) -> tuple[Array, Array, Array]:
    """Both coordinates and the height of f at points × points places of the window x × y.

    f is a network of two inputs and one output, or a function of two arrays. Raises WrongShape for another one,
    NonFinite where a height is inf or nan.
    """
    X, Y = np.meshgrid(between(x, points, "x"), between(y, points, "y"))
    Z = _output(f, X, Y) if isinstance(f, (MLP, VectorizedMLP)) else _called(f, X, Y)
    if not np.isfinite(Z).all():
        raise NonFinite("f: is inf or nan somewhere in the window; give another window, x=(-4, 4), y=(-4, 4)")
    return X, Y, Z


def _called(f: Plane, X: Array, Y: Array) -> Array:
    try:
        with np.errstate(all="ignore"):
            return np.broadcast_to(np.asarray(f(X, Y), dtype=float), X.shape)
    except (TypeError, ValueError) as error:
        raise WrongShape(
            f"f: expected one number for each of two arrays' entries ({error}); "
            "write it with NumPy, as lambda x, y: np.exp(-x * y), or give an MLP(2, […, 1])"
        ) from error


def _output(f: MLP | VectorizedMLP, X: Array, Y: Array) -> Array:
    net = VectorizedMLP.of(f) if isinstance(f, MLP) else f
    inputs, outputs = net.W[0].shape[1], len(net.W[-1])
    if (inputs, outputs) != (2, 1):
        raise WrongShape(
            f"f: given a network with {inputs} inputs and {outputs} outputs, expected 2 and 1; "
            "for one output of several give a function, lambda x, y: …"
        )
    return net.forward(np.stack([X.ravel(), Y.ravel()])).A[-1].reshape(X.shape)


def along(f: Curve, x: Span, points: int = 241) -> tuple[Array, Array]:
    """Evenly spaced places of the window and f there."""
    places = between(x, points, "x")
    with unrecorded():
        return places, np.array([_value(f, Value(place)).data for place in places.tolist()])


def height_and_slope(f: Curve, at: float) -> tuple[float, float]:
    """f(at) and f'(at), which is one sweep through the graph of f.

    Raises NonFinite where one of the two is inf or nan.
    """
    place = Value(at, "w")
    with strict():
        height = _value(f, place)
        (slope,) = gradients(height, [place])
    return float(height), float(slope)


def _value(f: Curve, place: Value) -> Value:
    height = f(place)
    if not isinstance(height, Value):
        raise NotAScalar(
            f"f: gave {shorten(height)} for a Value, expected a Value; write it with + × and words such as x.exp()"
        )
    return height


def numbers(given: Any, what: str, expected: str) -> Array:
    """An array of numbers; raises WrongShape, saying what was expected, for anything else."""
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise WrongShape(f"{what}: given {shorten(given)}, expected {expected}") from None


def between(window: Span, points: int, what: str) -> Array:
    """Evenly spaced places from one end of the window to the other.

    Raises WrongShape unless the window is two finite numbers, the smaller first, and there are 2 places or more.
    """
    try:
        low, high = map(float, window)
    except (TypeError, ValueError):
        low, high = 0.0, 0.0
    if not (isfinite(low) and isfinite(high) and low < high):
        raise WrongShape(f"{what}: given {shorten(window)}, expected the two ends of a window; write {what}=(-4, 4)")
    if not isinstance(points, int) or points < 2:
        raise WrongShape(f"points: given {shorten(points)}, expected a whole number from 2; write points=81")
    return np.linspace(low, high, points)


def range_of(heights: Array, given: Span | None) -> Span:
    """The range that shades span: the one given, or 0 to 1 if all heights lie in there, or whatever holds them."""
    if given is not None:
        low, high = between(given, 2, "heights").tolist()
        return low, high
    return (0, 1) if heights.min() >= 0 and heights.max() <= 1 else window_around(heights)


def window_around(*numbers: Sequence[float] | Array) -> Span:
    """The window that holds all these numbers that are finite, with some room at both ends.

    Raises NonFinite where none is.
    """
    every = np.concatenate([np.ravel(some) for some in numbers])
    finite = every[np.isfinite(every)]
    if not len(finite):
        raise NonFinite("there is nothing to plot: every number is inf or nan; begin elsewhere")
    low, high = float(finite.min()), float(finite.max())
    room = 0.15 * (high - low) or 1.0
    return low - room, high + room

"""Images and labels as numbers, and back: scaling, flattening, one-hot codes. Imports classes, settings, shapes."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from autograd import NotAScalar, WrongShape

from .classes import Classes, NotAClass
from .settings import BadSetting, Positive, Whole, checked
from .shapes import Array, require_finite

# What the notes show of an image's matrix, lines 19-25: three rows from their beginning, two up to their end.
PIXELS = (
    (255, 183, 95, 8, 93, 196, 253),
    (254, 154, 37, 28, 172, 254),
    (252, 221),
    (198, 253),
    (252, 250, 187, 178, 195, 253, 253),
)


def scaled(pixels: Any, most: float = 255) -> Array:
    """Pixels from 0 to `most` as numbers from 0 to 1, in the same shape.

    >>> scaled(PIXELS[0]).round(2).tolist()
    [1.0, 0.72, 0.37, 0.03, 0.36, 0.77, 0.99]

    The notes say standardise, which is something else: see `Data.standardised`. Raises BadSetting for a pixel outside
    of that range. Source: lines 27-35 of the notes.
    """
    array, most = finite_array(pixels, "pixels"), checked("most", most, Positive, 255)
    outside = array[(array < 0) | (array > most)]
    if outside.size:
        raise BadSetting(f"most: given {most:g}, and there is a pixel {outside[0]:g}; write what a full pixel is")
    return array / most


def flattened(images: Any) -> Array:
    """Images (m, height, width) as columns (height · width, m), one image (height, width) as a flat vector.

    Pixels follow each other row by row: 28 × 28 of them make a vector of 784. Raises WrongShape for other shapes.
    """
    array = finite_array(images, "images")
    if array.ndim not in (2, 3):
        raise WrongShape(f"images: given shape {array.shape}, expected (height, width), or (m, height, width) for many")
    return array.ravel() if array.ndim == 2 else array.reshape(len(array), -1).T


def images_of(X: Any, height: int | None = None) -> Array:
    """Columns (height · width, m) as images (m, height, width) again, a flat vector as one image (height, width).

    Without a height the images are square. Raises WrongShape for a height that does not divide the rows.
    """
    array = finite_array(X, "X")
    if array.ndim not in (1, 2):
        raise WrongShape(f"X: given shape {array.shape}, expected (pixels, m) with one image per column")
    pixels = len(array)
    rows = isqrt(pixels) if height is None else checked("height", height, Whole, 28)
    if not rows or pixels % rows or (height is None and rows * rows != pixels):
        wanted = "a square" if height is None else f"rows of one length below each other, {rows} of them"
        raise WrongShape(f"X: {pixels} pixels do not make {wanted}; give height=, the number of rows of an image")
    return array.T.reshape(*array.shape[1:], rows, pixels // rows)


def one_hot(labels: Any, k: int | None = None) -> Array:
    """A column for each label, with a 1 in the place of its class and 0 elsewhere: shape (k, m).

    >>> one_hot([0, 2], 3).T.tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Labels are numbered from 0. Without k, the number of classes, there are as many as the largest label asks for.
    Raises NotAClass, naming the place, for a label that is none of them: with nine places for ten digits, as in the
    notes (lines 44-53), an 8 and a 9 could not be told apart.
    """
    given = finite_array(labels, "labels")
    if given.ndim != 1 or not given.size:
        raise WrongShape(f"labels: given shape {given.shape}, expected a flat list such as [0, 2, 1]")
    classes = max(int(given.max()), 0) + 1 if k is None else checked("k", k, Whole, 10)
    wrong = np.flatnonzero((given != given.round()) | (given < 0) | (given >= classes))
    if wrong.size:
        said = f"labels[{wrong[0]}] is {given[wrong[0]]:g}, which is none of the {classes} classes"
        raise NotAClass(f"{said} 0 to {classes - 1}; number the classes from 0 and give k, how many there are")
    codes: Array = (np.arange(classes)[:, np.newaxis] == given).astype(float)
    return codes


def labels_of(Y: Any) -> Classes:
    """The labels that one-hot columns (k, m) stand for, counted from 0.

    Raises NotAClass, naming the column, for one that is no code; of probabilities take `predicted`.
    """
    codes = finite_array(Y, "Y")
    if codes.ndim != 2 or not codes.size:
        raise WrongShape(f"Y: given shape {codes.shape}, expected (k, m) with one code per column")
    labels: Classes = codes.argmax(axis=0)
    wrong = np.flatnonzero((one_hot(labels, len(codes)) != codes).any(axis=0))
    if wrong.size:
        said = f"Y[:, {wrong[0]}] is {codes[:, wrong[0]].tolist()}"
        raise NotAClass(f"{said}, which is no one-hot code; write a single 1 and otherwise 0, or use one_hot(labels)")
    return labels


def finite_array(given: Any, what: str) -> Array:
    """A new array of floats, of whatever shape.

    Raises WrongShape for lists of different lengths, NotAScalar for entries that are no real numbers, and NonFinite,
    naming the place, for inf and nan.
    """
    try:
        array = np.array(given)
    except ValueError:
        said = f"{what}: given lists of different lengths, expected one length"
        raise WrongShape(f"{said}; write a number in each place") from None
    if array.dtype.kind not in "fiub":
        raise NotAScalar(f"{what}: given entries of type {array.dtype}, expected real numbers")
    array = array.astype(float)
    require_finite(array, what)
    return array

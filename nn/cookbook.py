"""The cookbook: for each set of data that has a name a recipe that does well, and one for any other table.

Imports data and recipes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from autograd import UnknownChoice

from . import data
from .examples import Data
from .recipes import Recipe
from .tables import read_any


class Dish(NamedTuple):
    """Data, made when they are asked for, and how a network learns them."""

    data: Callable[[], Data]
    recipe: Recipe


FLAT = Recipe()
IMAGES = Recipe(widths=(64,), activation="relu", init="he", rate=0.002, epochs=40, standardised=False)

COOKBOOK: Mapping[str, Dish] = {
    "moons": Dish(partial(data.moons, 400), FLAT),
    "circles": Dish(partial(data.circles, 400), FLAT),
    "spirals": Dish(partial(data.spirals, 400), FLAT.but(epochs=400)),
    "phones": Dish(partial(data.phones, 400), FLAT),
    "digits": Dish(data.digits, IMAGES),
    "mnist": Dish(data.mnist, IMAGES.but(neurons=128, epochs=20)),
    "breast_cancer": Dish(data.breast_cancer, FLAT),
    "housing": Dish(data.housing, FLAT),
    "diabetes": Dish(data.diabetes, FLAT),
}


def dish_of(source: str | Path, **table: Any) -> Dish:
    """The dish of that name, or for a file .csv one for the data that `tables.read_any` makes of it, as `table` says.

    Raises UnknownChoice for anything else; BadTable and NotAClass once the data are made.
    """
    if str(source).lower().endswith(".csv"):
        return Dish(partial(read_any, source, **table), FLAT)
    if source not in COOKBOOK:
        raise UnknownChoice("data", str(source), [*COOKBOOK, "FILE.csv"])
    return COOKBOOK[str(source)]

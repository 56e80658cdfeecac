"""The cookbook: for each set of data that has a name a recipe that does well, and one for any other table.

Imports data, examples, recipes and tables.
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


TABLE = Recipe()  # two hidden layers are enough for most tables
IMAGES = Recipe(widths=(128, 64), activation="relu", init="he", rate=0.003, falling=True, epochs=20, standardised=False)

COOKBOOK: Mapping[str, Dish] = {
    "moons": Dish(partial(data.moons, 400), TABLE),
    "circles": Dish(partial(data.circles, 400), TABLE),
    "spirals": Dish(partial(data.spirals, 400), TABLE),
    "phones": Dish(partial(data.phones, 400), TABLE),
    "digits": Dish(data.digits, IMAGES),
    "mnist": Dish(data.mnist, IMAGES.but(widths=(256, 128), epochs=12, falling=True)),
    "breast_cancer": Dish(data.breast_cancer, TABLE.but(strength=0.01)),
    "housing": Dish(data.housing, TABLE.but(strength=0.003)),
    "diabetes": Dish(data.diabetes, TABLE.but(strength=0.03)),
}


FEW = 20  # examples, of which none can be spared


def recipe_for(data: Data) -> Recipe:
    """A recipe for any table: careful with few examples, whose noise it would learn by heart, and quick with many."""
    m = len(data)
    careful = Recipe(widths=(32,), strength=1 / m, batch=min(256, max(16, m // 40)))
    return careful if m < FEW else careful.but(kept_back=0.15, patience=20)


def dish_of(source: str | Path, **table: Any) -> Dish:
    """The dish of that name, or for a file .csv one for the data that `tables.read_any` makes of it, as `table` says.

    Raises UnknownChoice for anything else, and for a file BadTable and NotAClass.
    """
    if str(source).lower().endswith(".csv"):
        found = read_any(source, **table)
        return Dish(lambda: found, recipe_for(found))
    if source not in COOKBOOK:
        raise UnknownChoice("data", str(source), [*COOKBOOK, "FILE.csv"])
    return COOKBOOK[str(source)]

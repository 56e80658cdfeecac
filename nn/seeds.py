"""Seeds: where random numbers start. Imports settings and NumPy."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import numpy as np

from .settings import Bound, checked

Seed: TypeAlias = int | np.random.Generator
Start: TypeAlias = Annotated[int, Bound("a whole number from 0, or a NumPy Generator", 0, lambda n: n >= 0)]


def generator_of(seed: Seed) -> np.random.Generator:
    """The generator that starts from this seed; a Generator goes on from where it is.

    Raises BadSetting for what is neither a Generator nor a whole number from 0.
    """
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(checked("seed", seed, Start))

"""Every array of a program in numbers: what is given, what is computed, what arrives.

Imports adjoints, arrays, listing, readings.program; NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .adjoints import EXAMPLES, Sweep
from .arrays import Plan
from .listing import constants, forward_lines
from .readings.program import functions, source

Numbers = NDArray[np.float64]


def traced(
    plan: Plan, sweep: Sweep, leaves: Sequence[Sequence[Any]], parameters: Mapping[str, Numbers], batch: Any
) -> dict[str, Numbers]:
    """The arrays by name, A1 and dA1 alike, of a program with these parameters at this batch."""
    formulas = [array.formula for array in (*plan.arrays, *sweep.statements) if array.formula is not None]
    made = [f"{name} = np.array({rows})" for name, rows in constants(plan)]
    namespace: dict[str, Any] = {"np": np, "parameters": parameters, "batch": batch}
    with np.errstate(all="ignore"):
        exec("\n".join([*functions(formulas), *made, *forward_lines(plan, leaves)]), namespace)
        varying = next((array.name for array in plan.given if array.varies), "")
        namespace[str(EXAMPLES.word)] = namespace[varying].shape[1] if varying else 1
        for statement in sweep.statements:
            if statement.formula is not None:
                namespace[statement.name] = eval(source(statement.formula), namespace)
    return {array.name: np.array(namespace[array.name]) for array in (*plan.arrays, *sweep.statements)}

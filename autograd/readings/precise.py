"""Formulas on mpmath's numbers, which have as many digits as one asks for. Imports ops and readings.python.

mpmath is an optional package: it is imported when a rule is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ..ops import ELEMENTARY, Op
from .python import result_by


@cache
def precise_rule(op: Op) -> Callable[..., Any]:
    """The row's result on mpmath's numbers; raises ImportError where mpmath is not installed."""
    import mpmath

    functions = {name: getattr(mpmath, name) for name in (*ELEMENTARY, "inf")}
    return result_by(op, {}, functions | {"power": mpmath.power, "largest": max, "smallest": min})

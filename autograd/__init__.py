"""A scalar autograd engine that shows its work: Values, the graph they make, and the chain rule on it.

>>> a = Value(3.0, "a")
>>> y = (a * a + a).named("y")
>>> y.backward(); a.grad
7.0
>>> paths(y, a)
<3 paths from y to a, sum 7>
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .errors import (
    BadExpression,
    BadGraphFile,
    NoGradientWarning,
    NonFinite,
    NonFiniteWarning,
    NotAName,
    NotAScalar,
    NotExact,
    NotInGraph,
    NotInstalled,
    NotRecorded,
    NotVectorized,
    PathgradError,
    TooMany,
    UnknownChoice,
    WrongShape,
    is_node,
    require_choice,
    shorten,
)
from .graph import Edge, Graph, Node, derivative_name, describe, edges_of, label, where_made
from .ops import TABLE, Op
from .plain import aligned, counted, subscript
from .scope import Scope, within
from .value import Value

if TYPE_CHECKING:
    from .algebras import (
        DERIVATIVES,
        LARGEST,
        LARGEST_WAY,
        LENGTHS,
        PATH_COUNTS,
        SIGNS,
        SIZES,
        SPREAD,
        Lengths,
        Signed,
        Spread,
        Way,
        largest_ways,
    )
    from .backprop import backward
    from .check import Check, check
    from .checkpoint import StageLedger, backward_in_stages
    from .compare import Change, Differences, diff, same_graph
    from .data import from_json, to_json
    from .derivatives import gradients, hessian, hessian_vector, jacobian, tangents
    from .diagnosis import Diagnosis, Outcome, Visit, diagnose, exhibit, museum
    from .display import IN_NOTEBOOKS
    from .elimination import Cost, Elimination, eliminate
    from .expressions import expression_of, names_in
    from .factored import Equation, Slope, Written, expanded, factored, remembered
    from .fold import Folded, fold, origin
    from .functions import log_softmax, logsumexp, maximum, minimum, softmax, total, weighted_sum
    from .givens import Given
    from .hazards import Breakdown, first_nonfinite, kinks, strict
    from .ledger import Ledger, ledger
    from .mistakes import Term
    from .museum import MUSEUM, Exhibit
    from .nicknames import nicknames
    from .paths import Paths, paths
    from .program import Program
    from .quiz import Choice, Question, Quiz, Score, quiz
    from .ranking import Path, Ranked
    from .readings.values import spelled_out
    from .recording import located, names, unrecorded
    from .repeats import Row, collapse, shorten_rows
    from .simplify import simplified
    from .slopes import slope
    from .spelled import local_formula, weight_on
    from .stacked import MATRICES, Matrix, Stacked, stack, stacked_gradients
    from .steps import Steps, steps
    from .sweep import Algebra, Step, by_edge, on_locals, pushed, sweep, totals
    from .vectorize import vectorize
    from .zeros import Zero, why_zero

# fmt: off
__all__ = [
    "DERIVATIVES", "IN_NOTEBOOKS", "LARGEST", "LARGEST_WAY", "LENGTHS", "MATRICES", "MUSEUM", "PATH_COUNTS", "SIGNS",
    "SIZES", "SPREAD", "TABLE", "Algebra", "BadExpression", "BadGraphFile", "Breakdown", "Change", "Check", "Choice",
    "Cost", "Diagnosis", "Differences", "Edge", "Elimination", "Equation", "Exhibit", "Folded", "Given", "Graph",
    "Ledger", "Lengths", "Matrix", "NoGradientWarning", "Node", "NonFinite", "NonFiniteWarning", "NotAName",
    "NotAScalar", "NotExact", "NotInGraph", "NotInstalled", "NotRecorded", "NotVectorized", "Op", "Outcome", "Path",
    "PathgradError", "Paths", "Program", "Question", "Quiz", "Ranked", "Row", "Scope", "Score", "Signed", "Slope",
    "Spread", "Stacked", "StageLedger", "Step", "Steps", "Term", "TooMany", "UnknownChoice", "Value", "Visit", "Way",
    "Written", "WrongShape", "Zero", "aligned", "backward", "backward_in_stages", "by_edge", "check", "collapse",
    "counted", "derivative_name", "describe", "diagnose", "diff", "edges_of", "eliminate", "exhibit", "expanded",
    "expression_of", "factored", "first_nonfinite", "fold", "from_json", "gradients", "hessian", "hessian_vector",
    "is_node", "jacobian", "kinks", "label", "largest_ways", "ledger", "local_formula", "located", "log_softmax",
    "logsumexp", "maximum", "minimum", "museum", "names", "names_in", "nicknames", "on_locals", "origin", "paths",
    "pushed", "quiz", "remembered", "require_choice", "same_graph", "shorten", "shorten_rows", "simplified", "slope",
    "softmax", "spelled_out", "stack", "stacked_gradients", "steps", "strict", "subscript", "sweep", "tangents",
    "to_json", "total", "totals", "unrecorded", "vectorize", "weight_on", "weighted_sum", "where_made", "why_zero",
    "within",
]
# fmt: on

# Loaded when they are first asked for, so that `import autograd` costs a few milliseconds.
HOMES = {
    name: module
    for module, names in {
        "algebras": "DERIVATIVES LARGEST LARGEST_WAY LENGTHS PATH_COUNTS SIGNS SIZES SPREAD Lengths Signed "
        "Spread Way largest_ways",
        "backprop": "backward",
        "check": "Check check",
        "checkpoint": "StageLedger backward_in_stages",
        "compare": "Change Differences diff same_graph",
        "data": "from_json to_json",
        "derivatives": "gradients hessian hessian_vector jacobian tangents",
        "diagnosis": "Diagnosis Outcome Visit diagnose exhibit museum",
        "display": "IN_NOTEBOOKS",
        "elimination": "Cost Elimination eliminate",
        "expressions": "expression_of names_in",
        "factored": "Equation Slope Written expanded factored remembered",
        "fold": "Folded fold origin",
        "functions": "log_softmax logsumexp maximum minimum softmax total weighted_sum",
        "givens": "Given",
        "hazards": "Breakdown first_nonfinite kinks strict",
        "ledger": "Ledger ledger",
        "mistakes": "Term",
        "museum": "MUSEUM Exhibit",
        "nicknames": "nicknames",
        "paths": "Paths paths",
        "program": "Program",
        "quiz": "Choice Question Quiz Score quiz",
        "ranking": "Path Ranked",
        "readings.values": "spelled_out",
        "recording": "located names unrecorded",
        "repeats": "Row collapse shorten_rows",
        "simplify": "simplified",
        "slopes": "slope",
        "spelled": "local_formula weight_on",
        "stacked": "MATRICES Matrix Stacked stack stacked_gradients",
        "steps": "Steps steps",
        "sweep": "Algebra Step by_edge on_locals pushed sweep totals",
        "vectorize": "vectorize",
        "zeros": "Zero why_zero",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(__import__(f"{__name__}.{HOMES[name]}", fromlist=[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """This package, in which `paths` is the function also after somebody has imported the module of that name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def _warn_of_namesake() -> None:
    """HIPS/autograd has our import name; where it is installed into the same folder, files of both are mixed."""
    beside = os.listdir(os.path.dirname(os.path.dirname(__file__)))
    if any(name.startswith("autograd-") and name.endswith(".dist-info") for name in beside):
        from warnings import warn

        warn(
            "the distribution 'autograd' (HIPS/autograd) is installed beside pathgrad, and both are imported as "
            "autograd; keep one: pip uninstall autograd, then pip install --force-reinstall pathgrad",
            stacklevel=3,
        )


_warn_of_namesake()

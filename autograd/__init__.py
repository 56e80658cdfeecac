"""A scalar autograd engine that shows its work: Values, the graph they make, and the chain rule on it.

>>> a = Value(3.0, "a")
>>> y = (a * a + a).named("y")
>>> y.backward(); a.grad
7.0
>>> paths(y, a)
<3 paths from y to a, sum 7>
"""

from .backprop import backward
from .check import Check, check
from .checkpoint import StageLedger, backward_in_stages
from .derivatives import gradients, hessian, hessian_vector, jacobian, tangents
from .errors import (
    NoGradientWarning,
    NonFinite,
    NonFiniteWarning,
    NotAName,
    NotAScalar,
    NotExact,
    NotInGraph,
    NotRecorded,
    PathgradError,
    UnknownChoice,
    WrongShape,
    shorten,
)
from .fold import Folded, fold
from .functions import log_softmax, logsumexp, maximum, minimum, softmax, total, weighted_sum
from .graph import Edge, Graph, Node, describe, edges_of, label, where_made
from .hazards import NotFinite, first_nonfinite, kinks, strict
from .ledger import Ledger, ledger
from .ops import TABLE, Op
from .paths import Path, Paths, paths
from .readings.values import spelled_out
from .recording import located, names, unrecorded
from .scope import Scope, within
from .sweep import DERIVATIVES, PATH_COUNTS, Algebra, Step, pushed, steps, sweep, totals
from .value import Value

__all__ = [
    "DERIVATIVES",
    "PATH_COUNTS",
    "TABLE",
    "Algebra",
    "Check",
    "Edge",
    "Folded",
    "Graph",
    "Ledger",
    "NoGradientWarning",
    "Node",
    "NonFinite",
    "NonFiniteWarning",
    "NotAName",
    "NotAScalar",
    "NotExact",
    "NotFinite",
    "NotInGraph",
    "NotRecorded",
    "Op",
    "Path",
    "PathgradError",
    "Paths",
    "Scope",
    "StageLedger",
    "Step",
    "UnknownChoice",
    "Value",
    "WrongShape",
    "backward",
    "backward_in_stages",
    "check",
    "describe",
    "edges_of",
    "first_nonfinite",
    "fold",
    "gradients",
    "hessian",
    "hessian_vector",
    "jacobian",
    "kinks",
    "label",
    "ledger",
    "located",
    "log_softmax",
    "logsumexp",
    "maximum",
    "minimum",
    "names",
    "paths",
    "pushed",
    "shorten",
    "softmax",
    "spelled_out",
    "steps",
    "strict",
    "sweep",
    "tangents",
    "total",
    "totals",
    "unrecorded",
    "weighted_sum",
    "where_made",
    "within",
]

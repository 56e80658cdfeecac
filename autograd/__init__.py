"""A scalar autograd engine that shows its work: Values, the graph they make, and the chain rule on it.

>>> a = Value(3.0, "a")
>>> y = (a * a + a).named("y")
>>> y.backward(); a.grad
7.0
>>> paths(y, a)
<3 paths from y to a, sum 7>
"""

from .backprop import backward
from .derivatives import gradients, hessian, hessian_vector, jacobian, tangents
from .errors import (
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
from .graph import Edge, Graph, Node, describe, edges_of, label
from .ledger import Ledger, ledger
from .ops import TABLE, Op
from .paths import Path, Paths, paths
from .readings.values import spelled_out
from .scope import Scope, within
from .sweep import DERIVATIVES, PATH_COUNTS, Algebra, Step, pushed, steps, sweep, totals
from .value import Value

__all__ = [
    "DERIVATIVES",
    "PATH_COUNTS",
    "TABLE",
    "Algebra",
    "Edge",
    "Folded",
    "Graph",
    "Ledger",
    "Node",
    "NotAName",
    "NotAScalar",
    "NotExact",
    "NotInGraph",
    "NotRecorded",
    "Op",
    "Path",
    "PathgradError",
    "Paths",
    "Scope",
    "Step",
    "UnknownChoice",
    "Value",
    "WrongShape",
    "backward",
    "describe",
    "edges_of",
    "fold",
    "gradients",
    "hessian",
    "hessian_vector",
    "jacobian",
    "label",
    "ledger",
    "log_softmax",
    "logsumexp",
    "maximum",
    "minimum",
    "paths",
    "pushed",
    "shorten",
    "softmax",
    "spelled_out",
    "steps",
    "sweep",
    "tangents",
    "total",
    "totals",
    "weighted_sum",
    "within",
]

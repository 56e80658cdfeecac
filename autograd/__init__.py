"""A scalar autograd engine that shows its work: Values, the graph they make, and the chain rule on it.

>>> a = Value(3.0, "a")
>>> y = (a * a + a).named("y")
>>> y.backward(); a.grad
7.0
>>> paths(y, a)
<3 paths from y to a, sum 7>
"""

from .errors import NotAScalar, NotInGraph, PathgradError, UnknownChoice, WrongShape, shorten
from .fold import Folded, fold
from .graph import Edge, Graph, Node, describe, edges_of, label
from .ledger import Ledger, ledger
from .ops import TABLE, Op
from .paths import Path, Paths, paths
from .scope import Scope, within
from .sweep import DERIVATIVES, PATH_COUNTS, Algebra, Step, adjoints, backward, gradients, steps, sweep, totals
from .value import Value, weighted_sum

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
    "NotAScalar",
    "NotInGraph",
    "Op",
    "Path",
    "PathgradError",
    "Paths",
    "Scope",
    "Step",
    "UnknownChoice",
    "Value",
    "WrongShape",
    "adjoints",
    "backward",
    "describe",
    "edges_of",
    "fold",
    "gradients",
    "label",
    "ledger",
    "paths",
    "shorten",
    "steps",
    "sweep",
    "totals",
    "weighted_sum",
    "within",
]

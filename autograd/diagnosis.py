"""What a wrong back-propagation leaves on a graph, beside the truth, and which one explains somebody's gradients.

Imports algebras, graph, museum, nicknames, plain, readings.python and sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import inf
from numbers import Real
from operator import itemgetter
from typing import Any, Generic, NamedTuple

from .algebras import DERIVATIVES, SIZES
from .errors import NotAScalar, NotExact, TooMany, WrongShape, require_choice, shorten
from .graph import Graph, N, describe, require_recorded
from .museum import MUSEUM, Case, Exhibit
from .nicknames import nicknames
from .plain import as_float, as_number, brief
from .readings.python import ieee_divide
from .sweep import totals

RATE = 0.5  # of the early update, as in the usual example
ROUNDING = 1e-12  # of the size of all paths to a node: more than adding them up in another order can do


class Outcome(NamedTuple, Generic[N]):
    """What an exhibit leaves in every node of a graph, beside the true derivatives; true where it is right here.

    `differences` are wrong minus right for the nodes that are wrong, in the order of the reverse sweep.
    """

    exhibit: Exhibit
    graph: Graph[N]
    gradients: dict[N, float]
    truth: dict[N, float]
    differences: dict[N, float]

    @property
    def first(self) -> N | None:
        """The first node of the reverse sweep that is wrong; None where all are right."""
        return next(iter(self.differences), None)

    @property
    def relative(self) -> float:
        """The largest error as a share of what is right: inf where that is 0, and 0.0 where nothing is wrong."""
        errors = [ieee_divide(abs(as_float(by)), abs(as_float(self.truth[x]))) for x, by in self.differences.items()]
        return max(errors, key=lambda error: (error != error, error), default=0.0)  # nan is the worst

    def __bool__(self) -> bool:
        return not self.differences

    def __repr__(self) -> str:
        return f"<{self.exhibit.name}: wrong at {len(self.differences)} of {len(self.graph)} nodes>"

    def __str__(self) -> str:
        if self:
            return f"{self.exhibit}\n  right here, at all {len(self.graph)} nodes"
        said = _said(self.graph, self.differences, self.gradients, self.truth)
        return f"{self.exhibit}\n  {said}; largest relative error {brief(self.relative)}"


class Visit(list[Outcome[N]], Generic[N]):
    """The outcomes of all exhibits in their order; `left_out` says which one could not be run, and why."""

    left_out = ""

    @property
    def remarks(self) -> list[str]:
        """A line on what was left out, if anything was."""
        return [f"left out: {self.left_out}"] if self.left_out else []

    def __str__(self) -> str:
        return "\n".join([*map(str, self), *self.remarks])


class Diagnosis(NamedTuple, Generic[N]):
    """What `diagnose` found; true where the gradients are right.

    `differences` are given minus right for the nodes where they are not, in the order of the reverse sweep, and
    `explained_by` the exhibits that give the same at every node. Where there is none, `closest` is the one that gives
    most of the wrong numbers, `hits` of them; None if none gives any.
    """

    visit: Visit[N]
    graph: Graph[N]
    given: dict[N, float]
    truth: dict[N, float]
    differences: dict[N, float]
    explained_by: tuple[Exhibit, ...] = ()
    closest: Exhibit | None = None
    hits: int = 0

    @property
    def first(self) -> N | None:
        """The first node of the reverse sweep whose gradient is wrong; None where all are right."""
        return next(iter(self.differences), None)

    @property
    def verdict(self) -> str:
        """It in one word: right, explained or unexplained."""
        return "right" if self else "explained" if self.explained_by else "unexplained"

    def __bool__(self) -> bool:
        return not self.differences

    def __repr__(self) -> str:
        return f"<{self.verdict}{', '.join(f' by {exhibit.name}' for exhibit in self.explained_by)}>"

    def __str__(self) -> str:
        if self:
            return f"right at all {len(self.given)} nodes"
        lines = [_said(self.graph, self.differences, self.given, self.truth)]
        lines += [f"explained by {exhibit}" for exhibit in self.explained_by] or ["no exhibit explains it"]
        if self.closest:
            lines.append(f"closest, giving {self.hits} of the {len(self.differences)} wrong numbers: {self.closest}")
        return "\n".join(lines + self.visit.remarks)


def exhibit(name: str, y: N, learning_rate: float = RATE, weights: Iterable[N] | None = None) -> Outcome[N]:
    """What the exhibit of that name leaves in the nodes below y, a Value or a folded node; touches no `.grad`.

    Only the early update asks for the learning rate and for the `weights`, which are all leaves unless told
    otherwise. A folded node keeps its local derivatives whatever happens below. Raises UnknownChoice for an exhibit
    that does not exist, NotAScalar for a y that is no node, NotRecorded if its graph was not kept, WrongShape for a
    learning rate that is no finite number, NotInGraph for a weight that y was not made from, and TooMany where the
    recursion would visit nodes more than a million times.
    """
    require_choice("exhibit", name, MUSEUM)
    return _outcome(MUSEUM[name], _case(y, "exhibit", learning_rate, weights))


def museum(y: N, learning_rate: float = RATE, weights: Iterable[N] | None = None) -> Visit[N]:
    """What each exhibit leaves in the nodes below y; `print` tells it in two lines each.

    Raises what `exhibit` does, except that a recursion too long to walk is left out, and `left_out` says so.
    Source: the notes' lines 765, where one path stands for two, and 668-682, where weights are updated on the way.
    """
    return _visit(_case(y, "museum", learning_rate, weights))


def diagnose(
    y: N, grads: Mapping[N, float | None], learning_rate: float = RATE, tolerance: float = 1e-6
) -> Diagnosis[N]:
    """Whether these gradients of y, for some or all of the nodes below it, are right, and if not, what explains them.

    An exhibit explains them if it gives the same number at every node, up to the tolerance as a share of the number
    or of all paths to its node. None is no gradient, and skipped. The leaves given are what an early update changes.

    Raises NotInGraph for a node that y was not made from, NotAScalar for a gradient that is no number, for what is no
    mapping and for a y that is no node, NotRecorded if its graph was not kept, and WrongShape if no gradient is given
    or the learning rate or the tolerance is no finite number.

    >>> from autograd import Value
    >>> x = Value(0.5, "x")
    >>> print(diagnose(2 * x + 3 * x, {x: 2.0}))
    wrong at 1 of 1 nodes, first at x: 2 where 5 is right
    explained by overwrites: = stands for +=, so of several contributions to a node only the last one stays.
    """
    case = _case(y, "diagnose", learning_rate)
    given = _given(case.graph, grads)
    if leaves := {x for x in given if not x.operands}:
        case = case._replace(weights=leaves)
    wrong = _departures(case, given, _finite(tolerance, "diagnose, tolerance"))
    if not wrong:
        return Diagnosis(Visit(), case.graph, given, case.truth, wrong)
    visit, ranked = _visit(case), []
    for found in visit:
        agreeing = {x for x in given if _same(case, x, given[x], found.gradients[x], tolerance)}
        ranked.append((len(agreeing & wrong.keys()), len(agreeing), found.exhibit))
    if explained_by := tuple(exhibit for _, agreeing, exhibit in ranked if agreeing == len(given)):
        return Diagnosis(visit, case.graph, given, case.truth, wrong, explained_by)
    hits, _, closest = max(ranked, key=itemgetter(0, 1))
    return Diagnosis(visit, case.graph, given, case.truth, wrong, (), closest if hits else None, hits)


def _given(graph: Graph[Any], grads: Any) -> dict[Any, float]:
    """The gradients that are there, as numbers; raises what `diagnose` promises of them."""
    if not isinstance(grads, Mapping):
        raise NotAScalar(f"diagnose: given {shorten(grads)}, expected a gradient for each node; write {{x: 1.0}}")
    for x in grads:
        graph.require(x, "diagnose")
    given = {x: as_number(g, f"diagnose, the gradient of {describe(x)}") for x, g in grads.items() if g is not None}
    if not given:
        raise WrongShape("diagnose: no gradient is given; run what computes them first, or write {x: 1.0}")
    return given


def _case(y: Any, asked: str, learning_rate: Any, weights: Iterable[Any] | None = None) -> Case:
    require_recorded(y, asked)
    graph = Graph(y)
    updated = graph.leaves if weights is None else graph.chosen(weights, f"{asked}, weights")
    rate = Fraction(_finite(learning_rate, f"{asked}, learning_rate"))
    start = {y: type(y.data)(1)}  # a float or a fraction, as y is
    try:
        return Case(graph, start, totals(graph, DERIVATIVES, start), totals(graph, SIZES, start), rate, set(updated))
    except OverflowError:
        raise NotExact(f"{asked}: a fraction is too large for the floats beside it; use floats throughout") from None


def _finite(given: Any, what: str) -> Any:
    """The number itself; raises WrongShape if it is none, or inf or nan."""
    if isinstance(given, bool) or not (isinstance(given, Real) and given - given == 0):
        raise WrongShape(f"{what}: given {shorten(given)}, expected a finite number such as 0.5")
    try:
        return as_number(given, what)
    except NotAScalar:
        raise WrongShape(f"{what}: given {shorten(given)}, which is too large for a float") from None


def _visit(case: Case) -> Visit[Any]:
    visit = Visit[Any]()
    for one in MUSEUM.values():
        try:
            visit.append(_outcome(one, case))
        except TooMany as error:
            visit.left_out = str(error)
    return visit


def _outcome(exhibit: Exhibit, case: Case) -> Outcome[Any]:
    gradients = exhibit.run(case)
    return Outcome(exhibit, case.graph, gradients, case.truth, _departures(case, gradients, ROUNDING))


def _departures(case: Case, found: Mapping[N, float], tolerance: float) -> dict[N, float]:
    """Found minus true for each node where the two differ, in the order of the reverse sweep."""
    pairs = ((x, found[x], case.truth[x]) for x in reversed(case.graph.nodes) if x in found)
    wrong = ((x, a, b) for x, a, b in pairs if not _same(case, x, a, b, tolerance))
    return {x: a - b if type(a) is type(b) else as_float(a) - as_float(b) for x, a, b in wrong}


def _same(case: Case, node: Any, a: float, b: float, tolerance: float) -> bool:
    """Whether two numbers are one derivative by this node, up to the tolerance; nan equals nan."""
    if a == b or (a != a and b != b):
        return True
    a, b, size = map(as_float, (a, b, case.sizes[node]))
    return abs(a - b) <= tolerance * max(abs(a), abs(b), size) < inf


def _said(graph: Graph[N], differences: Iterable[N], found: Mapping[N, float], truth: Mapping[N, float]) -> str:
    """At how many of how many nodes numbers depart from the truth, and where first."""
    wrong = list(differences)
    says = f"{brief(found[wrong[0]], 6)} where {brief(truth[wrong[0]], 6)} is right"
    return f"wrong at {len(wrong)} of {len(found)} nodes, first at {nicknames(graph)[wrong[0]]}: {says}"

"""Algebras for the sweep: one loop, and as many answers as there are ways to multiply and add.

Imports graph and sweep.
"""

from __future__ import annotations

from heapq import merge
from itertools import islice
from math import exp, inf, log, log1p
from numbers import Rational
from operator import add, attrgetter, mul
from typing import Any, NamedTuple, TypeAlias

from .graph import Edge
from .sweep import Algebra, by_edge, on_locals

# The first three begin with a whole number, so that fractions stay exact.
DERIVATIVES: Algebra[Any, float] = Algebra(1, mul, add, attrgetter("partials"))
PATH_COUNTS: Algebra[Any, int] = Algebra(
    1, mul, add, lambda node: [None if local is None else 1 for local in node.partials]
)
SIZES: Algebra[Any, float] = Algebra(1, mul, add, on_locals(abs))  # Σ |product| over the paths


class Signed(NamedTuple):
    """The sum of the positive products and the sum of the negative ones: what adds up, and what cancels."""

    positive: float
    negative: float


def _by_sign(local: float) -> Signed:
    return Signed(0, local) if local < 0 else Signed(local, 0)


def _times_signed(a: Signed, b: Signed) -> Signed:
    """A part that is 0 stays out of it, also beside inf."""
    (p, n), (q, m) = a, b
    positive = (p * q if p and q else 0) + (n * m if n and m else 0)
    return Signed(positive, (p * m if p and m else 0) + (n * q if n and q else 0))


def _plus_pairwise(a: Any, b: Any) -> Any:
    return type(a)(*map(add, a, b))


SIGNS: Algebra[Any, Signed] = Algebra(Signed(1, 0), _times_signed, _plus_pairwise, on_locals(_by_sign))


class Lengths(NamedTuple):
    """The least and the largest number of edges on any path."""

    shortest: int
    longest: int


LENGTHS: Algebra[Any, Lengths] = Algebra(
    Lengths(0, 0),
    _plus_pairwise,
    lambda a, b: Lengths(min(a.shortest, b.shortest), max(a.longest, b.longest)),
    on_locals(lambda local: Lengths(1, 1)),
)


HUGE = 1e5  # stands for the magnitude of inf and nan, so that what stands beside them keeps its order


def magnitude(local: float) -> float:
    """The logarithm of |local|, in which long products neither vanish nor overflow; inf and nan count as huge."""
    if isinstance(local, Rational) and local:
        return log(abs(local.numerator)) - log(local.denominator)
    size = abs(local)
    return -inf if size == 0 else log(size) if size < inf else HUGE


def product(a: float, b: float) -> float:
    """The magnitude of a product; a zero stays a zero."""
    return -inf if -inf in (a, b) else a + b


LARGEST: Algebra[Any, float] = Algebra(0.0, product, max, on_locals(magnitude))  # the largest |product|, as a logarithm


class Spread(NamedTuple):
    """How evenly a derivative is spread over its paths: ln Σ |product|, and the mean of ln |product| weighted by size.

    Source: the expectation semiring (Eisner 2002; Li and Eisner 2009), in logarithms.
    """

    magnitude: float
    mean: float

    @property
    def effective(self) -> float:
        """So many equally large paths would be spread as widely: e to the entropy. 0.0 if every product is 0."""
        if self.magnitude == -inf:
            return 0.0
        entropy = self.magnitude - self.mean
        return exp(max(entropy, 0.0)) if entropy < LARGEST_EXPONENT else inf


LARGEST_EXPONENT = 709.0  # of e, as a float


def _plus_spread(a: Spread, b: Spread) -> Spread:
    if a.magnitude < b.magnitude:
        a, b = b, a
    if b.magnitude == -inf:
        return a
    share = exp(b.magnitude - a.magnitude)  # of the smaller sum in the larger one
    return Spread(a.magnitude + log1p(share), (a.mean + share * b.mean) / (1 + share))


SPREAD: Algebra[Any, Spread] = Algebra(
    Spread(0.0, 0.0),
    lambda a, b: Spread(product(a.magnitude, b.magnitude), product(a.mean, b.mean)),
    _plus_spread,
    on_locals(lambda local: Spread(magnitude(local), magnitude(local))),
)


class Trail(NamedTuple):
    """The way down so far, newest edge first: a linked list, so that paths share their beginnings."""

    before: Trail | None
    edge: Edge[Any]

    def __repr__(self) -> str:
        return f"<a trail that ends with {self.edge}>"


class Way(NamedTuple):
    """The magnitude of a path's product, and the path itself."""

    magnitude: float
    trail: Trail | None = None


def _go_on(way: Way, step: Way) -> Way:
    assert step.trail is not None
    return Way(product(way.magnitude, step.magnitude), Trail(way.trail, step.trail.edge))


def _way(edge: Edge[Any]) -> Way:
    """An edge as a way of one step."""
    return Way(magnitude(edge.local), Trail(None, edge))


# The largest path itself: what meets is compared, and the larger keeps its trail (Viterbi's back-pointers).
LARGEST_WAY: Algebra[Any, Way] = Algebra(
    Way(0.0), _go_on, lambda a, b: b if b.magnitude > a.magnitude else a, by_edge(_way)
)

Ways: TypeAlias = list[Way]  # in order of falling magnitude


def largest_ways(k: int | None) -> Algebra[Any, Ways]:
    """The algebra of the k largest paths; of all of them, one by one, for None."""

    def plus(a: Ways, b: Ways) -> Ways:
        return list(islice(merge(a, b, key=lambda way: -way.magnitude), k))

    return Algebra(
        [Way(0.0)],
        lambda ways, step: [_go_on(way, step[0]) for way in ways],
        plus,
        by_edge(lambda edge: [_way(edge)]),
    )

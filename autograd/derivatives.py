"""Derivatives of any order: gradients, tangents, Jacobians, Hessians.

Imports algebras, backprop, functions, graph, hazards, plain, readings.values, sweep and value.

With `create_graph` the chain rule is carried out on Values, by the same sweep over another algebra, so that what
comes out is a graph that can be drawn, told and differentiated again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, overload

from .algebras import DERIVATIVES
from .backprop import IN_TURN, sweep_safely
from .errors import NotAScalar, NotExact, UnknownChoice, WrongShape, shorten
from .functions import weighted_sum
from .graph import Graph, derivative_name, describe, each, label, require_recorded
from .hazards import is_finite
from .plain import as_number
from .readings.values import local_derivatives
from .sweep import Algebra, pushed, totals
from .value import Operand, Value, data_of

Vector: TypeAlias = list[float]
Matrix: TypeAlias = list[list[float]]


def _times(a: Operand, b: Operand) -> Operand:
    """The product without the multiplications by 1, −1 and 0 that nobody would write."""
    for one, other in ((a, b), (b, a)):
        if not isinstance(one, Value) and (one in (1, -1) or (one == 0 and is_finite(data_of(other)))):
            return other if one == 1 else -other if one == -1 else 0
    return a * b


def _plus(a: Operand, b: Operand) -> Operand:
    """The sum without the addition of 0."""
    for one, other in ((a, b), (b, a)):
        if not isinstance(one, Value) and one == 0:
            return other
    return a + b


# Derivatives as Values: each local derivative is its row's formula, written out once per node as a graph.
SYMBOLIC: Algebra[Value, Operand] = Algebra(1, _times, _plus, local_derivatives)


@overload
def gradients(y: Value, xs: Iterable[Value], *, create_graph: Literal[False] = False) -> Vector: ...
@overload
def gradients(y: Value, xs: Iterable[Value], *, create_graph: Literal[True]) -> list[Value]: ...
def gradients(y: Value, xs: Iterable[Value], *, create_graph: bool = False) -> Vector | list[Value]:
    """∂y/∂x for each x, touching no `.grad`; 0.0 for an x that y was not made from.

    With `create_graph` the derivatives are Values, whose graph goes on into that of y: differentiate them again
    for the second order, and so on. Raises NotAScalar for a y or an x that is no Value, NotRecorded where the graph
    was not kept.
    """
    require_recorded(y, "gradients")
    wanted = _values(xs, "gradients")
    if create_graph:
        graph = Graph(y)
        found = totals(graph, SYMBOLIC)
        slopes = [_as_value(found.get(x, 0.0)) for x in wanted]
        shared = Counter(slopes)
        for x, slope in zip(wanted, slopes, strict=True):
            if not slope.name and slope not in graph and shared[slope] == 1:
                slope.named(derivative_name(label(y), label(x)))
        return slopes
    with IN_TURN:
        kept = [(x, x.grad) for x in wanted]
        for x in wanted:
            x.grad = 0.0  # what an x that the sweep never meets will show
        try:
            swept = sweep_safely(y, wanted)
            numbers = [0.0 if x.grad is None else x.grad for x in wanted]
            swept.undo()
        finally:
            for x, grad in kept:
                x.grad = grad
    return numbers


def tangents(ys: Iterable[Value], along: Mapping[Value, float]) -> Vector:
    """Forward mode: how fast each y changes when every x of `along` moves at the speed given there.

    One sweep upward, however many ys: `tangents([y], {x: 1.0})` is ∂y/∂x. Raises NotAScalar for what is no Value or
    no number, NotInGraph for an x that none of the ys was made from.
    """
    wanted = _recorded(ys, "tangents")
    if not isinstance(along, Mapping):
        raise NotAScalar(f"tangents: given {shorten(along)}, expected a speed for each Value; write {{x: 1.0}}")
    graph = Graph(*wanted)
    for x in along:
        graph.require(x, "tangents")
    seeds = {x: as_number(speed, f"tangents along {describe(x)}") for x, speed in along.items()}
    try:
        held = pushed(graph, DERIVATIVES, seeds)
    except OverflowError:
        raise NotExact("tangents: a fraction is too large for the floats beside it; give whole speeds") from None
    return [held.get(y, 0.0) for y in wanted]


def jacobian(ys: Iterable[Value], xs: Iterable[Value], mode: Literal["reverse", "forward"] | None = None) -> Matrix:
    """The matrix of all ∂y/∂x: a row for each y, a column for each x.

    By as many sweeps as there are ys (reverse) or xs (forward); without a `mode` whichever are fewer. Raises
    NotAScalar for what is no Value.
    """
    rows, columns = _recorded(ys, "jacobian"), _values(xs, "jacobian")
    if mode not in ("reverse", "forward", None):
        raise UnknownChoice("mode", mode, ("reverse", "forward"))
    if (mode or ("reverse" if len(rows) <= len(columns) else "forward")) == "reverse":
        return [gradients(y, columns) for y in rows]
    seeds: list[dict[Value, float]] = [{x: 1} for x in columns]
    held = [pushed(Graph(*rows), DERIVATIVES, seed) for seed in seeds]
    return [[speeds.get(y, 0.0) for speeds in held] for y in rows]


def hessian(y: Value, xs: Iterable[Value]) -> Matrix:
    """The matrix of all second derivatives ∂²y/∂x∂x′: the Jacobian of the gradient.

    Symmetric up to rounding where the xs are leaves.
    """
    columns = _values(xs, "hessian")
    return jacobian(gradients(y, columns, create_graph=True), columns)


def hessian_vector(y: Value, xs: Iterable[Value], vector: Sequence[float]) -> Vector:
    """The Hessian times a vector at the price of two sweeps, however many xs.

    It is the gradient of the slope along the vector.

    Raises WrongShape unless the vector has one number for each x.
    """
    columns = _values(xs, "hessian_vector")
    if not hasattr(vector, "__len__") or len(vector) != len(columns):
        given = f"{len(vector)} numbers" if hasattr(vector, "__len__") else shorten(vector)
        raise WrongShape(f"hessian_vector: given {given} for {len(columns)} xs; give one number for each x")
    slopes = gradients(y, columns, create_graph=True)
    speeds = [as_number(speed, "hessian_vector") for speed in vector]
    along = weighted_sum(slopes, speeds) if slopes else Value(0.0)  # the slope along the vector
    return gradients(along, columns)


def _recorded(ys: Iterable[Value], asked: str) -> list[Value]:
    """The same of Values whose graphs were kept; raises NotRecorded for one that was not."""
    wanted = _values(ys, asked)
    for y in wanted:
        require_recorded(y, asked)
    return wanted


def _values(given: Iterable[Value], asked: str) -> list[Value]:
    """A list of Values; raises NotAScalar, its message beginning with what was `asked`, for anything else."""
    wanted = list(each(given, asked))
    for node in wanted:
        if not isinstance(node, Value):
            raise NotAScalar(f"{asked}: {shorten(node)} is no Value; write a list of Values, [x1, x2]")
    return wanted


def _as_value(derivative: Operand) -> Value:
    return derivative if isinstance(derivative, Value) else Value(derivative)

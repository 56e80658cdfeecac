"""One example's scalar graph, or that of a whole batch, as a program.

Imports arrays, choosing, copies, graph, inlining, levels, lines, ops, program, scalars, statements and tabulate; NumPy.

>>> from autograd import Value
>>> w, x, y = Value(0.5, "w"), Value(1.0, "x"), Value(0.0, "y")
>>> program = vectorize(((w * x).tanh() - y) ** 2, batch=[x, y])
>>> round(program.loss([[1.0, 2.0], [0.0, 0.0]]), 4)
0.3968
>>> program.gradients([[1.0, 2.0], [0.0, 0.0]])[w].round(4)
np.float64(1.0031)
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from .arrays import Plan
from .choosing import KINDS, MOST, Kind, chosen
from .copies import Batches, batches_in
from .errors import NotVectorized, TooMany, WrongShape, require_choice
from .graph import Graph, describe, each, require_recorded
from .inlining import tidied
from .levels import Levels
from .lines import Lines
from .ops import TABLE
from .program import Program
from .scalars import Scalar, scalars_of, scalars_of_batches
from .statements import Statements
from .tabulate import Tables


def vectorize(loss: Any, batch: Sequence[Any] | None = None, kind: str | None = None) -> Program:
    """The program for the mean of this loss over a batch, of which `loss` is the scalar graph of one example.

    `batch` are the leaves that are other numbers in each example, a row of the batch each, in this order; all other
    leaves are parameters. Whatever else the graph was made with, plain numbers and the branches that were taken, is the
    same for every example.

    Without a batch the examples are looked for: where the loss adds up terms that are one computation, with other
    leaves or plain numbers in each, these are the columns of a batch, and `program.batch` has them as they were. An
    empty list says that nothing varies.

    A graph with structure is computed as "arrays", with equations; one without, by "levels", a primitive at a time on
    all scalars of one level, or, if it is tiny or deep, in "lines", one for each scalar. `program.kind` and `why` say
    which it is; `kind` asks for one.

    Raises NotAScalar for a loss that is no node, NotRecorded if its graph was not kept, NotInGraph for a leaf that the
    loss was not made from, WrongShape for one given twice or for a node that is no leaf, UnknownChoice for a kind that
    does not exist, NotVectorized for a node that no row of the table computes, such as a folded one, TooMany for a
    graph of millions of nodes without structure or width.
    """
    require_recorded(loss, "vectorize")
    if kind is not None:
        require_choice("kind", kind, KINDS)
    graph = Graph(loss)
    _require_rows(graph)
    if batch is None and kind in (None, "arrays") and (found := batches_in(loss)) is not None and _is_batch(found):
        plan, best = _planned(scalars_of_batches(loss, found), True, kind)
        if plan is not None:
            return _of_batches(plan, best, found)
    leaves = _each_once(graph.chosen(each(batch or (), "vectorize"), "vectorize"))
    scalars = scalars_of(graph, set(leaves))
    plan, best = _planned(scalars, bool(leaves), kind if scalars[-1].op else None)
    if plan is not None:
        return Program(Statements(tidied(plan), (leaves,)), best, (leaves,))
    return Program(Levels(scalars, leaves) if best.name == "levels" else Lines(scalars, leaves), best, (leaves,))


def _require_rows(graph: Graph[Any]) -> None:
    """Raise NotVectorized for a node that no row of the table computes."""
    for node in graph.nodes:
        if node.operands and (node.op is None or TABLE.get(node.op.name) is not node.op):
            by = f"{node.op.name}, which is no row of the table" if node.op else "a folded scope, which has no formula"
            raise NotVectorized(f"vectorize: {describe(node)} is computed by {by}; give a graph of primitives")


def _each_once(leaves: Sequence[Any]) -> tuple[Any, ...]:
    """These leaves. Raises WrongShape for one given twice, or that is none."""
    for place, leaf in enumerate(leaves):
        if leaf.operands or leaf in leaves[:place]:
            problem = "is computed" if leaf.operands else "is given twice"
            raise WrongShape(f"vectorize: {describe(leaf)} {problem}; batch= lists each leaf that varies once")
    return tuple(leaves)


def _planned(scalars: Sequence[Scalar], has_batch: bool, kind: str | None) -> tuple[Plan | None, Kind]:
    """How these scalars are computed, and the arrays that they then stand in."""
    if kind is not None:
        return Tables(scalars).plan if kind == "arrays" else None, Kind(kind, "asked for")
    plan = None
    with suppress(TooMany):
        plan = Tables(scalars, MOST).plan
    best = chosen(scalars, None if plan is None else len(plan.computed), has_batch)
    return plan if best.name == "arrays" else None, best


def _is_batch(found: Batches[Any]) -> bool:
    """Whether copies are examples, which differ, and not neurons, which have more to themselves than they share.

    Where three or more differ in plain numbers alone, which nobody learns, they are examples whatever they share.
    """
    classes = [copies for each in found.sums for copies in each.classes]
    return all(
        (len(copies.roots) > 2 and copies.numbers and not copies.leaves)
        or 0 < len(copies.leaves) + len(copies.numbers) <= len(copies.shared)
        for copies in classes
    )


def _of_batches(plan: Plan, kind: Kind, found: Batches[Any]) -> Program:
    """The program of a loss that has its examples in it; its rows are in the order of the arrays."""
    classes = [copies for each in found.sums for copies in each.classes]
    members = [member.node for array in plan.given if array.varies for member in array.members]
    place = {node: at for at, node in enumerate(members)}
    leaves, batch = list[tuple[Any, ...]](), []
    for copies in classes:
        rows = {row[0]: [leaf.data for leaf in row] for row in copies.leaves} | {n: n.values for n in copies.numbers}
        leaves.append(tuple(sorted(rows, key=place.__getitem__)))
        batch.append(np.array([rows[leaf] for leaf in leaves[-1]], float))
    plan = tidied(plan._replace(counts=tuple(len(copies.roots) for copies in classes)))
    return Program(Statements(plan, leaves), kind, tuple(leaves), batch)

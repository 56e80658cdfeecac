"""The museum of wrong back-propagations, each of them runnable on any graph.

Imports algebras, graph, plain, readings.python, sweep and value.

Most are the sweep of every derivative with one thing about it spoilt: its algebra, its start or its order. What they
leave is held against the truth in `diagnosis`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from .algebras import DERIVATIVES, PATH_COUNTS
from .errors import TooMany, is_node
from .graph import Graph, describe, edges_of
from .plain import counted
from .readings.python import rule
from .sweep import Algebra, on_locals, totals
from .value import Value

Held: TypeAlias = dict[Any, Any]  # what every node ends with
MANY = 1_000_000  # the recursion is not let loose on more visits than this


class Case(NamedTuple):
    """What an exhibit is run on: a graph, what its sweep begins with, its true derivatives, and how weights learn.

    `sizes` are the sums of |product| over all paths to a node: the scale on which derivatives are compared.
    """

    graph: Graph[Any]
    start: Held
    truth: Held
    sizes: Held
    learning_rate: Fraction  # so that fractions stay exact
    weights: Collection[Any]


class Exhibit(NamedTuple):
    """One way to get back-propagation wrong: `says` what is wrong, `run` does it.

    `reveals` makes of one Value a smallest graph on which it is wrong, and as no other exhibit is; `hides` makes one
    on which nobody would notice.
    """

    name: str
    says: str
    run: Callable[[Case], Held]
    reveals: Callable[[Value], Value]
    hides: Callable[[Value], Value]

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_name, (self.name,)  # pickles and copies are the exhibit itself

    def __repr__(self) -> str:
        return f"<exhibit {self.name}>"

    def __str__(self) -> str:
        return f"{self.name}: {self.says}"


def spoilt(**parts: Any) -> Callable[[Case], Held]:
    """The sweep of every derivative, some parts of its algebra replaced."""
    return lambda case: totals(case.graph, DERIVATIVES._replace(**parts), case.start)


class Share(NamedTuple):
    """A sum of contributions, and of how many."""

    sum: float
    of: int

    @property
    def mean(self) -> float:
        """Their average."""
        return self.sum / self.of


MEANS: Algebra[Any, Share] = Algebra(
    Share(1, 1),
    lambda upstream, local: Share(upstream.mean * local.sum, 1),
    lambda a, b: Share(a.sum + b.sum, a.of + b.of),
    on_locals(lambda local: Share(local, 1)),
)


def _means(case: Case) -> Held:
    held = totals(case.graph, MEANS, {y: Share(one, 1) for y, one in case.start.items()})
    return {node: share.mean for node, share in held.items()}


def each_parent_once(node: Any) -> list[float | None]:
    """A node's partials, for a repeated operand the first one only."""
    kept = set({edge.parent: edge.slot for edge in reversed([*edges_of(node)])}.values())
    return [local if slot in kept else None for slot, local in enumerate(node.partials)]


def _no_activation(node: Any) -> Sequence[float | None]:
    """A node's partials, but 1 for a function of one number; one that is linear, such as neg, keeps its own."""
    op = node.op
    if op is None or len(op.operands) > 1 or op.takes_lists or (op.partials[0].is_number and op.smooth is None):
        return node.partials  # type: ignore[no-any-return]
    return [None if local is None else 1 for local in node.partials]


def _unordered(case: Case) -> Held:
    order = list(case.start)
    met = set(order)
    for node in order:  # which grows meanwhile
        for parent in node.parents:
            if parent not in met:
                met.add(parent)
                order.append(parent)
    graph = Graph(*case.graph.outputs)
    graph.nodes = tuple(reversed(order))
    return totals(graph, DERIVATIVES, case.start)


def _recursion(case: Case) -> Held:
    if (visits := sum(totals(case.graph, PATH_COUNTS).values())) > MANY:
        raise TooMany(
            f"recursion: it walks every path anew, {counted(visits)} visits from {describe(case.graph.outputs[0])}, "
            f"and {counted(MANY)} are as many as anybody would wait for; take a smaller graph"
        )
    held: Held = {}
    calls = list(case.start.items())
    while calls:
        node, arriving = calls.pop()
        held[node] = held[node] + arriving if node in held else arriving
        calls += [(edge.parent, held[node] * edge.local) for edge in reversed([*edges_of(node)])]
    return held


def _updated_early(case: Case) -> Held:
    """Each node passes on to the weights first, as a layer does; what follows reads the updated ones."""
    held, now = dict(case.start), dict[Any, float]()
    awaited = Counter(edge.parent for edge in case.graph.edges())
    for node in reversed(case.graph.nodes):
        to_weights = [edge for edge in edges_of(node) if edge.parent in case.weights]
        others = [edge for edge in edges_of(node) if edge.parent not in case.weights]
        for edges in filter(None, (to_weights, others)):
            locals_now = _locals_now(node, now)
            for _, parent, slot, _ in edges:
                contribution = held[node] * locals_now[slot]
                held[parent] = held[parent] + contribution if parent in held else contribution
                awaited[parent] -= 1
                if parent in case.weights and not awaited[parent]:
                    now[parent] = parent.data - case.learning_rate * held[parent]
    return held


def _locals_now(node: Any, now: Mapping[Any, float]) -> Sequence[Any]:
    """A node's partials, its row of the table read again if one of its operands has changed."""
    op, operands = node.op, node.operands
    if op is None or not any(operand in now for operand in operands):
        return node.partials  # type: ignore[no-any-return]
    numbers = [now.get(operand, operand.data) if is_node(operand) else operand for operand in operands]
    return rule(op, (True,) * len(op.operands))(*op.by_symbol(numbers).values())[1:]


EXHIBITS = (
    Exhibit(
        "overwrites",
        "= stands for +=, so of several contributions to a node only the last one stays.",
        spoilt(plus=lambda old, new: new),
        lambda x: 2 * x + 3 * x,
        lambda x: (2 * x).tanh(),
    ),
    Exhibit(
        "one path only",
        "Only the first contribution that arrives at a node counts, so every derivative is that of one path.",
        spoilt(plus=lambda old, new: old),
        lambda x: 2 * x + 3 * x,
        lambda x: (2 * x).tanh(),
    ),
    Exhibit(
        "mean for sum",
        "Where several contributions meet, they are averaged and not added up.",
        _means,
        lambda x: 2 * x + 3 * x,
        lambda x: (2 * x).tanh(),
    ),
    Exhibit(
        "parents in a set",
        "A node keeps its parents in a set, so an operand that it has twice counts once.",
        spoilt(weigh=each_parent_once),
        lambda x: x * x + x,
        lambda x: 2 * x + 3 * x,
    ),
    Exhibit(
        "no activation",
        "The derivative of the activation, or of any other function of one operand, is forgotten: it counts as 1.",
        spoilt(weigh=_no_activation),
        lambda x: x.tanh(),
        lambda x: 3 * -x,
    ),
    Exhibit(
        "no order",
        "Nodes take their turns as they are first met, breadth first, so some pass on before all has arrived.",
        _unordered,
        lambda x: (h := 2 * x) + 3 * h,
        lambda x: 3 * (h := 2 * x) + 4 * h,
    ),
    Exhibit(
        "recursion",
        "Each call passes on all that its node has gathered so far, so what came before is passed on again.",
        _recursion,
        lambda x: (h := 2 * x) + h,
        lambda x: 2 * x + 3 * x,
    ),
    Exhibit(
        "not zeroed",
        "The gradients of an earlier backward are kept, in inner nodes too, and a second one adds to them.",
        lambda case: totals(case.graph, DERIVATIVES, case.truth),
        lambda x: 2 * x,
        lambda x: 0 * x,
    ),
    Exhibit(
        "only leaves zeroed",
        "Before a second backward the leaves are set to zero and the inner nodes are forgotten.",
        lambda case: totals(case.graph, DERIVATIVES, case.truth | dict.fromkeys(case.graph.leaves, 0) | case.start),
        lambda x: 3 * (2 * x),
        lambda x: x * x,
    ),
    Exhibit(
        "early update",
        "Each weight is updated as soon as its gradient is complete, so what is computed later sees the new one.",
        _updated_early,
        lambda x: x * (2 * Value(3.0, "w")),
        lambda x: x * Value(3.0, "w"),
    ),
)


def _of_name(name: str) -> Exhibit:
    return MUSEUM[name]


MUSEUM: dict[str, Exhibit] = {exhibit.name: exhibit for exhibit in EXHIBITS}  # in the order of teaching them

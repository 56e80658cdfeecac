"""A graph's scalars as a compiler wants them: chains of + and × as weighted sums. Imports copies, formula, graph, ops.

Every scalar knows whether it is another number in each example, and how far it stands from the leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any

from .copies import Batch, Batches
from .errors import is_node
from .formula import Formula
from .graph import Graph
from .ops import TABLE, Op

Operand = Any  # a Scalar, or a plain number


class Scalar:
    """One number of the program: a leaf, or what `op` makes of its operands, flat as in a node.

    `varies` is the number of the batch of whose examples each has another one, 0 for what is the same for all; `level`
    says how many operations stand between it and the leaves.
    """

    __slots__ = ("level", "node", "op", "operands", "varies")
    level: int
    varies: int

    def __init__(self, node: Any, op: Op | None, operands: Sequence[Operand], varies: int = 0) -> None:
        self.node, self.op, self.operands = node, op, operands
        level = -1
        for operand in operands:
            if operand.__class__ is Scalar:
                if operand.varies > varies:
                    varies = operand.varies
                if operand.level > level:
                    level = operand.level
        self.varies, self.level = 0 if op is ACROSS else varies, level + 1

    def __repr__(self) -> str:
        return f"<{self.op or 'leaf'} {self.node.name}>"


SUM, WEIGHTED, SUB, NEG = (TABLE[name] for name in ("sum", "weighted_sum", "sub", "neg"))
# No primitive: the sum of one scalar over all examples of its batch.
ACROSS = Op("over examples", "Σ", ("x",), Formula("x"), (Formula(1.0),), None, "The sum over all examples.")


def scalars_of(graph: Graph[Any], batch: Collection[Any]) -> list[Scalar]:
    """The scalars of a loss's graph, what is read before what reads it, the loss last; `batch` are leaves.

    A chain of additions that adds up products of a parameter and something that varies is one weighted sum, and any
    other one of three terms or more one sum.
    """
    return _made(graph.outputs[0], graph.nodes, dict.fromkeys(batch, 1))


def scalars_of_batches(loss: Any, found: Batches[Any]) -> list[Scalar]:
    """The same for a loss with sums over copies: of each class of copies the first, and its sum over the examples."""
    nodes: list[Any] = []
    batches: dict[Any, int] = {}
    numbers: dict[tuple[Any, int], Scalar] = {}
    sums, batch = {each.top: each for each in found.sums}, 0
    for node in found.nodes:
        for copies in sums[node].classes if node in sums else ():
            batch += 1
            nodes += copies.nodes
            batches |= {row[0]: batch for row in copies.leaves}
            numbers |= {(n.node, n.slot): Scalar(n, None, (), batch) for n in copies.numbers}
        nodes.append(node)
    return _made(loss, nodes, batches, sums, numbers)


def _made(
    loss: Any,
    nodes: Sequence[Any],
    batches: Mapping[Any, int],
    sums: Mapping[Any, Batch[Any]] | None = None,
    numbers: Mapping[tuple[Any, int], Scalar] | None = None,
) -> list[Scalar]:
    """The scalars that the loss is made of; the nodes are in topological order."""
    sums, numbers = sums or {}, numbers or {}
    computed = dict.fromkeys(node for node in nodes if node.op is not None)
    readers: dict[Any, list[Any]] = {}
    for node in computed:
        for operand in [operand for operand in node.operands if operand in computed]:
            readers.setdefault(operand, []).append(node)
    adding = {node for node in computed if node.op.name == "add" and node not in sums}
    inside = {node for node in adding if len(by := readers.get(node, [])) == 1 and by[0] in adding}
    made: dict[Any, Any] = {}
    alike: dict[Hashable, Scalar] = {}  # what is computed twice in the same way is one scalar

    def new(node: Any, op: Op, operands: Sequence[Operand]) -> Scalar:
        scalar = Scalar(node, op, operands)
        return alike.setdefault(_recipe(scalar), scalar)

    def read(node: Any, slot: int) -> Operand:
        operand = node.operands[slot]
        return numbers.get((node, slot), made.get(operand, operand))

    for node in nodes:
        if node.op is None:
            made[node] = alike[node] = Scalar(node, None, (), batches.get(node, 0))
        elif node in inside:
            continue
        elif node in sums:
            firsts = [[made[root] for root in copies.roots[0]] for copies in sums[node].classes]
            each = [_sum(new, node, terms, readers) if len(terms) > 1 else terms[0] for terms in firsts]
            across = [new(node, ACROSS, [term]) for term in each]
            terms = _without_0([*across, *(made.get(term, term) for term in sums[node].rest)])
            made[node] = new(node, SUM, terms) if len(terms) > 1 else across[0]
            if (start := sums[node].start) is not None:
                from_0 = not is_node(start) and start == 0  # with which a loop begins
                made[node] = (
                    new(node, NEG, [made[node]]) if from_0 else new(node, SUB, [made.get(start, start), made[node]])
                )
        elif node in adding:
            made[node] = _sum(new, node, [read(*place) for place in _terms(node, inside)], readers)
        else:
            made[node] = new(node, node.op, [read(node, slot) for slot in range(len(node.operands))])
    return _below(made[loss], [*numbers.values(), *alike.values()])


def _recipe(scalar: Scalar) -> Hashable:
    """What it is made of and how; 0.0 and -0.0 are two numbers."""
    return (scalar.op, *scalar.operands, *[repr(o) for o in scalar.operands if o.__class__ is not Scalar])


def _below(loss: Scalar, made: Sequence[Scalar]) -> list[Scalar]:
    """What a scalar is made of, and itself; the products that went into weighted sums are no part of it."""
    needed: set[Operand] = {loss}
    for scalar in reversed(made):
        if scalar.operands and scalar in needed:
            needed.update(scalar.operands)
    return [scalar for scalar in made if scalar in needed]


def _terms(top: Any, inside: Collection[Any]) -> Iterator[tuple[Any, int]]:
    """Where what a chain of additions adds up is read, from left to right: by which node, as which operand."""
    stack = [(top, 1), (top, 0)]
    while stack:
        node, slot = stack.pop()
        operand = node.operands[slot]
        if is_node(operand) and operand in inside:
            stack += [(operand, 1), (operand, 0)]
        else:
            yield node, slot


def _sum(new: Callable[..., Scalar], node: Any, terms: list[Operand], readers: Mapping[Any, Sequence[Any]]) -> Scalar:
    """What a chain adds up: a weighted sum if it has products of parameters and something that varies."""
    terms = _without_0(terms)
    if len(terms) == 1:
        return terms[0] if terms[0].__class__ is Scalar else new(node, SUM, terms)
    pairs, rest = list[list[Scalar]](), list[Operand]()
    for term in terms:
        if term.__class__ is Scalar and _is_product(term) and len(readers[term.node]) == 1:
            pairs.append(sorted(term.operands, key=lambda factor: factor.varies))
        else:
            rest.append(term)
    if pairs:
        offset = rest[0] if len(rest) == 1 else new(node, SUM, rest) if rest else 0.0
        return new(node, WEIGHTED, [*(w for w, _ in pairs), *(x for _, x in pairs), offset])
    return new(node, SUM if len(terms) > 2 else TABLE["add"], terms)


def _without_0(terms: list[Operand]) -> list[Operand]:
    """The terms but for a plain 0, with which loops begin."""
    return [term for term in terms if term.__class__ is Scalar or term != 0] or terms[:1]


def _is_product(term: Scalar) -> bool:
    """Whether this is a parameter, or what is made of parameters alone, times something that varies."""
    factors = term.operands
    return (
        term.op is not None
        and term.op.name == "mul"
        and all(factor.__class__ is Scalar for factor in factors)
        and factors[0].varies != factors[1].varies
    )

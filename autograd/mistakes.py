"""The mistakes that are made where a value, a derivative or the number of paths is asked for, each with what it gives.

Imports algebras, diagnosis, fold, givens, graph, museum, ops, plain, ranking, readings.python and sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from .algebras import LENGTHS, PATH_COUNTS
from .diagnosis import museum
from .errors import is_node
from .fold import origin
from .givens import names_below
from .graph import Edge, Graph, derivative_name, edges_of, mark
from .museum import MUSEUM, each_parent_once
from .ops import TABLE
from .plain import as_float, subscript
from .ranking import Path
from .readings.python import ieee_divide, rule
from .sweep import totals

OTHERS = 2  # operands whose derivative is taken for the one asked for

# What a primitive is mistaken for.
MISTAKEN = {
    "add": ("mul", "The product is taken where the sum is meant."),
    "sub": ("add", "The sum is taken where the difference is meant."),
    "mul": ("add", "The sum is taken where the product is meant."),
    "div": ("mul", "The product is taken where the quotient is meant."),
    "pow": ("mul", "Base and exponent are multiplied."),
    "sin": ("cos", "That is the cosine."),
    "cos": ("sin", "That is the sine."),
    "tanh": ("sigmoid", "That is the logistic function."),
    "sigmoid": ("tanh", "That is the hyperbolic tangent."),
    "relu": ("abs", "That is the number without its sign."),
    "softplus": ("relu", "That is the positive part."),
    "silu": ("sigmoid", "The logistic function is not multiplied by its operand."),
    "max": ("min", "That is the smallest."),
    "min": ("max", "That is the largest."),
    "sum": ("max", "That is the largest term alone."),
    "weighted_sum": ("sum", "Weights and inputs are all added up and never multiplied."),
    "logsumexp": ("sum", "That is the sum of the operands themselves."),
}


class Term(NamedTuple):
    """A formula within a sentence: a node's name, or its derivative by another; `mark` numbers parallel edges."""

    of: str
    by: str = ""
    mark: int = 0

    def __str__(self) -> str:
        name = derivative_name(self.of, self.by) if self.by else self.of
        return f"({name}){subscript(self.mark)}" if self.mark else name


Sentence: TypeAlias = tuple[str | Term, ...]  # what is to be typeset stands in it as a Term


class Mistake(NamedTuple):
    """A wrong answer, what is wrong about it, and the exhibit of the museum that it is taken from, if it is."""

    value: float
    words: Sentence
    exhibit: str = ""


class Material:
    """What all questions about a graph are made of, each thing computed once."""

    def __init__(self, graph: Graph[Any]) -> None:
        self.graph, self.y = graph, graph.outputs[0]
        self.names = names_below(self.y)
        self.visit = museum(origin(self.y))
        self.counts, self.lengths = totals(graph, PATH_COUNTS), totals(graph, LENGTHS)

    def gradient(self, x: Any) -> float:
        """The true ∂y/∂x."""
        return as_float(self.visit[0].truth[origin(x)])

    def name(self, node: Any) -> Term:
        """What the node is called."""
        return Term(self.names[origin(node)])

    def slope(self, of: Any, by: Any, mark: int = 0) -> Term:
        """How a derivative is written."""
        return Term(self.names[origin(of)], self.names[origin(by)], mark)

    def local(self, edge: Edge[Any]) -> Term:
        """How the edge's local derivative is written, numbered where there are parallel edges."""
        return self.slope(edge.node, edge.parent, mark(edge))

    def way(self, path: Path[Any]) -> Sentence:
        """The path as its nodes in a row."""
        first, *others = map(self.name, path.nodes)
        return (first, *(piece for name in others for piece in (" → ", name)))


def wrong_values(of: Material, node: Any) -> Iterator[Mistake]:
    """An operand for the result, or another operation."""
    made = origin(node)
    numbers = [as_float(o.data if is_node(o) else o) for o in made.operands]
    if len(numbers) == 1:
        yield Mistake(numbers[0], ("The function is not applied: that is what goes into it.",))
    for parent in node.parents if len(node.parents) <= 2 else filter(attrgetter("operands"), node.parents):
        yield Mistake(as_float(parent.data), ("That is the value of ", of.name(parent), ", an operand."))
    if made.op.name in MISTAKEN:
        name, says = MISTAKEN[made.op.name]
        other = TABLE[name]
        result, *_ = rule(other, (False,) * len(other.operands))(*other.by_symbol(numbers).values())
        yield Mistake(result, (says,))


def wrong_locals(of: Material, edge: Edge[Any]) -> Iterator[Mistake]:
    """Another operand's derivative, a value, upstream with or without the local derivative, a function forgotten."""
    node, parent, _, exact = edge
    local, upstream, outer = as_float(exact), of.gradient(node), origin(node)
    edges = list(edges_of(node))
    place = edges.index(edge)
    for other in [*edges[place + 1 :], *edges[:place]][:OTHERS]:
        yield Mistake(as_float(other.local), ("That is ", of.local(other), ", the derivative by another operand."))
    yield Mistake(as_float(node.data), ("That is the value of ", of.name(node), "."))
    yield Mistake(upstream, ("That is ", of.slope(of.y, node), ", what arrives at ", of.name(node), " from above."))
    passed_on = "That is upstream times local, what this edge contributes to "
    yield Mistake(upstream * local, (passed_on, of.slope(of.y, parent), "."))
    if len(outer.operands) == 1:
        yield Mistake(ieee_divide(local, as_float(outer.partials[0])), (MUSEUM["no activation"].says,))


def wrong_products(of: Material, path: Path[Any], others: Iterable[Path[Any]]) -> Iterator[Mistake]:
    """All paths or another one, a factor forgotten, the factors added up."""
    x, locals_ = path.nodes[-1], [as_float(local) for local in path.locals]
    yield Mistake(of.gradient(x), ("That is ", of.slope(of.y, x), f", the sum over {of.counts[x]} paths."))
    for other in others:
        yield Mistake(as_float(other.product), ("That is the product along another path, ", *of.way(other), "."))
    for place, edge in enumerate(path.edges):
        rest = prod(locals_[:place] + locals_[place + 1 :], start=1.0)
        yield Mistake(rest, ("The factor ", of.local(edge), " is forgotten."))
    yield Mistake(sum(locals_), ("The local derivatives are added up, and along a path they are multiplied.",))


def wrong_gradients(of: Material, x: Any) -> Iterator[Mistake]:
    """What the exhibits of the museum leave in x, where they are wrong there."""
    for outcome in of.visit:
        if origin(x) in outcome.differences:
            wrong = as_float(outcome.gradients[origin(x)])
            yield Mistake(wrong, (outcome.exhibit.says,), outcome.exhibit.name)


def wrong_counts(of: Material, x: Any) -> Iterator[Mistake]:
    """Nodes or edges for paths, all of them or some, and parallel edges that count once."""
    ways = of.graph.above([x])
    edges = [edge for edge in of.graph.edges() if edge.parent in ways]
    arriving = sum(edge.parent is x for edge in edges)
    yield Mistake(len(ways), ("That is the number of nodes on these paths.",))
    yield Mistake(len(edges), ("That is the number of edges on these paths.",))
    yield Mistake(arriving, ("That is the number of edges that arrive at ", of.name(x), "."))
    longest = of.lengths[x].longest
    yield Mistake(longest, ("That is the number of edges on the longest of them.",))
    yield Mistake(len(of.y.operands), ("That is the number of operands of ", of.name(of.y), "."))
    once = totals(
        of.graph, PATH_COUNTS._replace(weigh=lambda node: [None if w is None else 1 for w in each_parent_once(node)])
    )
    yield Mistake(once[x], (MUSEUM["parents in a set"].says,))


def slips(answer: float) -> list[Mistake]:
    """Where no mistake gives another number: a slip of arithmetic, or of counting where the answer is an int."""
    if isinstance(answer, int):
        said = (
            "A slip in counting: one too many.",
            "A slip in counting: one too few.",
            "A slip in counting: two more.",
        )
        return [Mistake(answer + by, (words,)) for by, words in zip((1, -1, 2), said, strict=True)]
    if answer == 0:
        return [Mistake(wrong, ("A slip of arithmetic.",)) for wrong in (1.0, -1.0, 2.0)]
    factors = {
        -1: "the sign",
        2: "a factor of 2",
        0.5: "a factor of 2",
        10: "the decimal point",
        0.1: "the decimal point",
    }
    return [Mistake(answer * by, (f"A slip of arithmetic: {what} is wrong.",)) for by, what in factors.items()]

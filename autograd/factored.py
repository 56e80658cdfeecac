"""A derivative as formulas about local derivatives: path by path, nested as in the notes, or from remembered ones.

Imports algebras, formula, graph, nicknames, paths, plain, readings.infix, readings.text and sweep.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import add, mul
from typing import Generic, NamedTuple, TypeVar

from .algebras import DERIVATIVES, PATH_COUNTS
from .errors import TooMany
from .formula import Formula, read
from .graph import Edge, Graph, N, derivative_name, describe, edges_of, mark, require_recorded
from .nicknames import nicknames
from .paths import Paths, paths
from .plain import counted, subscript
from .readings.infix import Text
from .readings.text import SLOPES
from .sweep import Algebra, pushed, totals

FACTORS, LONGEST = 1000, 200  # in all, and in a row: what a formula may have and still be read by somebody
ONE = Formula(1)
T = TypeVar("T")
ARITHMETIC: Mapping[str, Callable[..., float]] = {
    "+": lambda *terms: sum(terms),
    "*": mul,
    "boxed": lambda factor: factor,
    "number": lambda number: number,
}


class Slope(NamedTuple, Generic[N]):
    """∂of/∂by and its value: what a symbol stands for. `mark` numbers parallel edges from 1 and is 0 elsewhere.

    `is_direct` is a local derivative beside which there are other ways from the one to the other: it is not the whole
    of ∂of/∂by, and written ∂⁺of/∂by (Pascanu, Mikolov and Bengio 2013).
    """

    of: N
    by: N
    value: float
    mark: int = 0
    is_direct: bool = False

    def written(self, names: Mapping[N, str]) -> str:
        """∂h/∂f in plain text, (∂y/∂w)₁ for the first of two parallel edges, ∂⁺y/∂x for a direct one among others."""
        of, by = (names.get(node) or describe(node) for node in (self.of, self.by))
        name = derivative_name(of, by, "⁺" if self.is_direct else "")
        return f"({name}){subscript(self.mark)}" if self.mark else name


class Equation(NamedTuple, Generic[N]):
    """A derivative and the terms that it is the sum of; without terms it is 0.

    Symbols in the terms are keys of `Written.symbols`, and the word "boxed" marks what is needed more than once.
    `used` says how often a derivative that is remembered is used.
    """

    slope: Slope[N]
    terms: tuple[Formula, ...]
    used: int = 0

    @property
    def multiplications(self) -> int:
        """How many multiplications it takes as it is written."""
        return sum(_count(term, "*") for term in self.terms)


class Written(Generic[N]):
    """Equations over a graph, what their symbols stand for, and the boxed factors with the number of times each is met.

    `print` shows the equations in plain text; `viz.derivation` sets them in LaTeX too, with the numbers put in.
    """

    def __init__(self, graph: Graph[N], needed: Collection[N]) -> None:
        self.graph = graph
        self.edges = {node: [e for e in edges_of(node) if e.parent in needed] for node in graph if node in needed}
        self._direct = set(_direct(self.edges))
        self.equations: tuple[Equation[N], ...] = ()
        self.symbols: dict[str, Slope[N]] = {}
        self.reused: tuple[tuple[Slope[N], int], ...] = ()

    def edge(self, edge: Edge[N]) -> Formula:
        """The symbol of a local derivative."""
        number = mark(edge)
        slope = Slope(edge.node, edge.parent, edge.local, number, not number and edge in self._direct)
        return self.symbol(slope, f"local {edge.slot}")

    def weighing(self, made: Callable[[Formula], T]) -> Callable[[N], list[T | None]]:
        """For an algebra: of each edge that is needed, what is `made` of its symbol."""

        def weigh(node: N) -> list[T | None]:
            found: list[T | None] = [None] * len(node.operands)
            for edge in self.edges.get(node, ()):
                found[edge.slot] = made(self.edge(edge))
            return found

        return weigh

    def symbol(self, slope: Slope[N], kind: str) -> Formula:
        """The symbol of any derivative."""
        key = f"{kind}: {self.graph.index[slope.of]}, {self.graph.index[slope.by]}"
        self.symbols[key] = slope
        return Formula(key)

    def value(self, term: Formula) -> float:
        """What a term comes to."""
        return read(term, ARITHMETIC, {key: slope.value for key, slope in self.symbols.items()})

    @property
    def multiplications(self) -> int:
        """How many multiplications all of it takes as it is written."""
        return sum(equation.multiplications for equation in self.equations)

    def __repr__(self) -> str:
        return f"<{len(self.equations)} written over {len(self.symbols)} derivatives>"

    def __str__(self) -> str:
        names = nicknames(self.graph, "v")
        texts = {key: Text(slope.written(names)) for key, slope in self.symbols.items()}
        sums = (" + ".join(read(term, SLOPES, texts) for term in each.terms) or "0" for each in self.equations)
        lefts = (equation.slope.written(names) for equation in self.equations)
        return "\n".join(f"{left} = {right}" for left, right in zip(lefts, sums, strict=True))


def expanded(y: N, x: N) -> Written[N]:
    """∂y/∂x with one product for each path, in the order of the operands.

    Raises TooMany for more than 1,000 factors or 200 in a row, and what `paths` raises. Source: the notes' "Path 1"
    and "Path 2", lines 826-844.
    """
    ways = _legible(paths(y, x))
    written = Written(ways.graph, ways.graph.above([x]))
    each_path: Algebra[N, tuple[Formula, ...]] = Algebra(
        (ONE,),
        lambda step, terms: tuple(_product(step[0], term) for term in terms),
        add,
        written.weighing(lambda symbol: (symbol,)),
    )
    terms = pushed(ways.graph, each_path, {x: each_path.one}).get(y, ())
    written.equations = (Equation(Slope(y, x, ways.total), terms),)
    return written


def factored(y: N, x: N) -> Written[N]:
    """∂y/∂x in the notes' nested form, ∂k/∂h · {∂h/∂f · ∂f/∂x + ∂h/∂g · ∂g/∂x}.

    Where several ways meet at h, the factor ∂h/∂x is met again, and boxed.

    Raises TooMany for more than 1,000 factors or 200 in a row, and what `paths` raises. Source: lines 759-848 of the
    notes, and 857-891 for the boxes.
    """
    ways = _legible(paths(y, x))
    graph, written = ways.graph, Written(ways.graph, ways.graph.above([x]))
    nested: Algebra[N, Formula] = Algebra(ONE, _product, _plus, written.weighing(lambda symbol: symbol))
    held = pushed(graph, nested, {x: ONE})
    written.equations = (Equation(Slope(y, x, ways.total), (_boxed(held[y]),) if y in held else ()),)
    met, slopes = totals(graph, PATH_COUNTS), pushed(graph, DERIVATIVES, {x: DERIVATIVES.one})
    meeting = Counter(edge.parent for edge in graph.edges() if edge.parent in held)
    reused = (node for node in reversed(graph.nodes) if meeting[node] > 1 and node is not x)
    written.reused = tuple((Slope(node, x, slopes[node]), met[node]) for node in reused)
    return written


def remembered(y: N, xs: Iterable[N]) -> Written[N]:
    """Every ∂y/∂x and all that they need, each from those before it: the chain rule with memoisation.

    What is remembered is boxed wherever it is used. Raises NotAScalar, NotRecorded, and NotInGraph for an x that y
    was not made from; TooMany for more than 1,000 factors. Source: lines 857-891 of the notes.
    """
    require_recorded(y, "remembered")
    graph = Graph(y)
    wanted = graph.chosen(xs, "remembered")
    needed = graph.above(wanted)
    into: dict[N, list[Edge[N]]] = defaultdict(list)
    for node in reversed(graph.nodes):
        for edge in edges_of(node) if node in needed else ():
            if edge.parent in needed:
                into[edge.parent].append(edge)
    if (factors := 2 * sum(map(len, into.values()))) > FACTORS:
        raise TooMany(f"remembered: it would have {factors:,} factors; ask for fewer xs, or fold the graph first")
    written = Written(graph, needed)
    held, used = totals(graph, DERIVATIVES), Counter(edge.node for edges in into.values() for edge in edges)

    def term(edge: Edge[N]) -> Formula:
        above = Formula("boxed", written.symbol(Slope(y, edge.node, held[edge.node]), "sum"))
        return written.edge(edge) if edge.node is y else above * written.edge(edge)

    written.equations = tuple(
        Equation(Slope(y, node, held[node]), tuple(map(term, into[node])) or (ONE,), used[node])
        for node in reversed(graph.nodes)
        if node in into or node in wanted
    )
    written.reused = tuple((equation.slope, equation.used) for equation in written.equations if equation.used)
    return written


def _legible(ways: Paths[N]) -> Paths[N]:
    """The paths, if they are few and short enough to be written out."""
    longest = ways.lengths.longest if ways.lengths else 0
    if ways.count * longest > FACTORS or longest > LONGEST:
        raise TooMany(
            f"written out, the derivative of {describe(ways.y)} by {describe(ways.x)} would be a sum of "
            f"{counted(ways.count)} products of up to {longest} factors; fold the graph, or take paths(y, x).top(10)"
        )
    return ways


def _direct(edges: Mapping[N, list[Edge[N]]]) -> Iterator[Edge[N]]:
    """The edges beside which other ways lead from the one node to the other; nodes come in topological order."""
    below: dict[N, set[N]] = {}  # few nodes, since it is all to be written out
    for node, own in edges.items():
        below[node] = {node}.union(*(below[edge.parent] for edge in own))
        yield from (e for e in own if any(e.parent in below[o.parent] for o in own if o.parent is not e.parent))


def _plus(a: Formula, b: Formula) -> Formula:
    """A sum as one row of terms."""
    return Formula("+", *(a.args if a.word == "+" else (a,)), b)


def _product(step: Formula, below: Formula) -> Formula:
    return step if below is ONE else step * below


def _boxed(formula: Formula) -> Formula:
    """The formula with a box around each part that is one object in several places: pushed up, it was shared."""
    places, stack = Counter[int](), [formula]
    while stack:
        at = stack.pop()
        for part in at.args:
            places[id(part)] += 1
            if places[id(part)] == 1:
                stack.append(part)

    def rebuilt(at: Formula) -> Formula:
        whole = Formula(at.word, *map(rebuilt, at.args))
        return Formula("boxed", whole) if places[id(at)] > 1 else whole

    return rebuilt(formula)


def _count(formula: Formula, word: str) -> int:
    return int(formula.word == word) + sum(_count(part, word) for part in formula.args)

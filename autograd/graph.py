"""Graph: the nodes below some outputs in topological order, with their edges. Imports display, ops, plain and scope.

What is written here, and all that reads a Graph, holds for any Node: for Values, and for folded neurons too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from .display import IN_NOTEBOOKS
from .errors import NotAScalar, NotInGraph, NotRecorded, is_node, shorten
from .ops import Op
from .plain import brief
from .scope import Scope


class Node(Protocol):
    """What the chain rule needs to know of a node; Value says more of each."""

    @property
    def data(self) -> float:
        """The number it holds."""

    @property
    def grad(self) -> float | None:
        """The derivative that `backward` left, None until then."""

    @property
    def name(self) -> str:
        """What it is called, or nothing."""

    @property
    def scope(self) -> Scope | None:
        """Where it was made."""

    @property
    def op(self) -> Op | None:
        """Its row of the table, None where it has none."""

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it was made of, plain numbers included."""

    @property
    def parents(self) -> tuple[Any, ...]:
        """The nodes among its operands, in order and with multiplicity."""

    @property
    def partials(self) -> tuple[float | None, ...]:
        """A local derivative per operand, None for plain numbers."""


N = TypeVar("N", bound=Node)


class Edge(NamedTuple, Generic[N]):
    """From a node to one of its operands: `slot` says which one, `local` is ∂node/∂parent."""

    node: N
    parent: N
    slot: int
    local: float

    @property
    def is_sign(self) -> bool:
        """Whether the table says that this edge is 1 or -1 whatever the operands are, as for + and −."""
        op = self.node.op
        return op is not None and not op.takes_lists and op.partials[self.slot].word in (1, -1)


def edges_of(node: N) -> Iterator[Edge[N]]:
    """The edges from one node to its parents, in order; plain numbers among the operands have none."""
    for slot, (operand, local) in enumerate(zip(node.operands, node.partials, strict=True)):
        if local is not None:
            yield Edge(node, operand, slot, local)


def mark(edge: Edge[Any]) -> int:
    """Which one it is of several edges between the same two nodes, from 1; 0 if it is the only one."""
    alike = [other.slot for other in edges_of(edge.node) if other.parent is edge.parent]
    return alike.index(edge.slot) + 1 if len(alike) > 1 else 0


def topological(outputs: Iterable[N], ends: Collection[N] = ()) -> list[N]:
    """Every node below the outputs, parents before children, in the order a reader would compute them.

    The walk goes no further than the `ends`, which are left out. Depth is data: it keeps a stack of its own, so a chain
    of a million nodes is as good as any.
    """
    order: list[N] = []
    seen: set[N] = set()
    stack: list[Any] = list(outputs)[::-1]
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        if node is None:  # all that is below the next one has been dealt with
            order.append(pop())
        elif node not in seen:
            seen.add(node)
            push(node)
            push(None)
            for parent in reversed(node.parents):
                if parent not in seen and parent not in ends:
                    push(parent)
    return order


class Graph(Generic[N]):
    """The nodes below one or more outputs: `nodes` in topological order, `edges()`, look-up by name or place.

    A node's place in the order is its id, so the same expression always gets the same ids. A part of a graph goes no
    further down than its `ends`, which it does not contain. Raises NotAScalar for an output that is no node.
    """

    def __init__(self, *outputs: N, ends: Collection[N] = ()) -> None:
        for output in outputs:
            if not is_node(output):
                given = f"a {type(output).__name__}, {shorten(output)}"
                raise NotAScalar(f"a graph starts at a Value, and this is {given}; give one Value, or Graph(a, b, …)")
        self.outputs = outputs
        self.nodes: tuple[N, ...] = tuple(topological(outputs, ends))

    @cached_property
    def index(self) -> dict[N, int]:
        """Each node's place in the topological order."""
        return {node: place for place, node in enumerate(self.nodes)}

    @property
    def leaves(self) -> tuple[N, ...]:
        """The nodes that nothing was computed for, in topological order."""
        return tuple(node for node in self.nodes if not node.operands)

    def edges(self) -> Iterator[Edge[N]]:
        """Every edge, node by node and slot by slot; a repeated operand gives one edge each time."""
        for node in self.nodes:
            yield from edges_of(node)

    def __reduce__(self) -> tuple[Any, ...]:
        return Graph, self.outputs

    _repr_mimebundle_, _mime_ = IN_NOTEBOOKS

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[N]:
        return iter(self.nodes)

    def __contains__(self, node: object) -> bool:
        return node in self.index

    def __getitem__(self, name: str) -> N:
        """The node of that name.

        Raises NotInGraph if there is none, or more than one.
        """
        found = [node for node in self.nodes if node.name == name]
        if len(found) == 1:
            return found[0]
        names = shorten(sorted({node.name for node in self.nodes if node.name}), 200)
        raise NotInGraph(f"{len(found)} of the graph's {len(self)} nodes are called {name!r}; names are {names}")

    def require(self, node: object, asked: str) -> None:
        """Raise NotInGraph, the message beginning with what was `asked`, unless the node is here."""
        if not is_node(node) or node not in self:
            outputs = ", ".join(map(describe, self.outputs))
            given = describe(node)
            raise NotInGraph(
                f"{asked}: {given} is not among the {len(self)} nodes that {outputs} was made from; "
                + (f"give one that is, such as {describe(self.nodes[0])}" if self.nodes else "the graph is empty")
            )

    def chosen(self, nodes: Iterable[N], asked: str) -> list[N]:
        """The nodes as a list; raises NotAScalar for what is no list, NotInGraph for one that is not here."""
        wanted = list(each(nodes, asked))
        for node in wanted:
            self.require(node, asked)
        return wanted

    def above(self, targets: Iterable[N]) -> set[N]:
        """The nodes that depend on some target, the targets included: all that a sweep to them has to visit."""
        found = set(targets)
        for node in self.nodes:
            if any(edge.parent in found for edge in edges_of(node)):
                found.add(node)
        return found


def as_graph(given: Any, asked: str) -> Graph[Any]:
    """A graph as it is, a node as the graph below it; raises NotAScalar for anything else."""
    if not isinstance(given, Graph) and not is_node(given):
        raise NotAScalar(f"{asked}: given {shorten(given)}, expected a Graph; write {asked}(Graph(y))")
    return given if isinstance(given, Graph) else Graph(given)


def each(nodes: Iterable[N], asked: str) -> Iterable[N]:
    """The nodes themselves; raises NotAScalar, its message beginning with what was `asked`, for no list of them."""
    if is_node(nodes):
        raise NotAScalar(f"{asked}: {describe(nodes)} is one node where a list is expected; write [{describe(nodes)}]")
    if not isinstance(nodes, Iterable):
        raise NotAScalar(f"{asked}: given {shorten(nodes)}, expected a list of Values; write [x1, x2]")
    return nodes


def label(node: Node) -> str:
    """The shortest thing to call a node: its name, else its primitive's glyph, else its number."""
    return node.name or (node.op.glyph if node.op else brief(node.data))


def derivative_name(of: str, by: str, sign: str = "") -> str:
    """How ∂of/∂by is written, perhaps with a sign at the first ∂; what is itself a derivative gets parentheses.

    >>> derivative_name("y", "x"), derivative_name("∂y/∂x", "w")
    ('∂y/∂x', '∂(∂y/∂x)/∂w')
    """
    of, by = (f"({name})" if "∂" in name else name for name in (of, by))
    return f"∂{sign}{of}/∂{by}"


def describe(node: Any) -> str:
    """A node as messages speak of it: by its name or, without one, by what it is and holds."""
    if getattr(node, "name", ""):
        return str(node.name)
    if not is_node(node):
        return shorten(node)
    kind = node.op or ("folded node" if node.operands else "leaf")
    line = where_made(node)
    return f"the unnamed {kind} of value {brief(node.data)}" + (f" made at {line}" if line else "")


def where_made(node: Node) -> str:
    """The file and line that made the node, "lesson.py:12"; nothing if it was not made in a block of `located`."""
    line = node.scope.enclosing({"line"}) if node.scope else None
    return line.name if line else ""


def require_recorded(y: Any, asked: str) -> None:
    """Raise NotAScalar unless y is a node, NotRecorded if it was computed and its graph was not kept."""
    if not is_node(y):
        raise NotAScalar(f"{asked}: derivatives are taken of a Value, and this is {shorten(y)}")
    if y.op is not None and not y.operands:
        raise NotRecorded(
            f"{asked}: {describe(y)} was computed while nothing was recorded, so what it was made from is gone; "
            "compute it again outside of `with unrecorded():`"
        )

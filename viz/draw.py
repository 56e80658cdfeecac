"""A graph, and the paths to be spoken of, as a Picture. Imports autograd and picture; computes no derivative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograd import (
    Edge,
    Folded,
    Graph,
    NotInGraph,
    Path,
    Paths,
    derivative_name,
    describe,
    edges_of,
    label,
    paths,
    shorten,
)
from autograd.readings.text import expression

from .columns import columns
from .drawing import Drawing
from .legend import legend
from .levels import counterpart, graph_at
from .picture import Arrow, Box, Frame, Ink, Legend, Picture
from .stacks import stacks_picture
from .theme import LIGHT, Theme
from .typeset import Line, Run, clean, formula, name, number, power


def draw(
    y: Any,
    *,
    level: str = "scalar",
    folded: Sequence[str] = (),
    opened: Sequence[str] = (),
    highlight: Paths[Any] | None = None,
    theme: Theme = LIGHT,
) -> Drawing:
    """Draw the graph of `y`: every scalar, or only what leaves a neuron, or layers with matrices between them.

    Scopes named in `folded` are folded at any level, those in `opened` at none: `level="neuron", opened=["h₂₁"]` looks
    into one neuron.

    `highlight=paths(y, w)` gives each path a colour and a dash, and a legend that multiplies each out and
    adds them up; of very many paths the largest are shown, and the legend says how many there are. Narrowed down,
    `paths(y, w).through(h)`, it shows those.

    Raises UnknownChoice for a level that does not exist or that the graph has no scopes for, and NotInGraph if
    there are no such paths, or they end at a node that is folded away at this level.
    """
    if level == "layer":
        if highlight is not None or folded or opened:
            raise NotInGraph("level 'layer': a weight is an entry of a matrix there; write level='neuron' to see paths")
        return Drawing(stacks_picture(y), theme)
    graph = graph_at(y, level, folded, opened)
    ways = None
    if highlight is not None:
        if not isinstance(highlight, Paths):
            raise NotInGraph(f"highlight: given {shorten(highlight)}, expected paths; write highlight=paths(y, w)")
        start, end = (counterpart(graph, node, level, "highlight") for node in (highlight.y, highlight.x))
        ways = paths(start, end)
        for word, given in highlight.conditions:
            there = given if word == "where" else [counterpart(graph, node, level, "highlight") for node in given]
            ways = getattr(ways, word)(*there)
        if not ways.count:
            raise NotInGraph(f"highlight: there is {repr(ways)[1:-1]}; choose paths that there are")
    return Drawing(_Sketch(graph, level, ways, most=len(theme.strands)).picture(), theme)


class _Sketch:
    """The decisions that one picture needs, each made once."""

    def __init__(self, graph: Graph[Any], level: str, ways: Paths[Any] | None, most: int) -> None:
        self.graph, self.level, self.ways = graph, level, ways
        self.shown: list[Path[Any]] = ways.top(most) if ways else []
        self.output = clean(graph.outputs[0].name) or "output"
        self.spoken_of = {node for path in self.shown for node in path.nodes}
        hidden = set() if level == "scalar" else self._read_inside() - self.spoken_of
        self.nodes = [node for node in graph if node not in hidden]
        self.ids = {node: f"n{graph.index[node]}" for node in self.nodes}
        self.strands: dict[tuple[Any, int], tuple[int, ...]] = {}
        for strand, path in enumerate(self.shown):
            for edge in path.edges:
                key = (edge.node, edge.slot)
                self.strands[key] = (*self.strands.get(key, ()), strand)

    def _read_inside(self) -> set[Any]:
        """The leaves that only nodes of their own scope read: a neuron's weights, a loss's target."""
        inside = {node for node in self.graph if not node.operands and node.scope is not None}
        for edge in self.graph.edges():
            if edge.parent in inside and edge.node.scope not in edge.parent.scope.outward():
                inside.discard(edge.parent)
        return inside

    def picture(self) -> Picture:
        """The whole picture."""
        of = f"The {self.level} graph of {self.output}"
        arrows = [self.arrow(edge) for node in self.nodes for edge in edges_of(node) if edge.parent in self.ids]
        return Picture(
            title=clean(f"{of}, with its paths to {label(self.ways.x)}" if self.ways else of),
            description=clean(
                f"{len(self.nodes)} nodes and {len(arrows)} arrows, from the inputs on the left "
                f"to {self.output} on the right. "
                + " ".join(f"Path {i}: {path}." for i, path in enumerate(self.shown, 1))
            ),
            boxes=tuple(self.boxes()),
            arrows=tuple(arrows),
            frames=tuple(self.frames()),
            legend=self.legend(),
            key=(
                Run("value", "value"),
                Run("  ·  "),
                Run("grad", "gradient"),
                Run(
                    f" = {derivative_name(self.output, 'node')}, as backward() left it"
                    "  ·  on an arrow: the local derivative, ∂head/∂tail"
                ),
            ),
        )

    def called(self, node: Any) -> str:
        """What the words around a picture call a node."""
        return self.output if node is self.graph.outputs[0] else label(node)

    def boxes(self) -> list[Box]:
        """A box per node, in fixed columns where the graph is folded."""
        places = {} if self.level == "scalar" else columns(self.nodes)
        return [self.box(node, *places.get(node, (None, 0))) for node in self.nodes]

    def box(self, node: Any, column: int | None, row: float) -> Box:
        """One node with its value and, once it has one, its gradient; a dash until then."""
        gradient = "–" if node.grad is None else number(node.grad)
        return Box(
            id=self.ids[node],
            title=self.title(node),
            value=number(node.data),
            gradient=f"grad {gradient}",
            ink=self._ink(node in self.spoken_of, target=self.ways is not None and node is self.ways.x),
            tip=clean(f"{describe(node)} = {node.data!r}, gradient {node.grad!r}"),
            column=column,
            row=row,
        )

    def title(self, node: Any) -> Line:
        """The node's name and what made it: a folded loss its formula, a scalar its glyph and its plain numbers."""
        if node.op is None or self.level != "scalar":
            is_loss = isinstance(node, Folded) and node.scope is not None and node.scope.kind == "loss"
            made = expression(node.of, longest=24) if is_loss else ""
            return (*name(label(node)), Run(" = "), *formula(made)) if made else name(label(node))
        made = node.op.glyph
        if not node.op.takes_lists:
            written = [
                number(o) if local is None else "·" for o, local in zip(node.operands, node.partials, strict=True)
            ]
            if len(set(written)) > 1:  # a number and a node; two nodes need no dots
                made = power(*written) if node.op.name == "pow" else f" {made} ".join(written)
        return (*name(node.name), Run(f" = {made}")) if node.name else (Run(made),)

    def arrow(self, edge: Edge[Any]) -> Arrow:
        """One edge, against its direction of differentiation: from the operand to the node."""
        strands = self.strands.get((edge.node, edge.slot), ())
        speaks = bool(strands) or not self.shown
        return Arrow(
            tail=self.ids[edge.parent],
            head=self.ids[edge.node],
            label=number(edge.local) if speaks else "",
            ink=self._ink(bool(strands)),
            strands=strands,
            tip=clean(f"{derivative_name(label(edge.node), label(edge.parent))} = {edge.local!r}"),
        )

    def _ink(self, spoken_of: bool, target: bool = False) -> Ink:
        if not self.shown:
            return "plain"
        return "target" if target else "strong" if spoken_of else "faded"

    def legend(self) -> Legend | None:
        """The paths multiplied out, if there are any to speak of; among scalars without the many 1s of sums."""
        if self.ways is None:
            return None
        return legend(self.ways, self.shown, self.called, unit_factors=self.level != "scalar")

    def frames(self) -> list[Frame]:
        """A frame around each layer, where neurons are the nodes and the layer's own fill a column."""
        if self.level != "neuron":
            return []
        places, members, mixed = columns(self.nodes), dict[Any, list[Any]](), set[tuple[int, Any]]()
        for node in self.nodes:
            if node.operands:
                layer = node.scope.enclosing({"layer"}) if node.scope else None
                members.setdefault(layer, []).append(node)
                mixed.add((places[node][0], layer))
        alone = {at for at, count in Counter(at for at, _ in mixed).items() if count == 1}
        return [
            Frame(clean(layer.name), tuple(self.ids[node] for node in nodes))
            for layer, nodes in members.items()
            if layer and {places[node][0] for node in nodes} <= alone
        ]

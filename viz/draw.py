"""A graph, and the paths to be spoken of, as a Picture. Imports autograd and picture; computes no derivative."""

from __future__ import annotations

from typing import Any

from autograd import Edge, Folded, Graph, Path, Paths, UnknownChoice, describe, edges_of, fold, label, paths

from .columns import columns
from .drawing import Drawing
from .picture import Arrow, Box, Frame, Ink, Legend, PathRow, Picture
from .theme import LIGHT, Theme
from .typeset import Line, Run, name, number, power

LEVELS = ("scalar", "neuron", "layer")
MOST_PATHS = len(LIGHT.strands)


def draw(y: Any, *, level: str = "scalar", highlight: Paths[Any] | None = None, theme: Theme = LIGHT) -> Drawing:
    """Draw the graph of `y`: at the level of scalars, or with neurons or layers folded into one node.

    `highlight=paths(y, w)` gives each path a colour and a dash, and a legend that multiplies each out and
    adds them up; of very many paths the largest are shown, and the legend says how many there are.

    Raises UnknownChoice for a level that does not exist, NotInGraph if the paths are of another graph.
    """
    if level not in LEVELS:
        raise UnknownChoice("level", level, LEVELS)
    graph: Graph[Any] = Graph(y) if level == "scalar" else fold(Graph(y), level)
    ways = None
    if highlight is not None:
        start, end = (_counterpart(graph, node, level) for node in (highlight.y, highlight.x))
        ways = paths(start, end)
    return Drawing(_Sketch(graph, level, ways).picture(), theme)


def _counterpart(graph: Graph[Any], node: Any, level: str) -> Any:
    """The node of a possibly folded graph that stands for this one."""
    found = next((folded for folded in graph if isinstance(folded, Folded) and folded.of is node), node)
    graph.require(found, f"highlight at the level {level!r}")
    return found


class _Sketch:
    """The decisions that one picture needs, each made once."""

    def __init__(self, graph: Graph[Any], level: str, ways: Paths[Any] | None) -> None:
        self.graph, self.level, self.ways = graph, level, ways
        self.shown: list[Path[Any]] = ways.top(MOST_PATHS) if ways else []
        self.output = graph.outputs[0].name or "output"
        self.spoken_of = {node for path in self.shown for node in path.nodes}
        self.nodes = [node for node in graph if level == "scalar" or not self._belongs_inside(node)]
        self.ids = {node: f"n{graph.index[node]}" for node in self.nodes}
        self.strands: dict[tuple[Any, int], tuple[int, ...]] = {}
        for strand, path in enumerate(self.shown):
            for edge in path.edges:
                key = (edge.node, edge.slot)
                self.strands[key] = (*self.strands.get(key, ()), strand)

    def _belongs_inside(self, node: Any) -> bool:
        """Whether a folded picture leaves out this leaf: a weight or a target that nobody speaks of."""
        return not node.operands and node.scope is not None and node not in self.spoken_of

    def picture(self) -> Picture:
        """The whole picture."""
        of = f"The {self.level} graph of {self.output}"
        arrows = [self.arrow(edge) for node in self.nodes for edge in edges_of(node) if edge.parent in self.ids]
        return Picture(
            title=f"{of}, with its paths to {label(self.ways.x)}" if self.ways else of,
            description=(
                f"{len(self.nodes)} nodes and {len(arrows)} arrows, from the inputs on the left "
                f"to {self.output} on the right. "
                + " ".join(f"Path {i}: {path}." for i, path in enumerate(self.shown, 1))
            ).strip(),
            boxes=tuple(self.boxes()),
            arrows=tuple(arrows),
            frames=tuple(self.frames()),
            legend=self.legend() if self.ways else None,
            key=(
                Run("value", "value"),
                Run("  ·  "),
                Run("grad", "gradient"),
                Run(f" = ∂{self.output}/∂node  ·  on an arrow: the local derivative, ∂head/∂tail"),
            ),
        )

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
            tip=f"{describe(node)} = {node.data!r}, gradient {node.grad!r}",
            column=column,
            row=row,
        )

    def title(self, node: Any) -> Line:
        """The node's name, and what made it: a plain number among the operands is written beside the glyph."""
        if node.op is None or self.level != "scalar":
            return name(label(node))
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
            tip=f"∂{label(edge.node)}/∂{label(edge.parent)} = {edge.local!r}",
        )

    def _ink(self, spoken_of: bool, target: bool = False) -> Ink:
        if not self.shown:
            return "plain"
        return "target" if target else "strong" if spoken_of else "faded"

    def frames(self) -> list[Frame]:
        """A frame around each layer, where neurons are the nodes."""
        if self.level != "neuron":
            return []
        members: dict[Any, list[str]] = {}
        for node in self.nodes:
            layer = node.scope.enclosing({"layer"}) if node.scope and node.operands else None
            if layer:
                members.setdefault(layer, []).append(self.ids[node])
        return [Frame(layer.name, tuple(boxes)) for layer, boxes in members.items()]

    def legend(self) -> Legend:
        """Each path as a product, and the sum of all."""
        assert self.ways is not None
        y, x, count = label(self.ways.y), label(self.ways.x), self.ways.count
        common = set.intersection(*(set(path.nodes) for path in self.shown))
        is_sum = f" is the sum of {count} paths" if count > 1 else " is the product along its only path"
        notes = [f"equal to {x}.grad"] if self._is_grad() else []
        if count > len(self.shown):
            notes.append(f"with the {count - len(self.shown)} smaller paths that are not drawn")
        if any(len(self._factors(path)) < len(path.edges) for path in self.shown):
            notes.append("factors of 1 are left out")
        return Legend(
            title=(Run("∂"), *name(y), Run("/∂"), *name(x), Run(is_sum)),
            rows=tuple(self._row(strand, path, common) for strand, path in enumerate(self.shown)),
            sum=number(self.ways.total),
            note="; ".join(notes),
        )

    def _is_grad(self) -> bool:
        """Whether the paths' sum is what `backward` left at their end."""
        assert self.ways is not None
        grad = self.ways.x.grad
        return self.ways.y is self.graph.outputs[0] and grad is not None and number(grad) == number(self.ways.total)

    def _row(self, strand: int, path: Path[Any], common: set[Any]) -> PathRow:
        own = [node for node in path.nodes if node not in common and node.name]
        over = (Run("over "), *name(own[0].name)) if own else (Run(f"path {strand + 1}"),)
        return PathRow(strand, over, tuple(map(number, self._factors(path))), number(path.product))

    def _factors(self, path: Path[Any]) -> list[float]:
        """The local derivatives worth writing down: among scalars, the many 1s of sums are not."""
        return [local for local in path.locals if local != 1 or self.level != "scalar"] or [1.0]

"""Graph -> Picture, decision by decision. Imports autograd and picture; computes no derivative."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import copysign, inf
from typing import Any

from autograd import (
    DERIVATIVES,
    Edge,
    Folded,
    Graph,
    Path,
    Paths,
    derivative_name,
    describe,
    edges_of,
    label,
    totals,
)
from autograd.readings.text import expression

from .columns import columns
from .legend import legend
from .picture import Arrow, Box, Frame, Ink, Legend, Picture
from .show import EDGES, Show
from .typeset import Line, Run, clean, formula, plain, power


class Sketch:
    """The decisions that one picture needs, each made once."""

    def __init__(
        self, graph: Graph[Any], level: str, ways: Paths[Any] | None, show: Show, most: int, part: set[Any]
    ) -> None:
        self.graph, self.level, self.ways, self.show = graph, level, ways, show
        self.shown: list[Path[Any]] = ways.top(most) if ways else []
        self.output = clean(graph.outputs[0].name) or "output"
        self.spoken_of = {node for path in self.shown for node in path.nodes}
        hidden = set() if level == "scalar" else self._read_inside() - self.spoken_of
        self.nodes = [node for node in graph if node not in hidden]
        self.whole = len(self.nodes)
        self.keep(part)
        self.strands: dict[tuple[Any, int], tuple[int, ...]] = {}
        for strand, path in enumerate(self.shown):
            for edge in path.edges:
                key = (edge.node, edge.slot)
                self.strands[key] = (*self.strands.get(key, ()), strand)

    def keep(self, part: set[Any]) -> None:
        """Draw these nodes only, of those that would be drawn."""
        self.nodes = [node for node in self.nodes if node in part]
        self.ids = {node: f"n{self.graph.index[node]}" for node in self.nodes}

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
            key=self.key(),
        )

    def key(self) -> Line:
        """How the figures are to be read, those that there are."""
        show, parts = self.show, list[Line]()
        if len(self.nodes) < self.whole:
            parts.append((Run(f"{len(self.nodes):,} of {self.whole:,} nodes"),))
        if show.values:
            parts.append((Run("value", "value"),))
        if show.gradients:
            left = f" = {derivative_name(self.output, 'node')}, as backward() left it"
            parts.append((Run("grad", "gradient"), Run(left)))
        if EDGES[show.edges]:
            parts.append((Run(f"on an arrow: {EDGES[show.edges]}"),))
        if show.budget:
            parts.append((Run("the larger its contribution the wider, dashed where negative"),))
        return tuple(run for part in parts for run in (Run("  ·  "), *part))[1:]

    @cached_property
    def contributions(self) -> dict[tuple[Any, int], float]:
        """What has arrived at the head of each edge, times its local derivative."""
        held = totals(self.graph, DERIVATIVES)
        return {(edge.node, edge.slot): held[edge.node] * edge.local for edge in self.graph.edges()}

    @cached_property
    def largest(self) -> float:
        """The largest contribution, where arrows are to be as wide as theirs; else 0."""
        return max(map(abs, self.contributions.values()), default=0) if self.show.budget else 0

    def share(self, edge: Edge[Any]) -> float:
        """The edge's contribution beside the largest one; square roots, so that small ones are still seen."""
        part = self.contributions[edge.node, edge.slot] / self.largest if 0 < self.largest < inf else 0.0
        return copysign(abs(part) ** 0.5, part)

    def on_arrow(self, edge: Edge[Any]) -> str:
        """What is written on an arrow."""
        if self.show.edges == "symbol":
            return derivative_name(*(plain(self.show.name(self.called(node))) for node in (edge.node, edge.parent)))
        contribution = self.show.edges == "contribution"
        return self.show.number(self.contributions[edge.node, edge.slot] if contribution else edge.local)

    def called(self, node: Any) -> str:
        """What the words around a picture call a node."""
        return self.output if node is self.graph.outputs[0] else label(node)

    @cached_property
    def places(self) -> dict[Any, tuple[int, float]]:
        """Column and row of each node, where the graph is folded."""
        return {} if self.level == "scalar" else columns(self.nodes)

    def boxes(self) -> list[Box]:
        """A box per node."""
        return [self.box(node, *self.places.get(node, (None, 0))) for node in self.nodes]

    def box(self, node: Any, column: int | None, row: float) -> Box:
        """One node with its value and, once it has one, its gradient; a dash until then."""
        gradient = "–" if node.grad is None else self.show.number(node.grad)
        return Box(
            id=self.ids[node],
            title=self.title(node),
            value=self.show.number(node.data) if self.show.values else "",
            gradient=f"grad {gradient}" if self.show.gradients else "",
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
            own = self.show.name(label(node))
            return (*own, Run(" = "), *formula(made, self.show.name)) if made else own
        made = node.op.glyph
        if not node.op.takes_lists:
            written = [
                self.show.number(o) if local is None else "·"
                for o, local in zip(node.operands, node.partials, strict=True)
            ]
            if len(set(written)) > 1:  # a number and a node; two nodes need no dots
                made = power(*written) if node.op.name == "pow" else f" {made} ".join(written)
        return (*self.show.name(node.name), Run(f" = {made}")) if node.name else (Run(made),)

    def arrow(self, edge: Edge[Any]) -> Arrow:
        """One edge, against its direction of differentiation: from the operand to the node."""
        strands = self.strands.get((edge.node, edge.slot), ())
        speaks = bool(strands) or not self.shown
        return Arrow(
            tail=self.ids[edge.parent],
            head=self.ids[edge.node],
            label=self.on_arrow(edge) if speaks and self.show.edges != "none" else "",
            ink=self._ink(bool(strands)),
            strands=strands,
            share=self.share(edge),
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
        return legend(self.ways, self.shown, self.called, self.show, unit_factors=self.level != "scalar")

    def frames(self) -> list[Frame]:
        """A frame around each layer, where neurons are the nodes and the layer's own fill a column."""
        if self.level != "neuron":
            return []
        places, members, mixed = self.places, dict[Any, list[Any]](), set[tuple[int, Any]]()
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

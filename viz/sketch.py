"""Graph -> Picture, decision by decision. Imports autograd and picture; computes no derivative."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import isfinite
from typing import Any

from autograd import (
    Edge,
    Folded,
    Graph,
    Path,
    derivative_name,
    describe,
    edges_of,
    label,
)
from autograd.readings.text import expression

from .columns import columns
from .edges import Edges
from .legend import legend
from .picture import ENDS, Arrow, Box, Direction, Frame, Ink, Legend, Picture
from .selection import Part, read_inside
from .show import EDGES, ON_ARROWS, Show
from .typeset import SEPARATOR, Line, Run, clean, formula, power, shortened


class Sketch:
    """The decisions that one picture needs, each made once; at most so many paths are spoken of."""

    def __init__(self, graph: Graph[Any], level: str, part: Part, show: Show, most: int) -> None:
        self.graph, self.level, self.ways, self.show = graph, level, part.ways(graph, level), show
        self.shown: list[Path[Any]] = self.ways.top(most) if self.ways else []
        self.output = shortened(graph.outputs[0].name) or "output"
        self.edges = Edges(graph, show, self.called)
        self.spoken_of = {node for path in self.shown for node in path.nodes}
        hidden = set() if level == "scalar" else read_inside(graph) - self.spoken_of - part.asked_for(graph, level)
        self.nodes = [node for node in graph if node not in hidden]
        self.whole = len(self.nodes)
        self.flowing = part.only == "gradient"
        self.keep(part.nodes(graph, level))
        if part.only == "paths":
            self.keep(self.spoken_of)
        if self.flowing:
            held = self.edges.gradients
            self.keep({node for node in self.nodes if held.get(node, 0) != 0})
        self.strands: dict[tuple[Any, int], tuple[int, ...]] = {}
        for strand, path in enumerate(self.shown):
            for edge in path.edges:
                key = (edge.node, edge.slot)
                self.strands[key] = (*self.strands.get(key, ()), strand)

    def keep(self, part: set[Any]) -> None:
        """Draw these nodes only, of those that would be drawn."""
        self.nodes = [node for node in self.nodes if node in part]
        self.ids = {node: f"n{self.graph.index[node]}" for node in self.nodes}

    def picture(self, direction: Direction = "right") -> Picture:
        """The whole picture."""
        start, end = ENDS[direction]
        of = f"The {self.level} graph of {self.output}"
        arrows = [
            self.arrow(edge)
            for node in self.nodes
            for edge in edges_of(node)
            if edge.parent in self.ids and not (self.flowing and self.edges.contribution(edge) == 0)
        ]
        return Picture(
            title=clean(f"{of}, with its paths to {shortened(label(self.ways.x))}" if self.ways else of),
            description=clean(
                f"{len(self.nodes)} nodes and {len(arrows)} arrows, from the inputs {start} "
                f"to {self.output} {end}. " + " ".join(f"Path {i}: {path}." for i, path in enumerate(self.shown, 1))
            ),
            boxes=tuple(self.boxes()),
            arrows=tuple(arrows),
            on_arrows=ON_ARROWS[self.show.edges],
            frames=tuple(self.frames()),
            legend=self.legend(),
            key=self.key(),
            direction=direction,
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
        if show.reuse:
            parts.append((Run("used n ×: how often its gradient, once remembered, is multiplied on"),))
        if any(map(self._is_alarming, self.nodes)):
            parts.append((Run("double line: not finite"),))
        if show.budget:
            parts.append((Run("the larger its contribution the wider, dashed where negative"),))
        return tuple(run for part in parts for run in (SEPARATOR, *part))[1:]

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
            ink="alarm" if self._is_alarming(node) else self._ink(node in self.spoken_of, self._is_target(node)),
            lines=((Run(remark, "quiet"),),) if (remark := self.remark(node)) else (),
            tip=clean(f"{describe(node)} = {node.data!r}, gradient {node.grad!r}"),
            column=column,
            row=row,
        )

    def remark(self, node: Any) -> str:
        """What there is to remark on a node: where numbers cease to be finite, or how often its gradient is used."""
        if not isfinite(node.data):
            return "not finite from here on" if all(isfinite(parent.data) for parent in node.parents) else ""
        if self._is_alarming(node):
            return "gradient not finite"
        times = sum(1 for _ in edges_of(node))
        return f"used {times} ×" if self.show.reuse and times and node is not self.graph.outputs[0] else ""

    def title(self, node: Any) -> Line:
        """The node's name and what made it: a folded loss its formula, a scalar its glyph and its plain numbers."""
        if node.op is None or self.level != "scalar":
            is_loss = isinstance(node, Folded) and node.scope is not None and node.scope.kind == "loss"
            made = expression(node.of, longest=24) if is_loss else ""
            own = self.show.name(label(node))
            return (*own, Run(" = "), *formula(made, self.show.name)) if made else own
        own = self._made(node)
        return (*self.show.name(node.name), Run(" = "), *own) if node.name else own

    def _made(self, node: Any) -> Line:
        """What made a scalar: its glyph, and beside it a plain number, written quietly, where there is one."""
        glyph = node.op.glyph
        if node.op.takes_lists or None not in node.partials:
            return (Run(glyph),)
        written = [
            Run(self.show.number(operand), "quiet") if local is None else Run("·")
            for operand, local in zip(node.operands, node.partials, strict=True)
        ]
        if len(written) < 2:
            return (Run(glyph),)
        if node.op.name == "pow":
            base, exponent = written
            raised = power("", exponent.text)
            return (base, Run(raised, exponent.style))
        return (written[0], Run(f" {glyph} "), written[1])

    def arrow(self, edge: Edge[Any]) -> Arrow:
        """One edge, against its direction of differentiation: from the operand to the node."""
        strands = self.strands.get((edge.node, edge.slot), ())
        speaks = bool(strands) or not self.shown
        return Arrow(
            tail=self.ids[edge.parent],
            head=self.ids[edge.node],
            label=self.edges.label(edge) if speaks else "",
            ink=self._ink(bool(strands)),
            strands=strands,
            share=self.edges.share(edge),
            tip=clean(f"{derivative_name(label(edge.node), label(edge.parent))} = {edge.local!r}"),
        )

    def _is_target(self, node: Any) -> bool:
        return self.ways is not None and node is self.ways.x

    @staticmethod
    def _is_alarming(node: Any) -> bool:
        return not (isfinite(node.data) and (node.grad is None or isfinite(node.grad)))

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
            Frame(shortened(layer.name), tuple(self.ids[node] for node in nodes))
            for layer, nodes in members.items()
            if layer and {places[node][0] for node in nodes} <= alone
        ]

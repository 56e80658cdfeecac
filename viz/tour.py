"""The tour: the notes' 4-3-2-1 network told from forward pass to cross-check. Imports autograd, nn, draw and story.

`Tour` holds the facts, each computed once; `story` puts them into words for the terminal and the page.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from autograd import TABLE, Graph, Ledger, Paths, Steps, Value, fold, label, ledger, paths, steps
from autograd.readings.latex import rules
from nn import MLP, Report, crosscheck, losses

from .draw import draw
from .drawing import Drawing
from .story import Rule, Section, Story, Table
from .typeset import number, plain

WEIGHTS = [
    [[0.2, -0.4, 0.1, 0.5], [-0.3, 0.6, 0.2, -0.1], [0.4, 0.3, -0.5, 0.2]],
    [[0.7, -0.6, 0.3], [-0.6, 0.4, 0.5]],
    [[0.8, -0.5]],
]
INPUTS, TARGET = [0.5, -1.0, 0.25, 2.0], 1.0


class Tour:
    """One example run forward and backward, and everything there is to say about ∂L/∂w₁₁₁.

    The network is written with binary + and ×, so that the scalar graph has every operation of the notes.
    """

    def __init__(self) -> None:
        self.net = MLP(4, [3, 2, 1], bias=False, weights=WEIGHTS, fused=False)
        self.loss: Value = losses.squared_error(self.net(INPUTS), TARGET)
        self.loss.backward()
        self.weight = self.net.weights[0][0][0]
        self.graph = Graph(self.loss)
        self.neurons = fold(self.graph, "neuron")

    @cached_property
    def steps(self) -> Steps[Any]:
        """The reverse sweep over the neurons, without the branches that end in an input."""
        return steps(self.neurons.outputs[0], self.net.parameters())

    @cached_property
    def paths(self) -> Paths[Any]:
        """The paths from L to w₁₁₁ over neurons."""
        return paths(self.neurons.outputs[0], self.weight)

    @cached_property
    def path_counts(self) -> dict[str, int]:
        """How many paths lead to each weight, by its name."""
        return {w.name: paths(self.neurons.outputs[0], w).count for w in self.net.parameters()}

    @cached_property
    def costs(self) -> dict[str, Ledger[Any]]:
        """The ledger for the derivatives of all 20 weights, counted on the graph of each level."""
        weights = self.net.parameters()
        return {
            "neurons": ledger(self.neurons.outputs[0], weights),
            "scalars, + and − free": ledger(self.loss, weights, free_signs=True),
            "scalars, every edge": ledger(self.loss, weights),
        }

    @cached_property
    def report(self) -> Report:
        """The scalar gradients against the vectorised engine's."""
        return crosscheck(self.net, INPUTS, [TARGET], by=["VectorizedMLP"])

    @cached_property
    def neuron_drawing(self) -> Drawing:
        """The main picture: neurons, and the two paths in colour."""
        return draw(self.loss, level="neuron", highlight=paths(self.loss, self.weight))

    @cached_property
    def scalar_drawing(self) -> Drawing:
        """The same paths where every + and × is a node."""
        return draw(self.loss, level="scalar", highlight=paths(self.loss, self.weight))


def story(tour: Tour) -> Story:
    """The tour in words, tables and pictures."""
    example = f"x = ({', '.join(map(number, INPUTS))}) and y = {number(TARGET)}"
    return Story(
        title="Back-propagation on the notes' 4-3-2-1 network",
        intro=f"Sigmoid neurons without biases, fixed weights, the loss L = (h₃₁ − y)², and one example: {example}. "
        "The weight w with indices l, j, i leads into neuron j of layer l, from neuron i of the layer before.",
        picture=tour.neuron_drawing.picture,
        sections=(_forward(tour), _backward(tour), _paths(tour), _costs(tour), _crosscheck(tour), _scalars(tour)),
    )


def _forward(tour: Tour) -> Section:
    rows, inputs = [], INPUTS
    for layer in tour.net.layers:
        nodes = [(tour.graph[neuron.sum_name], tour.graph[neuron.name]) for neuron in layer.neurons]
        for neuron, (a, h) in zip(layer.neurons, nodes, strict=True):
            terms = " + ".join(f"{_factor(w.data)}·{_factor(x)}" for w, x in zip(neuron.weights, inputs, strict=True))
            rows.append((h.name, terms, number(a.data), number(h.data)))
        inputs = [h.data for _, h in nodes]
    rows.append(("L", f"({number(inputs[0])} − {number(TARGET)})²", "", number(tour.loss.data)))
    return Section(
        "Forward: every neuron adds up, a = Σ w·x, and squashes, h = σ(a)",
        table=Table("llrr", ("node", "sum", "a", "h"), tuple(rows)),
    )


def _backward(tour: Tour) -> Section:
    rows = [
        (
            str(place),
            f"{label(step.node)} → {label(step.parent)}",
            f"{number(step.upstream)} × {number(step.local)}",
            f"= {number(step.contribution)}",
            f"{label(step.parent)} holds {number(step.total)}{'' if step.final else ' so far'}",
        )
        for place, step in enumerate(tour.steps)
    ]
    used = {node.op for node in tour.graph}
    return Section(
        "Backward: the reverse sweep, one multiplication an arrow",
        "It starts with ∂L/∂L = 1. What has arrived at a node, times the local derivative of an arrow into it, "
        "goes to the node where the arrow comes from, and is added to what that one holds. No arrow is walked twice.",
        Table("rllll", ("", "from → to", "arrived × local", "passed on", "the sum there"), tuple(rows)),
        rules=tuple(Rule(op.name, tuple(rules(op))) for op in TABLE.values() if op in used),
    )


def _paths(tour: Tour) -> Section:
    w, legend = tour.weight, tour.neuron_drawing.picture.legend
    assert legend is not None
    rows = [(row.over, " × ".join(row.factors), row.product) for row in legend.rows]
    counts = tour.path_counts
    first_layer = {count for name, count in counts.items() if name.startswith("w₁")}
    return Section(
        f"∂L/∂{w.name} is the sum of {tour.paths.count} paths (the notes' w¹₁₁)",
        f"Each path from L down to {w.name} contributes the product of its local derivatives.",
        Table(
            "llr",
            ("path", "product along it", "share"),
            (*((plain(over), product, share) for over, product, share in rows), ("sum", "", legend.sum)),
        ),
        f"The reverse sweep left {number(w.grad or 0.0, 13)} in {w.name}.grad; the products add up to "
        f"{number(sum(path.product for path in tour.paths), 13)}. There are "
        f"{' or '.join(map(str, first_layer))} paths to each weight of layer 1, 1 to every other, "
        f"{sum(counts.values())} in all.",
    )


def _costs(tour: Tour) -> Section:
    rows = []
    for level, cost in tour.costs.items():
        counts = [way.multiplications for way in (cost.by_paths, cost.by_weights, cost.memoised)]
        rows.append((level, *map(str, counts), f"{counts[0] / counts[-1]:.1f} ×"))
    return Section(
        "The ledger: multiplications for the derivatives of all 20 weights",
        "By paths, every path is multiplied out on its own; by weights, each weight's sum is factored but nothing is "
        "remembered; memoised is the sweep above, every arrow once.",
        Table("lrrrr", ("counted on", "by paths", "by weights", "memoised", "saved"), tuple(rows)),
        "Counted on the graphs, not by formula. An arrow out of L costs nothing, since 1 arrives there.",
    )


def _crosscheck(tour: Tour) -> Section:
    report = tour.report
    rows = tuple(
        (
            row.array,
            " × ".join(map(str, row.scalar.shape)),
            f"{row.absolute:.1e}",
            f"{row.relative:.1e}",
            str(row.index),
        )
        for row in report.rows
    )
    verdict = "agree" if report.agrees() else "DISAGREE"
    return Section(
        "Cross-check: the same gradients from the vectorised equations",
        "dZ₃ = 2(A₃ − Y) ∗ g′(Z₃), dWₗ = dZₗ Aₗ₋₁ᵀ / m, dZₗ₋₁ = Wₗᵀ dZₗ ∗ g′(Zₗ₋₁), in NumPy, "
        "against the scalar graph.",
        Table("lrrrl", ("array", "shape", "largest difference", "relative", "at"), rows),
        f"The two engines {verdict}; the largest relative difference is {report.largest.relative:.1e}, "
        f"in {report.largest.array}.",
    )


def _scalars(tour: Tour) -> Section:
    edges = sum(1 for _ in tour.graph.edges())
    return Section(
        "The same two paths with every + and × as a node",
        f"{len(tour.graph)} nodes and {edges} arrows. The arrows into a sum carry a 1, so the products stay "
        "what they were.",
        picture=tour.scalar_drawing.picture,
    )


def _factor(value: float) -> str:
    return number(value) if value >= 0 else f"({number(value)})"

"""What a network's picture shows, decision by decision, before the network has run. Imports nn, picture and show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from autograd import NotInGraph, shorten, subscript
from nn import Neuron, indexed, indices_of

from .picture import Arrow, Box, Heading, Ink, Panel, Picture
from .show import Show
from .typeset import Line, Run, name, plain, raised_and_lowered

MOST, FIRST = 6, 2  # of more neurons, rows or columns than that, the first few and the last are shown
READABLE = 16  # labels between two columns; of more none is written
Sign: TypeAlias = str | tuple[str, ...]  # of a layer, or of each of its neurons
Scheme: TypeAlias = Callable[[str], tuple[str, str, str]]  # a letter, what stands above it, what stands below


@dataclass(frozen=True)
class Plan:
    """What is known of a network before it runs; of mere widths no neurons, and a bias for each."""

    sizes: tuple[int, ...]
    signs: tuple[Sign, ...]
    biased: bool = True
    neurons: Sequence[Sequence[Neuron]] = ()
    shared: bool = False  # one bias for all neurons of a layer

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.signs)

    def sign(self, layer: int, j: int) -> str:
        """The function of one neuron."""
        sign = self.signs[layer - 1]
        return sign if isinstance(sign, str) else sign[j - 1]


def shown(count: int) -> list[int | None]:
    """Which of so many are shown, counted from 1, with None for those between: all of them if they are few."""
    return [*range(1, count + 1)] if count <= MOST else [*range(1, FIRST + 1), None, count]


def matrix(title: Line, rows: int, columns: int, cell: Callable[[int, int], Line], at: float | None = None) -> Panel:
    """A matrix in brackets with its shape, its cells by row and column, from 1; ⋯, ⋮ and ⋱ for what is left out."""

    def entry(row: int | None, column: int | None) -> Line:
        if row is None or column is None:
            return (Run("⋱" if row is column else "⋮" if row is None else "⋯"),)
        return cell(row, column)

    cells = tuple(tuple(entry(i, j) for j in shown(columns)) for i in shown(rows))
    return Panel((*title, Run(f": {rows} × {columns}")), cells, at)


class Diagram:
    """The decisions that one picture needs; layers and neurons count from 1, and layer 0 is the inputs."""

    def __init__(
        self, plan: Plan, weights: str, matrices: str, show: Show, scheme: Scheme | None, highlight: str
    ) -> None:
        self.plan, self.weights, self.matrices, self.show, self.scheme = plan, weights, matrices, show, scheme
        self.rows = [shown(size) for size in plan.sizes]
        self.drawn = [[j for j in row if j] for row in self.rows]
        self.highlight = self._found(highlight) if highlight else ()

    def _found(self, highlight: str) -> tuple[int, ...]:
        """The layer and the number of the neuron that is spoken of; raises NotInGraph unless it is drawn."""
        letter, place = indices_of(highlight) if isinstance(highlight, str) else ("", ())
        if letter == "h" and len(place) == 2 and 0 < place[0] <= self.plan.depth and place[1] in self.drawn[place[0]]:
            return place
        raise NotInGraph(f"highlight: given {shorten(highlight)}, expected a neuron that is drawn, such as 'h₁₁'")

    @property
    def transposed(self) -> bool:
        """Whether matrices have a row for each source, as where the notes explain the chain rule."""
        return self.scheme is None and self.show.names == "notes"

    def name(self, text: str) -> Line:
        """What the graph calls so, in the names of this picture."""
        return raised_and_lowered(*self.scheme(text)) if self.scheme else self.show.name(text)

    def picture(self) -> Picture:
        """The whole picture."""
        *hidden, last = map(str, self.plan.sizes[1:])
        layers = f"layers of {', '.join(hidden)} and {last}" if hidden else f"a layer of {last}"
        size = f"{self.plan.sizes[0]} {'input' if self.plan.sizes[0] == 1 else 'inputs'}"
        count = sum(n * m for n, m in pairwise(self.plan.sizes))
        biases = (self.plan.depth if self.plan.shared else sum(self.plan.sizes[1:])) if self.plan.biased else 0
        return Picture(
            title=f"A network of {size} and {layers}",
            description=f"A network of {size}, {layers}, from the left to the right: {count:,} weights and "
            f"{biases:,} biases, each neuron with one weight for everything in the column before it.",
            boxes=tuple(self.boxes()),
            arrows=tuple(self.arrows()),
            on_arrows="weight",
            key=self.key(),
            headings=tuple(self.headings()),
            panels=tuple(panel for layer in range(1, self.plan.depth + 1) for panel in self.panels(layer)),
        )

    def headings(self) -> list[Heading]:
        """What each column is."""
        *hidden, last = (sign if isinstance(sign, str) else "mixed" for sign in self.plan.signs)
        layers = [f"layer {layer} · {sign}" for layer, sign in enumerate(hidden, 1)]
        titles = ["inputs", *layers, f"output layer · {last}"]
        return [Heading((Run(title),), column) for column, title in enumerate(titles)]

    def boxes(self) -> Iterator[Box]:
        """A circle for each input and neuron, three dots for those left out, and the outputs."""
        for layer, rows in enumerate(self.rows):
            for place, j in enumerate(rows):
                yield self.box(layer, j, place - (len(rows) - 1) / 2)
        rows, column = self.rows[-1], self.plan.depth + 1
        for place, j in enumerate(rows):
            if j and self.tells_outputs:
                called = name("ŷ" if self.plan.sizes[-1] == 1 else indexed("ŷ", j))
                yield Box(f"y{j}", called, column=column, row=place - (len(rows) - 1) / 2, shape="bare")

    @property
    def tells_outputs(self) -> bool:
        """Whether the outputs stand beside the last layer, whose neurons may be called ŷ themselves."""
        return self.name(indexed("h", self.plan.depth, 1))[0].text != "ŷ"

    def box(self, layer: int, j: int | None, row: float) -> Box:
        """One circle: its name, its bias, its function; or the dots."""
        if j is None:
            others = f"{self.plan.sizes[layer] - FIRST - 1:,} more"
            return Box(
                f"more{layer}", (Run("⋮"),), lines=((Run(others, "quiet"),),), column=layer, row=row, shape="bare"
            )
        id = f"n{layer}_{j}"
        if not layer:
            return Box(id, self.name(indexed("x", j)), column=0, row=row, shape="round")
        ink: Ink = "strong" if (layer, j) == self.highlight else "plain"
        sign, bias, lines = self.plan.sign(layer, j), "", list[Line]()
        if self.plan.biased and self.weights == "names":
            lines.append(self.entry("names", "b", layer, j))
        elif self.plan.biased and self.weights == "values":
            written = self.written("b", layer, j)
            bias = written if written.startswith("−") else f"+ {written}"
        called = self.name(indexed("h", layer, j))
        tip = f"{plain(called)}: {sign}" + (f", {self.told('b', layer, j)}" if self.plan.biased else "")
        return Box(
            id,
            called,
            bias,
            ink=ink,
            tip=tip,
            column=layer,
            row=row,
            lines=(*lines, (Run(sign, "quiet"),)),
            shape="round",
        )

    def written(self, letter: str, *place: int) -> str:
        """A weight or a bias as it stands in the picture."""
        return plain(self.entry(self.weights, letter, *place))

    def entry(self, what: str, letter: str, layer: int, j: int, i: int = 0) -> Line:
        """The weight of neuron j for source i, or without one its bias, by name or value."""
        if what == "names":
            one = self.plan.shared and letter == "b"
            return self.name(indexed(letter, layer) if one else indexed(letter, layer, j, *([i] if i else [])))
        neuron = self.plan.neurons[layer - 1][j - 1]
        found = neuron.weights[i - 1] if i else next(iter(neuron.biases))
        return (Run(self.show.number(found.data)),)

    def told(self, letter: str, *place: int) -> str:
        """A weight or a bias with its name and, where it has one, its value."""
        called = plain(self.entry("names", letter, *place))
        return f"{called} = {plain(self.entry('values', letter, *place))}" if self.plan.neurons else called

    def arrows(self) -> Iterator[Arrow]:
        """A weight each, neuron by neuron; and from the last layer on to the outputs."""
        for layer in range(1, self.plan.depth + 1):
            for j in self.drawn[layer]:
                faded = bool(self.highlight) and (layer, j) != self.highlight
                for i in self.drawn[layer - 1]:
                    label = self.written("w", layer, j, i) if self.labelled(layer) and not faded else ""
                    ink: Ink = "faded" if faded else "plain"
                    tip = self.told("w", layer, j, i)
                    yield Arrow(f"n{layer - 1}_{i}", f"n{layer}_{j}", label, ink, tip=tip)
        for j in self.drawn[-1] if self.tells_outputs else ():
            yield Arrow(f"n{self.plan.depth}_{j}", f"y{j}", ink="faded" if self.highlight else "plain")

    def labelled(self, layer: int) -> bool:
        """Whether the arrows into a layer have labels: if they are wanted, and few enough to be read."""
        arrows = len(self.drawn[layer - 1]) * (1 if self.highlight else len(self.drawn[layer]))
        return self.weights != "none" and arrows <= READABLE

    def panels(self, layer: int) -> list[Panel]:
        """A layer's matrix, below the gap before it, and its biases."""
        sources, targets = self.plan.sizes[layer - 1 : layer + 1]
        shape = (sources, targets) if self.transposed else (targets, sources)
        called = raised_and_lowered("W", str(layer), "") if self.transposed else self.name(f"W{subscript(layer)}")
        offsets = self.name(f"b{subscript(layer)}")
        if self.matrices == "none":
            return []
        if self.matrices == "shapes":
            lines = [((*called, Run(f": {shape[0]} × {shape[1]}")),)]
            lines += [((*offsets, Run(f": {targets} × 1")),)] if self.plan.biased else []
            return [Panel((), tuple(lines), layer - 0.5, bracketed=False)]

        def weight(row: int, column: int) -> Line:
            j, i = (column, row) if self.transposed else (row, column)
            return self.entry(self.matrices, "w", layer, j, i)

        found = [matrix(called, *shape, weight, layer - 0.5)]
        if self.plan.biased:
            found.append(matrix(offsets, targets, 1, lambda j, _: self.entry(self.matrices, "b", layer, j), layer))
        return found

    def key(self) -> Line:
        """How arrows are to be read, and the indices of weights where any are written."""
        said = "an arrow into a circle is one weight"
        if "names" not in (self.weights, self.matrices):
            return (Run(said),)
        if self.transposed:
            said += "; its indices: the layer above, below from and to"
        elif self.scheme is None:
            said += "; its indices: layer, neuron, input"
        return (Run(said),)

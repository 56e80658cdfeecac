"""Figures of the notes that are networks, in the order of the notes: `NETWORKS`. Imports diagram, network, picture.

Each takes a theme and gives a Drawing of a network before it has run; its first line is a caption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nn import MLP, in_graph, indexed

from ..diagram import matrix
from ..drawing import Drawing
from ..network import network
from ..picture import Arrow, Box, Heading, Panel, Picture
from ..theme import Theme, theme_of
from ..typeset import Line, Run, formula, name

# The running numbers that the notes give to the 2-2-1 network, and to no other.
RUNNING = {
    "w₁₁₁": "w₁₁", "w₁₁₂": "w₁₂", "w₁₂₁": "w₁₃", "w₁₂₂": "w₁₄", "w₂₁₁": "w₂₁", "w₂₁₂": "w₂₂",
    "b₁₁": "b₁", "b₁₂": "b₂", "b₂₁": "b₃", "h₁₁": "h₁", "h₁₂": "h₂", "h₂₁": "ŷ",
}  # fmt: skip


def one_neuron(theme: Theme | str = "light") -> Drawing:
    """One sigmoid neuron: the sum of its weighted inputs and its bias, then the sigmoid of that sum.

    Source: lines 72-73 and 151-160 of the notes.
    """
    inputs = [Box(f"x{i}", name(indexed("x", i)), column=0, row=i - 2.0, shape="round") for i in (1, 2, 3)]
    picture = Picture(
        title="One sigmoid neuron",
        description="Three inputs, each times its weight, and a bias add up to a; the sigmoid of a is the output.",
        boxes=(
            *inputs,
            Box("sum", name("Σ"), "+ b", column=1, shape="round"),
            Box("sigmoid", name("σ"), column=2, shape="round"),
            Box("output", name("ŷ"), column=3, shape="bare"),
        ),
        arrows=(
            *(Arrow(box.id, "sum", indexed("w", i)) for i, box in enumerate(inputs, 1)),
            Arrow("sum", "sigmoid", "a"),
            Arrow("sigmoid", "output", "h"),
        ),
        on_arrows="",
        headings=tuple(
            Heading((Run(title),), column)
            for column, title in enumerate(("inputs", "pre-activation", "activation", "output"))
        ),
        panels=(_lines("a = w₁ x₁ + w₂ x₂ + w₃ x₃ + b", at=1), _lines("h = σ(a)", at=2), _lines("ŷ = h", at=3)),
    )
    return Drawing(picture, theme_of(theme))


def two_two_one_network(theme: Theme | str = "light") -> Drawing:
    """Two inputs, two hidden neurons and one output: nine parameters, in the notes' running numbers.

    Source: lines 75-117 of the notes; the three biases are b₁, b₂ and b₃.
    """
    return network([2, 2, 1], names=lambda text: in_graph(RUNNING.get(text, text)), matrices="none", theme=theme)


def stacked_neurons(theme: Theme | str = "light") -> Drawing:
    """Neurons stacked in layers: the outputs of one layer are the inputs of the next.

    Source: lines 157-163 and 189-203 of the notes.
    """
    drawing = network([3, 3, 3, 2], weights="none", matrices="none", activation="g", output="O", theme=theme)
    return _with(
        drawing,
        _lines("a₁ = W₁ x + b₁", "h₁ = g(a₁)", at=1),
        _lines("a₂ = W₂ h₁ + b₂", "h₂ = g(a₂)", at=2),
        _lines("a₃ = W₃ h₂ + b₃", "ŷ = h₃ = O(a₃)", at=3),
    )


def first_layer_of_100(theme: Theme | str = "light") -> Drawing:
    """The first layer of a network of 100 inputs: each neuron's row of W₁ times x, and its bias.

    Source: lines 207-237 of the notes; with all 100 terms of each sum.
    """
    drawing = network([100, 10, 10, 4], highlight="h₁₁", matrices="none", theme=theme)
    rows = (_row(1, j, "x", 100) for j in (1, 2, 3))
    return _with(
        drawing, _weights(1, 10, 100), _vector("x", 100), _vector("b", 10, 1), _lines(*rows, "⋮", "a₁ = W₁ x + b₁")
    )


def output_layer_of_4(theme: Theme | str = "light") -> Drawing:
    """The output layer of the same network: four rows of W₃ times h₂, and four biases.

    Source: lines 239-258 of the notes; with the bias everywhere.
    """
    drawing = network([100, 10, 10, 4], highlight="h₃₁", matrices="none", output="O", theme=theme)
    rows = (_row(3, j, "h", 10, 2) for j in (1, 2, 3, 4))
    return _with(drawing, _weights(3, 4, 10), _vector("h", 10, 2), _vector("b", 4, 3), _lines(*rows, "a₃ = W₃ h₂ + b₃"))


def binary_network_4_4_1(theme: Theme | str = "light") -> Drawing:
    """The network of the binary example, with its weights: one output neuron for two classes.

    Source: lines 363-395 of the notes; 0.5 is the bias of all four neurons.
    """
    hidden = [[0.9, 0.2, 0.4, 0.3], [-0.5, 0.4, 0.3, 0.3], [0.1, 0.1, -0.1, 0.2], [-0.2, 0.5, 0.5, 0.7]]
    weights, biases = [hidden, [[0.5, 0.8, -0.6, 0.3]]], [[0.5] * 4, [0.3]]
    return network(MLP(4, [4, 1], weights=weights, biases=biases), weights="values", matrices="values", theme=theme)


def multi_class_network_4_4_3(theme: Theme | str = "light") -> Drawing:
    """The network of the multi-class example, with its weights: an output neuron for each class, and softmax.

    Source: lines 420-444 of the notes; all biases are 0.
    """
    hidden = [[0.1, 0.3, 0.8, -0.4], [-0.3, -0.2, 0.5, 0.5], [-0.3, 0.1, 0.5, 0.4], [0.2, 0.5, -0.9, 0.7]]
    last = [[0.3, 0.8, -0.2, -0.4], [0.5, -0.2, -0.3, 0.5], [0.3, 0.1, 0.6, 0.6]]
    net = MLP(4, [4, 3], output="linear", weights=[hidden, last])
    return network(net, weights="values", matrices="values", output="softmax", theme=theme)


def network_4_3_2_1(theme: Theme | str = "light") -> Drawing:
    """The network on which the chain rule is explained, in the notes' names: wᵏᵢⱼ leads in layer k from i to j.

    Source: lines 637-651 of the notes.
    """
    return network(MLP(4, [3, 2, 1], bias=False), names="notes", activation="f", output="f", theme=theme)


def shapes_3_4_1(theme: Theme | str = "light") -> Drawing:
    """The network that is vectorised, with the shape of everything in it.

    Source: lines 1103-1145 of the notes; W₁ is 4 × 3, and W₂ is 1 × 4.
    """
    drawing = network(
        [3, 4, 1],
        weights="none",
        matrices="none",
        names=lambda text: in_graph(text.replace("h", "a")),
        theme=theme,
    )
    return _with(
        drawing,
        _lines("x: 3 × 1", at=0),
        _lines("W₁: 4 × 3", "b₁: 4 × 1", at=0.5),
        _lines("z₁ = W₁ x + b₁: 4 × 1", "a₁ = σ(z₁): 4 × 1", at=1),
        _lines("W₂: 1 × 4", "b₂: 1 × 1", at=1.5),
        _lines("z₂ = W₂ a₁ + b₂: 1 × 1", "a₂ = σ(z₂): 1 × 1", at=2),
    )


def _with(drawing: Drawing, *panels: Panel) -> Drawing:
    """The drawing with these panels below it."""
    return Drawing(replace(drawing.picture, panels=panels), drawing.theme, drawing.size)


def _lines(*lines: str, at: float | None = None) -> Panel:
    return Panel((), tuple((formula(line),) for line in lines), at, bracketed=False)


def _row(layer: int, j: int, letter: str, sources: int, *before: int) -> str:
    """A row of a layer's matrix multiplied out: a₁₁ = w₁₁₁ x₁ + w₁₁₂ x₂ + … + b₁₁."""
    first, second, last = (f"{indexed('w', layer, j, i)} {indexed(letter, *before, i)}" for i in (1, 2, sources))
    return f"{indexed('a', layer, j)} = {first} + {second} + … + {last} + {indexed('b', layer, j)}"


def _weights(layer: int, rows: int, columns: int) -> Panel:
    """A layer's matrix of weights."""
    return matrix(name(indexed("W", layer)), rows, columns, lambda j, i: name(indexed("w", layer, j, i)))


def _vector(letter: str, length: int, *layer: int) -> Panel:
    """A column of inputs, or of a layer's biases or activations."""

    def entry(j: int, _: int) -> Line:
        return name(indexed(letter, *layer, j))

    return matrix(name(indexed(letter, *layer)), length, 1, entry)


NETWORKS: tuple[Callable[..., Drawing], ...] = (
    one_neuron,
    two_two_one_network,
    stacked_neurons,
    first_layer_of_100,
    output_layer_of_4,
    binary_network_4_4_1,
    multi_class_network_4_4_3,
    network_4_3_2_1,
    shapes_3_4_1,
)

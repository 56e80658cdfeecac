"""The level "equations": what it says word for word, and that NumPy, following it, finds the same derivatives."""

from __future__ import annotations

import re
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autograd import Graph, UnknownChoice, Value, gradients, origin, within
from autograd.scope import Scope
from nn import MLP, losses
from viz import Drawing, draw
from viz.layers import called, layers
from viz.render.layout import layout
from viz.theme import LIGHT
from viz.typeset import plain

Array = NDArray[np.float64]
INPUTS = [0.5, -1.0, 2.0]
PIECES = re.compile("∂[^/ ]+/∂[^ )]+|[σa-z]+′|[σa-z]{2,}|[0-9.]+|[^\\W\\d][₀₁₂₃₄₅₆₇₈₉,]*|.")
SIGNS = {"∗": "*", "·": "*", "−": "-", "²": "**2", "ᵀ": ".T"}
G = {
    "σ": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "ln": np.log,
    "exp": np.exp,
    "Σ": lambda rows: rows.sum(axis=1, keepdims=True),
    "σ′": lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2,
    "tanh′": lambda a: np.cosh(a) ** -2,
    "relu′": lambda a: (a > 0).astype(float),
}


def net_3_4_1(**options: Any) -> MLP:
    """The notes' vectorised network."""
    return MLP(3, [4, 1], seed=1, **options)


def blocks(drawing: Drawing, *, back: bool) -> list[list[str]]:
    """The lines of each block, forward ones from the input on, backward ones from the output on."""
    boxes = [box for box in drawing.picture.boxes if box.column and (box.row > 0) == back]
    boxes.sort(key=lambda box: box.column or 0, reverse=back)
    return [[plain(line) for line in (box.title, *box.lines)] for box in boxes]


def kept(drawing: Drawing) -> list[str]:
    """What is kept of each block, in order."""
    row = {box.id: (box.row, box.column or 0) for box in drawing.picture.boxes}
    across = [arrow for arrow in drawing.picture.arrows if row[arrow.tail][1] == row[arrow.head][1]]
    assert all(row[arrow.tail][0] < row[arrow.head][0] for arrow in across)
    return [arrow.label for arrow in sorted(across, key=lambda arrow: row[arrow.tail][1])]


def computed(formula: str, known: dict[str, Any]) -> Array:
    """The right side of an equation in NumPy: what stands side by side is a product of matrices."""
    written = ""
    for piece in PIECES.findall(re.sub("Σ (.*)", r"Σ(\1)", formula)):
        if piece in known or piece in G or piece == "(":
            written += " @ " * written.rstrip().endswith((")", ".T"))  # which no function does
        written += (
            f"(known[{piece!r}])" if piece in known else f"G[{piece!r}]" if piece in G else SIGNS.get(piece, piece)
        )
    return np.atleast_2d(eval(written, {"known": known, "G": G}))


def numbers(y: Value) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays that a graph's equations speak of, and the derivatives of y by them, both by name.

    A row for each entry and a column for each example; matrices of weights have their own rows and columns.
    """
    known: dict[str, Any] = {}
    slopes: dict[str, Any] = {}
    graph = layers(y)
    output = called(graph.outputs[0])
    for node in filter(lambda node: node.name, Graph(y)):
        known[node.name] = node.data
        slopes[f"∂{output}/∂{node.name}"] = gradients(y, [node])[0]
    for stacked in graph:
        name, inner = called(stacked), [origin(node) for node in stacked.nodes]
        shape = _shape(name, inner)
        known[name] = _array([node.data for node in inner], shape)
        slopes[f"∂{output}/∂{name}"] = _array(gradients(y, inner), shape)
    for layer in sorted({node.name[1] for node in Graph(y) if re.fullmatch("a[₀-₉]+", node.name)}):
        inner = [node for node in Graph(y) if node.name.startswith(f"a{layer}")]
        known[f"a{layer}"] = _array([node.data for node in inner], _shape("a", inner))
    return known, slopes


def _shape(name: str, inner: list[Any]) -> tuple[int, ...]:
    if name.startswith("W"):
        return len({node.name[2] for node in inner}), len({node.name[3] for node in inner})
    return len({node.name for node in inner}), -1


def _array(numbers: list[Any], shape: tuple[int, ...]) -> Array:
    """Entries as the graph has them: the weights row by row, the vectors example after example."""
    if shape[1] != -1:
        return np.array(numbers, float).reshape(shape)
    return np.array(numbers, float).reshape(-1, shape[0]).T


def follow(drawing: Drawing, y: Value) -> None:
    """Compute forward and then backward what the picture says, and compare each with the engine's number."""
    known, slopes = numbers(y)
    for (equation,) in blocks(drawing, back=False):
        name, _, formula = equation.partition(" = ")
        np.testing.assert_allclose(computed(formula, known), known[name], rtol=1e-12, err_msg=equation)
    found: dict[str, Any] = {}
    seen = 0
    for lines in blocks(drawing, back=True):
        for line in lines:
            name, sign, formula = re.fullmatch(r"(\S+) (\+?=) (.+)", line).groups()  # type: ignore[union-attr]  # it is
            result = computed(formula, known | found)
            found[name] = found[name] + result if sign == "+=" and name in found else result
    for name, result in found.items():
        if name[0] == "∂":
            expected = slopes[name]
            np.testing.assert_allclose(np.broadcast_to(result, np.shape(expected)), expected, rtol=1e-9, atol=1e-12)
            seen += 1
    assert seen == len([line for lines in blocks(drawing, back=True) for line in lines if line[0] == "∂"])


def test_the_notes_network_word_for_word() -> None:
    loss = losses.squared_error(net_3_4_1()(INPUTS), 1.0)
    text = draw(loss, level="equations").text
    assert re.sub(" {2,}", "  ", text) == (
        "The equations of L\n"
        "\n"
        "nodes\n"
        "  x  3 × 1\n"
        "  h₁ = σ(W₁ x + b₁)  (4 × 3) (3 × 1) + 4 × 1\n"
        "  δ₁ = ∂L/∂h₁ ∗ σ′(a₁)  ∂L/∂W₁ = δ₁ xᵀ, ∂L/∂b₁ = δ₁, ∂L/∂x = W₁ᵀ δ₁\n"
        "  h₂ = σ(W₂ h₁ + b₂)  (1 × 4) (4 × 1) + 1 × 1\n"
        "  δ₂ = ∂L/∂h₂ ∗ σ′(a₂)  ∂L/∂W₂ = δ₂ h₁ᵀ, ∂L/∂b₂ = δ₂, ∂L/∂h₁ = W₂ᵀ δ₂\n"
        "  L = (h₂₁ − y)²  1 × 1\n"
        "  ∂L/∂h₂ = 2 · (h₂₁ − y)\n"
        "\n"
        "arrows\n"
        "  h₁ = σ(W₁ x + b₁) → δ₁ = ∂L/∂h₁ ∗ σ′(a₁)  x, W₁, a₁\n"
        "  h₁ = σ(W₁ x + b₁) → h₂ = σ(W₂ h₁ + b₂)  h₁\n"
        "  δ₂ = ∂L/∂h₂ ∗ σ′(a₂) → δ₁ = ∂L/∂h₁ ∗ σ′(a₁)  ∂L/∂h₁\n"
        "  h₂ = σ(W₂ h₁ + b₂) → δ₂ = ∂L/∂h₂ ∗ σ′(a₂)  h₁, W₂, a₂\n"
        "  h₂ = σ(W₂ h₁ + b₂) → L = (h₂₁ − y)²  h₂\n"
        "  ∂L/∂h₂ = 2 · (h₂₁ − y) → δ₂ = ∂L/∂h₂ ∗ σ′(a₂)  ∂L/∂h₂\n"
        "  L = (h₂₁ − y)² → ∂L/∂h₂ = 2 · (h₂₁ − y)  h₂, y\n"
        "  and 1 without one\n"
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("output", ["sigmoid", "tanh", "linear"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("fused", [True, False])
def test_numpy_finds_the_same_derivatives(activation: str, output: str, bias: bool, fused: bool) -> None:
    net = net_3_4_1(activation=activation, output=output, bias=bias, fused=fused)
    loss = losses.squared_error(net(INPUTS), 1.0)
    drawing = draw(loss, level="equations")
    follow(drawing, loss)
    assert any("b₁" in line for lines in blocks(drawing, back=True) for line in lines) == bias


@pytest.mark.parametrize("target", [0.0, 1.0, 0.25])
def test_binary_cross_entropy_is_followed_too(target: float) -> None:
    loss = losses.binary_cross_entropy(net_3_4_1()(INPUTS), target)
    drawing = draw(loss, level="equations")
    follow(drawing, loss)
    assert blocks(drawing, back=False)[-1] == ["L = −(y · ln(h₂₁) + (1 − y) · ln(1 − h₂₁))"]
    assert kept(drawing) == ["x, W₁, a₁", "h₁, W₂, a₂", "h₂, y"]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("outputs", [2, 3, 4])
def test_a_loss_of_several_outputs_has_an_equation_for_each(activation: str, outputs: int) -> None:
    net = MLP(3, [2, outputs], activation=activation, output="linear", seed=2)
    loss = losses.squared_error(net(INPUTS), [0.5 * k for k in range(outputs)])
    first = blocks(draw(loss, level="equations"), back=True)[0]
    assert first == [f"∂L/∂h₂{j} = 2 · (h₂{j} − y{j})" for j in "₁₂₃₄"[:outputs]]


def test_of_many_outputs_the_first_two_and_the_last_are_written_down() -> None:
    net = MLP(3, [2, 12], seed=2)
    drawing = draw(losses.squared_error(net(INPUTS), [0.0] * 12), level="equations")
    assert blocks(drawing, back=True)[0] == [
        "∂L/∂h₂₁ = 2 · (h₂₁ − y₁)", "∂L/∂h₂₂ = 2 · (h₂₂ − y₂)", "⋮", "∂L/∂h₂,₁₂ = 2 · (h₂,₁₂ − y₁₂)",
    ]  # fmt: skip


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_a_batch_is_followed_and_its_biases_are_summed_over_the_examples(loss: str) -> None:
    net = MLP(2, [3, 1], seed=3)
    of_one = getattr(losses, loss)
    cost = reduce(add, (of_one(net([k / 10 - 1, 1 - k / 20]), k % 2) for k in range(5))).named("J")
    drawing = draw(cost, level="equations")
    lines = [line for block in blocks(drawing, back=True) for line in block]
    assert {"∂J/∂b₁ = Σ δ₁", "∂J/∂b₂ = Σ δ₂", "∂J/∂W₁ = δ₁ xᵀ"} <= set(lines)
    assert "(3 × 2) (2 × 5) + 3 × 1" in drawing.text
    known, slopes = numbers(cost)
    found: dict[str, Any] = {"∂J/∂h₂": slopes["∂J/∂h₂"]}  # the blocks above are one for each example
    for line in lines:
        name, formula = re.split(r" \+?= ", line)
        if "(∂" not in formula and "L" not in name:
            result = computed(formula, known | found)
            found.setdefault(name, result)
            if name in slopes:
                np.testing.assert_allclose(found[name], slopes[name], rtol=1e-9, err_msg=line)
    assert len(found) >= 9


def test_where_several_blocks_read_the_same_each_adds_its_part() -> None:
    net = MLP(2, [2, 1], seed=3)
    cost = reduce(add, (losses.squared_error(net([k, 1.0]), 0.0) for k in range(3))).named("J")
    drawing = draw(cost, level="equations")
    parts = [line for block in blocks(drawing, back=True) for line in block if line.startswith("∂J/∂h₂ ")]
    readers = sum(arrow.label == "h₂" for arrow in drawing.picture.arrows)
    assert len(parts) == readers
    assert all((" += " in part) == (readers > 1) for part in parts)
    assert ("+= of several" in plain(drawing.picture.key)) == (readers > 1)
    x = Value(0.8, "x")
    both = ((x**2).named("f") * x.sin().named("g")).named("h")
    lines = [line for block in blocks(draw(both, level="equations"), back=True) for line in block]
    assert sorted(line for line in lines if "/∂x " in line) == ["∂h/∂x += (∂f/∂x)ᵀ ∂h/∂f", "∂h/∂x += (∂g/∂x)ᵀ ∂h/∂g"]


def test_no_equation_derives_a_thing_by_itself() -> None:
    output = net_3_4_1()(INPUTS)
    drawing = draw(output, level="equations")
    assert "∂h₂/∂h₂" not in drawing.text
    assert blocks(drawing, back=True)[0][0] == "δ₂ = σ′(a₂)"
    follow(drawing, output)
    linear = net_3_4_1(output="linear")(INPUTS)
    assert blocks(draw(linear, level="equations"), back=True)[0][0] == "δ₂ = 1"
    follow(draw(linear, level="equations"), linear)


@pytest.mark.parametrize("depth", [5, 9, 20])
def test_a_row_of_layers_alike_is_one_block_that_keeps_what_all_of_them_do(depth: int) -> None:
    output = MLP(3, [3] * depth + [1], bias=False, seed=1)(INPUTS)
    drawing = draw(output, level="equations", collapse=True)
    assert len(blocks(drawing, back=False)) < 7
    (place,) = [k for k, (line,) in enumerate(blocks(drawing, back=False)) if " … " in line]
    first, last = blocks(drawing, back=False)[place][0].split(" … ")
    before = blocks(drawing, back=False)[place - 1][0].split(" = ")[0]
    end = called(layers(output).outputs[0])
    assert ["".join(line) for line in blocks(drawing, back=True)[-1 - place]] == [
        f"∂{end}/∂{before} = (∂{last}/∂{before})ᵀ ∂{end}/∂{last}"
    ]
    source, weights, sums = kept(drawing)[place].split(", ")
    assert weights == f"W{first[1:]} … W{last[1:]}"
    assert sums == f"a{first[1:]} … a{last[1:]}"
    assert source.startswith(f"{before} … h")
    whole = draw(output, level="equations")
    assert len(blocks(whole, back=False)) == depth + 1
    if depth < 9:
        follow(whole, output)


def test_a_graph_without_layers_has_the_general_equation() -> None:
    x = Value(3.0, "x")
    drawing = draw((x * x + 1).named("y"), level="equations")
    assert blocks(drawing, back=False) == [["× = x · x"], ["y = x · x + 1"]]
    assert blocks(drawing, back=True) == [["∂y/∂× = 1"], ["∂y/∂x = (∂×/∂x)ᵀ ∂y/∂×"]]
    assert [plain(box.title) for box in drawing.picture.boxes if box.column == 0] == ["x"]
    assert kept(drawing) == ["x", ""]  # a sum keeps nothing
    square = draw((x * x).named("y"), level="equations")
    assert blocks(square, back=True) == [["∂y/∂x = x + x"]]
    difference = draw((x - x * x).named("y"), level="equations")
    assert "+ −" not in difference.text


def test_a_leaf_is_a_picture_too() -> None:
    drawing = draw(Value(3.0, "x"), level="equations")
    assert [plain(box.title) for box in drawing.picture.boxes] == ["x"]
    assert "<svg" in drawing.svg


def test_arrows_lead_forward_to_the_right_and_backward_to_the_left() -> None:
    loss = losses.squared_error(net_3_4_1()(INPUTS), 1.0)
    for direction in ("right", "down"):
        drawing = draw(loss, level="equations", direction=direction)
        place = layout(drawing.picture, LIGHT).boxes
        down = direction == "down"
        forward, backward = [], []
        for arrow in drawing.picture.arrows:
            along, aside = ((place[arrow.head].centre[k] - place[arrow.tail].centre[k]) for k in (down, not down))
            if arrow.label.startswith("∂"):
                backward.append(arrow.label)
                assert along < 0
            elif arrow.ink == "faded":
                assert along == pytest.approx(0)
                assert abs(aside) > 20
            else:
                forward.append(arrow.label)
                assert along > 0
        assert (forward, backward) == (["", "h₁", "h₂"], ["∂L/∂h₁", "∂L/∂h₂"])
        assert kept(drawing) == ["x, W₁, a₁", "h₁, W₂, a₂", "h₂, y"]


def test_a_layer_without_an_activation_keeps_no_sums() -> None:
    drawing = draw(net_3_4_1(activation="linear", bias=False)(INPUTS), level="equations")
    assert kept(drawing) == ["x, W₁", "h₁, W₂, a₂"]


def test_the_key_explains_the_signs_that_are_used() -> None:
    key = plain(draw(net_3_4_1()(INPUTS), level="equations").picture.key)
    assert "∗ entry by entry" in key
    assert "ᵀ transposed" in key
    x = Value(3.0, "x")
    bare = plain(draw((x * 2).named("y"), level="equations").picture.key)
    assert "∗" not in bare
    assert "ᵀ" not in bare


def test_a_graph_with_scopes_but_no_neurons_is_refused() -> None:
    with within(Scope("block", "mine")):
        y = Value(1.0, "x").exp()
    with pytest.raises(UnknownChoice, match="neuron"):
        draw(y, level="equations")

"""The picture of layers: one box a vector or matrix, one Jacobian an arrow, and nothing computed anew."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from autograd import Graph, Value, WrongShape, fold, paths
from nn import MLP, losses
from viz import draw
from viz.render.layout import layout
from viz.theme import LIGHT
from viz.typeset import plain


def network(*sizes: int, **options: Any) -> tuple[MLP, Value]:
    """A network with its gradients, and its loss on one example."""
    net = MLP(sizes[0], sizes[1:], seed=1, **options)
    loss = losses.squared_error(net.outputs([0.5, -1.0, 0.25, 2.0][: sizes[0]]), [1.0] * sizes[-1])
    loss.backward()
    return net, loss


def test_layers_are_equations_with_shapes_and_lengths() -> None:
    net, loss = network(4, 3, 2, 1)
    boxes = {plain(box.title): box for box in draw(loss, level="layer").picture.boxes}
    assert {title: box.value for title, box in boxes.items()} == {
        "W₁": "3 × 4", "b₁": "3 × 1", "x": "4 × 1", "h₁ = σ(W₁ x + b₁)": "3 × 1",
        "W₂": "2 × 3", "b₂": "2 × 1", "h₂ = σ(W₂ h₁ + b₂)": "2 × 1",
        "W₃": "1 × 2", "b₃": "1 × 1", "h₃ = σ(W₃ h₂ + b₃)": "1 × 1",
        "y": "1 × 1", "L = (h₃₁ − y)²": "1 × 1",
    }  # fmt: skip
    length = sum((w.grad or 0) ** 2 for row in net.weights[1] for w in row) ** 0.5
    assert float(boxes["W₂"].gradient.split()[1]) == pytest.approx(length, rel=1e-3)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"bias": False, "activation": "tanh"}, "h₁ = tanh(W₁ x)"),
        ({"activation": "linear"}, "h₁ = W₁ x + b₁"),
        ({"activation": "relu", "fused": False}, "h₁ = relu(W₁ x + b₁)"),
    ],
)
def test_the_activation_is_read_from_the_graph(options: dict[str, Any], title: str) -> None:
    _, loss = network(3, 2, 1, **options)
    assert title in [plain(box.title) for box in draw(loss, level="layer").picture.boxes]


def test_the_heat_is_the_neurons_own_derivatives() -> None:
    _, loss = network(4, 3, 2, 1)
    picture = draw(loss, level="layer").picture
    title = {box.id: plain(box.title)[:2] for box in picture.boxes}
    heat = next(arrow.heat for arrow in picture.arrows if (title[arrow.tail], title[arrow.head]) == ("h₁", "h₂"))
    neurons = fold(Graph(loss), "neuron")
    locals_ = [[dict(zip(n.operands, n.partials, strict=True))[neurons[f"h₁{j}"]] for j in "₁₂₃"]
               for n in (neurons["h₂₁"], neurons["h₂₂"])]  # fmt: skip
    largest = max(abs(local) for row in locals_ for local in row)
    for row, expected in zip(heat, locals_, strict=True):
        assert row == pytest.approx([local / largest for local in expected], rel=1e-12)


def test_it_is_drawn_and_told_without_overlaps_whatever_its_size() -> None:
    for sizes in ((4, 3, 2, 1), (2, 41, 3), (1, 1)):
        _, loss = network(*sizes)
        drawing = draw(loss, level="layer")
        areas = list(layout(drawing.picture, LIGHT).boxes.values())
        assert not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])
        ElementTree.fromstring(drawing.svg)
        assert "W₁ → h₁ = σ(W₁ x + b₁)" in drawing.text
        assert "digraph" in drawing.dot
    assert any(not arrow.heat for arrow in draw(network(2, 41, 3)[1], level="layer").picture.arrows)


def test_a_batch_on_one_network_is_stacked_and_other_graphs_are_drawn_too() -> None:
    net = MLP(2, [3, 1], bias=False)
    both = losses.squared_error(net([0.1, 0.2]), 1.0) + losses.squared_error(net([0.3, 0.4]), 0.0)
    boxes = {plain(box.title): box.value for box in draw(both, level="layer").picture.boxes}
    assert (boxes["W₁"], boxes["h₁ = σ(W₁ x)"], boxes["x"]) == ("3 × 2", "3 × 2", "2 × 2")  # a column for each example
    x = Value(0.5)
    assert len(draw(x * x + 1, level="layer").picture.boxes) == 3


def test_a_weight_cannot_be_spoken_of_there() -> None:
    net, loss = network(2, 2, 1)
    with pytest.raises(
        WrongShape, match=r"level 'layer': a weight is an entry of a matrix there.*; write level='neuron'"
    ):
        draw(loss, level="layer", highlight=paths(loss, net.weights[0][0][0]))
    choices: list[dict[str, Any]] = [{"values": False}, {"digits": 2}, {"names": "notes"}, {"opened": ["h₁₁"]}]
    for choice in choices:
        with pytest.raises(
            WrongShape, match=r"level 'layer': .* of the choices only collapse, theme, size and direction are"
        ):
            draw(loss, level="layer", **choice)

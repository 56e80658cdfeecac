"""Networks before they run: each weight once and where it belongs, shapes, what is left out, and the notes' figures."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import NotAName, NotInGraph, UnknownChoice, WrongShape
from nn import MLP, in_notes, indexed
from viz import Drawing, network
from viz.diagram import FIRST, MOST, shown
from viz.figures.networks import NETWORKS, network_4_3_2_1, two_two_one_network
from viz.render.canvas import Canvas, Pen
from viz.render.geometry import Point, Rectangle
from viz.render.layout import layout
from viz.render.metrics import line_width
from viz.render.paint import paint
from viz.theme import LIGHT, Theme
from viz.typeset import Line, number, plain

WIDTHS = st.lists(st.integers(1, 30), min_size=2, max_size=5)


def labels(drawing: Drawing) -> dict[str, tuple[str, str]]:
    """The titles at the tail and the head of each arrow, by its label; each label is there once."""
    titles = {box.id: plain(box.title) for box in drawing.picture.boxes}
    said = [(arrow.label, (titles[arrow.tail], titles[arrow.head])) for arrow in drawing.picture.arrows if arrow.label]
    assert len(dict(said)) == len(said)
    return dict(said)


def panels(drawing: Drawing) -> dict[str, list[list[str]]]:
    """The cells of each panel by its title."""
    return {plain(p.title): [[plain(cell) for cell in row] for row in p.rows] for p in drawing.picture.panels}


def test_a_small_network_in_text() -> None:
    assert network([2, 1], activation="f", output="f").text == (
        "A network of 2 inputs and a layer of 1\n"
        "\n"
        "nodes\n"
        "  x₁\n"
        "  x₂\n"
        "  h₁₁  b₁₁, f\n"
        "  ŷ\n"
        "\n"
        "arrows, each with its weight\n"
        "  x₁ → h₁₁  w₁₁₁\n"
        "  x₂ → h₁₁  w₁₁₂\n"
        "  and 1 without one\n"
        "\n"
        "W₁: 1 × 2\n"
        "  w₁₁₁  w₁₁₂\n"
        "\n"
        "b₁: 1 × 1\n"
        "  b₁₁\n"
    )


def test_each_weight_is_there_once_between_its_source_and_its_target() -> None:
    sizes = [4, 3, 2, 1]
    letters = [[indexed("x" if not layer else "h", *([layer] if layer else []), j) for j in range(1, size + 1)]
               for layer, size in enumerate(sizes)]  # fmt: skip
    expected = {
        indexed("w", layer, j, i): (source, target)
        for layer, (sources, targets) in enumerate(pairwise(letters), 1)
        for j, target in enumerate(targets, 1)
        for i, source in enumerate(sources, 1)
    }
    assert labels(network(sizes)) == labels(network(MLP(4, [3, 2, 1]))) == expected


def test_values_are_the_networks_own() -> None:
    net = MLP(3, [2, 1], seed=4, biases=[[0.25, -0.5], [2.0]])
    drawing = network(net, weights="values", matrices="values", digits=3)
    held = {number(w.data, 3): (f"x{'₁₂₃'[i]}", f"h₁{'₁₂'[j]}")
            for j, row in enumerate(net.weights[0]) for i, w in enumerate(row)}  # fmt: skip
    assert held.items() <= labels(drawing).items()
    assert panels(drawing)["W₁: 2 × 3"] == [[number(w.data, 3) for w in row] for row in net.weights[0]]
    assert panels(drawing)["b₁: 2 × 1"] == [["0.25"], ["−0.5"]]
    assert [box.value for box in drawing.picture.boxes if box.lines] == ["+ 0.25", "−0.5", "+ 2"]


def test_the_notes_have_a_row_for_each_source() -> None:
    drawing = network_4_3_2_1()
    assert labels(drawing)["w¹₄₂"] == ("x₄", "o₁₂")
    assert labels(drawing)["w²₃₁"] == ("o₁₃", "o₂₁")
    found = panels(drawing)
    assert list(found) == ["W¹: 4 × 3", "W²: 3 × 2", "W³: 2 × 1"]
    assert found["W¹: 4 × 3"][3] == ["w¹₄₁", "w¹₄₂", "w¹₄₃"]
    assert found["W³: 2 × 1"] == [["w³₁₁"], ["w³₂₁"]]


def test_running_numbers_and_other_schemes_are_functions_of_the_name() -> None:
    drawing = two_two_one_network()
    assert labels(drawing) == {
        "w₁₁": ("x₁", "h₁"), "w₁₂": ("x₂", "h₁"), "w₁₃": ("x₁", "h₂"), "w₁₄": ("x₂", "h₂"),
        "w₂₁": ("h₁", "ŷ"), "w₂₂": ("h₂", "ŷ"),
    }  # fmt: skip
    assert [plain(box.lines[0]) for box in drawing.picture.boxes if box.lines] == ["b₁", "b₂", "b₃"]
    assert labels(network([2, 1], names=in_notes)) == {"w¹₁₁": ("x₁", "o₁₁"), "w¹₂₁": ("x₂", "o₁₁")}


@given(WIDTHS, st.booleans(), st.sampled_from(["graph", "notes"]))
@settings(max_examples=60)
def test_shapes_are_those_of_the_network_and_nothing_overlaps(sizes: list[int], shapes: bool, names: str) -> None:
    drawing = network(sizes, names=names, matrices="shapes" if shapes else "names")
    written = [cell for panel in drawing.picture.panels for row in (panel.rows if shapes else [(panel.title,)])
               for cell in row]  # fmt: skip
    said = [plain(line).split(": ")[1] for line in written]
    turned = [(n, m) if names == "notes" else (m, n) for n, m in pairwise(sizes)]
    assert said[::2] == [f"{rows} × {columns}" for rows, columns in turned]
    assert said[1::2] == [f"{m} × 1" for m in sizes[1:]]
    areas = list(layout(drawing.picture, LIGHT).boxes.values())
    assert not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])
    count = sum(n * m for n, m in pairwise(sizes))
    assert f"{count:,} weights and {sum(sizes[1:]):,} biases" in drawing.picture.description


@given(WIDTHS)
@settings(max_examples=60)
def test_of_wide_layers_the_first_and_the_last_are_drawn(sizes: list[int]) -> None:
    picture = network(sizes).picture
    for layer, size in enumerate(sizes):
        column = [box for box in picture.boxes if box.column == layer]
        circles = [box for box in column if box.shape == "round"]
        assert len(circles) == (size if size <= MOST else FIRST + 1)
        assert plain(circles[-1].title) == (indexed("h", layer, size) if layer else indexed("x", size))
        dots = [plain(box.lines[0]) for box in column if box.shape == "bare"]
        assert dots == ([f"{size - len(circles)} more"] if size > MOST else [])
    drawn = [len([j for j in shown(size) if j]) for size in sizes]
    assert len(picture.arrows) == sum(n * m for n, m in pairwise(drawn)) + drawn[-1]


def test_large_matrices_are_elided_with_their_corners() -> None:
    assert panels(network([100, 10]))["W₁: 10 × 100"] == [
        ["w₁₁₁", "w₁₁₂", "⋯", "w₁,₁,₁₀₀"],
        ["w₁₂₁", "w₁₂₂", "⋯", "w₁,₂,₁₀₀"],
        ["⋮", "⋮", "⋱", "⋮"],
        ["w₁,₁₀,₁", "w₁,₁₀,₂", "⋯", "w₁,₁₀,₁₀₀"],
    ]


def test_labels_are_left_out_where_nobody_could_read_them() -> None:
    assert labels(network([4, 4, 1]))
    assert not labels(network([5, 4]))
    assert set(labels(network([5, 5, 1]))) == {indexed("w", 2, 1, i) for i in range(1, 6)}
    assert not labels(network([2, 2], weights="none"))
    assert not panels(network([2, 2], matrices="none"))


def test_one_neuron_is_spoken_of() -> None:
    drawing = network([100, 10, 10, 4], highlight="h₁₂")
    assert set(labels(drawing)) == {"w₁₂₁", "w₁₂₂", "w₁,₂,₁₀₀"}
    assert [plain(box.title) for box in drawing.picture.boxes if box.ink == "strong"] == ["h₁₂"]
    assert all((arrow.ink == "plain") == bool(arrow.label) for arrow in drawing.picture.arrows)


def test_a_network_without_biases_has_none() -> None:
    drawing = network(MLP(4, [3, 2, 1], bias=False, activation="tanh"))
    assert "20 weights and 0 biases" in drawing.picture.description
    assert {box.value for box in drawing.picture.boxes} == {""}
    assert [plain(heading.text) for heading in drawing.picture.headings] == [
        "inputs", "layer 1 · tanh", "layer 2 · tanh", "output layer · σ",
    ]  # fmt: skip
    assert list(panels(drawing)) == ["W₁: 3 × 4", "W₂: 2 × 3", "W₃: 1 × 2"]


@pytest.mark.parametrize(
    ("net", "options", "error", "words"),
    [
        ([4], {}, WrongShape, "expected an MLP"),
        ("432", {}, WrongShape, "expected an MLP"),
        (None, {}, WrongShape, "expected an MLP"),
        ([4, 0, 1], {}, WrongShape, "whole numbers from 1"),
        ([4, 2.5], {}, WrongShape, "whole numbers from 1"),
        ([4, True], {}, WrongShape, "whole numbers from 1"),
        ([2, 1], {"weights": "values"}, WrongShape, "widths have no values"),
        ([2, 1], {"matrices": "values"}, WrongShape, "widths have no values"),
        ([2, 1], {"digits": 0}, WrongShape, "digits"),
        ([2, 1], {"weights": "shapes"}, UnknownChoice, "names, values, none"),
        ([2, 1], {"matrices": None}, UnknownChoice, "names, values, shapes, none"),
        ([2, 1], {"names": "greek"}, UnknownChoice, "graph, notes"),
        ([2, 1], {"names": 3}, UnknownChoice, "graph, notes"),
        ([2, 1], {"theme": "pink"}, UnknownChoice, "light"),
        ([2, 1], {"activation": 3}, NotAName, "activation='f'"),
        ([2, 1], {"output": "a very long name"}, NotAName, "output='f'"),
        ([2, 1], {"highlight": "h₁₂"}, NotInGraph, "such as 'h₁₁'"),
        ([2, 1], {"highlight": "x₁"}, NotInGraph, "such as 'h₁₁'"),
        ([2, 9], {"highlight": "h₁₄"}, NotInGraph, "that is drawn"),
        ([2, 1], {"highlight": 3}, NotInGraph, "such as 'h₁₁'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(net: Any, options: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        network(net, **options)


@pytest.mark.parametrize("figure", NETWORKS)
def test_the_notes_figures_fit_a_slide_in_every_theme(figure: Callable[..., Drawing]) -> None:
    caption, source = (figure.__doc__ or "").split("\n\n")
    assert caption.endswith(".")
    assert "of the notes" in source
    drawing = figure()
    assert drawing.svg == figure().svg
    areas = list(layout(drawing.picture, LIGHT).boxes.values())
    assert not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])
    assert len(drawing.text.splitlines()) > 8
    for theme in ("light", "dark", "print"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # text below nine points is one
            ElementTree.fromstring(Drawing(drawing.picture, figure(theme=theme).theme, "slide").svg)


@pytest.mark.parametrize("figure", NETWORKS)
def test_arrows_end_at_circles_and_their_labels_cover_neither_circles_nor_labels(
    figure: Callable[..., Drawing],
) -> None:
    picture = figure().picture
    canvas = Recorder(LIGHT, {arrow.label for arrow in picture.arrows if arrow.label})
    paint(picture, canvas)
    areas = layout(picture, LIGHT).boxes
    circles = [areas[box.id] for box in picture.boxes if box.shape == "round"]
    ends = [head for head in canvas.heads if any(_apart(head, circle) < 0.1 for circle in circles)]
    assert len(ends) == sum(areas[arrow.head] in circles for arrow in picture.arrows)
    assert len(canvas.labels) == sum(bool(arrow.label) for arrow in picture.arrows)
    assert not any(label.overlaps(area) for label in canvas.labels for area in areas.values())
    assert not any(a.overlaps(b) for i, a in enumerate(canvas.labels) for b in canvas.labels[:i])


def _apart(point: Point, circle: Rectangle) -> float:
    """How far a point is from the line of a circle."""
    return abs(math.dist(point, circle.centre) - circle.width / 2)


class Recorder(Canvas):
    """A canvas that keeps where arrows end and where their labels stand."""

    def __init__(self, theme: Theme, said: set[str]) -> None:
        super().__init__(theme)
        self.said = said
        self.heads: list[Point] = []
        self.labels: list[Rectangle] = []

    def _box(self, *_: object) -> None: ...

    def _line(self, *_: object) -> None: ...

    def _polygon(self, corners: Sequence[Point], fill: str) -> None:
        self.heads.append(corners[0])

    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None:
        if plain(line) in self.said and pen.size == self.theme.label_size:
            width = line_width(line, pen.size)
            self.labels.append(Rectangle(at[0] - width / 2, at[1] - 0.8 * pen.size, width, pen.size))

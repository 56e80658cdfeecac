"""The choices of `draw`: what is written on arrows, what is left out, what is drawn once, on which paper, which way."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import (
    Graph,
    NonFiniteWarning,
    NotInGraph,
    UnknownChoice,
    Value,
    WrongShape,
    edges_of,
    fold,
    origin,
    paths,
)
from nn import MLP, losses
from viz import Drawing, draw
from viz.edges import READABLE
from viz.render.layout import layout
from viz.render.paper import LEGIBLE, TinyText
from viz.theme import LIGHT
from viz.typeset import number, plain

LETTER = "[^\\W\\d_][₀₁₂₃₄₅₆₇₈₉,]*"
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FUNCTIONS = {"σ": lambda a: 1 / (1 + math.exp(-a)), "exp": math.exp, "ln": math.log, "tanh": math.tanh,
             "sin": math.sin, "cos": math.cos}  # fmt: skip


def titles(drawing: Drawing) -> dict[str, str]:
    """Every box's title by its id."""
    return {box.id: plain(box.title) for box in drawing.picture.boxes}


def arrows(drawing: Drawing) -> dict[tuple[str, str], list[str]]:
    """The labels of the arrows between any two titles."""
    said, found = titles(drawing), dict[tuple[str, str], list[str]]()
    for arrow in drawing.picture.arrows:
        found.setdefault((said[arrow.tail], said[arrow.head]), []).append(arrow.label)
    return found


def remarks(drawing: Drawing) -> dict[str, str]:
    """What is remarked on a box, by its title, where there is something."""
    return {plain(box.title): plain(line) for box in drawing.picture.boxes for line in box.lines}


def evaluated(text: str, values: dict[str, float]) -> float:
    """A formula of a picture read by Python instead."""
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"**({found[0].translate(RAISED)})", text)
    text = re.sub(
        rf"\b{LETTER}(?!\w)", lambda found: f"({values[found[0]]!r})" if found[0] in values else found[0], text
    )
    return float(eval(text.replace("·", "*").replace("−", "-").replace("^", "**"), dict(FUNCTIONS)))


def network(examples: int = 1, **options: Any) -> tuple[MLP, Value]:
    """A 2-2-1 network and its cost over some examples, with gradients."""
    net = MLP(2, [2, 1], seed=3, **options)
    each = (losses.squared_error(net([k / 10 - 1, 1 - k / 20]), k % 2) for k in range(examples))
    cost = reduce(add, each)
    cost = cost.named("J") if examples > 1 else cost
    cost.backward()
    return net, cost


GRAPHS: dict[str, Callable[[Value, Value], Value]] = {
    "product": lambda x, y: x * y + 2 * x,
    "power": lambda x, y: (x**3 - y) ** 2,
    "quotient": lambda x, y: x / (y * y + 1),
    "sigmoid": lambda x, y: (x * y).sigmoid().named("h") * x,
    "exponential": lambda x, y: (x - y).exp(),
    "logarithm": lambda x, y: (x * x + 1).log() * y,
    "wave": lambda x, y: x.sin() * y.cos(),
    "relu": lambda x, y: x.relu() + (-y).relu(),
    "variable power": lambda x, y: (x * x + 1) ** y,
}


@pytest.mark.parametrize("name", GRAPHS)
@given(x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_a_formula_comes_to_the_number_that_else_stands_there(name: str, x: float, y: float) -> None:
    assume(min(abs(x), abs(y)) > 1e-3)
    output = GRAPHS[name](Value(x, "x"), Value(y, "y")).named("z")
    values = {node.name: node.data for node in Graph(output) if node.name}
    pictures = [draw(output, edges=edges, digits=17).picture for edges in ("formula", "local")]
    for written, edge in zip(pictures[0].arrows, [e for n in Graph(output) for e in edges_of(n)], strict=True):
        assert len(written.label) <= READABLE
        assert evaluated(written.label, values) == pytest.approx(edge.local, rel=1e-9, abs=1e-12), written.label
    assert [a.label for a in pictures[1].arrows] == [number(e.local, 17) for n in Graph(output) for e in edges_of(n)]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("fused", [True, False])
def test_a_neurons_formulas_come_to_its_numbers(activation: str, fused: bool) -> None:
    net, loss = network(activation=activation, fused=fused)
    values = {node.name: node.data for node in Graph(loss)}
    neurons = fold(Graph(loss), "neuron")
    locals_ = {(e.parent.name, e.node.name): e.local for node in neurons for e in edges_of(node)}
    drawing = draw(loss, level="neuron", edges="formula", also=net.parameters())
    seen = 0
    for arrow in drawing.picture.arrows:
        ends = tuple(titles(drawing)[end].split(" = ")[0] for end in (arrow.tail, arrow.head))
        tail, head = ends
        seen += any(character.isalpha() for character in arrow.label)
        assert evaluated(arrow.label, values) == pytest.approx(locals_[tail, head], rel=1e-3), arrow.label
    assert seen >= 5


def test_a_formula_that_is_too_long_gives_way_to_the_number() -> None:
    x = Value(2.0, "a_rather_long_name_of_x")
    y = (x * Value(3.0, "another_rather_long_name") * Value(5.0, "z")).named("y")
    labels = [arrow.label for arrow in draw(y, edges="formula").picture.arrows]
    assert labels == ["another_rather_long_name", "a_rather_long_name_of_x", "z", "6"]


def test_a_formula_follows_the_scheme_of_names() -> None:
    _, loss = network()
    labels = {arrow.label for arrow in draw(loss, level="neuron", edges="formula", names="notes").picture.arrows}
    assert {"o₂₁ · (1 − o₂₁) · w²₁₁", "o₁₂ · (1 − o₁₂) · w¹₁₂", "2 · (o₂₁ − y)"} <= labels


@pytest.mark.parametrize("fused", [True, False])
def test_weights_stand_on_the_arrows_of_neurons_and_nowhere_else(fused: bool) -> None:
    net, loss = network(fused=fused)
    drawing = draw(loss, level="neuron", edges="weight", digits=3, also=net.parameters())
    expected = {
        (source, f"h{layer}{'₁₂'[j]}"): [f"{w.name} = {number(w.data, 3)}"]
        for layer, sources in (("₁", ("x₁", "x₂")), ("₂", ("h₁₁", "h₁₂")))
        for j, row in enumerate(net.weights["₁₂".index(layer)])
        for source, w in zip(sources, row, strict=True)
    }
    assert {ends: labels for ends, labels in arrows(drawing).items() if labels != [""]} == expected
    assert len(drawing.picture.arrows) == len(expected) + len(net.parameters()) + 1
    assert "on an arrow: the weight" in plain(drawing.picture.key)


def test_inputs_and_targets_are_no_weights() -> None:
    net = MLP(2, [1], seed=1, fused=False)
    loss = losses.binary_cross_entropy(net([0.5, -1.0]), 1.0)
    labels = [arrow.label for arrow in draw(loss, edges="weight", digits=2).picture.arrows if arrow.label]
    assert labels == [f"{w.name} = {number(w.data, 2)}" for w in net.weights[0][0]]
    w, x = Value(2.0, "w"), Value(3.0, "x")
    assert [arrow.label for arrow in draw((w * x).tanh(), edges="weight").picture.arrows] == ["x = 3", "w = 2", ""]


@pytest.mark.parametrize("level", ["scalar", "neuron"])
def test_used_n_times_is_the_number_of_edges_below(level: str) -> None:
    _, loss = network()
    drawing = draw(loss, level=level, reuse=True)
    graph = fold(Graph(loss), "neuron") if level == "neuron" else Graph(loss)
    boxes = {box.id: box for box in drawing.picture.boxes}
    for node in graph:
        below = len(list(edges_of(node)))
        if box := boxes.get(f"n{graph.index[node]}"):
            said = [f"used {below} ×"] if below and node is not graph.outputs[0] else []
            assert [plain(line) for line in box.lines] == said, node
    assert "used n ×" in plain(drawing.picture.key)
    assert not remarks(draw(loss, level=level))


def broken() -> Value:
    """A graph in which a logarithm is nan, and so is all that is made of it, forward and backward."""
    x = Value(-1.0, "x")
    y = ((x.log() * x + x) * 3).named("y")
    with pytest.warns(NonFiniteWarning):
        y.backward()
    return y


def test_the_first_number_that_is_not_finite_is_marked_and_no_other() -> None:
    x = Value(-1.0, "x")
    y = ((x.log().named("l") * 2).exp() + 1).named("y")
    drawing = draw(y)
    assert remarks(drawing) == {"l = log": "not finite from here on"}
    inks = {plain(box.title): box.ink for box in drawing.picture.boxes}
    assert inks == {"x": "plain", "l = log": "alarm", "· × 2": "alarm", "exp": "alarm", "y = · + 1": "alarm"}
    assert plain(drawing.picture.key).endswith("double line: not finite")
    assert LIGHT.alarm in drawing.svg
    assert "double line" not in plain(draw(x.exp()).picture.key)


def test_it_is_marked_also_where_the_gradients_below_it_are_not_finite_either() -> None:
    said = remarks(draw(broken()))
    assert said.pop("log") == "not finite from here on"
    assert "not finite from here on" not in said.values()


def test_a_gradient_that_alone_is_not_finite_is_an_alarm_too() -> None:
    x = Value(0.0, "x")
    y = (x.sqrt() * 3).named("y")
    with pytest.warns(NonFiniteWarning):
        y.backward()
    drawing = draw(y)
    assert remarks(drawing) == {"x": "gradient not finite"}
    assert [plain(box.title) for box in drawing.picture.boxes if box.ink == "alarm"] == ["x"]
    assert "double line: not finite" in plain(drawing.picture.key)


@pytest.mark.parametrize(
    "options", [{}, {"budget": True}, {"edges": "contribution", "budget": True}, {"collapse": True}, {"reuse": True},
                {"only": "gradient"}, {"edges": "formula"}, {"level": "layer"}, {"level": "equations"}]
)  # fmt: skip
def test_every_format_holds_numbers_that_are_not_finite(options: dict[str, Any]) -> None:
    for y in (broken(), Value(0.0, "x").log().named("y")):
        drawing = draw(y, **options)
        json.loads(drawing.json)
        attributes = [
            text for element in ElementTree.fromstring(drawing.svg).iter() for text in element.attrib.values()
        ]
        assert not any(re.search(r"\b(nan|inf)\b", text) for text in attributes)
        assert drawing.text
        assert drawing.tikz
        assert drawing.dot


def test_an_infinite_contribution_is_as_wide_as_the_largest() -> None:
    x = Value(0.0, "x")
    y = (x.sqrt() * 3 + x * 0.5).named("y")
    shares = dict(zip(arrows(draw(y)), (a.share for a in draw(y, budget=True).picture.arrows), strict=True))
    assert shares["x", "√"] == 1
    assert all(0 <= share <= 1 for share in shares.values())
    assert shares["· × 0.5", "y = +"] == pytest.approx((1 / 3) ** 0.5)  # beside 3, which leads from √ to · × 3


def test_plain_numbers_in_a_title_are_quiet() -> None:
    x = Value(0.5, "x")
    y = ((2 * x - 1) ** 3).named("y")
    quiet = [run.text for box in draw(y).picture.boxes for run in box.title if run.style == "quiet"]
    assert quiet == ["2", "1", "³"]
    assert "plain" in {run.style for box in draw(y).picture.boxes for run in box.title}


def test_only_what_carries_a_gradient_is_drawn() -> None:
    x, z = Value(1.0, "x"), Value(2.0, "z")
    dead = (x * -3).relu().named("dead")
    y = (dead * z + x).named("y")
    drawing = draw(y, only="gradient")
    assert set(titles(drawing).values()) == {"x", "×", "y = +", "dead = relu"}  # ∂y/∂z is dead's value, 0
    assert set(arrows(drawing)) == {("dead = relu", "×"), ("×", "y = +"), ("x", "y = +")}
    assert "4 of 6 nodes" in plain(drawing.picture.key)
    assert len(draw(y).picture.boxes) == 6


def test_nan_carries_a_gradient() -> None:
    y = broken()
    assert len(draw(y, only="gradient").picture.boxes) == len(draw(y).picture.boxes)
    assert len(draw(y, only="gradient").picture.arrows) == len(draw(y).picture.arrows)


def test_what_has_no_gradient_at_all_leaves_the_output() -> None:
    x = Value(1.0, "x")
    drawing = draw((x * 0.0).named("y"), only="gradient")
    assert list(titles(drawing).values()) == ["y = · × 0"]
    assert not drawing.picture.arrows


def test_weights_that_are_asked_for_are_drawn_among_neurons() -> None:
    net, loss = network()
    w, b = net.weights[0][1][0], net.biases[1][0]
    drawing = draw(loss, level="neuron", also=[w, b])
    assert set(titles(drawing).values()) - set(titles(draw(loss, level="neuron")).values()) == {"w₁₂₁", "b₂₁"}
    assert ("w₁₂₁", "h₁₂") in arrows(drawing)
    assert draw(loss, also=(w,)).text == draw(loss).text  # among scalars it is there anyway


@pytest.mark.parametrize("also", [None, 3, "w₁₁₁", [3], ["w₁₁₁"], [Value(1.0, "stranger")], [None]])
def test_what_is_no_list_of_its_nodes_is_refused(also: Any) -> None:
    with pytest.raises(NotInGraph, match="also: "):
        draw(network()[1], level="neuron", also=also)
    with pytest.raises(NotInGraph, match=r"also: given Value.*, expected a list of nodes; write also=\[w\]"):
        draw(network()[1], level="neuron", also=Value(1.0, "w"))  # type: ignore[arg-type]  # that is the mistake


@pytest.mark.parametrize("level", ["scalar", "neuron"])
@pytest.mark.parametrize("fused", [True, False])
def test_what_is_alike_is_drawn_once_with_how_far_its_numbers_reach(level: str, fused: bool) -> None:
    _, cost = network(7, fused=fused)
    graph = fold(Graph(cost), "neuron") if level == "neuron" else Graph(cost)
    drawing = draw(cost, level=level, collapse=True)
    boxes = {plain(box.title).split("  × ")[0].split(" = ")[0]: box for box in drawing.picture.boxes}
    named = [name for name in ("x₁", "x₂", "h₁₁", "h₁₂", "h₂₁", "L", "J") if name in boxes]
    assert len(named) == 7
    for name in named:
        members = [node for node in graph if node.name == name]
        box = boxes[name]
        assert plain(box.title) == (f"{name}  × {len(members)}" if len(members) > 1 else name)
        assert box.value == _reach([node.data for node in members])
        assert box.gradient == f"grad {_reach([node.grad for node in members])}"
    for arrow in drawing.picture.arrows:
        tail, head = (titles(drawing)[end].split("  × ")[0] for end in (arrow.tail, arrow.head))
        if tail in named and head in named and head != "J":
            edges = [edge.local for node in graph for edge in edges_of(node)
                     if (edge.node.name, edge.parent.name) == (head, tail)]  # fmt: skip
            assert arrow.label == _reach(edges)


def _reach(numbers: list[Any]) -> str:
    return " … ".join(dict.fromkeys(map(number, (min(numbers), max(numbers)))))


@pytest.mark.parametrize("level", ["scalar", "neuron"])
def test_the_size_of_such_a_picture_does_not_depend_on_the_examples(level: str) -> None:
    two, many = (draw(network(examples)[1], level=level, collapse=True).picture for examples in (2, 60))
    assert len(two.boxes) == len(many.boxes)
    assert [(arrow.tail, arrow.head) for arrow in two.arrows] == [(arrow.tail, arrow.head) for arrow in many.arrows]
    assert {plain(box.title) for box in many.boxes} >= {"L  × 60", "J"}


def test_a_local_derivative_of_0_is_part_of_the_range() -> None:
    net = MLP(1, [1], output="relu", weights=[[[1.0]]], biases=[[0.0]])
    cost = reduce(add, (net([x]) for x in (-1.0, 1.0))).named("J")
    assert arrows(draw(cost, level="neuron", collapse=True))["x₁  × 2", "h₁₁  × 2"] == ["0 … 1"]
    one = reduce(add, (net([x]) for x in (-1.0, -2.0))).named("J")
    assert arrows(draw(one, level="neuron", collapse=True))["x₁  × 2", "h₁₁  × 2"] == ["0"]


def test_a_range_says_that_some_are_no_numbers() -> None:
    y = reduce(add, (Value(x, "x").log() for x in (1.0, -1.0, 2.0))).named("y")
    (box,) = (box for box in draw(y, collapse=True).picture.boxes if plain(box.title) == "log  × 3")
    assert (box.value, box.ink) == ("0 … 0.6931, nan", "alarm")
    assert "double line: not finite" in plain(draw(y, collapse=True).picture.key)


def test_the_key_speaks_of_what_there_is() -> None:
    _, cost = network(3)
    plainest = draw(cost, level="neuron", collapse=True, values=False, gradients=False, edges="none").picture
    assert plain(plainest.key) == "× n: so many of them alike"
    assert {(box.value, box.gradient) for box in plainest.boxes} == {("", "")}
    assert {arrow.label for arrow in plainest.arrows} == {""}
    assert "value  ·  grad  ·  on an arrow" in plain(draw(cost, collapse=True).picture.key)


def test_rows_of_layers_are_drawn_once() -> None:
    def deep(depth: int) -> Drawing:
        output = MLP(3, [3] * depth + [1], seed=1)([0.5, -1.0, 0.25])
        output.backward()
        return draw(output, level="layer", collapse=True)

    assert len(deep(9).picture.boxes) == len(deep(30).picture.boxes) < len(deep(3).picture.boxes) + 4
    (row,) = (box for box in deep(30).picture.boxes if "layers" in box.value)
    assert re.fullmatch("h[₀-₉]+ … h[₀-₉]+", plain(row.title))
    first, last = (int("".join(str("₀₁₂₃₄₅₆₇₈₉".index(c)) for c in name[1:])) for name in plain(row.title).split(" … "))
    assert row.value == f"{last - first + 1} layers, each 3 × 1"


@pytest.mark.parametrize("size", ["slide", "page", "notebook"])
def test_text_that_gets_too_small_is_warned_of(size: str) -> None:
    net = MLP(12, [12, 12, 1], seed=0)
    drawing = draw(net([0.1] * 12), level="scalar", size=size)
    with pytest.warns(TinyText, match=f"on the size '{size}' the smallest text is .* points high, and 9 can be read"):
        assert drawing.svg
    assert drawing.smallest_text < LEGIBLE
    small = draw(Value(1.0, "x").exp(), size=size)
    assert small.smallest_text >= LEGIBLE
    assert "<svg" in small.svg  # without a warning, which would be an error


@pytest.mark.parametrize("level", ["scalar", "neuron", "layer", "equations"])
@pytest.mark.parametrize("size", ["slide", "page", "notebook"])
def test_on_paper_a_picture_takes_the_direction_in_which_its_text_stays_larger(size: str, level: str) -> None:
    _, loss = network()
    chosen = draw(loss, level=level, size=size)
    either = {way: draw(loss, level=level, size=size, direction=way) for way in ("right", "down")}
    assert {way: drawing.picture.direction for way, drawing in either.items()} == {"right": "right", "down": "down"}
    assert chosen.smallest_text == max(drawing.smallest_text for drawing in either.values())
    assert draw(loss, level=level).picture.direction == "right"


def test_a_long_chain_goes_down_a_page_and_along_a_slide() -> None:
    y = x = Value(0.5, "x")
    for _ in range(7):
        y = (y * x).tanh()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TinyText)
        assert draw(y, size="page").picture.direction == "down"
        assert draw(y, size="slide").picture.direction == "right"


@pytest.mark.parametrize("level", ["scalar", "neuron", "layer", "equations"])
@pytest.mark.parametrize("collapse", [True, False])
def test_downward_inputs_are_at_the_top_and_no_box_covers_another(level: str, collapse: bool) -> None:
    _, cost = network(3) if collapse and level in ("scalar", "neuron") else network()
    drawing = draw(cost, level=level, collapse=collapse, direction="down")
    placed = layout(drawing.picture, LIGHT).boxes
    areas = list(placed.values())
    assert not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])
    for arrow in drawing.picture.arrows:
        backward = arrow.head.startswith("b")
        if not backward:
            assert placed[arrow.tail].centre[1] < placed[arrow.head].centre[1]
    assert "at the top" in drawing.picture.description
    assert "on the left" not in drawing.picture.description


CHOICES: dict[str, Callable[[MLP, Value], dict[str, Any]]] = {
    "highlight": lambda net, loss: {"highlight": paths(loss, net.weights[0][0][0])},
    "around": lambda net, loss: {"around": loss},
    "between": lambda net, loss: {"between": (loss, loss)},
    "only": lambda net, loss: {"only": "gradient"},
    "also": lambda net, loss: {"also": [net.weights[0][0][0]]},
    "budget": lambda net, loss: {"budget": True},
    "reuse": lambda net, loss: {"reuse": True},
}
OF_SINGLE_NODES: dict[str, dict[str, Any]] = {
    "values": {"values": False},
    "gradients": {"gradients": False},
    "edges": {"edges": "formula"},
    "names": {"names": "notes"},
    "digits": {"digits": 2},
    "folded": {"folded": ["h₁₁"]},
    "opened": {"opened": ["h₁₁"]},
}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("others", [{"collapse": True}, {"collapse": True, "level": "neuron"}, {"level": "layer"},
                                    {"level": "equations"}, {"level": "layer", "collapse": True}])  # fmt: skip
def test_choices_that_do_not_go_together_are_refused(choice: str, others: dict[str, Any]) -> None:
    net, loss = network()
    said = f"level {others['level']!r}: " if others.get("level") in ("layer", "equations") else "collapse=True: "
    with pytest.raises((NotInGraph, WrongShape), match=re.escape(said)) as refused:
        draw(loss, **others, **CHOICES[choice](net, loss))
    assert ";" in str(refused.value)


@pytest.mark.parametrize("choice", OF_SINGLE_NODES)
@pytest.mark.parametrize("level", ["layer", "equations"])
def test_pictures_of_matrices_know_no_choices_of_single_nodes(choice: str, level: str) -> None:
    with pytest.raises(WrongShape, match=f"level '{level}': "):
        draw(network()[1], level=level, **OF_SINGLE_NODES[choice])


@pytest.mark.parametrize("edges", ["symbol", "formula", "contribution", "weight"])
def test_what_is_drawn_once_has_only_local_derivatives_on_its_arrows(edges: str) -> None:
    with pytest.raises(UnknownChoice, match=f"collapse=True.* '{edges}'; choose one of: local, none"):
        draw(network(3)[1], collapse=True, edges=edges)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "poster"}, "no size 'poster'; choose one of: natural, slide, page, notebook"),
        ({"size": None}, "no size None"),
        ({"direction": "up"}, "no direction 'up'; choose one of: right, down"),
        ({"direction": ""}, "no direction ''"),
        ({"only": "nan"}, "no choice of only 'nan'; choose one of: all, paths, gradient"),
        ({"level": "equation"}, "no level 'equation'; choose one of: scalar, neuron, layer, equations"),
        ({"edges": None}, "no figure on edges None"),
    ],
)
def test_a_choice_that_there_is_not_is_named(options: dict[str, Any], said: str) -> None:
    for collapse in (False, True):
        with pytest.raises(UnknownChoice, match=said):
            draw(network()[1], collapse=collapse, **options)


def test_drawing_leaves_the_graph_as_it_was() -> None:
    net, loss = network(3)
    before = [(node.name, node.data, node.grad) for node in Graph(loss)]
    for options in ({"collapse": True}, {"level": "equations"}, {"reuse": True, "budget": True}, {"only": "gradient"}):
        draw(loss, **options)
    assert [(node.name, node.data, node.grad) for node in Graph(loss)] == before
    assert all(origin(node) is node for node in Graph(loss))
    assert net.weights[0][0][0].grad is not None

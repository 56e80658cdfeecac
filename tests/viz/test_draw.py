"""What stands on a picture, and that every format says the same."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pygraphviz
import pytest

from autograd import Graph, NonFiniteWarning, NotInGraph, UnknownChoice, Value, WrongShape, fold, paths, steps
from nn import MLP, losses
from viz import Unwritable, draw
from viz.render.geometry import around
from viz.render.layout import layout
from viz.render.paint import FRAME_PADDING
from viz.theme import LIGHT
from viz.typeset import number, plain

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def loss() -> Value:
    """The loss of a 4-3-2-1 network with its gradients."""
    net = MLP(4, [3, 2, 1], bias=False, seed=2)
    loss = losses.squared_error(net([0.5, -1.0, 0.25, 2.0]), 1.0)
    loss.backward()
    return loss


def weight(loss: Value) -> Value:
    """The network's w₁₁₁."""
    return Graph(loss)["w₁₁₁"]


def small() -> Value:
    """A small graph with a repeated operand and a plain number: y = a * a + 2 * a."""
    a = Value(3.0, "a")
    return (a * a + 2 * a).named("y")


def test_the_text_of_a_small_graph() -> None:
    y = small()
    y.backward()
    assert draw(y, highlight=paths(y, y.parents[0].parents[0])).text == (
        "The scalar graph of y, with its paths to a\n"
        "\n"
        "nodes\n"
        "  a      3   grad 8\n"
        "  ×      9   grad 1\n"
        "  2 × ·  6   grad 1\n"
        "  y = +  15  grad 1\n"
        "\n"
        "arrows, each with its local derivative\n"
        "  a → ×          3  path 1\n"
        "  a → ×          3  path 2\n"
        "  a → 2 × ·      2  path 3\n"
        "  × → y = +      1  paths 1, 2\n"
        "  2 × · → y = +  1  path 3\n"
        "\n"
        "∂y/∂a is the sum of 3 paths\n"
        "  path 1:  3  = 3\n"
        "  path 2:  3  = 3\n"
        "  path 3:  2  = 2\n"
        "  sum         = 8\n"
        "  (equal to a.grad; the 1s of sums are left out)\n"
    )


def test_no_gradient_yet_is_a_dash_and_not_a_zero() -> None:
    assert {box.gradient for box in draw(small()).picture.boxes} == {"grad –"}


def test_the_neuron_picture_speaks_of_two_paths(loss: Value) -> None:
    picture = draw(loss, level="neuron", highlight=paths(loss, weight(loss))).picture
    titles = {box.id: plain(box.title) for box in picture.boxes}
    assert sorted(titles.values()) == sorted(
        ["w₁₁₁", "x₁", "x₂", "x₃", "x₄", "h₁₁", "h₁₂", "h₁₃", "h₂₁", "h₂₂", "h₃₁", "L = (h₃₁ − y)²"]
    )
    used = {(titles[arrow.tail], titles[arrow.head]): arrow.strands for arrow in picture.arrows if arrow.strands}
    assert used[("w₁₁₁", "h₁₁")] == used[("h₃₁", "L = (h₃₁ − y)²")] == (0, 1)
    assert {used[("h₁₁", "h₂₁")], used[("h₁₁", "h₂₂")]} == {(0,), (1,)}
    assert [frame.title for frame in picture.frames] == ["layer 1", "layer 2", "layer 3"]
    assert picture.legend is not None
    assert [len(row.factors) for row in picture.legend.rows] == [4, 4]
    assert plain(picture.legend.title) == "∂L/∂w₁₁₁ is the sum of 2 paths"


def test_paths_may_start_and_end_at_inner_nodes(loss: Value) -> None:
    graph = Graph(loss)
    for level in ("scalar", "neuron"):
        legend = draw(loss, level=level, highlight=paths(graph["h₃₁"], graph["h₁₂"])).picture.legend
        assert legend is not None
        assert plain(legend.title) == "∂h₃₁/∂h₁₂ is the sum of 2 paths"
    with pytest.raises(NotInGraph, match="a₁₂ is folded away at the level 'neuron'; write level='scalar'"):
        draw(loss, level="neuron", highlight=paths(loss, graph["a₁₂"]))


def test_columns_keep_the_order_that_people_expect(loss: Value) -> None:
    picture = draw(loss, level="neuron").picture
    placed = layout(picture, LIGHT)
    for column in (["x₁", "x₂", "x₃", "x₄"], ["h₁₁", "h₁₂", "h₁₃"], ["h₂₁", "h₂₂"]):
        areas = [placed.boxes[box.id] for name in column for box in picture.boxes if plain(box.title) == name]
        assert [area.y for area in areas] == sorted(area.y for area in areas)
        assert len({round(area.centre[0], 3) for area in areas}) == 1


@pytest.mark.parametrize("level", ["scalar", "neuron", "layer"])
def test_no_box_overlaps_another_and_arrows_end_at_their_boxes(loss: Value, level: str) -> None:
    picture = draw(loss, level=level).picture
    placed = layout(picture, LIGHT)
    areas = list(placed.boxes.values())
    assert not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])
    for arrow, route in zip(picture.arrows, placed.routes, strict=True):
        for (x, y), box in ((route[0], arrow.tail), (route[-1], arrow.head)):
            reach = placed.boxes[box].grown(3)
            assert reach.x <= x <= reach.right
            assert reach.y <= y <= reach.bottom


def test_the_svg_is_one_described_element_and_paths_have_their_own_lines(loss: Value) -> None:
    drawing = draw(loss, level="neuron", highlight=paths(loss, weight(loss)))
    root = ElementTree.fromstring(drawing.svg)
    assert root.tag == f"{SVG}svg"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "Path 2: L → h₃₁" in str(description.text)
    for strand in LIGHT.strands[:2]:
        drawn = [line for line in root.iter(f"{SVG}path") if line.get("stroke") == strand.colour]
        assert len(drawn) == 4 + 1  # four arrows, and the swatch in the legend
        assert {line.get("stroke-dasharray") for line in drawn} == {strand.dash or None}
    routes = [
        {line.get("d") for line in root.iter(f"{SVG}path") if line.get("stroke") == s.colour} for s in LIGHT.strands[:2]
    ]
    assert not routes[0] & routes[1]  # where they share an arrow they run side by side
    words = "".join(root.itertext())
    assert "sum" in words
    assert draw(loss, level="neuron", highlight=paths(loss, weight(loss))).svg == drawing.svg


def test_two_pictures_share_no_id() -> None:
    ids = [re.findall(r'id="([^"]+)"', draw(y).svg) for y in (small(), Value(1.0, "b").exp())]
    assert not set(ids[0]) & set(ids[1])


def test_the_dot_is_read_by_graphviz_and_names_the_paths_colours(loss: Value) -> None:
    dot = draw(loss, level="neuron", highlight=paths(loss, weight(loss))).dot
    graph = pygraphviz.AGraph(string=dot)
    assert len(graph.nodes()) == 12
    assert len(graph.edges()) == 12 + 6 + 2 + 1 + 1
    assert f"{LIGHT.strands[0].colour}:{LIGHT.strands[1].colour}" in dot


@pytest.mark.parametrize("label", ["<b>&amp;", 'say "x"', "{a|b}", "back\\slash", "a:b", "🙂", "</script>", "-->"])
def test_odd_names_survive_every_format(label: str) -> None:
    y = (Value(1.0, label) * 2).named("y")
    drawing = draw(y)
    assert label in "".join(ElementTree.fromstring(drawing.svg).itertext())
    assert len(pygraphviz.AGraph(string=drawing.dot).nodes()) == 2
    assert label in drawing.text


def test_names_that_no_file_can_carry_are_cleaned() -> None:
    y = (Value(1.0, "a\x01b\x00\ud800\n") * 2).named("y\x02")
    assert "a\ufffdb\ufffd\ufffd" in "".join(ElementTree.fromstring(draw(y).svg.encode()).itertext())
    assert len(pygraphviz.AGraph(string=draw(y).dot).nodes()) == 2


def test_a_gradient_that_is_not_the_sum_is_remarked_upon() -> None:
    a = Value(2.0, "a")
    y = (a * 3).named("y")
    y.backward()
    y.backward()
    assert "(a.grad holds 6: more than one backward() added to it" in draw(y, highlight=paths(y, a)).text


def test_a_derivative_that_happens_to_be_1_is_written_down() -> None:
    x = Value(0.5, "x")
    y = (x**2).tanh() + 1  # ∂x²/∂x is 1 here; ∂(… + 1) is 1 always
    legend = draw(y, highlight=paths(y, x)).picture.legend
    assert legend is not None
    assert len(legend.rows[0].factors) == 2
    assert legend.rows[0].factors[1] == "1"


def test_paths_that_share_their_first_node_are_told_apart_by_all() -> None:
    net = MLP(2, [2, 2, 2, 1], bias=False)
    loss = losses.squared_error(net([1.0, 2.0]), 0.0)
    legend = draw(loss, level="neuron", highlight=paths(loss, net.weights[0][0][0])).picture.legend
    assert legend is not None
    assert len({plain(row.over) for row in legend.rows}) == len(legend.rows) == 4
    assert plain(legend.rows[0].over).count("h") == 2


def test_weights_used_outside_their_neuron_are_shown() -> None:
    net = MLP(1, [1], bias=False)
    loss = losses.squared_error(net([1.0]), 0.0) + net.weights[0][0][0] ** 2
    picture = draw(loss, level="neuron").picture
    assert sorted(plain(box.title) for box in picture.boxes) == sorted(
        ["x₁", "w₁₁₁", "h₁₁", "L = (h₁₁ − y)²", "^", "+"]
    )


def test_folded_paths_are_as_good_as_scalar_ones(loss: Value) -> None:
    folded = fold(Graph(loss), "neuron").outputs[0]
    drawn = draw(loss, level="neuron", highlight=paths(folded, weight(loss)))
    assert drawn.text == draw(loss, level="neuron", highlight=paths(loss, weight(loss))).text
    with pytest.raises(NotInGraph, match=r"highlight: given \[\], expected paths; write highlight=paths\(y, w\)"):
        draw(loss, highlight=[])  # type: ignore[arg-type]


def test_very_many_paths_are_counted_and_the_largest_drawn() -> None:
    a = Value(1.0, "a")
    y = a
    for _ in range(30):
        y = y + 0.5 * y
    legend = draw(y, highlight=paths(y, a)).picture.legend
    assert legend is not None
    assert len(legend.rows) == len(LIGHT.strands)
    assert f"with {2**30 - len(LIGHT.strands):,} paths that are not drawn, none of them larger" in plain(legend.note)


def test_a_single_leaf_is_a_picture_too() -> None:
    assert "<svg" in draw(Value(1.0, "a")).svg
    a = Value(2.0, "a")
    assert "∂a/∂a" in draw(a, highlight=paths(a, a)).text


def test_files_open_elsewhere_and_show_themselves_in_notebooks(tmp_path: Path) -> None:
    drawing = draw(small())
    for name, start in (("a.svg", "<svg"), ("a.dot", "digraph"), ("a.txt", "The scalar graph of y")):
        assert drawing.save(tmp_path / "new folder" / name).read_text(encoding="utf-8").startswith(start)
    assert drawing._repr_mimebundle_().keys() == {"image/svg+xml", "text/plain"}


def test_bad_requests_are_named(tmp_path: Path) -> None:
    y = small()
    with pytest.raises(UnknownChoice, match="no level 'neurons'; choose one of: scalar, neuron, layer"):
        draw(y, level="neurons")
    with pytest.raises(
        UnknownChoice, match=r"no picture format '.jpg'; choose one of: .svg, .png, .pdf, .dot, .gv, .mmd"
    ):
        draw(y).save(tmp_path / "a.jpg")
    q = Value(1.0, "q")
    with pytest.raises(NotInGraph, match="highlight: q is not among"):
        draw(y, highlight=paths(q, q))
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(Unwritable, match=r"folder.svg: it is a folder; choose another place"):
        draw(y).save(tmp_path / "folder.svg")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder.svg"]


def test_layout_says_nothing_on_the_terminal() -> None:
    program = "from autograd import Value; from viz import draw; draw(Value(1.0, 'a').exp()).svg"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_narrowed_paths_are_drawn_as_such(loss: Value) -> None:
    fine = Graph(loss)
    ways = paths(loss, fine["w₁₁₁"])
    drawn = draw(loss, level="neuron", highlight=ways.through(fine["h₂₁"])).text
    assert "∂L/∂w₁₁₁ along 1 path through h₂₁" in drawn
    assert "w₁₁₁.grad" not in drawn
    with pytest.raises(NotInGraph, match="highlight: there is no path from L to w₁₁₁ through h₂₁, h₂₂, sum 0"):
        draw(loss, level="neuron", highlight=ways.through(fine["h₂₁"], fine["h₂₂"]))
    with pytest.raises(NotInGraph, match="highlight: a₂₁ is folded away at the level 'neuron'"):
        draw(loss, level="neuron", highlight=ways.through(fine["a₂₁"]))


def test_one_neuron_is_looked_into_and_one_layer_folded(loss: Value) -> None:
    opened = draw(loss, level="neuron", opened=["h₂₁"]).picture
    titles = [plain(box.title) for box in opened.boxes]
    assert "a₂₁" in titles
    assert "a₂₂" not in titles
    assert [frame.title for frame in opened.frames] == ["layer 1", "layer 3"]  # layer 2 has no column to itself
    folded = [plain(box.title) for box in draw(loss, folded=["layer 1"]).picture.boxes]
    assert "h₁₁" in folded
    assert {title[:2] for title in folded if title.startswith("a")} == {"a₂", "a₃"}


def test_a_frame_covers_no_box_of_others(loss: Value) -> None:
    fine = Graph(loss)
    for name in ("w₁₁₁", "w₂₁₁", "w₃₁₂"):
        drawn = draw(loss, level="neuron", highlight=paths(loss, fine[name]))
        placed = layout(drawn.picture, LIGHT).boxes
        for frame in drawn.picture.frames:
            area = around(placed[box] for box in frame.boxes).grown(FRAME_PADDING, above=LIGHT.figure_size)
            for id, box in placed.items():
                assert id in frame.boxes or not area.overlaps(box)


def test_what_stands_on_a_picture_is_chosen(loss: Value) -> None:
    bare = draw(loss, level="neuron", values=False, gradients=False, edges="none").picture
    assert {(box.value, box.gradient) for box in bare.boxes} == {("", "")}
    assert {arrow.label for arrow in bare.arrows} == {""}
    assert bare.key == ()
    symbols = draw(loss, level="neuron", edges="symbol", names="notes", highlight=paths(loss, weight(loss))).picture
    assert {"∂o₂₁/∂o₁₁", "∂o₁₁/∂w¹₁₁", "∂L/∂o₃₁"} <= {arrow.label for arrow in symbols.arrows}
    assert symbols.legend is not None
    assert plain(symbols.legend.title) == "∂L/∂w¹₁₁ is the sum of 2 paths"
    assert "L = (o₃₁ − y)²" in [plain(box.title) for box in symbols.boxes]
    assert "0.33" in draw((Value(1.0) / 3).named("y"), digits=2).text


def test_a_gradient_budget_is_seen_by_the_width_of_arrows(loss: Value) -> None:
    neurons = fold(Graph(loss), "neuron")
    picture = draw(loss, level="neuron", edges="contribution", budget=True).picture
    titles = {box.id: plain(box.title) for box in picture.boxes}
    arrow = next(a for a in picture.arrows if (titles[a.tail], titles[a.head]) == ("h₁₁", "h₂₁"))
    passed = next(step for step in steps(neurons.outputs[0]) if (step.node.name, step.parent.name) == ("h₂₁", "h₁₁"))
    assert arrow.label == number(passed.contribution)
    largest = max(abs(step.contribution) for step in steps(neurons.outputs[0]))
    assert arrow.share == pytest.approx(
        math.copysign(math.sqrt(abs(passed.contribution) / largest), passed.contribution)
    )
    assert max(abs(a.share) for a in picture.arrows) <= 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"edges": "weights"},
            "no figure on edges 'weights'; choose one of: local, symbol, formula, contribution, weight, none",
        ),
        ({"names": "mine"}, "no scheme of names 'mine'; choose one of: graph, notes"),
        ({"digits": 0}, "digits: given 0, expected a whole number from 1"),
    ],
)
def test_a_choice_that_there_is_not_is_named(loss: Value, options: dict[str, Any], said: str) -> None:
    with pytest.raises((UnknownChoice, WrongShape), match=said):
        draw(loss, **options)


def test_a_folded_output_is_drawn_with_its_paths(loss: Value) -> None:
    n = fold(Graph(loss), "neuron").outputs[0]
    w = weight(loss)
    assert "is the sum of 2 paths" in draw(n, level="neuron", highlight=paths(n, w)).text
    assert "is the sum of 2 paths" in draw(n, highlight=paths(n, w)).text


def test_a_gradient_that_is_nan_like_its_sum_is_equal_to_it() -> None:
    x = Value(0.5, "x")
    y = ((x - 5).sqrt() * x + 2 * x).named("y")
    with pytest.warns(NonFiniteWarning):
        y.backward()
    assert "equal to x.grad" in draw(y, highlight=paths(y, x)).text


def test_paths_that_words_do_not_tell_apart_have_numbers() -> None:
    x = Value(0.5, "x")
    h = x.exp().named("h")
    y = ((h * x) * (h * x) + h * h).named("y")
    shown = draw(y, highlight=paths(y, x)).picture.legend
    assert shown is not None
    assert len({plain(row.over) for row in shown.rows}) == len(shown.rows)


def test_mermaid_has_every_box_arrow_and_path(loss: Value) -> None:
    drawing = draw(loss, level="neuron", highlight=paths(loss, weight(loss)))
    source = drawing.mermaid
    assert source.count(" -->") == len(drawing.picture.arrows)
    assert source.count("    style n") == len(drawing.picture.boxes)
    assert source.count("linkStyle") == len(drawing.picture.arrows)
    assert f"stroke:{LIGHT.strands[1].colour},stroke-width:3px,stroke-dasharray:8 4" in source
    assert "%% ∂L/∂w₁₁₁ is the sum of 2 paths" in source
    odd = draw(Value(1.0, 'a"b<c>|{d}]#;')).mermaid
    assert 'n0["a#34;b#60;c#62;#124;#123;d#125;#93;#35;#59;<br/>1' in odd


def test_json_has_all_decisions(loss: Value, tmp_path: Path) -> None:
    drawing = draw(loss, level="layer")
    saved = json.loads(drawing.save(tmp_path / "p.json").read_text(encoding="utf-8"))
    assert (saved["format"], saved["version"], saved["title"]) == ("pathgrad picture", 1, "The layer graph of L")
    assert len(saved["arrows"]) == len(drawing.picture.arrows)
    assert drawing.save(tmp_path / "p.mmd").read_text(encoding="utf-8").startswith("---\ntitle: ")

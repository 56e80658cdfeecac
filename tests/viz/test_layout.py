"""Where everything goes: without Graphviz, with its program, from the inputs at the top; nothing upon anything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, UnknownChoice, Value, paths
from nn import MLP, losses
from viz import draw
from viz.picture import Arrow, Box, Direction, Picture
from viz.render import layered, layout
from viz.render.geometry import Rectangle, point_at
from viz.render.layout import Layout, PlainLayout
from viz.theme import LIGHT
from viz.typeset import Run, plain

LEVELS = ("scalar", "neuron", "layer")
scripts = pytest.mark.skipif(os.name == "nt", reason="a script is no program there")


@pytest.fixture
def loss() -> Value:
    """The loss of a 4-3-2-1 network, and what it pays for two of its weights, as its gradients."""
    net = MLP(4, [3, 2, 1], seed=2)
    loss = losses.squared_error(net([0.5, -1.0, 0.25, 2.0]), 1.0)
    loss = (loss + net.weights[0][0][0] ** 2 * net.weights[1][0][0] ** 2).named("E")
    loss.backward()
    return loss


@pytest.fixture
def no_graphviz(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Neither the package nor the program, in a process that has not spoken of it yet."""
    layout._say_that_it_is_plain.cache_clear()
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", "")
    yield monkeypatch
    layout._say_that_it_is_plain.cache_clear()


def program(folder: Path, lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `dot` of these lines of Python, the only program on the PATH."""
    file = folder / "dot"
    file.write_text(f"#!{sys.executable}\n{lines}\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def laid_out(picture: Picture) -> Layout:
    """The layout, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PlainLayout)
        return layout.layout(picture, LIGHT)


def apart(placed: Layout) -> bool:
    """Whether no box covers another."""
    areas = list(placed.boxes.values())
    return not any(a.overlaps(b) for i, a in enumerate(areas) for b in areas[:i])


def check(picture: Picture, placed: Layout) -> None:
    """Boxes are apart, and every arrow leads on, from one side of its tail to the facing side of its head."""
    assert apart(placed)
    down = picture.direction == "down"
    for arrow, route in zip(picture.arrows, placed.routes, strict=True):
        for (x, y), id, side in ((route[0], arrow.tail, 1), (route[-1], arrow.head, 0)):
            box = placed.boxes[id]
            assert (y if down else x) == pytest.approx((box.y, box.bottom)[side] if down else (box.x, box.right)[side])
            assert box.x <= x <= box.right if down else box.y <= y <= box.bottom
        tail, head = placed.boxes[arrow.tail], placed.boxes[arrow.head]
        assert tail.bottom < head.y if down else tail.right < head.x


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("level", LEVELS)
def test_without_graphviz_pictures_are_plain_and_whole(
    loss: Value, level: str, direction: str, no_graphviz: pytest.MonkeyPatch
) -> None:
    drawing = draw(loss, level=level, direction=direction)
    with pytest.warns(PlainLayout, match=r"no Graphviz works here, .* laid out plainly; pip install pygraphviz, or"):
        svg = drawing.svg
    ElementTree.fromstring(svg)
    assert draw(loss, level=level, direction=direction).svg == svg  # and no second warning, which would be an error
    placed = laid_out(drawing.picture)
    assert placed.note == "laid out plainly, without Graphviz"
    check(drawing.picture, placed)
    assert all(drawing.picture.title in said for said in (drawing.text, drawing.mermaid, drawing.json, drawing.dot))


def test_a_process_that_cannot_import_pygraphviz_draws_all_the_same() -> None:
    code = (
        "import sys; sys.modules['pygraphviz'] = None\n"
        "from autograd import Value; from viz import draw\n"
        "a = Value(3.0, 'a')\n"
        "print(draw(a * a + 2 * a).svg[:4], draw(a.exp()).svg[:4])"
    )
    options = {"capture_output": True, "text": True, "check": True, "env": os.environ | {"PATH": ""}}
    done = subprocess.run([sys.executable, "-c", code], **options)  # type: ignore[call-overload]  # options of many types
    assert done.stdout == "<svg <svg\n"
    assert done.stderr.count("PlainLayout: draw: no Graphviz works here") == 1


@scripts
def test_a_program_on_the_path_is_the_second_choice(
    loss: Value, tmp_path: Path, no_graphviz: pytest.MonkeyPatch
) -> None:
    program(
        tmp_path,
        "import sys, pygraphviz\n"
        f"print(*sys.argv[1:], file=open({str(tmp_path / 'calls')!r}, 'a'))\n"
        "graph = pygraphviz.AGraph(string=sys.stdin.read())\n"
        "sys.stdout.buffer.write(graph.draw(format='json0', prog=sys.argv[1].removeprefix('-K')))",
        no_graphviz,
    )
    pictures = [draw(loss, level=level).picture for level in ("scalar", "neuron")]
    by_program = [layout.layout(picture, LIGHT) for picture in pictures]
    assert (tmp_path / "calls").read_text(encoding="utf-8") == "-Kdot -Tjson0\n-Knop -Tjson0\n"
    no_graphviz.undo()
    assert by_program == [layout.layout(picture, LIGHT) for picture in pictures]
    assert not any(placed.note for placed in by_program)


@scripts
@pytest.mark.parametrize("lines", ["raise SystemExit('no such format')", "print('another program of this name')"])
def test_a_program_that_does_not_work_is_as_good_as_none(
    loss: Value, tmp_path: Path, no_graphviz: pytest.MonkeyPatch, lines: str
) -> None:
    program(tmp_path, lines, no_graphviz)
    with pytest.warns(PlainLayout):
        assert layout.layout(draw(loss).picture, LIGHT).note


@scripts
def test_a_program_that_takes_too_long_is_ended(loss: Value, tmp_path: Path, no_graphviz: pytest.MonkeyPatch) -> None:
    program(tmp_path, "import time; time.sleep(600)", no_graphviz)
    no_graphviz.setattr(layout, "PATIENCE", 0.01)
    with pytest.warns(layout.PlainLayout):
        assert layout.layout(draw(loss).picture, LIGHT).note


@st.composite
def pictures(draw_from: st.DrawFn) -> Picture:
    """Any acyclic picture, with or without columns, of boxes that differ in size."""
    count = draw_from(st.integers(1, 12))
    pairs = [(tail, head) for head in range(count) for tail in range(head)]
    chosen = draw_from(st.lists(st.sampled_from(pairs), max_size=24)) if pairs else []
    titles = draw_from(st.lists(st.sampled_from(["a", "a long title", "L"]), min_size=count, max_size=count))
    columns: list[int | None] = [None] * count
    if draw_from(st.booleans()):
        depth = [0] * count
        for tail, head in sorted(chosen, key=lambda pair: pair[1]):
            depth[head] = max(depth[head], depth[tail] + 1)
        columns = list(depth)
    boxes = tuple(
        Box(
            f"n{k}",
            (Run(title),),
            value=title,
            column=column,
            row=columns[:k].count(column) if column is not None else 0,
        )
        for k, (title, column) in enumerate(zip(titles, columns, strict=True))
    )
    direction: Direction = "down" if draw_from(st.booleans()) else "right"
    arrows = tuple(Arrow(f"n{tail}", f"n{head}") for tail, head in chosen)
    return Picture("any", "", boxes, arrows, direction=direction)


@given(picture=pictures())
def test_a_plain_layout_leads_no_arrow_over_a_box(picture: Picture) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_drawn", lambda *_: None)
        placed = laid_out(picture)
    check(picture, placed)
    for arrow, route in zip(picture.arrows, placed.routes, strict=True):
        others = [area for id, area in placed.boxes.items() if id not in (arrow.tail, arrow.head)]
        points = [point_at(route, k / 200)[0] for k in range(201)]
        assert not any(Rectangle(x, y, 0, 0).overlaps(area) for x, y in points for area in others)


@given(wanted=st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0, 100)), min_size=1, max_size=8))
def test_things_stay_where_they_would_like_to_unless_they_meet(wanted: list[tuple[float, float]]) -> None:
    wishes, sizes = zip(*wanted, strict=True)
    places = list(layered._apart(wishes, sizes))
    gaps = [(a + b) / 2 + layered.BOX_GAP for a, b in pairwise(sizes)]
    assert all(b - a >= gap - 1e-9 for a, b, gap in zip(places, places[1:], gaps, strict=False))
    assert sum(places) == pytest.approx(sum(wishes), abs=1e-6)  # as much is given on either side


def test_very_deep_pictures_are_laid_out_and_very_many_bends_left_out(no_graphviz: pytest.MonkeyPatch) -> None:
    x = y = Value(1.0, "x")
    for _ in range(1200):
        y = y * x
    picture = draw(y).picture
    placed = laid_out(picture)  # with 720,000 bends if all had theirs
    assert sum(len(route) for route in placed.routes) <= 6 * layered.MOST_BENDS + 10 * len(placed.routes)
    assert len({area.x for area in placed.boxes.values()}) == len(picture.boxes)


def test_boxes_in_no_order_are_still_apart(no_graphviz: pytest.MonkeyPatch) -> None:
    boxes = Box("n0", ()), Box("n1", ()), Box("n2", ())
    assert apart(laid_out(Picture("", "", boxes, (Arrow("n2", "n0"), Arrow("n0", "n1"), Arrow("n1", "n2")))))


@pytest.mark.parametrize("level", LEVELS)
def test_downward_the_inputs_are_at_the_top_and_the_output_at_the_bottom(loss: Value, level: str) -> None:
    picture = draw(loss, level=level, direction="down").picture
    assert "from the inputs at the top to E at the bottom" in picture.description
    placed = layout.layout(picture, LIGHT)
    for arrow in picture.arrows:
        assert placed.boxes[arrow.tail].bottom < placed.boxes[arrow.head].y
    assert max(placed.boxes, key=lambda id: placed.boxes[id].bottom) == picture.boxes[-1].id


def test_downward_a_column_lies_across_in_its_order(loss: Value) -> None:
    graph = Graph(loss)
    picture = draw(loss, level="neuron", direction="down", highlight=paths(loss, graph["w₁₁₁"])).picture
    placed = layout.layout(picture, LIGHT)
    assert apart(placed)
    for row in (["x₁", "x₂", "x₃", "x₄"], ["h₁₁", "h₁₂", "h₁₃"], ["h₂₁", "h₂₂"]):
        areas = [placed.boxes[box.id] for name in row for box in picture.boxes if plain(box.title) == name]
        assert [area.x for area in areas] == sorted(area.x for area in areas)
        assert len({(round(area.y, 2), round(area.bottom, 2)) for area in areas}) == 1


def test_every_format_knows_the_direction(loss: Value) -> None:
    for level in ("scalar", "neuron"):
        down = draw(loss, level=level, direction="down")
        assert "rankdir=TB" in down.dot
        assert "flowchart TB" in down.mermaid
        assert json.loads(down.json)["direction"] == "down"
        right = draw(loss, level=level)
        assert "rankdir=LR" in right.dot
        assert "flowchart LR" in right.mermaid
        assert right.svg != down.svg
    with pytest.raises(UnknownChoice, match="there is no direction 'up'; choose one of: right, down"):
        draw(loss, direction="up")

"""What notebooks show of a bare Value, Graph, Paths or MLP, and that a cell always has its text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Value, display, fold, paths, total
from nn import MLP, losses
from viz import notebook
from viz.drawing import Drawing

IMAGE, TEXT = "image/svg+xml", "text/plain"
ROOT = Path(__file__).parent.parent.parent


def loss_of(*widths: int, examples: int = 1, inputs: int = 4) -> tuple[MLP, Value]:
    """A network, and its loss over so many examples."""
    net = MLP(inputs, widths, seed=2)
    points = [[0.1 * (i + k) for k in range(inputs)] for i in range(examples)]
    single = [losses.squared_error(net.outputs(point), [1.0] * widths[-1]) for point in points]
    return net, single[0] if examples == 1 else total(single)


def chain(length: int) -> Value:
    """A Value made of a leaf by so many operations."""
    x = y = Value(1.0, "x")
    for _ in range(length):
        y = y + x
    return y


def shown(given: Any, **asked: Any) -> dict[str, str]:
    """What IPython would be given."""
    found: dict[str, str] = given._repr_mimebundle_(**asked)
    return found


def drawn(given: Any) -> Drawing:
    """The picture that a notebook shows."""
    found = notebook.picture_of(given)
    assert found is not None
    return found


def titles(given: Any) -> str:
    """The title of the picture that a notebook shows."""
    return drawn(given).picture.title


def test_a_value_shows_its_graph_and_says_what_it_always_said() -> None:
    x = Value(3.0, "x")
    y = (x * x).named("y")
    for thing in (y, Graph(y), paths(y, x)):
        found = shown(thing)
        assert list(found) == [IMAGE, TEXT]
        assert found[TEXT] == repr(thing)
        svg = ElementTree.fromstring(found[IMAGE])
        assert float(svg.get("width", 0)) > 0 < float(svg.get("height", 0))
    assert titles(y) == titles(Graph(y)) == "The scalar graph of y"
    assert titles(paths(y, x)) == "The scalar graph of y, with its paths to x"
    assert str(y) == repr(y) == f"{y}" == "Value(9.0, 'y')"
    assert repr([y]) == "[Value(9.0, 'y')]"


def test_where_there_is_nothing_to_see_the_text_says_all() -> None:
    x = Value(2.0, "x")
    for thing in (x, Graph(x), Graph(), paths(x * 2, Value(1.0)), paths(Value(1.0), x)):
        assert shown(thing) == {TEXT: repr(thing)}


def test_only_what_is_asked_for_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    y = chain(2)
    assert shown(y, include=[IMAGE]).keys() == {IMAGE}
    assert shown(y, exclude={TEXT}).keys() == {IMAGE}
    assert shown(y, include=["text/html"]) == {}
    monkeypatch.setattr(notebook, "draw", None)
    assert shown(y, include={TEXT}) == shown(y, exclude=[IMAGE]) == {TEXT: repr(y)}


@pytest.mark.parametrize(
    ("widths", "examples", "level"),
    [((1,), 1, "scalar"), ((3, 2, 1), 1, "neuron"), ((2, 1), 3, "neuron"), ((8, 8, 1), 1, "layer")],
)
def test_the_finest_level_that_can_be_read_is_shown(widths: tuple[int, ...], examples: int, level: str) -> None:
    _, loss = loss_of(*widths, examples=examples)
    picture = drawn(loss).picture
    assert picture.title.startswith(f"The {level} graph of ")
    assert len(picture.boxes) <= notebook.BOXES
    assert len(picture.arrows) <= notebook.ARROWS


def test_of_too_large_a_network_the_paths_alone_are_shown() -> None:
    net, loss = loss_of(*[10] * 10, inputs=10)
    ways = paths(loss, net.weights[0][0][0])
    assert titles(ways) == "The neuron graph of L, with its paths to w₁₁₁"
    picture = drawn(ways).picture
    assert len(picture.boxes) < 30
    assert picture.legend is not None


def test_paths_that_are_folded_away_or_tested_are_shown_among_scalars() -> None:
    net, loss = loss_of(3, 2, 1)
    inside = Graph(loss)["a₂₁"]
    assert titles(paths(loss, inside)) == "The scalar graph of L, with its paths to a₂₁"
    w = net.weights[0][0][0]
    tested = paths(loss, w).where(lambda edge: edge.node.op is not None)
    assert titles(tested).startswith("The scalar graph")
    assert titles(paths(fold(Graph(loss), "neuron").outputs[0], w)).startswith("The neuron graph")


@pytest.mark.parametrize("length", [61, 30_000])
def test_of_too_large_a_graph_the_text_says_how_to_draw_a_part(length: int) -> None:
    y = chain(length)
    text, reason = shown(y).pop(TEXT).split("\n")
    assert text == repr(y)
    assert reason == (
        f"no picture: {length + 1:,} nodes are more than can be read at once; draw a part of them, such as "
        "viz.draw(y, around=node, radius=2)"
    )
    assert shown(Graph(y, y + 1))[TEXT].endswith(
        "no picture: a picture is of all that is below one output; write viz.draw(graph.outputs[0])"
    )


def test_dense_networks_are_not_multiplied_out_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    _, loss = loss_of(16, 16, 1, examples=3)
    assert titles(loss).startswith("The layer graph")
    monkeypatch.setattr(notebook, "ENTRIES", 1000)
    assert shown(loss)[TEXT].endswith("or viz.draw(y, level='layer')")


def test_a_picture_too_large_for_a_file_is_left_out() -> None:
    assert "kB of the notebook's file" in shown((Value(1.0) * 2).named("n" * 400_000))[TEXT].split("\n")[1]


@given(
    st.sampled_from(["data", "grad", "name", "left", "by_left", "scope", "op"]), st.sampled_from([None, 5, "<x>", [1]])
)
def test_whatever_was_done_to_a_value_its_cell_shows_something(slot: str, nonsense: Any) -> None:
    y = Value(1.0, "x") * Value(2.0)
    setattr(y, slot, nonsense)
    found = shown(y)
    assert found[TEXT]
    assert IMAGE in found or "\n" in found[TEXT] or not y.operands


def test_two_pictures_of_a_notebook_share_no_id() -> None:
    x = Value(3.0, "x")
    ids = [set(re.findall(r' id="([^"]+)"', shown(thing)[IMAGE])) for thing in (x * x, x + x, paths(x * x, x))]
    assert all(ids)
    assert sum(map(len, ids)) == len(set.union(*ids))


def test_a_network_that_has_not_run_is_drawn() -> None:
    found = shown(MLP(2, [2, 1]))
    assert found[TEXT] == "MLP(2, [2, 1])"
    assert ElementTree.fromstring(found[IMAGE]).get("width")


@pytest.mark.parametrize("gone", [(), (ImportError, AttributeError)])
def test_without_a_viewer_the_text_is_shown(monkeypatch: pytest.MonkeyPatch, gone: tuple[type[Exception], ...]) -> None:
    class Broken:
        def __init__(self, error: type[Exception]) -> None:
            self.error = error

        def load(self) -> None:
            raise self.error

    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Broken(error) for error in gone])
    display.viewer.cache_clear()
    try:
        assert shown(chain(2)) == {TEXT: "Value(3.0)"}
        assert display.mime(chain(2)) == (TEXT, "Value(3.0)")
    finally:
        display.viewer.cache_clear()


def test_nothing_is_loaded_until_a_notebook_asks() -> None:
    program = (
        "import sys, nn; from autograd import Value; y = Value(1.0) * 2; print(y, [y]);"
        "assert not {'viz', 'importlib.metadata', 'pygraphviz'} & set(sys.modules);"
        "assert y._repr_mimebundle_(); assert 'viz' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "Value(2.0) [Value(2.0)]\n"


def test_ipython_shows_pictures_in_a_notebook_and_text_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    formatter = interactive.InteractiveShell.instance().display_formatter
    y = chain(70)
    try:
        for types, expected in ((formatter.format_types, True), (["text/plain"], False)):
            formatter.active_types = types
            data, _ = formatter.format(y)
            assert ("no picture" in data[TEXT]) is expected
            assert (IMAGE in formatter.format(chain(3))[0]) is expected
            assert formatter.format([chain(3)])[0] == {TEXT: "[Value(4.0)]"}
            assert formatter.format(Value)[0].keys() == {TEXT}
    finally:
        interactive.InteractiveShell.clear_instance()


def test_an_executed_notebook_holds_the_picture() -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    book = nbformat.v4.new_notebook()
    sources = ["from autograd import Value, paths; x = Value(2.0, 'x'); y = x * x; y", "paths(y, x)", "[y]", "x"]
    book.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbclient.NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    nbformat.validate(book)
    keys = [[sorted(output.data) for output in cell.outputs] for cell in book.cells]
    assert keys == [[[IMAGE, TEXT]], [[IMAGE, TEXT]], [[TEXT]], [[TEXT]]]


def test_marimo_shows_the_picture_also_beside_others() -> None:
    formatting = pytest.importorskip("marimo._output.formatting")
    y, x = chain(2), Value(1.0, "x")
    assert formatting.try_format(y).mimetype == IMAGE
    assert formatting.try_format(x).mimetype == TEXT
    listed = formatting.try_format([x, y])
    assert listed.traceback is None
    assert "text/plain:Value(1.0, 'x')" in listed.data

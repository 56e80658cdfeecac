"""`pathgrad draw` and `pathgrad figures`: what they print and write, and what they refuse in one line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from autograd import Graph, PathgradError, Value, paths, to_json
from viz import commands, draw
from viz.drawing import FORMATS
from viz.figures import FIGURES
from viz.gallery import captions, usual_ending
from viz.tour import Tour

STARTS = {
    ".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF", ".dot": b"digraph", ".gv": b"digraph", ".mmd": b"---\ntitle:",
    ".tikz": b"% The neuron graph of L", ".tex": b"\\documentclass", ".json": b"{", ".txt": b"The neuron graph of L",
}  # fmt: skip


def pathgrad(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The console script as a user runs it."""
    script = Path(sys.executable).parent / "pathgrad"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [script, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_an_expression_is_drawn_as_text(run: Any) -> None:
    done = run("draw", "x*x + 1", "x=3")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "The scalar graph of y\n"
        "\n"
        "nodes\n"
        "  x          3   grad 6\n"
        "  ×          9   grad 1\n"
        "  y = · + 1  10  grad 1\n"
        "\n"
        "arrows, each with its local derivative\n"
        "  x → ×          3\n"
        "  x → ×          3\n"
        "  × → y = · + 1  1\n"
    )


def test_without_an_expression_it_is_the_notes_network(run: Any) -> None:
    loss = Tour().loss
    assert run("draw").out == draw(loss, level="neuron").text
    assert run("draw", "--level", "scalar", "--digits", "2").out == draw(loss, digits=2).text
    assert run("draw", "--level", "equations").out == draw(loss, level="equations").text
    assert run("draw", "--level", "layer", "--collapse").out == draw(loss, level="layer", collapse=True).text


def test_the_paths_to_a_name(run: Any) -> None:
    loss = Tour().loss
    highlight = paths(loss, Graph(loss)["w₁₁₁"])
    expected = draw(loss, level="neuron", highlight=highlight, edges="symbol", names="notes").text
    assert run("draw", "--to", "w111", "--edges", "symbol", "--names", "notes").out == expected
    assert "is the sum of 2 paths" in expected
    assert run("draw", "--to", "w₁₁₁", "--edges", "symbol", "--names", "notes").out == expected
    assert "with its paths to x" in run("draw", "f = 2*x; f*x", "x=3", "--to", "x").out


@pytest.mark.parametrize("expression", ["-x", "-x*y", "- x"])
def test_an_expression_may_begin_with_a_minus(expression: str, run: Any) -> None:
    numbers = ["x=3"] + ["y=2"] * ("y" in expression)
    done = run("draw", expression, *numbers)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The scalar graph of")
    assert run("draw", "x", "x=-3").code in (0, 2)  # a bare name is drawn or refused, never a traceback


@pytest.mark.parametrize("ending", FORMATS)
def test_each_format_goes_to_a_file(ending: str, run: Any, tmp_path: Path) -> None:
    done = run("draw", "--out", f"new/folder/a{ending}", "--theme", "print")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"written: new/folder/a{ending}\n"
    content = (tmp_path / "new" / "folder" / f"a{ending}").read_bytes()
    assert content.startswith(STARTS[ending])
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [f"a{ending}"]


def test_sizes_directions_and_themes_reach_the_file(run: Any, tmp_path: Path) -> None:
    run("draw", "x*y", "x=1", "y=2", "-o", "a.svg", "--size", "page", "--theme", "dark", "--direction", "down")
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert str(root.get("width")).endswith("pt")
    assert root.get("fill") == "#f2f4f7"
    run("draw", "x*y", "x=1", "y=2", "-o", "a.json", "--direction", "down")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["direction"] == "down"


def test_a_graph_file_keeps_the_gradients_that_it_has(run: Any, tmp_path: Path) -> None:
    x = Value(3.0, "x")
    y = (x * x).named("y")
    y.backward()
    y.backward()
    (tmp_path / "graph.json").write_text(to_json(y), encoding="utf-8")
    assert "x      3  grad 12" in run("draw", "graph.json").out
    assert run("draw", "missing.json").err == "pathgrad: cannot read missing.json: No such file or directory; " + (
        "write one with to_json(y)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "lesson"),
    [
        (["--level", "neurons"], "no level 'neurons'; choose one of: scalar, neuron, layer, equations"),
        (["--edges", "weights"], "no figure on edges 'weights'; choose one of: local,"),
        (["--names", "mine"], "no scheme of names 'mine'"),
        (["--theme", "neon"], "no theme 'neon'; choose one of: light, dark, print, contrast"),
        (["--size", "poster"], "no size 'poster'; choose one of: natural, slide, page, notebook"),
        (["--direction", "up"], "no direction 'up'; choose one of: right, down"),
        (["--digits", "0"], "digits: given 0"),
        (["--out", "a.jpg"], "no picture format '.jpg'; choose one of: .svg"),
        (["--out", "a"], "no picture format ''"),
        (["--out", "folder.svg"], "cannot write folder.svg: it is a folder; choose another place"),
        (["--out", "file/a.svg"], "cannot write file/a.svg: file is not a folder"),
        (["--to", "w999"], "called 'w999'"),
        (["--to", "a11"], "a₁₁ is folded away at the level 'neuron'"),
        (["--to", "w111", "--level", "layer"], "level 'layer': "),
        (["--level", "equations", "--edges", "symbol"], "level 'equations': "),
        (["--collapse", "--edges", "symbol"], "choose one of: local, none"),
        (["--colapse"], "there is no option --colapse"),
        (["x*y", "x=1"], "y has no value; give it one, as in y=0.5"),
        (["x*y", "x=1", "y=2", "--level", "bogus"], "no level 'bogus'"),
        (["x*", "x=1"], "x*"),
    ],
)
def test_draw_refuses_in_one_line(arguments: list[str], lesson: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    done = run("draw", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pathgrad: ")
    assert lesson in done.err
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.svg"]


def test_what_is_warned_of_is_one_line_as_well(tmp_path: Path) -> None:
    for arguments, said in (
        (["draw", "log(x)", "x=-1"], "the first number that is not finite"),
        (["draw", "--level", "scalar", "--size", "slide", "-o", "a.svg"], "the smallest text is"),
    ):
        done = pathgrad(*arguments, cwd=tmp_path)
        assert done.returncode == 0
        assert said in done.stderr
        assert done.stderr.startswith("pathgrad: ")
        assert done.stderr.count("\n") == 1


def test_figures_are_listed_in_the_order_of_the_notes(run: Any) -> None:
    done = run("figures")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines()] == list(FIGURES)
    assert all(line.endswith(caption) for line, caption in zip(done.out.splitlines(), captions().values(), strict=True))
    assert run("figures", "two_paths").out.split() == ["two_paths", *captions()["two_paths"].split()]


def test_nothing_heavy_is_loaded_for_a_list() -> None:
    program = (
        "import sys; sys.argv = ['pathgrad', 'figures']\n"
        "from viz.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert not {'matplotlib', 'sklearn'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_figures_are_written_each_in_its_own_format(run: Any, tmp_path: Path) -> None:
    done = run("figures", "two_paths", "exponential", "--out", "slides/all")
    assert (done.code, done.err, done.out) == (0, "", "written: 2 files to slides/all\n")
    assert sorted(path.name for path in (tmp_path / "slides" / "all").iterdir()) == ["exponential.png", "two-paths.svg"]
    assert run("figures", "k_of_h", "-o", "slides").out == "written: slides/k-of-h.svg\n"
    assert usual_ending("k_of_h") == ".svg"


@pytest.mark.parametrize("form", ["svg", ".svg", "pdf", "PNG"])
def test_figures_are_written_in_a_format_that_is_asked_for(form: str, run: Any, tmp_path: Path) -> None:
    done = run("figures", "two_paths", "exponential", "-o", ".", "-f", form, "--theme", "dark", "--size", "slide")
    assert (done.code, done.err) == (0, "")
    ending = form.lower().lstrip(".")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"exponential.{ending}", f"two-paths.{ending}"]


@pytest.mark.parametrize(
    ("arguments", "lesson"),
    [
        (["two_path"], "no figure 'two_path'; choose one of: digits, "),
        (["two_paths", "nope", "-o", "new"], "no figure 'nope'"),
        (["two_paths", "-o", "new", "-f", "jpg"], "no picture format '.jpg'; choose one of: .svg"),
        (["two_paths", "exponential", "-o", "new", "-f", "tikz"], "no format of a plot '.tikz'; choose one of: .png"),
        (["two_paths", "-o", "new", "--theme", "neon"], "no theme 'neon'"),
        (["exponential", "-o", "new", "--theme", "neon"], "no theme 'neon'"),
        (["two_paths", "-o", "new", "--size", "poster"], "no size 'poster'"),
        (["exponential", "-o", "new", "--size", "poster"], "no size 'poster'"),
        (["two_paths", "-o", "file"], "cannot write file/two-paths.svg: file is not a folder; choose another place"),
        (["two_paths", "-o", "full"], "cannot write full/two-paths.svg: it is a folder"),
        (["--theme", "dark"], "are for files; say where to write them, with -o FOLDER"),
        (["two_paths", "-f", "png"], "are for files"),
        (["--size", "slide"], "are for files"),
        (["--gallery"], "--gallery writes all figures"),
        (["--gallery", "two_paths", "-o", "new"], "--gallery writes all figures"),
        (["--gallery", "-f", "png", "-o", "new"], "--gallery writes all figures"),
        (["--gallery", "--theme", "dark", "-o", "new"], "--gallery writes all figures"),
    ],
)
def test_figures_refuses_in_one_line_and_leaves_nothing(
    arguments: list[str], lesson: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "full" / "two-paths.svg").mkdir(parents=True)
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    done = run("figures", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("pathgrad: ")
    assert lesson in done.err
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "precious"


def test_a_folder_that_may_not_be_written_is_one_line(run: Any, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        place = Path("/proc/none")  # not even for root
    else:
        place = tmp_path / "locked"
        place.mkdir(mode=0o500)
    for arguments in (["figures", "k_of_h", "-o", str(place)], ["draw", "-o", str(place / "a.svg")]):
        done = run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("pathgrad: cannot write ")
        assert done.err.count("\n") == 1


def test_the_gallery_is_a_page_and_a_folder(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.gallery.written", lambda name, ending: name.encode())
    done = run("figures", "--gallery", "--out", "docs")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"written: {len(FIGURES) + 1} files to docs\n"
    assert (tmp_path / "docs" / "gallery" / "k-of-h.svg").read_text(encoding="utf-8") == "k_of_h"
    assert "![" in (tmp_path / "docs" / "gallery.md").read_text(encoding="utf-8")


class Terminal(io.StringIO):
    """A stream that says it is one of a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize(("stream", "said"), [(Terminal(), True), (io.StringIO(), False)])
def test_who_waits_at_a_terminal_is_told_how_far_it_is(
    stream: io.StringIO, said: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr("viz.gallery.written", lambda *_: b"")
    commands.figures(["two_paths", "k_of_h"], out=tmp_path)
    told = stream.getvalue()
    assert ("drawing two_paths" in told) == ("drawing k_of_h" in told) == said
    assert told.endswith("\r\033[K") == said  # nothing of it is left on the line
    with pytest.raises(PathgradError):
        commands.figures(["two_paths"], out=tmp_path, form="jpg", gallery=True)


def test_help_tells_of_all_choices(tmp_path: Path) -> None:
    said = {"draw": ["--out", "--to", "--level", "--edges", "--collapse", "--direction", "--size", "--theme"],
            "figures": ["--out", "--format", "--gallery", "--size", "--theme"]}  # fmt: skip
    for command, options in said.items():
        shown = pathgrad(command, "--help", cwd=tmp_path)
        assert shown.returncode == 0
        assert all(option in shown.stdout for option in options)

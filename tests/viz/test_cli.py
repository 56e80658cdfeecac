"""The command: what a new user sees, and what is left when it cannot go on."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import autograd
from autograd import TABLE, Check
from autograd.check import Row
from viz import cli
from viz.tour import Tour


def pathgrad(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the console script as a user would, with no `dot` within reach."""
    script = Path(sys.executable).parent / "pathgrad"
    env = {**os.environ, "PATH": str(script.parent), "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        [script, *arguments], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_tour_tells_its_story_and_leaves_three_files(tmp_path: Path) -> None:
    done = pathgrad("tour", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 100
    for said in (
        "h₃₁   0.8·0.6375 + (−0.5)·0.4737                    0.2732  0.5679",
        "12  h₂₁ → h₁₁   −0.1697 × 0.1618    = −0.02745    h₁₁ holds −0.04331",
        "over h₂₁  −0.8643 × 0.1963 × 0.1618 × 0.07339    −0.002014",
        "over h₂₂  −0.8643 × −0.1227 × −0.1496 × 0.07339  −0.001164",
        "sum                                              −0.003178",
        "2 paths to each weight of layer 1, 1 to every other, 32 in all",
        "neurons                      86          74        28",
        "The two engines agree",
        "tour/tour.html",
    ):
        assert said in done.stdout
    assert sorted(path.name for path in (tmp_path / "tour").iterdir()) == ["tour-scalar.svg", "tour.html", "tour.svg"]
    for picture in ("tour.svg", "tour-scalar.svg"):
        ElementTree.parse(tmp_path / "tour" / picture)


def test_the_page_is_whole_and_asks_the_network_for_nothing(tmp_path: Path) -> None:
    pathgrad("tour", "--out", "here", cwd=tmp_path)
    page = (tmp_path / "here" / "tour.html").read_text(encoding="utf-8")
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)
            assert not {name for name, _ in attrs} & {"src", "href", "onload", "onclick"}

    Reader().feed(page)
    assert seen.count("svg") == 2
    assert seen.count("table") == 5
    assert "math" in seen
    assert "script" not in seen


def test_the_tours_numbers_are_one_story() -> None:
    tour = Tour()
    products = [path.product for path in tour.paths]
    assert len(products) == 2
    assert sum(products) == pytest.approx(tour.weight.grad, rel=1e-12)
    assert set(list(tour.path_counts.values())[:12]) == {2}
    assert set(list(tour.path_counts.values())[12:]) == {1}
    assert sum(tour.path_counts.values()) == 32
    assert tour.report.agrees(1e-12)
    assert len(tour.steps) == 1 + tour.costs["neurons"].memoised.multiplications


@pytest.mark.parametrize("place", ["file/below", "file"])
def test_a_place_that_cannot_be_written_is_one_line_and_exit_code_2(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    done = pathgrad("tour", "--out", place, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("pathgrad: cannot write file")
    assert done.stderr.rstrip().endswith("choose another place")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "precious"


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    # The last of the three files cannot be written, so the first two must not appear either.
    (tmp_path / "tour" / "tour.html").mkdir(parents=True)
    done = pathgrad("tour", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert [path.name for path in (tmp_path / "tour").iterdir()] == ["tour.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_output_is_one_line(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "pathgrad"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [script, "tour"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "pathgrad: cannot print: No space left on device\n")


def test_help_and_mistakes(tmp_path: Path) -> None:
    assert "tour" in pathgrad("--help", cwd=tmp_path).stdout
    assert "folder to write" in pathgrad("tour", "--help", cwd=tmp_path).stdout
    assert pathgrad("--version", cwd=tmp_path).stdout.startswith("pathgrad 0.")
    wrong = pathgrad("tuor", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def test_a_terminal_without_unicode_gets_the_story_all_the_same(tmp_path: Path) -> None:
    done = pathgrad("tour", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "Back-propagation" in done.stdout


def test_ops_prints_the_page_of_calculus_in_three_forms(tmp_path: Path) -> None:
    page = pathgrad("ops", cwd=tmp_path)
    assert (page.returncode, page.stderr) == (0, "")
    assert max(map(len, page.stdout.splitlines())) <= 100
    assert all(f"\n{name} " in page.stdout for name in TABLE)
    one = pathgrad("ops", "relu", "tanh", cwd=tmp_path).stdout.splitlines()[5:]
    assert one == [
        "relu          The positive part of x; at the kink 0 the derivative is taken as 0.",
        "    z = 0 if x ≤ 0, else x",
        "    ∂z/∂x = 0 if x ≤ 0, else 1",
        "    smooth where |x| > 0",
        "",
        "tanh          The hyperbolic tangent, between −1 and 1.",
        "    z = tanh(x)",
        "    ∂z/∂x = 1 − z²",
        "    smooth everywhere",
    ]
    assert r"$$\frac{\partial z}{\partial x} = 1 - z^{2}$$" in pathgrad("ops", "-f", "markdown", cwd=tmp_path).stdout
    document = pathgrad("ops", "-f", "latex", cwd=tmp_path).stdout
    assert document.startswith(r"\documentclass")
    assert document.isascii()  # so that any LaTeX can set it
    assert document.count(r"\begin{gather*}") == document.count(r"\end{gather*}") == len(TABLE)


def test_check_compares_an_expression_with_other_methods(tmp_path: Path) -> None:
    done = pathgrad("check", "x*y + sin(x)", "x=1.2", "y=0.7", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all agree in 1" in done.stdout
    assert done.stdout.count("complex step") == 2
    assert pathgrad("check", "-x", "x=-1", cwd=tmp_path).returncode == 0


def test_check_says_by_its_exit_code_that_a_method_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row("x", "differences", 1.0, 2.0, 0, "")
    monkeypatch.setattr(autograd, "check", lambda y: Check(1.0, (row,), ()))
    with pytest.raises(SystemExit) as stopped:
        cli.check("x*x", ["x=1"])
    assert stopped.value.code == 1


@pytest.mark.parametrize(
    ("arguments", "lesson"),
    [
        (["check", "x*y", "x=1"], "y has no value; give it one, as in y=0.5"),
        (["check", "x", "x=one"], "'x=one' gives no name a number; write for example x=1.2"),
        (["check", "x", "x=1", "z=2"], "'x' does not use z; leave that out"),
        (["check", "1 + 1"], "has no names to differentiate by"),
        (["ops", "tahn"], "there is no primitive 'tahn'; choose one of: add"),
        (["ops", "-f", "pdf"], "there is no form 'pdf'; choose one of: text, markdown, latex"),
    ],
)
def test_commands_refuse_in_one_line(arguments: list[str], lesson: str, tmp_path: Path) -> None:
    done = pathgrad(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert lesson in done.stderr
    assert done.stderr.count("\n") == 1

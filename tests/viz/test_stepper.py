"""The steps in a terminal: what the keys do, what the screen shows, and the command itself at both ends of a pipe."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd import steps, to_json
from nn import MLP, losses
from viz.given import graph_of
from viz.keys import KEY
from viz.stepper import Stepper

SCRIPT = Path(sys.executable).parent / "pathgrad"
TOY = ["f = 2*x; g = tanh(x); k = exp(f*g)", "x=0.5"]


def stepper() -> Stepper:
    """The notes' toy example, at its beginning."""
    return Stepper(steps(graph_of(TOY[0], TOY[1:], None).outputs[0]))


def press(shown: Stepper, *keys: str) -> int:
    """Where the keys lead."""
    for key in keys:
        assert shown.press(key)
    return shown.at


def test_keys_go_back_and_forth_and_never_leave_the_steps() -> None:
    shown = stepper()
    assert press(shown, "b") == 0
    assert press(shown, " ", "n", "\x1b[C") == 3
    assert press(shown, "\x1b[D", "b") == 1
    assert press(shown, "4", "g") == 4
    assert press(shown, "9", "9", "\r") == 5
    assert press(shown, "\x1b[H") == 0
    assert press(shown, "\x1b[6~") == 5
    assert press(shown, "\x1b[5~", "\x1b[F", "x") == 5
    assert press(shown, "²", "1", "\r") == 1
    assert press(shown, *"9" * 5000, "\r") == 5
    assert [stepper().press(key) for key in ("q", "\x1b", "\x03", "")] == [False] * 4


def test_the_screen_shows_the_memo_as_it_stands_and_who_passes_to_whom() -> None:
    shown = stepper()
    press(shown, "4", "g")
    lines = [line for line, _ in shown.screen()]
    assert lines[:9] == [
        "The reverse sweep from k: step 4 of 5",
        "g passes 1.587 × 0.7864 = 1.248 to x, which now holds 1.248 so far",
        "",
        "  node   value  ∂k/∂node",
        "  k      1.587         1  complete",
        "  ×     0.4621     1.587  complete",
        "▸ g     0.4621     1.587  complete",
        "  f          1    0.7336  complete",
        "◂ x        0.5     1.248  so far",
    ]
    press(shown, "1")
    assert [line for line, style in shown.screen() if style == "quiet"][-1] == "go to step 1 … Enter"


def test_a_long_table_is_cut_around_the_step() -> None:
    net = MLP(4, [3, 2, 1], bias=False)
    shown = Stepper(steps(losses.squared_error(net([0.1] * 4), 1.0)), at=30)
    lines = list(shown.screen(height=12))
    assert len(lines) <= 12
    assert {"from", "to"} & {style for _, style in lines}
    assert any("more nodes" in line for line, _ in lines)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (20, 5), (10, 2), (200, 60)])
def test_the_screen_keeps_to_the_window(width: int, height: int) -> None:
    shown = Stepper(steps(graph_of(None, [], None).outputs[0]))
    for _ in range(len(shown.told)):
        press(shown, "n")
        lines = [line for line, _ in shown.screen(width, height)]
        assert len(lines) <= height
        assert max(map(len, lines)) <= width
    if height >= 24:
        assert lines[-1].startswith("→ next   ← back")


def test_keys_that_come_several_at_once_are_told_apart() -> None:
    assert KEY.findall("n\x1b[C\x1b[5~q\x1bOH\x1b") == ["n", "\x1b[C", "\x1b[5~", "q", "\x1bOH", "\x1b"]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command with its output piped."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [SCRIPT, *arguments], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_piped_it_is_a_list(tmp_path: Path) -> None:
    done = run("steps", *TOY, "--start", "4", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "4  g passes 1.587 × 0.7864 = 1.248 to x, which now holds 1.248 so far"
    notes = run("steps", cwd=tmp_path).stdout.splitlines()
    assert len(notes) == 30
    assert notes[3] == " 3  h₃₁ passes -0.8643 × 0.1963 = -0.1697 to h₂₁, which now holds -0.1697 = ∂L/∂h₂₁"
    assert len(run("steps", "--wrt", "w111", cwd=tmp_path).stdout.splitlines()) == 7


def test_the_paths_of_an_expression_of_a_file_and_of_the_notes(tmp_path: Path) -> None:
    assert run("paths", *TOY, cwd=tmp_path).stdout.startswith("2 paths from k to x, sum 2.71559\n")
    (tmp_path / "graph.json").write_text(to_json(graph_of(TOY[0], TOY[1:], None).outputs[0]), encoding="utf-8")
    assert run("paths", "graph.json", cwd=tmp_path).stdout.startswith("2 paths from k to x, sum 2.71559\n")
    assert run("paths", cwd=tmp_path).stdout.startswith("2 paths from L to w₁₁₁, sum -0.00317849\n")
    assert r"\frac{\partial L}{\partial o_{31}}" in run("paths", "-f", "latex", "--names", "notes", cwd=tmp_path).stdout
    assert "1 path from L to w₃₁₁" in run("paths", "--to", "w311", "--level", "scalar", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["paths", "x*y", "x=1", "y=2"], "there are 2 leaves to derive by; choose one with --to, of: x, y"),
        (["paths", "x*y", "x=1", "y=2", "--to", "q"], "0 of the graph's 3 nodes are called 'q'"),
        (["paths", "x*2", "x=1", "--nope"], "there is no option --nope; --help lists those that there are"),
        (["paths", "x = 3*x; x", "x=1"], "'x = 3*x' gives nothing computed a new name"),
        (["paths", "f = x", "x=1"], "'f = x' gives nothing computed a new name"),
        (["paths", "nope.json"], "cannot read nope.json: No such file or directory; write one with to_json(y)"),
        (["paths", "nope.json", "x=1"], "x: numbers go with an expression"),
        (["paths", "3*4"], "'3*4' has no names to differentiate by"),
        (["paths", ";", "x=1"], "';' does not use x; leave that out"),
        (["paths", "-f", "pdf"], "there is no format 'pdf'; choose one of: table, text, markdown, latex"),
        (["steps", *TOY, "--start", "9"], "--start 9: there are 5 steps"),
        (["steps", *TOY, "--level", "tensor"], "there is no level 'tensor'; choose one of: scalar, neuron, layer"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_in_a_terminal_it_is_played_with_keys() -> None:
    import pty

    terminal, its_end = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "24", "PYTHONIOENCODING": "utf-8"}
    played = subprocess.Popen([SCRIPT, "steps", *TOY], stdin=its_end, stdout=its_end, stderr=its_end, env=env)
    os.close(its_end)

    def until(text: str) -> str:
        seen, deadline = "", time.monotonic() + 30
        while text not in seen and time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                seen += os.read(terminal, 65536).decode("utf-8", "replace")
        assert text in seen
        return seen

    assert "∂k/∂k = 1, and k holds it" in until("q leave")
    os.write(terminal, b"n")
    until("step 1 of 5")
    os.write(terminal, b"\x1b[C")
    until("step 2 of 5")
    os.write(terminal, b"b")
    until("step 1 of 5")
    os.write(terminal, b"q")
    until("\x1b[?1049l")  # the terminal is as it was
    assert played.wait(30) == 0
    os.close(terminal)

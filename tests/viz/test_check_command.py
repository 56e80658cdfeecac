"""The command check on homework files: exit codes, the report, JSON, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..nn.test_homework import RIGHT, changed
from .test_cli import pathgrad


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    (tmp_path / "homework.py").write_text(RIGHT, encoding="utf-8")
    return tmp_path


def test_a_right_homework_ends_with_exit_code_0(homework: Path) -> None:
    done = pathgrad("check", "homework.py", cwd=homework)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("3-4-1 network, sigmoid, output sigmoid, binary cross entropy; ")
    assert done.stdout.splitlines()[-1].startswith("RIGHT, in 1")
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_a_wrong_one_with_1_and_the_mistake_by_its_name(homework: Path) -> None:
    (homework / "homework.py").write_text(changed(" * A1 * (1 - A1)", ""), encoding="utf-8")
    done = pathgrad("check", "homework.py", cwd=homework)
    assert (done.returncode, done.stderr) == (1, "")
    said = done.stdout.split("\n\n")
    assert said[2] == (
        "g' missing\n"
        "    The derivative of the activation is left out.\n"
        "    fix: Multiply dA[l], entry by entry, by g'[l](Z[l]).\n"
        "    see: dZ[l] = dA[l] * g'[l](Z[l])   (notes, lines 1278, 1321)"
    )
    assert said[-1] == "NOT RIGHT: W1, b1\n"


def test_a_file_without_the_function_is_shown_one_to_begin_with(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text("def forward(X):\n    return X\n", encoding="utf-8")
    done = pathgrad("check", "homework.py", cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no function grads in the file; it has forward" in done.stdout
    assert "\ndef grads(params, X, Y):\n" in done.stdout


def test_graders_get_json(homework: Path) -> None:
    told = json.loads(pathgrad("check", "homework.py", "--json", "--seed", "4", cwd=homework).stdout)
    assert (told["file"], told["right"], told["diagnosis"]) == ("homework.py", True, [])
    done = pathgrad("check", "homework.py", "--json", "--loss", "squared_error", cwd=homework)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["diagnosis"][0]["mistakes"] == ["A − Y with another loss"]
    assert told["hints"][0].startswith("the loss: it is the binary cross entropy; see J = (1/m)")


def test_the_exercise_is_chosen_by_options(homework: Path) -> None:
    chosen = ("--network", "2,5,1", "--examples", "3", "--seed", "1", "--time", "20")
    done = pathgrad("check", "homework.py", *chosen, cwd=homework)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith(
        "2-5-1 network, sigmoid, output sigmoid, binary cross entropy; 3, 3, 5"
    )
    done = pathgrad("check", "homework.py", "--strength", "0.1", "--penalty", "l1", cwd=homework)
    assert done.returncode == 1
    assert "regulariser missing" in done.stdout
    assert "hint: the loss: the regulariser is not added" in done.stdout
    assert pathgrad("check", "homework.py", "--activation", "tanh", cwd=homework).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["other.py"], "cannot read other.py: No such file or directory; give a Python file"),
        (
            ["homework.py", "--network", "3;4;1"],
            "--network: given '3;4;1', expected whole numbers; write for example 3,4,1",
        ),
        (["homework.py", "--network", "3"], "expected the number of inputs and a list of widths"),
        (
            ["homework.py", "--loss", "mse"],
            "there is no loss 'mse'; choose one of: squared_error, binary_cross_entropy",
        ),
        (["homework.py", "--loss", "cross_entropy", "--network", "3,4,1"], "softmax of a single output is always 1"),
        (["homework.py", "--examples", "0"], "examples: given 0, expected a whole number from 1"),
        (["homework.py", "--time", "-1"], "time: given -1.0, expected a number above 0"),
        (["homework.py", "--nework", "3"], "there is no option --nework"),
        (["homework.py", "x=1"], "x: numbers go with an expression, and homework.py is a file"),
        (["x*x", "x=1", "--seed", "1"], "'x*x' is no homework file, and only one takes these options"),
        (["x*x", "x=1", "--json"], "'x*x' is no homework file, and only one takes these options"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(arguments: list[str], said: str, homework: Path) -> None:
    done = pathgrad("check", *arguments, cwd=homework)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pathgrad: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1

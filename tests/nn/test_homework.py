"""Homework files in a real process: each thing that goes wrong is reported as itself, and nothing else breaks."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from autograd import UnknownChoice, WrongShape
from nn.homework import TEMPLATE, Exercise, Unreadable, check_homework
from nn.marks import Marks
from nn.settings import BadSetting

from .homeworks import source

NOTES = Exercise((3, 4, 1))
RIGHT = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def grads(params, X, Y):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    m = X.shape[1]
    A1 = sigmoid(W1 @ X + b1)
    A2 = sigmoid(W2 @ A1 + b2)
    loss = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    dZ2 = A2 - Y
    dW2, db2 = dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""
RETURN = 'return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}'


def marks_of(folder: Path, text: str, seconds: float = 20.0) -> Marks:
    """What is said about a file with this text."""
    file = folder / "homework.py"
    file.write_text(text, encoding="utf-8")
    return check_homework(file, NOTES, seconds)


def changed(old: str, new: str) -> str:
    """The right homework with one thing in it changed."""
    assert RIGHT.count(old) == 1
    return RIGHT.replace(old, new)


def test_a_right_homework_is_right(tmp_path: Path) -> None:
    marks = marks_of(tmp_path, RIGHT)
    assert marks
    assert marks.digits >= 14
    assert (marks.faults, marks.explanations, marks.hints, marks.remarks) == ((), (), (), ())
    assert str(marks).splitlines()[-1].startswith("RIGHT, in ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["homework.py"]  # nothing is left there


# What a file does, the kind of fault, what is said about it and its line.
FAULTS = {
    "raises": (changed("m = X.shape[1]", "m = X.sape[1]"), "raised", "line 9 raises AttributeError", 9),
    "raises where shapes do not fit": (
        changed("W1 @ X + b1", "W1 @ X + b1.ravel()"),
        "raised",
        "(4,5) is the shape of Z1, A1; (4,) is the shape of b1 without its second axis",
        10,
    ),
    "raises in another's line": (
        changed("(W2.T @ dZ2)", "np.dot(W2, dZ2)"), "raised", "(1,4) is the shape of W2; (1,5) is", 15),
    "asks for parameters that are not there": (
        changed('for name in ("W1",', 'for name in ("w1",'), "raised", "params has W1, b1, W2, b2", 8),
    "takes other arguments": (
        changed("(params, X, Y)", "(X, Y)"), "raised", "it is called as grads(params, X, Y)", None),
    "exits": (changed("m = X", "exit(); m = X"), "raised", "leave out exit() and quit()", 9),
    "asks": (changed("m = X", "input('m? '); m = X"), "raised", "leave out input()", 9),
    "returns None": (
        changed(RETURN, "pass"), "none", "grads returns None\n    fix: end the function with return loss, grads", None),
    "returns the gradients alone": (
        changed("return loss, ", "return "), "returned", "returns the gradients alone", None),
    "returns them first": (
        changed(RETURN, RETURN.replace("return loss, ", "return ") + ", loss"), "order", "the loss comes second", None),
    "returns a list of gradients": (
        changed(RETURN, "return loss, [dW1, db1, dW2, db2]"), "grads", "return loss, {'W1': dW1, 'b1': db1,", None),
    "returns lists": (
        changed(RETURN, RETURN.replace("dW1,", "dW1.tolist(),").replace("db2}", "db2.tolist()}")),
        "list",
        "W1, b2 are lists, expected arrays\n    fix: write np.array(W1)",
        None,
    ),
    "returns None for an array": (changed('"b1": db1', '"b1": None'), "none", "b1 is None, expected an array", None),
    "returns objects": (
        changed('"b1": db1', '"b1": db1.astype(object)'), "type", "b1 has entries of type object", None),
    "returns text": (changed('"b1": db1', '"b1": "db1"'), "type", "b1 is a str, expected an array of numbers", None),
    "returns complex numbers": (changed('"b1": db1', '"b1": db1 + 0j'), "type", "entries of type complex128", None),
    "leaves one out": (changed('"b1": db1, ', ""), "missing", "grads has no b1", None),
    "gives one too many": (changed('"b1": db1', '"b1": db1, "b0": db1'), "extra", "grads has b0", None),
    "calls them otherwise": (
        changed('"W1": dW1, "b1"', '"dW1": dW1, "db1"'), "names", "grads has dW1, db1 for W1, b1", None),
    "returns a transpose": (changed("dZ1 @ X.T", "X @ dZ1.T"), "shape", "W1 has shape (3, 4), expected (4, 3)", None),
    "loses keepdims": (
        changed("dZ1.sum(axis=1, keepdims=True)", "dZ1.sum(axis=1)"),
        "shape",
        "b1 has shape (4,), expected (4, 1): keepdims=True is missing",
        None,
    ),
    "loses an axis": (
        changed("dZ1.sum(axis=1, keepdims=True)", "dZ1.sum()"), "shape", "b1 is one number, expected (4, 1)", None),
    "gives nan": (
        changed("dZ2 = A2 - Y", "dZ2 = np.where(Y > 2, Y, np.nan)"),
        "nan",
        "W1[0, 0] is nan, the first of 12 there; also in b1, W2, b2",
        None,
    ),
    "gives a loss that is nan": (changed("loss = -np", "loss = np.nan * np"), "nan", "the loss is nan", None),
    "gives a loss for each example": (changed("-np.mean(", "-("), "loss", "the loss is of shape (1, 5)", None),
    "gives no loss": (changed("return loss,", "return None,"), "loss", "the loss is None, expected a number", None),
    "changes its arguments": (
        changed("dZ2 = A2 - Y", "W2 *= 1; X -= 0.5; dZ2 = A2 - Y; params['W3'] = Y"),
        "changed",
        "X, params['W3'] are changed by the call\n    fix: work on copies",
        None,
    ),
    "has no such function": (changed("def grads", "def gradients"), "no function", "it has sigmoid, gradients", None),
    "is no Python": (changed("m = X.shape[1]", "m = = 1"), "import", "line 9 raises SyntaxError: invalid syntax", 9),
    "raises when it is read": ("x = 1\ny = 1 / 0\n" + RIGHT, "import", "line 2 raises ZeroDivisionError", 2),
    "exits when it is read": (RIGHT + "\nquit()\n", "import", "leave out exit() and quit()", 19),
    "imports what is not there": ("import nothing_like_it\n" + RIGHT, "import", "install it, or do without", 1),
    "ends the process": (changed("m = X", "import os; os._exit(3); m = X"), "ended", "with exit code 3", None),
    "crashes": (
        changed("m = X", "import ctypes; ctypes.string_at(0); m = X"), "crashed", "crashed, signal 11 at line 9", 9),
    "wants all memory": (changed("m = X", "np.ones(10**12); m = X"), "raised", "line 9 raises", 9),
    "is empty": ("", "no function", "there is no function grads in the file", None),
    "has something else of that name": ("grads = 3", "no function", "there is no function grads", None),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_reported_as_itself(name: str, tmp_path: Path) -> None:
    text, kind, said, line = FAULTS[name]
    if name in ("crashes", "wants all memory") and sys.platform != "linux":
        pytest.skip("a signal and a limit of Linux")
    marks = marks_of(tmp_path, text)
    assert not marks
    (fault,) = (fault for fault in marks.faults if fault.kind == kind)
    assert said in str(fault)
    assert fault.line == line
    assert str(fault) in str(marks)
    assert str(marks).splitlines()[-1].startswith("NOT RIGHT")
    assert len(marks.faults) == 1


@pytest.mark.parametrize(
    "name", ["returns lists", "calls them otherwise", "loses keepdims", "gives a loss for each example"]
)
def test_where_the_numbers_are_right_it_says_so(name: str, tmp_path: Path) -> None:
    marks = marks_of(tmp_path, FAULTS[name][0])
    assert sum(mark.is_right for mark in marks.marks) >= 4


def test_a_loop_without_an_end_is_stopped_and_its_line_named(tmp_path: Path) -> None:
    text = changed("m = X.shape[1]", "m = 0\n    while m < 1:\n        m -= 1")
    (fault,) = marks_of(tmp_path, text, seconds=1.0).faults
    assert fault.kind == "time"
    assert fault.says.startswith("after 1 s it is still at line 1")
    assert fault.line in (10, 11)
    assert "look for a loop that does not end" in fault.fix


def test_a_loop_without_an_end_that_prints_is_stopped_as_well(tmp_path: Path) -> None:
    (fault,) = marks_of(tmp_path, "while True:\n    print('x' * 1000)\n", seconds=1.0).faults
    assert fault.kind == "time"


def test_what_it_prints_is_shown_in_short_and_no_fault(tmp_path: Path) -> None:
    marks = marks_of(tmp_path, changed("m = X", "print('hello ' * 10_000); m = X"))
    assert marks
    (remark,) = marks.remarks
    assert remark.startswith("it printed 240004 characters:\n      hello hello")
    assert len(remark) < 500


def test_what_goes_past_pythons_own_printing_does_no_harm(tmp_path: Path) -> None:
    marks = marks_of(tmp_path, changed("m = X", "import os; os.system('echo {}'); os.write(1, b'{}'); m = X"))
    assert marks


def test_processes_and_threads_that_it_leaves_behind_do_not_hold_things_up(tmp_path: Path) -> None:
    lingering = "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start(); m = X"
    assert marks_of(tmp_path, changed("m = X", lingering))


def test_a_mistake_that_stays_from_call_to_call_is_named(tmp_path: Path) -> None:
    text = "total = 0\n" + changed(
        "dW1, db1 = dZ1 @ X.T / m,", "global total\n    total = total + dZ1 @ X.T / m\n    dW1, db1 = total,"
    )
    marks = marks_of(tmp_path, text)
    assert [each.names for each in marks.explanations] == [("stale gradients added",)]
    assert marks.explanations[0].arrays == ("W1",)


def test_a_mistake_is_named_though_nothing_runs(tmp_path: Path) -> None:
    # Written for any number of layers, so that it can be tried on square networks, where it runs.
    marks = marks_of(tmp_path, source(Exercise((3, 4, 1), output="sigmoid"), back="W[l] @ dZ"))
    assert [each.names for each in marks.explanations] == [("W for W.T",)]
    assert marks.faults[0].kind == "raised"
    assert not marks.marks


def test_the_file_is_run_where_it_lies_with_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from pathlib import Path\nassert Path('numbers.txt').exists()\n", encoding="utf-8"
    )
    (tmp_path / "numbers.txt").touch()
    (tmp_path / "data.py").write_text("here = True\n", encoding="utf-8")  # a name that nn has a module of
    assert marks_of(tmp_path, "import mine\nfrom data import here\nassert __name__ != '__main__'\n" + RIGHT)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert check_homework("homework.py", NOTES)
    finally:
        os.chdir(here)


def test_the_marks_are_plain_data_too(tmp_path: Path) -> None:
    marks = marks_of(tmp_path, changed("dZ2 = A2 - Y", "dZ2 = np.log(A2 - A2) if m == 7 else Y - A2"))
    told = json.loads(json.dumps(marks.as_data(), allow_nan=False))
    assert told["right"] is False
    assert told["arrays"][0]["array"] == "W1"
    assert told["faults"][0]["kind"] == "nan"
    marks = marks_of(tmp_path, changed("dZ2 = A2 - Y", "dZ2 = Y - A2"))
    (found,) = json.loads(json.dumps(marks.as_data(), allow_nan=False))["diagnosis"]
    assert (found["mistakes"], found["arrays"]) == (["sign"], ["W1", "b1", "W2", "b2"])
    assert found["equations"][0]["lines"] == [1275, 1321, 1331]


def test_the_template_is_what_the_checker_calls(tmp_path: Path) -> None:
    (fault,) = marks_of(tmp_path, TEMPLATE).faults
    assert fault.says.startswith("line 11 raises NameError: name 'loss' is not defined")


def test_bad_exercises_are_refused_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "homework.py"
    file.write_text("1 / 0", encoding="utf-8")
    with pytest.raises(Unreadable, match=r"cannot read .*none\.py: No such file or directory"):
        check_homework(tmp_path / "none.py")
    with pytest.raises(Unreadable, match="give a Python file"):
        check_homework(tmp_path)
    with pytest.raises(BadSetting, match="time: given 0, expected a number above 0"):
        check_homework(file, NOTES, 0)
    with pytest.raises(BadSetting, match="examples: given 0"):
        Exercise(examples=0)
    with pytest.raises(WrongShape, match=r"MLP\(3, \(\)\): expected the number of inputs and a list of widths"):
        check_homework(file, Exercise((3,)))
    with pytest.raises(UnknownChoice, match="no loss 'mse'"):
        check_homework(file, Exercise(loss="mse"))
    with pytest.raises(UnknownChoice, match="output for binary_cross_entropy 'linear'"):
        check_homework(file, Exercise(output="linear"))
    with pytest.raises(UnknownChoice, match="no penalty 'l3'"):
        check_homework(file, Exercise(penalty="l3"))
    with pytest.raises(UnknownChoice, match="no activation 'sigmoids'"):
        check_homework(file, Exercise(activation="sigmoids"))


@pytest.mark.parametrize(
    "exercise",
    [
        Exercise(loss="cross_entropy"),
        Exercise((2, 3, 2, 2), "tanh", loss="squared_error", strength=0.1),
        Exercise((4, 1), loss="squared_error", output="linear", examples=1),
    ],
    ids=str,
)
def test_other_networks_and_losses_are_checked_as_well(exercise: Exercise, tmp_path: Path) -> None:
    sizes = exercise.sizes or (3, 4, 3)
    output = exercise.output or ("softmax" if exercise.loss == "cross_entropy" else "sigmoid")
    spelled = Exercise(sizes, exercise.activation, output, exercise.loss, strength=exercise.strength)
    file = tmp_path / "homework.py"
    file.write_text(source(spelled), encoding="utf-8")
    assert check_homework(file, exercise)
    file.write_text(source(spelled, error=f"-({output == 'softmax'} or 1) * (A[L] - Y)"), encoding="utf-8")
    assert not check_homework(file, exercise)

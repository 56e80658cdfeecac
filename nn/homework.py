"""Homework: a file with a function, called in a process of its own with a time limit, and marked.

Imports apart, calls, marking, problems, raising, seeds and settings. The process has the rights of whoever starts it:
it keeps a mistake from stopping the marking, not a stranger from doing harm.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from linecache import checkcache, getline
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from autograd import PathgradError

from . import apart
from .calls import received
from .losses import loss_of
from .marking import marked, series, square
from .marks import Marks
from .parts import sizes_of
from .problems import Problem, random_problem
from .raising import Fault, raising
from .seeds import Start
from .settings import NotNegative, Positive, Settings, Whole, checked

FUNCTION = "grads"
GRACE = 15  # seconds beyond the limit after which a process that does not end itself is ended
PATIENCE = 10.0  # seconds for all calls
A_DAY = 86_400.0  # seconds, for those who would wait for ever


class Unreadable(PathgradError, OSError):
    """A homework file that is not there, or that cannot be read."""


@dataclass(frozen=True)
class Exercise(Settings):
    """What is asked for: the gradients of which network and loss, on how many examples, drawn from which seed.

    Without an `output` it is the activation that goes with the loss, and without `sizes` the notes' 3-4-1 network, or
    3-4-3 for a softmax.
    """

    sizes: tuple[int, ...] = ()
    activation: str = "sigmoid"
    output: str | None = None
    loss: str = "binary_cross_entropy"
    penalty: str = "l2"
    strength: NotNegative = 0.0
    examples: Whole = 5
    seed: Start = 0

    def problem(self) -> Problem:
        """What is asked for, with numbers drawn from the seed; raises what MLP and Problem raise."""
        output = self.output or loss_of(self.loss).activation or "sigmoid"
        sizes = self.sizes or (3, 4, 3 if output == "softmax" else 1)
        return random_problem(
            sizes_of(sizes[0], sizes[1:]),
            self.examples,
            np.random.default_rng(self.seed),
            activation=self.activation,
            output=output,
            loss=self.loss,
            penalty=self.penalty,
            strength=self.strength,
        )


def check_homework(file: str | Path, exercise: Exercise | None = None, seconds: float = PATIENCE) -> Marks:
    """Mark a file: its `grads(params, X, Y)` returns the loss and the gradients of an exercise, a dict like params.

    params has arrays W1, b1, W2, b2, … of shapes (n_l, n_l-1) and (n_l, 1), X is (n₀, m), Y (n_L, m). The file runs in
    a process of its own, with your rights, for so many `seconds` at most. Whatever it does there becomes a fault.

    Raises Unreadable for a file that cannot be read, BadSetting for a limit that is not above 0.
    """
    exercise, seconds = exercise or Exercise(), min(checked("time", seconds, Positive), A_DAY)
    place = Path(file)
    try:
        place.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot read {place}: {error.strerror or error}; give a Python file") from None
    problem = exercise.problem()
    problems, probes = series(problem, exercise.seed + 1), square(problem)
    told, ended = _run(place.resolve(), problems, probes, seconds)
    calls = [received(said, problems[said["call"]], FUNCTION) for said in told if "call" in said]
    tried = [(probes[said["probe"]], received(said, probes[said["probe"]])) for said in told if "probe" in said]
    faults = [_before(said) for said in told if "import" in said or "missing" in said]
    if ended is not None and not faults and len(calls) < len(problems):
        faults = [ended]
    return marked(problems, calls, tried, faults, [_printed(said) for said in told if said.get("length")])


def _run(file: Path, problems: list[Problem], probes: list[Problem], seconds: float) -> tuple[list[Any], Fault | None]:
    """What the process told, line by line, and how it ended, if not by itself."""
    job = {
        "key": uuid4().hex,  # by which its lines are told from whatever the file itself may write there
        "file": str(file),
        "function": FUNCTION,
        "seconds": seconds,
        "calls": list(map(_call, problems)),
        "probes": list(map(_call, probes)),
    }
    process = subprocess.Popen(
        [sys.executable, "-P", apart.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=file.parent,
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONUTF8": "1"},  # no window waits to be closed
        start_new_session=True,
    )
    try:
        out, complaints = process.communicate(json.dumps(job).encode(), timeout=seconds + GRACE)
    except subprocess.TimeoutExpired as error:  # something holds on to it, so that it was not even asked where it is
        out, complaints = error.stdout or b"", b"Timeout"
    finally:
        _end(process)
    told = []
    for line in out.splitlines():
        with suppress(ValueError):  # it is no JSON
            said = json.loads(line)
            if isinstance(said, dict) and said.get("key") == job["key"]:
                told.append(said)
    if told and "length" in told[-1]:
        return told, None
    return told, _ending(process.returncode, complaints.decode(errors="replace"), file, seconds)


def _call(problem: Problem) -> dict[str, Any]:
    params = {name: array.tolist() for name, array in problem.params.items()}
    return {"params": params, "X": problem.X.tolist(), "Y": problem.Y.tolist()}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and whatever it has started, if it has not ended; once it has, its number may be somebody else's."""
    if process.returncode is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


def _ending(code: int, complaints: str, file: Path, seconds: float) -> Fault:
    """Why it ended without having told everything, and at which line of the file it was."""
    name = re.escape(file.name.encode("ascii", "backslashreplace").decode())
    found = re.search(rf'[/\\]{name}", line (\d+)', complaints)
    line = int(found[1]) if found else None
    checkcache(str(file))
    text = getline(str(file), line).strip() if line else ""
    where = f" at line {line}\n      {text}" if line else ""
    if complaints.startswith("Timeout"):
        fix = "look for a loop that does not end; --time gives it longer"
        return Fault("time", f"after {seconds:g} s it is still{where or ' running'}", fix, line)
    if code < 0:
        return Fault("crashed", f"it crashed, signal {-code}{where}", "", line)
    return Fault("ended", f"it ended the process, with exit code {code}{where}", "leave out what ends it", line)


def _before(said: dict[str, Any]) -> Fault:
    """What is wrong with a file whose function was never called."""
    if "import" in said:
        return raising(said["raised"], None, "the file")._replace(kind="import")
    there = [name for name in said["missing"] if not name.startswith("_")]
    others = f"; it has {', '.join(there)}" if there else ""
    return Fault("no function", f"there is no function {FUNCTION} in the file{others}", f"begin with\n\n{TEMPLATE}")


def _printed(said: dict[str, Any]) -> str:
    shown: str = said["printed"][:SHOWN].rstrip()
    more = " …" if said["length"] > SHOWN else ""
    return f"it printed {said['length']} characters:\n      " + shown.replace("\n", "\n      ") + more


SHOWN = 300  # characters of what it printed
TEMPLATE = '''\
import numpy as np


def grads(params, X, Y):
    """The loss of the examples in the columns of X, and its derivative by each parameter."""
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    m = X.shape[1]
    # forward:  Z1, A1, Z2, A2
    # loss:     the mean over the m examples
    # backward: dZ2, dW2, db2, dZ1, dW1, db1
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
'''

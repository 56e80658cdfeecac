"""Item F: what an import costs a fresh Python, as whole processes. Imports measure and report."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from importlib.util import find_spec

from measure import Phases, Times, alternate, wall
from report import Report, millis

QUICK = ("autograd", "micrograd", "numpy")
SLOW = ("torch",)  # takes part in every fifth round only
BARE, MINE = "pass", "import autograd"
SHOWN = {BARE: "bare interpreter", MINE: f"pathgrad, {MINE}"}  # as the picture names them


def run(report: Report, rounds: int) -> None:
    """`python -c "import X"` beside `python -c pass`, in an empty folder."""
    report.item("F", "Import in a fresh process, beyond what a bare interpreter takes")
    names = [name for name in (*QUICK, *SLOW) if find_spec(name)]
    with tempfile.TemporaryDirectory() as empty:
        runs = {program: partial(process, program, empty) for program in (BARE, *map("import {}".format, names))}
        for program in runs:
            runs[program]()  # the first start finds the files on disk and compiles them
        slow = {program: runs.pop(program) for program in map("import {}".format, SLOW) if program in runs}
        measured = alternate("F", rounds, runs, lambda _: True)
        measured |= alternate("F", max(1, rounds // 5), slow, lambda _: True)
        clean = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], cwd=empty).returncode == 0
    bare = measured.pop(BARE)
    rows = [["bare interpreter", millis(bare.median()), millis(bare.least()), ""]]
    for program, t in measured.items():
        rows.append([program, millis(t.median()), millis(t.least()), millis(t.median() - bare.median())])
    rows += [[f"import {name}", "not installed", "", ""] for name in (*QUICK, *SLOW) if name not in names]
    report.table(["F", "median", "minimum", "beyond bare"], rows)
    report.figures["F, seconds"] = {BARE: bare.sums(), **{program: t.sums() for program, t in measured.items()}}
    shown = {SHOWN.get(program, program): t.median() for program, t in [(BARE, bare), *measured.items()]}
    report.bars("F", "Starting Python with an import", shown, SHOWN[MINE])
    mine: Times = measured[MINE]
    report.at_most("F: import within 15 ms of a bare interpreter", 15, (mine.median() - bare.median()) * 1e3, "ms")
    report.judge("F: import without NumPy", "without" if clean else "with", clean)


WITHOUT_NUMPY = "import autograd, sys; sys.exit('numpy' in sys.modules)"


def process(program: str, folder: str) -> Phases:
    """The seconds on the wall that Python takes for the program, from start to end."""
    start = wall()
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True)
    return (wall() - start,)

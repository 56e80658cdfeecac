"""What CONTRIBUTING says about adding a primitive is true: one row, and every reading knows it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TRIED = """
from autograd import Value, check, expression_of, gradients, spelled_out
from viz.calculus import page

x = Value(3.0, "x")
y = x.square()
(slope,) = gradients(y, [x], create_graph=True)
assert (y.data, y.op.glyph, gradients(y, [x]), gradients(slope, [x])) == (9.0, "²", [6.0], [2.0])
assert check(expression_of("square(x) + 1", {"x": x})).digits > 9
print(page(["square"]))
"""


def test_the_worked_example_works(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (row,) = re.findall(r'^row\("square".*$', text, re.MULTILINE)
    for package in ("autograd", "nn", "viz"):
        shutil.copytree(ROOT / package, tmp_path / package)
    table = tmp_path / "autograd" / "ops.py"
    before, after = table.read_text(encoding="utf-8").split("    for op in (\n")
    table.write_text(f"{before}    for op in (\n        {row},\n{after}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", TRIED], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    printed = re.search(r"\$ pathgrad ops square\n(.*?)\n\$", text, re.DOTALL)
    assert printed is not None
    assert done.stdout.strip().endswith(printed[1])

"""What an installed copy does: beside a distribution that has the same import name, and with Python alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def imported_from(folder: Path) -> str:
    """What `import autograd` prints when the package lies in that folder."""
    shutil.copytree(ROOT / "autograd", folder / "autograd")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import autograd; print(autograd.Value(1.0) + 1)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Value(2.0)\n"
    return done.stderr


def test_a_namesake_installed_beside_us_is_named(tmp_path: Path) -> None:
    (tmp_path / "autograd-1.8.0.dist-info").mkdir()
    told = imported_from(tmp_path)
    assert "UserWarning: the distribution 'autograd' (HIPS/autograd) is installed beside pathgrad" in told
    assert "pip uninstall autograd" in told


def test_the_engine_needs_nothing_but_python_and_says_nothing(tmp_path: Path) -> None:
    assert imported_from(tmp_path) == ""

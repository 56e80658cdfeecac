"""What the tests of commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from viz import cli


class Ran:
    """What a command did: what it printed, and its exit code."""

    def __init__(self, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        monkeypatch.setattr(sys, "argv", ["pathgrad", *arguments])
        capsys.readouterr()
        try:
            cli.main()
            self.code: Any = 0
        except SystemExit as stopped:
            self.code = stopped.code or 0
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """`run("draw", "x*y", "x=1", "y=2")`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: Ran(arguments, monkeypatch, capsys)

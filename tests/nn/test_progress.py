"""The bar of a training: there for who waits at a terminal, and for nobody else."""

from __future__ import annotations

import re
import sys
from io import StringIO
from threading import Thread
from typing import Any

import pytest

import nn.progress
from nn import MLP, History, data, train

MOONS = data.moons(20, seed=1)


class Terminal(StringIO):
    """A stream where somebody sits."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def seated(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal, and no time to lose."""
    for name in ("UNASKED", "PAUSE"):
        monkeypatch.setattr(nn.progress, name, 0)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def trained(**options: Any) -> History:
    return train(MLP(2, [3, 1], seed=1), MOONS, loss="binary_cross_entropy", batch=5, epochs=6, rate=0.25, **options)


def test_a_terminal_shows_epoch_cost_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = seated(monkeypatch)
    history = trained()
    said = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", terminal.getvalue())
    assert "epoch 1 of 6" in said
    assert f"cost {history.costs[0]:.4g}, rate 0.25" in said
    assert re.search(r"-:--:--|0:00:0\d", said), "the time left"
    assert f"cost {history.last.cost:.4g}" in said.splitlines()[-1], "its last state stays to be read"


def test_the_terminal_is_left_as_it_was_after_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = seated(monkeypatch)

    def impatient(history: History) -> None:
        raise KeyboardInterrupt

    assert trained(told=impatient).stopped == "interrupted in epoch 2"
    assert terminal.getvalue().count("\x1b[?25l") == terminal.getvalue().count("\x1b[?25h") == 1, "the cursor is back"


def test_nobody_else_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = seated(monkeypatch)
    trained(quiet=True)
    thread = Thread(target=trained)  # as in a search, whose trials would draw over each other
    thread.start()
    thread.join()
    assert terminal.getvalue() == ""
    pipe = StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    trained()
    assert pipe.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", None)  # as under pythonw
    assert trained().last.number == 6

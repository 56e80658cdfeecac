"""Keys as they are pressed in a terminal, one string each, with no Enter after them. Imports nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def pressed() -> Iterator[Iterator[str]]:
    """Give the keys while the block lasts; an arrow comes as the characters that the terminal sends for it.

    The terminal is as it was afterwards. Nothing pressed between two keys is lost or echoed.
    """
    if sys.platform == "win32":
        yield _on_windows()
        return
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield _on_posix(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _on_posix(terminal: int) -> Iterator[str]:
    while read := os.read(terminal, 64).decode("utf-8", "replace"):
        yield from [read] if read.startswith("\x1b") else read


def _on_windows() -> Iterator[str]:
    msvcrt = import_module("msvcrt")
    while True:
        key = msvcrt.getwch()
        yield f"\xe0{msvcrt.getwch()}" if key in "\x00\xe0" else key

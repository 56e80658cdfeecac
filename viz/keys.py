"""Keys as they are pressed in a terminal, one string each, with no Enter after them. Imports nothing."""

from __future__ import annotations

import os
import re
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


# An arrow, Home and the like are an escape and what follows it; keys pressed fast come several at once.
KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|.", re.DOTALL)


def _on_posix(terminal: int) -> Iterator[str]:
    while read := os.read(terminal, 1024).decode("utf-8", "replace"):
        yield from KEY.findall(read)


def _on_windows() -> Iterator[str]:
    msvcrt = import_module("msvcrt")
    while True:
        key = msvcrt.getwch()
        yield f"\xe0{msvcrt.getwch()}" if key in "\x00\xe0" else key

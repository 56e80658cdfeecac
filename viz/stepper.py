"""The steps of a sweep on a terminal: one screen a step, keys to go back and forth. Imports autograd and typeset."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from autograd import Steps, aligned, derivative_name

from .typeset import number

FORWARD = frozenset({" ", "\r", "\n", "n", "l", "j", "\x1b[C", "\x1b[B", "\x1bOC", "\x1bOB", "\xe0M", "\xe0P"})
BACK = frozenset({"b", "p", "h", "k", "\x7f", "\x08", "\x1b[D", "\x1b[A", "\x1bOD", "\x1bOA", "\xe0K", "\xe0H"})
FIRST = frozenset({"\x1b[H", "\x1bOH", "\x1b[1~", "\xe0G", "^", "<"})
LAST = frozenset({"\x1b[F", "\x1bOF", "\x1b[4~", "\xe0O", "$", ">"})
PAGE_ON, PAGE_BACK = frozenset({"\x1b[6~", "\xe0Q"}), frozenset({"\x1b[5~", "\xe0I"})
LEAVE = frozenset({"q", "Q", "\x1b", "\x03", "\x04", ""})
HELP = "→ next   ← back   Home first   End last   12 Enter to step 12   q leave"
DIGITS = frozenset("0123456789")
PAGE = 10


class Stepper:
    """Where a reader stands in the steps, and what the screen shows there."""

    def __init__(self, told: Steps[Any], at: int = 0) -> None:
        self.told, self.at, self.typed = told, at, ""
        self.y = told.names[told.y]
        self._order = [node for node in reversed(told.graph.nodes) if told.needs(node)]

    def press(self, key: str) -> bool:
        """Do what the key says; False to leave."""
        typed, self.typed = self.typed, ""
        if key in LEAVE:
            return False
        if key in DIGITS:
            self.typed = (typed + key)[-9:]
            return True
        if typed and key in {"g", "G", "\r", "\n"}:
            self.at = int(typed)
        elif key in FIRST | LAST:
            self.at = 0 if key in FIRST else len(self.told)
        else:
            self.at += (key in FORWARD) - (key in BACK) + PAGE * ((key in PAGE_ON) - (key in PAGE_BACK))
        self.at = max(0, min(self.at, len(self.told)))
        return True

    def screen(self, width: int = 80, height: int = 24) -> Iterator[tuple[str, str]]:
        """The lines to show, each with its style: "head", "said", "from", "to", "plain" or "quiet".

        No more of them than the height, and none wider than the width; what a window has no room for is left out.
        """
        told, at = self.told, self.at
        above = [(f"The reverse sweep from {self.y}: step {at} of {len(told)}", "head")]
        above += [(line, "said") for line in wrap(told.sentence(at), width)] + [("", "plain")]
        below = [("", "plain"), (f"go to step {self.typed} … Enter" if self.typed else HELP, "quiet")]
        room = height - len(above) - len(below)
        lines = [*above, *(self._table(room - 2) if room > 2 else ()), *below]
        for line, style in lines[:height]:
            yield line[:width], style

    def _table(self, room: int) -> Iterator[tuple[str, str]]:
        """The memo table, cut around the nodes of this step where it is longer than the room there is."""
        told, memo = self.told, self.told.memo(self.at)
        step = told[self.at - 1] if self.at else None
        complete = {told.y} | {done.parent for done in told[: self.at] if done.final}
        middle = self._order.index(step.parent) if step else 0
        begin = max(0, min(middle - room // 2, len(self._order) - room))
        rows = []
        for node in self._order[begin : begin + room]:
            style = "from" if step and node is step.node else "to" if step and node is step.parent else "plain"
            held = number(memo[node]) if node in memo else "–"
            state = "" if node not in memo else "complete" if node in complete else "so far"
            rows.append((style, told.names[node], number(node.data), held, state))
        heads = ("plain", "node", "value", derivative_name(self.y, "node"), "")
        mark = {"from": "▸", "to": "◂"}
        lines = aligned([cells for _, *cells in (heads, *rows)], "lrrl")
        for place, ((style, *_), line) in enumerate(zip((heads, *rows), lines, strict=True)):
            yield f"{mark.get(style, ' ')} {line}".rstrip(), "quiet" if place == 0 else style
        if len(self._order) > room:
            yield f"  … {len(self._order) - room} more nodes", "quiet"

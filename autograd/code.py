"""Calls as the lines of a Python function whose arrays are there already. Imports calls and memory; NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .calls import Call, pieces
from .memory import Memory, Numbers


class Code:
    """A function of no arguments, line by line; what it speaks of, arrays and functions, it has names for."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.things: dict[str, Any] = {}
        self.names: dict[int, str] = {}

    def name(self, thing: Any, usual: str = "") -> str:
        """The name of a thing; the thing is kept, so that no other one is taken for it."""
        if id(thing) not in self.names:
            name = self.names[id(thing)] = usual or f"_{len(self.things)}"
            self.things[name] = thing
        return self.names[id(thing)]

    def lines(self, call: Call) -> Iterator[str]:
        """What computes a call."""
        arrays = self.memory.arrays
        out, args = arrays[call], [arrays[arg] for arg in call.args]
        match call.word:
            case "dot":
                yield self._dot(args[0], args[1], out)
            case "mask":
                yield self._call(np.greater, *args, np.array(0, out.dtype), out)
            case "largest" | "smallest":
                best = np.maximum if call.word == "largest" else np.minimum
                yield f"{self.name(best.reduce)}({self.name(args[0])}, 0, None, {self.name(out)}, True)"
            case "where":
                test, yes, no = args
                yield from self._copied(no, out)
                yield f"{self.name(np.copyto)}({self.name(out)}, {self.name(yes)}, 'same_kind', {self.name(test)})"
            case "filled":
                yield from self._copied(args[0], out)
            case "take":
                chosen = self.name(np.array(call.detail))
                yield f"{self.name(args[0].take)}({chosen}, 0, {self.name(out)}, 'clip')"
            case "stack" | "augmented":
                start = 0
                for piece, array in zip(call.args, args, strict=True):
                    yield from self._copied(array, out[start : start + piece.shape[0]])
                    start += piece.shape[0]
            case "scatter":
                yield from self._scattered(call, args, out)
            case word:
                yield self._call(getattr(np, word), *args, out)

    def _call(self, function: Any, *arrays: Numbers) -> str:
        return f"{self.name(function, function.__name__)}({', '.join(map(self.name, arrays))})"

    def _dot(self, x: Numbers, y: Numbers, out: Numbers) -> str:
        """The method is quicker, the function can write into any array."""
        if out.flags.c_contiguous:
            return f"{self.name(x.dot)}({self.name(y)}, {self.name(out)})"
        return self._call(np.matmul, x, y, out)

    def _copied(self, array: Numbers, out: Numbers) -> Iterator[str]:
        """A copy, unless it stands there already."""
        if array.__array_interface__ != out.__array_interface__:
            yield self._call(np.copyto, out, array)

    def _scattered(self, call: Call, args: Sequence[Numbers], out: Numbers) -> Iterator[str]:
        """Into rows of zeros, which stay zeros where nothing is ever put; what shares a row is added up."""
        alone = any(pieces(call))
        if not alone:
            yield f"{self.name(out.fill)}(0)"
        for rows, piece in zip(call.detail, args, strict=True):
            if isinstance(rows, range):
                view = out[rows.start : rows.stop]
                yield from self._copied(piece, view) if alone else [self._call(np.add, view, piece, view)]
            elif alone:
                yield f"{self.name(out)}[{self.name(np.array(rows))}] = {self.name(piece)}"
            else:
                yield f"{self.name(np.add.at)}({self.name(out)}, {self.name(np.array(rows))}, {self.name(piece)})"

    def function(self, lines: Iterable[str], result: str = "None") -> Callable[[], Any]:
        """The function of these lines; what is not finite is seen in its result."""
        body = [*lines] or ["pass"]
        quiet = self.name(np.errstate)
        source = [
            f"def made({', '.join(self.things)}):",
            "    def run():",
            f"        with {quiet}(all='ignore'):",
            *(f"            {line}" for line in body),
            f"        return {result}",
            "    return run",
        ]
        namespace: dict[str, Any] = {}
        exec(compile("\n".join(source), "<a bound program of pathgrad>", "exec"), namespace)
        function: Callable[[], Any] = namespace["made"](**self.things)
        return function

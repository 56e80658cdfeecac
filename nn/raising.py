"""Faults, and what an error of a person's function says, with what its shapes and sizes are. Imports problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .problems import Problem


class Fault(NamedTuple):
    """Something wrong: of which `kind`, what it `says`, the smallest `fix`, the line of the file, and the array."""

    kind: str
    says: str
    fix: str = ""
    line: int | None = None
    array: str = ""

    def __str__(self) -> str:
        return f"{self.says}\n    fix: {self.fix}" if self.fix else self.says


FIXES = {
    "SystemExit": "leave out exit() and quit(): the function is to return",
    "EOFError": "leave out input(): nobody is there to answer, and X and Y are given",
    "MemoryError": "it asked for more than 4 GB; the arrays here have a few rows and columns",
    "ModuleNotFoundError": "install it, or do without",
}


def raising(said: Mapping[str, Any], problem: Problem | None, name: str) -> Fault:
    """What was raised, and in which line, and what has the shapes or sizes that NumPy names."""
    where = f"line {said['line']}" if said["line"] else name
    says = f"{where} raises {said['kind']}: {said['says']}".removesuffix(": ").removesuffix(": None")
    if said["text"]:
        says += f"\n      {said['text']}"
    fix = FIXES.get(said["kind"], "")
    if said["kind"] == "TypeError" and not said["line"]:
        fix = f"it is called as {name}(params, X, Y)"
    elif said["kind"] == "KeyError" and problem is not None:
        fix = f"params has {', '.join(problem.params)}"
    elif problem is not None:
        fix = fix or _sizes_in(said["says"], problem)
    return Fault("raised", says, fix, said["line"])


def _sizes_in(message: str, problem: Problem) -> str:
    """What in the problem has the shapes that a message of NumPy names, or the sizes."""
    known = _known(problem)
    found = [tuple(map(int, re.findall(r"\d+", text))) for text in re.findall(r"\((?:\d+,? ?)+\)", message)]
    said = [f"{_written(shape)} is the shape of {', '.join(known[shape])}"
            for shape in dict.fromkeys(found) if shape in known]  # fmt: skip
    if not said and (unequal := re.search(r"size (\d+) is different from (\d+)", message)):
        sizes = {n: f"n{l}" for l, n in reversed([*enumerate(problem.net.sizes)])} | {problem.m: "m"}
        rows, columns = (f"{n} = {sizes[n]}" if n in sizes else str(n) for n in map(int, unequal.groups()))
        return f"left of @ there must be as many columns as rows on its right, and there are {columns} and {rows}"
    return "look at the shapes: " + "; ".join(said) if said else ""


def _known(problem: Problem) -> dict[tuple[int, ...], list[str]]:
    """The shapes of a pass, and what has them; those of a bias that is no column come last."""
    known: dict[tuple[int, ...], list[str]] = {}
    for name, array in {"X": problem.X, "Y": problem.Y, **problem.params}.items():
        known.setdefault(array.shape, []).append(name)
    for l, width in enumerate(problem.net.sizes[1:], 1):
        known.setdefault((width, problem.m), []).extend([f"Z{l}", f"A{l}"])
    for shape, names in list(known.items()):
        known.setdefault(shape[::-1], [f"{name}.T" for name in names])
    for l, width in enumerate(problem.net.sizes[1:], 1):
        known.setdefault((width,), [f"b{l} without its second axis"])
        known.setdefault((1, width), [f"b{l} as a row"])
    return known


def _written(shape: tuple[int, ...]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else f"({','.join(map(str, shape))})"

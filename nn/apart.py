"""A person's function, called and watched, in this process or, run as a script, in one of its own. Imports NumPy alone.

As a script it stands alone, so that what the person's file imports is what they would get. What came of a call is
plain data, to be sent as JSON: nothing that a person's code makes is ever unpickled.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import TextIOBase
from linecache import getline
from pathlib import Path
from types import FunctionType
from typing import Any, TypeAlias

import numpy as np

Said: TypeAlias = dict[str, Any]  # what came of a call, as JSON has it

KEPT = 1_000  # characters of what is printed
LONGEST = 300  # characters of what an error says
ENTRIES = 2_000_000  # of an array, beyond which its numbers are not told
MEMORY = 4 << 30  # bytes that a process of its own may take, where that can be limited


def called(function: Callable[..., Any], params: Mapping[str, Any], X: Any, Y: Any, file: str) -> Said:
    """What `function(params, X, Y)` returns, given copies, or raises in which line, and what of them it changes."""
    given = {name: np.array(array, float) for name, array in params.items()}
    examples = {"X": np.array(X, float), "Y": np.array(Y, float)}
    try:
        made = function(given, examples["X"], examples["Y"])
        said = returned(made)
    except (Exception, SystemExit) as error:
        said = raised(error, file)
    before = {**{f"params[{name!r}]": (array, given.get(name)) for name, array in params.items()},
              **{name: (array, examples[name]) for name, array in (("X", X), ("Y", Y))}}  # fmt: skip
    changed = [name for name, (was, now) in before.items() if not _same(was, now)]
    return {**said, "changed": changed + [f"params[{name!r}]" for name in given if name not in params]}


def _same(was: Any, now: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(was, float), np.asarray(now, float), equal_nan=True))
    except Exception:  # it is no array any more
        return False


def returned(made: Any) -> Said:
    """A result as data: the loss and each gradient, or what it is instead."""
    if not (isinstance(made, (tuple, list)) and len(made) == 2):
        return {"returned": described(made)}
    loss, grads = made
    if not isinstance(grads, Mapping):
        return {"loss": described(loss), "grads_are": described(grads)}
    return {"loss": described(loss), "grads": {str(name): described(array) for name, array in grads.items()}}


def described(thing: Any) -> Said:
    """What a thing is; of numbers, lists and arrays also the numbers."""
    kind = type(thing).__name__
    said: Said = {"kind": kind, "shown": _shown(thing)}
    if isinstance(thing, (str, bytes, Mapping)) or thing is None:
        return said
    if isinstance(thing, (bool, int, float, np.number)) and not isinstance(thing, complex):
        kind = "number"
    elif hasattr(thing, "__array__"):
        kind = "array"  # NumPy's, or one of another library
    elif isinstance(thing, (list, tuple)):
        kind = "list"
    with suppress(Exception):  # ragged lists, numbers too large
        array = np.asarray(thing.detach() if hasattr(thing, "detach") else thing)  # PyTorch's has its graph still
        said |= {"kind": kind, "dtype": str(array.dtype), "shape": list(array.shape)}
        if array.dtype.kind in "fiub" and array.size <= ENTRIES:
            said["numbers"] = array.astype(float).ravel().tolist()
    return said


def _shown(thing: Any) -> str:
    with suppress(Exception):
        return " ".join(repr(thing).split())[:60]
    return "?"


def raised(error: BaseException, file: str) -> Said:
    """An error as data: what it says, and the deepest line of the person's file on the way to it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = frames[-1].lineno if frames else None
    if isinstance(error, SyntaxError) and error.filename == file:
        line = error.lineno
    says = ""
    with suppress(Exception):
        says = str(error.msg if isinstance(error, SyntaxError) else error)
    text = getline(file, line).strip() if line else ""
    return {"raised": {"kind": type(error).__name__, "says": says[:LONGEST], "line": line, "text": text}}


class Printed(TextIOBase):
    """Keeps the beginning of what is printed, and counts the rest."""

    def __init__(self) -> None:
        self.text, self.length = "", 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep it while there is room."""
        self.text += text[: max(0, KEPT - self.length)]
        self.length += len(text)
        return len(text)


def main() -> None:
    """Read a job from standard input, and write a line of JSON for each thing that came of it to standard output."""
    job = json.load(sys.stdin)
    told, complaints = (os.fdopen(os.dup(stream), "w", encoding="utf-8") for stream in (1, 2))
    for stream in (1, 2):  # what prints past sys.stdout, and processes that are started, have nothing of ours to hold
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    printed = sys.stdout = sys.stderr = Printed()

    def tell(said: Said) -> None:
        told.write(json.dumps({"key": job["key"], **said}) + "\n")
        told.flush()

    faulthandler.enable(complaints)
    faulthandler.dump_traceback_later(job["seconds"], exit=True, file=complaints)
    _limit_memory()
    function = _loaded(job["file"], job["function"], tell)
    if function is not None:
        failed = False
        for number, call in enumerate(job["calls"]):
            said = called(function, call["params"], call["X"], call["Y"], job["file"])
            failed = failed or "raised" in said
            tell({"call": number, **said})
        for number, call in enumerate(job["probes"] if failed else []):
            tell({"probe": number, **called(function, call["params"], call["X"], call["Y"], job["file"])})
    tell({"printed": printed.text, "length": printed.length})
    os._exit(0)  # whatever threads the person's code has left running


def _loaded(file: str, name: str, tell: Callable[[Said], None]) -> Callable[..., Any] | None:
    """The function of that name in the file; None, having told why, if there is none."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(file).parent))
    try:
        spec = importlib.util.spec_from_file_location(Path(file).stem, file)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        tell({"import": True, **raised(error, file)})
        return None
    function = getattr(module, name, None)
    if not callable(function):
        there = [key for key, thing in vars(module).items() if isinstance(thing, FunctionType)]
        tell({"missing": there})
        return None
    return function  # type: ignore[no-any-return]


def _limit_memory() -> None:
    with suppress(Exception):  # where there is no such module, or a lower limit already
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()

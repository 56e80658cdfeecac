"""The engines to compare and how each is spoken to. Imports autograd; the peers only when they are asked for.

A peer that is not installed is None here, and its rows say so.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograd import Value

NAMES = ("micrograd", "micrograd-viz", "micrograd-rust", "oxigrad", "torch")
APART = Path(sys.prefix) / "micrograd-viz"  # it brings a package named micrograd, so it is installed in a folder


@dataclass(frozen=True)
class Engine:
    """Scalars that + and × join: how one is made, and the function that bends."""

    name: str
    scalar: Callable[[float], Any]
    bend: Callable[[Any], Any]
    plain_bend: Callable[[float], float]  # the same function of a plain number
    python: bool = True  # it allocates in Python, so that its bytes can be counted

    @property
    def collector(self) -> tuple[bool, ...]:
        """How to run it: with the collector on and off where it makes Python objects, otherwise on."""
        return (True, False) if self.python else (True,)

    @property
    def label(self) -> str:
        """The name, with what is peculiar to it."""
        return self.name if self.plain_bend is relu else f"{self.name} (tanh for relu)"


def relu(x: float) -> float:
    """The larger of x and 0."""
    return x if x > 0 else 0.0


PATHGRAD = Engine("pathgrad", Value, Value.relu, relu)
PATHGRAD_TANH = Engine("pathgrad", Value, Value.tanh, math.tanh)


def reference(engine: Engine) -> Engine:
    """This project's engine, bending as that one does: an engine without relu has to be asked for another function."""
    return PATHGRAD if engine.plain_bend is relu else PATHGRAD_TANH


@cache
def engine(name: str) -> Engine | None:
    """The engine of that name, None if it is not installed."""
    if name.startswith("pathgrad"):
        return PATHGRAD
    if (found := micrograd(name)) is not None:
        return Engine(name, found[0].Value, found[0].Value.relu, relu)
    if (module := optional(name.replace("-", "_"))) is None:
        return None
    if name == "torch":
        return Engine(
            name, lambda x: module.tensor(x, dtype=module.float64, requires_grad=True), module.relu, relu, False
        )
    if name == "oxigrad":
        return Engine(name, module.Value, module.Activation.ReLU, relu, False)
    return Engine(name, module.Value, module.Value.tanh, math.tanh, False)  # micrograd-rust knows no relu


def present(name: str) -> Engine:
    """The engine of that name, which has been found before."""
    found = engine(name)
    assert found is not None, f"{name} was asked for and is not installed"
    return found


@cache
def micrograd(name: str) -> tuple[Any, Any] | None:
    """The modules engine and nn of micrograd or of micrograd-viz; None if it is not installed, or is another engine."""
    if name == "micrograd":
        engine, nn = optional("micrograd.engine"), optional("micrograd.nn")
        return engine and (engine, nn)
    if name != "micrograd-viz" or not (APART / "micrograd").is_dir():
        return None
    others = _forget_micrograd()
    sys.path.insert(0, str(APART))
    try:
        return importlib.import_module("micrograd.engine"), importlib.import_module("micrograd.nn")
    finally:
        sys.path.remove(str(APART))
        _forget_micrograd()
        sys.modules.update(others)


def _forget_micrograd() -> dict[str, Any]:
    names = [name for name in sys.modules if name.partition(".")[0] == "micrograd"]
    return {name: sys.modules.pop(name) for name in names}


def optional(module: str) -> Any:
    """The module, None if it is not installed or does not load here."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError):
        return None


def installed() -> dict[str, Engine | None]:
    """Every peer by its name; torch is told to use one thread, since everything here runs on one core."""
    if (torch := optional("torch")) is not None:
        torch.set_num_threads(1)
    return {name: engine(name) for name in NAMES}

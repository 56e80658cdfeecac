"""Pictures of graphs and of the paths in them: `draw` decides, `Drawing` renders; `beside` is a page of a program.

`viz.plots` and `viz.figures` are loaded when they are asked for.
"""

from importlib import import_module
from types import ModuleType

from autograd import NotInstalled

from .beside import Page, beside
from .derivation import Derivation, derivation
from .draw import draw
from .drawing import Drawing
from .files import Unwritable
from .network import network
from .render.layout import PlainLayout
from .render.paper import TinyText

__all__ = [
    "Derivation",
    "Drawing",
    "NotInstalled",
    "Page",
    "PlainLayout",
    "TinyText",
    "Unwritable",
    "beside",
    "derivation",
    "draw",
    "network",
]


def __getattr__(name: str) -> ModuleType:
    if name in ("figures", "plots"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

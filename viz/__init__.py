"""Pictures of graphs and of the paths in them: `draw` decides, `Drawing` renders."""

from .derivation import Derivation, derivation
from .draw import draw
from .drawing import Drawing
from .files import Unwritable
from .network import network

__all__ = ["Derivation", "Drawing", "Unwritable", "derivation", "draw", "network"]

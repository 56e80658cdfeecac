"""Pictures of graphs and of the paths in them: `draw` decides, `Drawing` renders."""

from .derivation import Derivation, derivation
from .draw import draw
from .drawing import Drawing
from .files import Unwritable

__all__ = ["Derivation", "Drawing", "Unwritable", "derivation", "draw"]

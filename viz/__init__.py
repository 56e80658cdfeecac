"""Pictures of graphs and of the paths in them: `draw` decides, `Drawing` renders."""

from .draw import draw
from .drawing import Drawing
from .files import Unwritable

__all__ = ["Drawing", "Unwritable", "draw"]

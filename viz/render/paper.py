"""How large a picture is printed: as it is, on a slide, on a page, in a notebook. Imports geometry and autograd."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from autograd import require_choice

from .geometry import Rectangle

LEGIBLE = 9.0  # points; smaller text is hard to read in print


class TinyText(UserWarning):
    """The picture has to be shrunk so much for its paper that text on it gets too small to read."""


@dataclass(frozen=True)
class Size:
    """Room in points of 1/72 inch, and how much a small picture may grow to fill it; `fixed` paper keeps its shape."""

    width: float
    height: float
    growth: float = 1.0
    fixed: bool = False


SIZES = {
    "natural": Size(inf, inf),
    "slide": Size(960, 540, growth=2.0, fixed=True),  # 16:9, as slide programs measure it
    "page": Size(468, 648),  # the text of a letter or A4 page with usual margins
    "notebook": Size(720, inf),
}


@dataclass(frozen=True)
class Paper:
    """The part of the plane that is seen, and the width and height that it is shown at, with their units.

    `text` is the size in points that the smallest text has there.
    """

    view: Rectangle
    width: str
    height: str
    scale: float
    text: float

    def why_tiny(self, size: str) -> str:
        """What is wrong with the text on a paper of this size; nothing if all of it can be read."""
        if size == "natural" or self.text >= LEGIBLE - 0.05:
            return ""
        return (
            f"draw: on the size {size!r} the smallest text is {self.text:.1f} points high, and {LEGIBLE:g} can be "
            "read; draw less, with around=, between=, only='paths', collapse=True or a coarser level="
        )


def require_size(size: str) -> None:
    """Raise UnknownChoice for a size that there is not."""
    require_choice("size", size, SIZES)


def placed(area: Rectangle, size: str, smallest: float) -> Paper:
    """An area of a picture, with its `smallest` text, on its paper, as large as fits.

    The natural size is one pixel a point, as screens show it; the other sizes are in true points.
    """
    room = SIZES[size]
    if size == "natural":
        return Paper(area, f"{area.width:.1f}", f"{area.height:.1f}", 1.0, smallest)
    scale = min(room.width / area.width, room.height / area.height, room.growth)
    view = area
    if room.fixed:
        width, height = room.width / scale, room.height / scale
        (x, y) = area.centre
        view = Rectangle(x - width / 2, y - height / 2, width, height)
    return Paper(view, f"{view.width * scale:.1f}pt", f"{view.height * scale:.1f}pt", scale, smallest * scale)

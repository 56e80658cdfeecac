"""Plate: a matplotlib figure that shows itself in a notebook and leaves pyplot alone. Imports nothing; matplotlib."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure


class Plate(Figure):
    """A figure that belongs to whoever holds it: no window, no list of open figures, and no back end is chosen.

    A plain Figure that pyplot has not made is only a line of text in a notebook; this one is its picture, once.
    """

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()

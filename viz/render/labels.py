"""Free places for the labels of arrows. Imports geometry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import hypot

from .geometry import Rectangle, Route, point_at

# Where along its arrow a label may stand, best first, and on which side: above it, then below.
PLACES, SIDES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8), (-1, 1)


class Ground:
    """What already lies where, on squares of a few points, so that labels find a free place in constant time.

    Unless it is `careful` it remembers nothing, and every label stands at the middle of its arrow.
    """

    CELL, LINE, SOLID = 4.0, 1, 8  # points; how bad it is to cover a line, or a box or another label

    def __init__(self, careful: bool = True) -> None:
        self.careful = careful
        self.weight: dict[tuple[int, int], int] = {}

    def cover(self, area: Rectangle) -> None:
        """A box or a label lies here."""
        for cell in self._cells(area) if self.careful else ():
            self.weight[cell] = self.SOLID

    def cross(self, route: Route) -> None:
        """A line runs along here."""
        if not self.careful:
            return
        (ax, ay), (bx, by) = route[0], route[-1]
        pieces = 2 + int(1.3 * hypot(bx - ax, by - ay) / self.CELL)
        for k in range(pieces):
            x, y = point_at(route, k / pieces)[0]
            self.weight.setdefault((int(x // self.CELL), int(y // self.CELL)), self.LINE)

    def free_place(self, route: Route, width: float, height: float, gap: float | None) -> Rectangle:
        """A rectangle for a label `gap` beside the route, or without a gap upon it: where it covers the least.

        Of equally free places the one nearest the middle of the route.
        """
        spots = []
        for place in PLACES if self.careful else PLACES[:1]:
            (x, y), (ux, uy) = point_at(route, place)
            for side in (0,) if gap is None else SIDES:
                # Far enough along the normal that the whole rectangle clears the line.
                reach = side * ((gap or 0) + (abs(uy) * width + abs(ux) * height) / 2)
                cx, cy = x - reach * uy, y + reach * ux
                spots.append(Rectangle(cx - width / 2, cy - height / 2, width, height))
        return (
            spots[0]
            if len(spots) == 1
            else min(spots, key=lambda spot: sum(self.weight.get(cell, 0) for cell in self._cells(spot)))
        )

    def _cells(self, area: Rectangle) -> Iterator[tuple[int, int]]:
        left, right = int(area.x // self.CELL), int((area.x + area.width) // self.CELL)
        top, bottom = int(area.y // self.CELL), int((area.y + area.height) // self.CELL)
        return product(range(left, right + 1), range(top, bottom + 1))

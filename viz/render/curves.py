"""Cubic Bézier routes: points on them, routes beside them, and free places for their labels. Imports layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import hypot

from .layout import Point, Rectangle

SIDES, PLACES = (-1, 1), (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8)


def point_at(route: Sequence[Point], place: float) -> tuple[Point, Point]:
    """The point at `place` (0 is the tail, 1 the head) and the unit direction of travel there."""
    pieces = (len(route) - 1) // 3
    piece = min(int(place * pieces), pieces - 1)
    t = place * pieces - piece
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = route[3 * piece : 3 * piece + 4]
    u = 1 - t
    x = u**3 * ax + 3 * u * u * t * bx + 3 * u * t * t * cx + t**3 * dx
    y = u**3 * ay + 3 * u * u * t * by + 3 * u * t * t * cy + t**3 * dy
    vx = u * u * (bx - ax) + 2 * u * t * (cx - bx) + t * t * (dx - cx)
    vy = u * u * (by - ay) + 2 * u * t * (cy - by) + t * t * (dy - cy)
    return (x, y), _unit(vx, vy)


def shortened(route: Sequence[Point], by: float) -> list[Point]:
    """The route without its last `by` points of length, where the arrowhead goes."""
    (ex, ey), (_, (ux, uy)) = route[-1], point_at(route, 1.0)
    return [*route[:-1], (ex - by * ux, ey - by * uy)]


def beside(route: Sequence[Point], distance: float) -> list[Point]:
    """The route moved sideways: every control point along the normal there, which is close enough for gentle curves."""
    moved = []
    for place, (x, y) in enumerate(route):
        before, after = route[max(place - 1, 0)], route[min(place + 1, len(route) - 1)]
        ux, uy = _unit(after[0] - before[0], after[1] - before[1])
        moved.append((x - distance * uy, y + distance * ux))
    return moved


class Ground:
    """What already lies where, on squares of a few points, so that labels find a free place in constant time."""

    CELL, LINE, SOLID = 4.0, 1, 8  # points; how bad it is to cover a line, or a box or another label

    def __init__(self) -> None:
        self.weight: dict[tuple[int, int], int] = {}

    def cover(self, area: Rectangle) -> None:
        """A box or a label lies here."""
        for cell in self._cells(area):
            self.weight[cell] = self.SOLID

    def cross(self, route: Sequence[Point]) -> None:
        """A line runs along here."""
        (ax, ay), (bx, by) = route[0], route[-1]
        pieces = 2 + int(1.3 * hypot(bx - ax, by - ay) / self.CELL)
        for k in range(pieces):
            x, y = point_at(route, k / pieces)[0]
            self.weight.setdefault((int(x // self.CELL), int(y // self.CELL)), self.LINE)

    def free_place(self, route: Sequence[Point], width: float, height: float, gap: float) -> Rectangle:
        """A rectangle for a label, `gap` beside the route: the place nearest its middle that covers the least."""
        spots = []
        for place in PLACES:
            (x, y), (ux, uy) = point_at(route, place)
            for side in SIDES:
                # Far enough along the normal that the whole rectangle clears the line.
                reach = gap + (abs(uy) * width + abs(ux) * height) / 2
                cx, cy = x - side * reach * uy, y + side * reach * ux
                spots.append(Rectangle(cx - width / 2, cy - height / 2, width, height))
        return min(spots, key=lambda spot: sum(self.weight.get(cell, 0) for cell in self._cells(spot)))

    def _cells(self, area: Rectangle) -> Iterator[tuple[int, int]]:
        left, right = int(area.x // self.CELL), int((area.x + area.width) // self.CELL)
        top, bottom = int(area.y // self.CELL), int((area.y + area.height) // self.CELL)
        return product(range(left, right + 1), range(top, bottom + 1))


def _unit(x: float, y: float) -> Point:
    length = hypot(x, y) or 1.0
    return x / length, y / length

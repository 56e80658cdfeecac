"""Points, rectangles and cubic Bézier routes, in points of 1/72 inch with y downward. Imports nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Route: TypeAlias = Sequence[Point]  # 1 + 3n points: a start, then two control points and an end for each piece


@dataclass(frozen=True)
class Rectangle:
    """Left, top, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def overlaps(self, other: Rectangle) -> bool:
        """Whether the two share some area."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def grown(self, by: float, above: float = 0) -> Rectangle:
        """A larger one: `by` on every side, and `above` on top of that at the top."""
        return Rectangle(self.x - by, self.y - by - above, self.width + 2 * by, self.height + 2 * by + above)


def around(areas: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle that holds them all."""
    every = list(areas)
    left, top = min(area.x for area in every), min(area.y for area in every)
    return Rectangle(left, top, max(area.right for area in every) - left, max(area.bottom for area in every) - top)


def point_at(route: Route, place: float) -> tuple[Point, Point]:
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


def shortened(route: Route, by: float) -> list[Point]:
    """The route without its last `by` points of length, where the arrowhead goes."""
    (ex, ey), (_, (ux, uy)) = route[-1], point_at(route, 1.0)
    return [*route[:-1], (ex - by * ux, ey - by * uy)]


def beside(route: Route, distance: float) -> list[Point]:
    """The route moved sideways: every control point along the normal there, which is close enough for gentle curves."""
    moved = []
    for place, (x, y) in enumerate(route):
        before, after = route[max(place - 1, 0)], route[min(place + 1, len(route) - 1)]
        ux, uy = _unit(after[0] - before[0], after[1] - before[1])
        moved.append((x - distance * uy, y + distance * ux))
    return moved


def _unit(x: float, y: float) -> Point:
    length = hypot(x, y) or 1.0
    return x / length, y / length

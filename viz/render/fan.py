"""Straight routes between neighbouring columns, spread along the sides of the boxes. Imports picture and geometry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ..picture import Picture
from .geometry import Point, Rectangle, Route

SPREAD, SHARE = 15.0, 0.6  # at most so far apart, and on so much of a side


def fan(picture: Picture, boxes: Mapping[str, Rectangle]) -> dict[int, Route]:
    """For each arrow, by its place, that leads into the next column: its route, from right side to left side.

    Boxes of a column share their edges, so such a route crosses nothing but other routes. Where several meet
    at a box they keep the order of their other ends, and so do not cross there.
    """
    column = {box.id: box.column for box in picture.boxes}
    leaving: dict[str, list[tuple[float, int]]] = defaultdict(list)
    entering: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for place, arrow in enumerate(picture.arrows):
        tail, head = column[arrow.tail], column[arrow.head]
        if tail is not None and head == tail + 1:
            leaving[arrow.tail].append((boxes[arrow.head].centre[1], place))
            entering[arrow.head].append((boxes[arrow.tail].centre[1], place))
    starts, stops = ports(boxes, leaving), ports(boxes, entering)
    return {
        place: straight((boxes[arrow.tail].right, starts[place]), (boxes[arrow.head].x, stops[place]))
        for place, arrow in enumerate(picture.arrows)
        if place in starts
    }


def ports(boxes: Mapping[str, Rectangle], ends: Mapping[str, list[tuple[float, int]]]) -> dict[int, float]:
    """How high each arrow, by its place, meets a side of its box; of each box the heights of the arrows' other ends."""
    heights: dict[int, float] = {}
    for box, others in ends.items():
        area = boxes[box]
        gap = min(SPREAD, SHARE * area.height / len(others))
        middle = (len(others) - 1) / 2
        heights |= {place: area.centre[1] + (k - middle) * gap for k, (_, place) in enumerate(sorted(others))}
    return heights


def straight(start: Point, stop: Point) -> Route:
    """A straight line as one Bézier piece."""
    (ax, ay), (bx, by) = start, stop
    return [(ax + (bx - ax) * t, ay + (by - ay) * t) for t in (0, 1 / 3, 2 / 3, 1)]

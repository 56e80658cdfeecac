"""A plain layout without Graphviz: layers from left to right. Imports picture, columns, fan, geometry.

Sugiyama's way in small: boxes in layers by the longest path, bends for arrows over several layers, an order with few
crossings by barycentres, then places as near to the neighbours as an order allows. Nothing here takes long: of very
many long arrows the longest have no bends, and lead over boxes.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TypeAlias

from ..columns import ranks
from ..picture import Picture
from .fan import ports
from .geometry import Point, Rectangle, Route

LAYER_GAP, BOX_GAP, LANE = 60.0, 15.0, 5.0  # points between layers, between boxes, and around a line beside a box
SWEEPS, MOST_BENDS = 4, 20_000

Span: TypeAlias = tuple[float, float]
Stack: TypeAlias = list[int]  # items from top to bottom: a box is its place in the picture, bends follow


class Layers:
    """A picture's boxes and the bends of its arrows, layer by layer; boxes come in topological order.

    `bends` has those of each arrow, by its place, from its tail to its head.
    """

    def __init__(self, picture: Picture) -> None:
        self.boxes = {box.id: place for place, box in enumerate(picture.boxes)}
        self.ends = [(self.boxes[arrow.tail], self.boxes[arrow.head]) for arrow in picture.arrows]
        self.layer = self._layers(picture)
        self.bends: list[Stack] = [[] for _ in self.ends]
        spans = [range(self.layer[tail] + 1, self.layer[head]) for tail, head in self.ends]
        for place, between in sorted(enumerate(spans), key=lambda span: len(span[1])):
            if len(self.layer) + len(between) > len(self.boxes) + MOST_BENDS:
                break
            self.bends[place] = list(range(len(self.layer), len(self.layer) + len(between)))
            self.layer += between
        self.stacks: list[Stack] = [[] for _ in range(1 + max(self.layer))]
        for item, at in enumerate(self.layer):
            self.stacks[at].append(item)

    def _layers(self, picture: Picture) -> list[int]:
        """The layer of each box: its column, if all have one."""
        fixed = [box.column for box in picture.boxes if box.column is not None]
        if len(fixed) == len(picture.boxes):
            dense = {column: at for at, column in enumerate(sorted(set(fixed)))}
            return [dense[column] for column in fixed]
        tails: dict[int, Stack] = {box: [] for box in self.boxes.values()}
        for tail, head in self.ends:
            if tail < head:  # or it would lead back, in what is no graph
                tails[head].append(tail)
        return list(ranks(tails, {box for box, below in tails.items() if not below}).values())

    def neighbours(self) -> tuple[list[Stack], list[Stack]]:
        """What each item is joined to in the layer before, and in the layer after."""
        before: list[Stack] = [[] for _ in self.layer]
        after: list[Stack] = [[] for _ in self.layer]
        for (tail, head), bends in zip(self.ends, self.bends, strict=True):
            for item, other in pairwise((tail, *bends, head)):
                if self.layer[other] == self.layer[item] + 1:
                    before[other].append(item)
                    after[item].append(other)
        return before, after


def layered(
    picture: Picture, room: Mapping[str, tuple[float, float]], fixed: Mapping[str, Point], gap: float = LAYER_GAP
) -> tuple[dict[str, Rectangle], dict[int, Route]]:
    """Every box's place, and every arrow's route by its place. `room` has widths and heights, `gap` parts layers.

    `fixed` has the centres of the boxes if their columns fix them; then only arrows are routed, around boxes.
    """
    layers = Layers(picture)
    sizes = [room[box] for box in layers.boxes]
    heights = [] if fixed else _heights(layers, [height for _, height in sizes])
    middles = [] if fixed else _middles(layers, [width for width, _ in sizes], gap)
    centres = [fixed[box] for box in layers.boxes] if fixed else zip(middles, heights, strict=False)
    areas = [Rectangle(x - w / 2, y - h / 2, w, h) for (x, y), (w, h) in zip(centres, sizes, strict=True)]
    stacks = [[areas[item] for item in stack if item < len(areas)] for stack in layers.stacks]
    sides = [(min(area.x for area in stack), max(area.right for area in stack)) for stack in stacks]
    if fixed:
        ways = list(_lanes(layers, areas, stacks, sides))
    else:
        ways = [[(x, heights[bend]) for bend in bends for x in sides[layers.layer[bend]]] for bends in layers.bends]
    boxes = dict(zip(layers.boxes, areas, strict=True))
    return boxes, _routes(picture, boxes, ways, None if fixed else [sides[at] for at in layers.layer])


def _middles(layers: Layers, widths: Sequence[float], gap: float) -> list[float]:
    """The middle of each box from left to right: that of its layer."""
    left, middles = 0.0, []
    for stack in layers.stacks:
        width = max(widths[item] for item in stack if item < len(widths))
        middles.append(left + width / 2)
        left += width + gap
    return [middles[at] for at in layers.layer[: len(widths)]]


def _heights(layers: Layers, sizes: Sequence[float]) -> list[float]:
    """The height of each item, none upon another, in an order with few crossings."""
    before, after = layers.neighbours()
    onward, back = layers.stacks, layers.stacks[::-1]
    at = [0.0] * len(layers.layer)

    def wanted(stack: Stack, near: Sequence[Stack]) -> list[float]:
        return [sum(at[other] for other in near[item]) / len(near[item]) if near[item] else at[item] for item in stack]

    def place(stack: Stack, places: Iterable[float]) -> None:
        for item, height in zip(stack, places, strict=True):
            at[item] = height

    none: list[Stack] = [[] for _ in at]
    for stacks, near in [(onward, none), *[(onward, before), (back, after)] * SWEEPS]:
        for stack in stacks:
            middle = dict(zip(stack, wanted(stack, near), strict=True))
            stack.sort(key=middle.__getitem__)
            place(stack, ((k + 0.5) / len(stack) for k in range(len(stack))))
    at = [0.0] * len(layers.layer)
    both = [[*some, *others] for some, others in zip(before, after, strict=True)]
    needed = [*sizes, *[0.0] * (len(layers.layer) - len(sizes))]
    for stacks, near in ((onward, before), (back, after), (onward, both)):
        for stack in stacks:
            place(stack, _apart(wanted(stack, near), [needed[item] for item in stack]))
    return at


def _apart(wanted: Sequence[float], sizes: Sequence[float]) -> Iterator[float]:
    """The places nearest to those wanted, by least squares, at which things of these sizes stand in order and apart.

    Without the room that things need this is a monotone fit: neighbours in the wrong order share their mean.
    """
    needed = [0.0]
    for size, following in pairwise(sizes):
        needed.append(needed[-1] + (size + following) / 2 + BOX_GAP)
    blocks: list[tuple[float, int]] = []  # the mean and the count of each run
    for want, offset in zip(wanted, needed, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    means = (mean for mean, count in blocks for _ in range(count))
    return (mean + offset for mean, offset in zip(means, needed, strict=True))


def _lanes(
    layers: Layers, areas: Sequence[Rectangle], stacks: Sequence[Sequence[Rectangle]], sides: Sequence[Span]
) -> Iterator[list[Point]]:
    """Where each arrow enters and leaves the layers between its ends: straight on where that is free, or else level."""
    taken = [_joined((area.y - LANE, area.bottom + LANE) for area in stack) for stack in stacks]
    for (tail, head), bends in zip(layers.ends, layers.bends, strict=True):
        (x, y), (_, goal), way = (areas[tail].right, areas[tail].centre[1]), areas[head].centre, list[Point]()
        for at in range(layers.layer[tail] + 1, layers.layer[tail] + 1 + len(bends)):
            slope = (goal - y) / (areas[head].x - x)
            enter, leave = (y + slope * (side - x) for side in sides[at])
            if _in_the_way(taken[at], min(enter, leave), max(enter, leave)):
                enter = leave = _nearest(taken[at], (enter + leave) / 2)
                insort(taken[at], (enter - LANE, enter + LANE))
                taken[at] = _joined(taken[at])
            way += [(sides[at][0], enter), (sides[at][1], leave)]
            x, y = way[-1]
        yield way


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that meet made one."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            low, high = joined[-1][0], max(high, joined.pop()[1])
        joined.append((low, high))
    return joined


def _in_the_way(taken: Sequence[Span], low: float, high: float) -> Span | None:
    """The first of these spans, which are in order and apart, that shares some room with the one from low to high."""
    at = bisect_left(taken, low, key=itemgetter(1))
    return taken[at] if at < len(taken) and taken[at][0] < high else None


def _nearest(taken: Sequence[Span], wanted: float) -> float:
    """The nearest height that is outside of all spans."""
    low, high = _in_the_way(taken, wanted, wanted) or (wanted, wanted)
    return low if wanted - low < high - wanted else high


def _routes(
    picture: Picture, boxes: Mapping[str, Rectangle], ways: Sequence[Sequence[Point]], sides: Sequence[Span] | None
) -> dict[int, Route]:
    """Each arrow from its tail's right side to its head's left, by its way, smooth.

    With the `sides` of its layer for each box, it is level as far as these, so that it meets no wider neighbour.
    """
    leaving: dict[str, list[tuple[float, int]]] = defaultdict(list)
    entering: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for place, (arrow, way) in enumerate(zip(picture.arrows, ways, strict=True)):
        leaving[arrow.tail].append((way[0][1] if way else boxes[arrow.head].centre[1], place))
        entering[arrow.head].append((way[-1][1] if way else boxes[arrow.tail].centre[1], place))
    starts, stops = ports(boxes, leaving), ports(boxes, entering)
    edges = dict(zip(boxes, sides or (), strict=False))
    routes = {}
    for place, (arrow, way) in enumerate(zip(picture.arrows, ways, strict=True)):
        first, last = [(boxes[arrow.tail].right, starts[place])], [(boxes[arrow.head].x, stops[place])]
        if sides:
            first.append((edges[arrow.tail][1], starts[place]))
            last.insert(0, (edges[arrow.head][0], stops[place]))
        routes[place] = _smooth([*first, *way, *last], level=bool(sides))
    return routes


def _smooth(way: Sequence[Point], level: bool) -> Route:
    """A route through these points that never turns back up or down between two of them; level at its ends, or free."""
    points = [way[0], *(after for before, after in pairwise(way) if after != before)]
    slopes = [(by - ay) / (bx - ax) if bx != ax else 0.0 for (ax, ay), (bx, by) in pairwise(points)]
    ends = [0.0, 0.0] if level else [slopes[0], slopes[-1]]
    # The harmonic mean of the slopes before and after, and level where they differ in sign, keeps each piece monotone.
    inner = (2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(slopes))
    route = [points[0]]
    for ((ax, ay), (bx, by)), (leave, arrive) in zip(
        pairwise(points), pairwise([ends[0], *inner, ends[1]]), strict=True
    ):
        third = (bx - ax) / 3
        route += [(ax + third, ay + leave * third), (bx - third, by - arrive * third), (bx, by)]
    return route

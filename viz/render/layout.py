"""Where everything goes, by Graphviz in this very process: no `dot` program is needed. Imports dot, geometry, metrics.

The only module that runs Graphviz. It is given boxes without text, so it touches no font and says no word.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pygraphviz

from ..picture import Picture
from ..theme import Theme
from .dot import skeleton
from .geometry import Point, Rectangle, Route
from .metrics import box_size


@dataclass(frozen=True)
class Layout:
    """Every box's place, every arrow's route as cubic Bézier points (1 + 3n of them), and the room all of it takes."""

    boxes: dict[str, Rectangle]
    routes: tuple[Route, ...]
    width: float
    height: float


def layout(picture: Picture, theme: Theme) -> Layout:
    """Place the picture: boxes in columns stay there and only arrows are routed; otherwise dot places all."""
    if not picture.boxes:
        return Layout({}, (), 0, 0)
    engine = "dot" if any(box.column is None for box in picture.boxes) else "nop"
    drawn = json.loads(pygraphviz.AGraph(string=skeleton(picture, theme)).draw(format="json0", prog=engine))
    _, _, width, height = map(float, drawn["bb"].split(","))
    places = {item["name"]: _points(item["pos"])[0] for item in drawn["objects"] if "pos" in item}
    boxes = {}
    for box in picture.boxes:
        (x, y), (w, h) = places[box.id], box_size(box, theme)
        boxes[box.id] = Rectangle(x - w / 2, height - y - h / 2, w, h)
    routes: list[Any] = [()] * len(picture.arrows)
    for item in drawn.get("edges", []):
        routes[int(item["id"])] = tuple((x, height - y) for x, y in _points(item["pos"]))
    return Layout(boxes, tuple(routes), width, height)


def _points(text: str) -> list[Point]:
    """Graphviz's `"x,y x,y …"` as numbers."""
    pairs = (point.split(",") for point in text.split())
    return [(float(x), float(y)) for x, y in pairs]

"""Where everything goes, by Graphviz in this very process: no `dot` program is needed. Imports dot, fan, metrics.

The only module that runs Graphviz. It is given boxes without text, so it touches no font and says no word.
"""

from __future__ import annotations

import json
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO

import pygraphviz

from ..picture import Picture
from ..theme import Theme
from .dot import skeleton
from .fan import fan
from .geometry import Point, Rectangle, Route
from .metrics import sizes


@dataclass(frozen=True)
class Layout:
    """Every box's place by its id, and every arrow's route, in the picture's order."""

    boxes: dict[str, Rectangle]
    routes: tuple[Route, ...]


def layout(picture: Picture, theme: Theme) -> Layout:
    """Place the picture: boxes in columns stay there, and only arrows over several columns are routed by Graphviz."""
    if not picture.boxes:
        return Layout({}, ())
    engine = "dot" if any(box.column is None for box in picture.boxes) else "nop"
    with redirect_stderr(StringIO()):  # pygraphviz would remark on the size of a large graph
        drawn = json.loads(pygraphviz.AGraph(string=skeleton(picture, theme)).draw(format="json0", prog=engine))
    *_, height = map(float, drawn["bb"].split(","))
    room = sizes(picture, theme)
    boxes = {}
    for item in drawn["objects"]:
        ((x, y),), (w, h) = _points(item["pos"]), room[item["name"]]
        boxes[item["name"]] = Rectangle(x - w / 2, height - y - h / 2, w, h)
    routes: dict[int, Route] = {
        int(item["id"]): [(x, height - y) for x, y in _points(item["pos"])] for item in drawn.get("edges", [])
    } | fan(picture, boxes)
    return Layout(boxes, tuple(routes[place] for place in range(len(picture.arrows))))


def _points(text: str) -> list[Point]:
    """Graphviz's `"x,y x,y …"` as numbers."""
    pairs = (point.split(",") for point in text.split())
    return [(float(x), float(y)) for x, y in pairs]

"""Where everything goes, by Graphviz in this very process: no `dot` program is needed. Imports dot, fan, metrics.

The only module that runs Graphviz. It is given boxes without text, so it touches no font and says no word.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO

import pygraphviz

from autograd import TooMany

from ..picture import Picture
from ..theme import Theme
from .dot import skeleton
from .fan import fan
from .geometry import Point, Rectangle, Route
from .metrics import sizes

ALONE, PATIENCE = 1500, 60  # boxes that get a process of their own, and the seconds that it may take


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
    lay_out = _within_limits if len(picture.boxes) > ALONE else _laid_out
    drawn = json.loads(lay_out(skeleton(picture, theme), engine))
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


def _laid_out(dot: str, engine: str) -> bytes:
    """Graphviz's JSON for a graph in DOT."""
    with redirect_stderr(StringIO()):  # pygraphviz would remark on the size of a large graph
        drawn: bytes = pygraphviz.AGraph(string=dot).draw(format="json0", prog=engine)
    return drawn


def _within_limits(dot: str, engine: str) -> bytes:
    """The same in a process of its own, which can be ended when it takes too long; raises TooMany then."""
    command = [sys.executable, "-c", PROGRAM, engine]
    try:
        return subprocess.run(command, input=dot.encode(), capture_output=True, timeout=PATIENCE, check=True).stdout
    except subprocess.TimeoutExpired:
        raise TooMany(
            f"draw: Graphviz took longer than {PATIENCE} seconds; draw less of it, with around= or between=, or at the "
            "level 'neuron' or 'layer'"
        ) from None


PROGRAM = """
import sys, pygraphviz
dot, (_, engine) = sys.stdin.buffer.read().decode(), sys.argv
sys.stdout.buffer.write(pygraphviz.AGraph(string=dot).draw(format="json0", prog=engine))
"""


def _points(text: str) -> list[Point]:
    """Graphviz's `"x,y x,y …"` as numbers."""
    pairs = (point.split(",") for point in text.split())
    return [(float(x), float(y)) for x, y in pairs]

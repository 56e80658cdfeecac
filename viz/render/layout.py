"""Where everything goes: by Graphviz, or else by `layered`. Imports dot, fan, geometry, layered and metrics.

The only module that runs Graphviz: in this very process, or as the program `dot`. It is given boxes without text, so it
touches no font and says no word.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any, TypeAlias

from ..picture import Picture
from ..theme import Theme
from .dot import rank_gap, skeleton
from .fan import fan
from .geometry import Point, Rectangle, Route
from .layered import LAYER_GAP, layered
from .metrics import grid, sizes

MOST_BOXES, MOST_ARROWS = 1500, 3000  # that Graphviz places in less than a second or so
PATIENCE = 20  # seconds for another Graphviz than ours
Turn: TypeAlias = Callable[[float, float], Point]


class PlainLayout(UserWarning):
    """There is no Graphviz here that works, so pictures are laid out more plainly."""


@dataclass(frozen=True)
class Layout:
    """Every box's place by its id, and every arrow's route, in the picture's order; a note if it could be better."""

    boxes: dict[str, Rectangle]
    routes: tuple[Route, ...]
    note: str = ""


def layout(picture: Picture, theme: Theme) -> Layout:
    """Place the picture: boxes in columns stay there, and only arrows over several columns are routed by Graphviz.

    Large pictures, for which Graphviz would take long, are placed by `layered`. So are all where there is no Graphviz;
    a warning says so then, once in a process, and the note each time.
    """
    if not picture.boxes:
        return Layout({}, ())
    # In between all flows to the right: of what flows down x and y are exchanged, and at the end once more.
    turn = _exchanged if picture.direction == "down" else _kept
    room = {id: turn(*size) for id, size in sizes(picture, theme).items()}
    large = len(picture.boxes) > MOST_BOXES or len(picture.arrows) > MOST_ARROWS
    drawn = None if large else _drawn(picture, theme)
    if drawn is None:
        if not large:
            _say_that_it_is_plain()
        fixed = {id: turn(x, -y) for id, (x, y) in grid(picture, theme).items()}
        boxes, routes = layered(picture, room, fixed, max(LAYER_GAP, rank_gap(picture, theme)))
    else:
        boxes, routes = _read(drawn, picture, room, turn)
        routes |= fan(picture, boxes)
    return Layout(
        {id: Rectangle(*turn(box.x, box.y), *turn(box.width, box.height)) for id, box in boxes.items()},
        tuple([turn(*point) for point in routes[place]] for place in range(len(picture.arrows))),
        "" if drawn or large else "laid out plainly, without Graphviz",
    )


def _kept(x: float, y: float) -> Point:
    return x, y


def _exchanged(x: float, y: float) -> Point:
    return y, x


def _drawn(picture: Picture, theme: Theme) -> Any:
    """What Graphviz makes of the picture, as JSON; nothing where none works."""
    engine = "dot" if any(box.column is None for box in picture.boxes) else "nop"
    source = skeleton(picture, theme)
    for draw in (_by_pygraphviz, _by_program):
        try:
            return json.loads(draw(source, engine))
        except (ImportError, OSError, ValueError, subprocess.SubprocessError):
            continue  # it is not there, or broken, or something else of this name
    return None


def _by_pygraphviz(source: str, engine: str) -> bytes:
    """By the libraries of the Python package."""
    import pygraphviz  # there are platforms without it

    with redirect_stderr(StringIO()):  # pygraphviz would remark on the size of a large graph
        drawn: bytes = pygraphviz.AGraph(string=source).draw(format="json0", prog=engine)
    return drawn


def _by_program(source: str, engine: str) -> bytes:
    """By an installed Graphviz, which is ended when it takes too long."""
    program = shutil.which("dot")
    if program is None:
        raise FileNotFoundError("dot")
    command = [program, f"-K{engine}", "-Tjson0"]
    return subprocess.run(command, input=source.encode(), capture_output=True, timeout=PATIENCE, check=True).stdout


def _read(
    drawn: Any, picture: Picture, room: Mapping[str, tuple[float, float]], turn: Turn
) -> tuple[dict[str, Rectangle], dict[int, Route]]:
    """The boxes and routes of Graphviz's JSON, whose y is upward."""
    *_, height = map(float, drawn["bb"].split(","))
    boxes = {}
    for item in drawn["objects"]:
        id = picture.boxes[int(item["name"])].id
        ((x, y),), (w, h) = _points(item["pos"], height, turn), room[id]
        boxes[id] = Rectangle(x - w / 2, y - h / 2, w, h)
    return boxes, {int(item["id"]): _points(item["pos"], height, turn) for item in drawn.get("edges", [])}


def _points(text: str, height: float, turn: Turn) -> list[Point]:
    """Graphviz's `"x,y x,y …"` as numbers."""
    pairs = (point.split(",") for point in text.split())
    return [turn(float(x), height - float(y)) for x, y in pairs]


@cache
def _say_that_it_is_plain() -> None:
    warnings.warn(
        "draw: no Graphviz works here, neither the Python package pygraphviz nor a program dot, so pictures are laid "
        "out plainly; pip install pygraphviz, or install Graphviz",
        PlainLayout,
        stacklevel=2,
    )

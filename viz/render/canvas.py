"""Canvas: what a picture is drawn on, shape by shape and text by text, whatever the format. Imports geometry, metrics.

A format says how a shape, a line and a text are written; how much room they take is the same for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..theme import Strand, Theme
from ..typeset import Line, scripted
from .geometry import Point, Rectangle, Route, around
from .metrics import SUB_SCALE, are_stacked, line_width

MARGIN = 20
SHIFTED = {"sub": 0.22, "sup": -0.34}  # ems that a small run stands below the baseline,
APART = {"sub": 0.3, "sup": -0.46}  # and where one stands above another


@dataclass(frozen=True)
class Pen:
    """How a text is written: its size, its colour, which is the theme's ink without one, and whether it is bold."""

    size: float
    colour: str = ""
    bold: bool = False


class Canvas(ABC):
    """What is drawn later lies above what was drawn before; `extent` is the room that was used so far."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.used: list[Rectangle] = []
        self.smallest = theme.name_size

    @property
    def extent(self) -> Rectangle:
        """The smallest rectangle around all that was drawn."""
        return around(self.used) if self.used else Rectangle(0, 0, 0, 0)

    @property
    def area(self) -> Rectangle:
        """The extent and a margin."""
        return self.extent.grown(MARGIN)

    @contextmanager
    def group(self, tip: str) -> Iterator[None]:
        """What is drawn within belongs together, and may be explained by a tip where there is a pointer."""
        yield

    def box(
        self,
        area: Rectangle,
        *,
        fill: str = "none",
        stroke: str = "none",
        width: float = 1.0,
        corner: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """A rectangle, its corners rounded by so much."""
        self.used.append(area)
        self._box(area, fill, stroke, width, corner, opacity)

    def line(self, route: Route, strand: Strand, width: float) -> None:
        """A route of Bézier pieces, or straight lines from two points on, in a strand's colour and dash."""
        xs, ys = zip(*route, strict=True)
        self.used.append(Rectangle(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
        self._line(route, strand, width)

    def polygon(self, corners: Sequence[Point], fill: str) -> None:
        """A filled shape that is part of something larger."""
        self._polygon(corners, fill)

    def write(self, line: Line, at: Point, pen: Pen, anchor: str = "middle") -> None:
        """A typeset line whose baseline is at `at`; "start" anchors its left end there, "middle" its middle."""
        line = tuple(piece for run in line for piece in (scripted(run.text) if run.style == "plain" else (run,)))
        if not line:
            return
        width = line_width(line, pen.size)
        left = at[0] - (width / 2 if anchor == "middle" else 0)
        self.used.append(Rectangle(left, at[1] - pen.size, width, 1.3 * pen.size))
        small = SUB_SCALE if any(run.style in SHIFTED for run in line) else 1
        self.smallest = min(self.smallest, pen.size * small)
        self._write(line, at, pen, anchor)

    @abstractmethod
    def _box(self, area: Rectangle, fill: str, stroke: str, width: float, corner: float, opacity: float) -> None: ...

    @abstractmethod
    def _line(self, route: Route, strand: Strand, width: float) -> None: ...

    @abstractmethod
    def _polygon(self, corners: Sequence[Point], fill: str) -> None: ...

    @abstractmethod
    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None: ...


def drops(line: Line, size: float) -> list[float]:
    """How far below the baseline each run of a line stands."""
    return [
        (APART if are_stacked(line, place) or are_stacked(line, place - 1) else SHIFTED).get(run.style, 0.0) * size
        for place, run in enumerate(line)
    ]


def bend(route: Route) -> str:
    """How the points of a route are joined: "C" for Bézier pieces, "L" for a straight line."""
    return "C" if len(route) > 2 else "L"

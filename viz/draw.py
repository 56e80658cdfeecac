"""A graph, and the paths to be spoken of, as a Drawing. Imports autograd, levels, show, sketch and stacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import NotInGraph, Paths, WrongShape, paths, require_choice, shorten

from . import selection
from .drawing import Drawing
from .levels import counterpart, graph_at
from .show import Show
from .sketch import Sketch
from .stacks import stacks_picture
from .theme import LIGHT, Theme, theme_of


def draw(
    y: Any,
    *,
    level: str = "scalar",
    folded: Sequence[str] = (),
    opened: Sequence[str] = (),
    highlight: Paths[Any] | None = None,
    around: Any = None,
    radius: int = 2,
    between: tuple[Any, Any] | None = None,
    only: str = "all",
    values: bool = True,
    gradients: bool = True,
    edges: str = "local",
    names: str = "graph",
    digits: int = 4,
    budget: bool = False,
    theme: Theme | str = LIGHT,
) -> Drawing:
    """Draw the graph of `y`: every scalar, or only what leaves a neuron, or layers with matrices between them.

    Scopes named in `folded` are folded at any level, those in `opened` at none: `level="neuron", opened=["h₂₁"]` looks
    into one neuron.

    `highlight=paths(y, w)` gives each path a colour and a dash, and a legend that multiplies each out and
    adds them up; of very many paths the largest are shown, and the legend says how many there are. Narrowed down,
    `paths(y, w).through(h)`, it shows those.

    Of a large graph a part is drawn: what is `around` a node, so many edges away, what lies `between` two, or
    `only="paths"`, those that are highlighted. What of these are given must all hold.

    `values`, `gradients` and `edges` say what is written down: on the arrows the "local" derivative, its "symbol", the
    "contribution" it makes, or "none". With `budget` the width of an arrow is its share of the largest contribution,
    dashed where it is negative, so that one sees what cancels. `names="notes"` writes w¹₁₁ and o₃₁.

    `theme` is "light", "dark", "print" (no colour), "contrast", or one of your own.

    Raises UnknownChoice for a level or another choice that does not exist, or a level that the graph has no scopes for,
    WrongShape for digits or a radius that are no whole number, or two nodes with nothing between, and for choices
    that a level does not know, TooMany for more than
    10,000 nodes or a layout that takes longer than a minute, and NotInGraph if there are no such paths, or for a node
    that is folded away at this level.
    """
    theme = theme_of(theme)
    show = Show(values, gradients, edges, names, digits, budget)
    require_choice("choice of only", only, ("all", "paths"))
    if level == "layer":
        if highlight is not None or around is not None or between is not None:
            raise NotInGraph("level 'layer': a weight is an entry of a matrix there; write level='neuron' to see paths")
        if folded or opened or only != "all" or show != Show():
            raise WrongShape("level 'layer': of the choices only theme is known there; write level='neuron' for others")
        return Drawing(stacks_picture(y, theme.signs), theme)
    graph = graph_at(y, level, folded, opened)
    ways = None
    if highlight is not None:
        if not isinstance(highlight, Paths):
            raise NotInGraph(f"highlight: given {shorten(highlight)}, expected paths; write highlight=paths(y, w)")
        start, end = (counterpart(graph, node, level, "highlight") for node in (highlight.y, highlight.x))
        ways = paths(start, end)
        for word, given in highlight.conditions:
            there = given if word == "where" else [counterpart(graph, node, level, "highlight") for node in given]
            ways = getattr(ways, word)(*there)
        if not ways.count:
            raise NotInGraph(f"highlight: there is {repr(ways)[1:-1]}; choose paths that there are")
    if only == "paths" and ways is None:
        raise NotInGraph("only='paths': none are highlighted; write highlight=paths(y, w) as well")
    part = set(graph)
    if around is not None:
        part &= selection.around(graph, counterpart(graph, around, level, "around"), radius)
    if between is not None:
        if not isinstance(between, tuple) or len(between) != 2:
            raise WrongShape(f"between: given {shorten(between)}, expected two nodes; write between=(y, x)")
        part &= selection.between(graph, *(counterpart(graph, node, level, "between") for node in between))
    sketch = Sketch(graph, level, ways, show, len(theme.strands), part)
    if only == "paths":
        sketch.keep(sketch.spoken_of)
    selection.require_drawable(len(sketch.nodes), level)
    return Drawing(sketch.picture(), theme)

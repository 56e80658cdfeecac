"""What a notebook shows of a bare Value, Graph, Paths or MLP: the finest picture of it that can be read.

Imports autograd, nn, draw and network. autograd.display finds `bundle` by the entry point in pyproject.toml.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import Any

from autograd import Graph, NotInGraph, PathgradError, Paths, TooMany, Value, counted
from nn import MLP

from .draw import draw
from .drawing import Drawing
from .levels import has_neurons
from .network import network

IMAGE, TEXT = "image/svg+xml", "text/plain"
BOXES, ARROWS = 60, 80  # of more than these a picture says nothing at a glance
FEW = 20  # scalars of a network; of more its neurons are easier to read
SEARCHED = 20_000  # nodes; a cell that ends in more has its text at once
ENTRIES = 3_000_000  # computed nodes times leaves; the Jacobians between layers have as many entries at most
BYTES = 300_000  # a notebook keeps every picture in its file


def bundle(
    shown: Any, include: Collection[str] | None = None, exclude: Collection[str] | None = None
) -> dict[str, str]:
    """The picture, if there is one that can be read, and the `repr`, which else says why there is none.

    Of these what is in `include` and not in `exclude`, as IPython asks for it. Raises nothing, so that a cell is
    never left without its text.
    """
    wanted = [mime for mime in (IMAGE, TEXT) if mime in (include or (IMAGE, TEXT)) and mime not in (exclude or ())]
    found = {}
    try:
        found[TEXT] = repr(shown)
        if IMAGE in wanted and not _in_terminal() and (drawing := picture_of(shown)):
            found[IMAGE] = _light(drawing.svg)
    except PathgradError as error:
        found[TEXT] += f"\nno picture: {error}"
    except Exception as error:
        known = found.get(TEXT) or object.__repr__(shown)
        found[TEXT] = f"{known}\nno picture: {type(error).__name__}: {' '.join(str(error).split())}"
    return {mime: found[mime] for mime in wanted if mime in found}


def picture_of(shown: Any) -> Drawing | None:
    """A picture of a Value, Graph, Paths or MLP; None where text says it all, as of a leaf.

    Raises TooMany where no level has few enough boxes, NotInGraph for a graph that is not all below one output.
    """
    if isinstance(shown, MLP):
        return network(shown)
    if isinstance(shown, Paths):
        return _finest(shown.graph, shown) if shown.count else None
    graph = Graph(shown) if isinstance(shown, Value) else shown
    return _finest(graph) if any(node.operands for node in graph) else None


def _finest(graph: Graph[Any], ways: Paths[Any] | None = None) -> Drawing:
    """The graph at the finest level that is small enough to be read; of paths, where none is, they alone."""
    neurons = has_neurons(graph)
    y, *others = graph.outputs
    if others or len(Graph(y)) != len(graph):
        raise NotInGraph("a picture is of all that is below one output; write viz.draw(graph.outputs[0])")
    for level, only, most in _attempts(graph, ways, neurons) if len(graph) <= SEARCHED else ():
        if level == "scalar" and only == "all" and len(graph) > most:
            continue
        try:
            drawing = draw(y, level=level, highlight=ways, only=only)
        except (NotInGraph, TooMany):  # what is to be seen is folded away there, or far too much is not
            continue
        if len(drawing.picture.boxes) <= most and len(drawing.picture.arrows) <= ARROWS:
            return drawing
    coarser = ", or viz.draw(y, level='layer')" if neurons else ""
    raise TooMany(
        f"{counted(len(graph))} nodes are more than can be read at once; draw a part of them, such as "
        f"viz.draw(y, around=node, radius=2){coarser}"
    )


def _attempts(graph: Graph[Any], ways: Paths[Any] | None, neurons: bool) -> Iterator[tuple[str, str, int]]:
    """Levels from the finest, each with what of the graph is to be drawn there and how many boxes that may be."""
    if ways and any(word == "where" for word, _ in ways.conditions):
        neurons = False  # the tests are of these very edges
    yield "scalar", "all", FEW if neurons else BOXES
    if neurons:
        yield "neuron", "all", BOXES
    if ways and neurons:
        yield "neuron", "paths", BOXES
    if ways:
        yield "scalar", "paths", BOXES
    elif neurons and len(graph.leaves) * (len(graph) - len(graph.leaves)) <= ENTRIES:
        yield "layer", "all", BOXES


def _light(svg: str) -> str:
    """The SVG itself; raises TooMany if it is too large to be kept in a notebook."""
    size = len(svg.encode())
    if size > BYTES:
        raise TooMany(
            f"it would take {size // 1000:,} kB of the notebook's file, and {BYTES // 1000} kB is the limit; "
            "viz.draw(y) shows it all the same"
        )
    return svg


def _in_terminal() -> bool:
    """Whether this is IPython in a terminal, which asks for everything and shows text."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and IMAGE not in shell.display_formatter.active_types

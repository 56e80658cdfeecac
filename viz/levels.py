"""The levels that a graph is shown at, and where a node stands at each. Imports autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Folded, Graph, NotInGraph, UnknownChoice, describe, fold

LEVELS = ("scalar", "neuron", "layer")


def graph_at(y: Any, level: str, folded: Sequence[str] = (), opened: Sequence[str] = ()) -> Graph[Any]:
    """The graph of y: every scalar, or only what leaves a neuron, or only what leaves a layer.

    The scopes of these names are `folded` as well, or stay `opened`. Raises UnknownChoice for a level that does not
    exist, and for a level or a name that the graph has no scope for.
    """
    if level not in LEVELS:
        raise UnknownChoice("level", level, LEVELS)
    what = [*([] if level == "scalar" else [level]), *folded]
    return fold(Graph(y), *what, opened=opened) if what else Graph(y)


def counterpart(graph: Graph[Any], node: Any, level: str, asked: str) -> Any:
    """The node of a possibly folded graph that stands for this one, itself perhaps of a folded graph.

    Raises NotInGraph, the message beginning with what was `asked`, for a stranger, and for what is folded away.
    """
    fine = node.of if isinstance(node, Folded) else node
    found = next((folded for folded in graph if isinstance(folded, Folded) and folded.of is fine), fine)
    if found not in graph and found in Graph(*(getattr(output, "of", output) for output in graph.outputs)):
        raise NotInGraph(f"{asked}: {describe(found)} is folded away at the level {level!r}; write level='scalar'")
    graph.require(found, asked)
    return found

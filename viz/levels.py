"""The levels that a graph is shown at, and where a node stands at each. Imports autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Graph, NotInGraph, describe, fold, is_node, origin, require_choice

LEVELS = ("scalar", "neuron", "layer", "equations")


def graph_at(y: Any, level: str, folded: Sequence[str] = (), opened: Sequence[str] = ()) -> Graph[Any]:
    """The graph of y: every scalar, or only what leaves a neuron, or only what leaves a layer.

    The scopes of these names are `folded` as well, or stay `opened`. Raises UnknownChoice for a level that does not
    exist, and for a level or a name that the graph has no scope for.
    """
    require_choice("level", level, LEVELS)
    what = [*([] if level == "scalar" else [level]), *folded]
    return fold(Graph(y), *what, opened=opened) if what else Graph(y)


def usual_level(y: Any) -> str:
    """Neurons where the graph has some, else scalars."""
    return "neuron" if has_neurons(Graph(y)) else "scalar"


def has_neurons(graph: Graph[Any]) -> bool:
    """Whether some of its nodes were made within a neuron."""
    return any(node.scope and node.scope.enclosing({"neuron"}) for node in graph)


def counterpart(graph: Graph[Any], node: Any, level: str, asked: str) -> Any:
    """The node of a possibly folded graph that stands for this one, itself perhaps of a folded graph.

    Raises NotInGraph, the message beginning with what was `asked`, for a stranger, and for what is folded away.
    """
    fine = origin(node)
    found = next((other for other in graph if origin(other) is fine), node)
    if found not in graph and is_node(fine) and fine in Graph(*map(origin, graph.outputs)):
        way_out = "write level='scalar'" if level != "scalar" else "give the graph as it was before folding"
        raise NotInGraph(f"{asked}: {describe(fine)} is folded away at the level {level!r}; {way_out}")
    graph.require(found, asked)
    return found

"""What a command works on: an expression with numbers, a graph file, or the notes' network.

Imports autograd, nn, levels and tour.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograd import BadExpression, BadGraphFile, Graph, NotInGraph, Value, expression_of, from_json, names_in
from nn import indices_of

from .files import at_home
from .levels import graph_at, usual_level
from .typeset import LOWERED

EXAMPLE = "'f = 2*x; g = tanh(x); k = exp(f*g)' x=0.5"


def output_of(source: str | None, assignments: Iterable[str]) -> Value:
    """The Value to differentiate: of expressions, named ones parted by semicolons, of a .json file, or the notes' loss.

    Raises BadExpression for what cannot be read or lacks a number, BadGraphFile for a file that holds no graph.
    """
    given = numbers(assignments)
    if source is not None and source.startswith("--"):
        raise BadExpression(f"there is no option {source.partition('=')[0]}; --help lists those that there are")
    if source is None or source.endswith(".json"):
        if given:
            raise BadExpression(f"{', '.join(given)}: numbers go with an expression; write for example {EXAMPLE}")
        return _notes_loss() if source is None else _from_file(at_home(source))
    leaves = {name: Value(number, name) for name, number in given.items()}
    names, used = dict(leaves), set[str]()
    y = None
    for piece in filter(str.strip, source.split(";")):
        name, equals, expression = piece.rpartition("=")
        used |= set(names_in(expression, constants=True))
        y = expression_of(expression, names)
        if equals:
            if not name.strip().isidentifier() or name.strip() in names or y in names.values():
                raise BadExpression(f"{piece.strip()!r} gives nothing computed a new name; write for example {EXAMPLE}")
            names[name.strip()] = y.named(name.strip())
    if unused := [name for name in leaves if name not in used]:
        raise BadExpression(f"{source!r} does not use {', '.join(unused)}; leave that out")
    if y is None or not leaves:
        raise BadExpression(f"{source!r} has no names to differentiate by; write for example {EXAMPLE}")
    return y if y.name else y.named(next(free for free in ("y", "z", "out", "result") if free not in names))


def graph_of(source: str | None, assignments: Iterable[str], level: str | None) -> Graph[Any]:
    """The graph of that output at this level; at that of neurons, if none is given and it has some."""
    y = output_of(source, assignments)
    return graph_at(y, level or usual_level(y))


def numbers(assignments: Iterable[str]) -> dict[str, float]:
    """x=1.2 y=0.7 as names and numbers; raises BadExpression for anything else."""
    found: dict[str, float] = {}
    for assignment in assignments:
        name, equals, number = assignment.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            equals = ""
        if assignment.startswith("--"):
            raise BadExpression(f"there is no option {name}; --help lists those that there are")
        if not equals or not name.strip().isidentifier():
            raise BadExpression(f"{assignment!r} gives no name a number; write for example x=1.2")
    return found


def node_called(graph: Graph[Any], name: str) -> Any:
    """The node of that name, w111 meaning w₁₁₁ where nothing is called w111; raises NotInGraph if there is none."""
    lowered = name.translate(LOWERED)
    return graph[lowered if lowered in {node.name for node in graph} else name]


def node_to(graph: Graph[Any], name: str | None) -> Any:
    """The node of that name; without a name the first weight, or the only leaf.

    Raises NotInGraph if there is none of that name, or none was given and there are several.
    """
    if name:
        return node_called(graph, name)
    meant = weights_of(graph)[:1] or graph.leaves
    if len(meant) == 1:
        return meant[0]
    names = ", ".join(sorted({leaf.name for leaf in graph.leaves if leaf.name})[:20])
    raise NotInGraph(f"there are {len(graph.leaves)} leaves to derive by; choose one with --to, of: {names}")


def weights_of(graph: Graph[Any]) -> list[Any]:
    """The weights and biases of its neurons, in order."""
    found = [leaf for leaf in graph.leaves if leaf.scope and leaf.scope.enclosing({"neuron"})]
    return sorted(found, key=lambda leaf: indices_of(leaf.name))


def _notes_loss() -> Value:
    from .tour import Tour

    return Tour().loss


def _from_file(file: Path) -> Value:
    try:
        graph = from_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise BadGraphFile(f"cannot read {file}: {why}; write one with to_json(y)") from None
    if len(graph.outputs) != 1:
        raise BadGraphFile(f"{file} holds {len(graph.outputs)} outputs; write a file with one, to_json(y)")
    return graph.outputs[0]

"""Graphs as JSON: written, validated and read. Imports copying, graph, ops, plain, schema, scope and value.

The file says what was recorded, numbers and local derivatives included, so that reading it computes nothing.
"""

from __future__ import annotations

import json
from fractions import Fraction
from math import isfinite
from typing import Any, NoReturn

from .copying import rebuilt
from .errors import BadGraphFile, NotAScalar, NotExact, is_node, shorten
from .graph import Graph, describe
from .ops import TABLE
from .plain import LARGEST, shown
from .schema import SCHEMA, VERSION, problems
from .scope import Scope
from .value import Value

LIMIT = 64_000_000  # characters, about half a million nodes


def to_json(*outputs: Value, indent: int | None = None) -> str:
    """The graph below the outputs as JSON text, which `from_json` reads and `schema.SCHEMA` describes.

    Numbers are written with all their digits; fractions as "1/3", and "inf", "-inf" and "nan", which JSON does not
    have, in quotes. Raises NotAScalar for an output that is no Value.
    """
    for output in outputs:
        if is_node(output) and not isinstance(output, Value):
            raise NotAScalar(f"to_json: {describe(output)} is folded; write the graph that it was folded from")
    graph: Graph[Value] = Graph(*outputs)
    scopes: dict[Scope, int] = {}
    nodes = [_node_data(node, graph, scopes) for node in graph]
    document = {
        "format": "pathgrad graph",
        "version": VERSION,
        "outputs": [graph.index[output] for output in outputs],
        "scopes": [
            {"kind": s.kind, "name": s.name, "outer": None if s.outer is None else scopes[s.outer]} for s in scopes
        ],
        "nodes": nodes,
    }
    return json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)


def _node_data(node: Value, graph: Graph[Value], scopes: dict[Scope, int]) -> dict[str, Any]:
    """One node; what goes without saying is left out. Its scopes are added to `scopes`, outer ones first."""
    said: dict[str, Any] = {"data": _written(node.data)}
    if node.name:
        said["name"] = node.name
    if node.grad is not None:
        said["grad"] = _written(node.grad)
    if node.op is not None:
        said["op"] = node.op.name
        said["operands"] = [
            {"node": graph.index[o]} if isinstance(o, Value) else {"number": _written(o)} for o in node.operands
        ]
        said["partials"] = [None if local is None else _written(local) for local in node.partials]
    if node.scope is not None:
        for scope in reversed(list(node.scope.outward())):
            scopes.setdefault(scope, len(scopes))
        said["scope"] = scopes[node.scope]
    return said


def _written(number: float) -> float | str:
    if isinstance(number, Fraction):
        try:
            return f"{number.numerator}/{number.denominator}"
        except ValueError:  # Python writes no number of more than 4300 digits
            raise NotExact(f"to_json: the fraction {shown(number)} is too long to write; use floats") from None
    number = number if isinstance(number, int) else float(number)
    return number if isfinite(number) else str(number)


def _number(written: Any, where: str) -> Any:
    """What `_written` wrote."""
    if isinstance(written, str):
        return float(written) if written in ("inf", "-inf", "nan") else Fraction(written)
    if isinstance(written, int) and abs(written) >= LARGEST:
        raise BadGraphFile(f"{where} is {shorten(written)}, too large for a float")
    return written


def from_json(text: str, *, limit: int = LIMIT) -> Graph[Value]:
    """The graph that `to_json` wrote: nodes, names, scopes, gradients and local derivatives, its outputs in order.

    Raises BadGraphFile, saying where and why, for text that is longer than `limit` characters, is no JSON or not all
    of it, is of a newer version, does not follow the schema, or refers to nodes in a circle.
    """
    document = _parsed(text, limit)
    for problem in problems(document, SCHEMA):
        raise BadGraphFile(f"this is no pathgrad graph: {problem}")
    scopes: list[Scope] = []
    for place, said in enumerate(document["scopes"]):
        outer = _earlier(said["outer"], scopes, f"scopes[{place}].outer")
        scopes.append(Scope(said["kind"], said["name"], outer=outer))
    nodes: list[Value] = []
    for place, said in enumerate(document["nodes"]):
        nodes.append(_node(said, nodes, scopes, f"nodes[{place}]"))
    return Graph(*(_earlier(output, nodes, f"outputs[{i}]") for i, output in enumerate(document["outputs"])))


def _parsed(text: str, limit: int) -> Any:
    """The document, of a version that is known here."""
    if not isinstance(text, (str, bytes)):
        raise BadGraphFile(f"from_json: given a {type(text).__name__}, expected the text that to_json wrote")
    if len(text) > limit:
        raise BadGraphFile(
            f"this text has {len(text):,} characters and the limit is {limit:,}; "
            f"if you trust it, write from_json(text, limit={len(text)})"
        )
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadGraphFile("this is no pathgrad graph: its brackets are nested too deeply") from None
    except ValueError as error:
        raise BadGraphFile(f"this is not JSON, or not all of it: {error}; was the file cut off?") from None
    if not isinstance(document, dict) or document.get("format") != "pathgrad graph":
        raise BadGraphFile('this is JSON, but no pathgrad graph: expected "format": "pathgrad graph"')
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise BadGraphFile(
            f"this graph is of version {version}, and {VERSION} is the newest known here; update pathgrad"
        )
    return document


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON, write it in quotes")


def _earlier(place: int | None, known: list[Any], where: str) -> Any:
    """The entry at that place, which has to stand before the one that refers to it: so no graph has a cycle."""
    if place is None:
        return None
    if place >= len(known):
        raise BadGraphFile(
            f"{where} refers to number {place}, but only {len(known)} stand before it; "
            "a node comes after all that it was made of, and a graph has no cycles"
        )
    return known[place]


def _node(said: dict[str, Any], nodes: list[Value], scopes: list[Scope], where: str) -> Value:
    operands: list[Any] = []
    for slot, operand in enumerate(said.get("operands", ())):
        at = f"{where}.operands[{slot}]"
        operands.append(_earlier(operand["node"], nodes, at) if "node" in operand else _number(operand["number"], at))
    partials = [None if p is None else _number(p, f"{where}.partials") for p in said.get("partials", ())]
    op = TABLE[said["op"]] if "op" in said else None
    if op is None and operands:
        raise BadGraphFile(f"{where} has operands but no op; a leaf has neither")
    if op is not None and operands and not op.takes(len(operands)):
        raise BadGraphFile(f"{where} applies {op} to {len(operands)} operands; it takes {' '.join(op.operands)}")
    if [isinstance(operand, Value) for operand in operands] != [partial is not None for partial in partials]:
        raise BadGraphFile(f"{where} needs a partial for each operand: a number for a node, null for a number")
    data, scope = _number(said["data"], f"{where}.data"), _earlier(said.get("scope"), scopes, f"{where}.scope")
    data = float(data) if isinstance(data, int) else data
    grad = _number(said["grad"], f"{where}.grad") if "grad" in said else None
    return rebuilt(data, grad, said.get("name", ""), op, scope, operands, partials)

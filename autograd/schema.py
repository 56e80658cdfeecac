"""What a graph file looks like, as a JSON Schema, and whether a document follows it. Imports ops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .errors import shorten
from .ops import TABLE

VERSION = 1
PLACE = {"type": "integer", "minimum": 0}
NUMBER = {"type": ["number", "string"], "pattern": r"^(-?inf|nan|-?[0-9]{1,4000}/0*[1-9][0-9]{0,3999})\Z"}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A pathgrad graph: nodes in topological order, each referring to its operands by their places",
    "type": "object",
    "required": ["format", "version", "outputs", "scopes", "nodes"],
    "additionalProperties": False,
    "properties": {
        "format": {"enum": ["pathgrad graph"]},
        "version": {"type": "integer", "enum": [VERSION]},
        "outputs": {"type": "array", "items": PLACE},
        "scopes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "name", "outer"],
                "additionalProperties": False,
                "properties": {
                    "kind": {"type": "string"},
                    "name": {"type": "string"},
                    "outer": {"type": ["integer", "null"], "minimum": 0},
                },
            },
        },
        "nodes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["data"],
                "additionalProperties": False,
                "properties": {
                    "data": NUMBER,
                    "grad": NUMBER,
                    "name": {"type": "string"},
                    "scope": PLACE,
                    "op": {"enum": list(TABLE)},
                    "operands": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "minProperties": 1,
                            "maxProperties": 1,
                            "additionalProperties": False,
                            "properties": {"node": PLACE, "number": NUMBER},
                        },
                    },
                    "partials": {"type": "array", "items": {**NUMBER, "type": ["number", "string", "null"]}},
                },
            },
        },
    },
}

TYPES: Mapping[str, Any] = {
    "object": lambda given: isinstance(given, dict),
    "array": lambda given: isinstance(given, list),
    "string": lambda given: isinstance(given, str),
    "null": lambda given: given is None,
    "number": lambda given: isinstance(given, (int, float)) and not isinstance(given, bool),
    "integer": lambda given: isinstance(given, int) and not isinstance(given, bool),
}


def problems(given: Any, schema: Mapping[str, Any], where: str = "the document") -> Iterator[str]:
    """Where and how `given` departs from the schema, in the words of JSON Schema that `SCHEMA` uses.

    It goes as deep as the schema, whatever it is given.
    """
    if "enum" in schema and given not in schema["enum"]:
        yield f"{where} is {shorten(given)}, expected {_any_of(schema['enum'])}"
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(TYPES[kind](given) for kind in kinds):
        yield f"{where} is {shorten(given)}, expected {' or '.join(kinds)}"
        return
    if isinstance(given, str) and not re.search(schema.get("pattern", ""), given):
        yield f'{where} is {shorten(given)}, expected a number, "1/3", "inf", "-inf" or "nan"'
    if TYPES["number"](given) and given < schema.get("minimum", given):
        yield f"{where} is {given}, expected {schema['minimum']} or more"
    if isinstance(given, list):
        for place, entry in enumerate(given):
            yield from problems(entry, schema.get("items", {}), f"{_inside(where)}[{place}]")
    if isinstance(given, dict):
        yield from _of_object(given, schema, where)


def _of_object(given: dict[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    missing = [key for key in schema.get("required", ()) if key not in given]
    if missing:
        yield f"{where} lacks {', '.join(map(repr, missing))}"
    if not schema.get("minProperties", 0) <= len(given) <= schema.get("maxProperties", len(given)):
        yield f"{where} is {shorten(given)}, expected one of {', '.join(map(repr, known))}"
    for key, entry in given.items():
        if key not in known:
            yield f"{where} has {shorten(key)}, which is not known here"
        else:
            yield from problems(entry, known[key], f"{_inside(where)}.{key}".lstrip("."))


def _inside(where: str) -> str:
    return "" if where == "the document" else where


def _any_of(choices: list[Any]) -> str:
    return " or ".join(map(repr, choices)) if len(choices) < 3 else f"one of {', '.join(map(str, choices))}"

"""Expressions typed as text, such as "x*y + sin(x)", made into graphs.

Imports ops, plain, readings.values and value.

The text is parsed, never executed: numbers, names, + - * / **, and the functions of the table are all there is.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from .errors import BadExpression, shorten
from .ops import TABLE
from .plain import as_exponent, as_float
from .readings.values import VALUES, applied
from .value import ARITHMETIC, SLOPE, Value

LONGEST = 10_000  # characters
CONSTANTS = {"pi": math.pi, "e": math.e}
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.USub: "neg",
}  # fmt: skip
FUNCTIONS = {name: op for name, op in TABLE.items() if name == "abs" or name not in (*ARITHMETIC, "weighted_sum")}


def expression_of(text: str, names: Mapping[str, Value]) -> Value:
    """The graph that the text says, its names being these Values, `pi` or `e`.

    Raises BadExpression, pointing at the place, for anything that is no such expression.
    """
    if not isinstance(names, Mapping):
        raise BadExpression(f"the names are {shorten(names)}, expected a Value for each; write {{'x': Value(1.0)}}")
    made: list[Any] = []
    for node in _postorder(_parsed(text)):
        made.append(_apply(node, made, names, text))
    return made[0] if isinstance(made[0], Value) else Value(made[0])


def names_in(text: str, *, constants: bool = False) -> list[str]:
    """The names that an expression asks a value for, in order of appearance; with `constants` pi and e as well.

    Raises BadExpression as `expression_of` does.
    """
    found = [node.id for node in _postorder(_parsed(text)) if isinstance(node, ast.Name)]
    return [name for name in dict.fromkeys(found) if constants or name not in CONSTANTS]


def _parsed(text: str) -> ast.expr:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise BadExpression(f"an expression is a text of at most {LONGEST:,} characters, such as 'x*y + sin(x)'")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (RecursionError, MemoryError):
        raise BadExpression("this expression is nested too deeply; name its parts and write them one by one") from None
    except (SyntaxError, ValueError) as error:
        place = getattr(error, "offset", None)
        at = f" at character {place}, before {text.strip()[place - 1 :][:10]!r}" if place else ""
        raise BadExpression(f"{shorten(text)} is no expression{at}; write for example 'x*y + sin(x)'") from None


def _postorder(root: ast.expr) -> list[ast.expr]:
    """The operations, each after its operands; a stack of our own, since an expression may be thousands deep."""
    order: list[ast.expr] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        stack += _operands(node)
    return order[::-1]


def _operands(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return list(node.args) if isinstance(node, ast.Call) else []


def _apply(node: ast.expr, made: list[Any], names: Mapping[str, Value], text: str) -> Any:
    """What the node is, its operands having been taken from the end of `made`."""
    count = len(_operands(node))
    operands = made[len(made) - count :]
    del made[len(made) - count :]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return as_float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return _named(node.id, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not isinstance(operands[1], Value):
        as_exponent(operands[1], shorten(text))
    if isinstance(node, (ast.BinOp, ast.UnaryOp)) and type(node.op) in OPERATORS:
        return VALUES[OPERATORS[type(node.op)]](*operands)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
        return operands[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, operands)
    piece = ast.get_source_segment(text.strip(), node) or text
    hint = "write ** for powers" if "^" in piece else "numbers, names, + - * / **, and functions of the table only"
    raise BadExpression(f"{shorten(piece)} is not part of an expression here: {hint}")


def _named(name: str, names: Mapping[str, Value]) -> Any:
    if name in names:
        if not isinstance(names[name], Value):
            raise BadExpression(f"{name} is {shorten(names[name])}, expected a Value; write Value(…) for it")
        return names[name]
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in FUNCTIONS:
        raise BadExpression(f"{name} is a function; write {name}(…)")
    raise BadExpression(f"{name} has no value; give it one, as in {name}=0.5")


def _called(name: str, operands: list[Any]) -> Any:
    op = FUNCTIONS.get(name)
    if op is None:
        raise BadExpression(f"there is no function {name}; there are {', '.join(sorted(FUNCTIONS))}")
    if op.name == "leaky_relu" and len(operands) == 1:
        operands = [*operands, SLOPE]
    if not op.takes(len(operands)):
        raise BadExpression(f"{name} cannot take {len(operands)} operands; it takes {' '.join(op.operands)}")
    return applied(name)(*([operands] if op.takes_lists else operands))

"""The command check: an expression against other methods, or a homework file against every usual mistake.

Imports autograd, nn, commands and given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from autograd import BadExpression, WrongShape

from .commands import Numbers

HOMEWORK = "For a homework file"  # the panel of help that its options stand in


def option(says: str, *names: str) -> Any:
    """An option of a homework file."""
    return typer.Option(*names, help=says, rich_help_panel=HOMEWORK)


def check(
    source: Annotated[str, typer.Argument(help="Such as 'x*y + sin(x)', or a file such as homework.py.")],
    values: Numbers = None,
    network: Annotated[str | None, option("The widths of all layers, such as 3,4,1.")] = None,
    activation: Annotated[str | None, option("Of the hidden layers: sigmoid, tanh, relu, …")] = None,
    output: Annotated[str | None, option("The last activation; that of the loss unless given.")] = None,
    loss: Annotated[str | None, option("binary_cross_entropy, cross_entropy, squared_error or hinge.")] = None,
    penalty: Annotated[str | None, option("What weights cost: l2 or l1.")] = None,
    strength: Annotated[float | None, option("How much they cost: strength · Σ w² or strength · Σ |w|.")] = None,
    examples: Annotated[int | None, option("How many there are in the first calls.")] = None,
    seed: Annotated[int | None, option("Another one for other numbers.")] = None,
    time: Annotated[float | None, option("Seconds after which the file is stopped.")] = None,
    as_json: Annotated[bool, option("Print the report as JSON, for graders.", "--json")] = False,
) -> None:
    """Compare the derivatives of an expression with forward mode, a complex step, differences and mpmath.

    Or check a homework file: its grads(params, X, Y) returns the loss and a dict of gradients, W1, b1, W2, b2, ….

    It runs with your rights. What is wrong is told array by array, and the mistake that gives these numbers is named.

    Exit code 0 if no method contradicts the sweep, or the homework is right; 1 if not; 2 for what cannot be read.
    """
    chosen = {
        "sizes": None if network is None else _sizes(network),
        "activation": activation,
        "output": output,
        "loss": loss,
        "penalty": penalty,
        "strength": strength,
        "examples": examples,
        "seed": seed,
    }
    exercise = {name: setting for name, setting in chosen.items() if setting is not None}
    if source.endswith(".py"):
        _homework(source, values or (), exercise, time, as_json)
    elif exercise or as_json or time is not None:
        raise WrongShape(
            f"{source!r} is no homework file, and only one takes these options; write for example homework.py"
        )
    else:
        _expression(source, values or ())


def _expression(source: str, values: Sequence[str]) -> None:
    from autograd import check as compare

    from .given import output_of

    found = compare(output_of(source, values))
    print(found)
    if not found:
        sys.exit(1)


def _homework(file: str, values: Sequence[str], exercise: dict[str, Any], time: float | None, as_json: bool) -> None:
    from nn import Exercise, check_homework

    from .files import at_home
    from .given import numbers

    if given := numbers(values):
        raise BadExpression(f"{', '.join(given)}: numbers go with an expression, and {file} is a file")
    limit = {} if time is None else {"seconds": time}
    marks = check_homework(at_home(file), Exercise(**exercise), **limit)
    print(json.dumps({"file": file, **marks.as_data()}, indent=1, ensure_ascii=False) if as_json else marks)
    if not marks:
        sys.exit(1)


def _sizes(network: str) -> tuple[int, ...]:
    """3,4,1 or 3-4-1 as widths."""
    try:
        return tuple(int(width) for width in network.replace("-", ",").split(","))
    except ValueError:
        raise WrongShape(f"--network: given {network!r}, expected whole numbers; write for example 3,4,1") from None

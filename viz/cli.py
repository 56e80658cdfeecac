"""The command `pathgrad`. Imports everything below; turns what pathgrad refuses into one line and exit code 2."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from autograd import BadExpression, PathgradError, Value

app = typer.Typer(
    help="See back-propagation: every path from the loss to a weight, the product along each, and the sum.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def options(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Options of the command itself, before any subcommand."""
    if show_version:
        print(f"pathgrad {version('pathgrad')}")
        raise typer.Exit


@app.command()
def tour(
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write the pictures and the page to.")] = Path(
        "tour"
    ),
) -> None:
    """Run the notes' 4-3-2-1 network forward and backward, and show ∂L/∂w₁₁₁ as the sum of its two paths.

    Prints the lesson, and writes tour.svg (neurons), tour-scalar.svg (every + and ×) and tour.html (all of it).
    """
    from .files import write_all
    from .render.html import page
    from .render.text import story_text
    from .tour import Tour, story

    out = out.expanduser()
    facts = Tour()
    told = story(facts)
    files = {
        out / "tour.svg": facts.neuron_drawing.svg,
        out / "tour-scalar.svg": facts.scalar_drawing.svg,
        out / "tour.html": page(told),
    }
    write_all(files)
    print(story_text(told))
    print("written:")
    for path in files:
        print(f"  {path}")


@app.command()
def ops(
    names: Annotated[list[str] | None, typer.Argument(help="Primitives, such as tanh; all of them if none.")] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, markdown, or latex (a whole document).")] = "text",
) -> None:
    """Print the table of primitives as a page of calculus: each result, its derivatives, and where it is smooth."""
    from .calculus import page

    print(page(names or (), form))


@app.command(context_settings={"ignore_unknown_options": True})  # so that an expression may begin with a minus
def check(
    expression: Annotated[str, typer.Argument(help="What to differentiate, such as 'x*y + sin(x)'.")],
    values: Annotated[list[str] | None, typer.Argument(help="A number for each name: x=1.2 y=0.7")] = None,
) -> None:
    """Compare the derivatives of an expression with forward mode, a complex step, differences and mpmath.

    Exit code 0 if no method contradicts the sweep, 1 if one does, 2 for what cannot be read.
    """
    from autograd import check as compare
    from autograd import expression_of, names_in

    given = _numbers(values or [])
    y = expression_of(expression, {name: Value(number, name) for name, number in given.items()})
    asked = names_in(expression, constants=True)
    if unused := [name for name in given if name not in asked]:
        raise BadExpression(f"{expression!r} does not use {', '.join(unused)}; leave that out")
    if not given:
        raise BadExpression(f"{expression!r} has no names to differentiate by; write for example 'x*y + sin(x)'")
    found = compare(y)
    print(found)
    if not found:
        sys.exit(1)


def _numbers(assignments: list[str]) -> dict[str, float]:
    """x=1.2 y=0.7 as names and numbers."""
    found: dict[str, float] = {}
    for assignment in assignments:
        name, equals, number = assignment.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals or not name.strip().isidentifier():
            raise BadExpression(f"{assignment!r} gives no name a number; write for example x=1.2")
    return found


def main() -> None:
    """Run the command line; the console script `pathgrad` points here."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without Unicode gets question marks, not a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
        sys.stdout.flush()  # so that a full disk is met here, and not when the interpreter ends
    except PathgradError as error:
        print(f"pathgrad: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"pathgrad: cannot print: {error.strerror}", file=sys.stderr)
        os._exit(2)  # past the interpreter's own attempt to print what is left

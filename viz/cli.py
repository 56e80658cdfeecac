"""The command `pathgrad`. Imports everything below; turns what pathgrad refuses into one line and exit code 2."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from autograd import PathgradError

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

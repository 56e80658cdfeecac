"""The command `pathgrad`. Imports everything below; turns what pathgrad refuses into one line and exit code 2."""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from autograd import PathgradError, WrongShape, require_choice

from . import checking, commands, learning
from .commands import Level, Numbers, Source
from .stepper import Stepper

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
    from .files import at_home, write_all
    from .render.html import page
    from .render.text import story_text
    from .tour import Tour, story

    out = at_home(out)
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


# So that an expression may begin with a minus.
EXPRESSION = {"ignore_unknown_options": True}


check = app.command(context_settings=EXPRESSION)(checking.check)


@app.command(context_settings=EXPRESSION)
def paths(
    source: Source = None,
    values: Numbers = None,
    to: Annotated[str | None, typer.Option(help="The name to derive by; w111 is read as w₁₁₁.")] = None,
    level: Level = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help="table, or the derivation as text, markdown or latex.")
    ] = "table",
    names: Annotated[str, typer.Option(help="graph, or notes for the names of the notes' chain rule.")] = "graph",
) -> None:
    """Show a derivative as the sum over its paths: each path, its product, and how much it covers."""
    from autograd import paths as all_paths

    from .derivation import derivation
    from .given import graph_of, node_to
    from .show import NAMES

    graph = graph_of(source, values or [], level)
    y, x = graph.outputs[0], node_to(graph, to)
    require_choice("format", form, PATH_FORMS)
    require_choice("scheme of names", names, NAMES)
    print(all_paths(y, x) if form == "table" else getattr(derivation(y, x, names=names), form))


PATH_FORMS = ("table", "text", "markdown", "latex")


@app.command(context_settings=EXPRESSION)
def steps(
    source: Source = None,
    values: Numbers = None,
    wrt: Annotated[list[str] | None, typer.Option(help="Only what the derivatives by these names need.")] = None,
    level: Level = None,
    start: Annotated[int, typer.Option(min=0, help="The step to begin with.")] = 0,
    listed: Annotated[bool, typer.Option("--list", help="Print all steps, as when the output is piped.")] = False,
) -> None:
    """Play the reverse sweep one multiplication at a time: keys to go back and forth, or a list when piped."""
    from autograd import steps as all_steps

    from .given import graph_of, node_called, weights_of

    graph = graph_of(source, values or [], level)
    targets = [node_called(graph, name) for name in wrt] if wrt else weights_of(graph) or None
    told = all_steps(graph.outputs[0], targets)
    if start > len(told):
        raise WrongShape(f"--start {start}: there are {len(told)} steps")
    if listed or not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        for n in range(start, len(told) + 1):
            print(f"{n:>{len(str(len(told)))}}  {told.sentence(n)}")
    else:
        _play(Stepper(told, start))


# Marks stand beside the colours, so nothing is said by colour alone.
STYLES = {"head": "dim", "said": "bold", "from": "bold red", "to": "bold blue", "plain": "", "quiet": "dim"}


def _play(stepper: Stepper) -> None:
    """One screen a step, until the reader leaves; the terminal is then as it was."""
    from rich.console import Console
    from rich.text import Text

    from .keys import pressed

    console = Console()

    def shown() -> Text:
        lines = (Text(line, STYLES[style]) for line, style in stepper.screen(console.width, console.height))
        return Text("\n").join(lines)

    with console.screen(hide_cursor=True) as screen, pressed() as keys, suppress(KeyboardInterrupt):
        screen.update(shown())
        for key in keys:
            if not stepper.press(key):
                break
            screen.update(shown())


@app.command(context_settings=EXPRESSION)
def quiz(
    source: Source = None,
    values: Numbers = None,
    count: Annotated[int, typer.Option(help="How many questions.")] = 10,
    seed: Annotated[int, typer.Option(help="Another one for other questions; the same for the same ones.")] = 0,
    level: Level = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, markdown, latex or html.")] = "text",
    key: Annotated[bool, typer.Option("--key/--no-key", help="With the answers at the end, or without.")] = True,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; .txt, .md, .tex or .html says the format.")
    ] = None,
) -> None:
    """Make a worksheet with questions about a graph, whose wrong answers are those of usual mistakes, and its key."""
    from autograd import quiz as made_of

    from .files import at_home, write_all
    from .given import graph_of
    from .worksheet import form_of, worksheet

    out = out and at_home(out)
    form = form_of(out) if out else form
    written = worksheet(made_of(graph_of(source, values or [], level).outputs[0], count=count, seed=seed), form, key)
    if out:
        write_all({out: written})
        print(f"written: {out}")
    else:
        print(written, end="")


app.command(context_settings=EXPRESSION)(commands.draw)
app.command(context_settings=EXPRESSION)(commands.beside)
app.command()(commands.figures)
app.command()(learning.train)


def _say(message: Warning | str, *_: object, **__: object) -> None:
    """A warning as one line; where in the program it was given is of no use here."""
    print(f"pathgrad: {message}", file=sys.stderr)


def main() -> None:
    """Run the command line; the console script `pathgrad` points here."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without Unicode gets question marks, not a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    warnings.showwarning = _say
    try:
        app()
        sys.stdout.flush()  # so that a full disk is met here, and not when the interpreter ends
    except PathgradError as error:
        print(f"pathgrad: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"pathgrad: cannot print: {error.strerror}", file=sys.stderr)
        os._exit(2)  # past the interpreter's own attempt to print what is left

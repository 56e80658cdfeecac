"""The command that trains a network, train. Imports autograd, files and nn, and when it runs report and trained."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .trained import Trained

NOTHING = "none"  # said for no hidden layers

SETS = "moons, circles, spirals, phones, digits, mnist, breast_cancer, housing or diabetes"
Source = Annotated[str, typer.Argument(help=f"A set by its name, {SETS}; or a FILE.csv.", show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The folder to write to; else named after the data.")]
Target = Annotated[str | None, typer.Option(help="The column of a file that is to be learnt; else the last.")]
Features = Annotated[str | None, typer.Option(help="The columns to learn from, with commas; else all others.")]
Missing = Annotated[str, typer.Option(help="Empty cells of a file: refuse, drop (their rows) or mean.")]
Widths = Annotated[str | None, typer.Option(help="Neurons of each hidden layer, such as 16,16; or none.")]
Activation = Annotated[str | None, typer.Option(help="Of the hidden layers: tanh, relu, sigmoid and others.")]
Optimiser = Annotated[str | None, typer.Option(help="sgd, momentum, nesterov, rmsprop or adam.")]
Rate = Annotated[float | None, typer.Option(help="The learning rate.")]
Epochs = Annotated[int | None, typer.Option(help="How many, at most.")]
Batch = Annotated[int | None, typer.Option(help="Examples for one update.")]
Strength = Annotated[float | None, typer.Option(help="Of the penalty on large weights.")]
HeldOut = Annotated[float, typer.Option("--held-out", help="The share of the examples that judges the network.")]
Seed = Annotated[int, typer.Option(help="Of weights, split and order; the same for the same numbers.")]
Engine = Annotated[str, typer.Option(help="program; or vectorised or scalar, the same numbers and slower.")]


def train(
    source: Source,
    out: Out = None,
    target: Target = None,
    features: Features = None,
    missing: Missing = "refuse",
    widths: Widths = None,
    activation: Activation = None,
    optimiser: Optimiser = None,
    rate: Rate = None,
    epochs: Epochs = None,
    batch: Batch = None,
    strength: Strength = None,
    held_out: HeldOut = 0.2,
    seed: Seed = 0,
    engine: Engine = "program",
) -> None:
    """Train a network on data, judge it by examples it never saw, and write the model, a report and pictures.

    What is not said suits the data. Interrupted, by Ctrl-C or worse, it goes on when the same line is run again.
    """
    from nn import cookbook

    from .files import at_home
    from .trained import Trained

    dish = cookbook.dish_of(source, target=target, features=features and features.split(","), missing=missing)
    said = {"activation": activation, "optimiser": optimiser, "rate": rate, "epochs": epochs, "batch": batch,
            "strength": strength, "widths": None if widths is None else widths_of(widths)}  # fmt: skip
    recipe = dish.recipe.but(seed=seed, **{name: given for name, given in said.items() if given is not None})
    learn, test = dish.data().split(held_out, seed)
    folder = at_home(out or learn.name.replace(" ", "-"))
    checkpoint = folder / "unfinished.npz"
    fitted = recipe.fit(learn, engine=engine, checkpoint=checkpoint)
    linear = fitted if recipe.widths == () else recipe.but(widths=()).fit(learn)
    _tell(Trained(fitted, test, linear), folder, shlex.join(["pathgrad", *sys.argv[1:]]))
    if fitted.history.stopped.startswith("interrupted"):
        print(f"interrupted: run the same line again to go on from {checkpoint}", file=sys.stderr)
    else:
        checkpoint.unlink(missing_ok=True)


def widths_of(text: str) -> tuple[int, ...]:
    """16,8 as numbers; raises BadSetting for anything else."""
    from nn import BadSetting

    if text == NOTHING:
        return ()
    pieces = text.split(",")
    if not all(piece.strip().isdecimal() for piece in pieces):
        raise BadSetting(
            f"--widths: given {text}, expected numbers with commas between them, such as 16,16, or {NOTHING}"
        )
    return tuple(map(int, pieces))


def _tell(trained: Trained, folder: Path, again: str) -> None:
    """Print the report, and write it with everything that belongs to it."""
    from autograd import NotInstalled

    from .files import write_all
    from .render.html import page
    from .render.text import story_text
    from .report import report
    from .trained import pictures

    try:
        plots, note = pictures(trained), ""
    except NotInstalled as error:
        plots, note = {}, f"no pictures: {error}"
    told = report(trained, plots, again)
    files: dict[Path, str | bytes] = {
        folder / "report.html": page(told),
        folder / "history.csv": trained.fitted.history.csv,
        **{folder / f"{name}.svg": plot.svg for name, plot in plots.items()},
    }
    write_all(files)
    trained.fitted.net.save(folder / "model.json")
    print(story_text(told))
    print("written:")
    for path in (folder / "model.json", *files):
        print(f"  {path}")
    if note:
        print(note)
    print(trained.verdict)

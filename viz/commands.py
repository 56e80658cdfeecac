"""The commands that make pictures and pages: draw, beside and figures.

Imports autograd, and when they run beside, draw, drawing, files, gallery, given and levels.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

Source = Annotated[
    str | None,
    typer.Argument(
        help="What to work on, 'f = 2*x; g = tanh(x); f*g' or a .json file of to_json; else the notes' network."
    ),
]
Numbers = Annotated[list[str] | None, typer.Argument(help="A number for each name: x=1.2 y=0.7")]
Level = Annotated[
    str | None, typer.Option(help="scalar, neuron, layer or equations; neurons where the graph has some.")
]
Theme = Annotated[str, typer.Option(help="light, dark, print or contrast.")]
Size = Annotated[str, typer.Option(help="natural, slide, page or notebook.")]


def draw(
    source: Source = None,
    values: Numbers = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The file, .svg, .png, .pdf, .dot, .mmd, .tikz, .tex, .json or .txt; else text is printed.",
        ),
    ] = None,
    to: Annotated[str | None, typer.Option(help="Show the paths to this name; w111 is read as w₁₁₁.")] = None,
    level: Level = None,
    edges: Annotated[
        str, typer.Option(help="On arrows: local, symbol, formula, contribution, weight or none.")
    ] = "local",
    names: Annotated[str, typer.Option(help="graph, or notes for the names of the notes' chain rule.")] = "graph",
    digits: Annotated[int, typer.Option(help="Significant digits of each number.")] = 4,
    collapse: Annotated[bool, typer.Option("--collapse", help="Draw what is repeated once, with a count.")] = False,
    direction: Annotated[str | None, typer.Option(help="right or down, from the inputs to the output.")] = None,
    size: Size = "natural",
    theme: Theme = "light",
) -> None:
    """Draw the graph of an expression with its values, gradients and local derivatives, and the paths to a name."""
    from autograd import Graph, paths

    from .draw import draw as drawn
    from .given import node_called, output_of
    from .levels import usual_level

    y = output_of(source, values or [])
    if y.grad is None:
        y.backward()
    drawing = drawn(
        y,
        level=level or usual_level(y),
        highlight=paths(y, node_called(Graph(y), to)) if to else None,
        edges=edges,
        names=names,
        digits=digits,
        collapse=collapse,
        direction=direction,
        size=size,
        theme=theme,
    )
    if out:
        print(f"written: {drawing.save(out)}")
    else:
        print(drawing.text, end="")


# What the tour's example has beside it, so that sums over the examples have several terms.
OTHERS = {"x₁": (-1.0, 0.8), "x₂": (0.4, 1.2), "x₃": (1.5, -0.6), "x₄": (-0.3, 0.1), "y": (0.0, 1.0)}


def beside(
    source: Source = None,
    values: Numbers = None,
    batch: Annotated[
        str | None, typer.Option(help="The names that are other numbers in each example, x,y; else all but weights.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.")] = Path("beside.html"),
) -> None:
    """Write a page of the vectorised program beside the scalar graph: which entry is which scalar, both ways.

    It shows entry by entry where rows meet columns, and where the transpose comes from.
    """
    from autograd import Graph, vectorize

    from .beside import beside as page_of
    from .given import node_called, output_of, weights_of

    y = output_of(source, values or [])
    graph = Graph(y)
    weights = set(weights_of(graph))
    if batch is not None:
        leaves = [node_called(graph, name.strip()) for name in batch.split(",")]
    else:
        leaves = [leaf for leaf in graph.leaves if leaf not in weights] if weights else []
    examples = [[leaf.data, *OTHERS[leaf.name]] for leaf in leaves] if source is None and batch is None else None
    page = page_of(vectorize(y, leaves or None, kind="arrays"), examples)
    print(f"written: {page.save(out)}")


def figures(
    names: Annotated[list[str] | None, typer.Argument(help="Figures, such as two_paths; all of them if none.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder to write them to; else they are listed.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="svg, png, pdf and others; else svg, and png for plots.")
    ] = None,
    size: Size = "natural",
    theme: Theme = "light",
    gallery: Annotated[bool, typer.Option("--gallery", help="Write all, and a page that shows them.")] = False,
) -> None:
    """Draw the figures of the lecture notes, or list what there is."""
    from autograd import WrongShape, require_choice

    from .files import at_home, write_all
    from .gallery import captions, usual_ending, write_gallery, written

    known = captions()
    for name in names or ():
        require_choice("figure", name, known)
    chosen = form or (size, theme) != ("natural", "light")
    if gallery and (names or chosen or out is None):
        raise WrongShape("--gallery writes all figures, each in its own format, to a folder; write --gallery -o docs")
    if chosen and out is None:
        raise WrongShape("--format, --size and --theme are for files; say where to write them, with -o FOLDER")
    if out is None:
        width = max(map(len, known))
        print("\n".join(f"{name:<{width}}  {known[name]}" for name in names or known))
        return
    out = at_home(out)
    if gallery:
        files = write_gallery(out, _telling)
    else:
        made: dict[Path, str | bytes] = {}
        for name in names or known:
            _telling(name)
            ending = f".{form.lower().lstrip('.')}" if form else usual_ending(name)
            made[out / f"{name.replace('_', '-')}{ending}"] = written(name, ending, theme, size)
        write_all(made)
        files = list(made)
    _telling("")
    print(f"written: {len(files)} files to {out}" if len(files) > 1 else f"written: {files[0]}")


def _telling(name: str) -> None:
    """Which figure is being drawn, for those who wait at a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[Kdrawing {name}" if name else "\r\033[K", end="", file=sys.stderr, flush=True)

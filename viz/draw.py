"""A graph, and the paths to be spoken of, as a Drawing. Imports autograd, levels, selection, show and what sketches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Paths, WrongShape, require_choice

from .copies import copies_picture
from .drawing import Drawing
from .equations import equations_picture
from .levels import graph_at
from .picture import ENDS, Direction, Picture
from .render.paper import SIZES
from .selection import Part, require_drawable
from .show import Show
from .sketch import Sketch
from .stacks import stacks_picture
from .theme import LIGHT, Theme, theme_of


def draw(
    y: Any,
    *,
    level: str = "scalar",
    folded: Sequence[str] = (),
    opened: Sequence[str] = (),
    collapse: bool = False,
    highlight: Paths[Any] | None = None,
    around: Any = None,
    radius: int = 2,
    between: tuple[Any, Any] | None = None,
    only: str = "all",
    also: Sequence[Any] = (),
    values: bool = True,
    gradients: bool = True,
    edges: str = "local",
    names: str = "graph",
    digits: int = 4,
    budget: bool = False,
    reuse: bool = False,
    direction: str | None = None,
    size: str = "natural",
    theme: Theme | str = LIGHT,
) -> Drawing:
    """Draw the graph of `y`: every scalar, only what leaves a neuron, layers with matrices between, or their equations.

    Scopes named in `folded` are folded at any level, those in `opened` at none: `level="neuron", opened=["h₂₁"]` looks
    into one neuron. With `collapse` what is repeated is drawn once, with a count: the examples of a batch, and, at the
    level "layer", layers alike.

    `highlight=paths(y, w)` gives each path a colour and a dash, and a legend that multiplies each out and
    adds them up; of very many paths the largest are shown, and the legend says how many there are. Narrowed down,
    `paths(y, w).through(h)`, it shows those.

    Of a large graph a part is drawn: what is `around` a node, so many edges away, what lies `between` two, or
    `only="paths"`, those that are highlighted, or only="gradient", what carries one that is not 0. What of these are
    given must all hold. Where neurons are drawn their weights are left out, but those that are asked for with `also`.

    `values`, `gradients` and `edges` say what is written down: on the arrows the "local" derivative, its "symbol" or
    its "formula", the "contribution" it makes, the "weight" there, or "none". With `budget` the width of an arrow is
    its share of the largest contribution, dashed where it is negative, so that one sees what cancels. With `reuse` a
    node says how often its gradient is used. `names="notes"` writes w¹₁₁ and o₃₁.

    `size` is "natural", or "slide", "page" or "notebook", which the picture is fitted into, with a warning where its
    text gets too small to read. The `direction` is "right" or "down", from the inputs to the output; unless it is
    chosen, a natural picture goes to the right, and another one where its text stays larger.

    `theme` is "light", "dark", "print" (no colour), "contrast", or one of your own.

    Raises UnknownChoice for a level or another choice that does not exist, or a level that the graph has no scopes for,
    WrongShape for digits or a radius that are no whole number, or two nodes with nothing between, and for choices
    that a level does not know, TooMany for more than 10,000 nodes, and NotInGraph if there are no such paths, or for a
    node that is folded away at this level.
    """
    theme, show = theme_of(theme), Show(values, gradients, edges, names, digits, budget, reuse)
    part = Part(highlight, around, radius, between, only, also)
    require_choice("size", size, SIZES)
    if direction is not None:
        require_choice("direction", direction, ENDS)

    def sketched(toward: Direction) -> Picture:
        if level == "equations":
            return equations_picture(y, toward, collapse)
        if level == "layer":
            return stacks_picture(y, theme.signs, toward, collapse)
        graph = graph_at(y, level, folded, opened)
        if collapse:
            return copies_picture(graph, level, show, toward)
        sketch = Sketch(graph, level, part, show, len(theme.strands))
        require_drawable(len(sketch.nodes), level)
        return sketch.picture(toward)

    if level in ("layer", "equations"):
        if not part.is_whole or folded or opened or show != Show():
            raise WrongShape(
                f"level {level!r}: a weight is an entry of a matrix there, and of the choices only collapse, theme, "
                "size and direction are known; write level='neuron' for others"
            )
    elif collapse and (not part.is_whole or budget or reuse):
        raise WrongShape(
            "collapse=True: what is alike is one box there, with no single nodes, no budget and no reuse to speak of; "
            "leave collapse out"
        )
    if direction or size == "natural":
        return Drawing(sketched("down" if direction == "down" else "right"), theme, size)
    either: tuple[Direction, ...] = ("right", "down")
    return max((Drawing(sketched(toward), theme, size) for toward in either), key=lambda drawing: drawing.smallest_text)

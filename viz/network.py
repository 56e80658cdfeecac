"""A network that has not run yet, or widths alone, as a Drawing. Imports autograd, nn, diagram, layers and show."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

from autograd import NotAName, WrongShape, require_choice, shorten
from nn import MLP

from .diagram import Diagram, Plan, Scheme, Sign
from .drawing import Drawing
from .layers import WRITTEN
from .show import Show
from .theme import LIGHT, Theme, theme_of
from .typeset import clean

LONGEST = 10  # characters in a circle


def network(
    net: MLP | Sequence[int],
    *,
    weights: str = "names",
    matrices: str = "names",
    names: str | Scheme = "graph",
    activation: str = "",
    output: str = "",
    highlight: str = "",
    digits: int = 4,
    theme: Theme | str = LIGHT,
    size: str = "natural",
) -> Drawing:
    """Draw a network that need not have run: its inputs, its neurons layer by layer, and what it multiplies with.

    `net` is an MLP, or the widths of one with biases, inputs first: `network([100, 10, 10, 4])`. Of a layer of more
    than six neurons the first two and the last are drawn.

    `weights` says what stands on the arrows, and as biases in the circles: "names", "values" or "none"; between
    layers with more than 16 arrows nothing does. `matrices` says what stands below: the same, or "shapes" alone.
    `names` is "graph", where w₁₂₃ leads in layer 1 to neuron 2 from input 3, or "notes", where the same is w¹₃₂ and
    the matrices have a row for each source; or a function that takes w₁₂₃ apart, as `nn.in_notes` does.

    `activation` and `output` are the functions to be written, if not the network's own, such as "f" or "softmax".
    `highlight="h₁₁"` speaks of one neuron: its arrows have labels, others fade. `theme` and `size` are as in `draw`.

    Raises WrongShape for what is neither a network nor widths, and for values where there are only widths;
    UnknownChoice for a choice that does not exist; NotAName for a function that is no short text; NotInGraph for a
    neuron that is not drawn.
    """
    theme = theme_of(theme)
    require_choice("text on arrows", weights, ("names", "values", "none"))
    require_choice("content of matrices", matrices, ("names", "values", "shapes", "none"))
    show = Show(names="graph" if callable(names) else names, digits=digits)
    _expect_short("activation", activation)
    _expect_short("output", output)
    plan = _planned(net, activation, output)
    if not plan.neurons and "values" in (weights, matrices):
        raise WrongShape(
            f"network({shorten(net)}): widths have no values; give an MLP, such as MLP(4, [3, 2, 1]), or write 'names'"
        )
    diagram = Diagram(plan, weights, matrices, show, names if callable(names) else None, highlight)
    return Drawing(diagram.picture(), theme, size)


def _planned(net: Any, activation: str, output: str) -> Plan:
    if isinstance(net, MLP):
        *hidden, last = net.activations
        told = [*([activation] * len(hidden) if activation else hidden), output or last]
        neurons = [layer.neurons for layer in net.layers]
        return Plan(tuple(net.sizes), _signs(told), bool(net.bias), neurons, shared=net.bias == "shared")
    sizes: list[int] = list(net) if isinstance(net, list | tuple) else []
    if len(sizes) < 2 or not all(isinstance(n, Integral) and not isinstance(n, bool) and n > 0 for n in sizes):
        raise WrongShape(
            f"network({shorten(net)}): expected an MLP, or the number of inputs and the width of each layer, whole "
            "numbers from 1; for example network([4, 3, 2, 1])"
        )
    told = [activation or "sigmoid"] * (len(sizes) - 2) + [output or "sigmoid"]
    return Plan(tuple(map(int, sizes)), _signs(told))


def _signs(told: Sequence[str | tuple[str, ...]]) -> tuple[Sign, ...]:
    """What is written for the function of each layer, or of each of its neurons."""
    return tuple(_sign(kind) if isinstance(kind, str) else tuple(map(_sign, kind)) for kind in told)


def _sign(function: str) -> str:
    return clean(WRITTEN.get(function, function))


def _expect_short(kind: str, given: object) -> None:
    """Raise NotAName for a function that would not fit into a circle."""
    if not isinstance(given, str) or len(given) > LONGEST:
        raise NotAName(
            f"{kind}: given {shorten(given)}, expected a text of at most {LONGEST} characters; write {kind}='f'"
        )

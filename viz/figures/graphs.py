"""Figures of the notes that are graphs, in the order of the notes: `GRAPHS`. Imports autograd, nn, draw and tour.

Each takes a theme and gives a Drawing of a graph that has run; its first line is a caption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, reduce
from operator import add

from autograd import Value, factored, paths
from nn import MLP, losses

from ..derivation import derivation
from ..draw import draw
from ..drawing import Drawing
from ..picture import Panel
from ..theme import Theme
from ..tour import Tour
from ..typeset import Line, formula


def neuron_in_two(theme: Theme | str = "light") -> Drawing:
    """A neuron in two steps, the pre-activation a = Σ w·x + b and the activation h = σ(a), with their derivatives.

    Source: lines 151-160 of the notes.
    """
    net = MLP(2, [1], weights=[[[0.8, -0.5]]], biases=[[0.1]])
    h = net([0.5, -1.0])
    h.backward()
    drawing = draw(h, level="neuron", opened=["h₁₁"], also=net.parameters(), edges="formula", theme=theme)
    return _with_formula(drawing, "a₁₁ = w₁₁₁ x₁ + w₁₁₂ x₂ + b₁₁", "h₁₁ = σ(a₁₁)")


def path_to_the_second_layer(theme: Theme | str = "light") -> Drawing:
    """The only path from the loss to a weight of the second layer: three factors.

    Source: lines 776-790 of the notes.
    """
    tour = _tour()
    ways = paths(tour.loss, tour.net.weights[1][0][0])
    return draw(tour.loss, level="neuron", highlight=ways, edges="symbol", names="notes", theme=theme)


def two_paths(theme: Theme | str = "light") -> Drawing:
    """The two paths from the loss to a weight of the first layer, the product along each, and their sum.

    Source: lines 792-808 and 841-844 of the notes.
    """
    tour = _tour()
    ways = paths(tour.loss, tour.weight)
    return draw(tour.loss, level="neuron", highlight=ways, edges="symbol", names="notes", theme=theme)


def h_of_f_and_g(theme: Theme | str = "light") -> Drawing:
    """Two ways from x to h(f(x), g(x)): the chain rule for functions of several variables.

    Source: lines 818-826 of the notes; here f = x², g = sin x and h = f · g.
    """
    x = Value(0.8, "x")
    h = _h(x)
    h.backward()
    return _with_formula(draw(h, highlight=paths(h, x), edges="symbol", theme=theme), str(factored(h, x)))


def k_of_h(theme: Theme | str = "light") -> Drawing:
    """Two ways from x to k(h(f(x), g(x))), whose common factor ∂k/∂h is written once.

    Source: lines 828-836 of the notes; here k = eʰ.
    """
    x = Value(0.8, "x")
    k = _h(x).exp().named("k")
    k.backward()
    return _with_formula(draw(k, highlight=paths(k, x), edges="symbol", theme=theme), str(factored(k, x)))


def remembered_factor(theme: Theme | str = "light") -> Drawing:
    """The derivative ∂L/∂o₃₁ is computed once, stored, and used four times: memoisation.

    Source: lines 857-891 of the notes.
    """
    tour = _tour()
    top = tour.net.weights[2][0]
    drawing = draw(
        tour.loss,
        level="neuron",
        highlight=paths(tour.loss, tour.graph["h₃₁"]),
        around=tour.graph["h₃₁"],
        radius=1,
        also=top,
        reuse=True,
        values=False,
        edges="symbol",
        names="notes",
        theme=theme,
    )
    users = [*top, *(tour.graph[name] for name in ("h₂₁", "h₂₂"))]
    lines = derivation(tour.loss, users, level="neuron", names="notes").text.splitlines()
    uses = sorted(line for line in lines if "= [" in line)
    return _with_formula(_without_legend(drawing), *uses, lines[-1])


def gradient_budget(theme: Theme | str = "light") -> Drawing:
    """What each arrow contributes to the gradient below it: the wider the more, dashed where it is negative.

    Source: the chain rule of lines 759-848 of the notes, seen as a budget.
    """
    return draw(_tour().loss, level="neuron", edges="contribution", budget=True, names="notes", digits=2, theme=theme)


def batch_drawn_once(theme: Theme | str = "light") -> Drawing:
    """A batch of twenty examples: what is computed for each of them is drawn once, with a count.

    Source: lines 930-1000 of the notes.
    """
    net = MLP(2, [2, 1], seed=3)
    each = (losses.squared_error(net([k / 10 - 1, 1 - k / 20]), k % 2) for k in range(20))
    cost = reduce(add, each).named("J")
    cost.backward()
    return draw(cost, level="neuron", collapse=True, digits=2, theme=theme)


def layers_as_matrices(theme: Theme | str = "light") -> Drawing:
    """Layers as vectors, with whole Jacobians between them: the same chain rule, on matrices.

    Source: lines 1157-1218 of the notes.
    """
    return draw(_tour().loss, level="layer", theme=theme)


def ten_layers(theme: Theme | str = "light") -> Drawing:
    """Ten layers, those alike drawn once: the product of their Jacobians shows how little of a gradient comes through.

    Source: lines 1280-1331 of the notes.
    """
    output = MLP(4, [4] * 9 + [1], bias=False, seed=1)([0.5, -1.0, 0.25, 2.0])
    output.backward()
    return draw(output, level="layer", collapse=True, theme=theme)


def forward_and_backward(theme: Theme | str = "light") -> Drawing:
    """Forward in blocks, backward in blocks, and between them what the forward pass keeps.

    Source: lines 1333-1366 of the notes; the notes' 3-4-1 network.
    """
    net = MLP(3, [4, 1], seed=1)
    loss = losses.squared_error(net([0.5, -1.0, 2.0]), 1.0)
    return draw(loss, level="equations", theme=theme)


GRAPHS: tuple[Callable[..., Drawing], ...] = (
    neuron_in_two,
    path_to_the_second_layer,
    two_paths,
    h_of_f_and_g,
    k_of_h,
    remembered_factor,
    gradient_budget,
    batch_drawn_once,
    layers_as_matrices,
    ten_layers,
    forward_and_backward,
)


@cache
def _tour() -> Tour:
    """The notes' 4-3-2-1 network, run once for all of its figures."""
    return Tour()


def _h(x: Value) -> Value:
    f, g = (x**2).named("f"), x.sin().named("g")
    return (f * g).named("h")


def _without_legend(drawing: Drawing) -> Drawing:
    """The drawing whose only path needs no table."""
    return Drawing(replace(drawing.picture, legend=None), drawing.theme, drawing.size)


def _with_formula(drawing: Drawing, *written: str) -> Drawing:
    """The drawing with formulas below it."""
    rows: tuple[tuple[Line, ...], ...] = tuple((formula(line),) for line in written)
    picture = replace(drawing.picture, panels=(Panel((), rows, bracketed=False),))
    return Drawing(picture, drawing.theme, drawing.size)

"""What the chain rule costs in a fully connected network, by formulas in its widths. Imports autograd.

They give what autograd's ledger counts on a graph in which every neuron is one node and one path leads from the loss
to each output. Letters are the notes': n[0] inputs, n[l] neurons in layer l of L.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from numbers import Integral
from typing import NamedTuple

from autograd import WrongShape, shorten


class Operations(NamedTuple):
    """How many multiplications and additions."""

    multiplications: int
    additions: int


class WidthCosts(NamedTuple):
    """What the derivatives by all weights of a network cost, in the ways that the ledger tells apart.

    `targets` are the weights, `paths` all paths to them; `paths_to_one` has for each layer the paths to one weight.
    """

    targets: int
    paths_to_one: tuple[int, ...]
    paths: int
    by_paths: Operations
    by_weights: Operations
    recursive: Operations
    memoised: Operations
    forward: Operations


class GraphSize(NamedTuple):
    """The nodes and edges of a graph, and the edges of its longest path."""

    nodes: int
    edges: int
    longest: int


def costs_of_widths(*widths: int) -> WidthCosts:
    """The costs for a network without biases, the inputs first: `costs_of_widths(4, 3, 2, 1)`.

    >>> costs_of_widths(4, 3, 2, 1).memoised
    Operations(multiplications=28, additions=3)

    Raises WrongShape for less than two widths and for any that is no whole number from 1. Source: the notes on
    memoization, lines 857-891.
    """
    n = _whole(widths, "costs_of_widths")
    L = len(n) - 1
    layers, hidden = range(1, L + 1), range(1, L)
    weights = {l: n[l - 1] * n[l] for l in layers}
    P = {l: prod(n[l + 1 :]) for l in layers}  # a path is the choice of one neuron in each layer above
    M = {L: 0}  # multiplications for ∂L/∂h without memory: every neuron above is asked for its own, and adds a product
    for l in reversed(hidden):
        M[l] = n[l + 1] * (1 + M[l + 1])
    targets = sum(weights.values())
    paths = sum(weights[l] * P[l] for l in layers)
    return WidthCosts(
        targets=targets,
        paths_to_one=tuple(P.values()),
        paths=paths,
        by_paths=Operations(sum(weights[l] * P[l] * (L - l + 1) for l in layers), paths - targets),
        by_weights=Operations(sum(weights[l] * (M[l] + 1) for l in layers), paths - targets),
        recursive=Operations(paths + sum(n[l] * P[l] for l in hidden), paths - targets),
        memoised=Operations(2 * targets - weights[1], sum(n[l] * (n[l + 1] - 1) for l in hidden)),
        forward=_forward(n),
    )


def _forward(n: list[int]) -> Operations:
    """A sweep upward for each weight; the loss is the one node of a layer L + 1."""
    multiplications = additions = lower = 0  # lower: the weights of all layers below layer l
    for l in range(1, len(n)):
        after = n[l + 1] if l + 1 < len(n) else 1
        # An edge out of a neuron is multiplied for each weight that leads there, those of its own layer's included;
        # only the weights further below lead to several neurons of layer l, whose shares are then added up.
        multiplications += n[l] * after * (lower + n[l - 1])
        additions += (n[l] - 1) * after * lower
        lower += n[l - 1] * n[l]
    return Operations(multiplications, additions)


def size_of_widths(*widths: int, bias: bool = False) -> GraphSize:
    """The graph of a network and its squared error, every + and × a node of its own: `size_of_widths(4, 3, 2, 1)`.

    >>> size_of_widths(4, 3, 2, 1)
    GraphSize(nodes=67, edges=77, longest=14)

    Raises WrongShape for less than two widths and for any that is no whole number from 1.
    """
    n = _whole(widths, "size_of_widths")
    outputs, neurons = n[-1], sum(n[1:])
    weights = sum(sources * targets for sources, targets in pairwise(n))
    longest = outputs + 1 + sum(sources + 1 for sources in n[:-1])
    size = GraphSize(n[0] + 3 * weights + 4 * outputs - 1, 4 * weights - neurons + 5 * outputs - 2, longest)
    if not bias:
        return size
    return GraphSize(size.nodes + 2 * neurons, size.edges + 2 * neurons, longest + len(n) - 1)


def _whole(widths: tuple[int, ...], asked: str) -> list[int]:
    if len(widths) < 2 or not all(isinstance(n, Integral) and not isinstance(n, bool) and n > 0 for n in widths):
        raise WrongShape(
            f"{asked}{shorten(widths)}: expected the number of inputs and a width for each layer, whole numbers "
            f"from 1; for example {asked}(4, 3, 2, 1)"
        )
    return [int(width) for width in widths]

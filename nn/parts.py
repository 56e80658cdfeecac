"""What a network is to be made of, checked: sizes, weights, biases. Imports autograd's errors, shapes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any, Literal, TypeAlias

from autograd import UnknownChoice, WrongShape, shorten

from .shapes import expect_shape

Bias: TypeAlias = Literal[True, False, "shared"]  # one for each neuron, none, or one for each layer


def sizes_of(inputs: Any, widths: Any) -> list[int]:
    """The number of inputs and the widths as plain whole numbers.

    Raises WrongShape unless they are from 1, and at least one width.
    """
    sizes: list[int] = [inputs, *widths] if hasattr(widths, "__len__") else []
    if len(sizes) < 2 or not all(isinstance(n, Integral) and not isinstance(n, bool) and n > 0 for n in sizes):
        raise WrongShape(
            f"MLP({shorten(inputs)}, {shorten(widths)}): expected the number of inputs and a list of widths, "
            "whole numbers from 1; for example MLP(4, [3, 2, 1])"
        )
    return [int(size) for size in sizes]


def bias_of(given: Any) -> Bias:
    """True, False or "shared"; raises UnknownChoice for anything else."""
    if isinstance(given, str) and given == "shared":
        return "shared"
    if not isinstance(given, bool):
        raise UnknownChoice("bias", given, ("True", "False", "'shared'"))
    return given


def expect_parts(network: str, sizes: Sequence[int], bias: Bias, weights: Any, biases: Any) -> None:
    """Raise WrongShape, saying of which network and where, unless there is a matrix for each layer, and its biases.

    Biases that are None are to be made; otherwise there is a list for each layer, a number where they are shared.
    """
    if biases is not None and bias is False:
        raise WrongShape(f"{network}: given biases as well as bias=False; leave out one of them")
    for what, given in (("weights", weights), ("biases", biases)):
        if given is None:
            continue
        depth = len(sizes) - 1
        if not hasattr(given, "__len__") or len(given) != depth:
            count = f"{len(given)} entries" if hasattr(given, "__len__") else repr(given)
            raise WrongShape(
                f"{what} of {network}: given {count}, expected a list of {depth}; give one entry per layer"
            )
        for layer, (n, m) in enumerate(pairwise(sizes)):
            shape: tuple[int, ...] = (m, n)
            fix = f"layer {layer + 1} has {m} neurons (rows) that read {n} numbers each (columns)"
            if what == "biases":
                shape = () if bias == "shared" else (m,)
                fix = f"layer {layer + 1} has {m} neurons, and bias='shared' is for one number that all of them have"
            expect_shape(given[layer], shape, f"{what}[{layer}] of {network}", fix)

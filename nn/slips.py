"""How the steps of a pass go wrong: what the tables of mistakes are made of. Imports losses, passes and vectorized."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from autograd import TABLE
from autograd.readings.numpy import evaluate, partial, slope_of

from .activations import Activation
from .losses import LOSSES
from .passes import Parts, Sheet, Step
from .problems import Gradients
from .shapes import Array
from .vectorized import passed_back, settings


class Mistake(NamedTuple):
    """One way to get it wrong: `says` what is wrong, `fix` how to put it right.

    `forms` are the ways in which it is made, each as the steps of a pass that it spoils; the equations of these are
    concerned, and `also` some others. If `fitted`, they depend on the rate at which somebody updates weights. Where
    something is kept from call to call, `over` makes of the right gradients of all calls what each call gives.
    """

    name: str
    says: str
    fix: str
    forms: tuple[Parts, ...]
    fitted: bool = False
    also: tuple[str, ...] = ()
    over: Callable[[list[Gradients]], list[Gradients]] | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.says}"


def times(factor: Callable[[Sheet], float], *steps: str) -> Parts:
    """What these steps give, multiplied."""

    def wrong(was: Step, s: Sheet, l: int, x: Array) -> Array:
        return factor(s) * was(s, l, x)

    return dict.fromkeys(steps, wrong)


def after(change: Callable[[Any], Any], *steps: str) -> Parts:
    """What these steps give, changed."""

    def wrong(was: Step, s: Sheet, l: int, x: Array) -> Any:
        return change(was(s, l, x))

    return dict.fromkeys(steps, wrong)


def each_array(change: Callable[[Array], Array]) -> Parts:
    """All arrays as they are handed in, changed."""
    return after(lambda grads: {name: change(array) for name, array in grads.items()}, "handed_in")


def instead(step: Step, *steps: str) -> Parts:
    """Another step for these."""

    def wrong(was: Step, s: Sheet, l: int, x: Array) -> Array:
        return step(s, l, x)

    return dict.fromkeys(steps, wrong)


def through(step: Step) -> tuple[Parts, ...]:
    """Another way through the activation: of the hidden layers, of the output, of all."""
    return instead(step, "through"), instead(step, "error"), instead(step, "through", "error")


def at_another_layer(by: int, own: bool) -> Step:
    """∗ g' of a layer further up or down, which may be X; g is one's `own` or the one there."""

    def step(s: Sheet, l: int, dA: Array) -> Array:
        other = min(l + by, s.problem.depth)
        return dA * _slope(s.g(l if own or not other else other), s.Z[other], s.A[other])

    return step


def of_another_function(name: str) -> Step:
    """∗ g'(Z) of a function that is not the layer's."""
    return lambda s, l, dA: dA * partial(name, 0, s.Z[l])


def in_its_form_for_a(s: Sheet, l: int, dA: Array) -> Array:
    """∗ g' written as if Z were the activation: Z ∗ (1 − Z) for a sigmoid."""
    return dA * _slope(s.g(l), s.Z[l], s.Z[l])


def _slope(g: Activation, Z: Array, A: Array) -> Array:
    """The derivative of g in the form of its row, of these Z and A, whether or not A is g(Z)."""
    if not isinstance(g, str) or g not in TABLE:
        return passed_back(g, Z, np.ones_like(Z))
    operands: tuple[Any, ...] = (Z, *settings(g))
    return evaluate(TABLE[g].partials[0], z=A, **dict(zip(TABLE[g].symbols, operands, strict=True)))


def softmax_elementwise(was: Step, s: Sheet, l: int, dA: Array) -> Array:
    """Through softmax as if each output were a sigmoid, whose row says p (1 − p)."""
    if s.g(l) != "softmax":
        return was(s, l, dA)
    return dA * evaluate(TABLE["sigmoid"].partials[0], z=s.A[l])


def of_squares(s: Sheet, l: int, dA: Array) -> Array:
    """The error of the squared loss, whatever the loss is."""
    return passed_back(s.g(l), s.Z[l], slope_of(LOSSES["squared_error"].formula, "p", p=s.A[l], y=s.problem.Y))


def updated_first(was: Step, s: Sheet, l: int, dZ: Array) -> Array:
    """The way down over weights that have been updated already."""
    s.W[l] = s.W[l] - s.rate * s.grads[f"W{l}"]
    return was(s, l, dZ)


def instead_of_m(s: Sheet, layer: int) -> float:
    """What dividing by the number of neurons of a layer comes to; by 1, it is no division at all."""
    n = s.problem.net.sizes[layer]
    return s.m / n if n > 1 else 1.0


def summed_up(shaped: Callable[[float, Array], Array]) -> Step:
    """One sum over neurons and examples, brought into some shape for the biases b."""
    return lambda s, l, dZ: shaped(float(np.sum(dZ)) / s.m, s.b[l])


def last_alone(was: Step, s: Sheet, l: int, dZ: Array) -> Array:
    """Of all examples the last one."""
    return was(s, l, dZ * (np.arange(s.m) == s.m - 1))


def swapped(letters: str, a: int, b: int) -> Parts:
    """The arrays of two layers under each other's names."""
    other = {f"{letter}{l}": f"{letter}{k}" for letter in letters for l, k in ((a, b), (b, a))}

    def wrong(was: Any, s: Sheet, l: int, grads: Any) -> Any:
        return {name: grads[other[name]] if other.get(name) in grads else array for name, array in grads.items()}

    return {"handed_in": wrong}


def added_up(rights: list[Gradients]) -> list[Gradients]:
    """Each call's gradients and those of all calls before."""
    return list(accumulate(rights, lambda kept, right: {name: kept[name] + right[name] for name in right}))


def kept(rights: list[Gradients]) -> list[Gradients]:
    """The first call's, again and again."""
    return [rights[0]] * len(rights)


def late(rights: list[Gradients]) -> list[Gradients]:
    """Those of the call before; at first there are none."""
    return [{name: 0 * array for name, array in rights[0].items()}, *rights[:-1]]

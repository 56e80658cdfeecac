"""Activations by name, and which layer or neuron of a network has which. Imports autograd's errors, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from autograd import Value, WrongShape, require_choice, shorten

from .settings import BadSetting

SLOPE = 0.01  # of a leaky relu below 0
SOFTMAX = "softmax"  # not in the table below: it makes the outputs of a whole layer of all its pre-activations
Activation: TypeAlias = str | tuple[str, ...]  # of a layer: one name for all of its neurons, or one for each


def linear(a: Value) -> Value:
    """The pre-activation itself."""
    return a


def leaky_relu(a: Value) -> Value:
    """The pre-activation itself above 0, a hundredth of it below."""
    return a.leaky_relu(SLOPE)


# A neuron's activation by name; each but the linear one is a row of autograd's table.
ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": leaky_relu,
    "softplus": Value.softplus,
    "silu": Value.silu,
    "step": Value.step,
    "linear": linear,
}


def activations_of(activation: Any, output: Any, widths: Sequence[int]) -> tuple[Activation, ...]:
    """The activation of each layer of these widths.

    `activation` is one for all hidden layers, or a list with one for each; each is a name, or a list with one for
    each neuron. Raises WrongShape for a list of another length, and what `require_activations` raises.
    """
    hidden = list(widths[:-1])
    listed = isinstance(activation, (list, tuple))
    if listed and len(activation) != len(hidden):
        raise WrongShape(
            f"activation: given {len(activation)} entries, expected {len(hidden)}, one for each hidden layer; "
            "one name alone is for all of them, and output='sigmoid' is for the last layer"
        )
    inner = list(activation) if listed else [activation] * len(hidden)
    require_activations([*(inner or () if listed else [activation]), output])  # also one that no layer is to have
    require_activations([*inner, output])
    if output == SOFTMAX and widths[-1] == 1:
        raise BadSetting("output: softmax of a single output is always 1; write output='sigmoid'")
    places = [f"activation[{l}]" if listed else "activation" for l in range(len(hidden))]
    return tuple(_of_layer(*given) for given in zip([*places, "output"], [*inner, output], widths, strict=True))


def require_activations(activations: Sequence[Any]) -> None:
    """Raise UnknownChoice for a name that is none of `ACTIVATIONS`, BadSetting for softmax where it cannot be.

    There is one name for each layer, or a list with one for each of its neurons; the last layer may have "softmax".
    """
    for l, given in enumerate(activations, 1):
        kind = "output" if l == len(activations) else "activation"
        whole = kind == "output" and isinstance(given, str)
        for name in given if isinstance(given, (list, tuple)) else [given]:
            if isinstance(name, str) and name == SOFTMAX and not whole:
                place = "one neuron" if kind == "output" else f"hidden layer {l}"
                raise BadSetting(
                    f"{kind}: given {shorten(name)} for {place}, but its results add up to 1 over a whole output "
                    f"layer; write output='softmax', or choose one of: {', '.join(ACTIVATIONS)}"
                )
            require_choice(kind, name, [*ACTIVATIONS, SOFTMAX] if whole else ACTIVATIONS)


def _of_layer(place: str, given: Any, width: int) -> Activation:
    """The name that all neurons have, or else the name of each."""
    if isinstance(given, str):
        return given
    if len(given) != width:
        raise WrongShape(
            f"{place}: given {len(given)} names, expected {width}, one for each neuron of that layer; "
            "one name alone is for all of them"
        )
    return given[0] if len(set(given)) == 1 else tuple(given)

"""Neurons and layers of them, in the notes' names. Imports autograd, activations, names and shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from autograd import Scope, Value, softmax, within

from .activations import ACTIVATIONS, SOFTMAX, Activation
from .names import indexed
from .shapes import Matrix

Join: TypeAlias = Callable[..., Value]  # of the weights, the inputs and, where there is one, the bias


def spelled_sum(weights: Sequence[Value], inputs: Sequence[Value], *bias: Value) -> Value:
    """((w₁x₁ + w₂x₂) + …) + b, every × and + a node of its own."""
    total, *terms = (w * x for w, x in zip(weights, inputs, strict=True))
    for term in (*terms, *bias):
        total = total + term
    return total


class Neuron:
    """h = g(a) with a = Σ w·x + b: number `target` of layer number `layer`, both counted from 1.

    A bias that is a Value already is one that other neurons have as well.
    """

    def __init__(
        self, layer: int, target: int, weights: Sequence[float], bias: Value | float | None, activation: str, join: Join
    ) -> None:
        self.name, self.sum_name = indexed("h", layer, target), indexed("a", layer, target)
        self.activation, self.join = activation, join
        self.scope = Scope("neuron", self.name)
        with within(self.scope):
            self.weights = [Value(w, indexed("w", layer, target, i)) for i, w in enumerate(weights, 1)]
            own = bias if bias is None or isinstance(bias, Value) else Value(bias, indexed("b", layer, target))
        self.biases: tuple[Value, ...] = () if own is None else (own,)

    def __call__(self, inputs: Sequence[Value]) -> Value:
        """The activation h; the inputs are x, or the h of the layer before."""
        with within(self.scope):
            h = ACTIVATIONS[self.activation](self._sum(inputs))
            h.name = self.name
            return h

    def before_activation(self, inputs: Sequence[Value]) -> Value:
        """The pre-activation a."""
        with within(self.scope):
            return self._sum(inputs)

    def _sum(self, inputs: Sequence[Value]) -> Value:
        a = self.join(self.weights, inputs, *self.biases)
        a.name = self.sum_name
        return a


class Layer:
    """Neurons that read the same inputs: layer `number`, counted from 1; `shared`, the first bias is that of all."""

    def __init__(
        self,
        number: int,
        weights: Matrix,
        biases: Sequence[float | None],
        activation: Activation,
        join: Join,
        shared: bool = False,
    ) -> None:
        self.activation = activation
        with within(Scope("layer", f"layer {number}")):
            self.together = Scope("neuron", SOFTMAX)  # where the neurons' sums meet; it folds as a neuron does
            offsets: Sequence[Value | float | None] = biases
            if shared and biases[0] is not None:
                offsets = [Value(biases[0], indexed("b", number))] * len(biases)
            names = [activation] * len(weights) if isinstance(activation, str) else activation
            self.neurons = [
                Neuron(number, target, row, bias, name, join)
                for target, (row, bias, name) in enumerate(zip(weights, offsets, names, strict=True), 1)
            ]

    def __call__(self, inputs: Sequence[Value]) -> list[Value]:
        """One Value per neuron."""
        if self.activation != SOFTMAX:
            return [neuron(inputs) for neuron in self.neurons]
        sums = self.sums(inputs)
        with within(self.together):
            return [h.named(neuron.name) for h, neuron in zip(softmax(sums), self.neurons, strict=True)]

    def sums(self, inputs: Sequence[Value]) -> list[Value]:
        """The pre-activation of each neuron."""
        return [neuron.before_activation(inputs) for neuron in self.neurons]

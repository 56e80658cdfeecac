"""Neuron, Layer and MLP, built from Values with the notes' names. Imports autograd, names, shapes; NumPy for seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np

from autograd import IN_NOTEBOOKS, Scope, UnknownChoice, Value, WrongShape, shorten, weighted_sum, within

from .names import indexed
from .shapes import Matrix, expect_shape

# A neuron's activation by name; each but the linear one is a row of autograd's table.
ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "linear": lambda a: a,
}
Join: TypeAlias = Callable[..., Value]  # of the weights, the inputs and, where there is one, the bias


def spelled_sum(weights: Sequence[Value], inputs: Sequence[Value], *bias: Value) -> Value:
    """((w₁x₁ + w₂x₂) + …) + b, every × and + a node of its own."""
    total, *terms = (w * x for w, x in zip(weights, inputs, strict=True))
    for term in (*terms, *bias):
        total = total + term
    return total


class Neuron:
    """h = g(a) with a = Σ w·x + b: number `target` of layer number `layer`, both counted from 1."""

    def __init__(
        self, layer: int, target: int, weights: Sequence[float], bias: float | None, activation: str, join: Join
    ) -> None:
        self.name, self.sum_name = indexed("h", layer, target), indexed("a", layer, target)
        self.activation, self.join = ACTIVATIONS[activation], join
        self.scope = Scope("neuron", self.name)
        with within(self.scope):
            self.weights = [Value(w, indexed("w", layer, target, i)) for i, w in enumerate(weights, 1)]
            self.biases = () if bias is None else (Value(bias, indexed("b", layer, target)),)

    def __call__(self, inputs: Sequence[Value]) -> Value:
        """The activation h; the inputs are x, or the h of the layer before."""
        with within(self.scope):
            a = self.join(self.weights, inputs, *self.biases)
            a.name = self.sum_name
            h = self.activation(a)
            h.name = self.name
            return h


class Layer:
    """Neurons that read the same inputs: layer `number`, counted from 1."""

    def __init__(
        self, number: int, weights: Matrix, biases: Sequence[float | None], activation: str, join: Join
    ) -> None:
        with within(Scope("layer", f"layer {number}")):
            self.neurons = [
                Neuron(number, target, row, bias, activation, join)
                for target, (row, bias) in enumerate(zip(weights, biases, strict=True), 1)
            ]

    def __call__(self, inputs: Sequence[Value]) -> list[Value]:
        """One Value per neuron."""
        return [neuron(inputs) for neuron in self.neurons]


class MLP:
    """A fully connected network of Values: `MLP(4, [3, 2, 1], bias=False)` is the notes' 4-3-2-1 network.

    weights[l][target][source] and biases[l][target] are Values, counted from 0 in these lists and from 1 in
    their names. Weights that are not given are drawn uniformly by Xavier's rule from `seed`; biases start
    at 0. With `fused` each Σ w·x + b is one node, otherwise every × and + is.

    Raises WrongShape, naming the place, for weights or biases of another shape; UnknownChoice for an
    activation or output that does not exist. Source: lines 637-645 of the notes, in the order W[l][j][i].
    """

    def __init__(
        self,
        inputs: int,
        widths: Sequence[int],
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        bias: bool = True,
        seed: int = 0,
        weights: Sequence[Matrix] | None = None,
        biases: Sequence[Sequence[float]] | None = None,
        fused: bool = True,
    ) -> None:
        self.sizes = _sizes(inputs, widths)
        self.activation, self.output = activation, output
        for kind, name in (("activation", activation), ("output", output)):
            if name not in list(ACTIVATIONS):
                raise UnknownChoice(kind, name, ACTIVATIONS)
        if weights is None:
            weights = xavier(self.sizes, seed)
        if biases is not None and not bias:
            raise WrongShape(f"{self}: given biases as well as bias=False; leave out one of them")
        self._expect_shapes(weights, biases)
        join, depth = weighted_sum if fused else spelled_sum, len(widths)
        self.layers = []
        for number, matrix in enumerate(weights, 1):
            offsets = biases[number - 1] if biases is not None else [0.0 if bias else None] * len(matrix)
            self.layers.append(Layer(number, matrix, offsets, output if number == depth else activation, join))

    def _expect_shapes(self, weights: Sequence[Matrix], biases: Sequence[Sequence[float]] | None) -> None:
        for what, given in (("weights", weights), ("biases", biases)):
            if given is None:
                continue
            depth = len(self.sizes) - 1
            if not hasattr(given, "__len__") or len(given) != depth:
                count = f"{len(given)} entries" if hasattr(given, "__len__") else repr(given)
                raise WrongShape(
                    f"{what} of {self}: given {count}, expected a list of {depth}; give one entry per layer"
                )
            for layer, (n, m) in enumerate(pairwise(self.sizes)):
                shape = (m, n) if what == "weights" else (m,)
                fix = f"layer {layer + 1} has {m} neurons (rows) that read {n} numbers each (columns)"
                expect_shape(given[layer], shape, f"{what}[{layer}] of {self}", fix)

    def __repr__(self) -> str:
        return f"MLP({self.sizes[0]}, {self.sizes[1:]})"

    _repr_mimebundle_, _mime_ = IN_NOTEBOOKS

    @property
    def weights(self) -> list[list[list[Value]]]:
        """weights[l][target][source], counted from 0."""
        return [[neuron.weights for neuron in layer.neurons] for layer in self.layers]

    @property
    def biases(self) -> list[list[Value]]:
        """biases[l][target], counted from 0; empty lists where the network has none."""
        return [[bias for neuron in layer.neurons for bias in neuron.biases] for layer in self.layers]

    def parameters(self) -> list[Value]:
        """Every weight and bias, layer by layer and neuron by neuron, the weights of a neuron before its bias."""
        return [
            value for layer in self.layers for neuron in layer.neurons for value in (*neuron.weights, *neuron.biases)
        ]

    def outputs(self, inputs: Sequence[Value | float]) -> list[Value]:
        """The last layer's activations for one example; plain numbers become leaves named x₁, x₂, ….

        Raises WrongShape for another number of inputs, NotAScalar for one that is no number.
        """
        n = self.sizes[0]
        expect_shape(
            inputs if isinstance(inputs, np.ndarray) or not hasattr(inputs, "__len__") else list(inputs),
            (n,),
            f"inputs of {self}",
            f"give {n} numbers",
        )
        h = [x if isinstance(x, Value) else Value(x, indexed("x", i)) for i, x in enumerate(inputs, 1)]
        for layer in self.layers:
            h = layer(h)
        return h

    def __call__(self, inputs: Sequence[Value | float]) -> Any:
        """One Value where the network has one output, otherwise the list of them; see `outputs`."""
        outputs = self.outputs(inputs)
        return outputs[0] if len(outputs) == 1 else outputs


def xavier(sizes: Sequence[int], seed: int) -> list[Matrix]:
    """Weights drawn uniformly from ±√(6 / (sources + targets)), the same for the same seed (Glorot, Bengio 2010)."""
    if not isinstance(seed, Integral) or seed < 0:
        raise WrongShape(f"seed: given {shorten(seed)}, expected a whole number from 0; write seed=0")
    generator = np.random.default_rng(seed)
    drawn: list[Matrix] = []
    for n, m in pairwise(sizes):
        reach = (6 / (n + m)) ** 0.5
        drawn.append(generator.uniform(-reach, reach, (m, n)).tolist())
    return drawn


def _sizes(inputs: int, widths: Sequence[int]) -> list[int]:
    sizes = [inputs, *widths] if hasattr(widths, "__len__") else []
    if len(sizes) < 2 or not all(isinstance(n, Integral) and not isinstance(n, bool) and n > 0 for n in sizes):
        raise WrongShape(
            f"MLP({shorten(inputs)}, {shorten(widths)}): expected the number of inputs and a list of widths, "
            "whole numbers from 1; for example MLP(4, [3, 2, 1])"
        )
    return [int(size) for size in sizes]

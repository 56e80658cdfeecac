"""MLP: a network of Values with the notes' names, made, asked, saved and loaded.

Imports autograd, activations, initial, names, neurons, parts, seeds, shapes, storage and summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from autograd import IN_NOTEBOOKS, NonFinite, PathgradError, Value, weighted_sum

from .activations import activations_of
from .initial import Initial, initial_of
from .names import indexed
from .neurons import Layer, spelled_sum
from .parts import bias_of, expect_parts, sizes_of
from .seeds import Seed, generator_of
from .shapes import Matrix, expect_shape
from .storage import BadModelFile, Model, read_model, write_model
from .summary import LayerSummary, Summary


class MLP:
    """A fully connected network of Values: `MLP(4, [3, 2, 1], bias=False)` is the notes' 4-3-2-1 network.

    weights[l][target][source] and biases[l][target] are Values, counted from 0 in these lists and from 1 in
    their names. Weights that are not given are drawn from `seed`, a whole number or a NumPy Generator, by the rule
    `init`: "xavier", "he", "uniform", "zeros", or a function of sizes and a generator. Biases start at 0; with
    bias="shared" a layer has one, b₁, as in the notes' worked examples, and `biases` one number for it.

    `activation` is for all hidden layers, or a list with one for each; each is a name, or a list with one for each
    neuron. `output` is the last layer's, and may be "softmax". With `fused` each Σ w·x + b is one node, otherwise
    every × and + is.

    Raises WrongShape, naming the place, for weights, biases or activations of another shape; UnknownChoice for an
    activation, output, init or bias that does not exist; BadSetting for a softmax elsewhere or a seed that is none.
    Source: lines 637-645 of the notes, in the order W[l][j][i].
    """

    def __init__(
        self,
        inputs: int,
        widths: Sequence[int],
        *,
        activation: str | Sequence[str | Sequence[str]] = "sigmoid",
        output: str | Sequence[str] = "sigmoid",
        bias: bool | str = True,
        seed: Seed = 0,
        init: str | Initial = "xavier",
        weights: Sequence[Matrix] | None = None,
        biases: Sequence[Any] | None = None,
        fused: bool = True,
    ) -> None:
        self.sizes = sizes_of(inputs, widths)
        self.activation, self.output = activation, output
        self.activations = activations_of(activation, output, self.sizes[1:])
        self.bias, self.fused = bias_of(bias), bool(fused)
        if weights is None:
            weights = initial_of(init)(self.sizes, generator_of(seed))
        expect_parts(repr(self), self.sizes, self.bias, weights, biases)
        shared, start = self.bias == "shared", 0.0 if self.bias else None
        offsets = [[start] * m for m in self.sizes[1:]]
        if biases is not None:
            offsets = [[b] * m if shared else b for b, m in zip(biases, self.sizes[1:], strict=True)]
        join, parts = weighted_sum if self.fused else spelled_sum, zip(weights, offsets, self.activations, strict=True)
        self.layers = [Layer(number, *part, join, shared) for number, part in enumerate(parts, 1)]

    def __repr__(self) -> str:
        return f"MLP({self.sizes[0]}, {self.sizes[1:]})"

    _repr_mimebundle_, _mime_ = IN_NOTEBOOKS

    @property
    def weights(self) -> list[list[list[Value]]]:
        """weights[l][target][source], counted from 0."""
        return [[neuron.weights for neuron in layer.neurons] for layer in self.layers]

    @property
    def biases(self) -> list[list[Value]]:
        """biases[l][target], counted from 0; a shared one stands there for each neuron; empty where there are none."""
        return [[bias for neuron in layer.neurons for bias in neuron.biases] for layer in self.layers]

    def parameters(self) -> list[Value]:
        """Every weight and bias once, layer by layer and neuron by neuron, the weights of a neuron before its bias."""
        neurons = (neuron for layer in self.layers for neuron in layer.neurons)
        return list(dict.fromkeys(value for neuron in neurons for value in (*neuron.weights, *neuron.biases)))

    def summary(self) -> Summary:
        """What each layer holds and how many parameters there are: `print(net.summary())` shows a table."""
        rows = []
        for number, (W, b, g) in enumerate(zip(self.weights, self.biases, self.activations, strict=True), 1):
            said = g if isinstance(g, str) else ", ".join(dict.fromkeys(g))
            shape, offsets = (len(W), len(W[0])), len(set(b))
            rows.append(LayerSummary(number, shape, offsets, said, shape[0] * shape[1] + offsets))
        return Summary(tuple(rows))

    def save(self, path: str | Path) -> None:
        """Write the network, bit for bit, to a .json or .safetensors file, whole or not at all.

        Raises NonFinite for a parameter that is inf or nan, and what `storage.write_model` raises.
        """
        self._expect_finite("cannot be saved")
        numbers = [[[float(w) for w in row] for row in matrix] for matrix in self.weights]
        offsets: list[Any] = [[float(b) for b in layer] for layer in self.biases]
        if self.bias == "shared":
            offsets = [layer[0] for layer in offsets]
        activations = [g if isinstance(g, str) else list(g) for g in self.activations]
        write_model(
            Model(self.sizes, activations, self.bias, self.fused, numbers, offsets if self.bias else None), path
        )

    @classmethod
    def load(cls, path: str | Path) -> MLP:
        """The network that `save` wrote.

        Raises BadModelFile, saying where, for a file that is cut off or whose parts do not fit together, and what
        `storage.read_model` raises.
        """
        (inputs, *widths), (*hidden, output), bias, fused, weights, biases = read_model(path)
        try:
            net = cls(
                inputs, widths, activation=hidden, output=output, bias=bias, fused=fused, weights=weights, biases=biases
            )
            net._expect_finite("is no model to go on with")
        except PathgradError as error:
            raise BadModelFile(f"{path}: {error}") from None
        return net

    def _expect_finite(self, said: str) -> None:
        for value in self.parameters():
            if not isfinite(value):
                raise NonFinite(f"{self} {said}: {value.name} is {float(value)}, expected a finite number")

    def outputs(self, inputs: Sequence[Value | float]) -> list[Value]:
        """The last layer's activations for one example; plain numbers become leaves named x₁, x₂, ….

        Raises WrongShape for another number of inputs, NotAScalar for one that is no number.
        """
        return self.layers[-1](self._before_the_last(inputs))

    def logits(self, inputs: Sequence[Value | float]) -> list[Value]:
        """The last layer's pre-activations, from which cross entropy is computed without overflow; see `outputs`."""
        return self.layers[-1].sums(self._before_the_last(inputs))

    def _before_the_last(self, inputs: Sequence[Value | float]) -> list[Value]:
        """What the last layer reads."""
        n = self.sizes[0]
        expect_shape(
            inputs if isinstance(inputs, np.ndarray) or not hasattr(inputs, "__len__") else list(inputs),
            (n,),
            f"inputs of {self}",
            f"give {n} numbers",
        )
        h = [x if isinstance(x, Value) else Value(x, indexed("x", i)) for i, x in enumerate(inputs, 1)]
        for layer in self.layers[:-1]:
            h = layer(h)
        return h

    def __call__(self, inputs: Sequence[Value | float]) -> Any:
        """One Value where the network has one output, otherwise the list of them; see `outputs`."""
        outputs = self.outputs(inputs)
        return outputs[0] if len(outputs) == 1 else outputs

"""One network, three engines: its parameters as one vector, the cost of some examples and the gradient of it.

Imports autograd, layers, losses, names, shapes and vectorized. What is trained is always the network of Values itself;
an engine says how the cost and its gradient are computed, and the numbers are the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from autograd import Value, gradients, unrecorded, vectorize

from .layers import MLP
from .losses import loss_of, require_output, total_loss
from .names import indexed
from .shapes import Array
from .vectorized import VectorizedMLP


class Found(NamedTuple):
    """The mean loss of some examples, and its derivative by each parameter."""

    cost: float
    gradient: Array


class Engine(Protocol):
    """How cost and gradient are computed; X is (n₀, m) and Y (n_L, m), one example per column."""

    def load(self, parameters: Array) -> None:
        """Take these numbers for the parameters, in the order of `net.parameters()`."""

    def found(self, X: Array, Y: Array) -> Found:
        """The mean loss of these examples and its gradient, biases and weights as one vector."""

    def cost(self, X: Array, Y: Array) -> float:
        """The mean loss of these examples."""

    def outputs(self, X: Array) -> Array:
        """The predictions, (n_L, m)."""


class ScalarEngine:
    """By the graph of all examples, where one can look at every node."""

    def __init__(self, net: MLP, loss: str) -> None:
        require_output(loss, net.activations[-1])
        self.net, self.loss, self.parameters = net, loss, net.parameters()
        self.by_logits = loss_of(loss).activation == net.activations[-1]

    def load(self, parameters: Array) -> None:
        """Into the Values."""
        for value, number in zip(self.parameters, parameters.tolist(), strict=True):
            value.data = number

    def found(self, X: Array, Y: Array) -> Found:
        """One sweep through the graph of the mean loss."""
        mean = self._mean(X, Y)
        return Found(mean.data, np.array(gradients(mean, self.parameters)))

    def cost(self, X: Array, Y: Array) -> float:
        """The same without a record."""
        with unrecorded():
            return self._mean(X, Y).data

    def outputs(self, X: Array) -> Array:
        """Example by example."""
        with unrecorded():
            return np.array([[h.data for h in self.net.outputs(x)] for x in X.T.tolist()]).T

    def _mean(self, X: Array, Y: Array) -> Value:
        run = self.net.logits if self.by_logits else self.net.outputs
        pairs = zip(X.T.tolist(), Y.T.tolist(), strict=True)
        losses = [total_loss(self.loss, run(x), y, from_logits=self.by_logits) for x, y in pairs]
        return sum(losses[1:], losses[0]) / len(losses)


class VectorizedEngine:
    """By the notes' equations on whole batches."""

    def __init__(self, net: MLP, loss: str) -> None:
        require_output(loss, net.activations[-1])
        self.loss, self.arrays = loss, VectorizedMLP.of(net)
        place = {value: at for at, value in enumerate(net.parameters())}
        self.count = len(place)
        self.W = [np.array([[place[w] for w in row] for row in layer]) for layer in net.weights]
        self.b = [np.array([[place[v]] for v in layer], dtype=int) for layer in net.biases]

    def load(self, parameters: Array) -> None:
        """Into the matrices."""
        self.arrays.W = [parameters[at] for at in self.W]
        self.arrays.b = [parameters[at] if at.size else b for at, b in zip(self.b, self.arrays.b, strict=True)]

    @np.errstate(all="ignore")  # whoever asks looks at the numbers
    def found(self, X: Array, Y: Array) -> Found:
        """Forward, backward; a bias that several neurons share gathers what arrives at each."""
        cache = self.arrays.forward(X)
        by_array, gradient = self.arrays.backward(cache, Y, self.loss), np.zeros(self.count)
        for letter, layers in (("W", self.W), ("b", self.b)):
            for l, at in enumerate(layers, 1):
                if at.size:
                    np.add.at(gradient, at, by_array[f"{letter}{l}"])
        return Found(self.arrays.cost(cache, Y, self.loss), gradient)

    @np.errstate(all="ignore")
    def cost(self, X: Array, Y: Array) -> float:
        """Forward alone."""
        return self.arrays.cost(self.arrays.forward(X), Y, self.loss)

    def outputs(self, X: Array) -> Array:
        """The last layer's activations."""
        return self.arrays.forward(X).A[-1]


class ProgramEngine:
    """By the program that the graph of one example is compiled to, bound to each batch size that it meets."""

    def __init__(self, net: MLP, loss: str) -> None:
        require_output(loss, net.activations[-1])
        known, by_logits = loss_of(loss), loss_of(loss).activation == net.activations[-1]
        inputs, targets, asked = (
            [Value(0.5, indexed(letter, i)) for i in range(1, count + 1)]
            for letter, count in zip("xya", (net.sizes[0], net.sizes[-1], net.sizes[-1]), strict=True)
        )
        predictions = net.logits(inputs) if by_logits else net.outputs(inputs)
        self.asks = not by_logits and "where" in known.formula.words
        if self.asks:  # of nothing where a target is 0, and a graph has one branch alone: there the prediction is 1
            predictions = [p * a + (1 - a) for p, a in zip(predictions, asked, strict=True)]
        cost = total_loss(loss, predictions, targets, from_logits=by_logits)
        self.program = vectorize(cost, [*inputs, *targets, *(asked if self.asks else [])])
        place = {leaf: at for at, leaf in enumerate(self.program.layout.leaves)}
        order = np.array([place[value] for value in net.parameters()])
        self.order: Any = slice(None) if np.array_equal(order, np.arange(len(order))) else order  # as it is, most often
        self.arrays = VectorizedEngine(net, loss)
        self.parameters: Array = self.program.vector[self.order]

    def load(self, parameters: Array) -> None:
        """Into the program's vector."""
        self.program.vector[self.order] = self.parameters = parameters

    def found(self, X: Array, Y: Array) -> Found:
        """Forward and backward in one function."""
        cost, gradient = self.program.bound(X.shape[1]).loss_and_gradients(*self._batch(X, Y))
        return Found(cost, np.array(gradient[self.order]))

    def cost(self, X: Array, Y: Array) -> float:
        """Forward alone."""
        return self.program.bound(X.shape[1]).loss(*self._batch(X, Y))

    def outputs(self, X: Array) -> Array:
        """By the notes' equations: a program says what the loss is, and not the predictions before it."""
        self.arrays.load(self.parameters)
        return self.arrays.outputs(X)

    def _batch(self, X: Array, Y: Array) -> tuple[Array, ...]:
        return (X, Y, (Y != 0).astype(float)) if self.asks else (X, Y)


ENGINES: dict[str, type[ScalarEngine | VectorizedEngine | ProgramEngine]] = {
    "scalar": ScalarEngine,
    "vectorised": VectorizedEngine,
    "program": ProgramEngine,
}

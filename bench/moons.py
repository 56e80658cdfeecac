"""Item A: one training step on two moons, as each engine would write it. Imports autograd, nn and peers.

A step is the forward pass, the loss, fresh grads, the backward pass and the update, on the full batch. The loss is
the mean of relu(1 − y·score) plus 1e-4 Σ w² over all parameters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, pi, sin
from typing import Any, Protocol

from peers import Engine, micrograd, optional, present, reference

from autograd import Value, total
from nn import MLP

SIZES = (2, 16, 16, 1)
RATE, DECAY = 1e-3, 1e-4
Point = tuple[float, float]


class Step(Protocol):
    """A contestant: a network that can take a step, and show the gradients that this step used."""

    def __call__(self) -> None:
        """One step."""

    def grads(self) -> list[float]:
        """The gradient of the last step: neuron by neuron, the weights before the bias."""


def two_moons(count: int = 100) -> tuple[list[Point], list[float]]:
    """Two half circles that interlock, slightly blurred, labelled 1 and −1 in turn."""
    noise = random.Random(1)
    points, labels = [], []
    for i in range(count):
        angle, label = pi * (i // 2) / (count // 2 - 1), 1.0 if i % 2 else -1.0
        x, y = (cos(angle), sin(angle)) if i % 2 else (1 - cos(angle), 0.5 - sin(angle))
        points.append((x + noise.gauss(0, 0.1), y + noise.gauss(0, 0.1)))
        labels.append(label)
    return points, labels


def start() -> list[list[list[float]]]:
    """The same start for everyone: start()[layer][target] is a neuron's weights, then its bias."""
    draw = random.Random(0)
    return [[[draw.uniform(-1, 1) for _ in range(n + 1)] for _ in range(m)] for n, m in pairwise(SIZES)]


POINTS, LABELS = two_moons()
PATHGRAD = {"pathgrad binary": False, "pathgrad n-ary": True}  # whether each sum is one node


def hinge(scores: Sequence[Any], parameters: Sequence[Any], bend: Callable[[Any], Any]) -> Any:
    """The loss in binary + and ×, the same program for every scalar engine."""
    losses = [bend(score * -label + 1.0) for score, label in zip(scores, LABELS, strict=True)]
    squares = [w * w for w in parameters]
    return sum(losses[1:], losses[0]) * (1 / len(losses)) + sum(squares[1:], squares[0]) * DECAY


class Pathgrad:
    """The project's own MLP: with every + and × a node, or with one node for each sum."""

    def __init__(self, fused: bool) -> None:
        weights = [[neuron[:-1] for neuron in layer] for layer in start()]
        biases = [[neuron[-1] for neuron in layer] for layer in start()]
        self.net = MLP(
            SIZES[0], SIZES[1:], activation="relu", output="linear", weights=weights, biases=biases, fused=fused
        )
        self.loss = summed_hinge if fused else lambda scores, parameters: hinge(scores, parameters, Value.relu)

    def __call__(self) -> None:
        """One step."""
        parameters = self.net.parameters()
        loss = self.loss([self.net(point) for point in POINTS], parameters)
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        for parameter in parameters:
            parameter.data -= RATE * (parameter.grad or 0.0)

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return [parameter.grad or 0.0 for parameter in self.net.parameters()]


def summed_hinge(scores: Sequence[Value], parameters: Sequence[Value]) -> Value:
    """The loss with one node for each sum."""
    losses = [(score * -label + 1.0).relu() for score, label in zip(scores, LABELS, strict=True)]
    return total(losses) * (1 / len(losses)) + total(w * w for w in parameters) * DECAY


class Micrograd:
    """micrograd's own nn.MLP, as it is shipped, in the words of its demo."""

    def __init__(self, name: str) -> None:
        found = micrograd(name)
        assert found is not None, f"{name} was asked for and is not installed"
        module, nn = found
        self.scalar = module.Value
        self.net = nn.MLP(SIZES[0], list(SIZES[1:]))
        flat = [number for layer in start() for neuron in layer for number in neuron]
        for parameter, number in zip(self.net.parameters(), flat, strict=True):
            parameter.data = number

    def __call__(self) -> None:
        """One step."""
        parameters = self.net.parameters()
        loss = hinge([self.net(list(map(self.scalar, point))) for point in POINTS], parameters, self.scalar.relu)
        self.net.zero_grad()
        loss.backward()
        for parameter in parameters:
            parameter.data -= RATE * parameter.grad

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return [parameter.grad for parameter in self.net.parameters()]


class Spelled:
    """Any scalar engine, the network spelled out; each step makes its parameters anew, which also clears the grads."""

    def __init__(self, engine: Engine) -> None:
        self.scalar, self.bend = engine.scalar, engine.bend
        self.numbers = start()
        self.made: list[Any] = []

    def __call__(self) -> None:
        """One step."""
        net = [[[self.scalar(number) for number in neuron] for neuron in layer] for layer in self.numbers]
        self.made = [w for layer in net for neuron in layer for w in neuron]
        scores = [self.score(net, list(map(self.scalar, point))) for point in POINTS]
        hinge(scores, self.made, self.bend).backward()
        self.numbers = [[[w.data - RATE * w.grad for w in neuron] for neuron in layer] for layer in net]

    def score(self, net: list[list[list[Any]]], h: list[Any]) -> Any:
        """The output of the network for one point."""
        for number, layer in enumerate(net, 1):
            sums = [sum((w * x for w, x in zip(neuron, h)), neuron[-1]) for neuron in layer]  # noqa: B905  # bias last
            h = sums if number == len(net) else [self.bend(a) for a in sums]
        return h[0]

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return [w.grad or 0.0 for w in self.made]


class Torch:
    """PyTorch, eager, on matrices of float64: no scalar engine, here for scale."""

    def __init__(self) -> None:
        self.torch = torch = optional("torch")
        self.points = torch.tensor(POINTS, dtype=torch.float64)
        self.labels = torch.tensor(LABELS, dtype=torch.float64)
        layers = [torch.tensor(layer, dtype=torch.float64) for layer in start()]
        self.weights = [layer[:, :-1].clone().requires_grad_() for layer in layers]
        self.biases = [layer[:, -1].clone().requires_grad_() for layer in layers]
        self.parameters = [*self.weights, *self.biases]

    def __call__(self) -> None:
        """One step."""
        h = self.points
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True), 1):
            h = h @ weight.T + bias
            h = h if number == len(self.weights) else h.relu()
        loss = (1 - self.labels * h[:, 0]).relu().mean() + DECAY * sum((w * w).sum() for w in self.parameters)
        for parameter in self.parameters:
            parameter.grad = None
        loss.backward()
        with self.torch.no_grad():
            for parameter in self.parameters:
                parameter -= RATE * parameter.grad

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        layers = zip(self.weights, self.biases, strict=True)
        return [
            float(number)
            for weight, bias in layers
            for row, offset in zip(weight.grad, bias.grad, strict=True)
            for number in (*row, offset)
        ]


def step_of(name: str) -> Step:
    """The contestant of that name; every one that is asked for is installed."""
    if name in PATHGRAD:
        return Pathgrad(fused=PATHGRAD[name])
    if micrograd(name) is not None:
        return Micrograd(name)
    if name == "torch":
        return Torch()
    return Spelled(present(name))


def reference_grads(name: str) -> list[float]:
    """What the gradients of a contestant's first step have to be."""
    step = Spelled(reference(present(name)))
    step()
    return step.grads()

"""The notes' three worked examples to full precision: forward, loss and every gradient, by both engines.

The oracle computes each network and its differences anew with 50 digits; the printed figures are the notes' own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest

from autograd import Value, gradients
from nn import MLP, losses
from nn.engines import ENGINES

BINARY: list[Any] = [
    [[0.9, 0.2, 0.4, 0.3], [-0.5, 0.4, 0.3, 0.3], [0.1, 0.1, -0.1, 0.2], [-0.2, 0.5, 0.5, 0.7]],
    [[0.5, 0.8, -0.6, 0.3]],
]
CLASSES: list[Any] = [
    [[0.1, 0.3, 0.8, -0.4], [-0.3, -0.2, 0.5, 0.5], [-0.3, 0.1, 0.5, 0.4], [0.2, 0.5, -0.9, 0.7]],
    [[0.3, 0.8, -0.2, -0.4], [0.5, -0.2, -0.3, 0.5], [0.3, 0.1, 0.6, 0.6]],
]


class Example(NamedTuple):
    """A network with one bias for each layer, an example, and what is printed for it, to be rounded to these digits."""

    weights: list[Any]
    biases: list[float]
    x: list[float]
    y: list[float]
    loss: str
    hidden: list[float]
    predicted: list[float]
    cost: float


# Where the notes round in between, or print another figure, this is what the same formulas come to: the last case of
# a₁ has -0.04 where the notes have -0.09, and the second loss is 1.2716, of ŷ = 0.28037, not 1.2729, of 0.28.
EXAMPLES = {
    "binary": Example(
        BINARY, [0.5, 0.3], [0.3, 0.5, -0.4, 0.3], [1.0], "binary_cross_entropy",
        [0.6899745, 0.6271478, 0.6637387, 0.6681878], [0.7208976], 0.3272581,
    ),
    "classes, wrong": Example(
        CLASSES, [0.0, 0.0], [0.2, 0.5, -0.3, 0.3], [0.0, 1.0, 0.0], "cross_entropy",
        [0.4526424, 0.4600851, 0.4900013, 0.6835209], [0.2303291, 0.2803731, 0.4892979], 1.2716342,
    ),
    "classes, right": Example(
        CLASSES, [0.0, 0.0], [0.6, 0.4, 0.6, 0.1], [0.0, 0.0, 1.0], "cross_entropy",
        [0.6502185, 0.5224848, 0.5498340, 0.4625702], [0.2717600, 0.2634353, 0.4648047], 0.7661380,
    ),
}  # fmt: skip


def network(example: Example) -> MLP:
    """The network of Values."""
    output = "sigmoid" if len(example.y) == 1 else "softmax"
    return MLP(4, [4, len(example.y)], output=output, bias="shared", weights=example.weights, biases=example.biases)


def oracle(example: Example, parameters: list[Any]) -> tuple[list[Any], list[Any], Any]:
    """Hidden layer, prediction and loss with 50 digits, from the parameters in the order of `net.parameters()`."""
    net = network(example)
    numbers = {value.name: number for value, number in zip(net.parameters(), parameters, strict=True)}

    def layer(values: list[list[Value]], biases: list[Value], h: list[Any]) -> list[Any]:
        return [
            mpmath.fsum(numbers[w.name] * entry for w, entry in zip(row, h, strict=True)) + numbers[b.name]
            for row, b in zip(values, biases, strict=True)
        ]

    sigmoid: Callable[[Any], Any] = lambda a: 1 / (1 + mpmath.exp(-a))  # noqa: E731  # a function of mpmath's numbers
    hidden = [sigmoid(a) for a in layer(net.weights[0], net.biases[0], list(map(mpmath.mpf, example.x)))]
    last = layer(net.weights[1], net.biases[1], hidden)
    if len(last) == 1:
        predicted = [sigmoid(last[0])]
        p, y = predicted[0], example.y[0]
        return hidden, predicted, -(y * mpmath.log(p) + (1 - y) * mpmath.log(1 - p))
    powers = [mpmath.exp(a) for a in last]
    predicted = [power / mpmath.fsum(powers) for power in powers]
    return hidden, predicted, -mpmath.log(predicted[example.y.index(1.0)])


@pytest.mark.parametrize("name", EXAMPLES)
def test_forward_and_loss_are_the_notes(name: str) -> None:
    example = EXAMPLES[name]
    net = network(example)
    h = net.layers[0]([Value(x) for x in example.x])
    predicted = net.outputs(example.x)
    loss = losses.total_loss(example.loss, predicted, example.y)
    stable = losses.total_loss(example.loss, net.logits(example.x), example.y, from_logits=True)
    with mpmath.workdps(50):
        exact = oracle(example, [p.data for p in net.parameters()])
    assert [v.data for v in h] == pytest.approx([float(v) for v in exact[0]], rel=4e-16)
    assert [v.data for v in predicted] == pytest.approx([float(v) for v in exact[1]], rel=1e-15)
    assert [loss.data, stable.data] == pytest.approx([float(exact[2])] * 2, rel=2e-15)
    assert [round(v.data, 7) for v in h] == example.hidden
    assert [round(v.data, 7) for v in predicted] == example.predicted
    assert round(loss.data, 7) == example.cost


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_gradient_is_right_on_both_engines(name: str) -> None:
    example = EXAMPLES[name]
    net = network(example)
    at = [p.data for p in net.parameters()]
    with mpmath.workdps(50):
        exact = [
            float(mpmath.diff(lambda t, k=k: oracle(example, [*at[:k], t, *at[k + 1 :]])[2], at[k]))
            for k in range(len(at))
        ]
    X, Y = np.array([example.x]).T, np.array([example.y]).T
    found = [engine(net, example.loss).found(X, Y).gradient for engine in ENGINES.values()]
    from_probabilities = gradients(losses.total_loss(example.loss, net.outputs(example.x), example.y), net.parameters())
    for gradient in (*found, np.array(from_probabilities)):
        assert gradient.tolist() == pytest.approx(exact, rel=1e-13, abs=1e-15)


def test_the_printed_gradients_of_the_binary_example() -> None:
    example = EXAMPLES["binary"]
    net = network(example)
    found = ENGINES["vectorised"](net, example.loss).found(np.array([example.x]).T, np.array([example.y]).T)
    by_name = dict(zip((p.name for p in net.parameters()), found.gradient.tolist(), strict=True))
    assert [round(by_name[f"w₂₁{i}"], 7) for i in "₁₂₃₄"] == [-0.1925735, -0.1750384, -0.1852510, -0.1864928]
    assert round(by_name["b₁"], 7) == -0.0632506  # the sum over the four neurons that share it
    assert round(by_name["b₂"], 7) == -0.2791024


def test_softmax_of_the_notes_logits_adds_up_to_1() -> None:
    net = MLP(1, [4], output="softmax", weights=[[[0.0]] * 4], biases=[[3.0, 4.0, 10.0, 3.0]])
    predicted = [h.data for h in net.outputs([0.0])]
    assert [round(p, 6) for p in predicted] == [0.000908, 0.002468, 0.995716, 0.000908]
    assert sum(predicted) == pytest.approx(1, abs=1e-15)

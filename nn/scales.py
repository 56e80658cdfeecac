"""Scales: data are standardised for a training, and the network that comes of it takes them as they were.

Standardising is affine, and so is what enters the first layer and what leaves a linear one, so that the scale goes into
the weights: with x′ = (x − μ)/σ is w·x′ + b = (w/σ)·x + (b − w·μ/σ). Imports examples, layers and shapes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from .examples import Data, mean_and_deviation
from .layers import MLP
from .shapes import Array


class Scale(NamedTuple):
    """Mean and deviation of each feature, both (n, 1), and for a regression of each answer, both (k, 1)."""

    features: tuple[Array, Array]
    answers: tuple[Array, Array] | None

    @classmethod
    def of(cls, data: Data) -> Scale:
        """That of these data; the answers of other tasks are classes, and stay."""
        answers = mean_and_deviation(data.Y) if data.task == "regression" else None
        return cls(mean_and_deviation(data.X), answers)

    def applied(self, data: Data) -> Data:
        """Each feature, and answer of a regression, minus its mean, over its deviation."""
        mean, deviation = self.features
        Y = data.Y if self.answers is None else (data.Y - self.answers[0]) / self.answers[1]
        return replace(data, X=(data.X - mean) / deviation, Y=Y)

    def undone_in(self, net: MLP) -> MLP:
        """The network that was trained on `applied` data, changed to take and give numbers as they were.

        It needs a bias in each neuron of its first layer and, for a regression, in the last, which has to be linear.
        """
        (means, deviations), first, last = self.features, net.layers[0], net.layers[-1]
        for neuron in first.neurons:
            bias = neuron.biases[0]
            for w, mean, deviation in zip(neuron.weights, means[:, 0].tolist(), deviations[:, 0].tolist(), strict=True):
                w.data /= deviation
                bias.data -= w.data * mean
        if self.answers is not None:
            for neuron, mean, deviation in zip(
                last.neurons, *(part[:, 0].tolist() for part in self.answers), strict=True
            ):
                bias = neuron.biases[0]
                for value in (*neuron.weights, bias):
                    value.data *= deviation
                bias.data += mean
        return net

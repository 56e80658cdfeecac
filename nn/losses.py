"""Losses over Values: what backward starts from. Imports autograd only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from autograd import Scope, Value, WrongShape, within

from .names import indexed

Number: TypeAlias = Value | float
Loss: TypeAlias = Callable[[Value | Sequence[Value], Number | Sequence[Number]], Value]


def squared_error(prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """Σ (prediction - target)² over the outputs of one example, without a factor ½; targets become leaves y.

    Raises WrongShape unless there is one target per prediction. Source: line 696 of the notes.
    """
    return _summed(lambda p, y: (p - y) ** 2, prediction, target, "squared error")


def binary_cross_entropy(prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """Σ -(y log p + (1 - y) log(1 - p)) over the outputs of one example, by the natural logarithm.

    Written with primitives, for lessons: at p = 0 or 1 it is inf or nan. Raises WrongShape unless there is
    one target per prediction. Source: line 1191 of the notes.
    """
    return _summed(lambda p, y: -(y * p.log() + (1 - y) * (1 - p).log()), prediction, target, "cross entropy")


# By the name that `crosscheck` and the command line take.
LOSSES: dict[str, Loss] = {
    "squared_error": squared_error,
    "binary_cross_entropy": binary_cross_entropy,
}


def _summed(
    loss: Callable[[Value, Value], Value],
    prediction: Value | Sequence[Value],
    target: Number | Sequence[Number],
    name: str,
) -> Value:
    """The loss of every output, added up from the left, in a scope of its own."""
    predictions = [prediction] if isinstance(prediction, Value) else list(prediction)
    targets = list(target) if isinstance(target, Sequence) else [target]
    if len(predictions) != len(targets):
        raise WrongShape(
            f"{name}: {len(targets)} targets for {len(predictions)} predictions; give one target for each output"
        )
    with within(Scope("loss", name)):
        names = ["y"] if len(targets) == 1 else [indexed("y", j) for j in range(1, len(targets) + 1)]
        ys = [y if isinstance(y, Value) else Value(y, n) for y, n in zip(targets, names, strict=True)]
        total, *terms = (loss(p, y) for p, y in zip(predictions, ys, strict=True))
        for term in terms:
            total = total + term
        return total.named("L")

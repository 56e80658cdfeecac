"""Losses: each one formula, read on Values here and on arrays by the vectorised engine. Imports autograd and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from autograd import NotAScalar, Scope, UnknownChoice, Value, WrongShape, shorten, within
from autograd.formula import Formula, word
from autograd.readings.values import express

from .names import indexed

Number: TypeAlias = Value | float

p, y, log = Formula("p"), Formula("y"), word("log")

# The loss of one output: p is the prediction, y the target.
FORMULAS: dict[str, Formula] = {
    "squared_error": (p - y) ** 2,
    "binary_cross_entropy": -(y * log(p) + (1 - y) * log(1 - p)),
}


def formula_of(loss: str) -> Formula:
    """The loss of one output as a formula in p and y.

    Raises UnknownChoice for a loss that does not exist.
    """
    if loss not in FORMULAS:
        raise UnknownChoice("loss", loss, FORMULAS)
    return FORMULAS[loss]


def squared_error(prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """Σ (p - y)² over the outputs of one example, without a factor ½; plain targets become leaves named y.

    Raises WrongShape unless there is one target per prediction. Source: line 696 of the notes.
    """
    return total_loss("squared_error", prediction, target)


def binary_cross_entropy(prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """Σ -(y ln p + (1 - y) ln(1 - p)) over the outputs of one example, from probabilities.

    At p = 0 or 1 it is inf or nan, as the formula says. Raises WrongShape unless there is one target per
    prediction. Source: line 1191 of the notes.
    """
    return total_loss("binary_cross_entropy", prediction, target)


def total_loss(loss: str, prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """The loss of that name over all outputs of one example, added up from the left, as a node named L."""
    formula = formula_of(loss)
    predictions: Sequence[Value] = [prediction] if isinstance(prediction, Value) else prediction
    targets: Sequence[Number] = target if hasattr(target, "__len__") else [target]  # type: ignore[assignment]
    if not hasattr(predictions, "__len__") or not all(isinstance(p, Value) for p in predictions):
        raise NotAScalar(f"{loss}: the prediction is {shorten(prediction)}; give a Value, or a list of Values")
    if len(predictions) != len(targets) or not len(targets):
        raise WrongShape(
            f"{loss}: {len(targets)} targets for {len(predictions)} predictions; give one target for each output"
        )
    with within(Scope("loss", loss.replace("_", " "))):
        names = ["y"] if len(targets) == 1 else [indexed("y", j) for j in range(1, len(targets) + 1)]
        leaves = [t if isinstance(t, Value) else Value(t, name) for t, name in zip(targets, names, strict=True)]
        first, *rest = (express(formula, p=p, y=y) for p, y in zip(predictions, leaves, strict=True))
        summed: Value = sum(rest, first)
        return summed.named("L")

"""Losses: each one formula, read on Values here and on arrays by the vectorised engine. Imports autograd and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from autograd import NotAScalar, Scope, UnknownChoice, Value, WrongShape, logsumexp, require_choice, shorten, within
from autograd.formula import Formula, word
from autograd.readings.values import express

from .names import indexed

Number: TypeAlias = Value | float

p, y, z, s, w, k = map(Formula, "pyzswk")
log, softplus, relu, where, equal = map(word, ("log", "softplus", "relu", "where", "=="))


class Loss(NamedTuple):
    """The loss of one output: p is the prediction, y the target.

    `from_logits` is the same as a formula of the pre-activation z, for outputs of this `activation`; it overflows
    nowhere. In it s is the logarithm of the Σ exp(z) over the outputs.
    """

    formula: Formula
    activation: str = ""
    from_logits: Formula | None = None


LOSSES: dict[str, Loss] = {
    "squared_error": Loss((p - y) ** 2),
    "binary_cross_entropy": Loss(-(y * log(p) + (1 - y) * log(1 - p)), "sigmoid", softplus(z) - y * z),
    "cross_entropy": Loss(where(equal(y, 0), 0, -(y * log(p))), "softmax", y * (s - z)),
    "hinge": Loss(relu(1 - y * p)),
}
PROBABILITIES = ("sigmoid", "softmax")  # activations whose outputs are some
# What weights cost, each with a strength k; biases are left out.
PENALTIES: dict[str, Formula] = {"l1": k * abs(w), "l2": k * w**2}


def loss_of(loss: str) -> Loss:
    """The loss of that name; raises UnknownChoice if there is none."""
    if loss not in LOSSES:
        raise UnknownChoice("loss", loss, LOSSES)
    return LOSSES[loss]


def require_output(loss: str, activation: object) -> None:
    """Raise UnknownChoice for a loss of probabilities where the outputs of this activation are none."""
    if loss_of(loss).activation and activation not in PROBABILITIES:
        raise UnknownChoice(f"output for {loss}", activation, PROBABILITIES)


def squared_error(
    prediction: Value | Sequence[Value], target: Number | Sequence[Number], reduction: str = "sum"
) -> Value:
    """Σ (p - y)² over the outputs of one example, or their mean, without a factor ½; plain targets become leaves.

    Raises WrongShape unless there is one target per prediction. Source: line 696 of the notes.
    """
    return total_loss("squared_error", prediction, target, reduction)


def binary_cross_entropy(
    prediction: Value | Sequence[Value], target: Number | Sequence[Number], from_logits: bool = False
) -> Value:
    """Σ -(y ln p + (1 - y) ln(1 - p)) over the outputs of one example, from probabilities or, stably, from logits.

    From probabilities it is inf or nan at p = 0 or 1, as the formula says. From logits it is ln(1 + eᶻ) - y z. Raises
    WrongShape unless there is one target per prediction. Source: line 1191 of the notes.
    """
    return total_loss("binary_cross_entropy", prediction, target, from_logits=from_logits)


def cross_entropy(prediction: Sequence[Value], target: Sequence[Number] | int, from_logits: bool = False) -> Value:
    """-Σ y ln p over the classes, from probabilities or, stably, from the logits that softmax would take.

    The target is one-hot, or the number of the class. Only the true class contributes. Raises WrongShape unless there
    is one target per prediction. Source: lines 444 and 601-621 of the notes.
    """
    if isinstance(target, int) and hasattr(prediction, "__len__"):
        if not 0 <= target < len(prediction):
            raise WrongShape(f"cross_entropy: class {target} of {len(prediction)}; classes are counted from 0")
        target = [float(place == target) for place in range(len(prediction))]
    return total_loss("cross_entropy", prediction, target, from_logits=from_logits)


def hinge(prediction: Value | Sequence[Value], target: Number | Sequence[Number]) -> Value:
    """Σ max(0, 1 - y p) over the outputs of one example; targets are -1 and 1.

    Raises WrongShape unless there is one target per prediction.
    """
    return total_loss("hinge", prediction, target)


def penalty(kind: str, weights: Sequence[Value], strength: float) -> Value:
    """Strength · Σ |w| for "l1", strength · Σ w² for "l2", as a node of that name.

    Raises UnknownChoice for another kind, WrongShape without weights. Source: lines 697-703 of the notes.
    """
    require_choice("penalty", kind, PENALTIES)
    if not weights:
        raise WrongShape(f"{kind}: there are no weights; give net.parameters() without the biases")
    with within(Scope("penalty", kind)):
        first, *rest = (express(PENALTIES[kind], w=weight, k=strength) for weight in weights)
        summed: Value = sum(rest, first)
        return summed.named(kind)


def total_loss(
    loss: str,
    prediction: Value | Sequence[Value],
    target: Number | Sequence[Number],
    reduction: str = "sum",
    from_logits: bool = False,
) -> Value:
    """The loss of that name over all outputs of one example, added up from the left, as a node named L."""
    known = loss_of(loss)
    require_choice("reduction", reduction, ("sum", "mean"))
    if from_logits and known.from_logits is None:
        raise UnknownChoice("loss from logits", loss, [name for name, each in LOSSES.items() if each.from_logits])
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
        terms = list(_terms(known, predictions, leaves, from_logits))
        summed: Value = sum(terms[1:], terms[0])
        return (summed / len(predictions) if reduction == "mean" else summed).named("L")


def _terms(loss: Loss, predictions: Sequence[Value], targets: Sequence[Value], from_logits: bool) -> list[Value]:
    """The loss of each output; those of which nothing is asked, as of the classes that are not true, are left out."""
    pairs = zip(predictions, targets, strict=True)
    if loss.from_logits is None or not from_logits:
        made = [express(loss.formula, p=p, y=y) for p, y in pairs]
    else:
        normaliser = logsumexp(predictions) if loss.activation == "softmax" else 0.0
        made = [express(loss.from_logits, z=z, y=y, s=normaliser) for z, y in pairs]
    return [term for term in made if isinstance(term, Value)] or [Value(0.0)]

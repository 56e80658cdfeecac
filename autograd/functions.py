"""Functions of many Values: sums, extremes, softmax, each node with as many parents as it needs. Imports value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from .errors import WrongShape, shorten
from .ops import TABLE, Op
from .readings.python import rule
from .value import Operand, Value, _node, data_of

ONLY_VALUES = {Value}


def record(op: Op, *given: Any) -> Value:
    """A node of the primitive `op`: a list for each operand with a star, a Value or a number for each other."""
    groups = [group if listed else (group,) for listed, group in zip(op.is_list, given, strict=True)]
    operands = tuple(chain.from_iterable(groups))
    only_values = ONLY_VALUES.issuperset(map(type, operands))
    numbers = [[v.data for v in group] if only_values else [data_of(v) for v in group] for group in groups]
    arguments = [group if listed else group[0] for listed, group in zip(op.is_list, numbers, strict=True)]
    data, *partials = rule(op, (True,) * len(groups))(*arguments)
    links: list[Any] = [None] * (2 * len(operands))
    links[::2] = operands
    links[1::2] = partials
    if not only_values:
        for place, operand in enumerate(operands):
            if not isinstance(operand, Value):
                links[2 * place + 1] = None
    return _node(data, op, tuple(links))


def weighted_sum(weights: Sequence[Operand], inputs: Sequence[Operand], bias: Operand = 0.0) -> Value:
    """Σ weights[i] · inputs[i] + bias as one node with many parents: the weights, the inputs, then the bias.

    Raises WrongShape unless there are as many weights as inputs, and at least one.
    """
    for what, given in (("weights", weights), ("inputs", inputs)):
        if not hasattr(given, "__len__"):
            raise WrongShape(f"weighted_sum: the {what} are {shorten(given)}; give a list of them")
    if len(weights) != len(inputs) or not len(weights):
        raise WrongShape(
            f"weighted_sum: {len(weights)} weights for {len(inputs)} inputs; give one weight for each input"
        )
    return record(TABLE["weighted_sum"], weights, inputs, bias)


def total(terms: Iterable[Operand]) -> Value:
    """The sum of any number of terms as one node; raises WrongShape if there are none."""
    return record(TABLE["sum"], _some(terms, "total"))


def maximum(*numbers: Any) -> Value:
    """The largest of several Values or numbers, or of one list of them, as one node.

    Equal largest ones share the derivative evenly. Raises WrongShape if there is none.
    """
    return record(TABLE["max"], _some(numbers[0] if len(numbers) == 1 else numbers, "maximum"))


def minimum(*numbers: Any) -> Value:
    """The smallest of several Values or numbers, or of one list of them, as one node.

    Equal smallest ones share the derivative evenly. Raises WrongShape if there is none.
    """
    return record(TABLE["min"], _some(numbers[0] if len(numbers) == 1 else numbers, "minimum"))


def logsumexp(logits: Iterable[Operand], *, stable: bool = True) -> Value:
    """Ln Σ exp(x) of a list. One node that does not overflow, or with stable=False as the lesson spells it."""
    given = _some(logits, "logsumexp")
    return record(TABLE["logsumexp"], given) if stable else total(map(_exp, given)).log()


def log_softmax(logits: Iterable[Operand], *, stable: bool = True) -> list[Value]:
    """The logarithm of each probability that `softmax` gives; precise also where that probability is tiny."""
    given = _some(logits, "log_softmax")
    if not stable:
        return [probability.log() for probability in softmax(given, stable=False)]
    normaliser = logsumexp(given)
    return [x - normaliser for x in given]


def softmax(logits: Iterable[Operand], *, stable: bool = True) -> list[Value]:
    """exp(xᵢ) / Σ exp(x) for each x of a list: positive numbers that add up to 1.

    Computed as exp(xᵢ − ln Σ exp(x)), which does not overflow; with stable=False as the quotient that the notes
    write (lines 318-330), which does: softmax([1000, 0], stable=False) is nan. Raises WrongShape for an empty list.
    """
    given = _some(logits, "softmax")
    if stable:
        return [x.exp() for x in log_softmax(given)]
    powers = [_exp(x) for x in given]
    normaliser = total(powers)
    return [power / normaliser for power in powers]


def _exp(x: Operand) -> Value:
    return (x if isinstance(x, Value) else Value(x)).exp()


def _some(given: Any, asked: str) -> list[Operand]:
    """The list itself; raises WrongShape if it is no list or an empty one."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise WrongShape(f"{asked}: given {shorten(given)}, expected a list of Values; write {asked}([…])")
    if not (entries := list(given)):
        raise WrongShape(f"{asked}: given an empty list, expected at least one Value")
    return entries

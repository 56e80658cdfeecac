"""Functions of many Values: sums, extremes, softmax, each node with as many parents as it needs.

Imports ops, plain, readings.python and value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from .errors import WrongShape, shorten
from .ops import TABLE, Op
from .plain import require_float
from .readings.python import rule
from .value import Operand, Value, data_of, recorded


def record(op: Op, *given: Any) -> Value:
    """A node of the primitive `op`: a list for each operand with a star, a Value or a number for each other."""
    listed = op.is_list
    groups = [group if many else (group,) for many, group in zip(listed, given, strict=True)]
    numbers = [[data_of(operand) for operand in group] for group in groups]
    require_float(op, *chain.from_iterable(numbers))
    arguments = [group if many else group[0] for many, group in zip(listed, numbers, strict=True)]
    data, *partials = rule(op, (True,) * len(listed))(*arguments)
    data = float(data) if isinstance(data, int) else data  # as of constants only, max(3, x)
    pairs = zip(chain.from_iterable(groups), chain.from_iterable(numbers), strict=True)
    operands = tuple(operand if isinstance(operand, Value) else number for operand, number in pairs)
    wanted = tuple(p if isinstance(o, Value) else None for p, o in zip(partials, operands, strict=True))
    if op.takes_lists:
        return recorded(data, op, operands, wanted)
    return recorded(data, op, *chain.from_iterable(zip(operands, wanted, strict=True)))


WEIGHTED_SUM = TABLE["weighted_sum"]
ONLY_VALUES = {Value}
_weigh = rule(WEIGHTED_SUM, (True, True, True))


def weighted_sum(weights: Sequence[Operand], inputs: Sequence[Operand], bias: Operand = 0) -> Value:
    """Σ weights[i] · inputs[i] + bias as one node with many parents: the weights, the inputs, then the bias.

    Raises WrongShape unless there are as many weights as inputs, and at least one.
    """
    if not (hasattr(weights, "__len__") and hasattr(inputs, "__len__") and 0 < len(weights) == len(inputs)):
        raise _mismatch(weights, inputs)
    operands = (*weights, *inputs, bias)
    if not ONLY_VALUES.issuperset(map(type, operands)):
        return record(WEIGHTED_SUM, weights, inputs, bias)
    # Most of a network's nodes are made here, so this is `record` without its questions.
    *numbers, b = [operand.data for operand in operands]  # type: ignore[union-attr]
    count = len(weights)
    found = _weigh(numbers[:count], numbers[count:], b)
    return recorded(found[0], WEIGHTED_SUM, operands, found[1:])


def _mismatch(weights: Any, inputs: Any) -> WrongShape:
    for what, given in (("weights", weights), ("inputs", inputs)):
        if not hasattr(given, "__len__"):
            return WrongShape(f"weighted_sum: the {what} are {shorten(given)}; give a list of them")
    return WrongShape(f"weighted_sum: {len(weights)} weights for {len(inputs)} inputs; give one weight for each input")


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
    """The logarithm of Σ exp(x) over a list: one node that does not overflow, or with stable=False as spelled out."""
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

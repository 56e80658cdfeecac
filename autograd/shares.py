"""A sweep's statements with the mean taken at the start, not at the end.

Imports adjoints, arrays, extents and formula.

The notes' dZ belongs to one example, and dW has the 1/m. A machine divides dZ instead, where 1/m meets other numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .adjoints import EXAMPLES, Sweep
from .arrays import Array
from .extents import replaced, symbols_in
from .formula import Formula

TERMS = ("+", "-", "neg", "stack", "over rows")  # what these are made of has its own share


def shared_from_the_start(sweep: Sweep) -> Iterator[tuple[Array, Formula]]:
    """The statements of the sweep, each formula with errors that are shares of the mean already."""
    loss = sweep.plan.loss
    shares = {batch: share for batch, share in sweep.shares.items() if batch and share.is_number and share.word}
    if loss.varies:
        shares[loss.varies] = 1 / EXAMPLES
    errors = {array.name: shares[array.varies] for array in sweep.statements if array.varies in shares}
    for array in sweep.statements:
        assert array.formula is not None  # it is a statement
        if array.varies in shares:
            yield array, _times(shares[array.varies], array.formula, errors)
        else:
            read = {symbol: errors[name] for symbol in symbols_in(array.formula) if (name := _array(symbol)) in errors}
            yield array, replaced(array.formula, {symbol: Formula(symbol) / share for symbol, share in read.items()})


def _times(share: Formula, formula: Formula, errors: Mapping[str, Formula]) -> Formula:
    """The share times a formula that is linear in the errors, which have theirs: the terms without any get it."""
    if formula.word != "over rows" and all(_array(symbol) not in errors for symbol in symbols_in(formula)):
        return formula * share
    args = list(formula.args)
    for place, argument in enumerate(args):
        has_errors = any(_array(symbol) in errors for symbol in symbols_in(argument))
        if has_errors or formula.word in TERMS or (formula.word == "where" and place):
            args[place] = _times(share, argument, errors)
    return Formula(formula.word, *args)


def _array(symbol: str) -> str:
    """The array that a symbol is, or is a part of."""
    return symbol.partition("[")[0]

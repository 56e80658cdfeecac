"""The sweep over arrays: statements that compute the gradient of every parameter.

What a statement passes back to an array that it reads is what arrived, times the slope of its formula there by the
table; what is linear, a product, a sum or a stack, passes back by its transpose. Imports arrays, extents, formula, ops,
simplify and slopes.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import add

from .arrays import Array, Plan
from .extents import (
    SUMS,
    Extent,
    extent,
    is_elementwise,
    is_list,
    over_entries,
    over_examples,
    over_rows,
    product,
    recognised,
    replaced,
    size,
    symbols_in,
    transposed,
)
from .formula import Formula
from .ops import TABLE
from .simplify import simplified
from .slopes import slope

EXAMPLES = Formula("m")  # how many there are
MOST = 16  # contributions that one statement adds up
LONGEST = 12  # words of what is passed on without a name of its own


class Sweep:
    """What arrives at each array, from the loss down, and the statements that compute it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.extents = {text: Extent(*part.shape, part.array.varies) for text, part in plan.parts.items()}
        self.extents |= {array.name: Extent(*array.shape, array.varies) for array in plan.arrays}
        self.known = {formula: Formula(array.name) for array, formula in plan.computed if is_elementwise(formula)}
        self.statements: list[Array] = []
        self.names = Counter[str]()
        self.gradients: dict[str, str] = {}  # of each parameter the statement that has it
        self.arrived: dict[str, Formula] = {}  # at each array, also where no statement has it
        self.held: dict[Array, list[Formula]] = {plan.loss: [Formula(1.0)]}
        self.shares: dict[int, Formula] = {}  # what one example of each batch counts for; 1/m if the cost is their mean
        self.needed = self._needed()
        awaited = Counter(name for array, formula in plan.computed for name in self._learnt_in(formula))
        by_name = {array.name: array for array in plan.given}
        if plan.loss.is_learnt:
            self._turn(plan.loss)
        for array, formula in reversed(plan.computed):
            if array in self.held and array in self.needed:
                self._turn(array)
            for name in self._learnt_in(formula):
                awaited[name] -= 1
                if not awaited[name] and by_name[name] in self.held:
                    self._turn(by_name[name])
        self.gradients = {array.name: self.gradients[array.name] for array in plan.given if array.is_learnt}

    def _needed(self) -> set[Array]:
        """The arrays that some parameter leads to."""
        found = set[Array]()
        for array in self.plan.arrays:
            read = symbols_in(array.formula) if array.formula else ()
            if array.is_learnt or any(self.plan.parts[symbol].array in found for symbol in read):
                found.add(array)
        return found

    def _learnt_in(self, formula: Formula) -> list[str]:
        """The parameters that it reads, each once."""
        arrays = (self.plan.parts[symbol].array for symbol in symbols_in(formula))
        return list(dict.fromkeys(array.name for array in arrays if array.is_learnt))

    def _turn(self, array: Array) -> None:
        """All that arrives at it has arrived."""
        held, formula = self.held.pop(array), array.formula
        while len(held) > MOST:  # added up a few at a time
            rest = [self._stated(array, reduce(add, held[i : i + MOST])) for i in range(0, len(held), MOST)]
            held = [Formula(stated.name) for stated in rest]
        arrived = self.arrived[array.name] = simplified(reduce(add, held))
        if formula is None:
            self.gradients[array.name] = self._stated(array, arrived).name
            return
        read = {symbol for symbol in symbols_in(formula) if self.plan.parts[symbol].array in self.needed}
        goes = Extent(*array.shape, array.varies)
        linear = not formula.words.isdisjoint({"@", "stack"}) or is_list(formula)
        if (arrived.args and (linear or len(read) > 1 or size(arrived) > LONGEST)) or (
            linear and not self._fills(arrived, goes)
        ):
            arrived = Formula(self._stated(array, arrived).name)
        self._through(formula, arrived, goes, array.name)

    def _fills(self, formula: Formula, goes: Extent) -> bool:
        """Whether its result is an array that goes so far, and not one that is the same all over."""
        return extent(formula, self.extents) == goes and any(symbols_in(formula))

    def _stated(self, array: Array, arrived: Formula) -> Array:
        """A statement for what arrived at an array."""
        goes = Extent(*array.shape, array.varies)
        if not self._fills(arrived, goes):
            arrived = Formula("spread", arrived, Formula(array.name))
        self.names[array.name] += 1
        again = self.names[array.name] - 1
        stated = Array(
            f"d{array.name}{'_' * bool(again)}{again or ''}", array.members, array.shape, array.varies, arrived
        )
        self.statements.append(stated)
        self.extents[stated.name] = goes
        return stated

    def _through(self, formula: Formula, arrived: Formula, goes: Extent, name: str) -> None:
        """Pass what arrived at a formula, whose result goes so far, on to what it reads."""
        if formula.word == "@":
            (W, X), found = formula.args, extent(formula, self.extents)
            arrived = self._gathered(arrived, goes, found)
            over = product(arrived, transposed(X))
            self._arrive(W, self._shared(over, found.varies) if found.varies else over)
            self._arrive(X, product(transposed(W), arrived))
        elif formula.word == "stack":
            start = 0
            for piece in formula.args:
                rows = self.extents[str(piece.word)].rows
                symbol = f"{arrived.word}[{start}:{start + rows}]"
                self.extents[symbol] = Extent(rows, 1, goes.varies)
                self._arrive(piece, Formula(symbol), self.extents[symbol])
                start += rows
        elif formula.word == "over examples":
            (X,) = formula.args
            self.shares[self.extents[str(X.word)].varies] = arrived
            self._arrive(X, Formula(1.0), self.extents[str(X.word)])
        elif is_list(formula):
            (X,), op = formula.args, TABLE[str(formula.word)]
            local = replaced(op.partials[0], {op.symbols[0]: X, "z": Formula(name)})
            self._arrive(X, simplified(arrived * recognised(local, self.known)), self.extents[str(X.word)])
        elif formula.word in SUMS:
            self._through(formula.args[0], arrived, extent(formula.args[0], self.extents), name)
        elif formula.word == "+" and not is_elementwise(formula):
            for term in formula.args:
                found = extent(term, self.extents)
                self._through(term, self._gathered(arrived, goes, found), found, name)
        else:
            for symbol in dict.fromkeys(symbols_in(formula)):
                local = recognised(slope(formula, symbol), self.known)
                self._arrive(Formula(symbol), simplified(arrived * local), goes)

    def _arrive(self, symbol: Formula, contribution: Formula, goes: Extent | None = None) -> None:
        """Add a contribution to what an array holds; `goes` says how far it would go, were it not the same all over."""
        part = self.plan.parts.get(str(symbol.word))
        if part is None or part.array not in self.needed:
            return
        if goes is not None:
            contribution = self._gathered(contribution, goes, Extent(*part.shape, part.array.varies))
        if not part.is_whole:
            rows = Formula(repr(list(part.rows)) if isinstance(part.rows, tuple) else repr(part.rows))
            into = "into" if part.array.varies else "into entries"
            contribution = Formula(into, contribution, Formula(part.array.name), rows)
        self.held.setdefault(part.array, []).append(contribution)

    def _shared(self, summed: Formula, batch: int) -> Formula:
        """A sum over the examples of a batch, by what each of them counts for."""
        share = self.shares.get(batch)
        if share is None:
            return summed / EXAMPLES
        many = 1 / float(share.word) if share.is_number and share.word else 0.5
        return summed / many if many.is_integer() else summed * share

    def _count(self, batch: int) -> Formula:
        """How many examples a batch has."""
        return Formula(float(self.plan.counts[batch - 1])) if self.plan.counts else EXAMPLES

    def _gathered(self, contribution: Formula, goes: Extent, goal: Extent) -> Formula:
        """A contribution that goes so far, summed up to what it is a contribution to; the cost is a mean."""
        found = extent(contribution, self.extents)
        if goes.varies and not goal.varies:
            over = over_examples(contribution) if found.varies else contribution * self._count(goes.varies)
            contribution = self._shared(over, goes.varies)
        if (goes.rows, goes.columns) != (goal.rows, goal.columns):  # which is one number
            if (found.rows, found.columns) == (1, 1):
                return contribution * (goes.rows * goes.columns)
            return over_rows(contribution) if goal.varies else over_entries(contribution)
        return contribution

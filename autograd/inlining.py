"""Statements as a person would write them: what is read once stands where it is read, and the others get their names.

Imports arrays, extents, formula and ops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from .arrays import Array, Plan
from .extents import ARITHMETIC, is_elementwise, is_list, replaced, size, symbols_in
from .formula import Formula
from .ops import TABLE

LONGEST = 24  # words of a formula that goes into another
# Arithmetic, and the primitives whose derivatives do not ask for their result.
FORGOTTEN = ARITHMETIC | {
    op.name
    for op in TABLE.values()
    if not op.takes_lists and all("z" not in symbols_in(partial) for partial in op.partials)
}


def tidied(plan: Plan) -> Plan:
    """The same plan with fewer statements, under the names of the notes."""
    return _christened(_inlined(plan))


def _inlined(plan: Plan) -> Plan:
    """With what one statement reads, as a whole and alone, put into that statement, where it stays short."""
    readers: dict[str, list[Array]] = {}
    for array, formula in plan.computed:
        for symbol in set(symbols_in(formula)):
            readers.setdefault(plan.parts[symbol].array.name, []).append(array)
    within: dict[str, Formula] = {}
    kept: list[Array] = []
    for array in plan.arrays:
        is_activation = _usual(array, plan).startswith("A")
        if array.formula is not None:
            array = array._replace(formula=replaced(array.formula, within))
        if array.formula is None or is_activation:
            kept.append(array)
        elif _goes_into(array, array.formula, readers.get(array.name, [])):
            within[array.name] = array.formula
        else:
            kept.append(array)
    return _renamed(plan, kept, lambda array: array.name)


def _goes_into(array: Array, formula: Formula, readers: list[Array]) -> bool:
    """Whether a statement can be part of the one that reads it, where nothing asks for its result again."""
    by = readers[0].formula if len(readers) == 1 else None
    if by is None or not formula.args or not formula.words <= FORGOTTEN or size(formula) > LONGEST:
        return False
    return array.name in symbols_in(by) and by.words.isdisjoint({"@", "stack", "over examples"}) and not is_list(by)


def _christened(plan: Plan) -> Plan:
    """A1, A2, … for what neurons make of their sums Z1, Z2, …, S for what is taken of a list, E for what is left."""
    counts, said = Counter[str](), dict[str, str]()
    for array in plan.arrays:
        usual = _usual(array, plan)
        counts[usual] += 1
        said[array.name] = usual if counts[usual] == 1 and usual not in LETTERS else f"{usual}{counts[usual]}"
    return _renamed(plan, plan.arrays, lambda array: said[array.name])


LETTERS = ("E", "G", "S")


def _usual(array: Array, plan: Plan) -> str:
    """What such an array is called."""
    formula = array.formula
    if formula is None or "@" in formula.words or array is plan.loss:
        return array.name
    if formula.word == "stack" or is_list(formula):
        return "G" if formula.word == "stack" else "S"
    first, *others = symbols_in(formula)
    if first[0] != "Z" or not first[1:].isdigit() or not is_elementwise(formula) or formula.words <= ARITHMETIC:
        return "E"
    # What a neuron makes of its sum is all that is made of it; beside softmax the logarithm of its denominator.
    lists = [other for other, by in plan.computed if is_list(by) and first in symbols_in(by)]
    readers = [other for other, by in plan.computed if first in symbols_in(by)]
    alone = all(other is array or other in lists for other in readers)
    return f"A{first[1:]}" if alone and {*others} <= {other.name for other in lists} else "E"


def _renamed(plan: Plan, arrays: Iterable[Array], name: Callable[[Array], str]) -> Plan:
    """A plan of these arrays under the names that they are given, in all formulas and parts too."""
    renamed = {array.name: array._replace(name=name(array)) for array in arrays}
    parts = {
        text: part._replace(array=renamed[part.array.name])
        for text, part in plan.parts.items()
        if part.array.name in renamed
    }
    written = {text: Formula(part.text) for text, part in parts.items()}
    final = {
        array.name: array._replace(formula=array.formula and replaced(array.formula, written))
        for array in renamed.values()
    }
    known = {part.text: part._replace(array=final[part.array.name]) for part in parts.values()}
    return Plan(tuple(final.values()), known, final[name(plan.loss)], plan.counts)

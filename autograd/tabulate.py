"""From scalars to arrays: what is computed alike on one level is one statement.

Weighted sums of the same inputs are one matrix product; primitives of one kind are applied to whole arrays; sums run
over rows. Operands that stand together in one array are read from there, and others are stacked first. Imports arrays,
extents, formula, ops and scalars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import reduce
from itertools import groupby
from math import inf, prod
from operator import add

from .arrays import Array, Part, Plan, rows_of
from .errors import TooMany
from .extents import over_entries, over_rows, product
from .formula import Formula
from .ops import PRIMITIVES
from .scalars import WEIGHTED, Operand, Scalar

WORDS = {name: said for said, name in PRIMITIVES.items()}  # how a formula says a primitive that has a sign
LONGEST = 16  # terms of a sum that is written out term by term


class Tables:
    """The arrays of a program in the order in which they are computed, where each scalar stands, and parts by text.

    Raises TooMany as soon as there are more than `most`.
    """

    def __init__(self, scalars: Sequence[Scalar], most: float = inf) -> None:
        self.arrays: list[Array] = []
        self.home: dict[Scalar, Array] = {}  # the array that each scalar stands in, and
        self.row: dict[Scalar, int] = {}  # its place there
        self.parts: dict[str, Part] = {}
        self.taken = Counter({"L": 1})  # which is the loss
        self.layers: dict[Scalar, int] = {}
        levels: dict[int, list[Scalar]] = {}
        loss = scalars[-1]
        for scalar in scalars:
            if scalar.op is not None:
                levels.setdefault(scalar.level, []).append(scalar)
        for level in sorted(levels):
            for group in self._groups([scalar for scalar in levels[level] if scalar.op is WEIGHTED]):
                self._place_layer(group)
        for level in sorted(levels):
            for group in self._groups(levels[level]):
                self._compute(group, "L" if loss in group else "")
                if len(self.arrays) > most:
                    raise TooMany(f"more than {most:,} arrays")
        if loss not in self.home:
            self._part([loss])
        self.plan = Plan(tuple(self.arrays), self.parts, self.home[loss])

    def _groups(self, scalars: Iterable[Scalar]) -> list[list[Scalar]]:
        """Those of one level by what is done to what."""
        groups: dict[Hashable, list[Scalar]] = {}
        for scalar in scalars:
            groups.setdefault((scalar.op, scalar.varies, *self._key(scalar)), []).append(scalar)
        return list(groups.values())

    def _key(self, scalar: Scalar) -> tuple[Hashable, ...]:
        op, operands = scalar.op, scalar.operands
        assert op is not None
        if op is WEIGHTED:
            return tuple(operands[len(operands) // 2 : -1])  # neurons that read the same
        if op.takes_lists and not (op.name == "sum" and len(operands) <= LONGEST):
            return (scalar,)
        return tuple(self._home(operand) for operand in operands)

    def _home(self, operand: Operand) -> Hashable:
        """Where an operand comes from: an array, the batch or the parameters, or plain numbers."""
        if operand.__class__ is not Scalar:
            return "number"
        return self.home.get(operand, operand.varies)

    def _compute(self, group: list[Scalar], name: str) -> None:
        """One statement for a group."""
        first = group[0]
        op, count = first.op, len(first.operands)
        assert op is not None
        shape = (len(group), 1)
        if op is WEIGHTED:
            formula, usual = self._weighted(group)
        elif self._adds_rows(group):
            formula, usual = self._summed(first.operands), "S"
        elif op.takes_lists and op.name != "sum":
            formula, usual = Formula(op.name, self._part(first.operands, flat=True)), "S"
        else:
            slots = [[scalar.operands[j] for scalar in group] for j in range(count)]
            parts = [self._slot(slot) for slot in slots]
            shapes = {self.parts[str(part.word)].shape for part in parts if not part.is_number}
            if len(shapes) == 1 and prod(min(shapes)) == len(group):
                (shape,) = shapes  # of a matrix too
            elif any(columns > 1 for _, columns in shapes):
                parts = [self._slot(slot, flat=True) for slot in slots]
            formula = reduce(add, parts) if op.name == "sum" else Formula(WORDS.get(op.name, op.name), *parts)
            usual = "E"
        self._add(Array(name or self._fresh(usual), tuple(group), shape, first.varies, formula))

    def _adds_rows(self, group: list[Scalar]) -> bool:
        """Whether this is one sum of many terms, or of two that stand in one array that is computed."""
        op, operands = group[0].op, group[0].operands
        assert op is not None
        if op.name == "sum":
            return len(group) == 1 or len(operands) > LONGEST
        if op.name != "add" or len(group) > 1 or not all(o.__class__ is Scalar and o.op for o in operands):
            return False
        return self.home[operands[0]] is self.home[operands[1]]

    def _place_layer(self, group: list[Scalar]) -> None:
        """The leaves of neurons that read the same: their inputs, weights and biases."""
        inputs, weights, offsets = _layer(group)
        if any(w.__class__ is Scalar and w.varies for w in weights):
            return
        self.layers[group[0]] = number = len(self.layers) + 1
        self._place_leaves(inputs, "A0" if number == 1 else "", (len(inputs), 1))
        self._place_leaves(weights, f"W{number}", (len(group), len(inputs)))
        self._place_leaves(offsets, f"b{number}", (len(group), 1))

    def _weighted(self, group: list[Scalar]) -> tuple[Formula, str]:
        """W @ X + b where no weight varies, else the terms one by one."""
        inputs, weights, offsets = _layer(group)
        if group[0] not in self.layers:
            count = len(inputs)
            terms = [self._slot(weights[j::count]) * self._slot([x]) for j, x in enumerate(inputs)]
            return reduce(add, [*terms, self._slot(offsets)]), "S"
        W, X = self._part(weights, (len(group), len(inputs))), self._part(inputs, flat=True)
        b = self._slot(offsets, flat=True)
        Z = product(W, X)
        return (Z if b.is_number and not b.word else Z + b), f"Z{self.layers[group[0]]}"

    def _summed(self, operands: Sequence[Operand]) -> Formula:
        """The sum of them all: for each array that they come from, over its rows."""
        by_home: dict[Hashable, list[Operand]] = {}
        for operand in operands:
            by_home.setdefault(self._home(operand), []).append(operand)
        terms = []
        for some in by_home.values():
            part = self._part(some)
            varies = any(each.__class__ is Scalar and each.varies for each in some)
            terms.append(part if len(some) == 1 else (over_rows if varies else over_entries)(part))
        return reduce(add, terms)

    def _slot(self, operands: Sequence[Operand], flat: bool = False) -> Formula:
        """What stands in one place of a group's operations: a number or one row if it is the same in all of them."""
        if all(operand.__class__ is not Scalar and operand == operands[0] for operand in operands):
            return Formula(float(operands[0]))
        return self._part(operands[:1] if all(operand is operands[0] for operand in operands) else operands, flat=flat)

    def _part(self, operands: Sequence[Operand], shape: tuple[int, int] | None = None, flat: bool = False) -> Formula:
        """These operands as a symbol; leaves become arrays here."""
        count = len(operands)
        array, rows = self._whole(operands), None
        if array is None:
            self._place_leaves(operands, "", shape or (len(operands), 1))
            homes = [self._home(operand) for operand in operands]
            if len(set(homes)) > 1 or homes[0] == "number":
                array = self._stacked(operands, homes)
            else:
                array = self.home[operands[0]]
                rows = rows_of([self.row[operand] for operand in operands], array.shape[0] * array.shape[1])
        usual = (
            (len(operands), 1) if rows is not None or flat or array.shape[0] * array.shape[1] < count else array.shape
        )
        part = Part(array, rows, shape or usual)
        return Formula(self._known(part))

    def _whole(self, operands: Sequence[Operand]) -> Array | None:
        """The array that has just these operands, in this order, if there is one."""
        array = self.home.get(operands[0])
        return array if array and len(array.members) == len(operands) and array.members == tuple(operands) else None

    def _known(self, part: Part) -> str:
        return str(self.parts.setdefault(part.text, part).text)

    def _place_leaves(self, operands: Sequence[Operand], name: str, shape: tuple[int, int]) -> None:
        """Arrays for the leaves among them that have no place yet: those that vary, and the others."""
        new = [o for o in dict.fromkeys(operands) if o.__class__ is Scalar and o.op is None and o not in self.home]
        for varies in sorted({leaf.varies for leaf in new}, reverse=True):
            if some := [leaf for leaf in new if leaf.varies == varies]:
                fits = len(some) == len(operands)
                usual = name if name and (fits or len(some) == 1) else _letter(some[0], "Y" if self.layers else "X")
                self._add(
                    Array(self._fresh(usual), tuple(some), shape if fits and not varies else (len(some), 1), varies)
                )

    def _stacked(self, operands: Sequence[Operand], homes: Sequence[Hashable]) -> Array:
        """What stands in several arrays, put below each other in one; numbers are an array given."""
        pieces, start = [], 0
        for home, run in groupby(homes):
            some = operands[start : start + len(list(run))]
            start += len(some)
            if home == "number":
                self._add(Array(self._fresh("C"), tuple(some), (len(some), 1), False))
                pieces.append(Formula(self._known(Part(self.arrays[-1], None, (len(some), 1)))))
            else:
                pieces.append(self._part(some, flat=True))
        varies = max(operand.varies if operand.__class__ is Scalar else 0 for operand in operands)
        if len(pieces) == 1:
            return self.arrays[-1]
        array = Array(self._fresh("G"), tuple(operands), (len(operands), 1), varies, Formula("stack", *pieces))
        self.arrays.append(array)
        return array

    def _add(self, array: Array) -> None:
        self.arrays.append(array)
        if isinstance(array.members[0], Scalar):  # and so they all are
            self.home |= dict.fromkeys(array.members, array)
            self.row |= zip(array.members, range(len(array.members)), strict=True)

    def _fresh(self, name: str) -> str:
        """The name, with a number if it is taken."""
        self.taken[name] += 1
        number = self.taken[name]
        return name if number == 1 and name not in "EGCS" else self._fresh(f"{name}{number}")


def _layer(group: list[Scalar]) -> tuple[list[Operand], list[Operand], list[Operand]]:
    """What neurons read that read the same, their weights, neuron by neuron, and their biases."""
    count = len(group[0].operands) // 2
    weights = [w for scalar in group for w in scalar.operands[:count]]
    return list(group[0].operands[count:-1]), weights, [scalar.operands[-1] for scalar in group]


def _letter(leaf: Scalar, varying: str) -> str:
    """What an array of leaves like this one is called; what has no name and varies is beside a layer's inputs Y."""
    letter = getattr(leaf.node, "name", "").strip()[:1].upper()  # a plain number has none
    return letter if letter.isascii() and letter.isalpha() else varying if leaf.varies else "P"

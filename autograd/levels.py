"""Graphs without structure, level by level: what is read is gathered, one primitive computed, what arrives added up.

Every scalar has a row of V, with an example per column; every operand of every scalar has a row of E, where what is
passed back to it is left. What one primitive computes on one level are neighbouring rows. Imports extents, listing,
ops, readings.program, scalars and script; NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .extents import symbols_in
from .listing import QUIET, indented
from .ops import Op
from .readings.program import functions, source
from .scalars import Operand, Scalar
from .script import PARAMETERS, Script, passed_on

Rows = NDArray[np.intp]
HEAD = '''"""The cost of a batch, in {groups} groups of {rows} numbers, and its gradient.

V has a row for each number, whose columns are examples; the cost is their mean. R1, R2, … are the rows that the groups
read, and E has what is passed back to each of them.
"""

import numpy as np'''
ARRIVED = '''# Where in E stands what is passed back to some rows, and where that to each begins if some have several.
READ = np.concatenate([{reads}])
ORDER = np.argsort(READ, kind="stable")
BEGINS = np.searchsorted(READ[ORDER], np.arange({rows} + 1))
ARRIVES = {{
    start: (ORDER[first:last], BEGINS[start:stop] - first if last - first > stop - start else None)
    for start, stop in {blocks}
    for first, last in [BEGINS[[start, stop]]]
}}


def arrived(start, E):
    """The derivatives by the rows of V from there on: for each the sum of what is passed back to it."""
    order, begins = ARRIVES[start]
    terms = E.take(order, axis=0)
    return terms if begins is None else np.add.reduceat(terms, begins, axis=0)'''


class Group(NamedTuple):
    """What one primitive computes on one level, neighbouring rows of V.

    `reads` are the rows of the operands, (slots, scalars), and `edge` is the first of their rows of E.
    """

    number: int
    op: Op
    scalars: Sequence[Scalar]
    start: int
    reads: Rows
    edge: int

    @property
    def rows(self) -> str:
        """Its rows."""
        return f"V[{self.start}:{self.start + len(self.scalars)}]"

    @property
    def is_read_again(self) -> bool:
        """Whether what is passed back depends on the operands."""
        return any(symbol in self.op.symbols for formula in passed_on(self.op) for symbol in symbols_in(formula))

    @property
    def operands(self) -> list[str]:
        """Lines that name what was gathered as the row of the table does; of a list all entries at once."""
        if not self.op.takes_lists and len(self.op.symbols) > 1:
            return [f"{', '.join(self.op.symbols)} = O{self.number}"]
        slots = self.op.by_symbol(range(len(self.reads)))
        return [
            f"{symbol} = O{self.number}[{f'{at[0]}:{at[-1] + 1}' if isinstance(at, list) else at}]"
            for symbol, at in slots.items()
        ]


def kinds_of(scalars: Sequence[Scalar]) -> list[list[Scalar]]:
    """The scalars that are computed, those of one level, primitive and number of operands together, in order."""
    kinds: dict[tuple[int, str, int], list[Scalar]] = {}
    for scalar in scalars:
        if scalar.op is not None:
            kinds.setdefault((scalar.level, scalar.op.name, len(scalar.operands)), []).append(scalar)
    return [kinds[kind] for kind in sorted(kinds)]


class Levels(Script):
    """The program of these scalars in groups; `leaves` are those that vary."""

    largest = 2**20  # 8 MB, about what is near to a processor: twice as quick as sixteen times as many

    def __init__(self, scalars: Sequence[Scalar], leaves: Sequence[Any]) -> None:
        super().__init__(scalars, leaves)
        kinds = kinds_of(scalars)
        numbers = {repr(o): float(o) for kind in kinds for s in kind for o in s.operands if o.__class__ is not Scalar}
        self.given_rows = [*self.varying, *self.learnt, *numbers]
        rows = [*self.given_rows, *(scalar for kind in kinds for scalar in kind)]
        self.count, self.row = len(rows), {scalar: row for row, scalar in enumerate(rows)}
        reads = [self._reads(kind) for kind in kinds]
        edges = accumulate((rows.size for rows in reads), initial=0)
        self.groups = [
            Group(number, op, kind, self.row[kind[0]], rows, edge)
            for number, (kind, rows, edge) in enumerate(zip(kinds, reads, edges, strict=False), 1)
            if (op := kind[0].op)
        ]
        self.data = {f"R{group.number}": group.reads for group in self.groups}
        if numbers:
            self.data["NUMBERS"] = np.array([*numbers.values()]).reshape(-1, 1)
        self.head = [HEAD.format(groups=len(self.groups), rows=self.count), *self._called(), ""]
        self.body = [
            ARRIVED.format(
                reads=", ".join(f"R{group.number}.ravel()" for group in self.groups),
                rows=self.count,
                blocks=[(rows.start, rows.stop) for rows in self._wanted() if rows],
            ),
            *("", "", QUIET, "def forward(parameters, batch):", *indented(self._forward())),
            *("", "", QUIET, "def backward(cache):", *indented(self._backward())),
        ]

    def _wanted(self) -> Iterator[range]:
        """The rows of V by which derivatives are asked for: the parameters, then each group but the last."""
        yield range(len(self.varying), len(self.varying) + len(self.learnt))
        for group in self.groups[:-1]:
            yield range(group.start, group.start + len(group.scalars))

    def _reads(self, kind: Sequence[Scalar]) -> Rows:
        """The rows of the operands of some scalars, slot by slot."""
        rows = [[self.row[o if o.__class__ is Scalar else repr(o)] for o in scalar.operands] for scalar in kind]
        return np.ascontiguousarray(np.array(rows, np.intp).T)

    def _called(self) -> list[str]:
        """What the formulas call."""
        ops = {group.op for group in self.groups}
        called = functions(formula for op in ops for formula in (op.result, *passed_on(op)))
        return [f"\n\n{function}" for function in called]

    @property
    def _cache(self) -> str:
        """What the way back reads of the way forward."""
        again = [f"O{group.number}" for group in self.groups if group.is_read_again]
        return f"({', '.join(['V', *again])}{'' if again else ','})"

    def _forward(self) -> Iterator[str]:
        """V from above, and its last row as the cost."""
        varying, learnt, given = len(self.varying), len(self.varying) + len(self.learnt), len(self.given_rows)
        yield f"V = np.empty(({self.count}, batch.shape[1]), batch.dtype)"
        if varying:
            yield f"V[:{varying}] = batch"
        if varying < learnt:
            yield f'V[{varying}:{learnt}] = parameters["{PARAMETERS}"]'
        if learnt < given:
            yield f"V[{learnt}:{given}] = NUMBERS"
        for group in self.groups:
            yield f"O{group.number} = V.take(R{group.number}, axis=0)  # {len(group.scalars)} × {group.op.name}"
            yield from group.operands
            yield f"{group.rows} = {source(group.op.result)}"
        yield f"return np.mean(V[-1]), {self._cache}"

    def _backward(self) -> Iterator[str]:
        """E from below, and what arrives at the parameters."""
        leading = self.that_lead_to_parameters()
        yield f"{self._cache} = cache"
        yield f"E = np.zeros(({sum(group.reads.size for group in self.groups)}, V.shape[1]), V.dtype)"
        for group in reversed(self.groups):
            if not leading.isdisjoint(group.scalars):
                is_cost = group is self.groups[-1]
                yield "d = np.ones_like(V[-1:])" if is_cost else f"d = arrived({group.start}, E)"
                yield from group.operands if group.is_read_again else []
                if any("z" in symbols_in(formula) for formula in passed_on(group.op)):
                    yield f"z = {group.rows}"
                yield from self._passed(group, leading)
        gradient = f"arrived({len(self.varying)}, E).mean(axis=1, keepdims=True)"
        yield f'return {{"{PARAMETERS}": {gradient}}}' if self.learnt else "return {}"

    def _passed(self, group: Group, leading: set[Operand]) -> Iterator[str]:
        """What a group passes on to its operands; to those that no parameter leads to, nothing."""
        wide, slots = len(group.scalars), group.op.by_symbol(range(len(group.reads)))
        for at, formula in zip(slots.values(), passed_on(group.op), strict=True):
            first, last = (at[0], at[-1] + 1) if isinstance(at, list) else (at, at + 1)
            if any(not leading.isdisjoint(scalar.operands[first:last]) for scalar in group.scalars):
                there = f"E[{group.edge + first * wide}:{group.edge + last * wide}]"
                there += f".reshape({last - first}, {wide}, -1)[...]" if isinstance(at, list) else ""
                yield f"{there} = {source(formula)}"

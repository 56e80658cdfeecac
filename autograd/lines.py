"""Straight-line code: a line for each scalar, and lines for what is passed back to it.

Without a batch the numbers are Python's own, many times as quick as arrays of one; with one, each scalar is an array
over the examples.

Imports extents, formula, identifiers, listing, ops, readings.floats, readings.program, scalars, script and tabulate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from operator import add
from types import MappingProxyType
from typing import Any, NamedTuple

from .errors import TooMany
from .extents import replaced
from .formula import Formula
from .identifiers import Identifiers
from .listing import QUIET, counted, indented, tuple_of, unpacked
from .ops import Op
from .readings.floats import FLOATS, definitions
from .readings.program import SOURCE, functions, source
from .scalars import Operand, Scalar
from .script import PARAMETERS, Script, passed_on
from .tabulate import LONGEST, WORDS

OVER_ENTRIES = {"total": "sum", "largest": "largest", "smallest": "smallest"}
ON_ARRAYS = {
    "largest": '''def largest(rows):
    """The largest of these, example by example."""
    return np.max(np.broadcast_arrays(*rows), axis=0)''',
    "smallest": '''def smallest(rows):
    """The smallest of these, example by example."""
    return np.min(np.broadcast_arrays(*rows), axis=0)''',
}
HEAD = '''"""The cost of a batch, in {count}, and its gradient; dx is the derivative by x.{arrays}"""

from __future__ import annotations
'''
ARRAYS = "\n\nEach number is an array over the examples, and the cost is their mean.\n"
IMPORTS = {"import math": {"math"}, "from collections.abc import Callable": {"Callable"},
           "from math import inf, nan": {"inf", "nan"}}  # fmt: skip
MOST = 1_000_000  # lines, for which Python takes some gigabytes
SMALL = {-3, -2, -1, 1, 2, 3}  # what is passed on through x² is 2 · x · d, through other powers as the table says


class Lines(Script):
    """The program of these scalars line by line; `leaves` are those that vary. Raises TooMany for more than MOST."""

    data: Mapping[str, Any] = {}
    largest = 2**24  # 128 MB: each line costs a call, for many examples as for few

    def __init__(self, scalars: Sequence[Scalar], leaves: Sequence[Any]) -> None:
        super().__init__(scalars, leaves)
        if len(scalars) > MOST:
            raise TooMany(
                f"vectorize: {len(scalars):,} scalars, hardly two of which can be computed at once, would be as many "
                f"lines of a program, more than {MOST:,}; gradients(loss) sweeps the graph as it is"
            )
        self.words = SOURCE if leaves else FLOATS
        self.identifiers = Identifiers()
        self.names: dict[Operand, str] = {}
        self.computed = [scalar for scalar in scalars if scalar.op is not None]
        forward, backward = self._forward(), self._backward()
        read = {*re.findall(r"\w+", "\n".join(backward))}
        cache = [name for name in dict.fromkeys(self.names.values()) if name in read]
        cost, quiet = self.names[scalars[-1]], [QUIET] if leaves else []
        forward.append(f"return {f'np.mean({cost})' if leaves else cost}, {tuple_of(cache)}")
        body = [
            *self._called(),
            "\n".join([*quiet, "def forward(parameters, batch):", *indented(forward)]),
            "\n".join([*quiet, "def backward(cache):", *indented([*unpacked(cache, "cache"), *backward])]),
        ]
        words = {*re.findall(r"\w+", "\n".join(body))}
        helpers = [text for name, text in ON_ARRAYS.items() if name in words] if leaves else definitions(words)
        words.update(*(re.findall(r"\w+", helper) for helper in helpers))
        imports = "".join(f"{line}\n" for line, names in IMPORTS.items() if not names.isdisjoint(words))
        self.head = [
            HEAD.format(count=counted(len(self.computed), "line"), arrays=ARRAYS if leaves else ""),
            *([imports] if imports else []),
            "import numpy as np",
        ]
        self.body = [f"\n\n{part}" for part in (*helpers, *body)]

    def _forward(self) -> list[str]:
        """The leaves, then a line for each scalar."""
        self.lines = list[str]()
        for scalar in self.scalars:
            self.names[scalar] = self.identifiers.of(scalar.node) if scalar.op is None else self._computed(scalar)
        batch, learnt = ([self.names[leaf] for leaf in leaves] for leaves in (self.varying, self.learnt))
        given = [*unpacked(batch, "batch"), *unpacked(learnt, f'parameters["{PARAMETERS}"].ravel().tolist()')]
        return [*given, *self.lines]

    def _backward(self) -> list[str]:
        """Lines for what is passed back from each scalar, then what arrived at the parameters."""
        self.lines, self.held, leading = list[str](), set[Operand](), self.that_lead_to_parameters()
        if self.scalars[-1] in leading:
            self._arrive(self.scalars[-1], "1.0")
        for scalar in reversed(self.computed):
            if scalar in self.held:
                self._pass_on(scalar, leading)
        return [*self.lines, f"return {self._gradient()}"]

    def _called(self) -> list[str]:
        """What the lines call."""
        ops = dict.fromkeys(scalar.op for scalar in self.computed if scalar.op)
        own = [op.result if op.takes_lists else Formula(WORDS.get(op.name, op.name), Formula("x")) for op in ops]
        return functions([*own, *(formula for op in ops for formula in passed_on(op))], self.words)

    def _gradient(self) -> str:
        """What arrived at the parameters, where there are any: on average over the examples."""
        if not self.learnt:
            return "{}"
        found = ", ".join(f"d{self.names[leaf]}" if leaf in self.held else "0.0" for leaf in self.learnt)
        each = f"[np.mean(d) for d in ({found},)]" if self.leaves else f"[{found}]"
        return f'{{"{PARAMETERS}": np.array({each}).reshape(-1, 1)}}'

    def _computed(self, scalar: Scalar) -> str:
        """A line that computes it; its name."""
        op = scalar.op
        assert op is not None
        if op.takes_lists:
            given = Given(op, self._formulas(scalar))
            formula = self._entry(op.result, given, written_out=True)
            if formula in given.known.values():
                return str(formula.word)  # it has been computed already
            result = str(source(formula, self.words))
        else:
            result = self._template(scalar).result.format(**self._named(scalar))
        name = self.identifiers.of(scalar.node)
        self.lines.append(f"{name} = {result}")
        return name

    def _pass_on(self, scalar: Scalar, leading: set[Operand]) -> None:
        """Lines that pass what arrived at it on to its operands."""
        op, name = scalar.op, self.names[scalar]
        assert op is not None
        if not op.takes_lists:
            names = {"z": name, **self._named(scalar)}
            for goal, passed in zip(scalar.operands, self._template(scalar).passed, strict=True):
                if goal in leading:
                    self._arrive(goal, passed.format(**names))
            return
        given = Given(op, self._formulas(scalar), {"d": Formula(f"d{name}"), "z": Formula(name)})
        goals = op.by_symbol(scalar.operands)
        for symbol, formula in zip(op.symbols, passed_on(op), strict=True):
            several = goals[symbol] if isinstance(goals[symbol], list) else [goals[symbol]]
            for at, goal in enumerate(several):
                if goal in leading:
                    self._arrive(goal, source(self._entry(formula, given, at), self.words))

    def _arrive(self, goal: Operand, contribution: str) -> None:
        """Add to what arrived at a scalar; 0 is nothing to add."""
        if contribution != "0":
            name = f"d{self.names[goal]}"
            self.lines.append(f"{name} = {f'{name} + ' if goal in self.held else ''}{contribution}")
            self.held.add(goal)

    def _template(self, scalar: Scalar) -> Template:
        numbers = tuple(["" if o.__class__ is Scalar else repr(float(o)) for o in scalar.operands])
        return _template(scalar.op, numbers, not self.leaves)

    def _named(self, scalar: Scalar) -> dict[str, str]:
        """The operands' names under their symbols; numbers stand in the template."""
        assert scalar.op is not None
        return {s: self.names.get(o, "") for s, o in zip(scalar.op.symbols, scalar.operands, strict=True)}

    def _formulas(self, scalar: Scalar) -> list[Formula]:
        return [Formula(self.names[o] if o.__class__ is Scalar else float(o)) for o in scalar.operands]

    def _entry(self, formula: Formula, given: Given, at: int = 0, written_out: bool = False) -> Formula:
        """A row's formula for one entry of its lists; what runs over all of them has a line of its own."""
        if not formula.args:
            found: Formula | list[Formula] = given.names.get(str(formula.word), formula)
            return found[at] if isinstance(found, list) else found
        if formula.word not in OVER_ENTRIES:
            return Formula(formula.word, *(self._entry(argument, given, at, written_out) for argument in formula.args))
        if formula not in given.known:
            entries = [self._entry(formula.args[0], given, each, written_out) for each in range(given.count)]
            if formula.word == "total" and written_out and given.count <= LONGEST:
                return reduce(add, entries)
            name = self.identifiers.unused("t")
            listed = ", ".join(source(entry, self.words) for entry in entries)
            self.lines.append(f"{name} = {OVER_ENTRIES[str(formula.word)]}([{listed}])")
            given.known[formula] = Formula(name)
        return given.known[formula]


class Given:
    """What the symbols of a row stand for at a scalar, and what is `known` of what runs over its lists."""

    def __init__(
        self, op: Op, operands: Sequence[Formula], others: Mapping[str, Formula] = MappingProxyType({})
    ) -> None:
        self.names: dict[str, Any] = {**others, **op.by_symbol(operands)}
        self.count = max([len(operand) for operand in self.names.values() if isinstance(operand, list)], default=0)
        self.known: dict[Formula, Formula] = {}


class Template(NamedTuple):
    """A row as source with places for names: its result, and what each operand is passed."""

    result: str
    passed: tuple[str, ...]


@lru_cache(maxsize=10_000)
def _template(op: Op, numbers: tuple[str, ...], on_floats: bool) -> Template:
    """That of a row without lists, some of whose operands are plain numbers."""
    words = FLOATS if on_floats else SOURCE
    known = {symbol: float(number) for symbol, number in zip(op.symbols, numbers, strict=True) if number}
    small = [(symbol, int(number)) for symbol, number in known.items() if number in SMALL]
    places = {symbol: Formula(known.get(symbol, f"{{{symbol}}}")) for symbol in op.symbols}
    row = Formula(WORDS.get(op.name, op.name), *places.values())
    places |= {"z": Formula("{z}"), "d": Formula("d{z}")}
    return Template(
        str(source(row, words)),
        tuple(str(source(replaced(formula, places), words)) for formula in passed_on(op, *small)),
    )

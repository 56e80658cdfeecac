"""Straight-line code: a line for each scalar, and lines for what is passed back to it.

Without a batch the numbers are Python's own, many times as quick as arrays of one; with one, each scalar is an array
over the examples. Imports formula, listing, ops, readings.floats, readings.program, scalars, script and tabulate.
"""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from keyword import iskeyword
from operator import add
from types import MappingProxyType
from typing import Any

from .formula import Formula
from .listing import QUIET, counted, indented, tuple_of, unpacked
from .ops import ELEMENTARY, TABLE, Op
from .readings.floats import CALLED, FLOATS, definitions
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
SMALL = {-3, -2, -1, 1, 2, 3}  # what is passed on through x² is 2 · x · d, through other powers as the table says
# What a file has other names for.
RESERVED = {*dir(builtins), *TABLE, *ELEMENTARY, *(function.__name__ for function in CALLED), "np", "math",
            "inf", "nan", "Callable", "forward", "backward", "parameters", "batch", "cache"}  # fmt: skip
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Lines(Script):
    """The program of these scalars line by line; `leaves` are those that vary."""

    data: Mapping[str, Any] = {}

    def __init__(self, scalars: Sequence[Scalar], leaves: Sequence[Any]) -> None:
        super().__init__(scalars, leaves)
        self.words = SOURCE if leaves else FLOATS
        self.taken, self.numbers = set(RESERVED), Counter[str]()
        self.names: dict[Operand, str] = {}
        self.computed = [scalar for scalar in scalars if scalar.op is not None]
        forward, backward = self._forward(), self._backward()
        read = {*re.findall(r"\w+", "\n".join(backward))}
        cache = [name for name in dict.fromkeys(self.names.values()) if name in read]
        cost, quiet = self.names[scalars[-1]], [QUIET] if leaves else []
        forward.append(f"return {f'np.mean({cost})' if leaves else cost}, {tuple_of(cache)}")
        body = [
            *self._functions(),
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
            self.names[scalar] = self._name(scalar) if scalar.op is None else self._computed(scalar)
        batch, learnt = ([self.names[leaf] for leaf in leaves] for leaves in (self.varying, self.learnt))
        given = [*unpacked(batch, "batch"), *unpacked(learnt, f'parameters["{PARAMETERS}"].ravel().tolist()')]
        return [*given, *self.lines]

    def _backward(self) -> list[str]:
        """Lines for what is passed back from each scalar, then what arrived at the parameters."""
        self.lines, self.held, leading = list[str](), set[Operand](), self.that_lead_to_parameters()
        self._arrive(self.scalars[-1], "1.0", leading)
        for scalar in reversed(self.computed):
            if scalar in self.held:
                self._pass_on(scalar, leading)
        return [*self.lines, f"return {self._gradient()}"]

    def _functions(self) -> list[str]:
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

    def _name(self, scalar: Scalar) -> str:
        """What a scalar is called: as its node, where that is a good name, else v and a number."""
        own = str(getattr(scalar.node, "name", "")).translate(DIGITS)
        if own.isascii() and own.isidentifier() and not iskeyword(own) and self.taken.isdisjoint({own, f"d{own}"}):
            self.taken |= {own, f"d{own}"}
            return own
        return self._unused("v")

    def _unused(self, letter: str) -> str:
        """The letter with the next number whose name, and whose derivative's name, is nobody's."""
        while True:
            self.numbers[letter] += 1
            name = f"{letter}{self.numbers[letter]}"
            if self.taken.isdisjoint({name, f"d{name}"}):
                self.taken |= {name, f"d{name}"}
                return name

    def _computed(self, scalar: Scalar) -> str:
        """A line that computes it; its name."""
        op = scalar.op
        assert op is not None
        row = op.result if op.takes_lists else Formula(WORDS.get(op.name, op.name), *map(Formula, op.symbols))
        formula = self._entry(row, Given(op, self._formulas(scalar)), written_out=True)
        if not formula.args and not formula.is_number:
            return str(formula.word)  # it has been computed already
        name = self._name(scalar)
        self.lines.append(f"{name} = {source(formula, self.words)}")
        return name

    def _pass_on(self, scalar: Scalar, leading: set[Operand]) -> None:
        """Lines that pass what arrived at it on to its operands."""
        op, name = scalar.op, self.names[scalar]
        assert op is not None
        given = Given(op, self._formulas(scalar), {"d": Formula(f"d{name}"), "z": Formula(name)})
        goals = op.by_symbol(scalar.operands)
        numbers = [(s, int(n)) for s, n in goals.items() if isinstance(n, (int, float)) and n in SMALL]
        for symbol, formula in zip(op.symbols, passed_on(op, *numbers), strict=True):
            several = goals[symbol] if isinstance(goals[symbol], list) else [goals[symbol]]
            for at, goal in enumerate(several):
                if goal in leading:
                    self._arrive(goal, source(self._entry(formula, given, at), self.words), leading)

    def _arrive(self, goal: Operand, contribution: str, leading: set[Operand]) -> None:
        """Add to what arrived at a scalar, if a parameter leads to it; 0 is nothing to add."""
        if goal in leading and contribution != "0":
            name = f"d{self.names[goal]}"
            self.lines.append(f"{name} = {f'{name} + ' if goal in self.held else ''}{contribution}")
            self.held.add(goal)

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
            name = self._unused("t")
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

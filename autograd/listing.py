"""A plan and its sweep as a file of NumPy that runs alone. Imports adjoints, arrays, extents and readings.program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .adjoints import EXAMPLES, Sweep
from .arrays import Array, Plan, rows_of
from .extents import symbols_in
from .readings.program import SOURCE, Vocabulary, functions, source

QUIET = '@np.errstate(all="ignore")'  # what is not finite is seen in the result


def listing(plan: Plan, sweep: Sweep, leaves: Sequence[Sequence[Any]]) -> str:
    """The source: `forward(parameters, batch)` gives the cost and a cache, `backward(cache)` the gradients.

    `leaves` are those that vary, a row of the batch each; of several batches those of each.
    """
    mean = "; the cost is their mean" if plan.loss.varies else ""
    head = [
        f'"""The cost of a batch, in {counted(len(plan.computed), "statement")}, and its gradient, in '
        f"{len(sweep.statements)}.",
        "",
        f"Columns are examples, and m is how many there are{mean}.",
        '"""',
        "",
        "import numpy as np",
    ]
    formulas = [array.formula for array in (*plan.arrays, *sweep.statements) if array.formula is not None]
    numbers = [f"{name} = np.array({rows})" for name, rows in constants(plan)]
    cache = _cache(plan, sweep)
    cost = f"np.mean({plan.loss.name})" if plan.loss.varies else f"{plan.loss.name}.item()"
    returned = f"return {cost}, {tuple_of(cache)}"
    blocks = [
        *([numbers] if numbers else []),
        *(function.splitlines() for function in functions(formulas)),
        [QUIET, "def forward(parameters, batch):", *indented([*forward_lines(plan, leaves), returned])],
        [QUIET, "def backward(cache):", *indented(_backward(plan, sweep, cache))],
    ]
    return "\n".join(["\n".join(head), *("\n\n" + "\n".join(block) for block in blocks)]) + "\n"


def halfway(plan: Plan, sweep: Sweep, leaves: Sequence[Sequence[Any]]) -> str:
    """A function that computes what the way back reads, and no cost: `halfway(parameters, batch)` gives the cache."""
    cache = _cache(plan, sweep)
    needed = {*cache}
    for array, formula in reversed(plan.computed):
        if array.name in needed:
            needed.update(plan.parts[symbol].array.name for symbol in symbols_in(formula))
    only = plan._replace(arrays=tuple(array for array in plan.arrays if array.name in needed))
    lines = [*forward_lines(only, leaves), f"return {tuple_of(cache)}"]
    return "\n".join([QUIET, "def halfway(parameters, batch):", *indented(lines)])


def forward_lines(
    plan: Plan, leaves: Sequence[Sequence[Any]], words: Vocabulary = SOURCE, held: str = "parameters"
) -> list[str]:
    """The way forward: the parameters, out of where they are held, what is given in the batch, what is computed."""
    learnt = [array.name for array in plan.given if array.is_learnt]
    given = [(f"{array.name} = {_rows(array, leaves)}", array) for array in plan.given if array.varies]
    computed = [(f"{array.name} = {source(formula, words)}", array) for array, formula in plan.computed]
    return [
        *unpacked(learnt, f"({held}[name] for name in {tuple_of(map(repr, learnt))})"),
        *_aligned(given + computed),
    ]


def constants(plan: Plan) -> list[tuple[str, str]]:
    """The arrays of plain numbers by name, each as lists of its rows."""
    return [(array.name, _numbers(array)) for array in plan.given if _is_constant(array)]


def _backward(plan: Plan, sweep: Sweep, cache: Sequence[str]) -> list[str]:
    stated = [(f"{array.name} = {_own(array, sweep)}", array) for array in sweep.statements if array.formula]
    counts = any(str(EXAMPLES.word) in symbols_in(array.formula) for array in sweep.statements if array.formula)
    varying = next((array.name for array in plan.arrays if array.varies and array.name in cache), "")
    pairs = (f'"{name}": {found}' for name, found in sweep.gradients.items())
    return [
        *unpacked(cache, "cache"),
        *([f"{EXAMPLES.word} = {varying}.shape[1]"] if counts else []),
        *_aligned(stated),
        f"return {{{', '.join(pairs)}}}",
    ]


def _own(array: Array, sweep: Sweep) -> str:
    """What a statement computes; a gradient that is another array as it stands, W or X.T, is a copy of that."""
    assert array.formula is not None
    is_view = array.name in sweep.gradients.values() and (not array.formula.args or array.formula.word == "T")
    return f"{source(array.formula)}.copy()" if is_view else source(array.formula)


def _cache(plan: Plan, sweep: Sweep) -> list[str]:
    """What the way back reads of the way forward, in the order in which that has it."""
    read = set[str]()
    for statement in sweep.statements:
        read |= {plan.parts[s].array.name if s in plan.parts else s for s in symbols_in(statement.formula or EXAMPLES)}
    return [array.name for array in plan.arrays if array.name in read and not _is_constant(array)]


def _is_constant(array: Array) -> bool:
    """Whether it holds plain numbers."""
    return array.formula is None and not array.varies and not array.is_learnt


def _rows(array: Array, leaves: Sequence[Sequence[Any]]) -> str:
    """Where it stands in the batch, or in one of several."""
    of = leaves[array.varies - 1]
    batch = "batch" if len(leaves) == 1 else f"batch[{array.varies - 1}]"
    places = {leaf: row for row, leaf in enumerate(of)}
    rows = rows_of([places[member.node] for member in array.members], len(of))
    if rows is None:
        return batch
    return f"{batch}[{rows.start}:{rows.stop}]" if isinstance(rows, slice) else f"{batch}[{list(rows)}]"


def _numbers(array: Array) -> str:
    numbers = [float(number) for number in array.members]
    return nested(np.reshape(numbers, array.shape))


def _aligned(lines: Sequence[tuple[str, Array]]) -> list[str]:
    """Statements with the shapes of what they give in a column behind them, where that is not too far away."""
    width = min(60, max((len(code) for code, _ in lines), default=0))
    return [
        f"{code:<{width}}  # ({array.shape[0]}, {'m' if array.varies else array.shape[1]})" for code, array in lines
    ]


def unpacked(names: Sequence[str], what: str) -> list[str]:
    """A line that gives each of several its name, if there are any."""
    return [f"{tuple_of(names)[1:-1]} = {what}"] if names else []


def tuple_of(texts: Iterable[str]) -> str:
    """(a, b), and (a,) of one."""
    several = list(texts)
    return f"({several[0]},)" if len(several) == 1 else f"({', '.join(several)})"


def counted(count: int, what: str) -> str:
    """So many of them: 1 statement, 1,200 scalars."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def nested(array: NDArray[Any]) -> str:
    """Its numbers as lists of rows, in a file that has NumPy as np."""
    text = repr(array.tolist())
    return text.replace("inf", "np.inf").replace("nan", "np.nan") if not np.isfinite(array).all() else text


def indented(lines: Iterable[str]) -> list[str]:
    """Lines of the body of a function."""
    return [f"    {line}".rstrip() for line in lines]

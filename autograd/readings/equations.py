r"""A program's statements as LaTeX in the notes' letters, Z^{[1]} = W^{[1]} A^{[0]} + b^{[1]}.

Imports arrays, extents, formula, ops, readings.infix and readings.latex.

Products of matrices stand side by side, products entry by entry have a ∗, and sums say what they run over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..arrays import Array, Part, Plan
from ..extents import ONE, Extent
from ..formula import Formula, read
from ..ops import TABLE
from .infix import ATOM, POWER, PRODUCT, SIGN, SUM, Text, call, plain, wrap
from .latex import LATEX

SIDE_BY_SIDE = SIGN  # W A binds tighter than ∗
LAYERED = "AWZb"  # letters whose number is a layer's
NAME = re.compile(r"(d*)([A-Za-z])(\d*)(?:_(\d+))?(?:\[(\d+):(\d+)\])?")


class Symbol(Text):
    """A name or a number in LaTeX that knows how far it goes: one number stands before others without a sign."""

    extent: Extent | None = None


class Sum(Text):
    """A sum over rows or examples, before which a factor may stand as it is."""


def equations(plan: Plan, statements: Sequence[Array]) -> str:
    """Forward, the cost, and the statements back, below each other in one block.

    It is a split: that one, unlike aligned, is known to MathJax, KaTeX, amsmath and converters to MathML alike.
    """
    names = _symbols(plan, statements)
    loss = names[plan.loss.name]
    lines = [_equation(array, formula, names) for array, formula in plan.computed]
    if plan.loss.varies:
        lines.append(rf"J &= \frac{{1}}{{m}} \sum_{{\text{{examples}}}} {loss}")
    if statements:
        terms = [loss] if plan.loss.varies else [names[term] for term in _summed_over_examples(plan)]
        each = r" \text{ or } ".join(rf"\partial {term} / \partial Z" for term in terms)
        errors = rf"dZ = {each} \text{{ of each example, }} " if terms else ""
        lines.append(rf"&\text{{and back, }} {errors}dW = \partial {'J' if plan.loss.varies else loss} / \partial W")
        lines += [_equation(array, array.formula, names) for array in statements if array.formula is not None]
    lines.append(r"&\text{(}\ast \text{, quotients, powers and functions: entry by entry)}")
    return "\\begin{split}\n" + " \\\\[3pt]\n".join(lines) + "\n\\end{split}"


def _summed_over_examples(plan: Plan) -> list[str]:
    """What a loss that is no mean over its examples sums over them."""
    sums, formulas = list[str](), [formula for _, formula in plan.computed]
    while formulas:
        formula = formulas.pop()
        sums += [str(each.word) for each in formula.args if formula.word == "over examples"]
        formulas += formula.args
    return sums


def _equation(array: Array, formula: Formula, names: Mapping[str, Text]) -> str:
    shape = f"({array.shape[0]},{'m' if array.varies else array.shape[1]})"
    return f"{_lowered(names[array.name], shape)} &= {read(formula, BOARD, names)}"


class _Symbols(dict[str, Symbol]):
    """How symbols are written; one that is not among them is m, some rows of an array, or the number of rows."""

    def __missing__(self, text: str) -> Symbol:
        return _symbol(text, ONE) if text == "m" else _symbol(text)


def _symbols(plan: Plan, statements: Iterable[Array]) -> Mapping[str, Text]:
    names = _Symbols()
    for text, part in plan.parts.items():
        names[text] = _part(part)
    for array in (*plan.arrays, *statements):
        names[array.name] = _symbol(array.name, Extent(*array.shape, array.varies))
    return names


def _symbol(text: str, extent: Extent | None = None) -> Symbol:
    """W1 as W^{[1]}, E1 as E_{1}, dZ2[0:2] with its rows counted from 1; anything else as it is."""
    if known := NAME.fullmatch(text):
        d, letter, number, addend, start, stop = known.groups()
        above = (f"[{number}]" if number and letter in LAYERED else "") + (f"({addend})" if addend else "")
        below = number if letter not in LAYERED else ""
        text = d + letter + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
        if start is not None:
            text = _rows(text, range(int(start), int(stop)), 1)
    symbol = Symbol(text, POWER if "^" in text else ATOM)
    symbol.extent = extent
    return symbol


def _part(part: Part) -> Symbol:
    """An array, some of its rows, or some entries of a matrix."""
    array, shape = part.array, part.shape
    text = str(_symbol(array.name))
    if part.rows is not None:
        rows = range(part.rows.start, part.rows.stop) if isinstance(part.rows, slice) else part.rows
        text = _rows(text, rows, array.shape[1])
    if shape != ((shape[0] * shape[1], 1) if part.rows is not None else array.shape):
        text = rf"({text})_{{{shape[0]} \times {shape[1]}}}"
    symbol = Symbol(text, POWER if "^" in text else ATOM)
    symbol.extent = Extent(*shape, array.varies)
    return symbol


def rows_named(text: str) -> tuple[int, ...]:
    """The rows that the last argument of `into` says, as a slice or a list; none are all of them."""
    numbers = tuple(map(int, re.findall(r"\d+", text)))
    return tuple(range(*numbers)) if text.startswith("slice") else numbers


def _rows(name: str, rows: Sequence[int], columns: int) -> str:
    """Some rows of an array, A_{1:3,:}, or entries of a matrix."""
    return f"{f'({name})' if '_' in name else name}_{{{_counted(rows, columns)}{'' if columns > 1 else ',:'}}}"


def _counted(rows: Sequence[int], columns: int = 1) -> str:
    """Rows counted from 1, and 1 … 5 for many neighbours; entries of a matrix by row and column."""
    said = [f"{r // columns + 1}{r % columns + 1}" if columns > 1 else f"{r + 1}" for r in rows]
    neighbours = len(rows) > 3 and list(rows) == list(range(rows[0], rows[-1] + 1))
    return rf"{said[0]} \dots {said[-1]}" if neighbours else ",".join(said)


def _lowered(name: str, below: str) -> str:
    """The name with this in its subscript, or behind what stands there."""
    if found := re.search(r"_\{([^{}]*)\}", name):
        return rf"{name[: found.end(1)]}\,{below}{name[found.end(1) :]}"
    return f"{name}_{{{below}}}"


def _number(value: float) -> Symbol:
    mantissa, _, exponent = plain(value).partition("e")
    text = mantissa.replace("inf", r"\infty")
    if exponent:
        text = ("" if text == "1" else rf"{text} \cdot ") + f"10^{{{int(exponent)}}}"
    symbol = Symbol(text, POWER if text.startswith("10^") else PRODUCT if exponent else plain(value).strength)
    symbol.extent = ONE
    return symbol


def _factor(text: Text, strength: float = PRODUCT) -> str:
    """In parentheses also if it begins with a minus sign, which another sign would stand before."""
    return f"({text})" if text.strength < strength or text.startswith("-") else text


def _times(x: Text, y: Text) -> Text:
    one, other = (isinstance(text, Symbol) and text.extent == ONE for text in (x, y))
    factor = _factor(y)
    if other or (one and factor[:1].isdigit()):
        return Text(rf"{wrap(x, PRODUCT)} \cdot {_factor(y, SIDE_BY_SIDE)}", PRODUCT)
    if one:
        return Text(f"{x} {factor}", min(SIDE_BY_SIDE, max(y.strength, PRODUCT)))
    return Text(rf"{wrap(x, PRODUCT)} \ast {factor}", PRODUCT)


def _over(x: Text, y: Text) -> Text:
    """A quotient; a mean over the examples has its 1/m in front."""
    if y == "m":
        return Text(rf"\frac{{1}}{{m}} {x if isinstance(x, Sum) else _factor(x)}", PRODUCT)
    return Text(rf"\frac{{{x}}}{{{y}}}", PRODUCT)


def _turned(x: Text) -> Text:
    """Transposed: the T stands behind the number of the layer."""
    return Text(f"{x[:-1]}T}}" if x.endswith("]}") else f"{wrap(x, ATOM)}^{{T}}", POWER)


def _over_all(sign: str, what: str) -> Callable[[Text], Text]:
    return lambda x: Sum(rf"\{sign}_{{\text{{{what}}}}} {wrap(x, PRODUCT)}", SUM)


def _into(what: str) -> Callable[[Text, Text, Text], Text]:
    """Zeros but for some rows or entries: what stands there, and below it where that is."""

    def written(x: Text, like: Text, rows: Text) -> Text:
        if not rows_named(rows):
            return x
        extent = like.extent if isinstance(like, Symbol) else None
        places = _counted(rows_named(rows), extent.columns if extent else 1)
        return Text(rf"\underbrace{{{x}}}_{{\text{{in {what} }} {places}}}")

    return written


BOARD: Mapping[str, Callable[..., Text]] = {
    **{name: call(rf"\mathrm{{{name}}}") for name in TABLE},
    **LATEX,
    "number": _number,
    "*": _times,
    "/": _over,
    "@": lambda x, y: Text(f"{_factor(x)} {_factor(y, SIDE_BY_SIDE)}", SIDE_BY_SIDE),
    "T": _turned,
    "total": _over_all("sum", "rows"),
    "largest": _over_all("max", "rows"),
    "smallest": _over_all("min", "rows"),
    "max": _over_all("max", "rows"),
    "min": _over_all("min", "rows"),
    "logsumexp": lambda x: Sum(rf"\ln \sum_{{\text{{rows}}}} e^{{{x}}}", SUM),
    "over rows": _over_all("sum", "rows"),
    "over entries": _over_all("sum", "entries"),
    "over examples": _over_all("sum", "examples"),
    "stack": lambda *parts: Text(r"\begin{bmatrix} " + r" \\ ".join(parts) + r" \end{bmatrix}"),
    "spread": lambda x, like: x,
    "into": _into("rows"),
    "into entries": _into("entries"),
}

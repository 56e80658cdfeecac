"""Formulas on arrays as NumPy source, the functions they call included. Imports formula, ops, readings.infix.

What is written runs by itself: of the project it needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ..formula import Formula, read
from ..ops import ELEMENTARY, TABLE, Op
from .infix import ATOM, POWER, PRODUCT, SIGN, SUM, TEST, Text, call, infix, plain, wrap

ROWS = ", axis=0, keepdims=True"
Vocabulary: TypeAlias = Mapping[str, Callable[..., Text]]


class Mask(Text):
    """A choice of 0 or 1 by the sign of something; in a product the `test` will do, since True is 1 there."""

    test: Text


def _where(np: str) -> Callable[[Text, Text, Text], Text]:
    """A choice; those of relu as one writes them by hand. What is nan is on neither side."""

    def where(test: Text, yes: Text, no: Text) -> Text:
        of = test.removesuffix(" <= 0")
        if np == "np" and of != test and (yes, no) == ("0", of):
            return Text(f"np.maximum({of}, 0)")
        choice = Text(f"{np}.where({test}, {yes}, {no})")
        if of != test and (yes, no) == ("0", "1"):
            choice = Mask(choice)
            choice.test = Text(f"{of} > 0", TEST)
        return choice

    return where


def _product(x: Text, y: Text) -> Text:
    """A product, of whose factors one may be a test."""
    if isinstance(y, Mask):
        y = y if isinstance(x, Mask) else y.test
    elif isinstance(x, Mask):
        x = x.test
    return Text(f"{wrap(x, PRODUCT)} * {wrap(y, SIGN if '@' in y else PRODUCT)}", PRODUCT)


def words(np: str) -> Vocabulary:
    """What the words are in a module with NumPy's names, under the name that it is imported by."""
    return {
        "number": lambda value: Text(f"{np}.inf") if value == float("inf") else plain(value),
        "+": infix(" + ", SUM, SUM),
        "-": infix(" - ", SUM),
        "*": _product,
        "/": infix(" / ", PRODUCT),
        "neg": lambda x: Text(f"-{wrap(x, SIGN)}", SIGN),
        "**": lambda x, y: Text(f"{wrap(x, ATOM)}**{wrap(y, SIGN)}", POWER),
        "abs": call(f"{np}.abs"),
        ">": infix(" > ", TEST),
        "<=": infix(" <= ", TEST),
        "==": infix(" == ", TEST),
        "where": _where(np),
        **{name: call(f"{np}.{name}") for name in ELEMENTARY},
        "total": lambda x: Text(f"{np}.sum({x}{ROWS})"),
        "largest": lambda x: Text(f"{np}.max({x}{ROWS})"),
        "smallest": lambda x: Text(f"{np}.min({x}{ROWS})"),
        "@": infix(" @ ", PRODUCT),
        "T": lambda x: Text(f"{wrap(x, ATOM)}.T"),
        "over rows": lambda x: Text(f"{wrap(x, ATOM)}.sum(axis=0, keepdims=True)"),
        "over entries": lambda x: Text(f"{wrap(x, ATOM)}.sum(keepdims=True)"),
        "over examples": lambda x: Text(f"{wrap(x, ATOM)}.sum(axis=1, keepdims=True)"),
        "spread": lambda x, like: Text(f"{np}.full({like}.shape, {x}, float)"),
        "stack": call("stack"),
        "into": call("into"),
        "into entries": call("into_entries"),
    }


SOURCE = words("np")

# What a program calls that is neither NumPy's nor a primitive of the table.
HELPERS = {
    "stack": '''def stack(*parts):
    """The parts below each other, those that are the same for all examples repeated for each."""
    columns = max(part.shape[1] for part in parts)
    return np.vstack([np.broadcast_to(part, (part.shape[0], columns)) for part in parts])''',
    "into": '''def into(part, like, rows):
    """Zeros in the shape of `like`, with the part added to these rows; several to one row add up."""
    full = np.zeros(like.shape)
    np.add.at(full, rows, part)
    return full''',
    "into entries": '''def into_entries(part, like, places):
    """Zeros in the shape of `like`, with the part added to these of its entries, counted row by row."""
    full = np.zeros((like.size, 1))
    np.add.at(full, places, np.reshape(part, (-1, 1)))
    return full.reshape(like.shape)''',
}


def _called(name: str) -> str:
    """The function that a primitive is; max and min are Python's own."""
    return f"{name}_of_rows" if name in ("max", "min") else name


CALLS: Vocabulary = {name: call(_called(name)) for name in TABLE}


class _Words(dict[str, Callable[..., Text]]):
    """A vocabulary, and beside it every primitive as a function."""

    def __missing__(self, word: str) -> Callable[..., Text]:
        return CALLS[word]


class _Symbols(dict[str, Text]):
    """Every symbol means itself."""

    def __missing__(self, symbol: str) -> Text:
        return Text(symbol)


def source(formula: Formula, words: Vocabulary = SOURCE) -> Text:
    """The formula as one expression."""
    return read(formula, _Words(words), _Symbols())


def functions(formulas: Iterable[Formula], words: Vocabulary = SOURCE, np: str = "np") -> list[str]:
    """The definitions of what these formulas call, each once, those that others call first."""
    wanted = {word for formula in formulas for word in formula.words}
    called = {word for name in wanted - {*words} if name in TABLE for word in TABLE[name].result.words if word in TABLE}
    rows = [name for name in TABLE if name in called | wanted and name not in words]
    helpers = [HELPERS[name].replace("np.", f"{np}.") for name in HELPERS if name in wanted]
    return helpers + [_function(TABLE[name], words) for name in rows]


def _function(op: Op, words: Vocabulary) -> str:
    head = f'def {_called(op.name)}({", ".join(op.symbols)}):\n    """{op.says}"""'
    return f"{head}\n    return {source(op.result, words)}"

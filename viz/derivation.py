"""A derivative derived on paper: symbols, then numbers, then its value. Imports autograd, nn, levels and notation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd import (
    IN_NOTEBOOKS,
    Equation,
    Slope,
    UnknownChoice,
    Written,
    describe,
    expanded,
    factored,
    is_node,
    nicknames,
    remembered,
)
from autograd.formula import read
from autograd.readings.infix import ATOM, POWER, Text

from .files import at_home, write_all
from .levels import counterpart, graph_at
from .notation import LATEX, TEXT, Notation, Stage, tex
from .show import NAMES, Show
from .typeset import number

SPELLED = 6  # operands of one node that are written out
DIRECT = (
    "∂⁺ is the derivative along the edge between the two alone, beside other ways that there are.",
    r"$\partial^{+}$ is the derivative along the edge between the two alone, beside other ways that there are.",
)
DOCUMENT = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage[margin=2cm]{geometry}
\begin{document}
%s
\end{document}
"""


@dataclass(frozen=True)
class Part:
    """One way to write the derivatives, and whether its terms are paths."""

    title: str
    written: Written[Any]
    by_paths: bool = False


class Derivation:
    """What `derivation` returns: `.latex`, `.markdown` and `.text` are strings, `.save(path)` writes one by its ending.

    In a notebook it shows itself.
    """

    def __init__(self, parts: Iterable[Part], names: str, digits: int) -> None:
        self.parts, self.digits, self._scheme = tuple(parts), digits, NAMES[names]
        self._called = nicknames(self.parts[0].written.graph, "v")

    @property
    def text(self) -> str:
        """In plain text, for a terminal."""
        return "\n\n".join(
            "\n".join([part.title, "", *self._equations(part, TEXT), "", *self._remarks(part, TEXT)]).rstrip()
            for part in self.parts
        )

    @property
    def markdown(self) -> str:
        """In Markdown with formulas between dollar signs, which GitHub and notebooks typeset."""
        pieces = []
        for part in self.parts:
            displays = (f"$$\n{equation}\n$$" for equation in self._equations(part, LATEX))
            remarks = (f"- {remark}" for remark in self._remarks(part, LATEX))
            pieces += [f"### {part.title}", *displays, "\n".join(remarks)]
        return "\n\n".join(filter(None, pieces)) + "\n"

    @property
    def latex(self) -> str:
        """As LaTeX for amsmath, to be put into a document."""
        pieces = []
        for part in self.parts:
            displays = (f"\\[\n{equation}\n\\]" for equation in self._equations(part, LATEX))
            pieces += [rf"\paragraph{{{tex(part.title)}.}}", *displays, *self._remarks(part, LATEX)]
        return "\n\n".join(pieces)

    def save(self, path: str | Path) -> Path:
        """Write the file: .tex a whole document, .md or .txt; whole or not at all.

        Raises UnknownChoice for another ending, Unwritable where the file cannot be written.
        """
        target = at_home(path)
        formats = {".tex": DOCUMENT % self.latex, ".md": self.markdown, ".txt": f"{self.text}\n"}
        if target.suffix.lower() not in formats:
            raise UnknownChoice("format of a derivation", target.suffix, formats)
        write_all({target: formats[target.suffix.lower()]})
        return target

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.text}

    _mime_ = IN_NOTEBOOKS[1]

    def __repr__(self) -> str:
        return f"<Derivation: {', '.join(part.title for part in self.parts)}>"

    def _equations(self, part: Part, notation: Notation) -> Iterator[str]:
        for equation in part.written.equations:
            yield notation.equation(self._slope(equation.slope, notation), [*self._stages(part, equation, notation)])

    def _stages(self, part: Part, equation: Equation[Any], notation: Notation) -> Iterator[Stage]:
        """Symbols, numbers put in, what each term comes to, and the value; stages that say the same only once."""
        written, words, terms = part.written, notation.words, equation.terms
        symbols = {key: self._slope(slope, notation) for key, slope in written.symbols.items()}
        numbers = {key: notation.factor(slope.value, self.digits) for key, slope in written.symbols.items()}
        values = [written.value(term) for term in terms]
        spelled = [read(term, words, symbols) for term in terms]
        if part.by_paths and len(terms) > 1:
            spelled = [Text(notation.path(term, place)) for place, term in enumerate(spelled, 1)]
        unboxed = {**words, "boxed": lambda x: x}
        stages: list[list[str]] = [
            [*spelled] or ["0"],
            [str(read(term, unboxed, numbers)) for term in terms] if any(term.args for term in terms) else [],
            [notation.sum(values, self.digits)] if values else [],
            [notation.number(equation.slope.value, self.digits)],
        ]
        before = [str(self._slope(equation.slope, notation))]
        for place, stage in enumerate(stages):
            if stage and stage != before:
                yield "=" if place == 0 or self._is_exact(part, equation) else notation.about, stage
                before = stage

    def _is_exact(self, part: Part, equation: Equation[Any]) -> bool:
        """Whether all numbers of this part are written in full."""
        slopes = (equation.slope, *part.written.symbols.values())
        return all(map(self._in_full, slopes))

    def _in_full(self, slope: Slope[Any]) -> bool:
        return number(slope.value, self.digits) == number(slope.value, 17)

    def _remarks(self, part: Part, notation: Notation) -> Iterator[str]:
        """What it costs, what is boxed and how often that is needed, and what the nodes without names are."""
        math = (lambda formula: f"${formula}$") if notation is LATEX else str
        count = part.written.multiplications
        if count:
            yield f"{count} multiplication{'s' if count > 1 else ''} as it is written here."
        for slope, times in part.written.reused:
            if times > 1:
                value = notation.number(slope.value, self.digits)
                about = "=" if self._in_full(slope) else notation.about
                yield f"{math(f'{self._slope(slope, notation)} {about} {value}')} is needed {times} times."
        if any(slope.is_direct for slope in part.written.symbols.values()):
            yield DIRECT[notation is LATEX]
        met = {node for slope in part.written.symbols.values() for node in (slope.of, slope.by)}
        made = [self._made(node, notation) for node in part.written.graph if node in met and not node.name and node.op]
        if made:
            yield f"Here {', '.join(map(math, made))}."

    def _made(self, node: Any, notation: Notation) -> str:
        """v₁ = h₃₁ − y: a node without a name as its primitive makes it of its operands."""

        def written(operand: Any) -> Text:
            return self._node(operand, notation) if is_node(operand) else notation.factor(operand, self.digits)

        given = node.operands
        if node.op.takes_lists:
            few = list(map(written, given if len(given) <= SPELLED else (*given[: SPELLED - 1], given[-1])))
            if len(given) > SPELLED:
                few[-1:-1] = [Text(notation.dots)]
            made = f"{notation.name((node.op.name, '', ''))}({', '.join(few)})"
        else:
            operands = dict(zip(node.op.symbols, map(written, given), strict=True))
            made = read(node.op.result, notation.formulas, operands)
        return f"{self._node(node, notation)} = {made}"

    def _node(self, node: Any, notation: Notation) -> Text:
        name = self._scheme(self._called.get(node) or describe(node))
        return Text(notation.name(name), POWER if name[1] else ATOM)  # what has something above it is no bare base

    def _slope(self, slope: Slope[Any], notation: Notation) -> Text:
        return notation.slope(
            self._node(slope.of, notation), self._node(slope.by, notation), slope.mark, slope.is_direct
        )


def derivation(y: Any, x: Any, *, level: str = "scalar", names: str = "graph", digits: int = 4) -> Derivation:
    """∂y/∂x written out: path by path, then factored as in the notes, each in symbols, in numbers, and its value.

    For a list of xs: every ∂y/∂x from remembered derivatives. `level` folds the graph as in `draw`; names="notes" is
    the scheme of the notes' chain rule, w¹₁₁ and o₃₁ for w₁₁₁ and h₃₁. Numbers have so many significant `digits`.

    Raises UnknownChoice for a level or a scheme that does not exist, TooMany for more than can be read, NotInGraph
    for a node that is folded away at this level. Source: lines 759-891 of the notes.
    """
    Show(names=names, digits=digits)  # which checks them
    graph = graph_at(y, level)
    y = graph.outputs[0]
    if isinstance(x, (list, tuple)):
        xs = [counterpart(graph, node, level, "derivation") for node in x]
        return Derivation([Part("From remembered derivatives", remembered(y, xs))], names, digits)
    x = x if level == "scalar" else counterpart(graph, x, level, "derivation")
    by_paths, nested = expanded(y, x), factored(y, x)
    count = len(by_paths.equations[0].terms)
    if count < 2:
        return Derivation([Part("Along the only path" if count else "No path", by_paths)], names, digits)
    return Derivation([Part("Path by path", by_paths, by_paths=True), Part("Factored", nested)], names, digits)

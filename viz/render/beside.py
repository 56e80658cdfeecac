"""Board -> one HTML page that needs no network: the statements, and each array beside the scalars in it.

Imports board, choosing and typeset; MathML by latex2mathml.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection
from html import escape

from latex2mathml.converter import convert

from autograd.readings.entries import written

from ..board import MOST, Board, Entry, Grid, Row, Way
from ..typeset import LEVEL, RAISED_DIGITS, Run, clean, formula
from .choosing import SCRIPT, STYLE

TITLE = "The scalar graph is the vectorised network"
INTRO = (
    "Every entry of an array is a scalar of the graph. Choose a statement, then an entry, by a click or the arrow keys:"
    " what it is made of is dashed, and numbered along the sum."
)
CUT = f"Of more than {MOST} rows or columns, and of many statements, the first and the last are shown."
TAGS = {"italic": "i", "sub": "sub", "sup": "sup"}
RAISED, BOTH = re.compile(f"[{RAISED_DIGITS}⁽⁾]+"), re.compile("(<sub>[^<]*</sub>)(<sup>[^<]*</sup>)")
BRACKETS = str.maketrans("⁽⁾", "()")


def page_of(board: Board) -> str:
    """The page, which runs alone."""
    sizes = " · ".join(board.sizes)
    intro = f"{INTRO} {CUT}" if board.is_cut else INTRO
    sections = "\n".join(map(_section, board.arrays))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{STYLE}</style>\n"
        f"<noscript><style>.entry[hidden] {{ display: block; }}</style></noscript>\n</head>\n<body>\n"
        f"<header><h1>{TITLE}</h1>\n<p>{sizes}</p><p>{intro}</p></header>\n"
        f'<div class="page">\n{_statements(board)}\n'
        f'<main data-first="{escape(board.first)}">\n{sections}\n</main>\n</div>\n'
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _statements(board: Board) -> str:
    """The list to choose from: what is given, and the statements of each way."""
    given = (ways[0].gives for ways in board.arrays if ways[0].given)
    chips = "".join(f'<li><a href="#{escape(grid.name)}"><code>{escape(grid.name)}</code></a></li>' for grid in given)
    signs = re.sub(r"\\text\{(.*?)\}", r"\1", board.signs).replace(r"\ast ", "∗")
    turn = f"<div><h2>Back</h2><p>{' '.join(map(_math, board.turn))}</p></div>"
    back = f"{turn}\n<ol>{''.join(map(_row, board.backward))}</ol>\n" if board.backward else ""
    return (
        f'<nav aria-label="The statements of the program">\n<div><h2>Given</h2><ol class="given">{chips}</ol></div>\n'
        f"<div><h2>Forward</h2></div>\n<ol>{''.join(map(_row, board.forward))}</ol>\n"
        f"{back}<p>{escape(signs)}</p>\n</nav>"
    )


def _row(row: Row | None) -> str:
    if row is None:
        return '<li class="mean">⋮</li>'
    if not row.gives:
        return f'<li class="mean">{_math(row.latex)}</li>'
    name, statement = escape(row.gives), escape(row.statement)
    return f'<li><a href="#{name}" aria-label="{statement}">{_math(row.latex)}</a></li>\n'


def _math(latex: str) -> str:
    return str(convert(latex))


def _section(ways: tuple[Way, ...]) -> str:
    """An array, and what arrives there."""
    names = " and ".join(escape(way.gives.name) for way in ways)
    return f"<section>\n<h2>{names} <small>{ways[0].gives.size}</small></h2>\n{''.join(map(_way, ways))}</section>"


def _way(way: Way) -> str:
    """A statement: what it gives, what it reads, and each entry written out."""
    name = escape(way.gives.name)
    said = f"{name}: {way.given}" if way.given else f"<code>{escape(way.statement)}</code>"
    title = "Given" if way.given else "Back" if way.is_back else "Forward"
    reads = "".join(map(_grid, way.reads))
    shown = {entry.name for grid in way.reads for entry in grid.listed}
    entries = "".join(_entry(entry, shown, hidden=place > 0) for place, entry in enumerate(way.gives.listed))
    return (
        f'<article class="way" id="{name}">\n'
        f'<h3><a href="#{name}"><b>{title}</b> {said}</a></h3>\n'
        f'<div class="grids"><div class="gives">{_grid(way.gives)}</div>\n<div class="reads">{reads}</div></div>\n'
        f'<div aria-live="polite">\n{entries}</div>\n</article>\n'
    )


def _grid(grid: Grid) -> str:
    """An array in brackets, its rows and columns counted from 0 as in the statements."""
    rows, columns = grid.shown
    head = "".join(f'<th scope="col">{"…" if column is None else column}</th>' for column in columns)
    opening, closing = (
        f'<td class="bracket {side}" rowspan="{len(rows)}" aria-hidden="true"></td>' for side in ("open", "close")
    )
    lines = []
    for place, row in enumerate(rows):
        cells = "".join(f"<td>{_cell(grid, row, column)}</td>" for column in columns)
        bracketed = cells if place else f"{opening}{cells}{closing}"
        lines.append(f'<tr><th scope="row">{"⋮" if row is None else row}</th>{bracketed}</tr>')
    kind = ' class="slope"' if grid.name.startswith("d") else ""
    name = f'<td class="name" colspan="2">{escape(grid.title)}</td>'
    return (
        f'<figure{kind} aria-label="{escape(grid.title)}"><table><thead><tr>{name}{head}<td></td></tr></thead>\n'
        f"<tbody>{''.join(lines)}</tbody></table>\n<figcaption>{grid.size}</figcaption></figure>\n"
    )


def _cell(grid: Grid, row: int | None, column: int | None) -> str:
    """An entry to choose: its scalar and its value."""
    if row is None or column is None:
        return "⋱" if row is column else "…" if column is None else "⋮"
    entry = grid.at(row, column)
    if entry is None:
        return ""
    name, value = escape(entry.name), written(entry.value)
    return (
        f'<button type="button" class="cell" data-cell="{name}" data-row="{row}" data-column="{column}" tabindex="-1" '
        f'aria-label="{name}: {escape(clean(entry.scalar))} = {value}">'
        f'{_typeset(entry.scalar)}<span class="value">{value}</span></button>'
    )


def _entry(entry: Entry, shown: Collection[str], hidden: bool) -> str:
    """An entry written out in arrays, in scalars, in numbers; and the cells that it reads, as far as they are shown."""
    name, value = escape(entry.name), written(entry.value)
    reads = {read: order for read, order in _orders(entry.reads).items() if read in shown}
    head = (
        f'<div class="entry" data-entry="{name}" data-at="{name.partition("[")[2]}" '
        f'data-reads="{escape(json.dumps(reads))}"{" hidden" if hidden else ""}>'
    )
    result = f' <b class="term">= {value}</b>' if entry.numbers != value else ""
    lines = [
        ("in arrays", f"<code>{name}</code>", f"<code>{_terms(escape(entry.arrays))}</code>"),
        ("in scalars", _typeset(entry.scalar), _terms(_typeset(entry.scalars))),
        ("in numbers", "", _terms(_typeset(entry.numbers)) + result),
    ]
    if not entry.arrays:
        lines = [("", _typeset(entry.scalar), f"<b>{value}</b>")]
    rows = "".join(f'<tr><th scope="row">{a}</th><td>{b}</td><td>=</td><td>{c}</td></tr>' for a, b, c in lines)
    says = "".join(f'<p class="says">{escape(sentence)}</p>' for sentence in entry.says)
    return f'{head}<table class="lines">{rows}</table>{says}</div>\n'


def _terms(line: str) -> str:
    """A line that is broken between the terms of its sums."""
    return " + ".join(f'<span class="term">{term}</span>' for term in line.split(" + "))


def _orders(reads: tuple[str, ...]) -> dict[str, str]:
    """The entries that are read, numbered within each array, as they meet; nothing where it is only one."""
    arrays = {name: name.partition("[")[0] for name in reads}
    several, met, orders = Counter(arrays.values()), Counter[str](), dict[str, str]()
    for name, array in arrays.items():
        met[array] += 1
        orders[name] = f"{met[array]}" if several[array] > 1 else ""
    return orders


def _typeset(text: str) -> str:
    """A formula, escaped: letters italic, what stands below and above as true scripts."""
    typeset = "".join(map(_run, formula(text)))
    typeset = RAISED.sub(lambda found: f"<sup>{found.group().translate(LEVEL | BRACKETS)}</sup>", typeset)
    return BOTH.sub(r'<span class="scripts">\2\1</span>', typeset)


def _run(run: Run) -> str:
    tag, said = TAGS.get(run.style), escape(run.text)
    return f"<{tag}>{said}</{tag}>" if tag else said

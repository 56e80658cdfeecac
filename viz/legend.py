"""The legend of a picture: each path multiplied out, and their sum. Imports autograd, picture, show and typeset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isclose
from typing import Any

from autograd import Path, Paths, counted

from .picture import Legend, PathRow
from .show import Show
from .typeset import Line, Run


def legend(
    ways: Paths[Any], shown: Sequence[Path[Any]], called: Callable[[Any], str], show: Show, *, unit_factors: bool
) -> Legend:
    """The legend for the paths that are shown; `called` names a node, `unit_factors` writes the 1s of sums down too."""
    name, number = show.name, show.number
    start, end, count = called(ways.y), called(ways.x), ways.count
    noun = "path" if count == 1 else "paths"
    is_sum = f" is the sum of {counted(count)} paths" if count > 1 else " is the product along its only path"
    if ways.narrowed:
        is_sum = f" along {counted(count)} {noun}{ways.narrowed}"
    factors = [
        [edge.local for edge in path.edges if unit_factors or edge.local != 1 or not edge.is_sign] or [1.0]
        for path in shown
    ]
    rows = zip(_told_apart(shown), factors, shown, strict=True)
    notes = [*_about_the_grad(ways, end, show), *_about_the_rest(count - len(shown))]
    if any(len(written) < len(path.edges) for written, path in zip(factors, shown, strict=True)):
        notes.append((Run("the 1s of sums are left out"),))
    return Legend(
        title=(Run("∂"), *name(start), Run("/∂"), *name(end), Run(is_sum)),
        rows=tuple(
            PathRow(strand, _over(own, strand, show), tuple(map(number, written)), number(path.product))
            for strand, (own, written, path) in enumerate(rows)
        ),
        sum=number(ways.total),
        note=_joined(notes, "; "),
    )


def _told_apart(shown: Sequence[Path[Any]]) -> list[list[str]]:
    """For each path the names that tell it apart: of its own nodes the first, if that is enough, else all."""
    common = set.intersection(*(set(path.nodes) for path in shown))
    own = [[node.name for node in path.nodes if node not in common and node.name] for path in shown]
    first = [names[:1] for names in own]
    for names in (first, own):
        if len(set(map(tuple, names))) == len(names):
            return names
    return [[] for _ in shown]  # only their numbers do


def _over(names: list[str], strand: int, show: Show) -> Line:
    """How a path differs from the others, in words: by the nodes it leads over, or else by its number."""
    if not names:
        return (Run(f"path {strand + 1}"),)
    return (Run("over "), *_joined(map(show.name, names), ", "))


def _joined(lines: Iterable[Line], separator: str) -> Line:
    return tuple(run for line in lines for run in (Run(separator), *line))[1:]


def _about_the_grad(ways: Paths[Any], end: str, show: Show) -> Iterator[Line]:
    """Whether the sum is what `backward` left; where it is not, a reader would wonder."""
    grad = ways.x.grad
    if grad is None or ways.y is ways.x or ways.narrowed:
        return
    if isclose(grad, ways.total, rel_tol=1e-9) or (grad != grad and ways.total != ways.total):
        yield (Run("equal to "), *show.name(end), Run(".grad"))
    elif ways.y.grad == 1:  # backward() began here, so the gradient was expected to be this sum
        yield (*show.name(end), Run(f".grad holds {show.number(grad)}: more than one backward() added to it"))


def _about_the_rest(hidden: int) -> Iterator[Line]:
    if hidden:
        yield (Run(f"with {counted(hidden)} paths that are not drawn, none of them larger"),)

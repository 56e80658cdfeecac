"""Gradients as they are written into one vector: what is alike for several parameters is done for all of them at once.

Imports calls, lowering and vectors.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from .calls import Call, Calls, Shape
from .lowering import Lowering
from .vectors import Block, Layout

PARAMETERS, GRADIENT = "all parameters", "all gradients"  # the two vectors, as one row each


class Output(NamedTuple):
    """A call whose result is written into the vector: as some columns of a block, all of one, or over everything."""

    call: Call
    block: Block | None = None
    columns: range | None = None


def outputs(lowering: Lowering, layout: Layout) -> list[Output]:
    """What is written, in this order."""
    found: list[Output] = []
    for block in layout.blocks:
        found += _of_block(lowering.calls, block, [lowering.gradients[array.name] for array in block.arrays], found)
    shell, products = _alike(lowering, found)
    written: list[Output] = []
    for output in products:
        written.append(output if _is_free(output.call, written) else _copied(lowering.calls, output, len(written)))
    return [*written, Output(_of_all(lowering.calls, shell, (1, layout.size)))] if shell is not None else written


def _of_block(calls: Calls, block: Block, parts: Sequence[Call], before: Sequence[Output]) -> list[Output]:
    """The gradients of its arrays, as one where that can be."""
    whole = parts[0] if len(parts) == 1 else _joined(calls, parts[0], parts[1])
    if whole is not None:
        return [Output(whole, block)]
    pairs = list(zip(parts, block.columns.values(), strict=True))
    ready = [part for part, place in pairs if part.word == "columns" and part.detail == place]
    matrix = next((part.args[0] for part in ready if part.args[0].shape == block.shape), None)
    if matrix is None or not _is_free(matrix, before):
        return [Output(part, block, place) for part, place in pairs]
    rest = [Output(part, block, place) for part, place in pairs if part not in ready or part.args[0] is not matrix]
    return [Output(matrix, block), *rest]


def _is_free(call: Call, written: Sequence[Output]) -> bool:
    """Whether it can be computed in the vector: it is no other array, changes with each step, and goes nowhere else."""
    return not (call.is_at_hand or call.fixed or call.word == "scatter" or call in (output.call for output in written))


def _copied(calls: Calls, output: Output, number: int) -> Output:
    """The same, as a copy."""
    call, block, columns = output
    assert block is not None  # what goes over everything is always new
    shape = (block.shape[0], len(columns)) if columns is not None else block.shape
    return Output(calls.make("filled", call, shape=shape, detail=number, fixed=False), block, columns)


def _joined(calls: Calls, left: Call, right: Call, inner: bool = False) -> Call | None:
    """The call whose first columns are the one, and whose last the other."""
    if left is right and left.is_number:
        return left
    if left.word == right.word == "columns" and left.args == right.args:
        covers = left.detail.start == 0 and left.detail.stop == right.detail.start
        return left.args[0] if covers and right.detail.stop == left.args[0].shape[1] else None
    if left.is_each and left.word == right.word and not (inner and left.kept):
        args = [_joined(calls, x, y, inner=True) for x, y in zip(left.args, right.args, strict=True)]
        known = [arg for arg in args if arg is not None]
        return calls.each(left.word, *known) if len(known) == len(args) else None
    return None


def _alike(lowering: Lowering, found: Sequence[Output]) -> tuple[Hashable, list[Output]]:
    """What is done, entry by entry, to the parameters of each block and to one product, if it is the same for all."""
    shells, products = set[Hashable](), list[Output]()
    for call, block, columns in found:
        shell, inside = _shell(call, lowering.matrices[block.name]) if block and columns is None else (GRADIENT, [])
        if shell == GRADIENT or len(inside) != 1 or block is None or inside[0].shape != block.shape:
            return None, list(found)
        shells.add(shell)
        products.append(Output(inside[0], block))
    return (shells.pop(), products) if len(shells) == 1 else (None, list(found))


def _shell(call: Call, matrix: Call, inner: bool = False) -> tuple[Hashable, list[Call]]:
    """How a call is made of a block's parameters, entry by entry, and of what products."""
    if call is matrix:
        return PARAMETERS, []
    if call.is_number:
        return call.detail, []
    if call.is_each and not (inner and call.kept):
        parts = [_shell(arg, matrix, inner=True) for arg in call.args]
        if call.word in ("add", "multiply"):  # whose operands may stand in any order
            parts.sort(key=lambda part: repr(part[0]))
        shells = [shell for shell, _ in parts]
        if any(shell != GRADIENT and not isinstance(shell, float) for shell in shells):
            return (call.word, *shells), [product for _, products in parts for product in products]
    return GRADIENT, [call]


def _of_all(calls: Calls, shell: Hashable, shape: Shape) -> Call:
    """The same of all parameters and all products."""
    if isinstance(shell, tuple):
        word, *args = shell
        return calls.each(word, *(_of_all(calls, arg, shape) for arg in args))
    if isinstance(shell, float):
        return calls.number(shell)
    return calls.make("given", shape=shape, detail=shell, fixed=False)

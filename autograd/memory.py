"""Where the results of calls stand: arrays that are made once, and used again when nobody needs what is in them.

Imports calls; NumPy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .calls import Call, Shape, pieces

Numbers: TypeAlias = NDArray[Any]
AND_ONES = " and ones"  # a given array's name with this behind it is that array with a row of ones below


class Buffer:
    """An array, and the turn until which what is in it is needed."""

    def __init__(self, array: Numbers, until: float) -> None:
        self.array, self.until = array, until


class Memory:
    """The array of each call.

    `order` are calls as they are computed, of which the `results` are needed at the end; `given` has arrays by name,
    and `written` those into which some results go. What works entry by entry does so in place where it can, and pieces
    of something larger are computed where they stand in it.
    """

    def __init__(
        self,
        order: Sequence[Call],
        results: Collection[Call],
        given: Mapping[str, Numbers],
        written: Mapping[Call, Numbers],
        dtype: DTypeLike,
    ) -> None:
        self.given, self.dtype, self.until = given, np.dtype(dtype), _lives(order, results)
        self.arrays: dict[Call, Numbers] = dict(written)
        self.buffers: dict[Call, Buffer] = {}
        self.pool: dict[tuple[Shape, Any], list[tuple[float, int, Buffer]]] = {}  # by when they are free
        self.number = count()
        self.wholes = self._wholes(order)
        for turn, call in enumerate(order):
            if call not in self.arrays:
                self.arrays[call] = self._view(call) if call.is_at_hand else self._place(call, turn)

    def _view(self, call: Call) -> Numbers:
        """What is given, or another array looked at differently."""
        match call.word:
            case "given":
                return self.given[call.detail]
            case "number":
                return np.array(call.detail, self.dtype)
            case "ones":
                return np.ones(call.shape, self.dtype)
        whole = self.arrays[call.args[0]]
        match call.word:
            case "T":
                return whole.T
            case "rows":
                return whole[call.detail.start : call.detail.stop]
            case "columns":
                return whole[:, call.detail.start : call.detail.stop]
        view = whole.reshape(call.shape)
        assert np.shares_memory(view, whole), "a matrix that is read in another shape stands alone"
        return view

    def _wholes(self, order: Sequence[Call]) -> dict[Call, tuple[Call, range]]:
        """Of pieces that are computed within something larger that, and their rows in it."""
        wholes: dict[Call, tuple[Call, range]] = {}
        for whole in order:
            for piece, rows in pieces(whole):
                fits = piece.fixed == whole.fixed and piece.shape == (len(rows), whole.shape[1])
                can = not piece.is_at_hand and piece.word != "scatter"  # which needs zeros around what is put into it
                free = piece not in wholes and piece not in self.arrays
                if isinstance(rows, range) and fits and can and free:
                    wholes[piece] = whole, rows
        return wholes

    def _place(self, call: Call, turn: int) -> Numbers:
        """An array for its result, at this turn."""
        if call in self.wholes:
            whole, rows = self.wholes[call]
            if whole not in self.arrays:
                self.arrays[whole] = self._place(whole, turn)
            return self._beside(call, whole, self.arrays[whole][rows.start : rows.stop])
        if call.word == "augmented" and (there := self.given.get(f"{call.args[0].detail}{AND_ONES}")) is not None:
            return there
        for arg in call.args[2:] if call.word == "where" else call.args if call.is_each else ():
            if self._is_over(arg, call, turn):
                return self._beside(call, arg, self.arrays[arg])
        self.buffers[call] = self._buffer(call, turn)
        return self.buffers[call].array

    def _beside(self, call: Call, other: Call, array: Numbers) -> Numbers:
        """This array, which is in the buffer of another call."""
        if other in self.buffers:
            self.buffers[call] = self.buffers[other]
            self.buffers[call].until = max(self.buffers[call].until, self.until[call])
        return array

    def _is_over(self, arg: Call, call: Call, turn: int) -> bool:
        """Whether a call can put its result where its operand stands."""
        if call.fixed or arg not in self.buffers or arg.shape != call.shape or arg.is_test != call.is_test:
            return False
        others = [] if call.is_each else [self.arrays[other] for other in call.args if other is not arg]
        alone = not any(np.may_share_memory(other, self.arrays[arg]) for other in others)
        return self.buffers[arg].until <= turn and alone

    def _buffer(self, call: Call, turn: int) -> Buffer:
        """One that is free, or a new one; what has to stay as it was made serves nothing else."""
        kind = np.dtype(bool) if call.is_test else self.dtype
        if call.fixed or call.word in ("augmented", "scatter"):
            made = np.ones if call.word == "augmented" else np.zeros
            return Buffer(made(call.shape, kind), inf if call.fixed or call.word == "scatter" else self.until[call])
        pool = self.pool.setdefault((call.shape, kind), [])
        while pool and pool[0][0] < turn:
            _, _, buffer = heappop(pool)
            if buffer.until < turn:
                buffer.until = self.until[call]
                break
            heappush(pool, (buffer.until, next(self.number), buffer))
        else:
            buffer = Buffer(np.empty(call.shape, kind), self.until[call])
        heappush(pool, (buffer.until, next(self.number), buffer))
        return buffer


def _lives(order: Sequence[Call], results: Collection[Call]) -> dict[Call, float]:
    """Until which turn each result is read, be it as part of something else."""
    turns = {call: turn for turn, call in enumerate(order)}
    until: dict[Call, float] = {call: inf if call in results else turn for call, turn in turns.items()}
    for call in reversed(order):
        last = until[call] if call.is_part_of_its_operands else turns[call]
        for arg in call.args:
            until[arg] = max(until[arg], last)
    return until

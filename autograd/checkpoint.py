"""Back-propagation of a long computation that keeps few of its nodes.

Imports backprop, functions, graph, recording, scope and value.

The notes say of memoisation that it "takes memory but increases speed" (line 885). Here the trade is in the reader's
hand: of a computation in stages only every so many results are kept, and what lies between is computed again when the
reverse sweep needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from math import isqrt
from typing import NamedTuple

from .backprop import backward
from .errors import NotAScalar, WrongShape, shorten
from .functions import weighted_sum
from .graph import Graph
from .recording import unrecorded
from .scope import watched
from .value import Value

Stage = Callable[..., "Value | Sequence[Value]"]


class StageLedger(NamedTuple):
    """What `backward_in_stages` did: its result, the numbers kept at most at once, and the nodes computed in all.

    kept: results of stages that were held, plus the nodes of the largest stretch that was recorded at once.
    computed: nodes computed, a second time too, and one for each stretch, which weighs its results with what arrives.
    """

    result: float
    every: int
    kept: int
    computed: int


def backward_in_stages(stages: Sequence[Stage], *inputs: Value, every: int | None = None) -> StageLedger:
    """Leave the derivatives of a computation in the `.grad` of its leaves without ever holding its whole graph.

    Each stage is called with the Values that the one before returned, the first with `inputs`, and returns a Value or
    a list of them; the last returns the one Value to differentiate. The results of every so many stages are kept, by
    default about the square root of their number, which computes each node twice and keeps about 2·√n stages'
    worth; every=len(stages) keeps everything. Stages must give the same each time they are called. Leaves accumulate
    as in `backward`. Raises WrongShape for no stages or an `every` below 1, NotAScalar for
    a stage that returns no Value.
    """
    if not isinstance(stages, (list, tuple)) or not stages or not all(map(callable, stages)):
        raise WrongShape(f"backward_in_stages: given {shorten(stages)}, expected a list of functions of Values")
    if every is not None and (not isinstance(every, int) or every < 1):
        raise WrongShape(f"backward_in_stages: every is {shorten(every)}, expected a whole number from 1")
    every = every or isqrt(len(stages))
    stretches = [list(stages[begin : begin + every]) for begin in range(0, len(stages), every)]
    made = count()
    with watched(lambda node: next(made) if node.op else None):
        kept = [list(inputs)]
        with unrecorded():
            for stretch in stretches[:-1]:
                kept.append([state.detach() for state in _run(stretch, kept[-1])])
        held = sum(map(len, kept))
        states = kept.pop()
        y = _only(_run(stretches.pop(), states))
        recorded = [_swept(y)]
        while stretches:
            upstream = [state.grad or 0.0 for state in states]
            states = kept.pop()
            recorded.append(_swept(weighted_sum(_run(stretches.pop(), states), upstream)))
    return StageLedger(y.data, every, held + max(recorded), next(made))


def _swept(y: Value) -> int:
    """Backward from y; how many nodes were recorded for it."""
    backward(y)
    return len(Graph(y))


def _run(stretch: Sequence[Stage], states: Sequence[Value]) -> list[Value]:
    """What the stages make of the states, one after another."""
    for stage in stretch:
        given = stage(*states)
        states = [given] if isinstance(given, Value) else given
        if not isinstance(states, (list, tuple)) or not all(isinstance(state, Value) for state in states):
            raise NotAScalar(f"backward_in_stages: a stage gave {shorten(given)}; return a Value or a list of them")
    return list(states)


def _only(outputs: list[Value]) -> Value:
    if len(outputs) != 1:
        raise WrongShape(
            f"backward_in_stages: the last stage gave {len(outputs)} Values, expected the one to differentiate"
        )
    return outputs[0]

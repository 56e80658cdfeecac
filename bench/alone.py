"""One measurement in a fresh process, its result as JSON on stdout. Imports what that measurement needs, and no more.

What a process has loaded changes what its garbage costs, and some engines do not survive a deep graph: both ask for a
process that holds nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import measure


def steps(name: str, count: str) -> list[float]:
    """Item A as a user meets it: the steps of one training run, back to back, after a first one to warm up."""
    import moons

    step = moons.step_of(name)
    step()
    seconds = []
    for _ in range(int(count)):
        start = measure.clock()
        step()
        seconds.append(measure.clock() - start)
    return seconds


def kept(count: str) -> tuple[int, int]:
    """What so many steps of binary pathgrad leave behind while the collector is off: bytes, and objects in cycles.

    Python keeps a few freed tuples and floats at hand, and counts them as in use. A full collection empties that
    store, so one runs before and after; the second would also find cycles, and says how many objects it found.
    """
    import gc
    import tracemalloc

    import moons

    step, rest = moons.step_of("pathgrad binary"), range(int(count))
    gc.disable()
    tracemalloc.start()
    step()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    before = tracemalloc.get_traced_memory()[0]  # read again, so that the number read first is counted too
    for _ in rest:
        step()
    found = gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    return after - before, found


def chain(name: str, links: str, collects: str) -> measure.Phases:
    """Item C: the seconds of forward, backward and deletion."""
    import graphs
    import peers

    engine = peers.present(name)
    measure.settle()
    with measure.collector(collects == "on"):
        return graphs.run_chain(engine.scalar, int(links))


def held(kind: str, links: str) -> list[float]:
    """Bytes per operation of a chain, after the forward pass and after the backward pass."""
    import graphs

    from autograd import Value

    made: list[Value] = []

    def forward() -> list[Value]:
        made.append(graphs.named_chain(int(links)) if kind == "named" else graphs.chain(Value, int(links)))
        return made

    after_forward = measure.bytes_held(forward)
    made.clear()

    def both() -> list[Value]:
        forward()[0].backward()
        return made

    return [held / (2 * int(links)) for held in (after_forward, measure.bytes_held(both))]


def deepest(name: str, most: str) -> int:
    """The longest chain that the engine goes back through at the default recursion limit."""
    import graphs
    import peers

    return graphs.deepest(peers.present(name).scalar, int(most))


MEASUREMENTS: dict[str, Callable[..., Any]] = {f.__name__: f for f in (steps, kept, chain, held, deepest)}

if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))

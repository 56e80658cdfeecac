"""Item B: a random graph, this engine beside its peers. Imports gradients, graphs, measure, peers and report."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import graphs
import peers
from gradients import agreement, alike
from measure import Times, alternate, bytes_held, progress, settle
from report import ON_OFF, Report, times, variant

Bend: TypeAlias = Callable[[float], float]
FORWARD, BACKWARD, DELETION = 0, 1, 2
BENDS: tuple[Bend, ...] = (peers.relu, math.tanh)
LOOP = "the loop, no engine"
Variant = tuple[str, bool]  # a contestant, and whether the collector is on


def run(report: Report, rounds: int) -> None:
    """Forward and backward through 100,000 operations."""
    programs: dict[Bend, graphs.Program] = {bend: graphs.random_program(bend) for bend in BENDS}
    loop = partial(graphs.run_bare, programs[peers.relu], peers.relu)
    report.item(
        "B", f"A random graph: {graphs.OPERATIONS:,} operations, +, × and relu, {programs[peers.relu].depth} deep"
    )
    found = {"pathgrad": peers.PATHGRAD, **peers.installed()}
    settle()
    runs = {}
    for name, engine in found.items():
        if engine is not None:
            program = programs[engine.plain_bend]
            expected = graphs.program_grads(peers.reference(engine), program)
            if alike(report, name, partial(graphs.program_grads, engine, program), expected):
                runs[name] = engine, program
    agreement(report, [*runs])
    measured: dict[Variant, Times] = alternate(
        "B",
        rounds,
        {(name, on): partial(graphs.run_program, *what) for name, what in runs.items() for on in what[0].collector}
        | {(LOOP, False): loop},
        lambda variant: variant[1],
    )
    held = bytes_per_node(runs)
    show(report, found, measured, held)


def bytes_per_node(runs: dict[str, tuple[peers.Engine, graphs.Program]]) -> dict[str, float]:
    """What the graph holds after its backward pass, for the engines whose bytes Python can count."""
    held = {}
    for name, (engine, program) in runs.items():
        if engine.python:
            progress(f"B: counting the bytes of {name} …")
            held[name] = bytes_held(partial(graphs.program_held, engine, program)) / graphs.OPERATIONS
    progress("")
    return held


def show(
    report: Report, found: dict[str, peers.Engine | None], measured: dict[Variant, Times], held: dict[str, float]
) -> None:
    """The table, the figures and the target."""
    base = measured.get(("micrograd", True))
    rows, shown = [], {}
    for (name, on), t in measured.items():
        engine = found.get(name)
        label = engine.label if engine else name
        phases = [f"{t.median(phase) / graphs.OPERATIONS * 1e9:,.0f}" for phase in (FORWARD, BACKWARD, DELETION)]
        bytes_each = f"{held[name]:.0f}" if name in held else "–"
        ratio = times(base.median(FORWARD, BACKWARD) / t.median(FORWARD, BACKWARD) if base and engine else None)
        rows.append([label, ON_OFF[on], *phases, bytes_each, ratio])
        shown[label if name == LOOP else variant(label, on)] = t.median(FORWARD, BACKWARD)
    rows += [[name, "", "not installed", "", "", "", ""] for name, engine in found.items() if engine is None]
    report.table(["B, ns a node", "collector", "forward", "backward", "deletion", "bytes", "micrograd / this"], rows)
    report.note(
        "Every 'forward' includes the loop that reads the program. 'deletion' includes a full collection where\n"
        "the collector is on; where it is off, micrograd's graph stays. 'bytes' are held after the backward\n"
        "pass. micrograd recurses; this graph is shallow enough for Python's default recursion limit."
    )
    report.figures["B, seconds"] = {f"{name}, collector {ON_OFF[on]}": t.rounds for (name, on), t in measured.items()}
    report.figures["B, bytes per node"] = held
    report.bars("B", f"{graphs.OPERATIONS:,} operations at random, forward and back", shown, "pathgrad")
    mine = measured["pathgrad", True].median(FORWARD, BACKWARD)
    reached = base.median(FORWARD, BACKWARD) / mine if base else None
    report.at_least("B: 4 × micrograd as shipped, forward and backward", 4, reached, "×")

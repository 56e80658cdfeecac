"""Item R: graphs without structure as programs, beside the engines that record them.

Imports autograd, gradients, graphs, measure, peers and report.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import graphs
import peers
from gradients import agreement, alike
from measure import Phases, Times, alternate, clock, settle
from report import Report, times

from autograd import vectorize

LAYERS, WIDTH = 20, 6476  # 136,000 operations, with those that add up the last layer
BOUND = "pathgrad bound"
RECORDING = ("pathgrad, recorded each time", "oxigrad", "micrograd-rust")
WARM = 2


def run(report: Report, rounds: int) -> None:
    """Loss and gradient of a wide graph, which a target speaks of, and of that of item B, which is deep."""
    report.item("R", "Graphs without structure: forward and backward, compiled once")
    programs = {
        "wide": graphs.layered_program(peers.relu, WIDTH, LAYERS),
        "deep": graphs.random_program(peers.relu),
    }
    for shape, program in programs.items():
        measured = measure(report, shape, program, rounds)
        count = len(program.operations)
        title = f"A {shape} graph without structure, {count:,} operations"
        each = {name: t.median() / count * 1e9 for name, t in measured.items()}
        rows = [[name, f"{ns:.1f}", times(ns / each[BOUND])] for name, ns in each.items()]
        report.table([f"{title}, {program.depth} deep", "ns an operation", "this / bound"], rows)
        report.figures[f"R, {shape}, seconds"] = {name: t.rounds for name, t in measured.items()}
        report.bars("R", title, {name: t.median() for name, t in measured.items()}, BOUND)
        if shape == "wide":
            report.at_most(f"R, {count:,} operations: 35 ns each", 35, each[BOUND], "ns")


def measure(report: Report, shape: str, program: graphs.Program, rounds: int) -> dict[str, Times]:
    """The times of those that agree."""
    compiled, expected = Compiled(program), graphs.program_grads(peers.PATHGRAD, program)
    report.note(f"{compiled.program.kind}: {compiled.program.why}; compiled in {compiled.seconds:.1f} s.")
    runs: dict[str, Any] = {}
    if alike(report, BOUND, compiled.grads, expected):
        runs |= {BOUND: compiled.bound_step, "pathgrad program": compiled.step}
    for name in RECORDING:
        engine = peers.engine(name.partition(",")[0])
        if engine is None or engine.plain_bend is not peers.relu:
            report.note(f"{name}: {'not installed' if engine is None else 'has no relu'}")
        elif alike(report, name, partial(graphs.program_grads, engine, program), expected):
            runs[name] = partial(forward_and_backward, engine, program)
    agreement(report, [*runs])
    settle()
    return alternate(f"R, {shape}", rounds, runs, lambda name: False)


def forward_and_backward(engine: peers.Engine, program: graphs.Program) -> Phases:
    """The seconds of an engine that makes its graph anew."""
    return graphs.run_program(engine, program)[:2]


class Compiled:
    """The graph recorded and compiled; every leaf is a parameter."""

    def __init__(self, program: graphs.Program) -> None:
        made = program.run(peers.PATHGRAD.scalar, peers.PATHGRAD.bend)
        start = clock()
        self.program = vectorize(made[-1], [])
        self.bound = self.program.bound()
        self.bound.loss_and_gradients()
        self.seconds = clock() - start
        self.leaves = made[: len(program.leaves)]

    def grads(self) -> list[float]:
        """The derivative by every leaf."""
        found = dict(zip(self.bound.leaves, self.bound.gradients().tolist(), strict=True))
        return [found[leaf] for leaf in self.leaves]

    def bound_step(self) -> Phases:
        """The seconds on vectors that are there already."""
        return self._timed(self.bound.loss_and_gradients)

    def step(self) -> Phases:
        """The seconds of the program as it is."""
        return self._timed(self.program.gradients)

    def _timed(self, run: Any) -> Phases:
        for _ in range(WARM):
            run()
        start = clock()
        run()
        return (clock() - start,)

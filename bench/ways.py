"""Item G: what there is to know of all paths, beside one backward pass. Imports graphs, measure and report."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import graphs
from measure import Phases, alternate, clock, settle
from report import Report

from autograd import Graph, Value, paths
from nn import MLP, losses

T = TypeVar("T")
OPERATIONS, WIDTH, LAYERS, ASKED = 550_000, 100, 10, 10
BACKWARD, WALK, SWEEP = range(3)


def run(report: Report, rounds: int) -> None:
    """Count and total of a graph of a million edges, and the ten largest of 10²² paths."""
    program = graphs.random_program(math.tanh, OPERATIONS)
    edges = sum(1 for _ in Graph(program.run(Value, Value.tanh)[-1]).edges())
    report.item("G", f"Paths: a random graph of {edges:,} edges, and a network with 10²² paths to its weights")
    net = MLP(WIDTH, [WIDTH] * LAYERS, bias=False)
    loss = losses.squared_error(net.outputs([0.1] * WIDTH), [0.0] * WIDTH)
    every = sum(paths(loss, w).count for w in (layer[0][0] for layer in net.weights)) * WIDTH**2
    settle()
    measured = alternate("G", rounds, {"graph": partial(run_graph, program), "top": partial(run_top, net, loss)}, bool)
    graph, top = measured["graph"], measured["top"]
    ratio = graph.median(WALK, SWEEP) / graph.median(BACKWARD)
    row = ["a random graph", *(f"{graph.median(phase):.2f}" for phase in (BACKWARD, WALK, SWEEP)), f"{ratio:.1f} ×"]
    report.table(["G, seconds", "backward", "the walk", "count and total", "to backward"], [row])
    per = top.median() / (sum(1 for _ in Graph(loss).edges()) / 1e5)
    report.note(
        f"The {ASKED} largest of the paths to one weight, of {float(every):.2e} in all: {per:.2f} s per 10⁵ edges.\n"
    )
    report.figures["G"] = {"graph": graph.rounds, "top": top.rounds}
    shown = {
        "pathgrad, a backward pass": graph.median(BACKWARD),
        "pathgrad, count and sum": graph.median(WALK, SWEEP),
    }
    report.bars("G", "All paths of a graph with a million edges", shown, "pathgrad, a backward pass")
    report.at_most("G: count and total of 10⁶ edges: 3 × a backward pass", 3, ratio, "×")
    report.at_most("G: top(10) of 10²² paths, per 10⁵ edges: 1 s", 1, per, "s")


def run_graph(program: graphs.Program) -> Phases:
    """A fresh graph each time: the backward pass, then the walk that paths begins with, and its sweep for both.

    Each phase begins with a clean heap, so that none pays for the garbage of another.
    """
    made = program.run(Value, Value.tanh)
    y, x = made[-1], made[0]
    del made
    backward, _ = timed(y.backward)
    walk, ways = timed(lambda: paths(y, x))
    sweep, _ = timed(lambda: ways.count)
    assert math.isclose(ways.total, x.grad or 0.0, rel_tol=1e-9, abs_tol=1e-300)
    return backward, walk, sweep


def timed(step: Callable[[], T]) -> tuple[float, T]:
    """The seconds of one step and what it made, after a collection that is not counted."""
    gc.collect()
    start = clock()
    made = step()
    return clock() - start, made


def run_top(net: MLP, loss: Value) -> Phases:
    """The largest paths to the first weight."""
    ways = paths(loss, net.weights[0][0][0])
    start = clock()
    assert len(ways.top(ASKED)) == ASKED
    return (clock() - start,)

"""Item A: a training step, this engine beside its peers. Imports gradients, measure, moons, peers and report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import moons
import peers
from gradients import agreement, alike
from measure import Phases, Times, alone, alternate, clock, progress, settle
from report import ON_OFF, Report, millis, times, variant

STEPS, ALONE_STEPS = 2, 9
Variant = tuple[str, bool]  # a contestant, and whether the collector is on


def run(report: Report, rounds: int) -> None:
    """One step of MLP(2, [16, 16, 1]) on 100 points."""
    report.item("A", "One training step: MLP(2, [16, 16, 1]), relu, 100 points of two moons, full batch")
    found = peers.installed()
    measured = alternate("A", rounds, contestants(report, found), lambda variant: variant[1])
    base = measured.get(("micrograd", True))
    labels = {name: peer.label for name, peer in found.items() if peer is not None}
    rows = [
        [
            labels.get(name, name),
            ON_OFF[on],
            millis(t.median()),
            millis(t.least()),
            times(base.median() / t.median() if base else None),
        ]
        for (name, on), t in measured.items()
    ]
    rows += [[name, "", "not installed", "", ""] for name, peer in found.items() if peer is None]
    report.note(f"Each figure is one step out of {STEPS} back to back, after one that is not timed.\n")
    report.table(["A", "collector", "median", "minimum", "micrograd / this"], rows)
    report.figures["A, seconds"] = {f"{name}, collector {ON_OFF[on]}": t.sums() for (name, on), t in measured.items()}
    shown = {variant(labels.get(name, name), on): t.median() for (name, on), t in measured.items()}
    report.bars("A", "A training step, every number a node", shown, "pathgrad binary")
    targets(report, measured)
    as_met(report)


def contestants(report: Report, found: dict[str, peers.Engine | None]) -> dict[Variant, Callable[[], Phases]]:
    """The step of each variant, for all who are installed and whose gradients agree."""
    engines = {name: engine for name, engine in found.items() if engine is not None}
    steps = {name: moons.step_of(name) for name in (*moons.PATHGRAD, *engines)}
    settle()
    good = {
        name: step
        for name, step in steps.items()
        if alike(report, name, partial(first_grads, step), moons.reference_grads(name))
    }
    agreement(report, [*good])
    return {
        (name, on): partial(timed, step)
        for name, step in good.items()
        for on in engines.get(name, peers.PATHGRAD).collector
    }


def first_grads(step: moons.Step) -> list[float]:
    """The gradients of the first step."""
    step()
    return step.grads()


def timed(step: moons.Step) -> Phases:
    """The seconds of one step, of several back to back: each pays for garbage, be it that of the step before."""
    step()
    start = clock()
    for _ in range(STEPS):
        step()
    return ((clock() - start) / STEPS,)


def targets(report: Report, measured: dict[Variant, Times]) -> None:
    """How often this engine makes a step while micrograd makes one."""

    def ratio(name: str, on: bool) -> float | None:
        mine, theirs = measured.get((name, on)), measured.get(("micrograd", on))
        return theirs.median() / mine.median() if mine and theirs else None

    report.at_least("A binary: 15 × micrograd as shipped", 15, ratio("pathgrad binary", True), "×")
    report.at_least("A binary: 1.4 × micrograd, collector off in both", 1.4, ratio("pathgrad binary", False), "×")
    report.at_least("A n-ary: 80 × micrograd as shipped", 80, ratio("pathgrad n-ary", True), "×")


def as_met(report: Report) -> None:
    """The same steps, each engine in a process of its own: what a heap holds changes what the collector costs."""
    names = [*moons.PATHGRAD, *(name for name in ("micrograd", "micrograd-viz") if peers.engine(name))]
    measured: dict[str, Times] = {}
    for name in names:
        progress(f"A: {name} in a fresh process …")
        measured[name] = Times([(seconds,) for seconds in alone("steps", name, ALONE_STEPS)])
    progress("")
    base = measured.get("micrograd")
    report.note(
        "As its user meets it: steps back to back, collector on, in a fresh process that loads this engine\n"
        "alone, with all that it loads itself.\n"
    )
    rows = [
        [name, millis(t.median()), millis(t.least()), times(base.median() / t.median() if base else None)]
        for name, t in measured.items()
    ]
    report.table(["A, fresh process", "median", "minimum", "micrograd / this"], rows)
    report.figures["A, seconds in a fresh process"] = {name: t.sums() for name, t in measured.items()}

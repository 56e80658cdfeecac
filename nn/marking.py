"""Is what somebody computed right, and if not, what went wrong? Imports calls, costing, explaining, hints and problems.

Whatever is wrong with the calls is said as itself; the numbers are held against the vectorised equations, and wrong
ones against every mistake of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from .apart import called, described
from .calls import Call, received
from .costing import about_cost
from .explaining import Explanation, explanations
from .hints import hints
from .marks import Mark, Marks
from .passes import EQUATIONS
from .problems import Problem, agreeing_digits, other_problem
from .raising import Fault
from .suspects import ENOUGH, ROUNDING, Evidence

ENOUGH_OF_LOSS = 1e-3  # a log(1 - A) costs more digits than a gradient has to lose
MOST_WIDTHS = 3  # that the examples are once as many as
SQUARES = (3, 4)  # the widths of square networks


def marked(
    problems: Sequence[Problem],
    calls: Sequence[Call],
    probes: Sequence[tuple[Problem, Call]] = (),
    faults: Iterable[Fault] = (),
    remarks: Iterable[str] = (),
) -> Marks:
    """What there is to say about these calls, one for each problem, of which the first may be the only one.

    `probes` are calls of other networks, of use only to explain a function that does not run on these.
    """
    evidence = [Evidence.of(problem, call.grads) for problem, call in zip(problems, calls, strict=False)]
    marks = tuple(_array(name, evidence) for name in problems[0].params) if any(e.given for e in evidence) else ()
    loss = _loss(evidence, calls)
    said = [*faults, *_once(calls)]
    found = tuple(_explained(evidence, calls, probes))
    hinted = () if found else tuple(hints(evidence, loss is None or loss.is_right))
    if loss is not None and not loss.is_right and (why := about_cost(evidence, [call.loss for call in calls])):
        hinted = (f"the loss: {why}; see {EQUATIONS['cost']}", *hinted)
    return Marks(_title(problems), loss, marks, tuple(said), found, hinted, tuple(remarks))


def examined(function: Callable[..., Any], problems: Sequence[Problem], probes: Sequence[Problem] = ()) -> Marks:
    """The marks of a function of params, X and Y, called right here."""
    file = getattr(getattr(function, "__code__", None), "co_filename", "")

    def call(problem: Problem) -> Call:
        return received(called(function, problem.params, problem.X, problem.Y, file), problem)

    calls = [call(problem) for problem in problems]
    return marked(problems, calls, [(probe, call(probe)) for probe in probes] if any(map(has_raised, calls)) else [])


def series(problem: Problem, seed: int = 0) -> list[Problem]:
    """The problem, and some like it: as many examples, two more, and as many as a layer has neurons.

    Where there are as many examples as neurons, a row may stand for a column and nothing is raised.
    """
    generator, sizes, m = np.random.default_rng(seed), problem.net.sizes, problem.m
    widths = sorted({n for n in sizes[1:] if n > 1} - {m})[:MOST_WIDTHS]
    return [problem, *(other_problem(problem, sizes, count, generator) for count in (m, m + 2, *widths))]


def square(problem: Problem, seed: int = 0) -> list[Problem]:
    """Problems like it of square networks with as many examples, on which nearly everything runs."""
    net, generator = problem.net, np.random.default_rng(seed)
    if not all(isinstance(g, str) for g in net.activations):
        return []  # a list has a name for each neuron that there is
    return [other_problem(problem, [n] * len(net.sizes), n, generator) for n in SQUARES]


def compared(grads: Mapping[str, Any], problem: Problem) -> Marks:
    """The marks of gradients that have been computed."""
    said = {name: described(array) for name, array in grads.items()}
    return marked([problem], [received({"loss": None, "grads": said, "changed": []}, problem)])


def has_raised(call: Call) -> bool:
    """Whether it came to an error."""
    return any(fault.kind == "raised" for fault in call.faults)


def _explained(
    evidence: list[Evidence], calls: Sequence[Call], probes: Sequence[tuple[Problem, Call]]
) -> list[Explanation]:
    """The mistakes that explain it, where there are numbers, or nothing because something was raised."""
    all_of_it = evidence + [Evidence.of(problem, call.grads) for problem, call in probes if call.grads is not None]
    nothing = any(each.given is None and not has_raised(call) for each, call in zip(evidence, calls, strict=False))
    if nothing or not any(each.given for each in all_of_it):
        return []
    worst = max((each.off(name, each.right[name]) for each in all_of_it for name in each.given or ()), default=0.0)
    if worst > ENOUGH or any(map(has_raised, calls)):
        return explanations(all_of_it)
    # What is nearly right is right, unless a mistake that makes a small difference explains it much better.
    return explanations(all_of_it, ROUNDING, together=False) if worst > ROUNDING else []


def _array(name: str, evidence: Sequence[Evidence]) -> Mark:
    """The array where it is furthest off."""
    shape = evidence[0].right[name].shape
    there = [each for each in evidence if each.given is not None and name in each.given]
    if len(there) < sum(each.given is not None for each in evidence) or any(_misshapen(each, name) for each in there):
        return Mark(name, shape, False)
    off, each = max(((each.off(name, each.right[name]), each) for each in there), key=lambda pair: pair[0])
    given, right = (each.given or {})[name], each.right[name]
    with np.errstate(all="ignore"):
        differences = np.abs(given - right)
    index = tuple(map(int, np.unravel_index(np.argmax(differences), shape)))  # of nan, if there is one
    return Mark(name, shape, off <= ENOUGH, agreeing_digits(off), float(differences[index]), off, index,
                float(given[index]), float(right[index]))  # fmt: skip


def _misshapen(each: Evidence, name: str) -> bool:
    return (each.given or {})[name].shape != each.right[name].shape


def _loss(evidence: Sequence[Evidence], calls: Sequence[Call]) -> Mark | None:
    """The loss where it is furthest off; None if no call gave one."""
    pairs = [(call.loss, each.J) for call, each in zip(calls, evidence, strict=False) if call.loss is not None]
    if not pairs:
        return None

    def off(pair: tuple[float, float]) -> float:
        given, right = pair
        share = abs(given - right) / max(abs(given), abs(right)) if given != right else 0.0
        return share if share == share else inf

    given, right = max(pairs, key=off)
    share = off((given, right))
    return Mark(
        "loss", (), share <= ENOUGH_OF_LOSS, agreeing_digits(share), abs(given - right), share, (), given, right
    )


def _once(calls: Sequence[Call]) -> list[Fault]:
    """Each fault as it was first met; of what is raised in some calls only, in how many."""
    first: dict[tuple[str, str, int | None], Fault] = {}
    for fault in (fault for call in calls for fault in call.faults):
        first.setdefault((fault.kind, fault.array, fault.line), fault)
    count = sum(map(has_raised, calls))
    if count < len(calls):
        partly = f"\n    in {count} of {len(calls)} calls; the numbers above are those of the others"
        first |= {key: fault._replace(says=fault.says + partly) for key, fault in first.items() if key[0] == "raised"}
    return list(first.values())


def _title(problems: Sequence[Problem]) -> str:
    problem = problems[0]
    net, counts = problem.net, ", ".join(str(each.m) for each in problems)
    hidden = f"{net.activation}, " if len(net.sizes) > 2 else ""
    loss = problem.loss.replace("_", " ")
    if problem.strength:
        loss += f", {problem.penalty} with strength {problem.strength:g}"
    return f"{'-'.join(map(str, net.sizes))} network, {hidden}output {net.output}, {loss}; {counts} examples"

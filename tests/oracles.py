"""Derivatives by other means, and random graphs to try them on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hypothesis import settings
from hypothesis import strategies as st

from autograd import Value, weighted_sum

Function = Callable[[Sequence[float]], float]


def central_difference(f: Function, point: Sequence[float], slot: int) -> float:
    """∂f/∂x[slot] by Richardson-extrapolated central differences: the error falls with the fourth power of the step."""
    step = 1e-3 * max(0.1, abs(point[slot]))  # small beside the point, so that a pole at 0 stays far

    def slope(h: float) -> float:
        ahead, behind = list(point), list(point)
        ahead[slot] += h
        behind[slot] -= h
        return (f(ahead) - f(behind)) / (2 * h)

    return (4 * slope(step / 2) - slope(step)) / 3


# What a random graph may do with two nodes that it has; all of it smooth, and tame however often it is repeated.
MOVES: dict[str, Callable[[Value, Value], Value]] = {
    "add": lambda a, b: (a + b) * 0.5,
    "sub": lambda a, b: a - b.tanh(),
    "mul": lambda a, b: a.tanh() * b,
    "square": lambda a, b: a.sigmoid() * a.sigmoid() - b,
    "div": lambda a, b: a / (2 + b.tanh()),
    "pow": lambda a, b: (1 + a.sigmoid()) ** b.tanh(),
    "log": lambda a, b: (1 + b.sigmoid()).log() - a,
    "exp": lambda a, b: b.tanh().exp() * a.tanh(),
    "neg": lambda a, b: -a + 0.1 * b,
    "weighted_sum": lambda a, b: weighted_sum([a, 0.5, b], [b, a, 0.3], a).tanh(),
}

Program = list[tuple[str, int, int]]


@st.composite
def programs(draw: st.DrawFn, leaves: int = 3, longest: int = 25) -> Program:
    """A random graph over `leaves` inputs as data: moves, each on two nodes that are there by then."""
    length = draw(st.integers(1, longest))
    return [
        (
            draw(st.sampled_from(sorted(MOVES))),
            draw(st.integers(0, leaves + place - 1)),
            draw(st.integers(0, leaves + place - 1)),
        )
        for place in range(length)
    ]


def run(program: Program, leaves: Sequence[Value]) -> Value:
    """The program's last node."""
    nodes = list(leaves)
    for move, a, b in program:
        nodes.append(MOVES[move](nodes[a], nodes[b]))
    return nodes[-1]


def fewer(times: int) -> settings:
    """So many times fewer examples than the profile asks for, for a test whose oracle is slow."""
    return settings(max_examples=settings().max_examples // times)


def close(a: float, b: float, relative: float, absolute: float = 0.0) -> bool:
    """Whether two numbers agree so far."""
    return math.isclose(a, b, rel_tol=relative, abs_tol=absolute)


points = st.lists(st.floats(-2, 2), min_size=3, max_size=3)

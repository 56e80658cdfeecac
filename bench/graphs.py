"""Items B, C and R: random graphs and a long chain, one program for every scalar engine. Imports autograd and peers."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from measure import Phases, clock
from peers import Engine

from autograd import Scope, Value, within

LEAVES, OPERATIONS, CALM = 1000, 100_000, 1.5
FACTOR, SHIFT = 1.0001, 0.0001


@dataclass(frozen=True)
class Program:
    """Numbers to start from, then operations: (left, "+" or "*", right) or (left, "bend", left), each by its place."""

    leaves: list[float]
    operations: list[tuple[int, str, int]]
    depth: int  # operations on the longest way from a leaf to the end

    def run(self, scalar: Callable[[float], Any], bend: Callable[[Any], Any]) -> list[Any]:
        """All that is computed, the leaves first and the end last."""
        made = [scalar(number) for number in self.leaves]
        add = made.append
        for left, glyph, right in self.operations:
            if glyph == "+":
                add(made[left] + made[right])
            elif glyph == "*":
                add(made[left] * made[right])
            else:
                add(bend(made[left]))
        return made


def random_program(bend: Callable[[float], float], count: int = OPERATIONS) -> Program:
    """A graph of so many operations, every one of them below the end.

    Each operation takes the value that has waited longest for its first use, and an earlier one drawn at random; what
    is left over at the end is added up pair by pair. One operation in ten bends; a sum that would grow beyond 1.5
    becomes a product, and a product that would is bent, so the numbers stay tame.
    """
    draw = random.Random(0)
    numbers = [draw.uniform(-1, 1) for _ in range(LEAVES)]
    leaves, depths, waiting = list(numbers), [0] * LEAVES, list(range(LEAVES))
    operations: list[tuple[int, str, int]] = []

    def emit(left: int, glyph: str, right: int) -> None:
        x, y = numbers[left], numbers[right]
        operations.append((left, glyph, right))
        numbers.append(x + y if glyph == "+" else x * y if glyph == "*" else bend(x))
        depths.append(1 + max(depths[left], depths[right]))
        waiting.append(len(numbers) - 1)

    for turn in range(count - LEAVES + 1):
        left, right, glyph = waiting[turn], draw.randrange(len(numbers)), draw.choices(("+", "*", "bend"), (9, 9, 2))[0]
        if glyph == "+" and abs(numbers[left] + numbers[right]) > CALM:
            glyph = "*"
        if glyph == "*" and abs(numbers[left] * numbers[right]) > CALM:
            glyph = "bend"
        emit(left, glyph, left if glyph == "bend" else right)
    del waiting[: count - LEAVES + 1]
    while len(waiting) > 1:
        emit(waiting.pop(0), "+", waiting.pop(0))
    return Program(leaves, operations, depths[-1])


def layered_program(bend: Callable[[float], float], width: int, layers: int) -> Program:
    """Layers of operations on the one below, whatever they meet there; all is added up at the end.

    Each operation takes one number of the layer below that no other one takes first, and any second one.
    """
    draw = random.Random(0)
    numbers = [draw.uniform(-1, 1) for _ in range(width)]
    leaves, operations = list(numbers), list[tuple[int, str, int]]()
    for layer in range(layers):
        first = layer * width
        for left in draw.sample(range(first, first + width), width):
            right, glyph = draw.randrange(first, first + width), draw.choices(("+", "*", "bend"), (9, 9, 2))[0]
            x, y = numbers[left], numbers[right]
            glyph = "*" if glyph == "+" and abs(x + y) > CALM else glyph
            glyph = "bend" if glyph == "*" and abs(x * y) > CALM else glyph
            numbers.append(x + y if glyph == "+" else x * y if glyph == "*" else bend(x))
            operations.append((left, glyph, left if glyph == "bend" else right))
    waiting = list(range(layers * width, (layers + 1) * width))
    for place in range(0, 2 * width - 2, 2):
        waiting.append(width + len(operations))
        operations.append((waiting[place], "+", waiting[place + 1]))
    return Program(leaves, operations, layers + (width - 1).bit_length())


def run_program(engine: Engine, program: Program) -> Phases:
    """The seconds of forward, backward and deletion, with a collection where the collector is on."""
    start = clock()
    made = program.run(engine.scalar, engine.bend)
    forward = clock()
    made[-1].backward()
    backward = clock()
    del made
    if gc.isenabled():
        gc.collect()
    return forward - start, backward - forward, clock() - backward


def run_bare(program: Program, bend: Callable[[float], float]) -> Phases:
    """The same loop on plain numbers: what the program costs before any engine does a thing."""
    start = clock()
    program.run(float, bend)
    return clock() - start, 0.0, 0.0


def program_grads(engine: Engine, program: Program) -> list[float]:
    """The derivative of the end by every leaf."""
    made = program.run(engine.scalar, engine.bend)
    made[-1].backward()
    return [float(leaf.grad) for leaf in made[: len(program.leaves)]]


def program_held(engine: Engine, program: Program) -> list[Any]:
    """The whole graph after its backward pass."""
    made = program.run(engine.scalar, engine.bend)
    made[-1].backward()
    return made


def chain(scalar: Callable[[float], Any], links: int) -> Any:
    """X = x * 1.0001 + 0.0001, again and again: two operations for each link."""
    x = scalar(1.0)
    for _ in range(links):
        x = x * FACTOR + SHIFT
    return x


def named_chain(links: int) -> Value:
    """The same chain, each node with a name of its own and made within a scope."""
    x = Value(1.0, "x0")
    with within(Scope("chain", "the chain")):
        for i in range(links):
            x = ((x * FACTOR).named(f"m{i}") + SHIFT).named(f"x{i}")
    return x


def run_chain(scalar: Callable[[float], Any], links: int) -> Phases:
    """The seconds of forward, backward and deletion."""
    start = clock()
    x = chain(scalar, links)
    forward = clock()
    x.backward()
    backward = clock()
    del x
    return forward - start, backward - forward, clock() - backward


def deepest(scalar: Callable[[float], Any], most: int) -> int:
    """The most links, up to `most`, whose backward pass Python's recursion limit lets through."""
    fits, fails = 0, most + 1
    while fails - fits > 1:
        links = (fits + fails) // 2
        try:
            chain(scalar, links).backward()
            fits = links
        except RecursionError:
            fails = links
    return fits

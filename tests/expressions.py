"""Random expressions as data, to be computed by pathgrad and by JAX, which knows nothing of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, logsumexp, maximum, minimum, softmax, total

Expression = Callable[[Sequence[Any]], Any]

METHODS = (
    *("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh"),
    *("sigmoid", "softplus", "silu", "relu", "leaky_relu"),
)
OF_ONE: dict[str, Callable[[Any], Any]] = {name: getattr(Value, name) for name in METHODS} | {
    "abs": abs,
    "neg": lambda a: -a,
    "squared": lambda a: a**2,
    "raised": lambda a: 2**a,
    "halved": lambda a: a / 2,
}
OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "max": maximum,
    "min": minimum,
    "lse": lambda a, b: logsumexp([a, b, a]),
    "softmax": lambda a, b: softmax([a, b])[1],
    "sum": lambda a, b: total([a, b, b]),
}
# What goes into these is made positive, and what goes into those is kept small, in both languages alike.
POSITIVE, SMALL = {"log", "log1p", "sqrt"}, {"exp", "expm1", "raised"}


def random_expression(seed: int, leaves: int = 3) -> tuple[list[tuple[str, int, int]], list[float]]:
    """A program of 3 to 15 steps, each on two numbers that are there by then, and a point to run it at."""
    draw = random.Random(seed)
    steps = [
        (draw.choice([*OF_ONE, *OF_TWO]), draw.randrange(leaves + place), draw.randrange(leaves + place))
        for place in range(draw.randint(3, 15))
    ]
    return steps, [draw.uniform(-2, 2) for _ in range(leaves)]


def run_with(
    one: dict[str, Any], two: dict[str, Any], steps: Sequence[tuple[str, int, int]], given: Sequence[Any]
) -> Any:
    """The last number of the program, in the language of these functions."""
    numbers = list(given)
    for name, i, j in steps:
        a, b = numbers[i], numbers[j]
        if name in POSITIVE or name in ("/", "**"):
            a, b = one["softplus"](a), 0.5 + one["sigmoid"](b)
        if name in SMALL:
            a = one["tanh"](a)
        made = one[name](a) if name in one else two[name](a, b)
        numbers.append(made / (1 + made * made) if name in ("*", "squared", "/") else made)
    return numbers[-1] + 0.1 * sum(numbers[: len(given)])


def by_values(steps: Sequence[tuple[str, int, int]], at: Sequence[Value]) -> Value:
    """The program in pathgrad."""
    made: Value = run_with(OF_ONE, OF_TWO, steps, at)
    return made


def by_jax(steps: Sequence[tuple[str, int, int]], at: Sequence[float]) -> tuple[float, list[float]]:
    """The program's value and gradient in JAX; its own functions, none of ours."""
    import jax
    from jax import nn
    from jax import numpy as jnp

    one = {
        "exp": jnp.exp, "log": jnp.log, "log1p": jnp.log1p, "expm1": jnp.expm1, "sqrt": jnp.sqrt, "sin": jnp.sin,
        "cos": jnp.cos, "tanh": jnp.tanh, "sigmoid": nn.sigmoid, "softplus": nn.softplus, "silu": nn.silu,
        "relu": nn.relu, "leaky_relu": nn.leaky_relu, "abs": jnp.abs, "neg": jnp.negative, "squared": jnp.square,
        "raised": jnp.exp2, "halved": lambda a: 0.5 * a,
    }  # fmt: skip
    two = {
        "+": jnp.add, "-": jnp.subtract, "*": jnp.multiply, "/": jnp.divide, "**": jnp.power, "max": jnp.maximum,
        "min": jnp.minimum, "lse": lambda a, b: nn.logsumexp(jnp.stack([a, b, a])),
        "softmax": lambda a, b: nn.softmax(jnp.stack([a, b]))[1], "sum": lambda a, b: a + b + b,
    }  # fmt: skip
    value, slopes = jax.value_and_grad(lambda x: run_with(one, two, steps, list(x)))(jnp.array(at))
    return float(value), [float(slope) for slope in slopes]

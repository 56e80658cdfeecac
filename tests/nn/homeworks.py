"""Homework as students write it: sources with a right pass, and one line for each misconception that spoils it.

Nothing of the table of mistakes is used, nor of autograd's: what is named there is made here by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import numpy as np

from nn.homework import Exercise
from nn.marking import examined, series, square
from nn.marks import Marks

G = {
    "sigmoid": ("1 / (1 + np.exp(-Z))", "A * (1 - A)"),
    "tanh": ("np.tanh(Z)", "1 - A**2"),
    "relu": ("np.maximum(Z, 0)", "(Z > 0) * 1.0"),
    "softplus": ("np.log(1 + np.exp(Z))", "1 / (1 + np.exp(-Z))"),
    "linear": ("Z", "np.ones_like(Z)"),
    "softmax": ("np.exp(Z) / np.exp(Z).sum(axis=0)", "A * (1 - A)"),
}
LOSSES = {
    "squared_error": "((A[L] - Y) ** 2).sum() / m",
    "binary_cross_entropy": "-(Y * np.log(A[L]) + (1 - Y) * np.log(1 - A[L])).sum() / m",
    "cross_entropy": "-(Y * np.log(A[L])).sum() / m",
}
TEMPLATE = """
import numpy as np

{before}
def g(Z):
    return {g}

def slope(Z, A):
    return {slope}

def out(Z):
    return {out}

def out_slope(Z, A):
    return {out_slope}

def grads(params, X, Y):
    L, m = {depth}, X.shape[1]
    W = [None] + [params[f"W{{l}}"]{cast} for l in range(1, L + 1)]
    b = [None] + [params[f"b{{l}}"]{cast} for l in range(1, L + 1)]
    A, Z = [X{cast}], [None]
    for l in range(1, L + 1):
        Z.append({sums})
        A.append(g(Z[l]) if l < L else out(Z[l]))
    loss = {loss} + {penalty}
    found = {{}}
    dZ = {error}
    for l in range(L, 0, -1):
        found[f"W{{l}}"] = {dW} + {decay}
        found[f"b{{l}}"] = {db} + {decay_of_b}
        {early}
        if l > 1:
            dA = {back}
            dZ = {through}
    {after}
    return loss, found
"""
ERRORS = {
    "squared_error": "2 * (A[L] - Y) * out_slope(Z[L], A[L])",
    "binary_cross_entropy": "A[L] - Y",
    "cross_entropy": "A[L] - Y",
}


def source(exercise: Exercise, **lines: str) -> str:
    """A homework for the exercise, right but for the lines that are given."""
    output = exercise.output or "sigmoid"
    parts = {
        "before": "",
        "cast": "",
        "g": G[exercise.activation][0],
        "slope": G[exercise.activation][1],
        "out": G[output][0],
        "out_slope": G[output][1],
        "depth": str(len(exercise.sizes) - 1),
        "sums": "W[l] @ A[l - 1] + b[l]",
        "loss": LOSSES[exercise.loss],
        "penalty": f"{exercise.strength} * sum((W[l] ** 2).sum() for l in range(1, L + 1))",
        "error": ERRORS[exercise.loss],
        "dW": "dZ @ A[l - 1].T / m",
        "db": "dZ.sum(axis=1, keepdims=True) / m",
        "decay": f"2 * {exercise.strength} * W[l]" if exercise.strength else "0",
        "decay_of_b": "0",
        "early": "pass",
        "back": "W[l].T @ dZ",
        "through": "dA * slope(Z[l - 1], A[l - 1])",
        "after": "pass",
    }
    return TEMPLATE.format(**{**parts, **lines})


Case = Callable[[Exercise], "Mapping[str, str] | None"]  # the lines that are spoilt; None where it is no mistake


def always(**lines: str) -> Case:
    return lambda exercise: lines


def where(test: Callable[[Exercise], bool], **lines: str) -> Case:
    return lambda exercise: lines if test(exercise) else None


def deep(exercise: Exercise) -> bool:
    return len(exercise.sizes) > 2


def one_width(exercise: Exercise) -> bool:
    return len(set(exercise.sizes)) == 1


def curved(exercise: Exercise) -> bool:
    return exercise.loss == "squared_error" and exercise.output != "linear"


EARLY = 'W[l] = W[l] - 0.37 * found[f"W{l}"]'
STALE = """for name in found:
        kept[name] = kept.get(name, 0) + found[name]
    found = dict(kept)"""
SWAPPED = """for letter in "Wb":
        found[letter + "1"], found[letter + "2"] = found[letter + "2"], found[letter + "1"]"""

# What somebody gets wrong, by the name that the diagnosis has for it. Those of point 5 come first.
MISCONCEPTIONS: dict[str, list[Case]] = {
    "1/m forgotten": [
        always(dW="dZ @ A[l - 1].T", db="dZ.sum(axis=1, keepdims=True)"),
        always(dW="dZ @ A[l - 1].T"),
        always(db="dZ.sum(axis=1, keepdims=True)"),
    ],
    "1/m twice": [
        always(dW="dZ @ A[l - 1].T / m / m", db="dZ.sum(axis=1, keepdims=True) / m / m"),
        where(deep, back="W[l].T @ dZ / m"),
        always(db="np.mean(dZ, axis=1, keepdims=True) / m"),
    ],
    "factor 2": [
        lambda e: {"error": f"2 * ({ERRORS[e.loss]})"},
        where(lambda e: not e.strength, dW="2 * dZ @ A[l - 1].T / m"),
    ],
    "factor ½": [where(lambda e: e.loss == "squared_error", error="(A[L] - Y) * out_slope(Z[L], A[L])")],
    "sign": [
        lambda e: {"error": f"-({ERRORS[e.loss]})"},
        always(after="found = {name: -array for name, array in found.items()}"),
    ],
    "transposed": [
        where(lambda e: not e.strength, dW="A[l - 1] @ dZ.T / m"),
        always(after="found['W1'] = found['W1'].T"),
    ],
    "g' missing": [
        where(deep, through="dA"),
        where(curved, error="2 * (A[L] - Y)"),
        where(lambda e: curved(e) and deep(e), error="2 * (A[L] - Y)", through="dA"),
    ],
    "g' of the wrong layer": [
        where(deep, through="dA * slope(Z[l], A[l])"),
        where(lambda e: deep(e) and one_width(e), through="dA * slope(Z[l - 2] if l > 2 else X, A[l - 2])"),
    ],
    "summed axis lost": [
        always(db="dZ.sum() / m"),
        always(db="np.sum(dZ, keepdims=True) / m"),
    ],
    "keepdims lost": [always(db="dZ.sum(axis=1) / m")],
    "bias along the wrong axis": [
        always(sums="W[l] @ A[l - 1] + b[l].ravel()"),
        always(sums="W[l] @ A[l - 1] + b[l].T"),
    ],
    "softmax elementwise": [
        where(lambda e: e.loss == "cross_entropy", error="-Y / A[L] * A[L] * (1 - A[L])"),
    ],
    "A − Y with another loss": [where(lambda e: e.loss == "squared_error", error="A[L] - Y")],
    "weights updated too early": [where(deep, early=EARLY)],
    "stale gradients added": [always(before="kept = {}\n", after=STALE)],
    "regulariser missing": [where(lambda e: e.strength > 0, decay="0")],
    "regulariser on the biases": [
        lambda e: {"decay_of_b": f"2 * {e.strength} * b[l]"} if e.strength else None,
    ],
    "swapped layers": [where(deep, after=SWAPPED)],
    # and others that the table has
    "* for @": [where(lambda e: not e.strength, dW="dZ * A[l - 1].T / m"), where(deep, back="W[l].T * dZ")],
    "W for W.T": [where(deep, back="W[l] @ dZ")],
    "g' of A for g' of Z": [where(deep, through="dA * slope(A[l - 1], g(A[l - 1]))")],
    "Z for A in g'": [where(deep, through="dA * slope(Z[l - 1], Z[l - 1])")],
    "g for g'": [where(deep, through="dA * A[l - 1]")],
    "db not summed": [always(db="dZ / m")],
    "summed along the wrong axis": [always(db="dZ.sum(axis=0, keepdims=True) / m")],
    "A of the wrong layer": [where(lambda e: not e.strength, dW="dZ @ A[l].T / m")],
    "Z for A in dW": [where(deep, dW="dZ @ (Z[l - 1] if l > 1 else X).T / m")],
    "only the last example": [
        always(dW="dZ[:, -1:] @ A[l - 1][:, -1:].T / m", db="dZ[:, -1:] / m"),
    ],
    "bias forgotten": [always(sums="W[l] @ A[l - 1]")],
    "regulariser's factor": [
        lambda e: {"decay": f"{e.strength} * W[l]"} if e.strength else None,
        lambda e: {"decay": f"{e.strength} / m * W[l]"} if e.strength else None,
    ],
}
ASKED = tuple(MISCONCEPTIONS)[:18]  # those of the first rows

SINGLE = ".astype(np.float32)"
DA = "(-Y / A[L] + (1 - Y) / (1 - A[L])) * A[L] * (1 - A[L])"
JACOBIAN = """np.stack([(np.diag(p) - np.outer(p, p)) @ (-y / p) for p, y in zip(A[L].T, Y.T)], axis=1)"""
# The same thing said in other ways; all of it right.
RIGHT: list[Case] = [
    always(),
    always(cast=SINGLE),
    always(db="np.mean(dZ, axis=1, keepdims=True)", dW="np.dot(dZ, A[l - 1].T) / X.shape[1]"),
    always(dW="np.einsum('im,jm->ij', dZ, A[l - 1]) / m", db="dZ.mean(axis=1)[:, None]"),
    always(dW="sum(np.outer(dZ[:, i], A[l - 1][:, i]) for i in range(m)) / m", back="np.dot(dZ.T, W[l]).T"),
    always(error="(ERROR) / m", dW="dZ @ A[l - 1].T", db="dZ.sum(axis=1, keepdims=True)"),
    where(lambda e: e.loss == "binary_cross_entropy", error=DA),
    where(lambda e: e.loss == "binary_cross_entropy", error=DA, cast=SINGLE),
    where(
        lambda e: e.loss == "binary_cross_entropy",
        loss="-np.mean(np.sum(Y * np.log(A[L] + 1e-12) + (1 - Y) * np.log1p(-A[L]), axis=0))",
    ),
    where(lambda e: e.loss == "cross_entropy", error=JACOBIAN),
    always(after="found = {name: np.asarray(array, np.float32) for name, array in found.items()}"),
    always(after="print('dW1', found['W1'])"),
]
DIFFERENCES = """
import numpy as np

def grads(params, X, Y):
    def cost(now):
        A = X
        for l in range(1, {depth} + 1):
            Z = now[f"W{{l}}"] @ A + now[f"b{{l}}"]
            A = {g} if l < {depth} else {out}
        m, A, L = X.shape[1], [A], 0
        return {loss} + {strength} * sum((now[f"W{{l}}"] ** 2).sum() for l in range(1, {depth} + 1))
    found = {{}}
    for name, array in params.items():
        found[name] = np.zeros(array.shape)
        for at in np.ndindex(array.shape):
            here = np.zeros(array.shape)
            here[at] = 1e-5
            ahead, behind = ({{**params, name: array + here}}, {{**params, name: array - here}})
            found[name][at] = (cost(ahead) - cost(behind)) / 2e-5
    return cost(params), found
"""


def right(exercise: Exercise, way: int) -> str | None:
    """A right homework, written in one of many ways; None if this one does not suit the exercise."""
    if way == len(RIGHT):
        return DIFFERENCES.format(
            depth=len(exercise.sizes) - 1,
            g=G[exercise.activation][0],
            out=G[exercise.output or "sigmoid"][0],
            loss=LOSSES[exercise.loss],
            strength=exercise.strength,
        )
    lines = RIGHT[way](exercise)
    if lines is None:
        return None
    return source(exercise, **{key: line.replace("ERROR", ERRORS[exercise.loss]) for key, line in lines.items()})


def function(text: str) -> Callable[..., Any]:
    """The homework as a function, fresh, so that it remembers nothing."""
    names: dict[str, Any] = {}
    exec(compile(text, "homework.py", "exec"), names)
    made: Callable[..., Any] = names["grads"]
    return made


def exercises(seed: int) -> Exercise:
    """A random network, loss and strength."""
    generator = np.random.default_rng(seed)
    loss, output = [
        ("binary_cross_entropy", "sigmoid"),
        ("cross_entropy", "softmax"),
        ("squared_error", "sigmoid"),
        ("squared_error", "linear"),
    ][int(generator.integers(4))]
    sizes = generator.integers(1, 6, size=int(generator.integers(2, 5))).tolist()
    if generator.random() < 0.2:
        sizes = [sizes[0]] * len(sizes)
    if output == "softmax":
        sizes[-1] = max(2, sizes[-1])
    activation = str(generator.choice(["sigmoid", "tanh", "relu", "softplus"]))
    strength = float(generator.choice([0.0, 0.02, 0.3]))
    examples = int(generator.integers(2, 8))
    return Exercise(tuple(sizes), activation, output, loss, strength=strength, examples=examples, seed=seed)


def marks_of(exercise: Exercise, text: str) -> Marks:
    """What is said about a homework, run right here."""
    problem = exercise.problem()
    return examined(function(text), series(problem, exercise.seed + 1), square(problem))


def spoilt_homeworks(name: str) -> Iterator[tuple[Exercise, Marks]]:
    """Homeworks with this misconception, on random networks where it is one, and what is said about them.

    One in four computes in single precision.
    """
    cases = MISCONCEPTIONS[name]
    for seed in count():
        exercise = exercises(seed)
        lines = cases[seed % len(cases)](exercise)
        if lines is not None:
            marks = marks_of(exercise, source(exercise, **lines, cast=SINGLE if seed % 4 == 0 else ""))
            if not marks.is_right:  # as a bias that lies on its side is, where there is one neuron
                yield exercise, marks

"""The cost of a network in the words of other libraries, from the same formulas. Imports activations, losses, problems.

What a row of autograd's table and a row of the losses say is read with complex NumPy, JAX or PyTorch; from there on the
derivative is the library's own affair. The libraries are imported when they are asked for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import TABLE
from autograd.formula import read

from .activations import Activation
from .losses import PENALTIES, loss_of
from .problems import Problem
from .vectorized import settings

OPERATORS: dict[str, Callable[..., Any]] = {
    "number": lambda number: number,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "**": operator.pow,
    ">": operator.gt,
    "<=": operator.le,
    "==": operator.eq,
    "abs": abs,
}


class Words(dict[str, Callable[..., Any]]):
    """The words of formulas in a library that has NumPy's names.

    A word that is not stated here is the library's own, or else what its row of the table says.
    """

    def __init__(self, library: Any) -> None:
        super().__init__(OPERATORS)
        self.library = library
        self["total"] = lambda x: library.sum(x, axis=0)
        self["largest"] = lambda x: library.amax(x, axis=0)
        self["logsumexp"] = self._by_row("logsumexp")

    def __missing__(self, word: str) -> Callable[..., Any]:
        if hasattr(self.library, word):
            found: Callable[..., Any] = getattr(self.library, word)
            return found
        return self._by_row(word)

    def _by_row(self, name: str) -> Callable[..., Any]:
        row = TABLE[name]
        return lambda *operands: read(row.result, self, dict(zip(row.symbols, operands, strict=True)))


def complex_words() -> Words:
    """NumPy on complex numbers: choices go by the real part, so that the imaginary one carries a derivative."""

    def by_real(test: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, y: test(np.real(x), np.real(y))

    words = Words(np)
    words |= {sign: by_real(OPERATORS[sign]) for sign in (">", "<=", "==")}
    words["abs"] = lambda x: np.where(np.real(x) < 0, -x, x)
    return words


def cost_in(words: Words, problem: Problem, params: Mapping[str, Any]) -> Any:
    """J of the problem with these parameters, in whatever numbers the words compute."""
    loss, A = loss_of(problem.loss), words["asarray"](problem.X)
    for l, g in enumerate(problem.net.activations, 1):
        Z = params[f"W{l}"] @ A
        if f"b{l}" in params:
            Z = Z + params[f"b{l}"]
        A = _activated(words, g, Z)
    names = {"y": words["asarray"](problem.Y)}
    if problem.is_from_logits and loss.from_logits is not None:
        losses = read(loss.from_logits, words, names | {"z": Z, "s": words["logsumexp"](Z)})
    else:
        losses = read(loss.formula, words, names | {"p": A})
    J = words["sum"](losses) / problem.m
    if problem.strength:
        weights = (W for name, W in params.items() if name.startswith("W"))
        J = J + sum(
            words["sum"](read(PENALTIES[problem.penalty], words, {"w": W, "k": problem.strength})) for W in weights
        )
    return J


def _activated(words: Words, g: Activation, Z: Any) -> Any:
    """G(Z), as a word."""
    if isinstance(g, tuple):
        return words["stack"]([_activated(words, name, Z[row]) for row, name in enumerate(g)])
    if g == "softmax":
        return words["exp"](Z - words["logsumexp"](Z))
    return Z if g == "linear" else words[g](Z, *settings(g))

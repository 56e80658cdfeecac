"""Witnesses: every way of getting all gradients of a problem, as one table. Imports what they are made of.

The sweep, the sum over paths and forward mode read one graph of scalars in three ways, and the program is compiled from
that of one example. The vectorised engine states the notes' equations. The complex step, differences, JAX and PyTorch
know the forward pass alone.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from autograd import PATH_COUNTS, Graph, Value, counted, gradients, paths, tangents, totals
from autograd.differences import central_difference

from .engines import ENGINES
from .problems import Answer, Gradients, Problem, gathered
from .shapes import Array
from .vectorized import VectorizedMLP
from .vocabularies import Words, complex_words, cost_in

MANY_PATHS = 5_000  # each is walked on its own
MANY_STEPS = 500_000  # nodes of the graph times parameters: forward mode walks up once for each
MANY_COSTS = 200  # parameters, each of which asks for some two hundred costs
STABLE = ("sigmoid", "softplus", "silu")  # functions of JAX that have a finite derivative everywhere
TINY = 1e-30  # the complex step: its square vanishes beside any number


class Witness(NamedTuple):
    """One way of finding all gradients; `excuse` says why it cannot on some problem, nothing if it can.

    `precision` is what it may depart from the others, as a share of an array's largest entry, and still be right.
    """

    name: str
    find: Callable[[Problem], Answer]
    excuse: Callable[[Problem], str] = lambda problem: ""
    precision: float = 0.0


def by_sweep(problem: Problem) -> Answer:
    """One reverse sweep through the graph of all examples."""
    values = problem.net.parameters()
    slopes = gradients(problem.cost, values)
    return Answer(problem.cost.data, gathered(problem.net, dict(zip(values, slopes, strict=True))))


def by_paths(problem: Problem) -> Answer:
    """Every derivative as the sum of the products along its paths."""
    return _one_by_one(problem, lambda w: sum(path.product for path in paths(problem.cost, w)))


def by_forward_mode(problem: Problem) -> Answer:
    """Every derivative carried upward by itself."""
    return _one_by_one(problem, lambda w: tangents([problem.cost], {w: 1.0})[0])


def _one_by_one(problem: Problem, slope: Callable[[Value], float]) -> Answer:
    """The derivative by each parameter; 0 by one that the cost was not made from."""
    graph, values = Graph(problem.cost), problem.net.parameters()
    return Answer(problem.cost.data, gathered(problem.net, {w: slope(w) if w in graph else 0.0 for w in values}))


def by_complex_step(problem: Problem) -> Answer:
    """The imaginary part of the cost, where one parameter has a tiny one."""
    words = complex_words()

    def slope(params: Gradients, name: str, at: tuple[int, ...]) -> float:
        moved = params[name].astype(complex)
        moved[at] += TINY * 1j
        return float(cost_in(words, problem, params | {name: moved}).imag / TINY)

    return _entry_by_entry(problem, slope)


def by_differences(problem: Problem) -> Answer:
    """Central differences of the cost, each with a step of its own."""

    def slope(params: Gradients, name: str, at: tuple[int, ...]) -> float:
        moved = params[name].copy()

        def cost(x: float) -> float:
            moved[at] = x
            return _cost(problem, params | {name: moved})

        return central_difference(cost, float(params[name][at])).derivative

    return _entry_by_entry(problem, slope)


def _entry_by_entry(problem: Problem, slope: Callable[[Gradients, str, tuple[int, ...]], float]) -> Answer:
    params = problem.params
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    with np.errstate(all="ignore"):
        for name, array in grads.items():
            for at in np.ndindex(array.shape):
                array[at] = slope(params, name, at)
        return Answer(_cost(problem, params), grads)


def _cost(problem: Problem, params: Gradients) -> float:
    return float(cost_in(Words(np), problem, params))


def by_equations(problem: Problem) -> Answer:
    """The notes' vectorised equations; of a bias that a layer shares, the derivative is the sum over its neurons."""
    engine = VectorizedMLP.of(problem.net)
    with np.errstate(all="ignore"):
        cache = engine.forward(problem.X)
        found = engine.backward(cache, problem.Y, problem.loss)
        grads: Gradients = {}
        for name, array in problem.params.items():
            own: Array = found[name]
            if own.shape != array.shape:
                own = own.sum(axis=0, keepdims=True)
            grads[name] = own + problem.decay(array) if name.startswith("W") else own
        return Answer(engine.cost(cache, problem.Y, problem.loss) + problem.penalised, grads)


def by_program(problem: Problem) -> Answer:
    """The program that the graph of one example is compiled to."""
    cost, gradient = ENGINES["program"](problem.net, problem.loss).found(problem.X, problem.Y)
    grads = gathered(problem.net, dict(zip(problem.net.parameters(), gradient.tolist(), strict=True)))
    grads |= {name: grads[name] + problem.decay(W) for name, W in problem.params.items() if name.startswith("W")}
    return Answer(cost + problem.penalised, grads)


def by_jax(problem: Problem) -> Answer:
    """JAX's own derivatives, in double precision."""
    import jax

    with jax.enable_x64(True):
        words = Words(jax.numpy)
        words |= {name: getattr(jax.nn, name) for name in STABLE}
        params = {name: jax.numpy.asarray(array) for name, array in problem.params.items()}
        loss, grads = jax.value_and_grad(lambda given: cost_in(words, problem, given))(params)
        return Answer(float(loss), {name: np.asarray(array) for name, array in grads.items()})


def by_torch(problem: Problem) -> Answer:
    """PyTorch's own derivatives, in double precision."""
    import torch

    words = Words(torch)
    words["softplus"] = lambda x: torch.logaddexp(x, torch.zeros_like(x))
    params = {name: torch.tensor(array, requires_grad=True) for name, array in problem.params.items()}
    loss = cost_in(words, problem, params)
    loss.backward()
    # What the loss was not made from has no gradient there.
    grads = {name: (torch.zeros_like(a) if a.grad is None else a.grad).numpy() for name, a in params.items()}
    return Answer(loss.item(), grads)


def _many_paths(problem: Problem) -> str:
    held = totals(Graph(problem.cost), PATH_COUNTS)
    count = sum(held.get(w, 0) for w in problem.net.parameters())
    return f"there are {counted(count)} paths, and each is walked on its own" if count > MANY_PATHS else ""


def _many_steps(problem: Problem) -> str:
    nodes, values = len(Graph(problem.cost)), len(problem.net.parameters())
    return f"{counted(nodes)} nodes are walked for each of {counted(values)} parameters" * (nodes * values > MANY_STEPS)


def _many_costs(problem: Problem) -> str:
    count = len(problem.net.parameters())
    return f"each of {counted(count)} parameters asks for hundreds of costs" if count > MANY_COSTS else ""


def _missing(package: str) -> Callable[[Problem], str]:
    return lambda problem: "" if find_spec(package) else f"it is not installed; pip install {package}"


WITNESSES: dict[str, Witness] = {
    witness.name: witness
    for witness in (
        Witness("scalar sweep", by_sweep),
        Witness("sum over paths", by_paths, _many_paths),
        Witness("forward mode", by_forward_mode, _many_steps),
        Witness("complex step", by_complex_step, _many_costs),
        Witness("differences", by_differences, _many_costs, precision=1e-6),
        Witness("VectorizedMLP", by_equations),
        Witness("Program", by_program),
        Witness("JAX", by_jax, _missing("jax")),
        Witness("PyTorch", by_torch, _missing("torch")),
    )
}

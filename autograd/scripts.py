"""A plan as a file of JAX or of PyTorch that runs alone, and that their own gradients go through.

Imports arrays, listing, readings.frameworks and readings.program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from .arrays import Plan
from .listing import constants, forward_lines, indented
from .readings.frameworks import JAX, TORCH
from .readings.program import Vocabulary, functions

Leaves = Sequence[Sequence[Any]]  # those that vary, a row of the batch each; of several batches those of each

PER_EXAMPLE = '''def example_loss(parameters, example):
    """The cost of one example."""
    return loss(parameters, example[:, None])


example_gradients = jax.jit(jax.vmap(jax.grad(example_loss), in_axes=(None, 1)))'''


def jax_script(plan: Plan, leaves: Leaves) -> str:
    """`loss(parameters, batch)`, compiled `gradients` of it and, of a mean over examples, those of each example."""
    head = '''"""The cost of a batch in JAX: columns are examples, and the cost is their mean.

JAX computes in float32 unless it is told otherwise: jax.config.update("jax_enable_x64", True).
"""

import jax
import jax.numpy as jnp'''
    body = [*forward_lines(plan, leaves, JAX), f"return jnp.mean({plan.loss.name})"]
    blocks = [
        *([f"{name} = jnp.array({rows})" for name, rows in [pair]] for pair in constants(plan)),
        *_functions(plan, JAX, "jnp"),
        ["def loss(parameters, batch):", *indented(map(_indexed_by_arrays, body))],
        ["gradients = jax.jit(jax.grad(loss))"],
        *([[PER_EXAMPLE]] if plan.loss.varies else []),
    ]
    return _file(head, blocks)


def torch_script(plan: Plan, leaves: Leaves) -> str:
    """A module `Program(parameters)` whose call gives the cost of a batch, and `gradients(program, batch)`."""
    head = '''"""The cost of a batch in PyTorch: columns are examples, and the cost is their mean.

Parameters are given as arrays by their names, the batch as a tensor of their type.
"""

import torch'''
    numbers = [
        f'self.register_buffer("{name}", torch.tensor({rows}, dtype=torch.float64), persistent=False)'
        for name, rows in constants(plan)
    ]
    unpacked = [f"{name} = self.{name}" for name, _ in constants(plan)]
    body = [*unpacked, *forward_lines(plan, leaves, TORCH, "self.arrays"), f"return torch.mean({plan.loss.name})"]
    made = [
        "super().__init__()",
        "own = {name: torch.nn.Parameter(torch.as_tensor(array).clone()) for name, array in parameters.items()}",
        "self.arrays = torch.nn.ParameterDict(own)",
        *numbers,
    ]
    module = [
        '"""The cost as a module, which optimisers and devices take as any other."""',
        "",
        "def __init__(self, parameters):",
        *indented(made),
        "",
        "def forward(self, batch):",
        *indented(body),
    ]
    gradients = [
        '"""The gradient of each parameter by its name."""',
        "found = torch.autograd.grad(program(batch), list(program.arrays.values()))",
        "return dict(zip(program.arrays, found))",
    ]
    blocks = [
        *_functions(plan, TORCH, "torch"),
        ["class Program(torch.nn.Module):", *indented(module)],
        ["def gradients(program, batch):", *indented(gradients)],
    ]
    return _file(head, blocks)


def _functions(plan: Plan, words: Vocabulary, np: str) -> list[list[str]]:
    """The definitions of what the way forward calls."""
    return [[code] for code in functions([formula for _, formula in plan.computed], words, np)]


def _indexed_by_arrays(line: str) -> str:
    """A list of rows as an array of them: JAX takes no list for an index."""
    return re.sub(r"(?<=\w)\[(\[[\d, ]+\])\]", r"[jnp.array(\1)]", line)


def _file(head: str, blocks: Iterable[Iterable[str]]) -> str:
    return "\n".join([head, *("\n\n" + "\n".join(block) for block in blocks)]) + "\n"

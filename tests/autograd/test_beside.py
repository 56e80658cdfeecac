"""Which entries one entry of a program's arrays is made of, and asking for others in the same run."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from autograd import NotInGraph, Program, Value, WrongShape, vectorize
from nn import MLP, losses

from .test_equations_of_programs import program_of, random_program


def functions_of(program: Program) -> dict[str, Any]:
    """What the file of a program defines, for its statements to be computed on their own."""
    namespace: dict[str, Any] = {}
    exec(program.source, namespace)
    return namespace


def expect_the_reads(program: Program, batch: Any) -> None:
    """Each entry comes out the same where all that it does not read is nan."""
    arrays, functions = program.arrays(batch), functions_of(program)
    first = program.beside(program.plan.arrays[0].name, None, batch)
    m = max([1, *(arrays[array.name].shape[1] for array in program.plan.given if array.varies)])
    for name in [name for name in arrays if not name.startswith("d")]:
        for at in np.ndindex(arrays[name].shape):
            found = first.also(name, (at[0], at[1]))
            for written in filter(None, (found.forward, found.backward)):
                reads = {read.entry: read.value for read in written.reads}
                known = {each: np.full(array.shape, np.nan) for each, array in arrays.items()}
                for entry in reads:
                    array, row, column = re.findall(r"\w+", entry)
                    known[array][int(row), int(column)] = arrays[array][int(row), int(column)]
                    assert reads[entry] == arrays[array][int(row), int(column)]
                with np.errstate(all="ignore"):
                    made = np.asarray(eval(written.statement.partition(" = ")[2], functions | known | {"m": m}))
                there = made[tuple(min(k, n - 1) for k, n in zip(at, made.shape, strict=True))] if made.ndim else made
                assert there == pytest.approx(written.place.value, rel=1e-9, abs=1e-12), written
                if "…" not in written.arrays:
                    assert set(re.findall(r"\w+\[\d+, \d+\]", written.arrays)) == set(reads)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_not_read_does_not_matter(seed: int) -> None:
    program = random_program(seed)
    expect_the_reads(program, np.random.default_rng(seed).uniform(-2, 2, (len(program.leaves[0]), 3)))


def test_a_row_meets_a_column_and_backwards_a_column_a_column() -> None:
    program = program_of(MLP(2, [3, 2], seed=0))
    forward, backward = program.beside("Z2", (1, 0)).forward, program.beside("A1", (2, 0)).backward
    assert forward is not None
    assert backward is not None
    assert [read.entry for read in forward.reads] == [
        *("W2[1, 0]", "A1[0, 0]", "W2[1, 1]", "A1[1, 0]", "W2[1, 2]", "A1[2, 0]", "b2[1, 0]"),
    ]
    assert [read.entry for read in backward.reads] == ["W2[0, 2]", "dZ2[0, 0]", "W2[1, 2]", "dZ2[1, 0]"]
    assert [read.scalar for read in backward.reads][::2] == ["w₂₁₃", "w₂₂₃"]


def test_all_terms_of_a_long_sum_are_read_although_some_are_not_written() -> None:
    program = program_of(MLP(12, [1], seed=0))
    forward = program.beside("Z1").forward
    assert forward is not None
    assert "…" in forward.arrays
    assert len(forward.reads) == 12 + 12 + 1


def test_another_entry_of_the_same_run() -> None:
    program = program_of(MLP(2, [3, 1], seed=0))
    batch = [[0.1, 0.7], [0.5, -0.2], [0.0, 1.0]]
    first = program.beside("A0", None, batch)
    for name, at in (("Z1", (2, 1)), ("W2", (0, 1)), ("dA1", (1, 1)), ("w₁₁₂", None)):
        assert str(first.also(name, at)) == str(program.beside(name, at, batch))
    assert first.also("Z1", (2, 1)).place == first.also("Z1", (0, 1)).places[2]
    with pytest.raises(WrongShape, match=r"beside: W2 has no entry \[1, 0\]; it is 1 × 3, counted from 0"):
        first.also("W2", (1, 0))
    with pytest.raises(NotInGraph, match="beside: W9 stands in no array of this program; it has A0, "):
        first.also("W9")


def test_a_gradient_of_very_many_parts_has_the_name_of_their_sum() -> None:
    w, state = Value(0.5, "w"), Value(0.1, "h")
    inputs = [Value(0.1 * k, f"x{k}") for k in range(20)]
    for x in inputs:
        state = (w * state + x).tanh()
    program = vectorize(losses.squared_error(state, 1.0), inputs, kind="arrays")
    name = next(array.name for array in program.plan.given if [each.node for each in array.members] == [w])
    backward = program.beside(name).backward
    assert backward is not None
    assert backward.statement.startswith(f"{program.sweep.gradients[name]} = d{name} + d{name}_1")
    assert program.sweep.gradients[name] == f"d{name}_2"

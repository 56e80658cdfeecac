"""A program as the notes' equations, and its arrays beside the scalar graph: true in letters and in numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from autograd import Graph, NotInGraph, Value, WrongShape, gradients, nicknames, steps
from autograd.beside import Beside
from autograd.program import Program
from autograd.vectorize import vectorize
from nn import MLP, losses

from ..expressions import by_values, random_expression
from ..oracles import fewer, programs, run


def recorded(net: MLP, loss: str = "squared_error") -> tuple[Value, list[Value]]:
    """The loss of one example, and its inputs and targets."""
    values = [
        *(Value(0.3 * i - 0.2, f"x{i + 1}") for i in range(net.sizes[0])),
        *(Value(0.4, "y") for _ in range(net.sizes[-1])),
    ]
    return losses.total_loss(loss, net.outputs(values[: net.sizes[0]]), values[net.sizes[0] :]), values


def program_of(net: MLP, loss: str = "squared_error") -> Program:
    return vectorize(*recorded(net, loss))


def random_program(seed: int) -> Program:
    """That of a random expression, of whose leaves the first two vary."""
    moves, point = random_expression(seed, leaves=4)
    leaves = [Value(number, f"x{i}") for i, number in enumerate(point)]
    y = by_values(moves, leaves)
    return vectorize(y, [leaf for leaf in leaves[:2] if leaf in Graph(y)])


def test_a_logistic_network_as_in_the_notes() -> None:
    assert program_of(MLP(2, [2, 1]), "binary_cross_entropy").equations.replace(r" \\[3pt]", "").splitlines() == [
        r"\begin{split}",
        r"Z^{[1]}_{(2,m)} &= W^{[1]} A^{[0]} + b^{[1]}",
        r"A^{[1]}_{(2,m)} &= \sigma(Z^{[1]})",
        r"Z^{[2]}_{(1,m)} &= W^{[2]} A^{[1]} + b^{[2]}",
        r"A^{[2]}_{(1,m)} &= \sigma(Z^{[2]})",
        r"L_{(1,m)} &= -(Y \ast \ln(A^{[2]}) + (1 - Y) \ast \ln(1 - A^{[2]}))",
        r"J &= \frac{1}{m} \sum_{\text{examples}} L",
        r"&\text{and back, } dZ = \partial L / \partial Z \text{ of each example, } dW = \partial J / \partial W",
        r"dZ^{[2]}_{(1,m)} &= A^{[2]} - Y",
        r"dW^{[2]}_{(1,2)} &= \frac{1}{m} dZ^{[2]} A^{[1]T}",
        r"db^{[2]}_{(1,1)} &= \frac{1}{m} \sum_{\text{examples}} dZ^{[2]}",
        r"dZ^{[1]}_{(2,m)} &= W^{[2]T} dZ^{[2]} \ast A^{[1]} \ast (1 - A^{[1]})",
        r"dW^{[1]}_{(2,2)} &= \frac{1}{m} dZ^{[1]} A^{[0]T}",
        r"db^{[1]}_{(2,1)} &= \frac{1}{m} \sum_{\text{examples}} dZ^{[1]}",
        r"&\text{(}\ast \text{, quotients, powers and functions: entry by entry)}",
        r"\end{split}",
    ]


def test_powers_quotients_and_sums_over_rows() -> None:
    equations = program_of(MLP(2, [2, 2], activation="tanh", output="softmax"), "cross_entropy").equations
    assert r"S_{1\,(1,m)} &= \ln \sum_{\text{rows}} e^{Z^{[2]}}" in equations
    assert r"dZ^{[1]}_{(2,m)} &= W^{[2]T} dZ^{[2]} \ast (1 - (A^{[1]})^{2})" in equations
    w, x = Value(2.0, "w"), Value(3.0, "x")
    equations = vectorize((w * x).exp() * 1e-5 / (x + 2) ** 2, [x]).equations
    assert r"\frac{E_{1} \cdot 10^{-5}}{(X + 2)^{2}}" in equations


def test_parts_are_counted_from_one() -> None:
    x, w = [Value(0.1 * i, "x") for i in range(3)], [Value(0.2 + i, "w") for i in range(4)]
    h = [(w[i] * x[0] + w[i + 1] * x[1]).tanh() for i in range(3)]
    equations = vectorize(h[0] * x[2] + h[1] * h[2] + w[3] ** 2, x).equations
    assert r"Z^{[1]}_{(3,m)} &= (W_{1,2,2,3,3,4,:})_{3 \times 2} A^{[0]}" in equations
    assert r"A^{[1]}_{2,:} \ast A^{[1]}_{3,:}" in equations
    assert r"\underbrace{X}_{\text{in rows } 1}" in equations


@pytest.mark.parametrize("seed", range(40))
def test_any_program_is_latex_that_converters_know(seed: int) -> None:
    program = random_program(seed)
    elements = list(ET.fromstring(convert(program.equations)).iter())
    texts = [(element.text or "").strip() for element in elements]
    assert not [text for text in texts if text[:1] in ("&", "\\")]
    rows = [element for element in elements if element.tag.endswith("mtr")]
    assert len(rows) >= len(program.plan.computed) + len(program.sweep.statements) + 3


def entries(program: Program, batch: Any) -> list[tuple[str, tuple[int, int], Beside]]:
    """Every entry of every array."""
    shapes = {name: array.shape for name, array in program.arrays(batch).items() if not name.startswith("d")}
    return [
        (name, (row, column), program.beside(name, (row, column), batch))
        for name, (rows, columns) in shapes.items()
        for row in range(rows)
        for column in range(columns)
    ]


def expect_the_entries(program: Program, batch: Any) -> None:
    """What is written out comes to what the arrays hold."""
    arrays = program.arrays(batch)
    for name, at, beside in entries(program, batch):
        if beside.forward is not None:
            assert beside.forward.place.value == pytest.approx(arrays[name][at], rel=1e-12, abs=1e-13)
        if beside.backward is not None and f"d{name}" in arrays:
            assert beside.backward.place.value == pytest.approx(arrays[f"d{name}"][at], rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_written_out_is_what_the_arrays_hold(seed: int) -> None:
    program = random_program(seed)
    generator = np.random.default_rng(seed)
    expect_the_entries(program, generator.uniform(-2, 2, (len(program.leaves[0]), 3)))


@fewer(2)
@given(moves=programs(leaves=3), m=st.integers(1, 3))
def test_the_same_of_irregular_graphs(moves: Any, m: int) -> None:
    leaves = [Value(0.3 * i - 0.2, f"x{i}") for i in range(3)]
    y = run(moves, leaves)
    if leaves[0] in Graph(y):
        expect_the_entries(vectorize(y, leaves[:1]), np.linspace(-1.5, 1.4, m).reshape(1, m))


NETS = [
    MLP(2, [2, 2], seed=1),
    MLP(3, [2, 1], activation="tanh", bias=False, fused=False, seed=2),
    MLP(2, [3, 2], activation="relu", bias="shared", fused=False, seed=3),
]


@pytest.mark.parametrize("net", NETS, ids=repr)
def test_each_name_says_the_node_that_holds_the_number(net: MLP) -> None:
    y, values = recorded(net)
    program, named = vectorize(y, values), {name: node for node, name in nicknames(Graph(y), "v").items()}
    for _, _, beside in entries(program, None):
        for place in beside.places:
            assert named[place.scalar].data == pytest.approx(place.value, rel=1e-12)
        if beside.backward is not None:
            node = named[beside.backward.place.scalar.partition("/∂")[2]]
            assert beside.backward.place.value == pytest.approx(gradients(y, [node])[0], rel=1e-10, abs=1e-15)


def test_where_the_transpose_comes_from() -> None:
    y, values = recorded(MLP(2, [2, 2], seed=1))
    backward = vectorize(y, values).beside("A1").backward
    assert backward is not None
    assert backward.statement == "dA1 = W2.T @ dZ2"
    assert backward.arrays == "dZ2[0, 0] · W2[0, 0] + dZ2[1, 0] · W2[1, 0]"
    assert backward.scalars == "∂L/∂a₂₁ · w₂₁₁ + ∂L/∂a₂₂ · w₂₂₁"
    assert backward.says == ("The sum runs down W2[:, 0], a column of W2, so a row of W2.T: hence the transpose.",)
    arriving = [step.contribution for step in steps(y) if step.parent.name == "h₁₁"]
    assert len(arriving) == 2
    assert backward.place.value == pytest.approx(sum(arriving))


def test_where_the_sum_over_examples_comes_from() -> None:
    program = program_of(MLP(2, [2, 1], seed=1))
    backward = program.beside("dW2", (0, 1), [[0.1, 0.7], [0.5, -0.2], [0.0, 1.0]]).backward
    assert backward is not None
    assert backward.scalars == "(∂L/∂a₂₁⁽¹⁾ · h₁₂⁽¹⁾ + ∂L/∂a₂₁⁽²⁾ · h₁₂⁽²⁾) / m"
    assert backward.place[:2] == ("dW2[0, 1]", "∂J/∂w₂₁₂")
    assert "so a column of A1.T: hence the transpose" in backward.says[1]
    assert "a row of" not in str(program.beside("b2").backward)


def test_it_is_found_by_node_and_by_name() -> None:
    net = MLP(2, [2, 1], seed=1)
    program = program_of(net)
    w = net.weights[0][1][0]
    for which in (w, "w₁₂₁"):
        found = program.beside(which)
        assert found.array == "W1"
        assert found.places[2] == ("W1[1, 0]", "w₁₂₁", w.data)
        assert found.backward is not None
        assert found.backward.place.entry == "dW1[1, 0]"
    assert str(program.beside("Y")) == "Y, 1 × 1, given\n    Y[0, 0]   y   0.4"


def test_many_terms_are_cut_and_counted() -> None:
    program = program_of(MLP(30, [2, 1], seed=1))
    beside = program.beside("Z1")
    assert beside.forward is not None
    assert beside.forward.scalars.count("·") == 5
    assert " + … + " in beside.forward.scalars
    assert beside.forward.place.value == pytest.approx(beside.places[0].value)
    assert "… and 36 more" in str(program.beside("W1"))


def test_what_is_not_there_is_said() -> None:
    program = program_of(MLP(2, [2, 1]))
    for which, said in (("W7", "W7 stands in no array"), (Value(1.0, "z"), "z stands in"), (3, "3 stands in")):
        with pytest.raises(NotInGraph, match=f"beside: {said}.*it has .*W1"):
            program.beside(which)
    with pytest.raises(WrongShape, match=r"W2 has no entry \[1, 0\]; it is 1 × 2, counted from 0"):
        program.beside("W2", (1, 0))


def test_without_a_batch_the_arrays_are_those_of_the_recorded_example() -> None:
    y, values = recorded(MLP(2, [2, 1], seed=1))
    arrays = vectorize(y, values).arrays()
    assert arrays["L"] == pytest.approx(y.data)
    assert {"A0", "Y", "W1", "b2", "Z1", "A2", "dZ1", "dW2"} <= {*arrays}

"""Formulas of local derivatives, computed again by Python from their text alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    TABLE,
    Edge,
    Graph,
    Scope,
    Value,
    edges_of,
    fold,
    local_formula,
    maximum,
    minimum,
    stack,
    total,
    weight_on,
    weighted_sum,
    within,
)
from autograd.functions import record
from nn import MLP, losses

from ..expressions import by_values, random_expression
from ..oracles import MOVES, Program, close, points, programs, run

SIGNS = {"−": "-", "·": "*", "^": "**", "σ(": "sigmoid(", "ln(": "log(", "∞": "inf"}
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FUNCTIONS: dict[str, Any] = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh")}
FUNCTIONS |= {"abs": abs, "inf": math.inf, "nan": math.nan, "sigmoid": lambda x: 1 / (1 + math.exp(-x))}
THIRD: Any = Fraction(1, 3)
HALF: Any = Fraction(1, 2)
ENDLESS: Any = Fraction(10**5000 + 1, 10**5000)


def computed(text: str, numbers: Mapping[str, Any]) -> Any:
    """What a formula comes to, read as people read it, by Python."""
    for place, name in enumerate(sorted(numbers, key=len, reverse=True)):
        text = text.replace(name, chr(0xE000 + place))
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    while "√" in text:
        text = bracketed(*text.rsplit("√", 1))
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub("([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"**({found[1].translate(RAISED)})", text)
    own = {f"v{place}": numbers[name] for place, name in enumerate(sorted(numbers, key=len, reverse=True))}
    text = re.sub("[\ue000-\uf8ff]", lambda found: f"v{ord(found[0]) - 0xE000}", text)
    return eval(text, {"__builtins__": {}}, FUNCTIONS | own)


def bracketed(before: str, after: str) -> str:
    """A root's operand in parentheses: it is one symbol, a number, a call or in parentheses already."""
    end = len(re.match(r"\w*[.\d]*", after)[0])  # type: ignore[index]  # it matches anything
    depth = int(after[end : end + 1] == "(")
    end += depth
    while depth:
        depth += {"(": 1, ")": -1}.get(after[end], 0)
        end += 1
    return f"{before}sqrt({after[:end]}){after[end:]}"


def named(graph: Graph[Any], every: bool = True) -> dict[str, Any]:
    """Names for the nodes, of which none is a part of another, and the numbers that go by them."""
    for place, node in enumerate(graph):
        node.name = f"n{place:03}" if every or not node.operands else ""
    return {node.name: node.data for node in graph if node.name}


def agree(edge: Edge[Any], numbers: Mapping[str, Any]) -> bool:
    """Whether there is a formula; if so, it must be right and no longer than asked for."""
    text = local_formula(edge)
    assert len(text) <= 40
    if text:
        size = max(1.0, *(abs(number) for number in numbers.values()))
        try:
            value = computed(text, numbers)
        except (ArithmeticError, ValueError):  # Python raises where IEEE has inf or nan
            assert not math.isfinite(edge.local) or abs(edge.local) < 1e-300, text
        else:
            same = close(value, edge.local, 1e-12, 1e-15 * size) or (value != value and edge.local != edge.local)
            assert same, (text, value, edge.local)
    return bool(text)


@given(seed=st.integers(0, 10**9))
def test_with_a_name_for_each_node_every_formula_of_two_operands_is_there_and_right(seed: int) -> None:
    steps, at = random_expression(seed)
    graph = Graph(by_values(steps, [Value(number) for number in at]))
    numbers = named(graph)
    for edge in graph.edges():
        assert agree(edge, numbers), (edge.node.op, edge.slot)


@given(seed=st.integers(0, 10**9))
def test_without_names_a_formula_is_right_or_none(seed: int) -> None:
    steps, at = random_expression(seed)
    steps = [("neg", i, j) if name == "abs" else (name, i, j) for name, i, j in steps]  # |a · |b|| can be read twice
    graph = Graph(by_values(steps, [Value(number) for number in at]))
    numbers = named(graph, every=False)
    for edge in graph.edges():
        agree(edge, numbers)


@given(program=programs(longest=6), at=points, homes=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_the_formula_of_a_folded_edge_is_the_sum_over_its_inner_paths(
    program: Program, at: list[float], homes: list[int]
) -> None:
    whole = Scope("whole")
    scopes = [whole, *(Scope("block", f"block {number}", outer=whole) for number in range(2))]
    nodes = [Value(x) for x in at]
    for (move, a, b), home in zip(program, [1, *homes], strict=False):
        with within(scopes[home]):
            nodes.append(MOVES[move](nodes[a], nodes[b]))
    with within(scopes[1]):
        graph = Graph(nodes[-1] + nodes[3])
    numbers = named(graph, every=False)
    blocks = fold(graph, "block")
    for coarse in (blocks, fold(graph, "whole"), fold(blocks, "whole")):
        for edge in coarse.edges():
            agree(edge, numbers)


@given(program=programs(longest=12), at=points)
def test_how_long_a_formula_may_be_is_up_to_the_caller(program: Program, at: list[float]) -> None:
    graph = Graph(run(program, [Value(x, name) for x, name in zip(at, "abc", strict=True)]))
    for edge in graph.edges():
        whole = local_formula(edge, 160)
        for longest in (0, 1, 10, 40, 159):
            assert local_formula(edge, longest) == (whole if len(whole) <= longest else "")


POINTS: dict[int, list[Any]] = {
    1: [(0.7,), (-0.6,), (0.0,)],
    2: [(0.7, 1.3), (-2.0, 3.0), (0.0, 0.0), (0.0, 2.0), (-1.5, 0.0), (3.0, 0.5)],
}
LISTS: list[Any] = [(1.0, 2.0, 0.5), (2.0, 2.0, 1.0), (-1.0, -1.0, -1.0), (0.5, 0.25, -3.0)]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_every_row_of_the_table_has_right_formulas_also_at_kinks(op: Any) -> None:
    for at in LISTS if op.takes_lists else POINTS[len(op.operands)]:
        given = [[*map(Value, at)] if many else Value(number) for many, number in zip(op.is_list, at, strict=False)]
        node = record(op, *given)
        numbers = named(Graph(node))
        for edge in edges_of(node):
            assert agree(edge, numbers) or (op.name in ("max", "min") and len(set(at)) == 1)


def formulas(y: Any) -> list[str]:
    """Those of the edges of one node."""
    return [local_formula(edge) for edge in edges_of(y)]


def test_a_choice_takes_the_branch_that_holds() -> None:
    x, y, less = Value(0.5, "x"), Value(3.0, "y"), Value(-0.5, "m")
    assert [formulas(x.relu()), formulas(less.relu()), formulas(Value(0.0, "o").relu())] == [["1"], ["0"], ["0"]]
    assert [formulas(abs(x)), formulas(abs(less)), formulas(abs(Value(0.0, "o")))] == [["1"], ["−1"], ["0"]]
    assert [formulas(x.leaky_relu()), formulas(less.leaky_relu()), formulas(less.leaky_relu(y))] == [
        ["1"], ["0.01"], ["y", "m"],
    ]  # fmt: skip
    assert formulas(maximum(x, y, y)) == ["0", "0.5", "0.5"]
    assert formulas(minimum(x, y, less)) == ["0", "0", "1"]
    assert formulas(Value(0.0, "o") ** Value(0.0, "p")) == ["0", "0"]
    assert formulas(less**2) == ["2 · m"]
    assert formulas(x**y) == ["y · x^(y − 1)", "x^y · ln(x)"]
    assert formulas(x.relu().log1p()) == ["1 / (1 + x)"]  # of what has no name as well


def test_the_formulas_of_the_notes_are_those_that_people_write() -> None:
    for fused in (True, False):
        net = MLP(2, [2, 1], bias=False, fused=fused)
        loss = losses.squared_error(net([0.3, 0.5]), 1.0)
        coarse = fold(Graph(loss), "neuron")
        texts = {edge.parent.name: local_formula(edge) for edge in edges_of(coarse["h₂₁"])}
        assert texts["w₂₁₁"] == "h₂₁ · (1 − h₂₁) · h₁₁"
        assert texts["h₁₁"] == "h₂₁ · (1 − h₂₁) · w₂₁₁"
        assert formulas(coarse["L"]) == ["2 · (h₂₁ − y)", "−2 · (h₂₁ − y)"]
        loss = losses.binary_cross_entropy(net([0.3, 0.5]), 1.0)
        assert formulas(fold(Graph(loss), "neuron")["L"]) == [
            "ln(1 − h₂₁) − ln(h₂₁)", "(1 − y) / (1 − h₂₁) − y / h₂₁",
        ]  # fmt: skip


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("loss", [losses.squared_error, losses.binary_cross_entropy])
def test_every_edge_of_a_network_of_neurons_has_its_formula(
    activation: str, fused: bool, loss: Callable[..., Value]
) -> None:
    net = MLP(3, [3, 2, 2], activation=activation, fused=fused, seed=3)
    y = loss(net([0.3, -0.6, 0.9]), [1.0, 0.0])
    coarse = fold(Graph(y), "neuron")
    numbers = {node.name: node.data for node in Graph(y) if node.name}
    for edge in coarse.edges():
        assert agree(edge, numbers), edge


def test_a_name_that_does_not_look_like_one_symbol_gets_parentheses() -> None:
    a = Value(2.0, "a")
    for name in ("a + b", "∂L/∂w", "−x", "layer 1", "y, z", "w²", "a if b, else c", "1", "−1", "|", "x\ny", "√"):
        odd = Value(5.0, name)
        (other, own) = formulas((a * odd).named("p"))
        assert (other, own) == (name, "a")
        with within(Scope("block", "B")):
            product = (odd * a) * odd**2
        edge = next(edge for edge in fold(Graph(product), "block").edges() if edge.parent is a)
        text = local_formula(edge)
        assert text.count(name) == 2  # a node called 1 is no number 1, whatever the formula looks like
        assert computed(text, {name: 5.0}) == edge.local == 125.0


def test_numbers_are_written_so_that_they_can_be_read_back() -> None:
    x = Value(2.0, "x")
    assert formulas(x**THIRD) == ["1/3 · x^(−2/3)"]
    assert formulas(Value(HALF, "q") * THIRD) == ["1/3"]
    assert formulas(x * 1e-7) == ["1e−07"]
    assert formulas(x * math.inf) == ["∞"]
    assert formulas(x * 0.1234567890123) == ["0.1234567890123"]
    assert formulas(x * ENDLESS) == [""]  # of more digits than Python writes
    # A leaf without a name is its number if that is short, and never a rounded one.
    assert formulas((x * (x + Value(0.25))).named("y")) == ["x + 0.25", "x"]
    assert formulas((x * (x + Value(0.123456789))).named("y")) == ["", "x"]


def test_parallel_edges_have_a_formula_each_and_folded_ones_their_sum() -> None:
    w, x = Value(3.0, "w"), Value(2.0, "x")
    assert formulas(w * w) == ["w", "w"]
    assert formulas(weighted_sum([w, x, 2.0], [x, w, w], 1.0)) == ["x", "w", "w", "x", "2"]
    with within(Scope("block", "B")):
        made = [w * w, x + x, x - w - x, (w * x + x) * 0.5]
    texts = [{e.parent.name: local_formula(e) for e in fold(Graph(y), "block").edges()} for y in made]
    assert texts == [{"w": "w + w"}, {"x": "2"}, {"x": "0", "w": "−1"}, {"w": "0.5 · x", "x": "0.5 + 0.5 · w"}]


def test_neither_depth_nor_the_number_of_inner_paths_matters() -> None:
    x = Value(0.5, "x")
    scope = Scope("block", "B")
    moves: dict[str, tuple[int, Callable[[Value], Value]]] = {
        "deep": (100_000, Value.tanh),
        "flat": (100_000, lambda v: v + 1),
        "doubled": (40, lambda v: v + v),
        "squared": (40, lambda v: v * v.sin()),
        "taken": (100_000, Value.relu),
    }
    found = {}
    for name, (times, move) in moves.items():
        y = x
        with within(scope):
            for _ in range(times):
                y = move(y)
        (edge,) = fold(Graph(y), "block").edges()
        found[name] = local_formula(edge)
        assert all(len(text) <= 40 for text in formulas(y))
    assert found == {"deep": "", "flat": "1", "doubled": "", "squared": "", "taken": "1"}


def test_what_has_no_formula_has_none() -> None:
    x = Value(0.5, "x")
    stacked = stack(Graph(x.tanh()), lambda node: node.name or "y")
    assert [local_formula(edge) for edge in stacked.edges()] == [""]
    assert [weight_on(edge) for edge in stacked.edges()] == [None]
    with within(Scope("block", "A")):
        a = total([1.0, 2.0]) * x
    with within(Scope("block", "B")):
        b = a.tanh() * a
    twice = fold(fold(Graph(b), "block"), "A", "B")
    assert [local_formula(edge) for edge in twice.edges()] == [
        local_formula(e) for e in fold(Graph(b), "block").edges()
    ]


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "linear"])
def test_the_weight_on_an_edge_between_neurons_is_the_one_of_that_name(fused: bool, activation: str) -> None:
    net = MLP(2, [3, 2], activation=activation, output=activation, fused=fused)
    graph = fold(Graph(losses.squared_error(net([0.4, 0.7]), [1.0, 0.0])), "neuron")
    for edge in graph.edges():
        head, tail = edge.node.name, edge.parent.name
        if head[0] == "h" and tail[0] in "hx":
            weight = weight_on(edge)
            assert weight.name == f"w{head[1:]}{tail[-1]}"
            assert any(weight is mine for layer in net.weights for row in layer for mine in row)
        elif head == "L" or tail[0] == "b" or head[1] == "₂":
            assert weight_on(edge) is None  # biases, losses, and weights times what was computed
        else:
            assert weight_on(edge).name == f"x{tail[-1]}"


def test_a_weight_is_a_leaf_and_the_only_one() -> None:
    w, v, x = Value(2.0, "w"), Value(0.5, "v"), Value(3.0, "x")
    assert [weight_on(edge) for edge in edges_of(w * x)] == [x, w]
    assert [weight_on(edge) for edge in edges_of(w * w)] == [w, w]
    assert [weight_on(edge) for edge in edges_of(x + w)] == [None, None]
    assert [weight_on(edge) for edge in edges_of(x / w)] == [None, None]
    assert [weight_on(edge) for edge in edges_of(3 * x)] == [None]
    assert [weight_on(edge) for edge in edges_of(x.exp() * w)] == [w, None]
    assert [weight_on(edge) for edge in edges_of(weighted_sum([w, 2.0], [x, v], 1.0))] == [x, w, None]

    def to_x(made: Callable[[], Value]) -> Any:
        with within(Scope("block", "B")):
            y = made()
        return next(weight_on(edge) for edge in fold(Graph(y), "block").edges() if edge.parent is x)

    assert to_x(lambda: (w * x).tanh()) is w
    assert to_x(lambda: w * x + v * x) is None  # two of them
    assert to_x(lambda: (w * x + w * x) * 2) is w  # one, twice
    assert to_x(lambda: w * x + x) is None  # and once without
    assert to_x(lambda: w * x.tanh()) is None
    assert to_x(lambda: w.exp() * x) is None

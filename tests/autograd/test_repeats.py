"""What is alike is drawn once, and every derivative stays what it was."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    DERIVATIVES,
    Graph,
    NotAScalar,
    Row,
    Scope,
    Value,
    WrongShape,
    collapse,
    fold,
    located,
    origin,
    shorten_rows,
    stack,
    stacked_gradients,
    total,
    totals,
    weighted_sum,
    within,
)
from nn import MLP, losses

from ..oracles import Program, close, fewer, points, programs, run


def balanced(terms: Sequence[Value]) -> Value:
    """A tree of additions."""
    half = len(terms) // 2
    return terms[0] if len(terms) == 1 else balanced(terms[:half]) + balanced(terms[half:])


def shuffled(terms: Sequence[Value]) -> Value:
    """Any two of those that are there, again and again."""
    draw, left = random.Random(len(terms)), list(terms)
    while len(left) > 1:
        a, b = (left.pop(draw.randrange(len(left))) for _ in range(2))
        left.append(a + b)
    return left[0]


# How people add the losses of a batch up; each is one node in the end.
ORDERS: dict[str, Callable[[list[Value]], Value]] = {
    "sum": lambda terms: sum(terms, Value(0.0, "0")),
    "from the left": lambda terms: sum(terms[1:], terms[0]),
    "from 0": lambda terms: sum(terms[1:], 0 + terms[0]),  # as sum(terms) does
    "from the right": lambda terms: sum(terms[-2::-1], terms[-1]),
    "balanced": balanced,
    "shuffled": shuffled,
    "one node": total,
    "mean": lambda terms: sum(terms[1:], terms[0]) / len(terms),
    "mean of a tree": lambda terms: balanced(terms) * (1 / len(terms)),
}


def batch(net: MLP, size: int, order: str, loss: Callable[..., Value] = losses.squared_error) -> Value:
    """The loss of a network on so many examples."""
    draw = random.Random(size)
    inputs, outputs = net.sizes[0], net.sizes[-1]
    return ORDERS[order](
        [
            loss(net.outputs([draw.uniform(-1, 1) for _ in range(inputs)]), [draw.random() for _ in range(outputs)])
            for _ in range(size)
        ]
    )


def counts(graph: Graph[Any]) -> list[tuple[str, int]]:
    """What there is, and how often."""
    return [(node.name, len(node.nodes)) for node in graph]


def expect_the_same_gradients(stacks: Graph[Any], of: Sequence[Value]) -> None:
    """Each entry of each matrix is the derivative of that output by that node."""
    held = stacked_gradients(stacks)
    assert list(map(origin, stacks.outputs[0].nodes)) == list(dict.fromkeys(of))
    expected = [totals(Graph(y), DERIVATIVES) for y in map(origin, stacks.outputs[0].nodes)]
    for node in stacks:
        for scalar, row in zip(expected, held[node], strict=True):
            for derivative, fine in zip(row, map(origin, node.nodes), strict=True):
                assert close(derivative, scalar.get(fine, 0.0), 1e-9, 1e-12)


@fewer(10)
@given(
    widths=st.lists(st.integers(1, 3), min_size=2, max_size=3),
    sizes=st.lists(st.integers(2, 9), min_size=2, max_size=2, unique=True),
    order=st.sampled_from(sorted(ORDERS)),
    fused=st.booleans(),
    neurons=st.booleans(),
)
def test_a_batch_is_one_example_however_it_is_added_up(
    widths: list[int], sizes: list[int], order: str, fused: bool, neurons: bool
) -> None:
    net = MLP(widths[0], widths[1:], fused=fused)
    found = []
    for size in sizes:
        y = batch(net, size, order)
        stacks = collapse(fold(Graph(y), "neuron") if neurons else Graph(y))
        expect_the_same_gradients(stacks, [y])
        shared = {*net.parameters(), y, *(origin(node) for node in stacks.outputs[0].nodes)}
        often = Counter(len(node.nodes) for node in stacks if origin(node.nodes[0]) not in shared)
        # The targets and predictions of an example are told apart by their names; a mean adds up before it divides.
        assert set(often) <= {size} | ({1} if "mean" in order or order == "sum" else set())
        assert often[1] <= 2
        assert all(len(node.nodes) == 1 for node in stacks if node.nodes[0] in shared)
        found.append([name.split("(")[0] for name, _ in counts(stacks)])
    assert Counter(found[0]) == Counter(found[1])


@given(program=programs(longest=12), at=st.lists(points, min_size=1, max_size=4), order=st.sampled_from(sorted(ORDERS)))
def test_collapsed_gradients_equal_the_scalar_ones(program: Program, at: list[list[float]], order: str) -> None:
    w = Value(0.7, "w")
    terms = [run(program, [w, Value(a, "a"), Value(b, "b")]) for a, b, _ in at]
    y = ORDERS[order](terms)
    expect_the_same_gradients(collapse(Graph(y)), [y])


@given(program=programs(longest=14), at=points, chosen=st.lists(st.integers(0, 16), min_size=1, max_size=3))
def test_any_graph_collapses_without_a_change_of_gradients(
    program: Program, at: list[float], chosen: list[int]
) -> None:
    nodes = [Value(x, name) for x, name in zip(at, ("a", "a", ""), strict=True)]
    y = run(program, nodes)
    every = list(Graph(y + y))
    y = sum((every[place % len(every)] for place in chosen), y)  # with terms that are read more than once
    expect_the_same_gradients(collapse(Graph(y)), [y])


@pytest.mark.parametrize("neurons", [False, True])
@pytest.mark.parametrize("loss", [losses.squared_error, losses.binary_cross_entropy])
def test_a_batch_of_any_size_has_the_same_kinds(neurons: bool, loss: Callable[..., Value]) -> None:
    net, many = MLP(2, [3, 1]), {}
    for size in (2, 3, 50):
        y = batch(net, size, "from 0", loss)
        stacks = collapse(fold(Graph(y), "neuron") if neurons else Graph(y))
        many[size] = [(name, count if count != size else "all") for name, count in counts(stacks)]
        parameters = {node.nodes[0] for node in stacks if len(node.nodes) == 1}
        assert parameters >= set(net.parameters())
    assert [kind for _, kind in many[2]] == [kind for _, kind in many[3]] == [kind for _, kind in many[50]]


def collapsed(*outputs: Value) -> list[tuple[str, int]]:
    return counts(collapse(Graph(*outputs)))


def test_what_is_different_is_not_merged() -> None:
    x, y, a, b = (Value(number, name) for number, name in ((0.5, "x"), (2.0, "y"), (1.0, ""), (3.0, "")))
    apart = [
        x * 2 + (x * 3) * y,
        (x - y).tanh() * (y - x).tanh(),
        x**y * y**x,
        (x * y).exp() * (y * x),
        a.tanh() * b.tanh(),
        x.tanh() * y.tanh(),
        (x * a) * (x * b),
        (x * 2).named("p") * (x * 2).named("q"),
        weighted_sum([x], [y], 1.0) * weighted_sum([x], [y], 2.0),
        x.leaky_relu(0.1) * x.leaky_relu(0.2),
    ]
    for node in apart:
        assert {count for _, count in collapsed(node)} == {1}
    assert ("tanh", 2) in collapsed((x * 2).tanh() * (x * 2).tanh())


def test_scopes_of_other_names_are_told_apart_and_lines_of_code_are_not() -> None:
    def made(*scopes: Scope) -> Value:
        terms = []
        for scope in scopes:
            with within(scope):
                w = Value(0.5, "w")
                with within(Scope("neuron", "h₁")):
                    terms.append((w * Value(2.0, "x")).tanh())
        return terms[0] * terms[1]

    one, other = Scope("net", "A"), Scope("net", "B")
    assert {count for _, count in collapsed(made(one, other))} == {1}
    assert Counter(count for _, count in collapsed(made(one, Scope("net", "A")))) == {2: 4, 1: 1}
    w = Value(0.5, "w")
    with located():
        first = (w * Value(1.0, "x")).tanh()
        second = (w * Value(2.0, "x")).tanh()
        both = first + second
    assert collapsed(both) == [("w", 1), ("x", 2), ("×", 2), ("tanh", 2), ("+", 1)]


def test_sums_of_all_kinds() -> None:
    w = Value(0.5, "w")
    term = [(w * Value(x, "x")).tanh() for x in (1.0, 2.0, 3.0)]
    kinds = [("w", 1), ("x", 3), ("×", 3), ("tanh", 3)]
    named = (term[0] + term[1]).named("s")
    cases = {
        "twice": (term[0] + term[1] + term[2] + term[0], [*kinds, ("+", 1)]),
        "with a number": (term[0] + 1 + term[1] + 2 + term[2], [*kinds, ("+", 1)]),
        "in part named": (named + term[2], [*kinds, ("s", 1), ("+", 1)]),
    }
    for y, expected in cases.values():
        stacks = collapse(Graph(y))
        assert counts(stacks) == expected
        expect_the_same_gradients(stacks, [y])
    part = term[0] + term[1]
    read_twice = (part + term[2]) * part
    expect_the_same_gradients(collapse(Graph(read_twice)), [read_twice])
    twice = term[0] + term[0]
    four_times = twice + twice
    expect_the_same_gradients(collapse(Graph(four_times)), [four_times])


def test_several_outputs_are_one_stack_if_they_are_alike() -> None:
    net = MLP(2, [2, 1])
    each = [losses.squared_error(net([x, 0.5]), 1.0) for x in (0.1, 0.2, 0.3)]
    stacks = collapse(Graph(*each))
    assert counts(stacks)[-1] == ("L", 3)
    expect_the_same_gradients(stacks, each)
    assert len(collapse(fold(Graph(*each), "neuron")).outputs[0].nodes) == 3
    with pytest.raises(WrongShape, match="give the outputs a key of their own"):
        collapse(Graph(each[0], each[1].exp()))
    part = each[0] + each[1]
    with pytest.raises(WrongShape):
        collapse(Graph(part + each[2], part))  # a running sum that is asked for is a node like any other
    with pytest.raises(NotAScalar, match=r"write collapse\(Graph\(y\)\)"):
        collapse(3)  # type: ignore[arg-type]


def test_large_batches_and_long_sums_take_no_time() -> None:
    w = Value(0.5, "w")
    y = Value(0.0, "start")
    for _ in range(100_000):
        y = y + w
    assert collapsed(y) == [("start", 1), ("w", 1), ("+", 1)]
    net = MLP(2, [2, 1])
    losses_of_all = [losses.squared_error(net([0.1, 0.2]), 1.0) for _ in range(600)]
    assert len(collapse(fold(Graph(balanced(losses_of_all)), "neuron"))) < 30


def layers(net: MLP) -> Graph[Any]:
    """The graph of a network's layers and a loss."""
    return by_layer(losses.squared_error(net.outputs([0.1] * net.sizes[0]), [0.5] * net.sizes[-1]))


def by_layer(y: Value) -> Graph[Any]:
    """The neurons in stacks, as the pictures make them."""

    def key(node: Any) -> Any:
        layer = node.scope.enclosing({"layer", "loss"}) if node.scope else None
        return f"{layer.name if layer else ''} {node.name[:1] if not node.operands else ''}".strip()

    return stack(fold(Graph(y), "neuron"), key)


def names(graph: Graph[Any]) -> list[str]:
    return [node.name for node in graph if node.operands]


def expect_what_is_left_to_be_as_before(short: Graph[Any], before: Graph[Any]) -> None:
    held, expected = stacked_gradients(short), stacked_gradients(before)
    by_nodes = {node.nodes: matrix for node, matrix in expected.items()}
    for node, matrix in held.items():
        for row, other in zip(matrix, by_nodes[node.nodes], strict=True):
            assert all(close(a, b, 1e-9, 1e-15) for a, b in zip(row, other, strict=True))


@fewer(10)
@given(
    inputs=st.integers(1, 3),
    widths=st.lists(st.integers(1, 2), min_size=1, max_size=9),
    bias=st.booleans(),
    fused=st.booleans(),
    activation=st.sampled_from(["sigmoid", "tanh", "linear"]),
)
def test_a_row_is_of_four_layers_alike_or_more(
    inputs: int, widths: list[int], bias: bool, fused: bool, activation: str
) -> None:
    net = MLP(inputs, widths, bias=bias, fused=fused, activation=activation, output=activation)
    graph = layers(net)
    short = shorten_rows(graph)
    expect_what_is_left_to_be_as_before(short, graph)
    rows = [[layer.name for layer in node.layers] for node in short if isinstance(node, Row)]
    # Layer 1 reads the inputs, so no other is like it.
    shapes = list(pairwise(net.sizes[1:]))
    runs = [[number for number, _ in run] for _, run in groupby(enumerate(shapes, 2), lambda layer: layer[1])]
    expected = [[f"layer {number}" for number in run] for run in runs if len(run) > 3]
    assert rows == expected
    if not rows:
        assert len(short) == len(graph)


def test_three_layers_alike_are_shown_and_four_are_a_row() -> None:
    four, three = layers(MLP(2, [3] * 5)), layers(MLP(2, [3] * 4))
    assert names(shorten_rows(three)) == names(three)
    assert names(shorten_rows(four)) == ["layer 1", "layer 2 … layer 5", "squared error"]
    once = shorten_rows(layers(MLP(2, [3] * 9)))
    assert names(shorten_rows(once)) == names(once)
    assert [len(node.layers) for node in shorten_rows(once) if isinstance(node, Row)] == [8]


def test_two_rows_in_one_network() -> None:
    graph = layers(MLP(2, [3] * 6 + [2] * 6))
    short = shorten_rows(graph)
    assert [node.name for node in short if isinstance(node, Row)] == ["layer 2 … layer 6", "layer 8 … layer 12"]
    expect_what_is_left_to_be_as_before(short, graph)


def tower(depth: int, step: Callable[[int, Value, Value], Value], tied: bool = False) -> Graph[Any]:
    """Layers of one number each, made by `step` of their number, their weight and what came before."""
    h, w = Value(0.5, "x"), Value(0.9, "w")
    for number in range(depth):
        with within(Scope("layer", f"layer {number}")):
            h = step(number, w if tied else Value(0.9, f"w{number}"), h)
    return stack(fold(Graph(h), "layer"), lambda node: node.name or node.scope.name)


def rows_of(graph: Graph[Any]) -> int:
    short = shorten_rows(graph)
    expect_what_is_left_to_be_as_before(short, graph)
    return sum(isinstance(node, Row) for node in short)


def test_layers_that_are_made_in_other_ways_are_not_alike() -> None:
    assert rows_of(tower(6, lambda number, w, h: (w * h).tanh())) == 1
    assert rows_of(tower(6, lambda number, w, h: (w * h).tanh() if number % 2 else (w * h).sin())) == 0
    # The last primitive is the same, what comes before it is not.
    assert rows_of(tower(6, lambda number, w, h: 2 * ((w * h).tanh() if number % 2 else (w * h).sin()))) == 0
    assert rows_of(tower(6, lambda number, w, h: (w * h).leaky_relu(0.1 * number))) == 0
    assert rows_of(tower(6, lambda number, w, h: w * w * h)) == 1


def test_a_leaf_or_a_layer_that_something_else_reads_stays() -> None:
    assert rows_of(tower(6, lambda number, w, h: (w * h).tanh(), tied=True)) == 0  # a recurrent network's weight
    x, seen = Value(0.3, "u"), list[Value]()

    def skipping(number: int, w: Value, h: Value) -> Value:
        seen.append(h)
        return (w * h).tanh() + (seen[number - 1] if number == 4 else 0)

    assert rows_of(tower(6, skipping)) == 0
    assert rows_of(tower(6, lambda number, w, h: (w * h + x).tanh())) == 0  # from the input to every layer
    net = MLP(2, [2] * 6)
    loss = losses.squared_error(net([0.1, 0.2]), [0.0, 1.0])
    with within(Scope("loss", "with weight decay")):
        loss = (loss + sum(w * w for w in net.parameters())).named("J")
    graph = by_layer(loss)
    assert len(shorten_rows(graph)) == len(graph)


def test_what_is_no_graph_of_layers_is_refused() -> None:
    with pytest.raises(NotAScalar, match="shorten_rows: given 3, expected a Graph"):
        shorten_rows(3)  # type: ignore[arg-type]
    with pytest.raises(WrongShape, match="these nodes are no layers; stack them first"):
        shorten_rows(Graph(Value(0.5).tanh().tanh().tanh().tanh().tanh()))


def test_an_output_in_the_middle_of_a_row_stays() -> None:
    whole = tower(8, lambda number, w, h: (w * h).tanh())
    middle = next(node for node in whole if node.name == "layer 4")
    short = shorten_rows(Graph(*whole.outputs, middle))
    assert [output.name for output in short.outputs] == ["layer 7", "layer 1 … layer 4"]

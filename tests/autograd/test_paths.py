"""Paths: counted exactly without being walked, and walked largest first."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Graph,
    NotAScalar,
    NotInGraph,
    Scope,
    TooMany,
    Value,
    WrongShape,
    fold,
    gradients,
    paths,
    total,
    weighted_sum,
    within,
)
from nn import MLP, losses

from ..oracles import Program, close, points, programs, run


def test_the_notes_two_toy_examples() -> None:
    x = Value(0.5, "x")
    f, g = (x * 2).named("f"), x.tanh().named("g")
    h = (f * g).named("h")
    k = h.exp().named("k")
    ways = paths(k, x)
    assert ways.count == 2
    assert {tuple(node.name for node in path.nodes) for path in ways} == {("k", "h", "f", "x"), ("k", "h", "g", "x")}
    assert sum(path.product for path in ways) == pytest.approx(ways.total, rel=1e-14)


def test_a_path_prints_as_it_is_said() -> None:
    a = Value(3.0, "a")
    y = (2 * (a * a)).named("y")
    assert str(next(iter(paths(y, a)))) == "y → × → a: 2 × 3 = 6"
    assert repr(paths(y, a)) == "<2 paths from y to a, sum 12>"


def test_counts_are_exact_where_nobody_could_walk() -> None:
    y = Value(1.0)
    x = y
    for _ in range(200):
        y = (y + y) * 0.5
    ways = paths(y, x)
    assert ways.count == 2**200
    assert ways.total == 1.0
    assert [path.product for path in ways.top(3)] == [0.5**200] * 3


def test_ten_layers_of_ten_are_counted_at_once() -> None:
    net = MLP(10, [10] * 10, bias=False)
    loss = losses.squared_error(net([0.1] * 10), [0.0] * 10)
    w = net.weights[0][0][0]
    assert paths(loss, w).count == 10**9  # one neuron chosen in each of the layers above


def test_the_empty_path() -> None:
    y = Value(2.0).exp()
    ways = paths(y, y)
    assert (ways.count, ways.total) == (1, 1.0)
    assert [path.product for path in ways] == [1]


def test_fractions_and_senseless_counts() -> None:
    a = Value(Fraction(1, 3), "a")  # type: ignore[arg-type]
    assert repr(paths((a * a + a).named("y"), a)) == "<3 paths from y to a, sum 1.66667>"
    with pytest.raises(WrongShape, match=r"top\(0\): expected a whole number from 1; there are 2 paths"):
        paths(a * a, a).top(0)


def test_infinite_and_undefined_derivatives_come_first() -> None:
    x = Value(-1.0)
    assert [str(float(path.product)) for path in paths(x.relu() + x**0.5, x)] == ["nan", "0.0"]
    z = Value(0.0)
    assert [path.product for path in paths(2 * z + z**0.5, z)] == [float("inf"), 2.0]


def test_no_path_leads_to_what_y_was_not_made_from() -> None:
    a = Value(3.0, "a")
    y = (a * a).named("y")
    for stranger in (Value(1.0, "q"), (y + 1).named("q")):
        ways = paths(y, stranger)
        assert repr(ways) == "<no path from y to q, sum 0: y was not made from it>"
        assert (ways.count, ways.total, [*ways], ways.top(3), ways.zeros(), ways.lengths) == (0, 0.0, [], [], [], None)
        assert (ways.size, ways.cancellation, ways.effective) == (0, 0, 0)


def test_what_is_no_node_of_this_graph_is_refused() -> None:
    a = Value(3.0, "a")
    h = (a * a).named("h")
    y = (h * 2).named("y")
    for stranger in ("a", None, 3.0):
        with pytest.raises(NotAScalar, match=r"paths: they lead down to a Value, and this is .*; write paths\(y, x\)"):
            paths(y, stranger)  # type: ignore[type-var]
    with within(Scope("neuron", "h")):
        inner = (a * a).named("inner")
        h = inner.exp().named("h")
    folded = fold(Graph(h * 2), "neuron")
    with pytest.raises(NotInGraph, match="paths to inner: × was made from it, but one of the two is of the graph as"):
        paths(folded.outputs[0], inner)
    with pytest.raises(NotInGraph, match="take both from one graph"):
        paths(h * 2, folded["h"])
    with pytest.raises(NotInGraph, match="paths through: q is not among"):
        paths(y, a).through(Value(1.0, "q"))


def test_narrowing_over_nodes() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    graph = fold(Graph(losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)), "neuron")
    L, w = graph.outputs[0], net.weights[0][0][0]
    ways = paths(L, w)
    over, other = ways.through(graph["h₂₁"]), ways.avoiding(graph["h₂₁"])
    assert (over.count, other.count, ways.through(graph["h₂₁"], graph["h₂₂"]).count) == (1, 1, 0)
    assert repr(other) == "<1 path from L to w₁₁₁ avoiding h₂₁, sum -0.000682792>"
    assert over.total + other.total == pytest.approx(ways.total, rel=1e-14)
    assert [path.product for path in over.through(graph["h₁₁"])] == [over.total]
    assert ways.avoiding(graph["h₃₁"]).count == ways.through(net.weights[0][0][1]).count == 0


def test_the_path_without_edges_meets_conditions_too() -> None:
    x = Value(1.0, "x")
    y = x.exp().named("y")
    assert [paths(y, y).through(node).count for node in (y, x)] == [1, 0]
    assert [paths(y, y).avoiding(node).count for node in (y, x)] == [0, 1]
    assert [len([*paths(y, y).avoiding(node)]) for node in (y, x)] == [0, 1]


@given(program=programs(longest=7), at=points, kept=st.integers(0), left=st.integers(0))
def test_narrowed_paths_are_those_that_enumeration_finds(
    program: Program, at: list[float], kept: int, left: int
) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    graph = Graph(y)
    over, round_ = graph.nodes[kept % len(graph)], graph.nodes[left % len(graph)]
    for leaf in (leaf for leaf in leaves if leaf in graph):
        ways = paths(y, leaf)
        if ways.count <= 500:
            expected = [path for path in ways if over in path.nodes and round_ not in path.nodes]
            narrowed = ways.through(over).avoiding(round_)
            assert narrowed.count == len(expected)
            assert set(narrowed) == set(expected)  # of equally large ones any may come first
            assert close(narrowed.total, math.fsum(path.product for path in expected), 1e-9, 1e-12 * ways.size)


def test_zero_paths_are_told_apart() -> None:
    x, dead, w = Value(-0.3, "x"), Value(2.0, "v"), Value(0.0, "w")
    y = ((x * dead).relu().named("r") + w * x + x * x).named("y")
    assert [(zero.paths, zero.why) for zero in paths(y, x).zeros()] == [(1, "relu is flat at -0.6"), (1, "w is 0")]
    assert paths(y, x).where(lambda edge: edge.local != 0).count == 2
    summed = weighted_sum([w, 3.0], [x, x])
    assert [str(zero) for zero in paths(summed, x).zeros()] == ["1 path silenced at Σ → x: w is 0"]
    assert [zero.why for zero in paths(0 * x, x).zeros()] == ["its factor is 0"]
    assert [zero.why for zero in paths((x + 0.3) ** 2, x).zeros()] == ["pow does not change with + at these numbers"]


def test_what_adds_up_what_cancels_and_what_is_covered_so_far() -> None:
    x = Value(1.0, "x")
    ways = paths((6 * x + 3 * x - 1 * x).named("y"), x)
    assert (*ways.signs, ways.size, ways.total) == (9, -1, 10, 8)
    assert ways.cancellation == pytest.approx(0.2)
    assert [(turn.rank, turn.sum, turn.covered) for turn in ways.ranked()] == [(1, 6, 0.6), (2, 9, 0.9), (3, 8, 1.0)]
    assert ways.effective == pytest.approx(math.exp(-sum(p * math.log(p) for p in (0.6, 0.3, 0.1))))
    assert str(ways) == (
        "3 paths from y to x, sum 8\n"
        "  1  y → + → ×₁ → x\n"
        "     6 = 6   so far 6, 60.0% of all |products|\n"
        "  2  y → + → ×₂ → x\n"
        "     3 = 3   so far 9, 90.0% of all |products|\n"
        "  3  y → ×₃ → x\n"
        "     -1 × 1 = -1   so far 8, 100.0% of all |products|\n"
        "     positive and negative paths cancel 20.0% of their size\n"
        "     spread as widely as 2.45 equal paths would be"
    )


def test_too_many_for_a_list_is_said_with_the_way_out() -> None:
    net = MLP(10, [10] * 10, bias=False)
    w = net.weights[0][0][0]
    ways = paths(losses.squared_error(net([0.1] * 10), [0.0] * 10).named("L"), w)
    said = r"there are 1,000,000,000 paths from L to w₁₁₁, too many for a list; take the largest, top\(10\)"
    asked: list[Callable[[], object]] = [lambda: list(ways), lambda: sorted(ways), lambda: ways.top(10**6)]
    for ask in asked:
        with pytest.raises(TooMany, match=said):
            ask()
    assert len([path for path, _ in zip(ways, range(5), strict=False)]) == 5
    assert len(ways.top(20)) == 20


def test_paths_over_neurons_start_at_the_folded_output() -> None:
    net = MLP(4, [3, 2, 1], bias=False)
    loss = losses.squared_error(net([0.1, 0.2, 0.3, 0.4]), 1.0)
    w = net.weights[0][0][0]
    coarse = fold(Graph(loss), "neuron").outputs[0]
    assert [len(path.edges) for path in paths(coarse, w)] == [4, 4]
    assert paths(coarse, w).total == pytest.approx(paths(loss, w).total, rel=1e-14)


@st.composite
def exact_graphs(draw: st.DrawFn) -> tuple[Value, list[Value]]:
    """A random graph of + − × on fractions, in which every number is exact."""
    leaves = [Value(draw(st.fractions(-3, 3, max_denominator=7))) for _ in range(3)]  # type: ignore[arg-type]
    nodes = list(leaves)
    for _ in range(draw(st.integers(1, 8))):
        a, b = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(2))
        nodes.append(draw(st.sampled_from([a + b, a - b, a * b])))
    return nodes[-1], leaves


@given(exact_graphs())
def test_fractions_add_up_exactly_and_come_in_exact_order(made: tuple[Value, list[Value]]) -> None:
    y, leaves = made
    for leaf, slope in zip(leaves, gradients(y, leaves), strict=True):
        ways = paths(y, leaf)
        products = [path.product for path in ways]
        assert len(products) == ways.count
        assert sum(products) == ways.total == slope == sum(ways.signs)
        assert ways.size == sum(map(abs, products))
        sizes = [abs(product) for product in products]
        assert sizes == sorted(sizes, reverse=True)
        assert ways.lengths == ((min(n), max(n)) if (n := [len(path.edges) for path in ways]) else None)


def test_many_paths_and_tiny_products_break_nothing() -> None:
    x = h = Value(0.5, "x")
    for _ in range(2000):
        h = h * 0.5 + h * 0.5
    assert "about 1.1 × 10^602 paths" in str(paths(h.named("h"), x))
    assert paths(h, x).effective == math.inf
    y = ((x * 5e-324) * 0.5 + x * 5e-324).named("y")
    assert 1 <= paths(y, x).effective <= 2
    g = x
    for _ in range(400):
        g = g * 0.1
    assert paths(g, x).effective == 1
    assert "%" not in str(paths(g + g, x))  # of a sum that is too small for a float there are no shares


def test_infinite_edges_leave_the_others_in_order() -> None:
    x = Value(0.5, "x")
    z = (x * math.inf + 2 * x + 5 * x + 0 * x + 3 * x).named("z")
    assert [path.product for path in paths(z, x)] == [math.inf, 5, 3, 2, 0]
    assert paths(z, x).signs == (math.inf, 0)
    assert "nan" not in str(paths(z, x))


def test_narrowed_paths_are_copied_and_pickled_with_their_conditions() -> None:
    x = Value(0.5, "x")
    h = x.exp().named("h")
    ways = paths((h + x).named("y"), x).through(h)
    for again in (copy.deepcopy(ways), pickle.loads(pickle.dumps(ways))):
        assert repr(again) == repr(ways)
        assert again.total == ways.total
    assert ways.through() is ways


def test_many_nodes_are_avoided_at_once() -> None:
    leaves = [Value(1.0) for _ in range(3000)]
    y = total([leaf * leaf for leaf in leaves])
    assert paths(y, leaves[0]).avoiding(*leaves[1:]).count == 2
    assert paths(y, leaves[0]).avoiding(*leaves).count == 0
    with pytest.raises(WrongShape, match="where: given None, expected a test"):
        paths(y, leaves[0]).where(None)  # type: ignore[arg-type]


def test_a_zero_says_why_in_true_words() -> None:
    x = Value(3.0, "x")
    assert [zero.why for zero in paths(x / math.inf, x).zeros()] == ["div does not change with x at these numbers"]
    assert [zero.why for zero in paths(Value(0.0) * x, x).zeros()] == ["its factor is 0"]
    with within(Scope("neuron", "n")):
        n = (2 * x - 2 * x).named("n")
    folded = fold(Graph(n * 3), "neuron")
    assert [zero.why for zero in paths(folded.outputs[0], x).zeros()] == [
        "all that leads from one to the other inside is 0, or cancels"
    ]

"""Paths: counted exactly without being walked, and walked largest first."""

from __future__ import annotations

from fractions import Fraction

import pytest

from autograd import Graph, NotInGraph, Value, WrongShape, fold, paths
from nn import MLP, losses


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


def test_a_node_that_is_not_in_the_graph_is_named_with_the_way_out() -> None:
    a = Value(3.0, "a")
    y = (a * a).named("y")
    for stranger in (Value(1.0, "q"), y + 1, "a", None):
        with pytest.raises(
            NotInGraph, match=r"not among the 2 nodes that y was made from; give one that is, such as a"
        ):
            paths(y, stranger)  # type: ignore[type-var]
    with pytest.raises(NotInGraph, match="q is not among"):
        paths(y, Value(1.0, "q"))


def test_paths_over_neurons_start_at_the_folded_output() -> None:
    net = MLP(4, [3, 2, 1], bias=False)
    loss = losses.squared_error(net([0.1, 0.2, 0.3, 0.4]), 1.0)
    w = net.weights[0][0][0]
    coarse = fold(Graph(loss), "neuron").outputs[0]
    assert [len(path.edges) for path in paths(coarse, w)] == [4, 4]
    assert paths(coarse, w).total == pytest.approx(paths(loss, w).total, rel=1e-14)

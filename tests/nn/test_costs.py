"""The closed formulas of the notes' page against counting on the graphs themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import LENGTHS, PATH_COUNTS, Graph, WrongShape, fold, ledger, totals
from nn import MLP, costs_of_widths, losses, size_of_widths
from tests.oracles import fewer

WAYS = ("by_paths", "by_weights", "recursive", "memoised", "forward")
small = st.lists(st.integers(1, 5), min_size=2, max_size=5)

# The page's last table: weights, paths to a weight of layer 1, all paths, by paths, by weights, memoised.
PAGE = {
    (784, 128, 64, 10): (109184, 640, 64307840, 192840320, 70838912, 118016),
    (100,) * 11: (
        *(100000, 1000000000000000000, 10101010101010101010000),
        *(100908070605040302010000, 10203040506070809100000, 190000),
    ),
    (100,) * 10: (
        *(90000, 10000000000000000, 101010101010101010000),
        *(908070605040302010000, 102030405060708090000, 170000),
    ),
    (10,) * 11: (1000, 1000000000, 111111111100, 1098765432100, 123456790000, 1900),
    (100, 10, 10, 4): (1140, 40, 40440, 120840, 51540, 1280),
    (4, 3, 2, 1): (20, 2, 32, 86, 74, 28),
    (2, 2, 1): (6, 1, 6, 10, 10, 8),
    (4, 4, 1): (20, 1, 20, 36, 36, 24),
    (4, 4, 3): (28, 3, 60, 108, 76, 40),
}


def network(sizes: tuple[int, ...], **options: Any) -> tuple[MLP, Any]:
    """A network of these sizes and its squared error on one example."""
    net = MLP(sizes[0], sizes[1:], **options)
    return net, losses.squared_error(net.outputs([0.1] * sizes[0]), [1.0] * sizes[-1])


def expect_what_counting_finds(sizes: tuple[int, ...]) -> None:
    net, loss = network(sizes, bias=False)
    neurons = fold(Graph(loss), "neuron").outputs[0]
    counted, costs = ledger(neurons, net.parameters()), costs_of_widths(*sizes)
    assert (counted.targets, counted.paths) == (costs.targets, costs.paths)
    ways = totals(counted.graph, PATH_COUNTS)
    assert tuple(ways[layer[0][0]] for layer in net.weights) == costs.paths_to_one
    for way in WAYS:
        assert getattr(counted, way)[:2] == getattr(costs, way), way


@pytest.mark.parametrize("sizes", PAGE, ids=lambda sizes: "-".join(map(str, sizes)))
def test_the_networks_of_the_page_by_formula_and_by_counting(sizes: tuple[int, ...]) -> None:
    costs = costs_of_widths(*sizes)
    found = [costs.targets, costs.paths_to_one[0], costs.paths]
    found += [way.multiplications for way in (costs.by_paths, costs.by_weights, costs.memoised)]
    assert tuple(found) == PAGE[sizes]
    expect_what_counting_finds(sizes)


@fewer(3)
@given(small)
def test_any_widths_cost_what_counting_finds(sizes: list[int]) -> None:
    expect_what_counting_finds(tuple(sizes))


@pytest.mark.parametrize("n", [2, 7])
def test_equal_widths_grow_by_powers_against_a_straight_line(n: int) -> None:
    for L in (1, 2, 5, 20):
        costs = costs_of_widths(*[n] * (L + 1))
        assert costs.paths_to_one[0] == n ** (L - 1)
        assert costs.paths == n**2 * (n**L - 1) // (n - 1)
        assert costs.memoised.multiplications == n**2 * (2 * L - 1)


@fewer(3)
@given(small, st.booleans())
def test_the_scalar_graph_has_the_size_of_the_formula(sizes: list[int], bias: bool) -> None:
    _, loss = network(tuple(sizes), bias=bias, fused=False)
    graph = Graph(loss)
    lengths = totals(graph, LENGTHS)
    longest = max(lengths[leaf].longest for leaf in graph.leaves)
    assert size_of_widths(*sizes, bias=bias) == (len(graph), sum(1 for _ in graph.edges()), longest)


def test_the_scalar_graphs_of_the_page() -> None:
    assert size_of_widths(4, 3, 2, 1)[:2] == (67, 77)
    assert size_of_widths(4, 3, 2, 1, bias=True)[:2] == (79, 89)
    assert size_of_widths(784, 128, 64, 10) == (328375, 436582, 990)
    assert size_of_widths(784, 128, 64, 10, bias=True) == (328779, 436986, 993)


@pytest.mark.parametrize("widths", [(), (4,), (4, 0), (4, 2.0), (True, 2), ([4, 3],)])
def test_widths_that_make_no_network_are_refused(widths: tuple[Any, ...]) -> None:
    for formula in (costs_of_widths, size_of_widths):
        with pytest.raises(WrongShape, match=f"{formula.__name__}.*for example"):
            formula(*widths)

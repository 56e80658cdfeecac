"""The costs of the notes' page, by counting on real graphs: 86 / 74 / 40 / 28 and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Graph, NotInGraph, Value, fold, ledger, paths
from nn import MLP, losses


def network(*sizes: int, **options: Any) -> tuple[MLP, Value]:
    """A network of these sizes and its squared error on one example."""
    net = MLP(sizes[0], sizes[1:], bias=False, **options)
    return net, losses.squared_error(net.outputs([0.1] * sizes[0]), [1.0] * sizes[-1])


def test_neuron_level_of_4_3_2_1() -> None:
    net, loss = network(4, 3, 2, 1)
    counted = ledger(fold(Graph(loss), "neuron").outputs[0], net.parameters())
    assert (counted.by_paths, counted.by_weights, counted.recursive, counted.memoised) == (86, 74, 40, 28)
    assert (counted.additions_by_paths, counted.additions_memoised) == (12, 3)
    assert (counted.targets, counted.paths) == (20, 32)


@pytest.mark.parametrize(
    ("free_signs", "expected"), [(True, (172, 148, 49, 34)), (False, (340, 289, 96, 63))], ids=["signs free", "literal"]
)
def test_scalar_level_of_4_3_2_1(free_signs: bool, expected: tuple[int, ...]) -> None:
    net, loss = network(4, 3, 2, 1, fused=False)
    graph = Graph(loss)
    assert (len(graph), len(list(graph.edges())), len(graph.leaves)) == (67, 77, 25)
    counted = ledger(loss, net.parameters(), free_signs=free_signs)
    assert (counted.by_paths, counted.by_weights, counted.recursive, counted.memoised) == expected
    assert (counted.additions_by_paths, counted.additions_memoised) == (12, 3)


def test_gradients_of_inputs_and_target_walk_all_76_edges() -> None:
    _, loss = network(4, 3, 2, 1, fused=False)
    assert ledger(loss).memoised == 76
    assert ledger(loss, free_signs=True).memoised == 46


@pytest.mark.parametrize(
    ("sizes", "weights", "all_paths", "by_paths", "by_weights", "memoised"),
    [
        ((2, 2, 1), 6, 6, 10, 10, 8),
        ((4, 4, 1), 20, 20, 36, 36, 24),
        ((100, 10, 10, 4), 1140, 40440, 120840, 51540, 1280),
    ],
)
def test_other_networks_of_the_page(
    sizes: tuple[int, ...], weights: int, all_paths: int, by_paths: int, by_weights: int, memoised: int
) -> None:
    # The page counts one given ∂L/∂(output) each, which is what an arrow out of the loss is.
    net, loss = network(*sizes)
    counted = ledger(fold(Graph(loss), "neuron").outputs[0], net.parameters())
    assert counted[:2] == (weights, all_paths)
    assert (counted.by_paths, counted.by_weights, counted.memoised) == (by_paths, by_weights, memoised)


def test_two_one_one_paths_and_32_in_all() -> None:
    net, loss = network(4, 3, 2, 1, fused=False)
    by_layer = [{paths(loss, w).count for row in layer for w in row} for layer in net.weights]
    assert by_layer == [{2}, {1}, {1}]
    assert sum(paths(loss, w).count for w in net.parameters()) == 32
    assert {paths(loss, Graph(loss)[x]).count for x in ("x₁", "x₂", "x₃", "x₄")} == {6}


def test_a_square_written_as_a_product_doubles_the_paths() -> None:
    net = MLP(4, [3, 2, 1], bias=False, fused=False)
    d = net([0.1, 0.2, 0.3, 0.4]) - 1
    assert [paths(d * d, net.weights[l][0][0]).count for l in range(3)] == [4, 2, 2]
    assert [paths(d**2, net.weights[l][0][0]).count for l in range(3)] == [2, 1, 1]


def test_a_stranger_is_refused() -> None:
    _, loss = network(2, 1)
    with pytest.raises(NotInGraph, match="ledger: q is not among"):
        ledger(loss, [Value(0.0, "q")])

"""The costs of the notes' page, by counting on real graphs: 86 / 74 / 40 / 28 and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import Graph, NotInGraph, Value, fold, ledger, paths
from nn import MLP, losses
from nn.layers import ACTIVATIONS


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


SIGMOIDS: dict[str, Callable[[Value], Value]] = {
    "primitive": Value.sigmoid,
    "1/(1+e^-z)": lambda z: 1 / (1 + (-z).exp()),
    "e^z/(1+e^z)": lambda z: (e := z.exp()) / (1 + e),
}


@pytest.mark.parametrize(
    ("sigmoid", "square", "nodes", "edges", "by_layer", "to_an_input"),
    [
        ("primitive", "d**2", 67, 77, (2, 1, 1), 6),
        ("primitive", "d*d", 67, 78, (4, 2, 2), 12),
        ("1/(1+e^-z)", "d**2", 85, 95, (2, 1, 1), 6),
        ("1/(1+e^-z)", "d*d", 85, 96, (4, 2, 2), 12),
        ("e^z/(1+e^z)", "d**2", 79, 95, (16, 4, 2), 48),
        ("e^z/(1+e^z)", "d*d", 79, 96, (32, 8, 4), 96),
    ],
)
def test_the_spellings_of_the_page(
    sigmoid: str, square: str, nodes: int, edges: int, by_layer: tuple[int, ...], to_an_input: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(ACTIVATIONS, "sigmoid", SIGMOIDS[sigmoid])
    net = MLP(4, [3, 2, 1], bias=False, fused=False)
    d = net([0.1, 0.2, 0.3, 0.4]) - Value(1.0)
    loss = d * d if square == "d*d" else d**2
    graph = Graph(loss)
    # As on the page, the plain numbers in 1 + e are no nodes.
    assert (len(graph), len(list(graph.edges()))) == (nodes, edges)
    assert tuple(paths(loss, net.weights[l][0][0]).count for l in range(3)) == by_layer
    assert paths(loss, graph["x₁"]).count == to_an_input


def test_biases_add_two_nodes_and_two_edges_a_neuron() -> None:
    net = MLP(4, [3, 2, 1], fused=False)
    loss = losses.squared_error(net([0.1, 0.2, 0.3, 0.4]), 1.0)
    assert (len(Graph(loss)), len(list(Graph(loss).edges()))) == (79, 89)
    lengths = [{len(path.edges) for row in layer for w in row for path in paths(loss, w)} for layer in net.weights]
    assert [(min(found), max(found)) for found in lengths] == [(14, 17), (10, 11), (6, 6)]


def test_a_square_written_as_a_product_doubles_the_paths() -> None:
    net = MLP(4, [3, 2, 1], bias=False, fused=False)
    d = net([0.1, 0.2, 0.3, 0.4]) - 1
    assert [paths(d * d, net.weights[l][0][0]).count for l in range(3)] == [4, 2, 2]
    assert [paths(d**2, net.weights[l][0][0]).count for l in range(3)] == [2, 1, 1]


def test_a_stranger_is_refused() -> None:
    _, loss = network(2, 1)
    with pytest.raises(NotInGraph, match="ledger: q is not among"):
        ledger(loss, [Value(0.0, "q")])

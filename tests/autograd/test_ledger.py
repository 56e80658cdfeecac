"""The costs of the notes' page, by counting on real graphs: 86 / 74 / 40 / 28 and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import LENGTHS, Graph, NotInGraph, Scope, Value, edges_of, fold, ledger, paths, steps, totals, within
from autograd.ledger import WAYS
from nn import MLP, losses
from nn.activations import ACTIVATIONS
from tests.oracles import Program, fewer, programs, run

DOWN = ("by_paths", "by_weights", "recursive", "memoised")


def network(*sizes: int, **options: Any) -> tuple[MLP, Value]:
    """A network of these sizes and its squared error on one example."""
    net = MLP(sizes[0], sizes[1:], **{"bias": False, **options})
    return net, losses.squared_error(net.outputs([0.1] * sizes[0]), [1.0] * sizes[-1])


def neurons(loss: Value) -> Any:
    return fold(Graph(loss), "neuron").outputs[0]


def edges(graph: Graph[Any]) -> int:
    return sum(1 for _ in graph.edges())


@pytest.mark.parametrize(
    ("level", "free_signs", "multiplications", "forward", "stored"),
    [
        ("neuron", False, (86, 74, 40, 28), 74, (2, 4, 4, 5)),
        ("scalar", True, (172, 148, 49, 34), 136, (2, 14, 14, 6)),
        ("scalar", False, (340, 289, 96, 63), 265, (2, 14, 14, 6)),
    ],
)
def test_the_costs_of_4_3_2_1(
    level: str, free_signs: bool, multiplications: tuple[int, ...], forward: int, stored: tuple[int, ...]
) -> None:
    net, loss = network(4, 3, 2, 1, fused=False)
    counted = ledger(neurons(loss) if level == "neuron" else loss, net.parameters(), free_signs=free_signs)
    assert (counted.targets, counted.paths) == (20, 32)
    costs = [getattr(counted, way) for way in DOWN]
    assert tuple(cost.multiplications for cost in costs) == multiplications
    assert tuple(cost.additions for cost in costs) == (12, 12, 12, 3)
    assert tuple(cost.stored for cost in costs) == stored
    assert counted.forward == (forward, 12, stored[-1])
    assert counted.mixed[:2] == counted.memoised[:2]


def test_neurons_of_two_edges_double_the_costs_of_walking() -> None:
    for sizes in ((4, 3, 2, 1), (2, 5, 3), (3, 2, 2, 2)):
        net, loss = network(*sizes)
        coarse = ledger(neurons(loss), net.parameters())
        fine = ledger(fold(Graph(loss), "loss").outputs[0], net.parameters())
        assert fine.by_paths.multiplications == 2 * coarse.by_paths.multiplications
        assert fine.by_weights.multiplications == 2 * coarse.by_weights.multiplications
        assert fine.memoised.multiplications == coarse.memoised.multiplications + sum(sizes[1:])


def test_gradients_of_inputs_and_target_walk_all_76_edges() -> None:
    _, loss = network(4, 3, 2, 1, fused=False)
    assert ledger(loss).memoised.multiplications == 76
    assert ledger(loss, free_signs=True).memoised.multiplications == 46


def test_the_table_for_people() -> None:
    net, loss = network(4, 3, 2, 1)
    counted = ledger(neurons(loss), net.parameters())
    title, _, *rows = str(counted).splitlines()
    assert title == "20 derivatives of L over 32 paths"
    assert [row.split("  ")[0] for row in rows] == list(WAYS.values())
    assert rows[0].split()[-5:] == ["86", "12", "2", "3.1", "×"]
    assert repr(counted) == "<ledger of 20 derivatives of L>"
    x = Value(1.0, "x")
    assert "1 derivative of x over 1 path\n" in str(ledger(x))
    for _ in range(2000):
        x = x + x
    assert "about 1.1 × 10^602 paths" in str(ledger(x))


def test_two_one_one_paths_and_32_in_all() -> None:
    net, loss = network(4, 3, 2, 1, fused=False)
    by_layer = [{paths(loss, w).count for row in layer for w in row} for layer in net.weights]
    assert by_layer == [{2}, {1}, {1}]
    assert sum(paths(loss, w).count for w in net.parameters()) == 32
    assert {paths(loss, Graph(loss)[x]).count for x in ("x₁", "x₂", "x₃", "x₄")} == {6}


SIGMOIDS: dict[str, tuple[int, Callable[[Value], Value]]] = {  # with the number of paths through each
    "primitive": (1, Value.sigmoid),
    "1/(1+e^-z)": (1, lambda z: 1 / (1 + (-z).exp())),
    "e^z/(1+e^z)": (2, lambda z: (e := z.exp()) / (1 + e)),
}


@pytest.mark.parametrize(
    ("sigmoid", "square", "extra", "size", "by_layer", "to_an_input", "lengths"),
    [
        ("primitive", "d**2", "", (67, 77), (2, 1, 1), 6, ((11, 14), (8, 9), (5, 5))),
        ("primitive", "d*d", "", (67, 78), (4, 2, 2), 12, ((11, 14), (8, 9), (5, 5))),
        ("1/(1+e^-z)", "d**2", "", (85, 95), (2, 1, 1), 6, ((20, 23), (14, 15), (8, 8))),
        ("1/(1+e^-z)", "d*d", "", (85, 96), (4, 2, 2), 12, ((20, 23), (14, 15), (8, 8))),
        ("e^z/(1+e^z)", "d**2", "", (79, 95), (16, 4, 2), 48, ((14, 20), (10, 13), (6, 7))),
        ("e^z/(1+e^z)", "d*d", "", (79, 96), (32, 8, 4), 96, ((14, 20), (10, 13), (6, 7))),
        ("primitive", "d**2", "biases", (79, 89), (2, 1, 1), 6, ((14, 17), (10, 11), (6, 6))),
        ("primitive", "d**2", "L2", (109, 139), (3, 2, 2), 6, ((12, 22), (6, 11), (4, 6))),
        ("primitive", "d*d", "L2", (109, 160), (6, 4, 4), 12, ((12, 22), (6, 11), (4, 6))),
    ],
)
def test_the_spellings_of_the_page(
    sigmoid: str, square: str, extra: str, size: tuple[int, int], by_layer: tuple[int, ...], to_an_input: int,
    lengths: tuple[tuple[int, int], ...], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    through, spelled = SIGMOIDS[sigmoid]
    monkeypatch.setitem(ACTIVATIONS, "sigmoid", spelled)
    net = MLP(4, [3, 2, 1], bias=extra == "biases", fused=False)

    def squared(x: Value) -> Value:
        return x * x if square == "d*d" else x**2

    loss = squared(net([0.1, 0.2, 0.3, 0.4]) - Value(1.0))
    if extra == "L2":
        first, *rest = (squared(w) for w in net.parameters())
        loss = loss + Value(0.01) * sum(rest, first)
    graph = Graph(loss)
    assert (len(graph), edges(graph)) == size  # as on the page, the plain numbers in 1 + e are no nodes
    layers = [[paths(loss, w) for row in layer for w in row] for layer in net.weights]
    assert [{found.count for found in layer} for layer in layers] == [{count} for count in by_layer]
    assert paths(loss, graph["x₁"]).count == to_an_input
    spans = [[found.lengths for found in layer if found.lengths] for layer in layers]
    assert tuple((min(s.shortest for s in span), max(s.longest for s in span)) for span in spans) == lengths
    # The page's formula: so many times more paths for each activation on the way and for the loss.
    twice = 2 if square == "d*d" else 1
    regular = twice if extra == "L2" else 0
    assert by_layer == tuple(n * through**g * twice + regular for n, g in zip((2, 1, 1), (3, 2, 1), strict=True))
    assert [{paths(loss, b).count for b in layer} for layer in net.biases if layer] == (
        [{2}, {1}, {1}] if extra == "biases" else []
    )


@pytest.mark.parametrize("k", [3, 10])
def test_softmax_and_cross_entropy_op_by_op(k: int) -> None:
    logits = [Value(0.1 * i, f"a{i}") for i in range(k)]
    with within(Scope("loss", "cross entropy")):
        powers = [a.exp() for a in logits]
        *_, below = accumulate(powers)
        terms = [Value(float(i == 0)) * (power / below).log() for i, power in enumerate(powers)]
        every, true = -sum(terms[1:], terms[0]), -(powers[0] / below).log()
    assert [paths(every, a).count for a in logits] == [k + 1] * k
    assert [paths(true, a).count for a in logits] == [2] + [1] * (k - 1)
    fused = fold(Graph(every), "loss").outputs[0]
    assert [paths(fused, a).count for a in logits] == [1] * k


@pytest.mark.parametrize(("bias", "size"), [(False, (328375, 436582, 990)), (True, (328779, 436986, 993))])
def test_the_scalar_graph_of_784_128_64_10(bias: bool, size: tuple[int, int, int]) -> None:
    net, loss = network(784, 128, 64, 10, fused=False, bias=bias)
    graph = Graph(loss)
    lengths = totals(graph, LENGTHS)
    assert (len(graph), edges(graph), max(lengths[leaf].longest for leaf in graph.leaves)) == size
    if not bias:
        counted = ledger(loss, net.parameters())
        assert counted.memoised == (336218, 8640, 194)
        assert counted.forward == (665_720_950, 64_198_656, 194)


def walk(y: Value, targets: list[Value]) -> tuple[int, int]:
    """Multiplications without memory by walking: each target asking upward, and all of them from the output down."""
    children: dict[Value, list[Value]] = {}
    for edge in Graph(y).edges():
        children.setdefault(edge.parent, []).append(edge.node)
    asking, asked = list(targets), 0
    while asking:
        node = asking.pop()
        above = children.get(node, [])
        asked += sum(child is not y for child in above)
        asking += above
    needed = Graph(y).above(targets)
    walking, walked = [y], 0
    while walking:
        node = walking.pop()
        below = [edge.parent for edge in edges_of(node) if edge.parent in needed]
        walked += 0 if node is y else len(below)
        walking += below
    return asked, walked


def upward(y: Value, x: Value) -> tuple[int, int, int]:
    """One forward sweep, node by node: multiplications, additions, and the most tangents still wanted at a time."""
    graph = Graph(y)
    moving: set[Value] = set()
    products = sums = stored = 0
    for place, node in enumerate(graph.nodes):
        arriving = [edge.parent for edge in edges_of(node) if node is not x and edge.parent in {*moving, x}]
        if arriving:
            products += sum(parent is not x for parent in arriving)
            sums += len(arriving) - 1
            moving.add(node)
            wanted = {edge.parent for later in graph.nodes[place:] for edge in edges_of(later)} | {node}
            stored = max(stored, len((moving & wanted) - {y}))
    return products, sums, stored


@fewer(3)
@given(programs(longest=7), st.data())
def test_every_count_is_what_walking_counts(program: Program, data: st.DataObject) -> None:
    leaves = [Value(0.3, "a"), Value(-0.7, "b"), Value(1.1, "c")]
    y = run(program, leaves)
    graph = Graph(y)
    targets = data.draw(st.lists(st.sampled_from(graph.nodes), min_size=1, max_size=5, unique=True))
    counted = ledger(y, targets)
    walks = [path for x in targets for path in paths(y, x)]
    assert counted.paths == len(walks)
    assert counted.by_paths == (sum(max(0, len(path.edges) - 1) for path in walks), len(walks) - len(targets), 2)
    assert (counted.by_weights.multiplications, counted.recursive.multiplications) == walk(y, targets)
    assert counted.by_weights.stored == counted.recursive.stored == max(len(path.edges) for path in walks)
    needed = graph.above(targets)
    taken = [step for step in steps(y) if step.parent in needed]
    assert counted.memoised.multiplications == sum(step.node is not y for step in taken)
    assert counted.memoised.additions == len(taken) - len({step.parent for step in taken})
    sweeps = [upward(y, x) for x in targets]
    assert counted.forward[:2] == (sum(s[0] for s in sweeps), sum(s[1] for s in sweeps))
    assert counted.forward.stored >= max(s[2] for s in sweeps)
    assert len(targets) > 1 or counted.forward.stored == sweeps[0][2]


def test_a_sweep_stores_what_has_arrived_and_waits() -> None:
    x = Value(0.5, "x")
    chain = x
    for _ in range(50):
        chain = chain.sin()
    assert ledger(chain).memoised.stored == ledger(chain).forward.stored == 2  # the one in turn, and the next
    wide = sum((x.sin() for _ in range(49)), x.sin())
    assert (ledger(wide).memoised.stored, ledger(wide).forward.stored) == (3, 3)
    assert ledger(wide).by_weights.stored == 50
    assert ledger(x).memoised == (0, 0, 0)


def test_a_stranger_is_refused() -> None:
    _, loss = network(2, 1)
    with pytest.raises(NotInGraph, match="ledger: q is not among"):
        ledger(loss, [Value(0.0, "q")])

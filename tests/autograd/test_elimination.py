"""The chain rule in any order: the same derivatives, at the ledger's price down and up, and for less in between."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Folded,
    Graph,
    NotAScalar,
    NotExact,
    NotInGraph,
    NotRecorded,
    UnknownChoice,
    Value,
    WrongShape,
    edges_of,
    fold,
    jacobian,
    ledger,
    total,
    unrecorded,
)
from autograd.elimination import ORDERS, eliminate
from nn import MLP, losses
from tests.oracles import Program, fewer, programs, run


def network(fused: bool) -> tuple[MLP, Value]:
    net = MLP(4, [3, 2, 1], bias=False, fused=fused)
    return net, losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)


def merged(*ys: Any) -> dict[Any, Any]:
    """Every node's counterpart in a graph where edges between the same two nodes are one."""
    kept: dict[Any, Any] = {}
    for node in Graph(*ys):
        into: dict[Any, float] = {}
        for edge in edges_of(node):
            into[kept[edge.parent]] = into.get(kept[edge.parent], 0) + edge.local
        kept[node] = Folded(node, None, into) if into else node
    return kept


def hourglass(width: int) -> tuple[list[Value], list[Value]]:
    """Many inputs that meet in one node from which many outputs are made, fully connected on both sides of it."""
    xs = [Value(0.1 * i, f"x{i}") for i in range(width)]
    waist = total([total(xs).sin() * total([x * (i + 1) for x in xs]).cos() for i in range(width)])
    fan = [(waist * (0.1 * i)).sin() for i in range(width)]
    return xs, [total([(h * (0.1 * j)).tanh() for h in fan]) for j in range(width)]


def test_the_network_of_the_notes_in_each_order() -> None:
    for fused in (True, False):
        net, loss = network(fused)
        y: Any = fold(Graph(loss), "neuron").outputs[0] if fused else loss
        counted = ledger(y, net.parameters())
        found = {order: eliminate(y, net.parameters(), order) for order in ORDERS}
        assert found["reverse"].cost == counted.memoised
        assert found["forward"].cost[:2] == counted.forward[:2]
        assert found["mixed"].cost == counted.mixed
        (expected,) = jacobian([loss], net.parameters())
        for done in found.values():
            assert done.jacobian[0] == pytest.approx(expected, rel=1e-12)
    assert (
        repr(found["reverse"]) == f"<{len(found['reverse'].order)} nodes eliminated: 63 multiplications, 3 additions>"
    )
    free = ledger(loss, net.parameters(), free_signs=True)
    assert eliminate(loss, net.parameters(), "reverse", free_signs=True).cost == free.memoised == (34, 3, 6)
    assert eliminate(loss, net.parameters(), "forward", free_signs=True).cost[:2] == free.forward[:2] == (136, 12)


@fewer(2)
@given(programs(longest=12), st.data())
def test_any_order_finds_the_derivatives(program: Program, data: st.DataObject) -> None:
    y = run(program, [Value(0.3, "a"), Value(-0.7, "b"), Value(1.1, "c")])
    some = st.lists(st.sampled_from(Graph(y).nodes), min_size=1, max_size=4)  # also twice, and above one another
    ys = [y, *data.draw(some)]
    xs = [x for x in data.draw(some) if x in Graph(*ys)]
    inner = eliminate(ys, xs, "forward").order
    expected = jacobian(ys, xs, "reverse")
    for order in (*ORDERS, data.draw(st.permutations(inner))):
        done = eliminate(ys, xs, order)
        assert sorted(map(id, done.order)) == sorted(map(id, inner))
        for row, right in zip(done.jacobian, expected, strict=True):
            assert row == pytest.approx(right, rel=1e-9, abs=1e-12)


@fewer(2)
@given(programs(longest=12), st.data())
def test_down_and_up_cost_what_the_ledger_counts(program: Program, data: st.DataObject) -> None:
    fine = run(program, [Value(0.3, "a"), Value(-0.7, "b"), Value(1.1, "c")])
    graph = Graph(merged(fine)[fine])
    (y,) = graph.outputs
    xs = data.draw(st.lists(st.sampled_from(graph.nodes), min_size=1, max_size=4, unique=True))
    counted = ledger(y, xs)
    assert eliminate(y, xs, "reverse").cost[:2] == counted.memoised[:2]
    assert eliminate(y, xs, "forward").cost[:2] == counted.forward[:2]
    # Several outputs, of which one may be made from another: a reverse sweep for each.
    ys = data.draw(st.lists(st.sampled_from(graph.nodes), min_size=1, max_size=4, unique=True))
    below = [(one, [x for x in xs if x in Graph(one)]) for one in ys]
    xs = [x for x in xs if x in Graph(*ys)]
    apart = [ledger(one, of).memoised for one, of in below]
    assert eliminate(ys, xs, "reverse").cost[0] == sum(cost.multiplications for cost in apart)


def test_edges_between_the_same_nodes_are_added_up_first() -> None:
    x = Value(3.0, "x")
    y = ((w := x.sin()) * w).exp()
    assert eliminate(y, [x], "reverse").cost[:2] == (2, 1)
    assert ledger(y, [x]).memoised[:2] == (3, 1)


def test_signs_are_free_on_either_side() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (a * b + a) - b
    assert eliminate(y, [a, b], "reverse", free_signs=True).cost[:2] == (0, 2)
    assert ledger(y, [a, b], free_signs=True).memoised[:2] == (2, 2)
    assert eliminate((a + a).sin(), [a], free_signs=True).cost[:2] == (1, 1)  # 1 + 1 is no sign any more


def test_an_hourglass_is_cheapest_from_both_ends_towards_its_waist() -> None:
    xs, ys = hourglass(30)
    cost = {order: eliminate(ys, xs, order) for order in ORDERS}
    for order in ("forward", "reverse"):
        assert cost[order].cost.multiplications > 8 * cost["mixed"].cost.multiplications
        for row, other in zip(cost["mixed"].jacobian, cost[order].jacobian, strict=True):
            assert row == pytest.approx(other, rel=1e-9, abs=1e-9)


def test_no_order_of_a_small_lattice_beats_the_cheapest_first() -> None:
    x, y = Value(0.4, "x"), Value(0.9, "y")
    for _ in range(2):
        x, y = x * y, x / y
    out, ends = [x * y, x / y], Graph(x, y).leaves
    inner = eliminate(out, ends, "forward").order
    best = min(eliminate(out, ends, order).cost.multiplications for order in permutations(inner))
    mixed = eliminate(out, ends).cost.multiplications
    assert best == mixed == 16


def test_mixed_is_the_same_each_time() -> None:
    programs = [hourglass(4) for _ in range(2)]
    orders = [[Graph(*ys).index[node] for node in eliminate(ys, xs).order] for xs, ys in programs]
    assert orders[0] == orders[1]


def test_fractions_stay_exact() -> None:
    x = Value(Fraction(1, 3), "x")  # type: ignore[arg-type]
    y = 1 / (x * x + 1)
    for order in ORDERS:
        assert eliminate(y, [x], order).jacobian == [[Fraction(-27, 50)]]
    large = x * 10**200 * 10**200 * 0.5
    with pytest.raises(NotExact, match="eliminate: a fraction is too large"):
        eliminate(large, [x], "forward")


def test_what_it_refuses() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (a * b).exp().sin()
    with unrecorded():
        lost = a * b
    anything: Any = eliminate
    for call, error, words in (
        (lambda: eliminate(y, [Value(0.0, "q")]), NotInGraph, "eliminate: q is not among"),
        (lambda: anything(y, a), NotAScalar, r"write \[a\]"),
        (lambda: anything([y, 3.0], [a]), NotAScalar, "eliminate: derivatives are taken of a Value"),
        (lambda: eliminate(lost, [a]), NotRecorded, "eliminate"),
        (lambda: eliminate(y, [a], "sideways"), UnknownChoice, "order of elimination 'sideways'.* forward, reverse"),
        (lambda: eliminate(y, [a], [a]), WrongShape, "not each of the 2 nodes"),
        (lambda: eliminate(y, [a], []), WrongShape, r'"forward"\)\.order'),
    ):
        with pytest.raises(error, match=words):
            call()

"""The museum: each exhibit against a literal program with the same bug, and diagnoses of gradients that have one."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    TABLE,
    Graph,
    NotAScalar,
    NotInGraph,
    NotRecorded,
    TooMany,
    UnknownChoice,
    Value,
    WrongShape,
    fold,
    gradients,
    paths,
    total,
    unrecorded,
    weighted_sum,
)
from autograd.diagnosis import ROUNDING, diagnose, exhibit, museum
from autograd.museum import MUSEUM
from nn import MLP, losses

from ..oracles import Program, close, fewer, points, programs, run

Grads = dict[Value, float]


def chain(length: int) -> Value:
    y = x = Value(0.5, "x")
    for _ in range(length // 2):
        y = y.sin() + x if y is x else (y * 0.999).sin()
    return y


def doubled(times: int) -> Value:
    y = Value(1.0, "x")
    for _ in range(times):
        y = y + y
    return y


def notes_loss(fused: bool = True) -> tuple[MLP, Value]:
    net = MLP(4, [3, 2, 1], bias=False, seed=0, fused=fused)
    return net, losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)


# Each exhibit shown on its own.


@pytest.mark.parametrize("name", MUSEUM)
@pytest.mark.parametrize("at", [0.5, -1.3])
def test_each_is_wrong_where_it_says_so_right_where_it_hides_and_not_to_be_mistaken(name: str, at: float) -> None:
    shown = MUSEUM[name]
    y = shown.reveals(Value(at, "x"))
    outcome = exhibit(name, y)
    assert not outcome
    assert outcome.first is not None
    assert sum(bool(node.operands) for node in Graph(y)) <= 4
    assert diagnose(y, outcome.gradients).explained_by == (shown,)
    assert exhibit(name, shown.hides(Value(at, "x")))


def test_what_it_prints_says_where_it_departs_and_by_how_much() -> None:
    x = Value(0.5, "x")
    y = 2 * x + 3 * x
    outcome = exhibit("overwrites", y)
    assert str(outcome) == (
        "overwrites: = stands for +=, so of several contributions to a node only the last one stays.\n"
        "  wrong at 1 of 4 nodes, first at x: 2 where 5 is right; largest relative error 0.6"
    )
    assert (outcome.first, outcome.differences, outcome.relative) == (x, {x: -3.0}, 0.6)
    assert repr(outcome) == "<overwrites: wrong at 1 of 4 nodes>"
    assert str(exhibit("recursion", y)).endswith("\n  right here, at all 4 nodes")
    assert [outcome.exhibit for outcome in museum(y)] == list(MUSEUM.values())
    assert str(museum(y)) == "\n".join(str(exhibit(name, y)) for name in MUSEUM)


def test_one_sum_three_ways_to_get_it_wrong() -> None:
    x = Value(0.5)
    found = {
        name: exhibit(name, 2 * x + 3 * x).gradients[x] for name in ("overwrites", "one path only", "mean for sum")
    }
    assert found == {"overwrites": 2, "one path only": 3, "mean for sum": 2.5}


def test_every_function_of_one_number_but_neg_is_an_activation() -> None:
    for op in TABLE.values():
        if len(op.operands) == 1 and not op.takes_lists:
            x = Value(0.3)
            made = -x if op.name == "neg" else abs(x) if op.name == "abs" else getattr(x, op.name)()
            assert exhibit("no activation", made).gradients[x] == (-1 if op.name == "neg" else 1), op
    one = Value(0.3)
    assert exhibit("no activation", total([one]) + one**3)


# Against literal programs, with mutable numbers, recursion and all.


def build_topo(node: Value, topo: list[Value], seen: set[Value]) -> list[Value]:
    if node not in seen:
        seen.add(node)
        for parent in node.parents:
            build_topo(parent, topo, seen)
        topo.append(node)
    return topo


def literal(y: Value, put: Callable[[Grads, Value, float], None], grads: Grads | None = None) -> Grads:
    grads = {} if grads is None else grads
    grads[y] = 1.0
    for node in reversed(build_topo(y, [], set())):
        for parent, local in zip(node.parents, node.local_grads, strict=True):
            put(grads, parent, grads[node] * local)
    return grads


def add(grads: Grads, parent: Value, contribution: float) -> None:
    grads[parent] = grads.get(parent, 0.0) + contribution


def overwriting(y: Value) -> Grads:
    return literal(y, lambda grads, parent, contribution: grads.__setitem__(parent, contribution))


def of_one_path(y: Value) -> Grads:
    def put(grads: Grads, parent: Value, contribution: float) -> None:
        grads.setdefault(parent, contribution)

    return literal(y, put)


def averaging(y: Value) -> Grads:
    arrived: dict[Value, list[float]] = defaultdict(list, {y: [1.0]})
    for node in reversed(build_topo(y, [], set())):
        for parent, local in zip(node.parents, node.local_grads, strict=True):
            arrived[parent].append(sum(arrived[node]) / len(arrived[node]) * local)
    return {node: sum(several) / len(several) for node, several in arrived.items()}


def with_sets(y: Value) -> Grads:
    grads: Grads = {y: 1.0}
    for node in reversed(build_topo(y, [], set())):
        for parent in set(node.parents):
            add(grads, parent, grads[node] * node.local_grads[node.parents.index(parent)])
    return grads


def without_slopes(y: Value) -> Grads:
    grads: Grads = {y: 1.0}
    for node in reversed(build_topo(y, [], set())):
        flat = str(node.op) in ("tanh", "sigmoid", "log", "exp")
        for parent, local in zip(node.parents, node.local_grads, strict=True):
            add(grads, parent, grads[node] * (1.0 if flat else local))
    return grads


def breadth_first(y: Value) -> Grads:
    grads, queue, met = {y: 1.0}, deque([y]), {y}
    while queue:
        node = queue.popleft()
        for parent, local in zip(node.parents, node.local_grads, strict=True):
            add(grads, parent, grads[node] * local)
            if parent not in met:
                met.add(parent)
                queue.append(parent)
    return grads


def recursive(y: Value) -> Grads:
    grads: Grads = {}

    def visit(node: Value, arriving: float) -> None:
        add(grads, node, arriving)
        for parent, local in zip(node.parents, node.local_grads, strict=True):
            visit(parent, grads[node] * local)

    visit(y, 1.0)
    return grads


def twice(y: Value) -> Grads:
    return literal(y, add, literal(y, add))


def twice_with_clean_leaves(y: Value) -> Grads:
    kept = literal(y, add)
    return literal(y, add, {node: 0.0 if not node.parents else grad for node, grad in kept.items()})


LITERAL: dict[str, Callable[[Value], Grads]] = {
    "overwrites": overwriting,
    "one path only": of_one_path,
    "mean for sum": averaging,
    "parents in a set": with_sets,
    "no activation": without_slopes,
    "no order": breadth_first,
    "recursion": recursive,
    "not zeroed": twice,
    "only leaves zeroed": twice_with_clean_leaves,
}


@pytest.mark.parametrize("name", LITERAL)
def test_a_literal_program_with_that_bug_leaves_the_same(name: str) -> None:
    @given(programs(longest=12), points)
    @fewer(3)
    def leaves_the_same(program: Program, at: list[float]) -> None:
        y = run(program, [Value(x) for x in at])
        outcome, expected = exhibit(name, y), LITERAL[name](y)
        assert outcome.gradients.keys() == expected.keys()
        for node, grad in expected.items():
            assert close(outcome.gradients[node], grad, 1e-9, 1e-12), node

    leaves_the_same()


@pytest.mark.parametrize("fused", [True, False])
def test_an_early_update_is_what_a_layer_does_that_learns_before_it_passes_on(fused: bool) -> None:
    net, loss = notes_loss(fused)
    rate, x = 0.5, np.array([0.3, -0.6, 0.9, 0.5])
    W = [np.array([[w.data for w in row] for row in matrix]) for matrix in net.weights]
    h = [x]
    for matrix in W:
        h.append(1 / (1 + np.exp(-matrix @ h[-1])))
    upstream = 2 * (h[-1] - 1.0)
    outcome = exhibit("early update", loss, rate, net.parameters())
    for l in (2, 1, 0):
        delta = upstream * h[l + 1] * (1 - h[l + 1])
        slopes = np.outer(delta, h[l])
        W[l] -= rate * slopes
        upstream = W[l].T @ delta
        found = [[outcome.gradients[w] for w in row] for row in net.weights[l]]
        assert np.allclose(found, slopes, rtol=1e-12, atol=0), l


@pytest.mark.parametrize("fused", [True, False])
def test_an_early_update_spares_the_last_layer_and_vanishes_with_the_learning_rate(fused: bool) -> None:
    net, loss = notes_loss(fused)
    outcome = exhibit("early update", loss)
    assert not any(w in outcome.differences for w in net.weights[-1][0])
    assert all(w in outcome.differences for matrix in net.weights[:-1] for row in matrix for w in row)
    errors = [exhibit("early update", loss, rate).relative for rate in (1e-1, 1e-3, 1e-5)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.01)
    assert exhibit("early update", loss, 0)
    w = net.weights[0][0][0]
    given = {p: outcome.gradients[p] for p in net.parameters()}
    assert [found.name for found in diagnose(loss, given).explained_by] == ["early update"]
    assert diagnose(loss, given, learning_rate=0.1).verdict == "unexplained"
    assert diagnose(loss, {w: outcome.gradients[w]}, learning_rate=0.1).verdict == "unexplained"


def test_an_early_update_changes_the_weights_it_is_told_of() -> None:
    w, v = Value(2.0, "w"), Value(3.0, "v")
    h = 5 * v
    y = w * h
    assert exhibit("early update", y, 0.1).gradients[h] == pytest.approx(2.0 - 0.1 * 15)
    assert exhibit("early update", y, 0.1, [w]).gradients[v] == pytest.approx(5 * (2.0 - 0.1 * 15))
    assert exhibit("early update", y, 0.1, [v])
    assert (w.data, v.data) == (2.0, 3.0)
    assert diagnose(y, {w: 15.0, v: 5 * 0.5}, learning_rate=0.1).verdict == "explained"


def test_the_leaves_given_are_the_weights_that_an_early_update_changes() -> None:
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    loss = losses.binary_cross_entropy(net([0.3, -0.6, 0.9, 0.5]), 1.0)
    weights = net.parameters()
    found = exhibit("early update", loss, weights=weights).gradients
    assert found != exhibit("early update", loss).gradients  # which updates the target as well
    assert diagnose(loss, {w: found[w] for w in weights}).explained_by == (MUSEUM["early update"],)


def test_one_path_of_two_is_what_the_notes_first_line_keeps() -> None:
    net, loss = notes_loss()
    coarse = fold(Graph(loss), "neuron").outputs[0]
    w = net.weights[0][0][0]
    products = [path.product for path in paths(coarse, w)]
    outcome = exhibit("one path only", coarse)
    kept = [product for product in products if math.isclose(product, outcome.gradients[w], rel_tol=1e-12)]
    assert (len(products), len(kept)) == (2, 1)
    assert outcome.truth[w] == pytest.approx(sum(products))
    given = {p: outcome.gradients[p] for p in net.parameters()}
    assert [found.name for found in diagnose(coarse, given).explained_by] == ["one path only"]


# On any graph.


@given(programs(), points)
@fewer(3)
def test_the_truth_is_the_gradients_and_nothing_is_touched(program: Program, at: list[float]) -> None:
    leaves = [Value(x, "x") for x in at]
    y = run(program, leaves)
    nodes = Graph(y).nodes
    for node in nodes:
        node.grad = 7.0
    before = [(node.data, node.partials) for node in nodes]
    for outcome in museum(y):
        assert [outcome.truth[node] for node in nodes] == gradients(y, nodes)
        wrong = [node for node in reversed(nodes) if node in outcome.differences]
        assert wrong == list(outcome.differences)
        assert outcome.first is (wrong[0] if wrong else None)
        for node in wrong:
            assert outcome.differences[node] == outcome.gradients[node] - outcome.truth[node] != 0
    assert [(node.data, node.partials) for node in nodes] == before
    assert all(node.grad == 7.0 for node in nodes)


@given(programs(longest=15), points, st.integers(0))
@fewer(3)
def test_a_wrong_result_is_explained_and_a_right_one_is_right(program: Program, at: list[float], pick: int) -> None:
    y = run(program, [Value(x) for x in at])
    nodes, leaves = Graph(y).nodes, Graph(y).leaves
    assert diagnose(y, dict(zip(nodes, gradients(y, nodes), strict=True)))
    for outcome in museum(y):
        for asked in (nodes, leaves):
            found = diagnose(y, {x: outcome.gradients[x] for x in asked}, tolerance=ROUNDING)
            if any(x in outcome.differences for x in asked):
                assert outcome.exhibit in found.explained_by
            else:
                assert found.verdict == "right"
    strange = {x: 1234.5 + place for place, x in enumerate(nodes)}
    found = diagnose(y, strange)
    assert (found.verdict, found.closest, found.first) == ("unexplained", None, y)
    one = nodes[pick % len(nodes)]
    assert diagnose(y, {**dict(zip(nodes, gradients(y, nodes), strict=True)), one: 1234.5}).first is one


def test_the_closest_is_the_one_that_gives_most_of_the_wrong_numbers() -> None:
    a, b, c, d = leaves = [Value(2.0, name) for name in "abcd"]
    y = total([2 * x for x in leaves] + [3 * x for x in leaves])
    found = diagnose(y, {a: 3.0, b: 11.0, c: 5.0, d: 5.0})
    one = MUSEUM["one path only"]
    assert exhibit(one.name, y).gradients[a] == 3.0
    assert (found.closest, found.hits, found.differences) == (one, 1, {b: 6.0, a: -2.0})
    assert str(found) == (
        "wrong at 2 of 4 nodes, first at b: 11 where 5 is right\n"
        "no exhibit explains it\n"
        f"closest, giving 1 of the 2 wrong numbers: {one}"
    )
    assert repr(found) == "<unexplained>"
    assert str(diagnose(y, {a: 5.0, b: None})) == "right at all 1 nodes"
    assert repr(diagnose(y, {a: 3.0, b: 3.0})) == "<explained by one path only>"


def test_gradients_of_coarse_arithmetic_are_still_explained() -> None:
    _, loss = notes_loss()
    for outcome in museum(loss):
        rounded = {leaf: float(np.float32(outcome.gradients[leaf])) for leaf in Graph(loss).leaves}
        assert bool(outcome) or outcome.exhibit in diagnose(loss, rounded).explained_by


def test_a_folded_graph_has_no_rule_to_read_again() -> None:
    net, loss = notes_loss()
    coarse = fold(Graph(loss), "layer").outputs[0]
    assert exhibit("early update", coarse)
    assert exhibit("no activation", coarse)
    assert not exhibit("not zeroed", coarse)
    assert diagnose(coarse, dict(zip(net.parameters(), gradients(loss, net.parameters()), strict=True)))


def test_depth_is_data() -> None:
    y = chain(100_000)
    visit = museum(y)
    assert len(visit[0].graph) >= 100_000
    assert [outcome.exhibit for outcome in visit] == list(MUSEUM.values())
    assert all(outcome.gradients.keys() == outcome.truth.keys() for outcome in visit)


def test_the_recursion_is_refused_where_it_would_never_end() -> None:
    y = doubled(40)
    x = Graph(y).leaves[0]
    with pytest.raises(TooMany, match="recursion: it walks every path anew, 2,199,023,255,551 visits"):
        exhibit("recursion", y)
    visit = museum(y)
    assert [outcome.exhibit.name for outcome in visit] == [name for name in MUSEUM if name != "recursion"]
    assert str(visit).splitlines()[-1].startswith("left out: recursion: it walks every path anew")
    found = diagnose(y, {x: 1.0})
    assert {one.name for one in found.explained_by} >= {"overwrites", "one path only", "parents in a set"}
    assert "left out: recursion" in str(found)
    assert diagnose(y, {x: 2.0**40})
    assert exhibit("recursion", doubled(18)).relative > 1


def test_what_is_not_finite_crashes_nothing_and_nan_is_nan() -> None:
    for at in (math.nan, math.inf, -math.inf, 0.0, -1.0, 1e308):
        x, w = Value(at, "x"), Value(1e300, "w")
        y = w * (x * x).exp() + x.log() + weighted_sum([x, w], [w, x], x) ** 0.5 + x / (x * 0.0)
        for outcome in museum(y):
            assert str(outcome)
            assert str(diagnose(y, outcome.gradients))
        truth = museum(y)[0].truth
        assert diagnose(y, truth)
        assert not diagnose(y, {x: 3.5}) or truth[x] == 3.5
    x = Value(2.0)
    assert not diagnose(3 * x, {x: math.nan})
    assert not diagnose(3 * x, {x: math.inf})


def test_fractions_stay_exact() -> None:
    third: Any = Fraction(1, 3)
    x, w = Value(third, "x"), Value(third * 2, "w")
    y = w * (x * x - 5 * x) / (x + 3) + x**2 - w
    for outcome in museum(y):
        assert all(isinstance(grad, (int, Fraction)) for grad in outcome.gradients.values()), outcome.exhibit
        assert not outcome or outcome.gradients == outcome.truth
    assert exhibit("mean for sum", x * x + 2 * x).gradients[x] == Fraction(8, 9)
    assert diagnose(y, {x: float(museum(y)[0].truth[x])})


def test_a_graph_of_one_node_hides_every_exhibit() -> None:
    assert all(museum(Value(3.0)))


# What is refused.


def test_what_is_refused_says_why() -> None:
    x = Value(2.0, "x")
    y = (x * x).named("y")
    cases: list[tuple[type[Exception], str, Callable[[], object]]] = [
        (UnknownChoice, "there is no exhibit 'recursive'; choose one of: overwrites", lambda: exhibit("recursive", y)),
        (UnknownChoice, "there is no exhibit", lambda: exhibit([], y)),  # type: ignore[arg-type]
        (NotAScalar, "exhibit: derivatives are taken of a Value", lambda: exhibit("overwrites", 3.0)),  # type: ignore[type-var]
        (NotAScalar, "museum: derivatives are taken of a Value", lambda: museum([y])),  # type: ignore[type-var]
        (NotAScalar, "diagnose: derivatives are taken", lambda: diagnose("y", {})),  # type: ignore[type-var]
        (NotAScalar, "expected a gradient for each node", lambda: diagnose(y, [4.0])),  # type: ignore[arg-type]
        (NotAScalar, "diagnose, the gradient of x: .* write the", lambda: diagnose(y, {x: "4"})),  # type: ignore[dict-item]
        (NotAScalar, "the gradient of x: .* a Value already", lambda: diagnose(y, {x: x})),  # type: ignore[dict-item]
        (NotInGraph, "diagnose: q is not among the 2 nodes", lambda: diagnose(y, {Value(1.0, "q"): 1.0})),
        (NotInGraph, "diagnose: 'x' is not among", lambda: diagnose(y, {"x": 1.0})),  # type: ignore[misc]
        (NotInGraph, "museum, weights: q is not", lambda: museum(y, weights=[Value(1.0, "q")])),
        (WrongShape, "no gradient is given", lambda: diagnose(y, {x: None})),
        (WrongShape, "museum, learning_rate: given 'fast'", lambda: museum(y, "fast")),  # type: ignore[arg-type]
        (WrongShape, "learning_rate: given nan", lambda: exhibit("early update", y, math.nan)),
        (WrongShape, "diagnose, tolerance: given None", lambda: diagnose(y, {x: 1.0}, tolerance=None)),  # type: ignore[arg-type]
    ]
    for error, says, ask in cases:
        with pytest.raises(error, match=says):
            ask()
    with unrecorded():
        lost = x * x
    with pytest.raises(NotRecorded):
        museum(lost)

"""The chain rule: right on random graphs, memoised, accumulating as promised, and blind to depth."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from autograd import (
    Graph,
    NotAScalar,
    NotExact,
    NotRecorded,
    Value,
    backward,
    gradients,
    jacobian,
    ledger,
    paths,
    steps,
    tangents,
    unrecorded,
    weighted_sum,
)

from ..oracles import Program, close, points, programs, run

TINY = 1e-300  # below it floats have fewer digits than the tolerances ask for


@given(program=programs(longest=8), at=points)
def test_the_paths_are_all_there_and_add_up(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    for leaf in leaves:
        if leaf in Graph(y):
            ways = paths(y, leaf)
            products = [path.product for path in ways] if ways.count <= 5000 else []
            if products:
                assert len(products) == ways.count
                sizes = math.fsum(map(abs, products))
                assert close(math.fsum(products), ways.total, 0, 1e-12 * sizes + TINY)
                magnitudes = [abs(product) for product in products]
                assert all(a >= b * (1 - 1e-12) - 5e-324 for a, b in pairwise(magnitudes))


def test_shared_parents_are_summed() -> None:
    a = Value(1.0, "a")
    b = a + 1
    c, d = 2 * b, 3 * b
    (c + d).backward()
    assert a.grad == 5
    assert b.grad == 5


def test_a_repeated_operand_has_two_edges() -> None:
    a = Value(3.0, "a")
    y = a * a
    assert len(list(Graph(y).edges())) == 2
    assert gradients(y, [a]) == [6.0]


def grads(*values: Value) -> list[float | None]:
    """What backward left."""
    return [value.grad for value in values]


def test_leaves_accumulate_and_inner_nodes_are_set() -> None:
    a = Value(3.0)
    b = a * 2
    y = b * b
    assert grads(a, b, y) == [None, None, None]
    y.backward()
    assert grads(a, b, y) == [24, 12, 1]
    y.backward()
    assert grads(a, b, y) == [48, 12, 1]


def test_gradients_is_pure_and_knows_strangers() -> None:
    a, stranger = Value(3.0), Value(1.0)
    assert gradients(a * a, [a, stranger, a]) == [6, 0, 6]
    assert a.grad is None
    with pytest.raises(NotAScalar, match="gradients: 'w' is no Value; write a list of Values"):
        gradients(a * a, ["w"])  # type: ignore[list-item]
    with pytest.raises(NotAScalar, match=r"gradients: a is one node where a list is expected; write \[a\]"):
        gradients(a * a, a.named("a"))  # type: ignore[call-overload]
    with pytest.raises(NotAScalar, match=r"a graph starts at a Value, and this is a list.*Graph\(a, b, …\)"):
        Graph([a, a])  # type: ignore[type-var]
    with pytest.raises(NotAScalar, match=r"steps: derivatives are taken of a Value, and this is 3\.0"):
        list(steps(3.0))  # type: ignore[type-var]
    with pytest.raises(NotAScalar, match=r"backward: derivatives are taken of a Value, and this is \[1\]"):
        backward([1])  # type: ignore[arg-type]


def test_x_to_the_0_is_flat_even_at_0() -> None:
    x, n = Value(0.0), Value(2.0)
    assert gradients(sum(c * x**i for i, c in enumerate([1.0, 2.0, 3.0])), [x]) == [2.0]  # type: ignore[arg-type]
    assert gradients(x**n, [x, n]) == [0.0, 0.0]


def test_local_derivatives_are_those_of_the_forward_pass() -> None:
    a = Value(3.0)
    y = a * a
    a.data = 100.0
    assert gradients(y, [a]) == [6.0]


def test_every_edge_is_multiplied_once_and_the_last_arrival_is_marked() -> None:
    a = Value(2.0, "a")
    b = (a * a).named("b")
    told = list(steps((b + b).named("y")))
    assert [(s.node.name, s.parent.name, s.slot, s.contribution, s.total, s.final) for s in told] == [
        ("y", "b", 0, 1, 1, False),
        ("y", "b", 1, 1, 2, True),
        ("b", "a", 0, 4, 4, False),
        ("b", "a", 1, 4, 8, True),
    ]


def test_depth_is_data() -> None:
    assert sys.getrecursionlimit() <= 1000
    x = y = Value(1.0)
    for _ in range(100_000):
        y = y * 1.00001
    y.backward()
    assert x.grad == pytest.approx(1.00001**100_000, rel=1e-9)
    assert paths(y, x).count == 1
    assert next(iter(paths(y, x))).product == pytest.approx(x.grad, rel=1e-9)
    del y  # freeing it must not recurse either


def test_an_error_on_the_way_leaves_every_grad_as_it_was() -> None:
    q, r = Value(Fraction(10), "q"), Value(1.5, "r")  # type: ignore[arg-type]
    middle = q**400 * r
    y = middle + r
    r.grad, q.grad, middle.grad = 7.0, 8.0, 9.0
    with pytest.raises(NotExact, match="mix floats with fractions too large for one"):
        y.backward()
    assert grads(q, r, middle, y) == [8.0, 7.0, 9.0, None]


def test_whole_numbers_written_into_data_and_grad_are_no_marks_of_ours() -> None:
    x = Value(3.0, "x")
    x.data = 3
    h = x * 2
    first, second = h * 0, h * 3
    first.backward()
    x.grad = None
    second.backward()
    assert x.grad == 6
    w = Value(2.0)
    w.grad = 0
    gradients(x * w, [x])
    assert w.grad == 0


def test_fractions_stay_exact_whichever_way_the_chain_rule_goes() -> None:
    x = Value(Fraction(2, 3), "x")  # type: ignore[arg-type]
    y = (x * x + x / 3).named("y")
    exact = Fraction(5, 3)
    assert gradients(y, [x]) == [exact]
    assert paths(y, x).total == exact
    assert tangents([y], {x: 1}) == [exact]
    assert jacobian([y], [x], "forward") == jacobian([y], [x], "reverse") == [[exact]]
    assert [step.total for step in steps(y)][-1] == exact
    assert weighted_sum([x], [x]).data == Fraction(4, 9)


def test_unrecorded_nodes_are_refused_whoever_is_asked() -> None:
    x = Value(2.0, "x")
    with unrecorded():
        u = (x * 3).named("u")
    asked: list[Callable[[], object]] = [
        lambda: tangents([u, x], {x: 1.0}),
        lambda: jacobian([u], [x], "forward"),
        lambda: list(steps(u)),
        lambda: paths(u, x),
        lambda: ledger(u),
    ]
    for ask in asked:
        with pytest.raises(NotRecorded, match="u was computed while nothing was recorded"):
            ask()

"""One sweep, many answers: each algebra against the paths written out one by one."""

from __future__ import annotations

import math

from hypothesis import assume, given

from autograd import (
    DERIVATIVES,
    LARGEST,
    LARGEST_WAY,
    LENGTHS,
    PATH_COUNTS,
    SIGNS,
    SIZES,
    SPREAD,
    Algebra,
    Graph,
    Value,
    by_edge,
    largest_ways,
    on_locals,
    paths,
    pushed,
    sweep,
    totals,
)

from ..oracles import Program, close, points, programs, run


@given(program=programs(longest=8), at=points)
def test_each_algebra_says_what_enumeration_says(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    graph = Graph(y)
    for leaf in (leaf for leaf in leaves if leaf in graph):
        assume(paths(y, leaf).count <= 2000)
        ways = [*paths(y, leaf)]
        products = [path.product for path in ways]
        sizes = [abs(product) for product in products]
        tiny = 1e-12 * sum(sizes) + 1e-300
        assert totals(graph, PATH_COUNTS)[leaf] == len(ways)
        assert close(totals(graph, DERIVATIVES)[leaf], math.fsum(products), 0, tiny)
        assert close(totals(graph, SIZES)[leaf], math.fsum(sizes), 0, tiny)
        positive, negative = totals(graph, SIGNS)[leaf]
        assert close(positive, math.fsum(p for p in products if p > 0), 0, tiny)
        assert close(negative, math.fsum(p for p in products if p < 0), 0, tiny)
        assert totals(graph, LENGTHS)[leaf] == (min(len(p.edges) for p in ways), max(len(p.edges) for p in ways))
        every = totals(graph, largest_ways(None))[leaf]
        assert len(every) == len(ways)
        if min(sizes) > 1e-300:
            magnitudes = [math.log(size) for size in sizes]
            assert close(totals(graph, LARGEST)[leaf], magnitudes[0], 1e-9, 1e-9)
            assert close(totals(graph, LARGEST_WAY)[leaf].magnitude, magnitudes[0], 1e-9, 1e-9)
            assert all(close(a.magnitude, b, 1e-9, 1e-9) for a, b in zip(every, magnitudes, strict=True))
            few = totals(graph, largest_ways(3))[leaf]
            assert [way.magnitude for way in few] == [way.magnitude for way in every[:3]]
            shares = [size / sum(sizes) for size in sizes]
            entropy = -math.fsum(share * math.log(share) for share in shares)
            assert close(totals(graph, SPREAD)[leaf].effective, math.exp(entropy), 1e-6)


@given(program=programs(longest=12), at=points)
def test_down_and_up_give_the_same(program: Program, at: list[float]) -> None:
    leaves = [Value(x) for x in at]
    y = run(program, leaves)
    graph = Graph(y)
    for leaf in (leaf for leaf in leaves if leaf in graph):
        assert totals(graph, PATH_COUNTS)[leaf] == pushed(graph, PATH_COUNTS, {leaf: 1})[y]
        assert totals(graph, LENGTHS)[leaf] == pushed(graph, LENGTHS, {leaf: LENGTHS.one})[y]
        up: dict[Value, float] = pushed(graph, DERIVATIVES, {leaf: 1})
        down = totals(graph, DERIVATIVES)[leaf]
        assert close(down, up[y], 0, 1e-11 * totals(graph, SIZES)[leaf] + 1e-300)


@given(program=programs(longest=12), at=points)
def test_the_told_sweep_ends_with_the_totals(program: Program, at: list[float]) -> None:
    graph = Graph(run(program, [Value(x) for x in at]))
    told = list(sweep(graph, DERIVATIVES))
    held = {graph.outputs[0]: 1.0} | {step.parent: step.total for step in told}
    assert held == totals(graph, DERIVATIVES)
    assert {step.parent: step.total for step in told if step.final} == {
        n: t for n, t in held.items() if n in {s.parent for s in told}
    }
    assert len(told) == sum(1 for _ in graph.edges())


def test_a_product_that_is_not_commutative_keeps_its_order_both_ways() -> None:
    x = Value(0.5, "x")
    y = x.sin().exp().tanh()
    words: Algebra[Value, str] = Algebra(
        "", lambda a, b: a + b, lambda a, b: f"{a}|{b}", by_edge(lambda edge: str(edge.node.op))
    )
    assert totals(Graph(y), words)[x] == pushed(Graph(y), words, {x: ""})[y] == "tanhexpsin"


def test_edges_can_be_closed() -> None:
    x = Value(0.5, "x")
    y = x * x + x
    positive = DERIVATIVES._replace(weigh=lambda node: [w if w == 1 else None for w in node.partials])
    assert totals(Graph(y), positive)[x] == 1
    assert [step.final for step in sweep(Graph(y), positive)] == [True, True]
    assert totals(Graph(y), Algebra(0.0, max, max, on_locals(float)))[x] == 1

"""The examples of a batch are found in a scalar graph: all of them, nothing else, and ready to be replayed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import reduce
from itertools import chain
from operator import sub
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Op, Value, logsumexp, total, unrecorded, weighted_sum
from autograd.copies import ADDITIONS, Batches, Copies, Varying, batches_in
from autograd.functions import record
from nn import MLP, losses
from nn.engines import ScalarEngine

from ..oracles import Program, fewer, programs, run
from .test_repeats import ORDERS as ADDED

ORDERS: dict[str, Callable[[list[Value]], Value]] = ADDED | {
    "taken away": lambda terms: reduce(sub, terms, Value(0.5)),
    "taken away from 0": lambda terms: reduce(sub, terms[1:], 0 - terms[0]),
}

Found = Batches[Value]


def below(starts: Iterable[Any], closed: Collection[Any] = ()) -> set[Any]:
    """All that can be reached from there without entering what is closed."""
    seen, stack = set(), [node for node in starts if node not in closed]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(parent for parent in node.parents if parent not in closed)
    return seen


def terms_of(top: Value, ends: Collection[Any]) -> list[Any]:
    """What a sum adds up, or takes away, from left to right, given which of it are terms."""
    terms: list[Any] = []
    while top.op is not None and top.op.name == "sub":
        top, term = top.operands
        terms.insert(0, term)
        if top in ends or not isinstance(top, Value):
            return terms
    stack: list[Any] = [*reversed(top.operands)]
    while stack:
        term = stack.pop()
        if isinstance(term, Value) and term not in ends:
            assert term.op is not None
            assert term.op.name in ADDITIONS
            stack.extend(reversed(term.operands))
        else:
            terms.append(term)
    return terms


def matched(first: Sequence[Value], other: Sequence[Value], regions: Sequence[set[Value]]) -> dict[Value, Value]:
    """Which node of the other copy is which of the first; fails where the two are not the same computation."""
    found: dict[Value, Value] = {}
    pairs: list[tuple[Any, Any]] = list(zip(first, other, strict=True))
    while pairs:
        a, b = pairs.pop()
        if not isinstance(a, Value):
            assert not isinstance(b, Value)
        elif a not in regions[0]:
            assert b is a
        elif a in found:
            assert found[a] is b
        else:
            assert b in regions[1]
            assert a.op is b.op or not a.operands
            found[a] = b
            pairs.extend(zip(a.operands, b.operands, strict=True))
    assert set(found) == regions[0]
    assert set(found.values()) == regions[1]
    return found


def replayed(copies: Copies[Value], column: int) -> list[float]:
    """The terms of one copy, computed by the first one's nodes from that copy's leaves and plain numbers."""
    inputs = (row for row in copies.leaves)
    plain = {(number.node, number.slot): number.values[column] for number in copies.numbers}
    numbers: dict[Any, float] = {}
    for node in copies.nodes:
        if node.operands:
            given = [
                plain[node, slot] if (node, slot) in plain else numbers.get(operand, getattr(operand, "data", operand))
                for slot, operand in enumerate(node.operands)
            ]
            assert isinstance(node.op, Op)
            arguments = node.op.by_symbol([Value(x) if isinstance(x, float) else x for x in given])
            numbers[node] = record(node.op, *arguments.values()).data
        else:
            numbers[node] = next(inputs)[column].data
    return [numbers[root] for root in copies.roots[0]]


def verify(loss: Value, found: Found | None) -> None:
    """What a compiler relies on, checked by other means than those by which it was found."""
    if found is None:
        return
    graph = Graph(loss)
    reads = Counter(edge.parent for edge in graph.edges())
    tops, gone = {batch.top for batch in found.sums}, set[Value]()
    place = {node: at for at, node in enumerate(found.nodes)}
    assert found.nodes == tuple(node for node in graph if node in place)
    assert [batch.top for batch in found.sums] == [node for node in found.nodes if node in tops]
    for top, classes, rest, start in found.sums:
        roots = {root: number for number, copies in enumerate(classes) for part in copies.roots for root in part}
        ends = {*roots, *(term for term in (*rest, start) if isinstance(term, Value))}
        terms = terms_of(top, ends)
        assert [*map(id, rest)] == [id(term) for term in terms if term not in roots]
        gone |= below([top], ends) - {top}
        assert classes
        for number, copies in enumerate(classes):
            assert [*chain.from_iterable(copies.roots)] == [term for term in terms if roots.get(term) == number]
            assert len(copies.roots) > 1
            assert all(reads[root] == 1 for part in copies.roots for root in part)
            regions = [below(part) - below([loss], part) for part in copies.roots]
            assert copies.nodes == tuple(node for node in graph if node in regions[0])
            outside = {parent for node in copies.nodes for parent in node.parents} - regions[0]
            assert copies.shared == tuple(node for node in found.nodes[: place[top]] if node in outside)
            assert len(copies.shared) == len(outside)
            maps = [
                matched(copies.roots[0], part, (regions[0], region))
                for part, region in zip(copies.roots, regions, strict=True)
            ]
            assert copies.leaves == tuple(tuple(of[leaf] for of in maps) for leaf in copies.nodes if not leaf.operands)
            assert copies.numbers == tuple(varying_in(copies.nodes, maps))
            for column, part in enumerate(copies.roots):
                assert [*map(repr, replayed(copies, column))] == [repr(root.data) for root in part]
            assert not gone.intersection(*regions)
            gone.update(*regions)
    assert gone == set(graph) - set(found.nodes)
    for node in set(found.nodes) - tops:
        assert all(parent in place for parent in node.parents)


def varying_in(nodes: Sequence[Value], maps: Sequence[dict[Value, Value]]) -> Iterable[Varying[Value]]:
    """The plain operands that are not the same everywhere."""
    for node in nodes:
        for slot, operand in enumerate(node.operands):
            values = tuple(of[node].operands[slot] for of in maps)
            if not isinstance(operand, Value) and len({str(value) for value in values}) > 1:
                yield Varying(node, slot, values)


def found_in(loss: Value) -> Found:
    """The sums over copies, which there are; verified."""
    found = batches_in(loss)
    assert found is not None
    verify(loss, found)
    return found


def shapes(loss: Value) -> list[list[tuple[int, int]]]:
    """For each sum the classes: how many copies there are, and how many leaves of each vary."""
    found = batches_in(loss)
    verify(loss, found)
    return [[(len(c.roots), len(c.leaves)) for c in batch.classes] for batch in found.sums] if found else []


# What a random program may do here: many sums, plain numbers, nodes that are read twice, and wide nodes.
MOVES: dict[str, Callable[[Value, Value], Value]] = {
    "add": lambda a, b: a + b,
    "total": lambda a, b: total([a, b.tanh(), 0.5, a.tanh()]),
    "mul": lambda a, b: a * b,
    "tanh": lambda a, b: a.tanh(),
    "twins": lambda a, b: (a * b).tanh() + (a * b).tanh(),
    "leaves": lambda a, b: (a + Value(0.5)).tanh() + (a + Value(0.25)).tanh(),
    "numbers": lambda a, b: (0.5 * a).sin() + (0.25 * a).sin(),
    "minus": lambda a, b: a - b - a,
    "wide": lambda a, b: weighted_sum([a, b, 0.5, a], [b, Value(0.1), a, 0.25], 1.0).tanh(),
}


@given(
    program=st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 9), st.integers(0, 9)), max_size=25),
    order=st.sampled_from(sorted(ORDERS)),
)
def test_whatever_is_found_in_any_graph_is_so(program: list[tuple[str, int, int]], order: str) -> None:
    nodes = [Value(0.5), Value(-0.25)]
    for move, a, b in program:
        nodes.append(MOVES[move](nodes[-1 - a % len(nodes)], nodes[-1 - b % len(nodes)]))
    verify(nodes[-1], batches_in(nodes[-1]))
    loss = ORDERS[order](nodes[-6:])
    verify(loss, batches_in(loss))


def noise(params: Sequence[Value]) -> list[Any]:
    """Terms that are like nothing else: computed ones, a leaf, a plain number."""
    a, b = params
    return [a**2, 0.1 * (a * b).sin(), (a.tanh() * a.tanh()).exp(), b, 3.0]


def shuffled(terms: Iterable[Any], seed: int) -> list[Any]:
    mixed = list(terms)
    random.Random(seed).shuffle(mixed)
    return mixed


@given(
    program=programs(leaves=4, longest=12),
    columns=st.lists(st.lists(st.floats(-2, 2), min_size=3, max_size=3), min_size=2, max_size=6),
    order=st.sampled_from(sorted(ORDERS)),
    noisy=st.integers(0, 5),
    seed=st.integers(0, 9),
)
def test_the_copies_of_any_expression_are_found_however_they_are_added_up(
    program: Program, columns: list[list[float]], order: str, noisy: int, seed: int
) -> None:
    params = [Value(0.3), Value(-0.7)]
    copies = [(run(program, [*params, Value(x), Value(y)]) * plain).tanh() for x, y, plain in columns]
    terms = shuffled([*copies, *noise(params)[:noisy]], seed)
    loss = ORDERS[order]([term if isinstance(term, Value) else Value(term) for term in terms])
    (batch,) = found_in(loss).sums
    (found,) = batch.classes
    assert {root for (root,) in found.roots} == set(copies)


def added(terms: Iterable[Value]) -> Value:
    """From the left."""
    first, *rest = terms
    return sum(rest, first)


def example(w: Value, v: Value, x: Value, y: Value) -> Value:
    """What is shared comes first, then what an example has to itself."""
    return (total([w * x, v, 0.5]).tanh() - y) ** v


NEAR_MISSES: dict[str, Callable[[Value, Value, Value, Value], Value]] = {
    "another primitive": lambda w, v, x, y: (total([w * x, v, 0.5]).sin() - y) ** v,
    "another exponent": lambda w, v, x, y: (total([w * x, v, 0.5]).tanh() - y) ** w,
    "another weight": lambda w, v, x, y: (total([v * x, v, 0.5]).tanh() - y) ** v,
    "a weight of its own": lambda w, v, x, y: (total([w * x, Value(2.0), 0.5]).tanh() - y) ** v,
    "operands swapped": lambda w, v, x, y: (y - total([w * x, v, 0.5]).tanh()) ** v,
    "terms swapped": lambda w, v, x, y: (total([v, w * x, 0.5]).tanh() - y) ** v,
    "one leaf twice": lambda w, v, x, y: (total([w * x, v, 0.5]).tanh() - x) ** v,
    "a weight for an input": lambda w, v, x, y: (total([w * w, v, 0.5]).tanh() - y) ** v,
    "a number for a leaf": lambda w, v, x, y: (total([w * x, v, 0.5]).tanh() - 0.5) ** v,
    "a leaf for a number": lambda w, v, x, y: (total([w * x, v, Value(0.5)]).tanh() - y) ** v,
    "one term more": lambda w, v, x, y: (total([w * x, v, 0.5, 0.5]).tanh() - y) ** v,
    "a step more": lambda w, v, x, y: (total([w * x, v * 1.0, 0.5]).tanh() - y) ** v,
}


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("kind", NEAR_MISSES)
def test_what_only_looks_alike_is_left_over(kind: str, place: int) -> None:
    w, v = Value(0.3), Value(2.0)
    alike = [example(w, v, Value(0.1 * i), Value(0.2 * i)) for i in range(4)]
    odd = NEAR_MISSES[kind](w, v, Value(0.7), Value(0.9))
    (batch,) = found_in(sum([*alike[:place], odd, *alike[place:]], Value(0.0))).sums
    (copies,) = batch.classes
    assert copies.roots == tuple((term,) for term in alike)
    assert batch.rest[1:] == (odd,)


@fewer(10)
@given(
    widths=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    outputs=st.integers(2, 3),
    loss=st.sampled_from(["squared_error", "cross_entropy"]),
    size=st.integers(2, 6),
    fused=st.booleans(),
    seed=st.integers(0, 99),
)
def test_the_batch_of_a_network_is_one_example_and_its_leaves_are_the_data(
    widths: list[int], outputs: int, loss: str, size: int, fused: bool, seed: int
) -> None:
    output = "softmax" if loss == "cross_entropy" else "linear"
    net = MLP(widths[0], [*widths[1:], outputs], activation="tanh", output=output, fused=fused)
    draw = np.random.default_rng(seed)
    X, Y = draw.normal(size=(widths[0], size)), draw.random(size=(outputs, size))
    mean = ScalarEngine(net, loss)._mean(X, Y)
    found = found_in(mean)
    (batch,) = found.sums
    (copies,) = batch.classes
    assert batch.rest == ()
    assert sorted([leaf.data for leaf in row] for row in copies.leaves) == sorted([*X.tolist(), *Y.tolist()])
    assert set(net.parameters()) == {node for node in found.nodes if not node.operands}


def moons(size: int, fused: bool) -> tuple[Value, MLP]:
    """A hinge loss with plain labels and a penalty, as the bench has it."""
    draw = random.Random(size)
    net = MLP(2, [4, 4, 1], activation="relu", output="linear", fused=fused)
    scores = [net([draw.uniform(-1, 1), draw.uniform(-1, 1)]) for _ in range(size)]
    terms = [(score * -(1.0 if i % 2 else -1.0) + 1.0).relu() for i, score in enumerate(scores)]
    return added(terms) * (1 / size) + total(w * w for w in net.parameters()) * 1e-4, net


@pytest.mark.parametrize("fused", [True, False])
def test_labels_that_are_plain_numbers_vary_and_a_penalty_stays(fused: bool) -> None:
    loss, net = moons(10, fused)
    found = found_in(loss)
    ((_, (copies,), *_),) = found.sums
    (label,) = copies.numbers
    assert label.values == (1.0, -1.0) * 5
    assert label.node.op is not None
    assert (label.node.op.name, label.slot) == ("mul", 1)  # the 1.0 that is added is the same in all
    assert len(copies.leaves) == 2
    assert len(found.nodes) == len(net.parameters()) * 2 + 5  # their squares, Σ, two scaled sums, L and the top


@pytest.mark.parametrize("order", ORDERS)
def test_the_losses_of_several_outputs_belong_to_one_example(order: str) -> None:
    net = MLP(2, [3, 2])
    terms = [losses.squared_error(net([0.1 * i, 0.5]), [0.2, 0.3 * i]) for i in range(5)]
    ((_, (copies,), *_),) = found_in(ORDERS[order](terms)).sums
    assert {root for (root,) in copies.roots} == set(terms)
    assert len(copies.leaves) == 4


@pytest.mark.parametrize("examples", [2, 3, 7])
@pytest.mark.parametrize("outputs", [2, 3, 5])
@pytest.mark.parametrize("order", ["from the left", "from the right", "balanced", "one node", "from 0"])
def test_several_outputs_in_one_running_sum_belong_together(examples: int, outputs: int, order: str) -> None:
    net, draw = MLP(2, [3, outputs]), random.Random(1)
    hs = [h for _ in range(examples) for h in net.outputs([draw.random(), draw.random()])]
    for penalty in ([], [0.1 * w * w for row in net.weights[0] for w in row]):
        terms = [(h - draw.random()) ** 2 for h in hs]
        for loss in (ORDERS[order](terms + penalty), ORDERS[order](penalty + terms)):
            ((_, (copies,), rest, _),) = found_in((loss * 0.1).sqrt()).sums
            assert {len(part) for part in copies.roots} <= {1, outputs}  # 1 where there is an addition of all of them
            assert [len(copies.roots), len(copies.leaves), len(copies.numbers)] == [examples, 2, outputs]
            assert {*penalty} <= {*rest}


def test_of_terms_that_belong_together_in_several_ways_the_largest_groups_are_copies() -> None:
    w, v = Value(0.5), Value(0.3)
    terms: list[Value] = []
    for i in range(4):
        h = (w * Value(0.1 * i)).tanh()
        for part in ((h * w).exp(), (h * v).exp()):
            terms += [part.sin(), part.cos()]
    for loss in (added(terms), total(terms)):
        ((_, (copies,), *_),) = found_in(loss).sums
        assert copies.roots == tuple(tuple(terms[at : at + 4]) for at in range(0, 16, 4))
    for _ in range(10):  # sums of two, which leave patience for it
        loss = (loss * w).tanh() + v
    assert shapes(loss) == [[(4, 1)]]


def test_examples_that_share_an_input_do_not_keep_the_others_apart() -> None:
    w, v, x, y = map(Value, (0.5, 0.3, 0.1, 0.2))
    hs = [(w * read * Value(0.1 * i)).tanh() for i, read in enumerate([x, x, y, y, *map(Value, (0.3, 0.4, 0.5))])]
    ((_, classes, rest, _),) = found_in(total((h * weight).sin() for h in hs for weight in (w, v))).sums
    assert [(len(copies.roots), len(copies.leaves)) for copies in classes] == [(2, 1), (2, 1), (3, 2)]
    assert rest == ()


def test_terms_that_are_counted_twice_are_no_copies() -> None:
    w = Value(0.5)
    hs = [(w * Value(0.1 * i)).tanh() for i in range(5)]
    once, twice = [h.sin() for h in hs], [h.cos() for h in hs]
    assert shapes(added(term for pair in zip(once, twice, twice, strict=True) for term in pair)) == []


def test_a_layer_without_hidden_ones_shares_its_inputs_only() -> None:
    net = MLP(2, [2], fused=False)
    assert shapes(added((p - 1) ** 2 for i in range(6) for p in net([0.1 * i, 0.5]))) == [[(6, 2)]]


def test_where_only_the_true_class_is_recorded_there_is_a_class_for_each_label() -> None:
    net = MLP(2, [3, 3], output="softmax")
    labels = [0, 1, 2, 0, 0, 2, 1]
    terms = [-net([0.1 * i, 0.2])[label].log() for i, label in enumerate(labels)]
    assert shapes(total(terms) / 7) == [[(3, 2), (2, 2), (2, 2)]]
    ((_, classes, *_),) = found_in(added(terms)).sums
    assert [copies.roots for copies in classes] == [
        tuple((term,) for term, mine in zip(terms, labels, strict=True) if mine == label) for label in range(3)
    ]


def test_what_examples_share_is_no_input() -> None:
    one, w, b = Value(1.0), Value(0.5), Value(0.2)
    tied = (w * w).tanh()
    terms = [(w * Value(0.1 * i) + b * one + tied).sin() for i in range(5)]
    found = found_in(added(terms) / 5)
    (copies,) = found.sums[0].classes
    assert [len(row) for row in copies.leaves] == [5]
    assert {one, w, b, tied, tied.operands[0]} <= set(found.nodes)


def test_examples_that_share_their_inputs_are_alike_among_themselves() -> None:
    w, x, y = Value(0.5), Value(1.0), Value(2.0)
    own = [(w * Value(0.1 * i) - Value(0.2)).tanh() for i in range(4)]
    same = [(w * x - y).tanh() for _ in range(3)]
    half = (w * x - Value(0.2)).tanh()
    terms = [*same[:1], *own[:2], half, *same[1:], *own[2:]]
    for order in ("from the left", "balanced", "one node"):
        ((_, classes, rest, _),) = found_in(ORDERS[order](terms)).sums
        assert {(len(copies.roots), len(copies.leaves)) for copies in classes} == {(4, 2), (3, 0)}
        assert rest == (half,)


def test_a_term_that_is_read_elsewhere_is_left_over() -> None:
    w = Value(0.5)
    terms = [(w * Value(0.1 * i)).tanh() for i in range(8)]
    inner, wide = terms[1].operands[0], logsumexp([terms[4], terms[5]] * 4)
    loss = total([*terms, terms[0], (terms[2] * w).sin(), inner.cos(), wide]) + terms[3] * 2
    ((_, (copies,), rest, _),) = found_in(loss * loss).sums
    assert copies.roots == ((terms[6],), (terms[7],))
    assert len(rest) == 11
    assert rest.count(terms[0]) == 2


@pytest.mark.parametrize(
    "loss",
    [
        Value(1.0),
        Value(1.0).tanh(),
        Value(1.0) + Value(2.0),  # leaves are no computation
        total([Value(1.0), Value(2.0), 3.0, 0.5]),
        example(*map(Value, (0.3, 2.0, 0.4, 0.5))) + 0.0,
        losses.squared_error(MLP(2, [3, 3, 1])([0.1, 0.2]), 0.3),
        total([(x := Value(0.1)).sin(), x.cos(), x.tanh(), x * x]),
        sum([example(*map(Value, (0.3, 2.0, 0.4, 0.5)))] * 3),
    ],
)
def test_where_there_is_one_example_or_none_nothing_is_found(loss: Value) -> None:
    assert batches_in(loss) is None


def test_a_single_example_may_itself_be_a_sum_of_neurons_that_are_alike() -> None:
    """Nothing says that the leaves which vary are weights, but that there are more of them than of what is shared."""
    net = MLP(2, [3, 1], activation="tanh", output="linear", fused=False)
    ((_, (copies,), *_),) = found_in((net([0.1, 0.2]) - 1.0) ** 2).sums
    assert [len(copies.roots), len(copies.leaves), len(copies.shared)] == [3, 4, 2]
    ((_, (copies,), *_),) = found_in(added((net([0.1 * i, 0.2]) - 1.0) ** 2 for i in range(5))).sums
    assert [len(copies.roots), len(copies.leaves), len(copies.shared)] == [5, 2, len(net.parameters())]


def test_the_examples_of_two_networks_are_two_classes() -> None:
    nets = [MLP(2, [3, 1], seed=seed) for seed in (0, 1)]
    terms = shuffled(((net([0.1 * i, 0.5]) - 1) ** 2 for net in nets for i in range(6)), seed=3)
    for order in sorted(ORDERS):
        ((_, classes, *_),) = found_in(ORDERS[order](terms)).sums
        assert [len(copies.roots) for copies in classes] == [6, 6]


def test_steps_of_a_recurrent_network_are_no_copies_and_its_sequences_are() -> None:
    w, u = Value(0.5), Value(0.3)

    def sequence(start: float) -> Value:
        h, terms = Value(start), []
        for i in range(4):
            h = (w * h + u * Value(0.1 * i)).tanh()
            terms.append((h - Value(0.2)) ** 2)
        return added(terms)

    assert batches_in(sequence(0.0)) is None
    assert shapes(added(sequence(0.1 * i) for i in range(5)) / 5) == [[(5, 9)]]


def test_of_sums_within_one_another_those_that_save_more_are_taken() -> None:
    net = MLP(2, [3, 1])

    def mean(size: int, at: float) -> Value:
        return total((net([0.1 * i, at]) - 1) ** 2 for i in range(size)) / size

    assert shapes(mean(5, 0.1) + mean(5, 0.2)) == [[(5, 2)], [(5, 2)]]
    assert shapes((mean(5, 0.1) + mean(5, 0.2)).sqrt() + mean(3, 0.3)) == [[(5, 2)], [(5, 2)], [(3, 2)]]
    assert shapes(mean(2, 0.1) + mean(2, 0.2)) == [[(2, 4)]]  # no worse
    assert shapes(added(mean(2, 0.1 * i) for i in range(9)) / 9) == [[(9, 4)]]
    equal = [added((w * Value(0.1 * i)).tanh() for i in range(3)).sin().cos().sin().cos() for w in [Value(0.5)] * 2]
    assert shapes(added(equal)) == [[(2, 3)]]  # the outermost
    assert shapes((mean(6, 0.1) + mean(6, 0.2)).exp() + (mean(6, 0.3) + mean(6, 0.4)).exp()) == [[(6, 2)]] * 4


def test_plain_numbers_are_compared_as_they_are_written() -> None:
    x = Value(0.5)

    def numbers(*given: float) -> list[tuple[float, ...]]:
        ((_, (copies,), *_),) = found_in(sum(((x * n).tanh() for n in given), Value(0.0))).sums
        return [number.values for number in copies.numbers]

    assert numbers(2, 2, 2) == []
    assert numbers(0.0, -0.0) == [(0.0, -0.0)]
    assert numbers(float("nan"), float("nan")) == []
    assert numbers(0.1, 0.2, 0.1) == [(0.1, 0.2, 0.1)]
    ((_, (copies,), *_),) = found_in((Value(1.5) ** 2).tanh() + (Value(2.5) ** 3).tanh()).sums
    assert [(number.slot, number.values) for number in copies.numbers] == [(1, (2.0, 3.0))]


def test_wide_nodes_with_numbers_among_their_operands() -> None:
    weights = [Value(0.1 * i) for i in range(40)]
    draw = random.Random(0)
    terms = []
    for _ in range(5):
        inputs = [Value(draw.random()) for _ in range(20)]
        hidden = [weighted_sum(weights[:20], inputs, 0.5).tanh(), weighted_sum(weights[20:], inputs, 0.5).tanh()]
        terms.append(logsumexp([*hidden, *inputs, draw.random(), draw.random()]) * max(weights))
    assert shapes(total(terms)) == [[(5, 20)]]
    ((_, (copies,), *_),) = found_in(total(terms)).sums
    assert [number.slot for number in copies.numbers] == [22, 23]


def test_what_was_computed_without_a_record_is_a_leaf() -> None:
    w = Value(0.5)
    with unrecorded():
        inputs = [Value(0.1).tanh(), Value(0.2).sin(), Value(0.3)]
    ((_, (copies,), *_),) = found_in(added((w * x).exp() for x in inputs)).sums
    assert copies.leaves == (tuple(inputs),)


def test_depth_is_data() -> None:
    w = Value(1.0)

    def chain_of(length: int, x: Value) -> Value:
        for own in [Value(1.0)] * length:
            x = x * w * own
        return x

    found = batches_in(chain_of(10_000, chain_of(20_000, Value(0.5)) + chain_of(20_000, Value(0.25))))
    assert found is not None
    assert [len(copies.nodes) for copies in found.sums[0].classes] == [40_002]
    many = batches_in(added((w * Value(0.5)).tanh() for _ in range(20_000)))
    assert many is not None
    assert len(many.sums[0].classes[0].leaves[0]) == 20_000


class Counted:
    """A node that counts how often anybody asks what it was made of."""

    asked = 0

    def __init__(self, of: Value, operands: tuple[Any, ...]) -> None:
        self.data, self.grad, self.name, self.scope, self.op, self.partials = (
            of.data,
            None,
            "",
            None,
            of.op,
            of.partials,
        )
        self.made_of = operands

    @property
    def operands(self) -> tuple[Any, ...]:
        """As a Value's, counted."""
        Counted.asked += 1
        return self.made_of

    @property
    def parents(self) -> tuple[Any, ...]:
        """As a Value's."""
        return tuple(operand for operand in self.operands if isinstance(operand, Counted))


def running(size: int, step: Callable[[Value, Value], Value], x: Value) -> Value:
    for _ in range(size):
        x = step(x, Value(0.5))
    return x


a, b = Value(0.3), Value(0.4)
SHAPES: dict[str, Callable[[int], Value]] = {
    "Horner": lambda n: running(n, lambda x, _: x * a + b, a),
    "product rule": lambda n: running(n, lambda x, _: x * a + x * b, a),
    "diamonds": lambda n: running(n, lambda x, _: x.tanh() + x.tanh(), a),
    "terms that outgrow the others": lambda n: running(n, lambda x, y: (x.tanh() + y.tanh()).tanh(), a),
    "four of them": lambda n: running(n, lambda x, y: (x.tanh() + y.tanh() + y.sin() + a).tanh(), a),
    "a batch": lambda n: added((a * Value(0.5) - b).tanh() for _ in range(n)),
    "two long copies": lambda n: (
        running(n, lambda x, y: x * y + a, b).tanh() + running(n, lambda x, y: x * y + a, b).tanh()
    ),
    "almost copies": lambda n: (
        running(n, lambda x, y: x * y + a, b).tanh() + running(n, lambda x, y: x * y + a, a).tanh()
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_node_is_looked_at_a_few_times_however_sums_are_nested(shape: str) -> None:
    for size in (200, 2000):
        made: dict[Any, Counted] = {}
        for node in Graph(SHAPES[shape](size)):
            made[node] = Counted(node, tuple(made.get(operand, operand) for operand in node.operands))
        Counted.asked = 0
        batches_in(made.popitem()[1])
        assert Counted.asked < 25 * len(made)

"""Graphs as JSON, pickles and copies; two graphs compared."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    BadGraphFile,
    Graph,
    NotAScalar,
    Value,
    diff,
    from_json,
    gradients,
    paths,
    same_graph,
    softmax,
    to_json,
    unrecorded,
    weighted_sum,
)
from autograd.schema import SCHEMA, problems
from nn import MLP, losses

from ..oracles import Program, fewer, points, programs, run


@fewer(3)
@given(program=programs(), at=points)
def test_what_is_written_and_read_is_the_same_graph(program: Program, at: list[float]) -> None:
    leaves = [Value(x, name) for x, name in zip(at, "abc", strict=True)]
    y = run(program, leaves)
    for twin in (from_json(to_json(y)).outputs[0], pickle.loads(pickle.dumps(y)), copy.deepcopy(y)):
        assert twin is not y
        assert same_graph(Graph(y), Graph(twin))
        names = [node.name for node in Graph(y)]
        assert [node.name for node in Graph(twin)] == names
        there = [leaf for leaf in leaves if leaf in Graph(y)]
        assert gradients(twin, [Graph(twin)[leaf.name] for leaf in there]) == gradients(y, there)


def network() -> Value:
    """A loss with names, scopes and gradients."""
    loss = losses.squared_error(MLP(2, [2, 1])([0.5, -1.0]), 1.0)
    loss.backward()
    return loss


def surroundings(node: Value) -> list[tuple[str, str]]:
    """Its scopes, inmost first."""
    return [(scope.kind, scope.name) for scope in node.scope.outward()] if node.scope else []


def test_all_that_a_node_knows_is_kept() -> None:
    y = network()
    twin = from_json(to_json(y)).outputs[0]
    for a, b in zip(Graph(y), Graph(twin), strict=True):
        assert (a.data, a.grad, a.name, a.op, a.partials) == (b.data, b.grad, b.name, b.op, b.partials)
        assert surroundings(a) == surroundings(b)
    assert to_json(twin) == to_json(y)
    with unrecorded():
        forgotten = y * 2
    assert from_json(to_json(forgotten)).outputs[0].op is forgotten.op


def test_numbers_that_json_does_not_have() -> None:
    third = Value(Fraction(1, 3), "x")  # type: ignore[arg-type]
    (twin,) = from_json(to_json(third * 2)).outputs
    assert twin.data == Fraction(2, 3)
    broken = Value(float("-inf")) * float("inf") + Value(float("nan"))
    assert same_graph(Graph(broken), from_json(to_json(broken)))


def test_the_schema_is_one_that_others_can_use() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(to_json(network(), *softmax([Value(1.0), Value(2.0)]))), SCHEMA)


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    if not isinstance(document, (dict, list)):
        return []
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    return [(document, key) for key in keys] + [place for key in keys for place in places(document[key])]


@given(data=st.data())
def test_our_validation_agrees_with_jsonschema_on_damaged_files(data: st.DataObject) -> None:
    document = json.loads(to_json(network()))
    holder, key = data.draw(st.sampled_from(places(document)))
    if data.draw(st.booleans()):
        holder[key] = data.draw(
            st.sampled_from([None, True, -1, 0.5, "x", "1/3", "inf\n", 10**400, [], {}, {"node": 0}, [None]])
        )
    else:
        del holder[key]
    assert bool(list(problems(document, SCHEMA))) == (not jsonschema.Draft202012Validator(SCHEMA).is_valid(document))
    with suppress(BadGraphFile):  # a graph or one clear line, and never a traceback from inside
        from_json(json.dumps(document))


def document(**changes: Any) -> str:
    """The smallest file, with something else in it."""
    whole = {"format": "pathgrad graph", "version": 1, "outputs": [0], "scopes": [], "nodes": [{"data": 1.0}]}
    return json.dumps(whole | changes)


NEGATED = {"op": "neg", "data": -1.0, "operands": [{"node": 0}], "partials": [-1]}


@pytest.mark.parametrize(
    ("text", "lesson"),
    [
        (document()[:-9], "not JSON, or not all of it: .*was the file cut off"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", 'no pathgrad graph: expected "format"'),
        (document(version=2), "of version 2, and 1 is the newest known here; update pathgrad"),
        (document(nodes=[NEGATED]), r"nodes\[0\].operands\[0\] refers to number 0.*has no cycles"),
        (document(nodes=[{"data": 1}, NEGATED | {"operands": []}]), r"nodes\[1\] needs a partial for each operand"),
        (document(nodes=[{"data": 1}, NEGATED | {"op": "mul"}]), r"nodes\[1\] applies mul to 1 operands; it takes x y"),
        (document(nodes=[{"data": 1}, NEGATED | {"op": "frob"}]), r"nodes\[1\].op is 'frob', expected one of add, sub"),
        (document(nodes=[{"data": "one"}]), r"nodes\[0\].data is 'one', expected a number"),
        (document(outputs=[1]), r"outputs\[0\] refers to number 1, but only 1 stand before it"),
        (document(scopes=[{"kind": "a", "name": "b", "outer": 0}]), r"scopes\[0\].outer refers to number 0"),
        (document().replace("1.0", "NaN"), "NaN is not JSON, write it in quotes"),
        (document(nodes=[{"data": "nan\n"}]), "expected a number"),
        (document(nodes=[{"data": 10**400}]), r"nodes\[0\].data is 1000.*too large for a float"),
        (document(nodes=[{"data": "1" * 5000 + "/3"}]), "expected a number"),
        (document(extra=1), "the document has 'extra', which is not known here"),
        ("x" * 100_000_000, "has 100,000,000 characters and the limit is 64,000,000; if you trust it"),
        (b"\xff\xfe\x00", "not JSON, or not all of it"),
        (17, "given a int, expected the text"),
    ],
)
def test_a_file_that_is_no_graph_is_refused_with_the_place(text: Any, lesson: str) -> None:
    with pytest.raises(BadGraphFile, match=lesson):
        from_json(text)


def test_only_values_are_written() -> None:
    with pytest.raises(NotAScalar):
        to_json([Value(1.0)])  # type: ignore[arg-type]


def deep(links: int = 100_000) -> tuple[Value, Value]:
    """A chain as deep as that, and its leaf."""
    x = y = Value(1.0, "x")
    for _ in range(links):
        y = y * 1.0001
    return y, x


@pytest.mark.parametrize("again", [lambda v: pickle.loads(pickle.dumps(v)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_depth_is_data_for_copies_too(again: Callable[[Any], Any]) -> None:
    y, x = deep()
    twin, leaf, inner = again((y, x, y.parents[0]))
    assert leaf is Graph(twin)["x"]  # who was the same stays the same
    assert paths(twin, inner).count == 1
    assert gradients(twin, [leaf]) == gradients(y, [x])
    assert same_graph(from_json(to_json(y)), Graph(y))


def test_a_network_and_its_loss_stay_together_in_a_copy() -> None:
    net = MLP(2, [2, 1])
    loss = losses.squared_error(net([0.5, -1.0]), 1.0)
    other, its_loss = copy.deepcopy((net, loss))
    assert other.weights[0][0][0] in Graph(its_loss)
    assert other.weights[0][0][0] not in Graph(loss)
    assert copy.copy(loss).parents == loss.parents


def test_structure_is_compared_without_names_and_with_numbers() -> None:
    a, b, c = Value(1.0, "a"), Value(2.0), Value(1.0)
    assert same_graph(Graph(a * b), Graph(c * Value(2.0, "w")))
    assert not same_graph(Graph(a * b), Graph(b * a))  # 1 × 2 is not 2 × 1
    assert not same_graph(Graph(a * a), Graph(a * c))  # nor is a square the product of two
    assert not same_graph(Graph(a * 2), Graph(a * 3))
    assert not same_graph(Graph(weighted_sum([a], [b])), Graph(a * b))


def test_what_changed_is_told_by_name() -> None:
    def made(w: float, power: int) -> Graph[Value]:
        x, weight = Value(1.0, "x"), Value(w, "w")
        h = (x * weight + 1).named("h")
        return Graph((h**power).named("y"), *([] if power == 2 else [(h * 2).named("twice")]))

    assert not diff(made(1.0, 2), made(1.0, 2))
    told = diff(made(1.0, 2), made(2.0, 3))
    assert str(told).splitlines() == [
        "+ twice",
        "w: value 1.0 → 2.0",
        "h: value 2.0 → 3.0",
        "y: value 4.0 → 27.0",
        "y: formula h² → h³",
    ]
    assert diff(made(1.0, 3), made(1.0, 2)).removed == ("twice",)
    x = Value(1.0, "x")
    doubled, tripled = (x * 2).named("h") + x.exp().named("h"), (x * 3).named("h") + x.exp().named("h")
    doubled.backward()
    assert "h: value 2.0 → 3.0" in str(diff(doubled, tripled))
    assert "h (2): gradient 1.0 → None" in str(diff(doubled, tripled))
    assert "output: value" in str(diff(doubled, tripled))

"""Part of a large graph: near a node, between two, only the paths; and a polite word where it is too large."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Graph, NotInGraph, TooMany, UnknownChoice, Value, WrongShape, fold, paths
from nn import MLP, losses
from viz import draw, selection
from viz.render import layout
from viz.theme import LIGHT
from viz.typeset import plain


@pytest.fixture
def loss() -> Value:
    """The loss of a 4-3-2-1 network."""
    return losses.squared_error(MLP(4, [3, 2, 1], bias=False, seed=2)([0.5, -1.0, 0.25, 2.0]), 1.0)


def titles(y: Any, **options: Any) -> set[str]:
    """The boxes of a picture."""
    return {plain(box.title).split(" =")[0] for box in draw(y, level="neuron", **options).picture.boxes}


def test_what_is_near_a_node(loss: Value) -> None:
    graph = Graph(loss)
    assert titles(loss, around=graph["h₃₁"], radius=1) == {"h₃₁", "h₂₁", "h₂₂", "L"}
    assert titles(loss, around=graph["h₃₁"], radius=0) == {"h₃₁"}
    drawn = draw(loss, level="neuron", around=graph["L"], radius=1)
    assert plain(drawn.picture.key).startswith("2 of 11 nodes")
    assert len(drawn.picture.arrows) == 1


def test_what_lies_between_two(loss: Value) -> None:
    graph = Graph(loss)
    assert titles(loss, between=(graph["h₃₁"], graph["h₁₁"])) == {"h₃₁", "h₂₁", "h₂₂", "h₁₁"}
    with pytest.raises(WrongShape, match=r"between: h₁₁ was not made from h₃₁; give the later one first"):
        draw(loss, level="neuron", between=(graph["h₁₁"], graph["h₃₁"]))


def test_only_the_paths(loss: Value) -> None:
    w = Graph(loss)["w₁₁₁"]
    assert titles(loss, highlight=paths(loss, w), only="paths") == {"L", "h₃₁", "h₂₁", "h₂₂", "h₁₁", "w₁₁₁"}
    with pytest.raises(NotInGraph, match="only='paths': none are highlighted; write highlight="):
        draw(loss, only="paths")
    with pytest.raises(UnknownChoice, match="no choice of only 'some'; choose one of: all, paths"):
        draw(loss, only="some")


def test_too_large_a_picture_is_refused_with_the_ways_out() -> None:
    x = y = Value(1.0, "x")
    for _ in range(selection.MOST):
        y = y * 1.0
    said = r"there are 10,001 nodes, and a picture holds 10,000; take level='neuron'.*around=node.*only='paths'"
    with pytest.raises(TooMany, match=said):
        draw(y)
    assert len(draw(y, around=x, radius=3).picture.boxes) == 4


def test_a_large_picture_is_laid_out_without_graphviz_and_without_a_word(
    monkeypatch: pytest.MonkeyPatch, loss: Value
) -> None:
    monkeypatch.setattr(layout, "_drawn", lambda *_: pytest.fail("Graphviz was asked"))
    monkeypatch.setattr(layout, "MOST_BOXES", 10)
    placed = layout.layout(draw(loss).picture, LIGHT)
    assert placed.note == ""
    assert len(placed.boxes) == len(Graph(loss))


def test_what_cannot_be_chosen_is_said(loss: Value) -> None:
    with pytest.raises(WrongShape, match="radius: given -1, expected a whole number from 0"):
        draw(loss, around=loss, radius=-1)
    with pytest.raises(WrongShape, match=r"between: given Value.*, expected two nodes"):
        draw(loss, between=loss)  # type: ignore[arg-type]
    with pytest.raises(NotInGraph, match="around: a₁₁ is folded away at the level 'neuron'"):
        draw(loss, level="neuron", around=Graph(loss)["a₁₁"])
    assert len(draw(fold(Graph(loss), "neuron").outputs[0], around=loss, radius=1).picture.boxes) == 3

"""Labels that mean something to a format: each is found again in it, as it was given, and none is obeyed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pydot
import pygraphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Graph, Value, paths
from nn import MLP, losses
from viz import draw, network
from viz.drawing import Drawing
from viz.picture import Arrow, Box, Heading, Panel, Picture
from viz.render.html import page
from viz.story import Section, Story, Table
from viz.theme import LIGHT
from viz.typeset import LONGEST, Run, clean, name, plain

SVG, XML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/XML/1998/namespace}"
ODD = [
    *("<b>&amp;", "<html>", "]]>", "<!-- a -->", "-->", "</script><script>alert(1)</script>", '"><g onload="f()">'),
    *("javascript:alert(1)", "![x](http://a.test/b.png)", "**b**", "1. step", "a`b", "fa:fa-car", "%%{init: {}}%%"),
    *("{a|b}", "a:b:n", "a\\b", "end\\", "\\", "\\\\", "\\N", "\\G and \\l\\r\\n", '\\"', 'say "x" \'y\'', "&#65;"),
    *("50 % #1 $x$ _a ^b ~c & {d}", "^^M", "--- ,, << >> `` '' !`", "%s {0}", "$₁", "%₂", "₁", "{₃", "a ₂", "end"),
    *("🙂", "👨\u200d👩\u200d👧", "שלום", "א", "مرحبا بالعالم = 5", "abc\u202edef\u2066", "e\u0301\u0323", "日本語"),
    *("x² – … ŷ ≈ ĸ", "a\nb\r\nc\td", "a\u2028b", "\x1b[31m", "\x00", "\x7f\x9b", "\ud800x\udfff", "\ufffe"),
    *("#35;", "\u200b", "a\u00a0b", "z" * 10_000),
]  # fmt: skip
SCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ", "0123456789-0123456789T")


def drawn(label: str) -> Drawing:
    """A node of this name, used by another."""
    return draw((Value(1.0, label) * 2).named("y"))


def shown(label: str) -> str:
    """The label as it is to be read in a picture."""
    return plain(name(label)) if label else "1"


def texts(svg: str) -> list[str]:
    """The texts of an SVG, true scripts as digits."""
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()).translate(SCRIPTS) for text in root.iter(f"{SVG}text")]


def label_in_dot(written: str) -> list[str]:
    """The lines of a label like HTML, its escapes undone."""
    rows = ElementTree.fromstring(written[1:-1] if written.startswith("<<") else written).iter("tr")
    return ["".join(row.itertext()).replace("\\\\", "\\").translate(SCRIPTS) for row in rows]


def found_again(label: str) -> None:
    """The label stands in every format, as a parser that is not ours reads it."""
    drawing, expected = drawn(label), shown(label)
    flat = expected.translate(SCRIPTS)
    assert flat in texts(drawing.svg)
    titles = ["".join(run["text"] for run in box["title"]) for box in json.loads(drawing.json)["boxes"]]
    assert flat in [title.translate(SCRIPTS) for title in titles]
    assert expected.strip() in drawing.text
    decoded = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), drawing.mermaid)
    assert f'n0["{expected}<br/>1' in decoded
    graph = pygraphviz.AGraph(string=drawing.dot)
    assert flat in [line for node in graph.nodes() for line in label_in_dot(node.attr["label"])]


@pytest.mark.filterwarnings("ignore:.* deprecated - use:DeprecationWarning")  # pydot's, of pyparsing
@pytest.mark.parametrize("label", ODD)
def test_odd_labels_are_found_again_in_every_format(label: str) -> None:
    found_again(label)
    nodes = [node for graph in pydot.graph_from_dot_data(drawn(label).dot) or () for node in graph.get_nodes()]
    written = [node.get("label") for node in nodes if node.get_name() not in ("node", "edge")]
    assert shown(label).translate(SCRIPTS) in [line for text in written for line in label_in_dot(text)]


@given(st.text())
def test_any_label_is_found_again_in_every_format(label: str) -> None:
    found_again(label)


def everything() -> Picture:
    """All odd labels on boxes, arrows, tips, frames and around them."""
    labels = list(map(clean, ODD))
    boxes = [Box(f"n{i}", name(label), tip=label, lines=((Run(label[:LONGEST]),),)) for i, label in enumerate(labels)]
    arrows = [Arrow("n0", box.id, label[:LONGEST], tip=label) for box, label in zip(boxes[1:], labels[1:], strict=True)]
    panels = tuple(Panel((Run(label[:LONGEST]),), (((Run("1"),), ()),)) for label in labels)
    key = tuple(Run(label[:LONGEST]) for label in labels)
    return Picture(
        "all\nof % them", "odd", (*boxes, Box("bare", (), shape="bare")), tuple(arrows), key=key, panels=panels
    )


def test_graphviz_writes_odd_labels_as_they_are() -> None:
    r"""Parsed is not drawn: Graphviz replaces \N and &amp; when it draws."""
    graph = pygraphviz.AGraph(string=Drawing(everything(), LIGHT).dot)
    said = [text.replace("\xa0", " ") for text in texts(graph.draw(format="svg", prog="dot").decode())]
    whole = [label for label in map(clean, ODD[1:-1]) if label == label.translate(SCRIPTS)]
    for label in whole:  # as a name, as a line below it, on an arrow and as the title of a panel
        assert said.count(label.replace("\xa0", " ")) >= 4, label


def test_names_that_run_to_the_left_do_not_turn_what_follows() -> None:
    assert clean("שלום = 2") == "שלום\u200e = 2"
    assert clean("שלום עולם → א") == clean(clean("שלום עולם → א")) == "שלום עולם\u200e → א\u200e"
    assert clean("a\u202eb\u2067c\u2028\x9b") == "a\ufffdb\ufffdc \ufffd"
    assert ElementTree.fromstring(drawn("א").svg).get("direction") == "ltr"


def test_long_names_are_shortened_in_boxes_and_whole_in_tips() -> None:
    long = "a" * 5000 + "b" * 5000
    drawing = drawn(long)
    assert f"{'a' * 24}…{'b' * 23}" in texts(drawing.svg)
    assert float(re.findall(r' width="([\d.]+)"', drawing.svg)[0]) < 1200
    assert long in drawing.svg
    assert long in drawing.json


def test_nodes_of_one_name_stay_apart() -> None:
    drawing = draw(Value(1.0, "a") * Value(2.0, "a"))
    assert len(drawing.picture.boxes) == len(pygraphviz.AGraph(string=drawing.dot).nodes()) == 3
    assert texts(drawing.svg).count("a") == 2


PLACED, PAINTED = {"x", "y", "width", "height"}, {"fill", "stroke", "stroke-width"}
ALLOWED = {
    "svg": {"id", "role", "direction", "aria-labelledby", "font-family", "fill", "viewBox", "width", "height"},
    "title": {"id"},
    "desc": {"id"},
    "g": set[str](),
    "rect": PLACED | PAINTED | {"rx", "fill-opacity"},
    "path": PAINTED | {"d", "stroke-dasharray"},
    "polygon": {"points", "fill"},
    "text": {"x", "y", "font-size", "text-anchor", "fill", "font-weight", f"{XML}space"},
    "tspan": {"font-style", "font-size", "fill", "dx", "dy"},
}


def pictures() -> Iterator[Drawing]:
    """Pictures of all kinds."""
    loss = losses.squared_error(MLP(3, [2, 1])([1.0, 2.0, 3.0]), 1.0)
    loss.backward()
    yield Drawing(everything(), LIGHT)
    yield draw(loss, level="neuron", highlight=paths(loss, Graph(loss)["w₁₁₁"]))
    yield draw(loss, level="layer", theme="dark", size="slide")
    yield draw(loss, budget=True, theme="contrast")
    yield network([9, 3, 1], theme="print")
    yield draw((Value(-1.0, "x").log() * 2).named("L"))


def test_a_picture_has_nothing_but_shapes_and_texts() -> None:
    for drawing in pictures():
        for element in ElementTree.fromstring(drawing.svg).iter():
            tag = element.tag.removeprefix(SVG)
            assert set(element.attrib) <= ALLOWED[tag], tag
            assert not re.search(r"url\(|:", "".join(element.attrib.values()))
        assert "<!" not in drawing.svg
        assert "<?" not in drawing.svg
        assert "%%{" not in drawing.mermaid  # which would be an instruction, even in a comment


class Tags(HTMLParser):
    """The elements of a page and their attributes, as a browser's parser finds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one down."""
        self.found.add(tag)
        self.attributes |= {key for key, _ in attrs}


def test_a_page_has_no_script_and_asks_for_nothing() -> None:
    def story(labels: list[str]) -> str:
        sections = [Section(label, label, Table("l", (label,), ((label,),)), label) for label in labels]
        return page(Story(labels[0], labels[0], everything(), tuple(sections)))

    odd, plain_one = Tags(story(list(map(clean, ODD)))), Tags(story(["a"]))
    assert odd.found == plain_one.found | {"sub"}
    assert odd.attributes == plain_one.attributes
    assert not {"script", "foreignobject", "iframe", "img", "link", "object", "a", "use", "image"} & odd.found
    assert not [key for key in odd.attributes if key.startswith("on") or key in ("href", "src", "xlink:href", "style")]
    assert html.escape("</script><script>alert(1)</script>", quote=False) in story(list(map(clean, ODD)))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
def test_latex_typesets_every_label_also_within_another_document(tmp_path: Path) -> None:
    # With all its panels the picture would be wider than TeX can measure.
    Drawing(replace(everything(), panels=()), LIGHT).save(tmp_path / "odd.tex")
    _, *others = pictures()
    for place, drawing in enumerate(others):
        drawing.save(tmp_path / f"{place}.tikz")
    inputs = "\n\n".join(f"\\input{{{place}.tikz}}" for place in range(len(others)))
    preamble = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\usepackage{tikz}"
    (tmp_path / "many.tex").write_text(f"{preamble}\\begin{{document}}{inputs}\\end{{document}}", encoding="utf-8")
    for document in ("odd", "many"):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", document]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        log = done.stdout.decode(errors="replace")
        assert done.returncode == 0, re.findall("^!.*", log, re.MULTILINE)
        assert document != "odd" or "(1 page," in log


def test_dot_and_mermaid_show_what_is_shown_otherwise() -> None:
    boxes = (
        Box("a", (Run("a", "italic"),), shape="round", column=0),
        Box("b", (Run("b"),), "nan", lines=((Run("more", "quiet"),),), ink="alarm", column=1),
        Box("c", (Run("c"),), shape="bare", column=2),
    )
    arrows = (Arrow("a", "b", share=-1), Arrow("b", "c", share=0.5))
    around = Panel((Run("W"),), (((Run("1"),), (Run("2"),)),))
    picture = Picture(
        "t", "d", boxes, arrows, headings=(Heading((Run("inputs"),), 0),), panels=(around,), direction="down"
    )
    drawing = Drawing(picture, LIGHT)
    graph = pygraphviz.AGraph(string=drawing.dot)
    a, b, c = (graph.get_node(id).attr for id in "abc")
    assert (a["shape"], b["peripheries"], c["shape"]) == ("circle", "2", "plaintext")
    assert label_in_dot(b["label"]) == ["b", "nan", "more"]
    assert label_in_dot(graph.graph_attr["label"]) == ["t", "inputs", "W", "1  2"]
    assert graph.graph_attr["rankdir"] == "TB"
    styles = {edge: (edge.attr["style"], edge.attr["penwidth"]) for edge in graph.edges()}
    assert styles == {("a", "b"): ("dashed", "6.00"), ("b", "c"): ("", "3.50")}
    lines = drawing.mermaid.splitlines()
    assert {"flowchart TB", '    a(("a"))', '    b[["b<br/>nan<br/>more"]]', '    c["c"]'} <= set(lines)
    assert f"    linkStyle 0 stroke:{LIGHT.quiet},stroke-width:6px,stroke-dasharray:6 3" in lines
    assert lines[-3:] == ["    %% inputs", "    %% W", "    %% 1  2"]

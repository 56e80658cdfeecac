"""The page of a program beside its scalar graph: what `program.beside` says, entry by entry, in a real browser too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page as BrowserPage

import viz
from autograd import NotVectorized, Program, UnknownChoice, Value, WrongShape, vectorize
from nn import MLP, losses
from viz.beside import BYTES
from viz.board import ends
from viz.entries import STATEMENTS, board_of
from viz.typeset import LOWERED

from ..autograd.test_equations_of_programs import random_program
from ..browser import needs_browser, new_page

HOSTILE = ("<b>&\"'", "</script><script>alert(1)</script>", "--> ]]>", "a + b", "{x}", "σ²")


def program_of(widths: list[int], loss: str = "squared_error") -> Program:
    """The program of a network that ran on one example."""
    net = MLP(widths[0], widths[1:], seed=0)
    x = [Value(0.1 * k - 0.2, f"x{k}") for k in range(widths[0])]
    y = [Value(0.5 / (1 + k), f"y{k}") for k in range(widths[-1])]
    return vectorize(losses.total_loss(loss, net.outputs(x), y), [*x, *y])


def batch_of(program: Program, m: int) -> Any:
    """Some examples."""
    return np.random.default_rng(0).uniform(0.1, 0.9, (len(program.leaves[0]), m))


class Reader(HTMLParser):
    """What a page says of each entry, scripts lowered and raised again; its tags match, and it asks for nothing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.met = list[tuple[str, str]](), list[str]()
        self.said, self.reads = dict[str, list[str]](), dict[str, dict[str, str]]()
        self.ids, self.labels, self.links = list[str](), list[str](), list[str]()
        self.entry, self.inside = "", False
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing is loaded, and no attribute runs."""
        given = {name: value or "" for name, value in attrs}
        assert not {"src", "style", "onload", "onclick"} & set(given)
        self.met.append(tag)
        if tag not in ("meta",):
            self.open.append((tag, given.get("class", "")))
        if given.get("class") == "entry":
            self.entry = given["data-entry"]
            self.said[self.entry], self.reads[self.entry] = [], json.loads(given["data-reads"])
        if tag in ("td", "p") and self.entry:
            self.said[self.entry].append("")
            self.inside = True
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.labels += [given["aria-label"]] if tag == "button" else []

    def handle_endtag(self, tag: str) -> None:
        """What was opened last is closed."""
        opened, kind = self.open.pop()
        assert opened == tag
        if kind == "entry":
            self.entry = ""
        if tag in ("td", "p"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        """Text, as plain text has it."""
        if self.entry and self.inside:
            self.said[self.entry][-1] += data.translate({"sub": LOWERED, "sup": RAISED}.get(self.open[-1][0], {}))


RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def lined_up(text: str) -> str:
    """The text with what stands below before what stands above it, as in plain text."""
    return re.sub("([⁰¹²³⁴-⁹⁽⁾]+)([₀-₉]+(?:,[₀-₉]+)*)", r"\2\1", text)


PROGRAMS = {
    "2-2-1": (program_of([2, 2, 1], "binary_cross_entropy"), None),
    "4-3-2-1": (program_of([4, 3, 2, 1]), 3),
    "3-4-3": (program_of([3, 4, 3], "cross_entropy"), 2),
    **{f"random {seed}": (random_program(seed), 2) for seed in range(12)},
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_page_says_of_every_entry_what_the_program_says(name: str) -> None:
    program, m = PROGRAMS[name]
    batch = None if m is None else batch_of(program, m)
    reader, arrays = Reader(viz.beside(program, batch).html), program.arrays(batch)
    first, seen = program.beside(program.plan.arrays[0].name, None, batch), set()
    for array in program.plan.arrays:
        for row, column in product(*map(ends, arrays[array.name].shape)):
            if row is None or column is None:
                continue
            found = first.also(array.name, (row, column))
            if found.forward is None:
                assert reader.said[found.place.entry][0] == found.place.scalar
            for written in filter(None, (found.forward, found.backward)):
                seen.add(written.place.entry)
                said = list(map(lined_up, reader.said[written.place.entry]))
                assert said[:3] == [written.place.entry, "=", written.arrays]
                assert said[3:6] == [written.place.scalar, "=", written.scalars]
                assert said[8].startswith(written.numbers)
                assert tuple(said[9:]) == written.says
                reads = reader.reads[written.place.entry]
                assert set(reads) <= {read.entry for read in written.reads}
                for entry in (read.entry for read in written.reads):
                    shape = arrays[entry.partition("[")[0]].shape
                    places = map(int, re.findall(r"\d+", entry.partition("[")[2]))
                    assert (entry in reads) == all(k in ends(n) for k, n in zip(places, shape, strict=True))
    assert seen <= set(reader.said)
    assert len(set(reader.ids)) == len(reader.ids)
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_what_meets_in_a_sum_has_the_same_number() -> None:
    program = program_of([2, 3, 2])
    reads = Reader(viz.beside(program).html).reads
    assert reads["dA1[1, 0]"] == {"W2[0, 1]": "1", "dZ2[0, 0]": "1", "W2[1, 1]": "2", "dZ2[1, 0]": "2"}
    assert reads["Z1[2, 0]"] == {
        "W1[2, 0]": "1",
        "A0[0, 0]": "1",
        "W1[2, 1]": "2",
        "A0[1, 0]": "2",
        "b1[2, 0]": "",
    }


def test_what_is_turned_has_columns_for_rows_and_stands_as_it_is_as_well() -> None:
    ways = [way for ways in board_of(program_of([2, 3, 2])).arrays for way in ways]
    (back,) = (way for way in ways if way.gives.name == "dA1")
    turned, other, whole = back.reads
    assert [grid.title for grid in back.reads] == ["W2.T", "dZ2", "W2"]
    assert [grid.size for grid in back.reads] == [
        "3 inputs × 2 neurons",
        "2 neurons × 1 example",
        "2 neurons × 3 inputs",
    ]
    assert (turned.shown, whole.shown) == (((0, 1, 2), (0, 1)), ((0, 1), (0, 1, 2)))
    assert turned.at(2, 0) is whole.at(0, 2) is not None
    assert other.at(2, 0) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_names_cannot_break_out_of_the_page(name: str) -> None:
    x, w = Value(1.0, "x"), Value(float("inf"), name)
    page = viz.beside(vectorize(((w * x).tanh() - 1) ** 2, [x], kind="arrays")).html
    reader = Reader(page)
    assert reader.met.count("script") == page.count("</script>") == 1
    assert any(label.endswith(f"[0, 0]: {name} = inf") for label in reader.labels)


def test_of_a_large_network_the_corners_are_shown_and_that_is_said() -> None:
    page = viz.beside(program_of([64, 32, 10])).html
    reader = Reader(page)
    assert len(page) < 400_000
    assert "Of more than 6 rows or columns, and of many statements, the first and the last are shown" in page
    assert "32 neurons × 64 inputs" in page
    assert "2,410 parameters" in page
    assert sum(entry.startswith("dW1[") for entry in reader.said) == 25
    assert {"dW1[31, 63]", "dW1[3, 3]"} <= set(reader.said)
    assert "dW1[4, 0]" not in reader.said
    assert reader.reads["Z1[31, 0]"]["A0[63, 0]"] == "64"
    assert "Of more than 6" not in viz.beside(program_of([6, 6, 1])).html


def test_of_very_many_statements_the_first_and_the_last_are_shown() -> None:
    w, state = Value(0.5, "w"), Value(0.1, "h")
    inputs = [Value(0.1 * k, f"x{k}") for k in range(40)]
    for x in inputs:
        state = (w * state + x).tanh()
    program = vectorize(state, inputs, kind="arrays")
    page = viz.beside(program).html
    assert len(program.plan.computed) > STATEMENTS
    assert page.count("⋮</li>") == 1 + (len(program.sweep.statements) > STATEMENTS)
    assert "#L" in Reader(page).links


@pytest.mark.parametrize("batch", [None, "x"])
def test_where_there_is_next_to_nothing(batch: str | None) -> None:
    x = Value(2.0, "x")
    for loss in (x, x * x):
        page = viz.beside(vectorize(loss, [x] if batch else None, kind="arrays"))
        assert Reader(page.html).said
        assert ("m = 1 example" in repr(page)) is bool(batch)


def test_what_is_no_program_of_arrays_is_refused() -> None:
    x = Value(2.0, "x")
    with pytest.raises(WrongShape, match=r"beside: given Value\(2.0, 'x'\), expected a program; write viz.beside\("):
        viz.beside(x)  # type: ignore[arg-type]  # which is refused
    with pytest.raises(NotVectorized):
        viz.beside(vectorize(x * x, kind="lines"))
    with pytest.raises(WrongShape, match="batch: given"):
        viz.beside(program_of([2, 1]), [[1.0, 2.0]])


def test_it_is_saved_whole_and_shown_in_notebooks(tmp_path: Path) -> None:
    page = viz.beside(program_of([2, 2, 1]))
    assert repr(page) == "<Page: 5 statements forward and 6 back; 9 parameters; m = 1 example>"
    assert page.save(tmp_path / "a.html").read_text(encoding="utf-8") == page.html
    with pytest.raises(UnknownChoice, match=r"there is no format of a page '.pdf'; choose one of: .html"):
        page.save(tmp_path / "a.pdf")
    with pytest.raises(viz.Unwritable):
        page.save(tmp_path / "a.html" / "b.html")
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]
    shown = page._repr_mimebundle_()
    assert list(shown) == ["text/html", "text/plain"]
    (frame,) = Frames(shown["text/html"]).found
    assert frame == page.html
    large = viz.Page("x" * (BYTES + 1), "large")
    assert large._repr_mimebundle_() == {
        "text/plain": "<Page: large>\ntoo large for a notebook's file; .save('beside.html') writes it"
    }


class Frames(HTMLParser):
    """The pages within the frames of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Each frame's page."""
        self.found.append(dict(attrs)["srcdoc"] or "")


def test_the_command_writes_the_notes_network_and_expressions(run: Any, tmp_path: Path) -> None:
    done = run("beside")
    assert (done.code, done.out, done.err) == (0, "written: beside.html\n", "")
    page = (tmp_path / "beside.html").read_text(encoding="utf-8")
    assert "7 statements forward and 6 back · 20 parameters · m = 3 examples" in page
    assert {"dW1[2, 3]", "dZ1[2, 2]"} <= set(Reader(page).said)
    done = run("beside", "-(tanh(w*x1 + b) - y)**2", "w=0.5", "x1=1", "b=0", "y=1", "--batch", "x1, y", "-o", "a.html")
    assert (done.code, done.out) == (0, "written: a.html\n")
    assert "2 parameters · m = 1 example" in (tmp_path / "a.html").read_text(encoding="utf-8")
    run("beside", "x*y", "x=1", "y=2", "-o", "b.html")
    assert "2 parameters<" in (tmp_path / "b.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x*y", "x=1", "y=2", "--batch", "k"], "k"),
        (["x*y", "x=1", "y=2", "--batch", "x,x"], "is given twice; batch= lists each leaf that varies once"),
        (["-o", "a.pdf"], "there is no format of a page '.pdf'; choose one of: .html"),
        (["-o", "/dev/null/a.html"], "cannot write"),
    ],
)
def test_what_the_command_cannot_do_is_one_line(run: Any, arguments: list[str], said: str, tmp_path: Path) -> None:
    done = run("beside", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPage]:
    """The page of the 4-3-2-1 network with three examples, open."""
    program = program_of([4, 3, 2, 1])
    file = viz.beside(program, batch_of(program, 3)).save(tmp_path_factory.mktemp("page") / "beside.html")
    with new_page() as shown:
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: asked.append(message.text))
        shown.on("pageerror", lambda error: asked.append(str(error)))
        shown.goto(file.as_uri())
        yield shown
        assert set(asked) == {file.as_uri()}


def chosen(page: BrowserPage) -> tuple[str, list[str]]:
    """The statement and the entries that are seen."""
    (statement,) = page.locator("nav [aria-current=true]").all()
    seen = [entry for entry in page.locator(".entry").all() if entry.is_visible()]
    return statement.get_attribute("aria-label") or "", [entry.get_attribute("data-entry") or "" for entry in seen]


@needs_browser
def test_an_entry_is_chosen_by_clicks_and_by_keys(browser_page: BrowserPage) -> None:
    page = browser_page
    back = "dZ1 = W2.T @ dZ2 * A1 * (1 - A1)"
    page.reload()
    assert chosen(page) == (back, ["Z1[0, 0]", "dZ1[0, 0]"])
    page.click("#dZ1 .gives [data-cell='dZ1[1, 2]']")
    assert chosen(page) == (back, ["Z1[1, 2]", "dZ1[1, 2]"])
    marked = page.eval_on_selector_all("#dZ1 [data-read]", "all => all.map(e => [e.dataset.cell, e.dataset.read])")
    column = [["dZ2[0, 2]", "1"], ["dZ2[1, 2]", "2"]]
    assert sorted(marked) == sorted(
        [*[["W2[0, 1]", "1"], ["W2[1, 1]", "2"]] * 2, *column, ["A1[1, 2]", ""]]
    )  # W2 stands there twice, also turned
    for key, entry in (
        ("ArrowDown", "[2, 2]"),
        ("ArrowDown", "[2, 2]"),
        ("ArrowLeft", "[2, 1]"),
        ("ArrowUp", "[1, 1]"),
    ):
        page.keyboard.press(key)
        assert chosen(page) == (back, [f"Z1{entry}", f"dZ1{entry}"])
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.click("nav a[href='#Z1']")
    assert chosen(page) == ("Z1 = W1 @ A0 + b1", ["Z1[1, 1]", "dZ1[1, 1]"])
    page.keyboard.press("ArrowDown")
    assert chosen(page)[0] == "A1 = sigmoid(Z1)"
    page.click("nav a[href='#dZ1']")
    page.click("#dZ1 .reads [data-cell='dZ2[1, 1]']")
    assert chosen(page) == ("dZ2 = W3.T @ dZ3 * A2 * (1 - A2)", ["Z2[1, 1]", "dZ2[1, 1]"])


@needs_browser
def test_every_entry_is_reached_by_tab_and_arrows_and_has_a_name(browser_page: BrowserPage) -> None:
    page = browser_page
    page.reload()
    stops = page.eval_on_selector_all("#dZ1 button", "all => all.filter(b => b.tabIndex === 0).map(b => b.ariaLabel)")
    assert len(stops) == 1 + 2 * 2 + 2 + 1
    assert all(re.fullmatch(r"\w+\[\d, \d\]: .+ = −?[\d.e−]+", stop) for stop in stops)
    page.evaluate("document.querySelectorAll('nav a').forEach(link => link.click())")
    assert page.eval_on_selector_all(
        ".gives", "all => all.every(g => g.querySelectorAll('[tabindex=\"0\"]').length === 1)"
    )


@needs_browser
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_sticks_out_and_nothing_is_small(browser_page: BrowserPage, width: int) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    for link in page.locator("nav a").all():
        link.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll("body *")]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
        )
        assert smallest >= 14
    page.set_viewport_size({"width": 1280, "height": 800})


@needs_browser
def test_it_is_dark_where_that_is_wanted_and_light_on_paper(browser_page: BrowserPage) -> None:
    page = browser_page
    seen = {}
    for scheme, media in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        page.emulate_media(color_scheme=scheme, media=media)  # type: ignore[arg-type]  # these are such words
        seen[scheme, media] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light", media="screen")
    assert seen["light", "screen"] == seen["dark", "print"] == "rgb(255, 255, 255)"
    assert seen["dark", "screen"] != seen["light", "screen"]


@needs_browser
def test_without_a_script_everything_is_there(browser_page: BrowserPage, tmp_path: Path) -> None:
    browser = browser_page.context.browser
    assert browser is not None
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(viz.beside(program_of([2, 2, 1])).save(tmp_path / "beside.html").as_uri())
    assert page.locator(".entry").count() > 20
    assert all(entry.is_visible() for entry in page.locator(".entry").all())
    page.click("nav a[href='#dZ1']")
    assert page.url.endswith("#dZ1")

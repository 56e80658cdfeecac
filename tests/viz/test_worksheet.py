"""Worksheets: every question in every form, formulas that a real engine typesets, pages that print, and the command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Page

from autograd import Graph, UnknownChoice, Value, fold, maximum, to_json, weighted_sum
from autograd.quiz import Quiz, quiz
from nn import MLP, losses
from viz.given import graph_of
from viz.typeset import LOWERED, number
from viz.worksheet import worksheet

from ..browser import needs_browser, new_page

KATEX = Path("/usr/share/javascript/katex/katex.min.js")  # where Debian's libjs-katex has it
SCRIPT = Path(sys.executable).parent / "pathgrad"
TOY = ["f = 2*x; g = tanh(x); k = exp(f*g)", "x=0.5"]
FORMS = ("text", "markdown", "latex", "html")
HOSTILE = [r"a_b", "50 %", r"\x{y}^2~#&$", "<script>alert(1)</script>", "</style>", "*bold*", "- [x](y)", "σ²", "x(2)"]
HOSTILE += ["two\nlines", "`code`", "∂y/∂x", "&amp;", "what \x00\x0c"]


def toy(count: int = 10, seed: int = 0) -> Quiz:
    """Questions about the notes' toy example."""
    return quiz(graph_of(TOY[0], TOY[1:], None).outputs[0], count=count, seed=seed)


def hostile() -> Iterator[Quiz]:
    """Quizzes with everything that a form could stumble over."""
    for name in HOSTILE:
        x, w = Value(-1.5e-9, name), Value(123456.789, "θ")
        y = ((x * w).exp() / (3 + x) + weighted_sum([x, 2.0], [w, x]) ** 3 - maximum(x, w).relu()).named(f"{name}!")
        yield quiz(y * Value(float("-inf"), "∞"), count=25)
        yield quiz(y, count=25)


def quizzes() -> Iterator[Quiz]:
    """Quizzes of every kind of graph."""
    yield from hostile()
    yield toy(count=25)
    L = losses.squared_error(MLP(4, [3, 2, 1], seed=0)([0.3, -0.6, 0.9, 0.5]), 1.0)
    yield quiz(L, count=25)
    for level in ("neuron", "layer"):
        yield quiz(fold(Graph(L), level).outputs[0], count=25)


class Reader(HTMLParser):
    """What an HTML page says, and whether its tags match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.open, self.met = "", list[str](), set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing is asked for, and nothing runs."""
        self.met.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onload", "style"}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """What was opened last is closed."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Subscripts as in plain text."""
        self.text += data.translate(LOWERED) if self.open[-1:] == ["sub"] else data


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", [True, False])
def test_every_question_is_there_with_its_choices_and_the_key_if_wanted(form: str, key: bool) -> None:
    made = toy(count=9)
    written = worksheet(made, form, key)
    text = Reader(written).text if form == "html" else written
    sheet, heading, answers = text.partition("Answer key, seed 0")
    assert bool(heading) is key
    minus = "-" if form == "latex" else "−"
    for place, question in enumerate(made.questions, 1):
        assert f"{place}." in sheet
        values = [number(choice.value).replace("−", minus) for choice in question.choices]
        choices = r"[^(]*?".join(rf"\({letter}\) \$?{re.escape(v)}\b" for letter, v in zip("abcd", values, strict=True))
        assert re.search(choices, sheet, re.DOTALL), question.text
        if form in ("text", "markdown"):
            assert question.text in re.sub(r"\n +", " ", sheet)
        if key:
            right = values[question.right]
            assert re.search(rf"{place}\.[ *}}]*\({'abcd'[question.right]}\)[ *}}$]*{re.escape(right)}\b", answers)
            for choice in question.choices:
                if form in ("text", "html"):
                    assert choice.why in re.sub(r"\n +", " ", answers)
    if not key:
        assert not any(choice.why and choice.why in text for question in made.questions for choice in question.choices)


def test_a_worksheet_in_plain_text() -> None:
    assert worksheet(toy(count=1), "text") == (
        "Back-propagation from k\n\n"
        f"Name {'_' * 46}  Date {'_' * 20}\n\n"
        "Given\n  x = 0.5\n\n  f = 2 · x\n  g = tanh(x)\n  v₁ = f · g\n  k = exp(v₁)\n\n"
        "Each line is a node. An edge leads from it to each name on its right, two edges to a\n"
        "name that stands there twice. Numbers are rounded to four digits: choose the nearest.\n\n"
        "1. What is the value of v₁?\n\n"
        "    (a) −0.4621         (b) 0.4621          (c) 1.462           (d) 1\n\n"
        f"    {'_' * 84}\n\n    {'_' * 84}\n"
        "\fAnswer key, seed 0\n\n"
        "1. (b) 0.4621\n"
        "    (a) −0.4621        A slip of arithmetic: the sign is wrong.\n"
        "    (c) 1.462          The sum is taken where the product is meant.\n"
        "    (d) 1              That is the value of f, an operand.\n"
    )


def test_what_is_short_and_what_is_no_node_is_said() -> None:
    assert "there is no more to ask here." in worksheet(toy(count=99), "text").replace("\n", " ")
    x = Value(0.5, "x")
    L = losses.squared_error(MLP(300, [1], seed=0)([x] * 300), 1.0)
    sheet = worksheet(quiz(fold(Graph(L), "layer").outputs[0], count=3), "text")
    assert re.search(r"save\s+those\s+that\s+begin\s+with\s+where", sheet)
    assert "  where a₁₁ = " in sheet


def test_names_cannot_break_out_of_a_form() -> None:
    for made in hostile():
        assert not {"script", "img", "link"} & Reader(worksheet(made, "html")).met
        assert all(line.startswith("    ") for line in _block(worksheet(made, "markdown")) if line)
        latex = worksheet(made, "latex")
        assert latex.count("{") - latex.count(r"\{") == latex.count("}") - latex.count(r"\}")


def _block(markdown: str) -> list[str]:
    """The lines of what is given, which Markdown shows as they are."""
    return markdown.split("## Given\n\n")[1].split("\n\nEach line")[0].splitlines()


def test_an_unknown_form() -> None:
    with pytest.raises(UnknownChoice, match="no form of a worksheet 'pdf'; choose one of: text, markdown, latex, html"):
        worksheet(toy(), "pdf")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A browser's page."""
    with new_page() as shown:
        yield shown


@needs_browser
@pytest.mark.skipif(not KATEX.exists(), reason="no KaTeX on this machine to read the LaTeX")
def test_a_latex_engine_reads_every_formula(page: Page) -> None:
    page.add_script_tag(path=KATEX)
    bodies = [worksheet(made, "latex").replace(r"\$", "") for made in quizzes()]
    formulas = {formula for body in bodies for formula in body.split("$")[1::2]}
    assert all(body.count("$") % 2 == 0 for body in bodies)
    assert len(formulas) > 300
    failed = page.evaluate(
        """formulas => formulas.filter(formula => {
            try { katex.renderToString(formula, {throwOnError: true, strict: "error"}); return false; }
            catch { return true; }
        })""",
        sorted(formulas),
    )
    assert failed == []


@needs_browser
def test_the_page_asks_for_nothing_fits_and_prints_no_question_in_two(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 400, "height": 800})
    for place, made in enumerate(quizzes()):
        file = tmp_path / f"{place}.html"
        file.write_text(worksheet(made, "html"), encoding="utf-8")
        page.goto(file.as_uri())
        assert asked.pop() == file.as_uri()
        assert not asked
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        assert page.locator("article").count() == 2 * len(made.questions)
    page.emulate_media(media="print")
    style = "element => { const s = getComputedStyle(element); return [s.breakInside, s.breakBefore]; }"
    assert page.locator("article").first.evaluate(style)[0] == "avoid"
    assert page.locator(".key").evaluate(style)[1] == "page"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command with its output piped."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [SCRIPT, "quiz", *arguments], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_command_piped_and_into_files(tmp_path: Path) -> None:
    done = run(*TOY, "--count", "1", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == worksheet(toy(count=1), "text")
    for ending, form in {".txt": "text", ".md": "markdown", ".tex": "latex", ".HTML": "html"}.items():
        done = run(*TOY, "--seed", "5", "--no-key", "--out", f"sheet{ending}", cwd=tmp_path)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", f"written: sheet{ending}\n")
        written = (tmp_path / f"sheet{ending}").read_text(encoding="utf-8")
        assert written.replace("\r\n", "\n") == worksheet(toy(seed=5), form, key=False)
    (tmp_path / "graph.json").write_text(to_json(graph_of(TOY[0], TOY[1:], None).outputs[0]), encoding="utf-8")
    assert run("graph.json", "--count", "1", cwd=tmp_path).stdout == worksheet(toy(count=1), "text")
    notes = run("-f", "markdown", cwd=tmp_path).stdout
    assert "h₁₁ = σ(w₁₁₁ · x₁ + w₁₁₂ · x₂ + w₁₁₃ · x₃ + w₁₁₄ · x₄)" in notes
    assert notes.count("\n**") == 20
    assert "v₁ = " in run("--level", "scalar", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*TOY, "--count", "0"], "quiz: count is 0, expected a whole number from 1"),
        ([*TOY, "-f", "pdf"], "there is no form of a worksheet 'pdf'; choose one of: text, markdown, latex, html"),
        ([*TOY, "--out", "a.pdf"], "there is no form of a worksheet with the ending '.pdf'; choose one of: .txt, .md"),
        ([*TOY, "--out", "."], "there is no form of a worksheet with the ending ''"),
        ([*TOY, "--out", "graph.json/a.md"], "cannot write graph.json/a.md: graph.json is not a folder"),
        ([*TOY, "--level", "tensor"], "there is no level 'tensor'; choose one of: scalar, neuron, layer"),
        (["x*y", "x=1"], "y"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "graph.json").write_text("{}", encoding="utf-8")
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["graph.json"]

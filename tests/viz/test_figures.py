"""The figures of the notes: each is legible on a slide in every theme, and the gallery in docs/ shows what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.figure import Figure
from PIL import Image

from autograd import UnknownChoice
from viz import Drawing, figures
from viz.figures import FIGURES
from viz.gallery import captions, fingerprint, usual_ending, write_gallery, written
from viz.render.canvas import Canvas, Pen
from viz.render.geometry import Point, Rectangle, Route
from viz.render.layout import layout
from viz.render.metrics import line_width
from viz.render.paint import paint
from viz.render.paper import LEGIBLE
from viz.theme import THEMES, Strand, Theme
from viz.typeset import Line, plain

from .test_theme import DEUTERANOPIA, contrast, rgb

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
STALE = "the gallery in docs/ is not what the figures are now; run `make pictures`"
DRAWN = [name for name in FIGURES if usual_ending(name) == ".svg"]
PLOTTED = [name for name in FIGURES if usual_ending(name) == ".png"]


@cache
def figure_of(name: str, theme: str = "light") -> Any:
    """A figure in a theme, drawn once for all tests."""
    return FIGURES[name](theme=theme)


class Recorder(Canvas):
    """A canvas that keeps the labels of arrows, which are the words on a piece of half transparent paper."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.on_paper = False
        self.labels: list[tuple[str, Rectangle]] = []

    def _box(self, area: Rectangle, fill: str, stroke: str, width: float, corner: float, opacity: float) -> None:
        self.on_paper = fill == self.theme.paper and opacity < 1

    def _line(self, route: Route, strand: Strand, width: float) -> None: ...

    def _polygon(self, corners: Sequence[Point], fill: str) -> None: ...

    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None:
        if self.on_paper:
            width = line_width(line, pen.size)
            self.labels.append((plain(line), Rectangle(at[0] - width / 2, at[1] - 0.8 * pen.size, width, pen.size)))
        self.on_paper = False


def test_there_are_thirty_and_each_says_what_it_shows() -> None:
    assert len(FIGURES) == 30
    assert (len(DRAWN), len(PLOTTED)) == (20, 10)
    for name, caption in captions().items():
        assert caption.endswith(".")
        assert re.search(r"\n    Source: .*lines? \d", FIGURES[name].__doc__ or ""), name
        assert getattr(figures, name) is FIGURES[name]
    assert len(set(captions().values())) == 30


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_its_annotation_says(name: str) -> None:
    assert isinstance(figure_of(name), Drawing if name in DRAWN else Figure)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_covered(name: str, theme: str) -> None:
    drawing = figure_of(name, theme)
    canvas = Recorder(drawing.theme)
    paint(drawing.picture, canvas)
    boxes = layout(drawing.picture, drawing.theme).boxes
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not a.overlaps(b), (one, other)
    for words, label in canvas.labels:
        for box, area in boxes.items():
            assert not label.overlaps(area), (words, box)
    for (one, a), (other, b) in combinations(canvas.labels, 2):
        assert not a.overlaps(b), (one, other)
    assert len(canvas.labels) == sum(bool(arrow.label) for arrow in drawing.picture.arrows)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DRAWN)
def test_all_text_can_be_read_on_a_slide(name: str, theme: str) -> None:
    drawing = figure_of(name, theme)
    on_slide = Drawing(drawing.picture, drawing.theme, "slide")
    assert on_slide.smallest_text >= LEGIBLE
    root = ElementTree.fromstring(on_slide.svg)  # a warning of tiny text would be an error
    assert root.get("width") == "960.0pt"
    assert drawing.theme is THEMES[theme]
    assert f'fill="{THEMES[theme].paper}"' in drawing.svg


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_says_how_it_is_to_be_read(name: str) -> None:
    picture = figure_of(name).picture
    assert picture.key or picture.legend or (picture.headings and picture.panels)
    if any(arrow.strands for arrow in picture.arrows):
        assert picture.legend or {arrow.strands for arrow in picture.arrows} == {(), (0,)}
    assert picture.title
    assert picture.description.endswith((".", ". "))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DRAWN)
def test_its_paths_are_told_apart_by_all_eyes(name: str, theme: str) -> None:
    drawing = figure_of(name, theme)
    used = [drawing.theme.strands[k] for k in {k for arrow in drawing.picture.arrows for k in arrow.strands}]
    assert len({strand.dash for strand in used}) == len(used)
    for strand in used:
        assert contrast(strand.colour, drawing.theme.paper) >= 4.5
    for one, other in combinations(used, 2):
        if theme != "print":
            seen = (cspace_convert(rgb(strand.colour), DEUTERANOPIA, "sRGB1").clip(0, 1) for strand in (one, other))
            assert deltaE(*seen, input_space="sRGB1") > 20


@pytest.mark.parametrize("name", PLOTTED)
def test_a_fingerprint_is_that_of_what_is_shown(name: str) -> None:
    first = fingerprint(figure_of(name))
    assert re.fullmatch("[0-9a-f]{16}", first)
    again = FIGURES[name]()
    assert fingerprint(again) == first
    again.axes[0].set_title("another title")
    assert fingerprint(again) != first


def test_a_fingerprint_is_that_of_the_data_too_and_not_of_the_theme() -> None:
    assert len({fingerprint(figure_of(name)) for name in PLOTTED}) == len(PLOTTED)
    assert fingerprint(figure_of("exponential", "dark")) == fingerprint(figure_of("exponential"))
    moved = FIGURES["exponential"]()
    line = max(moved.axes[0].lines, key=lambda line: len(line.get_xdata()))
    line.set_ydata([1.001 * height for height in line.get_ydata()])
    assert fingerprint(moved) != fingerprint(figure_of("exponential"))


def words(svg: str) -> list[str]:
    """All texts of an SVG, in order, wherever they stand; without tips, which have all digits of a number."""
    root = ElementTree.fromstring(svg)
    about = [element for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")]
    return ["".join(element.itertext()) for element in (*about, *root.iter(f"{SVG}text"))]


@pytest.mark.parametrize("name", DRAWN)
def test_the_gallerys_drawings_are_fresh(name: str) -> None:
    shown = (DOCS / "gallery" / f"{name.replace('_', '-')}.svg").read_text(encoding="utf-8")
    assert words(shown) == words(figure_of(name).svg), STALE


@pytest.mark.parametrize("name", PLOTTED)
def test_the_gallerys_plots_are_fresh(name: str) -> None:
    with Image.open(DOCS / "gallery" / f"{name.replace('_', '-')}.png") as shown:
        assert shown.info["Description"] == fingerprint(figure_of(name)), STALE
        assert "Software" not in shown.info
        assert min(shown.size) > 300


def test_the_gallerys_page_is_fresh_and_nothing_else_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.gallery.written", lambda name, ending: b"")  # its files are looked at above
    told: list[str] = []
    files = write_gallery(tmp_path, told.append)
    assert told == list(FIGURES)
    assert (DOCS / "gallery.md").read_bytes() == (tmp_path / "gallery.md").read_bytes(), STALE
    names = {file.name for file in files} - {"gallery.md"}
    assert {file.name for file in (DOCS / "gallery").iterdir()} == names, STALE
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[(.*)\]\(gallery/(.*)\)", page) == [
        (caption, f"{name.replace('_', '-')}{usual_ending(name)}") for name, caption in captions().items()
    ]


def test_all_of_the_gallery_is_written_or_nothing(tmp_path: Path) -> None:
    def interrupted(name: str) -> None:
        if name == "neuron_in_two":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_gallery(tmp_path / "new", interrupted)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("ending", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_a_plot_is_written_alike_each_time_and_in_three_formats(ending: str, start: bytes) -> None:
    content = written("exponential", ending)
    assert content.startswith(start)
    if ending != ".svg":  # its ids are random
        assert written("exponential", ending) == content


def test_a_drawing_is_written_in_its_formats_on_paper_of_a_size() -> None:
    assert written("k_of_h", ".svg") == figure_of("k_of_h").svg.encode()
    assert b'width="960.0pt"' in written("k_of_h", ".svg", size="slide")
    assert THEMES["dark"].paper.encode() in written("k_of_h", ".svg", "dark")
    assert written("k_of_h", ".tikz").startswith(b"\\begin{tikzpicture}") or b"tikzpicture" in written(
        "k_of_h", ".tikz"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("two_path", ".svg"), "no figure 'two_path'; choose one of: digits,"),
        (("two_paths", ".jpg"), r"no picture format '.jpg'; choose one of: .svg"),
        (("exponential", ".tikz"), r"no format of a plot '.tikz'; choose one of: .png, .svg, .pdf"),
        (("two_paths", ".svg", "neon"), "no theme 'neon'"),
        (("exponential", ".png", "neon"), "no theme 'neon'"),
        (("two_paths", ".svg", "light", "poster"), "no size 'poster'"),
        (("exponential", ".png", "light", "poster"), "no size 'poster'"),
    ],
)
def test_what_there_is_not_is_named(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnknownChoice, match=said):
        written(*given)

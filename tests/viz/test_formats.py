"""Images, sizes of paper and files."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import warnings
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import UnknownChoice, Value, paths
from viz import NotInstalled, Unwritable, draw
from viz.drawing import FORMATS, Drawing
from viz.render.geometry import Rectangle
from viz.render.images import MOST, png_of
from viz.render.paper import LEGIBLE, SIZES, TinyText, placed
from viz.theme import THEMES


def small(size: str = "natural", theme: str = "light") -> Drawing:
    """A picture that has room on every paper."""
    a = Value(2.0, "a")
    y = (a * 3).named("y")
    return draw(y, highlight=paths(y, a), size=size, theme=theme)


def crowded(size: str) -> Drawing:
    """A picture whose text is too small on a page."""
    y = Value(0.5, "x")
    for _ in range(30):
        y = y.sin() + 1
    return draw(y, size=size, direction="right")


def pixels(png: bytes) -> tuple[int, int]:
    """Width and height of an image."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def media_box(pdf: bytes) -> list[float]:
    """The lower left and the upper right corner of a PDF's only page, in points."""
    (box,) = re.findall(rb"/MediaBox \[([^]]*)\]", pdf)
    return [float(number) for number in box.split()]


def points(drawing: Drawing) -> tuple[float, float]:
    """What an SVG says of its width and height."""
    width, height = (float(side) for side in re.findall(r' (?:width|height)="([\d.]+)(?:pt)?"', drawing.svg)[:2])
    return width, height


@pytest.mark.parametrize("size", SIZES)
def test_images_are_as_large_as_their_paper(size: str) -> None:
    drawing = small(size)
    width, height = points(drawing)
    assert media_box(drawing.pdf) == pytest.approx([0, 0, width, height], abs=0.1)
    to_pixels = 2 if size == "natural" else 2 * 96 / 72
    assert pixels(drawing.png) == pytest.approx((width * to_pixels, height * to_pixels), abs=1)


def test_a_slide_has_the_pixels_of_a_good_projector() -> None:
    drawing = small("slide")
    assert pixels(drawing.png) == (2560, 1440)
    assert media_box(drawing.pdf) == [0, 0, 960, 540]


@pytest.mark.parametrize("theme", THEMES)
def test_an_image_has_the_colour_of_its_paper_up_to_its_corner(theme: str) -> None:
    png = small(theme=theme).png
    first_row = zlib.decompressobj().decompress(png[png.index(b"IDAT") + 4 :], 5)
    assert first_row[1:].hex() == THEMES[theme].paper[1:] + "ff"


def test_the_same_picture_gives_the_same_image() -> None:
    assert small().png == small().png


def test_the_text_of_a_pdf_is_text() -> None:
    """Each font says which characters its glyphs are, and the glyphs are those of the picture."""
    streams = re.findall(rb"beginbfchar(.*?)endbfchar", small().pdf, re.DOTALL)
    characters = {chr(int(code, 16)) for stream in streams for code in re.findall(rb"<([0-9A-Fa-f]{4})>\n", stream)}
    assert set("grad∂sumpath") <= characters


def test_a_picture_too_large_for_memory_has_larger_pixels() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200000" height="4000" viewBox="0 0 200000 4000"><g/></svg>'
    width, height = pixels(png_of(svg))
    assert width * height == pytest.approx(MOST, rel=0.01)
    assert width / height == pytest.approx(50, rel=0.01)


@pytest.mark.parametrize("ending", [".png", ".pdf"])
def test_without_the_converter_a_way_out_is_named(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    wanted = rf"{ending[1:].upper()} is made by .* pip install 'pathgrad\[images\]', or save .svg"
    with pytest.raises(NotInstalled, match=wanted):
        small().save(tmp_path / f"a{ending}")
    assert list(tmp_path.iterdir()) == []
    assert small().save(tmp_path / "a.svg").exists()


def test_images_are_made_in_silence() -> None:
    program = "from autograd import Value; from viz import draw; d = draw(Value(1.0, 'ש').exp()); d.png, d.pdf"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_latex_joins_no_characters_and_knows_its_rare_ones() -> None:
    a = Value(1.0, "--日")
    tikz = draw(a).tikz
    assert r"-{}-\pathgradrare{日}" in tikz
    assert tikz.index(r"\providecommand\pathgradrare") < tikz.index(r"\begin{tikzpicture}")
    assert "pathgradrare" not in small().tikz
    odd = replace(small().picture, title="a\nb % c")
    assert Drawing(odd, THEMES["light"]).tikz.startswith("% a b % c\n% In the preamble: ")


sides = st.floats(10, 1e5)
areas = st.builds(Rectangle, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), sides, sides)


@given(areas, st.sampled_from(sorted(SIZES)), st.floats(1, 30))
def test_a_picture_lies_within_its_paper_and_keeps_its_shape(area: Rectangle, size: str, smallest: float) -> None:
    room, paper = SIZES[size], placed(area, size, smallest)
    width, height = (float(side.removesuffix("pt")) for side in (paper.width, paper.height))
    assert width <= room.width + 0.05
    assert height <= room.height + 0.05
    assert 0 < paper.scale <= room.growth
    assert paper.text == smallest * paper.scale
    assert (paper.view.width * paper.scale, paper.view.height * paper.scale) == pytest.approx((width, height), abs=0.06)
    reach = 1e-9 * max(area.width, area.height, abs(area.x), abs(area.y))
    assert paper.view.x <= area.x + reach
    assert paper.view.y <= area.y + reach
    assert area.right <= paper.view.right + reach
    assert area.bottom <= paper.view.bottom + reach
    assert paper.view.centre == pytest.approx(area.centre, rel=1e-6, abs=1e-6)
    if room.fixed:
        assert (width, height) == (room.width, room.height)
    else:
        assert paper.view == area
    assert bool(paper.why_tiny(size)) == (size != "natural" and paper.text < LEGIBLE - 0.05)


@pytest.mark.parametrize("form", ["svg", "png", "pdf", "tikz", "tex"])
def test_tiny_text_is_warned_of_once_at_the_line_that_asks_for_the_picture(form: str) -> None:
    drawing = crowded("page")
    with pytest.warns(TinyText, match=r"on the size 'page' the smallest text is \d\.\d points .* around=") as given:
        getattr(drawing, form)
    assert [(warning.category, warning.filename) for warning in given] == [(TinyText, __file__)]
    assert drawing.smallest_text < LEGIBLE


def test_no_format_warns_where_text_can_be_read(tmp_path: Path) -> None:
    for size in SIZES:
        assert small(size).smallest_text >= LEGIBLE
        small(size).save(tmp_path / f"{size}.svg")
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        crowded("natural").save(tmp_path / "a.pdf")
        crowded("page").save(tmp_path / "a.dot")  # which has no size
    assert given == []


def test_a_size_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownChoice, match="no size 'A4'; choose one of: natural, slide, page, notebook"):
        small("A4")
    with pytest.raises(UnknownChoice, match="no size 'A4'"):
        Drawing(small().picture, THEMES["light"], "A4")


STARTS = {
    ".svg": b"<svg",
    ".png": b"\x89PNG\r\n",
    ".pdf": b"%PDF-",
    ".dot": b"digraph",
    ".gv": b"digraph",
    ".mmd": b"---\ntitle:",
    ".tikz": b"% The scalar graph",
    ".tex": b"\\documentclass",
    ".json": b"{",
    ".txt": b"The scalar graph",
}


@pytest.mark.parametrize("ending", [*FORMATS, *map(str.upper, FORMATS)])
def test_every_ending_is_written_in_its_format(ending: str, tmp_path: Path) -> None:
    file = small().save(str(tmp_path / "new" / f"a.b{ending}"))
    assert file == tmp_path / "new" / f"a.b{ending}"
    assert file.read_bytes().startswith(STARTS[ending.lower()])
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", ["picture", "a.jpeg", ".svg", "a.svg.", ""])
def test_a_file_of_no_known_ending_is_not_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownChoice, match=r"no picture format .*; choose one of: .svg, .png, .pdf"):
        small().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("where", "broken"), [(os, "fsync"), (Path, "replace")])
def test_a_file_is_replaced_whole_or_left_as_it_was(
    where: Any, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small().save(tmp_path / "a.svg")
    before = file.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(where, broken, refuse)  # as in a folder that may only be read, which the root user may write to
        with pytest.raises(Unwritable, match=r"cannot write .*a\.svg: Permission denied; choose another place"):
            small(theme="dark").save(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
    small(theme="dark").save(file)
    assert THEMES["dark"].paper.encode() in file.read_bytes()

"""The README's code runs as it stands, prints what it says it prints, and shows the picture that the tour draws."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from viz.tour import Tour

ROOT = Path(__file__).parent.parent


def blocks(text: str) -> list[tuple[str, str]]:
    """Every python block with the text block that follows it."""
    return re.findall(r"```python\n(.*?)```\n```text\n(.*?)```", text, re.DOTALL)


def test_every_block_prints_what_follows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(blocks(text)) == text.count("```python") >= 6
    monkeypatch.chdir(tmp_path)  # a block may write a file
    names: dict[str, object] = {}
    for code, printed in blocks(text):
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            exec(code, names)
        assert heard.getvalue() == printed


def test_the_picture_is_the_one_the_tour_draws() -> None:
    shown = (ROOT / "docs" / "tour.svg").read_text(encoding="utf-8")
    drawn = Tour().neuron_drawing.svg
    assert _words(shown) == _words(drawn), "run `make pictures` to draw it anew"


def _words(svg: str) -> list[str]:
    """The picture's texts; positions may differ by a hair between Graphviz versions."""
    return re.findall(r">([^<>]+)</(?:tspan|title|desc)>", svg)


def test_files_and_targets_it_speaks_of_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)

"""What a run of bench leaves behind, from figures that are made up: nothing is timed here."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

BENCH = Path(__file__).parent.parent / "bench"
ABOUT = ["Today, in made-up figures."]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts find each other in the folder of the one that is run."""
    monkeypatch.syspath_prepend(BENCH)


@pytest.fixture
def engine(bench: None) -> Any:
    """The script of `make bench`."""
    return import_module("engine")


@pytest.fixture
def report(bench: None) -> Any:
    """A run of one item, in which one contestant has no time and another is missing."""
    made = import_module("report").Report()
    made.item("V", "A step of x*y")
    made.table(["V", "median"], [["pathgrad|bound", "2 ms"], ["torch", "38 ms"]])
    made.bars("V", "A step", {"pathgrad": 0.002, "torch": 0.038, "other": "RecursionError beyond 497"}, "pathgrad")
    made.figures["V, seconds"] = {"pathgrad": [0.002], "torch": [0.038]}
    made.at_least("V: 6 × torch", 6, 19, "×")
    made.at_most("V: as quick as jax", 1, None, "×")
    made.verdict()
    return made


def test_tables_figures_and_picture_are_written_together(engine: Any, report: Any, tmp_path: Path) -> None:
    engine.save(report, ABOUT, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["speed.json", "speed.md", "speed.png", "speed.svg"]
    assert imread(tmp_path / "speed.png").shape[1] == 1800
    assert json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))["V, seconds"]["torch"] == [0.038]
    assert (tmp_path / "speed.md").read_text(encoding="utf-8") == TABLES


TABLES = r"""# The speed of pathgrad, beside others

![Times beside pathgrad’s, a panel for each item](speed.svg)

## V. A step of x\*y

| V               | median |
| --------------- | -----: |
| pathgrad\|bound |   2 ms |
| torch           |  38 ms |

## Targets

| target             |      reached |  met |
| ------------------ | -----------: | ---: |
| V: 6 × torch       |         19 × |  yes |
| V: as quick as jax | not measured | open |
"""


def test_without_matplotlib_the_rest_is_written_and_says_so(
    engine: Any, report: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "optional", lambda module: None)
    engine.save(report, ABOUT, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["speed.json", "speed.md"]
    said = "No picture: matplotlib is not installed"
    assert said in capsys.readouterr().out
    assert said in (text := (tmp_path / "speed.md").read_text(encoding="utf-8"))
    assert "speed.svg" not in text


def test_a_run_of_some_items_says_which_are_missing(engine: Any) -> None:
    others = ", ".join(sorted(engine.ITEMS.keys() - {"D", "V"}))
    *_, items = engine.told({"D": 1, "V": 3}, "pinned to one core")
    assert items == f"Items and their rounds: D 1, V 3. Not measured in this run: {others}."
    *_, items = engine.told(dict.fromkeys(engine.ITEMS, 1), "pinned to one core")
    assert "Not measured" not in items


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_measured(
    engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setattr(sys, "argv", ["engine.py", "--out", str(tmp_path / "taken")])
    with pytest.raises(SystemExit):
        engine.main()
    assert "cannot write to the folder" in capsys.readouterr().err


def test_the_picture_says_ratios_and_why_there_is_none(report: Any) -> None:
    figure = import_module("picture").draw(report.panels, ABOUT)
    said = {text.get_text() for text in figure.axes[0].texts}
    assert {"1.0 ×", "19 ×", "RecursionError beyond 497", "1 × is 2.0 ms: pathgrad", *ABOUT} <= said


def test_bars_are_as_long_as_the_logarithms(report: Any) -> None:
    picture = import_module("picture")
    scale = picture.scale_of([1.0, 0.5, 300.0], 2.0, 6.0)
    assert scale.place(100.0) - scale.place(10.0) == pytest.approx(scale.place(10.0) - scale.place(1.0))
    assert 2.0 < scale.place(0.5) < scale.place(1.0) < scale.place(300.0) < 6.0


def test_without_its_reference_an_item_has_no_panel(report: Any) -> None:
    report.bars("D", "An epoch", {"torch": 1.0, "jax": 2.0}, "pathgrad")
    report.bars("D", "An epoch", {"pathgrad": 1.0}, "pathgrad")
    assert [panel.letter for panel in report.panels] == ["V"]


seconds = st.floats(1e-9, 1e3) | st.just("at 100,000: Segmentation fault")
found = st.dictionaries(st.from_regex("[a-zW][a-z ,-]{0,28}", fullmatch=True), seconds, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(found, st.floats(1e-9, 1e3)), min_size=1, max_size=5))
def test_no_text_is_small_or_meets_another(report: Any, items: list[tuple[dict[str, float | str], float]]) -> None:
    report.panels.clear()
    for others, mine in items:
        report.bars(
            "A", "A title in plain words, which may need two lines", {**others, "x": 1.0, "pathgrad": mine}, "pathgrad"
        )
    figure = import_module("picture").draw(report.panels, ABOUT)
    figure.draw_without_rendering()
    texts = figure.axes[0].texts
    boxes = [text.get_window_extent() for text in texts]
    assert min(text.get_fontsize() for text in texts) >= 9
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)

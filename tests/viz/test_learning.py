"""`pathgrad train`: from data to a model, a report and pictures, and what it refuses in one line."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from nn import MLP, VectorizedMLP, accuracy, cookbook, data
from viz.learning import SETS, widths_of

from ..browser import needs_browser, new_page

TABLE = "size,cost,taste\n" + "".join(f"{n % 7},{n % 5},{'good' if n % 7 > n % 5 else 'bad'}\n" for n in range(60))


@pytest.mark.parametrize("name", [name for name in cookbook.COOKBOOK if name != "mnist"])  # which takes a while
def test_each_set_is_trained_and_reported(run: Any, tmp_path: Path, name: str) -> None:
    done = run("train", name, "--epochs", "3", "-o", "there")
    assert (done.code, done.err) == (0, "")
    last = done.out.splitlines()[-1]
    assert re.fullmatch(r"held-out (accuracy \d+\.\d %|R² -?\d+\.\d{3}, off by \S+ \(root mean square\))", last)
    made = {file.name for file in (tmp_path / "there").iterdir()}
    task = cookbook.COOKBOOK[name].data().task
    wanted = {"regression": {"predictions.svg"}, "binary": {"confusion.svg"}, "classes": {"confusion.svg"}}[task]
    assert {"model.json", "report.html", "history.csv", "curves.svg"} | wanted <= made
    assert "unfinished.npz" not in made
    for file in made:
        assert file in done.out
        if file.endswith(".svg"):
            ElementTree.parse(tmp_path / "there" / file)


def test_the_model_in_the_file_is_the_one_that_was_judged(run: Any, tmp_path: Path) -> None:
    done = run("train", "breast_cancer", "--epochs", "5", "--seed", "3")
    dish = cookbook.COOKBOOK["breast_cancer"]
    _, test = dish.data().split(0.2, 3)
    net = MLP.load(tmp_path / "breast-cancer" / "model.json")
    found = accuracy(VectorizedMLP.of(net).forward(test.X).A[-1], test.Y)
    assert done.out.splitlines()[-1] == f"held-out accuracy {100 * found:.1f} %"


def test_a_file_of_ones_own(run: Any, tmp_path: Path) -> None:
    (tmp_path / "taste.csv").write_text(TABLE)
    done = run("train", "taste.csv", "--epochs", "20", "--widths", "4", "--activation", "relu", "--rate", "0.02")
    assert (done.code, done.err) == (0, "")
    assert "learns taste from size, cost" in done.out
    assert json.loads((tmp_path / "taste" / "model.json").read_text())["sizes"] == [2, 4, 1]
    done = run("train", "taste.csv", "--target", "cost", "--epochs", "2", "--widths", "none", "-o", "cost")
    assert done.code == 2, "words are no feature"
    assert "taste" in done.err
    done = run("train", "taste.csv", "--target", "cost", "--features", "size", "--epochs", "2", "-o", "fewer")
    assert (done.code, "learns cost from size," in done.out) == (0, True)
    done = run("train", "taste.csv", "--epochs", "2", "--widths", "none", "-o", "straight")
    assert "The network has 3 parameters" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mars"], "no data 'mars'; choose one of: moons, "),
        (["nowhere.csv"], "cannot read nowhere.csv"),
        (["moons", "--widths", "8x8"], "--widths: given 8x8, expected numbers with commas"),
        (["moons", "--rate", "0"], "rate: given 0.0, expected a number above 0"),
        (["moons", "--epochs", "0"], "epochs: given 0, expected a whole number from 1"),
        (["moons", "--held-out", "1"], "test: given 1.0, expected a share above 0 and below 1"),
        (["moons", "--engine", "torch"], "no engine 'torch'; choose one of: scalar, vectorised, program"),
        (["moons", "--activation", "tan"], "no activation 'tan'"),
        (["ragged.csv"], "ragged.csv, line 3"),
        (["gaps.csv"], "gaps.csv: 1 missing cell: line 2, column 'a'"),
        (["taste.csv", "--target", "prize"], "prize"),
        (["moons", "-o", "file/there"], "cannot write file/there"),
    ],
)
def test_what_cannot_work_is_one_line(run: Any, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "taste.csv").write_text(TABLE)
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "gaps.csv").write_text("a,b\n,2\n3,1\n")
    (tmp_path / "file").write_text("")
    done = run("train", *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_rate_that_explodes_is_reported_and_the_best_kept(run: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        done = run("train", "housing", "--optimiser", "sgd", "--rate", "1e6", "--epochs", "5")
    assert done.code == 0
    assert "try a tenth of the rate" in done.err
    assert re.search(r"exploded in epoch \d\. The network is that of epoch 0, the best", " ".join(done.out.split()))


def test_without_matplotlib_there_is_all_but_the_pictures(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.delitem(sys.modules, "viz.plate", raising=False)
    done = run("train", "moons", "--epochs", "2")
    assert done.code == 0
    assert "no pictures: plots need matplotlib" in done.out
    assert {file.name for file in (tmp_path / "moons").iterdir()} == {"model.json", "report.html", "history.csv"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_the_same_line_goes_on_where_it_was_interrupted(run: Any, tmp_path: Path, how: signal.Signals) -> None:
    line = ["train", "digits", "--epochs", "200", "--widths", "8", "-o", "twice"]  # enough not to end before
    child = subprocess.Popen(
        [Path(sys.executable).parent / "pathgrad", *line],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    while not (tmp_path / "twice" / "unfinished.npz").exists() and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(how)
    _, said = child.communicate()
    if how is signal.SIGINT:
        assert b"run the same line again" in said
    assert run(*line).code == 0
    assert run(*line[:-1], "once").code == 0
    rows = [
        list(csv.DictReader((tmp_path / name / "history.csv").read_text().splitlines())) for name in ("once", "twice")
    ]
    assert [row["cost"] for row in rows[0]] == [row["cost"] for row in rows[1]]
    models = [(tmp_path / name / "model.json").read_bytes() for name in ("once", "twice")]
    assert models[0] == models[1]


@needs_browser
@pytest.mark.parametrize("width", [1280, 400])
def test_the_report_is_read_in_a_browser_without_a_network(run: Any, tmp_path: Path, width: int) -> None:
    run("train", "moons", "--epochs", "2")
    file = tmp_path / "moons" / "report.html"
    with new_page() as shown:
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: asked.append(message.text))
        shown.set_viewport_size({"width": width, "height": 800})
        shown.goto(file.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        sizes = shown.evaluate("[...document.images].map(image => [image.naturalWidth, image.alt])")
        assert len(sizes) == 3
        assert all(size > 100 and alt for size, alt in sizes)


def test_help_names_every_set() -> None:
    assert SETS.replace(" or ", ", ").split(", ") == [*cookbook.COOKBOOK]


def test_widths_are_read() -> None:
    assert (widths_of("16,8"), widths_of(" 4 "), widths_of("none")) == ((16, 8), (4,), ())


def test_liver_patients_are_known_by_their_columns(run: Any, tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    names: list[object] = ["Age", "Gender", "TB", "DB", "Alkphos", "Sgpt", "Sgot", "TP", "ALB", "A/G Ratio", "Selector"]
    rows: list[list[object]] = [
        [int(n), "Male" if n % 3 else "Female", *(f"{x:.1f}" for x in generator.uniform(1, 9, 8)), 1 + n % 2]
        for n in range(20, 80)
    ]
    (tmp_path / "people.csv").write_text("\n".join(",".join(map(str, line)) for line in [names, *rows]))
    done = run("train", "people.csv", "--epochs", "2")
    assert (done.code, done.err) == (0, "")
    assert "learns liver patient from Age, Gender" in done.out
    assert data.liver(tmp_path / "people.csv").classes == ("no patient", "patient")

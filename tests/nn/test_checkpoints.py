"""Trainings that are interrupted: whatever happens, no more than the current epoch is lost, and never a file."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import MLP, BadCheckpoint, Exploded, History, Unsaved, accuracy, data, train
from nn.engines import ENGINES
from nn.files import Unwritable
from nn.schedules import Cosine

MOONS = data.moons(23, seed=1)
LEARN, HELD = MOONS.split(0.3)


def run(place: Path | None, epochs: int, **options: Any) -> tuple[History, list[float]]:
    net = MLP(2, [3, 1], activation="tanh", seed=4)
    given: dict[str, Any] = {
        "loss": "binary_cross_entropy",
        "batch": 5,
        "optimiser": "adam",
        "rate": 0.05,
        "strength": 0.01,
    }
    kept: dict[str, Any] = {"validation": HELD, "measures": {"accuracy": accuracy}, "checkpoint": place}
    history = train(net, LEARN, epochs=epochs, **(given | kept | options))
    return history, [value.data for value in net.parameters()]


def told(history: History) -> list[Any]:
    """All that does not depend on the clock."""
    epochs = [(e.number, e.cost, e.validation, e.losses, e.rate, dict(e.measures)) for e in history.epochs]
    return [history.examples, history.batch, history.stopped, history.best_number, *epochs]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_what_is_taken_up_again_is_to_the_bit_what_was_never_put_aside(
    tmp_path: Path, optimiser: str, engine: str
) -> None:
    options = {"optimiser": optimiser, "engine": engine, "rate": Cosine(0.05, 20)}
    whole, numbers = run(None, 7, **options)
    for epochs in (1, 4, 5, 7):
        history, found = run(tmp_path / "run.npz", epochs, **options)
    assert told(history) == told(whole)
    assert found == numbers


def test_what_is_finished_is_not_trained_again(tmp_path: Path) -> None:
    first, numbers = run(tmp_path / "run.npz", 3)
    updates: list[Any] = []
    again, found = run(tmp_path / "run.npz", 3, stepped=updates.append)
    assert (told(again), found, updates) == (told(first), numbers, [])


def test_ctrl_c_in_the_middle_of_an_epoch_is_made_good_by_the_same_line(tmp_path: Path) -> None:
    whole, numbers = run(None, 6)
    seen: list[Any] = []

    def impatient(parameters: Any) -> None:
        seen.append(parameters)
        if len(seen) == 9:
            raise KeyboardInterrupt

    assert run(tmp_path / "run.npz", 6, stepped=impatient)[0].stopped == "interrupted in epoch 3"
    history, found = run(tmp_path / "run.npz", 6)
    assert (told(history), found) == (told(whole), numbers)


CHILD = """
import sys
from contextlib import suppress
from pathlib import Path
from tests.nn.test_checkpoints import run
run(Path(sys.argv[1]), 120, told=lambda history: print(history.last.number, flush=True))
print("done", flush=True)
"""


def test_twenty_kills_lose_no_more_than_the_current_epoch_and_never_a_file(tmp_path: Path) -> None:
    place, generator, done, kills = tmp_path / "run.npz", random.Random(6), 0, 0
    while kills < 20:
        command = [sys.executable, "-c", CHILD, str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            assert first == "done\n" or int(first) == done + 1 or int(first) == done + 2, "an epoch was lost"
            for _ in range(generator.randrange(5)):
                first = child.stdout.readline() or first
            for _ in range(generator.randrange(20_000)):
                pass  # the child is anywhere in an epoch, or in writing
            child.kill()
            kills += 1
            said = [first, *child.stdout.read().splitlines()]
            done = max(done, *(int(line) for line in said if line.strip().isdigit()))
    assert 20 < done < 120, "every one of them met a training"
    whole, numbers = run(None, 120)
    history, found = run(place, 120)
    assert (told(history), found) == (told(whole), numbers)
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"], "drafts of the killed are cleared away"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seed": 1}, "seed was 0, and is 1 now"),
        ({"batch": 6}, "batch was 5, and is 6 now"),
        ({"rate": 0.1}, r"rate was Constant\(rate=0.05\), and is Constant\(rate=0.1\) now"),
        ({"optimiser": "sgd"}, "optimiser was Adam"),
        ({"engine": "scalar"}, "engine was vectorised, and is scalar now"),
        ({"validation": None}, "data was "),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    run(tmp_path / "run.npz", 1)
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(BadCheckpoint, match=f"{said}.*; train as before, or choose another name"):
        run(tmp_path / "run.npz", 2, **options)
    assert (tmp_path / "run.npz").read_bytes() == before


def test_a_checkpoint_of_another_shape_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "run.npz", 1)
    other = MLP(2, [4, 1], activation="tanh")
    with pytest.raises(BadCheckpoint, match=r"network was MLP\(2, \[3, 1\]\), and is MLP\(2, \[4, 1\]\) now"):
        train(other, LEARN, checkpoint=tmp_path / "run.npz", loss="binary_cross_entropy")


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(0, 255))
def test_a_checkpoint_that_is_cut_off_or_changed_is_refused(
    tmp_path_factory: pytest.TempPathFactory, place: float, flip: int
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "run.npz"
    _, numbers = run(file, 1)
    content = file.read_bytes()
    at = int(place * len(content))
    file.write_bytes(content[:at] + (bytes([content[at] ^ flip]) + content[at + 1 :] if flip else b""))
    with suppress(BadCheckpoint):  # or the byte carries nothing, as that of a date
        assert run(file, 1)[1] == numbers


def test_a_place_that_cannot_be_written_is_said_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(Unwritable, match="cannot write"):
        run(tmp_path / "folder" / "run.npz", 1)
    with pytest.raises(BadCheckpoint, match=r"expected a file .npz; write .*run.json.npz"):
        run(tmp_path / "run.json", 1)


def test_a_full_disk_costs_the_checkpoint_and_not_the_training(tmp_path: Path) -> None:
    place, usual = tmp_path / "run.npz", resource.getrlimit(resource.RLIMIT_FSIZE)
    whole, numbers = run(None, 5)

    def fill(history: History) -> None:
        if history.last.number == 2:
            resource.setrlimit(resource.RLIMIT_FSIZE, (200, usual[1]))

    try:
        with pytest.warns(Unsaved, match="cannot write .*File too large.*goes on without a checkpoint") as warned:
            history, found = run(place, 5, told=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert (told(history), found, len(warned)) == (told(whole), numbers, 1)
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]
    assert told(run(place, 5)[0]) == told(whole), "the last checkpoint that was whole is still there"


def test_what_exploded_is_told_again_from_the_last_good_epoch(tmp_path: Path) -> None:
    net = MLP(1, [1], output="linear", seed=1)
    X, Y = np.ones((1, 2)), np.ones((1, 2))
    for _ in range(2):
        with pytest.warns(Exploded, match="parameters of epoch 0 again"):
            history = train(net, X, Y, epochs=2000, rate=1e3, checkpoint=tmp_path / "run.npz")
    assert history.stopped.startswith("exploded in epoch")

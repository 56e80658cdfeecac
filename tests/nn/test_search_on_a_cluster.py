"""The same searches on a real Dask cluster on this machine, whose workers are killed midway."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.outcomes import Results
from nn.search import search

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


def cluster(**config: Any) -> Any:
    """Two workers, a process each, on a scheduler of this process."""
    with dask.config.set({"distributed.comm.timeouts.connect": "60s", **config}):
        return distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        )


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with cluster() as workers, distributed.Client(workers) as client:
        assert client.get_executor()._client is client  # else a result that is lost for good is waited for in vain
        yield client


def training(rate: float, neurons: int, batch: int | None) -> dict[str, float]:
    """How well a small network does on examples that it has not seen, and which process says so."""
    data, unseen = nn.data.moons(60, seed=1), nn.data.moons(60, seed=2)
    net = nn.MLP(2, [neurons, 1], activation="tanh", seed=0)
    history = nn.train(
        net, data.X, data.Y, loss="binary_cross_entropy", rate=rate, batch=batch, epochs=15,
        validation=(unseen.X, unseen.Y),
    )  # fmt: skip
    if neurons == 3:
        raise ValueError("three neurons fail")
    return {"cost": history.best.judged, "first": history.costs[1], "process": os.getpid()}


SPACE: dict[str, Any] = {"rate": [0.03, 0.1, 0.3, 1.0], "neurons": [2, 3, 4, 8], "batch": [None, 10]}


def without_process(found: Results) -> list[Any]:
    """The rows with every number to the bit, and no word on where they come from."""
    return [
        (row.number, row.settings, {name: score.hex() for name, score in row.scores.items() if name != "process"},
         row.error, row.lost)
        for row in found.rows
    ]  # fmt: skip


def test_a_worker_killed_midway_changes_nothing(client: Any, tmp_path: Path) -> None:
    killed: list[float] = []

    def kill(found: Results) -> None:
        workers = {row.scores["process"] for row in found.rows if row.scores}
        if not killed and len(workers) == 2:
            killed.append(min(workers))
            os.kill(int(killed[0]), signal.SIGKILL)

    journal = tmp_path / "search.jsonl"
    found = search(
        training, SPACE, by="cost", least=True, executor=client.get_executor(), journal=journal, told=kill
    )  # fmt: skip
    assert len(killed) == 1
    here = search(training, SPACE, by="cost", least=True)
    assert without_process(found) == without_process(here)
    assert (found.best.number, found.stopped) == (here.best.number, "all trials done")
    assert [row.error for row in found.failed] == ["ValueError: three neurons fail"] * 8
    processes = {row.scores["process"] for row in found.rows if row.scores}
    assert os.getpid() not in processes
    assert killed[0] in processes
    again = search(training, SPACE, by="cost", least=True, journal=journal, told=lambda _: pytest.fail("tried again"))
    assert again == found


def counted(a: int, folder: str) -> float:
    """Leaves a line for each call."""
    with Path(folder, "calls").open("a", encoding="utf-8") as calls:
        calls.write(f"{a}\n")
    return a / 3


def test_each_search_makes_its_own_calls(client: Any, tmp_path: Path) -> None:
    space = {"a": range(6), "folder": [str(tmp_path)]}
    found = [search(counted, space, executor=client.get_executor()) for _ in range(2)]
    assert found[0] == found[1] == search(counted, space)
    assert len((tmp_path / "calls").read_text(encoding="utf-8").splitlines()) == 3 * 6


def test_a_trial_need_not_be_in_a_module(client: Any) -> None:
    offset = 0.1
    found = search(lambda a: a + offset, {"a": range(5)}, executor=client.get_executor())
    assert [row.scores["score"] for row in found.rows] == [a + 0.1 for a in range(5)]


def deadly(a: int, folder: str) -> float:
    """Takes its worker along, unless it has been mended."""
    if a == 2 and not Path(folder, "mended").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return a / 7


def test_a_trial_that_kills_its_workers_is_lost_alone_and_tried_again_when_resumed(tmp_path: Path) -> None:
    space, journal = {"a": range(8), "folder": [str(tmp_path)]}, tmp_path / "search.jsonl"
    with (
        cluster(**{"distributed.scheduler.allowed-failures": 0}) as workers,
        distributed.Client(workers) as client,
    ):
        found = search(deadly, space, executor=client.get_executor(), journal=journal)
        (tmp_path / "mended").touch()
        here = search(deadly, space)
        assert len(found.rows) == 8
        assert found.rows[2].error.startswith("KilledWorker: ")
        assert all(row.lost or row == here.rows[row.number] for row in found.rows)  # others may have been beside it
        again = search(deadly, space, executor=client.get_executor(), journal=journal)
    assert again == here
    assert again.resumed == 8 - sum(row.lost for row in found.rows)


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_client_that_is_closed_midway_ends_the_search_with_what_came(interrupted: bool, client: Any) -> None:
    def close(found: Results) -> None:
        closing.close()
        if interrupted:
            raise KeyboardInterrupt

    space = {"a": range(600), "folder": [os.devnull]}
    with distributed.Client(client.scheduler.address, set_as_default=False) as closing:
        found = search(counted, space, executor=closing.get_executor(), told=close)
    assert found.stopped.startswith("interrupted" if interrupted else "the executor gave up, ")
    assert 0 < len(found.rows) < 600

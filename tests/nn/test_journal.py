"""The journal of a search: whatever happens to it, what was found is kept, and nothing is tried twice or mixed up."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.files import Unwritable
from nn.journal import BadJournal, Unkept
from nn.search import search
from nn.spaces import between, whole

ROOT = Path(__file__).parent.parent.parent
SPACE: dict[str, list[Any]] = {"rate": [0.1, 0.3], "sizes": [[4], [8, 4]], "act": ["tanh", None]}
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def trial(rate: float, sizes: tuple[int, ...], act: str | None) -> dict[str, float]:
    """A number with all its digits; it fails now and then."""
    return {"score": math.sin(sum(sizes) / rate), "share": 1 / (len(sizes) - (act is None))}


def never(*_: object) -> None:
    """What is told where nothing is left to do."""
    pytest.fail("something was tried again")


def test_a_journal_cut_at_any_byte_is_taken_up_where_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a thousand searches need not reach the disk
    journal = tmp_path / "search.jsonl"
    whole_search = search(trial, SPACE, journal=journal)
    content = journal.read_bytes()
    assert content.count(b"\n") == 1 + 8
    assert [bool(row.error) for row in whole_search.rows] == [False, True] + [False] * 2 + [False, True] + [False] * 2
    for length in range(len(content) + 1):
        journal.write_bytes(content[:length])
        kept = max(content[:length].count(b"\n") - 1, 0)
        told: list[int] = []
        found = search(trial, SPACE, journal=journal, told=lambda found: told.append(len(found.rows)))  # noqa: B023
        assert found == whole_search
        assert (found.resumed, told) == (kept, list(range(kept + 1, 9)))
        healed = [{**json.loads(line), "seconds": 0} for line in journal.read_bytes().splitlines()]
        assert healed == [{**json.loads(line), "seconds": 0} for line in content.splitlines()]


@settings(max_examples=60)
@given(numbers=st.lists(FLOATS, min_size=1, max_size=5), choices=st.lists(FLOATS | st.text(), min_size=1, max_size=4))
def test_every_number_and_text_comes_back_bit_for_bit(
    numbers: list[float], choices: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = tmp_path_factory.mktemp("journals") / "search.jsonl"
    found = search(lambda a: dict(enumerate(numbers)), {"a": choices}, by="0", journal=journal)
    again = search(lambda a: dict(enumerate(numbers)), {"a": choices}, by="0", journal=journal, told=never)
    assert [repr(row) for row in again.rows] == [repr(row) for row in found.rows]
    assert [row.scores for row in again.rows] == [{str(i): number for i, number in enumerate(numbers)}] * len(
        found.rows
    )


SLOW = """
import sys, time
from pathlib import Path
from nn.search import search

def slow(a, b):
    with open(sys.argv[1], "a") as calls:
        calls.write(f"{a} {b}\\n")
    time.sleep(0.02)
    return a / b

search(slow, {"a": range(5), "b": range(1, 9)}, journal=sys.argv[2])
"""


def test_a_search_that_is_killed_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    calls, journal = tmp_path / "calls", tmp_path / "new" / "folder" / "search.jsonl"
    program = [sys.executable, "-c", SLOW, str(calls), str(journal)]
    with subprocess.Popen(program, cwd=ROOT) as search_process:
        while not journal.exists() or journal.read_bytes().count(b"\n") < 6:
            assert search_process.poll() is None
            sleep(0.005)
        search_process.kill()
    kept = journal.read_bytes().count(b"\n") - 1
    assert 5 <= kept < 40
    subprocess.run(program, cwd=ROOT, check=True)

    def slow(a: int, b: int) -> float:
        return a / b

    space = {"a": range(5), "b": range(1, 9)}
    assert search(slow, space, journal=journal, told=never) == search(slow, space)
    made = calls.read_text(encoding="utf-8").splitlines()
    assert len(set(made)) == 40
    assert len(made) <= 41  # only the one in the midst of which it was killed may have been made twice


def test_more_tries_another_score_and_another_executor_go_on_with_a_journal(tmp_path: Path) -> None:
    def trial(a: float, b: int) -> dict[str, float]:
        return {"score": a * b, "loss": a / b}

    journal, space = tmp_path / "search.jsonl", {"a": between(0, 1), "b": whole(1, 9)}
    search(trial, space, tries=5, seed=3, journal=journal)
    more = search(trial, space, tries=12, seed=3, by="loss", least=True, journal=journal)
    assert more == search(trial, space, tries=12, seed=3, by="loss", least=True)
    assert more.resumed == 5
    fewer = search(trial, space, tries=4, seed=3, journal=journal, told=never)
    assert fewer == search(trial, space, tries=4, seed=3)
    assert search(trial, space, tries=12, seed=3, journal=journal, told=never).resumed == 12


def other(rate: float, sizes: tuple[int, ...], act: str | None) -> float:
    """Another trial."""
    return rate


OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"trial": other}, "trial is 'trial' there and 'other' here; choose another place"),
    ({"tries": 4}, "order is 'every combination' there and 'random, from seed 0' here"),
    ({"space": {**SPACE, "rate": [0.1, 0.5]}}, r"rate is \[0.1, 0.3\] there and \[0.1, 0.5\] here"),
    ({"space": {**SPACE, "rate": [0.1, 0.3, 1]}}, r"rate is \[0.1, 0.3\] there"),
    ({"space": {**SPACE, "rate": whole(1, 2)}}, r"rate is \[0.1, 0.3\] there and 'whole\(low=1, high=2\)' here"),
    ({"space": dict(reversed(SPACE.items()))}, "its settings come in another order"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "lesson"), OTHERS, ids=range(len(OTHERS)))
def test_the_journal_of_another_search_is_left_as_it_is(changes: dict[str, Any], lesson: str, tmp_path: Path) -> None:
    journal = tmp_path / "search.jsonl"
    search(trial, SPACE, journal=journal)
    before = journal.read_bytes()
    with pytest.raises(BadJournal, match=f"{journal.name} is the journal of another search: .*{lesson}") as refused:
        search(**{"trial": trial, "space": SPACE, "journal": journal, "told": never, **changes})
    assert "\n" not in str(refused.value)
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"hello", b"hello\n", b"{}\n", b"\x89PNG\r\n\x1a\n\x00", b"[" * 100_000 + b"\n", b"\n", b'{"format": 1']
)
def test_a_file_that_is_no_journal_is_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    journal = tmp_path / "notes.txt"
    journal.write_bytes(content)
    with pytest.raises(BadJournal, match=r"notes.txt is no journal of a search; choose another place"):
        search(trial, SPACE, journal=journal, told=never)
    assert journal.read_bytes() == content


def changed(**parts: Any) -> Callable[[bytes], bytes]:
    """A line with some of its parts changed."""
    return lambda line: json.dumps({**json.loads(line), **parts}).encode()


DAMAGES: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda line: line[:-5], ""),
    (lambda line: b"", ""),
    (lambda line: line.replace(b"{", b"\xff"), ""),
    (lambda line: b"[" * 100_000, ""),
    (lambda line: b"[1, 2]", ""),
    (lambda line: b"null", ""),
    (changed(number=3.0), ": a number is wrong"),
    (changed(number=True), ": a number is wrong"),
    (changed(number=-1), ": a number is wrong"),
    (changed(lost=True), ": a number is wrong"),
    (changed(scores=[1]), ""),
    (changed(scores={"score": "1"}), ""),
    (changed(scores={"score": 10**400}), ""),
    (lambda line: line.replace(b'"score": 0', b'"score": NaN;'[:-1] + b', "x": 0'), ": a number is wrong"),
    (changed(seconds=None), ""),
    (changed(more=1), ""),
    (changed(settings={"rate": 0.1}), ": trial 2 has {'rate': 0.1}, expected {'rate': 0.1, 'sizes': "),
    (changed(number=4), ": trial 4 has {'rate': 0.1, "),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGES, ids=range(len(DAMAGES)))
def test_a_damaged_line_is_named_and_its_file_is_left_as_it_is(
    damage: Callable[[bytes], bytes], why: str, tmp_path: Path
) -> None:
    journal = tmp_path / "search.jsonl"
    found = search(trial, SPACE, journal=journal)
    lines = journal.read_bytes().splitlines()
    damaged = [*lines[:3], damage(lines[3]), *lines[4:]]
    assert damaged[3] != lines[3]
    journal.write_bytes(b"\n".join(damaged) + b"\n")
    before = journal.read_bytes()
    with pytest.raises(BadJournal) as refused:
        search(trial, SPACE, journal=journal, told=never)
    said = str(refused.value)
    assert said.startswith(f"line 4 of {journal} is no trial of this search{why}")
    assert said.endswith("; take that line out to try it again")
    assert "\n" not in said
    assert journal.read_bytes() == before
    journal.write_bytes(b"\n".join([*lines[:3], *lines[4:]]) + b"\n")  # as it says
    again = search(trial, SPACE, journal=journal)
    assert (again, again.resumed) == (found, 7)


def test_places_that_cannot_be_written_are_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for place, why in (
        (tmp_path, "it is no file"),
        (tmp_path / "file" / "search.jsonl", "exists|Not a directory"),
        (tmp_path / "loop", "loop|links"),
        ("a\0b", "null"),
        ("~nobody-of-this-name/search.jsonl", "no such home"),
        (os.devnull, "it is no file"),
    ):
        with pytest.raises(Unwritable, match=f"cannot write .*({why})") as refused:
            search(trial, SPACE, journal=place, told=never)
        assert "\n" not in str(refused.value)


def test_a_full_disk_is_told_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable, match=r"search\.jsonl: No space left on device"):
        search(trial, SPACE, journal=tmp_path / "search.jsonl", told=never)
    monkeypatch.undo()
    assert len(search(trial, SPACE, journal=tmp_path / "search.jsonl").rows) == 8  # with what was left there


def full(_: int) -> None:
    """As a disk without space."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_midway_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "search.jsonl"

    def fill(found: Any) -> None:
        if len(found.rows) == 3:
            monkeypatch.setattr(os, "fsync", full)

    with pytest.warns(Unkept) as told:
        found = search(trial, SPACE, journal=journal, told=fill)
    assert found == search(trial, SPACE)
    said = [str(warning.message) for warning in told]
    assert len(said) == 2
    assert "search.jsonl: No space left on device; the search goes on" in said[0]
    assert "the last 5 trials are not in it, save .json of the results" in said[1]
    assert told[0].filename == __file__
    monkeypatch.undo()
    assert search(trial, SPACE, journal=journal) == found


LIMITED = """
import resource, signal, sys
from nn.search import search

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def told(found):
    if len(found.rows) == 9:
        limit(resource.RLIM_INFINITY)  # space again

def trial(a):
    return a / 7

limit(int(sys.argv[2]))
found = search(trial, {"a": range(12)}, journal=sys.argv[1], told=told)
assert found == search(trial, {"a": range(12)})
assert search(trial, {"a": range(12)}, journal=sys.argv[1]).resumed == 12
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
def test_what_was_half_written_on_a_full_disk_is_written_when_there_is_space(tmp_path: Path) -> None:
    journal = tmp_path / "search.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(journal), "500"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Unkept: cannot write") == 1
    numbers = [json.loads(line)["number"] for line in journal.read_text(encoding="utf-8").splitlines()[1:]]
    assert numbers == list(range(12))


HOLDING = """
import sys
from nn.search import search

def trial(rate, sizes, act):
    print("holding", flush=True)
    sys.stdin.readline()
    raise SystemExit

search(trial, {"rate": [0.1, 0.3], "sizes": [[4], [8, 4]], "act": ["tanh", None]}, journal=sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_two_searches_do_not_write_one_journal(tmp_path: Path) -> None:
    journal = tmp_path / "search.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(journal)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == b"holding\n"
        with pytest.raises(Unwritable, match="another search is writing it; wait for that, or choose another place"):
            search(trial, SPACE, journal=journal, told=never)
        holding.send_signal(signal.SIGKILL)
    told: list[str] = []

    def again(found: Any) -> None:
        with pytest.raises(Unwritable, match="another search is writing it"):
            search(trial, SPACE, journal=tmp_path / ".." / tmp_path.name / "search.jsonl")
        told.append(repr(found))

    assert search(trial, SPACE, journal=journal, told=again) == search(trial, SPACE)
    assert len(told) == 8

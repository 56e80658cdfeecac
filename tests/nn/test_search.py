"""Searches: what is tried, that neither the executor nor the order of arrival matters, and failures as results."""

from __future__ import annotations

import json
import math
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import TooMany, UnknownChoice
from nn import BadSetting
from nn.outcomes import NothingFound, Results, Row
from nn.search import MOST_IN_FLIGHT, NotSent, search
from nn.spaces import axes_of, between, logarithmic, planned, whole

SPACE: dict[str, list[Any]] = {"rate": [0.1, 0.3, 1.0, 3.0], "neurons": [2, 4, 8]}


def score(rate: float, neurons: int) -> float:
    """A number with all its digits; trials fail where the rate is 3."""
    if rate == 3.0:
        raise ArithmeticError(f"it exploded\nwith {neurons} neurons")
    return math.sin(neurons / rate)


class Shuffled(Executor):
    """Finishes so many calls in a random order, once all of them are there; the first, whether it is ready, at once."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.random = count, Random(seed)
        self.held: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hold it until all are there."""
        future: Future[Any] = Future()
        if fn.__name__ == "ready":
            future.set_result(fn(*args))
            return future
        self.held.append((future, partial(fn, *args)))
        if len(self.held) == self.count:
            Thread(target=self._finish).start()
        return future

    def _finish(self) -> None:
        self.random.shuffle(self.held)
        for future, call in self.held:
            future.set_result(call())


class Loses(ThreadPoolExecutor):
    """Threads that lose the trials of some numbers the first so many times, with an error of their own."""

    def __init__(self, lost: dict[int, int]) -> None:
        super().__init__(1)
        self.lost = lost

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Lose it, or run it."""
        number = args[2] if len(args) > 2 else -1
        if self.lost.get(number, 0) > 0:
            self.lost[number] -= 1
            future: Future[Any] = Future()
            future.set_exception(ConnectionError("the worker is gone"))
            return future
        return super().submit(fn, *args, **kwargs)


def processes(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def test_the_best_of_a_grid_is_found() -> None:
    found = search(score, SPACE)
    assert [tuple(row.settings.values()) for row in found.rows] == list(product(*SPACE.values()))
    assert [row.number for row in found.rows] == list(range(12))
    right = {(rate, n): math.sin(n / rate) for rate, n in product([0.1, 0.3, 1.0], [2, 4, 8])}
    assert tuple(found.best.settings.values()) == max(right, key=right.__getitem__)
    assert found.best.scores == {"score": max(right.values())}
    assert search(score, SPACE, least=True).best.scores == {"score": min(right.values())}
    assert (found.names, found.planned, found.stopped) == (("rate", "neurons"), 12, "all trials done")


AXES = st.one_of(
    st.lists(st.integers(-3, 3) | st.booleans() | st.text(max_size=2) | st.floats(-1, 1), min_size=1, max_size=4),
    st.builds(lambda low, more: whole(low, low + more), st.integers(-9, 9), st.integers(1, 4)),
    st.builds(lambda low, more: between(low, low + more), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)),
    st.builds(lambda low, more: logarithmic(low, low * more), st.floats(1e-9, 1e3), st.floats(1.01, 1e6)),
)


@given(space=st.dictionaries(st.sampled_from("abcd"), AXES, min_size=1), tries=st.integers(1, 40),
       more=st.integers(0, 40), seed=st.integers(0, 10**6))  # fmt: skip
def test_random_tries_are_within_the_space_fixed_by_the_seed_and_begin_alike(
    space: dict[str, Any], tries: int, more: int, seed: int
) -> None:
    axes = axes_of(space)
    found = planned(axes, tries, seed)
    assert found == planned(axes_of(space), tries + more, seed)[:tries]
    for setting in found:
        assert list(setting) == list(space)
        for name, value in setting.items():
            axis = space[name]
            if isinstance(axis, list):
                assert any(value is choice or (value == choice and type(value) is type(choice)) for choice in axis)
            else:
                assert axis.low <= value <= axis.high
                assert type(value) is (int if isinstance(axis, whole) else float)
    size = math.prod(axis.size for axis in axes.values())
    assert len(found) == min(tries, size)
    if size < math.inf:
        assert len({json.dumps(setting) for setting in found}) == len(found)
        grid = {json.dumps(setting) for setting in planned(axes)}
        assert len(grid) == size
        assert {json.dumps(setting) for setting in planned(axes, int(size), seed)} == grid


def test_draws_are_spread_as_they_say_and_short_enough_to_copy() -> None:
    space = {"a": logarithmic(1e-4, 1e-1), "b": between(-1.0, 3.0), "c": whole(1, 4)}
    drawn = planned(axes_of(space), 4000, seed=7)
    for name, quarter in (("a", 10**-3.25), ("b", 0.0), ("c", 1)):
        below = sum(setting[name] <= quarter for setting in drawn)
        assert abs(below - 1000) < 5 * math.sqrt(4000 * 3 / 16)
    assert all(float(f"{setting['a']:.6g}") == setting["a"] for setting in drawn)
    assert max(len(repr(setting["b"])) for setting in drawn) <= 8
    tiny = planned(axes_of({"a": between(0.99999, 1.0), "b": logarithmic(1.0, 1.00001)}), 500)
    assert all(len({setting[name] for setting in tiny}) > 490 for name in "ab")
    far = planned(axes_of({"a": between(-1e308, 1.7e308), "b": logarithmic(5e-324, 1e308)}), 50)
    assert all(math.isfinite(number) for setting in far for number in setting.values())


def test_a_space_too_large_to_list_is_drawn_without_repeating() -> None:
    axes = axes_of({"a": whole(1, 10**14), "b": range(2000)})
    assert len({json.dumps(setting) for setting in planned(axes, 500)}) == 500
    with pytest.raises(TooMany, match=r"combinations, at most 1,000,000; write tries=100"):
        planned(axes)


def test_choices_are_plain_and_cannot_be_changed_by_a_trial() -> None:
    given: list[Any] = []
    space = {"rate": np.logspace(-1, 1, 3), "sizes": [[4, [8]], (2,)], "n": np.arange(2), "x": [Fraction(1, 4), 1, 1.0]}

    def trial(**setting: Any) -> float:
        given.append(setting)
        return 1.0

    search(trial, space)
    assert given[0] == {"rate": 0.1, "sizes": (4, (8,)), "n": 0, "x": 0.25}
    assert {tuple(map(type, setting.values())) for setting in given} == {
        (float, tuple, int, float),
        (float, tuple, int, int),
    }
    assert len(given) == 3 * 2 * 2 * 3
    repeated = search(lambda a: 1.0, {"a": [1, 2, 1, True, 1.0, 2]})
    assert [repr(row.settings["a"]) for row in repeated.rows] == ["1", "2", "True", "1.0"]


@settings(max_examples=40)
@given(a=st.lists(st.integers(-5, 5), min_size=1, max_size=5), b=st.integers(1, 5), seed=st.integers(0, 99))
def test_the_order_of_arrival_does_not_matter(a: list[int], b: int, seed: int) -> None:
    def trial(a: int, b: float) -> dict[str, float]:
        return {"score": abs(a), "share": b / a}  # divides by 0, has equal scores

    space = {"a": a, "b": between(0, b)}
    here = search(trial, space, tries=12, seed=seed)
    told: list[Results] = []
    executor = Shuffled(12, seed)
    there = search(trial, space, tries=12, seed=seed, executor=executor, told=told.append)
    assert there == here
    assert [len(found.rows) for found in told] == list(range(1, 13))
    for found in told:  # at any time they are in order
        assert found.rows == tuple(here.rows[number] for number in sorted(row.number for row in found.rows))
    if here.ranked:
        best = max(abs(row.settings["a"]) for row in here.rows if row.settings["a"])
        assert here.best.number == min(row.number for row in here.rows if abs(row.settings["a"]) == best)
    assert [row.settings["a"] for row in here.failed] == [0] * sum(row.settings["a"] == 0 for row in here.rows)


def test_threads_and_processes_give_the_same_rows_as_none() -> None:
    here = search(score, SPACE)
    with ThreadPoolExecutor(3) as pool:
        assert search(score, SPACE, executor=pool) == here
    with processes(2) as pool:
        assert search(partial(score), SPACE, executor=pool) == here


def test_an_executor_is_given_a_bounded_number_of_trials() -> None:
    outstanding, most = set[Future[Any]](), 0

    class Counting(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            future = super().submit(fn, *args, **kwargs)
            outstanding.add(future)
            most = max(most, len([future for future in outstanding if not future.done()]))
            if most == MOST_IN_FLIGHT:
                full.set()
            return future

    def trial(a: int) -> int:
        if a == 0:
            assert full.wait(60)  # nothing is finished before as many as may be are waiting
        return a

    full = Event()
    with Counting(1) as pool:
        found = search(trial, {"a": range(2 * MOST_IN_FLIGHT)}, executor=pool)
    assert len(found.rows) == 2 * MOST_IN_FLIGHT
    assert most == MOST_IN_FLIGHT


class Silent(Exception):
    """An error that cannot be put into words."""

    def __str__(self) -> str:
        raise RuntimeError


class Odd:
    """A number that cannot be had."""

    def __float__(self) -> float:
        raise OverflowError

    def __repr__(self) -> str:
        return "odd"


FAILURES: list[tuple[Callable[[], Any], str]] = [
    (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
    (lambda: [][0], "IndexError: list index out of range"),
    (lambda: (_ for _ in ()).throw(ValueError("a\n\tb  c")), "ValueError: a b c"),
    (lambda: (_ for _ in ()).throw(ValueError("x" * 1000)), f"ValueError: {'x' * 288}"),
    (lambda: (_ for _ in ()).throw(KeyError()), "KeyError"),
    (lambda: (_ for _ in ()).throw(Silent()), "Silent"),
    (lambda: (_ for _ in ()).throw(SystemExit(3)), "SystemExit: 3"),
    (lambda: math.nan, "score: given nan, expected a finite number"),
    (lambda: -math.inf, "score: given -inf, expected a finite number"),
    (lambda: None, "score: given None, expected a finite number"),
    (lambda: "0.5", "score: given '0.5', expected a finite number"),
    (lambda: 1j, "score: given 1j, expected a finite number"),
    (lambda: 10**400, f"score: given 1{'0' * 38}…, expected a finite number"),
    (lambda: Odd(), "score: given odd, expected a finite number"),
    (lambda: [1.0, 2.0], "score: given [1.0, 2.0], expected a finite number"),
    (lambda: {"score": None, "loss": math.nan}, "score: given None, expected a finite number; loss: given nan, "
                                                "expected a finite number"),
    (dict, ""),
]  # fmt: skip


@pytest.mark.parametrize(("fails", "error"), FAILURES, ids=range(len(FAILURES)))
@pytest.mark.parametrize("journalled", [False, True])
def test_a_failure_is_a_result(fails: Callable[[], Any], error: str, journalled: bool, tmp_path: Path) -> None:
    def trial(a: int) -> Any:
        return fails() if a == 2 else a

    journal = tmp_path / "search.jsonl" if journalled else None
    found = search(trial, {"a": [1, 2, 3]}, journal=journal)
    assert found.failed == (Row(1, {"a": 2}, {}, error),)
    assert (found.best.number, len(found.rows), found.stopped) == (2, 3, "all trials done")
    assert "1 failed" in repr(found)
    if journalled:  # and so it is after it was read
        assert search(trial, {"a": [1, 2, 3]}, journal=journal, told=lambda _: pytest.fail("tried again")) == found


@pytest.mark.parametrize("number", [1, True, np.float32(1), np.int64(1), np.array(1.0), Fraction(1), 1.0])
def test_whatever_is_one_number_is_a_score(number: Any) -> None:
    (row,) = search(lambda a: number, {"a": [1]}).rows
    assert (row.scores, type(row.scores["score"])) == ({"score": 1.0}, float)


def test_a_measure_that_fails_leaves_the_others() -> None:
    found = search(lambda a: {"accuracy": a, "loss": math.nan if a == 2 else 1 / a}, {"a": [1, 2, 3]}, by="loss")
    assert (found.best.number, [row.number for row in found.failed]) == (0, [1])
    assert found.measures == ("loss", "accuracy")
    again = found.judged("accuracy")
    assert (again.best.number, again.failed, again.judged("loss", least=True).best.number) == (2, (), 2)
    with pytest.raises(UnknownChoice, match="there is no score 'los'; choose one of: loss, accuracy"):
        found.judged("los")


def test_the_best_of_nothing_is_a_lesson() -> None:
    forgotten = search(lambda a: {"accuracy": a, "loss": -a}, {"a": [1, 2]})
    with pytest.raises(NothingFound, match=r"no trial scored 'score': they have accuracy, loss; write judged\('accura"):
        forgotten.best  # noqa: B018 - asking is enough
    assert forgotten.judged("accuracy").best.settings == {"a": 2}
    with pytest.raises(NothingFound, match=r"1 of 1 came to an end, and failed, the first by ZeroDivisionError"):
        search(lambda a: 1 / 0, {"a": [1]}).best  # noqa: B018
    with pytest.raises(NothingFound, match=r"no trial has a score: 0 of 4 came"):
        Results((), ("a",), planned=4).best  # noqa: B018


def test_an_interrupt_keeps_what_came(tmp_path: Path) -> None:
    calls: list[int] = []

    def trial(a: int) -> int:
        calls.append(a)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return a

    journal = tmp_path / "search.jsonl"
    found = search(trial, {"a": range(6)}, journal=journal)
    assert [row.number for row in found.rows] == [0, 1, 2]
    assert repr(found) == "<search: 3 of 6 trials, best score 2 in trial 2; interrupted>"
    again = search(trial, {"a": range(6)}, journal=journal)
    assert again == search(trial, {"a": range(6)})
    assert calls == [0, 1, 2, 3, 3, 4, 5, 0, 1, 2, 3, 4, 5]
    assert again.resumed == 3


def test_an_interrupt_takes_back_what_has_not_begun() -> None:
    calls, gate = list[int](), Event()

    def trial(a: int) -> int:
        calls.append(a)
        assert a < 3 or gate.wait(60)
        return a

    def told(found: Results) -> None:
        if len(found.rows) == 3:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as pool:
        found = search(trial, {"a": range(100)}, executor=pool, told=told)
        gate.set()
    assert (len(found.rows), found.stopped) == (3, "interrupted")
    assert calls == [0, 1, 2, 3]


def deadly(a: int, folder: str) -> int:
    """Takes its process along, unless it has been mended; leaves a line for each call."""
    with Path(folder, "calls").open("a", encoding="utf-8") as calls:
        calls.write(f"{a}\n")
    if a == 3 and not Path(folder, "mended").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return a * a


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_pool_whose_worker_is_killed_loses_nothing_that_came(tmp_path: Path) -> None:
    space, journal = {"a": range(7), "folder": [str(tmp_path)]}, tmp_path / "search.jsonl"
    with processes(1) as pool:
        found = search(deadly, space, executor=pool, journal=journal)
    assert [row.scores for row in found.rows] == [{"score": 0.0}, {"score": 1.0}, {"score": 4.0}]
    assert "3 of 7 trials" in repr(found)
    assert found.stopped.startswith("the executor gave up, BrokenProcessPool: ")
    (tmp_path / "mended").touch()
    with processes(1) as pool:
        again = search(deadly, space, executor=pool, journal=journal)
    assert (tmp_path / "calls").read_text(encoding="utf-8").split() == list("01233456")
    assert again == search(deadly, space)


def test_a_trial_that_is_lost_is_tried_once_more_and_again_when_resumed(tmp_path: Path) -> None:
    journal, here = tmp_path / "search.jsonl", search(score, SPACE)
    with Loses({2: 1, 5: 9}) as pool:
        found = search(score, SPACE, executor=pool, journal=journal)
    lost = Row(5, here.rows[5].settings, {}, "ConnectionError: the worker is gone", lost=True)
    assert found.rows == (*here.rows[:5], lost, *here.rows[6:])
    assert pool.lost == {2: 0, 5: 7}
    again = search(score, SPACE, journal=journal)
    assert (again, again.resumed) == (here, 11)


def test_an_executor_that_is_shut_down_ends_the_search_with_what_is_running() -> None:
    gate = Event()

    def trial(a: int) -> int:
        assert a != 2 or gate.wait(60)
        return a

    def told(found: Results) -> None:
        if len(found.rows) == 2:
            pool.shutdown(wait=False, cancel_futures=True)
            gate.set()

    pool = ThreadPoolExecutor(1)
    found = search(trial, {"a": range(MOST_IN_FLIGHT + 5)}, executor=pool, told=told)
    assert found.stopped.startswith("the executor gave up, RuntimeError: cannot schedule new futures")
    assert [row.number for row in found.rows] == [0, 1, 2]


def test_a_trial_that_does_not_reach_the_workers_is_said_once() -> None:
    told: list[Results] = []
    with (
        processes(1) as pool,
        pytest.raises(NotSent, match=r"<lambda> does not reach .*pickle.*; make a new .* def in"),
    ):
        search(lambda a: a, {"a": range(1000)}, executor=pool, told=told.append)
    with pytest.raises(NotSent, match="cannot schedule new futures after shutdown"):
        search(score, SPACE, executor=pool, told=told.append)
    assert told == []


# What a type checker would refuse is refused without one too.
WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: search(score, {}), r"space: given {}, expected what to try; write {'rate': \[0.03"),
    (lambda: search(score, [1]), r"space: given \[1\]"),  # type: ignore[arg-type]
    (lambda: search(score, {1: [2]}), "space: given the name 1, expected the name of a setting"),  # type: ignore[dict-item]
    (lambda: search(score, {"rate": []}), "rate: given no choices, expected one or more"),
    (lambda: search(score, {"rate": 0.1}), r"rate: given 0.1, expected a list of choices; write \[0.1\]"),
    (lambda: search(score, {"act": "tanh"}), r"act: given 'tanh', expected a list of choices; write \['tanh'\]"),
    (lambda: search(score, {"rate": {1, 2}}), "rate: given {1, 2}, expected a list of choices; write a list, in"),
    (lambda: search(score, {"rate": iter([1])}), "rate: given <list_iter.*expected a list of choices"),
    (lambda: search(score, {"rate": [math.inf]}), "rate: given the choice inf, expected finite numbers, texts"),
    (lambda: search(score, {"rate": [math.sin]}), "rate: given the choice <built-in .*, and make it in the trial"),
    (lambda: search(score, {"rate": logarithmic(0.1, 1)}), r"no end of values for a grid; write tries=20 .*or a list"),
    (lambda: search(score, {"rate": range(10**7)}), r"rate: given 10,000,000 choices, at most 1,000,000"),
    (lambda: search(score, SPACE, tries=0), "tries: given 0, expected a whole number from 1; write tries=20"),
    (lambda: search(score, SPACE, tries=2.5), "tries: given 2.5"),  # type: ignore[arg-type]
    (lambda: search(score, SPACE, tries=2, seed=-1), "seed: given -1, expected a whole number from 0"),
    (lambda: search(score, {"a": between(0, 1)}, tries=10**7), "tries: given 10,000,000, at most 1,000,000"),
    (lambda: search(score(0.1, 2), SPACE), "trial: given .*, expected a function; write its name"),  # type: ignore[arg-type]
    (lambda: search(score, {"rate": [1]}), r"score\(rate.*\) .* the settings rate: missing .* 'neurons'; give"),
    (lambda: search(score, SPACE | {"epochs": [1]}), r"cannot take .*, epochs: got an unexpected .* 'epochs'"),
    (lambda: search(score, SPACE, executor=ThreadPoolExecutor), r"executor: given <class .*write executor=Thr.*\(\)"),  # type: ignore[arg-type]
    (lambda: search(score, SPACE, by=1), "by: given 1, expected the name of a score"),  # type: ignore[arg-type]
    (lambda: between(2, 1), "high: given 1.0, expected a number above low, 2.0; write the smaller one first"),
    (lambda: whole(1, 1), "high: given 1, expected a number above low, 1"),
    (lambda: whole(1.5, 2), "low: given 1.5, expected a whole number"),  # type: ignore[arg-type]
    (lambda: logarithmic(0, 1), "low: given 0, expected a number above 0"),
    (lambda: between(0, math.inf), "high: given inf, expected a finite number"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "lesson"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_searched_is_refused_with_the_fix(wrong: Callable[[], Any], lesson: str) -> None:
    with pytest.raises((BadSetting, TooMany), match=lesson) as refused:
        wrong()
    assert "\n" not in str(refused.value)


def test_a_trial_that_does_not_say_what_it_takes_is_called_all_the_same() -> None:
    (row,) = search(dict, {"score": [2]}).rows
    assert row.scores == {"score": 2.0}


def test_the_table_has_the_best_first_and_failures_last() -> None:
    rows = [
        Row(0, {"rate": 0.1, "act": "tanh"}, {"accuracy": 0.25, "loss": 1.0}, seconds=1.234),
        Row(1, {"rate": 0.5, "act": None}, {"accuracy": 0.75, "loss": 1 / 3}, seconds=0.5),
        Row(2, {"rate": 10.0, "act": (1, 2)}, {"loss": 2.0}, "accuracy: given None, expected a finite number"),
        Row(3, {"rate": 10.0, "act": "a\nb"}, {"accuracy": 0.25, "loss": 1.0}),
        Row(4, {"rate": 0.1, "act": "relu"}, {}, f"ValueError: {'long ' * 9 + 'and longer'}"),
    ]
    found = Results(tuple(rows), ("rate", "act"), by="accuracy", planned=6, stopped="interrupted")
    table = str(found).splitlines()
    assert table.pop() == f"    4   0.1    relu         –         –     0.00  ValueError: {'long ' * 9}an…"
    assert table == [
        "search: 5 of 6 trials, best accuracy 0.75 in trial 1, 2 failed; interrupted",
        "",
        "trial  rate     act  accuracy      loss  seconds",
        "    1   0.5    None      0.75  0.333333     0.50",
        "    0   0.1    tanh      0.25         1     1.23",
        r"    3  10.0    a\nb      0.25         1     0.00",
        "    2  10.0  (1, 2)         –         2     0.00  accuracy: given None, expected a finite number",
    ]
    assert found.csv.splitlines()[:4] == [
        "trial,rate,act,accuracy,loss,seconds,error",
        "0,0.1,tanh,0.25,1.0,1.234000,",
        "1,0.5,None,0.75,0.3333333333333333,0.500000,",
        '2,10.0,"(1, 2)",,2.0,0.000000,"accuracy: given None, expected a finite number"',
    ]
    said = json.loads(found.json)
    assert (said["by"], said["planned"], said["rows"][1]["scores"]["loss"]) == ("accuracy", 6, 1 / 3)


def test_a_long_table_is_cut_with_a_count() -> None:
    found = search(lambda a: 1 / (a % 10), {"a": range(1000)})
    lines = str(found).splitlines()
    assert (len(lines), lines[-1]) == (24, "and 980 more; .rows, .csv and .json have them all")
    assert Counter("ZeroDivisionError" in line for line in lines[3:-1]) == {False: 15, True: 5}
    assert len(found.csv.splitlines()) == 1001

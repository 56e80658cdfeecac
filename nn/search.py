"""Search for good settings: every combination or random ones, here or on any executor, with the same results.

Imports journal, outcomes, spaces, settings and autograd's errors.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import closing, nullcontext, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any, TypeAlias
from uuid import uuid4

from autograd import PathgradError, shorten

from .journal import journal_at
from .outcomes import Results, Row, said, scores_of
from .settings import BadSetting
from .spaces import Axis, Choices, Setting, axes_of, planned

Trial: TypeAlias = Callable[..., Any]
Task: TypeAlias = tuple[int, Setting]
MOST_IN_FLIGHT = 500  # trials that an executor is given and has not finished


class NotSent(PathgradError, RuntimeError):
    """An executor's workers cannot be given the trial, or there are none; the message says why."""


class GaveUp(Exception):
    """The executor takes no more trials."""


def search(
    trial: Trial,
    space: Mapping[str, Any],
    *,
    tries: int | None = None,
    seed: int = 0,
    by: str = "score",
    least: bool = False,
    executor: Executor | None = None,
    journal: str | Path | None = None,
    told: Callable[[Results], object] | None = None,
) -> Results:
    """Call `trial(**settings)` for many settings, and say which are best.

    The trial returns its score, or a mapping of names to numbers of which `by` is judged; the most is best, or with
    `least` the least. `space` has for each setting a list of choices, or whole(low, high), between(low, high) or
    logarithmic(low, high). Every combination is tried, or with `tries` so many random ones, drawn from `seed`.

    >>> def trial(rate, neurons):
    ...     return neurons - abs(rate - 0.3)
    >>> search(trial, {"rate": [0.1, 0.3, 1.0], "neurons": [2, 4]}).best.settings
    {'rate': 0.3, 'neurons': 4}

    Trials run one after the other, or on an `executor`: threads, processes, or `client.get_executor()` of a Dask
    cluster. What is tried is settled before, so that neither the executor nor the order of arrival changes the results,
    as long as a trial depends on nothing but its settings. A trial that raises, or whose score is no finite number, is
    a row with an `error`; so is one that was lost with its worker. Ctrl-C, or an executor that breaks, ends the search
    with what came. `told` is called with the results so far after each trial.

    `journal` is a file to which each trial is added as it comes. The same call, whatever ended it, goes on from there,
    also with more `tries`, another `by` or another executor; trials that failed by themselves are not tried again,
    those that were lost are. It cannot know what is inside a trial: for one that was changed give another file.

    Raises BadSetting for a space, a trial or an executor that cannot work, TooMany for more than a million trials,
    NotSent if the executor's workers cannot be given the trial, Unwritable and BadJournal for a journal.
    """
    axes = axes_of(space)
    plan = planned(axes, tries, seed)
    _expect_trial(trial, plan[0])
    _expect_executor(executor)
    if not isinstance(by, str):
        raise BadSetting(f"by: given {shorten(by)}, expected the name of a score; write by='score'")
    head = {
        "trial": _name(trial),
        "order": "every combination" if tries is None else f"random, from seed {seed}",
        "space": {name: _described(axis) for name, axis in axes.items()},
    }
    rows: dict[int, Row] = {}
    stopped, resumed = "under way", 0

    def results() -> Results:
        found = tuple(rows[number] for number in sorted(rows))
        return Results(found, tuple(axes), by, bool(least), len(plan), stopped, resumed)

    with journal_at(journal, head, plan) if journal is not None else nullcontext() as book:
        if book is not None:
            rows.update(book.rows)
            resumed = len(rows)
        left = [(number, settings) for number, settings in enumerate(plan) if number not in rows]
        try:
            with closing(_here(trial, by, left) if executor is None else _there(executor, trial, by, left)) as arriving:
                for row in arriving:
                    rows[row.number] = row
                    if book is not None and not row.lost:
                        book.add(row)
                    if told is not None:
                        told(results())
            stopped = "all trials done"
        except KeyboardInterrupt:
            stopped = "interrupted"
        except GaveUp as error:
            stopped = f"the executor gave up, {error}"
    return results()


def attempt(trial: Trial, by: str, number: int, settings: Setting, run: str = "") -> Row:
    """One trial, wherever it runs. `run` tells searches apart: of equal calls Dask would make but one."""
    start, scores, error = perf_counter(), dict[str, float](), ""
    try:
        scores, error = scores_of(trial(**settings), by)
    except (Exception, SystemExit) as failure:
        error = said(failure)
    return Row(number, settings, scores, error, perf_counter() - start)


def ready(trial: Trial, run: str) -> bool:
    """Whether a trial has arrived whole, where it is to run."""
    return callable(trial)


def _here(trial: Trial, by: str, tasks: list[Task]) -> Generator[Row, None, None]:
    """The rows of these trials, one after the other."""
    return (attempt(trial, by, number, settings) for number, settings in tasks)


def _there(executor: Executor, trial: Trial, by: str, tasks: list[Task]) -> Generator[Row, None, None]:
    """The rows of these trials in the order in which they arrive. Raises GaveUp after the last that can.

    A trial that is lost is tried once more, after all others.
    """
    submit, run, waiting, again = _submission(executor), uuid4().hex, deque(tasks), set[int]()
    if tasks:
        _expect_ready(executor, trial, run)
    arrivals: SimpleQueue[Future[Row]] = SimpleQueue()
    flying: dict[Future[Row], Task] = {}
    broken = ""
    try:
        while True:
            while waiting and not broken and len(flying) < MOST_IN_FLIGHT:
                task = waiting.popleft()
                try:
                    future = submit(attempt, trial, by, *task, f"{run} {len(again)}")
                except Exception as error:
                    broken = said(error)
                else:
                    flying[future] = task
                    future.add_done_callback(arrivals.put)  # wait() would sleep on where a future is cancelled
            if not flying:
                break
            future = arrivals.get()
            task = flying.pop(future)
            try:
                row = future.result()
            except (BrokenExecutor, CancelledError) as error:
                broken = broken or said(error)
            except Exception as error:
                if task[0] in again:
                    yield Row(*task, error=said(error), lost=True)
                else:
                    again.add(task[0])
                    waiting.append(task)
            else:
                yield row
    finally:
        for future in flying:
            with suppress(Exception):  # where there is nobody left to be told
                future.cancel()
    if broken:
        raise GaveUp(broken)


def _submission(executor: Executor) -> Callable[..., Future[Row]]:
    """How a call is handed over.

    Dask's executor leaves its futures without an answer where a result is lost after it was made and cannot be made
    again; its client's do say so.
    """
    client = getattr(executor, "_client", None)
    if client is None or not type(executor).__module__.startswith("distributed."):
        return executor.submit
    return partial(client.submit, **getattr(executor, "_kwargs", {}))


def _expect_ready(executor: Executor, trial: Trial, run: str) -> None:
    """Raise NotSent, once, where every trial would fail for the same reason."""
    try:
        executor.submit(ready, trial, run).result()
    except Exception as error:
        raise NotSent(
            f"{_name(trial)} does not reach the workers of {shorten(executor)}: {said(error)}; make a new executor if "
            "that one was shut down, otherwise define the trial with def in a module that the workers can import"
        ) from None


def _expect_trial(trial: Any, settings: Setting) -> None:
    if not callable(trial):
        raise BadSetting(f"trial: given {shorten(trial)}, expected a function; write its name, without brackets")
    try:
        signature = inspect.signature(trial)
    except (TypeError, ValueError):
        return  # it does not say what it takes
    try:
        signature.bind(**settings)
    except TypeError as error:
        raise BadSetting(
            f"trial: {_name(trial)}{signature} cannot take the settings {', '.join(settings)}: {error}; "
            "give the space a name for each argument"
        ) from None


def _expect_executor(executor: Any) -> None:
    if executor is not None and not isinstance(executor, Executor):
        fix = "executor=client.get_executor()" if hasattr(executor, "get_executor") else "executor=ThreadPoolExecutor()"
        raise BadSetting(f"executor: given {shorten(executor)}, expected one of concurrent.futures; write {fix}")


def _name(trial: Any) -> str:
    """What a trial is called; functools.partial leaves the name to what it calls."""
    named = getattr(trial, "func", trial)
    return str(getattr(named, "__name__", type(named).__name__))


def _described(axis: Axis) -> Any:
    return axis.values if isinstance(axis, Choices) else repr(axis)

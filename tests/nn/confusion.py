"""The confusion matrix of the diagnosis: `python -m tests.nn.confusion 40` takes some minutes.

Of each misconception so many wrong homeworks are written for random networks; and twenty-five times as many right ones.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from contextlib import redirect_stdout
from io import StringIO
from itertools import count, islice

from .homeworks import MISCONCEPTIONS, RIGHT, exercises, marks_of, right, spoilt_homeworks


def main(times: int) -> None:
    """Print a row for each misconception: how often it is named, alone or beside others, and what is said instead."""
    named = 0
    for name in MISCONCEPTIONS:
        said: Counter[str] = Counter()
        for _, marks in islice(spoilt_homeworks(name), times):
            names = [" and ".join(each.names) for each in marks.explanations]
            said[" or ".join(sorted(names, key=lambda other: other != name)) or "nothing"] += 1
        right_ones = sum(n for names, n in said.items() if names.split(" or ")[0] == name)
        named += right_ones
        others = "; ".join(f"{n} × {names}" for names, n in said.most_common() if names != name)
        print(f"{name:<30}{right_ones:>4} of {times}  {others}", flush=True)
    print(f"{named} of {times * len(MISCONCEPTIONS)} named")
    accused, given, least = 0, 0, 16
    seeds = count(1_000_000)
    while given < 25 * times:
        seed = next(seeds)
        exercise = exercises(seed)
        text = right(exercise, seed % (len(RIGHT) + 1))
        if text is not None:
            with redirect_stdout(StringIO()):
                marks = marks_of(exercise, text)
            given, accused, least = given + 1, accused + (not marks), min(least, marks.digits)
    print(f"{accused} of {given} right ones accused; all right in {least} digits or more")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)

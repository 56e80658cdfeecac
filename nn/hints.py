"""Where to look when no mistake of the table explains it. Imports passes, suspects and NumPy.

The arrays that are right say how far down the way back is right; what is given, over what is right, says the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .passes import EQUATIONS
from .suspects import ENOUGH, Evidence

ALIKE = 1e-3  # by how much the ratios of an array's entries may differ, and be one ratio


def hints(evidence: Sequence[Evidence], loss_is_right: bool) -> Iterator[str]:
    """What the numbers that were given say about where the mistake is made."""
    came = [each for each in evidence if each.given]
    wrong = [{name for name in each.right if _is_wrong(each, name)} for each in came]
    if told := list(_calls([each.problem.m for each in came], list(map(bool, wrong)))):
        yield from told
    elif any(wrong) and all(each.given and each.given.keys() == each.right.keys() for each in came):
        yield from _on_the_way_back(came[0].problem.depth, set().union(*wrong), loss_is_right)
        if loss_is_right:
            yield from _ratios(next(each for each, names in zip(came, wrong, strict=True) if names))


def _is_wrong(each: Evidence, name: str) -> bool:
    return name in (each.given or ()) and each.off(name, each.right[name]) > ENOUGH


def _on_the_way_back(depth: int, wrong: set[str], loss_is_right: bool) -> Iterator[str]:
    """The first array that is wrong on the way back, and what lies between it and the last that is right."""
    l = max(int(name[1:]) for name in wrong)
    if f"b{l}" not in wrong:
        yield f"b{l} is right, so dZ{l} is too: look at {EQUATIONS['weights']}"
    elif f"W{l}" not in wrong:
        yield f"W{l} is right, so dZ{l} is too: look at {EQUATIONS['biases']}"
    elif l < depth:
        yield f"all is right down to dZ{l + 1}, and dZ{l} is not: look at {EQUATIONS['back']}"
        yield f"and at {EQUATIONS['through']}"
    elif loss_is_right:
        yield f"the loss is right, so A{l} is too, and dZ{l} is not: look at {EQUATIONS['error']}"
    else:
        yield "the loss is wrong too: begin with the way up, Z and A of each layer"


def _ratios(each: Evidence) -> Iterator[str]:
    """What is given over what is right, in the first wrong array on the way back."""
    name = next(name for name in reversed(each.right) if _is_wrong(each, name))
    given, right = (each.given or {})[name], each.right[name]
    if given.shape != right.shape or right.size == 1 or not np.all(np.isfinite(given)) or not np.all(right):
        return
    ratios = given / right
    low, high, middle = float(ratios.min()), float(ratios.max()), float(np.median(ratios))
    if high - low <= ALIKE * abs(middle):
        yield f"every entry of {name} is {middle:.4g} times what is right"
    else:
        yield f"the entries of {name} are between {low:.3g} and {high:.3g} times what is right"


def _calls(examples: Sequence[int], wrong: Sequence[bool]) -> Iterator[str]:
    """What tells the calls that are right from those that are wrong, if the first one is right."""
    bad = [m for m, is_wrong in zip(examples, wrong, strict=True) if is_wrong]
    if not bad or wrong[0]:
        return
    if examples[0] in bad:
        yield "the first call is right, and a later one like it is wrong: does something outlive a call?"
    else:
        yield f"it is right for m = {examples[0]} and wrong for m = {bad[0]}: is m written as a number? Take X.shape[1]"

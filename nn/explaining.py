"""Which mistake explains somebody's gradients: the suspects that account for every array of every problem.

Imports passes, slips and suspects. An array is accounted for by the mistake, or by there being none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .passes import EQUATIONS, Equation
from .slips import Mistake
from .suspects import ENOUGH, Evidence, Suspect, pairs, singles

BETTER = 30  # times as near as to what is right, a mistake has to come
MOST_PARTS = 3  # mistakes in different arrays
LETTERS = {"weights": "W", "decay": "W", "biases": "b", "decay_of_biases": "b"}  # of arrays that these steps end in


class Explanation(NamedTuple):
    """The mistakes that explain it, each with the place where it is made, and the arrays which they made wrong.

    A place is a layer or some arrays, in words; empty if it is everywhere. `steps` are those of a pass that are
    concerned, and `spared` arrays that would have been wrong as well and are right.
    """

    mistakes: tuple[Mistake, ...]
    places: tuple[str, ...]
    steps: tuple[str, ...]
    arrays: tuple[str, ...]
    spared: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The mistakes' names."""
        return tuple(mistake.name for mistake in self.mistakes)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The lines of the notes that are concerned."""
        return tuple(EQUATIONS[step] for step in self.steps)


class Fit(NamedTuple):
    """How a suspect fits: the arrays that are as it would have them in all problems, and those that are right."""

    as_mistaken: set[str]
    as_right: set[str]


def explanations(evidence: Sequence[Evidence], tolerance: float = ENOUGH, together: bool = True) -> list[Explanation]:
    """The best explanations, several where they cannot be told apart; none if there is none.

    A single mistake is better than some in different arrays, and these are better than two on top of each other; these
    kinds are tried only `together`. One that spares nothing is better than one that does. An array is right up to the
    tolerance, as a share of its terms.
    """
    found = _whole(singles(evidence), evidence, tolerance)
    if found or not together:
        return found
    parts = _in_parts(singles(evidence), evidence, tolerance)
    return [parts] if parts else _whole(pairs(evidence), evidence, tolerance)


def _whole(suspects: Iterable[Suspect], evidence: Sequence[Evidence], tolerance: float) -> list[Explanation]:
    """Of the suspects that account for every array the ones that spare least, each mistake once."""
    arrays, found = _names(evidence), list[Explanation]()
    for suspect in suspects:
        fit = _fit(suspect, evidence, tolerance, hasty=True)
        if fit is not None and (wrong := arrays - fit.as_right):
            found.append(_explanation([(suspect, wrong)], fit.as_right - fit.as_mistaken))
    fewest = min((len(each.spared) for each in found), default=0)
    best = [each for each in found if len(each.spared) == fewest]
    return list({frozenset(each.names): each for each in reversed(best)}.values())[::-1]


def _in_parts(suspects: Iterable[Suspect], evidence: Sequence[Evidence], tolerance: float) -> Explanation | None:
    """A few mistakes, each in arrays of its own, that account for all of them together."""
    fits = [(suspect, fit) for suspect in suspects if (fit := _fit(suspect, evidence, tolerance)) is not None]
    left = _names(evidence) - fits[0][1].as_right if fits else set()
    parts: list[tuple[Suspect, set[str]]] = []
    while left and len(parts) < MOST_PARTS:
        suspect, fit = max(fits, key=lambda pair: len(pair[1].as_mistaken & left))
        parts.append((suspect, fit.as_mistaken & left))
        left = left - fit.as_mistaken
    return _explanation(parts, set()) if parts and not left else None


def _explanation(parts: list[tuple[Suspect, set[str]]], spared: set[str]) -> Explanation:
    """The mistakes with their places, and the steps that concern the arrays that are wrong."""
    places, steps = [], list[str]()
    for suspect, wrong in parts:
        place = f" in layer {suspect.layer}" if suspect.layer else ""
        if spared or len(parts) > 1:
            place = f" in {' and '.join(sorted(wrong, key=_order))}" + " alone" * (len(parts) == 1)
        places += [place if len(suspect.mistakes) == 1 else ""] * len(suspect.mistakes)
        letters = {name[0] for name in wrong}
        steps += [step for form in suspect.forms for step in form if letters & {*LETTERS.get(step, "Wb")}]
        steps += [step for mistake in suspect.mistakes for step in mistake.also]
    mistakes = tuple(mistake for suspect, _ in parts for mistake in suspect.mistakes)
    arrays = sorted(set[str]().union(*(wrong for _, wrong in parts)), key=_order)
    return Explanation(mistakes, tuple(places), tuple(dict.fromkeys(steps)), tuple(arrays), tuple(sorted(spared)))


def _order(name: str) -> tuple[int, str]:
    """By layers, W before b."""
    return int(name[1:]), name[0]


def _fit(suspect: Suspect, evidence: Sequence[Evidence], tolerance: float, hasty: bool = False) -> Fit | None:
    """How the suspect fits; None if it does not where something was raised.

    An array has to be the same way in all problems. If `hasty`, None as soon as there is one that is no way at all.
    """
    fit = Fit(_names(evidence), _names(evidence))
    for each, predicted in zip(evidence, suspect.predicted(evidence), strict=True):
        if each.given is None or predicted is None:
            if each.given is not predicted:
                return None
            continue
        for name in each.given:
            off_right = each.off(name, each.right[name])
            off_predicted = each.off(name, predicted[name])
            if off_right > tolerance:
                fit.as_right.discard(name)
            if off_predicted > (min(ENOUGH, off_right / BETTER) if off_right > tolerance else tolerance):
                fit.as_mistaken.discard(name)
            if hasty and name not in fit.as_right | fit.as_mistaken:
                return None
    return fit


def _names(evidence: Iterable[Evidence]) -> set[str]:
    return {name for each in evidence for name in each.given or ()}

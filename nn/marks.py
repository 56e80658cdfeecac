"""Marks: what there is to say about somebody's gradients, as text and as data. Imports explaining and raising."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple

from .explaining import Explanation
from .raising import Fault

MOST_EXPLANATIONS = 3  # that give the same, and are all told


class Mark(NamedTuple):
    """One array, or the loss, over all calls: how far it is off at most, at which `place`, and what is right there.

    `absolute` is the largest difference, `relative` the same as a share of the terms that the array is made of, and
    `digits` are those that this leaves. They are None where there is nothing to compare: no such array, or of another
    shape.
    """

    array: str
    shape: tuple[int, ...]
    is_right: bool
    digits: int = 0
    absolute: float | None = None
    relative: float | None = None
    place: tuple[int, ...] = ()
    given: float | None = None
    right: float | None = None

    def __str__(self) -> str:
        begin = f"{self.array:<6}{'×'.join(map(str, self.shape)) or 'number':<9}"
        if self.absolute is None or self.given is None or self.right is None:
            return f"{begin}cannot be compared"
        if self.is_right:
            return f"{begin}right in {self.digits} digits"
        at = f"{self.array}{list(self.place)}" if self.place else "it"
        if not isfinite(self.absolute):
            return f"{begin}wrong: {at} is {self.given}, and {self.right:.6g} is right"
        return f"{begin}wrong by up to {self.absolute:.3g}: {at} is {self.given:.6g}, and {self.right:.6g} is right"


@dataclass(frozen=True)
class Marks:
    """What there is to say about somebody's gradients. True where they are right; `str()` prints it.

    `faults` are what is wrong whatever the numbers are, `explanations` the mistakes that give just these numbers,
    several where they cannot be told apart, and `hints` say where to look if there is none.
    """

    title: str
    loss: Mark | None
    arrays: tuple[Mark, ...]
    faults: tuple[Fault, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    hints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Those of the loss, if it is known, and of all arrays."""
        return (*([self.loss] if self.loss else []), *self.arrays)

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to mend: the loss, every array, and how they are returned."""
        return bool(self.arrays) and not self.faults and not self.explanations and all(m.is_right for m in self.marks)

    def __bool__(self) -> bool:
        return self.is_right

    @property
    def digits(self) -> int:
        """The digits in which all of it is right."""
        return min((mark.digits for mark in self.marks), default=0)

    @property
    def verdict(self) -> str:
        """All of it in a line."""
        if self.is_right:
            return f"RIGHT, in {self.digits} digits or more"
        wrong = [mark.array for mark in self.marks if not mark.is_right]
        if self.explanations and not wrong:
            wrong = list(self.explanations[0].arrays)
        if not wrong:
            return "NOT RIGHT YET: the numbers are" if self.marks else "NOT RIGHT: it gives no numbers"
        return f"NOT RIGHT: {', '.join(wrong)}"

    def __str__(self) -> str:
        blocks = [[self.title], [f"  {mark}" for mark in self.marks], [str(fault) for fault in self.faults]]
        blocks += [list(_told(self.explanations)), [f"hint: {hint}" for hint in self.hints]]
        blocks += [[f"note: {remark}" for remark in self.remarks], [self.verdict]]
        return "\n\n".join("\n".join(block) for block in blocks if block)

    def as_data(self) -> dict[str, Any]:
        """The same as JSON has it, for whoever grades; what is not finite stands there as text."""
        return {
            "right": self.is_right,
            "verdict": self.verdict,
            "digits": self.digits,
            "loss": self.loss and _plain(self.loss._asdict()),
            "arrays": [_plain(mark._asdict()) for mark in self.arrays],
            "faults": [fault._asdict() for fault in self.faults],
            "diagnosis": [
                {
                    "mistakes": list(each.names),
                    "says": [mistake.says for mistake in each.mistakes],
                    "fixes": [mistake.fix for mistake in each.mistakes],
                    "places": [place.strip() for place in each.places],
                    "arrays": list(each.arrays),
                    "equations": [{"text": e.text, "lines": list(e.lines)} for e in each.equations],
                }
                for each in self.explanations
            ],
            "hints": list(self.hints),
            "remarks": list(self.remarks),
        }


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Numbers that JSON does not have as text."""
    return {key: str(x) if isinstance(x, float) and x - x != 0 else x for key, x in fields.items()}


def _told(explanations: tuple[Explanation, ...]) -> Iterator[str]:
    """The mistakes, one after the other; of those that cannot be told apart the first few."""
    if len(explanations) > 1:
        yield "One of these, which give the same here:"
    for each in explanations[:MOST_EXPLANATIONS]:
        for number, (mistake, place) in enumerate(zip(each.mistakes, each.places, strict=True)):
            yield f"{'and ' if number else ''}{mistake.name}{place}"
            yield f"    {mistake.says}"
            yield f"    fix: {mistake.fix}"
        yield from (f"    see: {equation}" for equation in each.equations)

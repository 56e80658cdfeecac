"""What stands on a picture: chosen once, frozen, and checked. Imports autograd, nn and typeset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograd import WrongShape, require_choice, shorten
from nn import in_graph, in_notes

from .typeset import Line, name, number, raised_and_lowered

# Schemes of names: a letter, what stands above it, what stands below.
NAMES: dict[str, Callable[[str], tuple[str, str, str]]] = {"graph": in_graph, "notes": in_notes}
EDGES = {
    "local": "the local derivative, ∂head/∂tail",
    "symbol": "the local derivative that it carries",
    "formula": "the local derivative, ∂head/∂tail, as a formula",
    "contribution": "the contribution, what has arrived at its head times the local derivative",
    "weight": "the weight that its tail is multiplied by",
    "none": "",
}
ON_ARROWS = {
    **dict.fromkeys(("local", "symbol", "formula"), "local derivative"),
    "contribution": "contribution",
    "weight": "weight",
    "none": "",
}
MOST = 17  # digits that tell one float from another


@dataclass(frozen=True)
class Show:
    """Which figures a picture has, in which names and to how many significant digits.

    `edges` says what is written on arrows, and with `budget` their width is the share of the largest contribution. With
    `reuse` each node says how often its gradient is used once it is remembered.
    Raises UnknownChoice for a choice that does not exist, WrongShape for digits that are no whole number from 1.
    """

    values: bool = True
    gradients: bool = True
    edges: str = "local"
    names: str = "graph"
    digits: int = 4
    budget: bool = False
    reuse: bool = False

    def __post_init__(self) -> None:
        require_choice("figure on edges", self.edges, EDGES)
        require_choice("scheme of names", self.names, NAMES)
        if not isinstance(self.digits, int) or isinstance(self.digits, bool) or not 1 <= self.digits <= MOST:
            raise WrongShape(
                f"digits: given {shorten(self.digits)}, expected a whole number from 1 to {MOST}; write digits=4"
            )

    def name(self, text: str) -> Line:
        """A node's name as it is typeset."""
        return name(text) if self.names == "graph" else raised_and_lowered(*in_notes(text))

    def number(self, value: float) -> str:
        """A number as it is written."""
        return number(value, self.digits)

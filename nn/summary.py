"""A network as a table: what each layer holds and how many numbers are learnt. Imports autograd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from autograd import aligned


class LayerSummary(NamedTuple):
    """One layer: the shape of W, (targets, sources), the number of biases, the activation, all its parameters."""

    layer: int
    weights: tuple[int, int]
    biases: int
    activation: str
    parameters: int


@dataclass(frozen=True)
class Summary:
    """What `MLP.summary` gives: a row per layer; `str()` prints it as a table."""

    rows: tuple[LayerSummary, ...]

    @property
    def parameters(self) -> int:
        """How many numbers are learnt, each counted once."""
        return sum(row.parameters for row in self.rows)

    def __str__(self) -> str:
        head = ("layer", "W", "b", "activation", "parameters")
        body = [
            (str(row.layer), "{} × {}".format(*row.weights), str(row.biases or "–"), row.activation,
             f"{row.parameters:,}")
            for row in self.rows
        ]  # fmt: skip
        lines = [head, *body, ("total", "", "", "", f"{self.parameters:,}")]
        return "\n".join(aligned(lines, "llllr"))

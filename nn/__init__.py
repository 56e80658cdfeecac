"""Networks of Values in the notes' names, the same networks as matrices, and the cross-check of the two."""

from . import losses
from .costs import costs_of_widths, size_of_widths
from .crosscheck import Report, crosscheck
from .layers import MLP, Layer, Neuron
from .names import in_graph, in_notes, indexed, indices_of
from .vectorized import VectorizedMLP

__all__ = [
    "MLP",
    "Layer",
    "Neuron",
    "Report",
    "VectorizedMLP",
    "costs_of_widths",
    "crosscheck",
    "in_graph",
    "in_notes",
    "indexed",
    "indices_of",
    "losses",
    "size_of_widths",
]

"""Networks of Values in the notes' names, the same networks as matrices, and the cross-check of the two."""

from . import losses
from .crosscheck import Report, crosscheck
from .layers import MLP, Layer, Neuron
from .names import in_graph, in_notes, indexed
from .vectorized import VectorizedMLP

__all__ = [
    "MLP",
    "Layer",
    "Neuron",
    "Report",
    "VectorizedMLP",
    "crosscheck",
    "in_graph",
    "in_notes",
    "indexed",
    "losses",
]

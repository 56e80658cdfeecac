"""Networks of Values in the notes' names, the same networks as matrices, and the cross-check of the two."""

from . import cookbook, data, losses, optimisers, recipes, schedules, spaces
from .checkpoints import BadCheckpoint, Unsaved
from .classes import NotAClass, predicted, probabilities
from .clipping import clip_by_norm, clip_by_value
from .costs import costs_of_widths, size_of_widths
from .crosscheck import Report, crosscheck
from .examples import Data
from .history import Epoch, History
from .homework import Exercise, check_homework
from .journal import BadJournal, Unkept
from .layers import MLP
from .marks import Marks
from .metrics import Evaluation, accuracy, evaluate, mean_squared_error, r_squared
from .names import in_graph, in_notes, indexed, indices_of
from .neurons import Layer, Neuron
from .optimisers import Optimiser, optimiser
from .outcomes import NothingFound, Results, Row
from .recipes import Fitted, Recipe, Trial
from .search import NotSent, search
from .settings import BadSetting
from .storage import BadModelFile
from .training import Exploded, train
from .vectorized import VectorizedMLP

__all__ = [
    "MLP",
    "BadCheckpoint",
    "BadJournal",
    "BadModelFile",
    "BadSetting",
    "Data",
    "Epoch",
    "Evaluation",
    "Exercise",
    "Exploded",
    "Fitted",
    "History",
    "Layer",
    "Marks",
    "Neuron",
    "NotAClass",
    "NotSent",
    "NothingFound",
    "Optimiser",
    "Recipe",
    "Report",
    "Results",
    "Row",
    "Trial",
    "Unkept",
    "Unsaved",
    "VectorizedMLP",
    "accuracy",
    "check_homework",
    "clip_by_norm",
    "clip_by_value",
    "cookbook",
    "costs_of_widths",
    "crosscheck",
    "data",
    "evaluate",
    "in_graph",
    "in_notes",
    "indexed",
    "indices_of",
    "losses",
    "mean_squared_error",
    "optimiser",
    "optimisers",
    "predicted",
    "probabilities",
    "r_squared",
    "recipes",
    "schedules",
    "search",
    "size_of_widths",
    "spaces",
    "train",
]

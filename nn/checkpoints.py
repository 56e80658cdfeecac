"""Checkpoints: a training put aside after an epoch, to be taken up again bit for bit. Imports files, history, shapes.

A checkpoint is one .npz file, plain arrays and a text in JSON; nothing in it is ever executed. It is written whole or
not at all, so that a process that is killed, or a machine that loses its power, leaves the one of the epoch before.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

import numpy as np

from autograd import PathgradError, shorten

from .files import at_home, clear_drafts, write_all
from .history import History
from .shapes import Array

FORMAT, VERSION = "pathgrad checkpoint", 1
MEMORY = "memory/"  # before the name of an array that the optimiser remembers
# What reading a damaged .npz comes to: a flipped bit may say that it is encrypted, or packed in some other way.
DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, BadZipFile, struct.error, zlib.error)


class BadCheckpoint(PathgradError, ValueError):
    """A checkpoint that is cut off, of another training, or none at all; the message says what is wrong with it."""


class Unsaved(RuntimeWarning):
    """A checkpoint could not be written, so the training goes on without."""


class Checkpoint(NamedTuple):
    """Where a training was after an epoch: its numbers now and at its best, the optimiser's memory, the history."""

    parameters: Array
    best: Array
    memory: Mapping[str, Array]
    updates: int
    history: History


class Shelf:
    """The place of a training's checkpoint, and what that training is: its settings, in words, and its data.

    Raises BadCheckpoint for a name that does not end in .npz.
    """

    def __init__(self, path: str | Path, training: Mapping[str, str]) -> None:
        self.place, self.training = at_home(path), dict(training)
        if self.place.suffix != ".npz":
            raise BadCheckpoint(f"checkpoint: given {self.place}, expected a file .npz; write {self.place}.npz")

    def put(self, checkpoint: Checkpoint) -> None:
        """Write it over the last one. Raises Unwritable, and leaves the last one as it was, where that cannot be."""
        arrays = {
            "parameters": checkpoint.parameters,
            "best": checkpoint.best,
            **{MEMORY + name: array for name, array in checkpoint.memory.items()},
        }
        said = {
            "format": FORMAT,
            "version": VERSION,
            "training": self.training,
            "updates": checkpoint.updates,
            "history": asdict(checkpoint.history),
            "digest": digest(**arrays),
        }
        arrays["said"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
        file = BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]  # its only other argument has a name that is not among these
        write_all({self.place: file.getvalue()})

    def get(self) -> Checkpoint | None:
        """What was put there last; None where there is nothing yet.

        Raises BadCheckpoint for a file that is cut off or changed, no checkpoint, or of another training.
        """
        clear_drafts(self.place)
        if not self.place.exists():
            return None
        try:
            arrays = _read(self.place)
            said = json.loads(arrays.pop("said").tobytes())
            if said["format"] != FORMAT or said["version"] != VERSION:
                raise ValueError(f"it is a {shorten(said['format'])} of version {said['version']}")
            if said["digest"] != digest(**arrays):
                raise ValueError("it is damaged")
        except DAMAGED as error:
            raise BadCheckpoint(f"cannot read {self.place}: {error or type(error).__name__}; {REMEDY}") from None
        self._expect_same(said["training"])
        memory = {name.removeprefix(MEMORY): array for name, array in arrays.items() if name.startswith(MEMORY)}
        history = History.from_dict(said["history"])
        return Checkpoint(arrays["parameters"], arrays["best"], memory, said["updates"], history)

    def _expect_same(self, found: Mapping[str, str]) -> None:
        for name, given in self.training.items():
            if found.get(name) != given:
                raise BadCheckpoint(
                    f"{self.place} is of another training: {name} was {found.get(name)}, and is {given} now; "
                    "train as before, or choose another name for the checkpoint"
                )


REMEDY = "delete it, and the training begins anew, or choose another name for the checkpoint"


def _read(place: Path) -> dict[str, Array]:
    """All arrays, once every one is known to be as it was written."""
    with ZipFile(place) as packed:
        if broken := packed.testzip():
            raise ValueError(f"{broken} in it is damaged")
    with np.load(place, allow_pickle=False) as arrays:
        return dict(arrays)


def digest(**arrays: Array) -> str:
    """A short text that is another one for other names, shapes or numbers."""
    summed = sha256()
    for name, array in sorted(arrays.items()):
        summed.update(f"{name} {array.shape} ".encode() + np.ascontiguousarray(array).tobytes())
    return summed.hexdigest()[:16]

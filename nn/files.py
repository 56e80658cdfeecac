"""Files written whole or not at all. Imports autograd's errors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from zlib import crc32

from autograd import PathgradError


class Unwritable(PathgradError, OSError):
    """A file or a folder cannot be written where it was asked for."""


def at_home(path: str | Path) -> Path:
    """The path with ~ written out. Raises Unwritable for the home of somebody who is not known."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise Unwritable(f"cannot write {path}: there is no such home; write the folder out") from None


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write each file to a draft beside its place first; only when all drafts are whole do they move there.

    Text is written as UTF-8. So none is ever half-written, even if the power fails, and none appears unless all could
    be written. Makes the folders that are missing. Raises Unwritable, naming the place and the reason.
    """
    drafts: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for place, content in files.items():
            if place.is_dir():
                raise IsADirectoryError(0, "it is a folder")
            for folder in reversed([folder for folder in place.parents if not folder.exists()]):
                folder.mkdir()
                made.append(folder)
            if not place.parent.is_dir():
                raise NotADirectoryError(0, f"{place.parent} is not a folder")
            draft = place.with_name(f"{_draft_of(place)}{os.getpid()}-{get_ident()}-{len(drafts)}")
            drafts[draft] = place
            with draft.open("wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
        for draft, place in drafts.items():
            draft.replace(place)
    except BaseException as error:
        for leftover in drafts:
            leftover.unlink(missing_ok=True)
        for folder in reversed(made):
            if not any(folder.iterdir()):
                folder.rmdir()
        if not isinstance(error, (OSError, ValueError)):  # a ValueError is a NUL in a name
            raise
        why = getattr(error, "strerror", None) or str(error)
        raise Unwritable(f"cannot write {place}: {why}; choose another place") from None


def clear_drafts(place: Path) -> None:
    """Remove the drafts of this file that a process left behind which was killed as it wrote."""
    begin = _draft_of(place)
    with suppress(OSError):
        for neighbour in [each for each in place.parent.iterdir() if each.name.startswith(begin)]:
            neighbour.unlink(missing_ok=True)


def _draft_of(place: Path) -> str:
    """How the names of its drafts begin; a digest, for a name may be as long as names can be."""
    return f".pathgrad-{crc32(place.name.encode(errors='surrogateescape')):08x}-"

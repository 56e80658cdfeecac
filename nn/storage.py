"""Models in files, .json to read and .safetensors to exchange. Imports autograd's errors, files, shapes; safetensors.

Every number comes back bit for bit. A file is checked as it is read; nothing in it is ever executed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd import NotInstalled, PathgradError, require_choice, shorten

from .files import at_home, write_all
from .shapes import Array

Writer: TypeAlias = Callable[[Mapping[str, Any]], str | bytes]
Reader: TypeAlias = Callable[[Path], Any]

FORMAT, VERSION = "pathgrad network", 1


class BadModelFile(PathgradError, ValueError):
    """A file that is no model, or no whole one; the message says which file, what is wrong with it and where."""


class Model(NamedTuple):
    """What there is to know about a network, in lists and plain numbers.

    `biases` has for each layer a list, or a number where `bias` is "shared"; it is None where `bias` is False.
    """

    sizes: list[int]
    activations: list[Any]
    bias: bool | str
    fused: bool
    weights: list[list[list[float]]]
    biases: list[Any] | None


def write_model(model: Model, path: str | Path) -> None:
    """Write the file whole or not at all, as JSON or as safetensors, whichever its name ends in.

    Raises UnknownChoice for another ending, NotInstalled without safetensors, Unwritable if it cannot be written.
    """
    place = at_home(path)
    write, _ = _ways(place)
    document = {"format": FORMAT, "version": VERSION, **model._asdict()}
    write_all({place: write(document)})


def read_model(path: str | Path) -> Model:
    """The model in a file of either kind; its parts have the right types, whether they fit together is not known.

    Raises UnknownChoice for another ending, NotInstalled without safetensors, and BadModelFile, naming the file, for
    one that cannot be read, is cut off, of a newer version or no model at all.
    """
    place = at_home(path)
    _, read = _ways(place)
    try:
        document = read(place)
    except (OSError, RecursionError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadModelFile(f"cannot read {place}: {why}; is it the right file, and all of it?") from None
    if problem := _problem(document):
        raise BadModelFile(f"{place} is no model that can be read here: {problem}")
    return Model(*(document[field] for field in Model._fields))


def _ways(place: Path) -> tuple[Writer, Reader]:
    """How files with this ending are written and read."""
    endings: dict[str, tuple[Writer, Reader]] = {
        ".json": (_json, _from_json),
        ".safetensors": (_tensors, _from_tensors),
    }
    require_choice("form of a model with the ending", place.suffix.lower(), endings)
    return endings[place.suffix.lower()]


def _problem(document: Any) -> str:
    """What is wrong with the parts of a document by themselves; nothing if they are all right."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return f'it does not say "format": "{FORMAT}"'
    if document.get("version") != VERSION:
        found = shorten(document.get("version"))
        return f"it is of version {found}, and {VERSION} is the newest known here; update pathgrad, or save it anew"
    if document.keys() != {"format", "version", *Model._fields}:
        odd = sorted({"format", "version", *Model._fields} ^ document.keys())
        return f"{', '.join(map(shorten, odd))} missing, or not known here"
    for field in ("sizes", "activations", "weights"):
        if not isinstance(document[field], list) or not document[field]:
            return f"{field}: given {shorten(document[field])}, expected a list with an entry for each layer"
    if not isinstance(document["fused"], bool):
        return f"fused: given {shorten(document['fused'])}, expected true or false"
    if isinstance(document["biases"], list) == (document["bias"] is False):
        return f"biases: given {shorten(document['biases'])} where bias is {shorten(document['bias'])}"
    return ""


def _json(document: Mapping[str, Any]) -> str:
    """A line for each part."""
    lines = [f'"{key}": {json.dumps(part, allow_nan=False)}' for key, part in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _from_json(place: Path) -> Any:
    return json.loads(place.read_bytes())


def _tensors(document: Mapping[str, Any]) -> bytes:
    """W1, b1, W2, … of float64, as the vectorised engine has them; the rest as text, which is JSON but for the format.

    Biases are (targets, 1), or (1, 1) where they are shared.
    """
    _require_safetensors()
    from safetensors.numpy import save

    said = {key: json.dumps(part) for key, part in document.items() if key not in ("format", "weights", "biases")}
    arrays = {f"W{l}": np.array(matrix, float) for l, matrix in enumerate(document["weights"], 1)}
    for l, offsets in enumerate(document["biases"] or (), 1):
        arrays[f"b{l}"] = np.array(offsets, float).reshape(-1, 1)
    return save(arrays, {"format": FORMAT, **said})


def _from_tensors(place: Path) -> Any:
    _require_safetensors()
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(place, framework="numpy") as file:
            said = dict(file.metadata() or {})
            wrong = {name: kind for name in file.keys() if (kind := file.get_slice(name).get_dtype()) != "F64"}  # noqa: SIM118 - it is no dict
            if wrong:
                raise ValueError(f"the arrays in it are of type {shorten(wrong)}, expected F64")
            arrays: dict[str, Array] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(str(error)) from None
    if said.get("format") != FORMAT:
        return said
    document = {key: text if key == "format" else json.loads(text) for key, text in said.items()}
    document["weights"] = _numbered("W", arrays)
    biases = [offsets.ravel().tolist() for offsets in map(np.asarray, _numbered("b", arrays))]
    shared = document.get("bias") == "shared"
    document["biases"] = [b[0] if shared and len(b) == 1 else b for b in biases] or None
    return {**document, **arrays}  # those that are left over have no place in a model


def _numbered(letter: str, arrays: dict[str, Array]) -> list[Any]:
    """Take out the arrays W1, W2, … as lists, as far as they go."""
    names = (f"{letter}{l}" for l in count(1))
    found = []
    while (name := next(names)) in arrays:
        found.append(arrays.pop(name).tolist())
    return found


def _require_safetensors() -> None:
    try:
        import safetensors  # noqa: F401 - only whether it is there
    except ImportError:
        raise NotInstalled(
            "models in .safetensors need safetensors; pip install 'pathgrad[weights]', or write .json"
        ) from None

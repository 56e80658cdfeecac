"""Models in files: back bit for bit, never half a file, and what is wrong with a file is said with its name."""

from __future__ import annotations

import errno
import json
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file

from autograd import NonFinite, NotInstalled, PathgradError, UnknownChoice
from nn import MLP, BadModelFile
from nn.activations import ACTIVATIONS
from nn.files import Unwritable, write_all

ENDINGS = (".json", ".safetensors")
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def bits(net: MLP) -> list[bytes]:
    """Its parameters, -0.0 told apart from 0.0."""
    return [struct.pack("d", value.data) for value in net.parameters()]


@pytest.mark.parametrize("ending", ENDINGS)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    bias=st.sampled_from([True, False, "shared"]),
    fused=st.booleans(),
    data=st.data(),
)
@settings(max_examples=60)
def test_a_network_comes_back_bit_for_bit(
    ending: str, sizes: list[int], bias: bool | str, fused: bool, data: st.DataObject, tmp_path_factory: Any
) -> None:
    names = st.sampled_from(sorted(ACTIVATIONS))
    hidden = [data.draw(names | st.lists(names, min_size=n, max_size=n)) for n in sizes[1:-1]]
    output = data.draw(names | st.just("softmax") if sizes[-1] > 1 else names)
    net = MLP(sizes[0], sizes[1:], activation=hidden, output=output, bias=bias, fused=fused)
    for value in net.parameters():
        value.data = data.draw(FLOATS)
    path = tmp_path_factory.mktemp("models") / f"net{ending}"
    net.save(path)
    found = MLP.load(path)
    assert bits(found) == bits(net)
    assert (found.sizes, found.activations, found.bias, found.fused) == (sizes, net.activations, bias, fused)
    assert [value.name for value in found.parameters()] == [value.name for value in net.parameters()]


def test_safetensors_hold_the_arrays_of_the_vectorised_engine(tmp_path: Path) -> None:
    MLP(2, [3, 1], seed=4).save(tmp_path / "net.safetensors")
    with safe_open(tmp_path / "net.safetensors", framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in ("W1", "b1", "W2", "b2")}
        assert json.loads(file.metadata()["activations"]) == ["sigmoid", "sigmoid"]
    assert [array.shape for array in arrays.values()] == [(3, 2), (3, 1), (1, 3), (1, 1)]
    assert arrays["W1"][2, 1] == MLP(2, [3, 1], seed=4).weights[0][2][1].data


def document(**changes: Any) -> str:
    """The JSON of a network of one neuron, with some parts changed, or left out where they are None."""
    parts: dict[str, Any] = {
        "format": "pathgrad network", "version": 1, "sizes": [1, 1], "activations": ["tanh"], "bias": True,
        "fused": True, "weights": [[[2.0]]], "biases": [[0.5]], **changes,
    }  # fmt: skip
    return json.dumps({key: part for key, part in parts.items() if part is not ...})


WRONG = [
    ("", "is it the right file, and all of it"),
    (document()[:-9], "is it the right file, and all of it"),
    ("[" * 100_000, "recursion"),
    ("[1, 2]", 'does not say "format": "pathgrad network"'),
    (document(version=2), "is of version 2, and 1 is the newest known here; update pathgrad"),
    (document(version="new"), "is of version 'new'"),
    (document(weights=...), "'weights' missing"),
    (document(weight=3), "'weight' missing, or not known here"),
    (document(sizes=[]), r"sizes: given \[\], expected a list"),
    (document(activations=None), "activations: given None, expected a list"),
    (document(fused=1), "fused: given 1, expected true or false"),
    (document(bias=False), "biases: given .* where bias is False"),
    (document(biases=None), "biases: given None where bias is True"),
    (document(bias=1), "no bias 1"),
    (document(bias="some"), "no bias 'some'"),
    (document(sizes=[1.0, 1]), "whole numbers from 1"),
    (document(sizes=[10**12, 1]), r"weights\[0\] .*given shape \(1, 1\), expected shape \(1, 1000000000000\)"),
    (document(sizes=[1, 2]), r"weights\[0\] of MLP\(1, \[2\]\): given shape \(1, 1\), expected shape \(2, 1\)"),
    (document(biases=[[0.5, 1.0]]), r"biases\[0\] .*given shape \(2,\), expected shape \(1,\)"),
    (document(bias="shared"), r"biases\[0\] .*expected shape \(\)"),
    (document(activations=["tahn"]), "no output 'tahn'; choose one of"),
    (document(activations=["tanh", "tanh"]), "given 1 entries, expected 0"),
    (document(activations=[{}]), "no output {}"),
    (document(weights=[[["2"]]]), "write the number itself, 2.0"),
    (document(weights=[[[None]]]), "NoneType"),
    (document(weights=[[[10**400]]]), "too large for a float"),
    (document(weights=[[[float("nan")]]]), "w₁₁₁ is nan, expected a finite number"),
    (document().replace("2.0", "1e999"), "w₁₁₁ is inf, expected a finite number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lesson"), WRONG, ids=range(len(WRONG)))
def test_a_file_that_is_no_model_is_named_with_what_is_wrong(text: str, lesson: str, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadModelFile, match=lesson) as refused:
        MLP.load(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@given(place=st.integers(0, 500), change=st.integers(1, 255), cut=st.booleans())
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_damaged_file_is_a_model_or_a_lesson(
    ending: str, place: int, change: int, cut: bool, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.mktemp("models") / f"net{ending}"
    MLP(2, [2, 2], bias="shared", output="softmax").save(path)
    whole = path.read_bytes()
    place %= len(whole) - 2
    path.write_bytes(whole[:place] if cut else whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
    if cut:
        with pytest.raises(BadModelFile, match=r"net\."):
            MLP.load(path)
        return
    with suppress(BadModelFile):  # and of nothing else
        assert len(MLP.load(path).parameters()) <= 10


def test_arrays_that_are_no_model(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    said = {"format": "pathgrad network", "version": "1", "sizes": "[1, 1]", "activations": '["tanh"]'}
    said |= {"bias": "false", "fused": "true"}
    one = np.ones((1, 1))
    for arrays, metadata, lesson in (
        ({"W1": one}, None, 'does not say "format"'),
        ({"W1": one.astype(np.float32)}, said, "'F32'}, expected F64"),
        ({"W1": one, "W3": one}, said, "'W3' missing, or not known here"),
        ({"W2": one}, said, "'W2' missing, or not known here"),
        ({"W1": one, "b1": one}, said, "biases: given .* where bias is False"),
        ({"W1": one}, {**said, "sizes": "[1"}, "is it the right file"),
        ({"W1": one * np.inf}, said, "w₁₁₁ is inf"),
    ):
        save_file(arrays, path, metadata)
        with pytest.raises(BadModelFile, match=lesson):
            MLP.load(path)


def test_places_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    net = MLP(1, [1])
    for ending in ENDINGS:
        with pytest.raises(BadModelFile, match=r"cannot read .*none.*No such file"):
            MLP.load(tmp_path / f"none{ending}")
        (tmp_path / f"folder{ending}").mkdir()
        with pytest.raises(BadModelFile, match=r"cannot read .*folder"):
            MLP.load(tmp_path / f"folder{ending}")
        with pytest.raises(Unwritable, match="it is a folder"):
            net.save(tmp_path / f"folder{ending}")
    with pytest.raises(UnknownChoice, match=r"no form of a model with the ending '.pt'; choose one of: .json"):
        net.save(tmp_path / "net.pt")
    with pytest.raises(UnknownChoice, match="ending ''"):
        MLP.load(tmp_path / "net")


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_cannot_be_saved_leaves_the_file_that_was_there(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, net = tmp_path / f"net{ending}", MLP(1, [1])
    net.save(path)
    before = path.read_bytes()
    net.weights[0][0][0].data = float("nan")
    with pytest.raises(NonFinite, match="w₁₁₁ is nan"):
        net.save(path)
    net.weights[0][0][0].data = 7.0

    def full(file: int) -> None:
        os.ftruncate(file, 10)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)  # where a disk says so at the latest
    with pytest.raises(Unwritable, match=f"cannot write .*net{ending}: No space left"):
        net.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_threads_that_write_into_one_folder_do_not_meet(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    places = [tmp_path / f"{i}.txt" for i in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: write_all({place: place.name * 1000}), places))
    assert [place.read_text(encoding="utf-8") for place in places] == [place.name * 1000 for place in places]


def test_without_safetensors_json_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for use in (MLP(1, [1]).save, MLP.load):
        with pytest.raises(NotInstalled, match=r"pip install 'pathgrad\[weights\]', or write .json"):
            use(tmp_path / "net.safetensors")
    assert issubclass(NotInstalled, PathgradError)

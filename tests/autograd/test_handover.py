"""A program handed over to JAX, PyTorch and ONNX: the same numbers there, and a word for what cannot go along."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Graph, NotInstalled, UnknownChoice, Value, WrongShape
from autograd.program import Program
from autograd.vectorize import vectorize
from nn import MLP, losses

from ..expressions import by_values, random_expression


def needs(*libraries: str) -> pytest.MarkDecorator:
    missing = [library for library in libraries if importlib.util.find_spec(library) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


needs_jax, needs_onnx, needs_torch = needs("jax"), needs("onnx", "onnxruntime"), needs("torch")


def program_of(net: MLP, loss: str = "squared_error", from_logits: bool = False, strength: float = 0.0) -> Program:
    """The program of one example's loss, its inputs and targets varying."""
    values = [Value(0.1 * i, f"{'x' if i < net.sizes[0] else 'y'}") for i in range(net.sizes[0] + net.sizes[-1])]
    out = (net.logits if from_logits else net.outputs)(values[: net.sizes[0]])
    cost = losses.total_loss(loss, out, values[net.sizes[0] :], from_logits=from_logits)
    weights = [w for layer in net.weights for row in layer for w in row]
    return vectorize(cost + losses.penalty("l2", weights, strength) if strength else cost, values)


def batch_for(program: Program, m: int = 6, seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(0.1, 0.9, (len(program.leaves[0]), m))


NETWORKS = {
    "logistic": (MLP(2, [3, 1]), "binary_cross_entropy", False, 0.0),
    "from logits": (MLP(3, [2, 1], activation="relu"), "binary_cross_entropy", True, 0.1),
    "softmax": (MLP(3, [4, 3], activation="tanh", output="softmax"), "cross_entropy", False, 0.0),
    "logsumexp": (MLP(3, [4, 3], activation="softplus", output="softmax"), "cross_entropy", True, 0.01),
    "shared biases": (MLP(2, [3, 2], activation="leaky_relu", bias="shared", fused=False), "squared_error", False, 0.0),
    "no biases": (MLP(4, [3, 2, 1], activation="silu", output="linear", bias=False), "hinge", False, 0.0),
}
networks = pytest.mark.parametrize("program", [program_of(*given) for given in NETWORKS.values()], ids=NETWORKS)


def random_program(seed: int) -> Program:
    """That of a random expression, of whose leaves the first two vary."""
    moves, point = random_expression(seed, leaves=4)
    leaves = [Value(number, f"x{i}") for i, number in enumerate(point)]
    y = by_values(moves, leaves)
    return vectorize(y, [leaf for leaf in leaves[:2] if leaf in Graph(y)])


def run_alone(code: str, folder: Path) -> None:
    """Run a script there that loads nothing of the project."""
    code = f"{code}\nimport sys\nassert not {{'autograd', 'nn'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)


def kept(program: Program, source: str, batch: Any, folder: Path) -> Path:
    """The folder with the program's file and what it is given."""
    (folder / "handed.py").write_text(source, encoding="utf-8")
    given: dict[str, Any] = {"batch": batch, **program.parameters}
    np.savez(folder / "given.npz", **given)
    return folder


def expect_found(program: Program, batch: Any, folder: Path) -> None:
    found = np.load(folder / "found.npz")
    for name, array in program.gradients(batch).items():
        assert found[name] == pytest.approx(array, rel=1e-10, abs=1e-12)


@needs_jax
@networks
def test_jax_finds_the_same(program: Program) -> None:
    equality = program.to_jax().equality(batch_for(program))
    assert equality
    assert {row.array for row in equality.rows} == {"cost", *program.parameters}


@needs_jax
@pytest.mark.parametrize("seed", range(8))
def test_jax_finds_the_same_for_any_expression(seed: int) -> None:
    program = random_program(seed)
    assert program.to_jax().equality(batch_for(program, 3))


@pytest.mark.parametrize(
    "way", [pytest.param(name, marks=needs(name.removeprefix("to_"))) for name in ("to_jax", "to_torch", "to_onnx")]
)
def test_numbers_are_finite_far_out_and_kinks_have_the_same_side(way: str) -> None:
    x, w = Value(1.0, "x"), Value(1.0, "w")
    a = w * x
    program = vectorize(a.softplus() + a.sigmoid() + a.silu() + a.relu() + abs(a) + a.leaky_relu(0.1), [x])
    for at in (-800.0, 0.0, 800.0):
        assert getattr(program, way)().equality([[at]]), at


@needs_jax
def test_gradients_of_each_example_have_the_gradient_as_their_mean() -> None:
    program = program_of(*NETWORKS["logistic"])
    batch, handed = batch_for(program), program.to_jax()
    found = handed.example_gradients(handed.parameters, batch)
    for name, gradient in program.gradients(batch).items():
        assert found[name].shape == (6, *gradient.shape)
        assert np.mean(found[name], axis=0) == pytest.approx(gradient, rel=1e-4, abs=1e-6)  # in float32


@needs_jax
def test_jax_is_left_at_the_precision_it_has() -> None:
    jax = importlib.import_module("jax")
    with jax.enable_x64(False):
        program = program_of(*NETWORKS["logistic"])
        handed = program.to_jax()
        assert handed.equality(batch_for(program)).precision == "float64"
        assert handed.loss(handed.parameters, batch_for(program)).dtype == "float32"


@needs_jax
def test_the_batch_is_spread_over_two_devices() -> None:
    code = """
import numpy as np
from autograd import WrongShape
from tests.autograd.test_handover import NETWORKS, batch_for, program_of
import jax
jax.config.update("jax_enable_x64", True)
program = program_of(*NETWORKS["softmax"])
batch, handed = batch_for(program, 8), program.to_jax()
spread = handed.shard(batch)
print(len(jax.devices()), sorted(shard.data.shape for shard in spread.addressable_shards))
found = handed.gradients(handed.parameters, spread)
for name, gradient in program.gradients(batch).items():
    assert np.allclose(found[name], gradient, rtol=1e-12, atol=1e-14), name
    assert found[name].sharding.is_fully_replicated
compiled = handed.gradients.lower(handed.parameters, spread).compile().as_text()
print("all-reduce" in compiled)
try:
    handed.shard(batch[:, :7])
except WrongShape as said:
    print(said)
"""
    environment = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    root, command = Path(__file__).parents[2], [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "2 [(6, 4), (6, 4)]",
        "True",
        "shard: 7 examples on 2 devices; give a multiple of 2 examples",
    ]


@needs_jax
def test_the_file_of_jax_runs_alone(tmp_path: Path) -> None:
    program = program_of(*NETWORKS["logsumexp"])
    batch = batch_for(program)
    code = """
import jax, numpy as np
jax.config.update("jax_enable_x64", True)
import handed
given = dict(np.load("given.npz"))
batch = given.pop("batch")
np.savez("found.npz", **handed.gradients(given, batch))
"""
    run_alone(code, kept(program, program.to_jax().source, batch, tmp_path))
    expect_found(program, batch, tmp_path)


def test_the_file_of_pytorch_says_what_is_computed() -> None:
    source = program_of(MLP(2, [3, 1]), "binary_cross_entropy", True).to_torch().source
    assert "class Program(torch.nn.Module):" in source
    assert "        Z2 = W2 @ A1 + b2" in source
    assert "torch.sigmoid(Z1)" in source
    assert "autograd import" not in source
    compile(source, "handed.py", "exec")


@needs_torch
@networks
def test_pytorch_finds_the_same(program: Program) -> None:
    assert program.to_torch().equality(batch_for(program))


@needs_torch
@pytest.mark.parametrize("seed", range(40))
def test_pytorch_finds_the_same_for_any_expression(seed: int) -> None:
    program = random_program(seed)
    assert program.to_torch().equality(batch_for(program, 3))


@needs_torch
def test_the_file_of_pytorch_runs_alone_and_learns(tmp_path: Path) -> None:
    program = program_of(*NETWORKS["logistic"])
    batch = batch_for(program)
    code = """
import numpy as np, torch, handed
given = dict(np.load("given.npz"))
batch = torch.as_tensor(given.pop("batch"))
program = handed.Program(given)
np.savez("found.npz", **handed.gradients(program, batch))
optimiser, before = torch.optim.SGD(program.parameters(), lr=0.5), program(batch).item()
for _ in range(20):
    optimiser.zero_grad()
    program(batch).backward()
    optimiser.step()
assert program(batch).item() < before
assert len(program.state_dict()) == len(given)
"""
    run_alone(code, kept(program, program.to_torch().source, batch, tmp_path))
    expect_found(program, batch, tmp_path)


@needs_onnx
@networks
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-6)])
def test_onnxruntime_finds_the_same(program: Program, dtype: str, tolerance: float) -> None:
    handed = program.to_onnx(dtype=dtype)
    importlib.import_module("onnx").checker.check_model(handed.model, full_check=True)
    for m in (1, 7):  # any number of examples by the same model
        batch = batch_for(program, m)
        assert handed.equality(batch)
        assert handed.run(batch)["cost"] == pytest.approx(program.loss(batch), rel=tolerance, abs=tolerance)
        (answer,) = set(handed.outputs) - {"cost"}
        assert handed.run(batch)[answer] == pytest.approx(program.arrays(batch)[answer], rel=tolerance, abs=tolerance)


@needs_onnx
@pytest.mark.parametrize("seed", range(60))
def test_onnxruntime_finds_the_same_for_any_expression_or_it_is_refused(seed: int) -> None:
    program = random_program(seed)
    batch, made = batch_for(program, 3, seed), {word for _, formula in program.plan.computed for word in formula.words}
    if made & {"log1p", "expm1"}:
        with pytest.raises(UnknownChoice, match=r"there is no ONNX operator for '(log1p|expm1)'"):
            program.to_onnx()
    else:
        assert program.to_onnx().equality(batch)
        assert program.to_onnx(dtype="float32").equality(batch)


@needs_onnx
def test_names_are_ours_and_a_prediction_needs_no_targets() -> None:
    program = program_of(*NETWORKS["softmax"])
    graph = program.to_onnx("A2").model.graph
    assert [each.name for each in graph.input] == ["A0"]
    assert [each.name for each in graph.output] == ["A2"]
    assert [size.dim_param or size.dim_value for size in graph.input[0].type.tensor_type.shape.dim] == [3, "m"]
    assert set(program.parameters) <= {each.name for each in graph.initializer}
    assert {"Z1", "A1", "Z2", "A2"} <= {node.name for node in graph.node}
    assert "Y" in {each.name for each in program.to_onnx().model.graph.input}


@needs_onnx
@pytest.mark.parametrize(
    ("name", "answer"),
    [("softmax", "A2"), ("logistic", "A2"), ("logsumexp", "Z2"), ("from logits", "Z2"), ("no biases", "Z3")],
)
def test_what_the_network_says_is_given_by_default(name: str, answer: str) -> None:
    assert program_of(*NETWORKS[name]).to_onnx().outputs == (answer, "cost")


@needs_onnx
def test_a_file_of_onnx_is_the_model(tmp_path: Path) -> None:
    onnx = importlib.import_module("onnx")
    handed = program_of(*NETWORKS["logistic"]).to_onnx()
    onnx.save(handed.model, tmp_path / "net.onnx")
    assert onnx.load(tmp_path / "net.onnx") == handed.model


@needs_onnx
def test_what_onnx_cannot_have_is_said() -> None:
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = vectorize((w * x).log1p(), [x])
    with pytest.raises(UnknownChoice, match=r"there is no ONNX operator for 'log1p'; choose one of: .*log"):
        program.to_onnx()
    with pytest.raises(UnknownChoice, match="no array that is computed 'A7'; choose one of: cost, "):
        program.to_onnx(["A7"])
    with pytest.raises(UnknownChoice, match="no type of numbers 'float16'"):
        program.to_onnx(dtype="float16")


@needs_jax
def test_a_difference_is_seen() -> None:
    program = program_of(*NETWORKS["logistic"])
    handed = program.to_jax()
    handed.parameters["W1"] = handed.parameters["W1"] * (1 + 1e-6)
    equality = handed.equality(batch_for(program))
    assert not equality
    assert str(equality).splitlines()[0] == "array  shape     largest difference  digits"
    assert str(equality).endswith("JAX in float64: NOT equal")


@pytest.mark.parametrize(
    ("library", "line"),
    [
        ("jax", r"pip install 'pathgrad\[export\]'"),
        ("onnx", r"pip install 'pathgrad\[export\]'"),
        ("onnxruntime", r"pip install 'pathgrad\[export\]'"),
        ("torch", "pip install torch"),
    ],
)
def test_what_is_not_installed_is_said(library: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of(*NETWORKS["logistic"])
    ways: dict[str, Callable[[], object]] = {
        "jax": program.to_jax,
        "onnx": program.to_onnx,
        "onnxruntime": lambda: program.to_onnx().run(batch_for(program)),
        "torch": lambda: program.to_torch().equality(batch_for(program)),
    }
    if library == "onnxruntime":
        pytest.importorskip("onnx")
    if library == "onnx":
        monkeypatch.delitem(sys.modules, "autograd.readings.onnx", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotInstalled, match=f"hands a program over to {library}, which cannot be imported; {line}"):
        ways[library]()


def test_a_batch_that_does_not_fit_is_refused_before_anything_is_computed() -> None:
    program = program_of(*NETWORKS["logistic"])
    for way in (program.to_jax, program.to_torch, program.to_onnx):
        if importlib.util.find_spec(way.__name__.removeprefix("to_")):
            with pytest.raises(WrongShape, match="batch: given shape"):
                way().equality([[1.0]])

"""Who may import whom: the arrows of the design, kept by reading every import in the tree.

Within a package a module may import only from rows further down its list; nothing imports upward. Heavy
libraries have one home each, and `import autograd` stays light.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import autograd

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd", "nn", "viz")  # each may import those before it

# Highest first: a module may import from the rows below its own.
ROWS = {
    "autograd": """
        __init__
        check
        quiz
        questions
        mistakes
        givens
        handover vectorize
        program
        choosing beside statements
        levels lines compiling
        script members
        bound code outputs identifiers
        scripts traced readings.entries memory lowering
        listing readings.frameworks leafwise arithmetic loading shares vectors readings.floats
        evidence derivatives checkpoint data expressions
        backprop recording
        hazards
        spelled repeats
        readings.values diagnosis
        functions copying museum
        value
        factored
        paths ledger compare steps
        ranking fold
        algebras zeros
        adjoints inlining readings.onnx readings.equations
        tabulate calls
        arrays extents
        scalars readings.program
        stacked copies
        alike
        sweep nicknames elimination regions simplify
        readings.text readings.complexes readings.precise
        graph readings.python readings.numpy readings.latex
        schema
        plain slopes shortest numeric
        ops readings.infix polynomials
        formula scope readings caller differences display
        errors
    """,
    "nn": """
        __init__
        cookbook
        recipes
        training scales
        run
        checkpoints descent progress
        crosscheck homework
        marking
        calls costing hints marks
        explaining
        suspects
        mistakes witnesses
        misshapes vocabularies engines
        slips raising
        passes
        problems
        vectorized metrics data history
        tables
        examples
        encoding cells
        losses layers costs classes
        neurons
        search
        journal
        outcomes spaces
        parts activations initial seeds storage
        optimisers
        schedules clipping
        names shapes settings files summary apart
    """,
    "viz": """
        cli
        checking learning
        commands
        gallery
        figures
        figures.plotted figures.networks figures.graphs
        figures.descended
        given worksheet notebook
        __init__ tour render.html render.sheet
        draw derivation network beside
        stacks sketch copies diagram equations
        edges selection layers report
        trained
        drawing plots
        images outcomes searched
        descents scales trials
        shades
        axes sampled
        plate
        render.svg render.tikz render.text
        render.paint
        render.footer
        render.layout render.labels render.canvas render.paper render.images
        render.layered
        render.dot render.fan render.mermaid
        render.metrics render.geometry render.words
        story wording
        columns legend levels stepper entries render.beside
        show render.choosing
        theme
        picture files calculus board
        notation
        typeset render keys
    """,
}

# Methods of Value and Program that are short names for what stands above, which they look up when they are called.
LOOKED_UP = {("value", "autograd.backprop"), ("value", "autograd.copying"), ("program", "autograd.handover")}

HOMES = {
    "mpmath": {"autograd.evidence", "autograd.readings.precise"},
    "numpy": {
        *("nn", "autograd.readings.numpy", "autograd.readings.onnx", "autograd.readings.entries", "autograd.vectorize"),
        *("autograd.traced", "autograd.members", "autograd.beside", "autograd.handover", "autograd.leafwise"),
        *(
            "autograd.bound",
            "autograd.calls",
            "autograd.code",
            "autograd.compiling",
            "autograd.levels",
            "autograd.listing",
            "autograd.loading",
            "autograd.memory",
            "autograd.numeric",
            "autograd.program",
            "autograd.script",
            "autograd.statements",
            "autograd.vectors",
        ),
        *("viz.sampled", "viz.plots", "viz.descents"),
        *("viz.images", "viz.outcomes", "viz.searched", "viz.shades"),
        *("viz.figures.plotted", "viz.figures.descended"),
    },
    "matplotlib": {
        *("viz.plate", "viz.axes", "viz.plots", "viz.descents", "viz.figures.plotted"),
        *("viz.images", "viz.outcomes", "viz.scales", "viz.searched", "viz.shades", "viz.trained"),
    },
    "jax": {"autograd.handover", "nn.witnesses"},
    "torch": {"autograd.handover", "nn.witnesses"},
    "onnx": {"autograd.readings.onnx"},
    "onnxruntime": {"autograd.handover"},
    "sklearn": {"nn.data"},
    "mlxtend": {"nn.data"},
    "graphviz": {"viz.render.dot"},
    "pygraphviz": {"viz.render.layout"},
    "latex2mathml": {"viz.render.html", "viz.render.beside"},
    "typer": {"viz.cli", "viz.checking", "viz.commands", "viz.learning"},
    "vl_convert": {"viz.render.images"},
}


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Every module of the three packages: its package, its dotted name in there, its code."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT / package).with_suffix("").parts
            name = ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)
            yield package, name, ast.parse(file.read_text(encoding="utf-8"))


def imports(package: str, name: str, code: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """What a module imports, as absolute dotted names with the names taken from there."""
    here = [
        package,
        *name.split("."),
        *([""] if name in ("readings", "render", "figures") else []),
    ]  # a package is its own home
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            yield ".".join([*base, *filter(None, [node.module])]), [alias.name for alias in node.names]


def rank(package: str) -> dict[str, int]:
    """How high each module of a package stands."""
    rows = [row.split() for row in ROWS[package].strip().splitlines()]
    return {name: len(rows) - place for place, row in enumerate(rows) for name in row}


ALL = [
    (package, name, imported, names)
    for package, name, code in modules()
    for imported, names in imports(package, name, code)
]


def test_every_module_has_its_place() -> None:
    for package in PACKAGES:
        assert {name for of, name, _ in modules() if of == package} == set(rank(package))


def test_nobody_imports_upward_within_a_package() -> None:
    for package, name, imported, names in ALL:
        if imported.split(".")[0] != package or (name, imported) in LOOKED_UP:
            continue
        heights = rank(package)
        inner = imported.removeprefix(package).removeprefix(".")
        deeper = [".".join(filter(None, [inner, taken])) for taken in names]
        targets = [module if module in heights else inner or "__init__" for module in deeper]
        for target in targets:
            assert heights[target] < heights[name], f"{package}.{name} imports {target}, which stands no lower"


def test_a_module_of_autograd_says_what_it_imports() -> None:
    """The sentence "Imports a, b and c." is true, errors going without saying."""
    for package, name, code in modules():
        if package != "autograd" or name in ("__init__", "readings"):
            continue
        said = re.search(r"Imports ((?:[^.]|\.(?=[a-z]))*)\.", ast.get_docstring(code) or "")
        assert said is not None, f"{name} does not say what it imports"
        project, _, _ = said[1].replace("\n", " ").partition(";")  # libraries stand behind a semicolon
        done = {imported.removeprefix("autograd.") for imported, _ in imports(package, name, code)
                if imported.startswith("autograd.") and (name, imported) not in LOOKED_UP}  # fmt: skip
        assert set(re.split(r", | and ", project)) - {"nothing"} == done - {"errors"}, name


def test_packages_import_only_those_below_them_and_by_public_names() -> None:
    public = set(autograd.__all__)
    for package, name, imported, names in ALL:
        other = imported.split(".")[0]
        if other not in PACKAGES or other == package:
            continue
        assert PACKAGES.index(other) < PACKAGES.index(package), f"{package}.{name} imports {imported}"
        if imported == "autograd":
            assert set(names) <= public, f"{package}.{name} imports private names of autograd"
        else:
            assert imported.startswith(NEIGHBOURLY) or imported == "nn", imported


# Modules that have no public names of their own.
NEIGHBOURLY = (
    *("autograd.readings", "autograd.formula", "autograd.caller", "autograd.differences"),
    "nn.files",
)


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    for package, name, imported, _ in ALL:
        if imported.split(".")[0] == library:
            assert {package, f"{package}.{name}"} & HOMES[library], f"{package}.{name} imports {library}"


def test_what_type_checkers_see_is_what_is_loaded_when_asked_for() -> None:
    code = ast.parse((ROOT / "autograd" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in code.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == autograd.HOMES


def test_every_public_name_is_there_also_beside_a_module_of_that_name() -> None:
    for name in autograd.__all__:
        assert not isinstance(getattr(autograd, name), ModuleType), name
    program = "import autograd.paths, autograd.check; from autograd import paths, check; print(paths, check)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "module" not in done.stdout
    with pytest.raises(AttributeError, match="has no attribute 'path'"):
        autograd.path  # noqa: B018


def test_importing_autograd_stays_light() -> None:
    program = "import sys, autograd; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    heavy = {"numpy", "graphviz", "pygraphviz", "nn", "viz", "inspect", "dataclasses", "importlib.metadata"}
    assert not heavy & set(done.stdout.split())


def test_formulas_with_functions_are_written_only_in_the_table_and_the_losses() -> None:
    """Formulas with the words of calculus are written in ops.py, and losses, which are not primitives, in losses.py."""
    writers = {
        f"{package}.{name}" for package, name, code in modules() for node in ast.walk(code) if _builds_a_word(node)
    }
    assert writers == {"autograd.ops", "nn.losses"}


def _builds_a_word(node: ast.AST) -> bool:
    """Whether this is `word("exp")` or the like."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    mapped = node.func.id == "map" and isinstance(node.args[0], ast.Name) and node.args[0].id == "word"
    return node.func.id == "word" or mapped


def test_every_module_opens_with_a_sentence_and_stays_readable() -> None:
    for package, name, code in modules():
        opening = ast.get_docstring(code) or ""
        assert opening.split("\n")[0].endswith("."), f"{package}.{name} opens without a sentence"
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 250, f"{file} holds a second idea"

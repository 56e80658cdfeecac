"""Derivations as people read them: the notes' names and forms, and LaTeX that a real engine typesets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import viz
from autograd import NotInGraph, TooMany, UnknownChoice, Value, total, weighted_sum
from nn import MLP, losses

from ..browser import needs_browser, new_page

KATEX = Path("/usr/share/javascript/katex/katex.min.js")  # where Debian's libjs-katex has it


def network() -> tuple[MLP, Value]:
    """The notes' 4-3-2-1 network."""
    net = MLP(4, [3, 2, 1], bias=False, seed=0)
    return net, losses.squared_error(net([0.3, -0.6, 0.9, 0.5]), 1.0)


def first_weight(**options: Any) -> viz.Derivation:
    """∂L/∂w¹₁₁ in the notes' names."""
    net, L = network()
    return viz.derivation(L, net.weights[0][0][0], names="notes", **options)


def test_the_notes_derivation_in_symbols_in_numbers_and_its_value() -> None:
    assert first_weight(level="neuron").text == (
        "Path by path\n\n"
        "∂L/∂w¹₁₁ = ∂L/∂o₃₁ · ∂o₃₁/∂o₂₁ · ∂o₂₁/∂o₁₁ · ∂o₁₁/∂w¹₁₁   (path 1)\n"
        "         + ∂L/∂o₃₁ · ∂o₃₁/∂o₂₂ · ∂o₂₂/∂o₁₁ · ∂o₁₁/∂w¹₁₁   (path 2)\n"
        "         ≈ (−1.193) · (−0.1363) · 0.1952 · 0.06215\n"
        "         + (−1.193) · (−0.05263) · (−0.175) · 0.06215\n"
        "         ≈ 0.001974 − 0.0006828\n"
        "         ≈ 0.001291\n\n"
        "6 multiplications as it is written here.\n\n"
        "Factored\n\n"
        "∂L/∂w¹₁₁ = ∂L/∂o₃₁ · "
        "{∂o₃₁/∂o₂₁ · ∂o₂₁/∂o₁₁ · [∂o₁₁/∂w¹₁₁] + ∂o₃₁/∂o₂₂ · ∂o₂₂/∂o₁₁ · [∂o₁₁/∂w¹₁₁]}\n"
        "         ≈ (−1.193) · {(−0.1363) · 0.1952 · 0.06215 + (−0.05263) · (−0.175) · 0.06215}\n"
        "         ≈ 0.001291\n\n"
        "5 multiplications as it is written here.\n"
        "∂o₁₁/∂w¹₁₁ ≈ 0.06215 is needed 2 times."
    )


def test_the_same_in_latex() -> None:
    factored = first_weight(level="neuron").latex.split(r"\paragraph{Factored.}")[1]
    assert factored.strip().splitlines()[:3] == [
        r"\[",
        r"\begin{aligned}",
        r"\frac{\partial L}{\partial w_{11}^{1}} &= \frac{\partial L}{\partial o_{31}} \cdot \left\{ "
        r"\frac{\partial o_{31}}{\partial o_{21}} \cdot \frac{\partial o_{21}}{\partial o_{11}} \cdot "
        r"\boxed{\frac{\partial o_{11}}{\partial w_{11}^{1}}} + "
        r"\frac{\partial o_{31}}{\partial o_{22}} \cdot \frac{\partial o_{22}}{\partial o_{11}} \cdot "
        r"\boxed{\frac{\partial o_{11}}{\partial w_{11}^{1}}} \right\} \\",
    ]


def test_scalars_without_names_are_numbered_and_explained() -> None:
    text = first_weight().text
    assert "∂L/∂v₁ · ∂v₁/∂o₃₁ · ∂o₃₁/∂a₃₁" in text
    assert text.endswith("Here v₁ = o₃₁ − y.")


def test_exact_numbers_are_equal_and_rounded_ones_about() -> None:
    x = Value(2.0, "x")
    y = (x * x + 3 * x).named("y")
    assert viz.derivation(y, x).text.splitlines()[2:8] == [
        "∂y/∂x = ∂y/∂v₁ · (∂v₁/∂x)₁   (path 1)",
        "      + ∂y/∂v₁ · (∂v₁/∂x)₂   (path 2)",
        "      + ∂y/∂v₂ · ∂v₂/∂x   (path 3)",
        "      = 1 · 2",
        "      + 1 · 2",
        "      + 1 · 3",
    ]
    assert "≈ 0.3333" in viz.derivation((x / 3).named("y"), x).text
    assert "≈ 0.333333" in viz.derivation((x / 3).named("y"), x, digits=6).text


def test_no_path_and_one() -> None:
    x, q = Value(2.0, "x"), Value(1.0, "q")
    y = x.exp().named("y")
    assert viz.derivation(y, q).text == "No path\n\n∂y/∂q = 0"
    assert viz.derivation(y, x).text == "Along the only path\n\n∂y/∂x ≈ 7.389"
    assert viz.derivation(x, x).text == "Along the only path\n\n∂x/∂x = 1"


def test_what_is_remembered_is_said_with_how_often_it_is_needed() -> None:
    net, L = network()
    told = viz.derivation(L, net.weights[2][0] + net.weights[1][0], level="neuron", names="notes").text
    assert "∂L/∂w²₁₁ = [∂L/∂o₂₁] · ∂o₂₁/∂w²₁₁\n         ≈ 0.1627 · 0.07305\n         ≈ 0.01188" in told
    assert told.endswith("∂L/∂o₃₁ ≈ −1.193 is needed 3 times.\n∂L/∂o₂₁ ≈ 0.1627 is needed 3 times.")


def test_what_cannot_be_derived_is_said() -> None:
    net, L = network()
    w = net.weights[0][0][0]
    with pytest.raises(UnknownChoice, match="no scheme of names 'mine'; choose one of: graph, notes"):
        viz.derivation(L, w, names="mine")
    with pytest.raises(UnknownChoice, match="no level 'tensor'; choose one of: scalar, neuron, layer"):
        viz.derivation(L, w, level="tensor")
    with pytest.raises(NotInGraph, match="derivation: a₁₁ is folded away at the level 'neuron'"):
        viz.derivation(L, next(n for n in viz.levels.graph_at(L, "scalar") if n.name == "a₁₁"), level="neuron")
    big = MLP(10, [10] * 10)
    with pytest.raises(TooMany, match="a sum of 1,000,000,000 products"):
        viz.derivation(losses.squared_error(big([0.1] * 10), [0.0] * 10), big.weights[0][0][0])


def test_it_is_saved_in_the_format_of_its_ending(tmp_path: Path) -> None:
    told = first_weight(level="neuron")
    assert told.save(tmp_path / "w.tex").read_text(encoding="utf-8").startswith(r"\documentclass{article}")
    assert told.save(tmp_path / "w.md").read_text(encoding="utf-8") == told.markdown
    assert told.save(tmp_path / "w.txt").read_text(encoding="utf-8") == told.text + "\n"
    assert told._repr_mimebundle_()["text/markdown"].count("$$") == 4
    with pytest.raises(UnknownChoice, match=r"no format of a derivation '.pdf'; choose one of: .tex, .md, .txt"):
        told.save(tmp_path / "w.pdf")


def derivations() -> Iterator[viz.Derivation]:
    """Derivations with everything that LaTeX could stumble over."""
    net, L = network()
    for names in ("graph", "notes"):
        for level in ("scalar", "neuron"):
            yield viz.derivation(L, net.weights[0][0][0], level=level, names=names)
            yield viz.derivation(L, net.weights[1][0], level=level, names=names)
    wide = MLP(2, [12, 12, 2], bias=False, seed=1)
    yield viz.derivation(losses.squared_error(wide([0.3, 0.4]), [1.0, 0.0]), wide.weights[0][10][0], level="neuron")
    odd = [r"a_b", "50 %", "θ", "loss", r"\x{y}^2~#&$", "∂y/∂x", "é ü", "x(2)", "σ²", "Λ"]
    for name in odd:
        x = Value(-1.5e-9, name)
        y = (x * x).exp() / (3 + x) + weighted_sum([x, 2.0], [x, x]) ** 3
        yield viz.derivation(y, x)
    zero = Value(0.0, "z")
    yield viz.derivation((zero**-1 + zero.log() * zero).named("y"), zero)  # inf and nan


@pytest.fixture(scope="module")
def katex() -> Iterator[Page]:
    """A page with KaTeX, which reads LaTeX strictly."""
    with new_page() as page:
        page.add_script_tag(path=KATEX)
        yield page


@needs_browser
@pytest.mark.skipif(not KATEX.exists(), reason="no KaTeX on this machine to read the LaTeX")
def test_a_latex_engine_reads_every_formula(katex: Page) -> None:
    formulas = [piece for told in derivations() for piece in told.markdown.split("$$")[1::2]]
    inline = [piece for told in derivations() for line in told.markdown.splitlines() if line.startswith("- ")
              for piece in line.replace(r"\$", "").split("$")[1::2]]  # fmt: skip
    assert len(formulas) > 40
    assert len(inline) > 20
    for formula in (*formulas, *inline):
        html = katex.evaluate(
            "f => katex.renderToString(f, {displayMode: true, throwOnError: true, strict: 'error'})", formula
        )
        assert "katex" in html


def test_a_node_of_many_operands_is_not_written_out_to_the_end() -> None:
    x, others = Value(0.5, "x"), [Value(1.0, f"b{i}") for i in range(50)]
    y = (total([x, *others]) * 2).named("y")
    assert viz.derivation(y, x).text.endswith("Here v₁ = sum(x, b0, b1, b2, b3, …, b49).")
    assert r"\dots" in viz.derivation(y, x).latex

"""Plots: what is drawn is what an independent formula says, it is labelled, legible and whole, and pyplot stays out."""

from __future__ import annotations

import io
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from autograd import NonFinite, NotAScalar, PathgradError, UnknownChoice, Value, WrongShape
from nn import MLP, VectorizedMLP
from viz import plots
from viz.figures.descended import BATCHES, descents
from viz.figures.plotted import PLOTTED, phones_boundary
from viz.sampled import over_plane
from viz.theme import THEMES

ROOT = Path(__file__).parents[2]
NUMBERS = st.floats(-3, 3)
SOME: dict[str, Any] = {
    "surface": lambda **how: plots.surface(lambda x, y: x * y, **how),
    "boundary": lambda **how: plots.boundary(lambda x, y: 0.5 + x / 9, [[1, 2], [3, 0]], [0, 1], **how),
    "curve": lambda **how: plots.curve(Value.tanh, **how),
    "digits": lambda **how: plots.digits(np.eye(3)[None], [7], values=True, **how),
    "tangent": lambda **how: plots.tangent(lambda w: w**2, 1.0, **how),
    "descent": lambda **how: plots.descent(lambda w: w**2, 2.0, 0.1, 3, **how),
    "contour_paths": lambda **how: plots.contour_paths(lambda w, b: w**2 + b**2, {"a": [(2, 1), (0, 0)]}, **how),
    "cost_curves": lambda **how: plots.cost_curves({"a": [3, 2, 1]}, {"a": [3, 2, 2, 1]}, **how),
}


def texts_of(figure: Any) -> list[Any]:
    """Every piece of text that stands on the figure, after it has been laid out."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def legend_of(figure: Figure) -> list[str]:
    """The entries of the legend."""
    legend = figure.axes[0].get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def line(figure: Figure, label: str) -> np.ndarray[Any, Any]:
    """The points, as rows, of the line with this entry in the legend."""
    (found,) = (line for line in figure.axes[0].lines if str(line.get_label()).startswith(label))
    return np.asarray(found.get_xydata())


@pytest.mark.parametrize(
    ("figure_of", "theme"),
    [
        (figure_of, theme)
        for figure_of in PLOTTED
        for theme in THEMES
        if theme == "light" or figure_of in PLOTTED[1:5:3]
    ],
)
def test_a_figure_of_the_notes_is_labelled_legible_and_whole(figure_of: Any, theme: str) -> None:
    figure = figure_of(theme)
    texts, page = texts_of(figure), figure.bbox.padded(1)
    shown = [text for text in texts if page.overlaps(text.get_window_extent())]
    assert min(text.get_fontsize() for text in shown) >= 11
    assert not any("-" in text.get_text() for text in shown if text.get_text().strip("-.0123456789") == "")
    for axes in figure.axes:
        named = axes.axison and axes.get_label() != "<colorbar>"
        assert not named or (axes.get_xlabel() and axes.get_ylabel())
        for text in filter(None, (axes.title, axes.xaxis.label, axes.yaxis.label, axes.get_legend())):
            box = text.get_window_extent()
            assert box.width == 0 or (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1)), text
    assert len({tuple(row) for row in np.asarray(figure.canvas.buffer_rgba()).reshape(-1, 4)}) > 20


def test_figures_say_what_they_show_and_where_it_stands_in_the_notes() -> None:
    assert len({figure_of.__name__ for figure_of in PLOTTED}) == len(PLOTTED) == 10
    for figure_of in PLOTTED:
        caption, blank, source, *_ = (figure_of.__doc__ or "").split("\n")
        assert caption.endswith(".")
        assert (blank, source.strip()[:12]) in {("", "Source: line"), ("", "Source: lines")}


@pytest.mark.parametrize("name", SOME)
def test_a_plot_goes_onto_the_axes_given(name: str) -> None:
    figure = Figure()
    ax = figure.add_subplot(1, 2, 1, projection="3d" if name == "surface" else None)
    other = figure.add_subplot(1, 2, 2)
    assert SOME[name](ax=ax) is figure
    assert ax.has_data()
    assert not other.has_data()


@pytest.mark.parametrize("name", SOME)
def test_a_new_figure_shows_itself_once_in_a_notebook(name: str) -> None:
    formatter: Any = DisplayFormatter()
    shown, _ = formatter.format(SOME[name]())
    assert shown["image/png"].startswith(b"\x89PNG")
    assert [kind for kind in shown if kind != "text/plain"] == ["image/png"]


def test_pyplot_and_its_back_end_stay_as_they_are_and_nothing_is_loaded_early() -> None:
    program = (
        "import sys, viz, viz.plots, viz.figures.plotted as p\n"
        "assert not {'matplotlib', 'sklearn'} & set(sys.modules)\n"
        "p.exponential().savefig(sys.stdout.buffer); assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"\x89PNG")


@pytest.mark.parametrize("missing", ["matplotlib", "sklearn"])
def test_a_library_that_is_missing_is_named_with_the_way_to_get_it(missing: str, monkeypatch: Any) -> None:
    gone = [name for name in sys.modules if name.split(".")[0] == missing or name == "viz.plate"]
    for name in gone:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    fix = {"matplotlib": r"pip install 'pathgrad\[plots\]'", "sklearn": "pip install scikit-learn"}[missing]
    with pytest.raises(plots.NotInstalled, match=fix):
        PLOTTED[0]()


@settings(max_examples=25)
@given(st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_the_surface_of_a_neuron_is_the_logistic_function_of_its_sum(wb: tuple[float, float, float]) -> None:
    w1, w2, b = wb
    X, Y, Z = over_plane(MLP(2, [1], weights=[[[w1, w2]]], biases=[[b]]), (-4, 4), (-2, 6), 9)
    np.testing.assert_allclose(Z, 1 / (1 + np.exp(-(w1 * X + w2 * Y + b))), rtol=1e-13)
    assert (X.min(), X.max(), Y.min(), Y.max()) == (-4, 4, -2, 6)


def test_the_surface_drawn_has_these_heights(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    solid = type(Figure().add_subplot(projection="3d"))
    monkeypatch.setattr(solid, "plot_surface", lambda self, *arrays, **how: drawn.extend([*arrays, how]))
    plots.surface(MLP(2, [2, 1], weights=[[[-2, 1], [-1.5, 1.5]], [[1, -1]]]), points=9, heights=(0.2, 0.8))
    x, y, z, how = drawn
    hidden = 1 / (1 + np.exp(2 * x - y)), 1 / (1 + np.exp(1.5 * x - 1.5 * y))
    np.testing.assert_allclose(z, 1 / (1 + np.exp(hidden[1] - hidden[0])), rtol=1e-12)
    assert (z.shape, how["vmin"], how["vmax"]) == ((9, 9), 0.2, 0.8)


@pytest.mark.parametrize(
    ("number", "distance"), [(2, lambda x, y: x + y), (3, lambda x, y: y)], ids=["x₁ + x₂ = 0", "x₂ = 0"]
)
def test_the_boundary_of_the_notes_networks_is_a_straight_line(number: int, distance: Any) -> None:
    flat: Any = PLOTTED[number]().axes[1]
    (half,) = (
        some for some in flat.collections if getattr(some, "levels", [0])[0] == 0.5 and some.get_linewidth()[0] < 3
    )
    path = np.concatenate([path.vertices for path in half.get_paths()])
    assert len(path) > 9
    assert np.abs(distance(*path.T)).max() < 0.01


@pytest.mark.parametrize(
    ("f", "given", "span"),
    [
        (lambda x, y: 0.5 + x / 9, None, (0, 1)),
        (lambda x, y: 0.5 + x / 9, (0.2, 0.8), (0.2, 0.8)),
        (lambda x, y: x * y, None, (-20.8, 20.8)),
    ],
)
def test_shades_and_the_upright_axis_span_what_there_is_unless_told(f: Any, given: Any, span: Any) -> None:
    solid: Any = plots.surface(f, heights=given).axes[0]
    assert solid.get_zlim() == pytest.approx(span)
    assert plots.boundary(f, heights=given).axes[1].get_ylim() == pytest.approx(span)


def test_classes_are_told_apart_by_shape_and_the_half_is_drawn_only_where_it_is() -> None:
    figure = plots.boundary(lambda x, y: 0.5 + x / 9, [[1, 2], [3, 0], [2, 2]], [0, 1, 0], names=("no", "yes"))
    assert legend_of(figure) == ["ŷ = ½", "no", "yes"]
    assert line(figure, "no").tolist() == [[1, 2], [2, 2]]
    no, yes = (some for some in figure.axes[0].lines if some.get_label() in ("no", "yes"))
    assert no.get_marker() != yes.get_marker()
    assert plots.boundary(lambda x, y: 0.1 + 0 * x).axes[0].get_legend() is None


def test_no_line_tells_the_phones_apart() -> None:
    truth, guess, *_ = phones_boundary().axes
    assert guess.get_title() == "the best of 57,600 neurons: 79 % right"
    points = {str(some.get_label()): np.asarray(some.get_xydata()) for some in truth.lines}
    liked, disliked = points["liked"], points["disliked"]
    assert len(liked) + len(disliked) == 160
    # A liked phone inside a triangle of disliked ones is on the same side as one of them, whatever the line.
    x, y = disliked.T
    corners = disliked[[np.argmin(x + y), np.argmax(x - y), np.argmax(y)]]
    shares = np.linalg.solve(np.vstack([corners.T, np.ones(3)]), np.vstack([liked.T, np.ones(len(liked))]))
    assert (shares > 0).all(axis=0).any()


def test_a_curve_is_the_function() -> None:
    places, heights = line(plots.curve(Value.exp, (-4, 3), title="eˣ"), "eˣ").T
    np.testing.assert_allclose(heights, np.exp(places), rtol=1e-15)


def test_a_tangent_has_the_derivative_and_the_nudges_come_closer_to_it() -> None:
    figure = plots.tangent(lambda w: w**3, 1.0, (1, 0.1))
    assert legend_of(figure) == ["L(w)", "nudge 1: ΔL/Δw = 7", "nudge 0.1: ΔL/Δw = 3.31", "tangent: ∂L/∂w = 3"]
    (x0, y0), *_, (x1, y1) = line(figure, "tangent")
    assert (y1 - y0) / (x1 - x0) == pytest.approx(3)


def test_a_descent_goes_against_the_slope() -> None:
    figure = plots.descent(lambda w: w**2, -2.0, 0.25, 3)
    assert legend_of(figure)[1:3] == ["tangent at the start: slope −4", "sign of the slope"]
    texts: Any = figure.axes[0].texts
    ends = [some.xy for some in texts if hasattr(some, "arrow_patch")]
    np.testing.assert_allclose(ends, [(-1, 1), (-0.5, 0.25), (-0.25, 0.0625)])
    assert [some.get_text() for some in texts if some.get_text()] == ["−"] * 4


def test_cost_falls_smoothly_for_batch_noisily_for_stochastic_descent() -> None:
    told = descents(20)
    rough = {name: np.abs(np.diff(some.losses, 2)).mean() for name, some in told.items()}
    assert rough["batch"] < rough["mini-batch"] < rough["stochastic"]
    assert (np.diff(told["batch"].costs) < 0).all()
    assert not (np.diff(told["stochastic"].costs) < 0).all()
    for name, updates in {"batch": 1, "stochastic": 100, "mini-batch": 5}.items():
        assert len(told[name].losses) == len(told[name].points) - 1 == 20 * updates == 20 * 100 // BATCHES[name]
    again = descents(20)
    assert all(np.array_equal(told[name].points, again[name].points) for name in told)


def test_the_first_step_of_batch_descent_is_the_mean_of_the_examples_errors() -> None:
    """The gradient of the logistic cost by hand, from the notes' dw = x · dz, dz = a − y."""
    from viz.figures.descended import hundred

    x, y = hundred()
    (w, b), after = descents(1)["batch"].points
    dz = 1 / (1 + np.exp(-(w * x + b))) - y
    np.testing.assert_allclose(after, [w - 0.5 * (dz * x).mean(), b - 0.5 * dz.mean()])


def test_contour_paths_have_a_colour_a_dash_and_a_shape_each_and_begin_and_end_where_they_do() -> None:
    paths = {"one": [(0, 0), (1, 1)], "two": [(0, 0), (2, 0), (2, 1)], "three": [(0, 1), (1, 0)]}
    figure = plots.contour_paths(lambda w, b: w**2 + b**2, paths)
    assert legend_of(figure) == ["one", "two", "three", "start"]
    assert line(figure, "two").tolist() == [[0, 0], [2, 0], [2, 1]]
    assert line(figure, "start").tolist() == [[0, 0], [0, 0], [0, 1]]
    drawn = [some for some in figure.axes[0].lines if some.get_label() in paths]
    for one, other in combinations(drawn, 2):
        assert one.get_color() != other.get_color()
        assert one.get_marker() != other.get_marker()
        assert one._dash_pattern != other._dash_pattern  # type: ignore[attr-defined]  # there is no other way to ask


def test_costs_stand_at_their_epochs_with_the_updates_between() -> None:
    figure = plots.cost_curves({"sgd": [3, 2, 1]}, {"sgd": [3.5, 2.5, 1.5, 0.5]})
    assert line(figure, "sgd, whole set").tolist() == [[0, 3], [1, 2], [2, 1]]
    assert line(figure, "sgd, each update").tolist() == [[0, 3.5], [0.5, 2.5], [1, 1.5], [1.5, 0.5]]


def test_digits_stand_in_rows_with_their_labels_and_pixels() -> None:
    images = np.arange(24).reshape(6, 2, 2)
    figure = plots.digits(images, list("abcdef"), across=4)
    assert [text.get_text() for text in figure.axes[0].texts] == list("abcdef")
    drawn: Any = figure.axes[0].images
    assert [image.get_array().tolist() for image in drawn] == images.tolist()
    assert len({image.get_extent()[3] for image in drawn}) == 2
    values = plots.digits(images[:1], ["a"], values=True).axes[0].texts
    assert [text.get_text() for text in values] == ["a", "0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("plot", "error", "lesson"),
    [
        (lambda: plots.surface(MLP(3, [1])), WrongShape, "3 inputs and 1 outputs, expected 2 and 1"),
        (lambda: plots.surface(VectorizedMLP.of(MLP(2, [2]))), WrongShape, "2 inputs and 2 outputs"),
        (lambda: plots.surface(lambda x, y: [1, 2, 3]), WrongShape, "one number for each of two arrays' entries"),
        (lambda: plots.surface(lambda x, y: float(x)), WrongShape, "write it with NumPy"),
        (lambda: plots.surface(lambda x, y: x * np.inf), NonFinite, "inf or nan somewhere in the window"),
        (lambda: plots.surface(MLP(2, [1]), x=(1, 1)), WrongShape, r"write x=\(-4, 4\)"),
        (lambda: plots.surface(MLP(2, [1]), heights=(1, 0)), WrongShape, "heights: given"),
        (lambda: plots.surface(MLP(2, [1]), points=1), WrongShape, "points: given 1, expected a whole number from 2"),
        (lambda: plots.surface(MLP(2, [1]), ax=Figure().add_subplot()), WrongShape, "made with projection='3d'"),
        (lambda: plots.curve(Value.exp, ax=Figure().subplots(1, 2)), WrongShape, "expected one Axes of two dimensions"),
        (lambda: plots.curve(Value.exp, theme="neon"), UnknownChoice, "no theme 'neon'"),
        (lambda: plots.curve(float), NotAScalar, "f: gave -4.0 for a Value, expected a Value"),  # type: ignore[arg-type]
        (lambda: plots.boundary(MLP(2, [1]), [[1, 2]], [2]), WrongShape, "each 0 or 1"),
        (lambda: plots.boundary(MLP(2, [1]), [[1, 2]]), WrongShape, r"shape \(1, 2\) and classes \[\]"),
        (lambda: plots.boundary(MLP(2, [1]), [[1], [2, 3]], [0, 1]), WrongShape, "points: given"),
        (lambda: plots.tangent(Value.exp, 0, 0), WrongShape, "steps that go somewhere"),
        (lambda: plots.descent(lambda w: w**2, 1, 0.1, 0), WrongShape, "steps: given 0"),
        (lambda: plots.descent(lambda w: w**4, 9, 1.0, 9), NonFinite, "after 4 steps of rate 1: .* Try a smaller rate"),
        (lambda: plots.descent(lambda w: w**2, "1", 0.1, 1), NotAScalar, "one real number"),  # type: ignore[arg-type]
        (
            lambda: plots.contour_paths(lambda w, b: w, {"a": np.array([1, 2])}),
            WrongShape,
            r"paths\['a'\]: given shape \(2,\)",
        ),
        (lambda: plots.contour_paths(lambda w, b: w, {}), PathgradError, "nothing to plot"),
        (lambda: plots.cost_curves({"a": [1]}), WrongShape, "two or more costs"),
        (lambda: plots.cost_curves({"a": [1, 2]}, {"b": [1]}), WrongShape, "updates of b"),
        (lambda: plots.digits(np.eye(3), [1]), WrongShape, r"expected \(m, height, width\) and m labels"),
    ],
)
def test_what_cannot_be_plotted_is_a_small_lesson(plot: Any, error: type[PathgradError], lesson: str) -> None:
    with pytest.raises(error, match=lesson):
        plot()


def test_the_same_call_gives_the_same_picture_whatever_the_back_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def picture() -> bytes:
        file = io.BytesIO()
        PLOTTED[-1]().savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()

    first = picture()
    monkeypatch.setitem(mpl.rcParams, "backend", "svg")
    assert picture() == first

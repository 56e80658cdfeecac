"""The gallery: each figure of the notes as a file, and a page of them. Imports drawing, figures, files and paper."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from autograd import require_choice

from .drawing import FORMATS, Drawing
from .figures import FIGURES
from .files import write_all
from .render.paper import SIZES

PLOT_FORMATS = (".png", ".svg", ".pdf")  # that matplotlib writes as well
DOTS = 110  # to the inch, of a plot in the gallery
PAGE = """# Gallery

The figures of the lecture notes, drawn by pathgrad: each by a function of that name in `viz.figures`, which needs no
argument. `pathgrad figures NAME -o FOLDER` writes one in another format, size or theme, `make pictures` this page.
"""


def captions() -> dict[str, str]:
    """What each figure shows, by its name, in the order of the notes."""
    return {name: (figure.__doc__ or "").splitlines()[0] for name, figure in FIGURES.items()}


def written(name: str, ending: str, theme: str = "light", size: str = "natural") -> bytes:
    """One figure as a file of this kind. Raises UnknownChoice for a figure, a theme, a size or an ending there is not.

    A plot is a PNG, an SVG or a PDF, and has a size of its own.
    """
    require_choice("figure", name, FIGURES)
    require_choice("size", size, SIZES)
    figure = FIGURES[name](theme=theme)
    if isinstance(figure, Drawing):
        require_choice("picture format", ending, FORMATS)
        content = getattr(Drawing(figure.picture, figure.theme, size), FORMATS[ending])
        return content if isinstance(content, bytes) else str(content).encode()
    require_choice("format of a plot", ending, PLOT_FORMATS)
    file = BytesIO()
    figure.savefig(file, format=ending[1:], dpi=DOTS, metadata=_metadata(figure, ending))
    return file.getvalue()


def write_gallery(folder: Path, told: Callable[[str], object] = lambda name: None) -> list[Path]:
    """Write the page gallery.md and a folder of its pictures; each name is `told` before it is drawn.

    All is written, or nothing. Raises Unwritable, and NotInstalled without matplotlib and scikit-learn.
    """
    files: dict[Path, str | bytes] = {}
    page = [PAGE]
    for name, caption in captions().items():
        told(name)
        ending = usual_ending(name)
        place = Path("gallery") / f"{name.replace('_', '-')}{ending}"
        files[folder / place] = written(name, ending)
        page.append(f"## {name}\n\n{caption}\n\n![{caption}]({place.as_posix()})\n")
    files[folder / "gallery.md"] = "\n".join(page)
    write_all(files)
    return list(files)


def fingerprint(figure: Any) -> str:
    """A digest of what a plot shows: every text, and its data to six digits; the same whatever draws it."""
    return hashlib.sha256(json.dumps([*_shown(figure)]).encode()).hexdigest()[:16]


def usual_ending(name: str) -> str:
    """SVG for a Drawing, and PNG for a plot; which a figure is its annotation says."""
    return ".svg" if FIGURES[name].__annotations__["return"] == "Drawing" else ".png"


def _metadata(figure: Any, ending: str) -> dict[str, Any]:
    """What is written into the file beside the picture: a fingerprint, and no date."""
    if ending == ".png":
        return {"Software": None, "Description": fingerprint(figure)}
    return {"Date": None} if ending == ".svg" else {"CreationDate": None}


def _shown(figure: Any) -> Iterator[Any]:
    def digits(numbers: Any) -> list[str]:
        return [f"{number:.6g}" for number in numbers.ravel().tolist()]

    for axes in figure.axes:
        yield [axes.get_title(), axes.get_xlabel(), axes.get_ylabel(), *(text.get_text() for text in axes.texts)]
        if legend := axes.get_legend():
            yield [text.get_text() for text in legend.get_texts()]
        for line in axes.lines:
            yield digits(line.get_xydata())
        for image in axes.images:
            yield digits(image.get_array())
        for collection in axes.collections:
            if (shades := collection.get_array()) is not None:
                yield digits(shades)
            yield digits(collection.get_offsets())

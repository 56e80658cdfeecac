"""Picture -> TikZ, typeset in the fonts of a LaTeX document. Imports picture, theme, canvas, notation and paint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..notation import tex
from ..picture import Picture
from ..theme import Strand, Theme
from ..typeset import Line, Run, clean
from .canvas import Canvas, Pen, bend, drops
from .geometry import Point, Rectangle, Route
from .metrics import SUB_SCALE, are_stacked
from .paint import paint
from .paper import Paper, placed

RARE = re.compile("[ĦħĸĿŀŉŦŧſ\u0180-\U0010ffff]")  # all others are known to every LaTeX of today
HEADER = """% {title}
% In the preamble: \\usepackage{{tikz}}, and with pdfLaTeX \\usepackage[T1]{{fontenc}} and \\usepackage{{lmodern}}.
"""
UNKNOWN = r"""% Where the font has them, LuaLaTeX and XeLaTeX write these; pdfLaTeX writes ? for the unknown: {rare}
\providecommand\pathgradrare[1]{{\ifdefined\Umathchar#1\else\ifcsname u8:\detokenize{{#1}}\endcsname#1\else?\fi\fi}}
"""
DOCUMENT = r"""\documentclass{{article}}
\ifdefined\Umathchar\else\usepackage[T1]{{fontenc}}\usepackage{{lmodern}}\fi
\usepackage{{tikz}}
\usepackage[paperwidth={width:.1f}bp,paperheight={height:.1f}bp,margin=0bp]{{geometry}}
\pagestyle{{empty}}
\setlength{{\parindent}}{{0pt}}
\setlength{{\topskip}}{{0pt}}
\begin{{document}}
\vbox to 0pt{{%
{picture}\vss}}
\end{{document}}
"""


def tikz_on_paper(picture: Picture, theme: Theme, size: str) -> tuple[str, Paper]:
    """The picture as one tikzpicture, the same shapes at the same places in the document's fonts; and how it fits."""
    canvas = TikzCanvas(theme)
    paint(picture, canvas)
    paper = placed(canvas.area, size, canvas.smallest)
    return canvas.source(picture.title, paper), paper


def tikz_document(tikz: str, paper: Paper) -> str:
    """A tikzpicture as a document of its own, whose page is as large as the picture."""
    width, height = paper.view.width * paper.scale, paper.view.height * paper.scale
    return DOCUMENT.format(width=width, height=height, picture=tikz)


class TikzCanvas(Canvas):
    """The inside of a tikzpicture being drawn, in points of 1/72 inch with y downward."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.lines: list[str] = []
        self.colours: dict[str, str] = {}
        self.rare: dict[str, None] = {}

    def source(self, title: str, paper: Paper) -> str:
        """The finished tikzpicture, its colours defined before it."""
        view, scale, sheet = paper.view, paper.scale, self._colour(self.theme.paper)
        scaled = f", transform shape, scale={scale:.4f}" if scale != 1 else ""
        defined = "".join(
            f"\\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}\n" for colour, name in self.colours.items()
        )
        rare = UNKNOWN.format(rare=" ".join(self.rare)) if self.rare else ""
        return (
            f"{HEADER.format(title=clean(title))}{rare}{defined}\\begin{{tikzpicture}}[x=1bp, y=-1bp{scaled}]\n"
            f"\\fill[{sheet}, use as bounding box] {_corners(view)};\n"
            + "\n".join(self.lines)
            + "\n\\end{tikzpicture}\n"
        )

    def _box(self, area: Rectangle, fill: str, stroke: str, width: float, corner: float, opacity: float) -> None:
        options = [f"rounded corners={corner:.1f}bp"] if corner else []
        options += [f"fill={self._colour(fill)}"] if fill != "none" else []
        options += [f"fill opacity={opacity:.3f}"] if opacity < 1 else []
        options += [f"draw={self._colour(stroke)}, line width={width:.1f}bp"] if stroke != "none" else []
        self.lines.append(f"\\path[{', '.join(options)}] {_corners(area)};")

    def _line(self, route: Route, strand: Strand, width: float) -> None:
        dashes = [f"{way} {length}bp" for way, length in zip(["on", "off"] * 4, strand.dash.split(), strict=False)]
        dashed = f", dash pattern={' '.join(dashes)}" if dashes else ""
        points = [f"({x:.1f},{y:.1f})" for x, y in route]
        joined = points[0]
        if bend(route) == "L":
            joined += f" -- {points[1]}"
        else:
            for a, b, end in zip(points[1::3], points[2::3], points[3::3], strict=True):
                joined += f" .. controls {a} and {b} .. {end}"
        self.lines.append(f"\\draw[{self._colour(strand.colour)}, line width={width:.1f}bp{dashed}] {joined};")

    def _polygon(self, corners: Sequence[Point], fill: str) -> None:
        joined = " -- ".join(f"({x:.1f},{y:.1f})" for x, y in corners)
        self.lines.append(f"\\fill[{self._colour(fill)}] {joined} -- cycle;")

    def _write(self, line: Line, at: Point, pen: Pen, anchor: str) -> None:
        options = ["anchor=base" if anchor == "middle" else "anchor=base west", "inner sep=0pt"]
        options.append(f"text={self._colour(pen.colour or self.theme.ink)}")
        bold = "\\bfseries" if pen.bold else ""
        options.append(f"font=\\fontsize{{{pen.size:.1f}bp}}{{{1.2 * pen.size:.1f}bp}}\\selectfont{bold}")
        pieces = [self._run(run, pen.size, drop) for run, drop in zip(line, drops(line, pen.size), strict=True)]
        text = "".join(
            f"\\rlap{{{piece}}}" if are_stacked(line, place) else piece for place, piece in enumerate(pieces)
        )
        self.lines.append(f"\\node[{', '.join(options)}] at ({at[0]:.1f},{at[1]:.1f}) {{{text}}};")

    def _run(self, run: Run, size: float, drop: float) -> str:
        text = tex(run.text)
        self.rare |= dict.fromkeys(RARE.findall(text))
        text = RARE.sub(r"\\pathgradrare{\g<0>}", text)
        if run.style == "italic":
            return f"${text}$" if len(text) == 1 and text.isascii() and text.isalpha() else f"\\textit{{{text}}}"
        if drop:
            small = f"\\fontsize{{{SUB_SCALE * size:.1f}bp}}{{{size:.1f}bp}}\\selectfont {text}"
            return f"\\raisebox{{{-drop:.1f}bp}}{{{small}}}"
        colour = self.theme.of_style(run.style)
        return f"{{\\color{{{self._colour(colour)}}}{text}}}" if colour else text

    def _colour(self, colour: str) -> str:
        """The name of a colour within this picture's source."""
        return self.colours.setdefault(colour, f"pathgrad{colour[1:].lower()}")


def _corners(area: Rectangle) -> str:
    return f"({area.x:.1f},{area.y:.1f}) rectangle ({area.right:.1f},{area.bottom:.1f})"

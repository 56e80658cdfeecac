"""Theme: every colour, size and dash of a picture in one frozen place. Imports picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograd import require_choice

from .picture import Ink


@dataclass(frozen=True)
class Strand:
    """How one path is drawn: a colour that colour-blind eyes tell apart, and a dash that needs no colour at all."""

    colour: str
    dash: str


@dataclass(frozen=True)
class Theme:
    """Colours on paper, all text at 4.5:1 or better. Lengths are points, 72 to the inch, as Graphviz counts them.

    Path colours follow Okabe and Ito's palette, darkened where text in them would be too pale.
    """

    paper: str = "#ffffff"
    ink: str = "#1a1a1a"
    quiet: str = "#5f6672"
    hairline: str = "#c3c8d0"
    value: str = "#1f4e9c"
    gradient: str = "#9a3412"
    alarm: str = "#a3001e"
    positive: str = "#c04a00"
    negative: str = "#0072b2"
    signs: tuple[str, str] = ("orange", "blue")  # what people call these two
    box_fill: str = "#f3f6fc"
    target_fill: str = "#fff4e5"
    strands: tuple[Strand, ...] = (
        Strand("#0072b2", ""),
        Strand("#c04a00", "8 4"),
        Strand("#007a5e", "2 3"),
        Strand("#a3397a", "10 3 2 3"),
        Strand("#7a6200", "5 2"),
        Strand("#3d3d3d", "12 5"),
    )
    font: str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
    name_size: float = 15
    figure_size: float = 12.5
    label_size: float = 13
    legend_size: float = 14

    def box(self, ink: Ink) -> tuple[str, str, float]:
        """Fill, line and line width of a box."""
        return {
            "plain": (self.paper, self.ink, 1.0),
            "faded": (self.paper, self.hairline, 1.0),
            "strong": (self.box_fill, self.ink, 1.8),
            "target": (self.target_fill, self.gradient, 2.4),
            "alarm": (self.target_fill, self.alarm, 2.4),
        }[ink]

    def of_style(self, style: str) -> str:
        """The colour of a coloured run, or nothing for the others."""
        return {"value": self.value, "gradient": self.gradient, "quiet": self.quiet}.get(style, "")


LIGHT = Theme()
DARK = Theme(
    paper="#14171c",
    ink="#f2f4f7",
    quiet="#a3acb9",
    hairline="#4a5361",
    value="#8fb8ff",
    gradient="#ff9d76",
    alarm="#ff7a8a",
    positive="#ff8a3d",
    negative="#56b4e9",
    box_fill="#222a36",
    target_fill="#3a2a1a",
    strands=(
        Strand("#56b4e9", ""),
        Strand("#ff8a3d", "8 4"),
        Strand("#35c79a", "2 3"),
        Strand("#e58ac0", "10 3 2 3"),
        Strand("#f0e442", "5 2"),
        Strand("#c9ced6", "12 5"),
    ),
)
# For printers without colour, where dashes and weight say all; and for the last row of a bright room.
PRINT = replace(
    LIGHT,
    ink="#000000",
    quiet="#4d4d4d",
    hairline="#b3b3b3",
    value="#000000",
    gradient="#404040",
    alarm="#000000",
    positive="#000000",
    negative="#808080",
    signs=("black", "grey"),
    box_fill="#f0f0f0",
    target_fill="#e0e0e0",
    strands=tuple(Strand(grey, s.dash) for grey, s in zip(("#000000", "#4d4d4d") * 3, LIGHT.strands, strict=True)),
)
CONTRAST = replace(
    LIGHT,
    ink="#000000",
    quiet="#333333",
    hairline="#8c8c8c",
    value="#002b7f",
    gradient="#7a1500",
    alarm="#7a0016",
    positive="#a03000",
    negative="#00508a",
    box_fill="#eef3ff",
    target_fill="#fff0d6",
    strands=tuple(
        Strand(colour, s.dash)
        for colour, s in zip(
            ("#004a86", "#8f2f00", "#00543f", "#7a1758", "#574500", "#000000"), LIGHT.strands, strict=True
        )
    ),
    name_size=18,
    figure_size=15,
    label_size=15,
    legend_size=17,
)
THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT, "contrast": CONTRAST}


def theme_of(given: Theme | str) -> Theme:
    """A theme by its name, or itself; raises UnknownChoice for a name that there is not."""
    if isinstance(given, Theme):
        return given
    require_choice("theme", given, THEMES)
    return THEMES[given]

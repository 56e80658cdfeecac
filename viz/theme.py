"""Theme: every colour, size and dash of a picture in one frozen place. Imports nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Strand:
    """How one path is drawn: a colour that colour-blind eyes tell apart, and a dash that needs no colour at all."""

    colour: str
    dash: str


@dataclass(frozen=True)
class Theme:
    """Colours on white, all text at 4.5:1 or better. Lengths are points, 72 to the inch, as Graphviz counts them.

    Path colours follow Okabe and Ito's palette, darkened where text in them would be too pale.
    """

    paper: str = "#ffffff"
    ink: str = "#1a1a1a"
    quiet: str = "#5f6672"
    hairline: str = "#c3c8d0"
    value: str = "#1f4e9c"
    gradient: str = "#9a3412"
    positive: str = "#c04a00"
    negative: str = "#0072b2"
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
    label_size: float = 11.5
    legend_size: float = 14


LIGHT = Theme()

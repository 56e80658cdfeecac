"""Themes: text is legible, and paths are told apart by eyes that see no red or green, and without any colour."""

from __future__ import annotations

from itertools import combinations

import pytest
from colorspacious import cspace_convert, deltaE

from autograd import UnknownChoice, Value, paths
from viz import draw
from viz.theme import THEMES, Theme

DEUTERANOPIA = {"name": "sRGB1+CVD", "cvd_type": "deuteranomaly", "severity": 100}


def rgb(colour: str) -> list[float]:
    """Red, green and blue from 0 to 1."""
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast ratio, 1 to 21."""
    dark, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_all_text_has_contrast_on_whatever_it_stands_on(theme: Theme) -> None:
    text = (theme.ink, theme.value, theme.gradient)
    for paper in (theme.paper, theme.box_fill, theme.target_fill):
        assert min(contrast(colour, paper) for colour in text) >= 4.5
    for colour in (theme.quiet, *(strand.colour for strand in theme.strands)):
        assert contrast(colour, theme.paper) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_paths_are_told_apart_without_red_and_green_and_without_colour(theme: Theme) -> None:
    assert len({strand.dash for strand in theme.strands}) == len(theme.strands)
    if theme is not THEMES["print"]:
        seen = [cspace_convert(rgb(strand.colour), DEUTERANOPIA, "sRGB1").clip(0, 1) for strand in theme.strands]
        for a, b in combinations(seen[:2], 2):  # the two that most pictures have
            assert deltaE(a, b, input_space="sRGB1") > 20
        assert min(deltaE(a, b, input_space="sRGB1") for a, b in combinations(seen, 2)) > 5


@pytest.mark.parametrize("name", THEMES)
def test_a_picture_is_drawn_in_each_theme(name: str) -> None:
    x = Value(0.5, "x")
    y = (x * x + x).named("y")
    drawing = draw(y, theme=name, highlight=paths(y, x))
    assert f'fill="{THEMES[name].paper}"' in drawing.svg
    assert THEMES[name].paper in drawing.dot


def test_a_theme_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownChoice, match="no theme 'neon'; choose one of: light, dark, print, contrast"):
        draw(Value(1.0), theme="neon")

"""SVG -> PNG and PDF, by vl-convert, which brings a renderer and its fonts along. Imports vl_convert, when asked to.

It comes with `pip install 'pathgrad[images]'`, for it is large.
"""

from __future__ import annotations

import re
from math import sqrt
from types import ModuleType

from autograd import NotInstalled

SCALE = 2.0  # pixels for each of the SVG's own,
MOST = 100e6  # as long as these are no more in all
SIDE = re.compile(r'( (?:width|height)=")([\d.]+)(?:pt)?"')


def png_of(svg: str) -> bytes:
    """The picture in pixels, two for each of the SVG's own: 2560 × 1440 for a slide. Raises NotInstalled.

    Of a picture so large that an image of it would fill the memory the pixels are larger.
    """
    width, height = (float(side) for _, side in SIDE.findall(svg.split(">", 1)[0]))
    image: bytes = _converter("PNG").svg_to_png(svg, scale=min(SCALE, sqrt(MOST / (width * height))))
    return image


def pdf_of(svg: str) -> bytes:
    """The picture as a page of its own size, its text selectable, the same each time but for the order of its fonts.

    A page has a point for each of the SVG's pixels, or the points that the SVG speaks of. Raises NotInstalled.
    """
    root, drawn = svg.split(">", 1)
    root = SIDE.sub(r'\1\2"', root)  # in pixels, which the converter takes for points
    page: bytes = _converter("PDF").svg_to_pdf(f"{root}>{drawn}")
    return page


def _converter(form: str) -> ModuleType:
    try:
        import vl_convert
    except ImportError:
        raise NotInstalled(
            f"draw: {form} is made by the package vl-convert-python, which is not there; "
            "pip install 'pathgrad[images]', or save .svg, which browsers and office programs open as well"
        ) from None
    return vl_convert

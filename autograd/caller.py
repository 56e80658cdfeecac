"""Which line of a user's code called into these packages. Imports nothing."""

from __future__ import annotations

import sys
from types import FrameType

PACKAGES = ("autograd", "nn", "viz", "functools")  # the last calls cached properties


def calling() -> tuple[FrameType, int]:
    """The frame of the innermost line outside of the packages, and its `stacklevel` for a warning given here."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and str(frame.f_globals.get("__name__")).split(".")[0] in PACKAGES:
        frame, level = frame.f_back, level + 1
    return frame, level

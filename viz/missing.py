"""What only some of pathgrad needs and is not installed. Imports autograd's errors."""

from __future__ import annotations

from autograd import PathgradError


class NotInstalled(PathgradError, ImportError):
    """A library that only some of pathgrad needs is not there; the message says how to install it."""

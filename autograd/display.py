"""What a notebook shows of an object: asked of a viewer, if one is installed. Imports nothing.

The engine knows no viewer. Whoever draws for it says so in its own metadata, as an entry point of the group
`pathgrad.display`, and is loaded when a notebook asks for the first time; `import autograd` loads nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeAlias

Bundle: TypeAlias = dict[str, str]  # texts by their MIME types
Viewer: TypeAlias = Callable[[Any, Collection[str] | None, Collection[str] | None], Bundle]


def mimebundle(self: Any, include: Collection[str] | None = None, exclude: Collection[str] | None = None) -> Bundle:
    """What Jupyter shows of this: a picture, if there is one that can be read, and a text, the best first.

    Without a viewer, as in a source tree that nobody installed, it is the text alone.
    """
    show = viewer()
    return show(self, include, exclude) if show else {"text/plain": repr(self)}


def mime(self: Any) -> tuple[str, str]:
    """What marimo shows of this: the best of it, with its MIME type; of things in a list it takes no bundles."""
    found: tuple[str, str] = next(iter(self._repr_mimebundle_().items()))
    return found


IN_NOTEBOOKS = (mimebundle, mime)  # for a class to have as its `_repr_mimebundle_, _mime_`


@cache
def viewer() -> Viewer | None:
    """The installed viewer, None if there is none or it cannot be loaded here."""
    from importlib.metadata import entry_points  # which takes longer to import than all of autograd

    for entry in entry_points(group="pathgrad.display"):
        try:
            found: Viewer = entry.load()
        except (ImportError, AttributeError):
            continue
        return found
    return None

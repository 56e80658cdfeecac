"""The words of array programs as source for JAX and for PyTorch, whose own gradients then take over.

Imports readings.infix and readings.program.

Where a framework has a function of its own, it is taken: its gradient is stable where that of the row's formula,
differentiated word by word, would meet inf / inf.
"""

from __future__ import annotations

from collections.abc import Callable

from .infix import Text, call
from .program import ROWS, Vocabulary, words

TORCH_ROWS = ", dim=0, keepdim=True"


def _along(function: str, rows: str) -> Callable[[Text], Text]:
    """A word that runs over the rows."""
    return lambda x: Text(f"{function}({x}{rows})")


JAX: Vocabulary = {
    **words("jnp"),
    **{name: call(f"jax.nn.{name}") for name in ("sigmoid", "softplus", "relu", "silu")},
    "max": _along("jnp.max", ROWS),
    "min": _along("jnp.min", ROWS),
    "logsumexp": _along("jax.nn.logsumexp", ROWS),
}

TORCH: Vocabulary = {
    **words("torch"),
    **{name: call(f"torch.{name}") for name in ("sigmoid", "relu")},
    "silu": call("torch.nn.functional.silu"),
    "softplus": lambda x: Text(f"torch.logaddexp({x}, torch.zeros_like({x}))"),  # torch's own is rounded beyond 20
    **{name: _along("torch.sum", TORCH_ROWS) for name in ("total", "over rows")},
    **{name: _along("torch.amax", TORCH_ROWS) for name in ("largest", "max")},
    **{name: _along("torch.amin", TORCH_ROWS) for name in ("smallest", "min")},
    "logsumexp": _along("torch.logsumexp", TORCH_ROWS),
    "over entries": lambda x: Text(f"torch.sum({x}).reshape(1, 1)"),
    "over examples": lambda x: Text(f"torch.sum({x}, dim=1, keepdim=True)"),
}

"""What ``step`` is handed from outside: configurations, compiled, by digest; and who looks on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy


class Policies(Protocol):
    """Gives the compiled configuration for a digest."""

    def __call__(self, digest: str) -> Policy:
        """The policy; compiled outside ``step``."""
        ...


class Observer(Protocol):
    """Told of fused rows (track output, figures), and of what is decided anew again; must not change anything.

    A report is the same by its device, ``order`` and ``tie``.
    """

    def __call__(self, context: Context, rows: NDArray[np.int64]) -> None:
        """Look."""
        ...

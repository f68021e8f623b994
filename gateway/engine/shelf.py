"""What ``step`` is handed from outside: configurations and what is known of cells, by digest; and who looks on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.policy import Policy
    from gateway.fusion.scan.known import Known


class Policies(Protocol):
    """Gives the compiled configuration for a digest."""

    def __call__(self, digest: str) -> Policy:
        """The policy; compiled outside ``step``."""
        ...


class TowersByDigest(Protocol):
    """Gives what is known of cells and access points in a version."""

    def __call__(self, digest: str) -> Known:
        """The version; opened outside ``step``."""
        ...


class Observer(Protocol):
    """Told of fused rows (track output, figures), and of what is decided anew again; must not change anything.

    A report is the same by its device, ``order`` and ``tie``.
    """

    def __call__(self, context: Context, rows: NDArray[np.int64]) -> None:
        """Look."""
        ...

"""Pictures by matplotlib, without a screen: what is drawn of the same figures is the same to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

DOTS = 100
"""To the inch."""


def kept(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG, and forget it."""
    figure.tight_layout()
    figure.savefig(path, dpi=DOTS, metadata={"Software": None})
    plt.close(figure)
    return path

"""Two pictures: how errors are spread on each set, and how often radii hold the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import pyplot as plt

from tools.pictures import kept

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from tools.accuracy.figures import Row

SHOWN = ("cells_ottawa", "cells_doha", "gnss_smartloc 1 s", "gnss_smartloc 60 s")
"""Sets of which errors are drawn."""
AIMS = {"r67": (0.64, 0.70), "r95": (0.93, 0.97)}
SHARES = np.linspace(0.0, 1.0, 201)


def draw(rows: list[Row], into: Path) -> list[Path]:
    """Write ``errors.png`` and ``coverage.png``; what is drawn of the same rows is the same to the byte."""
    into.mkdir(parents=True, exist_ok=True)
    shown = [name for name in SHOWN if any(one.name == name for one in rows)]
    return [kept(_errors(rows, shown), into / "errors.png"), kept(_coverage(rows), into / "coverage.png")]


def _errors(rows: list[Row], shown: list[str]) -> Figure:
    figure, axes = plt.subplots(
        1, max(len(shown), 1), figsize=(4.0 * max(len(shown), 1), 3.6), sharey=True, squeeze=False
    )
    for axis, name in zip(axes[0], shown, strict=False):
        for one in (each for each in rows if each.name == name):
            ours = one.way.startswith("ours")
            axis.plot(
                np.quantile(one.error, SHARES),
                SHARES,
                label=one.way,
                linewidth=2.0 if ours else 1.0,
                linestyle="-" if ours else "--",
            )
        axis.set(title=name, xlabel="metres off", xscale="log", ylim=(0.0, 1.0))
        axis.set_xlim(left=max(1.0, axis.get_xlim()[0]))
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7)
    axes[0][0].set_ylabel("share of places")
    return figure


def _coverage(rows: list[Row]) -> Figure:
    ours = [one for one in rows if one.way.startswith("ours") and len(one.r95)]
    figure, axis = plt.subplots(figsize=(8.0, 1.2 + 0.3 * len(ours)))
    at = np.arange(len(ours))
    for radius, (least, most) in AIMS.items():
        axis.axvspan(least, most, alpha=0.25, color="tab:green")
        axis.plot([one.covered(radius) for one in ours], at, "o" if radius == "r67" else "s", label=f"{radius} holds")
    axis.set(
        yticks=at,
        yticklabels=[f"{one.name}: {one.way}" for one in ours],
        xlim=(0.0, 1.0),
        xlabel="share of places; green: the aims",
    )
    axis.invert_yaxis()
    axis.grid(alpha=0.3)
    axis.legend(loc="lower left", fontsize=8)
    return figure

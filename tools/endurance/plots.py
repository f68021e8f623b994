"""What was measured, day by day: four pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import pyplot as plt

from tools.pictures import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

PICTURES = {
    "process": (("memory", "resident memory, MiB"), ("blocks", "Python's blocks, thousands"),
                ("descriptors", "descriptors")),
    "files": (("journal", "journal, MiB"), ("history", "history, MiB"), ("state.db", "state.db, MiB"),
              ("snapshots", "snapshots, MiB"), ("configurations", "configurations, MiB")),
    "start": (("start", "seconds of a processor until it serves"),),
}  # fmt: skip
"""By name of the file: series and what stands at each axis. The rows of the tables have one of their own."""
ROWS = "rows of "


def draw(daily: Mapping[str, Sequence[float]], folder: Path) -> list[Path]:
    """Write all of them; what is drawn of the same figures is the same to the byte."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = tuple((name, name) for name in daily if name.startswith(ROWS) and any(daily[name]))
    pictures = {**PICTURES, "tables": tables}
    return [kept(_drawn(daily, series), folder / f"endurance-{name}.png") for name, series in pictures.items()]


def _drawn(daily: Mapping[str, Sequence[float]], series: Sequence[tuple[str, str]]) -> Figure:
    figure, axes = plt.subplots(len(series), 1, figsize=(7.0, 0.6 + 1.1 * len(series)), sharex=True, squeeze=False)
    for axis, (name, label) in zip(axes[:, 0], series, strict=True):
        values = np.asarray(daily[name])
        days = np.arange(1, len(values) + 1)
        is_known = ~np.isnan(values)
        axis.plot(days[is_known], values[is_known], ".-" if is_known.sum() < len(values) else "-", linewidth=1.0)
        axis.set_ylim(0.0, max(float(np.nanmax(values)) * 1.15, 1e-9))
        axis.set_title(label, fontsize=8, loc="left")
        axis.tick_params(labelsize=7)
        axis.grid(alpha=0.3)
        for third in (len(values) / 3.0, len(values) / 1.5):
            axis.axvline(third, color="grey", linewidth=0.6, linestyle="--")
    axes[-1, 0].set_xlabel("virtual day", fontsize=8)
    return figure

"""The track that a replay writes: each fix that was used once, in its order, however late it came.

What is decided anew is told again, with the place that all fixes up to it make. So lines wait in a table of a file of
their own, which is gone with the process, until the replay is over.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from gateway.clock import iso
from gateway.engine import radii_of, state_of
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine import Context

SOURCES = [source.name.lower() for source in sorted(Source)]
"""Names of sources by their numbers."""
TRACK_COLUMNS = (
    "device", "time", "latitude", "longitude", "radius67_m", "radius95_m", "speed_kmh", "state", "sources",
)  # fmt: skip
MADE = """CREATE TABLE track (
    at REAL, tie BLOB, device, time, latitude, longitude, radius67_m, radius95_m, speed_kmh, state, sources,
    PRIMARY KEY (at, device, tie)
) WITHOUT ROWID"""
TAKEN = "INSERT OR REPLACE INTO track VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
IN_ORDER = """SELECT device, time, latitude, longitude, radius67_m, radius95_m, speed_kmh, state, sources
    FROM track ORDER BY at, device, tie"""


class TrackOutput:
    """Observer that keeps the fused track, a line a fix taken, and writes it at the end of its block, in order."""

    def __init__(self, out: IO[str]) -> None:
        self._writer = csv.writer(out, lineterminator="\n")
        self._writer.writerow(TRACK_COLUMNS)

    def __enter__(self) -> Self:
        self._lines = sqlite3.connect("")
        self._lines.execute(MADE)
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        with closing(self._lines):
            if fault is None:
                self._writer.writerows(self._lines.execute(IN_ORDER))

    def __call__(self, context: Context, rows: NDArray[np.int64]) -> None:
        """Take the rows just fused."""
        if len(rows):
            self._lines.executemany(TAKEN, _lines(context, rows))


def _lines(context: Context, rows: NDArray[np.int64]) -> Iterator[tuple[object, ...]]:
    reports, track = context.reports, context.state.track
    wearing = reports.wearing[rows]
    latitude, longitude = context.policy.plane.inverse(track["x"][wearing], track["y"][wearing])
    radii = radii_of(context.state, wearing)
    speed = np.sqrt(track["vx"][wearing] ** 2 + track["vy"][wearing] ** 2) * 3.6
    times, sources = reports.time[rows].tolist(), reports.source[rows].tolist()
    for index, row in enumerate(rows.tolist()):
        yield (
            float(reports.order[row]), int(reports.tie[row]).to_bytes(8, "big"),
            context.device_key(row), iso(times[index]), f"{latitude[index]:.7f}", f"{longitude[index]:.7f}",
            f"{radii['r67'][index]:.1f}", f"{radii['r95'][index]:.1f}", f"{speed[index]:.1f}",
            state_of(context, row), SOURCES[sources[index]],
        )  # fmt: skip

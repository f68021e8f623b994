"""Reports with what they heard, made by hand, through the engine: columns in the place of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from timeline import HOME, PLANE, at, degrees

from gateway.engine.heard import NOT_TOLD, HeardColumns
from gateway.engine.reports import assemble
from gateway.engine.step import Stepped, run_reports
from gateway.journal.entries import EntryKind, Gathering, Origin
from protocols.report import Source, blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline import Timeline

BEGIN = at(0, 13)
CELLS = 5


@dataclass(frozen=True)
class Row:
    """A report: where its fix lies, where its cells put it (None: no fix, nothing heard); received at once."""

    time: float
    fix: tuple[float, float] | None = HOME
    heard: tuple[float, float] | None = HOME
    n: int = CELLS
    sigma: float = 300.0
    speed: float = 0.0
    flags: int = 0
    received: float | None = None
    stored: bool = False


def shaken(place: tuple[float, float], number: int, metres: float = 200.0) -> tuple[float, float]:
    """What scans of one place give: now these cells, now those."""
    turn = number * 2.4
    return place[0] + metres * float(np.cos(turn)), place[1] + metres * float(np.sin(turn))


def tell(told: Timeline, rows: Sequence[Row], device: str = "B0001") -> list[dict]:
    """Step rows in the order of receipt; the new events."""
    told.run() if len(told.waiting) else None
    rows = sorted(rows, key=lambda row: row.time if row.received is None else row.received)
    received = np.array([row.time if row.received is None else row.received for row in rows])
    index = np.full(len(rows), told.policy.devices.index(device), np.int64)
    gathering = Gathering()
    for number, time in enumerate(received.tolist()):
        gathering.add(EntryKind.FRAME, time, Origin(), f"row {number} {time}".encode())
    reports = assemble(np.arange(len(rows)), received, index, _batch(rows), places=_places(rows))
    stepped = Stepped()
    run_reports(told.state, gathering.batch(), reports, told.policy, stepped)
    told.state.offset += len(rows)
    told.state.now = float(received[-1])
    return told._said(stepped)


def _batch(rows: Sequence[Row]):
    batch = blank(len(rows))
    batch.frame[:], batch.time[:] = np.arange(len(rows)), [row.time for row in rows]
    batch.battery_percent[:], batch.stored[:] = 80, [row.stored for row in rows]
    batch.flags[:] = [row.flags for row in rows]
    for number, row in enumerate(rows):
        if row.fix is not None:
            batch.located[number], batch.source[number] = True, Source.GNSS
            batch.latitude[number], batch.longitude[number] = degrees(row.fix)
            batch.speed_kmh[number], batch.satellites[number] = row.speed * 3.6, 9
    return batch


def _places(rows: Sequence[Row]) -> HeardColumns:
    hears = [row.heard is not None for row in rows]
    x, y = np.array([row.heard or (np.nan, np.nan) for row in rows], np.float64).T
    latitude, longitude = PLANE.inverse(x, y)
    return HeardColumns(
        latitude, longitude, np.where(hears, [row.sigma for row in rows], np.nan),
        np.where(hears, [row.n for row in rows], NOT_TOLD).astype(np.int16),
        np.where(hears, Source.CELL, Source.NONE).astype(np.uint8),
    )  # fmt: skip

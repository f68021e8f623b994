"""Where reports were made by the cells and access points that they heard, under the version of their own time.

A version is in force for device times from its TOWERS entry on, so that a report has the same place however late it
comes.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np

from gateway.clock_bounds import CLOCK_AHEAD, CLOCK_BEHIND
from gateway.fusion.scan.places import places_of
from protocols.report import CellColumns, Flag, Source, SourceDatum, WifiColumns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.shelf import TowersByDigest
    from gateway.engine.state import EngineState
    from gateway.fusion.scan.known import Known
    from protocols.report import ReportBatch

Ragged = TypeVar("Ragged", CellColumns, WifiColumns)

KEPT: Final = 11 * 86_400.0
"""Seconds for which a version that is no longer in force is remembered: longer than a report may be late."""
NOT_TOLD: Final = -1


class HeardColumns(NamedTuple):
    """What reports' cells and access points say of their place, n rows: degrees of WGS-84, metres per axis.

    ``number``: int16, how many were heard; NOT_TOLD where the wire tells of none. ``source``: uint8; the place is NaN
    where it is NONE.
    """

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    sigma: NDArray[np.float64]
    number: NDArray[np.int16]
    source: NDArray[np.uint8]

    def ordered(self, order: NDArray[np.int64]) -> HeardColumns:
        """The rows in another order."""
        return HeardColumns(
            self.latitude[order], self.longitude[order], self.sigma[order], self.number[order], self.source[order]
        )


def unheard(reports: int) -> HeardColumns:
    """Of so many reports that tell of nothing heard."""
    latitude, longitude, sigma = np.full((3, reports), np.nan)
    return HeardColumns(
        latitude, longitude, sigma, np.full(reports, NOT_TOLD, np.int16), np.full(reports, Source.NONE, np.uint8)
    )


def no_towers(digest: str) -> Known:
    """Whoever steps where no version is named needs none."""
    raise KeyError(digest)


def take_towers(state: EngineState, digest: str, received: float) -> None:
    """A TOWERS entry: a version is in force from here on; older ones stay for what comes late."""
    if not state.towers or state.towers[-1][1] != digest:
        state.towers.append((received, digest))
    while len(state.towers) > 1 and state.towers[1][0] < received - KEPT:
        del state.towers[0]


def hear_places(
    state: EngineState, policy: Policy, towers: TowersByDigest, device: NDArray[np.int64],
    received: NDArray[np.float64], batch: ReportBatch,
) -> HeardColumns:  # fmt: skip
    """What the reports of a batch heard; ``device`` (index in the policy) and ``received`` of each."""
    found = unheard(len(batch))
    if not (len(batch.cells.report) or len(batch.wifi.report)):
        return found
    heard = np.bincount(np.concatenate([batch.cells.report, batch.wifi.report]), minlength=len(batch))
    found.number[:] = np.where(heard > 0, np.minimum(heard, np.iinfo(np.int16).max), NOT_TOLD)
    if not state.towers or not heard.any():
        return found
    sound = (batch.time >= received - CLOCK_BEHIND) & (batch.time <= received + CLOCK_AHEAD)
    time = np.where(sound, np.minimum(batch.time, received), received)
    for known, rows in _versions(state, towers, time):
        _place(found, known, policy, rows & (heard > 0), device, batch)
    return found


def _versions(
    state: EngineState, towers: TowersByDigest, time: NDArray[np.float64]
) -> Iterator[tuple[Known, NDArray[np.bool_]]]:
    """Each version that was in force at any of some times, and at which of them."""
    place = np.array([since for since, _ in state.towers]).searchsorted(time, "right") - 1
    for epoch in np.unique(place[place >= 0]).tolist():
        known = towers(state.towers[epoch][1])
        if known:
            yield known, place == epoch


def _place(
    found: HeardColumns, known: Known, policy: Policy, rows: NDArray[np.bool_], device: NDArray[np.int64],
    batch: ReportBatch,
) -> None:  # fmt: skip
    """Fill in what a version says of some rows."""
    at = np.flatnonzero(rows)
    if not len(at):
        return
    known = known.within(policy.plane)
    used, of = np.unique(device[at], return_inverse=True)
    steps, louder = known.heard_by([policy.devices[each] for each in used.tolist()])
    heard = _of_rows(_true_cells(batch), rows), _of_rows(batch.wifi, rows)
    places = places_of(*heard, ~batch.located[at], (steps[of], louder[of]), known, policy.plane)
    there = np.isfinite(places.sigma)
    found.latitude[at[there]], found.longitude[at[there]] = policy.plane.inverse(places.x[there], places.y[there])
    found.sigma[at], found.source[at] = places.sigma, places.source


def _true_cells(batch: ReportBatch) -> CellColumns:
    """All but those of reports that tell of a false base station: these are wherever it stands."""
    cells, false = batch.cells, batch.flags & np.uint64(Flag.PSEUDO_BASE_STATION) != 0
    return _only(cells, ~false[cells.report]) if false.any() else cells


def _only(heard: Ragged, kept: NDArray[np.bool_]) -> Ragged:
    """Some of what was heard."""
    return replace(heard, **{each.name: getattr(heard, each.name)[kept] for each in fields(heard)})


def _of_rows(heard: Ragged, rows: NDArray[np.bool_]) -> Ragged:
    """What some reports heard; they are numbered anew."""
    kept = _only(heard, rows[heard.report])
    return replace(kept, report=(np.cumsum(rows) - 1)[kept.report])


def infer(reports: Reports, source: NDArray[np.uint8]) -> None:
    """Reports that state no place of their own lie where what they heard puts them."""
    reports.inferred = ~reports.located & ~reports.bare & (source != Source.NONE)
    at = np.flatnonzero(reports.inferred)
    if not len(at):
        return
    reports.located[at], reports.source[at], reports.datum[at] = True, source[at], SourceDatum.WGS84
    reports.latitude[at], reports.longitude[at] = reports.heard_latitude[at], reports.heard_longitude[at]
    reports.accuracy_m[at], reports.speed_kmh[at] = reports.heard_sigma[at], np.nan

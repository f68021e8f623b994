"""How others place a scan, to hold ours against: by the database, or by what other drives heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from protocols.report import SignalUnit
from tools.accuracy.cells import Answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fencing.plane import LocalPlane
    from gateway.fusion.scan.shapes import Scans
    from gateway.fusion.towers import Towers
    from tools.accuracy.cells import Drive

NEAREST, WINDOW, BEFORE = 8, 25.5, 6
"""Neighbours of a median; seconds, and scans, that are compared at most."""
LEVEL, STEP, DIFFERS = 6.0, 156.14, 9.0
"""dB and metres that count as one; what a scan costs that heard another cell."""
UNKNOWN = -80.0
"""dBm of a cell without a level, for weights."""


def _nobody(*ways: str) -> dict[str, tuple[list[int], list[float]]]:
    return {way: ([], []) for way in ways}


def _note(
    found: dict[str, tuple[list[int], list[float]]], drive: Drive, scan: int, places: Sequence[np.ndarray]
) -> None:
    """How far off each way has placed a scan."""
    for (scans, errors), place in zip(found.values(), places, strict=True):
        scans.append(scan)
        errors.append(float(np.hypot(place[0] - drive.x[scan], place[1] - drive.y[scan])))


def _answers(found: dict[str, tuple[list[int], list[float]]]) -> dict[str, Answers]:
    none = np.empty(0)
    return {
        way: Answers(np.array(scans, np.int64), np.array(errors), none, none) for way, (scans, errors) in found.items()
    }


def by_sites(drive: Drive, known: Towers, plane: LocalPlane) -> dict[str, Answers]:
    """Serving cell, median and centroid of where a database has the cells heard."""
    heard, found = drive.cells, _nobody("serving cell", "median of heard", "weighted centroid of heard")
    places = known.at(known.look_up(heard.mcc, heard.mnc, heard.lac, heard.cid))
    spots = np.column_stack(plane.forward(places.latitude, places.longitude))
    level = np.where(heard.signal_unit == SignalUnit.DBM, heard.signal_raw, UNKNOWN)
    for scan in range(len(drive.time)):
        rows = np.flatnonzero((heard.report == scan) & ~np.isnan(spots[:, 0]))
        if len(rows):
            weight = 10.0 ** (level[rows] / 20.0)
            places = spots[rows[0]], np.median(spots[rows], axis=0), np.average(spots[rows], axis=0, weights=weight)
            _note(found, drive, scan, places)
    return _answers(found)


def by_serving(drive: Drive, scans: Scans, others: list[Drive], theirs: list[Scans]) -> dict[str, Answers]:
    """Centroids of where other drives heard the serving cell, and the medians of the scans that are most alike."""
    heard = _Heard(others, theirs)
    found = _nobody("centroid", "weighted centroid", "kNN, one scan", "kNN, 25 s")
    for scan in range(len(drive.time)):
        at = np.flatnonzero(heard.cell == scans.cell[scan, 0])
        if not len(at):
            continue
        window = [back for back in range(min(BEFORE, scan + 1)) if drive.time[scan] - drive.time[scan - back] <= WINDOW]
        one = heard.unlike(scans, scan, at)
        several = sum(np.min([heard.unlike(scans, scan - back, heard.before[at, min(max(back + off, 0), BEFORE - 1)])
                              for off in (-1, 0, 1)], axis=0) for back in window)  # fmt: skip
        weight = 10.0 ** (heard.level[at] / 20.0)
        spots = heard.spots[at]
        places = (spots.mean(axis=0), (spots * weight[:, None]).sum(axis=0) / weight.sum(),
                  *(np.median(spots[np.argsort(cost, kind="stable")[:NEAREST]], axis=0) for cost in (one, several)))  # fmt: skip
        _note(found, drive, scan, places)
    return _answers(found)


class _Heard:
    """All scans of other drives, and for each those of its own drive before it; -1 where there is none."""

    def __init__(self, drives: list[Drive], scans: list[Scans]) -> None:
        self.cell, self.level, self.advance = (
            np.concatenate([getattr(each, name)[:, 0] for each in scans]) for name in ("cell", "level", "advance")
        )
        self.spots = np.column_stack([np.concatenate([getattr(each, name) for each in drives]) for name in ("x", "y")])
        time = np.concatenate([each.time for each in drives])
        drive = np.repeat(np.arange(len(drives)), [len(each.time) for each in drives])
        index = np.arange(len(time))
        back = [np.maximum(index - off, 0) for off in range(BEFORE)]
        near = [
            (drive[each] == drive) & (time - time[each] <= WINDOW) & (index >= off) for off, each in enumerate(back)
        ]
        self.before = np.column_stack([np.where(fits, each, -1) for fits, each in zip(near, back, strict=True)])

    def unlike(self, scans: Scans, scan: int, at: np.ndarray) -> np.ndarray:
        """How unlike a scan those at some rows are; what is not there is unlike."""
        level = ((self.level[at] - scans.level[scan, 0]) / LEVEL) ** 2
        advance = np.nan_to_num(((self.advance[at] - scans.advance[scan, 0]) / STEP) ** 2, nan=1.0)
        cost = np.where(self.cell[at] == scans.cell[scan, 0], np.minimum(level + advance, DIFFERS), DIFFERS)
        return np.where(at < 0, DIFFERS, cost)

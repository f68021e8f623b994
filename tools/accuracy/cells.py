"""Real drives with the cells that were heard on them, in metres; and one learnt without, followed scan by scan."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fencing.plane import LocalPlane
from gateway.fusion.scan.belief import follow, nothing
from gateway.fusion.scan.candidates import candidates
from gateway.fusion.scan.constants import SLOTS
from gateway.fusion.scan.device import advance_step
from gateway.fusion.scan.heard import scans_of
from gateway.fusion.scan.learnt import learn, shareable
from gateway.fusion.scan.position import position
from gateway.fusion.scan.shapes import Belief, Candidates, Learnt, Scans, Sites
from gateway.fusion.towers import Places, Towers, area_of, empty, table_of
from protocols.report import CellColumns, SignalUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLANES = {"cells_ottawa": LocalPlane(45.4165, -75.7010), "cells_doha": LocalPlane(25.30, 51.46)}
ABSENT = -1
FAINTEST = -200.0
"""dBm."""
NOTHING = learn(np.empty(0), np.empty(0), Scans(np.empty((0, 1), np.int64), np.empty((0, 1)), np.empty((0, 1))))
"""What nobody has taught."""


@dataclass(frozen=True, slots=True)
class Drive:
    """Scans of one drive, n of them, where and when they were made.

    Attributes:
        time: (n,) UTC epoch seconds.
        x, y, sigma: (n,) metres, of the phone's GNSS; the standard deviation as it states it, NaN where it does not.
        cells: what was heard.
    """

    time: np.ndarray
    x: np.ndarray
    y: np.ndarray
    sigma: np.ndarray
    cells: CellColumns


@dataclass(frozen=True, slots=True)
class Answers:
    """Of the scans that were given a place: which they are, metres of error, and radii."""

    scan: np.ndarray
    error: np.ndarray
    r67: np.ndarray
    r95: np.ndarray


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _columns(rows: list[tuple]) -> CellColumns:
    """Cells of ``(report, mcc, mnc, lac, cid, dBm, steps)``."""
    report, mcc, mnc, lac, cid, level, steps = np.array(rows, np.float64).reshape(-1, 7).T
    known = ~np.isnan(level)
    unit = np.where(known, SignalUnit.DBM, SignalUnit.NONE).astype(np.uint8)
    names = (column.astype(np.int64) for column in (report, mcc, mnc, lac, cid))
    return CellColumns(*names, np.where(known, level, ABSENT).astype(np.int32), unit, steps.astype(np.int32))


def ottawa(folder: Path) -> list[Drive]:
    """LTE: the serving cell, its level and timing advance."""
    return [_ottawa(path) for path in sorted(folder.glob("*.csv"))]


def _ottawa(path: Path) -> Drive:
    rows = _rows(path)
    cells = [
        (number, row["mcc"], row["mnc"], row["tac"] or row["lac"], row["cellid"], row["signal"] or "nan",
         row["ta"] if row["ta"].isdigit() else ABSENT)
        for number, row in enumerate(rows)
    ]  # fmt: skip
    x, y = PLANES["cells_ottawa"].forward([float(row["lat"]) for row in rows], [float(row["lon"]) for row in rows])
    sigma = np.array([float(row["rating"] or "nan") for row in rows])
    return Drive(np.array([int(row["measured_at"]) / 1000.0 for row in rows]), x, y, sigma, _columns(cells))


def doha(folder: Path) -> list[Drive]:
    """GSM: all cells heard, some with their level."""
    return [_doha(path) for path in sorted(folder.glob("trace*.csv"))]


def _doha(path: Path) -> Drive:
    rows, cells = _rows(path), []
    for number, row in enumerate(rows):
        for one in filter(None, row["cells"].split(";")):
            name, _, level = one.partition("@")
            cells.append((number, *name.split("-"), level or "nan", ABSENT))
    x, y = PLANES["cells_doha"].forward(
        [float(row["latitude"]) for row in rows], [float(row["longitude"]) for row in rows]
    )
    time = np.array([float(row["time_s"]) for row in rows])
    return Drive(time, x, y, np.full(len(rows), np.nan), _columns(cells))


def towers(path: Path | None = None) -> Towers:
    """What an extract of OpenCelliD knows; without one, nothing."""
    if path is None:
        return Towers(empty(), empty())
    rows = _rows(path)
    mcc, mnc, area, cell, samples = (
        np.array([int(row[name]) for row in rows]) for name in ("mcc", "net", "area", "cell", "samples")
    )
    latitude, longitude = (np.array([float(row[name]) for row in rows]) for name in ("lat", "lon"))
    places = Places(latitude, longitude, np.full(len(rows), np.nan, np.float32), samples.astype(np.int32))
    return Towers(table_of(area_of(mcc, mnc, area), cell, places), empty())


def heard_on(drive: Drive, step: float, known: Towers, plane: LocalPlane) -> tuple[Scans, Sites]:
    """A drive's scans, by a phone of that step of timing advance."""
    return scans_of(drive.cells, len(drive.time), np.full(len(drive.time), step), known, plane)


def step_of(drives: list[Drive]) -> float:
    """Metres of the step of the phone of these drives; NaN where it states no timing advance."""
    x, y, sigma = (np.concatenate([getattr(drive, name) for drive in drives]) for name in ("x", "y", "sigma"))
    every = [heard_on(drive, 1.0, towers(), PLANES["cells_ottawa"])[0] for drive in drives]
    steps = np.concatenate([scans.advance[:, 0] for scans in every])
    if np.isnan(steps).all():
        return float("nan")
    return advance_step(x, y, sigma, np.concatenate([scans.cell[:, 0] for scans in every]), steps)


def taught(drives: list[Drive], scans: list[Scans], *, shared: bool = False) -> Learnt:
    """What drives teach; or of them what several share, each being another wearer."""
    x, y = (np.concatenate([getattr(drive, name) for drive in drives]) for name in ("x", "y"))
    every = Scans(*map(np.concatenate, zip(*scans, strict=True)))
    if not shared:
        return learn(x, y, every)
    wearer = np.repeat(np.arange(len(drives)), [len(drive.time) for drive in drives])
    rows, every = shareable(x, y, every, wearer)
    return learn(x[rows], y[rows], every)


def followed(drive: Drive, scans: Scans, sites: Sites, learnt: Learnt, *, alone: bool = False) -> Answers:
    """Places of a drive's scans, one after the other; or each by itself."""
    belief, beliefs = nothing(1), []
    says, seconds = candidates(scans, sites, learnt), np.diff(drive.time, prepend=drive.time[0])
    for scan in range(len(drive.time)):
        row = slice(scan, scan + 1)
        one = Candidates(*(column[row] for column in says))
        belief = follow(nothing(1) if alone else belief, one, seconds[row])
        beliefs.append(belief)
    every = Belief(*map(np.concatenate, zip(*beliefs, strict=True)))
    place, scan = position(every, np.zeros(len(beliefs))), np.flatnonzero(np.isfinite(says.score).any(axis=1))
    error = np.hypot(place.x - drive.x, place.y - drive.y)
    return Answers(scan, error[scan], place.r67[scan], place.r95[scan])


def each_left_out(drives: list[Drive]) -> Iterator[tuple[Drive, list[Drive], float]]:
    """A drive, the others, and the step that these tell of their phone."""
    for number, drive in enumerate(drives):
        others = drives[:number] + drives[number + 1 :]
        yield drive, others, step_of(others)


@dataclass(frozen=True, slots=True)
class How:
    """What of ours is tried: with what others teach, or share; a scan by itself; so many cells of it, the loudest."""

    learns: bool = True
    shared: bool = False
    alone: bool = False
    loudest: int = SLOTS


def left_out(drives: list[Drive], known: Towers, plane: LocalPlane, how: How) -> list[Answers]:
    """Each drive, after what the others teach."""
    answers = []
    for drive, others, step in each_left_out(drives):
        mine, *theirs = (_loudest(*heard_on(each, step, known, plane), how.loudest) for each in (drive, *others))
        learnt = taught(others, [scans for scans, _ in theirs], shared=how.shared) if how.learns else NOTHING
        answers.append(followed(drive, *mine, learnt, alone=how.alone))
    return answers


def _loudest(scans: Scans, sites: Sites, count: int) -> tuple[Scans, Sites]:
    """So many cells of each scan; those without a level are the faintest."""
    level = np.where(scans.cell >= 0, np.nan_to_num(scans.level, nan=FAINTEST), -np.inf)
    slots = np.sort(np.argsort(-level, axis=1, kind="stable")[:, :count], axis=1)
    taken = [np.take_along_axis(column, slots, 1) for column in (*scans, *sites)]
    return Scans(*taken[:3]), Sites(*taken[3:])

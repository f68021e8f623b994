"""GNSS fixes beside the truth, thinned at every phase: the engine's track, the last fix, a filter that believes sigma."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from fencing.plane import LocalPlane
from tools.accuracy.county import write

START = 1_793_664_000.0
"""UTC epoch seconds at which every track begins."""
JERK = 1.0
"""m/s^2 of acceleration that the plain filter expects of a wearer."""
TOGETHER = 30.0
"""Seconds of a track that are drawn together."""
SLACK = 0.05
"""Seconds by which a fix may come before its turn: receivers' clocks are rounded."""


@dataclass(frozen=True, slots=True)
class Track:
    """Fixes in metres of a plane, beside where they truly were; n of them.

    Attributes:
        time: seconds from the first.
        sigma: as stated, metres. ``speed``: m/s, NaN where none is stated.
    """

    plane: LocalPlane
    time: np.ndarray
    x: np.ndarray
    y: np.ndarray
    sigma: np.ndarray
    speed: np.ndarray
    true_x: np.ndarray
    true_y: np.ndarray

    def rows(self, which: np.ndarray) -> Track:
        """Some of the fixes."""
        return Track(self.plane, *(getattr(self, name)[which] for name in self.__slots__[1:]))


@dataclass(frozen=True, slots=True)
class Placed:
    """Of fixes that were taken: their rows, error and radii in metres."""

    row: np.ndarray
    error: np.ndarray
    r67: np.ndarray
    r95: np.ndarray


def load(path: Path) -> Track:
    """A table of fixes with their truth."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    column = {
        name: np.array([float(row.get(name) or "nan") for row in rows])
        for name in ("t_s", "lat", "lon", "sigma_h_m", "odo_speed_mps", "true_lat", "true_lon")
    }
    plane = LocalPlane(column["true_lat"][0], column["true_lon"][0])
    fixes, truth = (plane.forward(column[f"{kind}lat"], column[f"{kind}lon"]) for kind in ("", "true_"))
    return Track(plane, column["t_s"] - column["t_s"][0], *fixes, column["sigma_h_m"], column["odo_speed_mps"], *truth)


def phases(time: np.ndarray, every: float) -> list[np.ndarray]:
    """Rows of each thinning: one begins with each fix of the first ``every`` seconds."""
    return [_thinned(time, first, every) for first in np.flatnonzero(time - time[0] < every - SLACK)]


def _thinned(time: np.ndarray, first: int, every: float) -> np.ndarray:
    rows = [first]
    while (later := np.searchsorted(time, time[rows[-1]] + every - SLACK)) < len(time):
        rows.append(int(later))
    return np.array(rows)


def believing(track: Track) -> Placed:
    """A Kalman filter of constant velocity with white acceleration, which believes the stated sigma."""
    place, velocity = np.array([track.x[0], track.y[0]]), np.zeros(2)
    cov = np.array([track.sigma[0] ** 2, 0.0, 100.0])
    error, spread = [], []
    for row in range(len(track.time)):
        dt = track.time[row] - track.time[max(row - 1, 0)]
        place = place + dt * velocity
        cov = cov + np.array(
            [2 * dt * cov[1] + dt * dt * cov[2] + JERK**2 * dt**3 / 3, dt * cov[2] + JERK**2 * dt**2 / 2, JERK**2 * dt]
        )
        if row:
            gain = cov[:2] / (cov[0] + track.sigma[row] ** 2)
            off = np.array([track.x[row], track.y[row]]) - place
            place, velocity = place + gain[0] * off, velocity + gain[1] * off
            cov = cov - np.array([gain[0] * cov[0], gain[0] * cov[1], gain[1] * cov[1]])
        error.append(np.hypot(place[0] - track.true_x[row], place[1] - track.true_y[row]))
        spread.append(np.sqrt(cov[0]))
    spread = np.array(spread)
    return Placed(np.arange(len(error)), np.array(error), 1.4823 * spread, 2.4477 * spread)


def last_fix(track: Track) -> Placed:
    """The fix itself; radii as a normal error of the stated sigma would have them."""
    error = np.hypot(track.x - track.true_x, track.y - track.true_y)
    return Placed(np.arange(len(error)), error, 1.4823 * track.sigma, 2.4477 * track.sigma)


def ours(tracks: list[Track]) -> list[Placed]:
    """Each track as a bracelet of its own, through ``bracelet-gateway replay``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "county", len(tracks), tracks[0].plane, START)
        _fixes(folder / "fixes.csv", tracks)
        program = Path(sys.executable).with_name("bracelet-gateway")
        subprocess.run(
            [program, "replay", "--config", folder / "county", "--fixes", folder / "fixes.csv", "--track", folder / "track.csv"],
            check=True, capture_output=True,
        )  # fmt: skip
        return _placed(folder / "track.csv", tracks)


def _fixes(path: Path, tracks: list[Track]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["device", "time", "received_at", "source", "latitude", "longitude", "accuracy_m", "speed_kmh"])
        for number, track in enumerate(tracks):
            latitude, longitude = track.plane.inverse(track.x, track.y)
            for row, time in enumerate((START + track.time).tolist()):
                speed = "" if np.isnan(track.speed[row]) else f"{3.6 * track.speed[row]:.3f}"
                place = f"{latitude[row]:.9f}", f"{longitude[row]:.9f}"
                out.writerow(
                    [f"B{number:04d}", f"{time:.3f}", f"{time:.3f}", "gnss", *place, f"{track.sigma[row]:.3f}", speed]
                )


def _placed(path: Path, tracks: list[Track]) -> list[Placed]:
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    found: list[list[tuple]] = [[] for _ in tracks]
    for line in lines:
        number, moment = int(line["device"][1:]), datetime.fromisoformat(line["time"]).astimezone(UTC).timestamp()
        row = int(np.argmin(np.abs(START + tracks[number].time - moment)))
        found[number].append(
            (row, *(float(line[name]) for name in ("latitude", "longitude", "radius67_m", "radius95_m")))
        )
    return [_errors(track, np.array(rows).reshape(-1, 5).T) for track, rows in zip(tracks, found, strict=True)]


def _errors(track: Track, columns: np.ndarray) -> Placed:
    row, latitude, longitude, r67, r95 = columns
    x, y = track.plane.forward(latitude, longitude)
    row = row.astype(np.int64)
    return Placed(row, np.hypot(x - track.true_x[row], y - track.true_y[row]), r67, r95)

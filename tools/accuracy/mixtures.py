"""Made tracks on which GNSS comes and goes and scans (cells, WiFi) place the wearer between: the truth is known.

A report each minute. GNSS each two to six minutes, and for an hour of two not at all; what is no GNSS fix is a scan. A
scan's error is first-order Gauss-Markov of 120 to 600 s, as it is for who stays among the same cells; one in twenty
comes of a wrong mast. Devices state half of their GNSS error, as in streets, and all of a scan's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.fuse import FIX, NEAR, SHARP, take_all
from gateway.engine.state import TRACK, fresh
from gateway.fusion.radius import radii
from gateway.fusion.sigma import variance
from protocols.report import Source
from tools.accuracy.figures import row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.accuracy.figures import Row

    Floats = NDArray[np.float64]

EVERY, STEP, REPORTS = 60.0, 5.0, 360
"""Seconds between reports; between the turns of a way; and how many reports a track has."""
LOST, OF = 60, 120
"""Reports without GNSS, of so many."""
WILD, WILD_FROM, WILD_TO = {Source.CELL: 0.05, Source.WIFI: 0.01}, 1500.0, 6000.0
"""Part of scans that come of a wrong mast, or of access points that have moved, and how far off that is, metres."""
GNSS_ERROR, GNSS_TIME = 4.0, 120.0
SCAN_TIME = (120.0, 600.0)
WALK, RIDE = 1.4, 9.0
TURN, TURN_EVERY, GO, STOP = 1.2, 180.0, 240.0, 40.0
"""Radians of a turn, and how many seconds one, a way between stops, and a stop last."""
PACES = {"home": (0.0,), "walker": (WALK,), "bus": (RIDE,), "day": (0.0, WALK, RIDE)}
"""Metres per second, hour by hour."""
ERRORS = (60.0, 250.0, 500.0)
TRACKS, SEED = 60, 1


@dataclass(frozen=True, slots=True)
class Mixture:
    """Who goes (of PACES), how large scans' errors are (metres an axis), of which source, and what GNSS states."""

    scene: str
    error: float
    source: Source = Source.CELL
    is_speed_told: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """Tracks, (tracks, reports) each: the truth, metres and m/s; which reports are GNSS's; and where they say."""

    x: Floats
    y: Floats
    speed: Floats
    gnss: NDArray[np.bool_]
    fix_x: Floats
    fix_y: Floats

    def off(self, x: Floats, y: Floats) -> Floats:
        """Metres by which places are off where a scan came."""
        return np.hypot(x - self.x, y - self.y)[~self.gnss]


@dataclass(frozen=True, slots=True)
class Errors:
    """At each scan: metres off of the last GNSS fix, the last scan and the track; the track's radii; which track."""

    fix: Floats
    scan: Floats
    track: Floats
    r67: Floats
    r95: Floats
    block: NDArray[np.int64]


def ways(scene: str, tracks: int, chance: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Where tracks go: x, y, speed."""
    paces, found = np.array(PACES[scene]), np.zeros((3, tracks, REPORTS))
    at, course, goes = np.zeros((2, tracks)), chance.uniform(0.0, 2.0 * np.pi, tracks), np.ones(tracks, np.bool_)
    for report in range(REPORTS):
        pace = paces[(int(report * EVERY // 3600.0) + np.arange(tracks)) % len(paces)]
        for _ in range(int(EVERY / STEP)):
            turns = chance.random(tracks) < STEP / TURN_EVERY
            course = course + turns * chance.normal(0.0, TURN, tracks)
            changes = chance.random(tracks) < STEP / np.where(goes, GO, STOP)
            goes = goes ^ changes
            at += STEP * pace * goes * np.array([np.sin(course), np.cos(course)])
        found[:, :, report] = at[0], at[1], pace * goes
    return found[0], found[1], found[2]


def drifting(sigma: float, time: Floats, chance: np.random.Generator) -> Floats:
    """Errors of both axes, (2, tracks, reports): Gauss-Markov, with a ``time`` for each track."""
    kept, found = np.exp(-EVERY / time), chance.normal(0.0, 1.0, (2, len(time), REPORTS))
    for report in range(1, REPORTS):
        found[:, :, report] = kept * found[:, :, report - 1] + np.sqrt(1.0 - kept**2) * found[:, :, report]
    return sigma * found


def made(mixture: Mixture, tracks: int, seed: int) -> Made:
    """Tracks of a mixture."""
    chance, minute = np.random.default_rng(seed), np.arange(REPORTS)
    x, y, speed = ways(mixture.scene, tracks, chance)
    every, begins = chance.integers(2, 7, (tracks, 1)), chance.integers(0, OF, (tracks, 1))
    gnss = (minute % every == 0) & ((minute + begins) % OF >= LOST)
    gnss[:, 0] = True
    scan = drifting(mixture.error, chance.uniform(*SCAN_TIME, tracks), chance)
    far, to = chance.uniform(WILD_FROM, WILD_TO, x.shape), chance.uniform(0.0, 2.0 * np.pi, x.shape)
    scan = np.where(chance.random(x.shape) < WILD[mixture.source], far * np.array([np.cos(to), np.sin(to)]), scan)
    fix = np.where(gnss, drifting(GNSS_ERROR, np.full(tracks, GNSS_TIME), chance), scan)
    return Made(x, y, speed, gnss, x + fix[0], y + fix[1])


def fixes_of(mixture: Mixture, one: Made) -> NDArray[np.void]:
    """As the engine takes them, (tracks, reports)."""
    fixes = np.empty(one.x.shape, FIX)
    fixes["wearing"], fixes["time"] = np.arange(len(one.x))[:, None], 1e9 + EVERY * np.arange(REPORTS)
    fixes["x"], fixes["y"], fixes["source"] = one.fix_x, one.fix_y, np.where(one.gnss, Source.GNSS, mixture.source)
    stated = np.where(one.gnss, 0.5 * GNSS_ERROR, mixture.error)
    fixes["variance"] = variance(fixes["source"], stated, np.full(one.x.shape, -1, np.int16))
    fixes["speed"] = one.speed if mixture.is_speed_told else np.nan
    fixes["sharp"] = np.isin(fixes["source"], NEAR) & (fixes["variance"] <= SHARP * SHARP)
    return fixes


def fused(fixes: NDArray[np.void]) -> NDArray[np.void]:
    """The track after each fix."""
    flat, taken = fixes.ravel(), np.empty(fixes.size, np.bool_)
    after = fresh(TRACK, len(flat))
    take_all(fresh(TRACK, len(fixes)), flat, after, taken)
    # One that was not taken leaves the track, and the place of the one before, as they were.
    return after.reshape(fixes.shape)


def errors(mixture: Mixture, tracks: int, seed: int) -> Errors:
    """How far off three ways of placing are at scans."""
    one = made(mixture, tracks, seed)
    after, last = fused(fixes_of(mixture, one)), np.maximum.accumulate(one.gnss * np.arange(REPORTS), axis=1)
    found, each = radii(after.ravel()).reshape(after.shape), np.arange(tracks)[:, None]
    return Errors(
        one.off(one.fix_x[each, last], one.fix_y[each, last]), one.off(one.fix_x, one.fix_y),
        one.off(after["x"], after["y"]), found["r67"][~one.gnss], found["r95"][~one.gnss],
        (each + 0 * last)[~one.gnss],
    )  # fmt: skip


def rows() -> list[Row]:
    """The rows of the table: who goes, by each size of error, placed in three ways."""
    told = []
    for scene in PACES:
        for error in ERRORS:
            found, name = errors(Mixture(scene, error), TRACKS, SEED), f"made {scene}, cells of {error:.0f} m"
            told += [
                row(name, "last fix", found.fix, found.block),
                row(name, "last scan", found.scan, found.block),
                row(name, "ours", found.track, found.block, (found.r67, found.r95)),
            ]
    return told

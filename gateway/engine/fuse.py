"""Pass: fixes into tracks. Gated, the covariance kept; what is refused is counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.datum import Datum, to_wgs84
from fencing.formula import Loop, Record, formula
from gateway.engine.reports import is_firm, is_gcj02
from gateway.engine.state import TRACK, fresh
from gateway.fusion.motion import another_error, averaging, begin, loosen, predict, surprise, update
from gateway.fusion.sigma import bias, variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState

STRETCHED = 9.2
"""Chi-squared, 2 degrees of freedom, 99 %: beyond it the wearer has moved more than the model thought."""
FASTEST = 70.0
"""Metres per second; a fix that needs more waits until a second one agrees."""
AGREE = 150.0
"""Metres (plus walking) within which a second far fix confirms the first."""
REST_SPEED_KMH = 2.0
REST_VELOCITY = 0.03
"""Metres per second per axis while the device says it stands: its errors average, and a move opens the gate."""
UNKNOWN_VELOCITY = 1.5
"""Metres per second per axis where the device states no speed."""
FIX = np.dtype([
    ("wearing", "i8"), ("time", "f8"), ("x", "f8"), ("y", "f8"), ("variance", "f8"), ("bias", "f8"), ("source", "u1"),
    ("firm", "?"), ("resting", "?"), ("velocity", "f8"),
])  # fmt: skip
"""A fix on its way into a track: UTC epoch seconds, metres of the plane, variance per axis, unaveraged bias."""


def project(reports: Reports, policy: Policy) -> None:
    """Positions into the local plane; shifted ones are brought to WGS-84 first."""
    shifted = is_gcj02(reports)
    if shifted.any():
        fixed = to_wgs84(reports.latitude[shifted], reports.longitude[shifted], Datum.GCJ02)
        reports.latitude[shifted], reports.longitude[shifted] = fixed
    at = np.flatnonzero(reports.located)
    if len(at):
        reports.x[at], reports.y[at] = policy.plane.forward(reports.latitude[at], reports.longitude[at])


@dataclass(frozen=True, slots=True)
class Fused:
    """What a stretch did to the tracks.

    Attributes:
        rows: int64 (n,), those taken, ascending.
        records: the wearer's track just after each.
        wearing, begun: int64 (w,), ascending, and their tracks before the stretch.
    """

    rows: NDArray[np.int64]
    records: NDArray[np.void]
    wearing: NDArray[np.int64]
    begun: NDArray[np.void]

    def at(self, row: int, wearing: NDArray[np.int64]) -> Any:  # noqa: ANN401  a record is a scalar of numpy's
        """The track of a row's wearer as it was then; ``wearing``: of every row. None: the stretch has none of it."""
        mine = np.flatnonzero((self.rows <= row) & (wearing[self.rows] == wearing[row]))
        if len(mine):
            return self.records[mine[-1]]
        seat = int(np.searchsorted(self.wearing, wearing[row]))
        return self.begun[seat] if seat < len(self.wearing) and self.wearing[seat] == wearing[row] else None


def fuse(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> Fused:
    """Take fixes (int64 rows, ascending; those of a group in its order) into the tracks."""
    bank = state.track.records
    rows = rows[reports.located[rows] & (reports.wearing[rows] >= 0)]
    if not len(rows):
        return Fused(rows, bank[:0], rows, bank[:0])
    fixes = _fixes(reports, rows)
    wearing = np.unique(fixes["wearing"])
    begun, after, taken = bank[wearing], np.empty(len(rows), bank.dtype), np.empty(len(rows), np.bool_)
    _take_all(bank, fixes, after, taken)
    state.count("fix_implausible_jump", int((~taken).sum()))
    return Fused(rows[taken], after[taken], wearing, begun)


def prepare() -> None:
    """Compile the pass."""
    nothing = fresh(TRACK, 0)
    _take_all(nothing, np.empty(0, FIX), nothing, np.empty(0, np.bool_))


def _fixes(reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.void]:
    fixes, speed = np.empty(len(rows), FIX), reports.speed_kmh[rows]
    for name in ("wearing", "time", "x", "y", "source"):
        fixes[name] = getattr(reports, name)[rows]
    fixes["variance"], fixes["bias"] = variance_of(reports, rows), bias(fixes["source"])
    fixes["firm"], fixes["resting"] = is_firm(reports, rows), speed < REST_SPEED_KMH
    moving = np.where(np.isnan(speed), UNKNOWN_VELOCITY, 0.8 + speed / 3.6)
    fixes["velocity"] = np.where(fixes["resting"], REST_VELOCITY, moving)
    return fixes


@Loop
def _take_all(
    tracks: NDArray[np.void], fixes: NDArray[np.void], after: NDArray[np.void], taken: NDArray[np.bool_]
) -> None:  # fmt: skip
    """Fixes in their order; which were taken, and the track after each."""
    for index in range(len(fixes)):
        fix = fixes[index]
        track = tracks[fix.wearing]
        taken[index] = take(track, fix)
        after[index] = track


@formula
def take(track: Record, fix: Record) -> bool:
    """One fix into one track; whether it was taken."""
    elapsed = fix.time - track.time
    is_first = math.isnan(track.time)
    if not is_first and not is_too_far(track, fix, elapsed):
        advance(track, fix, elapsed)
    elif is_first or is_second(track, fix):
        begin(track, fix.x, fix.y, fix.variance)
        track.noise = 1.0
    else:
        track.doubt_x, track.doubt_y, track.doubt_time = fix.x, fix.y, fix.time
        return False
    track.time, track.source, track.bias, track.doubt_time = fix.time, fix.source, fix.bias, math.nan
    if fix.firm:
        track.firm_time = fix.time
    return True


@formula
def advance(track: Record, fix: Record, elapsed: float) -> None:
    """A track, and how noisy its place is, with one fix more."""
    # At rest a fix that jumps is an error that jumped: nothing but many of them, over minutes, moves the place.
    if fix.resting or track.source != fix.source:
        another_error(track)
    predict(track, elapsed, fix.velocity)
    size = fix.variance * track.noise * (averaging(elapsed) if fix.resting else 1.0)
    stretch = surprise(track, fix.x, fix.y, size)
    if fix.resting:
        track.noise = min(max(track.noise * (0.9 + 0.05 * min(stretch, 20.0)), 1.0), 9.0)
    else:
        track.noise = max(0.9 * track.noise, 1.0)
    # A surprise is first another error (a reflection came or went), and only what that does not explain a move.
    if stretch > STRETCHED:
        another_error(track)
        if surprise(track, fix.x, fix.y, size) > STRETCHED:
            loosen(track, fix.x, fix.y)
    update(track, fix.x, fix.y, size)


@formula
def is_too_far(track: Record, fix: Record, elapsed: float) -> bool:
    """Whether no wearer could have reached a fix, with five sigma of both ends allowed."""
    dx, dy = fix.x - track.x, fix.y - track.y
    reach = FASTEST * elapsed + 5.0 * math.sqrt(track.pxx + fix.variance)
    return bool(math.sqrt(dx * dx + dy * dy) > reach)


@formula
def is_second(track: Record, fix: Record) -> bool:
    """Whether an earlier doubted fix stands close to this one; a track without one has NaN there."""
    dx, dy = fix.x - track.doubt_x, fix.y - track.doubt_y
    return bool(math.sqrt(dx * dx + dy * dy) <= AGREE + 3.0 * (fix.time - track.doubt_time))


def variance_of(reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measurement variance per axis, m^2, of a fix taken by itself."""
    return variance(reports.source[rows], reports.accuracy_m[rows], reports.satellites[rows])


def sigma_of(state: EngineState, wearing: NDArray[np.int64]) -> NDArray[np.float64]:
    """Standard deviation per axis, metres, of the fused position, its unaveraged bias included."""
    return spread_of(state.track.records[wearing])


def spread_of(records: NDArray[np.void]) -> NDArray[np.float64]:
    """The same of records of the track's bank."""
    sigma: NDArray[np.float64] = np.sqrt(records["pxx"] + records["bias"] ** 2)
    return sigma

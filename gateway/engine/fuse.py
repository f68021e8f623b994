"""Pass: fixes into tracks. Gated, the covariance kept; what is refused is counted.

A stretch of reports, several a wearing, in rounds: what is exponential in them is taken for all at once, and a round of
few goes in floats (``fencing.arithmetic``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.arithmetic import COLUMNS, FLOATS, Arithmetic
from fencing.datum import Datum, to_wgs84
from gateway.engine.reports import is_firm, is_gcj02
from gateway.fusion.motion import Motion, Pace, another_error, begin, loosen, pace, predict, surprise, update
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
MOTION = tuple(field.name for field in fields(Motion))
"""Columns of the track that are the filter's state."""
PACE = tuple(field.name for field in fields(Pace))
PLAIN = (
    "row", "wearing", "time", "x", "y", "variance", "bias", "source", "firm", "resting", "velocity", "last", "changed",
)  # fmt: skip
"""Fields of :class:`Fixes` that are one column each."""
FEW = 12
"""Rows of a round up to which floats are faster than columns."""
Value = Any
"""A float or bool, or an array of them (n,)."""


def project(reports: Reports, policy: Policy) -> None:
    """Positions into the local plane; shifted ones are brought to WGS-84 first."""
    shifted = is_gcj02(reports)
    if shifted.any():
        fixed = to_wgs84(reports.latitude[shifted], reports.longitude[shifted], Datum.GCJ02)
        reports.latitude[shifted], reports.longitude[shifted] = fixed
    at = np.flatnonzero(reports.located)
    if len(at):
        reports.x[at], reports.y[at] = policy.plane.forward(reports.latitude[at], reports.longitude[at])


@dataclass(slots=True)
class Fixes:
    """Fixes by wearing, and then in their order: arrays (n,), or the values of one.

    ``last``: the track's time if the fix before was taken, which ``pace`` and ``changed`` rest on.
    """

    row: Value
    wearing: Value
    time: Value
    x: Value
    y: Value
    variance: Value
    bias: Value
    source: Value
    firm: Value
    resting: Value
    velocity: Value
    last: Value
    changed: Value
    pace: Pace


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
    rows = rows[reports.located[rows] & (reports.wearing[rows] >= 0)]
    if not len(rows):
        return Fused(rows, state.track.records[:0], rows, state.track.records[:0])
    fixes, rank = _fixes(state, reports, rows)
    wearing = fixes.wearing[rank == 0]
    begun, taken = state.track.records[wearing], np.zeros(len(rows), np.bool_)
    records = np.empty(len(rows), state.track.records.dtype)
    width, by_rank = np.bincount(rank), np.argsort(rank, kind="stable")
    wide = int((width > FEW).sum())
    for at in np.split(by_rank, np.cumsum(width)[:wide])[:wide]:
        taken[at], records[at] = _take_many(state, _part(fixes, at))
    narrow = np.sort(by_rank[int(width[:wide].sum()) :])
    if len(narrow):
        taken[narrow], records[narrow] = _take_few(state, _part(fixes, narrow))
    state.count("fix_implausible_jump", int((~taken).sum()))
    at = np.flatnonzero(taken)
    at = at[np.argsort(fixes.row[at])]
    return Fused(fixes.row[at], records[at], wearing, begun)


def _fixes(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> tuple[Fixes, NDArray[np.int64]]:
    """The columns of a stretch, and of each fix its rank among its wearing's."""
    rows = rows[np.argsort(reports.wearing[rows], kind="stable")]
    wearing, time, source = reports.wearing[rows], reports.time[rows], reports.source[rows]
    begins = np.ones(len(rows), np.bool_)
    begins[1:] = wearing[1:] != wearing[:-1]
    first = np.flatnonzero(begins)
    rank = np.arange(len(rows)) - np.repeat(first, np.diff(np.append(first, len(rows))))
    last, before = np.empty(len(rows)), np.empty(len(rows), np.uint8)
    last[1:], before[1:] = time[:-1], source[:-1]
    last[first], before[first] = state.track["time"][wearing[first]], state.track["source"][wearing[first]]
    speed = reports.speed_kmh[rows]
    resting = speed < REST_SPEED_KMH
    velocity = np.where(resting, REST_VELOCITY, np.where(np.isnan(speed), 1.5, 0.8 + speed / 3.6))
    # At rest a fix that jumps is an error that jumped: nothing but many of them, over minutes, moves the place.
    fixes = Fixes(
        rows, wearing, time, reports.x[rows], reports.y[rows], variance_of(reports, rows), bias(source), source,
        is_firm(reports, rows), resting, velocity, last, resting | (before != source), pace(time - last, velocity),
    )  # fmt: skip
    return fixes, rank


def _part(fixes: Fixes, at: NDArray[np.int64]) -> Fixes:
    if len(at) == len(fixes.row):
        return fixes
    paces = Pace(*[getattr(fixes.pace, name)[at] for name in PACE])
    return Fixes(*[*(getattr(fixes, name)[at] for name in PLAIN), paces])


def _take_many(state: EngineState, fixes: Fixes) -> tuple[NDArray[np.bool_], NDArray[np.void]]:
    """One round of many: at most one fix a wearing; which were taken, and the tracks after it."""
    track, count = state.track.records[fixes.wearing], len(fixes.row)
    fresh = np.isnan(track["time"])
    moved = ~fresh & (track["time"] != fixes.last)
    if moved.any():
        _look_again(fixes, track, np.flatnonzero(moved))
    elapsed = np.where(fresh, 0.0, fixes.time - track["time"])
    jump = ~fresh & _is_too_far(COLUMNS, fixes, track["x"], track["y"], track["pxx"], elapsed)
    agreed = jump & _is_second(COLUMNS, fixes, track["doubt_x"], track["doubt_y"], track["doubt_time"])
    doubted, begins = jump & ~agreed, fresh | agreed
    motion, noise = _advance(COLUMNS, Motion(*(track[name] for name in MOTION)), track["noise"], fixes)
    anew = begin(fixes.x, fixes.y, fixes.variance, COLUMNS)
    for name in MOTION:
        value = np.where(begins, getattr(anew, name), getattr(motion, name))
        track[name] = np.where(doubted, track[name], value)
    track["noise"] = np.where(doubted, track["noise"], np.where(begins, 1.0, noise))
    for name, value in (("time", fixes.time), ("source", fixes.source), ("bias", fixes.bias)):
        track[name] = np.where(doubted, track[name], value)
    track["firm_time"] = np.where(fixes.firm & ~doubted, fixes.time, track["firm_time"])
    for name, value in (("doubt_x", fixes.x), ("doubt_y", fixes.y)):
        track[name] = np.where(doubted, value, track[name])
    track["doubt_time"] = np.where(doubted, fixes.time, np.full(count, np.nan))
    state.track.records[fixes.wearing] = track
    return ~doubted, track


def _look_again(fixes: Fixes, track: NDArray[np.void], at: NDArray[np.int64]) -> None:
    """The fix before was not taken: what it was counted on is another."""
    fixes.changed[at] = fixes.resting[at] | (track["source"][at] != fixes.source[at])
    other = pace(fixes.time[at] - track["time"][at], fixes.velocity[at])
    for name in PACE:
        getattr(fixes.pace, name)[at] = getattr(other, name)


@dataclass(slots=True)
class Track:
    """A record of the track's bank, in its order."""

    time: float
    x: float
    y: float
    vx: float
    vy: float
    ex: float
    ey: float
    pxe: float
    pve: float
    pee: float
    pxx: float
    pxv: float
    pvv: float
    noise: float
    firm_time: float
    bias: float
    doubt_x: float
    doubt_y: float
    doubt_time: float
    source: int


_record, _motion = attrgetter(*(field.name for field in fields(Track))), attrgetter(*MOTION)


def _take_few(state: EngineState, fixes: Fixes) -> tuple[NDArray[np.bool_], NDArray[np.void]]:
    """Fixes of a few wearers, one after another; which were taken, and the track after each."""
    count, bank = len(fixes.row), state.track.records
    taken, after = np.ones(count, np.bool_), list[Any]()
    plain = [getattr(fixes, name).tolist() for name in PLAIN]
    paces = [getattr(fixes.pace, name).tolist() for name in PACE]
    track, whose = Track(*bank[0].item()), -1
    for index, (*values,) in enumerate(zip(*plain, strict=True)):
        fix = Fixes(*[*values, Pace(*[column[index] for column in paces])])
        if fix.wearing != whose:
            if whose >= 0:
                bank[whose] = after[-1]
            track, whose = Track(*bank[fix.wearing].item()), fix.wearing
        taken[index] = _take_one(track, fix)
        after.append(_record(track))
    bank[whose] = after[-1]
    return taken, np.array(after, bank.dtype)


def _take_one(track: Track, fix: Fixes) -> bool:
    """One fix into one track; whether it was taken."""
    fresh = math.isnan(track.time)
    if not fresh and track.time != fix.last:
        other = pace(np.array([fix.time - track.time]), np.array([fix.velocity]))
        fix.pace = Pace(*(float(getattr(other, name)[0]) for name in PACE))
        fix.changed = fix.resting or track.source != fix.source
    jump = not fresh and _is_too_far(FLOATS, fix, track.x, track.y, track.pxx, fix.time - track.time)
    agreed = jump and _is_second(FLOATS, fix, track.doubt_x, track.doubt_y, track.doubt_time)
    if jump and not agreed:
        track.doubt_x, track.doubt_y, track.doubt_time = fix.x, fix.y, fix.time
        return False
    if fresh or agreed:
        motion, track.noise = begin(fix.x, fix.y, fix.variance, FLOATS), 1.0
    else:
        motion, track.noise = _advance(FLOATS, Motion(*_motion(track)), track.noise, fix)
    for name in MOTION:
        setattr(track, name, getattr(motion, name))
    track.time, track.source, track.bias, track.doubt_time = fix.time, fix.source, fix.bias, math.nan
    track.firm_time = fix.time if fix.firm else track.firm_time
    return True


def _advance(a: Arithmetic, motion: Motion, noise: Value, fix: Fixes) -> tuple[Motion, Value]:
    """A track, and how noisy its place is, with one fix more."""
    motion = predict(another_error(motion, fix.changed, a), fix.pace)
    stated = fix.variance * noise
    size = a.where(fix.resting, stated * fix.pace.more / fix.pace.less, stated)
    stretch = surprise(motion, fix.x, fix.y, size, a)
    grown = a.minimum(a.maximum(noise * (0.9 + 0.05 * a.minimum(stretch, 20.0)), 1.0), 9.0)
    noise = a.where(fix.resting, grown, a.maximum(0.9 * noise, 1.0))
    # A surprise is first another error (a reflection came or went), and only what that does not explain a move.
    motion = another_error(motion, stretch > STRETCHED, a)
    motion = loosen(motion, fix.x, fix.y, surprise(motion, fix.x, fix.y, size, a) > STRETCHED, a)
    return update(motion, fix.x, fix.y, size, a), noise


def _is_too_far(a: Arithmetic, fix: Fixes, x: Value, y: Value, pxx: Value, elapsed: Value) -> Value:
    """Whether no wearer could have reached a fix, with five sigma of both ends allowed."""
    dx, dy = fix.x - x, fix.y - y
    return a.sqrt(dx * dx + dy * dy) > FASTEST * elapsed + 5.0 * a.sqrt(pxx + fix.variance)


def _is_second(a: Arithmetic, fix: Fixes, x: Value, y: Value, time: Value) -> Value:
    """Whether an earlier doubted fix stands close to this one; a track without one has NaN there."""
    dx, dy = fix.x - x, fix.y - y
    return a.sqrt(dx * dx + dy * dy) <= AGREE + 3.0 * (fix.time - time)


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

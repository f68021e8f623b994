"""Pass: fixes into tracks. Gated, the covariance kept; what is refused is counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fencing.datum import Datum, to_wgs84
from formulas.formula import Loop, Record, formula
from gateway.engine.reports import is_gcj02
from gateway.engine.state import TRACK, copied, fresh
from gateway.fusion.coarse import learn_from_gnss, take_scan
from gateway.fusion.mixed import tell_place
from gateway.fusion.motion import begin, follow, has_moved, leaped, stay
from gateway.fusion.radius import GNSS, SETTLED, is_fixed, radii, spread
from gateway.fusion.scale import learn, pass_over, square, way_between
from gateway.fusion.sigma import variance_by
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import EngineState

FASTEST = 70.0
"""Metres per second; a fix that needs more waits until a second one agrees."""
AGREE = 150.0
"""Metres (plus walking) within which a second far fix confirms the first."""
REST_SPEED_KMH = 2.0
"""Below it a stated speed is none."""
LONGEST, LONGEST_REST = 60.0, 1e6
"""Seconds of rest that one fix may bring: two fixes a minute apart may be two lights, and an error does not average
within a minute; and in all."""
LEAST_SQUARE = 0.5
"""Of a receiver's errors beside the nominal ones, for the gate by which a place at rest is left."""
NEAR = (int(Source.WIFI), int(Source.BEACON))
"""Sources that are heard within some ten metres."""
SHARP = 60.0
"""Metres per axis up to which a place of theirs is as good as a fix of GNSS between walls (``BY_SATELLITES``). No cells
give one: a scan of theirs is some 100 m old (``scan.constants.AGE``)."""
WALK, RECENT = 1.5, 120.0
"""Metres per second, and seconds of it, from one place of access points to the next that bears it out."""
LIKELY = 0.5
AGREEING, DRIFTING = 4.5, 9.0
"""Half the squared distance, in variances, up to which fix and access points are of one place: 99 in 100 are; and up to
which an error that drifts may have led there, scan after scan."""
FIX = np.dtype([
    ("wearing", "i8"), ("time", "f8"), ("x", "f8"), ("y", "f8"), ("variance", "f8"), ("source", "u1"), ("speed", "f8"),
    ("sharp", "?"),
])  # fmt: skip
"""A fix on its way into a track: UTC epoch seconds, metres of the plane, variance per axis, m/s.

``sharp``: not of GNSS, and yet known as well as that."""


def project(reports: Reports, policy: Policy) -> None:
    """Positions into the local plane; shifted ones are brought to WGS-84 first."""
    shifted = is_gcj02(reports)
    if shifted.any():
        fixed = to_wgs84(reports.latitude[shifted], reports.longitude[shifted], Datum.GCJ02)
        reports.latitude[shifted], reports.longitude[shifted] = fixed
    at = np.flatnonzero(reports.located)
    if len(at):
        reports.x[at], reports.y[at] = policy.plane.forward(reports.latitude[at], reports.longitude[at])
    at = np.flatnonzero(np.isfinite(reports.heard_sigma))
    if len(at):
        heard = policy.plane.forward(reports.heard_latitude[at], reports.heard_longitude[at])
        reports.heard_x[at], reports.heard_y[at] = heard
        _blend(reports, at[reports.located[at] & ~reports.inferred[at] & (reports.source[at] == GNSS)])


def _blend(reports: Reports, rows: NDArray[np.int64]) -> None:
    """Fixes whose access points are known better than GNSS is between walls, and agree: the place of both."""
    fixed, heard = variance_of(reports, rows), np.square(reports.heard_sigma[rows])
    away = np.square(reports.x[rows] - reports.heard_x[rows]) + np.square(reports.y[rows] - reports.heard_y[rows])
    sharper = (heard <= SHARP * SHARP) & (heard < fixed) & (away <= 2.0 * AGREEING * (fixed + heard))
    rows, share = rows[sharper], (fixed / (fixed + heard))[sharper]
    reports.x[rows] += share * (reports.heard_x[rows] - reports.x[rows])
    reports.y[rows] += share * (reports.heard_y[rows] - reports.y[rows])
    reports.blend[rows] = share * heard[sharper]


@dataclass(frozen=True, slots=True)
class Fused:
    """What a stretch did to the tracks.

    Attributes:
        rows: int64 (n,), those taken, ascending.
        records: the wearer's track just after each.
        wearing, begun: int64 (w,), ascending, and their tracks before the stretch.
        refused: int64 (m,), rows whose fix no wearer could have reached and no second one confirms, ascending.
        fixes: ``FIX`` (n,), those taken.
    """

    rows: NDArray[np.int64]
    records: NDArray[np.void]
    wearing: NDArray[np.int64]
    begun: NDArray[np.void]
    refused: NDArray[np.int64]
    fixes: NDArray[np.void]

    def at(self, row: int, wearing: NDArray[np.int64]) -> Any:  # noqa: ANN401  a record is a scalar of numpy's
        """The track of a row's wearer as it was then; ``wearing``: of every row. None: the stretch has none of it."""
        return self.of(row, int(wearing[row]), wearing)

    def of(self, row: int, one: int, wearing: NDArray[np.int64]) -> Any:  # noqa: ANN401  as above
        """The track of any wearing as it was just after a row. None: the stretch has none of it."""
        mine = np.flatnonzero((self.rows <= row) & (wearing[self.rows] == one))
        if len(mine):
            return self.records[mine[-1]]
        seat = int(np.searchsorted(self.wearing, one))
        return self.begun[seat] if seat < len(self.wearing) and self.wearing[seat] == one else None


def fuse(state: EngineState, reports: Reports, rows: NDArray[np.int64]) -> Fused:
    """Take fixes (int64 rows, ascending; those of a group in its order) into the tracks."""
    bank = state.track.records
    rows = rows[reports.located[rows] & (reports.wearing[rows] >= 0)]
    if not len(rows):
        return Fused(rows, bank[:0], rows, bank[:0], rows, np.empty(0, FIX))
    fixes = _fixes(reports, rows)
    wearing = np.unique(reports.wearing[rows])
    begun, after, taken = copied(bank, wearing), np.empty(len(rows), bank.dtype), np.empty(len(rows), np.bool_)
    take_all(bank, fixes, after, taken)
    if taken.all():
        return Fused(rows, after, wearing, begun, rows[:0], fixes)
    state.count("fix_implausible_jump", int((~taken).sum()))
    return Fused(rows[taken], copied(after, taken), wearing, begun, rows[~taken], copied(fixes, taken))


def prepare() -> None:
    """Compile the pass."""
    nothing = fresh(TRACK, 0)
    take_all(nothing, np.empty(0, FIX), nothing, np.empty(0, np.bool_))
    whole, real, small = np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8)
    is_so = np.empty(0, np.bool_)
    _fix_all(
        whole, whole, real, real, real, small, real, real, np.empty(0, np.int16), is_so, real, np.empty(0, FIX)
    )  # fmt: skip


def _fixes(reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.void]:
    fixes = np.empty(len(rows), FIX)
    _fix_all(
        rows, reports.wearing, reports.time, reports.x, reports.y, reports.source, reports.speed_kmh,
        reports.accuracy_m, reports.satellites, reports.inferred, reports.blend, fixes,
    )  # fmt: skip
    return fixes


@Loop
def _fix_all(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], wearing: NDArray[np.int64], time: NDArray[np.float64], x: NDArray[np.float64],
    y: NDArray[np.float64], source: NDArray[np.uint8], speed_kmh: NDArray[np.float64], accuracy_m: NDArray[np.float64],
    satellites: NDArray[np.int16], inferred: NDArray[np.bool_], blend: NDArray[np.float64], fixes: NDArray[np.void],
) -> None:  # fmt: skip
    for at in range(len(rows)):
        row, fix = rows[at], fixes[at]
        fix.wearing, fix.time, fix.x, fix.y, fix.source = wearing[row], time[row], x[row], y[row], source[row]
        fix.variance = own_variance(source[row], accuracy_m[row], satellites[row], inferred[row], blend[row])
        fix.speed = 0.0 if speed_kmh[row] < REST_SPEED_KMH else speed_kmh[row] / 3.6
        fix.sharp = is_sharp(source[row], fix.variance) or not math.isnan(blend[row])


@formula
def is_sharp(source: int, variance: float) -> bool:
    """Whether a place of access points or a beacon is as good as a fix: ``Source``, and m^2 per axis."""
    return source in NEAR and variance <= SHARP * SHARP


@formula
def own_variance(source: int, accuracy_m: float, satellites: int, inferred: bool, blend: float) -> float:  # noqa: FBT001  a formula
    """Measurement variance per axis, m^2, of a fix taken by itself; of a place that we have worked out, as it says."""
    if not math.isnan(blend):
        return blend
    # Of a place that we have worked out ourselves the sigma is no promise of a receiver.
    return accuracy_m * accuracy_m if inferred else variance_by(source, accuracy_m, satellites)


@Loop
def take_all(
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
    if fix.source == GNSS:
        return take_fix(track, fix)
    is_fix = fix.sharp and is_believed(track, fix)
    if fix.sharp:
        track.hint_time, track.hint_x, track.hint_y = fix.time, fix.x, fix.y
    return take_fix(track, fix) if is_fix else take_scan(track, fix)


@formula
def is_believed(track: Record, fix: Record) -> bool:
    """Whether a sharp place that is not of GNSS is a fix: where the track is, or where the last such place was, too.

    One alone that is elsewhere may be of a box that has moved.
    """
    if math.isnan(track.time):
        return True
    if is_near(track, fix, DRIFTING):
        return not says_less(track, fix)
    dx, dy = fix.x - track.hint_x, fix.y - track.hint_y
    walked = SHARP + WALK * min(fix.time - track.hint_time, RECENT)
    return bool(dx * dx + dy * dy <= walked * walked)


@formula
def says_less(track: Record, fix: Record) -> bool:
    """Whether the track knows the place better than a fix."""
    if is_fixed(track):
        return bool(spread(track) < fix.variance)
    return bool(track.stays > LIKELY and track.held_spread < fix.variance)


@formula
def take_fix(track: Record, fix: Record) -> bool:
    """A fix of GNSS, or of what is known as well as that: what scans said since the last one is over."""
    told, held = track.time, is_fixed(track)
    if not held:
        track.x, track.y, track.pxx, track.time = track.held_x, track.held_y, track.held_pxx, track.fixed
    is_first = math.isnan(track.time)
    elapsed = 0.0 if is_first else fix.time - track.time
    is_far = not is_first and is_too_far(track, fix, elapsed)
    if is_far and not is_second(track, fix):
        track.doubt_x, track.doubt_y, track.doubt_time = fix.x, fix.y, fix.time
        if not held:
            tell_place(track)
            track.time = told
        return False
    if not held and not is_first:
        learn_from_gnss(track, fix.x, fix.y, fix.variance, fix.time)
    if fix.sharp and math.isnan(fix.speed) and not is_first and is_near(track, fix, AGREEING):
        fix.speed = 0.0
    variance, idle = evened(track, fix), rested(track, fix, elapsed)
    if is_first or is_far:
        begin(track, fix.x, fix.y, variance)
        track.begun = fix.time
    elif fix.sharp != track.sharp:
        follow(track, fix.x, fix.y, variance, 0.0, elapsed)
    else:
        advance(track, fix, variance, idle, elapsed)
    way = way_between(elapsed, track.went, fix.speed)
    if fix.sharp:
        pass_over(track, way)
    else:
        learn(track, fix.time, fix.x, fix.y, variance, way)
    track.time, track.source, track.sharp, track.doubt_time = fix.time, fix.source, fix.sharp, math.nan
    track.went, track.idle, track.variance = fix.speed, idle, variance
    return True


@formula
def advance(track: Record, fix: Record, variance: float, idle: float, elapsed: float) -> None:
    """A track with one fix more."""
    if fix.speed > 0.0:
        track.leapt = -math.inf
    if idle < SETTLED:
        follow(track, fix.x, fix.y, variance, 0.0, elapsed)
        return
    wide = variance if fix.sharp else variance * max(square(track), LEAST_SQUARE)
    if has_moved(track, fix.x, fix.y, wide, elapsed):
        # Who stood and stands, but elsewhere: a reflection or a move; until one has lasted, the radius holds both.
        leap = leaped(track, fix.x, fix.y, wide)
        if leap == 0.0:
            track.leapt = fix.time
        follow(track, fix.x, fix.y, variance, leap, elapsed)
    else:
        stay(track, fix.x, fix.y, variance, wide, elapsed)


@formula
def is_near(track: Record, fix: Record, most: float) -> bool:
    """Whether half the squared distance of a sharp place from the track is at most so many variances."""
    dx, dy = fix.x - track.x, fix.y - track.y
    return bool(dx * dx + dy * dy <= 2.0 * most * (track.pxx + fix.variance))


@formula
def evened(track: Record, fix: Record) -> float:
    """At rest what a receiver states, or how many satellites it has, flickers faster than its error changes."""
    if track.idle >= SETTLED and fix.speed == 0.0:
        return float(0.75 * track.variance + 0.25 * fix.variance)
    return float(fix.variance)


@formula
def rested(track: Record, fix: Record, elapsed: float) -> float:
    """Seconds at rest, this fix included."""
    if fix.speed != 0.0:
        return 0.0
    gained = min(elapsed, LONGEST) if track.went == 0.0 else 0.0
    return float(min(track.idle + gained, LONGEST_REST))


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
    return np.ascontiguousarray(_fixes(reports, rows)["variance"])


def radii_of(state: EngineState, wearing: NDArray[np.int64]) -> NDArray[np.void]:
    """How far off the fused positions of wearings may be: ``fusion.radius.RADII`` (n,)."""
    return radii(copied(state.track.records, wearing))

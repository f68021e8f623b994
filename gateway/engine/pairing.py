"""What the fixes of a stretch say of every watch of their wearers, before zones are measured: a loop over both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from fencing.intervals import interval_of
from fencing.verdict import ENOUGH
from formulas.formula import Loop, Record, formula
from gateway.engine.duties import IS_DUTY
from gateway.engine.fuse import FIX
from gateway.engine.phones import OLDEST, REGION_SIGMAS
from gateway.engine.phones import TIME_CONSTANT as ANSWERS_CONSTANT
from gateway.engine.state import TRACK, WATCH, fresh
from gateway.engine.watching import WatchKind
from gateway.fusion.radius import RADII, radii
from protocols.report import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fencing.intervals import KeyedIntervals
    from gateway.engine.context import Context
    from gateway.engine.fuse import Fused
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TIME_CONSTANT: Final = 90.0
"""Seconds over which successive fixes repeat each other's error."""
POINTS_CONSTANT: Final = 45.0
"""The same of places that known access points give: each scan errs anew, but for the half that lasts."""
SOFT_TIME: Final = 600.0
"""The same of cells: who stands hears the same ones."""
UNSURE: Final = 600.0
"""Seconds for which a track that has just begun may show one reflection in each fix: the correlation time of errors at
rest. None of them is better known than the others."""
LEAPT: Final = 150.0
"""Seconds after a leap where nobody went for which a verdict needs a fix more; longer than most reflections last."""
REACH_SIGMAS: Final = 8.0
REGION, BE_THERE, KEEP_OUT = int(WatchKind.REGION), int(WatchKind.BE_THERE), int(WatchKind.KEEP_OUT)
CELL, PHONE, WIFI = int(Source.CELL), int(Source.PHONE), int(Source.WIFI)
PAIR = np.dtype([
    ("row", "i8"), ("watch", "i8"), ("time", "f8"), ("received", "f8"), ("offset", "i8"), ("place", "i8"),
    ("beyond", "f8"), ("sigma", "f8"), ("constant", "f8"), ("lies", "f8"), ("enough", "i8"),
    ("soft", "?"), ("leave", "?"), ("region", "?"), ("alarms", "?"), ("duty", "?"), ("after", "f8"), ("verdict", "u1"),
])  # fmt: skip
"""What a fix says of a watch of its wearer.

``time``, ``received``, ``offset``: of the report; ``place``: in the zone that decided; ``beyond``: metres by which the
fused place breaks the rule, negative where it keeps it, and their ``sigma``; ``constant``: of the errors' correlation,
seconds; ``lies``: where the fix lies by itself, 1 out, -1 in, NaN until somebody asks; ``enough``: fixes that a
verdict needs; ``soft``: of cells, of which ``beyond`` and ``sigma`` are theirs alone (``weigh.hint``); ``leave``: the
duty is lifted (``lifted``); ``region``: a carrier's answers, of which it takes several; ``alarms``: an alarm may come
of it; ``duty``: it is of one (``duties``); ``after``, ``verdict``: evidence and verdict with it, once it is judged.
"""


class Laid(NamedTuple):
    """Pairs (n,), and where each is to be measured: its zone, metres of the plane, and how far at most.

    ``sign``: 1 where to be inside is the breach, else -1; ``age``: of the track, seconds, NaN where it has neither just
    begun nor leapt; ``track``: which of the fused ones it is. How many see their wearer for the first time, how many
    are of such a track; and how many answers of carriers were not allowed.
    """

    pairs: NDArray[np.void]
    zone: Ints
    x: Floats
    y: Floats
    reach: Floats
    sign: Floats
    age: Floats
    track: Ints
    fresh: int
    doubted: int
    too_coarse: int
    too_old: int


def lay(context: Context, fused: Fused, leave: KeyedIntervals) -> Laid:
    """Pairs of the fixes just fused with the watches they may be held against; ``leave``: as it counts, by watch.

    Phones are held against regions only, and only where these are much wider than their place is sure; bracelets
    against all others.
    """
    policy, reports, rows = context.policy, context.reports, fused.rows
    most = int(policy.watches.count[context.people_of(rows)].sum())
    pairs, numbers, metres = np.empty(most, PAIR), np.empty((2, most), np.int64), np.empty((5, most))
    told = np.zeros(5, np.int64)
    _lay(
        rows, *_columns(reports), fused.fixes, fused.records, radii(fused.records), *_rules(policy, leave),
        context.state.watch.records, pairs, numbers, metres, told,
    )  # fmt: skip
    made, fresh_ones, doubted, too_coarse, too_old = told.tolist()
    zone, track = numbers[:, :made]
    x, y, reach, sign, age = metres[:, :made]
    return Laid(pairs[:made], zone, x, y, reach, sign, age, track, fresh_ones, doubted, too_coarse, too_old)


def prepare() -> None:
    """Compile the pass."""
    whole, real, is_so, small = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_), np.empty(0, np.uint8)
    _lay(
        whole, whole, real, whole, is_so, real, np.empty(0, FIX), fresh(TRACK, 0), np.empty(0, RADII), is_so, whole,
        whole, whole, whole, small, real, whole, real, real, whole, real, real, fresh(WATCH, 0), np.empty(0, PAIR),
        np.empty((2, 0), np.int64), np.empty((5, 0)), np.zeros(5, np.int64),
    )  # fmt: skip


def _columns(reports: Reports) -> tuple[NDArray[np.generic], ...]:
    return reports.device, reports.received, reports.offset, reports.inferred, reports.blend


def _rules(policy: Policy, leave: KeyedIntervals) -> tuple[NDArray[np.generic], ...]:
    watches, idle = policy.watches, policy.idle
    return (
        policy.phone, policy.wearing_person, watches.first, watches.count, watches.zone, watches.kind, policy.region_m,
        leave.key, leave.start, leave.until, idle.key, idle.start, idle.until,
    )  # fmt: skip


@Loop
def _lay(  # noqa: PLR0913, PLR0917  columns
    rows: Ints, device: Ints, received: Floats, offset: Ints, inferred: NDArray[np.bool_], blend: Floats,
    fixes: NDArray[np.void], tracks: NDArray[np.void], radius: NDArray[np.void],
    phone: NDArray[np.bool_], person_of: Ints, first: Ints, count: Ints, zone: Ints, kind: NDArray[np.uint8],
    region_m: Floats, leave_key: Ints, leave_start: Floats, leave_until: Floats, idle_key: Ints, idle_start: Floats,
    idle_until: Floats, bank: NDArray[np.void], pairs: NDArray[np.void], numbers: Ints, metres: Floats, told: Ints,
) -> None:  # fmt: skip
    """``told``: pairs, of them fresh ones and of tracks in doubt, and not allowed as too coarse and too old."""
    made = 0
    for at in range(len(rows)):
        row, fix, track = rows[at], fixes[at], tracks[at]
        person, is_phone = person_of[fix.wearing], phone[device[row]]
        is_old = received[row] - fix.time > OLDEST
        for watch in range(first[person], first[person] + count[person]):
            is_region = kind[watch] == REGION
            if is_region != is_phone:
                continue
            if is_phone and (is_old or region_m[zone[watch]] < REGION_SIGMAS * radius[at].sigma):
                told[4 if is_old else 3] += 1
                continue
            pair = pairs[made]
            pair.row, pair.watch, pair.offset = row, watch, offset[row]
            pair.time, pair.received = fix.time, received[row]
            pair.lies, pair.enough, pair.region = math.nan, ENOUGH, is_region
            pair.alarms, pair.duty = kind[watch] != BE_THERE, IS_DUTY[kind[watch]]
            is_idle = interval_of(idle_key, idle_start, idle_until, watch, fix.time) >= 0
            pair.leave = is_idle or interval_of(leave_key, leave_start, leave_until, watch, fix.time) >= 0
            weigh_by(pair, fix, inferred[row], blend[row])
            if pair.soft or (inferred[row] and fix.source == WIFI):
                metres[0, made], metres[1, made], pair.sigma = fix.x, fix.y, math.sqrt(fix.variance)
            else:
                metres[0, made], metres[1, made], pair.sigma = track.x, track.y, radius[at].sigma
            metres[2, made], metres[3, made] = REACH_SIGMAS * pair.sigma, 1.0 if kind[watch] == KEEP_OUT else -1.0
            age = fix.time - track.begun
            is_doubted = (age < UNSURE or fix.time - track.leapt < LEAPT) and not is_region
            metres[4, made] = age if is_doubted else math.nan
            numbers[0, made], numbers[1, made] = zone[watch], at
            told[1] += math.isnan(bank[watch].seen)
            told[2] += is_doubted
            made += 1
    told[0] = made


@formula
def weigh_by(pair: Record, fix: Record, inferred: bool, blend: float) -> None:  # noqa: FBT001  a formula
    """How a pair counts: where scans alone tell of its place, it is that of the scans.

    Of cells: what GNSS said has been weighed when it did. Of known access points, which leave no doubt of the room: for
    between GNSS and scans a track holds two places for minutes.
    """
    pair.soft = fix.source in (CELL, PHONE) and not pair.region
    if (inferred and fix.source == WIFI) or not math.isnan(blend):
        pair.constant = POINTS_CONSTANT
    elif pair.region:
        pair.constant = ANSWERS_CONSTANT
    else:
        pair.constant = SOFT_TIME if pair.soft else TIME_CONSTANT

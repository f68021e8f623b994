"""Pass: a barred zone that was crossed between two fixes, neither of which lies in it.

It is said only where every way between the two led deep through the zone (``fencing/passage.py``), both places are
known well, and a third one bears the second out. So a road beside a zone is never taken for one through it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from fencing.passage import Spot, bears_out, led_through
from formulas.formula import Loop, Record, formula
from gateway.engine.context import spread
from gateway.engine.fuse import FIX
from gateway.engine.ledger import Finding
from gateway.engine.pairing import LEAPT, UNSURE
from gateway.engine.state import TRACK, TRUST, fresh
from gateway.engine.watching import WatchKind
from gateway.fusion.radius import GNSS, RADII, radii

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Fact
    from gateway.engine.policy import Policy

KIND: Final = "exclusion_crossed"
DEPTH: Final = 30.0
"""Metres that the way has led into the zone at least: more than its border is drawn wrong by."""
ERROR_SIGMAS: Final = 5.0
LEAST_ERROR: Final = 40.0
"""Metres by which a place may be wrong, however sure it seems: what a reflection does to who drives."""
MOST_SIGMA: Final = 25.0
"""Metres per axis: a place that is known less well tells nothing here."""
LONGEST: Final = 120.0
"""Seconds between the two: later, anybody may have gone round nearly anything."""
FOLLOWS: Final = 300.0
"""Seconds within which there has to be one more place before, and one after."""
DRIVES: Final = 2.0
"""Metres per second from which on a stated speed is believed: receivers hold slow ones at 0."""
SLACK: Final = 1.5
"""Stated speeds that are so many times too slow for the way between the places are not believed."""
PLACES: Final = 4
"""Of a step: one before, the two on either side, one after."""
STEP = np.dtype([
    ("row", "i8"), ("wearing", "i8"), ("offset", "i8"), ("time", "f8", PLACES), ("x", "f8", PLACES),
    ("y", "f8", PLACES), ("error", "f8", PLACES), ("speed", "f8", PLACES),
])  # fmt: skip
"""Places of a wearer, one after another, the second and third of which lie far apart; ``row``: of the last report.

``offset``: of the second; ``error``: metres that a place may be wrong by at most.
"""


def watch_crossings(context: Context) -> None:
    """Look at the fixes just fused; what they show of barred zones is said."""
    fused, policy = context.fused, context.policy
    if fused is None or not len(fused.rows):
        return
    steps = np.empty(len(fused.rows), STEP)
    count = _step_all(
        fused.rows, fused.fixes, fused.records, radii(fused.records), context.reports.offset,
        policy.phone[context.reports.device[fused.rows]], context.state.trust.records, steps,
    )  # fmt: skip
    if count:
        _look(context, steps[:count])


def prepare() -> None:
    """Compile the pass."""
    whole, is_so = np.empty(0, np.int64), np.empty(0, np.bool_)
    _step_all(
        whole, np.empty(0, FIX), fresh(TRACK, 0), np.empty(0, RADII), whole, is_so, fresh(TRUST, 0), np.empty(0, STEP)
    )  # fmt: skip


@Loop
def _step_all(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], fixes: NDArray[np.void], tracks: NDArray[np.void], radius: NDArray[np.void],
    offset: NDArray[np.int64], phone: NDArray[np.bool_], trusts: NDArray[np.void], steps: NDArray[np.void],
) -> int:  # fmt: skip
    """Steps worth a look, first in ``steps``; how many. The last places of each wearer are kept."""
    count = 0
    for at in range(len(rows)):
        fix, track = fixes[at], tracks[at]
        if phone[at] or not is_known_well(fix, track, radius[at].sigma):
            continue
        trust, step = trusts[fix.wearing], steps[count]
        step.row, step.wearing, step.offset = rows[at], fix.wearing, trust.way_offset[1]
        go_on(trust, step, fix, track, max(ERROR_SIGMAS * radius[at].sigma, LEAST_ERROR))
        trust.way_offset[0], trust.way_offset[1] = trust.way_offset[1], trust.way_offset[2]
        trust.way_offset[2] = offset[rows[at]]
        count += is_worth_a_look(step)
    return count


@formula
def go_on(trust: Record, step: Record, fix: Record, track: Record, error: float) -> None:
    """The places kept, and one more, as a step; of these the last three are kept."""
    last = PLACES - 1
    for at in range(last):
        step.time[at], step.x[at], step.y[at] = trust.way_time[at], trust.way_x[at], trust.way_y[at]
        step.error[at], step.speed[at] = trust.way_error[at], trust.way_speed[at]
    step.time[last], step.x[last], step.y[last] = fix.time, track.x, track.y
    step.error[last], step.speed[last] = error, fix.speed
    for at in range(last):
        trust.way_time[at], trust.way_x[at], trust.way_y[at] = step.time[at + 1], step.x[at + 1], step.y[at + 1]
        trust.way_error[at], trust.way_speed[at] = step.error[at + 1], step.speed[at + 1]


@formula
def is_known_well(fix: Record, track: Record, sigma: float) -> bool:
    """Whether a fix is of satellites and sure, of a track that has lasted and has not just leapt where nobody went."""
    is_steady = fix.time - track.begun >= UNSURE and fix.time - track.leapt >= LEAPT
    return bool(fix.source == GNSS and sigma <= MOST_SIGMA and is_steady)


@formula
def is_worth_a_look(step: Record) -> bool:
    """Whether somebody may have been on either side of a zone: far enough apart, and soon enough after one another."""
    led, went, followed = step.time[1] - step.time[0], step.time[2] - step.time[1], step.time[3] - step.time[2]
    if not (0.0 < led <= FOLLOWS and 0.0 < went <= LONGEST and 0.0 < followed <= FOLLOWS):
        return False
    dx, dy = step.x[2] - step.x[1], step.y[2] - step.y[1]
    return bool(math.sqrt(dx * dx + dy * dy) > step.error[1] + step.error[2])


def _look(context: Context, steps: NDArray[np.void]) -> None:
    """Hold steps against the barred zones of their wearers: those that hold, are near, and have neither end in them."""
    policy, watches = context.policy, context.policy.watches
    person = policy.wearing_person[steps["wearing"]]
    at, watch = spread(np.arange(len(steps)), watches.first[person], watches.count[person])
    barred = watches.kind[watch] == WatchKind.KEEP_OUT
    at, watch = at[barred], watch[barred]
    (_, ax, bx, _), (_, ay, by, _) = steps["x"][at].T, steps["y"][at].T
    reach = 0.5 * np.hypot(bx - ax, by - ay)
    distance, place = policy.zones.signed_distance(watches.zone[watch], 0.5 * (ax + bx), 0.5 * (ay + by), reach)
    near = np.flatnonzero(distance > -reach)
    for end in (1, 2):
        of, moment, x, y = watch[near], *(steps[name][at[near], end] for name in ("time", "x", "y"))
        near = near[(policy.idle.lookup(of, moment) < 0) & ~policy.zones.contains(watches.zone[of], x, y)]
    for one in near.tolist():
        _judge(context, steps[at[one]], int(watch[one]), int(place[one]))


def _judge(context: Context, step: NDArray[np.void], watch: int, place: int) -> None:
    first, one, other, last = _spots(step)
    area = _area(context.policy, int(context.policy.watches.zone[watch]), place)
    if (
        led_through(area, one, other, DEPTH)
        and bears_out(area, other, one, first, DEPTH)
        and bears_out(area, one, other, last, DEPTH)
    ):
        _tell(context, step, watch, place)


def _spots(step: NDArray[np.void]) -> list[Spot]:
    """The places. Speeds are believed where both say that somebody drove, about as fast as the places lie apart."""
    time, x, y, error, speed = (step[name].tolist() for name in ("time", "x", "y", "error", "speed"))
    pace = math.hypot(x[2] - x[1], y[2] - y[1]) / (time[2] - time[1])
    is_believed = min(speed[1:3]) >= DRIVES and pace <= SLACK * max(speed[1:3])
    told = speed if is_believed else [math.nan] * PLACES
    return [Spot(*each) for each in zip(time, x, y, error, told, strict=True)]


def _area(policy: Policy, zone: int, place: int) -> shapely.Geometry:
    """A place of a zone, drawn: of a circle a polygon within it."""
    table, at = policy.zones, int(policy.zones.first[zone]) + place
    if math.isnan(table.radius[at]):
        return table.area[at]
    return shapely.buffer(shapely.points(table.x[at], table.y[at]), table.radius[at], quad_segs=64)


def _tell(context: Context, step: NDArray[np.void], watch: int, place: int) -> None:
    """Raise the alarm; of one that nobody has closed yet, that it was so once more."""
    policy, row = context.policy, int(step["row"])
    person, rule_kind, zone = policy.watches.key[watch]
    rule = policy.rules[rule_kind.rsplit("/", 1)[0]]
    before, behind = step["time"][1:3].tolist()
    standing = context.ledger.ongoing(KIND, person, "", zone, rule.id, float(context.reports.time[row]))
    if standing is not None:
        times = standing.facts.get("times", 1)
        said = times + 1 if isinstance(times, int) else 1
        context.ledger.revise(standing, context.at(row), {"times": said, "again": behind})
        return
    facts: dict[str, Fact] = {
        "from": before, "until": behind, "depth_m": round(DEPTH),
        "error_m": round(float(step["error"][1:3].max())), "times": 1,
    }  # fmt: skip
    context.ledger.raise_(
        Finding(
            kind=KIND, device=context.device_key(row), person=person, onset=before,
            evidence_time=float(context.reports.time[row]), opening=context.opening(row),
            first_offset=int(step["offset"]), zone=zone,
            zone_name=policy.zones.place_name(int(policy.watches.zone[watch]), place), rule=rule.id, basis=rule.basis,
            facts={**context.last_known(row), **facts}, **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip

"""Step: which reports come in their order. Device time orders a group's reports, then what they say; never arrival.

A report that comes after all that its group has reported is decided as it comes. One that precedes another waits to be
decided with all that came since (``late``); one that came before is a repetition, however long ago that was. What has
no time of its own, a heartbeat or a report of a wrong clock, comes after what is there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop
from gateway.engine.history import COLUMNS, PAST, TIMELESS, joined
from gateway.engine.imported import has_imported, imported_rows, with_imported
from gateway.engine.state import DEVICE, fresh
from protocols.report import SourceDatum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gateway.engine.context import Context

    Bools = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]
    Shorts = NDArray[np.int16]
    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Floats = NDArray[np.float64]

SHIFT = np.uint64(10)
RESENT = 3600.0
"""Seconds of the group's order within which a report of a wrong clock is known again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the rows of a run are: bool (n,) each; rows that are none of these tell nothing of place or device."""

    timely: NDArray[np.bool_]
    late: NDArray[np.bool_]
    repeated: NDArray[np.bool_]


def arrange(context: Context) -> Arrival:
    """Give a run's rows their order and their ties, remember them in the history, and say which came in order."""
    reports, state, policy = context.reports, context.state, context.policy
    rows = np.arange(len(reports))
    if not len(rows):
        if has_imported(context.entries):
            _keep(context, np.empty(0, PAST))
        return Arrival(*(np.zeros(0, np.bool_) for _ in range(3)))
    reports.order, reports.tie = np.empty(len(rows)), np.empty(len(rows), np.uint64)
    timely, late, repeated, asked = np.zeros((4, len(rows)), np.bool_)
    asks = _put_in_order(
        reports.device, policy.group, policy.phone, policy.ties, reports.bare, reports.stated, reports.battery_percent,
        reports.clock_fault, reports.located, reports.time, reports.digest, reports.offset, state.device.records,
        reports.order, reports.tie, timely, late, repeated, asked,
    )  # fmt: skip
    if asks:
        known = _known(context, policy.group[reports.device], late, asked)
        repeated |= known
        timely &= ~known
        late &= ~known
    arrival = Arrival(timely, late, repeated)
    state.count("report_repeated", int(repeated.sum()))
    _remember(context, arrival)
    return arrival


def prepare() -> None:
    """Compile the pass."""
    whole, real, is_so, mark = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_), np.empty(0, np.uint64)
    small, half = np.empty(0, np.uint8), np.empty(0, np.int16)
    _put_in_order(
        whole, whole, is_so, mark, is_so, mark, half, is_so, is_so, real, mark, whole, fresh(DEVICE, 0), real, mark,
        is_so, is_so, is_so, is_so,
    )  # fmt: skip
    _fill(
        whole, real, mark, whole, whole, is_so, real, real, is_so, is_so, is_so, is_so, is_so, real, real,
        real, real, half, half, small, is_so, mark, mark, mark, mark, real, real, real, half, is_so,
        np.empty(0, PAST),
    )  # fmt: skip


@Loop
def _put_in_order(  # noqa: PLR0913, PLR0917  columns
    device: Ints, group: Ints, phone: Bools, ties: Words,
    bare: Bools, stated: Words, battery: Shorts, clock_fault: Bools,
    located: Bools, time: Floats, digest: Words, offset: Ints,
    newest: NDArray[np.void], order: Floats, tie: Words, timely: Bools,
    late: Bools, same: Bools, asked: Bools,
) -> int:  # fmt: skip
    """Row by row: its place, by the newest of its group, which learns of it; how many may have come before.

    ``same``: it is the newest once more; ``asked``: it is of a wrong clock.
    """
    asks = 0
    for row in range(len(device)):
        of, is_phone = newest[group[device[row]]], phone[device[row]]
        tells_alone = stated[row] != 0 or battery[row] >= 0
        is_timeless = tells_alone if bare[row] else clock_fault[row] and not is_phone
        is_placed = not bare[row] and not is_timeless and (not is_phone or located[row])
        # A carrier's answer of the same time is the same place told again.
        content = ties[device[row]] if is_phone else digest[row] ^ ties[device[row]]
        mine, before, before_tie = content & ~TIMELESS, of.order, of.tie
        # Of a group that has told of no time yet, the time of receipt, which such a report's time is.
        here = before if is_timeless and math.isfinite(before) else time[row]
        order[row] = here
        tie[row] = TIMELESS | (np.uint64(offset[row]) << SHIFT) if is_timeless else mine
        same[row] = is_placed and here == before and mine == before_tie
        is_before = here < before or (here == before and mine < before_tie)
        late[row] = is_placed and not same[row] and is_before
        timely[row] = (is_placed or is_timeless) and not late[row] and not same[row]
        asked[row] = is_timeless and not bare[row]
        asks += late[row] or asked[row]
        if is_placed and (here > before or (here == before and mine > before_tie)):
            of.order, of.tie = here, mine
    return asks


def _known(
    context: Context, root: NDArray[np.int64], late: NDArray[np.bool_], timeless: NDArray[np.bool_]
) -> NDArray[np.bool_]:  # fmt: skip
    """Which of the late reports, and of those of a wrong clock, came before: in the history, or earlier in the run."""
    reports, known = context.reports, np.zeros(len(root), np.bool_)
    for group in np.unique(root[late | timeless]).tolist():
        mine = np.flatnonzero(root == group)
        wanted = reports.order[mine[late[mine] | timeless[mine]]]
        since = float(wanted.min()) - (RESENT if timeless[mine].any() else 0.0)
        held = context.past(group, since, float(wanted.max()), context.first)
        came = set(zip(held["order"].tolist(), held["tie"].tolist(), strict=True))
        told = set(held["digest"][held["clock_fault"]].tolist())
        for row in mine[~reports.bare[mine]].tolist():
            key, digest = (float(reports.order[row]), int(reports.tie[row])), int(reports.digest[row])
            known[row] = digest in told if timeless[row] else late[row] and key in came
            came.add(key)
            if timeless[row]:
                told.add(digest)
    return known


def _remember(context: Context, arrival: Arrival) -> None:
    """Into the history, with what they say and what was judged of it at arrival."""
    reports, at = context.reports, np.flatnonzero(arrival.timely | arrival.late)
    rows = np.empty(len(at), PAST)
    columns = (getattr(reports, name) for name in COLUMNS if name != "datum")
    _fill(at, reports.order, reports.tie, reports.offset, reports.device, arrival.late, *columns, rows)
    rows["datum"] = SourceDatum.WGS84  # as ``fuse.project`` has made it
    _keep(context, rows)


def _keep(context: Context, rows: NDArray[np.void]) -> None:
    """The reports of a run into the history, with what was imported in it: they are of the same entries."""
    devices: Sequence[str] = context.policy.devices
    if has_imported(context.entries):
        imported = imported_rows(context.state, context.entries, context.policy, context.first)
        imported["device"] += len(devices)
        devices, rows = with_imported(devices), joined([rows, imported])
    context.state.history.add(devices, rows, context.first)


@Loop
def _fill(  # noqa: PLR0913, PLR0917  columns
    at: Ints, order: Floats, tie: Words, offset: Ints, device: Ints, late: Bools, time: Floats, received: Floats,
    sound: Bools, bare: Bools, clock_fault: Bools, impossible: Bools, located: Bools, latitude: Floats,
    longitude: Floats, accuracy_m: Floats, speed_kmh: Floats, satellites: Shorts, battery_percent: Shorts,
    source: Bytes, stored: Bools, flags: Words, stated: Words, momentary: Words, digest: Words,
    heard_latitude: Floats, heard_longitude: Floats, heard_sigma: Floats, heard_n: Shorts, inferred: Bools,
    rows: NDArray[np.void],
) -> None:  # fmt: skip
    """Rows of a history (``PAST``) of some reports: numpy takes eight times as long for as many columns."""
    for index in range(len(at)):
        one, row = rows[index], at[index]
        one.order, one.tie, one.offset = order[row], tie[row], offset[row]
        one.device, one.late, one.time = device[row], late[row], time[row]
        one.received, one.sound, one.bare = received[row], sound[row], bare[row]
        one.clock_fault, one.impossible, one.located = clock_fault[row], impossible[row], located[row]
        one.latitude, one.longitude, one.accuracy_m = latitude[row], longitude[row], accuracy_m[row]
        one.speed_kmh, one.satellites = speed_kmh[row], satellites[row]
        one.battery_percent, one.source, one.stored = battery_percent[row], source[row], stored[row]
        one.flags, one.stated, one.momentary = flags[row], stated[row], momentary[row]
        one.digest, one.heard_latitude = digest[row], heard_latitude[row]
        one.heard_longitude, one.heard_sigma = heard_longitude[row], heard_sigma[row]
        one.heard_n, one.inferred = heard_n[row], inferred[row]

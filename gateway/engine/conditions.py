"""Step: what the device says of itself. Flags are levels, alarms come from their edges; latched ones never heal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from formulas.formula import Loop, formula
from gateway.engine.changed import CHANGED_FLAG, watch_identity
from gateway.engine.charge import CHARGE_FLAGS, CHARGES, watch_charge
from gateway.engine.families import FAMILIES, FLAG_KINDS, GLITCH
from gateway.engine.given import levels_of
from gateway.engine.pace import spend
from gateway.engine.power import OFF, OFF_FLAG, watch_power
from gateway.engine.raising import raise_row
from gateway.engine.removal import tells_again
from gateway.engine.state import FLAGS, LEVELS, fresh
from gateway.engine.strap import CUT, follow, grade, opens_again

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formulas.formula import Record
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact

REPEATABLE = frozenset({"sos"})
"""Kinds of which each new edge is said, as a revision; a chattering strap sensor would only make noise."""
WATCHED = np.uint64(sum(FLAG_KINDS))
HELD = WATCHED | CHARGE_FLAGS
"""Flags whose level is remembered."""
SAYS = HELD | OFF_FLAG | CHANGED_FLAG
"""Flags that make a report worth a look."""
SAME_EVENT = 600.0
"""Seconds around an episode within which a late report speaks of the same event."""


def watch_conditions(context: Context, rows: NDArray[np.int64]) -> None:
    """Edges of one round's reports (at most one a device)."""
    reports, bank = context.reports, context.state.levels
    device, owned = reports.device[rows], reports.wearing[rows] >= 0
    _begin_wearings(context, rows[owned])
    flags = _believed(context, rows)
    follow(context, rows[owned], flags[owned])
    rising = flags & ~bank["held"][device]
    for index in np.flatnonzero(owned & (rising & WATCHED != 0)):
        _raise_flags(context, int(rows[index]), int(rising[index]))
    _remember_events(context, rows[owned], flags[owned])
    _remember_levels(context, rows, np.where(owned, flags, flags & bank["held"][device]))
    watch_charge(context, rows[owned], rising[owned])
    watch_power(context, rows[owned])
    watch_identity(context, rows[owned])


def loud_rows(context: Context, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of reports, those of devices of which any says, or has said, more than how full the battery is.

    The others' batteries are taken note of here.
    """
    reports, bank, loud = context.reports, context.state.levels, np.zeros(len(context.policy.devices), np.bool_)
    at = np.empty(len(rows), np.int64)
    low = max(charge.spent for charge in CHARGES)
    since = context.policy.fitted_since(reports.device[rows], reports.time[rows])
    since[reports.wearing[rows] < 0] = np.nan
    count = _hear_quiet(
        rows, reports.device, reports.time, since, reports.battery_percent, reports.flags, low, bank.records, loud, at
    )  # fmt: skip
    return at[:count]


def prepare() -> None:
    """Compile the look at all reports."""
    whole = np.empty(0, np.int64)
    flags = np.empty(0, np.uint64)
    percent, levels, is_so = np.empty(0, np.int16), fresh(LEVELS, 0), np.empty(0, np.bool_)
    _hear_quiet(whole, whole, np.empty(0), np.empty(0), percent, flags, 0, levels, is_so, whole)


@Loop
def _hear_quiet(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], device: NDArray[np.int64], time: NDArray[np.float64], since: NDArray[np.float64],
    percent: NDArray[np.int16],
    flags: NDArray[np.uint64], low: int, levels: NDArray[np.void], loud: NDArray[np.bool_], at: NDArray[np.int64],
) -> int:  # fmt: skip
    """Loud rows into ``at``, how many; ``loud``: their devices. ``since``: when the wearing of each row began."""
    for row in rows:
        of = levels[device[row]]
        says = (flags[row] & SAYS) != 0 or 0 <= percent[row] <= low
        has_said = of.held != 0 or of.unsure != 0 or of.low or of.low_lasting or of.critical or of.critical_lasting
        loud[device[row]] |= says or has_said or not math.isnan(of.off_from)
    count = 0
    for index in range(len(rows)):
        row = rows[index]
        of = levels[device[row]]
        if loud[device[row]]:
            at[count] = row
            count += 1
            continue
        if not math.isnan(since[index]) and not of.held_from >= since[index]:
            _begin_quiet(of, since[index])
        if percent[row] >= 0:
            of.battery = percent[row]
            spend(of, percent[row], time[row])
    return count


@formula
def _begin_quiet(of: Record, since: float) -> None:
    """What a device has that is not loud begins anew with a wearing."""
    of.held_from, of.battery = since, -1
    of.full, of.full_at, of.least, of.least_at, of.step = -1, math.nan, -1, math.nan, 0
    for index in range(FLAGS):
        of.flag_from[index], of.flag_until[index] = math.nan, math.nan


def hear_late(context: Context, rows: NDArray[np.int64]) -> None:
    """Late reports of one round: the device's own word is raised at once, unless it is of an event that was told.

    Levels stay. That the frame is sound is asked of it, for nothing takes such an alarm back.
    """
    reports = context.reports
    rows = rows[(reports.wearing[rows] >= 0) & reports.sound[rows] & ((reports.flags[rows] & WATCHED) != 0)]
    for row in rows.tolist():
        levels = levels_of(context.state, context.policy, int(reports.device[row]), float(reports.time[row]))
        rising = int(reports.flags[row] & WATCHED & ~levels["held"])
        for flag, kind in FLAG_KINDS.items():
            if rising & flag and not _told(context, row, kind):
                _raise(context, row, kind, float(reports.received[row]), late=True)


def _begin_wearings(context: Context, rows: NDArray[np.int64]) -> None:
    """A new wearing knows nothing of the last: what the device still states of strap or battery is said of it, too.

    Nor does a level count that was stated while nobody wore it: an edge is used up by an alarm alone.
    """
    bank, device = context.state.levels, context.reports.device[rows]
    since = context.policy.fitted_since(device, context.reports.time[rows])
    begun = ~(bank["held_from"][device] >= since)
    _end_of_last(context, rows[begun], since[begun])
    bank.reset(device[begun])
    bank["held_from"][device[begun]] = since[begun]


def _end_of_last(context: Context, rows: NDArray[np.int64], since: NDArray[np.float64]) -> None:
    """What holds of the last wearer's battery, or that it is off, ends with the hand-over."""
    levels = context.state.levels.records[context.reports.device[rows]]
    holds = levels["low"] | levels["critical"] | ~np.isnan(levels["off_from"])
    for row, began in zip(rows[holds].tolist(), since[holds].tolist(), strict=True):
        for kind in (*(charge.kind for charge in CHARGES), OFF):
            for episode in context.ledger.of_device(kind, context.device_key(row)):
                context.ledger.clear(episode, began, context.at(row), {"handed_over": began})


def _believed(context: Context, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The flags of each report; of a frame whose checksum is wrong, of the latched ones those it said twice running.

    Nothing that only a person can end comes of one damaged frame (wire notes, section 12); a device that never gets
    its checksums right is believed at the second report.
    """
    reports, bank = context.reports, context.state.levels
    device, flags = reports.device[rows], reports.flags[rows] & HELD
    sound = reports.sound[rows]
    known = bank["held"][device] | bank["unsure"][device] | ~WATCHED
    context.state.count("flag_of_damaged_frame", int(((flags & ~known != 0) & ~sound).sum()))
    bank["unsure"][device] = np.where(sound, np.uint64(0), flags & WATCHED)
    return np.where(sound, flags, flags & known)


def _remember_levels(context: Context, rows: NDArray[np.int64], flags: NDArray[np.uint64]) -> None:
    """The level of each flag a report speaks of; of the others it stays."""
    reports, bank = context.reports, context.state.levels
    device, stated = reports.device[rows], reports.stated[rows]
    bank["held"][device] = flags | bank["held"][device] & ~stated


def _raise_flags(context: Context, row: int, rising: int) -> None:
    for flag, kind in FLAG_KINDS.items():
        if rising & flag:
            _raise(context, row, kind, float(context.reports.time[row]))


def _remember_events(context: Context, rows: NDArray[np.int64], flags: NDArray[np.uint64]) -> None:
    """Keep when each condition began and was last seen, so that a late report of it is known after a close, too."""
    if not flags.any():
        return
    reports, bank = context.reports, context.state.levels
    for index, flag in enumerate(FLAG_KINDS):
        held = (flags & np.uint64(flag)) != 0
        device, time = reports.device[rows[held]], reports.time[rows[held]]
        begun = (bank["held"][device] & np.uint64(flag)) == 0
        bank["flag_from"][device, index] = np.where(begun, time, bank["flag_from"][device, index])
        bank["flag_until"][device, index] = time


def _told(context: Context, row: int, kind: str) -> bool:
    """Whether a late report speaks of the last event that was seen in time, or of one an episode covers."""
    time, device = float(context.reports.time[row]), context.device_key(row)
    index, who = list(FLAG_KINDS.values()).index(kind), (device, context.person(row))
    levels = levels_of(context.state, context.policy, int(context.reports.device[row]), time)
    if levels["flag_from"][index] - SAME_EVENT <= time <= levels["flag_until"][index] + SAME_EVENT:
        return True
    for episode in context.state.episodes.values():
        if FAMILIES.get(episode.kind) == kind and (episode.device, episode.person) == who:
            ended = episode.ended if episode.ended is not None else np.inf
            if episode.onset - SAME_EVENT <= time <= ended + SAME_EVENT:
                return True
    return False


def _raise(context: Context, row: int, kind: str, now: float, *, late: bool = False) -> None:
    """Raise, or say it once more where its alarm stands and nobody has closed it up to ``now``."""
    device, person = context.device_key(row), context.person(row)
    standing = context.ledger.ongoing(kind, person, device, time=now)
    if kind == CUT and standing is None:
        standing = context.ledger.ongoing(GLITCH, person, device, time=now)
    if standing is not None and standing.kind == GLITCH:
        opens_again(context, row, standing, late=late)
        return
    if standing is not None:
        _again(context, row, standing)
        return
    known = context.last_known(row)
    if kind == CUT:
        kind, why = grade(context, row, late=late)
        known |= why
    raise_row(context, row, kind, known, late=late)


def _again(context: Context, row: int, standing: Episode) -> None:
    """The same once more while its alarm stands: a second call for help is told, though it is no second alarm."""
    tells_again(context.ledger, standing, context.at(row), {})
    if standing.kind in REPEATABLE:
        times = standing.facts.get("times", 1)
        facts: dict[str, Fact] = {"times": int(times) + 1 if isinstance(times, int) else 2}
        context.ledger.revise(standing, context.at(row), {**facts, "again": float(context.reports.time[row])})

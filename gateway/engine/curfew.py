"""Step: the curfew night, on device time. One episode a night: late return, early leaving, or the whole night away.

``TURNS`` is the machine. Where one period begins as the last one ends (a curfew of 00:00-24:00), an absence goes on as
the same alarm (``_go_on``), and who has been home owes no return: no grace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import Verdict, posterior
from gateway.engine.context import Context, spread
from gateway.engine.ledger import Finding
from gateway.engine.stay import finish_stay, follow_stay
from gateway.engine.weigh import back_since
from gateway.engine.whereabouts import leave_before, seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At

STALE = 1800.0
"""Seconds without a fix after which nobody can say where the wearer is."""


class Phase(IntEnum):
    """Where a curfew night stands: nothing raised; late; left early; no longer observed."""

    WELL = 0
    LATE = 1
    EARLY = 2
    OVER = 3


class Sign(Enum):
    """What moves it.

    AWAY: judged away while the duty holds and its grace is over. HOME: judged there. LEAVE: one lifts the duty.
    UNOBSERVED: nobody observes the wearer any more. NIGHT_OVER: the period is.
    """

    AWAY = auto()
    HOME = auto()
    LEAVE = auto()
    UNOBSERVED = auto()
    NIGHT_OVER = auto()


class Deed(Enum):
    """What is said of it: an alarm; its end; the end of one whose night is over; a whole absence instead of it."""

    NOTHING = auto()
    RAISE = auto()
    CLEAR = auto()
    END = auto()
    ABSENT = auto()


ACCOUNT = {
    "out_from": "out_first", "out_until": "out_last", "out_seconds": "out_s", "in_seconds": "in_s",
    "unknown_seconds": "unknown_s",
}  # fmt: skip
OPEN_KINDS = {Phase.LATE: "curfew_late", Phase.EARLY: "curfew_early_leave"}
TURNS: Mapping[tuple[Phase, bool, Sign], tuple[Phase, Deed]] = {
    # phase, been home in this period, sign -> phase, deed
    (Phase.WELL, False, Sign.AWAY): (Phase.LATE, Deed.RAISE),
    (Phase.WELL, True, Sign.AWAY): (Phase.EARLY, Deed.RAISE),
    (Phase.WELL, False, Sign.UNOBSERVED): (Phase.OVER, Deed.NOTHING),
    (Phase.WELL, True, Sign.UNOBSERVED): (Phase.OVER, Deed.NOTHING),
    (Phase.LATE, False, Sign.LEAVE): (Phase.WELL, Deed.CLEAR),
    (Phase.LATE, True, Sign.HOME): (Phase.WELL, Deed.CLEAR),
    (Phase.LATE, False, Sign.UNOBSERVED): (Phase.OVER, Deed.CLEAR),
    (Phase.LATE, False, Sign.NIGHT_OVER): (Phase.OVER, Deed.ABSENT),
    (Phase.EARLY, True, Sign.HOME): (Phase.WELL, Deed.CLEAR),
    (Phase.EARLY, True, Sign.LEAVE): (Phase.WELL, Deed.CLEAR),
    (Phase.EARLY, True, Sign.UNOBSERVED): (Phase.OVER, Deed.CLEAR),
    (Phase.EARLY, True, Sign.NIGHT_OVER): (Phase.OVER, Deed.END),
    # an absence that goes on in the next period, and has seen no return in it
    (Phase.EARLY, False, Sign.LEAVE): (Phase.WELL, Deed.CLEAR),
    (Phase.EARLY, False, Sign.UNOBSERVED): (Phase.OVER, Deed.CLEAR),
    (Phase.EARLY, False, Sign.NIGHT_OVER): (Phase.OVER, Deed.ABSENT),
    # nobody observed the rest of the night; another device, or a wearing begun anew, may
    (Phase.OVER, False, Sign.HOME): (Phase.WELL, Deed.NOTHING),
    (Phase.OVER, True, Sign.HOME): (Phase.WELL, Deed.NOTHING),
    (Phase.OVER, False, Sign.LEAVE): (Phase.WELL, Deed.NOTHING),
    (Phase.OVER, True, Sign.LEAVE): (Phase.WELL, Deed.NOTHING),
}
"""Whatever is not here changes nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a deed needs to know: where in the log, when the condition ended (UTC epoch seconds), facts, the row."""

    at: At
    ended: float
    facts: Mapping[str, Fact] = field(default_factory=dict)
    row: int = -1


@dataclass(frozen=True, slots=True)
class Nights:
    """A stretch of reports against the curfews of their wearers: pairs, arrays (n,), by row.

    Attributes:
        rows, curfew: int64.
        start, until: the period that each report falls in, NaN where none.
        leave: a leave lifts the duty.
        fixed: bool, of every report of the run, whether it was taken into a track.
        first: int64, where the pairs of each of ``reports`` begin, and the end of all.
        reports: int64, ascending, rows that have pairs.
    """

    context: Context
    rows: NDArray[np.int64]
    curfew: NDArray[np.int64]
    start: NDArray[np.float64]
    until: NDArray[np.float64]
    leave: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    reports: NDArray[np.int64]
    first: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pairs of rows (ascending) that a night runs for, or begins or ends at."""
        at = np.searchsorted(self.reports, rows)
        at = at[(at < len(self.reports)) & (self.reports[np.minimum(at, len(self.reports) - 1)] == rows)]
        return spread(at, self.first[at], self.first[at + 1] - self.first[at])[1]


def nights_of(context: Context, rows: NDArray[np.int64], taken: NDArray[np.int64]) -> Nights | None:
    """The nights that reports (int64 rows, ascending) have to do with; None: none. ``taken``: rows with a fused fix."""
    curfews, watches = context.policy.curfews, context.policy.watches
    if not len(rows) or not len(curfews.key):
        return None
    people = context.people_of(rows)
    rows, watch = spread(rows, watches.first[people], watches.count[people])
    curfew = curfews.by_watch[watch]
    rows, curfew = rows[curfew >= 0], curfew[curfew >= 0]
    time = context.reports.time[rows]
    start, until = _windows(context, curfew, time)
    runs = np.zeros(len(curfews.key), np.bool_)
    runs[curfew[~np.isnan(start) | ~np.isnan(context.state.curfew["start"][curfew])]] = True
    at = np.flatnonzero(runs[curfew])
    if not len(at):
        return None
    rows, curfew, time = rows[at], curfew[at], time[at]
    leave = context.policy.on_leave.lookup(watches.person[curfews.watch[curfew]], time) >= 0
    fixed = np.zeros(len(context.reports), np.bool_)
    fixed[taken] = True
    reports, first = np.unique(rows, return_index=True)
    return Nights(
        context, rows, curfew, start[at], until[at], leave, fixed, reports, np.append(first, len(rows))
    )  # fmt: skip


def watch_curfews(nights: Nights, pairs: NDArray[np.int64]) -> None:
    """Take the pairs of one round (at most one report a person) into the running nights."""
    context, rows, curfew = nights.context, nights.rows[pairs], nights.curfew[pairs]
    time, start, until, leave = (
        context.reports.time[rows],
        nights.start[pairs],
        nights.until[pairs],
        nights.leave[pairs],
    )
    _go_on(context, rows, curfew, time, start, until)
    _finish_nights(context, rows, curfew, time)
    _begin_nights(context, curfew, start, until)
    if leave.any():
        _lift(context, rows[leave], curfew[leave])
    within = ~np.isnan(start) & ~leave
    if within.any():
        _follow(context, rows[within], curfew[within], nights.fixed[rows[within]])


def _lift(context: Context, rows: NDArray[np.int64], curfew: NDArray[np.int64]) -> None:
    """On leave nobody has to be anywhere."""
    context.state.curfew["last"][curfew] = np.nan
    for index in np.flatnonzero(context.state.curfew["phase"][curfew] != Phase.WELL):
        time = float(context.reports.time[rows[index]])
        turn(context, int(curfew[index]), Sign.LEAVE, Seen(context.at(int(rows[index])), time, {"on_leave": time}))


def _windows(
    context: Context, curfew: NDArray[np.int64], time: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The night each report falls in, NaN where none."""
    start, until = np.full(len(time), np.nan), np.full(len(time), np.nan)
    schedule = context.policy.curfews.schedule[curfew]
    for index in np.unique(schedule):
        mine = schedule == index
        start[mine], until[mine] = context.policy.curfews.nightly[int(index)].window(time[mine])
    return start, until


def _go_on(
    context: Context, rows: NDArray[np.int64], curfew: NDArray[np.int64], time: NDArray[np.float64],
    start: NDArray[np.float64], until: NDArray[np.float64],
) -> None:  # fmt: skip
    """Periods that began as the last one ended: who had been home then, goes on from there."""
    bank = context.state.curfew
    seamless = (bank["until"][curfew] == start) & (time >= start) & bank["seen_in"][curfew]
    if not seamless.any():
        return
    for index in np.flatnonzero(seamless & (bank["stay_n"][curfew] > 0)):
        finish_stay(context, int(curfew[index]), context.at(int(rows[index])))
    away = bank["phase"][curfew] == Phase.EARLY
    bank.reset(curfew[seamless & ~away])
    same = curfew[seamless]
    bank["start"][same], bank["until"][same], bank["goes_on"][same] = start[seamless], until[seamless], True
    bank["seen_in"][same] = ~away[seamless]


def _finish_nights(
    context: Context, rows: NDArray[np.int64], curfew: NDArray[np.int64], time: NDArray[np.float64]
) -> None:
    """Nights that ended before these reports."""
    bank = context.state.curfew
    over = time >= bank["until"][curfew]
    if not over.any():
        return
    busy = over & ((bank["phase"][curfew] != Phase.WELL) | (bank["stay_n"][curfew] > 0))
    for index in np.flatnonzero(busy):
        row, night = int(rows[index]), int(curfew[index])
        finish_stay(context, night, context.at(row))
        turn(context, night, Sign.NIGHT_OVER, Seen(context.at(row), float(bank["until"][night])))
    bank.reset(curfew[over])


def _begin_nights(
    context: Context, curfew: NDArray[np.int64], start: NDArray[np.float64], until: NDArray[np.float64]
) -> None:
    bank = context.state.curfew
    new = ~np.isnan(start) & (bank["start"][curfew] != start)
    if not new.any():
        return
    # Where other hours came with a configuration in the middle of a night, it is the same night.
    bank.reset(curfew[new & np.isnan(bank["start"][curfew])])
    bank["start"][curfew[new]], bank["until"][curfew[new]] = start[new], until[new]


def _follow(context: Context, rows: NDArray[np.int64], curfew: NDArray[np.int64], fixed: NDArray[np.bool_]) -> None:
    """Account for the time since the last report, then look whether the verdict changes anything."""
    bank, time = context.state.curfew, context.reports.time[rows]
    verdict = _verdict(context, curfew, time)
    # What has no time of its own may stand behind a report that is of a little later.
    elapsed = np.maximum(np.nan_to_num(time - bank["last"][curfew]), 0.0)
    held = (bank["last_verdict"][curfew] == verdict) & (elapsed <= STALE)
    for column, value in (("out_s", Verdict.OUT), ("in_s", Verdict.IN)):
        bank[column][curfew] += np.where(held & (verdict == value), elapsed, 0.0)
    bank["unknown_s"][curfew] += np.where(~held | (verdict == Verdict.UNKNOWN), elapsed, 0.0)
    bank["last"][curfew], bank["last_verdict"][curfew] = time, verdict
    out = verdict == Verdict.OUT
    bank["out_first"][curfew] = np.where(out & np.isnan(bank["out_first"][curfew]), time, bank["out_first"][curfew])
    bank["out_last"][curfew] = np.where(out, time, bank["out_last"][curfew])
    bank["seen_in"][curfew] |= verdict == Verdict.IN
    phase = bank["phase"][curfew]
    graced = bank["goes_on"][curfew] | (time >= bank["start"][curfew] + context.policy.curfews.grace[curfew])
    due = out & (phase == Phase.WELL) & graced & _breached(context, curfew)
    back = (verdict == Verdict.IN) & (phase != Phase.WELL)
    for index in np.flatnonzero(due):
        row = int(rows[index])
        turn(context, int(curfew[index]), Sign.AWAY, Seen(context.at(row), float(time[index]), row=row))
    for index in np.flatnonzero(back):
        ended = back_since(context, int(context.policy.curfews.watch[curfew[index]]), float(time[index]))
        turn(context, int(curfew[index]), Sign.HOME, Seen(context.at(int(rows[index])), ended))
    follow_stay(context, rows[fixed], curfew[fixed], verdict[fixed])


def _verdict(context: Context, curfew: NDArray[np.int64], time: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Presence at the curfew's place: the watch's verdict while it is fresh, else UNKNOWN."""
    watch = context.policy.curfews.watch[curfew]
    bank = context.state.watch
    fresh = time - bank["seen"][watch] <= STALE
    return np.where(fresh, bank["verdict"][watch], Verdict.UNKNOWN).astype(np.uint8)


def _breached(context: Context, curfew: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a fix has shown the absence since the duty holds: leave may have ended with none yet."""
    shown: NDArray[np.bool_] = context.state.watch["breach_fixes"][context.policy.curfews.watch[curfew]] > 0
    return shown


def turn(context: Context, curfew: int, sign: Sign, seen: Seen) -> None:
    """Move a night by the table: do what it says, then stand where it says."""
    bank = context.state.curfew
    key = (Phase(int(bank["phase"][curfew])), bool(bank["seen_in"][curfew]), sign)
    if key in TURNS:
        phase, deed = TURNS[key]
        _DEEDS[deed](context, curfew, phase, seen)
        bank["phase"][curfew] = phase


def _raise(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    bank, policy, row = context.state.curfew, context.policy, seen.row
    watch = int(policy.curfews.watch[curfew])
    evidence = context.state.watch
    person, _, zone = policy.watches.key[watch]
    rule = policy.curfews.rule[curfew]
    since = float(evidence["breach_since"][watch])
    start = float(bank["start"][curfew])
    context.ledger.raise_(
        Finding(
            kind=OPEN_KINDS[phase], device=context.device_key(row), person=person, onset=max(start, since),
            evidence_time=float(context.reports.time[row]), opening=context.opening(row),
            first_offset=int(evidence["breach_offset"][watch]), zone=zone,
            zone_name=policy.zones.zone_name(int(policy.watches.zone[watch])), rule=rule.id, basis=rule.basis,
            probability=round(float(posterior(evidence["log_odds"][watch])), 4),
            facts={"from": start, "until": float(bank["until"][curfew]), **_told(context, row, curfew)},
            **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def _told(context: Context, row: int, curfew: int) -> dict[str, Fact]:
    """What else the alarm's text needs: grace, when last there, the last place, how far it is and which way, leave."""
    policy, watch = context.policy, int(context.policy.curfews.watch[curfew])
    person, last_in = context.person(row), float(context.state.watch["in_last"][watch])
    known: dict[str, Fact] = {"grace_seconds": float(policy.curfews.grace[curfew]), **context.last_known(row)}
    known |= {} if np.isnan(last_in) else {"last_in": last_in}
    known |= leave_before(policy, person, float(context.reports.time[row]))
    with context.then(row):
        return known | seen_from(
            context.state, policy, int(context.reports.wearing[row]), int(policy.watches.zone[watch])
        )  # fmt: skip


def _episode(context: Context, curfew: int) -> Episode | None:
    """The open episode of the night."""
    watch = int(context.policy.curfews.watch[curfew])
    person, _, zone = context.policy.watches.key[watch]
    phase = Phase(int(context.state.curfew["phase"][curfew]))
    rule = context.policy.curfews.rule[curfew].id
    kind = OPEN_KINDS.get(phase, "")
    return context.ledger.ongoing(kind, person, "", zone, rule) if kind else None


def _account(context: Context, curfew: int) -> dict[str, Fact]:
    """What was known of the night: seconds judged out, in and undetermined, and the first and last time out."""
    bank = context.state.curfew
    return {name: float(bank[column][curfew]) for name, column in ACCOUNT.items() if not np.isnan(bank[column][curfew])}


def _clear(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    """Home again, on leave, or no longer observed: the night's episode is over."""
    del phase
    episode = _episode(context, curfew)
    if episode is not None:
        context.ledger.clear(episode, seen.ended, seen.at, {**_account(context, curfew), **seen.facts})


def _end(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    """The night is over, and who had been in has simply not returned."""
    del phase
    episode = _episode(context, curfew)
    if episode is not None:
        until = _count_the_rest(context, curfew)
        context.ledger.clear(episode, until, seen.at, {**_account(context, curfew), "night_over": until})


def _absent(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    """The night is over: away from first to last becomes the whole absence."""
    del phase
    episode, bank = _episode(context, curfew), context.state.curfew
    if episode is not None:
        until = _count_the_rest(context, curfew)
        period = {"from": float(bank["start"][curfew]), "until": until}
        context.ledger.revise(episode, seen.at, {**_account(context, curfew), **period}, "curfew_absent")


def _count_the_rest(context: Context, curfew: int) -> float:
    """Nothing is known of the time from the last report to the end of the night; returns that end."""
    bank = context.state.curfew
    until, last = float(bank["until"][curfew]), float(bank["last"][curfew])
    bank["unknown_s"][curfew] += max(0.0, until - last)
    return until


def _nothing(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    del context, curfew, phase, seen


_DEEDS = {
    Deed.NOTHING: _nothing, Deed.RAISE: _raise, Deed.CLEAR: _clear, Deed.END: _end, Deed.ABSENT: _absent,
}  # fmt: skip


def break_off(context: Context, curfew: int, ended: float, at: At, facts: Mapping[str, Fact]) -> None:
    """Nobody observes the wearer from ``ended`` on: a night over by then is what it was, another ends there."""
    finish_stay(context, curfew, at)
    is_over = context.state.curfew["until"][curfew] <= ended
    turn(context, curfew, Sign.NIGHT_OVER if is_over else Sign.UNOBSERVED, Seen(at, ended, facts))
    context.state.curfew["phase"][curfew] = Phase.OVER

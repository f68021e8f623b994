"""Step: the curfew night, on device time. One episode a night: late return, early leaving, or the whole night away.

``TURNS`` is the machine. Where one period begins as the last one ends (a curfew of 00:00-24:00), an absence goes on as
the same alarm (``_go_on``), and who has been home owes no return: no grace.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING

import numpy as np

from fencing.verdict import posterior
from gateway.engine.closer import asked_before
from gateway.engine.ledger import Finding
from gateway.engine.lifted import binds_since, bound_since, is_lifted, leave_facts, why_lifted
from gateway.engine.night import (
    EARLY,
    LATE,
    OVER,
    REPORT,
    WELL,
    forget,
    is_away,
    is_back,
    is_seamless,
    keep_account,
    list_nights,
    presence,
    turn_page,
)
from gateway.engine.reports import is_firm
from gateway.engine.state import opened
from gateway.engine.stay import finish_stay, follow_stay
from gateway.engine.weigh import back_since
from gateway.engine.whereabouts import seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from formulas.formula import Record
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.fuse import Fused
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy


class Phase(IntEnum):
    """Where a curfew night stands."""

    WELL = WELL
    LATE = LATE
    EARLY = EARLY
    OVER = OVER


class Sign(Enum):
    """What moves it.

    AWAY: judged away while the duty holds and its grace is over. HOME: judged there. LEAVE: the duty is lifted.
    UNOBSERVED: nobody observes the wearer any more. NIGHT_OVER: the period is.
    """

    AWAY = auto()
    HOME = auto()
    LEAVE = auto()
    UNOBSERVED = auto()
    NIGHT_OVER = auto()


class Effect(Enum):
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
TURNS: Mapping[tuple[Phase, bool, Sign], tuple[Phase, Effect]] = {
    # phase, been home in this period, sign -> phase, effect
    (Phase.WELL, False, Sign.AWAY): (Phase.LATE, Effect.RAISE),
    (Phase.WELL, True, Sign.AWAY): (Phase.EARLY, Effect.RAISE),
    (Phase.WELL, False, Sign.UNOBSERVED): (Phase.OVER, Effect.NOTHING),
    (Phase.WELL, True, Sign.UNOBSERVED): (Phase.OVER, Effect.NOTHING),
    (Phase.LATE, False, Sign.LEAVE): (Phase.WELL, Effect.CLEAR),
    (Phase.LATE, True, Sign.HOME): (Phase.WELL, Effect.CLEAR),
    (Phase.LATE, False, Sign.UNOBSERVED): (Phase.OVER, Effect.CLEAR),
    (Phase.LATE, False, Sign.NIGHT_OVER): (Phase.OVER, Effect.ABSENT),
    (Phase.EARLY, True, Sign.HOME): (Phase.WELL, Effect.CLEAR),
    (Phase.EARLY, True, Sign.LEAVE): (Phase.WELL, Effect.CLEAR),
    (Phase.EARLY, True, Sign.UNOBSERVED): (Phase.OVER, Effect.CLEAR),
    (Phase.EARLY, True, Sign.NIGHT_OVER): (Phase.OVER, Effect.END),
    # an absence that goes on in the next period, and has seen no return in it
    (Phase.EARLY, False, Sign.LEAVE): (Phase.WELL, Effect.CLEAR),
    (Phase.EARLY, False, Sign.UNOBSERVED): (Phase.OVER, Effect.CLEAR),
    (Phase.EARLY, False, Sign.NIGHT_OVER): (Phase.OVER, Effect.ABSENT),
    # nobody observed the rest of the night; another device, or a wearing begun anew, may
    (Phase.OVER, False, Sign.HOME): (Phase.WELL, Effect.NOTHING),
    (Phase.OVER, True, Sign.HOME): (Phase.WELL, Effect.NOTHING),
    (Phase.OVER, False, Sign.LEAVE): (Phase.WELL, Effect.NOTHING),
    (Phase.OVER, True, Sign.LEAVE): (Phase.WELL, Effect.NOTHING),
}
"""Whatever is not here changes nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an effect needs to know: where in the log, when the condition ended (UTC epoch seconds), facts, the row."""

    at: At
    ended: float
    facts: Mapping[str, Fact] = field(default_factory=dict)
    row: int = -1


def nights_of(context: Context, rows: NDArray[np.int64], fused: Fused) -> NDArray[np.void]:
    """The nights that reports (int64 rows, ascending) have to do with: ``night.REPORT`` (n,), by row."""
    policy, time = context.policy, context.reports.time[rows]
    curfews, watches = policy.curfews, policy.watches
    if not len(rows) or not len(curfews.key):
        return np.empty(0, REPORT)
    people = context.people_of(rows)
    nights = np.empty(int(watches.count[people].sum()), REPORT)
    made = list_nights(
        rows, people, time, watches.first, watches.count, curfews.by_watch, curfews.schedule, curfews.watch,
        curfews.grace, *_windows(policy, time), context.state.curfew.records, nights,
    )  # fmt: skip
    nights = nights[:made]
    if made:
        _describe(context, nights, fused)
    return nights


def _describe(context: Context, nights: NDArray[np.void], fused: Fused) -> None:
    rows = nights["row"]
    nights["leave"] = is_lifted(context.state, context.policy, nights["watch"], nights["time"])
    wearing = context.reports.wearing[rows]
    nights["since"] = binds_since(context.state, context.policy, nights["watch"], wearing, nights["time"])
    x, y = np.full((2, len(context.reports)), np.nan)
    firm = is_firm(context.reports, fused.rows)
    x[fused.rows[firm]], y[fused.rows[firm]] = fused.records["x"][firm], fused.records["y"][firm]
    nights["x"], nights["y"] = x[rows], y[rows]


def watch_night(context: Context, report: NDArray[np.void]) -> None:
    """Take a report (a record of ``night.REPORT``) into the running night."""
    row, curfew = int(report["row"]), int(report["curfew"])
    night, here = context.state.curfew.open(curfew), opened(report)
    if is_seamless(night, here):
        _go_on(context, here)
    if here.time >= night.until:
        finish_stay(context, curfew, context.at(row))
        turn(context, curfew, Sign.NIGHT_OVER, Seen(context.at(row), float(night.until)))
    turn_page(night, here)
    if here.leave:
        _lift(context, row, curfew, float(here.time))
    elif not math.isnan(here.start):
        _follow(context, night, here)


def _lift(context: Context, row: int, curfew: int, time: float) -> None:
    """On leave, or outside of the rule's days, nobody has to be anywhere."""
    context.state.curfew["last"][curfew] = np.nan
    if context.state.curfew["phase"][curfew] != Phase.WELL:
        ended, facts = why_lifted(context.policy, int(context.policy.curfews.watch[curfew]), time)
        turn(context, curfew, Sign.LEAVE, Seen(context.at(row), ended, facts))


def _windows(policy: Policy, time: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By schedule, the night of each report, NaN where none: float64 (schedules, n); (schedules, 1): all in one."""
    schedules = policy.curfews.schedules
    first, last = float(time.min()), float(time.max())
    same = [window for each in schedules if (window := each.throughout(first, last)) is not None]
    if len(same) == len(schedules):
        starts, ends = np.array(same).T
        return np.ascontiguousarray(starts)[:, None], np.ascontiguousarray(ends)[:, None]
    pairs = np.array([each.window(time) for each in schedules])
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _go_on(context: Context, report: Record) -> None:
    """A period that began as the last one ended: who had been home then, goes on from there."""
    curfew, night = int(report.curfew), context.state.curfew.open(int(report.curfew))
    if night.stay_n > 0:
        finish_stay(context, curfew, context.at(int(report.row)))
    is_away = night.phase == Phase.EARLY
    if not is_away:
        forget(night)
    night.start, night.until, night.goes_on, night.seen_in = report.start, report.until, True, not is_away


def _follow(context: Context, night: Record, report: Record) -> None:
    """Account for the time since the last report, then look whether the verdict changes anything."""
    row, curfew, watch, time = int(report.row), int(report.curfew), int(report.watch), float(report.time)
    evidence = context.state.watch.open(watch)
    verdict = presence(evidence, time)
    keep_account(night, verdict, time)
    if is_away(night, evidence, report, verdict):
        turn(context, curfew, Sign.AWAY, Seen(context.at(row), time, row=row))
    elif is_back(night, verdict):
        turn(context, curfew, Sign.HOME, Seen(context.at(row), back_since(context, watch, time)))
    follow_stay(context, night, report, verdict)


def turn(context: Context, curfew: int, sign: Sign, seen: Seen) -> None:
    """Move a night by the table: do what it says, then stand where it says."""
    bank = context.state.curfew
    key = (Phase(int(bank["phase"][curfew])), bool(bank["seen_in"][curfew]), sign)
    if key in TURNS:
        phase, effect = TURNS[key]
        _EFFECTS[effect](context, curfew, phase, seen)
        bank["phase"][curfew] = phase


def _raise(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    bank, policy, row = context.state.curfew, context.policy, seen.row
    watch = int(policy.curfews.watch[curfew])
    evidence = context.state.watch
    person, _, zone = policy.watches.key[watch]
    rule = policy.curfews.rule[curfew]
    since = float(evidence["breach_since"][watch])
    start = max(float(bank["start"][curfew]), bound_since(context, watch, row))
    context.ledger.raise_(
        Finding(
            kind=OPEN_KINDS[phase], device=context.device_key(row), person=person, onset=max(start, since),
            evidence_time=float(context.reports.time[row]), opening=context.opening(row),
            first_offset=int(evidence["breach_offset"][watch]), zone=zone,
            zone_name=policy.zones.zone_name(int(policy.watches.zone[watch])), rule=rule.id, basis=rule.basis,
            probability=round(float(posterior(evidence["log_odds"][watch])), 4),
            facts={"from": start, "until": float(bank["until"][curfew]), **_told(context, row, curfew, start)},
            **context.place(row),
        ),
        context.at(row),
    )  # fmt: skip


def _told(context: Context, row: int, curfew: int, start: float) -> dict[str, Fact]:
    """What else the alarm's text needs: grace, when last there, the last place, how far it is and which way, leave."""
    policy, watch = context.policy, int(context.policy.curfews.watch[curfew])
    last_in = float(context.state.watch["in_last"][watch])
    known: dict[str, Fact] = {"grace_seconds": float(policy.curfews.grace[curfew]), **context.last_known(row)}
    known |= {} if np.isnan(last_in) else {"last_in": last_in}
    onset = float(context.state.watch["breach_since"][watch])
    known |= asked_before(context, row, onset)
    known |= leave_facts(context.state, policy, watch, (max(start, onset), float(context.reports.time[row])))
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
        start, bound = float(bank["start"][curfew]), episode.facts.get("from")
        period = {"from": max(start, bound) if isinstance(bound, float) else start, "until": until}
        context.ledger.revise(episode, seen.at, {**_account(context, curfew), **period}, "curfew_absent")


def _count_the_rest(context: Context, curfew: int) -> float:
    """Nothing is known of the time from the last report to the end of the night; returns that end."""
    bank = context.state.curfew
    until, last = float(bank["until"][curfew]), float(bank["last"][curfew])
    bank["unknown_s"][curfew] += max(0.0, until - last)
    return until


def _nothing(context: Context, curfew: int, phase: Phase, seen: Seen) -> None:
    del context, curfew, phase, seen


_EFFECTS = {
    Effect.NOTHING: _nothing, Effect.RAISE: _raise, Effect.CLEAR: _clear, Effect.END: _end, Effect.ABSENT: _absent,
}  # fmt: skip


def break_off(context: Context, curfew: int, ended: float, at: At, facts: Mapping[str, Fact]) -> None:
    """Nobody observes the wearer from ``ended`` on: a night over by then is what it was, another ends there."""
    finish_stay(context, curfew, at)
    is_over = context.state.curfew["until"][curfew] <= ended
    turn(context, curfew, Sign.NIGHT_OVER if is_over else Sign.UNOBSERVED, Seen(at, ended, facts))
    context.state.curfew["phase"][curfew] = Phase.OVER

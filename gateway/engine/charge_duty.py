"""Timers of the calendar: whether a bracelet was charged as agreed, once in the 24 hours before a time of each day.

It is judged by the levels that the device reports, in the order of their times. Missed has only who is known not to
have charged: between two levels an hour apart, or in some hours that ended no higher than they began, nobody can have
charged and spent it again; of longer gaps, leave and a bracelet off with leave nothing is said. What comes late takes
back, and begins nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.alarm_timers import worn_by
from gateway.engine.episode import Change
from gateway.engine.ledger import Finding
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formulas.formula import Record
    from gateway.engine.context import Context
    from gateway.engine.habits import Charging
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

KIND: Final = "charge_missed"
WAIT: Final = 1800.0
"""Seconds after the time for what may still come of the hours before it."""
WINDOW: Final = 86_400.0
CLOSE: Final = 3600.0
"""Seconds between two levels in which nobody charges unseen;"""
FAR: Final = 4 * 3600.0
"""or so many, where the later one is not higher: nothing is spent as fast."""
CHARGING: Final = np.uint64(Flag.CHARGING)
SHOWN: Final = 12
"""Digits of a configuration's digest that an alarm quotes."""


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when there is none, or the configuration is yet to be applied."""
    bank = state.banks["charging"]
    if not len(bank.records) or not state.listening or state.digest != policy.configuration.digest:
        return math.inf
    return _due(state, float(bank["by"].min()))


def _due(state: EngineState, by: float) -> float:
    """What was due while nobody listened waits for what the devices have stored."""
    due = by + WAIT
    return due if due >= state.listening_since else state.listening_since + WAIT


def expect(state: EngineState, policy: Policy, received: float) -> None:
    """By this configuration, which time of the day comes next; none that was over when the rule came."""
    bank = state.banks["charging"]
    for row, one in enumerate(policy.chargings):
        if np.isnan(bank["done"][row]):
            bank["done"][row] = received
        bank["by"][row] = policy.days.next_at(one.by_minute, float(bank["done"][row]))


def watch_charging(context: Context) -> None:
    """At a run's end: levels that it has brought and times that have come, in log order."""
    policy, state = context.policy, context.state
    if not policy.chargings or not state.listening:
        return
    now, levels = float(context.entries.received[-1]), _levels(context)
    rows = state.banks["charging"]["by"] + WAIT <= now
    if levels:
        rows |= np.array([one.person in levels for one in policy.chargings])
    for row in np.flatnonzero(rows).tolist():
        _go_through(context, row, levels.get(policy.chargings[row].person, ()), now)


def _levels(context: Context) -> dict[str, list[int]]:
    """By person, rows of the run's reports of a bracelet that tell its level, in log order."""
    reports, policy = context.reports, context.policy
    told = (reports.battery_percent >= 0) & ~reports.clock_fault & ~policy.phone[reports.device]
    found: dict[str, list[int]] = {}
    for row in policy.counted.rows(policy.counted.charge, reports.wearing, told):
        found.setdefault(context.person(row), []).append(row)
    return found


def _go_through(context: Context, row: int, levels: Sequence[int], now: float) -> None:
    state, bank, at = context.state, context.state.banks["charging"], 0
    while True:
        due = _due(state, float(bank["by"][row]))
        if at < len(levels) and float(context.reports.received[levels[at]]) < due:
            _take(context, row, levels[at])
            at += 1
        elif due <= now:
            _look_at(context, row, context.due_at(due, ""))
        else:
            return


def _take(context: Context, row: int, report: int) -> None:
    """One level more. Charged is what has risen to as much; of what comes late, what is higher than was known."""
    evidence, one = context.state.banks["charging"].open(row), context.policy.chargings[row]
    time, level = float(context.reports.time[report]), int(context.reports.battery_percent[report])
    is_late, is_charging = time < evidence.seen, bool(context.reports.flags[report] & CHARGING)
    if level >= one.least and (is_charging or level > (evidence.missed_most if is_late else evidence.level)):
        evidence.topped = np.fmax(evidence.topped, time)
        _end(context, row, time, context.at(report))
    if is_late:
        return
    gap = time - evidence.seen
    if not (gap <= CLOSE or (gap <= FAR and level <= evidence.level)):
        evidence.known_from = time
    evidence.seen, evidence.level, evidence.most = time, level, max(evidence.most, level)


def _end(context: Context, row: int, time: float, at: At) -> None:
    """It is charged now; or was in time, as comes to be known: then nothing was missed."""
    bank, one = context.state.banks["charging"], context.policy.chargings[row]
    episode = context.ledger.ongoing(KIND, one.person, "", rule=one.rule)
    if episode is None or time <= bank["missed"][row] - WINDOW:
        return
    if time > bank["missed"][row]:
        context.ledger.clear(episode, time, at)
        return
    episode.retracted = True
    context.ledger.say(Change.RETRACTED, episode, at)


def _look_at(context: Context, row: int, at: At) -> None:
    """The time has come: say who is known to have missed it, and go on to the next."""
    evidence, one = context.state.banks["charging"].open(row), context.policy.chargings[row]
    by = float(evidence.by)
    is_bound = one.start <= by - WINDOW and by < one.until and not _is_excused(context.policy, one.person, by)
    if (
        is_bound
        and _has_missed(evidence, one.least, by)
        and context.ledger.ongoing(KIND, one.person, "", rule=one.rule) is None
    ):
        evidence.missed, evidence.missed_most = by, evidence.most
        _raise(context, one, evidence, at)
    evidence.done, evidence.by, evidence.most = by, context.policy.days.next_at(one.by_minute, by), evidence.level


def _has_missed(evidence: Record, least: int, by: float) -> bool:
    """Whether all of the 24 hours is known, and it was not charged in them; who still has as much need not."""
    since = by - WINDOW
    is_known = evidence.known_from <= since + CLOSE and evidence.seen >= by - CLOSE
    return bool(is_known and evidence.level < least and not evidence.topped >= since)


def _is_excused(policy: Policy, person: str, by: float) -> bool:
    spans = [(each.person, each.start, each.ends) for each in policy.configuration.leave]
    spans += [(each.person, each.start, each.until) for each in policy.configuration.removals]
    return any(who == person and begin < by and by - WINDOW < end for who, begin, end in spans)


def _raise(context: Context, one: Charging, evidence: Record, at: At) -> None:
    by, policy = float(evidence.by), context.policy
    device = next((policy.devices[each] for each in worn_by(policy, one.person, by)), "")
    context.ledger.raise_(
        Finding(
            kind=KIND, device=device, person=one.person, onset=by, evidence_time=at.time,
            opening=f"{one.person} {one.rule} {by:.0f}".encode(), first_offset=at.offset, rule=one.rule,
            basis=one.basis, facts={
                "from": by - WINDOW, "until": by, "least_percent": one.least, "most_percent": int(evidence.most),
                "battery_percent": int(evidence.level),
            },
        ),
        at,
    )  # fmt: skip


def end_lost_chargings(ledger: Ledger, at: At, digest: str) -> None:
    """Another configuration: what stands of a rule that binds nobody any more ends, and of who wears nothing."""
    policy, kept = ledger.policy, {(one.person, one.rule) for one in ledger.policy.chargings}
    seats = np.flatnonzero(~policy.phone)
    wearing = policy.wearing_at(seats, np.full(len(seats), at.time))
    worn = {policy.wearings[one][1] for one in wearing[wearing >= 0].tolist()}
    for episode in sorted(ledger.state.episodes.values(), key=lambda one: one.id):
        if episode.kind != KIND or not episode.is_ongoing:
            continue
        if (episode.person, episode.rule) not in kept:
            ledger.clear(episode, at.time, at, {"taken_away": at.time, "configuration": digest[:SHOWN]})
        elif episode.person not in worn:
            ledger.clear(episode, at.time, at, {"handed_over": at.time})

"""Timers of the calendar: whether somebody was where he had an appointment, at any time in its hours.

It is looked up in what has come of the time, by itself: who was there by two fixes has attended. Only who is known to
have been elsewhere all the while has not; hours of which nobody knows are said, and are no absence. What comes late is
looked at once more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import IN, OUT, posterior
from gateway.engine.episode import Change
from gateway.engine.ledger import At, Finding
from gateway.engine.looking import held, placed, verdicts_on
from gateway.engine.redecide import Recorder, out_of_history
from gateway.engine.state import EngineState
from gateway.engine.whereabouts import ANY_REACH, RADIUS95
from gateway.fusion.sigma import variance
from protocols.report import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.settings.model import Appointment

KIND: Final = "appointment_missed"
WAIT: Final = 600.0
"""Seconds after an appointment's end (and grace) for what may still come of it."""
BEFORE: Final = 1800.0
"""Seconds before its beginning from which on evidence is gathered."""
VISIT: Final = 900.0
"""Seconds of which nobody knows, in all, in which somebody may have been there."""
TO_COME, ATTENDED, MISSED, UNDETERMINED, PASSED_OVER = range(5)
"""What has been told of an appointment; the last: nothing was to be told."""
NOBODY: Final = -1
"""The group of who has never worn anything."""
WORDS: Final = {MISSED: "missed", UNDETERMINED: "undetermined"}
MILD: Final = "info"


@dataclass(frozen=True, slots=True)
class Looked:
    """What the reports of an appointment's hours say: what it comes to; seconds of which nobody knows; the last fix.

    ``last``: row of ``reports``; -1: there was none.
    """

    verdict: int
    undetermined: float
    log_odds: float
    reports: Reports
    last: int


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when there is none, or the configuration is yet to be applied."""
    if not state.listening or state.digest != policy.configuration.digest:
        return math.inf
    return min((_due(state, row) for row in range(len(state.banks["appointment"].records))), default=math.inf)


def _due(state: EngineState, row: int) -> float:
    """When one is to be looked at next. What was due while nobody listened waits for what the devices have stored."""
    one = state.banks["appointment"].records[row]
    if one["told"] != TO_COME:
        return float(one["again"]) if one["told"] in WORDS else math.inf
    due = float(one["due"])
    return due if due >= state.listening_since else state.listening_since + WAIT


def expect(state: EngineState, policy: Policy) -> None:
    """By this configuration, when each is to be looked at; what was over before anybody listened is passed over."""
    bank = state.banks["appointment"]
    for row, one in enumerate(policy.appointments):
        bank["due"][row] = one.until + one.grace_s + WAIT
        if bank["told"][row] == TO_COME and one.until < state.first_start:
            bank["told"][row] = PASSED_OVER


def watch_appointments(context: Context) -> None:
    """At a run's end: what of its hours has come, and what is due by then, of each appointment in log order."""
    bank, now = context.state.banks["appointment"], float(context.entries.received[-1])
    if not context.state.listening:
        return
    for row, one in enumerate(context.policy.appointments):
        if bank["told"][row] in {TO_COME, *WORDS}:
            _go_through(context, row, _coming(context, one), now)


def _coming(context: Context, one: Appointment) -> list[float]:
    """Receive times, in log order, of this run's reports of somebody's devices that are of an appointment's hours."""
    reports, policy = context.reports, context.policy
    group = policy.groups.of_person.get(one.person, NOBODY)
    of_hours = (reports.time >= one.start - BEFORE) & (reports.time <= one.until + one.grace_s) & ~reports.bare
    found: list[float] = reports.received[of_hours & (policy.group[reports.device] == group)].tolist()
    return found


def _go_through(context: Context, row: int, coming: list[float], now: float) -> None:
    """What came after it was looked at has it looked at again, WAIT after the first of it."""
    state, bank = context.state, context.state.banks["appointment"]
    at = 0
    while True:
        due = _due(state, row)
        at += sum(received < min(due, now + 1.0) for received in coming[at:]) if math.isfinite(due) else 0
        if bank["told"][row] in WORDS and not math.isfinite(due) and at < len(coming):
            bank["again"][row] = coming[at] + WAIT
            at += 1
        elif due <= now:
            bank["again"][row] = np.inf
            _look_at(context, row, context.due_at(due, ""))
        else:
            return


def _look_at(context: Context, row: int, at: At) -> None:
    """Look, and say what is news."""
    bank, one = context.state.banks["appointment"], context.policy.appointments[row]
    was = int(bank["told"][row])
    looked = None if _is_on_leave(context.policy, one) else _look(context, one, at.offset)
    if was == TO_COME:
        bank["told"][row] = PASSED_OVER if looked is None else looked.verdict
        if looked is not None and looked.verdict in WORDS:
            _raise(context, one, looked, at)
    elif looked is not None and looked.verdict != was:
        bank["told"][row] = looked.verdict
        _change(context, one, looked, at)


def _is_on_leave(policy: Policy, one: Appointment) -> bool:
    return any(
        each.person == one.person and each.start < one.until and one.start < each.ends
        for each in policy.configuration.leave
    )


def _look(context: Context, one: Appointment, before: int) -> Looked | None:
    """By the entries before ``before``; None: nobody may look, or the place is drawn no more."""
    policy = context.policy
    group = policy.groups.of_person.get(one.person)
    if group is None or one.zone not in policy.zone_ids or not _is_observed(policy, one):
        return None
    last = one.until + one.grace_s
    rows = context.past(group, one.start - BEFORE, last, before)
    recorder = Recorder(EngineState(entered=context.state.entered), policy)
    reports = out_of_history(recorder, rows, context.entries, context.first).reports
    mine = placed(policy, reports, one.person)
    log_odds, verdicts = verdicts_on(policy, one.zone, reports, mine)
    time = reports.time[mine]
    here = (verdicts == IN) & (time >= one.start)
    if here.any():
        return Looked(ATTENDED, 0.0, log_odds, reports, int(mine[-1]))
    known = held(time, verdicts, OUT, one.start, last)
    undetermined = max(0.0, last - one.start - known)
    verdict = UNDETERMINED if undetermined >= min(VISIT, last - one.start) else MISSED
    return Looked(verdict, undetermined, log_odds, reports, int(mine[-1]) if len(mine) else -1)


def _is_observed(policy: Policy, one: Appointment) -> bool:
    """Whether somebody wears a bracelet lawfully at the appointment's beginning, or at its end."""
    seats = np.flatnonzero(~policy.phone)
    for time in (one.start, one.until - 1.0):
        worn, then = policy.wearing_at(seats, np.full(len(seats), time)), np.full(len(seats), time)
        mine = [
            at for at, wearing in enumerate(worn.tolist()) if wearing >= 0 and policy.wearings[wearing][1] == one.person
        ]
        if mine and policy.lawful(worn[mine], then[mine]).any():
            return True
    return False


def _facts(policy: Policy, one: Appointment, looked: Looked) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "from": one.start, "until": one.until, "grace_seconds": one.grace_s, "unknown_seconds": looked.undetermined,
        "attendance": WORDS.get(looked.verdict, "attended"),
    }  # fmt: skip
    if looked.last >= 0:
        at = np.array([looked.last])
        zone, reports = policy.zone_ids.index(one.zone), looked.reports
        x, y = reports.x[at], reports.y[at]
        inside, place = policy.zones.signed_distance(np.array([zone]), x, y, ANY_REACH)
        facts |= {
            "placed": float(reports.time[at][0]), "source": Source(int(reports.source[at][0])).name.lower(),
            "away_m": round(-float(inside[0])),
            "away_deg": round(policy.zones.bearing(zone, int(place[0]), float(x[0]), float(y[0]))) % 360,
        }  # fmt: skip
    return facts


def _raise(context: Context, one: Appointment, looked: Looked, at: At) -> None:
    policy, reports = context.policy, looked.reports
    latitude = longitude = radius = None
    device = ""
    if looked.last >= 0:
        row = np.array([looked.last])
        off = variance(reports.source[row], reports.accuracy_m[row], reports.satellites[row])
        latitude, longitude = (round(float(each[row][0]), 7) for each in (reports.latitude, reports.longitude))
        radius, device = round(RADIUS95 * math.sqrt(float(off[0])), 1), policy.devices[int(reports.device[row][0])]
    is_missed = looked.verdict == MISSED
    context.ledger.raise_(
        Finding(
            kind=KIND, device=device, person=one.person, onset=one.start, evidence_time=at.time,
            opening=f"{one.person} {one.zone} {one.start:.0f} {one.until:.0f}".encode(), first_offset=at.offset,
            zone=one.zone, zone_name=policy.zones.zone_name(policy.zone_ids.index(one.zone)), basis=one.document,
            probability=round(float(posterior(looked.log_odds)), 4) if is_missed else None, latitude=latitude,
            longitude=longitude, radius_m=radius, facts=_facts(policy, one, looked),
            severity="" if is_missed else MILD,
        ),
        at,
    )  # fmt: skip


def _change(context: Context, one: Appointment, looked: Looked, at: At) -> None:
    """What has come late says otherwise: who was there was not missed, and the alarm is taken back."""
    for episode in _standing(context.state.episodes.values(), one):
        if looked.verdict == ATTENDED:
            episode.retracted = True
            context.ledger.say(Change.RETRACTED, episode, at)
            continue
        severity = context.policy.configuration.alarms[KIND].severity
        episode.severity = severity if looked.verdict == MISSED else MILD
        context.ledger.revise(episode, at, _facts(context.policy, one, looked))


def _standing(episodes: Iterable[Episode], one: Appointment) -> list[Episode]:
    """Its alarm, where nobody has closed it."""
    mine = (KIND, one.person, one.zone, one.start)
    known = sorted(episodes, key=lambda each: each.id)
    return [each for each in known if (each.kind, each.person, each.zone, each.onset) == mine and each.is_ongoing]

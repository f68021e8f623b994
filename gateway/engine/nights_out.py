"""Timers of the calendar: who is out by night and in by day, day after day, though that is not usual of him.

Each day (a night of 22:00-06:00 and the hours 08:00-18:00 after it) is looked up in what has come of it, by itself,
once it is over. It counts where somebody is known to have been out for half of the night and at home for half of the
day; it speaks against where he is known to have been in, or out, for as long; else it is of no use to either. Hours of
which nobody knows count for nothing. What comes late has its days looked at once more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

import numpy as np

from fencing.verdict import IN, OUT
from gateway.engine.alarm_timers import worn_by
from gateway.engine.episode import Change
from gateway.engine.ledger import Finding
from gateway.engine.looking import held, placed, verdicts_on
from gateway.engine.redecide import Recorder, out_of_history
from gateway.engine.shapes import HOME
from gateway.engine.state import DAYS_KEPT, NO_DAY, EngineState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fencing.span import Span
    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.habits import Habit
    from gateway.engine.ledger import At
    from gateway.engine.policy import Policy
    from gateway.engine.reports import Reports
    from gateway.engine.state import Bank

KIND: Final = "nights_out"
WAIT: Final = 3600.0
"""Seconds after a day, or after something of it has come late, for what may still come."""
BEFORE: Final = 1800.0
"""Seconds before a night from which on evidence is gathered."""
LATEST: Final = 7
"""Days back in which what comes late has something looked at again."""
SHARE: Final = 0.5
"""Of the night's hours, and of the day's, that have to be known."""
USUAL: Final = 28
"""Days before those of the rule that tell what is usual;"""
LEAST: Final = 7
"""of so many at least it has to be known,"""
SELDOM: Final = 0.25
"""and so many of these at most may have been of the kind."""
SLOTS: Final = 240
"""People are looked at in so many parts of an hour, by their id, and not all at once."""
UNKNOWN, ORDINARY, TURNED = range(3)
"""What a day comes to: nobody knows; not so; out by night and in by day."""


class Count(NamedTuple):
    """Days of the kind in the window that ends with a day, and of those before that tell what is usual, how many."""

    turned: tuple[int, ...]
    usual: int
    usual_of: int

    @property
    def is_unusual(self) -> bool:
        """Whether it is known what is usual, and this is not."""
        return self.usual_of >= LEAST and self.usual <= SELDOM * self.usual_of


def next_due(state: EngineState, policy: Policy) -> float:
    """Earliest due time of all; inf when there is none, or the configuration is yet to be applied."""
    bank = state.banks["habit"]
    if not len(bank.records) or not state.listening or state.digest != policy.configuration.digest:
        return math.inf
    return _not_before(state, float(np.minimum(bank["due"], bank["again"]).min()))


def _not_before(state: EngineState, due: float) -> float:
    """What was due while nobody listened waits for what the devices have stored."""
    return due if due >= state.listening_since else state.listening_since + WAIT


def expect(state: EngineState, policy: Policy, received: float) -> None:
    """By this configuration, from which day on each is looked at; days that are over before it are not."""
    bank = state.banks["habit"]
    for row, one in enumerate(policy.habits):
        if bank["newest"][row] == NO_DAY:
            bank["newest"][row] = bank["begun"][row] = policy.days.over_at(max(received, one.start))
        bank["due"][row] = _due(policy, one, int(bank["newest"][row]) + 1)


def _due(policy: Policy, one: Habit, day: int) -> float:
    """When a day is looked at."""
    return policy.days.day(day).until + WAIT + crc32(one.person.encode()) % SLOTS * (3600.0 / SLOTS)


def watch_nights_out(context: Context) -> None:
    """At a run's end: what of days that are over has come, and what is due by then, in log order."""
    state, policy = context.state, context.policy
    if not policy.habits or not state.listening:
        return
    bank, now = state.banks["habit"], float(context.entries.received[-1])
    late = _late(context)
    rows = np.minimum(bank["due"], bank["again"]) <= now
    if late:
        rows |= np.array([one.person in late for one in policy.habits])
    for row in np.flatnonzero(rows).tolist():
        _go_through(context, row, late.get(policy.habits[row].person, []), now)


def _late(context: Context) -> dict[str, list[tuple[float, float]]]:
    """By person, receive and device times, in log order, of the run's reports of days that are over."""
    reports, policy = context.reports, context.policy
    over = policy.days.day(policy.days.over_at(float(context.entries.received[-1]))).until
    found: dict[str, list[tuple[float, float]]] = {}
    for row in policy.counted.rows(policy.counted.nights, reports.wearing, ~reports.bare & (reports.time < over)):
        said = (float(reports.received[row]), float(reports.time[row]))
        found.setdefault(context.person(row), []).append(said)
    return found


def _go_through(context: Context, row: int, late: Sequence[tuple[float, float]], now: float) -> None:
    """Timers of a row and what came late for it, in the order of the log."""
    state, bank, at = context.state, context.state.banks["habit"], 0
    while True:
        due = _not_before(state, float(min(bank["due"][row], bank["again"][row])))
        if at < len(late) and late[at][0] < due:
            _hear_late(context.policy, bank, row, *late[at])
            at += 1
        elif due <= now:
            _look_at(context, row, context.due_at(due, ""))
        else:
            return


def _hear_late(policy: Policy, bank: Bank, row: int, received: float, time: float) -> None:
    """A day that was looked at already is looked at again, WAIT after its first late report."""
    day, newest = policy.days.over_at(time) + 1, int(bank["newest"][row])
    if max(int(bank["begun"][row]), newest - LATEST) < day <= newest:
        bank["again"][row] = min(float(bank["again"][row]), received + WAIT)
        bank["from"][row] = min(int(bank["from"][row]), day)


def _look_at(context: Context, row: int, at: At) -> None:
    """Look at the day that is over, and at those of which something came late; say what is news."""
    bank, policy = context.state.banks["habit"], context.policy
    first = min(int(bank["from"][row]), int(bank["newest"][row]) + 1)
    if bank["due"][row] <= at.time:
        _turn_page(bank, row, policy.days.over_at(at.time))
    newest, one = int(bank["newest"][row]), policy.habits[row]
    bank["from"][row], bank["again"][row], bank["due"][row] = NO_DAY, np.inf, _due(policy, one, newest + 1)
    for day in range(max(first, newest - LATEST), newest + 1):
        bank["days"][row, day - newest - 1] = _of_day(context, one, day, at.offset)
    _say(context, row, at)


def _turn_page(bank: Bank, row: int, over: int) -> None:
    """The next day; after a time longer than is kept, the last that is over."""
    newest = int(bank["newest"][row])
    days = 1 if over - newest <= DAYS_KEPT else over - newest
    kept = bank["days"][row].copy()
    bank["days"][row] = UNKNOWN
    bank["days"][row, : max(DAYS_KEPT - days, 0)] = kept[days:]
    bank["newest"][row] = newest + days


def _of_day(context: Context, one: Habit, day: int, before: int) -> int:
    """What a day comes to, by the entries before ``before``."""
    policy = context.policy
    night, by_day = policy.days.night(day), policy.days.day(day)
    group = policy.groups.of_person.get(one.person)
    is_bound = one.start <= night.begin and by_day.until <= one.until
    if group is None or not is_bound or _is_excused(policy, one.person, night.begin, by_day.until):
        return UNKNOWN
    rows = context.past(group, night.begin - BEFORE, by_day.until, before)
    recorder = Recorder(EngineState(entered=context.state.entered), policy)
    reports = out_of_history(recorder, rows, context.entries, context.first).reports
    return _judged(policy, one.person, reports, night, by_day)


def _judged(policy: Policy, person: str, reports: Reports, night: Span, by_day: Span) -> int:
    rows = placed(policy, reports, person)
    _, verdicts = verdicts_on(policy, f"{HOME}:{person}", reports, rows)

    def lasted(span: Span, verdict: int) -> bool:
        """Whether it is known of so many of the hours."""
        known = held(reports.time[rows], verdicts, verdict, span.begin, span.until)
        return known >= SHARE * (span.until - span.begin)

    if lasted(night, IN) or lasted(by_day, OUT):
        return ORDINARY
    return TURNED if lasted(night, OUT) and lasted(by_day, IN) else UNKNOWN


def _is_excused(policy: Policy, person: str, start: float, until: float) -> bool:
    """Leave, or a bracelet that is off with leave: such a day is of no use."""
    spans = [(each.person, each.start, each.ends) for each in policy.configuration.leave]
    spans += [(each.person, each.start, each.until) for each in policy.configuration.removals]
    return any(who == person and begin < until and start < end for who, begin, end in spans)


def _count(bank: Bank, row: int, one: Habit, last: int) -> Count:
    """Of the window that ends with the day ``last``; what was before a close counts for what is usual alone."""
    end = DAYS_KEPT - (int(bank["newest"][row]) - last)
    kept, first = bank["days"][row, : max(end, 0)], last - len(bank["days"][row, : max(end, 0)]) + 1
    turned = [first + int(at) for at in np.flatnonzero(kept[-one.of :] == TURNED) + max(len(kept) - one.of, 0)]
    usual = kept[: -one.of][-USUAL:]
    return Count(
        tuple(day for day in turned if day > bank["begun"][row]),
        int((usual == TURNED).sum()),
        int((usual != UNKNOWN).sum()),
    )


def _say(context: Context, row: int, at: At) -> None:
    """Raise, say more, or take back, as the days stand now."""
    one, bank = context.policy.habits[row], context.state.banks["habit"]
    episode = context.ledger.ongoing(KIND, one.person, "", rule=one.rule)
    newest, raised = int(bank["newest"][row]), int(bank["raised"][row])
    if raised != NO_DAY and episode is None:
        # A person has closed it: nights of before count no more.
        bank["raised"][row], bank["begun"][row] = NO_DAY, newest
    now = _count(bank, row, one, newest)
    if episode is None:
        if len(now.turned) >= one.nights and now.is_unusual:
            bank["raised"][row] = newest
            _raise(context, one, now, at)
    elif len(now.turned) >= one.nights:
        _revise(context, episode, one, now, at)
    elif newest - raised < LATEST + 1 and len(_count(bank, row, one, raised).turned) < one.nights:
        _take_back(context, row, episode, at)


def _facts(policy: Policy, one: Habit, count: Count) -> dict[str, Fact]:
    nights = [policy.days.night(day) for day in count.turned]
    return {
        "nights": len(nights), "of": one.of, "hours": [[night.begin, night.until] for night in nights],
        "usual_nights": count.usual, "usual_of": count.usual_of,
    }  # fmt: skip


def _raise(context: Context, one: Habit, count: Count, at: At) -> None:
    policy = context.policy
    onset = policy.days.night(count.turned[0]).begin
    device = next((policy.devices[each] for each in worn_by(policy, one.person, at.time)), "")
    context.ledger.raise_(
        Finding(
            kind=KIND, device=device, person=one.person, onset=onset, evidence_time=at.time,
            opening=f"{one.person} {one.rule} {count.turned}".encode(), first_offset=at.offset, rule=one.rule,
            basis=one.basis, facts=_facts(policy, one, count),
        ),
        at,
    )  # fmt: skip


def _revise(context: Context, episode: Episode, one: Habit, count: Count, at: At) -> None:
    """Another night, or one that late data have shown or taken away; what is usual stays as it was then."""
    facts = {name: fact for name, fact in _facts(context.policy, one, count).items() if not name.startswith("usual")}
    if facts["hours"] != episode.facts["hours"]:
        context.ledger.revise(episode, at, facts)


def _take_back(context: Context, row: int, episode: Episode, at: At) -> None:
    """Late data show that there were not so many."""
    context.state.banks["habit"]["raised"][row] = NO_DAY
    episode.retracted = True
    context.ledger.say(Change.RETRACTED, episode, at)

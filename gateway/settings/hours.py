"""The hours of a curfew: one window, several, or such as recur by a rule of iCalendar."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from fencing.recurrence import Recurrence, RecurrenceFault
from fencing.schedule import DAY_S
from gateway.settings.durations import written as duration
from gateway.settings.model import DaySet, HourRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw import RuleEntry
    from gateway.settings.raw_hours import CurfewEntry, HoursEntry

_MINUTES_OF_DAY = 1440
_DAILY = (0, 1, 2, 3, 4, 5, 6)
_USUAL = {DaySet.WORKDAYS: (0, 1, 2, 3, 4), DaySet.WEEKEND: (5, 6)}
"""The weekdays that a set of the calendar's mostly is."""


def hours(entry: Entry[RuleEntry], written: CurfewEntry, timezone: str, findings: Findings) -> tuple[HourRule, ...]:
    """The hours as written; what is wrong with them is noted."""
    found = _several(entry, written, timezone, findings) if written.hours else _one(entry, written, findings)
    for at, each in enumerate(found):
        path = ("curfew", "hours", at, "until") if written.hours else ("curfew", "until")
        if each.start_minute == each.until_minute:
            findings.add(entry.place(*path), "curfew_empty")
    shortest = min(map(_length, found), default=DAY_S)
    if shortest <= written.grace:
        findings.add(entry.place("curfew", "grace"), "grace_long", length=duration(shortest))
    _note_overlaps(entry, found, findings)
    return found


def _length(each: HourRule) -> float:
    return (each.until_minute - each.start_minute) % _MINUTES_OF_DAY * 60.0 or DAY_S


def _one(entry: Entry[RuleEntry], written: CurfewEntry, findings: Findings) -> tuple[HourRule, ...]:
    for key, value in (("from", written.start), ("until", written.until)):
        if value is None:
            findings.add(entry.place("curfew"), "missing", key=key)
    if written.start is None or written.until is None:
        return ()
    return (HourRule(written.start, written.until, _DAILY if written.days is None else written.days),)


def _several(
    entry: Entry[RuleEntry], written: CurfewEntry, timezone: str, findings: Findings
) -> tuple[HourRule, ...]:  # fmt: skip
    for key, value in (("from", written.start), ("until", written.until), ("days", written.days)):
        if value is not None:
            findings.add(entry.place("curfew", key), "hours_twice", key=key)
    found = (_hours(entry, at, each, timezone, findings) for at, each in enumerate(written.hours))
    return tuple(each for each in found if each is not None)


def _hours(
    entry: Entry[RuleEntry], at: int, each: HoursEntry, timezone: str, findings: Findings
) -> HourRule | None:  # fmt: skip
    if each.recurs is not None:
        return _recurring(entry, at, each, timezone, findings)
    if each.start is None:
        findings.add(entry.place("curfew", "hours", at), "missing", key="from")
        return None
    return HourRule(each.start, each.until, _DAILY if each.days is None else each.days)


def _recurring(
    entry: Entry[RuleEntry], at: int, each: HoursEntry, timezone: str, findings: Findings
) -> HourRule | None:  # fmt: skip
    """Of a recurrence, whose DTSTART says when it begins."""
    for key, value in (("from", each.start), ("days", each.days)):
        if value is not None:
            findings.add(entry.place("curfew", "hours", at, key), "recurs_says", key=key)
    text = each.recurs or ""
    try:
        return HourRule(Recurrence(text, timezone).start_minute, each.until, text)
    except RecurrenceFault as fault:
        place = entry.place("curfew", "hours", at, "recurs")
        findings.add(place, fault.key, value=fault.value, allowed=fault.allowed)
        return None


def _note_overlaps(entry: Entry[RuleEntry], found: Sequence[HourRule], findings: Findings) -> None:
    """Hours that lie in others are a slip; those that recur are let be: on one day they may, on another not."""
    if len(found) < 2:  # noqa: PLR2004  most curfews have one, and a county thousands of curfews
        return
    weekly = [(at, _minutes(each)) for at, each in enumerate(found)]
    for (one, here), (two, there) in combinations(weekly, 2):
        if here & there:
            place = entry.place("curfew", "hours", two)
            findings.add(place, "hours_overlap", other=entry.place("curfew", "hours", one))


def _minutes(each: HourRule) -> set[int]:
    """Minutes of a week, from Monday on."""
    if isinstance(each.days, str) and not isinstance(each.days, DaySet):
        return set()
    days = _USUAL[each.days] if isinstance(each.days, DaySet) else each.days
    length = round(_length(each) / 60)
    starts = [day * _MINUTES_OF_DAY + each.start_minute for day in days]
    return {minute % (7 * _MINUTES_OF_DAY) for start in starts for minute in range(start, start + length)}

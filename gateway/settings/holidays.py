"""Which days are worked on: as published, as the county has it beside or instead of that, else Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from fencing.dates import WorkCalendar, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw_hours import HolidayEntry

    Entries = Sequence[Entry[HolidayEntry]]

EDGE: Final = timedelta(days=31)
"""Before and after a year: a break over New Year's Eve is published with the later one."""


def work_calendar(published: Entries, own: Entries, findings: Findings) -> WorkCalendar:
    """The calendar: a year that the county has written is not used as published, and each day is as it says."""
    _check(own, findings)
    years = [entry.value.year for entry in own if entry.value.year is not None]
    days: dict[int, bool] = {}
    for entry in (*(each for each in published if each.value.year not in years), *own):
        days |= dict.fromkeys(_off(entry.value), False) | dict.fromkeys(map(number_of, entry.value.work), True)
    known = {entry.value.year for entry in (*published, *own)} - {None}
    return WorkCalendar(
        tuple(sorted(day for day, is_worked in days.items() if not is_worked)),
        tuple(sorted(day for day, is_worked in days.items() if is_worked)),
        tuple(sorted(year for year in known if year is not None)),
    )


def _off(entry: HolidayEntry) -> Iterator[int]:
    for first, last in entry.off:
        yield from range(number_of(first), number_of(last) + 1)


def _check(own: Entries, findings: Findings) -> None:
    years: dict[int, Entry[HolidayEntry]] = {}
    for entry in own:
        value = entry.value
        if not value.off and not value.work:
            findings.add(entry.place(), "holiday_empty")
        if (value.year is None) != (value.document is None):
            findings.add(entry.place(), "holiday_half")
        _check_days(entry, findings)
        if value.year in years:
            findings.add(entry.place("year"), "duplicate_id", value=value.year, other=years[value.year].place("year"))
        elif value.year is not None:
            years[value.year] = entry


def _check_days(entry: Entry[HolidayEntry], findings: Findings) -> None:
    """No day is both; those of a year lie in it, or beside it."""
    value, off = entry.value, set(_off(entry.value))
    for index, day in enumerate(value.work):
        if number_of(day) in off:
            findings.add(entry.place("work", index), "holiday_both", value=day)
        _check_year(entry, day, ("work", index), findings)
    for index, (first, last) in enumerate(value.off):
        for day in (first, last):
            _check_year(entry, day, ("off", index), findings)


def _check_year(entry: Entry[HolidayEntry], day: date, path: tuple[str, int], findings: Findings) -> None:
    year = entry.value.year
    if year is not None and not date(year, 1, 1) - EDGE <= day <= date(year, 12, 31) + EDGE:
        findings.add(entry.place(*path), "holiday_year", value=day, year=year)

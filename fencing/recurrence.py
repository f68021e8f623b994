"""Days that recur as iCalendar has it (RFC 5545): a DTSTART, an RRULE, and EXDATEs, in local time.

``dateutil`` says which days these are. What it would walk for minutes, or for ever, is refused before it is asked: its
walk ends at the year 9999, or where the rule does, and a rule that never holds has no end before.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from fencing.dates import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
EARLIEST: Final = 2000
"""Year before which no recurrence begins: whoever asks for today has all days since its begin counted."""
LATEST: Final = 2199
"""Year after which none holds."""
MOST: Final = {"INTERVAL": 1000, "COUNT": 10_000}
NEAR: Final = 100
"""Days among which the next one is looked for before the library is asked, which counts from the first one on."""
MOST_TEXT: Final = 4096
"""Characters of a recurrence."""
KEYS: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
LINES: Final = ("DTSTART", "RRULE", "EXDATE")
_LINE: Final = re.compile(r"([A-Z]+)((?:;[A-Z]+=[^;:]+)*):(\S+)")
_MOMENT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_LIMITS: Final = {"BYMONTHDAY": (31, True), "BYMONTH": (12, False), "BYSETPOS": (366, True)}
"""Largest number of a list, and whether it may be counted from the end."""
_MIDNIGHT: Final = time()


class RecurrenceFault(ValueError):
    """A text is no recurrence that is taken. ``key``: why; ``value``: the part that is meant; ``allowed``: what is."""

    def __init__(self, key: str, value: object, allowed: str = "") -> None:
        super().__init__(f"{key}: {value}")
        self.key, self.value, self.allowed = key, value, allowed


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurrence of local days, all at one time of day.

    Args:
        text: its lines: ``DTSTART:20260105T220000``, ``RRULE:FREQ=WEEKLY;BYDAY=MO``, ``EXDATE:20260216``. A day of
            EXDATE, or UNTIL, is all of that day. A TZID is the county's.
        timezone: IANA name of the zone that times ending in ``Z`` are turned into.

    Raises:
        RecurrenceFault: it is none, of another time zone, more often than daily, or without an end to its cost.
    """

    text: str
    timezone: str
    start: datetime = field(init=False, compare=False)
    """Of the first one, naive local time, to the minute."""
    _rule: rruleset = field(init=False, repr=False, compare=False)
    _years: dict[int, frozenset[int]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        lines = _lines(self.text)
        start = _start(*lines["DTSTART"][0], self.timezone)
        parts = _parts(lines["RRULE"][0][1])
        rule = rruleset()
        rule.rrule(rrulestr(_said(parts, start, self.timezone), dtstart=start))
        if next(iter(rule), None) != start:
            raise RecurrenceFault("recurrence_start", f"{start:%Y%m%dT%H%M%S}")
        for day in _left_out(lines["EXDATE"], self.timezone):
            moment = datetime.combine(day, start.time())
            if not rule.between(moment, moment, inc=True):
                raise RecurrenceFault("recurrence_exdate", f"{day:%Y%m%d}")
            rule.exdate(moment)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "_rule", rule)

    @property
    def start_minute(self) -> int:
        """Minute of the local day at which each begins."""
        return self.start.hour * 60 + self.start.minute

    def __contains__(self, day: int, /) -> bool:
        year = _moment_of(day).year
        if year not in self._years:
            self._years[year] = self._days_of(year)
        return day in self._years[year]

    def last_before(self, day: int) -> int | None:
        """As in :class:`fencing.dates.Dates`."""
        near = next((each for each in range(day - 1, day - NEAR, -1) if each in self), None)
        if near is not None:
            return near
        found = self._rule.before(datetime.combine(_moment_of(day), _MIDNIGHT))
        return None if found is None else number_of(found.date())

    def first_after(self, day: int) -> int | None:
        """As in :class:`fencing.dates.Dates`."""
        near = next((each for each in range(day + 1, day + NEAR) if each in self), None)
        if near is not None:
            return near
        found = self._rule.after(datetime.combine(_moment_of(day + 1), _MIDNIGHT), inc=True)
        return None if found is None or found.year > LATEST else number_of(found.date())

    def _days_of(self, year: int) -> frozenset[int]:
        if not self.start.year <= year <= LATEST:
            return frozenset()
        found = self._rule.between(datetime(year, 1, 1), datetime(year + 1, 1, 1), inc=True)  # noqa: DTZ001  local
        return frozenset(number_of(each.date()) for each in found if each.year == year)


def _moment_of(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


def _lines(text: str) -> dict[str, list[tuple[str, str]]]:
    """By name of a line, its parameters and its value; folded lines are one (RFC 5545, 3.1)."""
    if len(text) > MOST_TEXT:
        raise RecurrenceFault("recurrence_long", len(text), str(MOST_TEXT))
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in LINES}
    for line in re.sub(r"\r?\n[ \t]", "", text).split():
        parts = _LINE.fullmatch(line)
        if parts is None or parts[1] not in found:
            raise RecurrenceFault("recurrence_line", line, ", ".join(LINES))
        found[parts[1]].append((parts[2], parts[3]))
    for name in ("DTSTART", "RRULE"):
        if len(found[name]) != 1:
            raise RecurrenceFault("recurrence_lacks", name)
    return found


def _start(parameters: str, value: str, timezone: str) -> datetime:
    moment = _moment(value, timezone)
    if parameters not in ("", f";TZID={timezone}", ";VALUE=DATE-TIME") or value.endswith("Z"):
        raise RecurrenceFault("recurrence_zone", parameters.lstrip(";") or value, timezone)
    if not isinstance(moment, datetime) or moment.second or not EARLIEST <= moment.year <= LATEST:
        raise RecurrenceFault("recurrence_begin", value, str(EARLIEST))
    return moment


def _moment(value: str, timezone: str) -> date | datetime:
    """A day; or a naive local time, which of one that ends in ``Z`` is the county's."""
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise RecurrenceFault("recurrence_moment", value)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return day
        moment = datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6])))
    except ValueError as cause:
        raise RecurrenceFault("recurrence_moment", value) from cause
    in_utc = moment.replace(tzinfo=ZoneInfo("UTC"))
    return in_utc.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) if found[7] else moment


def _left_out(lines: list[tuple[str, str]], timezone: str) -> set[date]:
    found = set()
    for parameters, values in lines:
        if parameters not in ("", f";TZID={timezone}", ";VALUE=DATE", ";VALUE=DATE-TIME"):
            raise RecurrenceFault("recurrence_zone", parameters.lstrip(";"), timezone)
        for value in values.split(","):
            moment = _moment(value, timezone)
            found.add(moment.date() if isinstance(moment, datetime) else moment)
    return found


def _parts(rule: str) -> dict[str, str]:
    """The parts of a rule by name, each within its bounds."""
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        if key not in KEYS or key in parts or not value:
            raise RecurrenceFault("recurrence_part", part, ", ".join(KEYS))
        parts[key] = value
    if parts.get("FREQ") not in FREQUENCIES:
        raise RecurrenceFault("recurrence_often", parts.get("FREQ", ""), ", ".join(FREQUENCIES))
    if "COUNT" in parts and "UNTIL" in parts:
        raise RecurrenceFault("recurrence_ends_twice", rule)
    _check_numbers(parts)
    _check_days(parts)
    return parts


def _check_numbers(parts: Mapping[str, str]) -> None:
    for key, most in MOST.items():
        if key in parts and not (parts[key].isascii() and parts[key].isdigit() and 1 <= int(parts[key]) <= most):
            raise RecurrenceFault("recurrence_number", f"{key}={parts[key]}", f"1-{most}")
    for key, (most, either) in _LIMITS.items():
        for value in parts[key].split(",") if key in parts else ():
            number = int(value) if re.fullmatch(r"[+-]?\d{1,3}", value, re.ASCII) else 0
            if not 1 <= (abs(number) if either else number) <= most:
                raise RecurrenceFault("recurrence_number", f"{key}={value}", f"1-{most}")


def _check_days(parts: Mapping[str, str]) -> None:
    """Days of the week; what only a month or a year has is refused of days and weeks."""
    if parts.get("WKST", "MO") not in _DAYS:
        raise RecurrenceFault("recurrence_day", parts["WKST"], ", ".join(_DAYS))
    is_short = parts["FREQ"] in ("DAILY", "WEEKLY")
    for value in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        found = _DAY.fullmatch(value)
        if found is None or (found[1] is not None and (is_short or not 1 <= abs(int(found[1])) <= 53)):  # noqa: PLR2004  weeks
            raise RecurrenceFault("recurrence_day", value, ", ".join(_DAYS))
    for key in ("BYSETPOS", "BYMONTHDAY"):
        if key in parts and (parts["FREQ"] == "WEEKLY" or (key == "BYSETPOS" and is_short)):
            raise RecurrenceFault("recurrence_part", f"{key}={parts[key]}", "FREQ=MONTHLY")


def _said(parts: dict[str, str], start: datetime, timezone: str) -> str:
    """The rule as dateutil takes it: whose UNTIL is a naive time, of a day its end. One that never holds is refused."""
    if not _fits(parts, start):
        raise RecurrenceFault("recurrence_start", f"{start:%Y%m%dT%H%M%S}")
    if "UNTIL" in parts:
        until = _moment(parts["UNTIL"], timezone)
        last = until if isinstance(until, datetime) else datetime.combine(until, time(23, 59, 59))
        parts = parts | {"UNTIL": f"{last:%Y%m%dT%H%M%S}"}
    return ";".join(f"{key}={value}" for key, value in parts.items())


def _fits(parts: Mapping[str, str], start: datetime) -> bool:
    """Whether the first day is of the months, the days of a month and the weekdays that are named, if it can be.

    Of weekdays that are counted, and of BYSETPOS, dateutil says so, which walks months and years in moderate time.
    """
    length = monthrange(start.year, start.month)[1]
    months = _numbers(parts, "BYMONTH")
    days = {day if day > 0 else length + 1 + day for day in _numbers(parts, "BYMONTHDAY")}
    weekdays = {_DAYS.index(day[-2:]) for day in parts["BYDAY"].split(",")} if "BYDAY" in parts else set()
    return (
        (not months or start.month in months)
        and (not days or start.day in days)
        and (not weekdays or start.weekday() in weekdays)
    )


def _numbers(parts: Mapping[str, str], key: str) -> set[int]:
    return {int(each) for each in parts[key].split(",")} if key in parts else set()

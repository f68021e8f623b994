"""Times as officers write them: times of day, dates, moments, weekdays."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

from pydantic import BeforeValidator, WithJsonSchema

from gateway.settings.model import DaySet
from gateway.settings.values import plain_text, refusal, schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SETS: Final[Mapping[str, tuple[int, ...] | DaySet]] = {
    "daily": tuple(range(7)), **{each.value: each for each in DaySet},
}  # fmt: skip
_MINUTES_OF_DAY = 1440
_END_OF_DAY = "24:00"
_NEARLY = re.compile(r"(\d{1,2})([:：.。．点时h])(?:([0-5]\d)分?)?(?<!:)", re.ASCII)
"""A time of day, and what is written for one by mistake."""
_DATE = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"


def _clock(value: object) -> int:
    """Minute of the day; of what is nearly a time the message says how to write it."""
    if isinstance(value, int) and not isinstance(value, bool):
        minutes = value % _MINUTES_OF_DAY
        raise refusal("clock_number", value, guess=f"{minutes // 60:02d}:{minutes % 60:02d}")
    text = plain_text(f"{value:.2f}" if isinstance(value, float) else value)
    found = _NEARLY.fullmatch(text)
    if found is None:
        raise refusal("clock", value)
    minutes = int(found[1]) * 60 + int(found[3] or 0)
    if minutes >= _MINUTES_OF_DAY:
        raise refusal("clock_beyond", value, guess=f"{int(found[1]) % 24:02d}:{found[3] or '00'}")
    if found[2] != ":" or isinstance(value, float):
        raise refusal("clock_mark", value, guess=f"{minutes // 60:02d}:{minutes % 60:02d}")
    return minutes


def _end(value: object) -> int:
    """Minute of the day at which something ends: 1440 where the day does."""
    if isinstance(value, int) and value == _MINUTES_OF_DAY:
        raise refusal("clock_number", value, guess=_END_OF_DAY)
    text = plain_text(f"{value:.2f}" if isinstance(value, float) else value)
    if text == _END_OF_DAY:
        return _MINUTES_OF_DAY
    found = _NEARLY.fullmatch(text)
    if found is not None and found[1] == "24" and not int(found[3] or 0):
        raise refusal("clock_mark", value, guess=_END_OF_DAY)
    return _clock(value)


def _date(value: object) -> date:
    found = re.fullmatch(_DATE, value.strip(), re.ASCII) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else _fail(value, "date")
    except ValueError as impossible:
        raise refusal("date", value) from impossible


def _moment(value: object) -> datetime:
    pattern = _DATE + r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
    found = re.fullmatch(pattern, value.strip(), re.ASCII) if isinstance(value, str) else None
    try:
        if found is None:
            _fail(value, "moment")
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        is_end = (hour, minute, second) == (24, 0, 0)
        moment = datetime(year, month, day, 0 if is_end else hour, minute, second)  # noqa: DTZ001 - its zone comes later
        return moment + timedelta(days=is_end)
    except (ValueError, OverflowError) as impossible:
        raise refusal("moment", value) from impossible


MOST_SPAN = 60
"""Days of one break."""


def _days_of(value: object) -> tuple[date, date]:
    """The first and the last of some days that follow one another; one of a list that was read before is taken."""
    if isinstance(value, tuple):
        return value
    first, slash, last = value.partition("/") if isinstance(value, str) and value.count("-") == 4 else (value, "", "")  # noqa: PLR2004  of two dates
    begin = _date(first)
    end = _date(last) if slash else begin
    if not timedelta() <= end - begin <= timedelta(days=MOST_SPAN):
        raise refusal("days_span", value, most=MOST_SPAN)
    return begin, end


def _fail(value: object, key: str) -> NoReturn:
    raise refusal("empty" if value is None else key, value)


def _days(value: object) -> tuple[int, ...] | DaySet:
    if isinstance(value, str) and value in _DAY_SETS:
        return _DAY_SETS[value]
    if value == []:
        raise refusal("days_empty", None)
    names = value if isinstance(value, list) else [value]
    for name in names:
        if name not in _WEEKDAYS:
            raise refusal("days", name)
    return tuple(sorted({_WEEKDAYS.index(name) for name in names}))


ClockTime = Annotated[int, BeforeValidator(_clock), schema(r"^([01]?\d|2[0-3]):[0-5]\d$", "22:00")]
"""Minute of the local day, written ``"22:00"``."""
EndTime = Annotated[int, BeforeValidator(_end), schema(r"^(([01]?\d|2[0-3]):[0-5]\d|24:00)$", "08:00")]
"""As ``ClockTime``, and 1440 for ``"24:00"``, the end of the day."""
LocalDate = Annotated[date, BeforeValidator(_date), schema(r"^\d{4}-\d{1,2}-\d{1,2}$", "2026-11-01")]
"""A calendar day of the county; ``2026/11/1``, as spreadsheets write it, is taken too."""
SomeDays = Annotated[
    tuple[date, date],
    BeforeValidator(_days_of),
    schema(r"^\d{4}-\d{1,2}-\d{1,2}(/\d{4}-\d{1,2}-\d{1,2})?$", "2026-02-15/2026-02-23"),
]
"""A day, or the first and the last of a break."""
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    schema(r"^\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$", "2026-12-31 18:00"),
]
"""Local time of the county, to the minute or second; a date alone is its midnight, 24:00 the next day's."""
Days = Annotated[
    tuple[int, ...] | DaySet,
    BeforeValidator(_days),
    WithJsonSchema(
        {"anyOf": [{"enum": list(_DAY_SETS)}, {"type": "array", "items": {"enum": list(_WEEKDAYS)}, "minItems": 1}]}
    ),
]
"""Weekdays, 0 Monday: ``daily`` or a list of ``mon`` to ``sun``; ``workdays`` and ``weekend`` are the calendar's."""

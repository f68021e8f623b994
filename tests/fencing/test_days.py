"""Nights and days of a county's own time, by a clock that may be put forward."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fencing.days import Days

SHANGHAI = Days("Asia/Shanghai")
SECOND = date(2026, 11, 2).toordinal()


def utc(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp()


def test_a_day_has_the_night_that_ends_in_it_and_its_own_hours():
    night, day = SHANGHAI.night(SECOND), SHANGHAI.day(SECOND)
    assert (night.begin, night.until) == (utc(2026, 11, 1, 14), utc(2026, 11, 1, 22))
    assert (day.begin, day.until) == (utc(2026, 11, 2, 0), utc(2026, 11, 2, 10))


@pytest.mark.parametrize(("hour", "over"), [(9, SECOND - 1), (10, SECOND), (20, SECOND)])
def test_a_day_is_over_with_its_hours(hour, over):
    assert SHANGHAI.over_at(utc(2026, 11, 2, hour)) == over


def test_where_clocks_are_put_forward_the_night_is_an_hour_shorter():
    night = Days("Europe/Berlin").night(date(2027, 3, 28).toordinal())
    assert night.until - night.begin == 7 * 3600


def test_waking_hours_are_those_of_the_day_of_a_time():
    waking = SHANGHAI.waking(utc(2026, 11, 1, 16, 30))
    assert (waking.begin, waking.until) == (utc(2026, 11, 2, 0), utc(2026, 11, 2, 14))


@pytest.mark.parametrize(("minute", "day"), [(22 * 60, 1), (20 * 60, 2), (20 * 60 + 1, 1)])
def test_the_next_time_of_a_day_is_after_a_time(minute, day):
    found = SHANGHAI.next_at(minute, utc(2026, 11, 1, 12))
    assert found == utc(2026, 11, day, 0) + minute * 60 - 8 * 3600

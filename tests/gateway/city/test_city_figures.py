"""A county's line: cut off after a minute, by a last will or a stop; nothing known is not zero."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from city_events import NOW

from gateway.city.figures import NOTHING, SILENT, began, lines
from gateway.city.store import Counts, Heard
from gateway.settings.city import CityCounty

ZONE = ZoneInfo("Asia/Shanghai")
COUNTY = CityCounty("450203", "甲县")


def line(heard=None, counts=None, now=NOW):
    (one,) = lines([COUNTY], {} if heard is None else {"450203": heard}, {"450203": counts} if counts else {}, now)
    return one


@pytest.mark.parametrize(
    ("heard", "is_cut", "is_stopped"),
    [
        (Heard(NOW - SILENT, "heartbeat", healthy=True, since=NOW), False, False),
        (Heard(NOW - SILENT - 1, "heartbeat", healthy=True, since=NOW), True, False),
        (Heard(NOW + 5, "heartbeat", healthy=True, since=NOW), False, False),
        (Heard(NOW - 1, "lost", healthy=True, since=NOW), True, False),
        (Heard(NOW - 1, "stopped", healthy=True, since=NOW), True, True),
    ],
)
def test_whoever_gives_no_sign_for_a_minute_is_cut_off(heard, is_cut, is_stopped):
    one = line(heard)
    assert (one.is_cut, one.is_stopped, one.counts) == (is_cut, is_stopped, NOTHING)
    assert one.age == max(0.0, NOW - heard.heard)


def test_of_a_county_that_was_never_heard_nothing_is_known_and_that_is_not_zero():
    one = line()
    assert (one.counts, one.age, one.is_cut, one.false_percent) == (None, None, True, None)


def test_what_it_told_before_stands_also_where_it_is_cut_off():
    counts = Counts({"critical": 2}, 1, NOW - 60, 3, 40, 3)
    one = line(Heard(NOW - 9000, "heartbeat", healthy=False, since=NOW), counts)
    assert (one.is_cut, one.counts, one.is_healthy) == (True, counts, False)
    assert one.false_percent == pytest.approx(7.5)
    assert (*one.false_interval, one.is_few) == (pytest.approx(2.58, abs=0.01), pytest.approx(19.86, abs=0.01), False)
    few = line(Heard(NOW, "heartbeat", healthy=True, since=NOW), Counts({}, 0, None, 0, 5, 1))
    assert (*few.false_interval, few.is_few) == (pytest.approx(3.62, abs=0.01), pytest.approx(62.45, abs=0.01), True)
    none = line(Heard(NOW, "heartbeat", healthy=True, since=NOW))
    assert (none.false_percent, none.false_interval, none.is_few) == (None, (0.0, 100.0), True)


def test_counties_stand_in_their_own_order_whatever_their_figures():
    counties = [CityCounty(code, code) for code in ("c", "a", "b")]
    counts = {"a": Counts({"critical": 9}, 9, NOW, 0, 0, 0)}
    assert [one.county.code for one in lines(counties, {}, counts, NOW)] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("at", "day", "month"),
    [
        ("2026-11-01T00:00:00", "2026-11-01", "2026-11-01"),
        ("2026-11-30T23:59:59", "2026-11-30", "2026-11-01"),
        ("2024-02-29T12:00:00", "2024-02-29", "2024-02-01"),
    ],
)
def test_a_day_and_a_month_begin_at_local_midnight(at, day, month):
    now = datetime.fromisoformat(at).replace(tzinfo=ZONE).timestamp()
    begun = [datetime.fromtimestamp(each, ZONE).isoformat() for each in began(now, ZONE)]
    assert begun == [f"{day}T00:00:00+08:00", f"{month}T00:00:00+08:00"]

"""Which stretch of the past an address asks for, and days that do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.console.stretch import NoSuchDay, asked, nights_before

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 28, 1, 30, tzinfo=ZONE).timestamp()


def local(at):
    return datetime.fromtimestamp(at, UTC).astimezone(ZONE).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("query", "since", "until", "again"),
    [
        ({}, "11-27 01:30", "11-28 01:30", ""),
        ({"day": ""}, "11-27 01:30", "11-28 01:30", ""),
        ({"day": "2026-11-27"}, "11-27 00:00", "11-28 00:00", "day=2026-11-27"),
        ({"night": "2026-11-26"}, "11-26 12:00", "11-27 12:00", "night=2026-11-26"),
        ({"day": "2026-11-28"}, "11-28 00:00", "11-29 00:00", "day=2026-11-28"),
    ],
)
def test_a_day_begins_at_midnight_a_night_at_noon_and_else_it_is_the_last_day(query, since, until, again):
    found = asked(query, ZONE, NOW, 30)
    assert (local(found.since), local(found.until), found.query) == (since, until, again)


def test_a_day_of_a_changed_clock_has_its_own_length():
    berlin = ZoneInfo("Europe/Berlin")
    found = asked({"day": "2026-10-25"}, berlin, NOW, 180)
    assert found.until - found.since == 25 * 3600


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("2026-02-30", "day_none"), ("yesterday", "day_none"), ("<b>", "day_none"), ("0000-00-00", "day_none"),
        ("9999-12-31", "day_none"), ("0001-01-01", "day_gone"), ("2026-11-29", "day_to_come"),
        ("2026-10-01", "day_gone"), ("9000-01-01", "day_to_come"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["day", "night"])
def test_a_day_that_does_not_exist_is_told_apart(said, key, kind):
    with pytest.raises(NoSuchDay) as refused:
        asked({kind: said}, ZONE, NOW, 30)
    assert (refused.value.key, refused.value.value) == (key, said)


def test_the_first_day_that_is_kept_in_part_is_shown():
    assert asked({"day": "2026-10-29"}, ZONE, NOW, 30).day == date(2026, 10, 29)


def test_the_last_nights_end_with_that_of_now():
    nights = nights_before(ZONE, NOW, 30)
    assert (nights[-1].day, nights[0].day) == (date(2026, 11, 27), date(2026, 10, 29))
    afternoon = datetime(2026, 11, 28, 15, tzinfo=ZONE).timestamp()
    assert nights_before(ZONE, afternoon, 1)[0].day == date(2026, 11, 28)

"""The strip of nights: how long at home, away and undetermined, of the time of duty."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from gateway.console.night_strip import strip
from gateway.console.stretch import nights_before
from gateway.store.presence import Stretch

ZONE = ZoneInfo("Asia/Shanghai")
NOW = 1_793_530_800.0
NIGHTS = nights_before(ZONE, NOW, 3)
TEN = NIGHTS[0].since + 10 * 3600.0


def curfew(since, hours, state, duty="curfew"):
    return Stretch("R1", duty, "home", TEN + since * 3600.0, TEN + (since + hours) * 3600.0, state)


def test_a_nights_hours_are_told_by_state_and_areas_are_no_curfew():
    held = [curfew(0, 6, "home"), curfew(6, 3, "unknown"), curfew(9, 1, "not_home"), curfew(0, 10, "not_home", "area")]
    first, *rest = strip(NIGHTS, held)
    assert (first.home, first.unknown, first.not_home) == (6 * 3600, 3 * 3600, 3600)
    assert first.word == "not_home"
    assert [one.word for one in rest] == ["none", "none"]
    assert rest[0].bars() == []


def test_what_goes_on_over_noon_belongs_to_both_nights():
    first, second, _ = strip(NIGHTS, [curfew(0, 24, "unknown")])
    assert first.judged + second.judged == pytest.approx(24 * 3600)
    assert second.word == "unknown"


def test_two_duties_at_one_time_count_once_and_the_worse_of_them():
    first, *_ = strip(NIGHTS, [curfew(0, 10, "home"), curfew(2, 4, "not_home"), curfew(5, 3, "unknown")])
    assert (first.home, first.not_home, first.unknown) == (4 * 3600, 4 * 3600, 2 * 3600)


def test_the_bars_fill_the_column():
    [one, *_] = strip(NIGHTS, [curfew(0, 7.5, "home"), curfew(7.5, 2.5, "not_home")])
    assert one.bars() == [("not_home", 0.0, 25.0), ("home", 25.0, 75.0)]

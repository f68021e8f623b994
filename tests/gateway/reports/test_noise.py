"""The desk's load: by operator and day, in ten minutes, its sources, what stays and what flickers."""

from __future__ import annotations

import pytest
from made_episodes import episode
from story_month import ZONE

from gateway.reports.cases import case_of
from gateway.reports.noise import CHATTER_WITHIN, Source, noise
from gateway.reports.period import month_of
from gateway.reports.shares import Share

NOVEMBER = month_of("2026-11", ZONE)
START = NOVEMBER.start


def alarms(*after: float, kind: str = "curfew_late", **known):
    made = (
        episode(kind, **{"decided": START + at, "closed": START + at + 600, "outcome": "excused"} | known)
        for at in after
    )
    return [case_of(one, ZONE) for one in made]


def test_load_is_by_operator_and_day_and_by_ten_minutes():
    found = noise(alarms(*range(0, 60, 2)), NOVEMBER, NOVEMBER.until, 2)
    assert found.operator_day == pytest.approx(30 / 30 / 2)
    assert found.ten_minutes == pytest.approx(30 / 4320 / 2)
    assert (found.peak, found.floods) == (30, Share(1, 4320))
    assert noise(alarms(*range(0, 60, 2)), NOVEMBER, NOVEMBER.until, 3).floods == Share(0, 4320)


def test_of_a_month_that_goes_on_only_what_is_over_counts_and_of_none_nothing():
    found = noise(alarms(60.0, 120.0), NOVEMBER, START + 86_400.0, 1)
    assert (found.operator_day, found.floods) == (2.0, Share(0, 144))
    assert noise([], NOVEMBER, START, 1).operator_day is None


def test_the_ten_worst_sources_are_kinds_and_rules_with_their_zone():
    cases = alarms(0, 60, rule="no-cafes", zone_name="cafe 3") + alarms(
        *range(0, 1200, 100), kind="battery_low", rule=""
    )
    for number in range(12):
        cases += alarms(30.0, rule=f"r{number:02d}")
    worst = noise(cases, NOVEMBER, NOVEMBER.until, 1).worst
    assert worst[:2] == (Source("battery_low", "", "", 12), Source("curfew_late", "no-cafes", "cafe 3", 2))
    assert len(worst) == 10
    assert worst[2] == Source("curfew_late", "r00", "", 1)


def test_stale_is_what_was_open_for_more_than_a_day():
    day = 86_400.0
    cases = (
        alarms(0.0, closed=START + day) + alarms(0.0, closed=START + day + 1) + alarms(0.0, closed=None, outcome="")
        + alarms(0.0, kind="battery_low", closed=None, outcome="")
    )  # fmt: skip
    assert noise(cases, NOVEMBER, START + 2 * day, 1).stale == (("curfew_late", 2),)


def test_what_comes_three_times_in_an_hour_of_one_device_flickers():
    cases = alarms(0.0, 1800.0, CHATTER_WITHIN, 9000.0) + alarms(0.0, 60.0, kind="sos") + alarms(90.0, device="B9")
    cases += alarms(0, CHATTER_WITHIN / 2, CHATTER_WITHIN + 1, kind="case_open")
    assert noise(cases, NOVEMBER, NOVEMBER.until, 1).chattering == (("curfew_late", 3),)

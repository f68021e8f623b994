"""Days on which devices were worn with authority, and stretches of wearing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from story_month import ZONE, moment, written

from gateway.reports.period import month_of
from gateway.reports.worn import common, device_days, joined, people_within, wearings
from gateway.settings.load import load
from gateway.settings.model import Assignment

NOVEMBER = month_of("2026-11", ZONE)
MINUTE = 60.0


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return load(written(tmp_path_factory.mktemp("november") / "county"))


def test_november_has_210_of_them(county):
    assert device_days(county, NOVEMBER.start, NOVEMBER.until) == pytest.approx(210.0)
    assert len(people_within(county, NOVEMBER.start, NOVEMBER.until)) == 8
    assert device_days(county, moment("2026-11-16 00:00"), moment("2026-11-17 00:00")) == pytest.approx(6.0)
    assert device_days(county, moment("2026-01-01 00:00"), moment("2026-02-01 00:00")) == 0.0


def test_nobody_counts_without_authority_or_beyond_the_term_and_who_is_protected_never(county):
    without = replace(county, authorities=())
    assert device_days(without, NOVEMBER.start, NOVEMBER.until) == 0.0
    half = moment("2026-11-16 00:00")
    people = {key: replace(one, term_until=half) for key, one in county.people.items()}
    assert device_days(replace(county, people=people), NOVEMBER.start, NOVEMBER.until) == pytest.approx(120.0)
    people = {key: replace(one, protected=True) for key, one in county.people.items()}
    assert device_days(replace(county, people=people), NOVEMBER.start, NOVEMBER.until) == 0.0


def test_two_authorities_that_overlap_count_a_day_once(county):
    doubled = replace(county, authorities=county.authorities * 2)
    assert device_days(doubled, NOVEMBER.start, NOVEMBER.until) == pytest.approx(210.0)


def test_a_change_of_bracelets_is_no_end_and_a_gap_of_days_is(county):
    start, until = moment("2026-11-01 00:00"), moment("2026-11-20 00:00")
    worn = (
        Assignment("B0003", "P0003", start, moment("2026-11-10 08:00")),
        Assignment("B0004", "P0003", moment("2026-11-10 20:00"), moment("2026-11-12 00:00")),
        Assignment("B0004", "P0003", moment("2026-11-15 00:00"), until),
    )
    spans = wearings(replace(county, assignments=worn))["P0003"]
    assert spans == [(start, moment("2026-11-12 00:00")), (moment("2026-11-15 00:00"), until)]


def test_spans_are_joined_and_cut():
    assert joined([(5.0, 6.0), (1.0, 2.0), (2.0, 3.0), (1.5, 1.7)]) == [(1.0, 3.0), (5.0, 6.0)]
    assert common([(1.0, 4.0)], [(0.0, 2.0), (3.0, 9.0), (4.0, 5.0)]) == [(1.0, 2.0), (3.0, 4.0)]

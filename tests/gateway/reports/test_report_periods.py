"""Months of the calendar, and what has to be said of one before a figure is shown."""

from __future__ import annotations

import pytest
from story_month import NOW, ZONE, moment

from gateway.errors import UserFault
from gateway.reports.period import kept_of, month_at, month_of, standing, year_to

OCTOBER = moment("2026-10-20 12:00")


def test_a_month_is_of_the_countys_calendar():
    november = month_of(" 2026-11 ", ZONE)
    assert (november.start, november.until) == (moment("2026-11-01 00:00"), moment("2026-12-01 00:00"))
    assert november.has(moment("2026-11-30 23:59"))
    assert not november.has(november.until)
    assert month_of("2026-12", ZONE).until == moment("2027-01-01 00:00")
    assert year_to(november, ZONE).start == moment("2026-01-01 00:00")
    assert (november.days(NOW), november.days(moment("2026-11-02 12:00")), november.days(0.0)) == (30.0, 1.5, 0.0)


@pytest.mark.parametrize(("at", "back", "name"), [
    ("2026-12-01 09:00", 1, "2026-11"), ("2027-01-01 00:00", 1, "2026-12"), ("2026-12-31 23:59", 0, "2026-12"),
])  # fmt: skip
def test_the_month_of_a_time_and_those_before(at, back, name):
    assert month_at(moment(at), ZONE, back).name == name


@pytest.mark.parametrize(
    "written", ["", "2026-13", "2026-00", "2026-1", "1999-12", "2026-11-01", "next", "２０２６-11"]
)
def test_what_is_no_month_is_said(written):
    with pytest.raises(UserFault, match="is no month"):
        month_of(written, ZONE)


@pytest.mark.parametrize(
    ("month", "since", "days", "said"),
    [
        ("2026-11", OCTOBER, None, ()),
        ("2026-11", OCTOBER, 31, ()),
        ("2027-01", OCTOBER, None, ("future",)),
        ("2026-09", OCTOBER, None, ("none",)),
        ("2026-11", None, None, ("none",)),
        ("2026-10", OCTOBER, None, ("begun",)),
        ("2026-12", OCTOBER, None, ("running",)),
        ("2026-12", NOW - 60, None, ("begun", "running")),
        ("2026-11", OCTOBER, 30, ("cut",)),
        ("2026-01", OCTOBER, 90, ("cut",)),
    ],
)
def test_what_is_to_be_said_of_a_month(month, since, days, said):
    assert standing(month_of(month, ZONE), NOW, since, days) == said


def test_of_a_year_what_is_still_all_there_counts_from_the_first_whole_day_on():
    year = year_to(month_of("2026-11", ZONE), ZONE)
    assert kept_of(year, NOW, moment("2025-12-31 23:00"), None, ZONE) == year
    assert kept_of(year, NOW, OCTOBER, None, ZONE).start == moment("2026-10-21 00:00")
    assert kept_of(year, NOW, OCTOBER, 10, ZONE).start == moment("2026-11-22 00:00")
    assert kept_of(year, NOW, None, None, ZONE).start == year.until

"""Days off and make-up workdays: as published, as the county has it, and what is said of a year that nobody knows."""

import io
import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fencing.dates import number_of
from gateway.engine import compile_policy
from gateway.settings import check
from gateway.settings.files import HOLIDAYS
from gateway.settings.load import load, load_sources

WORKDAYS = 'until: "08:00", days: workdays'
CURFEW = 'until: "08:00", days: daily'
SHANGHAI = ZoneInfo("Asia/Shanghai")


def by_workdays(written, more="", county=""):
    """The small county with a curfew of workdays; ``more`` behind the main file, ``county`` among its county's keys."""
    written.replace("rules/rules.yaml", CURFEW, WORKDAYS)
    written.replace("gateway.yaml", "datum: wgs84}", f"datum: wgs84{county}}}")
    written.texts["gateway.yaml"] += more
    return written.write()


def is_workday(configuration, text):
    return configuration.calendar.is_workday(number_of(date.fromisoformat(text)))


def days(*spans):
    found = set()
    for first, last in spans:
        begin = date.fromisoformat(first)
        found |= {begin + timedelta(days=each) for each in range((date.fromisoformat(last) - begin).days + 1)}
    return found


EXCEPTIONS = {
    2020: (
        ("01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 05-04 "
         "05-05 06-25 06-26 10-01 10-02 10-05 10-06 10-07 10-08"),
        "01-19 04-26 05-09 06-28 09-27 10-10",
    ),
    2021: (
        ("01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 "
         "06-14 09-20 09-21 10-01 10-04 10-05 10-06 10-07"),
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    2022: (
        ("01-03 01-31 02-01 02-02 02-03 02-04 04-04 04-05 05-02 05-03 "
         "05-04 06-03 09-12 10-03 10-04 10-05 10-06 10-07"),
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    2023: (
        ("01-02 01-23 01-24 01-25 01-26 01-27 04-05 05-01 05-02 05-03 "
         "06-22 06-23 09-29 10-02 10-03 10-04 10-05 10-06"),
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    2024: (
        ("01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 "
         "05-03 06-10 09-16 09-17 10-01 10-02 10-03 10-04 10-07"),
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        ("01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 "
         "05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08"),
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        ("01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 "
         "05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07"),
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}  # fmt: skip
"""By year: the weekdays that are off, and the weekend days that are worked on."""


@pytest.mark.parametrize("year", EXCEPTIONS)
def test_the_published_years_are_as_the_state_council_has_them(written, year):
    configuration = load(by_workdays(written))
    of_year = [date(year, 1, 1) + timedelta(days=each) for each in range(365 + (year % 4 == 0))]
    worked = {day for day in of_year if configuration.calendar.is_workday(number_of(day))}
    off, work = EXCEPTIONS[year]
    named = {date.fromisoformat(f"{year}-{text}") for text in off.split()}
    made_up = {date.fromisoformat(f"{year}-{text}") for text in work.split()}
    assert {day for day in of_year if day.weekday() < 5} - worked == named
    assert {day for day in of_year if day.weekday() >= 5} & worked == made_up
    assert year in configuration.calendar.published


def test_the_spring_festival_of_2026(written):
    configuration = load(by_workdays(written))
    assert all(is_workday(configuration, text) for text in ("2026-02-14", "2026-02-28"))
    off = days(("2026-02-15", "2026-02-23"))
    assert not any(configuration.calendar.is_workday(number_of(day)) for day in off)
    assert is_workday(configuration, "2026-02-24")


def test_a_curfew_of_workdays_holds_on_a_make_up_saturday_and_not_in_a_break(written):
    configuration = load(by_workdays(written))
    (schedule,) = compile_policy(configuration).curfews.schedules
    nights = {
        day: float(schedule.window([_at(date(2026, 2, day), 23)])[0][0]) for day in (13, 14, 15, 20, 23, 24, 28)
    }  # fmt: skip
    assert [day for day, begins in nights.items() if not math.isnan(begins)] == [13, 14, 24, 28]
    assert schedule.span(_at(date(2026, 2, 18), 12)).begin == _at(date(2026, 2, 15), 8)
    assert schedule.span(_at(date(2026, 2, 18), 12)).until == _at(date(2026, 2, 24), 22)


def _at(day, hour):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).timestamp()


def test_a_county_adds_and_overrules(written):
    own = (
        'holidays:\n  - "2026-04-20"\n  - {name: third of the third, off: [2026-04-21], work: [2026-04-25]}\n'
        "  - {work: [2026-02-16]}\n"
    )
    configuration = load(by_workdays(written, own))
    assert not any(is_workday(configuration, text) for text in ("2026-04-20", "2026-04-21", "2026-02-17"))
    assert is_workday(configuration, "2026-04-25")
    assert is_workday(configuration, "2026-02-16")


def test_a_year_that_the_county_writes_is_not_used_as_published(written):
    own = "holidays:\n  - {year: 2026, document: notice 9, off: [2025-12-31/2026-01-02]}\n"
    configuration = load(by_workdays(written, own))
    assert is_workday(configuration, "2026-02-17")
    assert not is_workday(configuration, "2025-12-31")
    assert not is_workday(configuration, "2025-10-01")
    assert configuration.calendar.published == tuple(range(2020, 2027))


def test_what_is_published_is_one_of_the_texts_and_a_configuration_of_before_has_none(written):
    configuration = load(by_workdays(written))
    assert "year: 2026" in configuration.sources[HOLIDAYS]
    again = load_sources(configuration.sources)
    assert (again.calendar, again.digest) == (configuration.calendar, configuration.digest)
    before = {name: text for name, text in configuration.sources.items() if name != HOLIDAYS}
    assert load_sources(before).calendar.published == ()
    assert load_sources(before).calendar.is_workday(number_of(date(2026, 2, 17)))


@pytest.mark.parametrize("county", ["", ", holidays: none"])
def test_it_is_read_where_a_rule_goes_by_it_alone(written, county):
    if county:
        configuration = load(by_workdays(written, county=county))
        assert is_workday(configuration, "2026-02-17")
    else:
        configuration = load(written.write())
    assert HOLIDAYS not in configuration.sources
    assert configuration.calendar.published == ()


@pytest.mark.parametrize(
    ("own", "place", "told"),
    [
        ("[2026-13-01]", "11:12", "“2026-13-01” is not a date; write it like 2026-11-01"),
        ("soon", "11:11", "a list is expected"),
        ("[{off: [2026-02-23/2026-02-15]}]", "11:19", "ends before it begins, or is longer than 60 days"),
        ("[{off: [2026-02-15/2026-12-15]}]", "11:19", "longer than 60 days"),
        ("[{name: nothing}]", "11:12", "there is no day in it; write off or work"),
        ("[{year: 2027, off: [2027-01-01]}]", "11:12", "year and document go together"),
        ("[{document: x, off: [2027-01-01]}]", "11:12", "year and document go together"),
        ("[{off: [2026-04-20/2026-04-22], work: [2026-04-21]}]", "11:50", "2026-04-21 is both off and worked on"),
        ("[{year: 2027, document: x, work: [2026-06-01]}]", "11:45", "2026-06-01 does not lie in 2027"),
        ("[{year: 1999, document: x, work: [1999-06-01]}]", "11:19", "2000"),
        ("[{of: [2026-04-20]}]", "11:13", "did you mean"),
        ("[{year: 2027, document: x, off: [2027-01-01]}, {year: 2027, document: y, off: [2027-01-01]}]", "11:65",
         "2027"),
    ],
)  # fmt: skip
def test_holidays_that_cannot_be_meant_are_refused_with_place_and_advice(written, own, place, told):
    written.texts["gateway.yaml"] += f"holidays: {own}\n"
    _, lines = checked(written.write())
    assert lines[0].startswith(f"{written.directory}/gateway.yaml:{place}: ")
    assert told in lines[0]


def checked(path, today=None, language="en"):
    out = io.StringIO()
    code = check.run([path], language, out, today=today)
    return code, out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-09-30", []), ("2026-10-01", [2027]), ("2027-01-01", [2027]), ("2027-11-01", [2027, 2028]), (None, [])],
)
def test_a_year_that_is_not_published_is_said_and_not_guessed(written, today, years):
    code, lines = checked(by_workdays(written), today and date.fromisoformat(today))
    noted = [line for line in lines if "are not published, or not entered" in line]
    place = f"{written.directory}/rules/rules.yaml:19:13: note: the holidays of"
    assert code == 0
    assert len(noted) == len(years)
    assert all(line.startswith(f"{place} {year} ") for year, line in zip(years, noted, strict=True))


def test_nothing_is_said_of_a_year_that_is_written_or_that_no_rule_reaches(written):
    written.replace("rules/rules.yaml", "    basis: order 2\n", "    basis: order 2\n    until: 2026-12-31\n")
    _, lines = checked(by_workdays(written), date(2026, 11, 30))
    assert not [line for line in lines if "not published" in line]
    written.texts["gateway.yaml"] += "holidays:\n  - {year: 2027, document: notice 9, off: [2027-01-01]}\n"
    _, lines = checked(written.write(), date(2027, 3, 1))
    assert not [line for line in lines if "not published" in line]


@pytest.mark.parametrize(
    ("today", "due"), [("2026-11-23", False), ("2026-11-24", True), ("2026-12-01", True), ("2026-12-02", False)]
)
def test_each_thirty_days_somebody_asks_whether_it_is_still_necessary(written, today, due):
    _, lines = checked(written.write(), date.fromisoformat(today))
    assert ("to be reviewed by 2026-12-01: is it still necessary?" in lines[0]) == due
    assert "to be reviewed" not in lines[1]

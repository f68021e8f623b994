"""Days that recur, against a calendar counted out by hand; and what is refused before a library is asked."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from effort import examples
from enumerated import DAYS, at_work, holding, recurring, written
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from met import must_meet

from fencing import recurrence
from fencing.dates import Weekdays, number_of
from fencing.recurrence import Recurrence, RecurrenceFault
from fencing.schedule import Schedule, Window

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
ZONES = (SHANGHAI, BERLIN, "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati")
LAST = date(2029, 12, 31)


def text(start, rule, *more):
    return "\n".join((f"DTSTART:{start:%Y%m%d}T220000", f"RRULE:{rule}", *more))


def days_of(found, first, last):
    return [each for each in _days(first, last) if number_of(each) in found]


def _days(first, last):
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


@st.composite
def rules(draw):
    start = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    rule = {"FREQ": frequency, "INTERVAL": draw(st.integers(1, 5))}
    weekdays = tuple(draw(st.sets(st.sampled_from(DAYS), min_size=1)) | {DAYS[start.weekday()]})
    if frequency == "WEEKLY":
        rule |= {"BYDAY": weekdays, "WKST": draw(st.sampled_from(DAYS))}
    elif frequency == "DAILY" and draw(st.booleans()):
        rule["BYDAY"] = weekdays
    elif frequency == "MONTHLY":
        rule |= draw(_monthly(start, weekdays))
    end = draw(st.sampled_from(["none", "count", "until"]))
    if end == "count":
        rule["COUNT"] = draw(st.integers(1, 40))
    elif end == "until":
        rule["UNTIL"] = start + timedelta(days=draw(st.integers(0, 900)))
    return start, rule


def _monthly(start, weekdays):
    nth = f"{(start.day - 1) // 7 + 1}{DAYS[start.weekday()]}"
    return st.sampled_from([
        {}, {"BYMONTHDAY": (start.day, -1)}, {"BYDAY": (nth, "-1FR")}, {"BYDAY": weekdays, "BYSETPOS": (1, -1)},
    ])  # fmt: skip


@must_meet("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "ends", "goes on", "left out")
@given(rules(), st.data())
@settings(max_examples=examples(150))
@example((date(2024, 2, 29), {"FREQ": "YEARLY"}), None)
def test_days_are_those_of_a_calendar_counted_out(met, ruled, data):
    start, rule = ruled
    expected = recurring(start, rule, LAST)
    assume(expected)
    assume(expected[0] == start)
    left_out = set() if data is None else data.draw(st.sets(st.sampled_from(expected[:20]), max_size=3))
    more = [f"EXDATE:{day:%Y%m%d}T220000" for day in sorted(left_out)]
    found = Recurrence(text(start, written(rule), *more), SHANGHAI)
    kept = [day for day in expected if day not in left_out]
    assert days_of(found, start - timedelta(days=40), LAST) == kept
    probe = number_of(kept[len(kept) // 2]) if kept else number_of(start)
    after = [number_of(day) for day in kept if number_of(day) > probe]
    before = [number_of(day) for day in kept if number_of(day) < probe]
    assert found.last_before(probe) == (before[-1] if before else None)
    if after:
        assert found.first_after(probe) == after[0]
    met[rule["FREQ"]] += 1
    met["ends" if {"COUNT", "UNTIL"} & rule.keys() else "goes on"] += 1
    met["left out"] += bool(left_out)


@must_meet("several windows", "overlap", "clocks change", *ZONES)
@given(rules(), st.tuples(st.integers(0, 1439), st.integers(1, 1440)), st.sampled_from(ZONES), st.data())
@settings(max_examples=examples(150))
def test_a_schedule_holds_when_one_of_its_windows_does_by_half_open_ends(met, ruled, other, zone, data):
    start, rule = ruled
    days = recurring(start, rule, LAST)
    assume(days)
    assume(days[0] == start)
    nights, until = Recurrence(text(start, written(rule)), zone), data.draw(st.integers(0, 1440))
    evenings = Window(nights.start_minute, until, nights)
    schedule = Schedule((evenings, Window(*other, Weekdays((1, 3, 6)))), zone)
    by_hand = holding(days, nights.start_minute, until, zone)
    weekly = [
        day for day in _days(start - timedelta(days=20), start + timedelta(days=420)) if day.weekday() in (1, 3, 6)
    ]
    periods = by_hand + holding(weekly, *other, zone)
    origin = datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(zone)).timestamp()
    edges = [edge for period in periods for edge in period if origin < edge < origin + 400 * 86_400.0]
    times = data.draw(st.lists(st.sampled_from(edges), min_size=1, max_size=8))
    times += [edge + step for edge in times for step in (-1.0, 1.0)]
    starts, ends = schedule.window(times)
    assert (~np.isnan(starts)).tolist() == [at_work(each, periods) for each in times]
    inside = ~np.isnan(starts)
    assert ((starts <= times) & (times < ends))[inside].all()
    for each, begins, over in zip(times, starts, ends, strict=True):
        span = schedule.span(each)
        assert span.holds == (not np.isnan(begins))
        assert span.begin <= each < span.until
        if span.holds:
            assert (span.begin, span.until) == (begins, over)
        elif np.isfinite(span.until) and span.until < origin + 400 * 86_400.0:
            assert at_work(span.until, periods)
            assert not any(each < one < span.until for one, _ in periods)
    met["several windows"] += 1
    met[zone] += 1
    met["overlap"] += any(one[0] < two[0] < one[1] for one in by_hand[:30] for two in periods)
    met["clocks change"] += any(round(over - begins) % 3600 for begins, over in by_hand) or zone in (BERLIN, ZONES[2])


def test_a_night_is_found_in_the_morning_after_it_has_begun():
    weekly = Recurrence("DTSTART:20260105T220000\nRRULE:FREQ=WEEKLY;BYDAY=MO", SHANGHAI)
    schedule = Schedule((Window(22 * 60, 6 * 60, weekly),), SHANGHAI)
    monday = datetime(2026, 1, 12, 22, tzinfo=ZoneInfo(SHANGHAI)).timestamp()
    starts, ends = schedule.window([monday - 1.0, monday, monday + 8 * 3600.0 - 1.0, monday + 8 * 3600.0])
    np.testing.assert_array_equal(starts, [np.nan, monday, monday, np.nan])
    np.testing.assert_array_equal(ends, [np.nan, monday + 8 * 3600.0, monday + 8 * 3600.0, np.nan])


@pytest.mark.parametrize(
    ("until", "last"),
    [("20260119", 19), ("20260119T220000", 19), ("20260119T215959", 12), ("20260119T140000Z", 19),
     ("20260119T135959Z", 12)],
)  # fmt: skip
def test_the_last_day_counts_and_a_time_in_utc_is_the_countys(until, last):
    weekly = Recurrence(text(date(2026, 1, 5), f"FREQ=WEEKLY;UNTIL={until}"), SHANGHAI)
    assert days_of(weekly, date(2026, 1, 1), date(2026, 3, 1))[-1] == date(2026, 1, last)
    assert weekly.first_after(number_of(date(2026, 2, 1))) is None


def test_a_day_is_left_out_by_its_date_too_and_lines_may_be_folded():
    begin, rule = "DTSTART;TZID=Asia/Shanghai:20260105T220000", "RRULE:FREQ=DAILY;\r\n COUNT=5"
    folded = f"{begin}\r\n{rule}\r\nEXDATE;VALUE=DATE:20260106,20260108\r\n"
    daily = Recurrence(folded, SHANGHAI)
    assert [day.day for day in days_of(daily, date(2026, 1, 1), date(2026, 2, 1))] == [5, 7, 9]


BEGIN, TWICE = "DTSTART:20260105T220000\n", "FREQ=DAILY;COUNT=2;UNTIL=20270101"
ELSEWHERE = "TZID=Europe/Berlin"


@pytest.mark.parametrize(
    ("written_as", "key", "value"),
    [
        ("", "recurrence_lacks", "DTSTART"),
        (BEGIN, "recurrence_lacks", "RRULE"),
        (f"{BEGIN}RRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", "recurrence_lacks", "RRULE"),
        (f"{BEGIN}RDATE:20260107T220000", "recurrence_line", "RDATE:20260107T220000"),
        ("every night", "recurrence_line", "every"),
        ("DTSTART:20260105\nRRULE:FREQ=DAILY", "recurrence_begin", "20260105"),
        ("DTSTART:20260105T220030\nRRULE:FREQ=DAILY", "recurrence_begin", "20260105T220030"),
        ("DTSTART:19991231T220000\nRRULE:FREQ=DAILY", "recurrence_begin", "19991231T220000"),
        ("DTSTART:20260230T220000\nRRULE:FREQ=DAILY", "recurrence_moment", "20260230T220000"),
        ("DTSTART:20260105T220000Z\nRRULE:FREQ=DAILY", "recurrence_zone", "20260105T220000Z"),
        ("DTSTART;TZID=Europe/Berlin:20260105T220000\nRRULE:FREQ=DAILY", "recurrence_zone", "TZID=Europe/Berlin"),
        (f"{BEGIN}RRULE:FREQ=HOURLY", "recurrence_often", "HOURLY"),
        (f"{BEGIN}RRULE:INTERVAL=2", "recurrence_often", ""),
        (f"{BEGIN}RRULE:FREQ=DAILY;BYHOUR=1,2", "recurrence_part", "BYHOUR=1,2"),
        (f"{BEGIN}RRULE:FREQ=DAILY;FREQ=DAILY", "recurrence_part", "FREQ=DAILY"),
        (f"{BEGIN}RRULE:FREQ=DAILY;INTERVAL=0", "recurrence_number", "INTERVAL=0"),
        (f"{BEGIN}RRULE:FREQ=DAILY;INTERVAL=1001", "recurrence_number", "INTERVAL=1001"),
        (f"{BEGIN}RRULE:FREQ=DAILY;COUNT=10001", "recurrence_number", "COUNT=10001"),
        (f"{BEGIN}RRULE:FREQ=DAILY;COUNT=２", "recurrence_number", "COUNT=２"),
        (f"{BEGIN}RRULE:FREQ=DAILY;BYMONTH=13", "recurrence_number", "BYMONTH=13"),
        (f"{BEGIN}RRULE:FREQ=MONTHLY;BYMONTHDAY=0", "recurrence_number", "BYMONTHDAY=0"),
        (f"{BEGIN}RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=x", "recurrence_number", "BYSETPOS=x"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY;BYDAY=MON", "recurrence_day", "MON"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY;BYDAY=1MO", "recurrence_day", "1MO"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY;WKST=X", "recurrence_day", "X"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY;BYMONTHDAY=5", "recurrence_part", "BYMONTHDAY=5"),
        (f"{BEGIN}RRULE:FREQ=DAILY;BYSETPOS=1", "recurrence_part", "BYSETPOS=1"),
        (f"{BEGIN}RRULE:{TWICE}", "recurrence_ends_twice", TWICE),
        (f"{BEGIN}RRULE:FREQ=WEEKLY;BYDAY=TU", "recurrence_start", "20260105T220000"),
        (f"{BEGIN}RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "recurrence_start", "20260105T220000"),
        (f"{BEGIN}RRULE:FREQ=DAILY;UNTIL=20260104", "recurrence_start", "20260105T220000"),
        (f"{BEGIN}RRULE:FREQ=MONTHLY;BYDAY=2MO", "recurrence_start", "20260105T220000"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY\nEXDATE:20260106", "recurrence_exdate", "20260106"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY\nEXDATE:soon", "recurrence_moment", "soon"),
        (f"{BEGIN}RRULE:FREQ=WEEKLY\nEXDATE;{ELSEWHERE}:20260105T220000", "recurrence_zone", ELSEWHERE),
        (f"{BEGIN}RRULE:FREQ=DAILY" + "\nEXDATE:20260106" * 300, "recurrence_long", 4840),
    ],
)  # fmt: skip
def test_what_is_no_recurrence_or_costs_without_end_is_refused(written_as, key, value):
    with pytest.raises(RecurrenceFault) as refused:
        Recurrence(written_as, SHANGHAI)
    assert (refused.value.key, refused.value.value) == (key, value)


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2"]
)
def test_what_would_be_walked_for_ever_is_never_asked_of_the_library(monkeypatch, rule):
    asked = []
    monkeypatch.setattr(recurrence, "rrulestr", lambda *_, **__: asked.append(rule))
    with pytest.raises(RecurrenceFault):
        Recurrence(f"{BEGIN}RRULE:{rule}", SHANGHAI)
    assert not asked


def test_before_its_begin_and_beyond_the_last_year_there_is_none():
    daily = Recurrence(text(date(2026, 1, 5), "FREQ=DAILY"), SHANGHAI)
    assert number_of(date(2026, 1, 4)) not in daily
    assert number_of(date(2200, 1, 1)) not in daily
    assert daily.first_after(number_of(date(2199, 12, 31))) is None
    assert daily.last_before(number_of(date(2026, 1, 5))) is None

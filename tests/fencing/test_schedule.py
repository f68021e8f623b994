"""Nightly periods in local time."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from fencing.dates import Weekdays
from fencing.schedule import Schedule, Window
from fencing.span import Span

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def nightly_of(start, until, days, zone):
    return Schedule((Window(start, until, Weekdays(days)),), zone)


CURFEW = nightly_of(22 * 60, 8 * 60, EVERY_DAY, SHANGHAI)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def windows(nightly, *texts):
    start, until = nightly.window(np.array([at(text, nightly.timezone) for text in texts]))
    return list(zip(start.tolist(), until.tolist(), strict=True))


@pytest.mark.parametrize(
    "moment", ["2026-03-02T22:00", "2026-03-02T23:59:59", "2026-03-03T00:00", "2026-03-03T07:59:59"]
)
def test_a_night_crosses_midnight(moment):
    assert windows(CURFEW, moment) == [(at("2026-03-02T22:00"), at("2026-03-03T08:00"))]


@pytest.mark.parametrize("moment", ["2026-03-02T21:59:59", "2026-03-03T08:00", "2026-03-03T12:00"])
def test_the_day_is_no_night(moment):
    assert np.isnan(windows(CURFEW, moment)).all()


def test_weekdays_are_those_of_the_start():
    weekend = nightly_of(22 * 60, 8 * 60, (4, 5), SHANGHAI)
    friday = at("2026-03-06T22:00"), at("2026-03-07T08:00")
    saturday = at("2026-03-07T22:00"), at("2026-03-08T08:00")
    assert windows(weekend, "2026-03-07T01:00", "2026-03-08T07:00") == [friday, saturday]
    assert np.isnan(windows(weekend, "2026-03-06T07:00", "2026-03-08T23:00")).all()


@must_meet("within", "between")
@given(st.floats(at("2025-01-01T00:00"), at("2027-01-01T00:00")), st.sampled_from([SHANGHAI, BERLIN]))
@example(at("2026-03-02T22:00"), SHANGHAI)
@example(at("2026-03-03T08:00"), SHANGHAI)
@example(at("2026-03-29T03:00", BERLIN), BERLIN)
def test_a_span_is_the_night_of_a_time_or_what_lies_between_two(met, time, zone):
    nightly = nightly_of(22 * 60, 8 * 60, (1, 2, 4), zone)
    start, until = (float(edge[0]) for edge in nightly.window([time]))
    span = nightly.span(time)
    met["within" if span.holds else "between"] += 1
    if span.holds:
        assert (span.begin, span.until) == (start, until)
        return
    assert np.isnan(start)
    assert span.begin <= time < span.until
    (before, _, after), (_, ended, _) = nightly.window([span.begin - 1.0, time, span.until])
    assert nightly.window([span.begin - 1.0])[1] == [span.begin]
    assert after == span.until
    assert before < span.begin
    assert np.isnan(ended)


def test_a_period_of_one_weekday_is_a_week_from_the_next():
    monday = nightly_of(8 * 60, 16 * 60, (0,), SHANGHAI)
    between = Span(at("2026-03-02T16:00"), at("2026-03-09T08:00"), holds=False)
    assert monday.span(at("2026-03-02T16:00")) == monday.span(at("2026-03-09T07:59:59")) == between


def test_within_a_day_and_a_whole_day():
    school = nightly_of(8 * 60, 16 * 60, (0,), SHANGHAI)
    assert windows(school, "2026-03-02T08:00") == [(at("2026-03-02T08:00"), at("2026-03-02T16:00"))]
    assert np.isnan(windows(school, "2026-03-02T16:00")).all()
    whole = nightly_of(0, 1440, EVERY_DAY, SHANGHAI)
    assert windows(whole, "2026-03-02T23:59:59") == [(at("2026-03-02T00:00"), at("2026-03-03T00:00"))]
    noon = nightly_of(720, 720, EVERY_DAY, SHANGHAI)
    assert windows(noon, "2026-03-02T12:00") == [(at("2026-03-02T12:00"), at("2026-03-03T12:00"))]


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 9), ("2026-10-24", 11), ("2026-06-01", 10)])
def test_daylight_saving_changes_the_length_of_a_night(evening, hours):
    nightly = nightly_of(22 * 60, 8 * 60, EVERY_DAY, BERLIN)
    start, until = windows(nightly, f"{evening}T23:30")[0]
    assert start == at(f"{evening}T22:00", BERLIN)
    assert until - start == hours * 3600.0


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
def test_far_time_zones(zone):
    nightly = nightly_of(22 * 60, 21 * 60, EVERY_DAY, zone)
    expected = at("2026-03-02T22:00", zone), at("2026-03-03T21:00", zone)
    assert windows(nightly, "2026-03-02T22:00", "2026-03-03T20:59") == [expected, expected]


def test_times_without_a_date_are_in_no_period():
    for side in CURFEW.window(np.array([np.nan, np.inf, -np.inf, 1e300, -1e12])):
        assert np.isnan(side).all()
    assert [len(side) for side in CURFEW.window(np.zeros(0))] == [0, 0]


@must_meet("in a period", "in none", "several times at once")
@given(st.lists(st.floats(1.6e9, 1.9e9), min_size=1, max_size=30), st.sampled_from([SHANGHAI, BERLIN]))
@example([1.7e9 + 3600.0 * hour for hour in range(30)], SHANGHAI)
def test_a_batch_gives_the_periods_of_its_times(met, times, zone):
    nightly = nightly_of(22 * 60, 6 * 60 + 30, (0, 2, 4, 5), zone)
    batch = np.column_stack(nightly.window(np.array(times)))
    single = np.array([np.ravel(nightly.window(np.array([time]))) for time in times])
    assert batch.tobytes() == single.tobytes()
    found = batch[~np.isnan(batch[:, 0])]
    moments = np.array(times)[~np.isnan(batch[:, 0])]
    assert ((found[:, 0] <= moments) & (moments < found[:, 1])).all()
    met["in a period"] += len(found)
    met["in none"] += len(times) - len(found)
    met["several times at once"] += len(times) > 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((25 * 60, 480, EVERY_DAY, SHANGHAI), "no minutes of a day: from 1500"),
        ((1320, -1, EVERY_DAY, SHANGHAI), "until -1"),
        ((1320, 480, (), SHANGHAI), "no weekdays"),
        ((1320, 480, (7,), SHANGHAI), "no weekdays"),
        ((1320, 480, EVERY_DAY, "Asia/Nowhere"), "no time zone of this name: 'Asia/Nowhere'"),
        ((1320, 480, EVERY_DAY, "../etc"), "no time zone"),
        ((1320, 480, EVERY_DAY, ""), "no time zone"),
    ],
)
def test_periods_that_do_not_exist(arguments, message):
    with pytest.raises(ValueError, match=message):
        nightly_of(*arguments)


@must_meet("in one", "between", "they differ")
@given(st.floats(0.0, 4e8), st.floats(0.0, 50_000.0))
@example(114_000.0, 3600.0)
def test_what_holds_throughout_is_what_the_window_of_each_time_is(met, since, length):
    nightly = nightly_of(22 * 60, 6 * 60, (0, 2, 4, 5), "Europe/Berlin")
    first, last = 1.6e9 + since, 1.6e9 + since + length
    found = nightly.throughout(first, last)
    starts, ends = nightly.window(np.linspace(first, last, 50))
    if found is None:
        met["they differ"] += 1
        return
    met["between" if math.isnan(found[0]) else "in one"] += 1
    np.testing.assert_array_equal(starts, found[0])
    np.testing.assert_array_equal(ends, found[1])

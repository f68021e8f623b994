"""Fixes that the cells heard with them contradict: said within a minute, once; and what is no such thing."""

from __future__ import annotations

import pytest
from heard_rows import BEGIN, Row, shaken, tell
from timeline import HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, raised

from gateway.engine.snapshot import restore, snapshot_of
from protocols.report import Flag

KIND = "position_implausible"
OFF = (1100.0, 0.0)
FAR = (5000.0, 0.0)


def quiet() -> Timeline:
    """Nobody is asked to be anywhere."""
    return Timeline.of(at(0, 12), rules=(), alarms=alarm_policies())


def rows(fix, heard, *, every=15.0, minutes=40, **more) -> list[Row]:
    """From 13 h on; ``fix`` and ``heard`` by the seconds since then and the report's number."""
    count = int(minutes * MINUTE / every)
    return [Row(BEGIN + n * every, fix(n * every), heard(n * every, n), **more) for n in range(count)]


def at_home(_seconds, number):
    return shaken(HOME, number)


@pytest.mark.parametrize("every", [10.0, 15.0, 20.0])
@pytest.mark.parametrize("scans", ["as they come", "always the same"])
@pytest.mark.parametrize("speed", [0.0, float("nan")], ids=["at rest", "no speed stated"])
def test_a_spoof_a_kilometre_off_is_said_within_a_minute(every, scans, speed):
    heard = at_home if scans == "as they come" else lambda _seconds, _number: HOME
    told = quiet()
    spoofed = rows(lambda seconds: OFF if seconds >= 1200 else HOME, heard, every=every, sigma=700.0, speed=speed)
    events = tell(told, spoofed)
    assert brief(events) == [("raised", KIND)]
    data = events[0]["data"]
    assert clock(data["onset"]) == BEGIN + 1200
    assert clock(data["decided"]) <= BEGIN + 1200 + MINUTE
    assert data["probability"] > 0.98
    assert (data["facts"]["case"], data["facts"]["apart_m"]) == ("leap", 1100)
    assert "leapt about 1.1 km" in data["text"]["en"]


def test_who_goes_away_while_the_fix_stays_at_home_is_said():
    """1.5 m/s on foot, from 13:20 on, heard with some hundred metres of scatter."""
    told = quiet()
    events = tell(told, rows(
        lambda _: HOME, lambda seconds, n: shaken((max(0.0, 1.5 * (seconds - 1200)), 0.0), n), minutes=70, sigma=450.0,
    ))  # fmt: skip
    assert brief(events) == [("raised", KIND)]
    data = events[0]["data"]
    assert data["facts"]["case"] == "left"
    assert BEGIN + 1200 + 1000 / 1.5 <= clock(data["onset"]) <= BEGIN + 1200 + 1600 / 1.5
    assert clock(data["decided"]) - clock(data["onset"]) <= 2 * MINUTE


def test_a_place_that_was_false_from_the_first_report_on_is_said():
    told = quiet()
    events = tell(told, rows(lambda _: FAR, at_home, minutes=5))
    assert brief(events) == [("raised", KIND)]
    assert events[0]["data"]["facts"]["case"] == "far"
    assert "lie about 4.8 km" in events[0]["data"]["text"]["en"] or "lie about 5." in events[0]["data"]["text"]["en"]
    assert clock(events[0]["data"]["decided"]) <= BEGIN + MINUTE


def _drive(seconds):
    return (15.0 * max(0.0, seconds - 1200.0), 0.0)


NEAR_MISSES = {
    "cells with errors of some hundred metres": rows(lambda _: HOME, lambda _s, n: shaken(HOME, n, 700.0), sigma=500.0),
    "one cell of a wrong place, heard for an hour": rows(
        lambda _: HOME, lambda s, _: FAR if s > 600 else HOME, minutes=70, sigma=700.0
    ),
    "one of several of a wrong place, now and then": rows(
        lambda _: HOME, lambda _s, n: (24_000.0, 0.0) if n % 3 == 0 else shaken(HOME, n), sigma=700.0
    ),
    "two cells of wrong places at two ends of the county": rows(
        lambda _: HOME, lambda _s, n: ((24_000.0, 0.0), (0.0, -17_000.0))[n % 2], sigma=700.0
    ),
    "a table that is a kilometre off here": rows(lambda _: HOME, lambda _s, n: shaken((1300.0, 0.0), n), sigma=450.0),
    "scans that stray two kilometres and come back": rows(
        lambda _: HOME, lambda _s, n: shaken((2200.0, 0.0) if n > 60 and n % 9 < 1 + n // 100 else HOME, n),
        minutes=90, sigma=700.0,
    ),
    "a drive, the cells following by steps": [
        Row(BEGIN + 15.0 * n, _drive(15.0 * n), (round(_drive(15.0 * n)[0] / 900.0) * 900.0, 300.0), sigma=400.0,
            speed=15.0 if n > 80 else 0.0)
        for n in range(140)
    ],
    "a drive with the scan of half a minute ago": [
        Row(BEGIN + 15.0 * n, _drive(15.0 * n), _drive(15.0 * n - 30.0), sigma=400.0, speed=15.0 if n > 80 else 0.0)
        for n in range(140)
    ],
    "a train that states no speed, the cells following by steps": [
        Row(BEGIN + 15.0 * n, (55.0 * max(0.0, 15.0 * n - 1200.0), 0.0),
            (round(55.0 * max(0.0, 15.0 * n - 1215.0) / 2500.0) * 2500.0, 300.0), sigma=700.0, speed=float("nan"))
        for n in range(120)
    ],
    "a single wild fix": rows(lambda s: OFF if s == 1200 else HOME, at_home, sigma=700.0),
    "a wild first fix after a garage, and the leap away from it": [
        Row(BEGIN + 15.0 * n, None if 40 <= n < 100 else OFF if 100 <= n < 102 else HOME, shaken(HOME, n), sigma=700.0)
        for n in range(160)
    ],
    "a report a second, three of them wild": rows(
        lambda s: OFF if 1200 <= s < 1205 else HOME, at_home, every=1.0, minutes=25, sigma=700.0
    ),
    "cells of a false base station": rows(lambda _: HOME, lambda *_: None, flags=Flag.PSEUDO_BASE_STATION),
    "no cells at all": rows(lambda s: OFF if s >= 1200 else HOME, lambda *_: None),
}  # fmt: skip


@pytest.mark.parametrize("why", NEAR_MISSES)
def test_what_is_no_contradiction(why):
    assert raised(tell(quiet(), NEAR_MISSES[why]), KIND) == []


def test_it_stands_once_and_after_a_close_only_what_begins_anew_is_another():
    told = quiet()
    spoofed = rows(lambda s: OFF if 1200 <= s < 3600 else HOME, at_home, minutes=80, sigma=700.0)
    (alarm,) = raised(tell(told, spoofed), KIND)
    told.close(alarm["alarm"], at(0, 14.5), "technical", "receiver looked at")
    told.run()
    again = [Row(row.time + 2 * HOUR, row.fix, row.heard, sigma=row.sigma) for row in spoofed]
    (other,) = raised(tell(told, again), KIND)
    assert other["alarm"] != alarm["alarm"]


@pytest.mark.parametrize("order", ["in time", "the newest first", "one by one", "through a snapshot"])
def test_late_reports_and_cuts_decide_the_same(order):
    told = quiet()
    all_rows = rows(lambda s: OFF if s >= 1200 else HOME, at_home, sigma=700.0)
    if order == "the newest first":
        end = all_rows[-1].time
        late = [Row(row.time, row.fix, row.heard, sigma=row.sigma, received=end + 5.0 + (end - row.time) / 100.0)
                for row in all_rows[:-3]]  # fmt: skip
        tell(told, [*all_rows[-3:], *late])
    elif order == "in time":
        tell(told, all_rows)
    else:
        for at_ in range(0, len(all_rows), 1 if order == "one by one" else 7):
            tell(told, all_rows[at_ : at_ + (1 if order == "one by one" else 7)])
            if order == "through a snapshot":
                history, told.state = told.state.history, restore(snapshot_of(told.state))
                told.state.history = history
    told.tick(at(0, 15))
    told.run()
    (one,) = [each for each in told.state.episodes.values() if each.kind == KIND and not each.retracted]
    assert (one.onset, one.facts["case"], one.facts["apart_m"]) == (BEGIN + 1200, "leap", 1100)


def test_what_later_data_explain_is_taken_back():
    """Live, only the two ends of a drive came; the way between shows that nothing has leapt."""
    told = quiet()
    told_live = [Row(BEGIN + 15.0 * n, HOME, HOME, sigma=700.0) for n in range(60)]
    told_live += [Row(BEGIN + 900.0 + 15.0 * n, OFF, HOME, sigma=700.0) for n in range(1, 6)]
    assert len(raised(tell(told, told_live), KIND)) == 1
    way = [Row(BEGIN + 885.0 + 2.0 * n, (1100.0 * n / 14, 0.0), HOME, sigma=700.0, speed=35.0,
               received=BEGIN + 1000.0 + n) for n in range(1, 15)]  # fmt: skip
    tell(told, way)
    told.tick(BEGIN + HOUR)
    assert ("retracted", KIND) in brief(told.run())

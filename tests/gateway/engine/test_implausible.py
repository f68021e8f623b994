"""Jumps that nobody can make, again and again: the places are not believable, and a person has to look."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, raised

from gateway.engine.snapshot import restore, snapshot_of

KIND = "position_implausible"
FAR = (9000.0, 0.0)


def quiet(**changes) -> Timeline:
    """Nobody is asked to be anywhere."""
    return Timeline.of(at(0, 12), **({"rules": (), "alarms": alarm_policies()} | changes))


def hour(told: Timeline, wild: dict[int, tuple[float, float]], *, every: float = 15.0, minutes: int = 60) -> None:
    """An hour at home from 13 h on; ``wild``: places by the number of the report."""
    for number, time in enumerate(np.arange(at(0, 13), at(0, 13) + minutes * MINUTE, every).tolist()):
        told.report(time, wild.get(number, HOME))


def test_four_jumps_in_an_hour_are_told_once_with_the_first_of_them():
    told = quiet()
    hour(told, {40: FAR, 60: FAR, 80: (0.0, -9500.0), 100: FAR, 120: FAR, 140: FAR})
    events = told.run()
    assert brief(events) == [("raised", KIND)]
    data = events[0]["data"]
    assert clock(data["onset"]) == at(0, 13) + 40 * 15.0
    assert clock(data["decided"]) == at(0, 13) + 100 * 15.0
    assert data["probability"] == 0.95
    assert (data["facts"]["jumps"], data["facts"]["jump_m"]) == (4, pytest.approx(9500, abs=60))
    assert data["facts"]["home_m"] <= 0


@pytest.mark.parametrize(
    ("why", "wild"),
    [
        ("three of them", {40: FAR, 80: FAR, 120: FAR}),
        ("a bad minute of the receiver", {40: FAR, 41: (0.0, FAR[0]), 42: (-FAR[0], 0.0), 43: (0.0, -FAR[0])}),
        ("a bad start twice", {0: FAR, 1: (0.0, 9000.0), 120: FAR, 121: (0.0, 9000.0)}),
        ("reflections", dict.fromkeys(range(40, 200, 20), (900.0, 0.0))),
        ("a move that comes true", dict.fromkeys(range(40, 240), FAR)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_alarm(why, wild):
    told = quiet()
    hour(told, wild)
    assert raised(told.run(), KIND) == [], why


def test_jumps_that_are_hours_apart_are_the_receivers():
    told = quiet()
    for each in range(8):
        begin = at(0, 13) + each * HOUR
        told.stay(HOME, begin, begin + 30 * MINUTE, 15.0)
        told.report(begin + 30 * MINUTE, FAR)
    assert told.counts.get("fix_implausible_jump", 0) == 0
    assert raised(told.run(), KIND) == []
    assert told.counts["fix_implausible_jump"] == 8


def test_several_places_of_one_time_are_no_way():
    told = quiet()
    told.stay(HOME, at(0, 13), at(0, 13.1), 15.0)
    for number in range(8):
        time = at(0, 13.2) + number * 5 * MINUTE
        told.report(time, HOME)
        told.report(time, (0.0, 9000.0 - 300.0 * number))
    assert raised(told.run(), KIND) == []


def test_only_a_person_ends_it_and_what_begins_after_a_close_is_another():
    told = quiet()
    hour(told, dict.fromkeys(range(40, 120, 20), FAR))
    (alarm,) = raised(told.run(), KIND)
    told.stay(HOME, at(0, 14), at(0, 16), MINUTE)
    assert told.run() == []
    told.close(alarm["alarm"], at(0, 16), "technical", "receiver replaced")
    told.run()
    for number in range(8):
        told.stay(HOME, at(0, 17) + number * 5 * MINUTE, at(0, 17) + (number + 1) * 5 * MINUTE - 15.0, 15.0)
        told.report(at(0, 17) + (number + 1) * 5 * MINUTE - 15.0, FAR)
    (again,) = raised(told.run(), KIND)
    assert again["alarm"] != alarm["alarm"]


@pytest.mark.parametrize("order", ["in time", "the second half first", "with a snapshot"])
def test_late_reports_decide_the_same(order):
    told, half = quiet(), at(0, 13.5)
    rows = [(at(0, 13) + 15.0 * number, FAR if number % 60 == 50 else HOME) for number in range(240)]
    if order == "the second half first":
        rows = [row for row in rows if row[0] >= half] + [row for row in rows if row[0] < half]
    for number, (time, place) in enumerate(rows):
        told.report(time, place, received=time + 2.0 if order != "the second half first" else at(0, 14) + number)
        if order == "with a snapshot" and number == 120:
            told.run()
            told.state = restore(snapshot_of(told.state))
    told.tick(at(0, 15))
    told.run()
    (one,) = [each for each in told.state.episodes.values() if each.kind == KIND and not each.retracted]
    assert (one.onset, one.facts["jumps"]) == (at(0, 13) + 50 * 15.0, 4)

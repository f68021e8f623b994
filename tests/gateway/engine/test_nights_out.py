"""Out by night and in by day, on 4 of the last 7 days, of somebody of whom that is not usual."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timeline import AWAY, HOME, MINUTE, Timeline, at, brief, clock, county, leave, raised, record

from gateway.engine.nights_out import WAIT
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.settings.model import NightsOutRule, Rule

KIND = "nights_out"
RULE = Rule("turned", ("P0001",), "approval 9", nights_out=NightsOutRule(4, 7))
EVERY = 20 * MINUTE
QUIET, OUT, BLIND = (HOME, AWAY), (AWAY, HOME), (None, None)
"""Where somebody is by night and by day."""


def asked(**changes: object) -> Timeline:
    """P0001 alone, with that rule alone."""
    usual = {"rules": (RULE,), "assignments": county().assignments[:1]}
    return Timeline.of(at(0, 12), **(usual | changes))


def spend(told: Timeline, days: list, first: int = 1) -> Timeline:
    """Nights from 21:50 of the day before to 07:00, and days from there to 21:50."""
    for day, (night, by_day) in enumerate(days, start=first):
        told.stay(night, at(day - 1, 21) + 50 * MINUTE, at(day, 7), EVERY)
        told.stay(by_day, at(day, 7), at(day, 21) + 50 * MINUTE, EVERY)
    return told


def of_kind(told: Timeline) -> list[dict]:
    return [event for event in told.run() if event["data"]["kind"] == KIND]


def test_four_of_seven_days_against_the_usual_are_told_of_once_and_the_next_one_adds_to_it():
    events = of_kind(spend(asked(), [QUIET] * 11 + [OUT] * 5))
    assert brief(events) == [("raised", KIND), ("updated", KIND)]
    alarm = events[0]["data"]
    assert clock(alarm["onset"]) == at(11, 22)
    assert at(15, 18) + WAIT <= clock(alarm["decided"]) < at(15, 18) + 2 * WAIT
    assert (alarm["severity"], alarm["latched"], alarm["basis"]) == ("warning", True, "approval 9")
    assert alarm["position"] is None
    facts = alarm["facts"]
    assert (facts["nights"], facts["of"], facts["usual_nights"], facts["usual_of"]) == (4, 7, 0, 8)
    assert [clock(night[0]) for night in facts["hours"]] == [at(day, 22) for day in range(11, 15)]
    assert events[1]["data"]["facts"]["nights"] == 5
    assert "不可据此认定" in alarm["text"]["zh"]
    assert "Find out" in alarm["text"]["en"]


@pytest.mark.parametrize(
    "days",
    [
        [OUT] * 20,
        [QUIET] * 11 + [OUT] * 3 + [QUIET] * 5,
        [QUIET] * 11 + [(AWAY, AWAY)] * 6,
        [QUIET] * 4 + [OUT] * 6,
        [QUIET] * 11 + [BLIND] * 7,
        [QUIET] * 11 + [(AWAY, None)] * 7,
        [BLIND] * 11 + [OUT] * 4,
    ],
    ids=["as usual", "three nights", "out by day too", "too short", "blind", "blind by day", "nobody knows the usual"],
)
def test_nothing_is_said_of_what_is_usual_or_seldom_or_not_known(days):
    assert of_kind(spend(asked(), days)) == []


def test_undetermined_hours_count_for_nothing():
    short = asked()
    spend(short, [QUIET] * 11)
    for day in range(12, 19):
        short.stay(AWAY, at(day - 1, 22), at(day, 1), EVERY)
        short.stay(HOME, at(day, 8), at(day, 18), EVERY)
    short.tick(at(20, 0))
    assert of_kind(short) == []


@pytest.mark.parametrize("how", ["no rule", "leave", "the rule ends", "another's"])
def test_whom_no_rule_counts_then_is_not_told_of(how):
    changes = {
        "no rule": {"rules": ()},
        "leave": {"leave": (leave(at(11, 12), at(15, 12)),)},
        "the rule ends": {"rules": (replace(RULE, until=at(13, 0)),)},
        "another's": {"rules": (replace(RULE, people=("P0002",)),)},
    }[how]
    assert of_kind(spend(asked(**changes), [QUIET] * 11 + [OUT] * 5)) == []


def test_after_a_close_nights_count_anew_and_what_is_usual_is_not_forgotten():
    told = spend(asked(), [QUIET] * 22 + [OUT] * 4)
    (alarm,) = raised(told.run(), KIND)
    told.close(alarm["alarm"], at(26, 21.9), outcome="excused")
    assert [event["type"] for event in of_kind(spend(told, [OUT] * 4, first=27))] == ["bracelet.alarm.closed"]
    (again,) = raised(spend(told, [OUT], first=31).run(), KIND)
    assert again["alarm"] != alarm["alarm"]
    assert (again["facts"]["nights"], again["facts"]["usual_nights"]) == (4, 2)


def silent_nights() -> Timeline:
    """Four nights of which nothing came, each with a day at home, after a quiet fortnight."""
    told = spend(asked(), [QUIET] * 11)
    for day in range(12, 16):
        told.stay(HOME, at(day, 7.5), at(day, 20), EVERY)
    told.tick(at(15, 21))
    told.run()
    return told


def late(told: Timeline, place: tuple[float, float], received: float = at(15, 22)) -> list[dict]:
    """The bracelet's memory of these nights comes at once."""
    for day in range(12, 16):
        told.stored(received, [record(at(day - 1, 22) + EVERY * number, place) for number in range(24)])
    told.tick(received + 2 * WAIT)
    return of_kind(told)


def test_nights_that_come_late_are_told_of_an_hour_later():
    events = late(silent_nights(), AWAY)
    assert brief(events) == [("raised", KIND)]
    assert clock(events[0]["data"]["decided"]) == at(15, 22) + WAIT
    assert late(silent_nights(), HOME) == []


def test_who_was_home_by_data_that_came_late_has_the_alarm_taken_back():
    told = spend(asked(), [QUIET] * 11)
    for day in range(12, 16):
        told.stay(AWAY, at(day - 1, 22), at(day, 2) + 2 * EVERY, EVERY)
        told.stay(HOME, at(day, 7.5), at(day, 20), EVERY)
    told.tick(at(15, 21))
    assert brief(of_kind(told)) == [("raised", KIND)]
    told.stored(at(15, 22), [record(at(14, 22) + EVERY * number + 60, HOME) for number in range(24)])
    told.tick(at(16, 1))
    events = of_kind(told)
    assert brief(events) == [("retracted", KIND)]


def test_what_is_too_old_is_not_looked_at_again():
    told = silent_nights()
    told.tick(at(26, 21))
    told.run()
    assert late(told, AWAY, at(26, 22)) == []


def test_a_time_of_which_nothing_was_kept_is_passed_over():
    told = spend(asked(), [QUIET] * 11)
    told.stop(at(12, 0))
    told.start(at(90, 12))
    assert of_kind(spend(told, [OUT] * 5, first=91)) == []
    assert not told.state.banks["habit"]["days"][0, :-6].any()


@pytest.mark.parametrize("size", [7, 160])
def test_cuts_and_a_snapshot_change_nothing(size):
    def story() -> Timeline:
        told = spend(asked(), [QUIET] * 11 + [OUT] * 2)
        for day in (14, 15):
            told.stay(HOME, at(day, 7.5), at(day, 20), EVERY)
            told.stored(at(day, 20), [record(at(day - 1, 22) + EVERY * number, AWAY) for number in range(24)])
        told.tick(at(16, 1))
        return told

    whole, pieces = story(), story()
    said = of_kind(whole)
    entries = pieces.waiting.batch()
    for number, first in enumerate(range(0, len(entries), size)):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
        if number % 3 == 2:
            history = pieces.state.history
            pieces.state = restore(snapshot_of(pieces.state))
            pieces.state.history = history
    assert [event for event in pieces.events if event["data"]["kind"] == KIND] == said != []

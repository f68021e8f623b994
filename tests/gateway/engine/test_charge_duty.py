"""A bracelet that is to be charged to 80 % by 22:00: missed by who is known not to have charged, or taken back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import HOME, MINUTE, Timeline, at, brief, clock, county, leave, record

from gateway.engine.charge_duty import WAIT
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.settings.model import ChargeRule, Rule

KIND = "charge_missed"
RULE = Rule("charging", ("P0001",), "agreement 3", charge=ChargeRule(22 * 60, 80))
EVERY = 20 * MINUTE


def asked(**changes: object) -> Timeline:
    return Timeline.of(at(0, 12), **({"rules": (RULE,), "assignments": county().assignments[:1]} | changes))


def wear(told: Timeline, start: float, until: float, first: float, last: float, every: float = EVERY) -> Timeline:
    """Levels from ``first`` to ``last`` percent."""
    times = np.arange(start, until, every)
    for time, level in zip(times.tolist(), np.linspace(first, last, len(times)).tolist(), strict=True):
        told.report(time, HOME, battery=round(level))
    return told


def of_kind(told: Timeline) -> list[dict]:
    return [event for event in told.run() if event["data"]["kind"] == KIND]


def missed() -> Timeline:
    """A day on one charge: 100 % in the evening before, 30 % at 23:00."""
    return wear(asked(), at(0, 21), at(1, 23), 100, 30)


def test_who_has_not_charged_by_then_is_told_of_half_an_hour_later_until_he_does():
    told = missed()
    events = of_kind(told)
    assert brief(events) == [("raised", KIND)]
    alarm = events[0]["data"]
    assert (clock(alarm["onset"]), clock(alarm["decided"])) == (at(1, 22), at(1, 22) + WAIT)
    assert (alarm["severity"], alarm["basis"], alarm["latched"]) == ("warning", "agreement 3", False)
    facts = alarm["facts"]
    assert facts["least_percent"] == 80
    assert 95 <= facts["most_percent"] <= 100
    assert "未按约充电" in alarm["text"]["zh"]
    assert "not charged as agreed" in alarm["text"]["en"]
    told.report(at(2, 0), HOME, battery=85)
    over = of_kind(told)
    assert brief(over) == [("cleared", KIND)]
    assert clock(over[0]["data"]["ended"]) == at(2, 0)


@pytest.mark.parametrize("hour", [0, 8, 21.9])
def test_once_in_the_day_before_is_enough(hour):
    told = wear(asked(), at(0, 21), at(1, hour), 70, 40)
    told.report(at(1, hour), HOME, battery=80)
    assert of_kind(wear(told, at(1, hour) + EVERY, at(1, 23), 79, 40)) == []


@pytest.mark.parametrize(
    ("until", "start", "after", "is_told"),
    [
        (8, 10, 60, False),
        (8, 11, 50, True),
        (8, 13, 50, False),
        (20.5, 23, 30, False),
        (20.9, 21.2, 60, True),
    ],
    ids=["may have charged", "no time to charge and spend", "long", "the end is not known", "an hour"],
)
def test_a_gap_in_which_he_may_have_charged_is_no_miss(until, start, after, is_told):
    told = wear(asked(), at(0, 21), at(1, until), 70, 58)
    wear(told, at(1, start), at(1, 23.5), after, 30)
    assert [event["type"] for event in of_kind(told)] == ["bracelet.alarm.raised"] * is_told


@pytest.mark.parametrize("how", ["no rule", "leave", "the rule ends", "the first day"])
def test_who_does_not_have_to_then_is_not_told_of(how):
    changes = {
        "no rule": {"rules": ()},
        "leave": {"leave": (leave(at(1, 12), at(1, 20)),)},
        "the rule ends": {"rules": (replace(RULE, until=at(1, 12)),)},
        "the first day": {},
    }[how]
    start = at(1, 2) if how == "the first day" else at(0, 21)
    assert of_kind(wear(asked(**changes), start, at(1, 23), 70, 30)) == []


def test_it_is_told_once_until_it_is_over():
    told = wear(asked(), at(0, 21), at(3, 23), 79, 20)
    assert brief(of_kind(told)) == [("raised", KIND)]
    told.report(at(3, 23.2), HOME, battery=90)
    wear(told, at(3, 23.5), at(4, 23), 79, 20)
    assert brief(of_kind(told)) == [("cleared", KIND)]


def test_who_still_has_as_much_need_not_charge():
    assert of_kind(wear(asked(), at(0, 21), at(1, 23), 99, 82)) == []


def test_a_charge_in_time_that_comes_to_be_known_late_takes_it_back():
    told = missed()
    told.run()
    told.stored(at(1, 23.5), [record(at(0, 23), HOME, battery=90)])
    assert of_kind(told) == []
    told.stored(at(1, 23.6), [record(at(1, 8), HOME, battery=100)])
    assert brief(of_kind(told)) == [("retracted", KIND)]


def test_a_charge_of_the_day_before_says_nothing_of_it():
    told = missed()
    told.run()
    told.stored(at(1, 23.5), [record(at(0, 21.5), HOME, battery=90)])
    assert of_kind(told) == []


@pytest.mark.parametrize(
    ("changes", "fact"),
    [({"rules": ()}, "taken_away"), ({"rules": (RULE,), "assignments": ()}, "handed_over")],
    ids=["rule", "wearing"],
)
def test_a_configuration_without_the_rule_or_the_bracelet_ends_it(changes, fact):
    told = missed()
    told.run()
    told.reconfigure(at(2, 0), **changes)
    (over,) = of_kind(told)
    assert (over["type"], fact in over["data"]["facts"]) == ("bracelet.alarm.cleared", True)


def test_while_nobody_listened_nothing_was_missed():
    told = wear(asked(), at(0, 21), at(1, 12), 70, 50)
    told.stop(at(1, 12))
    told.start(at(3, 12))
    assert of_kind(wear(told, at(3, 12.1), at(3, 23), 40, 20)) == []


@pytest.mark.parametrize("size", [1, 7])
def test_cuts_and_a_snapshot_change_nothing(size):
    def story() -> Timeline:
        told = missed()
        told.stored(at(1, 23.5), [record(at(1, 8), HOME, battery=100)])
        return wear(told, at(1, 23.6), at(2, 23), 70, 20)

    whole, pieces = story(), story()
    said = of_kind(whole)
    entries = pieces.waiting.batch()
    for number, first in enumerate(range(0, len(entries), size)):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
        if number % 5 == 2:
            pieces.state = restore(snapshot_of(pieces.state))
    assert [event for event in pieces.events if event["data"]["kind"] == KIND] == said
    assert brief(said) == [("raised", KIND), ("retracted", KIND), ("raised", KIND)]

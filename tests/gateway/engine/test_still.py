"""A bracelet that nobody moves: told of after 14 waking hours, where it would have moved, or lies as on a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from timeline import AWAY, DAY, FOREVER, HOME, MINUTE, Timeline, at, brief, clock, county, leave, record

from firmware_sim.firmware.messages import Alarm
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.settings.model import Assignment, Rule

KIND = "no_motion"
RULE = Rule("still", ("P0001",), "approval 9", no_motion_s=14 * 3600.0)
EVERY = 15 * MINUTE
SHAKEN, CUT = Alarm(1 << 16), Alarm(1 << 17)
"""Vibration of the profile g10ls; its strap bit."""


def asked(**changes: object) -> Timeline:
    return Timeline.of(at(0, 0), **({"rules": (RULE,), "assignments": county().assignments[:1]} | changes))


def lie(told: Timeline, start: float, until: float, spread: float = 2.0, place: tuple[float, float] = HOME) -> Timeline:
    """Fixes about a place, as far off as a table's or a dweller's are."""
    chance = np.random.default_rng(7)
    for time in np.arange(start, until, EVERY):
        off = chance.normal(0.0, spread, 2)
        told.report(float(time), (place[0] + off[0], place[1] + off[1]))
    return told


def of_kind(told: Timeline) -> list[dict]:
    return [event for event in told.run() if event["data"]["kind"] == KIND]


def test_what_lies_as_on_a_table_for_fourteen_waking_hours_is_told_of_until_it_is_moved():
    told = lie(asked(), at(1, 12), at(2, 21))
    events = of_kind(told)
    assert brief(events) == [("raised", KIND)]
    alarm = events[0]["data"]
    assert clock(alarm["onset"]) == at(1, 12)
    assert clock(alarm["decided"]) == at(2, 12)
    assert (alarm["severity"], alarm["basis"], alarm["latched"]) == ("warning", "approval 9", False)
    assert alarm["facts"]["home_m"] < 0
    assert alarm["position"]["radius95_m"] >= 30.0
    assert (alarm["facts"]["by"], alarm["facts"]["still_seconds"]) == ("scatter", 14 * 3600.0)
    assert "不可据此认定" in alarm["text"]["zh"]
    assert "find out" in alarm["text"]["en"]
    told.report(at(2, 21.5), AWAY)
    over = of_kind(told)
    assert brief(over) == [("cleared", KIND)]
    assert clock(over[0]["data"]["ended"]) == at(2, 21.5)


@pytest.mark.parametrize("spread", [10.0, 25.0], ids=["by a window", "within walls"])
def test_of_who_is_indoors_fixes_do_not_say_whether_he_moves(spread):
    assert of_kind(lie(asked(), at(1, 8), at(4, 21), spread=spread)) == []


def test_what_is_laid_on_the_sill_is_told_of_whatever_its_fixes_were_by_the_window():
    told = lie(lie(asked(), at(1, 8), at(2, 9), spread=10.0), at(2, 9), at(4, 12))
    (alarm,) = (event["data"] for event in of_kind(told))
    assert abs(clock(alarm["onset"]) - at(2, 9)) <= 12 * EVERY
    assert alarm["facts"]["scatter_m"] <= 8


@pytest.mark.parametrize(("until", "is_told"), [(at(5, 21), True), (at(12, 21), False)], ids=["at once", "a week on"])
def test_the_silence_of_a_device_that_gives_its_word_is_enough_while_it_is_trusted(until, is_told):
    told = asked()
    told.report(at(1, 7), HOME, alarm=SHAKEN)
    if not is_told:
        told.tick(at(9, 0))
        told.run()
    told.stay(None, until - DAY, until, EVERY)
    told.report(until, None)
    told.stay(None, until + 11 * 3600, until + DAY, EVERY)
    events = of_kind(told)
    assert [event["data"]["facts"]["by"] for event in events] == ["word"] * is_told


def test_a_word_of_movement_ends_it_and_counts_anew():
    told = lie(asked(), at(1, 8), at(1, 21))
    told.report(at(1, 21), HOME, alarm=SHAKEN)
    assert of_kind(lie(told, at(1, 21.25), at(2, 20))) == []
    assert brief(of_kind(lie(told, at(2, 20), at(3, 12)))) == [("raised", KIND)]
    told.report(at(3, 12), HOME, alarm=SHAKEN)
    assert brief(of_kind(told)) == [("cleared", KIND)]


def test_nights_count_for_nothing():
    told = asked()
    for day in range(1, 6):
        lie(told, at(day - 1, 22), at(day, 8.2))
        told.report(at(day, 9), AWAY)
        told.report(at(day, 21), AWAY)
    assert of_kind(told) == []


def test_gaps_count_an_hour_at_most():
    told = asked()
    for hour in np.arange(8, 22, 6.9):
        told.report(at(1, float(hour)), HOME)
        told.report(at(2, float(hour)), HOME)
    assert of_kind(told) == []
    assert told.state.banks["still"]["still_s"][0] <= 6 * 3600.0


@pytest.mark.parametrize("how", ["no rule", "leave", "the rule is over", "not worn", "cut"])
def test_of_what_is_excused_nothing_is_said(how):
    changes = {
        "no rule": {"rules": ()},
        "leave": {"leave": (leave(at(0, 12), at(5, 12)),)},
        "the rule is over": {"rules": (replace(RULE, until=at(1, 12)),)},
        "not worn": {"assignments": (Assignment("B0001", "P0002", at(0, 0), FOREVER),)},
        "cut": {},
    }[how]
    told = asked(**changes)
    if how == "cut":
        told.report(at(1, 7), HOME, alarm=CUT)
    assert of_kind(lie(told, at(1, 8), at(3, 21))) == []


def test_a_report_that_comes_late_ends_it_and_never_begins_it():
    told = lie(asked(), at(1, 12), at(2, 12.5))
    assert brief(of_kind(told)) == [("raised", KIND)]
    told.stored(at(2, 13), [record(at(1, 20), AWAY)])
    events = of_kind(told)
    assert brief(events) == [("cleared", KIND)]
    early = asked()
    early.report(at(2, 13), AWAY)
    early.stored(at(2, 13.1), [record(at(1, 8) + EVERY * number, HOME) for number in range(110)])
    assert of_kind(early) == []


@pytest.mark.parametrize(
    ("changes", "fact"), [({"rules": ()}, "taken_away"), ({"assignments": ()}, "handed_over")], ids=["rule", "wearing"]
)
def test_a_configuration_that_takes_it_away_ends_it(changes, fact):
    told = lie(asked(), at(1, 12), at(2, 13))
    told.run()
    if fact == "handed_over":
        changes = {"rules": (RULE,), "assignments": (Assignment("B0001", "P0001", at(-1, 0), at(2, 13.5)),)}
    told.reconfigure(at(2, 14), **changes)
    events = of_kind(told)
    assert brief(events) == [("cleared", KIND)]
    assert fact in events[0]["data"]["facts"]


@pytest.mark.parametrize("size", [1, 13])
def test_cuts_and_a_snapshot_change_nothing(size):
    def story() -> Timeline:
        told = lie(asked(), at(1, 12), at(2, 13))
        told.stored(at(2, 13), [record(at(1, 20), AWAY)])
        return lie(told, at(2, 13.5), at(3, 20))

    whole, pieces = story(), story()
    said = of_kind(whole)
    entries = pieces.waiting.batch()
    for number, first in enumerate(range(0, len(entries), size)):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
        if number % 20 == 2:
            history = pieces.state.history
            pieces.state = restore(snapshot_of(pieces.state))
            pieces.state.history = history
    assert [event for event in pieces.events if event["data"]["kind"] == KIND] == said
    assert brief(said) == [("raised", KIND), ("cleared", KIND), ("raised", KIND)]

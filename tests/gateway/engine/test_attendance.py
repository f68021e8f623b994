"""An appointment: attended at any time in its hours, missed by who is known to have been elsewhere, or neither."""

from __future__ import annotations

import pytest
from timeline import (
    AWAY,
    CAFE,
    FOREVER,
    HOME,
    MINUTE,
    Timeline,
    at,
    authority,
    brief,
    clock,
    county,
    leave,
    record,
)

from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.settings.meetings import Appointment
from gateway.settings.model import Assignment

KIND = "appointment_missed"
START, END = at(1, 14), at(1, 15)
OFFICE = Appointment("P0001", "cafes", START, END, "notice 4", 15 * MINUTE)
DUE = END + 25 * MINUTE


def asked(*appointments: Appointment, **changes: object) -> Timeline:
    """P0001 alone, under no rule, with an appointment at the circle about CAFE."""
    usual = {"rules": (), "assignments": county().assignments[:1], "appointments": appointments or (OFFICE,)}
    return Timeline.of(at(0, 12), **(usual | changes))


def day(told: Timeline, *stays: tuple[float, float, tuple[float, float] | None]) -> Timeline:
    """Stays from hour to hour of day 1, a report each five minutes; and the time after."""
    for start, until, place in stays:
        told.stay(place, at(1, start), at(1, until), 5 * MINUTE)
    told.tick(at(1, 18))
    return told


def of_kind(events: list[dict]) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == KIND]


@pytest.mark.parametrize("came", [13.8, 14.0, 14.5, 14.9, 15.05], ids=str)
def test_who_is_there_at_any_time_in_its_hours_and_grace_has_attended(came):
    told = day(asked(), (13, came, HOME), (came, came + 0.5, CAFE), (came + 0.5, 17, HOME))
    assert of_kind(told.run()) == []


def test_who_is_elsewhere_all_the_while_is_told_of_once_after_the_grace():
    events = of_kind(day(asked(), (13, 17, AWAY)).run())
    assert brief(events) == [("raised", KIND)]
    missed = events[0]["data"]
    assert (clock(missed["decided"]), clock(missed["onset"])) == (DUE, START)
    assert (missed["severity"], missed["basis"], missed["zone"]) == ("warning", "notice 4", "cafes")
    assert missed["facts"]["attendance"] == "missed"
    assert missed["facts"]["away_m"] > 2000
    assert missed["probability"] >= 0.99
    assert missed["position"]["radius95_m"] > 0
    assert "未见按约到场：应于14:00至15:00到“cafes”" in missed["text"]["zh"]
    assert "not seen at an appointment" in missed["text"]["en"]


def test_who_left_before_and_who_came_after_has_not_attended():
    events = of_kind(day(asked(), (12.5, 13.4, CAFE), (13.4, 15.6, HOME), (15.6, 17, CAFE)).run())
    assert [event["data"]["facts"]["attendance"] for event in events] == ["missed"]


@pytest.mark.parametrize(
    "stays", [((13, 14, HOME), (15.5, 17, HOME)), ((13, 14, HOME), (14, 17, None))], ids=["silent", "blind"]
)
def test_what_nobody_knows_of_is_said_and_is_no_absence(stays):
    events = of_kind(day(asked(), *stays).run())
    (unknown,) = (event["data"] for event in events)
    assert (unknown["severity"], unknown["facts"]["attendance"]) == ("info", "undetermined")
    assert unknown["facts"]["unknown_seconds"] >= 15 * MINUTE
    assert unknown["probability"] is None
    assert "不计为未到" in unknown["text"]["zh"]
    assert "not counted as missed" in unknown["text"]["en"]


def test_a_place_at_the_edge_decides_nothing():
    edge = (CAFE[0] + 62.0, CAFE[1])
    (event,) = of_kind(day(asked(), (13, 17, edge)).run())
    assert event["data"]["facts"]["attendance"] == "undetermined"


def test_who_is_on_leave_then_is_not_asked():
    told = asked(leave=(leave(at(1, 13), at(1, 20)),))
    assert of_kind(day(told, (13, 17, AWAY)).run()) == []


@pytest.mark.parametrize("how", ["no bracelet", "no authority", "before anybody listened"])
def test_of_whom_nobody_may_know_nothing_is_said(how):
    changes = {
        "no bracelet": {"assignments": (Assignment("B0001", "P0001", at(2, 0), FOREVER),)},
        "no authority": {"authorities": (authority("P0001", at(2, 0), at(60, 0)),)},
        "before anybody listened": {"appointments": (Appointment("P0001", "cafes", at(-1, 14), at(-1, 15), "n", 0.0),)},
    }[how]
    assert of_kind(day(asked(**changes), (13, 17, AWAY)).run()) == []


def late(told: Timeline, place: tuple[float, float]) -> list[dict]:
    """The bracelet's memory of the hour comes in the evening."""
    told.stored(at(1, 20), [record(START + 5 * MINUTE * number, place) for number in range(12)])
    told.tick(at(1, 22))
    return of_kind(told.run())


def silent_hour() -> Timeline:
    told = day(asked(), (13, 14, HOME), (15.5, 17, HOME))
    told.run()
    return told


def test_who_was_there_by_data_that_came_late_was_not_missed():
    told = silent_hour()
    events = late(told, CAFE)
    assert brief(events) == [("retracted", KIND)]
    assert "void" in events[0]["data"]["text"]["en"]


def test_who_was_elsewhere_by_data_that_came_late_has_missed_it():
    events = late(silent_hour(), AWAY)
    assert brief(events) == [("updated", KIND)]
    assert (events[0]["data"]["severity"], events[0]["data"]["facts"]["attendance"]) == ("warning", "missed")


def test_what_a_person_has_closed_stays_closed():
    told = silent_hour()
    (episode,) = told.state.episodes.values()
    told.close(episode.id, at(1, 19), outcome="excused")
    told.run()
    assert late(told, CAFE) == []


def test_what_falls_due_while_nobody_listens_is_looked_at_afterwards():
    told = asked()
    told.stay(AWAY, at(1, 13), at(1, 14.5), 5 * MINUTE)
    told.stop(at(1, 14.6))
    told.start(at(1, 20))
    told.stored(at(1, 20.1), [record(at(1, 14.5) + 5 * MINUTE * number, AWAY) for number in range(12)])
    told.tick(at(1, 22))
    assert [event["data"]["facts"]["attendance"] for event in of_kind(told.run())][-1] == "missed"


@pytest.mark.parametrize("size", [1, 5, 17])
def test_cuts_and_a_snapshot_change_nothing(size):
    def story() -> Timeline:
        told = day(asked(), (13, 14, HOME), (15.5, 17, HOME))
        told.stored(at(1, 20), [record(START + 5 * MINUTE * number, AWAY) for number in range(12)])
        told.tick(at(1, 22))
        return told

    whole, pieces = story(), story()
    said = of_kind(whole.run())
    entries = pieces.waiting.batch()
    for number, first in enumerate(range(0, len(entries), size)):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
        if number == 2:
            history = pieces.state.history
            pieces.state = restore(snapshot_of(pieces.state))
            pieces.state.history = history
    assert of_kind(pieces.events) == said != []

"""A phone that its carrier finds elsewhere than the bracelet: several answers say so, whatever both may be off."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import (
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    Timeline,
    alarm_policies,
    at,
    authority,
    brief,
    clock,
    county,
    raised,
)  # fmt: skip

from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Assignment, Authority, AuthorityKind, Device

KIND = "phone_apart"
PHONE = Device("F0001", "mlp", "13800000001", "", carrier="mobile")
ASKED = Authority("P0001", AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), at(-30, 0), at(55, 0))
BOTH = (authority("P0001"), ASKED)
WORN = (Assignment("B0001", "P0001", at(-30, 0), FOREVER), Assignment("F0001", "P0001", at(-30, 0), FOREVER))
OFFICE = (6000.0, 0.0)


def told_of(**changes) -> Timeline:
    """P0001 has a bracelet and a phone, and may go anywhere."""
    usual = {
        "devices": {"B0001": county().devices["B0001"], "F0001": PHONE}, "assignments": WORN, "authorities": BOTH,
        "rules": (), "alarms": alarm_policies(),
    }  # fmt: skip
    return Timeline.of(at(0, 12), **(usual | changes))


def day(told: Timeline, *, phone, until=17, radius=500.0, every=30 * MINUTE, late=2.0) -> None:
    """From 13 h on: the bracelet at the office each five minutes, the phone now and then, by the answer's number."""
    answers = np.arange(at(0, 13) + MINUTE, at(0, until), every).tolist()
    rows = [(time + late, "phone", time, phone(number)) for number, time in enumerate(answers)]
    rows += [(time + 2.0, "bracelet", time, OFFICE) for time in np.arange(at(0, 13), at(0, until), 5 * MINUTE)]
    for received, device, time, place in sorted(rows):
        if device == "phone":
            told.located(float(time), place, received, radius)
        else:
            told.report(float(time), place, received=float(received))
    told.tick(at(0, until) + HOUR)


def test_a_phone_left_at_home_is_told_at_the_third_answer_and_over_when_it_is_with_the_wearer_again():
    told = told_of()
    day(told, phone=lambda number: HOME if number < 5 else OFFICE)
    events = [event for event in told.run() if event["data"]["kind"] == KIND]
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    data, over = events[0]["data"], events[1]["data"]
    assert clock(data["onset"]) == at(0, 13) + MINUTE
    assert at(0, 14) + MINUTE <= clock(data["decided"]) <= at(0, 14) + 3 * MINUTE
    assert (data["device"], data["person"]) == ("F0001", "P0001")
    assert 0.97 < data["probability"] < 0.995
    assert clock(over["ended"]) == at(0, 15.5) + MINUTE
    facts = data["facts"]
    assert facts["answers"] == 3
    assert 5500 < facts["apart_m"] < 6500


@pytest.mark.parametrize(
    ("why", "phone", "radius"),
    [
        ("with the wearer", lambda _: OFFICE, 500.0),
        ("a wrong mast twice", lambda number: HOME if number in {2, 3} else OFFICE, 500.0),
        ("a wrong mast now and then", lambda number: HOME if number % 3 else OFFICE, 500.0),
        ("within the circle", lambda _: (OFFICE[0] - 2500.0, 0.0), 2000.0),
        ("near by", lambda _: (OFFICE[0] - 900.0, 0.0), 50.0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_parting(why, phone, radius):
    told = told_of()
    day(told, phone=phone, radius=radius)
    assert raised(told.run(), KIND) == [], why


def test_answers_of_ten_minutes_come_from_one_mast():
    told = told_of()
    day(told, phone=lambda number: HOME if number < 5 else OFFICE, every=2 * MINUTE, until=14)
    assert raised(told.run(), KIND) == []


def test_an_old_answer_and_an_old_place_say_nothing():
    told = told_of()
    day(told, phone=lambda _: HOME, late=1.2 * HOUR)
    assert raised(told.run(), KIND) == []
    quiet = told_of()
    quiet.report(at(0, 12.5), OFFICE)
    for number in range(6):
        quiet.located(at(0, 13) + number * HOUR / 2, HOME, at(0, 13) + number * HOUR / 2 + 2.0)
    quiet.tick(at(0, 18))
    assert raised(quiet.run(), KIND) == []


@pytest.mark.parametrize("without", BOTH, ids=["bracelet", "phone"])
def test_each_device_is_looked_at_on_its_own_basis_alone(without):
    told = told_of(authorities=tuple(each for each in BOTH if each is not without))
    day(told, phone=lambda _: HOME)
    assert raised(told.run(), KIND) == []


def test_a_phone_that_passes_to_somebody_else_ends_it():
    passed = (*WORN[:1], Assignment("F0001", "P0001", at(-30, 0), at(0, 15)))
    other = Authority("P0002", AuthorityKind.PHONE_CHECK, None, "notice 8", "head A", at(-31, 0), at(-30, 0), at(55, 0))
    told = told_of(
        assignments=(*passed, Assignment("F0001", "P0002", at(0, 15), FOREVER)), authorities=(*BOTH, other)
    )  # fmt: skip
    day(told, phone=lambda _: HOME)
    events = [event for event in told.run() if event["data"]["kind"] == KIND]
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    assert clock(events[1]["data"]["ended"]) == at(0, 15)
    assert clock(events[1]["data"]["facts"]["handed_over"]) == at(0, 15)


def test_a_bracelet_that_reports_late_was_with_its_phone():
    """Its last place before a dead patch was far from the phone; what it had stored shows that they went together."""
    told = told_of()
    told.stay(OFFICE, at(0, 12.5), at(0, 13.02), 5 * MINUTE)
    for minutes in (2, 7, 13):
        time = at(0, 13) + minutes * MINUTE
        told.located(time, HOME, time + 2.0)
    told.tick(at(0, 13.6))
    assert brief(told.run()) == [("raised", KIND)]
    for minutes in range(5, 60, 5):
        told.report(at(0, 13) + minutes * MINUTE, HOME, received=at(0, 14) + minutes)
    told.stay(HOME, at(0, 14.2), at(0, 14.8), 5 * MINUTE)
    told.tick(at(0, 16))
    assert ("retracted", KIND) in brief(told.run())
    assert [one.retracted for one in told.state.episodes.values() if one.kind == KIND] in ([], [True])


def test_a_snapshot_between_two_answers_goes_on_the_same():
    told = told_of()
    day(told, phone=lambda _: HOME, until=14)
    assert told.run() == []
    told.state = restore(snapshot_of(told.state))
    told.report(at(0, 15.4), OFFICE)
    told.located(at(0, 15.5), HOME, at(0, 15.5) + 2.0)
    (alarm,) = raised(told.run(), KIND)
    assert (alarm["facts"]["answers"], clock(alarm["onset"])) == (3, at(0, 13) + MINUTE)

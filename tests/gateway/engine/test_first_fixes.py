"""What the first fixes of a wearing, and a leap where nobody went, are worth: a reflection may be in each of them."""

from __future__ import annotations

import pytest
from timeline import ABROAD, AWAY, HOME, MINUTE, Timeline, at, brief, clock, raised, record

from firmware_sim.firmware.messages import Message
from gateway.engine.pairing import UNSURE
from gateway.engine.weigh import REFLECTED

REFLECTION = (350.0, 0.0)
NIGHT = at(0, 22.5)


def fixes(told, begin, number, every, place):
    for count in range(number):
        told.report(begin + every * count, place)
    return told.run()


@pytest.mark.parametrize(("every", "number"), [(60.0, 4), (120.0, 2), (300.0, 2), (15.0, 4)])
def test_the_first_fixes_of_a_wearing_may_all_be_of_one_reflection(every, number):
    told = Timeline.of()
    assert fixes(told, NIGHT, number, every, REFLECTION) == []
    assert fixes(told, NIGHT + every * number, 30, every, HOME) == []


@pytest.mark.parametrize("every", [15.0, 60.0, 300.0, 900.0])
def test_who_is_elsewhere_from_the_first_fix_on_is_found_within_a_quarter_of_an_hour_or_three_fixes(every):
    told = Timeline.of()
    (alarm,) = raised(fixes(told, NIGHT, 80, every, REFLECTION))
    assert alarm["kind"] == "curfew_late"
    assert clock(alarm["onset"]) == NIGHT
    assert clock(alarm["decided"]) <= NIGHT + max(2.0 * every, 15.0 * MINUTE)


def test_farther_than_any_reflection_two_are_enough():
    assert AWAY[0] > REFLECTED
    assert brief(fixes(Timeline.of(), NIGHT, 2, 300.0, AWAY)) == [("raised", "curfew_late")]


def test_a_track_is_anchored_after_a_while():
    told = Timeline.of()
    fixes(told, at(0, 20), 40, 300.0, HOME)
    assert told.state.track["begun"][0] == at(0, 20)
    assert at(0, 20) + UNSURE < at(0, 23)
    assert brief(fixes(told, at(0, 23.4), 2, 300.0, REFLECTION)) == [("raised", "curfew_early_leave")]


def moving(told, time, place):
    told.frame(Message.LOCATION, record(time, place, speed_kmh=5.0), time)


def test_a_leap_where_nobody_went_needs_a_fix_more_than_a_way():
    leapt, gone = Timeline.of(), Timeline.of()
    for told in (leapt, gone):
        fixes(told, at(0, 20), 80, 120.0, HOME)
    assert fixes(leapt, at(0, 23), 2, 120.0, REFLECTION) == []
    assert leapt.state.track["leapt"][0] == at(0, 23)
    assert brief(fixes(leapt, at(0, 23) + 240.0, 1, 120.0, REFLECTION)) == [("raised", "curfew_early_leave")]
    for count in range(2):
        moving(gone, at(0, 23) + 120.0 * count, REFLECTION)
    assert brief(gone.run()) == [("raised", "curfew_early_leave")]


def test_a_leap_to_where_no_reflection_reaches_needs_no_more():
    told = Timeline.of()
    fixes(told, at(0, 20), 40, 300.0, HOME)
    assert brief(fixes(told, at(0, 23.5), 2, 300.0, ABROAD)) == [
        ("raised", "curfew_early_leave"), ("raised", "inclusion_exit"),
    ]  # fmt: skip

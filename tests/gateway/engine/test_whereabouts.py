"""What alarms know of the place: how far, which way, since when home, how old; of leave; of the home beside a zone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from timeline import (
    AWAY,
    CAFE,
    DAY,
    FOREVER,
    HOME,
    RULES,
    SQUARE,
    Timeline,
    alarm_policies,
    at,
    clock,
    county,
    degrees,
    leave,
    person,
    raised,
)  # fmt: skip

from gateway.engine.records import Command, End, Ended
from gateway.journal.entries import EntryKind
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.model import Home
from protocols.report import Source


@pytest.mark.parametrize(
    ("place", "bearing", "word"),
    [
        ((0.0, SQUARE + 3000), 0, "north"), ((SQUARE + 3000, 0.0), 90, "east"), ((0.0, -SQUARE - 3000), 180, "south"),
        ((-SQUARE - 3000, 0.0), 270, "west"), ((SQUARE + 2000, SQUARE + 2000), 45, "north-east"),
    ],
)  # fmt: skip
def test_an_exit_says_how_far_and_which_way(place, bearing, word):
    told = Timeline.of()
    told.stay(HOME, at(0, 12), at(0, 13), 60.0)
    told.stay(place, at(0, 13), at(0, 13.5), 60.0)
    (alarm,) = raised(told.run(), "inclusion_exit")
    far = 3000.0 if bearing % 90 == 0 else math.hypot(2000.0, 2000.0)
    assert alarm["facts"]["away_m"] == pytest.approx(far, abs=60.0)
    assert alarm["facts"]["away_deg"] == pytest.approx(bearing, abs=2.0)
    assert f" {word} of it" in alarm["text"]["en"]


@pytest.mark.parametrize(("step", "said"), [(90.0, "正在远离"), (0.0, "无明显移动")])
def test_whether_it_grows_is_told(step, said):
    told = Timeline.of()
    begin = SQUARE - 500 if step else SQUARE + 800
    rows = [(at(0, 13) + 60.0 * minute, (begin + step * minute, 0.0), Source.GNSS) for minute in range(60)]
    assert said in raised(told.fixes(rows), "inclusion_exit")[0]["text"]["zh"]


def test_a_late_return_says_when_last_at_home_how_far_and_that_there_is_no_leave():
    told = Timeline.of(rules=(RULES["nights"],))
    told.stay(HOME, at(0, 12), at(0, 18))
    told.stay(AWAY, at(0, 18), at(0, 23))
    (alarm,) = raised(told.run(), "curfew_late")
    assert clock(alarm["facts"]["last_in"]) == pytest.approx(at(0, 18), abs=900.0)
    assert clock(alarm["facts"]["last_in"]) < at(0, 18), "the first fix elsewhere is no sign of him at home"
    assert clock(alarm["decided"]) > at(0, 22.25)
    assert "宽限15分钟已过，22:20判断不在" in alarm["text"]["zh"]
    assert "Now about 2.0 km north-east of home, fix just taken" in alarm["text"]["en"]
    assert "No leave registered" in alarm["text"]["en"]


def test_leave_that_has_just_ended_is_named():
    told = Timeline.of(rules=(RULES["nights"],), leave=(leave(at(0, 12), at(0, 22)), leave(at(-9, 0), at(-8, 0))))
    told.stay(AWAY, at(0, 12), at(0, 23))
    (alarm,) = raised(told.run(), "curfew_late")
    assert clock(alarm["facts"]["leave_ended"]) == at(0, 22)
    assert "请假已于22:00结束" in alarm["text"]["zh"]


@pytest.mark.parametrize(("home", "said"), [(CAFE[0] - 160.0, "100 m from it"), (CAFE[0], "within it"), (0.0, None)])
def test_a_home_beside_a_barred_place_is_told(home, said):
    people = county().people | {"P0001": replace(person("P0001", HOME), home=Home(*degrees((home, 0.0)), 50.0))}
    told = Timeline.of(rules=(RULES["cafes"],), people=people)
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0)
    (alarm,) = raised(told.run(), "exclusion_enter")
    assert ("home lies" in alarm["text"]["en"] or "home is" in alarm["text"]["en"]) == (said is not None)
    assert (said or "") in alarm["text"]["en"]


def test_without_a_home_the_place_is_given_in_the_datum_of_the_maps():
    told = Timeline.of(people=county().people | {"P0001": replace(person("P0001", HOME), home=None)}, rules=())
    told.report(at(0, 12), HOME)
    given = Command("0" * 12, "B0001", "locate", "D01", at(0, 14))
    told.control(EntryKind.COMMAND, at(0, 13), given)
    told.control(EntryKind.RESULT, at(0, 13.5), Ended(given.id, End.EXPIRED))
    (alarm,) = raised(told.run(), "locate_timeout")
    assert "GCJ-02 109.41461,24.32731, fix 1 h 30 min old" in alarm["text"]["en"]
    assert "指令未送达（设备不在线）" in alarm["text"]["zh"]
    assert alarm["position"]["coordinates"] == pytest.approx([109.41, 24.33], abs=1e-4)


def test_a_county_with_a_time_for_checking_has_a_deadline():
    policies = alarm_policies() | {"exclusion_enter": AlarmPolicy("critical", escalate_after_seconds=900.0)}
    told = Timeline.of(rules=(RULES["cafes"],), alarms=policies)
    told.stay(CAFE, at(0, 12), at(0, 13), 60.0)
    (alarm,) = raised(told.run(), "exclusion_enter")
    assert clock(alarm["facts"]["verify_by"]) == clock(alarm["decided"]) + 900.0


def test_a_new_wearer_is_not_told_of_the_last_ones_place():
    told = Timeline.of(alarms=alarm_policies(1200.0))
    told.report(at(0, 13), HOME)
    told.run()
    told.reconfigure(
        at(0, 13.1),
        digest="d2",
        alarms=alarm_policies(1200.0),
        assignments=(
            replace(county().assignments[0], until=at(0, 13.1)),
            replace(county().assignments[0], person="P0002", start=at(0, 13.1), until=FOREVER),
        ),
    )
    told.tick(at(0, 13) + DAY / 4)
    (alarm,) = raised(told.run(), "comms_lost")
    assert (alarm["person"], alarm["position"]) == ("P0002", None)
    assert "No place known before" in alarm["text"]["en"]


def test_an_end_by_leave_is_no_return():
    told = Timeline.of(leave=(leave(at(0, 14), at(0, 20)),), rules=(RULES["stay"],))
    told.stay((SQUARE + 3000, 0.0), at(0, 13), at(0, 15), 60.0)
    cleared = [event["data"] for event in told.run() if event["type"].endswith("cleared")]
    assert [alarm["kind"] for alarm in cleared] == ["inclusion_exit"]
    assert cleared[0]["text"]["zh"].startswith("【因请假解除 14:0")
    assert "ENDED" not in cleared[0]["text"]["en"]


def test_the_end_of_a_night_is_no_return():
    told = Timeline.of(rules=(RULES["nights"],))
    told.stay(HOME, at(0, 20), at(0, 23), 60.0)
    told.stay(AWAY, at(0, 23), at(1, 9), 300.0)
    (cleared,) = [event["data"] for event in told.run() if event["type"].endswith("cleared")]
    assert cleared["text"]["en"].startswith("CURFEW OVER 08:00, not seen back. P0001")


def test_a_return_is_one():
    told = Timeline.of(rules=(RULES["nights"],))
    told.stay(HOME, at(0, 20), at(0, 23), 60.0)
    told.stay(AWAY, at(0, 23), at(1, 1), 300.0)
    told.stay(HOME, at(1, 1), at(1, 3), 300.0)
    (cleared,) = [event["data"] for event in told.run() if event["type"].endswith("cleared")]
    assert cleared["text"]["en"].startswith("ENDED 01:")

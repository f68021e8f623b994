"""Who is to keep away from a protected person: on foot, fast, passing by; and nobody is told where that one is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from timeline import (
    FOREVER,
    HOUR,
    MINUTE,
    PHONES,
    Timeline,
    alarm_policies,
    at,
    brief,
    clock,
    county,
    degrees,
    raised,
    record,
)

from firmware_sim.firmware.messages import Alarm
from gateway.control.last_places import rows_of
from gateway.control.places import Places
from gateway.engine.expiry import SOON
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.settings.meetings import KeepAwayRule
from gateway.settings.model import Assignment, Authority, AuthorityKind, Device, Person, Rule

KIND = "protected_near"
AWAY = Rule("away", ("P0001",), "order 8", keep_away=KeepAwayRule("V0001", 500.0, 300.0))
V_HOME = (6000.0, 2000.0)
NOON = at(0, 12.5)


@pytest.fixture(autouse=True)
def _tag(monkeypatch):
    monkeypatch.setitem(PHONES, "T0001", "013900000009")


def protecting(rule: Rule = AWAY, **changes: object) -> Timeline:
    """P0001 is to keep 500 m away from V0001, who has a tag and has agreed to it."""
    base = county()
    devices = {**base.devices, "T0001": Device("T0001", "jt808", "13900000009", "g10ls")}
    people = {**base.people, "V0001": Person("V0001", "strict", "SFS-02", minor=False, home=None, protected=True)}
    worn = (*base.assignments[:1], Assignment("T0001", "V0001", at(-30, 0), at(60, 0)))
    consent = Authority(
        "V0001", AuthorityKind.BRACELET, None, "consent 3", "", at(-30, 0), at(-30, 0), at(60, 0)
    )  # fmt: skip
    usual = {"rules": (rule,), "devices": devices, "people": people, "assignments": worn,
             "authorities": (*base.authorities[:1], consent)}  # fmt: skip
    return Timeline.of(**(usual | changes))


def walk(
    told: Timeline, way: list[tuple[float, tuple[float, float]]], *, until: float, every: float = 60.0
) -> Timeline:
    """P0001 along points (time, place), straight between them; V0001 stays at home."""
    times, points = zip(*way, strict=True)
    moments = np.arange(NOON, until, every)
    x, y = (np.interp(moments, times, axis) for axis in zip(*points, strict=True))
    speed = np.hypot(np.gradient(x, every), np.gradient(y, every)) * 3.6
    for at_, *place, kmh in zip(moments.tolist(), x.tolist(), y.tolist(), speed.tolist(), strict=True):
        told.frame(0x0200, record(at_, (place[0], place[1]), speed_kmh=round(kmh, 1)), at_)
        told.report(at_ + min(20.0, every / 2), V_HOME, device="T0001")
    return told


def on_foot(metres: float = 0.0, told: Timeline | None = None) -> Timeline:
    """From 2 km west at 1.3 m/s up to so far, and away again an hour later."""
    near = (V_HOME[0] - metres, V_HOME[1])
    far = (V_HOME[0] - 2000.0, V_HOME[1])
    there = NOON + 20 * MINUTE + (2000.0 - metres) / 1.3
    way = [(NOON + 20 * MINUTE, far), (there, near), (there + HOUR, near), (there + 2 * HOUR, far)]
    return walk(told or protecting(), way, until=there + 3 * HOUR)


def of_kind(events: list[dict], kind: str = KIND) -> list[dict]:
    return [event for event in events if event["data"]["kind"] == kind]


def distance_at(told_at: float) -> float:
    """Metres from V0001 of whoever walks as in ``on_foot``."""
    return 2000.0 - max(0.0, told_at - NOON - 20 * MINUTE) * 1.3


def test_who_walks_there_is_said_before_the_buffer_and_then_in_it():
    events = of_kind(on_foot().run())
    assert brief(events) == [("raised", KIND), ("updated", KIND), ("cleared", KIND)]
    coming, near = (event["data"] for event in events[:2])
    assert (coming["person"], coming["facts"]["with"], coming["facts"]["approach"]) == ("P0001", "V0001", "coming")
    assert (coming["severity"], coming["basis"], coming["device"]) == ("critical", "order 8", "B0001")
    assert 800.0 < distance_at(clock(coming["decided"])) < 800.0 + 1.3 * (1.3 * 60.0 + 7.0)
    assert coming["probability"] is None
    assert "coming towards protected V0001" in coming["text"]["en"]
    assert near["facts"]["approach"] == "near"
    assert 500.0 < distance_at(clock(events[1]["time"])) < 800.0
    assert "V0001" in near["text"]["zh"]
    assert "禁止接近500米以内" in near["text"]["zh"]


@pytest.mark.parametrize("metres", [1000.0, 950.0])
def test_who_stays_outside_of_the_buffer_is_said_nothing_of(metres):
    assert of_kind(on_foot(metres).run()) == []


def by_car(aim: float = 0.0, told: Timeline | None = None) -> Timeline:
    """From 12 km west at 15 m/s, so many metres past V0001, and 12 km on."""
    start = NOON + 20 * MINUTE
    way = [(start, (V_HOME[0] - 12_000.0, V_HOME[1] + aim)), (start + 1600.0, (V_HOME[0] + 12_000.0, V_HOME[1] + aim))]
    return walk(told or protecting(), way, until=start + HOUR, every=30.0)


def test_who_comes_fast_is_said_before_the_buffer_is_reached():
    events = of_kind(by_car().run())
    assert brief(events)[0] == ("raised", KIND)
    fast = events[0]["data"]
    assert (fast["facts"]["approach"], fast["probability"]) == ("fast", None)
    reached = NOON + 20 * MINUTE + (12_000.0 - 800.0) / 15.0
    assert reached - 3 * MINUTE <= clock(fast["decided"]) < reached
    assert "coming fast towards protected V0001" in fast["text"]["en"]
    assert brief(events)[-1] == ("cleared", KIND)
    assert len({event["data"]["alarm"] for event in events}) == 1


def test_who_comes_fast_and_stays_is_then_near():
    start = NOON + 20 * MINUTE
    way = [(start, (V_HOME[0] - 12_000.0, V_HOME[1])), (start + 780.0, (V_HOME[0] - 300.0, V_HOME[1]))]
    events = of_kind(walk(protecting(), way, until=start + HOUR, every=30.0).run())
    assert brief(events) == [("raised", KIND), ("updated", KIND)]
    assert [event["data"]["facts"]["approach"] for event in events] == ["fast", "near"]


@pytest.mark.parametrize("aim", [1500.0, -3000.0])
def test_who_drives_by_at_a_distance_is_said_nothing_of(aim):
    assert of_kind(by_car(aim).run()) == []


def often(metres: float, told: Timeline | None = None) -> Timeline:
    """From 1,100 m west at 1.3 m/s up to so far, with a report each five seconds, and there for ten minutes."""
    start = NOON + 2 * MINUTE
    there = start + (1100.0 - metres) / 1.3
    way = [(start, (V_HOME[0] - 1100.0, V_HOME[1])), (there, (V_HOME[0] - metres, V_HOME[1]))]
    return walk(told or protecting(), way, until=there + 10 * MINUTE, every=5.0)


def test_who_reports_often_is_said_just_before_the_buffer():
    told = of_kind(often(700.0).run())[0]["data"]
    reached = NOON + 2 * MINUTE + 300.0 / 1.3
    assert told["facts"]["approach"] == "coming"
    assert reached - (1.3 * 5.0 + 7.0) <= clock(told["decided"]) < reached


@pytest.mark.parametrize("metres", [840.0, 900.0])
def test_who_reports_often_and_stops_outside_of_the_buffer_is_said_nothing_of(metres):
    assert of_kind(often(metres).run()) == []


def turned(after: float) -> Timeline:
    """1,000 m away, north at 1.3 m/s, then towards V0001 for so many seconds, and back; a report each five seconds."""
    start = (V_HOME[0] - 830.0, V_HOME[1] - 400.0)
    corner = (start[0], V_HOME[1])
    turns = NOON + 400.0 / 1.3
    in_front = (corner[0] + 1.3 * after, corner[1])
    way = [(NOON, start), (turns, corner), (turns + after, in_front), (turns + 2 * after, corner)]
    return walk(protecting(), way, until=turns + 2 * after + MINUTE, every=5.0)


@pytest.mark.parametrize(("after", "count"), [(5.0, 0), (60.0, 1)])
def test_who_turns_away_at_once_is_said_nothing_of(after, count):
    assert len(raised(of_kind(turned(after).run()))) == count


def test_one_place_that_leaps_there_says_nothing():
    told = protecting()
    for time in np.arange(NOON, NOON + HOUR, 15.0):
        leaps = 1200.0 if time == NOON + 30 * MINUTE else 2000.0
        told.report(float(time), (V_HOME[0] - leaps, V_HOME[1]))
        told.report(float(time), V_HOME, device="T0001")
    assert of_kind(told.run()) == []


def test_what_was_said_stands_for_a_while_though_he_turns_off_and_then_ends():
    """In front of the buffer's edge: a second one would be the same told twice."""
    start, x = NOON + MINUTE, V_HOME[0]
    way = [
        (start, (x - 1000.0, V_HOME[1])),
        (start + 150.0, (x - 805.0, V_HOME[1])),
        (start + 300.0, (x - 1000.0, V_HOME[1])),
    ]
    events = of_kind(walk(protecting(), way, until=start + HOUR, every=5.0).run())
    assert brief(events) == [("raised", KIND), ("cleared", KIND)]
    assert clock(events[1]["time"]) - clock(events[0]["time"]) >= 5 * MINUTE


def under_roof(*, reports: bool) -> Timeline:
    """V0001 at home, and an hour without a place of the tag, which goes on reporting or does not; P0001 walks there."""
    told = protecting()
    told.stay(V_HOME, NOON, NOON + 10 * MINUTE, 60.0, device="T0001")
    for time in np.arange(NOON + 10 * MINUTE, NOON + 2 * HOUR, 60.0):
        away = 4000.0 - min(max(time - NOON - HOUR, 0.0) * 1.3, 4000.0)
        told.frame(0x0200, record(float(time), (V_HOME[0] - away, V_HOME[1]), speed_kmh=4.7), float(time))
        if reports:
            told.frame(0x0200, record(float(time), None), float(time), device="T0001")
    return told


@pytest.mark.parametrize(("reports", "expected"), [(True, ["coming", "near"]), (False, [])])
def test_a_tag_that_reports_no_place_is_taken_to_be_where_it_was(reports, expected):
    events = of_kind(under_roof(reports=reports).run())
    assert [event["data"]["facts"]["approach"] for event in events] == expected


def test_who_walks_is_coming_and_not_fast():
    assert [event["data"]["facts"]["approach"] for event in of_kind(on_foot(600.0).run())][:1] == ["coming"]


def test_it_goes_with_the_protected_person():
    """P0001 stays; V0001 comes by on foot and goes on."""
    told = protecting()
    for time in np.arange(NOON, NOON + 3 * HOUR, 60.0):
        told.report(float(time), (3000.0, 2000.0))
        east = 5000.0 - (time - NOON) * 1.2
        told.report(float(time) + 20.0, (max(east, -4000.0), 2000.0), device="T0001")
    assert brief(of_kind(told.run())) == [("raised", KIND), ("cleared", KIND)]


def places_told(data: dict) -> set[str]:
    """Whatever in an alarm tells a place."""
    found = {name for name in ("placed", "home_m", "home_deg", "away_m", "outside", "inside") if name in data["facts"]}
    return found | ({"position"} if data["position"] is not None else set())


def test_no_alarm_tells_where_either_is():
    told = on_foot()
    for event in of_kind(told.run()):
        assert not places_told(event["data"])
        assert not {"GCJ-02", "109.4", "24.3"} & set(event["data"]["text"]["en"].split())


def test_what_the_tag_itself_tells_has_no_place_either():
    told = protecting(alarms=alarm_policies(20 * MINUTE))
    told.stay(V_HOME, NOON, NOON + HOUR, 60.0, device="T0001")
    told.report(NOON + HOUR, V_HOME, device="T0001", alarm=Alarm.SOS | Alarm.REMOVAL, battery=3)
    told.stay((0.0, 0.0), NOON, NOON + 3 * HOUR, 60.0)
    events = [event["data"] for event in told.run() if event["data"]["person"] == "V0001"]
    kinds = {data["kind"] for data in events}
    assert {"sos", "strap_cut", "battery_critical", "battery_dead"} <= kinds
    assert all(not places_told(data) and data["level"] is None for data in events)
    assert json.dumps(events).count("coordinates") == 0


def called(told: Timeline) -> str:
    """V0001 presses for help; the alarm."""
    told.stay(V_HOME, NOON, NOON + HOUR, 60.0, device="T0001")
    told.report(NOON + HOUR, V_HOME, device="T0001", alarm=Alarm.SOS)
    (event,) = [one for one in told.run() if one["data"]["kind"] == "sos"]
    assert "no place in this notice" in event["data"]["text"]["en"]
    assert "位置不写入报警" in event["data"]["text"]["zh"]
    assert event["data"]["position"] is None
    return str(event["data"]["alarm"])


def test_who_calls_for_help_is_found_by_whoever_asks_until_the_call_is_closed_and_nowhere_else():
    told = protecting()
    places = Places(lambda: (told.state, told.policy, told.state.now), Path("nowhere"), lambda: None)
    with pytest.raises(UserFault, match="call for help"):
        places.where("V0001", "D01")
    alarm = called(told)
    (place,) = places.where("V0001", "D01")["places"]
    latitude, longitude = degrees(V_HOME)
    assert place["position"]["coordinates"] == [pytest.approx(longitude, abs=1e-4), pytest.approx(latitude, abs=1e-4)]
    assert (place["device"], place["zones"]) == ("T0001", [])
    assert "V0001" not in {row["person"] for row in rows_of(told.state, told.policy, told.state.now)}
    assert places.of_device("T0001") is None
    with pytest.raises(UserFault, match="protected"):
        asyncio.run(places.track("V0001", NOON, NOON + HOUR, "D01"))
    told.close(alarm, NOON + 2 * HOUR)
    told.run()
    with pytest.raises(UserFault, match="protected"):
        places.where("V0001", "D01")


def test_another_alarm_of_the_protected_person_opens_nothing():
    told = protecting()
    told.report(NOON, V_HOME, device="T0001", alarm=Alarm.REMOVAL)
    told.run()
    with pytest.raises(UserFault, match="protected"):
        Places(lambda: (told.state, told.policy, NOON), Path("nowhere"), lambda: None).where("V0001", "D01")


def test_places_of_all_leave_out_who_is_protected():
    told = on_foot()
    told.run()
    assert {row["person"] for row in rows_of(told.state, told.policy, told.state.now)} == {"P0001"}


def test_without_a_rule_nobody_is_held_against_a_protected_person():
    stay = Rule("stay", ("P0001",), "order 1", stay_inside="square")
    assert of_kind(on_foot(told=protecting(stay)).run()) == []


def test_an_old_place_of_the_protected_person_says_nothing():
    told = protecting()
    told.stay(V_HOME, NOON, NOON + 10 * MINUTE, 60.0, device="T0001")
    told.stay((0.0, 0.0), NOON + 10 * MINUTE, NOON + 30 * MINUTE, 60.0)
    told.stay(V_HOME, NOON + 40 * MINUTE, NOON + 2 * HOUR, 60.0)
    assert of_kind(told.run()) == []


def test_the_end_of_a_consent_is_told_and_ends_what_is_held_against_it():
    told = protecting()
    told.tick(at(47, 0))
    soon = [
        event["data"] for event in told.run() if event["data"]["kind"] == SOON and event["data"]["person"] == "V0001"
    ]
    assert "consent to be located consent 3 ends" in soon[0]["text"]["en"]
    assert "同意书" in soon[0]["text"]["zh"]


def test_a_rule_that_is_taken_away_ends_it():
    told = protecting()
    walk(told, [(NOON, V_HOME), (NOON + HOUR, V_HOME)], until=NOON + HOUR)
    assert len(raised(told.run(), KIND)) == 1
    told.reconfigure(NOON + HOUR, rules=(), digest="d2")
    assert brief(of_kind(told.run())) == [("cleared", KIND)]


def test_both_are_groups_of_their_own():
    assert len(set(protecting().policy.group.tolist())) == 3


@pytest.mark.parametrize("make", [on_foot, by_car, partial(under_roof, reports=True)])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_cuts_and_a_snapshot_change_nothing(make, size):
    whole, pieces = make(), make()
    said = of_kind(whole.run())
    entries = pieces.waiting.batch()
    for number, first in enumerate(range(0, len(entries), size)):
        part = entries.slice(first, min(first + size, len(entries)))
        pieces._said(step(pieces.state, part, pieces.policies, first=first))
        if number == 30:
            pieces.state = restore(snapshot_of(pieces.state))
    assert of_kind(pieces.events) == said != []


def test_nobody_is_told_of_twice_by_two_rules_of_one_person():
    both = (AWAY, replace(AWAY, id="away-2", basis="order 9"))
    told = protecting(rules=both)
    events = of_kind(on_foot(told=told).run())
    assert sorted(data["rule"] for data in raised(events)) == ["away", "away-2"]
    assert max(clock(event["data"]["ended"] or event["time"]) for event in events) < FOREVER

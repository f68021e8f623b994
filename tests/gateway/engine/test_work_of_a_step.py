"""What a step costs, in calls: by round and not by report, and not by devices that say nothing."""

from __future__ import annotations

import pytest
import timeline
from met import counted, work_of
from timeline import HOME, MINUTE, Timeline, alarm_policies, at, authority, person

from gateway.engine import step as engine
from gateway.engine.step import step
from gateway.settings.model import Assignment, Device

DEVICES = 64
KEYS = [f"B{number:04d}" for number in range(1, DEVICES + 1)]
BEGIN = at(0, 12)
MOST_CALLS = 10
"""For a row more in a round: what decoding and repeats cost; the round itself costs some hundreds."""


@pytest.fixture
def county(monkeypatch):
    """64 wearers at home, of whom some speak."""
    monkeypatch.setattr(timeline, "PHONES", {key: f"0139{number:08d}" for number, key in enumerate(KEYS)})
    people = [key.replace("B", "P") for key in KEYS]
    return {
        "people": {one: person(one, HOME) for one in people},
        "devices": {key: Device(key, "jt808", timeline.PHONES[key].lstrip("0"), "g10ls") for key in KEYS},
        "assignments": tuple(
            Assignment(key, one, at(-30, 0), timeline.FOREVER) for key, one in zip(KEYS, people, strict=True)
        ),
        "authorities": tuple(map(authority, people)),
        "rules": (),
        "alarms": alarm_policies(),
    }


def told(county: dict, speaking: int, rounds: int) -> Timeline:
    """A county that has begun, and what waits: so many devices, so many reports each."""
    one = Timeline.of(BEGIN, **county)
    for key in KEYS:
        one.report(BEGIN + 1, device=key)
    one.run()
    for turn in range(1, rounds + 1):
        for key in KEYS[:speaking]:
            one.report(BEGIN + turn * MINUTE, device=key)
    return one


def work(one: Timeline) -> int:
    entries = one.waiting.batch()
    return work_of(lambda: step(one.state, entries, one.policies, first=one.state.offset))


def test_a_round_of_many_devices_makes_hardly_more_calls_than_one_of_a_few(county):
    few, many = work(told(county, 4, 4)), work(told(county, DEVICES, 4))
    more = 4 * (DEVICES - 4)
    assert many < few + MOST_CALLS * more


def test_a_report_of_a_device_costs_as_many_calls_in_the_hundredth_round_as_in_the_first(county):
    ten, hundred = work(told(county, 1, 10)), work(told(county, 1, 100))
    assert hundred < 10.5 * ten


def test_a_stretch_of_several_reports_a_device_goes_at_once(county, monkeypatch):
    one = told(county, 8, 5)
    turns, plain = (counted(monkeypatch, engine, name) for name in ("_turn", "_stretch"))
    entries = one.waiting.batch()
    step(one.state, entries, one.policies, first=one.state.offset)
    assert (turns["_turn"], plain["_stretch"]) == (1, 1)
    assert len(entries) == 40

"""A device that says that another SIM card is in it: latched, once while it stands, and again after a close."""

from __future__ import annotations

import numpy as np
from timeline import HOME, Timeline, _placeholders, at, brief, clock, county, degrees

from gateway.engine.reports import assemble
from gateway.engine.step import Stepped, run_reports
from protocols.gt06.family import FAMILY
from protocols.report import Flag, Source, blank

KIND = "identity_changed"
NOON = at(0, 12.5)


def told() -> Timeline:
    one = Timeline.of(rules=(), assignments=county().assignments[:1])
    one.run()
    return one


def says(one: Timeline, *times: float, flags: Flag = Flag.SIM_CHANGED, sound: bool = True) -> list[dict]:
    """Reports from home with flags; the new events."""
    batch = blank(len(times))
    batch.frame[:], batch.time[:], batch.source[:] = np.arange(len(times)), times, Source.GNSS
    batch.latitude[:], batch.longitude[:] = degrees(HOME)
    batch.located[:], batch.flags[:] = True, flags
    index = np.full(len(times), one.policy.devices.index("B0001"), np.int64)
    reports = assemble(np.arange(len(times)), batch.time.copy(), index, batch)
    reports.sound[:] = sound
    stepped = Stepped()
    run_reports(one.state, _placeholders(batch.time), reports, one.policy, stepped)
    one.state.offset += len(times)
    one.state.now = times[-1]
    return one._said(stepped)


def test_another_card_is_said_once_and_only_a_person_ends_it():
    one = told()
    events = says(one, NOON, NOON + 60.0) + says(one, NOON + 120.0, flags=Flag(0))
    assert brief(events) == [("raised", KIND)]
    data = events[0]["data"]
    assert (clock(data["onset"]), data["severity"], data["latched"]) == (NOON, "serious", True)
    assert data["facts"]["what"] == "sim"
    assert "换了SIM卡" in data["text"]["zh"]
    assert "another SIM card" in data["text"]["en"]


def test_after_a_close_it_is_another_alarm():
    one = told()
    (first,) = says(one, NOON)
    one.close(first["data"]["alarm"], NOON + 600.0, outcome="technical", note="card was replaced")
    one.run()
    assert brief(says(one, NOON + 1200.0)) == [("raised", KIND)]


def test_a_damaged_frame_changes_nobodys_card():
    assert says(told(), NOON, sound=False) == []


def test_the_alarm_byte_of_gt06_says_it():
    assert Flag(int(FAMILY.profile("standard").alarm[0x10])) == Flag.SIM_CHANGED

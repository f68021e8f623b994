"""The wearer objects to how an alarm was closed: it opens again, and a leader closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from timeline import HOME, Timeline, at, raised

from firmware_sim.firmware.messages import Alarm
from gateway.engine.snapshot import restore, snapshot_of
from gateway.settings.model import Role, Staff

if TYPE_CHECKING:
    from gateway.engine import Episode

NOON = at(0, 13)
STAFF = {
    "D01": Staff("D01", "d01", frozenset({Role.DUTY})),
    "L01": Staff("L01", "l01", frozenset({Role.LEADER, Role.DUTY})),
}


def closed(staff=STAFF) -> tuple[Timeline, str]:
    """A strap alarm that duty has closed as false."""
    told = Timeline.of(staff=staff)
    told.report(NOON, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run())
    told.act(NOON + 60, "acknowledge", alarm["alarm"], by="D01")
    told.act(NOON + 120, "close", alarm["alarm"], by="D01", outcome="confirmed", verified_by="call", note="cut it")
    told.run()
    return told, alarm["alarm"]


def disputed(staff=STAFF) -> tuple[Timeline, str]:
    told, alarm = closed(staff)
    told.act(NOON + 3600, "dispute", alarm, by="D01", note="the clinic took it off")
    told.run()
    return told, alarm


def test_it_is_open_again_as_nobodys_and_what_was_found_stands_in_its_lines():
    told, alarm = closed()
    told.act(NOON + 3600, "dispute", alarm, by="D01", note="the clinic took it off")
    (event,) = told.run()
    data = event["data"]
    assert event["type"] == "bracelet.alarm.disputed"
    assert [data[name] for name in ("closed", "outcome", "verified_by", "owner", "acknowledged")] == [None] * 5
    assert data["disputed"] == "2026-11-02T06:00:00Z"
    assert [(one["do"], one.get("outcome")) for one in data["acts"]] == [
        ("acknowledge", None), ("close", "confirmed"), ("dispute", None),
    ]  # fmt: skip
    assert data["text"]["zh"].startswith("【本人有异议 14:00，由领导复核】备注（D01）：the clinic took it off。")
    assert data["text"]["en"].startswith("OBJECTED TO 14:00, for a leader to look at again. Note (D01)")
    assert told.state.episodes[alarm].is_disputed
    assert not told.state.episodes[alarm].resolved


def test_a_leader_alone_closes_it():
    told, alarm = disputed()
    for minute, by in enumerate(("D01", "officer 7", "L01")):
        told.act(NOON + 7200 + minute, "close", alarm, by=by, outcome="excused", note="slip of the clinic seen")
    (event,) = told.run()
    assert event["type"] == "bracelet.alarm.closed"
    assert (event["data"]["closed_by"], event["data"]["outcome"]) == ("L01", "excused")
    assert told.state.counts["act_refused"] == 2
    assert list(told.state.acts.values())[-3:] == ["disputed_leader", "disputed_leader", "done"]


def test_where_nobody_is_a_leader_anybody_closes_it():
    told, alarm = disputed({"D01": STAFF["D01"]})
    told.act(NOON + 7200, "close", alarm, by="D01", outcome="excused", note="slip of the clinic seen")
    assert [event["type"] for event in told.run()] == ["bracelet.alarm.closed"]


def test_what_is_done_meanwhile_is_done_as_ever_and_it_can_be_disputed_anew():
    told, alarm = disputed()
    told.act(NOON + 7200, "acknowledge", alarm, by="L01")
    told.act(NOON + 7201, "dispute", alarm, by="D01", note="twice")
    told.act(NOON + 7202, "close", alarm, by="L01", outcome="confirmed", verified_by="visit", note="seen")
    told.act(NOON + 7203, "dispute", alarm, by="D01", note="still")
    types = [event["type"].rpartition(".")[2] for event in told.run()]
    assert types == ["acknowledged", "closed", "disputed"]
    assert told.state.acts[f"act {NOON + 7201} dispute"] == "alarm_open over"


@pytest.mark.parametrize("severity", ["info", "warning", "critical"])
def test_a_mild_one_that_has_ended_by_itself_waits_for_the_leader_too(severity):
    told, alarm = disputed()
    one = msgspec.structs.replace(told.state.episodes[alarm], severity=severity, ends="self")
    assert not one.resolved
    assert msgspec.structs.replace(one, closed=NOON + 7200).resolved


def test_a_dispute_says_something():
    told, alarm = closed()
    told.act(NOON + 3600, "dispute", alarm, by="D01", note=" ")
    assert told.run() == []
    assert list(told.state.acts.values())[-1] == "note_missing"


def brought(told: Timeline, alarm: str, **changes: object) -> Episode:
    """The engine has forgotten a closed alarm, as after eight days; it is as state.db keeps it."""
    stored = told.state.settled.pop(alarm)
    return msgspec.structs.replace(stored, **changes)


def test_one_that_the_engine_has_forgotten_comes_with_the_act():
    told, alarm = closed()
    stored = brought(told, alarm)
    told.act(NOON + 3600, "dispute", alarm, by="D01", note="no", episode=msgspec.json.encode(stored).decode())
    (event,) = told.run()
    assert (event["type"], event["data"]["revision"]) == ("bracelet.alarm.disputed", stored.revision + 1)
    again = restore(snapshot_of(told.state))
    assert again.episodes[alarm].is_disputed


@pytest.mark.parametrize("changes", [{"id": "0" * 32}, None])
def test_what_comes_with_the_act_has_to_be_that_alarm(changes):
    told, alarm = closed()
    stored = brought(told, alarm)
    said = "" if changes is None else msgspec.json.encode(msgspec.structs.replace(stored, **changes)).decode()
    told.act(NOON + 3600, "dispute", alarm, by="D01", note="no", episode=said)
    assert told.run() == []
    assert list(told.state.acts.values())[-1] == f"alarm_gone {alarm}"


def test_one_that_was_not_closed_cannot_be_disputed():
    told = Timeline.of(staff=STAFF)
    told.report(NOON, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run())
    told.act(NOON + 60, "dispute", alarm["alarm"], by="D01", note="no")
    assert told.run() == []
    assert list(told.state.acts.values())[-1] == "alarm_open ongoing"

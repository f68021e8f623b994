"""A leader says why an alarm that was closed as false or technical was none: a line of its own, and nothing else."""

from __future__ import annotations

import msgspec
import pytest
from test_disputed import NOON, STAFF, brought
from timeline import HOME, Timeline, raised

from firmware_sim.firmware.messages import Alarm
from gateway.engine.settled import KEPT
from gateway.engine.snapshot import restore, snapshot_of


def closed(outcome: str = "false", staff=STAFF) -> tuple[Timeline, str]:
    told = Timeline.of(staff=staff)
    told.report(NOON, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run())
    verified = {"verified_by": "call"} if outcome == "confirmed" else {}
    told.act(NOON + 120, "close", alarm["alarm"], by="D01", outcome=outcome, note="clasp", **verified)
    told.run()
    return told, alarm["alarm"]


@pytest.mark.parametrize("outcome", ["false", "technical"])
def test_it_stays_closed_and_has_one_line_more(outcome):
    told, alarm = closed(outcome)
    before = msgspec.structs.replace(told.state.settled[alarm])
    told.act(NOON + 3600, "cause", alarm, by="L01", cause="device", note="clasp changed")
    (event,) = told.run()
    data = event["data"]
    assert (event["type"], data["revision"]) == ("bracelet.alarm.examined", before.revision + 1)
    assert (data["acts"][-1]["cause"], data["acts"][-1]["note"]) == ("device", "clasp changed")
    assert data["text"]["zh"].startswith("【已标记原因：设备】备注（L01）：clasp changed。")
    assert data["text"]["en"].startswith("CAUSE MARKED: device. Note (L01)")
    same = {"acts", "notes", "revision"}
    now = msgspec.structs.asdict(told.state.settled[alarm])
    assert {name: value for name, value in now.items() if name not in same} == {
        name: value for name, value in msgspec.structs.asdict(before).items() if name not in same
    }
    assert alarm not in told.state.episodes


def test_the_last_one_counts_and_a_snapshot_has_it():
    told, alarm = closed()
    for second, cause in enumerate(("redrawn", "rule")):
        told.act(NOON + 3600 + second, "cause", alarm, by="L01", cause=cause)
    assert [event["data"]["revision"] for event in told.run()] == [3, 4]
    assert restore(snapshot_of(told.state)).settled[alarm].cause == "rule"


def test_what_was_closed_anew_has_no_cause_yet_and_what_is_open_has_none():
    told, alarm = closed()
    told.act(NOON + 3600, "cause", alarm, by="L01", cause="rule")
    told.act(NOON + 3700, "dispute", alarm, by="D01", note="no")
    told.run()
    assert told.state.episodes[alarm].cause == ""
    told.act(NOON + 3800, "close", alarm, by="L01", outcome="false", note="seen")
    told.run()
    assert told.state.settled[alarm].cause == ""


@pytest.mark.parametrize(
    ("outcome", "by", "cause", "why"),
    [
        ("false", "D01", "rule", "cause_leader"),
        ("false", "L01", "weather", "cause_missing weather"),
        ("false", "L01", "", "cause_missing"),
        ("excused", "L01", "rule", "cause_outcome excused"),
        ("confirmed", "L01", "rule", "cause_outcome confirmed"),
    ],
)
def test_what_cannot_be_marked_is_refused_and_changes_nothing(outcome, by, cause, why):
    told, alarm = closed(outcome)
    before = str(told.state.settled[alarm])
    told.act(NOON + 3600, "cause", alarm, "a1", by=by, cause=cause)
    assert told.run() == []
    assert told.acts["a1"] == why
    assert str(told.state.settled[alarm]) == before


def test_one_that_is_open_has_no_cause():
    told = Timeline.of(staff=STAFF)
    told.report(NOON, HOME, alarm=Alarm.REMOVAL)
    (alarm,) = raised(told.run())
    told.act(NOON + 60, "cause", alarm["alarm"], "a1", by="L01", cause="device")
    assert told.run() == []
    assert told.acts["a1"] == "alarm_open ongoing"


def test_one_that_the_engine_has_forgotten_comes_with_the_act_and_the_next_act_goes_on_from_there():
    """Both were asked for before the first was stored: neither is lost."""
    told, alarm = closed()
    stored = msgspec.json.encode(brought(told, alarm)).decode()
    late = NOON + 2 * KEPT
    for second, cause in enumerate(("redrawn", "device")):
        told.act(late + second, "cause", alarm, by="L01", cause=cause, episode=stored)
        told.run()
    assert [act.cause for act in told.state.settled[alarm].acts[-2:]] == ["redrawn", "device"]
    assert told.state.settled[alarm].revision == 4
    told.state.found.clear()
    for later, is_known in ((3600.0, True), (KEPT + 3600.0, False)):
        told.report(late + later, HOME)
        told.run()
        assert (alarm in told.state.settled) is is_known


def test_of_an_older_alarm_without_lines_the_cause_counts():
    told, alarm = closed()
    older = msgspec.structs.replace(brought(told, alarm), acts=[])
    told.act(NOON + 3600, "cause", alarm, by="L01", cause="other", episode=msgspec.json.encode(older).decode())
    told.run()
    assert told.state.settled[alarm].cause == "other"

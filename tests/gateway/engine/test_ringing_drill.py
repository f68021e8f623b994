"""A drill: it rings as a critical alarm of its like would, is nobody's alarm, and gives way to a real one."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from test_ladder import DUTY, NIGHT, NOTICES, STAFF, STRAP, Told
from timeline import HOME, MINUTE, alarm_policies, at

from firmware_sim.firmware.messages import Alarm
from gateway.engine.snapshot import restore, snapshot_of
from gateway.journal.controls import Act, TestAlarm
from gateway.journal.entries import EntryKind
from gateway.settings.canary import Canary, Drill
from gateway.words.sms_text import sms_of

CANARY = Canary("B0002", drill=Drill(like="strap_cut"))
BEGUN = TestAlarm("d1", "B0002", "L01", drill=True, reason="new colleagues")


def county(**changes: object) -> Told:
    wanted = {"notices": NOTICES, "duty": DUTY, "staff": STAFF, "alarms": alarm_policies() | {"strap_cut": STRAP}}
    return Told.of(at(0, 12), **wanted | {"canary": CANARY} | changes)


def begun(time: float = NIGHT, **changes: object) -> tuple[Told, str]:
    told = county(**changes)
    told.control(EntryKind.TEST, time, BEGUN)
    (alarm,) = (one["data"] for one in told.run())
    return told, alarm["alarm"]


def acknowledged(told: Told, alarm: str, time: float, by: str) -> None:
    told.control(EntryKind.ACT, time, Act(f"{by} {alarm}", "acknowledge", alarm, by))
    told.run()


def test_it_rings_everybodys_duty_as_the_alarm_that_it_is_like_and_goes_up_while_nobody_answers():
    told, alarm = begun()
    assert told.told() == [("D01", NIGHT), ("D02", NIGHT), ("D09", NIGHT)]
    assert {one.notice.about.severity for one in told.notices.values()} == {"critical"}
    told.tick(NIGHT + 10 * MINUTE)
    told.run()
    assert told.told()[3:] == [("D04", NIGHT + 5 * MINUTE), *((name, NIGHT + 10 * MINUTE) for name in STAFF)]
    assert told.state.ladders[alarm].told == ["D01", "D02", "D09", "D04", *STAFF]


def test_every_text_says_that_it_is_a_drill_and_has_a_code_to_answer_by():
    told, alarm = begun()
    told.tick(NIGHT + 5 * MINUTE)
    told.run()
    notices = {one.notice.to: one.notice for one in told.notices.values()}
    first, late = notices["D01"], notices["D04"]
    code = told.state.ladders[alarm].code
    assert sms_of(first, "zh", "Asia/Shanghai", NIGHT) == f"【演练 DRILL】20:00报警演练，非真实报警。接收回“收 {code}”"
    assert "已过时限无人接收" in sms_of(late, "zh", "Asia/Shanghai", NIGHT)
    assert sms_of(first, "en", "Asia/Shanghai", NIGHT).startswith("DRILL, no real alarm (20:00).")


def test_it_is_of_nobody_and_mild_and_says_by_whom_and_why():
    told = county()
    told.control(EntryKind.TEST, NIGHT, BEGUN)
    (raised,) = told.run()
    data = raised["data"]
    assert (data["kind"], data["severity"], data["person"], data["office"]) == ("drill", "info", None, None)
    assert data["facts"] == {"like": "strap_cut", "by": "L01", "reason": "new colleagues"}
    assert "DRILL" in data["text"]["zh"]
    assert "演练" in data["text"]["en"]


def test_an_answer_stops_the_ladder_and_others_may_answer_until_an_entry_ends_it():
    told, alarm = begun()
    acknowledged(told, alarm, NIGHT + MINUTE, "D02")
    acknowledged(told, alarm, NIGHT + 2 * MINUTE, "D01")
    told.tick(NIGHT + 20 * MINUTE)
    told.run()
    assert [one.notice.to for one in told.notices.values()] == ["D01", "D02", "D09"]
    assert [(one.by, one.at - NIGHT) for one in told.state.episodes[alarm].acts] == [("D02", 60.0), ("D01", 120.0)]
    told.control(EntryKind.TEST, NIGHT + 30 * MINUTE, TestAlarm("e1", "B0002", ends=alarm))
    told.control(EntryKind.TEST, NIGHT + 31 * MINUTE, TestAlarm("e2", "B0002", ends=alarm))
    (over,) = told.run()
    assert (over["type"].rpartition(".")[2], over["data"]["ended"] is not None) == ("cleared", True)
    assert (told.state.episodes, told.state.ladders) == ({}, {})


def test_while_something_critical_is_unresolved_or_another_is_under_way_there_is_none():
    told, _ = begun()
    told.control(EntryKind.TEST, NIGHT + 1, msgspec.structs.replace(BEGUN, id="d2"))
    assert told.run() == []
    real = county()
    real.report(NIGHT, HOME, alarm=Alarm.REMOVAL)
    real.run()
    real.control(EntryKind.TEST, NIGHT + 1, BEGUN)
    assert real.run() == []
    assert (told.state.counts["drill_put_off"], real.state.counts["drill_put_off"]) == (1, 1)


def test_a_real_one_stops_its_ladder_and_withdraws_what_has_not_gone_out():
    told, alarm = begun()
    told.report(NIGHT + MINUTE, HOME, alarm=Alarm.REMOVAL)
    told.run()
    of_drill = [one for one in told.notices.values() if one.notice.alarm == alarm]
    assert {one.state for one in of_drill} == {"withdrawn"}
    assert [one.notice.to for one in told.notices.values() if one.notice.alarm != alarm] == ["D01", "D02"]
    told.tick(NIGHT + 4 * MINUTE)
    told.control(EntryKind.TEST, NIGHT + 4 * MINUTE, TestAlarm("e1", "B0002", ends=alarm, called_off=True))
    assert [one["data"]["facts"]["called_off"] for one in told.run()] == [1]


@pytest.mark.parametrize("changes", [{"canary": None}, {"canary": replace(CANARY, device="B0001")}])
def test_of_what_is_not_the_canary_there_is_none(changes):
    told = county(**changes)
    told.control(EntryKind.TEST, NIGHT, BEGUN)
    assert told.run() == []
    assert told.state.counts["drill_of_nobody"] == 1


def test_a_snapshot_in_the_midst_of_one_changes_nothing():
    told, alarm = begun()
    told.state = restore(snapshot_of(told.state))
    told.tick(NIGHT + 5 * MINUTE)
    told.run()
    assert told.state.ladders[alarm].told == ["D01", "D02", "D09", "D04"]

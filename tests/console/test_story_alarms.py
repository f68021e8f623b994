"""What the night shift's desk has to show is said by the daemon alone, in words and in figures for scripts."""

from __future__ import annotations

import re

import pytest
from story_county import BY_ID
from story_lives import BACK, LAST, OUT_OF_REACH, OUTAGE, SILENT, STRAP, local

from gateway.clock import iso

SCENES = (
    "11-27 21:50", "11-27 22:16", "11-28 02:15", "11-28 02:32", "11-28 03:26", "11-28 07:15", "11-28 08:10",
)  # fmt: skip


@pytest.fixture(scope="module")
def scenes(night):
    """Open alarms by (person, kind) at each time."""
    told = {}
    for scene in SCENES:
        night.until(scene)
        told[scene] = {(alarm["person"], alarm["kind"]): alarm for alarm in night.unresolved()}
    return told


def test_the_evening_begins_with_nothing_unresolved(scenes):
    assert scenes["11-27 21:50"] == {}


def test_a_late_return_is_said_after_the_grace_with_distance_and_direction(scenes):
    ((who, kind),) = scenes["11-27 22:16"]
    alarm = scenes["11-27 22:16"][who, kind]
    assert (who, kind, alarm["severity"]) == ("P0001", "curfew_late", "serious")
    assert iso(local("11-27 22:15")) <= alarm["decided"] <= iso(local("11-27 22:16"))
    assert 3000 <= alarm["facts"]["home_m"] <= 3400
    assert 112 < alarm["facts"]["home_deg"] < 158, "south-east"
    assert re.search(r"距家约3\.[1-3]公里（东南）", alarm["text"]["zh"])
    assert re.search(r"3\.[1-3] km south-east", alarm["text"]["en"])
    assert not re.search(r"22:00:00|违规|violat", alarm["text"]["zh"] + alarm["text"]["en"])
    assert alarm["facts"]["verify_by"] > alarm["decided"]


def test_a_strap_is_told_with_its_second_and_the_last_place(scenes):
    alarm = scenes["11-28 02:15"]["P0004", "strap_cut"]
    assert (alarm["severity"], alarm["onset"]) == ("critical", iso(STRAP))
    assert "02:14:05" in alarm["text"]["zh"]
    assert "最后位置：家中或家附近" in alarm["text"]["zh"]
    assert "电量61%" in alarm["text"]["zh"]
    assert "02:29" in alarm["text"]["zh"]
    assert alarm["facts"]["home_m"] < 0


def test_a_silence_tells_of_a_flat_battery_and_accuses_nobody(scenes):
    alarm = scenes["11-28 02:32"]["P0007", "comms_lost"]
    assert "电量8%" in alarm["text"]["zh"]
    assert "不表示已离开" in alarm["text"]["zh"]
    assert iso(SILENT["P0007"][0] - 60.0) < alarm["onset"] < iso(SILENT["P0007"][0])
    back = scenes["11-28 07:15"]["P0007", "comms_lost"]
    assert (back["alarm"], back["state"], back["ended"]) == (alarm["alarm"], "ended", iso(BACK))
    assert "已恢复" in back["text"]["zh"]
    assert "仍须办结" in back["text"]["zh"]


def test_nine_of_an_office_silent_at_once_are_one_alarm_that_lists_them_and_none_of_each(scenes):
    facts = scenes["11-28 03:26"]["", "mass_outage"]["facts"]
    assert facts["people"].split() == list(OUT_OF_REACH)
    assert (facts["silent"], facts["odd"]) == (9, "P0033:moving")
    assert not [kind for person, kind in scenes["11-28 03:26"] if person in OUT_OF_REACH]
    over = scenes["11-28 07:15"]["", "mass_outage"]
    assert (over["state"], over["ended"]) == ("ended", iso(OUTAGE[1]))


def test_in_the_morning_the_same_alarm_tells_of_the_whole_night(scenes):
    late, absent = scenes["11-27 22:16"]["P0001", "curfew_late"], scenes["11-28 08:10"]["P0001", "curfew_absent"]
    assert absent["alarm"] == late["alarm"]
    assert absent["severity"] == "critical"
    facts = absent["facts"]
    account = [facts[name] for name in ("out_seconds", "in_seconds", "unknown_seconds")]
    assert sum(account) == 10 * 3600.0
    assert account[0] > 9.5 * 3600.0
    assert "整夜" in absent["text"]["zh"]


def test_a_place_of_three_nights_of_five_is_named_and_no_finding(scenes):
    alarm = scenes["11-28 08:10"]["P0001", "repeated_place"]
    assert (alarm["facts"]["nights"], alarm["facts"]["of"]) == (3, 5)
    assert "近5夜有3夜" in alarm["text"]["zh"]
    assert "不可据此认定" in alarm["text"]["zh"]
    assert alarm["facts"]["registered"] == "网吧4号"


def test_nobody_else_is_told_of(scenes, night):
    assert set(scenes["11-28 08:10"]) == {
        ("P0001", "curfew_absent"), ("P0001", "repeated_place"), ("P0004", "strap_cut"), ("P0007", "comms_lost"),
        ("P0009", "authority_expiring"), ("", "mass_outage"),
    }  # fmt: skip
    assert {alarm["person"] for alarm in night.alarms()} == {"P0001", "P0004", "P0007", "P0009", ""}
    assert {"P0011", "P0012", "P0020"} <= set(BY_ID)


@pytest.mark.usefixtures("scenes")
def test_each_frame_of_the_nights_is_journaled_and_nothing_failed(night):
    journaled = [moment for device, moment in night.gateway.journaled() if device == BY_ID["P0001"].device]
    assert sum(moment >= LAST for moment in journaled) > 660
    assert night.gateway.tracebacks() == 0

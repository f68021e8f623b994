"""A test alarm: over as it begins, of whoever wears the bracelet under an authority, or of the county's canary."""

from __future__ import annotations

from timeline import Timeline, alarm_policies, at

from gateway.journal.controls import TestAlarm
from gateway.journal.entries import EntryKind
from gateway.settings.alarm_policy import AlarmPolicy


def told(device: str = "B0001", **changes: object) -> Timeline:
    told = Timeline.of(at(0, 10), **changes)
    told.control(EntryKind.TEST, at(0, 12), TestAlarm("t1", device, "D01"))
    return told


def test_it_is_raised_and_over_at_once_and_nobody_has_to_close_it():
    story = told()
    raised, cleared = story.run()
    assert [raised["type"].rpartition(".")[2], cleared["type"].rpartition(".")[2]] == ["raised", "cleared"]
    assert raised["data"]["kind"] == cleared["data"]["kind"] == "test"
    assert (raised["data"]["person"], raised["data"]["device"]) == ("P0001", "B0001")
    assert (raised["data"]["severity"], raised["data"]["facts"]["by"]) == ("info", "D01")
    assert raised["subject"] == cleared["subject"]
    assert story.state.episodes == {}


def test_each_is_an_alarm_of_its_own_and_the_same_at_every_replay():
    one, other = told(), told()
    other.control(EntryKind.TEST, at(0, 12.1), TestAlarm("t2", "B0001", "D01"))
    first, second = one.run(), other.run()
    assert [each["id"] for each in second[:2]] == [each["id"] for each in first]
    assert len({each["subject"] for each in second}) == 2


def test_of_nobody_there_is_none():
    for timeline in (told("B0009"), told(authorities=())):
        assert timeline.run() == []
        assert timeline.state.counts["test_of_nobody"] == 1


def test_of_the_canary_it_is_about_nobody_mild_whatever_the_kind_is_and_says_so():
    for changes in (
        {"assignments": ()},
        {"authorities": ()},
        {"alarms": alarm_policies() | {"test": AlarmPolicy("critical")}},
    ):
        story = Timeline.of(at(0, 10), **changes)
        story.control(EntryKind.TEST, at(0, 12), TestAlarm("t1", "B0001", canary=True))
        story.control(EntryKind.TEST, at(0, 12), TestAlarm("t2", "gone", canary=True))
        raised, cleared = story.run()
        assert (raised["data"]["person"], raised["data"]["device"], raised["data"]["office"]) == (None, "B0001", None)
        assert (raised["data"]["severity"], raised["data"]["facts"]) == ("info", {"canary": 1})
        assert "无人佩戴" in raised["data"]["text"]["zh"]
        assert "by itself" in raised["data"]["text"]["en"]
        assert cleared["type"].endswith("cleared")
        assert (story.state.episodes, story.state.counts["test_of_nobody"]) == ({}, 1)

"""A test alarm: raised and over at once, of whoever wears the bracelet under an authority; nobody's alarm."""

from __future__ import annotations

from timeline import Timeline, at

from gateway.journal.controls import TestAlarm
from gateway.journal.entries import EntryKind


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

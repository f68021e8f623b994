"""Orders in the log: each ends once, and a locating that nobody answers makes an alarm until the device is found."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from timeline import FOREVER, HOME, MINUTE, Timeline, at

from gateway.engine.records import ROLL_CALL, Command, CommandRecord, End, Ended
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.entries import EntryKind
from gateway.settings.model import Assignment

NOON = at(0, 13)


def order(told: Timeline, time: float, identity: str = "a", kind: str = "locate", device: str = "B0001") -> None:
    told.control(EntryKind.COMMAND, time, Command(identity, device, kind, "officer 7", time + 900.0))


def result(told: Timeline, time: float, end: End, identity: str = "a", text: str = "") -> None:
    told.control(EntryKind.RESULT, time, Ended(identity, end, text))


def stepped(told: Timeline) -> list[CommandRecord]:
    return step(told.state, told.waiting.batch(), told.policies, first=told.state.offset).commands


def changes(events: list[dict]) -> list[tuple[str, str]]:
    return [(event["data"]["kind"], event["type"].rsplit(".", 1)[1]) for event in events]


def test_a_command_is_said_when_it_is_given_and_when_it_ends():
    told = Timeline.of()
    order(told, NOON)
    result(told, NOON + 5.0, End.DONE, text="24.33, 109.41")
    given, ended = stepped(told)
    assert (given.command.id, given.issued, given.end, given.ended) == ("a", NOON, None, None)
    assert (ended.end, ended.text, ended.issued, ended.ended) == (End.DONE, "24.33, 109.41", NOON, NOON + 5.0)
    assert ended.offset == given.offset == 2
    assert told.state.commands == {}


def test_a_second_result_changes_nothing_and_is_counted():
    told = Timeline.of()
    order(told, NOON)
    result(told, NOON + 5.0, End.DONE)
    result(told, NOON + 6.0, End.NO_ANSWER)
    assert [record.end for record in stepped(told)] == [None, End.DONE]
    assert told.counts["result_without_command"] == 1
    assert told.events == []


@pytest.mark.parametrize("end", [End.NO_ANSWER, End.EXPIRED])
def test_a_locating_without_answer_is_an_alarm_until_a_located_report_of_after_it(end):
    told = Timeline.of()
    told.report(NOON - 10 * MINUTE)
    order(told, NOON)
    result(told, NOON + 5 * MINUTE, end)
    (raised,) = told.run()
    assert changes([raised]) == [("locate_timeout", "raised")]
    assert (raised["data"]["device"], raised["data"]["person"]) == ("B0001", "P0001")
    told.heartbeat(NOON + 6 * MINUTE)
    told.report(NOON + 7 * MINUTE, None)
    told.report(NOON - 5 * MINUTE, HOME, received=NOON + 8 * MINUTE)
    assert told.run() == []
    told.report(NOON + 9 * MINUTE)
    assert changes(told.run()) == [("locate_timeout", "cleared")]
    assert told.state.unanswered == {}


@pytest.mark.parametrize("end", [End.NO_ANSWER, End.EXPIRED])
def test_of_a_roll_call_who_gives_no_answer_stands_on_its_list_and_is_no_alarm(end):
    told = Timeline.of()
    call = Command("a", "B0001", "locate", "officer 7", NOON + 900.0, reason=f"{ROLL_CALL}5f3a")
    told.control(EntryKind.COMMAND, NOON, call)
    result(told, NOON + 60.0, end)
    assert told.run() == []
    assert told.counts["roll_call_unanswered"] == 1
    order(told, NOON + 120.0, "b")
    result(told, NOON + 180.0, end, "b")
    assert changes(told.run()) == [("locate_timeout", "raised")]


@pytest.mark.parametrize("end", sorted(set(End) - {End.NO_ANSWER, End.EXPIRED}))
def test_other_ends_of_a_locating_are_no_alarm(end):
    told = Timeline.of()
    order(told, NOON)
    result(told, NOON + 60.0, end)
    assert told.run() == []


def test_other_orders_without_answer_are_no_alarm():
    told = Timeline.of()
    order(told, NOON, kind="text")
    result(told, NOON + 60.0, End.NO_ANSWER)
    assert told.run() == []


def test_one_alarm_for_several_unanswered_locatings():
    told = Timeline.of()
    for number, identity in enumerate("abc"):
        order(told, NOON + number * 60.0, identity)
        result(told, NOON + number * 60.0 + 30.0, End.NO_ANSWER, identity)
    assert changes(told.run()) == [("locate_timeout", "raised")]


@pytest.mark.parametrize("device", ["B0002", "B9999"])
def test_no_alarm_for_a_device_nobody_wears_or_nobody_knows(device):
    told = Timeline.of(assignments=(Assignment("B0001", "P0001", at(-30, 0), FOREVER),))
    order(told, NOON, device=device)
    result(told, NOON + 60.0, End.EXPIRED)
    assert told.run() == []


def test_it_is_the_same_however_the_log_is_cut_and_across_a_snapshot():
    told = Timeline.of()
    told.report(NOON - 60.0)
    order(told, NOON)
    result(told, NOON + 60.0, End.NO_ANSWER)
    order(told, NOON + 61.0, "b")
    told.report(NOON + 120.0)
    result(told, NOON + 121.0, End.DONE, "b")
    entries = told.waiting.batch()
    whole = step(EngineState(), entries, told.policies, first=0)
    for cut in range(1, len(entries)):
        state = EngineState()
        first = step(state, entries.slice(0, cut), told.policies, first=0)
        again = restore(snapshot_of(state))
        second = step(again, entries.slice(cut, len(entries)), told.policies, first=cut)
        assert first.commands + second.commands == whole.commands
        assert [o.episode for o in first.outcomes + second.outcomes] == [o.episode for o in whole.outcomes]
    assert len(whole.commands) == 4
    assert len(whole.outcomes) == 2


def test_a_snapshot_of_before_there_were_orders_is_still_used():
    told = Timeline.of()
    told.report(NOON)
    told.run()
    snapshot = snapshot_of(told.state)
    rest = next(part for part in snapshot.parts if part.name == "rest")
    older = msgspec.json.decode(rest.data)
    del older["orders"], older["unanswered"]
    parts = [part for part in snapshot.parts if part is not rest]
    parts.append(replace(rest, data=msgspec.json.encode(older)))
    again = restore(replace(snapshot, parts=tuple(parts)))
    assert again is not None
    assert (again.offset, again.commands, again.unanswered) == (told.state.offset, {}, {})

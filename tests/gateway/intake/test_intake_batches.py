"""Intake makes batches: how much, in which order, received when."""

from __future__ import annotations

import msgspec
import pytest
from intake_door import NOW, Door
from timeline import HOME, authority, record

from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.messages import Message
from gateway.intake import batching as limits
from gateway.journal.controls import ClockStep
from gateway.journal.entries import EntryKind


def test_a_batch_is_capped_and_the_next_one_begun(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", 3)
    door = Door()
    visit = door.visit()
    for _ in range(6):
        door.send(visit, Message.HEARTBEAT, b"")
    sizes = []
    while len(door.intake):
        sizes.append(len(door.intake.next_batch().entries))
    assert sizes == [3, 3, 1]


def test_all_entries_of_a_batch_were_received_as_it_was_made(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", 3)
    door = Door()
    visit = door.visit()
    for _ in range(4):
        door.send(visit, Message.HEARTBEAT, b"")
        door.clock.time += 1.0
    times = []
    while len(door.intake):
        times.append(door.intake.next_batch().entries.batch().received.tolist())
        door.clock.time += 5.0
    assert times == [[NOW + 4.0] * 3, [NOW + 9.0] * 2]


def test_a_batch_after_a_step_of_the_clock_begins_with_the_step():
    door, told = Door(), []
    door.intake.on_step = told.append
    visit = door.visit()
    door.send(visit, Message.HEARTBEAT, b"")
    door.kept()
    assert door.intake.figures() | {"clock_steps": 0, "last_clock_step": ""} == door.intake.figures()
    door.send(visit, Message.HEARTBEAT, b"")
    door.clock.time += 30.0
    door.clock.set(-3600.0)
    batch = door.intake.next_batch().entries.batch()
    assert batch.kind.tolist() == [EntryKind.CLOCK, EntryKind.FRAME]
    assert batch.received.tolist() == [NOW - 3570.0] * 2
    step = msgspec.json.decode(batch.bytes_of(0), type=ClockStep)
    assert told == [step] == [ClockStep(NOW + 30.0, NOW - 3570.0, 30.0)]
    assert door.intake.figures()["clock_steps"] == 1
    assert door.intake.figures()["last_clock_step"] == "2026-11-02T05:00:30Z -> 2026-11-02T04:00:30Z"
    assert door.intake.now() == NOW - 3570.0
    assert door.intake.steady() == NOW + 30.0


def test_a_start_before_the_end_of_the_log_is_told_before_all_else():
    door = Door()
    door.intake.resume(NOW + 3600.0)
    door.intake.control(EntryKind.START, b"start")
    batch = door.intake.next_batch().entries.batch()
    assert batch.kind.tolist() == [EntryKind.CLOCK, EntryKind.START]
    assert batch.received.tolist() == [NOW] * 2
    assert msgspec.json.decode(batch.bytes_of(0), type=ClockStep) == ClockStep(NOW + 3600.0, NOW, None)


@pytest.mark.parametrize(("looked", "received", "told"), [
    (NOW + 3600.0, NOW, ClockStep(NOW - 7200.0, NOW, None)), (NOW + 1.5, NOW + 1.5, None), (NOW - 60.0, NOW, None),
])  # fmt: skip
def test_where_somebody_looked_after_the_last_listener_nobody_is_missed_for_the_time_between(looked, received, told):
    door = Door()
    door.intake.resume(looked, NOW - 7200.0)
    door.intake.control(EntryKind.START, b"start")
    batch = door.intake.next_batch().entries.batch()
    assert batch.received.tolist() == [received] * len(batch)
    steps = [msgspec.json.decode(batch.bytes_of(at), type=ClockStep) for at in range(len(batch) - 1)]
    assert steps == ([] if told is None else [pytest.approx(told)])


def test_the_law_judges_by_the_time_of_arrival_not_by_that_of_the_batch():
    door = Door(authorities=(authority("P0001", until=NOW + 10.0),))
    raw = door.send(door.visit(), Message.LOCATION, record(946684800.0, HOME))
    door.clock.time += 60.0
    assert door.kept()[1:] == [(EntryKind.FRAME, raw)]


def test_a_call_for_help_overtakes_the_positions_of_others_with_its_own_and_their_answers(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", 4)
    door = Door()
    other, visit = door.visit(), door.visit()
    for _ in range(9):
        door.send(other, Message.LOCATION, record(NOW, HOME), "B0002")
    before = door.send(visit, Message.LOCATION, record(NOW, HOME))
    call = door.send(visit, Message.LOCATION, record(NOW, HOME, alarm=Alarm.SOS))
    door.intake.when_durable(lambda: visit.channel.heard.append(b"released"), visit)
    after = door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert door.intake.figures()["waiting"] == {"urgent": 3, "usual": 11}
    door.clock.time += 2.5
    assert door.intake.figures()["oldest_waiting_seconds"] == 2.5
    first = door.intake.next_batch()
    assert first.entries.payloads[:3] == [b"", before, call]
    assert [each.channel for each in first.answers[:2]] == [visit.channel] * 2
    assert len(first.releases) == 1
    assert [raw for _, raw in door.kept()][-1] == after


def test_a_call_that_may_not_be_kept_overtakes_nobody():
    door = Door(authorities=(authority("P0002"),))
    other, visit = door.visit(), door.visit()
    door.send(other, Message.LOCATION, record(NOW, HOME), "B0002")
    door.send(visit, Message.LOCATION, record(NOW, HOME, alarm=Alarm.SOS))
    assert door.intake.figures()["waiting"]["urgent"] == 0


def test_a_call_on_a_new_connection_comes_after_what_waits_of_the_device_on_the_old_one():
    door = Door()
    other, old, new = door.visit(), door.visit(), door.visit()
    door.send(other, Message.LOCATION, record(NOW, HOME), "B0002")
    before = door.send(old, Message.LOCATION, record(NOW, HOME))
    call = door.send(new, Message.LOCATION, record(NOW, HOME, alarm=Alarm.SOS))
    assert [raw for _, raw in door.kept() if raw][:2] == [before, call]


def test_officers_do_not_wait_behind_positions_and_nothing_overtakes_a_start_or_comes_after_a_stop():
    door = Door()
    visit = door.visit()
    door.intake.control(EntryKind.START, b"")
    door.intake.control(EntryKind.CONFIGURATION, b"")
    door.send(visit, Message.LOCATION, record(NOW, HOME), "B0002")
    for kind in (EntryKind.TICK, EntryKind.RESULT, EntryKind.ACT, EntryKind.COMMAND):
        door.intake.control(kind, b"")
    door.send(door.visit(), Message.LOCATION, record(NOW, HOME, alarm=Alarm.SOS))
    door.intake.control(EntryKind.STOP, b"")
    assert [kind for kind, _ in door.kept()] == [
        EntryKind.START, EntryKind.CONFIGURATION, EntryKind.ACT, EntryKind.COMMAND, EntryKind.OPENED, EntryKind.FRAME,
        EntryKind.OPENED, EntryKind.FRAME, EntryKind.TICK, EntryKind.RESULT, EntryKind.STOP,
    ]  # fmt: skip


def test_a_release_without_a_session_waits_for_all():
    door, released = Door(), []
    visit = door.visit()
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    door.intake.when_durable(lambda: released.append(1))
    door.send(visit, Message.LOCATION, record(NOW, HOME, alarm=Alarm.SOS))
    waiting = door.intake.next_batch()
    assert (len(waiting.entries), len(waiting.releases)) == (3, 1)

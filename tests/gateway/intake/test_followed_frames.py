"""A frame is called by one name from the door to the journal; who follows none pays for none."""

from __future__ import annotations

import pytest
from intake_door import Door
from met import counted
from timeline import HOME, at, record

from firmware_sim.firmware.messages import Message
from gateway.daemon.event_log import tell_refusal, trace_durable, trace_stepped
from gateway.intake.intake import Intake


def report() -> bytes:
    return record(at(0, 13), HOME)


class Traced(Door):
    """A door whose frames are followed."""

    def __init__(self, **changes: object) -> None:
        super().__init__(**changes)
        self.stages: list[tuple[str, dict[str, object]]] = []
        self.intake.trace = self.trace

    def trace(self, stage: str, /, **facts: object) -> None:
        self.stages.append((stage, facts))

    def named(self, name: str, value: object) -> list[str]:
        return [stage for stage, facts in self.stages if facts.get(name) == value]


def test_each_frame_has_its_connections_number_and_its_own():
    door = Traced()
    first, second = door.visit(), door.visit()
    first.connection, second.connection = door.intake.next_connection(), door.intake.next_connection()
    for visit in (first, second, first):
        door.send(visit, Message.LOCATION, report(), "B0001" if visit is first else "B0002")
    assert [facts["frame"] for stage, facts in door.stages if stage == "frame queued"] == ["1.1", "2.1", "1.2"]


def test_a_frame_is_followed_from_the_door_into_the_journal():
    door = Traced()
    visit = door.visit()
    visit.connection = 7
    door.send(visit, Message.LOCATION, report())
    waiting = door.intake.next_batch()
    batch = waiting.entries.batch()
    trace_durable(door.trace, 100, batch, waiting.frames)
    trace_stepped(door.trace, 100, len(batch))
    assert door.named("frame", "7.1") == ["frame heard", "frame queued", "entry durable"]
    (entry,) = [facts["entry"] for stage, facts in door.stages if facts.get("frame") == "7.1" and "entry" in facts]
    assert (entry, door.named("entry", entry)) == (101, ["entry durable", "entry stepped"])


def test_a_refused_frame_has_its_name_in_the_log_whether_or_not_frames_are_followed():
    door, lines = Door(), []
    door.refusals.on_refusal = lambda one: tell_refusal(lambda event, _, **facts: lines.append((event, facts)), one)
    visit = door.visit()
    visit.connection = 3
    door.send(visit, Message.LOCATION, report(), phone="013999999999")
    door.send(visit, Message.LOCATION, report(), phone="013999999998")
    assert [(event, facts["reason"], facts["frame"]) for event, facts in lines] == [
        ("refused", "unknown_device", "3.1"), ("refused", "unknown_device", "3.2"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["frame_of", "_follow"])
def test_frames_that_nobody_follows_are_not_named(monkeypatch, name):
    door, calls = Door(), counted(monkeypatch, Intake, name)
    visit = door.visit()
    for _ in range(5):
        door.send(visit, Message.LOCATION, report())
    waiting = door.intake.next_batch()
    assert len(waiting.entries) > 5
    assert (waiting.frames, visit.heard, calls[name]) == ({}, 5, 0)

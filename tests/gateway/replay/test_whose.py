"""Which entries of a journal tell where a person was: by device and device time, whatever they lie among."""

from __future__ import annotations

import struct

import msgspec
import pytest
from timeline import CAFE, HOME, PHONES, Timeline, at, county, record

from firmware_sim.firmware.messages import batch_body
from gateway.engine.policy import compile_policy
from gateway.engine.records import Command, End, Ended
from gateway.journal.controls import Act, Reminder
from gateway.journal.entries import NO_ORIGIN, EntryKind, Origin
from gateway.replay.whose import Whose
from protocols.jt808.wire import seal

SPAN = (at(0, 10), at(0, 12))
ORIGIN = Origin("B0001", "bracelets", "peer", "jt808", "g10ls")


@pytest.fixture
def told() -> Timeline:
    return Timeline(compile_policy(county()))


def fragments(serial: int, hour: float) -> list[bytes]:
    """A message of forty reports, of an hour, in parts."""
    body = batch_body([record(at(0, hour) + second, HOME) for second in range(40)])
    cut, address = [body[begin : begin + 800] for begin in range(0, len(body), 800)], bytes.fromhex(PHONES["B0001"])
    return [
        seal(
            struct.pack(">HH", 0x0704, 0x2000 | len(part)) + address
            + struct.pack(">HHH", serial + index, len(cut), index + 1) + part
        )
        for index, part in enumerate(cut)
    ]  # fmt: skip


def whose() -> Whose:
    return Whose(compile_policy(county()), "P0001", {"B0001": [SPAN]})


def found(told: Timeline) -> tuple[list[int], int]:
    """Offsets of hers, and how many of them are shared; every entry a row of its own."""
    one, batch = whose(), told.waiting.batch()
    return sorted(
        at for first in range(len(batch)) for at in one.look(first, batch.slice(first, first + 1))
    ), one.shared


def test_reports_go_by_device_time_and_not_by_when_they_came(told):
    told.report(at(0, 9.9))
    told.report(at(0, 10.5))
    told.report(at(0, 11.5), received=at(0, 15))
    told.report(at(0, 9), received=at(0, 11))
    told.report(at(0, 11), device="B0002")
    told.report(at(0, 12))
    assert found(told) == ([1, 2], 0)


def test_one_frame_with_reports_of_two_wearers_goes_as_a_whole_and_is_counted(told):
    told.stored(at(0, 13), [record(at(0, 11), HOME), record(at(0, 12.5), CAFE)])
    told.stored(at(0, 13), [record(at(0, 12.4), HOME), record(at(0, 12.5), CAFE)])
    assert found(told) == ([0], 1)


def test_a_clock_that_shows_what_cannot_be_is_judged_by_receipt_as_the_law_did(told):
    told.report(at(-200, 11), received=at(0, 11))
    told.report(at(30, 11), received=at(0, 11.1))
    told.report(at(-200, 11), received=at(0, 13))
    assert found(told) == ([0, 1], 0)


def test_what_has_no_report_and_sessions_go_by_receipt(told):
    for hour in (9.0, 11.0, 13.0):
        told.heartbeat(at(0, hour))
        for kind in (EntryKind.OPENED, EntryKind.CLOSED):
            told.waiting.add(kind, at(0, hour), ORIGIN, b"")
    assert found(told) == ([3, 4, 5], 0)


@pytest.mark.parametrize(("hour", "wanted"), [(11.0, True), (12.5, False)])
def test_all_parts_of_a_message_go_with_the_report_that_they_make(told, hour, wanted):
    parts = fragments(7, hour)
    for number, raw in enumerate(parts):
        told.waiting.add(EntryKind.FRAGMENT, at(0, 13) + number, ORIGIN, raw)
    assert len(parts) > 1
    assert found(told) == (list(range(len(parts))) if wanted else [], 0)


def test_a_part_that_was_left_alone_long_before_is_not_taken_along(told):
    first, *_ = fragments(700, 11.0)
    parts = fragments(7, 11.0)
    told.waiting.add(EntryKind.FRAGMENT, at(0, 13), ORIGIN, first)
    for number, raw in enumerate(parts):
        told.waiting.add(EntryKind.FRAGMENT, at(0, 18) + number, ORIGIN, raw)
    assert found(told) == (list(range(1, len(parts) + 1)), 0)


def test_reminders_alarms_in_objections_and_devices_words_are_hers_by_what_they_say(told):
    def add(kind: EntryKind, payload: object, hour: float = 11.0) -> None:
        told.waiting.add(kind, at(0, hour), NO_ORIGIN, msgspec.json.encode(payload))

    add(EntryKind.REMINDER, Reminder("P0001", "B0001", "nights", at(0, 22), 900.0))
    add(EntryKind.REMINDER, Reminder("P0002", "B0002", "nights", at(0, 22), 900.0))
    add(EntryKind.ACT, Act("a1", "dispute", "0" * 32, "D01", episode='{"person":"P0001","latitude":24.3}'))
    add(EntryKind.ACT, Act("a2", "dispute", "0" * 32, "D01", episode='{"person":"P0002","latitude":24.3}'))
    add(EntryKind.ACT, Act("a3", "note", "0" * 32, "D01", note="P0001"))
    for name, device, hour in (
        ("c1", "B0001", 11.0),
        ("c2", "B0001", 13.0),
        ("c3", "B0002", 11.0),
        ("c4", "B0001", 11.0),
    ):
        add(EntryKind.COMMAND, Command(name, device, "locate", "D01", at(1, 0)), hour)
    for name in ("c1", "c2", "c3"):
        add(EntryKind.RESULT, Ended(name, End.DONE, "Lat:N24.33"), 13.5)
    add(EntryKind.RESULT, Ended("c4", End.DONE), 13.5)
    assert found(told) == ([0, 2, 9], 0)

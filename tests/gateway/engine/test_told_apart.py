"""Two reports that differ in a cell or an access point alone are two; in whatever company and pieces they come."""

from __future__ import annotations

import struct

import pytest
from test_engine_fragments import parts
from timeline import HOME, Timeline, at, record

from firmware_sim.firmware.messages import batch_body
from gateway.journal.entries import EntryKind, Origin

NOON = at(0, 12.5)


def heard(cell: int, level: int = 70) -> bytes:
    """A 0200 of always the same moment and place, with one cell and one access point."""
    cells = b"\x01" + struct.pack(">HBHIB", 460, 0, 9360, cell, 40)
    points = b"\x01" + bytes.fromhex("0A0B0C0D0E0F") + bytes((level,))
    return record(NOON, HOME) + struct.pack(">BB", 0x5D, len(cells)) + cells + struct.pack(">BB", 0x54, 8) + points


KNOWN, SAME = heard(4321), heard(4321)
OTHERS = {"another cell": heard(4322), "another level": heard(4321, 71)}


def whole(told: Timeline, body: bytes) -> None:
    told.frame(0x0200, body, NOON)


def among_silent(told: Timeline, body: bytes) -> None:
    told.heartbeat(NOON)
    told.frame(0x0200, body, NOON)
    told.heartbeat(NOON, "B0002")


def among_strangers(told: Timeline, body: bytes) -> None:
    """A wire that says nothing of cells, in the same run."""
    line = b"@LINK,861000000000207$"
    told.waiting.add(EntryKind.FRAME, NOON, Origin("B0002", "bracelets", "peer", "r16h", "r16h"), line)
    told.frame(0x0200, body, NOON)


def in_parts(told: Timeline, body: bytes) -> None:
    origin = Origin("B0001", "bracelets", "peer", "jt808", "g10ls")
    for raw in parts(batch_body([body]), first=told.serial * 10 + 1, size=40):
        told.waiting.add(EntryKind.FRAGMENT, NOON, origin, raw)
    told.serial += 1


@pytest.mark.parametrize("way", [whole, among_silent, among_strangers, in_parts])
@pytest.mark.parametrize("other", OTHERS)
def test_what_was_heard_tells_reports_apart(way, other):
    told = Timeline.of()
    for body, repeated in ((KNOWN, 0), (OTHERS[other], 0), (SAME, 1)):
        way(told, body)
        told.run()
        assert told.counts.get("report_repeated", 0) == repeated


def test_the_same_report_is_known_whichever_way_it_comes():
    told = Timeline.of()
    for way in (whole, among_silent, in_parts):
        way(told, KNOWN)
        told.run()
    assert told.counts["report_repeated"] == 2

"""A GT06 device at intake: no credential, nothing taken before its login, and facts that reach the journal."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from timeline import at, county

from gateway.engine.reports import _decode_family
from gateway.entries import EntryBatch, EntryKind
from gateway.intake import Directory, Intake, Visit
from gateway.refusals import Refusals
from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal
from protocols.registry import FAMILIES

NOW = at(0, 13)
IMEI = "864717003664467"
EAST_8 = bytes.fromhex("00103200")
AHEAD = 8 * 3600


@dataclass
class Stopped:
    """A clock that stands."""

    time: float = NOW

    def now(self):
        return self.time

    def real_seconds(self, seconds):
        return seconds


@dataclass
class Line:
    """What a device hears."""

    heard: list[bytes] = field(default_factory=list)

    def answer(self, data):
        self.heard.append(data)

    def supersede(self):
        raise AssertionError("there is one connection")


class Door:
    """The small county, whose first bracelet speaks GT06."""

    def __init__(self, authentication="optional"):
        configuration = county()
        device = replace(configuration.devices["B0001"], protocol="gt06", identity=IMEI, profile="standard")
        configuration = replace(configuration, devices={**configuration.devices, "B0001": device})
        listener = replace(
            configuration.listeners[0], protocol="gt06", profile="standard", authentication=authentication
        )
        self.refusals = Refusals()
        self.intake = Intake(Directory(configuration, b"secret"), Stopped(), self.refusals)
        self.line = Line()
        self.visit = Visit(self.line, FAMILIES["gt06"].session("standard"), listener, "203.0.113.9:4000")

    def send(self, raw):
        self.intake.take_events(self.visit, self.visit.session.feed(raw, NOW))

    def taken(self) -> EntryBatch:
        """The entries for the writer; the answers that waited for them are released."""
        waiting = self.intake.take()
        for channel, answer in waiting.answers:
            channel.answer(answer)
        return waiting.entries.batch()


def login(imei=IMEI, behind=b""):
    return seal(0x01, bytes.fromhex(imei.zfill(16)) + behind, 1)


def position(shown, number=0x12):
    place = round(31.2 * 1_800_000).to_bytes(4, "big") + round(121.4 * 1_800_000).to_bytes(4, "big")
    return seal(number, to_binary(shown) + b"\xc9" + place + b"\x00\x14\x00" + bytes.fromhex("01cc0025f0010203"), 2)


@pytest.mark.parametrize("authentication", ["optional", "required"])
def test_a_known_device_is_answered_once_its_frames_are_durable(authentication):
    door = Door(authentication)
    door.send(login())
    door.send(position(NOW))
    assert door.line.heard == []
    batch = door.taken()
    assert [EntryKind(kind) for kind in batch.kind] == [EntryKind.OPENED, EntryKind.FRAME, EntryKind.FRAME]
    assert door.line.heard == [seal(0x01, b"", 1), seal(0x12, b"", 2)]


def test_an_unknown_device_hears_nothing_and_leaves_nothing():
    door = Door()
    door.send(login("123456789012345"))
    door.send(position(NOW))
    assert len(door.intake) == 0
    assert door.line.heard == []
    assert door.intake.counts["unknown_device"] == 2


def test_nothing_is_taken_before_a_login():
    door = Door()
    door.send(position(NOW))
    assert len(door.intake) == 0
    assert door.line.heard == []
    assert door.intake.counts["before_login"] == 1


def test_the_zone_of_the_login_is_journaled_with_the_frame_and_decodes_it():
    door = Door()
    door.send(login(behind=EAST_8))
    door.send(position(NOW + AHEAD))
    door.send(position(NOW - 60, 0x22))
    journaled = EntryBatch.decode(door.taken().encode())
    assert [journaled.origin_of(index).facts for index in range(len(journaled))] == ["", "", str(AHEAD), str(AHEAD)]
    frames = np.flatnonzero(journaled.kind == EntryKind.FRAME)
    entries, reports = _decode_family(journaled, FAMILIES["gt06"], frames)
    by_entry = dict(zip(entries.tolist(), reports.time.tolist(), strict=True))
    assert (by_entry[2], by_entry[3]) == (NOW, NOW - 60)

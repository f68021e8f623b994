"""A GT06 device at intake: no credential, nothing taken before its login, and facts that reach the journal."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from gateway_entries import journaled
from timeline import at, county

from gateway.engine.reports import _decode_family
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.intake.visit import Visit
from gateway.journal import FileJournal
from gateway.journal.entries import EntryBatch, EntryKind
from gateway.settings.model import AUTO
from protocols.detect import Detecting
from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal
from protocols.registry import FAMILIES

NOW = at(0, 13)
IMEI = "861000000000108"
EAST_8 = bytes.fromhex("00103200")
AHEAD = 8 * 3600


@dataclass
class Stopped:
    """A clock that stands."""

    time: float = NOW

    def now(self):
        return self.time

    def monotonic(self):
        return self.now()

    def real_seconds(self, seconds):
        return seconds


@dataclass
class Line:
    """What a device hears."""

    heard: list[bytes] = field(default_factory=list)

    def answer(self, data):
        self.heard.append(data)

    def supersede(self):
        """A newer connection of the same device."""


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
        self.listener = listener
        self.connect()

    def connect(self, protocol="gt06"):
        """A connection, in place of the one before."""
        families, listener = self.intake.families, replace(self.listener, protocol=protocol)
        session = Detecting(families) if protocol == AUTO else families[protocol].session("standard")
        self.line = Line()
        self.visit = Visit(self.line, session, listener, "203.0.113.9:4000")

    def send(self, raw):
        self.intake.hear(self.visit, self.visit.session.feed(raw, NOW))

    def taken(self) -> EntryBatch:
        """The entries for the writer; the answers that waited for them are released."""
        waiting = self.intake.next_batch()
        waiting.release()
        return waiting.entries.batch()


def login(imei=IMEI, behind=b""):
    return seal(0x01, bytes.fromhex(imei.zfill(16)) + behind, 1)


def position(shown, number=0x12, tail=b""):
    place = round(31.2 * 1_800_000).to_bytes(4, "big") + round(121.4 * 1_800_000).to_bytes(4, "big")
    cell = bytes.fromhex("01cc0025f0010203")
    return seal(number, to_binary(shown) + b"\xc9" + place + b"\x00\x14\x00" + cell + tail, 2)


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


def test_the_zone_of_the_login_is_journaled_with_the_frame_and_decodes_it(tmp_path):
    door = Door()
    door.send(login(behind=EAST_8))
    door.send(position(NOW + AHEAD))
    door.send(position(NOW - 60, 0x22))
    entered = journaled(tmp_path, door.taken())
    assert [entered.origin_of(index).facts for index in range(len(entered))] == ["", "", str(AHEAD), str(AHEAD)]
    frames = np.flatnonzero(entered.kind == EntryKind.FRAME)
    entries, reports = _decode_family(entered, FAMILIES["gt06"], frames)
    by_entry = dict(zip(entries.tolist(), reports.time.tolist(), strict=True))
    assert (by_entry[2], by_entry[3]) == (NOW, NOW - 60)


STORED = b"\1\0\1"
NINE_HOURS = 9 * 3600


def dated(batch):
    """Times of the positions in a batch, as its journaled facts date them."""
    frames = np.flatnonzero(batch.kind == EntryKind.FRAME)
    time = _decode_family(batch, FAMILIES["gt06"], frames)[1].time
    return time[np.isfinite(time)].tolist()


@pytest.mark.parametrize("protocol", ["gt06", AUTO])
def test_what_a_device_kept_while_it_was_away_is_dated_by_what_its_last_connection_showed(protocol):
    door = Door()
    door.send(login(behind=EAST_8))
    door.send(position(NOW + AHEAD))
    door.taken()
    door.connect(protocol)
    door.send(login(behind=EAST_8) + position(NOW + AHEAD - NINE_HOURS, tail=STORED))
    door.send(position(NOW, tail=STORED))
    assert dated(door.taken()) == [NOW - NINE_HOURS, NOW - AHEAD]


def test_what_a_connection_disproved_is_not_remembered():
    door = Door()
    for behind in (EAST_8, bytes.fromhex("00100000")):
        door.connect()
        door.send(login(behind=behind))
        door.send(position(NOW + (AHEAD if behind == EAST_8 else 0)))
    assert door.intake.memory.recall("gt06", IMEI) == ""


def test_a_gateway_that_begins_anew_finds_in_its_journal_what_was_known(tmp_path):
    door, later, journal = Door(), Door(), FileJournal(tmp_path)
    door.send(login(behind=EAST_8))
    door.send(position(NOW + AHEAD))
    journal.append(door.taken())
    later.intake.memory.remember(journal)
    journal.close()
    assert later.intake.memory.recall("gt06", IMEI) == str(AHEAD)
    later.connect()
    later.send(login(behind=EAST_8) + position(NOW + AHEAD - NINE_HOURS, tail=STORED))
    assert dated(later.taken()) == [NOW - NINE_HOURS]


def test_of_an_unknown_device_nothing_is_known():
    assert Door().intake.memory.recall("gt06", "123456789012345") == ""


def test_a_login_without_a_zone_and_a_clock_eight_hours_ahead_is_placed_now(tmp_path):
    door = Door()
    door.send(login())
    door.send(position(NOW + AHEAD))
    entered = journaled(tmp_path, door.taken())
    assert entered.origin_of(2).facts == f"@{AHEAD}"

"""Intake: who is it, may it, and what waits for the writer."""

from __future__ import annotations

import functools
import json
import operator
import struct
from dataclasses import dataclass, field, replace

import msgspec
import pytest
from timeline import CAFE, HOME, PHONES, at, authority, county, record

from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.messages import Message, authenticate_body, batch_body, read_answer, register_body
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from gateway import intake as limits
from gateway.directory import Directory
from gateway.engine.controls import ClockStep
from gateway.entries import EntryKind
from gateway.intake import Intake
from gateway.journal import FileJournal
from gateway.refusals import Refusals
from gateway.visit import Visit
from protocols.jt808.profiles import ProfileText
from protocols.jt808.wire import seal
from protocols.registry import FAMILIES
from protocols.session import Acquaintance, FrameBatch

NOW = at(0, 13)


@dataclass
class Stopped:
    """A clock that stands, and may be set."""

    time: float = NOW
    set_by: float = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - self.set_by

    def set(self, seconds: float) -> None:
        self.time += seconds
        self.set_by += seconds

    def real_seconds(self, seconds: float) -> float:
        return seconds


@dataclass
class Line:
    """What a device hears."""

    heard: list[bytes] = field(default_factory=list)
    superseded: bool = False

    def answer(self, data: bytes) -> None:
        self.heard.append(data)

    def supersede(self) -> None:
        self.superseded = True


class Door:
    """An intake of the small county, and devices that come to it."""

    def __init__(self, authentication: str = "optional", **changes: object) -> None:
        configuration = county(**changes)
        self.listener = replace(configuration.listeners[0], authentication=authentication)
        self.directory = Directory(configuration, b"secret")
        self.clock = Stopped()
        self.refusals = Refusals()
        self.intake = Intake(self.directory, self.clock, self.refusals)
        self.serial = 0

    def visit(self) -> Visit:
        session = self.intake.families["jt808"].session("g10ls")
        return Visit(Line(), session, self.listener, "203.0.113.9:4000")

    def send(self, visit: Visit, message: int, body: bytes, device: str = "B0001", phone: str = "") -> bytes:
        self.serial += 1
        raw = build_frame(message, phone or PHONES[device], self.serial, body, Edition.Y2013)
        self.intake.take_events(visit, visit.session.feed(raw, self.clock.now()))
        return raw

    def code(self) -> bytes:
        """The code by which B0001 authenticates."""
        return self.directory.credential(self.directory.find("jt808", PHONES["B0001"].lstrip("0"))).encode()

    def kept(self) -> list[tuple[EntryKind, bytes]]:
        """Entries for the writer; the answers they were waiting for are released."""
        entries = []
        while len(self.intake):
            waiting = self.intake.take()
            batch = waiting.entries.batch()
            entries += [(EntryKind(int(kind)), batch.bytes_of(index)) for index, kind in enumerate(batch.kind)]
            for channel, answer in waiting.answers:
                channel.answer(answer)
        return entries


def results(visit: Visit) -> list[tuple[int, int]]:
    """(answered message, result) of the general answers heard."""
    answers = FrameReader().feed(b"".join(visit.channel.heard))
    return [read_answer(answer.body)[1:] for answer in answers if answer.message == Message.PLATFORM_ANSWER]


def test_an_answer_waits_for_the_writer():
    door = Door()
    visit = door.visit()
    raw = door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert visit.channel.heard == []
    assert door.kept() == [(EntryKind.OPENED, b""), (EntryKind.FRAME, raw)]
    assert results(visit) == [(Message.LOCATION, 0)]


def test_a_part_of_a_message_is_journaled_by_itself_and_answered():
    door = Door()
    visit = door.visit()
    head = struct.pack(">HH6sHHH", Message.LOCATION_BATCH, 0x2004, bytes.fromhex(PHONES["B0001"]), 7, 3, 1)
    raw = seal(head + b"part")
    door.intake.take_events(visit, visit.session.feed(raw, NOW))
    assert visit.channel.heard == []
    assert door.kept() == [(EntryKind.OPENED, b""), (EntryKind.FRAGMENT, raw)]
    assert results(visit) == [(Message.LOCATION_BATCH, 0)]


def test_a_part_that_comes_outside_every_authority_is_answered_and_not_kept():
    door = Door()
    door.clock.time = at(400, 13)
    visit = door.visit()
    head = struct.pack(">HH6sHHH", Message.LOCATION_BATCH, 0x2004, bytes.fromhex(PHONES["B0001"]), 7, 3, 1)
    door.intake.take_events(visit, visit.session.feed(seal(head + b"part"), door.clock.time))
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED]
    assert results(visit) == [(Message.LOCATION_BATCH, 0)]
    assert door.intake.counts["report_outside_authority"] == 1


def test_an_unknown_device_gets_no_answer_and_is_quarantined():
    door = Door()
    visit = door.visit()
    raw = door.send(visit, Message.LOCATION, record(NOW, HOME), phone="013999999999")
    assert door.kept() == []
    assert visit.channel.heard == []
    assert door.intake.counts["unknown_device"] == 1
    (refusal,) = door.refusals.last
    assert (refusal.reason, refusal.peer, refusal.sample) == ("unknown_device", visit.peer, raw.hex())


def test_an_unknown_device_that_registers_is_told_so():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.REGISTER, register_body("X", Edition.Y2013), phone="013999999999")
    assert door.kept() == []
    (answer,) = FrameReader().feed(b"".join(visit.channel.heard))
    assert (answer.message, answer.body[2]) == (Message.REGISTER_ANSWER, 4)


def test_a_wrong_code_is_refused_and_what_follows_unanswered_until_the_right_one():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.AUTHENTICATE, authenticate_body(b"wrong", "", Edition.Y2013))
    assert door.kept() == []
    assert results(visit) == [(Message.AUTHENTICATE, 1)]
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert door.kept() == []
    assert len(visit.channel.heard) == 1
    assert door.intake.counts["wrong_credential"] == door.intake.counts["not_authenticated"] == 1
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(visit, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED, EntryKind.FRAME, EntryKind.FRAME]
    assert results(visit)[1:] == [(Message.AUTHENTICATE, 0), (Message.LOCATION, 0)]


def test_where_authentication_is_required_nobody_speaks_before_it():
    door = Door("required")
    visit = door.visit()
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert door.kept() == []
    assert visit.channel.heard == []
    assert door.intake.counts["not_authenticated"] == 1


def test_who_has_not_authenticated_does_not_supersede_who_has():
    door = Door("required")
    true, false = door.visit(), door.visit()
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(true, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    door.send(false, Message.LOCATION, record(NOW, CAFE))
    door.send(false, Message.AUTHENTICATE, authenticate_body(b"guessed", "", Edition.Y2013))
    assert true.channel.superseded is False
    assert door.intake.newest["B0001"] is true


@pytest.mark.parametrize("authentication", ["optional", "required"])
def test_who_has_only_registered_does_not_supersede_who_speaks(authentication):
    door = Door(authentication)
    true, false = door.visit(), door.visit()
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(true, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    door.send(false, Message.REGISTER, register_body("B0001", Edition.Y2013))
    door.send(false, Message.AUTHENTICATE, authenticate_body(b"guessed", "", Edition.Y2013))
    assert true.channel.superseded is False
    assert door.intake.newest["B0001"] is true
    door.send(false, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    assert true.channel.superseded is True
    assert door.intake.newest["B0001"] is false


def test_of_two_connections_the_one_that_came_later_speaks_though_the_other_authenticates_later():
    door = Door("required")
    older, newer = door.visit(), door.visit()
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(older, Message.REGISTER, register_body("B0001", Edition.Y2013))
    for visit in (newer, older):
        door.send(visit, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    assert (older.channel.superseded, newer.channel.superseded) == (True, False)
    assert door.intake.newest["B0001"] is newer


def test_a_devices_own_profile_may_ask_for_authentication_where_its_listener_does_not():
    family = FAMILIES["jt808"].with_profiles([ProfileText(name="guarded", authentication="required")])
    devices = county().devices
    guarded = replace(devices["B0001"], profile="guarded")
    door = Door(devices=dict(devices) | {"B0001": guarded}, families=dict(FAMILIES) | {"jt808": family})
    visit = door.visit()
    for device in PHONES:
        door.send(visit, Message.HEARTBEAT, b"", device)
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED, EntryKind.FRAME]
    assert door.intake.counts["not_authenticated"] == 1
    door.send(visit, Message.AUTHENTICATE, authenticate_body(door.code(), "", Edition.Y2013))
    door.send(visit, Message.HEARTBEAT, b"")
    door.kept()
    assert results(visit)[-2:] == [(Message.AUTHENTICATE, 0), (Message.HEARTBEAT, 0)]


REGISTER_2011 = bytes(25)


def test_what_a_device_has_shown_is_known_on_its_next_connection(tmp_path):
    door, later, journal = Door(), Door(), FileJournal(tmp_path)
    visit = door.visit()
    door.send(visit, Message.REGISTER, REGISTER_2011)
    door.send(visit, Message.AUTHENTICATE, authenticate_body(door.code(), "", Edition.Y2013))
    assert door.intake.know("jt808", PHONES["B0001"].lstrip("0")) == Acquaintance("g10ls", "2011")
    journal.append(door.intake.take().entries.batch())
    later.intake.remember(journal)
    journal.close()
    visit = later.visit()
    later.send(visit, Message.HEARTBEAT, b"")
    assert visit.origins[PHONES["B0001"].lstrip("0")].facts == "2011"


def test_what_somebody_shows_who_does_not_speak_for_the_device_is_not_remembered():
    door = Door("required")
    door.send(door.visit(), Message.REGISTER, REGISTER_2011)
    assert door.intake.know("jt808", PHONES["B0001"].lstrip("0")).facts == ""
    assert door.intake.know("jt808", "13999999999") is None


def test_one_connection_carries_only_so_many_identities(monkeypatch):
    monkeypatch.setattr(limits, "MOST_IDENTITIES", 1)
    door = Door()
    visit = door.visit()
    for device in PHONES:
        door.send(visit, Message.HEARTBEAT, b"", device)
        door.send(visit, Message.REGISTER, register_body(device, Edition.Y2013), device)
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED, EntryKind.FRAME, EntryKind.FRAME]
    assert door.intake.counts["too_many_identities"] == 2


def test_registration_hands_out_the_code_that_authenticates():
    door = Door("required")
    visit = door.visit()
    door.send(visit, Message.REGISTER, register_body("B0001", Edition.Y2013))
    door.kept()
    (answer,) = FrameReader().feed(visit.channel.heard[0])
    assert answer.body[2] == 0
    door.send(visit, Message.AUTHENTICATE, authenticate_body(answer.body[3:], "", Edition.Y2013))
    door.kept()
    assert results(visit) == [(Message.AUTHENTICATE, 0)]


def test_a_fixed_code_of_the_configuration_counts():
    devices = county().devices
    door = Door(devices=dict(devices) | {"B0001": replace(devices["B0001"], auth_code="fixed")})
    visit = door.visit()
    door.send(visit, Message.AUTHENTICATE, authenticate_body(b"fixed", "", Edition.Y2013))
    door.kept()
    assert results(visit) == [(Message.AUTHENTICATE, 0)]


def test_codes_differ_by_device_and_by_secret():
    one, other = Directory(county(), b"a"), Directory(county(), b"b")
    first, second = county().devices.values()
    assert len({one.credential(first), one.credential(second), other.credential(first)}) == 3


ENDS = at(0, 12)


def test_a_partly_lawful_batch_is_journaled_with_the_lawful_records_alone():
    door = Door(authorities=(authority("P0001", until=ENDS),))
    visit = door.visit()
    lawful = [record(ENDS - 600.0, HOME), record(ENDS - 1.0, HOME)]
    raw = door.send(visit, Message.LOCATION_BATCH, batch_body([lawful[0], record(ENDS, CAFE), lawful[1]]))
    (_, (_, journaled)) = door.kept()
    assert journaled != raw
    reports = FAMILIES["jt808"].decode(FrameBatch.of([journaled], "g10ls"))
    assert reports.time.tolist() == [ENDS - 600.0, ENDS - 1.0]
    assert record(ENDS, CAFE)[8:16] not in journaled
    assert door.intake.counts["report_outside_authority"] == 1
    assert results(visit) == [(Message.LOCATION_BATCH, 0)]


@pytest.mark.parametrize(
    "changes",
    [{"authorities": ()}, {"authorities": (authority("P0001", until=ENDS),)}, {"assignments": ()}],
    ids=["no authority", "ended", "nobody wears it"],
)
def test_outside_authority_a_frame_is_answered_and_not_journaled(changes):
    door = Door(**changes)
    visit = door.visit()
    door.send(visit, Message.LOCATION, record(NOW, CAFE))
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED]
    assert results(visit) == [(Message.LOCATION, 0)]
    assert door.intake.counts["report_outside_authority"] == 1
    assert not door.refusals.last


def test_the_law_judges_stored_reports_at_device_time():
    door = Door(authorities=(authority("P0001", until=ENDS),))
    raw = door.send(door.visit(), Message.LOCATION, record(ENDS - 1.0, HOME))
    assert door.kept()[1:] == [(EntryKind.FRAME, raw)]


def test_a_faulty_clock_is_judged_at_receive_time():
    door = Door(authorities=(authority("P0001", until=ENDS),))
    door.send(door.visit(), Message.LOCATION, record(946684800.0, HOME))
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED]


def test_a_newer_connection_supersedes_the_older():
    door = Door()
    old, new = door.visit(), door.visit()
    for visit in (old, new):
        door.send(visit, Message.HEARTBEAT, b"")
    assert (old.channel.superseded, new.channel.superseded) == (True, False)
    assert door.intake.counts["session_superseded"] == 1
    assert door.intake.newest["B0001"] is new
    door.kept()
    door.intake.leave(old)
    assert door.kept() == []
    door.intake.leave(new)
    assert door.kept() == [(EntryKind.CLOSED, b"")]
    assert door.intake.newest == {}


def test_one_connection_may_carry_two_devices():
    door = Door()
    visit = door.visit()
    for device in PHONES:
        door.send(visit, Message.HEARTBEAT, b"", device)
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED, EntryKind.FRAME] * 2
    assert len(visit.channel.heard) == 2


def test_rubbish_is_counted_and_shown():
    door = Door()
    visit = door.visit()
    door.intake.take_events(visit, visit.session.feed(b"\x7e\x02\x00\x00\x7e", NOW))
    assert sum(door.intake.counts.values()) == 1
    assert door.refusals.last[0].sample == "7e0200007e"
    assert door.kept() == []


def test_a_wrong_declared_length_is_counted_and_shown_though_the_report_is_taken():
    door = Door()
    visit = door.visit()
    content = bytearray(build_frame(Message.LOCATION, PHONES["B0001"], 1, record(NOW, HOME), Edition.Y2013)[1:-2])
    content[3] ^= 1
    checksum = functools.reduce(operator.xor, content).to_bytes(1, "big")
    raw = b"\x7e" + bytes(content) + checksum + b"\x7e"
    door.intake.take_events(visit, visit.session.feed(raw, NOW))
    assert door.intake.counts["wrong_length"] == 1
    assert door.refusals.last[0].sample == raw.hex()
    assert door.kept()[-1] == (EntryKind.FRAME, raw)


def test_a_malformed_report_of_a_known_device_is_told_so_and_never_of_an_unknown_one():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.LOCATION, bytes(10))
    door.kept()
    assert visit.channel.heard == []
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    door.send(visit, Message.LOCATION, bytes(10))
    door.kept()
    assert results(visit) == [(Message.LOCATION, 0), (Message.LOCATION, 2)]
    assert door.intake.counts["malformed"] == 2


def test_a_batch_is_capped_and_the_next_one_begun(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", 3)
    door = Door()
    visit = door.visit()
    for _ in range(6):
        door.send(visit, Message.HEARTBEAT, b"")
    sizes = []
    while len(door.intake):
        sizes.append(len(door.intake.take().entries))
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
        times.append(door.intake.take().entries.batch().received.tolist())
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
    batch = door.intake.take().entries.batch()
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
    batch = door.intake.take().entries.batch()
    assert batch.kind.tolist() == [EntryKind.CLOCK, EntryKind.START]
    assert batch.received.tolist() == [NOW] * 2
    assert msgspec.json.decode(batch.bytes_of(0), type=ClockStep) == ClockStep(NOW + 3600.0, NOW, None)


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
    first = door.intake.take()
    assert first.entries.payloads[:3] == [b"", before, call]
    assert [channel for channel, _ in first.answers[:2]] == [visit.channel] * 2
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
    waiting = door.intake.take()
    assert (len(waiting.entries), len(waiting.releases)) == (3, 1)


def test_an_acceptance_of_a_login_is_journaled_before_it_is_told():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.REGISTER, register_body("B0001", Edition.Y2013))
    assert visit.channel.heard == []
    door.kept()
    assert len(visit.channel.heard) == 1


def test_answers_leave_in_the_order_of_what_they_answer_and_are_numbered_so():
    door = Door("required")
    visit = door.visit()
    door.send(visit, Message.LOCATION, record(NOW, HOME))
    door.send(visit, Message.REGISTER, register_body("B0001", Edition.Y2013))
    for code in (b"wrong", door.code()):
        door.send(visit, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    for _ in range(20):
        door.send(visit, Message.LOCATION, record(NOW, HOME))
    assert visit.channel.heard == []
    door.kept()
    answers = [frame for raw in map(visit.number, visit.channel.heard) for frame in FrameReader().feed(raw)]
    assert [answer.serial for answer in answers] == list(range(23))
    assert [answer.message for answer in answers[:2]] == [Message.REGISTER_ANSWER, Message.PLATFORM_ANSWER]
    assert results(visit)[:3] == [(Message.AUTHENTICATE, 1), (Message.AUTHENTICATE, 0), (Message.LOCATION, 0)]


def test_answers_that_hang_on_no_entry_are_bounded_too(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REPORTS", 3)
    door = Door()
    visit = door.visit()
    for _ in range(7):
        door.send(visit, Message.REGISTER, register_body("X", Edition.Y2013), phone="013999999999")
    assert len(door.intake) == 7
    assert [len(door.intake.take().answers) for _ in range(3)] == [3, 3, 1]


def test_secrets_are_in_no_entry_and_no_refusal():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.AUTHENTICATE, authenticate_body(b"wrong", "", Edition.Y2013))
    assert "secret" not in json.dumps([refusal.sample for refusal in door.refusals.last])

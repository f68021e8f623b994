"""Intake: who is it, may it, and what waits for the writer."""

from __future__ import annotations

import functools
import json
import operator
import struct
from dataclasses import replace
from ipaddress import ip_network

import pytest
from intake_door import NOW, Door, results
from timeline import CAFE, HOME, PHONES, at, authority, county, record

from firmware_sim.firmware.messages import Message, authenticate_body, batch_body, register_body
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from gateway.intake import admission
from gateway.intake import batching as limits
from gateway.intake.directory import Directory
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.settings.model import Device
from protocols.jt808.profiles import ProfileText
from protocols.jt808.wire import seal
from protocols.registry import FAMILIES
from protocols.session import Acquaintance, FrameBatch


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
    door.intake.hear(visit, visit.session.feed(raw, NOW))
    assert visit.channel.heard == []
    assert door.kept() == [(EntryKind.OPENED, b""), (EntryKind.FRAGMENT, raw)]
    assert results(visit) == [(Message.LOCATION_BATCH, 0)]


def test_a_part_that_comes_outside_every_authority_is_answered_and_not_kept():
    door = Door()
    door.clock.time = at(400, 13)
    visit = door.visit()
    head = struct.pack(">HH6sHHH", Message.LOCATION_BATCH, 0x2004, bytes.fromhex(PHONES["B0001"]), 7, 3, 1)
    door.intake.hear(visit, visit.session.feed(seal(head + b"part"), door.clock.time))
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


def test_who_registered_and_goes_on_without_a_code_is_named_in_the_status_and_hears_orders():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.REGISTER, register_body("B0001", Edition.Y2013))
    assert door.intake.figures()["unproven_devices"] == {}
    door.send(visit, Message.HEARTBEAT, b"")
    assert visit.may_hear(PHONES["B0001"].lstrip("0"))
    assert door.intake.figures()["unproven_devices"] == {"B0001": visit.peer}
    door.send(visit, Message.AUTHENTICATE, authenticate_body(door.code(), "", Edition.Y2013))
    assert door.intake.figures()["unproven_devices"] == {}


def test_who_never_registered_or_is_gone_is_not_named_as_unproven():
    door = Door()
    quiet, gone = door.visit(), door.visit()
    door.send(quiet, Message.HEARTBEAT, b"")
    door.send(gone, Message.REGISTER, register_body("B0002", Edition.Y2013), "B0002")
    door.send(gone, Message.HEARTBEAT, b"", "B0002")
    assert list(door.intake.figures()["unproven_devices"]) == ["B0002"]
    door.intake.leave(gone)
    assert door.intake.figures()["unproven_devices"] == {}


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
    assert door.intake.presence.newest["B0001"] is true


@pytest.mark.parametrize("authentication", ["optional", "required"])
def test_who_has_only_registered_does_not_supersede_who_speaks(authentication):
    door = Door(authentication)
    true, false = door.visit(), door.visit()
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(true, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    door.send(false, Message.REGISTER, register_body("B0001", Edition.Y2013))
    door.send(false, Message.AUTHENTICATE, authenticate_body(b"guessed", "", Edition.Y2013))
    assert true.channel.superseded is False
    assert door.intake.presence.newest["B0001"] is true
    door.send(false, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    assert true.channel.superseded is True
    assert door.intake.presence.newest["B0001"] is false


def test_of_two_connections_the_one_that_came_later_speaks_though_the_other_authenticates_later():
    door = Door("required")
    older, newer = door.visit(), door.visit()
    code = door.directory.credential(county().devices["B0001"]).encode()
    door.send(older, Message.REGISTER, register_body("B0001", Edition.Y2013))
    for visit in (newer, older):
        door.send(visit, Message.AUTHENTICATE, authenticate_body(code, "", Edition.Y2013))
    assert (older.channel.superseded, newer.channel.superseded) == (True, False)
    assert door.intake.presence.newest["B0001"] is newer


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
    assert door.intake.memory.know("jt808", PHONES["B0001"].lstrip("0")) == Acquaintance("g10ls", "2011")
    journal.append(door.intake.next_batch().entries.batch())
    later.intake.memory.remember(journal)
    journal.close()
    visit = later.visit()
    later.send(visit, Message.HEARTBEAT, b"")
    assert visit.origins[PHONES["B0001"].lstrip("0")].facts == "2011"


def test_what_somebody_shows_who_does_not_speak_for_the_device_is_not_remembered():
    door = Door("required")
    door.send(door.visit(), Message.REGISTER, REGISTER_2011)
    assert door.intake.memory.know("jt808", PHONES["B0001"].lstrip("0")).facts == ""
    assert door.intake.memory.know("jt808", "13999999999") is None


def test_one_connection_carries_only_so_many_identities(monkeypatch):
    monkeypatch.setattr(admission, "MOST_IDENTITIES", 1)
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


def test_a_takeover_from_another_host_is_shown_with_both_addresses_once_an_hour():
    door = Door()

    def come(peer):
        visit = door.visit()
        visit.peer = peer
        door.send(visit, Message.HEARTBEAT, b"")

    for peer in ("203.0.113.9:4000", "203.0.113.9:4001", "198.51.100.7:4000", "203.0.113.9:4002"):
        come(peer)
    (shown,) = door.refusals.last
    assert (shown.reason, shown.peer) == (
        "session_superseded", "B0001: 203.0.113.9:4001 -> 198.51.100.7:4000",
    )  # fmt: skip
    assert door.intake.counts["session_superseded"] == 3
    door.clock.time += 3600.0
    come("198.51.100.7:4001")
    assert [one.peer for one in door.refusals.last][1:] == ["B0001: 203.0.113.9:4002 -> 198.51.100.7:4001"]


@pytest.mark.parametrize(
    ("peer", "heard"),
    [
        ("10.1.2.3:4000", True),
        ("::ffff:10.1.2.3:4000", True),
        ("[2001:db8::7]:4000", True),
        ("203.0.113.9:4000", False),
        ("bracelet/B0001/up", True),
    ],
)
def test_a_device_that_is_bound_to_networks_is_not_heard_from_another(peer, heard):
    bound = Device("B0001", "jt808", PHONES["B0001"].lstrip("0"), "g10ls")
    door = Door(devices={"B0001": replace(bound, networks=(ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")))})
    for message, body in ((Message.HEARTBEAT, b""), (Message.AUTHENTICATE, door.code())):
        visit = door.visit()
        visit.peer = peer
        door.send(visit, message, body)
    assert ("B0001" in door.intake.presence.newest) is heard
    assert door.intake.counts["wrong_network"] == (0 if heard else 2)


def test_a_bracelet_that_has_its_code_gives_it_to_nobody_who_registers_under_its_number():
    device = replace(county().devices["B0001"], is_bound=True)
    door = Door(devices={**county().devices, "B0001": device})
    stranger, own = door.visit(), door.visit()
    door.send(stranger, Message.REGISTER, bytes(37))
    door.send(stranger, Message.HEARTBEAT, b"")
    assert door.kept() == []
    assert door.code() not in b"".join(stranger.channel.heard)
    assert (door.intake.counts["registration_closed"], door.intake.counts["not_authenticated"]) == (1, 1)
    door.send(own, Message.AUTHENTICATE, door.code())
    door.send(own, Message.HEARTBEAT, b"")
    assert [kind for kind, _ in door.kept()] == [EntryKind.OPENED, EntryKind.FRAME, EntryKind.FRAME]


def test_a_newer_connection_supersedes_the_older():
    door = Door()
    old, new = door.visit(), door.visit()
    for visit in (old, new):
        door.send(visit, Message.HEARTBEAT, b"")
    assert (old.channel.superseded, new.channel.superseded) == (True, False)
    assert door.intake.counts["session_superseded"] == 1
    assert door.intake.presence.newest["B0001"] is new
    door.kept()
    door.intake.leave(old)
    assert door.kept() == []
    door.intake.leave(new)
    assert door.kept() == [(EntryKind.CLOSED, b"")]
    assert door.intake.presence.newest == {}


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
    door.intake.hear(visit, visit.session.feed(b"\x7e\x02\x00\x00\x7e", NOW))
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
    door.intake.hear(visit, visit.session.feed(raw, NOW))
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
    assert [len(door.intake.next_batch().answers) for _ in range(3)] == [3, 3, 1]


def test_secrets_are_in_no_entry_and_no_refusal():
    door = Door()
    visit = door.visit()
    door.send(visit, Message.AUTHENTICATE, authenticate_body(b"wrong", "", Edition.Y2013))
    assert "secret" not in json.dumps([refusal.sample for refusal in door.refusals.last])

"""Every command, payload and order of Annex A without a captured packet."""

import pytest

from protocols.annex_a import FAMILY
from protocols.annex_a.commands import ASKS, COMMANDS, OWN_FROM
from protocols.annex_a.packet import Packet, seal
from protocols.annex_a.payload import PAYLOADS
from protocols.annex_a.profiles import load_profiles
from protocols.order import Order, Result
from protocols.session import Frame

# Command -> name, data from the device, data of the host's answer (None: there is none), what it says of an order.
UP = {
    0x01: ("power_on", "", "", None),
    0x02: ("keep_alive", "001e", "001e", None),
    0x03: ("power_saving", "01", None, (Result.DONE, "01")),
    0x04: ("version", "0207", None, (Result.DONE, "2.07")),
    0x05: ("self_test", "0a02", None, (Result.FAILED, "0a02")),
    0x06: ("update", "0001", None, None),
    0x07: ("attributes", "4d414b4552 010203 040506", None,
           (Result.DONE, "maker 4d414b4552, hardware 1.2.3, software 4.5.6")),
    0x40: ("card_authentication", "00" * 65, None, None),
    0x41: ("card_result", "00" * 20, "", None),
    0x42: ("card_removed", "", "", None),
    0x43: ("card_read", "0000", None, (Result.DONE, "2 bytes")),
    OWN_FROM: ("own", "0102", None, None),
}  # fmt: skip
IN_2011 = {0x02: ("keep_alive", None), 0x40: ("own", None), 0x44: ("own", None)}
DOWN = {
    "power_saving": ({"on": "1"}, 0x03, "01"),
    "version": ({}, 0x04, ""),
    "self_test": ({"type": "0a"}, 0x05, "0a"),
    "attributes": ({}, 0x07, ""),
    "read_card": ({}, 0x43, ""),
}
CARRIED = {
    "modem": b"+CCED:LTE current cell:460,00,,0,3,5,1300,4251234,56,22,9712,30,236\r\nOK\r\n",
    "items": bytes.fromhex("5D0B0101CC0025F00040DE623C"),
}
CELL = (460, 0, 9712, 4251234)


def packet(command, data=""):
    return seal(Packet(1, 0x42, 0x0A, command, bytes.fromhex(data)))


def taken(raw, profile="standard"):
    session = FAMILY.session(profile, identity="861")
    (event,) = session.feed(raw, 0.0)
    assert isinstance(event, Frame)
    return session, event


def test_every_command_order_and_payload_stands_here():
    assert set(UP) == {*COMMANDS, OWN_FROM}
    assert set(DOWN) == set(ASKS)
    assert set(CARRIED) == set(PAYLOADS)
    assert {profile.payload for profile in load_profiles().values()} == {"raw", *CARRIED}
    assert {profile.edition for profile in load_profiles().values()} == {2011, 2013}


@pytest.mark.parametrize("command", UP)
def test_a_command_is_kept_answered_and_named(command):
    name, data, answer, said = UP[command]
    raw = packet(command, data)
    _, event = taken(raw)
    assert (event.raw, event.message, event.device_times) == (raw, command, ())
    assert event.answer == (b"" if answer is None else packet(command, answer))
    assert [(reply.result, reply.text) for reply in event.replies] == ([] if said is None else [said])
    (account,) = FAMILY.describe([raw], "standard")
    assert (account["message"], account["message_id"], account["error"]) == (name, f"{command:02X}", None)
    assert account["reply"] == (event.answer.hex() or None)


@pytest.mark.parametrize("command", IN_2011)
def test_what_the_edition_of_2011_has_otherwise(command):
    name, answer = IN_2011[command]
    (account,) = FAMILY.describe([packet(command, "001e")], "edition2011")
    assert (account["message"], account["reply"]) == (name, answer)


@pytest.mark.parametrize("profile", load_profiles())
def test_every_payload_gives_its_cell_and_a_raw_one_nothing(profile):
    payload = load_profiles()[profile].payload
    data = CARRIED.get(payload, CARRIED["items"])
    raw = packet(0x50, data.hex())
    (account,) = FAMILY.describe([raw], profile)
    heard = [
        (cell["mcc"], cell["mnc"], cell["lac"], cell["cid"])
        for report in account["reports"]
        for cell in report["cells"]
    ]
    assert heard == ([CELL] if payload in CARRIED else [])
    assert len(taken(raw, profile)[1].device_times) == len(heard)


@pytest.mark.parametrize("kind", DOWN)
def test_every_order_is_a_packet_whose_answer_is_known(kind):
    values, command, data = DOWN[kind]
    session, _ = taken(packet(0x01))
    sent = session.order("861", Order(kind, values))
    assert sent.segments == (packet(command, data),)
    (event,) = session.feed(packet(command, UP[command][1]), 1.0)
    assert [reply.key for reply in event.replies] == [sent.answered_by]

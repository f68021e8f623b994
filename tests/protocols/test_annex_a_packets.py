"""Annex A packets: the two examples the standard prints, then what is built from the table of commands."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.annex_a import FAMILY
from protocols.annex_a.packet import MAX_DATA, Packet, read_packet, seal
from protocols.annex_a.profiles import Profile
from protocols.annex_a.session import Session
from protocols.errors import OrderFault, PeerFault
from protocols.order import Order, Result
from protocols.session import Frame, FrameBatch, Refused, Send

# JT/T 808, annex A, as docs/protocols/annex-a.md quotes them: a keep-alive of 30 s, and data that must be escaped.
KEEP_ALIVE = bytes.fromhex("7E6C000100420A02001E7E")
ESCAPED = bytes.fromhex("7ED5000100420A047D02077E")
WHO = {"version": 1, "maker": 0x42, "device_type": 0x0A}
LTE = b"+CCED:LTE current cell:460,00,460001234567890,0,3,5,1300,102512405,56,22,30200,30,236\r\nOK\r\n"
CELLS_5D = bytes.fromhex("5D0B0101CC0075F8061C37153C")
WIFI_54 = bytes.fromhex("54080124699E0102034B")


def packet(command, data=b""):
    return seal(Packet(**WHO, command=command, data=data))


def session(profile="standard", **how):
    return FAMILY.session(profile, identity="861", **how)


def only(one, data, now=0.0):
    (event,) = one.feed(data, now)
    return event


@pytest.mark.parametrize(("wire", "command", "data"), [(KEEP_ALIVE, 0x02, b"\x00\x1e"), (ESCAPED, 0x04, b"\x7e\x07")])
def test_the_examples_of_the_standard_both_ways(wire, command, data):
    assert read_packet(wire[1:-1]) == (Packet(**WHO, command=command, data=data), True)
    assert packet(command, data) == wire


@given(
    st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=300)
)
def test_any_packet_comes_back(version, maker, device_type, command, data):
    sent = Packet(version, maker, device_type, command, data)
    assert read_packet(seal(sent)[1:-1]) == (sent, True)


def test_a_device_that_powers_on_is_acknowledged():
    frame = only(session(), packet(0x01))
    assert (frame.identity, frame.message, frame.device_times) == ("861", 1, ())
    assert frame.answer == packet(0x01)


def test_a_keep_alive_is_granted_as_asked_or_as_the_profile_says():
    assert only(session(), KEEP_ALIVE).answer == KEEP_ALIVE
    assert only(session(), packet(0x02)).answer == KEEP_ALIVE
    assert only(session(), packet(0x02, b"\x01\x05")).answer == packet(0x02, b"\x01\x05")


def test_in_the_edition_of_2011_the_host_asks():
    one = session("edition2011")
    assert one.tick(0.0) == []
    assert only(one, packet(0x01)).answer == packet(0x01)
    assert one.tick(1.0) == [Send((KEEP_ALIVE,))]
    assert only(one, KEEP_ALIVE, 2.0).answer == b""
    assert one.tick(20.0) == []
    assert one.tick(31.0) == [Send((KEEP_ALIVE,))]


@pytest.mark.parametrize("command", [0x41, 0x42])
def test_card_messages_are_acknowledged(command):
    assert only(session(), packet(command, b"\x00" * 20)).answer == packet(command)


@pytest.mark.parametrize("command", [0x40, 0x06, 0x08, 0x44, 0xFF])
def test_what_has_no_answer_gets_none(command):
    assert only(session(), packet(command, b"\x00" * 65)).answer == b""


def test_own_data_is_acknowledged_where_the_profile_says_so():
    one = Session(Profile(acknowledge_data=True), strict_checksum=True, identity="861")
    assert only(one, packet(0x44, b"x")).answer == packet(0x44)


def test_a_device_that_falls_silent_is_dropped_and_known_again_when_it_speaks():
    one = session()
    only(one, KEEP_ALIVE, 0.0)
    assert one.tick(90.0) == []
    assert one.tick(91.0) == [Refused("slave_silent", b"")]
    with pytest.raises(OrderFault, match="no device has spoken"):
        one.order("861", Order("version"))
    only(one, KEEP_ALIVE, 92.0)
    assert one.order("861", Order("version")).segments == (packet(0x04),)


@pytest.mark.parametrize(
    ("order", "down", "up", "result", "text"),
    [
        (Order("power_saving", {"on": "1"}), packet(3, b"\x01"), packet(3, b"\x01"), Result.DONE, "01"),
        (Order("power_saving", {"on": "0"}), packet(3, b"\x00"), packet(3, b"\x02"), Result.FAILED, "02"),
        (Order("version"), packet(4), packet(4, b"\x02\x07"), Result.DONE, "2.07"),
        (Order("self_test", {"type": "0A"}), packet(5, b"\x0a"), packet(5, b"\x0a\x02"), Result.FAILED, "0a02"),
        (
            Order("attributes"), packet(7), packet(7, b"MAKER" + bytes.fromhex("010203010B02")), Result.DONE,
            "maker 4d414b4552, hardware 1.2.3, software 1.11.2",
        ),
        (Order("read_card"), packet(0x43), packet(0x43, b"\x00\x01"), Result.DONE, "2 bytes"),
        (Order("version"), packet(4), packet(4), Result.MALFORMED, ""),
        (Order("attributes"), packet(7), packet(7, b"x"), Result.MALFORMED, "78"),
    ],
)  # fmt: skip
def test_an_order_goes_to_the_device_heard_last_and_its_answer_is_known(order, down, up, result, text):
    one = session()
    only(one, KEEP_ALIVE)
    sending = one.order("861", order)
    assert sending.segments == (down,)
    (reply,) = only(one, up).replies
    assert (reply.key, reply.result, reply.text) == (sending.answered_by, result, text)


@pytest.mark.parametrize(
    "order",
    [Order("locate"), Order("self_test"), Order("self_test", {"type": "xyz"}), Order("self_test", {"type": "gg"}),
     Order("power_saving", {"on": "2"}), Order("version", {"a": "b"})],
)  # fmt: skip
def test_an_order_that_cannot_be_is_said_so(order):
    one = session()
    only(one, KEEP_ALIVE)
    with pytest.raises(OrderFault, match=order.kind):
        one.order("861", order)


def test_an_order_without_an_answer_is_repeated_three_times_and_then_no_more():
    one = session()
    only(one, KEEP_ALIVE)
    one.order("861", Order("attributes"))
    sent = [event for at in range(10) for event in one.tick(float(at))]
    assert sent == [Send((packet(7),))] * 3


def test_an_answer_ends_the_repeats():
    one = session()
    only(one, KEEP_ALIVE)
    one.order("861", Order("attributes"))
    one.tick(0.0)
    only(one, packet(7, bytes(11)))
    assert one.tick(5.0) == []


def test_a_wrong_sum_is_refused_or_taken_and_marked():
    wrong = KEEP_ALIVE[:1] + b"\x6d" + KEEP_ALIVE[2:]
    assert only(session(), wrong).reason == "bad_checksum"
    assert only(session(strict_checksum=False), wrong).checksum_ok is False
    assert only(session(), KEEP_ALIVE).checksum_ok is True


def test_the_version_is_not_in_the_sum():
    assert only(session(), KEEP_ALIVE.replace(b"\x00\x01\x00\x42", b"\x77\x77\x00\x42")).checksum_ok is True


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x6c\x00", "short_frame"),
        (b"\x6c\x00\x7d\x03\x00\x42\x0a\x02", "bad_escape"),
        (bytes(8 + MAX_DATA), "malformed"),
    ],
)
def test_a_broken_packet_is_refused_by_name(content, reason):
    with pytest.raises(PeerFault, match=reason):
        read_packet(content)
    one = session()
    (event,) = one.feed(b"\x7e" + content + b"\x7e", 0.0)
    assert event.reason == reason
    assert one.discarded == {reason: len(content) + 2}


def test_a_modems_answer_inside_a_packet_gives_its_cells_and_not_its_subscriber():
    frame = only(session("modem"), packet(0x50, LTE))
    assert b"460001234567890" not in frame.raw
    assert math.isnan(frame.device_times[0])
    batch = FAMILY.decode(FrameBatch.of([frame.raw], "modem"))
    assert (batch.cells.lac[0], batch.cells.cid[0], batch.cells.signal_raw[0]) == (30200, 102512405, -85)
    assert not batch.located[0]
    assert batch.stated[0] == 0


def test_location_items_inside_a_packet_give_cells_and_access_points():
    raw = packet(0x44, CELLS_5D + WIFI_54)
    frame = only(session("items"), raw)
    assert frame.raw == raw
    batch = FAMILY.decode(FrameBatch.of([raw], "items"))
    cells, wifi = batch.cells, batch.wifi
    assert (cells.mcc[0], cells.mnc[0], cells.lac[0], cells.cid[0], cells.signal_raw[0]) == (
        460,
        0,
        0x75F8,
        0x61C3715,
        60,
    )
    assert (wifi.bssid[0], wifi.rssi_dbm[0]) == (0x24699E010203, -75)


def test_a_raw_profile_reads_nothing_and_an_unknown_command_neither():
    batch = FAMILY.decode(FrameBatch.of([packet(0x44, CELLS_5D), packet(0x08, CELLS_5D)], "standard"))
    assert len(batch) == 0
    assert only(session(), packet(0x44, CELLS_5D)).device_times == ()


def test_frames_of_several_profiles_in_one_batch_keep_their_places():
    frames = FrameBatch.of([packet(0x50, LTE), packet(0x01), packet(0x44, CELLS_5D)], "modem")
    mixed = FrameBatch(frames.payload, frames.start, frames.length, ("modem", "items"), frames.length * 0 + [0, 0, 1])
    batch = FAMILY.decode(mixed)
    assert batch.frame.tolist() == [0, 2]
    assert batch.cells.report.tolist() == [0, 1]


def test_what_the_law_does_not_allow_is_not_kept():
    raw = packet(0x44, CELLS_5D)
    assert (FAMILY.keep(raw, [True]), FAMILY.keep(raw, [False])) == (raw, b"")
    with pytest.raises(ValueError, match="2 decisions"):
        FAMILY.keep(raw, [True, False])


def test_byte_by_byte_and_with_rubbish_around_gives_the_same():
    stream = b"noise" + KEEP_ALIVE + KEEP_ALIVE[1:] + b"(x)" + ESCAPED + packet(0x44, b"\x7d\x7e" * 100) + b"tail"
    whole, single = session(), session()
    one_by_one = [event for byte in stream for event in single.feed(bytes([byte]), 0.0)]
    assert one_by_one == whole.feed(stream, 0.0)
    assert sum(isinstance(event, Frame) for event in one_by_one) == 4
    assert single.discarded == whole.discarded == {"rubbish": 5, "text_line": 5}


def test_the_account_of_a_packet():
    (account,) = FAMILY.describe([KEEP_ALIVE], "standard")
    assert (account["message"], account["message_id"], account["checksum"]) == ("keep_alive", "02", "ok")
    assert account["reply"] == KEEP_ALIVE.hex()
    (cells,) = FAMILY.describe([packet(0x44, CELLS_5D)], "items")
    assert cells["reports"][0]["cells"][0]["cid"] == 0x61C3715
    assert [one["error"].split(":")[0] for one in FAMILY.describe([b"", b"~~", b"~\x00~\x00~"], "standard")] == [
        "no_flags", "short_frame", "several_frames",
    ]  # fmt: skip


@pytest.mark.parametrize("profile", FAMILY.profiles)
@must_meet("frames", "refusals", "a wrong sum that is taken")
@given(
    st.lists(
        st.binary(max_size=40)
        | st.sampled_from([KEEP_ALIVE, ESCAPED, packet(0x50, LTE), b"\x7e", b"\x7d"])
        | st.builds(packet, st.integers(0, 255), st.binary(max_size=60)),
        max_size=10,
    )
)
@example([KEEP_ALIVE, b"rubbish", b"\x7e\x00" + KEEP_ALIVE[2:]])
def test_any_bytes_in_any_split_give_frames_that_decode_or_counted_refusals(profile, met, parts):
    one, events = session(profile, strict_checksum=False), []
    for at, part in enumerate(parts):
        events += one.feed(part, float(at)) + one.tick(float(at))
    frames = [event for event in events if isinstance(event, Frame)]
    batch = FAMILY.decode(FrameBatch.of([frame.raw for frame in frames], profile))
    assert batch.frame.tolist() == [index for index, frame in enumerate(frames) if frame.device_times]
    met["frames"] += len(frames)
    met["refusals"] += sum(isinstance(event, Refused) for event in events)
    met["a wrong sum that is taken"] += sum(not frame.checksum_ok for frame in frames)
    FAMILY.describe(parts, profile)

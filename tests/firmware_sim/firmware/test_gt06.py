"""The GT06 bracelet: frames against written and printed ones, and its way of waiting for answers."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet
from plan import CELL, START, Plan, blind, measured, minutes

from firmware_sim.firmware.device import Identity, Link, Timing
from firmware_sim.firmware.gt06 import contents
from firmware_sim.firmware.gt06.bracelet import Gt06Bracelet
from firmware_sim.firmware.gt06.contents import Message
from firmware_sim.firmware.gt06.wire import FrameReader, Received, build_frame, crc
from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.quirks import YEAR_2000, Quirks
from firmware_sim.platform import IdealGt06Platform
from firmware_sim.radio import Cell

IMEI = "868120145233604"
T = 5.0
WRITTEN_22 = bytes.fromhex("787822221a0202022800c50358ef000d0659c000145a01cc0025f040de6200000000486e7e0d0a")
"""A position written from the maker's tables: 2026-02-02 02:40 UTC, five satellites, 31.2 N 121.4 E."""
PRINTED_80 = bytes.fromhex("787813800B00000001535441545553230002000130C10D0A")
"""The maker's example of an order, ``STATUS#``."""


def bracelet(source, quirks=None):
    return Gt06Bracelet(Identity(IMEI, "B0001"), source, Timing(T, 180.0), quirks=quirks or Quirks())


def online(device, now=START, platform=None):
    """Logged in; what the bracelet then says is on its way."""
    platform = platform or IdealGt06Platform()
    frames = device.receive(platform.feed(b"".join(device.connected(now)), now), now)
    assert device.link is Link.ONLINE
    return platform, frames


def parsed(frames):
    return FrameReader().feed(b"".join(frames))


def messages(frames):
    return [frame.message for frame in parsed(frames)]


def test_the_crc_is_x25():
    assert crc(b"123456789") == 0x906E


def test_a_position_is_byte_for_byte_what_the_tables_say():
    real = measured(
        datetime(2026, 2, 2, 2, 40, tzinfo=UTC).timestamp(), satellites=5, latitude=31.2, longitude=121.4,
        speed_kmh=0.0, course=0x5A, cells=(Cell(460, 0, 0x25F0, 0x40DE62, 0),),
    )  # fmt: skip
    (record,) = contents.records(real, ())
    message, content = contents.opened(record, stored=False)
    assert build_frame(message, content, 0x48) == WRITTEN_22


def test_the_printed_order_is_read():
    (received,) = FrameReader().feed(PRINTED_80)
    assert received == Received(0x80, 1, bytes.fromhex("0B00000001535441545553230002"))


@must_meet("several frames", "an empty body", "a frame in several pieces")
@given(st.lists(st.binary(max_size=60), max_size=5), st.integers(1, 30), st.booleans())
@example(bodies=[b"", bytes(30)], size=7, is_long=False)
def test_frames_are_cut_out_of_rubbish_in_any_split(met, bodies, size, is_long):
    data = b"\x01\x02".join(build_frame(0x13, body, number, is_long=is_long) for number, body in enumerate(bodies))
    reader = FrameReader()
    found = [each for at in range(0, len(data), size) for each in reader.feed(data[at : at + size])]
    assert [each.content for each in found] == bodies
    met["several frames"] += len(bodies) > 1
    met["an empty body"] += b"" in bodies
    met["a frame in several pieces"] += any(len(body) > size for body in bodies)


def test_a_broken_frame_costs_no_other():
    broken = build_frame(0x13, b"\x01", 1)[:-3] + b"\x00\r\n"
    reader = FrameReader()
    assert [each.serial for each in reader.feed(broken + build_frame(0x01, b"", 2))] == [2]
    assert reader.broken == 1


def test_nothing_but_the_login_goes_before_its_answer():
    device = bracelet(minutes(3))
    assert messages(device.connected(START)) == [Message.LOGIN]
    assert device.tick(START + 3.0) == []
    assert len(device.store) == 1


def test_an_unanswered_login_goes_again_twice_then_the_connection_is_given_up():
    device = bracelet(Plan([]))
    first = device.connected(START)
    assert device.tick(START + T) == device.tick(START + 2 * T) == first
    assert not device.wants_close
    assert device.tick(START + 3 * T) == []
    assert device.wants_close


def test_a_report_waits_for_the_answer_to_its_own_serial():
    device = bracelet(minutes(1))
    online(device)
    (report,) = parsed(device.tick(START))
    device.receive(build_frame(report.message, b"", report.serial + 1), START)
    device.receive(build_frame(Message.HEARTBEAT, b"", report.serial), START)
    assert len(device.store) == 1
    device.receive(build_frame(report.message, b"", report.serial), START)
    assert (len(device.store), device.acknowledged) == (0, 1)


def test_what_was_stored_says_so_and_comes_first():
    device = bracelet(minutes(12))
    device.tick(START + 60.0 * 9)
    platform, frames = online(device)
    while frames:
        frames = device.receive(platform.feed(b"".join(frames)), START + 600.0)
    device.receive(platform.feed(b"".join(device.tick(START + 660.0))), START + 660.0)
    stored = [frame.content[-1] for frame in platform.received if frame.message == Message.POSITION]
    assert stored == [1] * 10 + [0, 0]


def test_only_a_window_of_reports_is_under_way():
    device = bracelet(minutes(40))
    device.tick(START + 60.0 * 39)
    _, frames = online(device, START + 2400.0)
    assert len(frames) == Gt06Bracelet.window


def test_alarms_are_told_one_by_one_as_they_begin():
    both = Alarm.REMOVAL | Alarm.SOS
    device = bracelet(
        Plan(measured(START + number, alarm=alarm) for number, alarm in enumerate([0, both, both, 0, Alarm.SOS]))
    )
    online(device)
    seen = [(frame.message, frame.content[-2]) for frame in parsed(device.tick(START + 9))]
    alarm, position = Message.ALARM, Message.POSITION
    assert seen == [(position, 0), (alarm, 0x13), (alarm, 0x01), (position, 0), (position, 0), (alarm, 0x01)]


def test_without_a_fix_it_tells_its_cells():
    many = tuple(Cell(460, 0, 9700, 0x1142303 + number, 40 - number) for number in range(9))
    device = bracelet(Plan([blind(cells=many)]))
    online(device)
    (frame,) = parsed(device.tick(START))
    assert frame.message == Message.CELLS
    assert frame.content.hex() == (
        "1a0b01100000 01cc 00"
        + "".join(f"25e4 {0x142303 + number:06x} {40 - number:02x}" for number in range(7))
        + "ff 0002"
    ).replace(" ", "")


def test_the_battery_goes_down_in_steps():
    steps = [contents.heartbeat(measured(battery_percent=percent))[1] for percent in (0, 3, 15, 20, 60, 85, 86, 100)]
    assert steps == [0, 1, 2, 3, 4, 5, 6, 6]
    assert contents.heartbeat(measured(alarm=Alarm.REMOVAL))[0] >> 3 & 7 == 7


def test_it_beats_and_wants_an_answer():
    device = bracelet(Plan([]))
    online(device)
    assert device.due() == START + 180.0
    assert messages(device.tick(START + 180.0)) == [Message.HEARTBEAT]
    assert device.due() == START + 180.0 + T


def test_an_unset_clock_asks_for_the_time():
    device = bracelet(minutes(2), Quirks(is_clock_unset=True))
    device.tick(START)
    platform, frames = online(device, START + 10.0)
    assert messages(frames) == [Message.ASK_TIME, Message.POSITION]
    assert parsed(frames)[1].content[:3] == bytes((0, 1, 1))
    device.receive(platform.feed(b"".join(frames), START + 10.0), START + 10.0)
    (report,) = parsed(device.tick(START + 60.0))
    assert report.content[:6] == bytes((26, 11, 1, 16, 1, 0))
    assert YEAR_2000 < START


def test_what_trusts_its_writing_forgets_positions_but_not_alarms():
    device = bracelet(Plan([measured(), measured(START + 1, alarm=Alarm.SOS)]), Quirks(trusts_writing=True))
    online(device)
    device.tick(START + 1)
    assert (len(device.store), device.acknowledged) == (1, 1)


@pytest.mark.parametrize(
    ("text", "answered_by", "said"),
    [
        ("WHERE#", Message.LONG_ORDER_ANSWER, "Lat:24.330000,Lon:109.420000,Speed:28,DateTime:2026-11-01 16:01:40"),
        ("TIMER,30#", Message.ORDER_ANSWER, "OK"),
        ("TIMER,0#", Message.ORDER_ANSWER, "Error: invalid interval"),
        ("STATUS#", Message.LONG_ORDER_ANSWER, "Battery:87%;GSM:24;GPS:fixed"),
        ("FACTORY#", Message.ORDER_ANSWER, "Error: not supported"),
    ],
)
def test_orders_are_obeyed_and_answered_with_their_flag(text, answered_by, said):
    source = minutes(1)
    device = bracelet(source)
    online(device)
    device.tick(START)
    flag = bytes.fromhex("6a0b0c0d")
    content = bytes((4 + len(text),)) + flag + text.encode() + b"\x00\x02"
    (answer,) = parsed(device.receive(build_frame(0x80, content, 9), START + 100.5))
    heads = {Message.LONG_ORDER_ANSWER: flag + b"\x01", Message.ORDER_ANSWER: bytes((4 + len(said),)) + flag}
    tail = b"\x00\x02" if answered_by is Message.ORDER_ANSWER else b""
    assert (answer.message, answer.content) == (answered_by, heads[answered_by] + said.encode() + tail)
    assert source.told == ([("interval", 30.0, START + 100.5)] if text == "TIMER,30#" else [])


def test_a_cell_id_of_lte_loses_its_highest_bits():
    (record,) = contents.records(measured(cells=(CELL,)), ())
    assert record[1 + 18 : 1 + 26].hex() == "01cc0025e4142303"

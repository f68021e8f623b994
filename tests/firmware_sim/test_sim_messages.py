"""Bodies, byte by byte, against the wire tables."""

from dataclasses import replace

import pytest

from firmware_sim.firmware.messages import (
    Alarm,
    Location,
    authenticate_body,
    batch_body,
    location_body,
    read_answer,
    read_register_answer,
    register_body,
)
from firmware_sim.firmware.wire import Edition, FrameFault
from firmware_sim.radio import Cell

MOMENT = 1793548800.0  # 2026-11-01T16:00:00Z
FIX = Location(
    moment=MOMENT,
    alarm=Alarm.REMOVAL | Alarm.SOS,
    located=True,
    latitude=24.33,
    longitude=109.42,
    speed_kmh=28.8,
    course=359.7,
    satellites=9,
    signal=24,
    battery_percent=87,
    mileage_km=12.3,
    cells=(Cell(460, 0, 0x25E4, 0x01142303, 60),),
)
# Offsets and units of the standard's position message; items 56 and 5D as the G10LS maker defines them.
FIX_HEX = """
    00020001 000C0002 01733F10 06859DE0 005F 0120 0167 261102000000
    01 04 0000007B  30 01 18  31 01 09  56 02 0857  5D 0B 01 01CC 00 25E4 01142303 3C
"""


def test_a_fix_byte_by_byte():
    assert location_body(FIX) == bytes.fromhex(FIX_HEX)


def test_local_time_is_gmt_plus_8():
    earlier = location_body(replace(FIX, moment=MOMENT - 1.0))
    assert earlier[22:28].hex() == "261101235959"


@pytest.mark.parametrize(("edition", "fixed"), [(Edition.Y2013, 37), (Edition.Y2019, 76)])
def test_registration_has_its_editions_width(edition, fixed):
    body = register_body("B0007", edition)
    assert len(body) == fixed
    assert b"B0007" in body


def test_authentication_by_edition():
    assert authenticate_body(b"12345678901", "14000000001", Edition.Y2013) == b"12345678901"
    body = authenticate_body(b"12345678901", "14000000001", Edition.Y2019)
    assert (body[0], body[1:12], body[12:27], len(body)) == (11, b"12345678901", b"000014000000001", 47)


def test_a_batch_counts_its_records():
    assert batch_body([b"\xaa\xbb", b"\xcc"]).hex() == "0002010002aabb0001cc"


def test_answers_are_read():
    assert read_answer(bytes.fromhex("0007020004")) == (7, 0x0200, 4)
    assert read_register_answer(bytes.fromhex("00070041")) == (7, 0, b"A")
    assert read_register_answer(bytes.fromhex("000704")) == (7, 4, b"")


@pytest.mark.parametrize(("read", "body"), [(read_answer, "00070200"), (read_register_answer, "0007")])
def test_short_answers_are_refused(read, body):
    with pytest.raises(FrameFault):
        read(bytes.fromhex(body))

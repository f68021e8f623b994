"""The simulator's own framing, against the standard's printed examples."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from firmware_sim.firmware.wire import LONGEST_FRAME, Edition, FrameFault, FrameReader, build_frame, escape, parse_frame

# JT/T 808-2013 and -2019, examples of the general answer and of the answer to a registration.
GOLDEN = [
    (Edition.Y2013, 0x8001, "13800138000", 0x0007, "007E020000", "7E800100050138001380000007007D02020000557E"),
    (Edition.Y2019, 0x8001, "13800138000", 0x0007, "0005020000", "7E800140050100000000013800138000000700050200006F7E"),
    (Edition.Y2013, 0x8100, "13800138000", 0x0001, "00000041314232", "7E810000070138001380000001000000413142322D7E"),
]


@pytest.mark.parametrize(("edition", "message", "phone", "serial", "body", "frame"), GOLDEN)
def test_builds_the_standards_examples(edition, message, phone, serial, body, frame):
    assert build_frame(message, phone, serial, bytes.fromhex(body), edition) == bytes.fromhex(frame)


@pytest.mark.parametrize(("edition", "message", "phone", "serial", "body", "frame"), GOLDEN)
def test_takes_the_standards_examples_apart(edition, message, phone, serial, body, frame):
    (received,) = FrameReader().feed(bytes.fromhex(frame))
    assert (received.edition, received.message, received.phone) == (edition, message, phone)
    assert (received.serial, received.body.hex().upper()) == (serial, body)


def test_escapes_as_the_standard_prints_it():
    assert escape(bytes.fromhex("117E227D7D33")) == bytes.fromhex("117D02227D017D0133")


@must_meet("escaped", "in several pieces", "the longest body")
@given(st.binary(max_size=1023), st.sampled_from(Edition), st.integers(0, 0xFFFF), st.integers(1, 40))
@example(b"\x7e\x7d" * 511 + b"\x7e", Edition.Y2019, 0x7E7D, 40)
def test_any_body_survives_the_wire_in_any_split(met, body, edition, serial, size):
    frame = build_frame(0x0900, "14000000001", serial, body, edition)
    assert b"\x7e" not in frame[1:-1]
    assert len(frame) <= LONGEST_FRAME
    reader = FrameReader()
    received = [each for at in range(0, len(frame), size) for each in reader.feed(frame[at : at + size])]
    assert [(each.serial, each.body) for each in received] == [(serial, body)]
    assert reader.broken == 0
    met["escaped"] += b"\x7d" in frame
    met["in several pieces"] += len(frame) > size
    met["the longest body"] += len(body) == 1023


def test_refuses_a_body_that_does_not_fit():
    with pytest.raises(ValueError, match="1024 bytes"):
        build_frame(0x0900, "14000000001", 0, bytes(1024), Edition.Y2013)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("8001000501380013800000070 07D03020000", "escape"),
        ("80010005013800138000000700050200FF55", "checksum"),
        ("8001", "checksum"),
        ("0000", "too short"),
        ("", "too short"),
        ("80010004013800138000000700050200005 0".replace(" ", ""), "checksum"),
    ],
)
def test_refuses_what_is_no_frame(content, fault):
    with pytest.raises(FrameFault, match=fault):
        parse_frame(bytes.fromhex(content.replace(" ", "")))


def test_refuses_a_wrong_body_length():
    good = bytearray(bytes.fromhex(GOLDEN[2][5])[1:-1])
    good[3] ^= 0x01
    good[-1] ^= 0x01
    with pytest.raises(FrameFault, match="body length"):
        parse_frame(bytes(good))


def test_goes_on_after_rubbish():
    frame = bytes.fromhex(GOLDEN[0][5])
    reader = FrameReader()
    assert len(reader.feed(b"rubbish" + frame[:-3] + b"\x7e" + frame + frame)) == 2
    assert reader.broken == 2


def test_an_endless_frame_is_dropped():
    reader = FrameReader()
    assert reader.feed(b"\x7e" + bytes(LONGEST_FRAME + 1)) == []
    assert reader.broken == 1
    assert len(reader.feed(bytes.fromhex(GOLDEN[0][5]))) == 1

"""Frames put together from a template are those that are built anew, whatever has to be escaped."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, build_frame, parse_frame
from firmware_sim.load.frames import TIME, body_at, stamp_of, template_of
from protocols.jt808.messages import position

PHONES = st.integers(1, 10**12 - 1).map(str)
BODIES = st.binary(min_size=28, max_size=300) | st.just(b"\x7d\x7e" * 20)
SERIALS = st.integers(0, 0xFFFF) | st.sampled_from([0x7D7D, 0x7D7E, 0x7E7D, 0x7E7E, 0x007E])
MOMENTS = st.integers(0, 4_000_000_000)


@must_meet("escaped", "not escaped")
@given(PHONES, st.sampled_from(Edition), BODIES, SERIALS, MOMENTS)
@example("13900000000", Edition.Y2013, bytes(0x7E), 0x7D7E, 0)
def test_a_frame_is_the_one_built_anew(met, phone, edition, body, serial, moment):
    stamp = stamp_of(moment)
    dated = body[: TIME.start] + stamp.octets + body[TIME.stop :]
    frame = template_of(phone, edition, body).frame(serial, stamp)
    assert frame == build_frame(Message.LOCATION, phone, serial, dated, edition)
    met["escaped" if b"\x7d" in frame else "not escaped"] += 1


@pytest.mark.parametrize("edition", Edition)
def test_every_checksum_is_met_and_right(edition):
    template = template_of("13900000000", edition, body_at(24.33, 109.42))
    frames = [template.frame(serial, stamp_of(1_800_000_000)) for serial in range(256)]
    assert [parse_frame(frame[1:-1]).serial for frame in frames] == list(range(256))
    assert sum(frame.endswith((b"\x7d\x01\x7e", b"\x7d\x02\x7e")) for frame in frames) == 2


def test_the_body_says_where_and_when():
    moment = datetime(2026, 11, 3, 4, 5, 6, tzinfo=UTC).timestamp()
    frame = template_of("13900000000", Edition.Y2013, body_at(24.33, 109.42)).frame(1, stamp_of(int(moment)))
    told = position.LOCATION.parse(parse_frame(frame[1:-1]).body)
    assert (told.time, round(told.latitude, 6), round(told.longitude, 6)) == (moment, 24.33, 109.42)

import numpy as np
import pytest
from effort import examples
from gt06_frames import LOGIN, TIME, cell, crc, frame, gps
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet, work_of

from protocols.errors import PeerFault
from protocols.framing import TrailedDeframer
from protocols.gt06.crc import crc16, crc16_column
from protocols.gt06.session import WIRE
from protocols.gt06.wire import CAP, LONG_FORM, is_sound, open_frame, seal

POSITION = frame(0x12, gps() + cell(), 7)
TRICKY = frame(0x21, b"\0\0\0\x01\x01\r\nxx\r\n\x78\x78\r\n", 8, long=True)
WIFI = bytes.fromhex("7878 00 69 260202024000 02 01cc00 25f0 1001 5a 25f1 1002 64 0d0a")
SOUND = [LOGIN, POSITION, TRICKY, WIFI, frame(0x13, b"\x04\x06\x04\x00\x02")]


def frames_of(found):
    return [one for one in found if isinstance(one, bytes)]


def test_the_check_value_of_the_standard():
    assert crc16(b"123456789") == 0x906E


@given(st.binary(max_size=80))
def test_crc_is_the_bitwise_one(data):
    assert crc16(data) == crc(data)


@must_meet("empty", "of other sizes", "one alone")
@given(st.lists(st.binary(max_size=40), max_size=12))
@example([b"", b"a", b"abc"])
@example([b"abc"])
def test_crc_in_columns_is_the_single_one(met, parts):
    length = np.array([len(part) for part in parts], np.int64)
    end = np.cumsum(length)
    sums = crc16_column(np.frombuffer(b"".join(parts) or b"\0", np.uint8), end - length, end)
    assert sums.tolist() == [crc16(part) for part in parts]
    met["empty"] += b"" in parts
    met["of other sizes"] += len(set(map(len, parts))) > 1
    met["one alone"] += len(parts) == 1


def test_the_frames_printed_in_the_makers_document():
    assert seal(0x8A, bytes.fromhex("1A060F023919"), 6).hex() == "78780b8a1a060f0239190006" + "99940d0a"
    assert seal(0x80, bytes.fromhex("0B00000001") + b"STATUS#" + b"\0\2", 1).hex().endswith("000130c10d0a")


def test_a_content_too_long_for_the_form_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        seal(0x80, bytes(252), 1)
    assert len(seal(0x80 | LONG_FORM, bytes(252), 1)) == 263


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\x78\x78\r\n", b"\x78\x78\x05\x01\0\1\r\n", b"abc\r\n"])
def test_what_is_no_frame_is_a_fault_of_the_peer(raw):
    with pytest.raises(PeerFault, match="short_frame"):
        open_frame(raw)


def test_a_frame_taken_apart():
    opened = open_frame(POSITION)
    assert (opened.message, opened.serial, opened.sound, opened.length_ok) == (0x12, 7, True, True)
    assert POSITION[opened.start : opened.end] == gps() + cell()
    assert open_frame(TRICKY).message == 0x21 | LONG_FORM
    assert open_frame(WIFI).sound is None


def test_a_false_length_is_seen_and_the_content_read_by_the_trailer():
    content = gps()
    checked = bytes((99, 0x10)) + content + b"\0\x05"
    raw = b"\x78\x78" + checked + crc(checked).to_bytes(2, "big") + b"\r\n"
    opened = open_frame(raw)
    assert (opened.sound, opened.length_ok, raw[opened.start : opened.end]) == (True, False, content)


@must_meet("whole", "cut")
@settings(max_examples=examples(60))
@given(st.permutations(SOUND), st.lists(st.floats(0.0, 1.0), max_size=12))
@example(SOUND, [])
def test_frames_come_out_whole_in_any_split(met, order, places):
    stream = b"".join(order)
    cuts = sorted(int(place * len(stream)) for place in places)
    deframer = TrailedDeframer(WIRE)
    found = [
        one
        for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for one in deframer.feed(stream[begin:end])
    ]
    assert found == list(order)
    assert not deframer.discarded
    met["cut" if set(cuts) - {0, len(stream)} else "whole"] += 1


def test_frames_come_out_byte_by_byte():
    deframer = TrailedDeframer(WIRE)
    found = [one for byte in b"".join(SOUND) for one in deframer.feed(bytes((byte,)))]
    assert found == SOUND


@given(st.binary(max_size=60).filter(lambda rubbish: not {0x78, 0x79} & set(rubbish)))
def test_rubbish_before_and_behind_is_counted_byte_by_byte(rubbish):
    deframer = TrailedDeframer(WIRE)
    found = deframer.feed(rubbish + POSITION + rubbish + LOGIN) + deframer.settle()
    assert frames_of(found) == [POSITION, LOGIN]
    assert sum(deframer.discarded.values()) == 2 * len(rubbish)


def test_a_mark_in_the_rubbish_costs_no_frame():
    deframer = TrailedDeframer(WIRE)
    found = deframer.feed(b"xx\x30abc" + POSITION + b"\x78" + LOGIN + SOUND[4]) + deframer.settle()
    assert frames_of(found) == [POSITION, LOGIN, SOUND[4]]
    assert sum(deframer.discarded.values()) == 7


def test_a_length_too_short_or_too_long_is_resynchronised_at_the_trailer():
    short = POSITION[:2] + bytes((POSITION[2] - 1,)) + POSITION[3:]
    long = POSITION[:2] + bytes((POSITION[2] + 9,)) + POSITION[3:]
    for liar in (short, long):
        deframer = TrailedDeframer(WIRE)
        found = deframer.feed(liar + LOGIN + POSITION)
        assert frames_of(found) == [liar, LOGIN, POSITION]
        assert not is_sound(liar)


def test_a_frame_that_promises_more_ends_when_no_more_comes():
    long = POSITION[:2] + bytes((POSITION[2] + 9,)) + POSITION[3:]
    deframer = TrailedDeframer(WIRE)
    assert deframer.feed(long) == []
    assert deframer.settle() == [long]
    assert deframer.settle() == []


def promising_more(content, by=40, number=0x12, *, long=False):
    """A frame whose length is too big by ``by`` bytes and whose CRC is right."""
    size = (len(content) + 5 + by).to_bytes(2 if long else 1, "big")
    checked = size + bytes((number,)) + content + b"\0\x05"
    return (b"\x79\x79" if long else b"\x78\x78") + checked + crc(checked).to_bytes(2, "big") + b"\r\n"


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("content", [gps() + cell(), b"\r\n" + gps() + b"\r\nxx", gps() + b"\r\n\x78\x78"])
def test_a_frame_whose_crc_is_right_ends_there_at_once_whatever_length_it_states(content, long):
    liar = promising_more(content, long=long)
    assert TrailedDeframer(WIRE).feed(liar) == [liar]
    assert TrailedDeframer(WIRE).feed(liar + POSITION + LOGIN) == [liar, POSITION, LOGIN]
    split = TrailedDeframer(WIRE)
    assert [one for byte in liar + LOGIN for one in split.feed(bytes((byte,)))] == [liar, LOGIN]


def test_a_promise_that_the_next_frame_happens_to_fulfil_swallows_nothing():
    liar = promising_more(gps() + cell(), len(LOGIN))
    assert TrailedDeframer(WIRE).feed(liar + LOGIN) == [liar, LOGIN]


def test_a_wifi_message_with_a_crc_and_a_length_too_big_ends_where_its_crc_is_right():
    liar = promising_more(TIME + b"\0\x01\xcc\0", number=0x17)
    assert TrailedDeframer(WIRE).feed(liar + POSITION) == [liar, POSITION]


def test_rubbish_that_reads_like_a_long_frame_holds_nothing_up_for_longer_than_a_pause():
    deframer = TrailedDeframer(WIRE)
    assert deframer.feed(b"\x78" + POSITION + LOGIN) == []
    assert frames_of(deframer.rescue()) == [POSITION, LOGIN]
    assert deframer.discarded == {"rubbish": 1}


@pytest.mark.parametrize("size", range(1, len(POSITION)))
def test_half_a_frame_waits_through_a_pause(size):
    deframer = TrailedDeframer(WIRE)
    assert deframer.feed(POSITION[:size]) + deframer.rescue() == []
    assert deframer.feed(POSITION[size:]) == [POSITION]


def test_half_a_frame_that_never_ends_is_refused():
    deframer = TrailedDeframer(WIRE)
    assert deframer.feed(POSITION[:20]) == []
    (refused,) = deframer.settle()
    assert refused.reason == "short_frame"
    assert sum(deframer.discarded.values()) == 20


def test_a_length_of_64_kib_is_not_waited_for():
    deframer = TrailedDeframer(WIRE)
    found = deframer.feed(b"\x79\x79\xff\xff" + bytes(3 * CAP) + b"\r\n" + LOGIN)
    assert frames_of(found) == [LOGIN]
    assert deframer.discarded == {"endless_frame": 3 * CAP + 6}


@must_meet("frames", "rubbish", "a frame behind rubbish")
@settings(max_examples=examples(300))
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"\x78\x78", b"\x79\x79", b"\r\n", b"\x78\x78\xff\x17", b"\x79\x79\xff\xff", *SOUND]),
            st.builds(
                promising_more,
                st.sampled_from([b"", b"\r\n", b"ab\r\n\x78\x78", b"\r\n\r\n\r\nx"]),
                st.integers(1, 40),
                st.sampled_from([0x12, 0x17]),
            ),
        ),
        max_size=20,
    )
)
@example([b"rubbish", LOGIN, b"\x78\x78\xff\x17", POSITION])
def test_any_bytes_are_taken_or_counted_and_the_split_does_not_matter(met, parts):
    stream = b"".join(parts)
    whole, single = TrailedDeframer(WIRE), TrailedDeframer(WIRE)
    at_once = whole.feed(stream)
    one_by_one = [one for byte in stream for one in single.feed(bytes((byte,)))]
    assert one_by_one == at_once
    taken = at_once + whole.settle()
    assert sum(map(len, frames_of(taken))) + sum(whole.discarded.values()) == len(stream)
    met["frames"] += len(frames_of(taken))
    met["rubbish"] += sum(whole.discarded.values())
    met["a frame behind rubbish"] += bool(whole.discarded and frames_of(taken))


HOSTILE = (b"\x78\x78\xff\x00\r\n\x00", b"\x79\x79\xff\xff", b"\x78\x78\xff\x17", b"\r\n")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_stream_made_to_be_slow_costs_no_more_work_a_byte_where_it_is_longer(hostile):
    def work(size):
        return work_of(lambda: TrailedDeframer(WIRE).feed(hostile * (size // len(hostile))))

    once, twice, thrice = work(10_000), work(20_000), work(30_000)
    assert once > 0
    assert thrice - twice <= 1.1 * (twice - once) + 100


def test_a_stream_made_to_be_slow_keeps_nothing():
    deframer = TrailedDeframer(WIRE)
    for hostile in HOSTILE:
        found = deframer.feed(hostile * (40_000 // len(hostile)))
        assert len(deframer._pending) <= CAP
        assert len(found) <= 40_000
    assert frames_of(deframer.feed(bytes(CAP) + TIME + LOGIN)) == [LOGIN]

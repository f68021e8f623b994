"""Whole turns of GT06 beside its sessions: the same frames, the same answers, however they are run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from effort import examples
from gt06_contents import CELL, EMPTY, FORMS, GPS, WIDE
from gt06_frames import IMEI, NOON, TIME, crc, frame
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import work_of

from protocols.gt06 import turns
from protocols.gt06.messages import MESSAGES, message_of
from protocols.gt06.messages.message import no_time
from protocols.gt06.messages.times import BinaryAt
from protocols.gt06.plain import tables
from protocols.gt06.seats import SEAT
from protocols.gt06.wire import SMALLEST
from protocols.registry import FAMILIES
from protocols.session import Frame, Login

FAMILY = FAMILIES["gt06"]
PROFILES = tuple(FAMILY.profiles)
LONGEST = 2048
EAST = 8 * 3600.0
OTHER_TIME = bytes((26, 2, 2, 1, 40, 0))
CALM_STATE = bytes.fromhex("04 03 04 00 02")


def at_rest(profile="standard", zone="3200"):
    """A session whose device has logged in; ``zone`` is the word in the login."""
    session = FAMILY.session(profile)
    login = frame(0x01, bytes.fromhex(f"{IMEI}100f{zone}"))
    assert isinstance(session.feed(login, NOON)[0], Login)
    return session


def seats_of(*sessions):
    return np.frombuffer(b"".join(session.seat().record for session in sessions), SEAT)


def read(sessions, pieces, now=NOON, longest=LONGEST):
    seats = seats_of(*sessions)
    end = np.cumsum(np.array([len(piece) for piece in pieces], np.int64))
    return seats, turns.read_turn(b"".join(pieces), end, seats, longest, now)


def answers_of(seats, frames):
    said, end = turns.answers(seats[frames.connection], frames.message, frames.serial, np.zeros(len(frames.length)))
    return [said[begin:until] for begin, until in zip([0, *end[:-1]], end, strict=True)]


def assert_as_the_session(session, data, now=NOON):
    """Whether frames are plain; where they are, they must be what the session makes of them, and leave it as it is."""
    before = session.seat()
    seats, frames = read([session], [data], now)
    events = session.feed(data, now)
    if not frames.plain[0]:
        assert not len(frames.length)
        return False
    assert session.seat() == before
    assert [b"".join(event.raw for event in events)] == [data]
    assert all(isinstance(event, Frame) and not event.urgent and not event.replies for event in events)
    assert {(event.identity, event.facts) for event in events} == {(before.identity, before.facts)}
    assert all(event.checksum_ok and event.length_ok for event in events)
    assert frames.length.tolist() == [len(event.raw) for event in events]
    assert frames.message.tolist() == [event.message for event in events]
    times = [event.device_times[0] if event.device_times else math.nan for event in events]
    np.testing.assert_array_equal(frames.shown, times)
    assert frames.live.tolist() == [event.live for event in events]
    assert answers_of(seats, frames) == [event.answer for event in events]
    return True


CONTENTS = [(number, content.data) for number, forms in FORMS.items() for content in forms if not content.bare]
CONTENTS += list(EMPTY.items())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("zone", ["0000", "3200", "190A"])
def test_a_content_of_every_form_is_read_as_its_session_reads_it(profile, zone):
    plain = set()
    for number, data in CONTENTS:
        for content in (data, data.replace(CELL + b"\x44", CELL + b"\0"), data[:-1] + b"\0"):
            for serial in (0, 0x0D0B, 0xFFFF):
                session = at_rest(profile, zone)
                session.feed(frame(0x12, GPS + CELL), NOON)
                is_plain = assert_as_the_session(session, frame(number & 0xFF, content, serial, long=number > 0xFF))
                plain |= {number} if is_plain else set()
    assert plain >= {0x10, 0x11, 0x12, 0x13, 0x18, 0x22, 0x23, 0x28, 0x2C, 0x2D, 0x31, 0x37, 0xA0, 0xA1}
    assert not plain & {0x01, 0x15, 0x17, 0x21, 0x2A, 0x69, 0x8A, 0x94, 0x132}


@pytest.mark.parametrize("profile", PROFILES)
def test_any_content_is_read_as_its_session_reads_it(profile):
    told = st.sampled_from([data for _, data in CONTENTS])
    parts = st.sampled_from([TIME, GPS, CELL, WIDE, CALM_STATE, b"\0", b"\1", b"\x44", b"\xff", bytes(8)])
    mixed = st.lists(st.one_of(parts, st.binary(max_size=3)), max_size=8).map(b"".join)
    cut = st.builds(lambda data, size, more: data[:size] + more, told, st.integers(0, 70), st.binary(max_size=20))
    numbers = st.one_of(st.sampled_from(list(MESSAGES)), st.integers(0, 511))

    @settings(max_examples=examples(1500))
    @given(numbers, st.one_of(told, mixed, cut), st.integers(0, 0xFFFF), st.sampled_from(["0000", "3200"]))
    def run(number, content, serial, zone):
        is_long = number > 0xFF or len(content) > 250
        assert_as_the_session(at_rest(profile, zone), frame(number & 0xFF, content, serial, long=is_long))

    run()


def test_every_test_and_flag_of_a_form_stands_within_its_least_content():
    for row in MESSAGES.values():
        for form in row.forms:
            places = [test.at for test in form.tests] + [at for at, _ in form.limits] + [form.stored_at]
            places += [at for _, at in form.flags_at]
            assert all(-form.least <= at < form.least for at in places), row.name
            assert not isinstance(form.time, BinaryAt) or form.time.offset + 6 <= form.least, row.name


def test_forms_that_take_more_than_a_place_for_their_time_are_not_plain():
    found = {row.number for row in MESSAGES.values() for form in row.forms if form.tells}
    found |= {
        row.number for row in MESSAGES.values() for form in row.forms
        if form.time is not no_time and not isinstance(form.time, BinaryAt)
    }  # fmt: skip
    assert found == {0x15, 0x17, 0x21, 0x69, 0x70, 0x94, 0xF1, 0xF3}
    known = tables()
    for number in found:
        message = known.messages[number]
        forms = known.forms[message["first"] : message["end"]]
        assert not message["is_plain"] or not forms["is_plain"].any() or number == 0x94
    assert message_of(0x94).due.name == "NOTHING"


def damaged(data):
    return data[:-3] + bytes((data[-3] ^ 1,)) + data[-2:]


def lying(data, by=1):
    return data[:2] + bytes((data[2] + by,)) + data[3:]


def with_trailer_inside():
    return frame(0x22, GPS + CELL[:3] + b"\r\n" + CELL[5:])


ODD = {
    "a wrong CRC": damaged(frame(0x22, GPS + CELL)),
    "a length that is not so": lying(frame(0x22, GPS + CELL)),
    "a trailer inside": with_trailer_inside(),
    "no trailer": frame(0x22, GPS + CELL)[:-1] + b"\0",
    "half": frame(0x22, GPS + CELL)[:-1],
    "rubbish behind": frame(0x22, GPS + CELL) + b"0",
    "rubbish before": b"x" + frame(0x22, GPS + CELL),
    "another mark": b"\x78\x79" + frame(0x22, GPS + CELL)[2:],
    "no time": frame(0x22, b"\x1a\x0d" + GPS[2:] + CELL),
    "a call for help": frame(0x13, bytes.fromhex("24 03 04 00 02")),
    "tampering": frame(0x13, bytes.fromhex("3c 03 04 00 02")),
    "help in the alarm byte": frame(0x13, bytes.fromhex("00 03 04 01 02")),
    "too short": frame(0x22, GPS[:-1]),
    "a login": frame(0x01, bytes.fromhex(f"{IMEI}100f3200")),
    "an answer to an order": frame(0x15, b"\x07\0\0\0\1OK!\0\2"),
    "a question": frame(0x8A),
    "an IMEI inside": frame(0x12, bytes.fromhex(IMEI) + GPS + CELL),
    "what is not acknowledged": frame(0x35, b"\1\2\3\4"),
    "what is acknowledged otherwise": frame(0x32, TIME + b"\0", long=True),
    "another zone's clock": frame(0x12, OTHER_TIME + GPS[6:] + CELL),
    "too little": b"\x78\x78\x05",
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_a_connection_with_anything_else_is_not_plain_and_the_others_are(data):
    sessions = [at_rest() for _ in range(3)]
    for session in sessions:
        session.feed(frame(0x12, GPS + CELL), NOON)
    _, frames = read(sessions, [frame(0x22, GPS + CELL, 1), frame(0x22, GPS, 2) + data, frame(0x13, b"\0", 3)])
    assert frames.plain.tolist() == [True, False, True]
    assert (frames.connection.tolist(), frames.serial.tolist()) == ([0, 2], [1, 3])


def test_a_frame_over_the_cap_is_not_plain():
    data = frame(0x22, GPS)
    assert read([at_rest()], [data], longest=len(data))[1].plain.all()
    assert not read([at_rest()], [data], longest=len(data) - 1)[1].plain.any()


def test_a_long_form_frame_is_acknowledged_in_the_short_form():
    data = frame(0x22, GPS + CELL, 0x1234, long=True)
    session = at_rest()
    assert assert_as_the_session(session, data)
    seats, frames = read([session], [data])
    checked = bytes.fromhex("05221234")
    assert answers_of(seats, frames) == [b"\x78\x78" + checked + crc(checked).to_bytes(2, "big") + b"\r\n"]


@pytest.mark.parametrize("mode", ["unshown", "utc", "local", "none"])
@pytest.mark.parametrize("off", [0.0, 299.0, 301.0, -301.0, EAST, -EAST, 86400.0])
@pytest.mark.parametrize("tail", [b"", b"\1\0\0", b"\1\0\1", b"\1\0\2"])
def test_a_local_message_is_plain_only_where_it_tells_nothing_of_the_zone(mode, off, tail):
    session = at_rest(zone="0000" if mode == "none" else "3200")
    ahead = EAST if mode == "local" else 0.0
    if mode in {"utc", "local"}:
        session.feed(frame(0x12, GPS + CELL), NOON - ahead)
    now = NOON - ahead + off
    tells = mode == "unshown" or (mode in {"utc", "local"} and abs(off) > 300.0 and tail[2:] != b"\1")
    assert assert_as_the_session(session, frame(0x12, GPS + CELL + tail), now) is not tells


def test_a_session_is_at_rest_between_whole_frames_alone():
    session = FAMILY.session("standard")
    assert session.seat() is None
    session = at_rest()
    assert session.seat() is not None
    whole = frame(0x22, GPS)
    for cut in (whole[:1], whole[:-1]):
        session.feed(cut, NOON)
        assert session.seat() is None
        session.feed(whole[len(cut) :], NOON)
        assert session.seat() is not None
    session.feed(bytes(64), NOON)
    assert session.seat() is None
    assert FAMILY.session("standard", identity="1").seat().identity == "1"


def test_serials_of_ours_are_in_no_answer():
    session = at_rest()
    assert (session.claim(3), session.claim(1)) == (0, 0)


PIECES = [
    frame(0x22, GPS + CELL), frame(0x13, CALM_STATE), frame(0x16, GPS + b"\x09" + CELL + CALM_STATE),
    frame(0x12, GPS + CELL + b"\1\0\1", long=True), frame(0x66), *ODD.values(), b"\x78", b"\r\n",
]  # fmt: skip


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(PIECES)))
@example([frame(0x66)] * 3 + [b"\x78"])
def test_compiled_and_as_it_stands_it_reads_the_same(pieces):
    seats, data = seats_of(at_rest()), b"".join(pieces) or b"0"
    end = np.array([len(data)], np.int64)
    found = turns.read_turn(data, end, seats, LONGEST, NOON)
    most = len(data) // SMALLEST
    numbers, shown, live = np.empty((4, most), np.int64), np.empty(most), np.empty(most, np.bool_)
    plain = np.empty(1, np.bool_)
    records = [each.view(np.recarray) for each in (seats, *tables())]
    buffer = np.frombuffer(data, np.uint8)
    out = numbers, shown, live, plain
    count = turns._read_all.function(buffer, end, records[0], LONGEST, NOON, *records[1:], *out)
    assert (count, plain.tolist()) == (len(found.length), found.plain.tolist())
    np.testing.assert_array_equal(numbers[:, :count], [found.connection, found.length, found.message, found.serial])
    np.testing.assert_array_equal(shown[:count], found.shown)
    np.testing.assert_array_equal(live[:count], found.live)


def test_a_session_takes_the_same_frames_for_whole_ones():
    @settings(max_examples=examples(500))
    @given(st.lists(st.sampled_from(PIECES), min_size=1))
    def run(pieces):
        assert_as_the_session(at_rest(), b"".join(pieces))

    run()


def test_loops_are_compiled_once_whatever_arrays_are_given():
    turns.prepare_turns()
    sessions = [at_rest() for _ in range(3)]
    seats, frames = read(sessions, [frame(0x22, GPS, serial) for serial in range(3)], now=int(NOON))
    rows = np.array([2, 0])
    turns.answers(seats[rows], frames.message[::2], frames.serial[rows], np.arange(4)[::2])
    turns.answers(seats, frames.message, frames.serial, np.zeros(3, np.int64))
    assert len(turns._read_all._compiled.signatures) == len(turns._answer_all._compiled.signatures) == 1


def test_a_turn_takes_the_same_work_however_many_frames_it_brings():
    sessions = [at_rest() for _ in range(256)]
    seats = seats_of(*sessions)
    pieces = [frame(0x22, GPS + CELL, serial) for serial in range(256)]
    data, end = b"".join(pieces), np.cumsum(np.array([len(piece) for piece in pieces], np.int64))

    def turn():
        frames = turns.read_turn(data, end, seats, LONGEST, NOON)
        turns.answers(seats[frames.connection], frames.message, frames.serial, frames.serial)

    turn()
    assert work_of(turn) <= 80

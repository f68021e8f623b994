"""Whole turns of JT/T 808 beside its sessions: the same frames, the same answers, however they are run."""

from __future__ import annotations

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import work_of

from firmware_sim.firmware.wire import Edition, build_frame
from protocols.jt808 import turns
from protocols.jt808.seats import SEAT
from protocols.registry import FAMILIES

FAMILY = FAMILIES["jt808"]
NOW = 1_790_000_000.0
BODY = bytes(4) + b"\0\0\0\2" + bytes(14) + bytes.fromhex("260922120000")
NO_TIME = BODY[:22] + b"\x99" * 6
LONGEST = 2092


def frame(serial=1, body=BODY, message=0x0200, phone="013900000001", edition=Edition.Y2013):
    return build_frame(message, phone, serial, body, edition)


def at_rest(edition=Edition.Y2013, profile="g10ls", phone="013900000001"):
    """A session that has heard its terminal once."""
    session = FAMILY.session(profile)
    session.feed(frame(0, phone=phone, edition=edition), NOW)
    return session


def read(sessions, pieces):
    seats = np.frombuffer(b"".join(session.seat().record for session in sessions), SEAT)
    end = np.cumsum(np.array([len(piece) for piece in pieces], np.int64))
    return seats, turns.read_turn(b"".join(pieces), end, seats, LONGEST, NOW)


@pytest.mark.parametrize("edition", list(Edition))
def test_frames_and_answers_are_those_of_the_session(edition):
    session = at_rest(edition)
    heard = [frame(serial, edition=edition) for serial in (0x7D01, 0x7E, 3)] + [frame(4, b"", 0x0002, edition=edition)]
    seats, frames = read([session], [b"".join(heard)])
    events = session.feed(b"".join(heard), NOW)
    assert frames.plain.all()
    assert frames.live.tolist() == [event.message == 0x0200 for event in events]
    assert frames.length.tolist() == [len(one) for one in heard]
    assert frames.message.tolist() == [event.message for event in events]
    times = [event.device_times[0] if event.device_times else np.nan for event in events]
    np.testing.assert_array_equal(frames.shown, times)
    first = session.claim(0)
    said, end = turns.answers(seats[frames.connection], frames.message, frames.serial, first + np.arange(4))
    assert [said[begin:until] for begin, until in zip([0, *end[:-1]], end, strict=True)] == [
        session.number(event.answer) for event in events
    ]


ODD = {
    "of another": frame(phone="013900000002"),
    "another edition": frame(edition=Edition.Y2019),
    "bad checksum": frame()[:-2] + bytes((frame()[-2] ^ 1, 0x7E)),
    "no time": frame(body=NO_TIME),
    "call for help": frame(body=b"\0\0\0\1" + BODY[4:]),
    "too short": frame(body=BODY[:-1]),
    "another message": frame(message=0x0704),
    "a lie about its length": build_frame(0x0200, "013900000001", 1, BODY, Edition.Y2013, excess=1),
    "half": frame()[:-1],
    "a flag too many": b"\x7e" + frame(),
    "bad escape": frame()[:-3] + b"\x7d\x03\x7e",
    "escape at the end": frame()[:-1] + b"\x7d\x7e",
    "nothing inside": b"\x7e\x7e",
    "rubbish behind": frame() + b"0",
    "encrypted": bytes.fromhex("7e02000400") + frame()[5:],
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_a_connection_with_anything_else_is_not_plain_and_the_others_are(data):
    sessions = [at_rest() for _ in range(3)]
    _, frames = read(sessions, [frame(1), frame(2) + data, frame(3)])
    assert frames.plain.tolist() == [True, False, True]
    assert (frames.connection.tolist(), frames.serial.tolist()) == ([0, 2], [1, 3])


def test_a_frame_over_the_cap_is_not_plain():
    seats = np.frombuffer(at_rest().seat().record, SEAT)
    data = frame()
    assert turns.read_turn(data, np.array([len(data)]), seats, len(data), NOW).plain.all()
    assert not turns.read_turn(data, np.array([len(data)]), seats, len(data) - 1, NOW).plain.any()


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from([frame(), frame(body=BODY + b"\xe1\2\x7d\x7e"), *ODD.values(), b"\x7e", b"\x7d\1"])))
def test_compiled_and_as_it_stands_it_reads_the_same(pieces):
    seats = np.frombuffer(at_rest().seat().record, SEAT)
    data = b"".join(pieces) or b"0"
    end = np.array([len(data)], np.int64)
    found = turns.read_turn(data, end, seats, LONGEST, NOW)
    numbers, shown = np.empty((4, len(data)), np.int64), np.empty(len(data))
    plain = np.empty(1, np.bool_)
    as_records = seats.view(np.recarray)
    buffer = np.frombuffer(data, np.uint8)
    count = turns._read_all.function(buffer, end, as_records, LONGEST, numbers, shown, plain)
    assert (count, plain.tolist()) == (len(found.length), found.plain.tolist())
    np.testing.assert_array_equal(numbers[:, :count], [found.connection, found.length, found.message, found.serial])
    np.testing.assert_array_equal(shown[:count], found.shown)


def test_loops_are_compiled_once_whatever_arrays_are_given():
    turns.prepare_turns()
    sessions = [at_rest() for _ in range(3)]
    seats, frames = read(sessions, [frame(1), frame(2), frame(3)])
    rows = np.array([2, 0])
    turns.answers(seats[rows], frames.message[::2], frames.serial[rows], np.arange(4)[::2])
    turns.answers(seats, frames.message, frames.serial, np.zeros(3, np.int64))
    assert len(turns._read_all._compiled.signatures) == len(turns._answer_all._compiled.signatures) == 1


def test_a_turn_takes_the_same_work_however_many_frames_it_brings():
    sessions = [at_rest() for _ in range(256)]
    seats = np.frombuffer(b"".join(session.seat().record for session in sessions), SEAT)
    data = b"".join([frame(serial) for serial in range(256)])
    end = np.cumsum(np.array([len(frame(serial)) for serial in range(256)], np.int64))

    def turn():
        frames = turns.read_turn(data, end, seats, LONGEST, NOW)
        turns.answers(seats[frames.connection], frames.message, frames.serial, frames.serial)

    turn()
    assert work_of(turn) <= 80

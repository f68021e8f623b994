"""Store and forward, against a platform in memory that drops, refuses and keeps silent."""

import struct

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet

from firmware_sim.firmware.bracelet import Bracelet, Identity, Link, Timing
from firmware_sim.firmware.messages import Message
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from firmware_sim.platform import CODE, IdealPlatform

T = 30.0
REPORT = 67
"""Bytes of a usual report."""


class Numbers:
    """A report a minute from 0, each of them its number."""

    def __init__(self, count=10**6):
        self.made, self._count = 0, count

    def due(self):
        return self.made * 60.0 if self.made < self._count else float("inf")

    def make(self):
        self.made += 1
        return struct.pack(">I", self.made - 1).ljust(REPORT, b"\x00")


def bracelet(edition=Edition.Y2013, count=10**6, capacity=5000):
    identity = Identity("14000000001", "B0001", edition)
    return Bracelet(identity, Numbers(count), Timing(answer_timeout=T), capacity)


def online(device, now=0.0, platform=None):
    platform = platform or IdealPlatform()
    frames = device.connected(now)
    while frames and device.link is not Link.ONLINE:
        frames = device.receive(platform.feed(b"".join(frames)), now)
    return platform, frames


def parsed(frames):
    return FrameReader().feed(b"".join(frames))


def numbers(frame):
    if frame.message == Message.LOCATION:
        return [struct.unpack_from(">I", frame.body)[0]]
    body, found = frame.body[3:], []
    while body:
        (length,) = struct.unpack_from(">H", body)
        found.append(struct.unpack_from(">I", body, 2)[0])
        body = body[2 + length :]
    return found


def answer(frame, result):
    body = struct.pack(">HHB", frame.serial, frame.message, result)
    return build_frame(Message.PLATFORM_ANSWER, frame.phone, 0, body, frame.edition)


@pytest.mark.parametrize("edition", Edition)
def test_registers_once_then_authenticates(edition):
    device = bracelet(edition)
    platform, _ = online(device)
    device.disconnected()
    online(device, 60.0, platform)
    messages = [frame.message for frame in platform.received]
    assert messages == [Message.REGISTER, Message.AUTHENTICATE, Message.AUTHENTICATE]
    assert {frame.edition for frame in platform.received} == {edition}
    assert CODE in platform.received[-1].body
    assert device.connects == 2


def test_sends_nothing_before_the_login_succeeded():
    device = bracelet()
    (first,) = device.connected(0.0)
    assert parsed([first])[0].message == Message.REGISTER
    assert device.tick(0.0) == []
    assert len(device.store) == 1


def test_a_report_leaves_the_store_only_with_result_0():
    device = bracelet()
    online(device)
    (report,) = parsed(device.tick(0.0))
    for result in (1, 2, 3, 4):
        device.receive(answer(report, result), 1.0)
        assert len(device.store) == 1
    device.receive(answer(report, 0), 2.0)
    assert (len(device.store), device.acknowledged, device.refused) == (0, 1, 4)


def test_an_answer_to_another_message_forgets_nothing():
    device = bracelet()
    online(device)
    (report,) = parsed(device.tick(0.0))
    strange = struct.pack(">HHB", report.serial, Message.HEARTBEAT, 0)
    device.receive(build_frame(Message.PLATFORM_ANSWER, report.phone, 0, strange, report.edition), 1.0)
    device.receive(build_frame(Message.PLATFORM_ANSWER, report.phone, 0, b"\x00", report.edition), 1.0)
    assert len(device.store) == 1


def test_repeats_byte_for_byte_after_t_2t_and_gives_up_after_6t():
    device = bracelet(count=1)
    online(device)
    first = device.tick(0.0)
    assert device.due() == T
    assert device.tick(T) == first
    assert device.due() == T + 2 * T
    assert device.tick(3 * T) == first
    assert not device.wants_close
    assert device.due() == 9 * T
    assert device.tick(9 * T) == []
    assert device.wants_close
    assert (len(device.store), device.sent) == (1, 3)


def test_backlog_goes_first_oldest_first_in_batches_then_live():
    device = bracelet()
    device.tick(60.0 * 39)
    platform, frames = online(device, 60.0 * 39)
    seen, now = [], 60.0 * 39
    while frames:
        (batch,) = parsed(frames)
        seen.append((batch.message, numbers(batch)))
        now += 1.0
        frames = device.receive(platform.feed(b"".join(frames)), now)
    assert [message for message, _ in seen] == [Message.LOCATION_BATCH] * 3
    assert [number for _, some in seen for number in some] == list(range(40))
    assert max(len(some) for _, some in seen) <= 15
    (live,) = parsed(device.tick(60.0 * 40))
    assert (live.message, numbers(live)) == (Message.LOCATION, [40])


def test_what_was_under_way_at_a_cut_goes_again():
    device = bracelet()
    online(device)
    device.tick(60.0)
    device.disconnected()
    _, frames = online(device, 61.0)
    assert [numbers(frame) for frame in parsed(frames)] == [[0, 1]]


def test_a_full_store_loses_the_oldest_and_counts_it():
    device = bracelet(capacity=10)
    device.tick(60.0 * 14)
    _, frames = online(device, 60.0 * 14)
    assert [numbers(frame) for frame in parsed(frames)] == [list(range(5, 15))]
    assert device.store.overflowed == 5


def test_a_refused_authentication_leads_to_a_new_registration():
    device = bracelet()
    online(device)
    device.disconnected()
    (login,) = parsed(device.connected(10.0))
    device.receive(answer(login, 1), 10.0)
    assert device.wants_close
    device.disconnected()
    assert parsed(device.connected(20.0))[0].message == Message.REGISTER


def test_a_refused_registration_ends_the_connection():
    device = bracelet()
    (login,) = parsed(device.connected(0.0))
    body = struct.pack(">HB", login.serial, 4)
    assert device.receive(build_frame(Message.REGISTER_ANSWER, login.phone, 0, body, login.edition), 0.0) == []
    assert (device.wants_close, device.link, device.refused) == (True, Link.REGISTERING, 1)


def test_2019_always_beats_and_2013_only_when_silent():
    beats = {}
    for edition in Edition:
        device = bracelet(edition, count=60)
        platform, _ = online(device)
        for minute in range(90):
            device.receive(platform.feed(b"".join(device.tick(minute * 60.0))), minute * 60.0)
        beats[edition] = [frame.message for frame in platform.received].count(Message.HEARTBEAT)
    assert beats == {Edition.Y2019: 8, Edition.Y2013: 3}


def test_an_unknown_command_is_declined():
    device = bracelet()
    online(device)
    frames = device.receive(build_frame(0x8104, "14000000001", 9, b"", Edition.Y2013), 1.0)
    assert parsed(frames)[0].body == struct.pack(">HHB", 9, 0x8104, 3)


def test_retired_it_makes_nothing_more():
    device = bracelet()
    device.tick(60.0)
    device.retire()
    device.tick(600.0)
    assert device.store.made == 2


@must_meet("a frame lost", "an answer lost", "a connection lost", "a report twice")
@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.4), st.sampled_from(Edition))
@example(1, 0.4, Edition.Y2013)
@example(2, 0.4, Edition.Y2019)
def test_every_report_arrives_however_the_link_behaves(met, seed, loss, edition):
    """Frames, answers and connections are lost at random; in the end all came, and the store is empty."""
    draw = np.random.default_rng(seed)
    device, platform, arrived = bracelet(edition, count=40), IdealPlatform(), set()
    now = 0.0
    while device.store.made < 40 or len(device.store):
        now += 10.0
        assert now < 400_000.0, "the reports never all arrived"
        frames = device.tick(now)
        if device.wants_close or draw.uniform() < loss / 10:
            device.disconnected()
            met["a connection lost"] += 1
        if device.link is Link.OFFLINE:
            frames = device.connected(now)
        while frames:
            kept = [frame for frame in frames if draw.uniform() >= loss]
            given = platform.feed(b"".join(kept))
            answers = given if draw.uniform() >= loss else b""
            met["a frame lost"] += len(frames) - len(kept)
            met["an answer lost"] += given != answers
            frames = device.receive(answers, now)
    for frame in platform.received:
        if frame.message in {Message.LOCATION, Message.LOCATION_BATCH}:
            met["a report twice"] += len(arrived.intersection(numbers(frame)))
            arrived.update(numbers(frame))
    assert arrived == set(range(40))
    assert device.acknowledged == 40

"""What a device has retained at its broker comes again at each subscription: taken once, and never lost unseen."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress

import aiomqtt
import pytest
from doorway import Doorway, eventually, location
from scripted_broker import ScriptedBroker
from test_mqtt_listener import way

from gateway.demo.broker import LocalBroker
from gateway.listeners import retained
from gateway.listeners.retained import MOST_PUBLISHES, MOST_TOPICS, Known

UP = "bracelet/B0001/up"


@pytest.fixture
def broker(tmp_path):
    local = LocalBroker(tmp_path / "broker", repeat_after=1)
    local.start()
    yield local
    local.stop()


async def retain(broker, payload):
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier="deviceB0001") as client:
        await client.publish(UP, payload, qos=1, retain=True)
    # The broker's PUBACK comes before whoever subscribes is told what is kept.
    while not await is_kept(broker):
        pass


async def is_kept(broker):
    """Whether somebody who subscribes now is told what is kept, within a second."""
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier="onlooker") as client:
        await client.subscribe(UP, qos=0)
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                return await anext(client.messages) is not None
        return False


async def connected(door, directory=None):
    if directory is not None:
        door.way.remember(directory)
    await eventually(lambda: door.way._client is not None, "connected")


async def acknowledged(broker, door):
    """The broker has read our acknowledgement: it reads in order, and what we publish after it has come through."""
    async with aiomqtt.Client("127.0.0.1", broker.port, identifier="bystander") as client:
        await client.subscribe("bracelet/B0001/down", qos=1)
        door.way.publish("B0001", b"after it")
        async for message in client.messages:
            assert message.payload == b"after it"
            return


def test_a_retained_frame_is_taken_once_over_reconnects_and_restarts(broker, tmp_path):
    async def run():
        async with Doorway(way(broker)) as door:
            await connected(door, tmp_path)
            await retain(broker, location(serial=1))
            await eventually(lambda: door.frames, "taken as it came")
            await acknowledged(broker, door)
            broker.stop()
            await eventually(lambda: door.way.trouble, "it is missed")
            broker.start()
            await eventually(lambda: door.counts["publish_retained"] == 1, "said again, and known")
            assert len(door.frames) == 1
        async with Doorway(way(broker)) as door:
            await connected(door, tmp_path)
            await eventually(lambda: door.counts["publish_retained"] == 1, "known after a restart")
            assert door.frames == []
            assert not door.way.connections

    asyncio.run(run())


def test_a_retained_frame_that_was_never_seen_is_taken(broker):
    async def run():
        await retain(broker, location(serial=1))
        async with Doorway(way(broker)) as door:
            await eventually(lambda: door.frames, "taken")
            assert door.counts["publish_retained"] == 0

    asyncio.run(run())


def told_by_script(test, **how):
    async def run():
        async with ScriptedBroker() as scripted, Doorway(way(scripted), **how) as door:
            await connected(door)
            await test(door, scripted)

    asyncio.run(run())


async def forgotten(scripted, mid):
    await eventually(lambda: mid not in scripted.unacknowledged, "acknowledged")


@pytest.fixture
def remembering(tmp_path):
    """Makes a memory that goes on with the file, as a new start does."""
    with ExitStack() as open_ones:

        def make():
            known = Known()
            known.load(tmp_path / "taken.json")
            open_ones.callback(known.close)
            return known

        yield make


def test_only_the_same_bytes_said_as_retained_are_known():
    async def test(door, scripted):
        for payload, is_retained in (
            (location(serial=1), False),
            (location(serial=1), True),
            (location(serial=1), False),  # the device says it anew: its answer was lost
            (location(serial=2), True),
            (location(serial=2), True),
            (location(serial=1) + location(serial=2), True),
        ):
            await forgotten(scripted, scripted.say(UP, payload, retained=is_retained))
        assert [data for _, data in door.frames] == [
            location(serial=1), location(serial=1), location(serial=2), location(serial=1), location(serial=2),
        ]  # fmt: skip
        assert door.counts["publish_retained"] == 2

    told_by_script(test)


def test_what_was_refused_is_not_known():
    """A device that is entered later loses nothing it had retained."""

    async def test(door, scripted):
        for topic in ("bracelet/13900000099/up", UP, UP):
            raw = location(phone="013900000099") if topic != UP else location("B0002")
            await forgotten(scripted, scripted.say(topic, raw, retained=True))
        assert door.counts["unknown_device"] == 1
        assert door.counts["topic_mismatch"] == 2
        assert door.counts["publish_retained"] == 0

    told_by_script(test)


def test_what_is_not_durable_yet_is_not_known():
    async def test(door, scripted):
        scripted.say(UP, location(serial=1), retained=True)
        await eventually(lambda: len(door.intake) > 1, "taken, not committed")
        assert not door.way.known.holds("B0001", location(serial=1))
        door.is_committing = True
        door.commit()
        assert door.way.known.holds("B0001", location(serial=1))

    told_by_script(test, is_committing=False)


def test_the_retained_publish_stays_known_however_many_follow(remembering, tmp_path):
    known = remembering()
    known.add("B0001", b"kept", retained=True)
    for number in range(MOST_PUBLISHES + 1):
        known.add("B0001", b"%d" % number, retained=False)
    again = remembering()
    for one in (known, again):
        assert one.holds("B0001", b"kept")
        assert one.holds("B0001", b"1")
        assert not one.holds("B0001", b"0")
        assert not one.holds("B0002", b"kept")
    assert (tmp_path / "taken.json").stat().st_mode & 0o077 == 0


def test_topics_that_are_known_are_bounded():
    known = Known()
    for number in range(MOST_TOPICS + 2):
        known.add(str(number), b"x", retained=False)
    assert not known.holds("1", b"x")
    assert known.holds("2", b"x")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe", b'["a", "torn'])
def test_damaged_lines_make_nothing_known_and_hide_no_other(remembering, tmp_path, text):
    path = tmp_path / "taken.json"
    first = remembering()
    first.add("a", b"x", retained=True)
    first.close()
    path.write_bytes(text + b"\n" + path.read_bytes() + text)
    known = remembering()
    assert known.holds("a", b"x")
    assert not known.holds("a", b"y")
    known.add("a", b"y", retained=False)
    again = remembering()
    assert again.holds("a", b"y")


def test_the_file_is_written_anew_when_most_of_it_no_longer_counts(remembering, tmp_path, monkeypatch):
    monkeypatch.setattr(retained, "SPARE_LINES", 50)
    path = tmp_path / "taken.json"
    known = remembering()
    for number in range(1000):
        known.add("a", b"%d" % number, retained=number == 7)
        assert len(path.read_bytes().splitlines()) <= 50 + 2 * (MOST_PUBLISHES + 1)
    again = remembering()
    assert all(again.holds("a", b"%d" % number) for number in (7, 999, 968))
    assert not again.holds("a", b"967")


def test_what_is_known_already_is_not_written_again(remembering, tmp_path):
    path = tmp_path / "taken.json"
    known = remembering()
    for _ in range(3):
        known.add("a", b"x", retained=False)
        known.add("a", b"x", retained=True)
    assert len(path.read_bytes().splitlines()) == 2


def test_a_file_that_cannot_be_written_loses_the_memory_alone(tmp_path):
    known = Known()
    known.load(tmp_path / "absent" / "taken.json")
    known.add("a", b"x", retained=True)
    assert known.holds("a", b"x")

"""TCP connections within their limits."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from doorway import Doorway, answered, eventually, first_of_two, location, waited_for

from gateway.errors import OurFault
from gateway.listeners.entrance import AT_ONCE
from gateway.settings.model import AUTO, Limits, Listener
from protocols.session import Send


def listener(limits=None, **changes):
    how = {"name": "bracelets", "protocol": "jt808", "profile": "g10ls", "host": "127.0.0.1", **changes}
    return Listener(limits=limits or Limits(), **how)


def spoil(conversation, **methods):
    """Its session does something else from here on."""
    session = conversation.session
    conversation.session = SimpleNamespace(**{"is_waiting": session.is_waiting} | methods)


def told(test, *ways):
    """Run a test's coroutine before a doorway of each listener."""

    async def run():
        for way in ways or (listener(),):
            async with Doorway(way) as door:
                await test(door)

    asyncio.run(run())


async def connect(door):
    return await asyncio.open_connection("127.0.0.1", door.port)


async def is_closed(reader):
    async with asyncio.timeout(10):
        try:
            return await reader.read(1) == b""
        except ConnectionResetError:
            return True


def test_an_answer_waits_for_the_commit():
    async def test(door):
        door.is_committing = False
        reader, writer = await connect(door)
        writer.write(location())
        await eventually(lambda: len(door.intake) == 2, "it is taken")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(100), 0.05)
        door.is_committing = True
        door.commit()
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        writer.close()

    told(test)


def test_what_comes_while_a_batch_is_written_is_read_once_that_is_durable():
    async def test(door):
        reader, writer = await connect(door)
        with door.intake.writing():
            writer.write(location())
            await eventually(lambda: door.way.turn._said, "it has come")
            await asyncio.sleep(0)
            assert (len(door.intake), door.frames) == (0, [])
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        writer.close()

    told(test)


def test_a_port_in_use_is_an_error_at_the_start():
    async def test(door):
        with pytest.raises(OurFault, match="cannot listen on"):
            async with Doorway(listener(port=door.port)):
                pass

    told(test)


def test_whoever_brings_no_known_device_in_time_is_closed_and_whoever_does_stays():
    async def test(door):
        stranger, stranger_end = await connect(door)
        stranger_end.write(location(phone="013999999999"))
        reader, writer = await connect(door)
        writer.write(location())
        assert await is_closed(stranger)
        assert door.counts["login_timeout"] == 1
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        assert door.way.connections == 1
        stranger_end.close()
        writer.close()

    told(test, listener(Limits(login_seconds=0.2)))


def test_who_comes_from_another_network_is_turned_away_and_who_belongs_there_is_heard():
    async def test(door):
        inside, way = door.way.listener, door.way
        way.listener = replace(inside, networks=(ip_network("10.20.0.0/16"), ip_network("::1")))
        reader, end = await connect(door)
        assert await is_closed(reader)
        assert (door.counts["network_refused"], way.connections) == (1, 0)
        end.close()
        way.listener = inside
        reader, end = await connect(door)
        end.write(location())
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        assert door.counts["network_refused"] == 1
        end.close()

    told(test, listener(networks=(ip_network("127.0.0.0/8"),)))


def test_the_oldest_stranger_goes_when_there_are_too_many():
    async def test(door):
        known, known_end = await connect(door)
        known_end.write(location())
        await known.read(100)
        first, first_end = await connect(door)
        await eventually(lambda: door.way.connections == 2, "the first stranger is in")
        ends = [await connect(door) for _ in range(2)]
        assert await is_closed(first)
        assert door.counts["too_many_strangers"] == 1
        await eventually(lambda: door.way.connections == 3, "the known one and two strangers are left")
        for _, end in (*ends, (first, first_end), (known, known_end)):
            end.close()

    told(test, listener(Limits(max_strangers=2)))


def test_a_crowd_is_let_in_by_and_by_and_what_each_said_meanwhile_is_read():
    async def test(door):
        crowd = 6 * AT_ONCE
        lines = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(crowd)]
        for line in lines:
            line.sendall(location(phone="999999999999"))
        lines.pop().close()
        await eventually(lambda: door.refusals.counts["unknown_device"] >= crowd - 1, "all is read")
        for line in lines:
            line.close()
        await eventually(lambda: not door.way.connections, "all have gone")

    told(test)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (listener(max_connections=1), "too_many_connections"),
        (listener(Limits(max_per_source=1)), "too_many_from_source"),
    ],
)
def test_one_too_many_is_refused_and_counted(way, reason):
    async def test(door):
        _, writer = await connect(door)
        await eventually(lambda: door.way.connections == 1, "the first is in")
        second, second_end = await connect(door)
        assert await is_closed(second)
        assert door.counts[reason] == 1
        writer.close()
        await eventually(lambda: not door.way.connections, "the first has gone")
        third, third_end = await connect(door)
        third_end.write(location())
        assert answered(await third.read(100))
        for end in (second_end, third_end):
            end.close()

    told(test, way)


def test_a_connection_above_its_rate_waits_and_the_others_do_not():
    async def test(door):
        fast_reader, fast = await connect(door)
        fast.write(b"".join(location(serial=serial) for serial in range(10)))
        await eventually(lambda: door.counts["rate_exceeded"], "it is too fast")
        fast.write(location(serial=99))
        reader, writer = await connect(door)
        writer.write(location("B0002"))
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        heard = b""
        while len(answered(heard)) < 11:
            heard += await fast_reader.read(4096)
        assert answered(heard)[-1] == (99, 0x0200, 0)
        for end in (fast, writer):
            end.close()

    told(test, listener(Limits(frames_per_second=20.0, burst_seconds=0.1)))


def test_a_frame_above_the_cap_is_refused():
    async def test(door):
        _, writer = await connect(door)
        writer.write(location())
        await eventually(lambda: door.counts["frame_too_long"] == 1, "it is refused")
        assert door.frames == []
        writer.close()

    told(test, listener(Limits(max_frame=40)))


@pytest.mark.parametrize(
    "rubbish", [b"GET / HTTP/1.1\r\n" * 100, b"\x16\x03\x01" + bytes(999), b"SSH-2.0-scan\r\n" * 99]
)
@pytest.mark.parametrize("protocol", ["jt808", AUTO])
def test_scanners_are_counted_by_kind_and_closed_after_a_budget(rubbish, protocol):
    async def test(door):
        reader, writer = await connect(door)
        writer.write(rubbish)
        assert await is_closed(reader)
        assert door.counts["connection_rubbish"] == 1
        kinds = {"http_request", "tls_hello", "ssh_banner"}
        assert sum(door.counts[kind] for kind in kinds) >= 1
        writer.close()

    told(test, listener(Limits(rubbish_bytes=256), protocol=protocol, profile="" if protocol == AUTO else "g10ls"))


def test_the_newer_connection_of_a_device_wins():
    async def test(door):
        older, older_end = await connect(door)
        older_end.write(location())
        await older.read(100)
        newer, newer_end = await connect(door)
        newer_end.write(location(serial=2))
        assert answered(await newer.read(100)) == [(2, 0x0200, 0)]
        assert await is_closed(older)
        assert door.counts["session_superseded"] == 1
        for end in (older_end, newer_end):
            end.close()

    told(test)


def test_a_bug_in_a_session_ends_its_connection_alone():
    async def test(door):
        reader, writer = await connect(door)
        writer.write(location())
        await reader.read(100)
        broken, broken_end = await connect(door)
        await eventually(lambda: door.way.connections == 2, "both are in")
        spoil(list(door.way.conversations)[1], feed=lambda data, _: [][len(data)])
        broken_end.write(b"~anything~")
        assert await is_closed(broken)
        assert door.counts["session_failed"] == 1
        writer.write(location(serial=2))
        assert answered(await reader.read(100)) == [(2, 0x0200, 0)]
        for end in (writer, broken_end):
            end.close()

    told(test)


@pytest.mark.parametrize("protocol", ["jt808", AUTO])
def test_nobody_is_looked_at_of_whom_nothing_can_be_due(protocol):
    async def test(door):
        reader, writer = await connect(door)
        await eventually(lambda: door.way.connections, "it is in")
        assert waited_for(door.way) == 1, "its login"
        writer.write(location())
        await reader.read(100)
        assert waited_for(door.way) == 0
        assert waited_for(door.way, after=door.way.listener.idle_seconds + 1) == 1, "a silence that is too long"
        writer.write(first_of_two(serial=2))
        await reader.read(100)
        assert waited_for(door.way) == 1, "what is missing"
        writer.write(location(serial=3))
        await reader.read(100)
        assert waited_for(door.way) == 1, "it is still missing"
        writer.close()

    told(test, listener(protocol=protocol, profile="" if protocol == AUTO else "g10ls"))


def test_what_is_due_in_a_session_by_time_is_sent_and_a_bug_in_it_ends_that_connection_alone():
    async def test(door):
        reader, writer = await connect(door)
        writer.write(location() + first_of_two(serial=2))
        await reader.read(100)
        conversation = next(iter(door.way.conversations))
        spoil(conversation, tick=lambda _: [Send((b"asked again",))])
        assert await reader.read(100) == b"asked again"
        spoil(conversation, tick=lambda now: [][int(now)])
        assert await is_closed(reader)
        assert door.counts["session_failed"] == 1
        writer.close()

    told(test, listener(Limits(login_seconds=0.2)))


def test_a_bug_in_a_listeners_own_work_is_counted_and_the_work_begun_again():
    async def test(door):
        reader, writer = await connect(door)
        failing = [ValueError("once"), ValueError("twice")]

        async def work():
            if failing:
                raise failing.pop()
            await asyncio.Event().wait()

        door.way.keep(work)
        await eventually(lambda: not failing, "it is begun again")
        assert door.counts["listener_failed"] == 2
        writer.write(location())
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        writer.close()

    told(test)


def test_orders_go_apart_from_answers_one_a_segment():
    async def test(door):
        reader, writer = await connect(door)
        writer.write(location())
        await reader.read(100)
        door.intake.presence.newest["B0001"].channel.send([b"one", b"two", b"three"])
        assert [await reader.read(100) for _ in range(3)] == [b"one", b"two", b"three"]
        writer.close()

    told(test)


def test_nothing_is_read_while_the_store_fails_even_where_the_writer_had_fallen_behind():
    async def test(door):
        reader, writer = await connect(door)
        door.way.set_reading(reading=False)
        door.way._is_crowded = True
        door.way._relieve()
        writer.write(location())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(100), 0.1)
        assert len(door.intake) == 0
        door.way.set_reading(reading=True)
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        writer.close()

    told(test)

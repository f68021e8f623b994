"""Devices that come in by TLS, on both loops: who is let in, how turns are read, and certificates that are renewed."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from contextlib import suppress

import pytest
import turn_worlds
import uvloop
from certificates import Authority
from doorway import Doorway, answered, eventually, location

from gateway.listeners.entrance import AT_ONCE
from gateway.settings.model import Limits, Listener, Tls

PATIENCE = 20.0
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def pair(ours):
    return ours.vouches_for("gateway")


@pytest.fixture
def tls(pair, tmp_path):
    """Files of the test's own, which it may replace."""
    shutil.copy(pair.certificate, tmp_path / "own.pem")
    shutil.copy(pair.key, tmp_path / "own.key")
    return Tls("", str(tmp_path / "own.pem"), str(tmp_path / "own.key"))


@pytest.fixture(params=LOOPS)
def told(request):
    """Runs a test's coroutine before a doorway, on either loop."""

    def run(test, tls, changes=None, **ways):
        how = {"name": "bracelets", "protocol": "jt808", "profile": "g10ls", "host": "127.0.0.1", **ways}

        async def with_door():
            async with Doorway(Listener(tls=tls, **how), changes or {}) as door:
                await test(door)

        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.run(with_door())

    return run


def knowing(authority, pair=None):
    """How a device connects: it knows the gateway by an authority, and may show a certificate."""
    context = ssl.create_default_context(cafile=str(authority.file))
    if pair is not None:
        context.load_cert_chain(pair.certificate, pair.key)
    return context


async def connect(door, context):
    async with asyncio.timeout(PATIENCE):
        return await asyncio.open_connection("127.0.0.1", door.port, ssl=context)


async def is_served(door, context):
    """Whether a device gets its answer."""
    try:
        reader, writer = await connect(door, context)
    except OSError:
        return False
    writer.write(location())
    try:
        return bool(answered(await asyncio.wait_for(reader.read(100), PATIENCE)))
    except OSError:
        return False
    finally:
        await gone(writer)


async def gone(*writers):
    for writer in writers:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def heard(reader, count):
    """So many answers, in order."""
    data = b""
    async with asyncio.timeout(PATIENCE):
        while len(answered(data)) < count:
            data += await reader.read(1000)
    return answered(data)


def shown(door_line):
    return door_line.get_extra_info("ssl_object").getpeercert()["serialNumber"]


def test_a_device_that_knows_us_is_answered_and_one_that_does_not_goes(told, tls, ours, tmp_path):
    stranger = Authority(tmp_path, "other")

    async def test(door):
        assert await is_served(door, knowing(ours))
        assert not await is_served(door, knowing(stranger))
        await eventually(lambda: door.counts["tls_failed"] == 1, "its handshake is counted")

    told(test, tls)


def test_with_authorities_only_devices_with_a_certificate_of_theirs_get_in(told, tls, ours, tmp_path):
    vouched, other = ours.vouches_for("bracelet"), Authority(tmp_path, "other").vouches_for("impostor")

    async def test(door):
        assert await is_served(door, knowing(ours, vouched))
        assert not await is_served(door, knowing(ours))
        assert not await is_served(door, knowing(ours, other))
        await eventually(lambda: door.counts["tls_failed"] == 2, "both are counted")
        assert len(door.frames) == 1

    told(test, Tls(str(ours.file), tls.certificate_file, tls.key_file))


def test_what_does_not_speak_tls_is_no_connection_for_long(told, tls):
    async def test(door):
        plain, plain_end = await asyncio.open_connection("127.0.0.1", door.port)
        plain_end.write(location())
        await eventually(lambda: door.counts["tls_failed"] == 1, "it is counted")
        await plain.read()
        await eventually(lambda: not door.way.connections, "it is closed")
        assert door.frames == []
        await gone(plain_end)

    told(test, tls)


def test_who_never_ends_the_handshake_is_closed_as_any_stranger(told, tls):
    async def test(door):
        silent, end = await asyncio.open_connection("127.0.0.1", door.port)
        await eventually(lambda: door.way.connections == 1, "it counts from the beginning")
        assert await silent.read() == b""
        await eventually(lambda: not door.way.connections, "it is over")
        assert (door.counts["login_timeout"], door.counts["tls_failed"]) == (1, 0)
        await gone(end)

    told(test, tls, limits=Limits(login_seconds=0.2))


def test_a_renewed_certificate_is_taken_by_who_comes_next_and_nobody_is_cut(told, tls, ours):
    renewed = ours.vouches_for("renewed")

    async def test(door):
        reader, writer = await connect(door, knowing(ours))
        shutil.copy(renewed.certificate, tls.certificate_file)
        shutil.copy(renewed.key, tls.key_file)
        _, second = await connect(door, knowing(ours))
        assert shown(second) != shown(writer)
        writer.write(location())
        assert answered(await reader.read(100)) == [(1, 0x0200, 0)]
        await gone(writer, second)

    told(test, tls)


def test_faulty_new_files_keep_the_old_ones_and_are_told_until_they_are_sound(told, tls, ours, pair):
    other = ours.vouches_for("of_another_key")

    async def test(door):
        _, first = await connect(door, knowing(ours))
        shutil.copy(other.key, tls.key_file)
        await eventually(lambda: door.way.complaint, "the listener says so by itself")
        assert "own.key" in door.way.complaint.of("en")
        assert "仍用原来的证书" in door.way.complaint.of("zh")
        _, second = await connect(door, knowing(ours))
        assert shown(second) == shown(first)
        assert await is_served(door, knowing(ours))
        assert door.counts["certificate_faulty"] == 1
        shutil.copy(pair.key, tls.key_file)
        await eventually(lambda: not door.way.complaint, "all is well again")
        await gone(first, second)

    told(test, tls)


def test_without_usable_files_nobody_gets_in_until_there_are_some(told, tls, ours, pair, tmp_path):
    (tmp_path / "own.key").unlink()

    async def test(door):
        assert not await is_served(door, knowing(ours))
        assert "no device gets in" in door.way.complaint.of("en")
        assert (door.counts["tls_failed"], door.counts["certificate_faulty"], door.way.connections) == (1, 1, 0)
        shutil.copy(pair.key, tls.key_file)
        assert await is_served(door, knowing(ours))
        assert door.way.complaint is None

    told(test, tls)


def test_turns_are_read_whole_and_each_device_gets_its_own_answers(told, tls, ours):
    configuration = turn_worlds.configuration()
    changes = {name: getattr(configuration, name) for name in ("people", "devices", "assignments", "authorities")}

    async def test(door):
        lines = [await connect(door, knowing(ours)) for _ in range(turn_worlds.DEVICES)]
        for serial in range(1, 4):
            for number, (_, writer) in enumerate(lines):
                writer.write(location(phone=turn_worlds.phone_of(number), serial=serial))
            for reader, _ in lines:
                assert await heard(reader, 1) == [(serial, 0x0200, 0)]
        assert door.intake.figures()["frames"]["in_turns"] > 0
        await gone(*(writer for _, writer in lines))

    told(test, tls, changes)


@pytest.mark.parametrize("is_secret", [True, False], ids=["tls", "open"])
def test_a_crowd_is_let_in_by_and_by_and_none_of_what_it_said_meanwhile_is_lost(told, tls, ours, is_secret):
    async def test(door):
        context = knowing(ours) if is_secret else None
        crowd = await asyncio.gather(*(connect(door, context) for _ in range(3 * AT_ONCE)))
        for _, writer in crowd:
            writer.write(location(phone="999999999999"))
        await eventually(lambda: door.refusals.counts["unknown_device"] == len(crowd), "all is read")
        await gone(*(writer for _, writer in crowd))

    told(test, tls if is_secret else None)


def test_who_is_held_is_not_read_and_an_end_is_told_to_the_device(told, tls, ours):
    async def test(door):
        reader, writer = await connect(door, knowing(ours))
        writer.write(location())
        await heard(reader, 1)
        door.way.set_reading(reading=False)
        writer.write(location(serial=2))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(100), 0.05)
        assert len(door.frames) == 1
        door.way.set_reading(reading=True)
        assert await heard(reader, 1) == [(2, 0x0200, 0)]
        next(iter(door.way.conversations)).close()
        assert await reader.read() == b""
        await gone(writer)

    told(test, tls)


def test_a_device_that_takes_its_leave_is_gone_and_its_last_word_is_taken(told, tls, ours):
    async def test(door):
        _, writer = await connect(door, knowing(ours))
        writer.write(location())
        await gone(writer)
        await eventually(lambda: not door.way.connections, "it has gone")
        assert len(door.frames) == 1

    told(test, tls)


def test_who_comes_while_nobody_is_read_is_read_afterwards(told):
    async def test(door):
        door.way.set_reading(reading=False)
        reader, writer = await connect(door, None)
        await eventually(lambda: door.way.connections == 1, "it is in")
        writer.write(location())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(100), 0.05)
        assert door.frames == []
        door.way.set_reading(reading=True)
        assert await heard(reader, 1) == [(1, 0x0200, 0)]
        await gone(writer)

    told(test, None)

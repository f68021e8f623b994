from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from nats.js.api import StreamConfig
from stream_server import StreamServer

from gateway.errors import OurFault, TransientFault, UserFault
from gateway.settings.model import Credential
from gateway.stream.connection import Connection
from gateway.stream.faults import Away, Full, InDoubt, NotThere, TooLarge, WrongLast
from gateway.stream.names import size_of
from gateway.text import Text

NOBODY = Credential()


def run(work):
    return asyncio.run(work)


async def kept(connection, name, **limits):
    await connection.js.add_stream(StreamConfig(name=name, subjects=[f"test.{name}"], **limits))
    return f"test.{name}"


def test_a_message_is_stored_once_by_its_id_and_only_behind_the_expected_one(stream_server, stream_county):
    async def work():
        async with Connection(stream_server.url, NOBODY) as one:
            subject = await kept(one, stream_county)
            first = await one.publish(subject, b"1", {"A": "b"}, message_id="m1", last=0, stream=stream_county)
            again = await one.publish(subject, b"1", message_id="m1")
            with pytest.raises(WrongLast) as wrong:
                await one.publish(subject, b"2", last=0)
            with pytest.raises(OurFault):
                await one.publish(subject, b"2", stream="another")
            second = await one.publish(subject, b"2", last=1)
            assert (await one.ask(f"STREAM.INFO.{stream_county}"))["state"]["messages"] == 2
            return first, again, second, wrong.value.args[0]

    first, again, second, said = run(work())
    assert (first, again) == ((stream_county, 1, False), (stream_county, 1, True))
    assert second.sequence == 2
    assert isinstance(said, Text)
    assert "另有写入者" in said.zh


def test_what_the_server_refuses_has_its_class_and_words(stream_server, stream_county):
    async def work():
        async with Connection(stream_server.url, NOBODY, wait=2.0) as one:
            subject = await kept(one, stream_county, max_msgs=1, discard="new")
            await one.publish(subject, b"1")
            with pytest.raises(Full, match="is full"):
                await one.publish(subject, b"2")
            with pytest.raises(Away, match="nobody answers"):
                await one.publish("nowhere.at.all", b"")
            with pytest.raises(NotThere, match=r"no .*STREAM\.INFO\.missing"):
                await one.ask("STREAM.INFO.missing")
            with pytest.raises(OurFault, match="refused"):
                await one.ask("STREAM.CREATE.bad", {"name": "other"})

    run(work())


def test_a_message_is_measured_with_its_headers_and_the_line_stays(stream_server, stream_county):
    """To the byte: what just fits is stored, one more is refused and never sent."""

    async def work():
        async with Connection(stream_server.url, NOBODY) as one:
            subject, headers = await kept(one, stream_county), {"Gateway-First": "甲" * 10}
            room = one.max_payload - size_of(headers)
            assert (await one.publish(subject, bytes(room), headers)).sequence == 1
            with pytest.raises(TooLarge, match=f"{one.max_payload + 1} bytes"):
                await one.publish(subject, bytes(room + 1), headers)
            assert (await one.publish(subject, b"")).sequence == 2

    run(work())


def test_what_the_library_cancels_is_in_doubt_and_cancels_nobody_else(stream_server):
    """It cancels what waits for an answer when the client closes: whoever asked would end without a word."""

    async def work():
        async with Connection(stream_server.url, NOBODY) as one:
            waits = one.loop.create_future()

            async def asked():
                return await waits

            one.loop.call_soon(waits.cancel)
            with pytest.raises(InDoubt, match="went down before THERE was answered"):
                await one.held(asked(), "THERE")

    run(work())


def test_nothing_is_sent_over_a_line_that_is_down_and_what_waits_ends_with_it(tmp_path):
    async def work():
        server = StreamServer(tmp_path).start()
        try:
            async with Connection(server.url, NOBODY, wait=30.0) as one:
                subject = await kept(one, "K")
                listening = await one.inbox("silent")
                waiting = asyncio.ensure_future(one.request("silent", b"?"))
                await listening.next(10.0)
                server.kill()
                with pytest.raises(InDoubt):
                    await waiting
                with pytest.raises(TransientFault) as away:
                    await one.publish(subject, b"lost")
                assert isinstance(away.value, Away)
                server.start()
                while True:
                    try:
                        stored = await one.publish(subject, b"1")
                        break
                    except TransientFault:
                        await asyncio.sleep(0.02)
                assert stored.sequence == 1
            await one.closed()
        finally:
            server.kill()

    run(work())


def test_a_client_that_connects_anew_and_misses_that_it_was_closed_is_closed_all_the_same(stream_server):
    async def work():
        async with Connection(stream_server.url, NOBODY) as one:
            begin, is_there = one.client._process_connect_init, asyncio.Event()

            async def deaf():
                is_there.set()
                with suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()
                await begin()

            one.client._process_connect_init = deaf
            one.client._transport._io_writer.transport.abort()
            await is_there.wait()
        assert one.client.is_closed
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(work())


def test_who_is_not_let_in_is_told_at_once(tmp_path):
    server = StreamServer(tmp_path, more='authorization { user: "county", password: "right" }').start()

    async def work(credential):
        async with Connection(server.url, credential) as one:
            return one.is_up

    try:
        assert run(work(Credential("county", "right")))
        with pytest.raises(UserFault, match="does not accept who we are") as refused:
            run(work(Credential("county", "wrong")))
        assert "wrong" not in str(refused.value)
    finally:
        server.kill()


def test_no_password_goes_to_a_server_that_speaks_no_tls_where_tls_was_meant():
    heard = asyncio.Queue()

    async def serve(reader, writer):
        writer.write(b'INFO {"server_id":"x","version":"2.15.1","proto":1,"headers":true,"max_payload":1048576}\r\n')
        heard.put_nowait(await reader.read())
        writer.close()

    async def work():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(UserFault, match="no password either"):
                async with Connection(f"tls://127.0.0.1:{port}", Credential("county", "secret")):
                    pass
            return await heard.get()

    assert run(work()) == b""


def test_nobody_there_is_told_as_such():
    async def work():
        async with Connection("nats://127.0.0.1:9", NOBODY, wait=0.3):
            pass

    with pytest.raises(Away, match="not reached"):
        run(work())

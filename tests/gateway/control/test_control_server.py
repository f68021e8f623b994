"""The daemon's end of the control socket: whatever is asked, its sender is told, and the next one is served."""

from __future__ import annotations

import asyncio
import json

import pytest
from entered import auditing

from gateway.control import client
from gateway.control.address import NAME
from gateway.control.messages import Reply, Request
from gateway.control.server import ControlServer
from gateway.errors import OurFault, TransientFault, UserFault

HOSTILE = {
    "nested": b'{"do": ' + b"[" * 60_000,
    "nested in what is not looked at": b'{"do": "status", "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "half a character": b'{"do": "\\ud800"}',
    "not text": b"\xff\xfe",
    "not a request": b"[]",
    "unknown": b'{"do": "dance"}',
    "failing": b'{"do": "cancel", "id": "x"}',
}


async def failing(_request, _caller):
    raise ZeroDivisionError


async def well(_request, _caller):
    return Reply(ok=True, data={"healthy": True})


async def refused(_request, _caller):
    raise OurFault("disk full")


async def ask(reader, writer, line):
    writer.write(line + b"\n")
    await writer.drain()
    return json.loads(await reader.readline())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_request_that_cannot_be_done_is_answered_and_the_next_one_too(tmp_path, name):
    async def run():
        server = ControlServer(tmp_path / NAME, {"status": well, "cancel": failing}, dict, auditing(), "en")
        await server.start()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        reply = await ask(reader, writer, HOSTILE[name])
        then = await ask(reader, writer, b'{"do": "status"}')
        writer.close()
        server.close()
        return reply, then

    reply, then = asyncio.run(run())
    assert reply["ok"] is (name == "nested in what is not looked at" and reply["ok"])
    assert reply["ok"] or reply["error"]
    assert then == {"ok": True, "error": "", "data": {"healthy": True}, "refused": False, "passes": False}


@pytest.mark.parametrize("kind", [UserFault, TransientFault, OurFault])
def test_the_class_of_a_fault_reaches_whoever_asked(tmp_path, kind):
    """Whether it passes by itself is known at the other end of the socket, too."""

    async def failing(_request, _caller):
        raise kind("as it is")

    async def run():
        server = ControlServer(tmp_path / NAME, {"status": failing}, dict, auditing(), "en")
        await server.start()
        reply = await asyncio.to_thread(client.ask, tmp_path, Request("status"))
        server.close()
        return reply

    with pytest.raises(kind, match=r"^told: as it is$") as told:
        client.granted(asyncio.run(run()), lambda cause: f"told: {cause}")
    assert type(told.value) is kind


def test_a_fault_of_ours_is_told_in_its_words(tmp_path):
    async def run():
        server = ControlServer(tmp_path / NAME, {"resend": refused}, dict, auditing(), "en")
        await server.start()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        reply = await ask(reader, writer, b'{"do": "resend"}')
        writer.close()
        server.close()
        return Reply(**reply)

    assert asyncio.run(run()) == Reply(ok=False, error="disk full")

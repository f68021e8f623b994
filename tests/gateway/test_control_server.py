"""The daemon's end of the control socket: whatever is asked, its sender is told, and the next one is served."""

from __future__ import annotations

import asyncio
import json

import pytest

from gateway.control.address import NAME
from gateway.control.messages import Reply
from gateway.control.server import ControlServer
from gateway.errors import OurFault

HOSTILE = {
    "nested": b'{"do": ' + b"[" * 60_000,
    "nested in what is not looked at": b'{"do": "status", "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "half a character": b'{"do": "\\ud800"}',
    "not text": b"\xff\xfe",
    "not a request": b"[]",
    "unknown": b'{"do": "dance"}',
    "failing": b'{"do": "cancel", "id": "x"}',
}


async def failing(_):
    raise ZeroDivisionError


async def refused():
    raise OurFault("disk full")


async def ask(reader, writer, line):
    writer.write(line + b"\n")
    await writer.drain()
    return json.loads(await reader.readline())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_request_that_cannot_be_done_is_answered_and_the_next_one_too(tmp_path, name):
    async def run():
        server = ControlServer(tmp_path, failing, lambda: {"healthy": True}, failing, refused)
        await server.start()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        reply = await ask(reader, writer, HOSTILE[name])
        well = await ask(reader, writer, b'{"do": "status"}')
        writer.close()
        server.close()
        return reply, well

    reply, well = asyncio.run(run())
    assert reply["ok"] is (name == "nested in what is not looked at" and reply["ok"])
    assert reply["ok"] or reply["error"]
    assert well == {"ok": True, "error": "", "data": {"healthy": True}}


@pytest.mark.parametrize("works", [True, False])
def test_sending_again_is_answered_with_how_many_or_why_not(tmp_path, works):
    async def sent():
        return {"city": 2}

    async def run():
        server = ControlServer(tmp_path, failing, dict, failing, sent if works else refused)
        await server.start()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        reply = await ask(reader, writer, b'{"do": "resend"}')
        writer.close()
        server.close()
        return Reply(**reply)

    wanted = Reply(ok=True, data={"city": 2}) if works else Reply(ok=False, error="disk full")
    assert asyncio.run(run()) == wanted

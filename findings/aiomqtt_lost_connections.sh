#!/bin/sh
# aiomqtt 2.5.1 (paho-mqtt 2.2.0), each against a server of a few lines, on loopback:
# 1. `async with Client(timeout=1)`: no CONNACK comes, MqttError is raised, and the TCP connection stays open. A slow
#    broker accepts it later, under the client id of whoever connected meanwhile, and takes that one's session over.
# 2. `publish(qos=1)`: the broker closes the connection without a PUBACK. The call does not end with the connection: it
#    waits for its whole time-out.
# What we do: gateway/mqtt/connection.py closes the socket, and ends what waits with the connection.
# Fails if either has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check aiomqtt==2.5.1 paho-mqtt==2.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging
import sys
import time
from importlib.metadata import version

import aiomqtt

logging.disable(logging.CRITICAL)


async def without_connack():
    """Whether the server still has the connection three seconds after the client gave up."""
    seen = asyncio.get_running_loop().create_future()

    async def serve(reader, writer):
        await reader.read(1024)
        try:
            await asyncio.wait_for(reader.read(1), 4)
            seen.set_result(False)
        except TimeoutError:
            seen.set_result(True)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    said = ""
    try:
        async with aiomqtt.Client("127.0.0.1", server.sockets[0].getsockname()[1], timeout=1):
            pass
    except aiomqtt.MqttError as fault:
        said = str(fault)
    is_open = await seen
    server.close()
    return said, is_open


async def without_puback():
    """Seconds that a publish lasts on a connection that was closed at once."""

    async def serve(reader, writer):
        await reader.read(1024)
        writer.write(b"\x20\x02\x00\x00")
        await reader.read(1024)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    began = time.monotonic()
    try:
        async with aiomqtt.Client("127.0.0.1", server.sockets[0].getsockname()[1], timeout=3) as client:
            began = time.monotonic()
            await client.publish("topic", b"x", qos=1)
    except aiomqtt.MqttError:
        pass
    server.close()
    return time.monotonic() - began


print("aiomqtt", version("aiomqtt"), "paho-mqtt", version("paho-mqtt"))
said, is_open = asyncio.run(without_connack())
print(f"no CONNACK: {said!r}; the socket is still open 3 s later: {is_open}")
lasted = asyncio.run(without_puback())
print(f"connection closed without PUBACK: publish ended after {lasted:.1f} s of a time-out of 3 s")
sys.exit(0 if is_open and lasted > 2.5 else 1)
PYTHON

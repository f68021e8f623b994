#!/bin/sh
# uvloop 0.23.0: a protocol that pauses reading in connection_made (to let a crowd in by and by) is given what the peer
# has sent all the same: reading begins after connection_made, whatever was asked for in it. asyncio's own loop holds it
# back until resume_reading.
# What we do: gateway/listeners/tcp.py keeps what comes before a connection is let in, and pauses reading again.
# Fails if that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check uvloop==0.23.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import platform
import sys
from importlib.metadata import version

import uvloop


class Paused(asyncio.Protocol):
    """Pauses reading at once, and notes what it is given."""

    given = b""

    def connection_made(self, transport):
        transport.pause_reading()
        self.is_reading = transport.is_reading()
        Paused.last = self

    def data_received(self, data):
        Paused.given += data


async def given():
    """What the protocol has been given, and whether it was said to be reading, half a second after the peer spoke."""
    Paused.given = b""
    server = await asyncio.get_running_loop().create_server(Paused, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    writer.write(b"a report")
    await asyncio.sleep(0.5)
    found = Paused.given, Paused.last.is_reading
    writer.close()
    server.close()
    return found


with asyncio.Runner() as runner:
    usual = runner.run(given())
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    quick = runner.run(given())
print(f"Python {platform.python_version()}, uvloop {version('uvloop')}")
print(f"asyncio: given {usual[0]!r}, is_reading() in connection_made after the pause: {usual[1]}")
print(f"uvloop:  given {quick[0]!r}, is_reading() in connection_made after the pause: {quick[1]}")
sys.exit((usual[0], quick[0]) != (b"", b"a report"))
PYTHON

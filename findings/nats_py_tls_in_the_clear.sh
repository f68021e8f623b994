#!/bin/sh
# nats-py 2.16.0: the address says tls://, and a context for TLS is given. A server that does not ask for TLS in its first
# line (INFO) is spoken to in the clear all the same: CONNECT with user and password goes over the line as it is. Whoever
# can answer in the server's place, or a server whose TLS was switched off by mistake, has the password.
# What we do: gateway/stream/connection.py ends the connection before CONNECT where TLS was meant and is not offered.
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nats-py==2.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging
import ssl
import sys
from importlib.metadata import version

import nats

logging.disable(logging.CRITICAL)
INFO = b'INFO {"server_id":"x","version":"2.15.1","proto":1,"headers":true,"max_payload":1048576}\r\n'


async def main():
    heard = asyncio.get_running_loop().create_future()

    async def serve(reader, writer):
        writer.write(INFO)
        heard.set_result(await reader.readline())
        writer.write(b"PONG\r\n")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"tls://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    client = await nats.connect(url, tls=ssl.create_default_context(), user="county", password="secret", allow_reconnect=False)
    said = await heard
    await client.close()
    server.close()
    return said


print("nats-py", version("nats-py"))
said = asyncio.run(main())
print("the server read, in the clear:", said)
sys.exit(0 if b'"secret"' in said.replace(b" ", b"") else 1)
PYTHON

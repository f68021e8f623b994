"""A kill between the entry of a look and its answer leaves the entry; one before it leaves neither."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from looked import looked_in

from gateway.control import client
from gateway.control.address import NAME
from gateway.control.messages import Request
from gateway.errors import TransientFault
from gateway.journal import FileJournal, verify

SERVES = """
import asyncio, os, sys
from pathlib import Path
from gateway.control.audit import Auditing
from gateway.control.messages import Reply
from gateway.control.server import ControlServer
from gateway.journal.aside import append_aside

storage, when = Path(sys.argv[1]), sys.argv[2]

async def enter(looks):
    if when == "before":
        os._exit(9)
    append_aside(storage, looks, 1000.0)
    if when == "between":
        os._exit(9)

async def where(request, caller):
    return Reply(ok=True, data={"secret": "here"})

async def serve():
    audit = Auditing(enter, lambda _: "", lambda: 1000.0, None)
    server = ControlServer(storage / "control.sock", {"where": where}, dict, audit, "en")
    await server.start()
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(serve())
"""


@pytest.mark.parametrize(("when", "entries"), [("before", 0), ("between", 1), ("never", 1)])
def test_nothing_is_shown_that_is_not_in_the_chain(tmp_path, when, entries):
    words = [sys.executable, "-c", SERVES, str(tmp_path), when]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            if when == "never":
                reply = client.ask(tmp_path / NAME, Request("where", id="P0001"))
                assert reply.data == {"secret": "here"}
            else:
                with pytest.raises(TransientFault):
                    client.ask(tmp_path / NAME, Request("where", id="P0001"))
                assert process.wait(60) == 9
        finally:
            process.kill()
    assert [one.person for one in looked_in(tmp_path)] == ["P0001"] * entries
    assert verify(FileJournal(tmp_path / "journal", read_only=True)).entries == entries

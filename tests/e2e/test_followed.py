"""A running daemon that is followed: each commit is told, members of staff are asked for by its own account."""

from __future__ import annotations

import json
import socket
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gateway_process import PATIENCE, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.journal.controls import Act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from gateway_process import Gateway

STAFF = (
    "staff: [{number: D01, roles: [duty]}, {number: S01, roles: [office], office: S01},"
    " {number: S02, roles: [office], office: S02}]"
)


@contextmanager
def followed(gateway: Gateway, **who: object) -> Iterator[BufferedReader]:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(str(gateway.county.storage / "control.sock"))
        line.sendall(json.dumps({"do": "follow", **who}).encode() + b"\n")
        with line.makefile("rb") as told:
            yield told


def told(lines: BufferedReader, name: str) -> list[str]:
    """The next ids of a name."""
    while True:
        said = json.loads(lines.readline())
        if said.get(name):
            return said[name]


def test_who_follows_hears_of_alarms_acts_and_the_end(make_gateway):
    gateway = make_gateway(2, more=STAFF)
    storage = gateway.county.storage
    eventually(lambda: gateway.status()["configuration"], "its rules are in force")
    with followed(gateway) as all_of_it, followed(gateway, by="S02", for_staff=True) as elsewhere:
        first = json.loads(all_of_it.readline())
        assert first["digest"] == gateway.status()["configuration"] == json.loads(elsewhere.readline())["digest"]
        assert abs(first["now"] - time.time()) < PATIENCE
        with Terminal(gateway.county.port, phone(0)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(time.time(), alarm=SOS))
        (alarm,) = told(all_of_it, "alarms")
        act = Act(uuid.uuid4().hex, "acknowledge", alarm, "")
        denied = ask(storage, Request("act", act=act, by="S02", for_staff=True, language="en"))
        assert (denied.ok, denied.refused, "of that office" in denied.error) == (False, True, True)
        assert ask(storage, Request("act", act=act, by="S01", for_staff=True)).ok
        assert told(all_of_it, "alarms") == [alarm]
        (stored,) = ask(storage, Request("alarms", by="S01", for_staff=True)).data["alarms"]
        assert (stored["id"], stored["acknowledged_by"]) == (alarm, "S01")
        assert ask(storage, Request("alarms", by="S02", for_staff=True)).data["alarms"] == []
        assert "staff" in ask(storage, Request("alarms", by="S09", for_staff=True, language="en")).error
        assert gateway.command("command", "B0000", "text", "text=come", "--no-wait", "--by", "D01").returncode == 0
        assert len(told(all_of_it, "orders")) == 1
        assert gateway.stop() == 0
        rest = [json.loads(line) for line in elsewhere]
    assert not any(said.get("alarms") or said.get("orders") for said in rest)

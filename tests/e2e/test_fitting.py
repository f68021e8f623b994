"""A bracelet that was just fitted is checked: what it sends and answers, and what comes back from the platform."""

from __future__ import annotations

import json
import struct
import subprocess
import time
from typing import TYPE_CHECKING

from desk_deeds import done, local
from gateway_process import PATIENCE, eventually
from plain_terminal import POSITION, STRAP_CUT, Terminal, position
from pressed_county import phone
from programs import GATEWAY, begun

from gateway.control.client import ask
from gateway.control.messages import Request

if TYPE_CHECKING:
    from gateway_process import Gateway

LOCATE, LOCATED = 0x8201, 0x0201


def items(gateway: Gateway, person: str = "P0000") -> dict[str, str]:
    reply = ask(gateway.county.storage, Request("fitting", id=person))
    assert reply.ok, reply
    return {one["item"]: one["state"] for one in reply.data["items"]}


def check(gateway: Gateway, *words: str) -> subprocess.Popen[str]:
    line = [GATEWAY, "registers", "fitting-check", "P0000", *words, "--json", "--config", gateway.county.directory]
    return begun(line, subprocess.PIPE, text=True)


def test_all_that_a_fitted_bracelet_has_to_do_passes_one_after_the_other(gateway):
    eventually(lambda: gateway.status()["configuration"], "it has begun")
    assert items(gateway) == dict.fromkeys(("strap", "fix", "order", "test_alarm"), "not_yet")
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
        eventually(lambda: items(gateway)["fix"] == "passed", "a fix")
        asking = check(gateway)
        order = terminal.receive()
        assert order is not None
        assert order.message == LOCATE
        terminal.send(terminal.frame(LOCATED, struct.pack(">H", order.serial) + position(time.time())))
        out, _ = asking.communicate(timeout=PATIENCE)
    assert asking.returncode == 0, out
    told = json.loads(out)
    assert (told["passed"], told["device"]) == (True, "B0000")
    assert {one["state"] for one in told["items"]} == {"passed"}
    assert all(0 <= one["age_seconds"] < PATIENCE for one in told["items"])
    raised, cleared = [
        json.loads(line) for line in (gateway.county.directory / "alarms.jsonl").read_text().splitlines()
    ]
    assert raised["data"]["kind"] == cleared["data"]["kind"] == "test"
    status = gateway.status()
    assert (status["unresolved"], status["notices_a_day"]["raised"]) == (0, 0)
    assert gateway.command("alarms", "list", "--unresolved", "--json").stdout == ""
    assert gateway.tracebacks() == 0


def test_what_came_of_the_wearer_before_does_not_count_and_an_open_strap_fails(gateway):
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
    eventually(lambda: items(gateway, "P0001")["fix"] == "passed", "a fix")
    done(gateway, "remove", device="B0001", at=local())
    refused = ask(gateway.county.storage, Request("fitting", id="P0001", language="en"))
    assert (refused.ok, "no bracelet" in refused.error) == (False, True)
    heard = local()
    eventually(lambda: local() > heard, "another second has begun")
    done(gateway, "fit", device="B0001", person="P0001")
    assert set(items(gateway, "P0001").values()) == {"not_yet"}
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time() + 2, alarm=STRAP_CUT))
    eventually(lambda: items(gateway, "P0001")["strap"] == "failed", "the strap is open")
    looked = check(gateway, "--no-begin")
    looked.communicate(timeout=PATIENCE)
    assert looked.returncode == 1

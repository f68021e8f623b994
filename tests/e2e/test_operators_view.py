"""What operators read of a running gateway: a line an event, a signal that is no end, an exit code, no private word."""

from __future__ import annotations

import json
import re
import signal
import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from plain_terminal import POSITION, REGISTER, SOS, Terminal, position, registration
from pressed_county import phone

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.journal.controls import Act

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway_process import Gateway

UNKNOWN = "013812345678"
LATITUDE, LONGITUDE = 24.331234, 109.421234
OFFICER, NOTE, MESSAGE = "Officer Made-Up", "seen at the made-up market", "come to the made-up office"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """A gateway to which everything happens that leaves a line."""
    gateway = gateway_of(tmp_path_factory.mktemp("watched"), 2)
    with Terminal(gateway.county.port, UNKNOWN) as stranger:
        stranger.send(stranger.frame(REGISTER, registration(2013)))
        eventually(lambda: gateway.status()["pending_devices"] == 1, "the stranger is noted")
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        moment = time.time()
        terminal.ask(POSITION, position(moment, alarm=SOS, latitude=LATITUDE, longitude=LONGITUDE))
        eventually(gateway.events, "the alarm is raised")
        order = gateway.command("command", "B0000", "text", f"text={MESSAGE}", "--no-wait", "--by", OFFICER)
        assert order.returncode == 0, order.stderr
        alarm = gateway.events()[0]["subject"]
        closed = gateway.command("alarms", "close", alarm, "--outcome", "false", "--note", NOTE, "--by", OFFICER)
        assert closed.returncode == 0, closed.stderr
        with closing(Terminal(gateway.county.port, phone(1)).line) as rubbish:
            rubbish.sendall(b"\x7e\x01\x02\x7e" * 50)
            eventually(lambda: sum(gateway.status()["refused"].values()) >= 50, "rubbish is refused")
    gateway.settle()
    forged = Act(uuid.uuid4().hex, "close", "0" * 32, OFFICER, "false", NOTE)
    ask(gateway.county.storage, Request("act", forged))
    return gateway


def lines(gateway: Gateway) -> list[dict[str, object]]:
    return [json.loads(line) for line in gateway.log.read_text("utf-8").splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("refused", {"reason": "unknown_device", "terminal": UNKNOWN.lstrip("0")}),
        ("connection opened", {"listener": "bracelets"}),
        ("connection closed", {"listener": "bracelets"}),
        ("device on line", {"device": "B0000"}),
        ("device off line", {"device": "B0000"}),
        ("alarm raised", {"kind": "sos", "device": "B0000", "severity": "critical"}),
        ("alarm closed", {"kind": "sos"}),
        ("order given", {"kind": "text", "device": "B0000"}),
        ("act", {"act": "close", "result": "done"}),
    ],
)
def test_each_event_leaves_a_line(watched: Gateway, event: str, facts: dict[str, object]) -> None:
    eventually(lambda: [one for one in lines(watched) if one["event"] == event and facts.items() <= one.items()], event)


def test_no_line_names_a_person_a_place_or_what_was_written(watched: Gateway) -> None:
    log = watched.log.read_text("utf-8")
    for private in (OFFICER, NOTE, MESSAGE, "order-0", "109.42", "24.33", "MAKER", "P0000"):
        assert private not in log, private
    told = [{name: value for name, value in one.items() if name != "timestamp"} for one in lines(watched)]
    assert re.findall(r"(?<![\d.])(?:24|25|109|110)\.\d{3,}", json.dumps(told)) == []


def test_a_hundred_times_the_same_is_a_few_lines(watched: Gateway) -> None:
    told = [one for one in lines(watched) if one["event"] == "refused" and one.get("reason") != "unknown_device"]
    assert 0 < len(told) < 20


def test_pending_terminals_are_listed_with_the_line_that_enrols_them(watched: Gateway) -> None:
    shown = watched.command("devices", "pending")
    assert shown.returncode == 0, shown.stderr
    assert "MAKER" in shown.stdout
    (one,) = [json.loads(line) for line in watched.command("devices", "pending", "--json").stdout.splitlines()]
    assert (one["identity"], one["model"]) == (UNKNOWN.lstrip("0"), "BRACELET-1")
    enrolled = watched.county.directory / "gateway.yaml"
    text = enrolled.read_text("utf-8")
    enrolled.write_text(text.replace("devices:\n", f"devices:\n  {one['yaml']}\n"), "utf-8")
    assert watched.command("check", str(watched.county.directory)).returncode in (0, 2)
    checked = watched.command("status")
    enrolled.write_text(text, "utf-8")
    assert checked.returncode in (0, 3), checked.stderr


@pytest.mark.parametrize("name", ["SIGHUP", "SIGUSR1", "SIGUSR2"])
def test_a_signal_without_a_meaning_is_a_line_and_no_end(watched: Gateway, name: str) -> None:
    assert watched.process is not None
    watched.process.send_signal(getattr(signal, name))
    eventually(lambda: [one for one in lines(watched) if one.get("signal") == name], "it is said")
    assert watched.process.poll() is None
    assert watched.status()["healthy"]


def test_status_ends_with_3_while_the_broker_is_away(make_gateway: Callable[..., Gateway]) -> None:
    gateway = make_gateway(1, free_port())
    eventually(lambda: gateway.status()["broken"] == ["upstream city"], "the broker is missed")
    done = gateway.command("status")
    assert done.returncode == 3
    assert re.search(r"^broken\s*\n\s+upstream city", done.stdout, re.MULTILINE)
    assert json.loads(gateway.command("status", "--json").stdout)["time"].endswith("Z")
    assert re.search(r"^time\s+20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\+08:00$", done.stdout, re.MULTILINE)


def test_status_ends_with_0_while_all_is_well(watched: Gateway) -> None:
    assert watched.command("status").returncode == 0

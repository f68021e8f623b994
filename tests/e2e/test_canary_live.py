"""A canary in a running gateway: its test alarms go out again and again, ring nobody, and a restart knows of them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from gateway_process import Gateway, eventually
from plain_terminal import POSITION, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "B9001"


def county_with_canary(directory: Path) -> Gateway:
    """One bracelet that is worn and one in a drawer; a minute takes a second."""
    county = write_county(directory, free_port(), 1)
    main = county.directory / "gateway.yaml"
    drawer = f'  - {{device: {CANARY}, protocol: jt808, identity: "{phone(9)}", profile: g10ls}}\nassignments:'
    text = main.read_text("utf-8").replace("assignments:", drawer, 1)
    main.write_text(f"{text}\ncanary: {{device: {CANARY}, every: 1min}}\n", "utf-8")
    return Gateway(county, f"{time.time()},{time.time()},60")


def path_of(gateway: Gateway) -> dict[str, Any]:
    found: dict[str, Any] = gateway.status()["alarm_path"]
    return found


def test_the_way_is_proven_again_and_again_and_nobody_is_rung(tmp_path: Path) -> None:
    gateway = county_with_canary(tmp_path / "county")
    try:
        gateway.start()
        eventually(lambda: path_of(gateway)["state"] == "proven", "a test alarm has gone the whole way", 30.0)
        assert path_of(gateway)["heard_seconds"] == ""
        with Terminal(gateway.county.port, phone(9)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(time.time()))
            eventually(lambda: path_of(gateway)["heard_seconds"] != "", "the device itself is heard", 30.0)
        eventually(lambda: len(gateway.events()) >= 6, "others follow", 30.0)
        status = gateway.status()
        assert (status["unresolved"], status["notices_a_day"]["raised"], status["healthy"]) == (0, 0, True)
        assert gateway.command("alarms", "list", "--unresolved", "--json").stdout == ""
        told = [json.loads(line)["data"] for line in (tmp_path / "county" / "alarms.jsonl").read_text().splitlines()]
        assert {(one["kind"], one["device"], one["person"], one["position"]) for one in told} == {
            ("test", CANARY, None, None)
        }
        assert gateway.tracebacks() == 0
    finally:
        gateway.finish()

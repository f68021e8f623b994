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
    drill = 'drill: {day: 28, at: "00:00", wait: 5min}'
    main.write_text(f"{text}\ncanary: {{device: {CANARY}, every: 1min, {drill}}}\n", "utf-8")
    return Gateway(county, f"{time.time()},{time.time()},60")


def path_of(gateway: Gateway) -> dict[str, Any]:
    found: dict[str, Any] = gateway.status()["alarm_path"]
    return found


def drill(gateway: Gateway) -> None:
    """One that a person begins: it is in nobody's count, is answered as an alarm, and is over by itself."""
    begun = gateway.command("alarms", "drill", "--reason", "new colleagues", "--by", "L01")
    assert "the drill has begun" in begun.stdout, begun
    eventually(lambda: path_of(gateway)["drill"] == "under_way", "the drill is there", 30.0)
    again = gateway.command("alarms", "drill", "--reason", "another")
    assert (again.returncode, "a drill is under way" in again.stderr) == (2, True)
    assert gateway.status()["unresolved"] == 0
    (one,) = map(json.loads, gateway.command("alarms", "list", "--unresolved", "--json").stdout.splitlines())
    assert gateway.command("alarms", "ack", one["alarm"], "--by", "D01").returncode == 0
    eventually(lambda: path_of(gateway)["drill"] != "under_way", "it is over", 30.0)
    month = time.strftime("%Y-%m", time.localtime(time.time() + 8 * 3600))
    report = gateway.command("report", "--part", "drills", "--month", month, "--csv").stdout
    assert "L01 new colleagues" in report
    assert "not told, answered at the desk" in report


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
        drill(gateway)
        told = [json.loads(line)["data"] for line in (tmp_path / "county" / "alarms.jsonl").read_text().splitlines()]
        assert {(one["kind"], one["device"], one["person"], one["position"]) for one in told} == {
            ("test", CANARY, None, None), ("drill", CANARY, None, None)
        }  # fmt: skip
        assert gateway.tracebacks() == 0
    finally:
        gateway.finish()

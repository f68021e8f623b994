"""Bracelets that report seldom are told to report more often while evidence leans, and go back: over real sockets.

The plain terminal's part is written from the standard's text (JT/T 808-2013: 8.8 set parameters, 0029 the interval).
"""

from __future__ import annotations

import json
import struct
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from gateway_process import Gateway, eventually
from plain_terminal import AUTHENTICATE, POSITION, Terminal, authentication, position
from pressed_county import County, phone, write_county
from programs import SIMULATOR, ran

from gateway.clock import FollowedClock
from gateway.demo.broker import free_port
from gateway.engine.records import Command, End, Ended
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEED, DAYS, DEVICES = 3_000.0, 1, 6
TOLD = 900.0
"""Real seconds it may take at most."""
DAY, QUARTER, MINUTE, LASTING = 86_400.0, 900.0, 60.0, 1200.0
SET_PARAMETERS = 0x8103
SCENARIO = """\
why: Visits to barred cafes of bracelets that report each quarter of an hour; the gateway asks for more.
devices: 6
county: {closer_s: 60}
people: {curfew: 0.0, barred: 1.0}
tricks: [{kind: cafe_visit, people: 6, times: 2}]
nuisances: {}
firmware: {moving_s: 900, resting_s: 900, breach_s: 900, formats: {jt808-2013: 1, jt808-2019: 1, gt06: 1}}
"""


@pytest.mark.torture
def test_closer_reports_are_asked_for_obeyed_seen_and_put_back(tmp_path):
    scenario = tmp_path / "asked.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    port, clock_file = free_port(2), tmp_path / "clock"
    epoch = datetime(2026, 11, 1, 16, tzinfo=UTC)
    told = ["--scenario", str(scenario), "--days", str(DAYS), "--epoch", epoch.isoformat(), "--port", str(port)]
    county = County(tmp_path / "county", port, DEVICES)
    where = ["--storage", str(county.storage), "--mqtt", "mqtt://127.0.0.1:1"]
    ran([SIMULATOR, "county", county.directory, *told, *where], TOLD, check=True)
    clock = FollowedClock.begin(clock_file, epoch.timestamp(), SPEED)
    gateway = Gateway(county, clock=clock.name)
    stats = tmp_path / "stats.json"
    try:
        gateway.start()
        run = ["run", *told, "--gt06-port", str(port + 1), "--clock-file", str(clock_file), "--speed", str(SPEED)]
        ran([SIMULATOR, *run, "--stats", stats], TOLD, check=True)
        listed = gateway.command("commands", "list", "--all", "--json")
        shown = gateway.command("commands", "list", "--all")
        assert gateway.stop() == 0
    finally:
        gateway.finish()
    orders, ends, origins = _orders(gateway)
    closer = [command for _, command in orders if command.reason == "closer"]
    usual = [command for _, command in orders if command.reason == "usual"]
    assert {command.by for _, command in orders} == {"gateway"}
    assert {origins[command.device] for command in closer} == {"jt808", "gt06"}
    # On this clock a slow machine lets minutes pass between an order and its answer, so that some answers are late.
    assert {ends[command.id] for command in closer} <= {End.DONE, End.NO_ANSWER}
    assert all(command.values == {"seconds": "60"} for command in closer)
    assert all(command.values == {"seconds": "900"} for command in usual)
    assert len(usual) >= len({command.device for command in closer})
    assert {each["reason"] for each in map(json.loads, listed.stdout.splitlines())} == {"closer", "usual"}
    assert "恢复平时的上报间隔" in shown.stdout.replace("\n", "")
    made = json.loads(stats.read_text("utf-8"))["totals"]["made"]
    # One more each is what the ends of the day may add; how many a slow machine leaves of twenty minutes is not said.
    assert made > DEVICES * (DAYS * DAY / QUARTER + 1), "they report more often meanwhile"
    assert made < DEVICES * DAYS * DAY / QUARTER + 21 * len(closer), "and not for longer"
    assert gateway.tracebacks() == 0


def _orders(gateway: Gateway) -> tuple[list[tuple[float, Command]], dict[str, End], dict[str, str]]:
    """Orders with the time of their entries, the end of each, and the protocol of each device."""
    orders, ends, origins = [], {}, {}
    for kind, origin, received, payload in gateway.journal():
        if kind is EntryKind.COMMAND:
            orders.append((received, msgspec.json.decode(payload, type=Command)))
        elif kind is EntryKind.RESULT:
            ended = msgspec.json.decode(payload, type=Ended)
            ends[ended.command] = ended.end
        elif kind is EntryKind.FRAME:
            origins[origin.device] = origin.protocol
    return orders, ends, origins


@contextmanager
def held(tmp_path: Path) -> Iterator[tuple[Gateway, FollowedClock]]:
    """A gateway of a county that asks for closer reports, on a clock that the test moves by hand."""
    county = write_county(tmp_path / "county", free_port(), 1)
    main = county.directory / "gateway.yaml"
    main.write_text(main.read_text("utf-8") + "commands: {closer: {usual: 15min}}\n", "utf-8")
    clock = FollowedClock.begin(tmp_path / "hand", datetime.now(UTC).timestamp() // 1.0, 200.0)
    gateway = Gateway(county, clock=clock.name)
    try:
        gateway.start()
        yield gateway, clock
    finally:
        gateway.finish()


def moved(clock: FollowedClock, seconds: float) -> float:
    clock._shown[0] += seconds
    return clock.now()


def interval(terminal: Terminal) -> int:
    """The next frame that comes sets the interval; it is taken. Seconds."""
    order = terminal.receive()
    assert order is not None
    assert order.message == SET_PARAMETERS
    count, number, length, seconds = struct.unpack(">BIBI", order.body)
    assert (count, number, length) == (1, 0x0029, 4)
    terminal.send(terminal.frame(0x0001, struct.pack(">HHB", order.serial, order.message, 0)))
    return int(seconds)


def outside(terminal: Terminal, now: float) -> None:
    terminal.ask(POSITION, position(now, latitude=25.01))


def test_a_plain_terminal_is_asked_once_through_a_kill_and_put_back(tmp_path):
    with held(tmp_path) as (gateway, clock):
        with Terminal(gateway.county.port, phone(0)) as terminal:
            code = terminal.log_in()
            for _ in range(3):
                terminal.ask(POSITION, position(moved(clock, QUARTER), latitude=24.99))
            outside(terminal, moved(clock, QUARTER))
            assert interval(terminal) == 60
            eventually(lambda: _ended(gateway) == [End.DONE], "the order is done")
        gateway.kill()
        gateway.start()
        with Terminal(gateway.county.port, phone(0)) as terminal:
            terminal.ask(AUTHENTICATE, authentication(2013, code))
            for _ in range(5):
                outside(terminal, moved(clock, MINUTE))
            moved(clock, LASTING)
            assert interval(terminal) == 900
            eventually(lambda: _ended(gateway) == [End.DONE, End.DONE], "the interval is put back")
        gateway.tick()
        orders, *_ = _orders(gateway)
        assert [command.reason for _, command in orders] == ["closer", "usual"]
        raised = {each["data"]["kind"]: each["data"] for each in gateway.events() if each["type"].endswith("raised")}
        assert "closer_reports" in raised["inclusion_exit"]["facts"]


def _ended(gateway: Gateway) -> list[End]:
    return list(_orders(gateway)[1].values())

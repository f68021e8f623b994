"""Phones through the real daemon: a stand-in for the carrier, a clock that waits, alarms as the platform reads them."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

import pytest
from gateway_process import PATIENCE, Gateway, eventually
from pressed_county import County

from firmware_sim.carrier.faults import Fault
from firmware_sim.carrier.server import PATH, LocationServer
from firmware_sim.carrier.subscriber import Subscriber
from firmware_sim.clock import WaitingClock
from firmware_sim.clock_file import ClockFile
from gateway.clock import FILE
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEED = 15_000.0
"""At most: the clock waits until every phone has been asked within the last hour."""
HOME, FAR = (24.33, 109.42), (24.33, 110.42)
HOUR = 3600.0


def number(index):
    return f"138000000{index:02d}"


@contextmanager
def serving(server: LocationServer) -> Iterator[int]:
    """The location server on a loop of its own, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(server.start(), loop).result(PATIENCE)
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


def write(directory: Path, port: int, epoch: datetime) -> County:
    """Four phones of four people: at home, far away, off, and one without an authority; an area of 20 km."""
    since, until = (epoch - timedelta(days=30)).date(), (epoch + timedelta(days=30)).date()
    directory.mkdir(parents=True, exist_ok=True)
    corner = "[[109.2,24.1],[109.7,24.1],[109.7,24.6],[109.2,24.6],[109.2,24.1]]"
    (directory / "county.geojson").write_text(f'{{"type":"Polygon","coordinates":[{corner}]}}', "utf-8")
    (directory / "credentials.yaml").write_text("mobile: {username: county, password: secret}\n", "utf-8")
    (directory / "credentials.yaml").chmod(0o600)
    people = [f"P{n:04d}" for n in range(1, 5)]
    lines = [
        "county: {code: pressed, timezone: Asia/Shanghai, language: en, bounds: county.geojson, datum: wgs84}",
        'listeners: [{name: bracelets, protocol: jt808, tcp: "127.0.0.1:0"}]',
        "carriers:",
        f'  - {{name: mobile, url: "http://127.0.0.1:{port}{PATH}", dialect: le, credential: mobile, datum: wgs84,',
        "     every: {strict: 10min}, per_minute: 600, per_day: 100000}",
        "storage: {directory: data, keep_days: 30}",
        "upstreams: [{name: city, file: alarms.jsonl}]",
        "zones: [{id: county, name: county, datum: wgs84, file: county.geojson}]",
        "rules: [{id: stay, people: all, basis: order-1, stay_inside: county}]",
        "people:",
        *(f"  - {{person: {who}, level: strict, office: S01}}" for who in people),
        "devices:",
        *(f'  - {{device: F{n:04d}, protocol: mlp, identity: "86{number(n)}"}}' for n in range(1, 5)),
        "assignments:",
        *(f'  - {{device: F{n:04d}, person: P{n:04d}, from: "{since} 00:00"}}' for n in range(1, 5)),
        "authorities:",
        *(
            f"  - {{person: {who}, kind: phone_check, document: n-1, approved_by: head, wearer_informed: {since}, "
            f"from: {since}, until: {until}}}"
            for who in people[:3]
        ),
    ]
    (directory / "gateway.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return County(directory, 0, 4)


@dataclass
class Told:
    """The server, the daemon that asks it, and the time of both, which goes on while something is waited for."""

    server: LocationServer
    gateway: Gateway
    clock: WaitingClock
    epoch: float

    def until(self, fulfilled, what):
        eventually(lambda: self._go_on() or fulfilled(), what)

    def _go_on(self):
        last = {"86" + number(index): self.epoch for index in (1, 2, 3)} | {who: at for at, who in self.server.asked}
        self.clock.move(time.monotonic(), inf, min(last.values()) + HOUR)


@pytest.fixture
def told(tmp_path):
    """Both stop with the test."""
    epoch = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    clock = WaitingClock(epoch.timestamp(), SPEED, ClockFile(tmp_path / "clock", SPEED).show)
    begin = epoch.timestamp() - HOUR
    listed = [
        Subscriber("86" + number(1), ((begin, *HOME),)),
        Subscriber("86" + number(2), ((begin, *HOME), (epoch.timestamp() + HOUR, *FAR))),
        Subscriber(
            "86" + number(3), ((begin, *HOME),), absent=((epoch.timestamp() + HOUR, epoch.timestamp() + 8 * HOUR),)
        ),
        Subscriber("86" + number(4), ((begin, *HOME),)),
    ]
    server = LocationServer({one.number: one for one in listed}, clock.now)
    with serving(server) as port:
        county = write(tmp_path / "county", port, epoch)
        gateway = Gateway(county, clock=f"{FILE}{tmp_path / 'clock'}")
        try:
            gateway.start()
            yield Told(server, gateway, clock, epoch.timestamp())
        finally:
            gateway.finish()


def kinds(gateway):
    return [
        (event["type"].rpartition(".")[2], event["data"]["kind"], event["data"]["device"]) for event in gateway.events()
    ]


def test_phones_give_region_and_off_and_nothing_else_through_every_trouble(told):
    server, gateway = told.server, told.gateway
    server.faults.waiting += [
        Fault.CONGESTION, Fault.HTTP_ERROR, Fault.GARBAGE, Fault.BOMB, Fault.CUT, Fault.WRONG_NUMBER, Fault.HUGE,
    ]  # fmt: skip
    told.until(lambda: ("raised", "region_unauthorised", "F0002") in kinds(gateway), "the phone far away is told")
    told.until(lambda: ("raised", "phone_off", "F0003") in kinds(gateway), "the phone that is off is told")
    told.until(lambda: ("cleared", "phone_off", "F0003") in kinds(gateway), "and that it is on again")
    assert sorted(kinds(gateway)) == [
        ("cleared", "phone_off", "F0003"), ("raised", "phone_off", "F0003"), ("raised", "region_unauthorised", "F0002"),
    ]  # fmt: skip
    assert gateway.refused("mlp_entity") == gateway.refused("mlp_not_asked") == 1
    figures = gateway.status()["carriers"]["mobile"]
    assert figures["phones"] == 4
    located = gateway.command("command", "F0001", "locate", "--by", "D01")
    assert located.returncode == 0, located.stderr
    refused = gateway.command("command", "F0004", "locate", "--by", "D01")
    assert refused.returncode == 2, refused.stdout
    assert gateway.stop() == 0
    assert gateway.tracebacks() == 0
    assert {asked for _, asked in server.asked} == {"86" + number(n) for n in (1, 2, 3)}
    journaled = [(origin, raw) for kind, origin, _, raw in gateway.journal() if kind is EntryKind.FRAME]
    assert {origin.device for origin, _ in journaled} == {"F0001", "F0002", "F0003"}
    everything = b"".join(path.read_bytes() for path in gateway.county.storage.rglob("*") if path.is_file())
    assert b"secret</pwd>" not in everything
    assert b"secret" not in gateway.log.read_bytes()

"""A scenario over real links: two wire formats, each way of uploading, a network that cuts and delays; all arrives."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from gateway_process import Gateway
from pressed_county import County
from programs import SIMULATOR, ran

from gateway.clock import FollowedClock
from gateway.demo.broker import free_port

SPEED, DAYS = 10_000.0, 1
"""The speed at most: the clock waits for the gateway."""
TOLD = 900.0
"""Real seconds it may take at most."""
SCENARIO = """\
why: Two wire formats over a line that cuts what is written anywhere and delays it.
devices: 8
people: {curfew: 1.0}
tricks: [{kind: late_return, people: 2}]
nuisances: {dead_cell: 60}
firmware:
  formats: {jt808-2011: 1, jt808-2013: 1, jt808-2019: 1, gt06: 1}
  links: {tcp: 2, udp: 1}
  uploads: {backlog_first: 1, live_first: 1, newest_first: 1, shuffled: 1}
network: {delay_s: 20, jitter_s: 40, splits: 0.3}
"""


def test_every_report_of_every_format_is_acknowledged_and_journaled(tmp_path):
    scenario = tmp_path / "mixed.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    port, clock_file = free_port(2), tmp_path / "clock"
    epoch = datetime(2026, 11, 1, 16, tzinfo=UTC)
    told = ["--scenario", str(scenario), "--days", str(DAYS), "--epoch", epoch.isoformat(), "--port", str(port)]
    county = County(tmp_path / "county", port, 8)
    where = ["--storage", str(county.storage), "--mqtt", "mqtt://127.0.0.1:1"]
    ran([SIMULATOR, "county", county.directory, *told, *where], TOLD, check=True)
    clock = FollowedClock.begin(clock_file, epoch.timestamp(), SPEED)
    gateway = Gateway(county, clock=clock.name)
    stats = tmp_path / "stats.json"
    try:
        gateway.start()
        run = ["run", *told, "--gt06-port", str(port + 1), "--clock-file", str(clock_file), "--speed", str(SPEED)]
        ran([SIMULATOR, *run, "--stats", stats], TOLD, check=True)
        assert gateway.stop() == 0
    finally:
        gateway.finish()
    totals = json.loads(stats.read_text("utf-8"))["totals"]
    assert totals["stored"] == 0
    assert totals["acknowledged"] == totals["made"] > 1000
    assert clock.is_over
    assert clock.now() >= epoch.timestamp() + 86_400.0 * DAYS
    assert {origin.protocol for _, origin, _, _ in gateway.journal()} >= {"jt808", "gt06"}
    assert gateway.tracebacks() == 0

"""Row of the benchmark: good bracelets at their pace, by turns alone and beside a hostile crowd."""

from __future__ import annotations

import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench_rows import county, middle, rate, ratio
from bench_table import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_rows import Asked

HOSTILE = 5_000
INTERVAL = 1.0
"""Seconds between reports of a good one."""
ROOM = ", max_connections: 8192"
LEAST_SECONDS = 5.0


@contextmanager
def crowd(port: int) -> Iterator[None]:
    """Hostile connections, while the block lasts."""
    line = [sys.executable, str(Path(__file__).parent / "bench_hostile.py"), str(port), str(HOSTILE)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "go"
        yield
    finally:
        process.terminate()
        process.wait()


def beside_hostile(asked: Asked) -> Iterator[Figure]:
    """Row g."""
    seconds = max(LEAST_SECONDS, asked.seconds)
    how = {"interval": INTERVAL, "warm_up": 2.0}
    rounds = []
    with county(asked.connections, limits=ROOM) as ours:
        for _ in range(max(1, asked.rounds // 3)):
            quiet = ours.load(asked.connections, seconds, **how)
            with crowd(ours.port):
                rounds.append((quiet, ours.load(asked.connections, seconds, **how)))
        refused = ours.status()["refused"]
    waits = f"{middle(rounds, 1, p99):.1f} ms beside {middle(rounds, 0, p99):.1f} ms"
    what = f"{HOSTILE:,} hostile connections beside {asked.connections:,} good ones: p99 to quiet"
    yield Figure("g", what, ratio(rounds, p99), "times", most=3.0, beside=waits)
    served = f"{middle(rounds, 1, rate):,.0f}/s of {asked.connections / INTERVAL:,.0f}/s; {gone(rounds)} lost"
    yield Figure("g", "the same: throughput to quiet", ratio(rounds, rate), least=0.9, beside=served)
    busy = f"{share(rounds, 0):.0f} % while quiet; refused: {told(refused)}"
    yield Figure("g", "the same: share of a core", share(rounds, 1), "%", beside=busy)


def p99(said: dict) -> float:
    """Of an answer, milliseconds."""
    return said["p99_ms"]


def share(rounds: list[tuple[dict, ...]], which: int) -> float:
    """Per cent of a core."""
    return statistics.median(100.0 * each[which]["cpu_s"] / each[which]["seconds"] for each in rounds)


def gone(rounds: list[tuple[dict, ...]]) -> int:
    """Good connections that were lost."""
    return sum(one["gone"] for each in rounds for one in each)


def told(refused: dict[str, int]) -> str:
    """The three commonest reasons."""
    most = sorted(refused.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{name} {count:,}" for name, count in most)

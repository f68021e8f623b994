"""Rows of the benchmark at a county's pace: a report of each bracelet a minute, by few and by very many."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench_rows import county
from bench_table import Figure

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_rows import Asked

MINUTE = 60.0
SPARE = 256
"""Descriptors that gateway and load need for all else."""
FSYNC = 0.02
ROOM = ", max_connections: 100000, max_strangers: 100000"


def very_many(asked: Asked) -> Iterator[Figure]:
    """Row d: as many by TCP as there are descriptors, the rest by UDP."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    by_tcp = min(asked.many, max(0, hard - SPARE)) if hard != resource.RLIM_INFINITY else asked.many
    udp = free_port()
    with county(asked.many, udp=udp, limits=ROOM) as ours:
        by_udp = {"udp": asked.many - by_tcp, "udp_port": udp}
        said = ours.load(asked.many, asked.pace, interval=MINUTE, warm_up=MINUTE, **by_udp)
    ways = f"{by_tcp:,} by TCP, {asked.many - by_tcp:,} UDP peers (limit of descriptors {hard:,}); {said['gone']} lost"
    yield Figure(
        "d",
        f"{asked.many:,} connections, a report a minute each: resident",
        said["memory_mib"],
        "MiB",
        most=1024,
        beside=ways,
    )
    asked_for = round(asked.many / MINUTE * asked.pace)
    answers = f"p50 {said['p50_ms']:.1f} ms; {said['answers']:,} answers of {asked_for:,}"
    yield Figure("d", "the same: answer p99", said["p99_ms"], "ms", most=100.0, beside=answers)
    yield Figure("d", "the same: share of a core", share(said), "%")


def few(asked: Asked) -> Iterator[Figure]:
    """Row f: 60 and 600 bracelets, each sync 20 ms longer than the disk's own."""
    program = (sys.executable, str(Path(__file__).parent / "bench_slow_disk.py"), str(FSYNC))
    for bracelets, most in ((60, 0.4), (600, 2.0)):
        with county(bracelets, program=program) as ours:
            said = ours.load(bracelets, asked.pace, interval=MINUTE, warm_up=MINUTE)
        what = f"{bracelets} bracelets, a report a minute, syncs of 20 ms"
        waits = f"answer p50 {said['p50_ms']:.1f} ms, p99 {said['p99_ms']:.1f} ms"
        yield Figure("f", f"{what}: share of a core", share(said), "%", most=most, beside=waits)
        yield Figure("f", "the same: resident", said["memory_mib"], "MiB", most=150.0)


def share(said: dict) -> float:
    """Per cent of one core."""
    return 100.0 * said["cpu_s"] / said["seconds"]

"""How a city grows with its workers: the same logs, stepped by one to four of them. Prints a table, and draws it.

    .venv/bin/python tools/bench_workers.py [--workers 1 2 3 4] [--people 2000] [--rounds 40] [--partitions 4]

One nats-server (the wheel's, JetStream, ``sync_interval: always``) on loopback, one county of so many partitions whose
logs are there already; then so many worker processes at once, each with partitions of its own, until all is answered
for. Counted is from when all are at work (each has answered for something) to the end: entries a second by the clock,
and processor time an entry of the workers and of the server, which share the same cores. The picture: ``docs/performance/workers.png``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench_growth import entry, reports, started
from bench_start_county import write_county
from pictures import kept, plt

from gateway.demo.broker import free_port
from gateway.demo.lifeline import lifeline
from gateway.engine import compile_policy
from gateway.journal.entries import EntryKind
from gateway.partition.router import Router
from gateway.settings.load import load
from gateway.settings.model import Credential
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition, journal_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PICTURE = Path(__file__).parents[1] / "docs" / "performance" / "workers.png"
BIN = Path(sys.executable).parent
PATIENCE = 120.0
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Row:
    """One number of workers: entries a second, and processor microseconds an entry of workers and of the server."""

    workers: int
    rate: float
    stepping: float
    serving: float


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A nats-server alone; its address, and its process."""
    port, written = free_port(), folder / "server.conf"
    written.write_text(
        f'listen: 127.0.0.1:{port}\njetstream {{ store_dir: "{folder / "store"}", sync_interval: always }}\n', "utf-8"
    )
    process = subprocess.Popen([BIN / "nats-server", "-c", written], stderr=subprocess.DEVNULL, preexec_fn=lifeline())  # noqa: PLW1509  the hook takes no lock
    try:
        yield f"nats://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()


async def connected(url: str) -> Connection:
    """A connection, as soon as the server listens."""
    deadline = time.monotonic() + 10.0
    while True:
        try:
            return await Connection(url, Credential()).__aenter__()
        except Exception:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def filled(connection: Connection, county: Path, rounds: int, partitions: int) -> tuple[str, int]:
    """The logs of a county: a thousand reports a minute of it; its code, and how many entries there are."""
    configuration = load(county)
    policy, code, router = (
        compile_policy(configuration),
        configuration.county.code,
        Router(configuration.county.code, partitions),
    )
    journals = [
        await asyncio.to_thread(StreamJournal, connection, Partition(code, number, partitions))
        for number in range(partitions)
    ]
    await asyncio.to_thread(journals[0].store_configuration, configuration.digest, configuration.sources)
    begin, count = float(configuration.assignments[0].start) + 864_000.0, 0
    batches = [started(policy, begin)]
    for minute in range(rounds):
        at = begin + 600.0 + 60.0 * minute
        batches += [reports(configuration, at), entry(EntryKind.TICK, at + 30.0)]
    for batch in batches:
        for one in router.route(batch, lambda _: configuration):
            await asyncio.to_thread(journals[one.partition].append, one.batch)
            count += len(one.batch)
    return code, count


def begun(folder: Path, url: str, code: str, number: int, workers: int, partitions: int) -> subprocess.Popen[bytes]:
    """One worker of so many, with each of them partitions of its own."""
    home = folder / f"{workers}-{number}"
    home.mkdir()
    mine = [f'"{code}/{each}"' for each in range(number, partitions, workers)]
    (home / "worker.yaml").write_text(
        f"worker: {{name: w{number}, language: en}}\nstream: {{nats: '{url}'}}\nstorage: {{directory: state}}\n"
        f"partitions: [{', '.join(mine)}]\n", "utf-8",
    )  # fmt: skip
    return subprocess.Popen(
        [BIN / "bracelet-gateway", "worker", "run", "--config", home], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, preexec_fn=lifeline(),  # noqa: PLW1509  the hook takes no lock
    )  # fmt: skip


def spent(process: subprocess.Popen[bytes]) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def left(connection: Connection, code: str, partitions: int) -> list[tuple[int, int]]:
    """By partition the messages that nobody has answered for, and all of them."""
    found = []
    for number in range(partitions):
        stream = journal_stream(code, number)
        total = (await connection.ask(f"STREAM.INFO.{stream}"))["state"]["messages"]
        listed = (await connection.ask(f"CONSUMER.LIST.{stream}", {"offset": 0}))["consumers"] or []
        found.append((min((one["num_pending"] + one["num_ack_pending"] for one in listed), default=total), total))
    return found


async def measured(  # noqa: PLR0913, PLR0917  a run of its own
    folder: Path,
    url: str,
    serving: subprocess.Popen[bytes],
    code: str,
    entries: int,
    workers: int,
    partitions: int,
) -> Row:
    """The logs stepped by so many workers, from the first message on."""
    connection = await connected(url)
    try:
        for number in range(partitions):
            stream = journal_stream(code, number)
            for one in (await connection.ask(f"CONSUMER.LIST.{stream}", {"offset": 0}))["consumers"] or []:
                await connection.ask(f"CONSUMER.DELETE.{stream}.{one['name']}")
        processes = [begun(folder, url, code, number, workers, partitions) for number in range(workers)]
        deadline = time.monotonic() + PATIENCE

        async def until(reached: Callable[[int, int], bool]) -> tuple[float, float, float, float]:
            """When every partition is so far, by processor and clock, and the share of messages that is left then."""
            now = await left(connection, code, partitions)
            while not all(reached(*one) for one in now):
                assert time.monotonic() < deadline, "the workers have not come to the end"
                await asyncio.sleep(0.05)
                now = await left(connection, code, partitions)
            share = sum(one for one, _ in now) / sum(total for _, total in now)
            return time.monotonic(), sum(map(spent, processes)), spent(serving), share

        try:
            begin = await until(lambda some, total: some < total)
            end = await until(lambda some, _: some == 0)
        finally:
            for one in processes:
                one.kill()
                one.wait()
        counted = entries * begin[3]
        took, used, served = (after - before for before, after in zip(begin[:3], end[:3], strict=True))
        return Row(workers, counted / took, 1e6 * used / counted, 1e6 * served / counted)
    finally:
        await connection.__aexit__()


def drawn(rows: list[Row]) -> Path:
    """Entries a second by workers, and what each costs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    number = [row.workers for row in rows]
    left.plot(number, [row.rate for row in rows], marker="o")
    left.set(xlabel="workers", ylabel="entries a second", ylim=(0, None), xticks=number)
    for values, label in (([row.stepping for row in rows], "workers"), ([row.serving for row in rows], "server")):
        right.plot(number, values, marker="o", label=label)
    right.set(xlabel="workers", ylabel="processor time an entry, us", ylim=(0, None), xticks=number)
    right.legend()
    return kept(figure, PICTURE)


async def main(arguments: argparse.Namespace) -> None:
    """Fill once, step as often as asked."""
    with tempfile.TemporaryDirectory(prefix="bench-workers-") as temporary:
        folder = Path(temporary)
        write_county(folder / "county", arguments.people, arguments.people)
        with server(folder) as (url, process):
            connection = await connected(url)
            code, entries = await filled(connection, folder / "county", arguments.rounds, arguments.partitions)
            await connection.__aexit__()
            rows = []
            print(f"{entries} entries in {arguments.partitions} partitions, {os.cpu_count()} cores")
            for workers in arguments.workers:
                rows.append(await measured(folder, url, process, code, entries, workers, arguments.partitions))
                one = rows[-1]
                print(
                    f"{workers} workers: {one.rate:,.0f} entries/s, {one.stepping:.1f} us each, server {one.serving:.1f} us"
                )
            print(drawn(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--partitions", type=int, default=4)
    asyncio.run(main(parser.parse_args()))

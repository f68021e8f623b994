"""How costs grow: with devices and zones, and with entries of the journal. Prints exponents, and draws them.

    .venv/bin/python tools/bench_growth.py [--sizes 1000 10000 100000] [--entries 1000000 10000000] [--most]

CPU time. An exponent is the slope between two sizes on scales of logarithms: 0 does not grow, 1 grows as what it is of;
n log n is 1.1 between a thousand and a hundred thousand. ``--most``: a hundred million entries, too, which takes an hour
and 12 GB below ``--folder``. The picture: ``docs/performance/growth.png``.
"""

from __future__ import annotations

import argparse
import gc
import math
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from bench_start_county import write_county
from pictures import kept, plt

from firmware_sim.firmware.messages import Alarm, Location, location_body
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.engine import EngineState, compile_policy, pack_drawn, snapshot_of, unpack_drawn
from gateway.engine.step import step
from gateway.journal import FileJournal, verify
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.settings.load import load

if TYPE_CHECKING:
    from gateway.engine import Policy
    from gateway.settings.model import Configuration

PICTURE = Path(__file__).parents[1] / "docs" / "performance" / "growth.png"
REPORTS, POINTS, ROW, LOOKUPS, FRAME = 1_000, 10_000, 4_096, 200, b"\x7e" * 60
MOST = 100_000_000
AT_HOME = {
    "speed_kmh": 1.0, "course": 90.0, "satellites": 9, "signal": 20, "battery_percent": 80, "mileage_km": 0.0, "cells": (),
}  # fmt: skip
Rows = dict[str, dict[int, float]]


class Spent:
    """CPU seconds by step and size."""

    def __init__(self) -> None:
        self.rows: Rows = {}

    def on(self, name: str, size: int, work, shares: int = 1):
        """What ``work`` gives; its time, or that of one of so many shares, is noted."""
        gc.collect()
        gc.freeze()
        began = time.process_time()
        given = work()
        self.rows.setdefault(name, {})[size] = max(time.process_time() - began, 1e-4) / shares
        return given


def of_county(size: int, folder: Path, spent: Spent) -> None:
    """A county of so many people, devices and zones."""
    write_county(folder, size, size)
    configuration = spent.on("load", size, lambda: load(folder))
    policy = spent.on("compile", size, lambda: compile_policy(configuration))
    drawn = pack_drawn(policy)
    spent.on("compile what was drawn", size, lambda: compile_policy(configuration, unpack_drawn(drawn)))
    state, begin = EngineState(), float(configuration.assignments[0].start) + 864_000.0
    first, rounds = started(policy, begin), [reports(configuration, begin + 600.0 + 60.0 * n) for n in range(6)]
    spent.on("the first step", size, lambda: step(state, first, lambda _: policy, first=0))
    for batch in rounds[:3]:
        step(state, batch, lambda _: policy, first=state.offset)
    spent.on(
        "1,000 reports stepped",
        size,
        lambda: [step(state, each, lambda _: policy, first=state.offset) for each in rounds[3:]],
        3,
    )
    ticks = [entry(EntryKind.TICK, begin + 960.0 + n) for n in range(20)]
    spent.on("a tick", size, lambda: [step(state, each, lambda _: policy, first=state.offset) for each in ticks], 20)
    spent.on("10,000 zone checks", size, lambda: checked(policy), 5)
    spent.on("a snapshot", size, lambda: snapshot_of(state))


def entry(kind: EntryKind, received: float, payload: bytes = b"") -> EntryBatch:
    """A batch of one."""
    gathering = Gathering()
    gathering.add(kind, received, Origin(), payload)
    return gathering.batch()


def started(policy: Policy, begin: float) -> EntryBatch:
    """What a gateway begins with."""
    gathering = Gathering()
    gathering.add(EntryKind.START, begin, Origin(), msgspec.json.encode(Start("bench")))
    configured = msgspec.json.encode(Configured(policy.configuration.digest))
    gathering.add(EntryKind.CONFIGURATION, begin, Origin(), configured)
    return gathering.batch()


def reports(configuration: Configuration, moment: float) -> EntryBatch:
    """A report each from the homes of a thousand people, from one end of the county to the other."""
    gathering, every = Gathering(), len(configuration.devices) // REPORTS
    devices = list(configuration.devices.values())[:: max(every, 1)][:REPORTS]
    homes = [person.home for person in configuration.people.values()][:: max(every, 1)][:REPORTS]
    for number, (device, home) in enumerate(zip(devices, homes, strict=True)):
        place = {"latitude": home.latitude, "longitude": home.longitude}
        body = location_body(Location(moment, Alarm(0), located=True, **place, **AT_HOME))
        raw = build_frame(0x0200, device.identity, number & 0xFFFF, body, Edition.Y2013)
        origin = Origin(device.device, "bench", device.identity, "jt808", "g10ls")
        gathering.add(EntryKind.FRAME, moment + 1.0, origin, raw)
    return gathering.batch()


def checked(policy: Policy) -> None:
    """Five times ten thousand fixes, each against a zone that it is near."""
    chance, table = np.random.default_rng(3), policy.zones
    zone = chance.integers(0, len(table.first), POINTS)
    place = table.first[zone]
    x, y = (table.bounds[at, place] + chance.normal(50.0, 200.0, POINTS) for at in (0, 1))
    for _ in range(5):
        table.signed_distance(zone, x, y, np.full(POINTS, 500.0))


def of_journal(sizes: list[int], folder: Path, spent: Spent) -> None:
    """One journal that grows, in files of a day; looked at whenever it has reached a size."""
    journal, moment = FileJournal(folder), 1_793_500_000.0
    origins = [Origin(f"B{n:05}", "bracelets", f"10.20.0.{n}:40000", "jt808", "g10ls") for n in range(100)]
    gathering = Gathering()
    for number in range(ROW):
        gathering.add(EntryKind.FRAME, moment, origins[number % 100], FRAME)
    row = gathering.batch()
    for size in sizes:
        rows = size // ROW - journal.next_offset // ROW
        at_end = [moved(row, moment + 60.0 * (size // ROW - 50 + n)) for n in range(50)]
        for _ in range(rows - len(at_end)):
            journal.append(moved(row, moment + 60.0 * (journal.next_offset // ROW)))
        spent.on("an entry appended", size, lambda: [journal.append(each) for each in at_end], len(at_end) * ROW)  # noqa: B023
        wanted = np.random.default_rng(5).integers(0, journal.next_offset, LOOKUPS).tolist()
        spent.on("a look at an entry", size, lambda: [next(journal.read(each)) for each in wanted], LOOKUPS)  # noqa: B023
        spent.on("the whole chain walked", size, lambda: verify(journal))
    journal.close()


def moved(row: EntryBatch, received: float) -> EntryBatch:
    """The same entries at another time."""
    return replace(row, received=np.full(len(row), received))


def slopes(figures: dict[int, float]) -> list[float]:
    """Exponents between neighbouring sizes."""
    pairs = list(figures.items())
    return [math.log(after / before) / math.log(large / small) for (small, before), (large, after) in pairwise(pairs)]


def shown(rows: Rows) -> None:
    """A line a step."""
    for name, figures in rows.items():
        told = "  ".join(f"{size:>11,}: {seconds:.3g} s" for size, seconds in figures.items())
        print(f"{name:26}{told}   exponents {', '.join(f'{each:.2f}' for each in slopes(figures))}")


def drawn(rows: Rows, picture: Path) -> Path:
    """The picture: a line a step, and n log n to hold them against."""
    figure, axes = plt.subplots(1, 2, figsize=(12, 5.5))
    of_entries = ("an entry appended", "a look at an entry", "the whole chain walked")
    for name, figures in rows.items():
        plot = axes[int(name in of_entries)]
        plot.loglog(list(figures), list(figures.values()), marker="o", label=name)
    for plot, title in zip(axes, ("people, devices and zones, each", "entries of the journal"), strict=True):
        low, high = plot.get_xlim()
        sizes = np.geomspace(low, high, 50)
        plot.loglog(sizes, sizes * np.log(sizes) * 2e-5 / math.log(low), color="grey", linestyle=":", label="n log n")
        plot.set(xlabel=title, ylabel="CPU seconds")
        plot.grid(visible=True, which="major", alpha=0.3)
        plot.legend(fontsize=8)
    picture.parent.mkdir(exist_ok=True)
    return kept(figure, picture)


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--entries", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--most", action="store_true")
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--picture", type=Path, default=PICTURE)
    wanted = parser.parse_args()
    spent = Spent()
    with tempfile.TemporaryDirectory() as folder:
        of_county(100, Path(folder) / "warm", Spent())  # loops are compiled at their first call
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        for size in wanted.sizes:
            of_county(size, Path(folder) / f"county-{size}", spent)
        if wanted.entries:
            of_journal(wanted.entries + ([MOST] if wanted.most else []), Path(folder) / "journal", spent)
    shown(spent.rows)
    print(drawn(spent.rows, wanted.picture))


if __name__ == "__main__":
    main()

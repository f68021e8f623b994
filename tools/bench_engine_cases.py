"""The engine's cases, run in a child of ``bench_engine.py``: a case's name a line in, its figures a line of JSON out.

Whichever checkout stands first in PYTHONPATH is measured. All that is asked of it here stood there for long.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import shapely
from rich.console import Console

from fencing.zones import CirclePlace, GeometryPlace, ZoneShape, ZoneTable
from firmware_sim.firmware.messages import Alarm, Location, location_body
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.engine import EngineState, compile_policy
from gateway.engine import step as engine
from gateway.engine.reports import decode_run
from gateway.engine.snapshot import snapshot_of
from gateway.engine.step import Stepped, run_reports, step
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.replay.run import Request, run
from gateway.settings.load import load
from gateway.store.state_db import StateStore

ZONES, LIVE_ROUNDS = 50_000, 36
FEW, SLICE, BATCH, PASSES, WARM, ALL_MARKS = 60, 512, 4096, 6, 3, 10
AT_HOME = {
    "speed_kmh": 1.0, "course": 90.0, "satellites": 9, "signal": 20, "battery_percent": 80, "mileage_km": 0.0, "cells": (),
}  # fmt: skip
LISTENED = 600.0
"""Seconds between the start and the first report."""


class Bench:
    """What the cases need, made when it is first asked for."""

    def __init__(self, folder: Path, wearers: int) -> None:
        self.folder, self.wearers = folder, wearers

    @cached_property
    def begin(self) -> float:
        """When the made-up gateway started."""
        return float(self.configuration.assignments[0].start) + 10 * 86_400.0

    @cached_property
    def configuration(self):
        """The county as its files have it, for few."""
        return load(self.folder / "few")

    @cached_property
    def few(self):
        """Its rules for few wearers."""
        return compile_policy(self.configuration)

    @cached_property
    def many(self):
        """The same rules for so many wearers."""
        return self.of(self.wearers)

    def of(self, wearers: int):
        """The same rules for any number of wearers; files of this size would take minutes to read."""
        one, names = self.configuration, [f"{number:05d}" for number in range(wearers)]
        person, device = next(iter(one.people.values())), next(iter(one.devices.values()))
        homes = [
            replace(person.home, latitude=24.3 + 0.0006 * (number // 224), longitude=109.3 + 0.0006 * (number % 224))
            for number in range(wearers)
        ]
        return compile_policy(
            replace(
                one,
                people={
                    f"P{n}": replace(person, person=f"P{n}", home=home) for n, home in zip(names, homes, strict=True)
                },
                devices={f"B{n}": replace(device, device=f"B{n}", identity=f"139{n:0>8}") for n in names},
                assignments=tuple(replace(one.assignments[0], device=f"B{n}", person=f"P{n}") for n in names),
                authorities=tuple(replace(one.authorities[0], person=f"P{n}") for n in names),
                rules=tuple(replace(rule, people=tuple(f"P{n}" for n in names)) for rule in one.rules),
            )
        )

    def state(self, policy) -> EngineState:
        """A gateway that has started under these rules."""
        state, begin = EngineState(), Gathering()
        configured = Configured(policy.configuration.digest)
        begin.add(EntryKind.START, self.begin, Origin(), msgspec.json.encode(Start("bench")))
        begin.add(EntryKind.CONFIGURATION, self.begin, Origin(), msgspec.json.encode(configured))
        step(state, begin.batch(), lambda _: policy, first=0)
        return state

    def reports(self, policy, wearers: int, rounds: int, apart: float = 60.0) -> EntryBatch:
        """A report of everybody from about home in each round, ``apart`` seconds apart."""
        gathering = Gathering()
        devices = list(policy.configuration.devices.values())[:wearers]
        homes = [person.home for person in policy.configuration.people.values()][:wearers]
        origins = [Origin(each.device, "bench", each.identity, "jt808", "g10ls") for each in devices]
        draw = np.random.default_rng(7)
        for number in range(rounds):
            moment = self.begin + LISTENED + apart * number
            for origin, home, east, north in zip(origins, homes, *draw.normal(0.0, 1e-4, (2, wearers)), strict=True):
                place = {"latitude": home.latitude + north, "longitude": home.longitude + east}
                body = location_body(Location(moment, Alarm(0), located=True, **place, **AT_HOME))
                raw = build_frame(0x0200, origin.peer, number & 0xFFFF, body, Edition.Y2013)
                gathering.add(EntryKind.FRAME, moment + 1.0, origin, raw)
        return gathering.batch()

    @cached_property
    def made(self) -> dict[tuple[bool, int, int], EntryBatch]:
        """Reports by whether they are of many, of how many wearers, and rounds: making them takes longer than all else."""
        return {}

    def entries(self, policy, wearers: int, rounds: int) -> EntryBatch:
        """The same ones each time."""
        key = (policy is self.few, wearers, rounds)
        if key not in self.made:
            self.made[key] = self.reports(policy, wearers, rounds)
            gc.freeze()  # as the daemon does
        return self.made[key]


def one(bench: Bench, policy) -> float:
    """Microseconds of a step of one report; a device's first ones are not counted."""
    state, entries = bench.state(policy), bench.entries(policy, FEW, 6)
    spent = []
    for at in range(len(entries)):
        single = alone(entries, at)
        began = time.process_time()
        step(state, single, lambda _: policy, first=state.offset)
        spent.append(time.process_time() - began)
    return 1e6 * statistics.median(spent[2 * FEW :])


def alone(entries: EntryBatch, at: int) -> EntryBatch:
    """One entry as intake makes it."""
    gathering = Gathering()
    gathering.add(
        EntryKind(int(entries.kind[at])), float(entries.received[at]), entries.origin_of(at), entries.bytes_of(at)
    )
    return gathering.batch()


def sliced(bench: Bench, policy, wearers: int) -> float:
    """Microseconds a report of slices of 512; the first quarter is not counted."""
    rounds = 8 if wearers == SLICE else 72
    state, entries, spent = bench.state(policy), bench.entries(policy, wearers, rounds), []
    for first in range(0, len(entries) - SLICE + 1, SLICE):
        part = entries.slice(first, first + SLICE)
        began = time.process_time()
        step(state, part, lambda _: policy, first=state.offset)
        spent.append(time.process_time() - began)
    return 1e6 * statistics.median(spent[len(spent) // 4 :]) / SLICE


def live(bench: Bench, wearers: int) -> float:
    """Microseconds a report where each slice has one of everybody, a second after the last; the first third is left out."""
    policy, spent = bench.of(wearers), []
    state, entries = bench.state(policy), bench.reports(policy, wearers, LIVE_ROUNDS, 1.0)
    for first in range(0, len(entries), wearers):
        part = entries.slice(first, first + wearers)
        began = time.process_time()
        step(state, part, lambda _: policy, first=state.offset)
        spent.append(time.process_time() - began)
    return 1e6 * statistics.median(spent[len(spent) // 3 :]) / wearers


def zone_checks(bench: Bench) -> float:
    """Checks a second of 50,000 zones, half of them circles; a third of the places within 60 m of a border."""
    del bench
    draw = np.random.default_rng(3)
    middle, size = draw.uniform(-50_000.0, 50_000.0, (2, ZONES)), draw.uniform(30.0, 300.0, ZONES)
    turns = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    shapes = []
    for number, (x, y, radius) in enumerate(zip(*middle, size, strict=True)):
        corners = np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])
        place = CirclePlace("", x, y, radius) if number % 2 else GeometryPlace("", shapely.Polygon(corners))
        shapes.append(ZoneShape(f"Z{number}", "", (place,)))
    table, zone = ZoneTable.build(shapes), draw.integers(0, ZONES, (12, BATCH))
    near = draw.random((12, BATCH)) < 1.0 / 3.0
    x = np.where(near, middle[0][zone] + size[zone], draw.uniform(-50_000.0, 50_000.0, zone.shape))
    y = np.where(near, middle[1][zone], draw.uniform(-50_000.0, 50_000.0, zone.shape))
    x, y = x + draw.normal(0.0, 30.0, zone.shape), y + draw.normal(0.0, 30.0, zone.shape)
    spent = []
    for row in range(12):
        began = time.process_time()
        table.signed_distance(zone[row], x[row], y[row], np.full(BATCH, 80.0))
        spent.append(time.process_time() - began)
    return BATCH / statistics.median(spent[2:])


def rows_per_second(bench: Bench, rows: int, **what: Path) -> float:
    """Rows of CPU time, from reading the files to the last event."""
    wanted = dict.fromkeys(("journal", "fixes", "frames", "track")) | what
    request = Request(
        config=bench.folder / "sim" / "county", alarms=bench.folder / "alarms.jsonl", until="", batch=65_536, **wanted
    )
    began = time.process_time()
    run(request, Console(file=io.StringIO()))
    return rows / (time.process_time() - began)


def fused(bench: Bench) -> float:
    """Reports a second from decoded columns on, of everybody in turn, in batches of 4,096."""
    policy, state, spent, rows = bench.many, bench.state(bench.many), 0.0, 0
    entries = bench.entries(policy, bench.wearers, PASSES)
    for first in (
        begin + at for begin in range(0, len(entries), bench.wearers) for at in range(0, bench.wearers, BATCH)
    ):
        part = entries.slice(first, min(first + BATCH, (first // bench.wearers + 1) * bench.wearers))
        reports = decode_run(state, part, policy)
        began = time.process_time()
        run_reports(state, part, reports, policy, Stepped())
        took = time.process_time() - began
        state.offset += len(part)
        state.now = float(part.received[-1])
        if first >= WARM * bench.wearers:  # the first passes begin tracks, verdicts and presence
            spent, rows = spent + took, rows + len(part)
    return rows / spent


def late(bench: Bench, wearers: int, rows: int) -> list[float]:
    """Milliseconds in which the past of wearers, whose reports came late, is decided anew; and the longest piece of it."""
    policy, state = bench.many, bench.state(bench.many)
    entries, newest = bench.entries(policy, wearers, rows + 1), (rows + 2) * 60.0
    last = entries.slice(rows * wearers, (rows + 1) * wearers)
    stored = entries.slice(0, rows * wearers)
    came = bench.begin + LISTENED + newest
    step(state, replace(last, received=np.full(len(last), came)), lambda _: policy, first=state.offset)
    step(state, replace(stored, received=np.full(len(stored), came + 1.0)), lambda _: policy, first=state.offset)
    tick = Gathering()
    tick.add(EntryKind.TICK, came + 700.0, Origin(), b"")
    pieces, began = [], time.process_time()
    for _ in engine.steps(state, tick.batch(), lambda _: policy, Stepped(), first=state.offset):
        pieces.append(time.process_time() - began - sum(pieces))
    pieces.append(time.process_time() - began - sum(pieces))
    assert state.counts["report_decided_again"] >= rows * wearers
    return [1e3 * sum(pieces), 1e3 * max(pieces)]


def state_bytes(bench: Bench) -> float:
    """Bytes of a snapshot for each device, after a few reports of each."""
    policy, state = bench.many, bench.state(bench.many)
    entries = bench.entries(policy, bench.wearers, PASSES)
    for first in range(0, len(entries), BATCH):
        step(state, entries.slice(first, first + BATCH), lambda _: policy, first=state.offset)
    return on_disk(bench, state) / bench.wearers


def bytes_of_week(bench: Bench) -> float:
    """The same where every device has all its marks: eight days of a report each quarter of an hour."""
    policy, state = bench.few, bench.state(bench.few)
    entries = bench.reports(policy, FEW, 8 * 96, 900.0)
    for first in range(0, len(entries), BATCH):
        step(state, entries.slice(first, first + BATCH), lambda _: policy, first=state.offset)
    assert min(len(marks) for marks in state.marks.values()) >= ALL_MARKS
    return on_disk(bench, state) / FEW


def on_disk(bench: Bench, state: EngineState) -> int:
    """Bytes that a whole snapshot takes on disk; each checkout has its own."""
    path = bench.folder / f"snapshot-{os.getpid()}" / "state.db"
    store = StateStore(path)
    store.save_snapshot(snapshot_of(state))
    store.close()
    return sum(each.stat().st_size for each in (path.parent / "snapshots").iterdir())


def counted(bench: Bench, name: str) -> int:
    """Rows of a made file."""
    return int(json.loads((bench.folder / "rows.json").read_text("utf-8"))[name])


CASES = {
    "one": lambda bench: one(bench, bench.few),
    "one_of_many": lambda bench: one(bench, bench.many),
    "slice": lambda bench: sliced(bench, bench.many, SLICE),
    "slice_of_few": lambda bench: sliced(bench, bench.few, FEW),
    "live_1": lambda bench: live(bench, 1),
    "live_512": lambda bench: live(bench, 512),
    "live_1024": lambda bench: live(bench, 1024),
    "live_4096": lambda bench: live(bench, 4096),
    "zones": zone_checks,
    "fixes": lambda bench: rows_per_second(bench, counted(bench, "fixes"), fixes=bench.folder / "fixes.csv"),
    "frames": lambda bench: rows_per_second(bench, counted(bench, "frames"), frames=bench.folder / "sim" / "frames"),
    "fused": fused,
    "late_one": lambda bench: late(bench, 1, 1440)[0],
    "late_many": lambda bench: late(bench, 200, 128)[0],
    "late_most": lambda bench: late(bench, 200, 1440)[0],
    "late_piece": lambda bench: late(bench, 200, 1440)[1],
    "bytes": state_bytes,
    "bytes_of_week": bytes_of_week,
}


def main() -> None:
    """Answer until the input ends."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("wearers", type=int)
    chosen = options.parse_args()
    bench = Bench(chosen.folder, chosen.wearers)
    for line in sys.stdin:
        print(json.dumps(CASES[line.strip()](bench)), flush=True)


if __name__ == "__main__":
    main()

"""What an afternoon's loop costs a report beside our parts, in the same run: parse, zones, commit, one by one or by batch.

The loop: construct's parse of each frame, each fix looked up in rtree and asked of shapely, one SQLite commit a report.
Ours: columns of a batch, each fix measured against its wearer's zones (a signed distance, not just in or out), one row
of the journal a batch, with its hashes. Processor time and, of commits, the time waited; medians, and of pairs of rounds
how many times as cheap ours is.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely
from bench_decode import frames
from rtree.index import Index

from fencing.plane import LocalPlane
from fencing.zones import GeometryPlace, ZoneShape, ZoneTable
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind, Gathering, Origin
from protocols.jt808 import FAMILY
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import unescape
from protocols.session import FrameBatch

BATCH = 512
HEAD = 12
NOON = 1_770_000_000.0
OWN = 3
"""Zones of a wearer: the nearest."""
SQUARE = 25_000.0
"""Metres from the middle of the county to its edge."""
PLANE = LocalPlane(31.2, 121.4)


class Both:
    """The same reports, both ways."""

    def __init__(self, zones: int, folder: Path) -> None:
        self.frames = frames(count=BATCH)
        self.batch = FrameBatch.of(self.frames, "standard")
        reports = FAMILY.decode(self.batch)
        self.x, self.y = PLANE.forward(reports.latitude, reports.longitude)
        chance = np.random.default_rng(1)
        middle = chance.uniform(-SQUARE, SQUARE, (zones, 2))
        middle += np.array([self.x.mean(), self.y.mean()])
        self.areas = shapely.buffer(shapely.points(middle), 100.0, quad_segs=4)
        shapely.prepare(self.areas)
        self.tree = Index((number, box, None) for number, box in enumerate(shapely.bounds(self.areas).tolist()))
        shapes = [ZoneShape(str(n), str(n), (GeometryPlace("", area),)) for n, area in enumerate(self.areas)]
        self.table = ZoneTable.build(shapes)
        away = np.hypot(self.x[:, None] - middle[:, 0], self.y[:, None] - middle[:, 1])
        self.own = away.argpartition(OWN)[:, :OWN].ravel()
        self.loop = sqlite3.connect(folder / "loop.db")
        self.loop.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE report (t, x, y, raw)")
        self.journal = FileJournal(folder / "journal")

    def parse_each(self) -> None:
        """construct, frame by frame."""
        for frame in self.frames:
            LOCATION_REPORT.parse(unescape(frame[1:-1])[HEAD:-1])

    def decode(self) -> None:
        """The columns of the batch."""
        FAMILY.decode(self.batch)

    def ask_each(self) -> None:
        """Rtree and shapely, fix by fix, of all zones."""
        for x, y in zip(self.x.tolist(), self.y.tolist(), strict=True):
            point = shapely.Point(x, y)
            for number in self.tree.intersection((x, y, x, y)):
                self.areas[number].contains(point)

    def measure(self) -> None:
        """The signed distance of every fix to each of its wearer's zones."""
        x, y = np.repeat(self.x, OWN), np.repeat(self.y, OWN)
        self.table.signed_distance(self.own, x, y, np.full(len(x), 500.0))

    def commit_each(self) -> None:
        """A commit a report."""
        for x, y, frame in zip(self.x.tolist(), self.y.tolist(), self.frames, strict=True):
            self.loop.execute("INSERT INTO report VALUES (?, ?, ?, ?)", (NOON, x, y, frame))
            self.loop.commit()

    def append(self) -> None:
        """A row of the journal."""
        gathering, origin = Gathering(), Origin("B0001", "bracelets", "10.0.0.1:40000", "jt808", "standard")
        for frame in self.frames:
            gathering.add(EntryKind.FRAME, NOON, origin, frame)
        self.journal.append(gathering.batch())


PARTS = {
    "parse": (Both.parse_each, Both.decode, time.process_time),
    "zones": (Both.ask_each, Both.measure, time.process_time),
    "commit": (Both.commit_each, Both.append, time.process_time),
    "commit, waiting included": (Both.commit_each, Both.append, time.perf_counter),
}


def spent(deed, both: Both, clock) -> float:
    """Microseconds a report."""
    begin = clock()
    deed(both)
    return (clock() - begin) / BATCH * 1e6


def main() -> int:
    """Print one line a part."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--zones", type=int, default=10_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as temporary:
        both = Both(chosen.zones, Path(temporary))
        both.decode()
        print(f"us a report, batches of {BATCH}, {chosen.zones} zones: the loop, ours, times as cheap")
        for name, (loop, ours, clock) in PARTS.items():
            pairs = [(spent(loop, both, clock), spent(ours, both, clock)) for _ in range(chosen.rounds)]
            there, here = (statistics.median(each) for each in zip(*pairs, strict=True))
            print(f"{name:<28}{there:>10.1f}{here:>10.2f}{statistics.median(a / b for a, b in pairs):>8.0f}")
        both.journal.close()
        both.loop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

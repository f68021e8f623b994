"""What a snapshot costs beside the data's way, and a restart: of counties of so many devices, a report each and then some.

By county: milliseconds on the loop in which the image follows the state, and its longest piece; milliseconds of the
thread that writes all of it, or what has changed; bytes of both; the longest commit of a journal meanwhile, and without.
Then seconds of a recovery from so many entries, processor and clock, by size of the journal's rows.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import msgspec
from bench_county import write_county
from bench_engine_cases import BATCH, Bench

from gateway.daemon.recovery import Recovery
from gateway.engine import Image
from gateway.engine.step import step
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.replay.reading import PolicyShelf
from gateway.store.state_db import StateStore

CHANGED = 20_000
"""Entries between two snapshots."""
ROUNDS = 60


def follow(image: Image, state, store: StateStore) -> tuple[float, float]:
    """Milliseconds in all, and of the longest piece."""
    pieces, began = [], time.thread_time()
    for _ in image.follow(state, whole=store.wants_whole(image)):
        pieces.append(time.thread_time() - began)
        began = time.thread_time()
    return 1e3 * sum(pieces), 1e3 * max(pieces)


class Writing(threading.Thread):
    """The thread of the snapshots: saves an image, and knows how long that took it."""

    def __init__(self, store: StateStore, image: Image) -> None:
        super().__init__()
        self.store, self.image, self.spent = store, image, 0.0

    def run(self) -> None:
        """Save."""
        began = time.thread_time()
        self.store.save_image(self.image)
        self.spent = 1e3 * (time.thread_time() - began)


def commits(journal: FileJournal, batch: EntryBatch, beside: threading.Thread | None) -> float:
    """Milliseconds of the longest commit while a thread is at work, or of so many without one."""
    longest, number = 0.0, 0
    if beside is not None:
        beside.start()
    while number < ROUNDS or (beside is not None and beside.is_alive()):
        began = time.perf_counter()
        journal.append(batch)
        longest, number = max(longest, time.perf_counter() - began), number + 1
    if beside is not None:
        beside.join()
    return 1e3 * longest


def measure(folder: Path, wearers: int) -> None:
    """One county's snapshots."""
    bench = Bench(folder, wearers)
    policy = bench.many
    state, entries = bench.state(policy), bench.reports(policy, wearers, 2)
    apply(state, policy, entries.slice(0, wearers))
    place = Path(tempfile.mkdtemp(dir=folder))
    with closing(StateStore(place / "state.db")) as store, closing(FileJournal(place / "journal")) as journal:
        image, rows = Image(), entries.slice(0, 16)
        alone, told = commits(journal, rows, None), []
        for what in ("whole", "change"):
            all_of_it, piece = follow(image, state, store)
            writing = Writing(store, image)
            longest = commits(journal, rows, writing)
            size = max(store.snapshots.directory.iterdir()).stat().st_size
            told.append(
                f"{what}: {all_of_it:.0f} ms on the loop, longest piece {piece:.1f}; {writing.spent:.0f} ms in its thread;"
                f" {size:,} bytes; longest commit {longest:.1f} ms"
            )
            apply(state, policy, entries.slice(wearers, wearers + min(wearers, CHANGED)))
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{wearers:,} devices (longest commit without: {alone:.1f} ms; resident at most {resident:.0f} MiB)")
    print(*(f"  {line}" for line in told), sep="\n", flush=True)


def apply(state, policy, entries: EntryBatch) -> None:
    """Step them."""
    for first in range(0, len(entries), BATCH):
        part = entries.slice(first, min(first + BATCH, len(entries)))
        step(state, part, lambda _: policy, first=state.offset)


def restart(folder: Path, wearers: int, entries: int, row: int) -> None:
    """Seconds until the state is there again."""
    bench = Bench(folder, wearers)
    policy, place = bench.many, Path(tempfile.mkdtemp(dir=folder))
    begin = Gathering()
    begin.add(EntryKind.START, bench.begin, Origin(), msgspec.json.encode(Start("bench")))
    digest = Configured(policy.configuration.digest)
    begin.add(EntryKind.CONFIGURATION, bench.begin, Origin(), msgspec.json.encode(digest))
    with (
        closing(StateStore(place / "state.db")) as store, closing(FileJournal(place / "journal")) as journal,
        closing(DayHistory(place / "history")) as history,
    ):  # fmt: skip
        journal.append(begin.batch())
        said = bench.reports(policy, wearers, max(1, entries // wearers))
        for first in range(0, len(said), row):
            journal.append(said.slice(first, min(first + row, len(said))).compact())
        shelf = PolicyShelf(journal, override=policy)
        began, spent = time.perf_counter(), time.process_time()
        state, _ = Recovery(store, journal, shelf, history=history).run()
        clock, processor = time.perf_counter() - began, time.process_time() - spent
    each = 1e6 * processor / state.offset
    print(
        f"{state.offset:,} entries of {wearers:,} devices, rows of {row}: {processor:.1f} s of processors,"
        f" {clock:.1f} s, {each:.1f} us an entry", flush=True,
    )  # fmt: skip


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--devices", type=int, nargs="*", default=[1_000, 10_000, 50_000])
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, nargs="*", default=[1, 16, 512])
    options.add_argument("--wearers", type=int, default=1_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "few").mkdir()
        write_county(folder / "few", 60, 17_900)
        for wearers in chosen.devices:
            measure(folder, wearers)
        for row in chosen.rows if chosen.entries else ():
            restart(folder, chosen.wearers, chosen.entries, row)


if __name__ == "__main__":
    main()

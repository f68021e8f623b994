"""Histories of a gateway by seed: lives that end anywhere, and after the last what must hold. Preloads `file_layer.c`.

    python histories.py DIRECTORY SCRIPTS FIRST UNTIL [--every] [--lying FILES --lying-from SEED]

One line of JSON a history: what was found to be wrong, and enough to have it again.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import logging
import shutil
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import structlog
from gateway_life import LAYER, PLATFORM, Life
from layered_disk import Disk, End, What, deeds
from outside_world import DAY, DEVICES, Do, Known, Platform, Script
from plain_terminal import local, unwrap
from pressed_county import device, write_county

from gateway.journal import FileJournal, verify
from gateway.journal.entries import EntryKind
from gateway.replay.reading import PolicyShelf, replay
from gateway.settings.load import load
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from layered_disk import Deed as Done

    from gateway.settings.model import Configuration

NOON = 43_200.0
POSITION_HEAD, TIME = 12, slice(22, 28)
"""Bytes of a 0200's header, and where its body has the time."""
MOST_ENDS = 3
UNDER_WAY, UNHEARD = 4, 0.2
"""Of so many that were said last before an end, the share that is lost on its way."""


@dataclass(frozen=True)
class Place:
    """Where histories are lived."""

    directory: Path

    @cached_property
    def rules(self) -> tuple[Configuration, Configuration]:
        """Of the county, before and after its files change."""
        county = write_county(self.directory / "county", 7777, DEVICES).directory
        first, file = load(county), county / "gateway.yaml"
        file.write_text(file.read_text("utf-8").replace("basis: order-1", "basis: order-2"), "utf-8")
        return first, load(county)

    @cached_property
    def epoch(self) -> float:
        return time.time() // DAY * DAY + NOON

    def live(self, disk: Disk, known: Known, script: Script) -> list[Done]:
        """One life upon what a disk holds, to its orderly stop; what was done and said in it."""
        root, records = self.directory / "root", self.directory / "records"
        shutil.rmtree(root, ignore_errors=True)
        disk.lay(root)
        LAYER.layer_begin(str(root).encode(), str(records).encode())
        try:
            asyncio.run(Life(root, known.copy(), script, self.epoch, self.rules).run())
        finally:
            LAYER.layer_end()
        return list(deeds(records.read_bytes()))

    @cache  # noqa: B019  as long as the program
    def first(self, seed: int) -> tuple[list[Done], Counter[tuple[str, str, str, int]]]:
        """A script's life without an end before its time, and the alarms of it."""
        done = self.live(Disk(), Known(), Script.of(seed))
        return done, Platform(self.directory / "root" / PLATFORM).alarms()


@dataclass
class History:
    """One: a script's lives, and how each ended."""

    place: Place
    script_seed: int
    chance: Random
    lying: str = ""
    """Files of this ending are never synced, whatever is said: so the disk lies."""
    ends: list[tuple[str, str, int]] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    answered: set[str] = field(default_factory=set)
    """Whatever was ever acknowledged, its answer lost or not."""

    @cached_property
    def script(self) -> Script:
        return Script.of(self.script_seed)

    def run(self, at: int | None = None) -> list[str]:
        """Live it; what is wrong in the end, in words. ``at``: the first end's point; else any."""
        done, wanted = self.place.first(self.script_seed)
        disk = Disk()
        for number in range(self.chance.choice([1, 1, 2, MOST_ENDS])):
            disk = self._ended(disk, done, at if number == 0 else None)
            try:
                done = self.place.live(disk, self.known, self.script)
            except Exception as fault:  # noqa: BLE001  whatever it is, it is what was looked for
                return [f"{type(fault).__name__}: {fault}"]
        self.hear(done, len(done), frozenset())
        return list(self._wrong(wanted))

    def _ended(self, disk: Disk, done: list[Done], at: int | None) -> Disk:
        """What a life that ends somewhere leaves, on the disk and in the world."""
        points = [index for index, deed in enumerate(done) if deed.is_point]
        at = self.chance.choice(points) if at is None else points[at % len(points)]
        end = self.chance.choice(list(End))
        self.ends.append((end, done[at].what.name, at))
        disk = copy.deepcopy(disk)
        for deed in self._carried_out(done[:at]):
            disk.do(deed)
        if end is End.HALF:
            disk.do_half(done[at])
        last = [json.loads(deed.data)[1] for deed in done[:at] if deed.what is What.NOTE][-UNDER_WAY:]
        self.hear(done, at, frozenset(name for name in last if self.chance.random() < UNHEARD))
        return disk.left(end, self.chance)

    def _carried_out(self, done: list[Done]) -> Iterator[Done]:
        """All, but for syncs of the files about which the disk lies."""
        names: dict[int, str] = {}
        for deed in done:
            if deed.what is What.OPEN:
                names[deed.handle] = deed.name
            if not (deed.what is What.SYNC and self.lying and names[deed.handle].endswith(self.lying)):
                yield deed

    def hear(self, done: list[Done], until: int, unheard: frozenset[str]) -> None:
        notes = [deed.data for deed in done[:until] if deed.what is What.NOTE]
        self.known.hear(notes, unheard)
        self.answered |= Known().hear(notes).done

    def _wrong(self, wanted: Counter[tuple[str, str, str, int]]) -> Iterator[str]:
        root = self.place.directory / "root"
        platform, alarms = Platform(root / PLATFORM), Platform(root / PLATFORM).alarms()
        if missing := wanted - alarms:
            yield f"missing: {dict(missing)}"
        if doubled := alarms - wanted:
            yield f"doubled: {dict(doubled)}"
        with (
            closing(FileJournal(root / "data" / "journal", read_only=True)) as journal,
            closing(StateStore(root / "data" / "state.db", read_only=True)) as store,
        ):
            yield from self._stored_wrong(journal, store, platform)

    def _stored_wrong(self, journal: FileJournal, store: StateStore, platform: Platform) -> Iterator[str]:
        verify(journal)
        if lost := self.answered & self._reports().keys() - self._journaled(journal):
            yield f"acknowledged and lost: {sorted(lost)}"
        if not self.script.retires:
            county = self.place.rules[0].county
            anew = [
                event_of(one, county.code, county.timezone).body for _, one in replay(journal, PolicyShelf(journal))
            ]
            if anew != store.events():
                yield "replay says something else"
        if set(store.events()) != set(platform.messages.values()):
            yield "the platform has not what is stored"

    def _reports(self) -> dict[str, tuple[str, bytes]]:
        """Device and device time of each report whose day stays, by its deed."""
        times, stay = self.script.times(self.place.epoch), self.script.stay
        said = [deed for turn in self.script.turns[stay:] for deed in turn if deed.do is Do.REPORT]
        return {deed.id: (device(deed.device), local(times[deed.turn])) for deed in said}

    def _journaled(self, journal: FileJournal) -> set[str]:
        """Deeds whose reports are in the journal."""
        found = set()
        for _, batch in journal.read(journal.begins):
            for index in (batch.kind == EntryKind.FRAME).nonzero()[0].tolist():
                body = unwrap(batch.bytes_of(index))[POSITION_HEAD:]
                found.add((batch.origin_of(index).device, body[TIME]))
        return {name for name, report in self._reports().items() if report in found}


def main() -> None:
    """Live the histories FIRST <= seed < UNTIL over so many scripts; ``--every``: a seed is the first end's point."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    for name in ("scripts", "first", "until"):
        parser.add_argument(name, type=int)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--lying", default="", help="files of this ending are never synced, whatever is said")
    parser.add_argument("--lying-from", type=int, default=0)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    place = Place(given.directory)
    for seed in range(given.first, given.until):
        lying = given.lying if seed >= given.lying_from else ""
        history = History(place, seed % given.scripts, Random(seed), lying)  # noqa: S311  a schedule, no secret
        wrong = history.run(seed // given.scripts) if given.every else history.run()
        said = {"seed": seed, "ends": history.ends, "answered": len(history.answered), "wrong": wrong}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

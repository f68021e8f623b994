"""Each part that writes, with each of its calls failing in its turn: a program of its own, begun by test_disk_parts.py.

    python failing_parts.py DIRECTORY [all]

A part is made ready, its deed is done while one call fails (or all from that call on), then the cause goes. Whatever
fails has to be a fault of ours that passes, in words; the deed done again has to succeed, and what is read back then
has to be what was done, once. A line of JSON a part and kind of fault: how many points there were, and what was wrong.
"""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from types import SimpleNamespace

import structlog
from failing import ALWAYS, KINDS, Failing
from gateway_entries import DAY, batch, contents
from history_rows import DEVICES, minutes, of
from timeline import Timeline, at

from firmware_sim.firmware.messages import Alarm
from gateway.cli.disclosure import put
from gateway.console.accounts import account
from gateway.console.accounts.books import opened
from gateway.daemon.log_server import FILE, keep
from gateway.daemon.storage import secret_of
from gateway.daemon.swap import keep_copy
from gateway.engine.image import Image
from gateway.engine.snapshot import restore, snapshot_of
from gateway.engine.step import step
from gateway.errors import GatewayFault, TransientFault
from gateway.history.days import DayHistory
from gateway.history.file import HistoryDamaged
from gateway.journal import FileJournal, verify
from gateway.listeners.retained import Known
from gateway.settings.files import OVERLAY
from gateway.sqlite_faults import in_our_words
from gateway.store.outbox import Owed
from gateway.store.state_db import Event, StateStore
from gateway.text import Text
from gateway.upstream.cloudevents import event_of
from gateway.upstream.file import append
from gateway.upstream.syslog_marks import Position

FIRST, SECOND, THIRD = batch(1.0, 2.0), batch(3.0, 4.0, 5.0), batch(DAY + 1.0, DAY + 2.0)
FAILED = "failed"
MOST_TRIES = 3
SOURCES = {"gateway.yaml": "county: one\n" * 100, "short.yaml": "short"}


class Part(ABC):
    """One that writes, in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        """Everything is made ready."""
        self.directory = directory

    @abstractmethod
    def do(self) -> None:
        """What a fault may meet, again and again until it succeeds."""

    @abstractmethod
    def found(self) -> object:
        """What was done, as a process that starts anew reads it."""

    def close(self) -> None:  # noqa: B027  most have something open, some have nothing
        """Let go of what is open."""


class JournalRow(Part):
    """A batch behind another of its day."""

    LATER = SECOND

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.journal = FileJournal(directory / "journal")
        self.journal.append(FIRST)

    def do(self) -> None:
        assert self.journal.append(self.LATER) == len(FIRST)

    def found(self) -> object:
        read = FileJournal(self.directory / "journal")
        try:
            return contents(read), read.next_offset, verify(read).entries
        finally:
            read.close()

    def close(self) -> None:
        self.journal.close()


class JournalDay(JournalRow):
    """The first batch of another day: its file is made."""

    LATER = THIRD


class JournalStart(Part):
    """A journal is opened, that of yesterday and its last row."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        journal = FileJournal(directory / "journal")
        for entries in (FIRST, SECOND, THIRD):
            journal.append(entries)
        journal.close()

    def do(self) -> None:
        FileJournal(self.directory / "journal").close()

    def found(self) -> object:
        read = FileJournal(self.directory / "journal", read_only=True)
        return contents(read), verify(read).entries


class Configuration(Part):
    """The texts of a configuration."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.journal = FileJournal(directory / "journal")

    def do(self) -> None:
        self.journal.store_configuration("digest", SOURCES)

    def found(self) -> object:
        return FileJournal(self.directory / "journal", read_only=True).configuration("digest")

    def close(self) -> None:
        self.journal.close()


class Erased(JournalRow):
    """An entry is erased."""

    def do(self) -> None:
        self.journal.erase([1], "court", by="L01", time=9.0)

    def found(self) -> object:
        read = FileJournal(self.directory / "journal", read_only=True)
        return sorted(read.erased()), contents(read)[0], verify(read).erased


def told() -> Timeline:
    one = Timeline.of()
    one.report(at(0, 13), alarm=Alarm.REMOVAL)
    one.report(at(0, 13.1), battery=9)
    return one


def said() -> list[Event]:
    one = told()
    stepped = step(one.state, one.waiting.batch(), lambda _: one.policy, first=0)
    return [event_of(outcome, "demo", "Asia/Shanghai") for outcome in stepped.outcomes]


EVENTS = said()


class Outcomes(Part):
    """What a step has said, and is owed for it, in state.db."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.store = StateStore(directory / "state.db")
        self.store.commit([], [], 5)

    def do(self) -> None:
        self.store.commit(EVENTS, [("city", frozenset())], 17)

    def found(self) -> object:
        read = StateStore(self.directory / "state.db", read_only=True)
        try:
            return read.events(), read.figures(), read.applied_offset()
        finally:
            read.close()

    def close(self) -> None:
        self.store.close()


class StateStart(Part):
    """state.db is opened, or made."""

    def do(self) -> None:
        StateStore(self.directory / "state.db").close()

    def found(self) -> object:
        return StateStore.look(self.directory / "state.db")


class Saved(Part):
    """A snapshot of a change behind a whole one, and then another whole one."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.store, self.image, self.one = StateStore(directory / "state.db"), Image(), told()
        self._save()
        self.one.report(at(0, 14), battery=90)

    def _save(self) -> None:
        self.one.run()
        for _ in self.image.follow(self.one.state, whole=self.store.wants_whole(self.image)):
            pass
        self.store.note_applied(self.one.state.offset)
        self.store.save_image(self.image)

    def do(self) -> None:
        try:
            self._save()
        except TransientFault:
            self.image = Image()
            raise

    def found(self) -> object:
        read = StateStore(self.directory / "state.db", read_only=True)
        try:
            state = restore(read.load_snapshot())
        finally:
            read.close()
        unfinished = [path.name for path in self.store.snapshots.directory.glob("*.new")]
        return state.offset, snapshot_of(state).parts, unfinished

    def close(self) -> None:
        self.store.close()


class Remembered(Part):
    """Reports go to the history's newest file, then to the days."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.history = DayHistory(directory / "history")
        self.history.add(DEVICES, minutes(180, 0), 0)
        self.history.flush(180)
        self.history.add(DEVICES, minutes(60, 180), 180)

    def do(self) -> None:
        try:
            self.history.flush(240)
        except HistoryDamaged as fault:
            self.history.cut(0)
            self.history.add(DEVICES, minutes(180, 0), 0)
            self.history.add(DEVICES, minutes(60, 180), 180)
            raise TransientFault(Text("重做", "made anew")) from fault

    def found(self) -> object:
        read = DayHistory(self.directory / "history")
        try:
            return read.until, read.count(), of(read)
        finally:
            read.close()

    def close(self) -> None:
        self.history.close()


class HistoryStart(Remembered):
    """A history is opened."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.history.flush(240)
        self.history.close()

    def do(self) -> None:
        DayHistory(self.directory / "history").close()


class Secret(Part):
    """The gateway's own secret is made."""

    def do(self) -> None:
        secret_of(self.directory / "secret")

    def found(self) -> object:
        return len((self.directory / "secret").read_bytes())


class Accounts(Part):
    """console.db is made, and an account in it."""

    def do(self) -> None:
        db = opened(self.directory / "console.db")
        try:
            with in_our_words("write", "console.db"), db.transaction():
                account.put(db, account.Account("D01", "kept", "", chosen=9.0))
        finally:
            db.close()

    def found(self) -> object:
        db = opened(self.directory / "console.db")
        try:
            return account.listed(db)
        finally:
            db.close()


class OneFile(Part):
    """A file that is written whole, in place of the one before it."""

    NAME = "export.csv"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.path = directory / self.NAME
        self.path.write_bytes(b"before\n")

    def do(self) -> None:
        put(self.path, b"now\n" * 3000)

    def found(self) -> object:
        return {each.name: each.read_bytes() for each in self.directory.iterdir()}


class AlarmFile(OneFile):
    """Alarms behind those that a file has."""

    NAME = "alarms.jsonl"

    def do(self) -> None:
        with in_our_words("write", self.path):
            append(self.path, [Owed(at, one.id, one.alarm, one.body) for at, one in enumerate(EVENTS)])


class Overlay(OneFile):
    """What was done at the desk, for whoever reads the files."""

    NAME = OVERLAY

    def do(self) -> None:
        with in_our_words("write", self.path):
            keep_copy(self.directory, SimpleNamespace(sources={OVERLAY: "deeds: []\n" * 900}))


class Told(OneFile):
    """Up to where a log server has all."""

    NAME = FILE

    def do(self) -> None:
        with in_our_words("write", self.path):
            keep(self.directory, Position(7, 9))


class Taken(Part):
    """Publishes that were taken. A file that fails is given up until the next start, which knows less."""

    PUBLISHES = tuple((f"topic/{number % 2}", b"%d" % number, number % 3 == 0) for number in range(40))

    def do(self) -> None:
        known = self._loaded()
        for topic, payload, retained in self.PUBLISHES:
            known.add(topic, payload, retained=retained)
        known.close()
        if self.found() != self._held(known):
            raise TransientFault(Text("所记不全", "not all is remembered"))

    def _loaded(self) -> Known:
        known = Known()
        known.load(self.directory / "taken-mqtt.jsonl")
        return known

    def _held(self, known: Known) -> list[bool]:
        return [known.holds(topic, payload) for topic, payload, _ in self.PUBLISHES]

    def found(self) -> object:
        known = self._loaded()
        known.close()
        return self._held(known)


PARTS = (
    JournalRow, JournalDay, JournalStart, Configuration, Erased, Outcomes, StateStart, Saved, Remembered, HistoryStart,
    Secret, Accounts, OneFile, AlarmFile, Overlay, Told, Taken,
)  # fmt: skip
SYNCED = {JournalRow, JournalDay, Outcomes, Saved, OneFile, AlarmFile}
"""What somebody is told of once it is on the disk."""
READ = {JournalStart, StateStart, Configuration}
"""What is read, too. SQLite calls what the disk does not read damaged, so that there this is said."""


class Sweep:
    """One part and kind of fault."""

    def __init__(self, kind: type[Part], fault: str, failing: Failing, directory: Path) -> None:
        self.kind, self.fault, self.failing, self.directory = kind, fault, failing, directory
        self.wrong: list[str] = []
        self.points = 0
        part = self._fresh()
        part.do()
        part.close()
        self.right = part.found()

    def _fresh(self) -> Part:
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        return self.kind(self.directory)

    def run(self, *, all_points: bool) -> None:
        """At every point, one call and all from there on; or at some, one or the other."""
        for times in (1, ALWAYS) if all_points else (ALWAYS if self.fault == "full" else 1,):
            point = 0
            while self._at(point, times):
                self.points += 1
                point += 1 if all_points else max(1, point)

    def _at(self, point: int, times: int) -> bool:
        """Whether the deed got so far."""
        part = self._fresh()
        self.failing.begin(self.fault, self.directory, point, times)
        said = self._tried(part)
        reached = self.failing.end() > 0
        for _ in range(MOST_TRIES):
            if said == FAILED:
                said = self._tried(part)
        part.close()
        if said := said or self._compared(part):
            self.wrong.append(f"call {point}, {'all from there' if times == ALWAYS else 'that alone'}: {said}")
        return reached

    def _compared(self, part: Part) -> str:
        try:
            found = part.found()
        except Exception as fault:  # noqa: BLE001  as below
            return f"read back: {type(fault).__name__}: {fault}"
        return "" if repr(found) == repr(self.right) else f"found {found!r}"[:300]

    def _tried(self, part: Part) -> str:
        """What was wrong with an attempt; ``FAILED``: it failed, as it should say."""
        passing = GatewayFault if self.fault == "unreadable" else TransientFault
        try:
            part.do()
        except passing as fault:
            text = fault.args[0]
            return FAILED if isinstance(text, Text) and text.zh != text.en else f"said in one language: {text}"
        except Exception as fault:  # noqa: BLE001  that is what is looked for
            return f"{type(fault).__name__}: {fault}"
        return ""


def main(directory: Path, *, all_points: bool) -> None:
    """All parts, all kinds."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    failing = Failing(directory / "page")
    wanted = itertools.product(PARTS, KINDS if all_points else ("full", "i/o"))
    for kind, fault in wanted:
        if (fault == "unreadable" and kind not in READ) or (fault == "i/o" and not all_points and kind not in SYNCED):
            continue
        sweep = Sweep(kind, fault, failing, directory / "storage")
        sweep.run(all_points=all_points)
        said = {"part": kind.__name__, "fault": fault, "points": sweep.points, "wrong": sweep.wrong}
        sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), all_points=sys.argv[2:] == ["all"])

"""After damage that no backup mends: the journal made readable, state.db made anew from what is left of both.

Nothing is thrown away: damaged files stand aside. What may already be at the platform is not sent again unasked, and
what may be missing there is set aside and counted, so that a person decides.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gateway.daemon.lock import Lock
from gateway.daemon.recovery import Recovery
from gateway.engine import Snapshot, restore, snapshot_of
from gateway.errors import OurFault
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.journal.salvage import Lost, copy, is_sound, put_aside, readable, salvage
from gateway.replay.derive import derive
from gateway.replay.reading import PolicyShelf
from gateway.store.outbox import UNCONFIRMED
from gateway.store.snapshots import FOLDER, Snapshots, parts_of
from gateway.store.state_db import Beside, StateStore
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.settings.model import Configuration

CARRIED = ("event", "episode", "command", "presence", "notice", "paper")
"""Tables whose rows are taken over as they are."""


@dataclass(slots=True)
class Rebuilt:
    """What was done.

    Attributes:
        days: names of the journal's files that were damaged.
        lost: entries that are gone.
        aside: what the damaged state.db is called now; empty: it was sound and is as it was.
        begins: first entry that the new state knows of, where it is not the first of all and no snapshot was left.
        events: alarm messages in the new state.db.
        unconfirmed: those of them of which nobody knows whether the platform has them.
        reports: in the history that was made anew; None: it was not asked for.
    """

    days: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    aside: str = ""
    begins: int = 0
    events: int = 0
    unconfirmed: int = 0
    reports: int | None = None


def rebuild(
    directory: Path, configuration: Configuration, progress: Callable[[int, int], None] = lambda _, __: None,
    *, with_history: bool = False,
) -> Rebuilt:  # fmt: skip
    """Make journal and state.db of a storage directory usable again; what is sound is left as it is.

    ``with_history``: the whole history is made anew of the journal, too.

    Raises:
        UserFault: the daemon runs.
        OurFault: there is no journal, or it cannot be made readable.
    """
    with Lock(directory / "lock"):
        state = directory / "state.db"
        done = Rebuilt()
        applied = _applied(state)
        done.days, done.lost = salvage(directory / "journal", applied)
        journal, history = FileJournal(directory / "journal"), DayHistory(directory / "history")
        try:
            if done.lost:
                history.cut(0)
            if not _is_usable(state, journal):
                _make_anew(state, journal, history, configuration, done, progress)
            if with_history:
                done.reports = _remember_anew(state, journal, history, configuration)
        finally:
            journal.close()
            history.close()
        return done


def _is_usable(state: Path, journal: FileJournal) -> bool:
    """Whether state.db is sound, and its snapshot can be used or is not needed."""
    if not state.exists() or not is_sound(state):
        return False
    snapshot = _snapshot(state, _applied(state))
    return snapshot is not None or not journal.begins


def _make_anew(
    state: Path, journal: FileJournal, history: DayHistory, configuration: Configuration, done: Rebuilt,
    progress: Callable[[int, int], None],
) -> None:  # fmt: skip
    before = _progress(state)
    # One that goes beyond what state.db has stored costs what was said up to there, and is better than nothing.
    snapshot = _snapshot(state, journal.next_offset if journal.begins else _applied(state))
    aside = put_aside(state) if state.exists() else None
    with closing(StateStore(state)) as store:
        owed = _carry_over(aside, state) if aside is not None else set()
        if snapshot is not None:
            store.save_snapshot(snapshot)
        known = {row[1] for row in readable(state, "event")}
        county = configuration.county
        speak = partial(event_of, county=county.code, timezone=county.timezone, maps=county.maps)
        shelf = PolicyShelf(journal, towers=TowerShelf(TowerVersions(state.parent)))
        shelf.put(configuration)
        recovery = Recovery(store, journal, shelf, speak, progress, history=history, from_what_is_left=True)
        engine, tail = recovery.run()
        said = [(outcome.order[0], speak(outcome)) for outcome in tail.outcomes]
        upstreams = [(one.name, frozenset(one.severities)) for one in configuration.upstreams]
        beside = Beside(tail.commands, tail.presence, tail.notices, tail.papers)
        store.commit([event for _, event in said], upstreams, engine.offset, beside)
        history.flush(engine.offset, engine.epochs)
        store.save_snapshot(snapshot_of(engine))
        end = before.get("applied_offset", journal.next_offset)
        unsure = {event.id for offset, event in said if offset < end} - known
        served = {upstream for upstream, _ in owed} or {name for name, _ in upstreams}
        done.unconfirmed = _set_aside(state, unsure, owed, {(one, event) for one in served for event in known})
        done.events = store.figures()["events"]
    done.aside = aside.name if aside is not None else ""
    done.begins = journal.begins if snapshot is None else 0


def _remember_anew(state: Path, journal: FileJournal, history: DayHistory, configuration: Configuration) -> int:
    """The history, up to the snapshot; what follows is stepped at the next start. How many reports it has."""
    snapshot = _snapshot(state, _applied(state))
    history.cut(0)
    if snapshot is None:
        return 0
    shelf = PolicyShelf(journal, towers=TowerShelf(TowerVersions(state.parent)))
    shelf.put(configuration)
    derive(history, journal, shelf, restore(snapshot), shelf.towers, whole=True)
    return history.count()


def _progress(state: Path) -> dict[str, int]:
    return {str(name): int(value) for name, value in readable(state, "progress")} if state.exists() else {}


def _applied(state: Path) -> int:
    return _progress(state).get("applied_offset", 0)


def _snapshot(state: Path, until: int) -> Snapshot | None:
    """The newest snapshot up to an offset of which all can be read and is a state."""
    for snapshot in (*Snapshots(state.parent / FOLDER).load(until), *_older(state)):
        with suppress(OurFault):
            restore(snapshot)
            return snapshot
    return None


def _older(state: Path) -> list[Snapshot]:
    """The one that an older version kept in state.db, damaged or not, if it can be read."""
    offset = _progress(state).get("snapshot_offset")
    with suppress(ValueError, TypeError):
        return [] if offset is None else [Snapshot(int(offset), parts_of(sorted(readable(state, "snapshot"))))]
    return []


def _carry_over(aside: Path, state: Path) -> set[tuple[str, str]]:
    """Take over what can be read; returns (upstream, event id) of the rows of the outbox among it."""
    with closing(sqlite3.connect(state, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        for table in CARRIED:
            copy(db, table, readable(aside, table))
        names = _columns(aside, "outbox")
        alarms = dict(db.execute("SELECT seq, alarm FROM event"))
        for row in readable(aside, "outbox"):
            values = {"rank": 0, "alarm": alarms.get(row[names.index("seq")], "")} | dict(zip(names, row, strict=True))
            if values["alarm"]:
                columns, marks = ",".join(values), ",".join("?" * len(values))
                statement = f"INSERT OR IGNORE INTO outbox ({columns}) VALUES ({marks})"  # noqa: S608  our own names
                db.execute(statement, tuple(values.values()))
        db.execute("COMMIT")
        return set(db.execute("SELECT upstream, id FROM outbox JOIN event USING (seq)"))


def _columns(path: Path, table: str) -> list[str]:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return []


def _set_aside(state: Path, unsure: set[str], owed: set[tuple[str, str]], wanted: set[tuple[str, str]]) -> int:
    """What may be at the platform or not is kept for a person's word: said anew, or without its row of the outbox."""
    with closing(sqlite3.connect(state, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        rows = db.execute("SELECT upstream, seq, id FROM outbox JOIN event USING (seq)").fetchall()
        marked = [(UNCONFIRMED, upstream, seq) for upstream, seq, identity in rows if identity in unsure]
        db.executemany("UPDATE outbox SET set_aside = ? WHERE upstream = ? AND seq = ?", marked)
        missing = [
            (upstream, seq, alarm, UNCONFIRMED)
            for seq, identity, alarm in db.execute("SELECT seq, id, alarm FROM event").fetchall()
            for upstream in sorted({one for one, event in wanted - owed if event == identity})
        ]
        db.executemany("INSERT INTO outbox (upstream, seq, alarm, rank, set_aside) VALUES (?,?,?,0,?)", missing)
        db.execute("COMMIT")
    return len(marked) + len(missing)

"""state.db: episodes, events, outbox, commands, presence, applied offset; beside it the snapshots.

What a step says and its offset commit together.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.engine import Snapshot
from gateway.kinds import TRIALS
from gateway.private import private
from gateway.sqlite_faults import damage_of, judged
from gateway.store import erasing
from gateway.store.commands import Commands
from gateway.store.connection import StateConnection
from gateway.store.episodes import Episodes
from gateway.store.notices import Notices
from gateway.store.outbox import Outbox
from gateway.store.papers import Papers
from gateway.store.presence import PresenceTable
from gateway.store.schema import VERSION, migrate
from gateway.store.snapshots import FOLDER, Snapshots, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from gateway.engine import CommandRecord, Episode, Image, Interval, NoticeRecord
    from gateway.journal.controls import PaperAct
    from gateway.store.presence import Stretch
    from gateway.text import Text

__all__ = ["VERSION", "Beside", "Event", "StateStore"]

PATIENCE = 2.0
"""Seconds to wait for a lock; the pipeline tries again, and health turns red meanwhile."""


@dataclass(frozen=True, slots=True)
class Event:
    """One message owed to upstreams: CloudEvents id, the alarm it is about, its severity, and the exact bytes."""

    id: str
    alarm: str
    severity: str
    body: bytes
    episode: Episode


class Beside(NamedTuple):
    """What a step says besides events: how commands, presence and notices stand now, and acts on sheets, with times."""

    commands: Sequence[CommandRecord] = ()
    presence: Sequence[Interval] = ()
    notices: Sequence[NoticeRecord] = ()
    papers: Sequence[tuple[float, PaperAct]] = ()


NOTHING: Final = Beside()


class StateStore:
    """The one owner of state.db. Not thread-safe: the writer thread owns it; readers open their own, read-only.

    Raises:
        TransientFault: it cannot be opened now.
        OurFault: it is damaged, or of a newer version.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        try:
            self._db = _opened_to_read(path) if read_only else _opened(path)
        except (sqlite3.Error, OSError) as fault:
            raise judged("open", path, fault) from fault
        self.outbox = Outbox(self._db)
        self._episodes = Episodes(self._db)
        self._commands = Commands(self._db)
        self._presence = PresenceTable(self._db)
        self.notices = Notices(self._db)
        self.papers = Papers(self._db)
        self.snapshots = Snapshots(path.parent / FOLDER)

    def applied_offset(self) -> int:
        """Entries before it have had their outcomes committed."""
        return self._db.progress("applied_offset") or 0

    def snapshot_offset(self) -> int:
        """Entries before it are in the newest snapshot; 0 without one."""
        return max(self.snapshots.offset, self._older_offset())

    def needed_offset(self) -> int:
        """Entries before it are in each snapshot that may still be gone on from; 0 without one."""
        return self.snapshots.floor or self._older_offset()

    def _older_offset(self) -> int:
        """Of the snapshot that an older version kept in state.db; 0 without one."""
        return self._db.progress("snapshot_offset") or 0

    def commit(
        self,
        events: Sequence[Event],
        upstreams: Iterable[tuple[str, frozenset[str]]],
        offset: int,
        beside: Beside = NOTHING,
    ) -> int:
        """Store outcomes, what they owe each upstream (name, severities; empty: all), and the offset, in one commit.

        Whoever had anything of an alarm gets all that follows, however mild: an alarm that is taken back falls for all
        who had it; a test alarm is for all. With them goes what else was said.

        An event already stored is left as it is: replaying a tail owes nothing twice. Returns the number of new ones.

        Raises:
            TransientFault: nothing was stored; it may be tried again.
            OurFault: a row contradicts the tables: a bug.
        """
        owed = [(name, severities) for name, severities in upstreams]
        with self._db.transaction():
            new = sum(self._add(event, owed) for event in events)
            self._commands.put(beside.commands)
            self._presence.put(beside.presence)
            self.notices.put(beside.notices)
            self.papers.put(beside.papers)
            self._db.execute("INSERT OR REPLACE INTO progress VALUES ('applied_offset', ?)", (offset,))
        return new

    def _add(self, event: Event, owed: list[tuple[str, frozenset[str]]]) -> int:
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO event (id, alarm, body) VALUES (?,?,?)", (event.id, event.alarm, event.body)
        )
        if cursor.rowcount == 0:
            return 0
        for name, severities in owed:
            is_for_all = not severities or event.episode.kind in TRIALS
            if is_for_all or event.severity in severities or self.outbox.has_had(name, event.alarm):
                self.outbox.add(name, cursor.lastrowid or 0, event.alarm, event.severity)
        self._episodes.put(event.episode)
        return 1

    def owe_unresolved(self, upstreams: Iterable[tuple[str, frozenset[str]]]) -> dict[str, int]:
        """Owe each upstream (name, severities; empty: all) the unresolved alarms of which it was never owed anything.

        An upstream that is new, or takes more than it did, knows then of what was raised before. Trials are of their
        moment. Returns how many, by upstream; one that gets none is left out.

        Raises:
            TransientFault: nothing was owed; it may be tried again.
        """
        waiting = [one for one in self.episodes(unresolved=True) if one.kind not in TRIALS]
        with self._db.transaction():
            found = {
                name: sum(
                    self.outbox.owe_newest(name, one.id, one.severity)
                    for one in waiting
                    if not severities or one.severity in severities
                )
                for name, severities in upstreams
            }
        return {name: count for name, count in found.items() if count}

    def episodes(self, *, unresolved: bool) -> list[Episode]:
        """Episodes, oldest first: all, or those that nobody has closed."""
        return self._episodes.listed(unresolved=unresolved)

    def each_episode(self) -> Iterator[Episode]:
        """All episodes, in no order, of which no more than one is in memory."""
        return self._episodes.each()

    def episode(self, identity: str) -> Episode | None:
        """One episode, if there is such a one."""
        return self._episodes.one(identity)

    def episodes_since(self, since: float) -> list[Episode]:
        """Episodes that somebody has to look at, and those closed or over at or after ``since``, oldest first."""
        return self._episodes.since(since)

    def episodes_between(self, since: float, until: float) -> list[Episode]:
        """Episodes that were raised since <= t < until, UTC epoch seconds, oldest first."""
        return self._episodes.between(since, until)

    def oldest_episode(self) -> float | None:
        """When the oldest one that is kept was raised, UTC epoch seconds; None: there is none."""
        return self._episodes.oldest()

    def confirmed_people(self) -> frozenset[str]:
        """People of whom an episode that is kept was closed as confirmed."""
        return self._episodes.confirmed()

    def events_of(self, office: str, since: int, count: int) -> tuple[list[bytes], int]:
        """Events of an office's alarms as they were sent, in order: those after number ``since``, ``count`` at most.

        With them the number up to which was looked: there may be more after it, also where nothing was found.
        """
        return self._episodes.told(office, since, count)

    def events_before(self, at: float) -> int:
        """The number up to which events were decided before a time, UTC epoch seconds; 0: none was.

        Times rise with the numbers, but where the clock was set back: there it is one of the numbers of that time.
        """
        return self._episodes.told_before(at)

    def newest_event(self, alarm: str, office: str) -> bytes | None:
        """The last event of an alarm of an office as it was sent, if there is such a one."""
        return self._episodes.told_last(alarm, office)

    def episodes_of(self, person: str) -> list[Episode]:
        """All episodes of a person, oldest first."""
        return self._episodes.of_person(person)

    def forget_alarms(self, horizon: float, people: Collection[str] = (), alarms: Collection[str] = ()) -> int:
        """Drop alarms that were over before ``horizon``, with all that was sent of them; returns how many.

        Those of these people, and these alarms, stay.
        """
        return self._episodes.forget(horizon, people, alarms)

    def commands(self, device: str = "", *, pending: bool) -> list[CommandRecord]:
        """Commands in the order they were given: those to one device or to all, all or those that have not ended."""
        return self._commands.listed(device, pending=pending)

    def command(self, identity: str) -> CommandRecord | None:
        """One command, if there is such a one."""
        return self._commands.one(identity)

    def commands_for(self, reason: str) -> list[CommandRecord]:
        """Commands that name a reason, in the order they were given."""
        return self._commands.given_for(reason)

    def forget_commands(self, horizon: float, held: Collection[str] = ()) -> int:
        """Drop commands that ended before ``horizon``, but for those to devices that are ``held``; returns how many."""
        return self._commands.forget(horizon, held)

    def presence(self, person: str, since: float, until: float) -> list[Stretch]:
        """Whether somebody was where he has to be, between two times (UTC epoch seconds); the oldest first.

        An interval reaches to the end of its duty until another is said: whoever asks, asks up to now.
        """
        return self._presence.between(person, since, until)

    def forget_presence(self, horizon: float, held: Collection[str] = ()) -> int:
        """Drop what is known of presence before ``horizon``, but of people who are ``held``; how many intervals."""
        return self._presence.forget(horizon, held)

    def owed_of(self, person: str, upstreams: Sequence[str]) -> dict[str, int]:
        """How many messages of a person's alarms each of these upstreams still has to get; those that have any."""
        return erasing.owed_of(self._db, person, upstreams)

    def stored_of(self, person: str) -> dict[str, int]:
        """How many alarms, messages and intervals of presence there are of a person."""
        return erasing.stored_of(self._db, person)

    def erase_places(
        self, person: str, spans: erasing.Spans, time: float, said_without: Callable[[bytes, float], bytes]
    ) -> dict[str, int]:
        """Take a person's places out (:func:`gateway.store.erasing.erase`)."""
        return erasing.erase(self._db, person, spans, time, said_without)

    def events(self) -> list[bytes]:
        """Every event ever owed, in order, exactly as sent."""
        return [bytes(body) for (body,) in self._db.rows("SELECT body FROM event ORDER BY seq")]

    def events_after(self, last: int, most: int) -> list[tuple[int, bytes]]:
        """The first events behind a number, with theirs, in order; so many at most."""
        rows = self._db.rows("SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (last, most))
        return [(seq, bytes(body)) for seq, body in rows]

    def last_event(self) -> int:
        """The number of the newest event; 0 where there is none."""
        return self._db.rows("SELECT coalesce(max(seq), 0) FROM event")[0][0]  # type: ignore[no-any-return]

    def figures(self) -> dict[str, int]:
        """Counts for the status: events, unresolved episodes, what is still owed, and what is set aside."""
        one = "SELECT count(*) FROM "
        return {
            "events": self._db.rows(one + "event")[0][0],
            "unresolved": self._episodes.count_unresolved(),
            "owed": self._db.rows(one + "outbox WHERE delivered IS NULL AND set_aside IS NULL")[0][0],
            "set_aside": self._db.rows(one + "outbox WHERE set_aside IS NOT NULL")[0][0],
        }

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Save a whole one; it implies that outcomes up to its offset are stored."""
        self.note_applied(snapshot.until)
        self.snapshots.save([snapshot, *snapshot.changes], snapshot.until)

    def wants_whole(self, image: Image) -> bool:
        """Whether an image is to be saved whole the next time, though it could tell what has changed."""
        return self.snapshots.wants_whole_of(image)

    def save_image(self, image: Image) -> None:
        """Write what has changed since the image was saved last, or all of it; :meth:`note_applied` comes before it.

        It touches no more than the snapshots, so that a thread of its own may do it. The image has followed the state
        as :meth:`wants_whole` says.
        """
        self.snapshots.save_image(image)

    def note_applied(self, offset: int) -> None:
        """Outcomes up to an offset are stored: a snapshot may say so. One in state.db gives way to newer ones."""
        with self._db.transaction():
            if self.snapshots.offset > self._older_offset():
                self._db.execute("DELETE FROM snapshot")
                self._db.execute("DELETE FROM progress WHERE name = 'snapshot_offset'")
            self._db.execute(
                "INSERT INTO progress VALUES ('applied_offset', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (offset,),
            )

    def load_snapshot(self) -> Snapshot | None:
        """The newest snapshot that can be read, if there is one."""
        return next(self.load_snapshots(), None)

    def load_snapshots(self) -> Iterator[Snapshot]:
        """All that can be gone on from, the newest first; none beyond what is applied: that is of another state.db."""
        older, applied = self._older_offset(), self.applied_offset()
        if older > self.snapshots.offset:
            yield from self._load_older(older)
        yield from self.snapshots.load(applied)
        if 0 < older <= self.snapshots.offset:
            yield from self._load_older(older)

    def _load_older(self, offset: int) -> Iterator[Snapshot]:
        """Of an older version, which kept it in a table."""
        yield Snapshot(offset, parts_of(self._db.rows("SELECT name, dtype, shape, data FROM snapshot ORDER BY name")))

    @classmethod
    def look(cls, path: Path) -> Text | None:
        """What is wrong inside a state.db, in words; None: nothing. It may be in use."""
        store = cls(path, read_only=True)
        try:
            (said,) = store._db.rows("PRAGMA quick_check(1)")[0]
        finally:
            store.close()
        return None if said == "ok" else damage_of("state.db", said)

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _opened_to_read(path: Path) -> StateConnection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10, factory=StateConnection)


def _opened(path: Path) -> StateConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    private(path)
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, factory=StateConnection)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db

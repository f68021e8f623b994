"""What is owed to the upstreams, and how far each row of it has come.

    fresh -> attempted (in doubt) -> acked -> delivered
      ^           |                    |
      +-released--+---- set aside <----+

A row is marked before it goes to the wire. It is in doubt until its receiver takes it (acked) or it comes back
(delivered). What is set aside is kept and counted, and goes out again by command only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from gateway.decoded import from_json
from gateway.kinds import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.store.connection import StateConnection

UNCONFIRMED: Final = "unconfirmed"
"""Taken by the broker, and not come back within the wait."""
POISON: Final = "poison"
"""Refused, or the end of the connection, as often as is allowed."""
RANKS: Final[Mapping[str, int]] = {severity: rank for rank, severity in enumerate(reversed(SEVERITIES))}

_OPEN = "delivered IS NULL AND set_aside IS NULL"
_COLUMNS = "outbox.seq, event.id, outbox.alarm, event.body, tries, acked IS NOT NULL"
_FRESH = (
    f"SELECT {_COLUMNS} FROM outbox INDEXED BY outbox_fresh JOIN event USING (seq)"  # noqa: S608  fixed words
    f" WHERE upstream = ? AND attempted IS NULL AND {_OPEN} ORDER BY rank, outbox.seq"
)
_UNSETTLED = (
    f"SELECT {_COLUMNS} FROM outbox INDEXED BY outbox_unsettled JOIN event USING (seq)"  # noqa: S608  fixed words
    f" WHERE upstream = ? AND attempted IS NOT NULL AND {_OPEN} ORDER BY rank, outbox.seq"
)
_FIND = (
    f"SELECT {_COLUMNS}, delivered IS NULL FROM event JOIN outbox USING (seq)"  # noqa: S608  fixed words
    " WHERE event.id = ? AND upstream = ?"
)
_NAMED = (
    "SELECT seq, id, alarm, coalesce(json_extract(CAST(body AS TEXT), '$.data.journal.entry'), -1)"
    " FROM event WHERE seq = ?"
)
_HAD = (
    "SELECT 1 FROM event CROSS JOIN outbox USING (seq)"
    # An event's id is its alarm's with its revision behind a point; "/" comes next.
    " WHERE event.id > ? AND event.id < ? AND upstream = ? LIMIT 1"
)
_NEWEST = "SELECT max(seq) FROM event WHERE id > ? AND id < ?"
_PASSAGES = (
    "SELECT upstream, delivered, set_aside, attempted, acked, min(outbox.seq) FROM event CROSS JOIN outbox USING (seq)"
    " WHERE event.id > ? AND event.id < ? GROUP BY upstream"
)
_DEPTH = (
    "SELECT count(*), min(seq) FROM outbox INDEXED BY outbox_alarm"  # noqa: S608  fixed words
    f" WHERE upstream = ? AND {_OPEN}"
)
_MARK: Final[Mapping[str, str]] = {
    "acked": "UPDATE outbox SET acked = ? WHERE upstream = ? AND seq = ?",
    "delivered": "UPDATE outbox SET delivered = ?, set_aside = NULL WHERE upstream = ? AND seq = ?",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A row of the outbox: what is to go out, how often it failed by itself, and whether its receiver took it."""

    seq: int
    id: str
    alarm: str
    body: bytes
    tries: int = 0
    acked: bool = False


class Named(NamedTuple):
    """A message by its names: its CloudEvents id, its alarm, the entry that brought it about; -1: not known."""

    seq: int
    id: str
    alarm: str
    entry: int


@dataclass(frozen=True, slots=True)
class Passage:
    """How far the first message of an alarm has come at an upstream.

    Attributes:
        delivered: when it was, UTC epoch seconds; None: it was not.
        is_aside: whether it is set aside.
        is_handed: whether it was handed to the wire.
        is_taken: whether its receiver took it.
    """

    upstream: str
    delivered: float | None
    is_aside: bool
    is_handed: bool = False
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages an upstream is owed, and when what the oldest tells was decided (UTC epoch s; inf: none)."""

    messages: int = 0
    since: float = math.inf


class _Told(msgspec.Struct):
    """What is read of an event."""

    time: str


@dataclass(slots=True)
class Marks:
    """What has become of rows, by sequence; ``tried`` are released, too, and their tries counted."""

    acked: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    set_aside: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.acked, self.delivered, self.released, self.tried, self.set_aside))


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox of a state.db; like it, owned by one thread."""

    db: StateConnection

    def add(self, upstream: str, seq: int, alarm: str, severity: str) -> None:
        """Owe an event to an upstream; called inside the commit that stores it.

        A revision that is more urgent takes the alarm's earlier rows with it, so that none overtakes another.
        """
        rank = RANKS.get(severity, 0)
        earlier = self.db.execute(
            f"SELECT min(rank) FROM outbox INDEXED BY outbox_alarm WHERE upstream = ? AND alarm = ? AND {_OPEN}",  # noqa: S608  fixed words
            (upstream, alarm),
        ).fetchone()[0]
        if earlier is not None and rank < earlier:
            self.db.execute(
                f"UPDATE outbox INDEXED BY outbox_alarm SET rank = ? WHERE upstream = ? AND alarm = ? AND {_OPEN}",  # noqa: S608  as above
                (rank, upstream, alarm),
            )
        self.db.execute(
            "INSERT INTO outbox (upstream, seq, alarm, rank) VALUES (?,?,?,?)",
            (upstream, seq, alarm, rank if earlier is None else min(rank, earlier)),
        )

    def has_had(self, upstream: str, alarm: str) -> bool:
        """Whether an upstream was ever owed an event of an alarm."""
        found = self.db.execute(_HAD, (f"{alarm}.", f"{alarm}/", upstream))
        return found.fetchone() is not None

    def owe_newest(self, upstream: str, alarm: str, severity: str) -> bool:
        """Owe an alarm's newest event to an upstream that was owed none of it; called inside a transaction.

        Returns whether one is owed now: no alarm goes to anybody twice, however often this is asked.
        """
        if self.has_had(upstream, alarm):
            return False
        ((seq,),) = self.db.rows(_NEWEST, (f"{alarm}.", f"{alarm}/"))
        if seq is not None:
            self.add(upstream, seq, alarm, severity)
        return seq is not None

    def claim(self, upstream: str, most: int, blocked: frozenset[str], now: float) -> list[Owed]:
        """The next fresh rows to send, marked as attempted: the most urgent first, at most one an alarm.

        A row that has failed by itself before stands alone. Alarms in ``blocked`` are passed over.

        Raises:
            OurFault: nothing was marked.
        """
        with self.db.transaction():
            rows = _window(map(_owed, self.db.execute(_FRESH, (upstream,))), most, blocked)
            self._mark("UPDATE outbox SET attempted = ? WHERE upstream = ? AND seq = ?", now, upstream, rows)
        return rows

    def fresh(self, upstream: str, most: int) -> list[Owed]:
        """The first fresh rows, the most urgent first, those of an alarm in order."""
        return [_owed(row) for row in self.db.rows(f"{_FRESH} LIMIT ?", (upstream, most))]

    def unsettled(self, upstream: str) -> list[Owed]:
        """Rows handed to the wire and not delivered: those in doubt, and those acked."""
        return [_owed(row) for row in self.db.rows(_UNSETTLED, (upstream,))]

    def find(self, upstream: str, identity: str) -> tuple[Owed, bool] | None:
        """The row of a CloudEvents id, and whether it is not delivered yet."""
        rows = self.db.rows(_FIND, (identity, upstream))
        return (_owed(rows[0]), bool(rows[0][6])) if rows else None

    def named(self, rows: Iterable[int]) -> list[Named]:
        """What rows are called in the log."""
        return [Named(*row) for seq in rows for row in self.db.rows(_NAMED, (seq,))]

    def attempt(self, upstream: str, rows: Iterable[Owed], now: float) -> None:
        """Note that rows are about to be handed over."""
        with self.db.transaction():
            self._mark("UPDATE outbox SET attempted = ? WHERE upstream = ? AND seq = ?", now, upstream, rows)

    def note(self, upstream: str, marks: Marks, now: float) -> None:
        """Write down what has become of rows, in one commit.

        Raises:
            OurFault: nothing was written.
        """
        release = "UPDATE outbox SET attempted = NULL, acked = NULL, tries = tries + ? WHERE upstream = ? AND seq = ?"
        aside = "UPDATE outbox SET set_aside = ? WHERE upstream = ? AND seq = ?"
        with self.db.transaction():
            for name, statement in _MARK.items():
                self.db.executemany(statement, [(now, upstream, seq) for seq in getattr(marks, name)])
            self.db.executemany(release, [(0, upstream, seq) for seq in marks.released])
            self.db.executemany(release, [(1, upstream, seq) for seq in marks.tried])
            self.db.executemany(aside, [(reason, upstream, seq) for seq, reason in marks.set_aside.items()])

    def passages(self, alarm: str) -> list[Passage]:
        """How far the first message of an alarm has come, an upstream each."""
        rows = self.db.rows(_PASSAGES, (f"{alarm}.", f"{alarm}/"))
        return [
            Passage(upstream, delivered, aside is not None, attempted is not None, acked is not None)
            for upstream, delivered, aside, attempted, acked, _ in rows
        ]

    def set_aside(self, upstream: str) -> dict[str, int]:
        """How many rows of an upstream are set aside, by reason."""
        statement = (
            "SELECT set_aside, count(*) FROM outbox INDEXED BY outbox_aside"
            " WHERE upstream = ? AND set_aside IS NOT NULL GROUP BY set_aside"
        )
        return dict(self.db.rows(statement, (upstream,)))

    def owed(self) -> dict[str, int]:
        """How many rows are still to go out, by upstream; an upstream to which nothing is owed is left out."""
        return dict(self.db.rows(f"SELECT upstream, count(*) FROM outbox WHERE {_OPEN} GROUP BY upstream"))  # noqa: S608  fixed words

    def depths(self, upstreams: Iterable[str]) -> dict[str, Depth]:
        """How much each of these upstreams is owed, and since when."""
        return {name: self._depth(name) for name in upstreams}

    def _depth(self, upstream: str) -> Depth:
        ((messages, oldest),) = self.db.rows(_DEPTH, (upstream,))
        if not messages:
            return Depth()
        ((body,),) = self.db.rows("SELECT body FROM event WHERE seq = ?", (oldest,))
        told = from_json(body, _Told)
        return Depth(messages, datetime.fromisoformat(told.time).timestamp())

    def resend(self, upstream: str) -> int:
        """Make fresh again what is set aside; returns how many rows."""
        with self.db.transaction():
            return self.db.execute(
                "UPDATE outbox INDEXED BY outbox_aside SET set_aside = NULL, attempted = NULL, acked = NULL, tries = 0"
                " WHERE upstream = ? AND set_aside IS NOT NULL",
                (upstream,),
            ).rowcount

    def _mark(self, statement: str, now: float, upstream: str, rows: Iterable[Owed]) -> None:
        self.db.executemany(statement, [(now, upstream, row.seq) for row in rows])


def _owed(row: tuple[Any, ...]) -> Owed:
    seq, identity, alarm, body, tries, acked = row[:6]
    return Owed(seq, identity, alarm, bytes(body), tries, bool(acked))


def _window(rows: Iterable[Owed], most: int, blocked: frozenset[str]) -> list[Owed]:
    """The first rows that may go out together."""
    chosen: list[Owed] = []
    alarms = set(blocked)
    for row in rows:
        if row.alarm in alarms:
            continue
        if chosen and row.tries:
            break
        chosen.append(row)
        alarms.add(row.alarm)
        if row.tries or len(chosen) == most:
            break
    return chosen

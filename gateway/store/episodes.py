"""Alarms as the engine last said they stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.engine import Episode
from gateway.kinds import TRIALS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gateway.store.connection import StateConnection

_OVER: Final = """
  SELECT id FROM episode WHERE resolved = 1 AND decided < :horizon
  AND person NOT IN (SELECT value FROM json_each(:people)) AND id NOT IN (SELECT value FROM json_each(:alarms))
  AND max(coalesce(json_extract(body, '$.closed'), 0), coalesce(json_extract(body, '$.ended'), 0)) < :horizon
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.alarm = episode.id AND delivered IS NULL)
"""
"""Nobody has to look at them any more, nothing was done about them since, and nothing of them is owed."""
_SINCE: Final = """
  SELECT body FROM episode WHERE resolved = 0
  OR max(coalesce(json_extract(body, '$.closed'), 0), coalesce(json_extract(body, '$.ended'), 0)) >= ?
  ORDER BY decided, id
"""
"""Somebody has to look at them, or they were over or closed lately: years of others are not made into objects."""
_CONFIRMED: Final = """
  SELECT DISTINCT person FROM episode WHERE resolved = 1 AND person <> ''
  AND json_extract(body, '$.outcome') = 'confirmed' AND NOT json_extract(body, '$.retracted')
"""
_LEAVE: Final = (
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM event WHERE event.id > ?1 || '.' AND event.id < ?1 || '/')",
    "DELETE FROM event WHERE event.id > ?1 || '.' AND event.id < ?1 || '/'",
    "DELETE FROM notice WHERE alarm = ?1",
    "DELETE FROM episode WHERE id = ?1",
)
"""An event's id is its alarm's with its revision behind a point; "/" comes next."""


_TRIALS: Final = ", ".join(f"'{kind}'" for kind in sorted(TRIALS))
_OFFICE: Final = "json_extract(CAST(body AS TEXT), '$.data.office')"
"""Whose people an event is about."""
LOOKED_AT: Final = 2000
"""Events that one question goes through at most."""
_TOLD: Final = f"SELECT seq, iif({_OFFICE} = ?, body, NULL) FROM event WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608  ours
_LAST_TOLD: Final = (
    "SELECT seq, json_extract(CAST(body AS TEXT), '$.time') FROM event WHERE seq > ? AND seq <= ?"
    " ORDER BY seq DESC LIMIT 1"
)
_NEWEST: Final = (
    f"SELECT body FROM event WHERE id > ?1 || '.' AND id < ?1 || '/' AND {_OFFICE} = ?2"  # noqa: S608  ours
    " ORDER BY seq DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Episodes:
    """The episodes of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, episode: Episode) -> None:
        """Store how an episode stands; called inside the commit of the event that says so."""
        self.db.execute(
            "INSERT OR REPLACE INTO episode VALUES (?,?,?,?,?,?,?,?,?)",
            (
                episode.id, episode.kind, episode.severity, episode.person, episode.device, episode.onset,
                episode.decided, int(episode.resolved), msgspec.json.encode(episode).decode(),
            ),
        )  # fmt: skip

    def listed(self, *, unresolved: bool) -> list[Episode]:
        """Episodes, oldest first: all, or those that nobody has closed."""
        where = "WHERE resolved = 0" if unresolved else ""
        rows = self.db.rows(f"SELECT body FROM episode {where} ORDER BY decided, id")  # noqa: S608  fixed words
        return [from_json(body, Episode) for (body,) in rows]

    def count_unresolved(self) -> int:
        """How many somebody has to look at; trials are nobody's."""
        rows = self.db.rows(f"SELECT count(*) FROM episode WHERE resolved = 0 AND kind NOT IN ({_TRIALS})")  # noqa: S608  ours
        return int(rows[0][0])

    def since(self, since: float) -> list[Episode]:
        """Those that somebody has to look at, and those closed or over at or after ``since``, oldest first."""
        return [from_json(body, Episode) for (body,) in self.db.rows(_SINCE, (since,))]

    def between(self, since: float, until: float) -> list[Episode]:
        """Episodes that were raised since <= t < until (receive time, UTC epoch seconds), oldest first."""
        where = "resolved IN (0, 1) AND decided >= ? AND decided < ?"  # each by its index
        rows = self.db.rows(f"SELECT body FROM episode WHERE {where} ORDER BY decided, id", (since, until))  # noqa: S608
        return [from_json(body, Episode) for (body,) in rows]

    def oldest(self) -> float | None:
        """When the oldest one that is kept was raised, UTC epoch seconds; None: there is none."""
        found = [self.db.rows("SELECT min(decided) FROM episode WHERE resolved = ?", (each,))[0][0] for each in (0, 1)]
        return min((each for each in found if each is not None), default=None)

    def confirmed(self) -> frozenset[str]:
        """People of whom one that is kept was closed as confirmed."""
        rows = self.db.rows(_CONFIRMED)
        return frozenset(person for (person,) in rows)

    def each(self) -> Iterator[Episode]:
        """All of them, in no order, one after the other: for who goes through years of them."""
        for (body,) in self.db.each("SELECT body FROM episode"):
            yield from_json(body, Episode)

    def one(self, identity: str) -> Episode | None:
        """The episode of an id, if there is such a one."""
        rows = self.db.rows("SELECT body FROM episode WHERE id = ?", (identity,))
        return from_json(rows[0][0], Episode) if rows else None

    def told(self, office: str, since: int, count: int) -> tuple[list[bytes], int]:
        """As :meth:`gateway.store.state_db.StateStore.events_of`."""
        found, last = [], since
        for seq, body in self.db.rows(_TOLD, (office, since, LOOKED_AT)):
            last = seq
            if body is not None:
                found.append(body)
            if len(found) == count:
                break
        return found, last

    def told_before(self, at: float) -> int:
        """As :meth:`gateway.store.state_db.StateStore.events_before`."""
        low, high = 0, self.db.rows("SELECT coalesce(max(seq), 0) FROM event")[0][0]
        while low < high:
            middle = (low + high + 1) // 2
            rows = self.db.rows(_LAST_TOLD, (low, middle))
            if rows and datetime.fromisoformat(rows[0][1]).timestamp() >= at:
                high = rows[0][0] - 1
            else:
                low = middle
        return int(low)

    def told_last(self, alarm: str, office: str) -> bytes | None:
        """As :meth:`gateway.store.state_db.StateStore.newest_event`."""
        rows = self.db.rows(_NEWEST, (alarm, office))
        return rows[0][0] if rows else None

    def of_person(self, person: str) -> list[Episode]:
        """All episodes of a person, oldest first."""
        rows = self.db.rows("SELECT body FROM episode WHERE person = ? ORDER BY decided, id", (person,))
        return [from_json(body, Episode) for (body,) in rows]

    def forget(self, horizon: float, people: Collection[str] = (), alarms: Collection[str] = ()) -> int:
        """Drop alarms that were over before ``horizon``, with their messages and notices; returns how many.

        What is not resolved stays, and so does what an upstream still has to get, or was set aside for it, and what is
        held: of these people, and these alarms.
        """
        held = {"people": json.dumps(sorted(people)), "alarms": json.dumps(sorted(alarms))}
        with self.db.transaction():
            self.db.execute("PRAGMA secure_delete=ON")
            gone = [identity for (identity,) in self.db.execute(_OVER, {"horizon": horizon, **held})]
            for statement in _LEAVE:
                self.db.executemany(statement, [(identity,) for identity in gone])
        return len(gone)

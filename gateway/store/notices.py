"""Notices to people as the engine last said they stand, and how often each was given to the network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.engine import NoticeRecord
from gateway.store.outbox import RANKS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gateway.store.connection import StateConnection

_PUT: Final = (
    "INSERT INTO notice (id, alarm, state, rank, owed, body) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body"
)
_FORGET: Final = (
    "DELETE FROM notice WHERE owed < ? AND alarm NOT IN (SELECT value FROM json_each(?))"
    " AND alarm NOT IN (SELECT id FROM episode WHERE person IN (SELECT value FROM json_each(?)))"
)
_OPEN: Final = "SELECT body, tries FROM notice INDEXED BY notice_state WHERE state = ? ORDER BY rank, seq"


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, records: Sequence[NoticeRecord]) -> None:
        """Store how notices stand; called inside a commit. How often one was tried stays."""
        self.db.executemany(_PUT, map(_row, records))

    def waiting(self, state: str) -> list[tuple[NoticeRecord, int]]:
        """Those that stand so, ``owed`` or ``sent``, with their tries; of the gravest alarms first."""
        return [(_record(body), tries) for body, tries in self.db.rows(_OPEN, (state,))]

    def of_alarm(self, alarm: str) -> list[NoticeRecord]:
        """All of an alarm, oldest first."""
        rows = self.db.rows("SELECT body FROM notice WHERE alarm = ? ORDER BY seq", (alarm,))
        return [_record(body) for (body,) in rows]

    def attempt(self, identity: str) -> None:
        """One is about to be given to the network."""
        with self.db.transaction():
            self.db.execute("UPDATE notice SET tries = tries + 1 WHERE id = ?", (identity,))

    def figures(self) -> dict[str, int]:
        """How many stand how."""
        return dict(self.db.rows("SELECT state, count(*) FROM notice GROUP BY state ORDER BY state"))

    def forget(self, horizon: float, people: Collection[str] = (), alarms: Collection[str] = ()) -> int:
        """Drop those that were owed before ``horizon``, but for those of these people and alarms; returns how many."""
        held = json.dumps(sorted(alarms)), json.dumps(sorted(people))
        with self.db.transaction():
            return self.db.execute(_FORGET, (horizon, *held)).rowcount


def _row(record: NoticeRecord) -> tuple[str, str, str, int, float, str]:
    notice = record.notice
    body = msgspec.json.encode(record).decode()
    return (notice.id, notice.alarm, record.state.value, RANKS[notice.about.severity], notice.owed, body)


def _record(body: str) -> NoticeRecord:
    return from_json(body, NoticeRecord)

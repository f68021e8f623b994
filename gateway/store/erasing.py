"""What state.db knows of a person's places leaves it by order: alarms, messages and notices stay without them."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from gateway.decoded import from_json
from gateway.engine import PLACES_ERASED, CommandRecord, Episode, NoticeRecord, placeless, without_place
from gateway.errors import TransientFault
from gateway.sqlite_faults import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.store.connection import StateConnection

_MESSAGES: Final = (
    "SELECT event.seq, event.body FROM event JOIN episode ON event.alarm = episode.id WHERE episode.person = ?"
)
_NOTICES: Final = "SELECT id, body FROM notice WHERE json_extract(body, '$.notice.about.person') = ?"
_ORDERS: Final = "SELECT id, body FROM command WHERE device = ? AND issued >= ? AND issued < ?"
_OWED: Final = (
    "SELECT upstream, count(*) FROM outbox JOIN episode ON outbox.alarm = episode.id WHERE episode.person = ?"
    " AND delivered IS NULL AND set_aside IS NULL AND upstream IN (SELECT value FROM json_each(?))"
    " GROUP BY upstream ORDER BY upstream"
)

Spans: TypeAlias = "Mapping[str, Sequence[tuple[float, float]]]"
"""By device, from when until when it was worn, UTC epoch seconds."""


def owed_of(db: StateConnection, person: str, upstreams: Sequence[str]) -> dict[str, int]:
    """How many messages of a person's alarms each of these upstreams still has to get."""
    return dict(db.rows(_OWED, (person, json.dumps(list(upstreams)))))


def stored_of(db: StateConnection, person: str) -> dict[str, int]:
    """How many alarms, messages and intervals of presence there are of a person."""
    count = "SELECT count(*) FROM "
    return {
        "alarms": db.rows(f"{count} episode WHERE person = ?", (person,))[0][0],
        "messages": len(db.rows(_MESSAGES, (person,))),
        "presence": db.rows(f"{count} presence WHERE person = ?", (person,))[0][0],
    }


def erase(
    db: StateConnection, person: str, spans: Spans, time: float, said_without: Callable[[bytes, float], bytes]
) -> dict[str, int]:  # fmt: skip
    """Take a person's places out; afterwards no byte of them is in the file or beside it. Doing it again is no error.

    Args:
        db: of state.db; the thread that owns it calls.
        person: whose.
        spans: what the person wore when: answers to orders of then go.
        time: of the order, UTC epoch seconds; stands in each alarm.
        said_without: a message without its place, as ``gateway.upstream.cloudevents`` makes it.

    Returns:
        How many alarms and messages have no place any more.

    Raises:
        TransientFault: it cannot be written now; or somebody reads it, so that the bytes are still beside it.
        OurFault: it is damaged.
    """
    with db.transaction():
        db.execute("PRAGMA secure_delete=ON")
        db.execute("DELETE FROM presence WHERE person = ?", (person,))
        for seq, body in db.execute(_MESSAGES, (person,)).fetchall():
            db.execute("UPDATE event SET body = ? WHERE seq = ?", (said_without(bytes(body), time), seq))
        _alarms(db, person, time)
        _notices(db, person)
        _orders(db, spans)
    _made_anew(db)
    return {name: count for name, count in stored_of(db, person).items() if name != "presence"}


def _alarms(db: StateConnection, person: str, time: float) -> None:
    for identity, body in db.execute("SELECT id, body FROM episode WHERE person = ?", (person,)).fetchall():
        episode = from_json(body, Episode)
        if PLACES_ERASED not in episode.facts or episode.latitude is not None:
            said = msgspec.json.encode(without_place(episode, time)).decode()
            db.execute("UPDATE episode SET body = ? WHERE id = ?", (said, identity))


def _notices(db: StateConnection, person: str) -> None:
    for identity, body in db.execute(_NOTICES, (person,)).fetchall():
        record = from_json(body, NoticeRecord)
        about = msgspec.structs.replace(record.notice.about, facts=placeless(record.notice.about.facts))
        record = msgspec.structs.replace(record, notice=msgspec.structs.replace(record.notice, about=about))
        db.execute("UPDATE notice SET body = ? WHERE id = ?", (msgspec.json.encode(record).decode(), identity))


def _orders(db: StateConnection, spans: Spans) -> None:
    """What a device answered may be a place: that it did, and how it ended, stays."""
    for device, worn in spans.items():
        for begin, until in worn:
            for identity, body in db.execute(_ORDERS, (device, begin, until)).fetchall():
                record = msgspec.structs.replace(from_json(body, CommandRecord), text="")
                said = msgspec.json.encode(record).decode()
                db.execute("UPDATE command SET body = ? WHERE id = ?", (said, identity))


def _made_anew(db: StateConnection) -> None:
    """No page keeps what stood in it before."""
    try:
        db.execute("VACUUM")
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as fault:
        raise judged("store", "state.db", fault) from fault
    if busy:
        raise TransientFault("state.db: erased, but the bytes stay beside the file while somebody reads it; again")

"""city.db: the counties' alarms as they were last told, and when each county was last heard; owned by one thread."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from gateway.city import schema
from gateway.city.acts import CityAct
from gateway.city.told import Alarm, Sign
from gateway.decoded import plain_json
from gateway.store.connection import StateConnection, owned
from gateway.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE: Final = "city.db"
PATIENCE: Final = 5.0
_COLUMNS: Final = tuple(field.name for field in msgspec.structs.fields(Alarm))
_ALL: Final = ", ".join(_COLUMNS)
_PUT: Final = (
    f"INSERT INTO alarm ({_ALL}) VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (county, id) DO UPDATE SET "  # noqa: S608  fixed words
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
    + " WHERE excluded.revision > alarm.revision"
)
_HEARD: Final = (
    "INSERT INTO county VALUES (?1, ?2, ?2, ?3, ?4) ON CONFLICT (code) DO UPDATE SET heard = max(heard, ?2), sign = ?3,"
    " healthy = ?4"
)
_ACT: Final = tuple(field.name for field in msgspec.structs.fields(CityAct))
_LOST: Final = "UPDATE county SET sign = ?2 WHERE code = ?1"


class CityConnection(StateConnection):
    """A connection to city.db."""

    NAME: ClassVar = FILE


class Heard(msgspec.Struct, frozen=True):
    """When a county's last sign of life was given, which it was, whether all worked there, and when the first was.

    Times are UTC epoch seconds.
    """

    heard: float
    sign: str
    healthy: bool
    since: float


class Counts(msgspec.Struct, frozen=True):
    """Of a county's alarms: unresolved ones by severity, those of them that nobody has, and the oldest's onset.

    ``closed_today``: since the day began; ``closed``, ``false``: since the month began, and those of them that were.
    """

    unresolved: dict[str, int]
    untaken: int
    oldest: float | None
    closed_today: int
    closed: int
    false: int


class CityStore:
    """city.db in a directory, made where there is none; for its owner alone.

    Every method raises TransientFault where it cannot be used now, OurFault where it is damaged.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE
        self._writer = Writer("city")
        self._db: CityConnection | None = None

    async def keep(self, told: Iterable[Alarm | Sign]) -> int:
        """Keep what was told, all of it or nothing; returns how many alarms are otherwise than before.

        What has come already, and what is older than what has, changes nothing.
        """
        return await self._writer.run(self._keep, list(told))

    async def heard(self) -> Mapping[str, Heard]:
        """The counties that have ever been heard, by code."""
        rows = await self._rows("SELECT code, heard, sign, healthy, since FROM county")
        return {code: Heard(heard, sign, bool(healthy), since) for code, heard, sign, healthy, since in rows}

    async def counts(self, today: float, month: float) -> Mapping[str, Counts]:
        """By county, of those that have any to count. ``today``, ``month``: when they began, UTC epoch seconds."""
        return await self._writer.run(self._counts, today, month)

    async def unresolved(self, county: str) -> list[Alarm]:
        """A county's alarms that somebody has to look at, the oldest first."""
        return await self._alarms("county = ? AND resolved = 0 ORDER BY onset, id", county)

    async def alarm(self, county: str, alarm: str) -> Alarm | None:
        """One of a county's alarms; None: it is not known."""
        return next(iter(await self._alarms("county = ? AND id = ?", county, alarm)), None)

    async def closed(self, county: str, since: float, most: int) -> list[Alarm]:
        """A county's alarms that were closed since a time, the latest first."""
        return await self._alarms("county = ? AND closed >= ? ORDER BY closed DESC, id LIMIT ?", county, since, most)

    async def by_office(self) -> Mapping[str, int]:
        """Unresolved alarms by office, whichever county told them."""
        rows = await self._rows(
            "SELECT office, count(*) FROM alarm WHERE resolved = 0 AND office <> '' GROUP BY office"
        )
        return dict(rows)

    async def forget(self, before: float) -> int:
        """Drop alarms that have been over since before a time; returns how many."""
        return await self._writer.run(self._forget, before)

    async def add(self, act: CityAct) -> None:
        """Keep an act that is to go out; one that is there already stays."""
        await self._rows(
            "INSERT INTO act (id, county, alarm, who, doing, note, at) VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            act.id,
            act.county,
            act.alarm,
            act.who,
            act.doing,
            act.note,
            act.at,
        )

    async def unsent(self, county: str) -> list[CityAct]:
        """A county's acts that no stream has yet, the oldest first."""
        return await self._acts("sent IS NULL", county)

    async def acts(self, county: str) -> list[CityAct]:
        """All of a county's acts that are kept, the oldest first."""
        return await self._acts("TRUE", county)

    async def was_sent(self, act: str, now: float) -> None:
        """The stream has an act since now."""
        await self._rows("UPDATE act SET sent = ? WHERE id = ?", now, act)

    def close(self) -> None:
        """Finish what was handed over, and close the file."""
        self._writer.close()
        if self._db is not None:
            with closing(self._db):
                self._db = None

    def _keep(self, told: list[Alarm | Sign]) -> int:
        db, changed = self._opened(), 0
        with db.transaction():
            for one in told:
                if isinstance(one, Alarm):
                    changed += db.execute(_PUT, _row(one)).rowcount
                elif one.at is None:
                    db.execute(_LOST, (one.county, one.sign))
                else:
                    db.execute(_HEARD, (one.county, one.at, one.sign, one.healthy))
        return changed

    def _forget(self, before: float) -> int:
        db = self._opened()
        with db.transaction():
            gone = db.execute("DELETE FROM alarm WHERE over < ?", (before,)).rowcount
            db.execute(
                "DELETE FROM act WHERE at < ? AND NOT EXISTS (SELECT 1 FROM alarm WHERE alarm.county = act.county"
                " AND alarm.id = act.alarm)", (before,)
            )  # fmt: skip
            return gone

    def _counts(self, today: float, month: float) -> dict[str, Counts]:
        db = self._opened()
        opened = db.rows(
            "SELECT county, severity, count(*), sum(owner = '' AND acknowledged IS NULL), min(onset) FROM alarm"
            " WHERE resolved = 0 GROUP BY county, severity"
        )
        closed = {
            county: figures
            for county, *figures in db.rows(
                "SELECT county, sum(closed >= ?), count(*), sum(outcome = 'false') FROM alarm"
                " WHERE closed >= ? AND NOT retracted GROUP BY county", (today, month)
            )
        }  # fmt: skip
        return {
            county: _counted([row[1:] for row in opened if row[0] == county], closed.get(county, (0, 0, 0)))
            for county in {row[0] for row in opened} | set(closed)
        }

    async def _alarms(self, which: str, *values: str | float) -> list[Alarm]:
        return [_alarm(row) for row in await self._rows(f"SELECT {_ALL} FROM alarm WHERE {which}", *values)]  # noqa: S608  fixed words

    async def _acts(self, which: str, county: str) -> list[CityAct]:
        statement = f"SELECT {', '.join(_ACT)} FROM act WHERE county = ? AND {which} ORDER BY at, id"  # noqa: S608  fixed words
        return [CityAct(*row) for row in await self._rows(statement, county)]

    async def _rows(self, statement: str, *values: str | float) -> list[tuple[Any, ...]]:
        return await self._writer.run(lambda: self._opened().rows(statement, values))

    def _opened(self) -> CityConnection:
        if self._db is None:
            self._db = owned(self.path, CityConnection, schema, PATIENCE)
        return self._db


def _row(one: Alarm) -> tuple[Any, ...]:
    return (*msgspec.structs.astuple(one)[:-1], msgspec.json.encode(one.acts).decode())


def _alarm(row: tuple[Any, ...]) -> Alarm:
    said = dict(zip(_COLUMNS, row, strict=True))
    flags = {name: bool(said[name]) for name in ("retracted", "resolved")}
    return Alarm(**said | flags | {"acts": plain_json(said["acts"])})


def _counted(opened: list[tuple[Any, ...]], closed: Iterable[int]) -> Counts:
    oldest = [onset for *_, onset in opened]
    return Counts(
        {severity: count for severity, count, *_ in opened}, sum(untaken for _, _, untaken, _ in opened),
        min(oldest, default=None), *closed,
    )  # fmt: skip
